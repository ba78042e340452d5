import MartletIR
import MartletSupport

extension Parser {
  // MARK: Entry points

  /// An attribute; `type` is the one it is known to have, so that the text may leave it out.
  public func parseAttribute(type: Type? = nil) throws(Reported) -> Attribute {
    guard let attribute = try parseOptionalAttribute(type: type) else {
      throw error("expected attribute value")
    }
    return attribute
  }

  public func parseOptionalAttribute(type: Type? = nil) throws(Reported) -> Attribute? {
    switch token.kind {
    case .integer, .float: return try parseNumber(type, isNegative: false)
    case .minus:
      advance()
      guard token.kind == .integer || token.kind == .float else {
        throw error("expected constant integer or floating point value")
      }
      return try parseNumber(type, isNegative: true)
    case .string: return try parseStringAttribute(type)
    case .atIdentifier: return try parseSymbolReference()
    case .hashIdentifier: return try parseExtendedAttribute(type)
    case .leftSquare:
      return try nested { () throws(Reported) in
        context.array(try parseList(.square) { () throws(Reported) in try parseAttribute() })
      }
    case .leftBrace:
      return try nested { () throws(Reported) in
        context.dictionary(try parseAttributeDictionary().map { (name: $0.0, value: $0.1) })
      }
    case .bareIdentifier: return try parseKeywordAttribute(type)
    default: return try parseOptionalType().map { context.typeAttribute($0) }
    }
  }

  private func parseKeywordAttribute(_ type: Type?) throws(Reported) -> Attribute? {
    if tokenIs("true") || tokenIs("false") {
      let value = tokenIs("true")
      advance()
      if type == nil, parseOptional(.colon) {
        let written = try parseType()
        guard written.isInteger(1) else { throw error("expected 'i1' type for boolean attribute") }
      }
      return context.boolAttribute(value)
    }
    if tokenIs("unit") {
      advance()
      return context.unit
    }
    if tokenIs("dense") { return try parseDense(type) }
    if tokenIs("dense_resource") { return try parseDenseResource(type) }
    if tokenIs("array") { return try parseDenseArray() }
    if tokenIs("affine_map") {
      advance()
      try parse(.less)
      let map = try parseAffineMap()
      try parse(.greater)
      return context.affineMapAttribute(map)
    }
    if tokenIs("affine_set") {
      advance()
      try parse(.less)
      let set = try parseIntegerSet()
      try parse(.greater)
      return context.integerSetAttribute(set)
    }
    if tokenIs("strided") { return try parseStrided() }
    if tokenIs("loc") { return try parseOptionalLocation()?.attribute }
    if tokenIs("sparse") { return try parseSparse(type) }
    if tokenIs("distinct") { return try parseDistinct(type) }
    return try parseOptionalType().map { context.typeAttribute($0) }
  }

  // MARK: Numbers

  /// The current token is an integer or float; a minus sign before it has been read.
  private func parseNumber(_ expected: Type?, isNegative: Bool) throws(Reported) -> Attribute {
    let number = token
    advance()
    var type = expected
    if type == nil {
      if parseOptional(.colon) {
        type = try parseType()
      } else if type == nil {
        type = number.kind == .float ? context.f64 : context.i64
      }
    }
    guard let type else { throw error("expected type") }
    if number.kind == .integer, let value = smallInteger(number, type, isNegative: isNegative) {
      return context.integerAttribute(value, type)
    }
    return try numberAttribute(number, type, isNegative: isNegative)
  }

  /// The value of a decimal integer that certainly lies in the range of its type; nil for others.
  private func smallInteger(_ number: Token, _ type: Type, isNegative: Bool) -> Int64? {
    guard type.isSignlessIntOrIndex, let width = type.bitWidth, width > 1,
      number.end - number.start <= 18
    else { return nil }
    var value: Int64 = 0
    for i in number.start..<number.end {
      let digit = lexer.base[i] &- 48
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
    }
    if width < 64, value >> Int64(width - 1) != 0 { return nil }
    return isNegative ? -value : value
  }

  /// The attribute of `type` that a number token writes.
  func numberAttribute(_ number: Token, _ type: Type, isNegative: Bool) throws(Reported)
    -> Attribute
  {
    if type.isFloat {
      return context.floatAttribute(
        bits: try floatBits(number, type, isNegative: isNegative), type)
    }
    guard type.isIntOrIndex else {
      throw error("integer literal not valid for specified type", at: number.start)
    }
    if number.kind == .float {
      throw error("floating point value not valid for specified type", at: number.start)
    }
    return context.integerAttribute(
      words: try integerWords(number, type, isNegative: isNegative), type)
  }

