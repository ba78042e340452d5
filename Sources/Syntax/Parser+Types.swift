import MartletIR
import MartletSupport

extension Parser {
  // MARK: Entry points

  public func parseType() throws(Reported) -> Type {
    guard let type = try parseOptionalType() else { throw error("expected type") }
    return type
  }

  public func parseColonType() throws(Reported) -> Type {
    try parse(.colon)
    return try parseType()
  }

  /// `t, u`: one type at least.
  public func parseTypeList() throws(Reported) -> [Type] {
    try parseList(.none) { () throws(Reported) in try parseType() }
  }

  public func parseColonTypeList() throws(Reported) -> [Type] {
    try parse(.colon)
    return try parseTypeList()
  }

  /// `: t, u` where a colon stands here.
  public func parseOptionalColonTypeList() throws(Reported) -> [Type] {
    parseOptional(.colon) ? try parseTypeList() : []
  }

  /// `(t, u) -> v` or `(t, u) -> (v, w)`.
  public func parseFunctionType() throws(Reported) -> Type {
    try nested { () throws(Reported) in
      let inputs = try parseList(.paren) { () throws(Reported) in try parseType() }
      try parse(.arrow)
      return context.function(inputs, try parseFunctionResults())
    }
  }

  /// `t` or `(t, u)`, as after an arrow.
  public func parseFunctionResults() throws(Reported) -> [Type] {
    if isAt(.leftParen) {
      return try parseList(.paren) { () throws(Reported) in try parseType() }
    }
    return [try parseNonFunctionType()]
  }

  /// `-> t` or `-> (t, u)` where an arrow stands here.
  public func parseOptionalArrowTypeList() throws(Reported) -> [Type] {
    parseOptional(.arrow) ? try parseFunctionResults() : []
  }

  private func parseNonFunctionType() throws(Reported) -> Type {
    if isAt(.leftParen) { throw error("expected non-function type") }
    guard let type = try parseOptionalType() else { throw error("expected non-function type") }
    return type
  }

  public func parseOptionalType() throws(Reported) -> Type? {
    switch token.kind {
    case .leftParen: return try parseFunctionType()
    case .exclamationIdentifier: return try parseExtendedType()
    case .bareIdentifier: return try parseBuiltinType()
    default: return nil
    }
  }

  // MARK: Builtin types

  private func parseBuiltinType() throws(Reported) -> Type? {
    if let type = try parseIntegerType() { return type }
    if tokenIs("index") { return accept(context.index) }
    if tokenIs("f32") { return accept(context.f32) }
    if tokenIs("f64") { return accept(context.f64) }
    if tokenIs("tensor") { return try nested { () throws(Reported) in try parseTensor() } }
    if tokenIs("memref") { return try nested { () throws(Reported) in try parseMemRef() } }
    if tokenIs("vector") { return try nested { () throws(Reported) in try parseVector() } }
    if tokenIs("none") { return accept(context.noneType) }
    if tokenIs("complex") {
      advance()
      try parse(.less)
      let start = offset
      let element = try nested { () throws(Reported) in try parseType() }
      guard element.isIntOrFloat else {
        throw error("invalid element type for complex", at: start)
      }
      try parse(.greater)
      return context.complex(element)
    }
    if tokenIs("tuple") {
      advance()
      return try nested { () throws(Reported) in
        context.tuple(try parseList(.less) { () throws(Reported) in try parseType() })
      }
    }
    let word = text(token)
    if let kind = FloatKind.allCases.first(where: { $0.name == word }) {
      return accept(context.float(kind))
    }
    return nil
  }

  private func accept(_ type: Type) -> Type {
    advance()
    return type
  }

