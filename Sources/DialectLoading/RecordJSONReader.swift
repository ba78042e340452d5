import MartletSupport

/// Reads what `llvm-tblgen --dump-json` prints and makes the compact form of it.
struct RecordJSONReader {
  private let bytes: UnsafeRawBufferPointer
  private let origin: String
  private var position = 0

  private struct Raw {
    var classes: [String] = []
    var fields: [(key: String, value: Value)] = []
  }

  private indirect enum Value {
    case unset
    case integer(Int)
    case text(String)
    case record(String)
    case list([Value])
    case dag([(value: Value, name: String)])
  }

  private init(_ bytes: UnsafeRawBufferPointer, _ origin: String) {
    self.bytes = bytes
    self.origin = origin
  }

  /// The compact form of the records in `bytes`.
  /// - Throws: where the text is no JSON, or no records of `llvm-tblgen`.
  static func compact(_ bytes: UnsafeRawBufferPointer, origin: String) throws(Diagnostic)
    -> [UInt8]
  {
    var reader = RecordJSONReader(bytes, origin)
    return try reader.read()
  }

  /// The fields that loaders read; all others are skipped.
  private static let kept: Set<String> = [
    "opName", "opDialect", "arguments", "results", "regions", "successors", "traits",
    "assemblyFormat", "hasCustomAssemblyFormat", "summary", "hasVerifier", "hasRegionVerifier",
    "cppNamespace", "name", "useDefaultTypePrinterParser", "useDefaultAttributePrinterParser",
    "usePropertiesForAttributes", "predicate", "builderCall", "baseType", "minSize", "cppType",
    "storageType", "returnType", "valueType", "constBuilderCall", "defaultValue", "isOptional",
    "baseAttr", "elementAttr", "interfaceType", "baseProperty", "mnemonic", "typeName",
    "attrName", "parameters", "dialect", "cppClassName", "genVerifyDecl", "parser", "printer",
    "enumerants", "className", "bitwidth", "underlyingType", "separator", "genSpecializedAttr",
    "specializedAttrClassName", "str", "symbol", "value", "enum", "trait", "cppInterfaceName",
    "effects", "effect", "dependentTraits", "lhs", "rhs", "transformer", "values", "predExpr",
    "kind", "children", "pattern", "replacement", "prefix", "suffix", "blocks", "constraint",
    "genMnemonicAlias", "isExtensible", "cppInterfaceTraitName", "element", "wrappedProperty",
    "decorators",
    "alwaysOverriddenMethods",
  ]

  /// Fields of an enumeration's case that are read; the constraint it also is does not matter.
  private static let keptOfCases: Set<String> = ["str", "symbol", "value"]

  private func fail(_ message: String) -> Diagnostic {
    Diagnostic(.error, "\(message), at byte \(position)", subject: origin)
  }

  private mutating func read() throws(Diagnostic) -> [UInt8] {
    var names: [String] = []
    var raws: [String: Raw] = [:]
    var isDump = false
    try expect("{")
    if !accept("}") {
      repeat {
        let name = try string()
        try expect(":")
        if name.utf8.first == UInt8(ascii: "!") {
          isDump = true
          try skipValue()
          continue
        }
        guard peek() == UInt8(ascii: "{") else {
          try skipValue()
          continue
        }
        if raws[name] == nil { names.append(name) }
        raws[name] = try record()
      } while accept(",")
      try expect("}")
    }
    guard isDump else {
      throw Diagnostic(
        .error, "no records of llvm-tblgen: expected what 'llvm-tblgen --dump-json' prints",
        subject: origin)
    }
    return encode(names, raws)
  }

  private mutating func record() throws(Diagnostic) -> Raw {
    var raw = Raw()
    var isCase = false
    try expect("{")
    if accept("}") { return raw }
    repeat {
      let key = try string()
      try expect(":")
      if key == "!superclasses" {
        if case .list(let values) = try value(depth: 0) {
          raw.classes = values.compactMap {
            if case .text(let text) = $0 { return text }
            return nil
          }
        }
        isCase = raw.classes.contains("EnumCase")
      } else if key == "extraClassDeclaration", peek() == UInt8(ascii: "\"") {
        if let dialect = Self.defaultDialect(in: try string()) {
          raw.fields.append(("defaultDialect", .text(dialect)))
        }
      } else if Self.kept.contains(key), !isCase || Self.keptOfCases.contains(key) {
        let value = try value(depth: 0)
        if case .unset = value { continue }
        raw.fields.append((key, value))
      } else {
        try skipValue()
      }
    } while accept(",")
    try expect("}")
    return raw
  }