  /// The bits of a float in `type`; a hexadecimal integer gives the bits themselves.
  func floatBits(_ number: Token, _ type: Type, isNegative: Bool) throws(Reported) -> [UInt64] {
    guard let kind = type.floatKind else { throw error("expected floating-point type") }
    if number.kind == .integer {
      let isHex = number.end - number.start > 2 && lexer.base[number.start + 1] == UInt8(ascii: "x")
      guard isHex else {
        throw error(
          "unexpected decimal integer literal for a floating point value", at: number.start,
          notes: [note("add a trailing dot to make the literal a float", at: number.start)])
      }
      if isNegative {
        throw error(
          "hexadecimal float literal should not have a leading minus", at: number.start)
      }
      guard let words = hexWords(number), fits(words, width: kind.width) else {
        throw error("hexadecimal float constant out of range for type", at: number.start)
      }
      return kind.width > 64 ? [words[0], words.count > 1 ? words[1] : 0] : [words[0]]
    }
    let text = text(number)
    if kind == .f32, let value = Float(text) {
      // Rounded once, to the type's own precision.
      return [UInt64((isNegative ? -value : value).bitPattern)]
    }
    guard let value = Double(text) else {
      throw error("floating point value too large", at: number.start)
    }
    return FloatFormat.encode(isNegative ? -value : value, kind)
  }

  private func hexWords(_ number: Token) -> [UInt64]? {
    var words: [UInt64] = [0]
    var shift = 0
    var i = number.end - 1
    while i >= number.start + 2 {
      let digit = UInt64(Parser.hexValue(lexer.base[i]))
      if shift / 64 >= words.count { words.append(0) }
      words[shift / 64] |= digit << UInt64(shift % 64)
      shift += 4
      i -= 1
    }
    return words
  }

  private func fits(_ words: [UInt64], width: Int) -> Bool {
    for (i, word) in words.enumerated() {
      let low = i * 64
      if low >= width { if word != 0 { return false } else { continue } }
      if width - low < 64, word >> UInt64(width - low) != 0 { return false }
    }
    return true
  }

  /// An integer of any width as words, sign-extended, least significant first.
  func integerWords(_ number: Token, _ type: Type, isNegative: Bool) throws(Reported) -> [UInt64] {
    let width = type.bitWidth ?? 64
    let tooLarge = { self.error("integer constant out of range for attribute", at: number.start) }
    if isNegative, type.signedness == .unsigned {
      throw error("negative integer literal not valid for unsigned integer type", at: number.start)
    }
    var words: [UInt64]
    let isHex = number.end - number.start > 2 && lexer.base[number.start + 1] == UInt8(ascii: "x")
    if isHex {
      words = hexWords(number) ?? [0]
    } else if let small = unsignedValue(number) {
      words = [small]
    } else {
      // Long division is quadratic, so digits that cannot fit are refused first.
      guard (number.end - number.start) * 3 <= width + 8 else { throw tooLarge() }
      words = [0]
      for i in number.start..<number.end {
        var carry = UInt64(lexer.base[i] - 48)
        for k in words.indices {
          let product = words[k].multipliedFullWidth(by: 10)
          let (low, overflow) = product.low.addingReportingOverflow(carry)
          words[k] = low
          carry = product.high + (overflow ? 1 : 0)
        }
        if carry != 0 { words.append(carry) }
      }
    }
    guard fits(words, width: max(width, 1)) || (width == 0 && words == [0]) else {
      throw tooLarge()
    }
    let count = max(1, (width + 63) / 64)
    while words.count < count { words.append(0) }
    words.removeLast(words.count - count)
    let isSigned = type.signedness == .signed
    if isNegative {
      var carry: UInt64 = 1
      var isZero = true
      for k in words.indices {
        if words[k] != 0 { isZero = false }
        let (sum, overflow) = (~words[k]).addingReportingOverflow(carry)
        words[k] = sum
        carry = overflow ? 1 : 0
      }
      // The magnitude must not pass that of the smallest negative number.
      let top = (width - 1) % 64
      if !isZero, width > 0, words[(width - 1) / 64] >> UInt64(top) & 1 == 0 { throw tooLarge() }
    } else if isSigned || type.isIndex || (!isHex && false) {
      let top = (width - 1) % 64
      if width > 0, words[(width - 1) / 64] >> UInt64(top) & 1 == 1 { throw tooLarge() }
    }
    // Sign-extend the top word.
    if width > 0, width % 64 != 0, type.signedness != .unsigned {
      let shift = Int64(64 - width % 64)
      let last = words.count - 1
      words[last] = UInt64(bitPattern: (Int64(bitPattern: words[last]) << shift) >> shift)
    }
    return words
  }

  // MARK: Strings, symbols, dictionaries