  /// `i32`, `si8`, `ui1`.
  private func parseIntegerType() throws(Reported) -> Type? {
    var start = token.start
    var signedness = Signedness.signless
    switch lexer.base[start] {
    case UInt8(ascii: "i"): break
    case UInt8(ascii: "s"): signedness = .signed
    case UInt8(ascii: "u"): signedness = .unsigned
    default: return nil
    }
    if signedness != .signless {
      start += 1
      guard start < token.end, lexer.base[start] == UInt8(ascii: "i") else { return nil }
    }
    start += 1
    guard start < token.end else { return nil }
    var width = 0
    for i in start..<token.end {
      let c = lexer.base[i]
      guard Lexer.isDigit(c) else { return nil }
      width = min(width * 10 + Int(c - 48), 1 << 30)
    }
    guard width <= (1 << 24) - 1 else {
      throw error("integer bitwidth is limited to 16777215 bits")
    }
    advance()
    return context.integer(width, signedness)
  }

  // MARK: Shaped types

  /// `4x?x` ... up to the element type: sizes, each followed by `x`.
  func parseDimensions(allowDynamic: Bool = true) throws(Reported) -> [Int] {
    var shape: [Int] = []
    while token.kind == .integer || token.kind == .question {
      shape.append(try parseDimension(allowDynamic))
      try parseX()
    }
    return shape
  }

  /// A size. A token like `0x4` of the lexer is the size 0 here, with `x4` still to read.
  private func parseDimension(_ allowDynamic: Bool) throws(Reported) -> Int {
    if token.kind == .question {
      guard allowDynamic else { throw error("expected static shape") }
      advance()
      return Type.dynamic
    }
    if token.end - token.start > 1, lexer.base[token.start] == 48,
      lexer.base[token.start + 1] == UInt8(ascii: "x")
    {
      lexer.position = token.start + 1
      advance()
      return 0
    }
    guard let size = unsignedValue(token), size <= UInt64(Int64.max) else {
      throw error("invalid dimension")
    }
    advance()
    return Int(size)
  }

  /// The `x` between sizes, which the lexer may have glued to what follows.
  private func parseX() throws(Reported) {
    guard token.kind == .bareIdentifier, lexer.base[token.start] == UInt8(ascii: "x") else {
      throw error("expected 'x' in dimension list")
    }
    if token.end - token.start > 1 { lexer.position = token.start + 1 }
    advance()
  }

  /// `4x?x8`, as in `expand_shape ... output_shape`; an `x` behind the last size, before an element type, is
  /// read too.
  public func parseDimensionList(allowDynamic: Bool = true) throws(Reported) -> [Int] {
    var shape: [Int] = []
    guard token.kind == .integer || token.kind == .question else { return shape }
    while true {
      shape.append(try parseDimension(allowDynamic))
      guard token.kind == .bareIdentifier, lexer.base[token.start] == UInt8(ascii: "x") else {
        return shape
      }
      try parseX()
      guard token.kind == .integer || token.kind == .question else { return shape }
    }
  }

  private func parseTensor() throws(Reported) -> Type {
    let start = offset
    advance()
    try parse(.less)
    if parseOptional(.star) {
      try parseX()
      let element = try parseElementType("tensor")
      if isAt(.comma) {
        throw error("cannot apply encoding to unranked tensor")
      }
      try parse(.greater)
      return context.unrankedTensor(element)
    }
    let shape = try parseDimensions()
    let element = try parseElementType("tensor")
    var encoding: Attribute?
    if parseOptional(.comma) {
      encoding = try parseAttribute()
    }
    try parse(.greater)
    if let encoding, let check = encoding.definition?.interface(EncodingCheck.self),
      let problem = check.problem(encoding, shape, element)
    {
      throw error(problem, at: start)
    }
    return context.tensor(shape, element, encoding: encoding)
  }

  private func parseElementType(_ what: String) throws(Reported) -> Type {
    let start = offset
    let type = try parseNonFunctionType()
    if !Parser.isElementType(type, of: what) {
      throw error("invalid \(what) element type", at: start)
    }
    return type
  }

  /// Whether tensors or memrefs (`what`) may have elements of `type`.
  static func isElementType(_ type: Type, of what: String) -> Bool {
    switch type.kind {
    case .function?, .tuple?, BuiltinTypeKind.none?, .rankedTensor, .unrankedTensor: false
    case .memRef, .unrankedMemRef: what == "memref"
    case .vector: what != "vector"
    default: true
    }
  }