  /// The dialect that `getDefaultDialect()` of a class declaration gives; nil where there is none. An empty
  /// text stands for the operation's own dialect.
  private static func defaultDialect(in declaration: String) -> String? {
    guard let method = declaration.firstRange(of: "getDefaultDialect()") else { return nil }
    let body = declaration[method.upperBound...].prefix { $0 != "}" }
    let parts = body.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.count >= 3 ? String(parts[1]) : ""
  }

  // MARK: JSON

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] <= 32 { position += 1 }
  }

  private mutating func peek() -> UInt8 {
    skipBlanks()
    return position < bytes.count ? bytes[position] : 0
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(truncatingIfNeeded: character.value), position < bytes.count else {
      return false
    }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Diagnostic) {
    if !accept(character) { throw fail("expected '\(character)'") }
  }

  private mutating func string() throws(Diagnostic) -> String {
    try expect("\"")
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "\\")
    { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      position += 1
      return String(
        decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<(position - 1)]), as: UTF8.self)
    }
    return try escapedString(from: start)
  }

  private mutating func escapedString(from start: Int) throws(Diagnostic) -> String {
    var units = Array(bytes[start..<position])
    var high: UInt32?
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\\"), position < bytes.count else {
        units.append(byte)
        continue
      }
      let escape = bytes[position]
      position += 1
      switch escape {
      case UInt8(ascii: "n"): units.append(10)
      case UInt8(ascii: "t"): units.append(9)
      case UInt8(ascii: "r"): units.append(13)
      case UInt8(ascii: "b"): units.append(8)
      case UInt8(ascii: "f"): units.append(12)
      case UInt8(ascii: "u"):
        var code = try hexadecimal()
        if let lead = high, (0xdc00..<0xe000).contains(code) {
          code = 0x10000 + (lead - 0xd800) << 10 + (code - 0xdc00)
        }
        high = (0xd800..<0xdc00).contains(code) ? code : nil
        if let scalar = Unicode.Scalar(code) { units += Array(String(scalar).utf8) }
      default: units.append(escape)
      }
    }
    try expect("\"")
    return String(decoding: units, as: UTF8.self)
  }

  private mutating func hexadecimal() throws(Diagnostic) -> UInt32 {
    guard bytes.count - position >= 4,
      let code = UInt32(
        String(
          decoding: UnsafeRawBufferPointer(rebasing: bytes[position..<(position + 4)]),
          as: UTF8.self), radix: 16)
    else { throw fail("invalid escape") }
    position += 4
    return code
  }

  private mutating func skipString() throws(Diagnostic) {
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.count else { throw fail("unterminated string") }
    position += 1
  }

  private mutating func skipValue() throws(Diagnostic) {
    var depth = 0
    repeat {
      switch peek() {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
        if depth < 0 { throw fail("unexpected end of a list") }
      case UInt8(ascii: "\""): try skipString()
      case 0: throw fail("unexpected end")
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if depth == 0 { throw fail("expected a value") }
        position += 1
      default:
        while position < bytes.count, !" \n\t\r,:]}".utf8.contains(bytes[position]) {
          position += 1
        }
      }
    } while depth > 0
  }

  /// Lists and dags may nest this deep.
  private static let maximumDepth = 64

  private mutating func value(depth: Int) throws(Diagnostic) -> Value {
    guard depth < Self.maximumDepth else { throw fail("nesting is too deep") }
    switch peek() {
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "["):
      position += 1
      var values: [Value] = []
      if accept("]") { return .list(values) }
      repeat { values.append(try value(depth: depth + 1)) } while accept(",")
      try expect("]")
      return .list(values)
    case UInt8(ascii: "{"): return try object(depth: depth)
    case 0: throw fail("unexpected end")
    default:
      let start = position
      while position < bytes.count, !" \n\t\r,:]}".utf8.contains(bytes[position]) { position += 1 }
      let word = String(
        decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
      switch word {
      case "null": return .unset
      case "true": return .integer(1)
      case "false": return .integer(0)
      default:
        guard let number = Int(word) else { throw fail("unexpected '\(word.prefix(20))'") }
        return .integer(number)
      }
    }
  }

  /// A reference to a record, a dag, or another kind of value.
  private mutating func object(depth: Int) throws(Diagnostic) -> Value {
    position += 1
    var kind = ""
    var name = ""
    var arguments: [(value: Value, name: String)] = []
    if accept("}") { return .unset }
    repeat {
      let key = try string()
      try expect(":")
      switch key {
      case "kind": kind = try string()
      case "def": name = try string()
      case "args":
        try expect("[")
        if accept("]") { break }
        repeat {
          try expect("[")
          let argument = try value(depth: depth + 1)
          try expect(",")
          var label = ""
          if case .text(let text) = try value(depth: depth + 1) { label = text }
          arguments.append((argument, label))
          try expect("]")
        } while accept(",")
        try expect("]")
      default: try skipValue()
      }
    } while accept(",")
    try expect("}")
    switch kind {
    case "def": return .record(name)
    case "dag": return .dag(arguments)
    default: return .unset
    }
  }

  // MARK: The compact form

  /// Keeps what dialects reach, numbers it and writes it.
  private func encode(_ names: [String], _ raws: [String: Raw]) -> [UInt8] {
    let rootClasses = Set(RecordStore.rootClasses)
    var numbers: [String: Int] = [:]
    var order: [String] = []
    func reach(_ name: String) -> Int? {
      if let known = numbers[name] { return known }
      guard raws[name] != nil else { return nil }
      numbers[name] = order.count
      order.append(name)
      return order.count - 1
    }
    func visit(_ value: Value) {
      switch value {
      case .record(let name): _ = reach(name)
      case .list(let values): for value in values { visit(value) }
      case .dag(let arguments): for argument in arguments { visit(argument.value) }
      default: break
      }
    }
    for name in names where raws[name]?.classes.contains(where: rootClasses.contains) ?? false {
      _ = reach(name)
    }
    var next = 0
    while next < order.count {
      for field in raws[order[next]]?.fields ?? [] { visit(field.value) }
      next += 1
    }

    var textNumbers: [String: Int] = [:]
    var texts: [String] = []
    func number(_ text: String) -> Int {
      if let known = textNumbers[text] { return known }
      textNumbers[text] = texts.count
      texts.append(text)
      return texts.count - 1
    }
    var body = CompactWriter()
    func write(_ value: Value) {
      switch value {
      case .unset: body.bytes.append(ValueTag.unset.rawValue)
      case .integer(let integer):
        body.bytes.append(ValueTag.integer.rawValue)
        body.signed(integer)
      case .text(let text):
        body.bytes.append(ValueTag.text.rawValue)
        body.number(number(text))
      case .record(let name):
        guard let record = numbers[name] else {
          body.bytes.append(ValueTag.unset.rawValue)
          return
        }
        body.bytes.append(ValueTag.record.rawValue)
        body.number(record)
      case .list(let values):
        body.bytes.append(ValueTag.list.rawValue)
        body.number(values.count)
        for value in values { write(value) }
      case .dag(let arguments):
        body.bytes.append(ValueTag.dag.rawValue)
        body.number(arguments.count)
        for argument in arguments {
          write(argument.value)
          body.number(number(argument.name))
        }
      }
    }
    var places: [Int] = []
    for name in order {
      let raw = raws[name] ?? Raw()
      places.append(body.bytes.count)
      body.number(number(name))
      body.number(raw.classes.count)
      for item in raw.classes { body.number(number(item)) }
      body.number(raw.fields.count)
      for field in raw.fields {
        body.number(number(field.key))
        write(field.value)
      }
    }
    return assemble(texts, places, body.bytes, order.map { raws[$0]?.classes ?? [] })
  }

  private func assemble(
    _ texts: [String], _ places: [Int], _ body: [UInt8], _ classes: [[String]]
  ) -> [UInt8] {
    func header(_ base: Int) -> [UInt8] {
      var writer = CompactWriter()
      writer.number(texts.count)
      for text in texts {
        writer.number(text.utf8.count)
        writer.bytes += Array(text.utf8)
      }
      writer.number(places.count)
      // Places are written with a fixed length, so that the header's size does not depend on them.
      for place in places {
        let place = place + base
        for shift in stride(from: 0, to: 28, by: 7) {
          writer.bytes.append(UInt8(place >> shift & 0x7f) | (shift < 21 ? 0x80 : 0))
        }
      }
      for root in RecordStore.rootClasses {
        let members = classes.indices.filter { classes[$0].contains(root) }
        writer.number(members.count)
        for member in members { writer.number(member) }
      }
      return writer.bytes
    }
    return header(header(0).count) + body
  }
}