  private func parseStringAttribute(_ expected: Type?) throws(Reported) -> Attribute {
    let content = stringBytes(token.start + 1, token.end - 1)
    advance()
    // A place that says none takes no type behind the string.
    var type = expected?.kind == Optional(.none) ? nil : expected
    if expected == nil, parseOptional(.colon) { type = try parseType() }
    let text = content.withUnsafeBufferPointer { context.intern($0) }
    return context.string(text, type: type)
  }

  private func parseSymbolReference() throws(Reported) -> Attribute {
    let root = try parseSymbolName()
    var nested: [String] = []
    while isAt(.colon), lexer.position < lexer.count, lexer.base[token.end] == UInt8(ascii: ":") {
      advance()
      advance()
      guard token.kind == .atIdentifier else {
        throw error("expected nested symbol reference identifier")
      }
      nested.append(try parseSymbolName())
    }
    return context.symbolRef(root, nested)
  }

  /// `{a = 1, b}`.
  public func parseAttributeDictionary() throws(Reported) -> [(Identifier, Attribute)] {
    var seen: Set<Identifier> = []
    return try parseList(.brace) { () throws(Reported) in
      let name: Identifier
      switch token.kind {
      case .bareIdentifier: name = context.intern(bytes(token.start, token.end))
      case .string:
        let content = stringBytes(token.start + 1, token.end - 1)
        if content.isEmpty { throw error("expected valid attribute name") }
        name = content.withUnsafeBufferPointer { context.intern($0) }
      default: throw error("expected attribute name")
      }
      if !seen.insert(name).inserted {
        throw error("duplicate key '\(name)' in dictionary attribute")
      }
      advance()
      return (name, parseOptional(.equal) ? try parseAttribute() : context.unit)
    }
  }

  public func parseOptionalAttributeDictionary(_ parsed: inout ParsedOperation) throws(Reported) {
    guard isAt(.leftBrace) else { return }
    let start = offset
    for (name, value) in try parseAttributeDictionary() {
      if parsed.attributes.contains(where: { $0.name == name }) {
        throw error("found duplicate attribute '\(name)' in the attribute dictionary", at: start)
      }
      parsed.attributes.append((name, value))
    }
  }

  /// `attributes {...}` where that keyword stands here.
  public func parseOptionalAttributeDictionaryWithKeyword(_ parsed: inout ParsedOperation)
    throws(Reported)
  {
    if parseOptionalKeyword("attributes") {
      guard isAt(.leftBrace) else { throw error("expected '{'") }
      try parseOptionalAttributeDictionary(&parsed)
    }
  }

  // MARK: Structured builtin attributes

  private func parseDenseArray() throws(Reported) -> Attribute {
    advance()
    try parse(.less)
    let start = offset
    let element = try parseType()
    guard element.isIntOrFloat, (element.bitWidth ?? 0) <= 64 else {
      throw error("element type must be integer or float", at: start)
    }
    let width = element.bitWidth ?? 0
    if width != 1, width % 8 != 0 || element.isInteger && ![8, 16, 32, 64].contains(width) {
      throw error("element type bitwidth must be a multiple of 8", at: start)
    }
    var words: [UInt64] = []
    if parseOptional(.colon) {
      words = try parseList(.none) { () throws(Reported) in try parseArrayElement(element) }
    }
    try parse(.greater)
    return context.denseArray(element, words: words)
  }

  func parseArrayElement(_ element: Type) throws(Reported) -> UInt64 {
    if element.isInteger(1), token.kind == .bareIdentifier {
      guard tokenIs("true") || tokenIs("false") else { throw error("expected boolean value") }
      defer { advance() }
      return tokenIs("true") ? UInt64.max : 0
    }
    if element.isInteger(1) {
      throw error("expected 'true' or 'false' values for i1 type", at: token.start)
    }
    let isNegative = parseOptional(.minus)
    guard token.kind == .integer || token.kind == .float else {
      throw error("expected integer or float value")
    }
    let number = token
    advance()
    if element.isFloat { return try floatBits(number, element, isNegative: isNegative)[0] }
    guard number.kind == .integer else { throw error("expected integer value", at: number.start) }
    let value = try integerWords(number, element, isNegative: isNegative)[0]
    return value
  }

  private func parseStrided() throws(Reported) -> Attribute {
    advance()
    try parse(.less)
    let strides = try parseList(.square) { () throws(Reported) in try parseStride() }
    var start = 0
    if parseOptional(.comma) {
      try parseKeyword("offset")
      try parse(.colon)
      start = try parseStride()
    }
    try parse(.greater)
    return context.stridedLayout(offset: start, strides: strides)
  }

  private func parseStride() throws(Reported) -> Int {
    if parseOptional(.question) { return Type.dynamic }
    return try parseInteger()
  }