  static func isVectorElementType(_ type: Type) -> Bool {
    type.isIntOrFloat || type.isIndex || type.kind == nil || type.kind == .opaque
  }

  private func parseMemRef() throws(Reported) -> Type {
    advance()
    try parse(.less)
    if parseOptional(.star) {
      try parseX()
      let element = try parseElementType("memref")
      var space: Attribute?
      if parseOptional(.comma) { space = try parseAttribute() }
      try parse(.greater)
      return context.unrankedMemRef(element, memorySpace: canonicalSpace(space))
    }
    let shape = try parseDimensions()
    let element = try parseElementType("memref")
    var layout: Attribute?
    var space: Attribute?
    while parseOptional(.comma) {
      let start = offset
      let attribute = try parseAttribute()
      let isLayout = attribute.kind == .affineMap || attribute.kind == .stridedLayout
      if isLayout, layout == nil, space == nil {
        try checkLayout(attribute, rank: shape.count, start)
        layout = attribute
      } else if !isLayout, space == nil {
        space = attribute
      } else {
        throw error("multiple layouts or memory spaces specified in memref type", at: start)
      }
    }
    try parse(.greater)
    return context.memRef(shape, element, layout: layout, memorySpace: canonicalSpace(space))
  }

  /// Memory space 0 is the default and is not written.
  private func canonicalSpace(_ space: Attribute?) -> Attribute? {
    if let space, space.integerValue == 0 { return nil }
    return space
  }

  private func checkLayout(_ layout: Attribute, rank: Int, _ offset: Int) throws(Reported) {
    let found = layout.affineMap?.dimensionCount ?? layout.strided?.strides.count ?? rank
    if found != rank {
      if layout.kind == .stridedLayout {
        throw error("expected the number of strides to match the rank", at: offset)
      }
      throw error(
        "memref layout mismatch between rank and affine map: \(rank) != \(found)", at: offset)
    }
  }

  private func parseVector() throws(Reported) -> Type {
    advance()
    try parse(.less)
    var shape: [Int] = []
    var scalable: UInt64 = 0
    while token.kind == .integer || isAt(.leftSquare) {
      let isScalable = parseOptional(.leftSquare)
      guard token.kind == .integer else { throw error("expected dimension size in vector type") }
      let start = offset
      let size = try parseDimension(false)
      if size == 0 {
        throw error("vector types must have positive constant sizes but got 0", at: start)
      }
      if isScalable {
        guard shape.count < 64 else { throw error("vector type has too many dimensions") }
        scalable |= 1 << UInt64(shape.count)
        try parse(.rightSquare)
      }
      shape.append(size)
      try parseX()
    }
    if token.kind == .question { throw error("expected dimension size in vector type") }
    let start = offset
    let element = try parseType()
    guard Parser.isVectorElementType(element) else {
      throw error("failed to verify 'elementType': VectorElementTypeInterface instance", at: start)
    }
    try parse(.greater)
    return context.vector(shape, element, scalable: scalable)
  }

  // MARK: Dialect types and aliases

