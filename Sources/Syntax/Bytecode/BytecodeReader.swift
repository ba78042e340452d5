import MartletIR
import MartletSupport

/// Reads MLIR's bytecode into a context.
///
/// The bytes are not trusted: each length, index and offset is checked against what is there, memory is allotted for no
/// more than the file can hold, and nesting is limited as it is in text. What is wrong is reported
/// with the file's name and the offset of the byte.
public struct BytecodeReader: ~Copyable {
  let context: Context
  let source: SourceFile
  let base: UnsafePointer<UInt8>
  let size: Int

  var version = 0
  private var producer: String?
  var isOurs: Bool { producer == BytecodeOptions().producer }
  /// Distinct attributes met in texts so far, by the numbers written.
  var distinctIDs: [UInt64: (id: UInt64, inner: Attribute)] = [:]

  private var strings: [(start: Int, length: Int)] = []
  private var internedStrings: [UInt32] = []
  var dialects: [String] = []
  var builtinDialect = -1
  var names: [BytecodeReader.Name] = []
  var attributes = EntryTable()
  var types = EntryTable()
  var resources: [Identifier] = []
  /// Where each piece of properties lies.
  var properties: [ByteCursor] = []

  /// How deep the attribute or type under way is nested, and what it and its parts would take as text, in
  /// arbitrary units: shared parts count each time, since they are written each time.
  var depth = 0
  var weight = 0
  let maximumWeight: Int
  static let maximumDepth = Parser.maximumDepth

  var values = BytecodeValues()
  var useListOrders: [UseListOrder] = []

  init(_ source: SourceFile, context: Context, base: UnsafePointer<UInt8>) {
    self.source = source
    self.context = context
    self.base = base
    size = source.bytes.count
    let (scaled, overflow) = source.bytes.count.multipliedReportingOverflow(by: 16)
    maximumWeight = overflow ? .max : scaled + 1 << 20
    values = BytecodeValues()
  }

  /// Reads a whole file. A single module at the top is the result; anything else is put into a new one.
  /// - Throws: where the bytes are not valid bytecode or hold what the context does not accept; reported to the
  ///   context.
  public static func read(_ source: SourceFile, context: Context) throws(Reported) -> Operation {
    Printer.install(in: context)
    guard Bytecode.isBytecode(source.bytes), let base = source.bytes.baseAddress else {
      context.diagnostics.report(
        Diagnostic(.error, "is not MLIR bytecode", subject: source.name))
      throw Reported()
    }
    var reader = BytecodeReader(source, context: context, base: base)
    return try reader.readFile()
  }

  func error(_ message: String, at position: Int) -> Reported {
    var notes: [Diagnostic] = []
    if let producer {
      notes.append(
        Diagnostic(
          .note, "in bytecode version \(version) produced by: \(producer)", subject: source.name))
    }
    context.diagnostics.report(
      Diagnostic(.error, "\(message) (at byte \(position))", subject: source.name, notes: notes))
    return Reported()
  }

  // MARK: Sections

  private mutating func readFile() throws(Reported) -> Operation {
    var cursor = ByteCursor(position: Bytecode.magic.count, end: size)
    let number = try variable(&cursor)
    guard number <= UInt64(Bytecode.newestVersion) else {
      throw error(
        "bytecode version \(number) is newer than the newest known, \(Bytecode.newestVersion)",
        at: Bytecode.magic.count)
    }
    version = Int(number)
    producer = String(decoding: try terminatedText(&cursor), as: UTF8.self)

    var sections = [ByteCursor?](repeating: nil, count: Bytecode.Section.allCases.count)
    while !cursor.isAtEnd {
      let start = cursor.position
      let (kind, body) = try section(&cursor)
      if sections[Int(kind.rawValue)] != nil {
        throw error("there is a second \(kind.name) section", at: start)
      }
      sections[Int(kind.rawValue)] = body
    }
    func part(_ kind: Bytecode.Section) -> ByteCursor? { sections[Int(kind.rawValue)] }
    guard let strings = part(.strings) else { throw missing(.strings) }
    guard let dialects = part(.dialects) else { throw missing(.dialects) }
    guard let entries = part(.attributesAndTypes) else { throw missing(.attributesAndTypes) }
    guard let offsets = part(.attributeAndTypeOffsets) else {
      throw missing(.attributeAndTypeOffsets)
    }
    guard let operations = part(.operations) else { throw missing(.operations) }
    try readStrings(strings)
    if let body = part(.properties) {
      try readProperties(body)
    } else if version >= Bytecode.Since.properties {
      throw missing(.properties)
    }
    try readDialects(dialects)
    try readResources(part(.resources), offsets: part(.resourceOffsets))
    try readEntries(entries, offsets: offsets)
    return try readOperations(operations)
  }

  private func missing(_ section: Bytecode.Section) -> Reported {
    error("there is no \(section.name) section", at: size)
  }

  // MARK: Strings

  private mutating func readStrings(_ section: ByteCursor) throws(Reported) {
    var cursor = section
    let number = try count(&cursor, "strings")
    strings = Array(repeating: (0, 0), count: number)
    internedStrings = Array(repeating: .max, count: number)
    // Lengths stand in reverse, so that the strings are found from the section's end.
    var end = section.end
    for i in strings.indices.reversed() {
      let start = cursor.position
      let length = try variable(&cursor)
      guard length > 0, cursor.position <= end, length <= UInt64(end - cursor.position) else {
        throw error("a string of \(length) bytes does not fit into its section", at: start)
      }
      end -= Int(length)
      strings[i] = (end, Int(length) - 1)
    }
    if cursor.position != end {
      throw error(
        "there are bytes between the strings' lengths and the strings", at: cursor.position)
    }
  }