  private func parseDistinct(_ type: Type?) throws(Reported) -> Attribute {
    let start = token.start
    advance()
    try parse(.leftSquare)
    let id = try parseInteger()
    guard id >= 0 else { throw error("expected an unsigned 64-bit integer") }
    try parse(.rightSquare)
    try parse(.less)
    let inner = isAt(.greater) ? context.unit : try parseAttribute(type: type)
    try parse(.greater)
    // Numbers in the text keep attributes apart within it, not across texts.
    let key = UInt64(id)
    if let (known, other) = distinctIDs[key] {
      if other != inner {
        throw error(
          "referenced attribute does not match previous definition: \(other)", at: start)
      }
      return context.distinct(known, inner)
    }
    let fresh = context.nextDistinctID()
    distinctIDs[key] = (fresh, inner)
    return context.distinct(fresh, inner)
  }

  // MARK: Dialect attributes and aliases

  private func parseExtendedAttribute(_ type: Type?) throws(Reported) -> Attribute {
    let name = String(decoding: bytes(token.start + 1, token.end), as: UTF8.self)
    let start = token.start
    guard let dot = name.firstIndex(of: ".") else {
      if let alias = attributeAliases[name] {
        advance()
        return alias
      }
      if lexer.position < lexer.count, lexer.base[token.end] == UInt8(ascii: "<") {
        advance()
        return try parseNestedAttribute(name, type, start)
      }
      throw error("undefined symbol alias id '\(name)'")
    }
    if let definition = context.attributeDefinition(named: name) {
      advance()
      return try parse(definition, type)
    }
    let dialect = String(name[..<dot])
    let body = String(name[name.index(after: dot)...])
    let loaded = context.dialect(dialect)
    guard let loaded, !loaded.keepsUnknownAttributes else {
      if loaded == nil { try requireUnregisteredAllowed(dialect, "attribute", start) }
      advance()
      let rest = isAt(.less) ? try rawBody() : ""
      let text = loaded == nil ? rest : Parser.compact(rest)
      return try opaqueAttribute(dialect, body + text, type)
    }
    let near =
      nearestWord(to: name, among: loaded.attributes.map(\.name)).map { "; did you mean '\($0)'?" }
      ?? ""
    throw error("unknown attribute `\(body)` in dialect `\(dialect)`\(near)", at: start)
  }

  private func opaqueAttribute(_ dialect: String, _ text: String, _ expected: Type?)
    throws(Reported) -> Attribute
  {
    var type = expected
    if type == nil, parseOptional(.colon) { type = try parseType() }
    return context.opaqueAttribute(dialect: dialect, text: text, type: type)
  }

  func parse(_ definition: AttributeDefinition, _ type: Type?) throws(Reported) -> Attribute {
    guard let assembly = definition.interface(AttributeAssembly.self) else {
      return context.attribute(definition)
    }
    let enclosing = customOperation
    customOperation = nil
    defer { customOperation = enclosing }
    return try nested { () throws(Reported) in try assembly.parse(self, type) }
  }

  /// An attribute of `definition` written without `#dialect.mnemonic` or, as any other, in full or as an
  /// alias.
  public func parseAttribute(stripped definition: AttributeDefinition) throws(Reported)
    -> Attribute
  {
    guard token.kind == .hashIdentifier else { return try parse(definition, nil) }
    let start = token.start
    let attribute = try parseAttribute()
    guard attribute.is(definition) else {
      throw error("invalid kind of attribute specified", at: start)
    }
    return attribute
  }

  /// `#dialect<mnemonic...>` or `#dialect<"text">`, the current token being `<`.
  private func parseNestedAttribute(_ dialect: String, _ type: Type?, _ start: Int)
    throws(Reported) -> Attribute
  {
    let loaded = context.dialect(dialect)
    guard let loaded, !(loaded.keepsUnknownAttributes && !isMnemonic(of: loaded.attributes)) else {
      if loaded == nil { try requireUnregisteredAllowed(dialect, "attribute", start) }
      let body = try rawBody()
      return try opaqueAttribute(dialect, loaded == nil ? body : Parser.compact(body), type)
    }
    try parse(.less)
    guard token.kind == .bareIdentifier else { throw error("expected attribute mnemonic") }
    let mnemonic = text(token)
    guard let definition = context.attributeDefinition(named: "\(dialect).\(mnemonic)") else {
      throw error("unknown attribute `\(mnemonic)` in dialect `\(dialect)`")
    }
    advance()
    let attribute = try parse(definition, type)
    try parse(.greater)
    return attribute
  }

  /// Whether the word behind the current `<` is the mnemonic of one of `definitions`.
  private func isMnemonic(of definitions: [AttributeDefinition]) -> Bool {
    var ahead = lexer
    let word = ahead.next()
    return word.kind == .bareIdentifier && definitions.contains { $0.mnemonic == text(word) }
  }
}