  private func parseExtendedType() throws(Reported) -> Type {
    let name = String(decoding: bytes(token.start + 1, token.end), as: UTF8.self)
    let start = token.start
    guard let dot = name.firstIndex(of: ".") else {
      if let alias = typeAliases[name] {
        advance()
        return alias
      }
      // `!dialect<...>`.
      if lexer.position < lexer.count, lexer.base[token.end] == UInt8(ascii: "<") {
        advance()
        return try parseOpaqueOrNestedType(name, start)
      }
      throw error("undefined symbol alias id '\(name)'")
    }
    if let definition = context.typeDefinition(named: name) {
      advance()
      return try parse(definition)
    }
    let dialect = String(name[..<dot])
    let body = String(name[name.index(after: dot)...])
    let loaded = context.dialect(dialect)
    guard let loaded, !loaded.keepsUnknownTypes else {
      if loaded == nil { try requireUnregisteredAllowed(dialect, "type", start) }
      advance()
      let rest = isAt(.less) ? try rawBody() : ""
      let text = loaded == nil ? rest : Parser.compact(rest)
      return context.opaqueType(dialect: dialect, text: body + text)
    }
    let near =
      nearestWord(to: name, among: loaded.types.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
    throw error("unknown  type `\(body)` in dialect `\(dialect)`\(near)", at: start)
  }

  /// `!dialect<mnemonic...>` or `!dialect<"text">`, the current token being `<`.
  private func parseOpaqueOrNestedType(_ dialect: String, _ start: Int) throws(Reported) -> Type {
    let loaded = context.dialect(dialect)
    guard let loaded, !(loaded.keepsUnknownTypes && !isMnemonic(of: loaded.types)) else {
      if loaded == nil { try requireUnregisteredAllowed(dialect, "type", start) }
      let body = try rawBody()
      return context.opaqueType(
        dialect: dialect, text: loaded == nil ? body : Parser.compact(body))
    }
    try parse(.less)
    guard token.kind == .bareIdentifier else { throw error("expected type mnemonic") }
    let mnemonic = text(token)
    guard let definition = context.typeDefinition(named: "\(dialect).\(mnemonic)") else {
      throw error("unknown  type `\(mnemonic)` in dialect `\(dialect)`")
    }
    advance()
    let type = try parse(definition)
    try parse(.greater)
    return type
  }

  /// Whether the word behind the current `<` is the mnemonic of one of `definitions`.
  private func isMnemonic(of definitions: [TypeDefinition]) -> Bool {
    var ahead = lexer
    let word = ahead.next()
    return word.kind == .bareIdentifier && definitions.contains { $0.mnemonic == text(word) }
  }

  func requireUnregisteredAllowed(_ dialect: String, _ what: String, _ offset: Int)
    throws(Reported)
  {
    if context.allowsUnregisteredDialects { return }
    throw error(
      "#\"\(dialect)\"<...> : \(what) created with unregistered dialect. If this is intended, please call allowUnregisteredDialects() on the MLIRContext, or use -allow-unregistered-dialect with the MLIR opt tool used",
      at: offset)
  }

  /// A body kept as text with its blanks as MLIR would write them: none inside of brackets, one elsewhere.
  static func compact(_ text: String) -> String {
    var result: [UInt8] = []
    var isBlank = false
    var isQuoted = false
    for byte in text.utf8 {
      if byte <= 32, !isQuoted {
        isBlank = true
        continue
      }
      if isBlank || (result.last == UInt8(ascii: ",") && !isQuoted) {
        isBlank = false
        let glues = "<([{".utf8.contains(result.last ?? 60) || ">)]},".utf8.contains(byte)
        if !glues { result.append(32) }
      }
      if byte == UInt8(ascii: "\""), result.last != UInt8(ascii: "\\") { isQuoted.toggle() }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The text from the current `<` to the matching `>`, both included.
  func rawBody() throws(Reported) -> String {
    let start = token.start
    var open: [UInt8] = []
    while true {
      switch token.kind {
      case .less: open.append(UInt8(ascii: ">"))
      case .leftParen: open.append(UInt8(ascii: ")"))
      case .leftSquare: open.append(UInt8(ascii: "]"))
      case .leftBrace: open.append(UInt8(ascii: "}"))
      case .greater, .rightParen, .rightSquare, .rightBrace:
        guard let expected = open.popLast(), expected == lexer.base[token.start] else {
          throw error("unbalanced '\(text(token))' character in pretty dialect name")
        }
      case .end: throw error("unbalanced '<' character in pretty dialect name", at: start)
      case .error where lexer.base[token.start] == UInt8(ascii: "\""):
        throw error("unterminated string")
      default: break
      }
      let end = token.end
      if open.isEmpty {
        advance()
        return String(decoding: bytes(start, end), as: UTF8.self)
      }
      advance()
    }
  }
}