  /// The string of an index, interned.
  mutating func string(_ index: UInt64, at position: Int) throws(Reported) -> Identifier {
    guard index < UInt64(strings.count) else {
      throw error("there is no string \(index), only \(strings.count)", at: position)
    }
    let i = Int(index)
    if internedStrings[i] != .max { return context.identifier(number: internedStrings[i]) }
    let (start, length) = strings[i]
    let id = context.intern(UnsafeBufferPointer(start: base + start, count: length))
    internedStrings[i] = id.raw
    return id
  }

  mutating func string(_ cursor: inout ByteCursor) throws(Reported) -> Identifier {
    let position = cursor.position
    return try string(try variable(&cursor), at: position)
  }

  // MARK: Properties

  private mutating func readProperties(_ section: ByteCursor) throws(Reported) {
    var cursor = section
    let number = try count(&cursor, "properties")
    properties.reserveCapacity(number)
    for _ in 0..<number {
      let length = try count(&cursor, "bytes of properties")
      properties.append(ByteCursor(position: cursor.position, end: cursor.position + length))
      cursor.position += length
    }
    if !cursor.isAtEnd { throw error("there are bytes behind the properties", at: cursor.position) }
  }

  // MARK: Dialects and operation names

  private mutating func readDialects(_ section: ByteCursor) throws(Reported) {
    var cursor = section
    let number = try count(&cursor, "dialects")
    dialects.reserveCapacity(number)
    for _ in 0..<number {
      let position = cursor.position
      guard version >= Bytecode.Since.dialectVersions else {
        dialects.append(try string(&cursor).string)
        continue
      }
      let (name, hasVersion) = try flagged(&cursor)
      dialects.append(try string(name, at: position).string)
      if hasVersion {
        let start = cursor.position
        guard try self.section(&cursor).kind == .dialectVersions else {
          throw error("expected the section of a dialect's version", at: start)
        }
      }
    }
    builtinDialect = dialects.firstIndex(of: "builtin") ?? -1
    if version >= Bytecode.Since.optionalArgumentLocations {
      names.reserveCapacity(try count(&cursor, "operation names"))
    }
    while !cursor.isAtEnd {
      let (dialect, length) = try group(&cursor)
      for _ in 0..<length {
        let position = cursor.position
        var suffix = try variable(&cursor)
        var wasRegistered: Bool?
        if version >= Bytecode.Since.properties {
          wasRegistered = suffix & 1 == 1
          suffix >>= 1
        }
        names.append(
          Name(
            dialect: dialect, suffix: try string(suffix, at: position),
            wasRegistered: wasRegistered))
      }
    }
  }

  /// The dialect of a run of things, and how many they are.
  mutating func group(_ cursor: inout ByteCursor) throws(Reported) -> (dialect: Int, length: Int) {
    let position = cursor.position
    let dialect = try variable(&cursor)
    guard dialect < UInt64(dialects.count) else {
      throw error("there is no dialect \(dialect), only \(dialects.count)", at: position)
    }
    return (Int(dialect), try count(&cursor, "entries"))
  }

  // MARK: Resources

  private mutating func readResources(_ section: ByteCursor?, offsets: ByteCursor?)
    throws(Reported)
  {
    guard let section, var cursor = offsets else {
      if let one = section ?? offsets {
        throw error("one of the two resource sections is missing", at: one.position)
      }
      return
    }
    var data = section
    let external = try count(&cursor, "groups of resources")
    for _ in 0..<external {
      // What other tools keep there, like a pipeline that failed, has no use here.
      _ = try string(&cursor)
      try readResourceGroup(&cursor, &data, isBuiltin: false)
    }
    while !cursor.isAtEnd {
      let position = cursor.position
      let dialect = try variable(&cursor)
      guard dialect < UInt64(dialects.count) else {
        throw error("there is no dialect \(dialect), only \(dialects.count)", at: position)
      }
      guard Int(dialect) == builtinDialect else {
        throw error("dialect '\(dialects[Int(dialect)])' has no resources", at: position)
      }
      try readResourceGroup(&cursor, &data, isBuiltin: true)
    }
  }

  private mutating func readResourceGroup(
    _ cursor: inout ByteCursor, _ data: inout ByteCursor, isBuiltin: Bool
  ) throws(Reported) {
    for _ in 0..<(try count(&cursor, "resources", size: 3)) {
      let start = cursor.position
      let key = try string(&cursor)
      let length = try variable(&cursor)
      let tag = try byte(&cursor)
      guard length <= UInt64(data.remaining) else {
        throw error("resource '\(key)' has \(length) bytes, more than there are", at: start)
      }
      var body = ByteCursor(position: data.position, end: data.position + Int(length))
      data.position = body.end
      guard isBuiltin else { continue }
      resources.append(key)
      // No bytes: the resource is named but its content is elsewhere.
      if body.isAtEnd { continue }
      guard tag == Bytecode.ResourceKind.blob.rawValue else {
        throw error("resource '\(key)' is not a blob", at: start)
      }
      try readBlob(&body, key)
    }
  }

  private mutating func readBlob(_ body: inout ByteCursor, _ key: Identifier) throws(Reported) {
    let alignment = try variable(&body)
    let length = try variable(&body)
    try align(&body, to: alignment)
    guard length == UInt64(body.remaining) else {
      throw error(
        "resource '\(key)' says it has \(length) bytes, but has \(body.remaining)",
        at: body.position)
    }
    context.addResource(
      key: key.string,
      bytes: UnsafeRawBufferPointer(start: base + body.position, count: body.remaining),
      alignment: Int(alignment), owner: source)
  }
}
