import MartletIR
import MartletSupport

/// Elements attributes: `dense<...>`, `dense_resource<...>`, `sparse<...>`.
extension Parser {
  func parseDense(_ expected: Type?) throws(Reported) -> Attribute {
    let start = token.start
    advance()
    try parse(.less)
    // The type follows the values, and says how to read them: find it first, then come back.
    if isAt(.greater) {
      advance()
      let type = try parseElementsType(expected)
      guard type.elementCount == 0 else {
        throw error("expected zero elements, but the type has some", at: start)
      }
      return context.dense(type, bytes: UnsafeRawBufferPointer(start: nil, count: 0))
    }
    let values = try scanElements()
    try parse(.greater)
    let type = try parseElementsType(expected)
    return try dense(type, values, start)
  }

  private func parseElementsType(_ expected: Type?) throws(Reported) -> Type {
    let start = token.start
    let type: Type
    if let expected {
      type = expected
    } else {
      try parse(.colon)
      type = try parseType()
    }
    guard type.isRankedTensor || type.isVector else {
      throw error("elements literal must be a ranked tensor or vector type", at: start)
    }
    guard type.hasStaticShape else {
      throw error("elements literal type must have static shape", at: start)
    }
    guard type.elementCount != nil else {
      throw error("elements literal type is too large", at: start)
    }
    return type
  }

  /// The values of an elements literal before their type is known.
  struct ScannedElements {
    /// Sign and token of each scalar, in order.
    var tokens: [(token: Token, isNegative: Bool)] = []
    /// Lengths of the nested lists; empty where a single scalar stands for all.
    var shape: [Int] = []
    /// Whether each pair of scalars is a complex number.
    var isComplex = false
  }

  private func scanElements() throws(Reported) -> ScannedElements {
    var scanned = ScannedElements()
    if isAt(.leftSquare) {
      scanned.tokens.reserveCapacity(min((lexer.count - lexer.position) / 2, 1 << 20))
      try scanList(&scanned, level: 0)
    } else {
      try scanScalar(&scanned)
    }
    return scanned
  }

  private func scanList(_ scanned: inout ScannedElements, level: Int) throws(Reported) {
    guard level < 64 else { throw error("elements literal is nested too deeply") }
    let start = token.start
    try parse(.leftSquare)
    let isNew = level == scanned.shape.count
    if isNew { scanned.shape.append(-1) }
    var length = 0
    if !isAt(.rightSquare) {
      repeat {
        if isAt(.leftSquare) {
          if !scanned.tokens.isEmpty, scanned.shape.count == level + 1 {
            throw error("tensor literal is invalid; ranks are not consistent between elements")
          }
          try scanList(&scanned, level: level + 1)
        } else {
          if scanned.shape.count > level + 1 {
            throw error("tensor literal is invalid; ranks are not consistent between elements")
          }
          try scanScalar(&scanned)
        }
        length += 1
      } while parseOptional(.comma)
    }
    try parse(.rightSquare)
    if scanned.shape[level] < 0 {
      scanned.shape[level] = length
    } else if scanned.shape[level] != length {
      throw error("tensor literal is invalid; ranks are not consistent between elements", at: start)
    }
  }

  private func scanScalar(_ scanned: inout ScannedElements) throws(Reported) {
    switch token.kind {
    case .leftParen:
      advance()
      scanned.isComplex = true
      try scanScalar(&scanned)
      try parse(.comma)
      try scanScalar(&scanned)
      try parse(.rightParen)
    case .minus:
      advance()
      guard token.kind == .integer || token.kind == .float else {
        throw error("expected element literal of primitive type")
      }
      scanned.tokens.append((token, true))
      advance()
    case .integer, .float, .string:
      scanned.tokens.append((token, false))
      advance()
    case .bareIdentifier where tokenIs("true") || tokenIs("false"):
      scanned.tokens.append((token, false))
      advance()
    default: throw error("expected element literal of primitive type")
    }
  }

  private func dense(_ type: Type, _ scanned: ScannedElements, _ start: Int) throws(Reported)
    -> Attribute
  {
    let element = type.elementType
    if let first = scanned.tokens.first, first.token.kind == .string {
      return try denseFromStrings(type, scanned, start)
    }
    if !scanned.shape.isEmpty, scanned.shape != type.shape,
      !(scanned.tokens.isEmpty && type.elementCount == 0)
    {
      let found = scanned.shape.map(String.init).joined(separator: ", ")
      let wanted = type.shape.map(String.init).joined(separator: ", ")
      throw error(
        "inferred shape of elements literal ([\(found)]) does not match type ([\(wanted)])",
        at: start)
    }
    let scalar = element.kind == .complex ? element.elementType : element
    guard scalar.isIntOrIndex || scalar.isFloat else {
      throw error("expected integer, index, floating-point or complex element type", at: start)
    }
    guard scanned.isComplex == (element.kind == .complex) else {
      throw error(
        "expected \(scanned.isComplex ? "" : "complex ")elements of type '\(element)'", at: start)
    }
    let size = DenseElements.elementSize(scalar)
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(scanned.tokens.count * size, 1), alignment: 16)
    defer { bytes.deallocate() }
    for (i, entry) in scanned.tokens.enumerated() {
      let words = try scalarWords(entry.token, scalar, isNegative: entry.isNegative)
      for byte in 0..<size {
        bytes[i * size + byte] = UInt8(
          truncatingIfNeeded: words[min(byte / 8, words.count - 1)] >> UInt64(8 * (byte % 8)))
      }
    }
    return context.dense(
      type,
      bytes: UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(bytes)[..<(scanned.tokens.count * size)]),
      isSplat: scanned.shape.isEmpty)
  }

  private func scalarWords(_ token: Token, _ type: Type, isNegative: Bool) throws(Reported)
    -> [UInt64]
  {
    if token.kind == .bareIdentifier {
      guard type.isInteger(1) else {
        throw error("expected i1 type for 'true' or 'false' values", at: token.start)
      }
      return [lexer.base[token.start] == UInt8(ascii: "t") ? 1 : 0]
    }
    if type.isFloat { return try floatBits(token, type, isNegative: isNegative) }
    guard token.kind == .integer else {
      throw error("expected integer elements, but parsed floating-point", at: token.start)
    }
    // The usual case, a small decimal number, without the general machinery.
    if let small = unsignedValue(token), let width = type.bitWidth, width <= 64 {
      let limit: UInt64 = width == 64 ? .max : (UInt64(1) << UInt64(width)) - 1
      if !isNegative, small <= limit, type.signedness != .signed {
        return type.isInteger(1) ? [small & 1] : [small]
      }
    }
    var words = try integerWords(token, type, isNegative: isNegative)
    if type.isInteger(1) { words[0] &= 1 }
    return words
  }

  /// Strings: hexadecimal bytes of all elements (or of one) for numbers, else a list of strings.
  private func denseFromStrings(_ type: Type, _ scanned: ScannedElements, _ start: Int)
    throws(Reported) -> Attribute
  {
    let element = type.elementType
    let isNumeric = element.isIntOrIndex || element.isFloat || element.kind == .complex
    if isNumeric, scanned.shape.isEmpty {
      return try denseFromHex(type, scanned.tokens[0].token)
    }
    if isNumeric {
      throw error("expected integer or floating-point elements", at: scanned.tokens[0].token.start)
    }
    if !scanned.shape.isEmpty, scanned.shape != type.shape {
      throw error("inferred shape of elements literal does not match type", at: start)
    }
    var strings: [String] = []
    for entry in scanned.tokens {
      guard entry.token.kind == .string else {
        throw error("expected string elements", at: entry.token.start)
      }
      strings.append(stringValue(entry.token.start + 1, entry.token.end - 1))
    }
    return context.denseStrings(type, strings, isSplat: scanned.shape.isEmpty)
  }

  private func denseFromHex(_ type: Type, _ token: Token) throws(Reported) -> Attribute {
    guard var bytes = hexBytes(token) else {
      throw error("elements hex string should start with '0x'", at: token.start)
    }
    let size = DenseElements.elementSize(type.elementType)
    let count = type.elementCount ?? 0
    if type.elementType.isInteger(1) {
      // One bit each in the text; one element alone is a splat.
      guard bytes.count == (count + 7) / 8 || bytes.count == 1 else {
        throw error(
          "elements hex data size is invalid for provided type: '\(type)'", at: token.start)
      }
      let isSplat = bytes.count == 1 && (bytes[0] == 0 || bytes[0] == 0xff) && count != 8
      if isSplat {
        bytes = [bytes[0] & 1]
      } else {
        bytes = (0..<count).map { bytes[$0 / 8] >> UInt8($0 % 8) & 1 }
      }
      return bytes.withUnsafeBytes { context.dense(type, bytes: $0, isSplat: isSplat) }
    }
    let (expected, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes.count == expected || bytes.count == size else {
      throw error("elements hex data size is invalid for provided type: '\(type)'", at: token.start)
    }
    let isSplat = bytes.count == size && count != 1
    return bytes.withUnsafeBytes { context.dense(type, bytes: $0, isSplat: isSplat) }
  }

  /// The bytes of a string token `"0x..."`; nil where it is not of that form.
  func hexBytes(_ token: Token) -> [UInt8]? {
    let start = token.start + 1
    let end = token.end - 1
    guard end - start >= 2, (end - start) % 2 == 0, lexer.base[start] == 48,
      lexer.base[start + 1] == UInt8(ascii: "x")
    else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity((end - start) / 2)
    var i = start + 2
    while i < end {
      let high = lexer.base[i]
      let low = lexer.base[i + 1]
      guard Lexer.isHexDigit(high), Lexer.isHexDigit(low) else { return nil }
      bytes.append(Parser.hexValue(high) << 4 | Parser.hexValue(low))
      i += 2
    }
    return bytes
  }

  func parseDenseResource(_ expected: Type?) throws(Reported) -> Attribute {
    advance()
    try parse(.less)
    guard let key = parseOptionalKeywordOrString() else {
      throw error("expected identifier key for 'builtin' resource")
    }
    try parse(.greater)
    let type: Type
    if let expected { type = expected } else { type = try parseColonType() }
    guard type.hasRank else { throw error("`dense_resource` expected a shaped type") }
    return context.denseResource(type, key: key)
  }

  func parseSparse(_ expected: Type?) throws(Reported) -> Attribute {
    let start = token.start
    advance()
    try parse(.less)
    var indices = ScannedElements()
    var values = ScannedElements()
    if !isAt(.greater) {
      indices = try scanElements()
      try parse(.comma)
      values = try scanElements()
    }
    try parse(.greater)
    let type = try parseElementsType(expected)
    // A scalar stands for all coordinates, or for all values.
    if indices.tokens.isEmpty { indices.shape = [0, type.rank] }
    if values.tokens.isEmpty { values.shape = [0] }
    let indexShape = indices.shape.isEmpty ? [1, type.rank] : indices.shape
    let valueShape = values.shape.isEmpty ? [indexShape[0]] : values.shape
    guard
      indexShape == [valueShape[0], type.rank] || type.rank == 1 && indexShape == [valueShape[0]]
    else {
      throw error(
        "expected shape (\(type.shape)); inferred shape of indices literal (\(indexShape)); "
          + "inferred shape of values literal (\(valueShape))", at: start)
    }
    guard valueShape.count == 1 else {
      throw error("expected 1-d tensor for sparse element values", at: start)
    }
    let positions = try dense(context.tensor(indexShape, context.i64), indices, start)
    try checkSparsePositions(positions, type, start)
    return context.sparseElements(
      type, indices: positions,
      values: try dense(context.tensor(valueShape, type.elementType), values, start))
  }

  private func checkSparsePositions(_ positions: Attribute, _ type: Type, _ start: Int)
    throws(Reported)
  {
    guard let elements = positions.denseElements, type.rank > 0 else { return }
    for row in 0..<(elements.count / type.rank) {
      let index = type.shape.indices.map { Int(elements.integer(row * type.rank + $0)) }
      for (position, extent) in zip(index, type.shape) where position < 0 || position >= extent {
        throw error(
          "sparse index #\(row) is not contained within the value shape, with index=\(index), "
            + "and type='\(type)'", at: start)
      }
    }
  }

  // MARK: Resources at the end of the file

  /// `{-# dialect_resources: { builtin: { key: "0x..." } } #-}`.
  func parseFileMetadata() throws(Reported) {
    advance()
    while token.kind != .metadataEnd {
      guard let section = parseOptionalKeyword() else {
        throw error("expected identifier key in file metadata dictionary")
      }
      try parse(.colon)
      try parseResources(section)
      if !parseOptional(.comma) { break }
    }
    guard token.kind == .metadataEnd else {
      throw error("expected '#-}' to end file metadata dictionary")
    }
    advance()
  }

  private func parseResources(_ section: String) throws(Reported) {
    _ = try parseList(.brace) { () throws(Reported) in
      guard let group = parseOptionalKeywordOrString() else {
        throw error("expected identifier key")
      }
      try parse(.colon)
      _ = try parseList(.brace) { () throws(Reported) in
        guard let key = parseOptionalKeywordOrString() else {
          throw error("expected identifier key")
        }
        try parse(.colon)
        switch section {
        case "dialect_resources": try parseResource(key)
        case "external_resources":
          ExternalResources.of(context).add(try parseExternalValue(), key, to: group)
        default: _ = try parseExternalValue()
        }
      }
    }
  }

  private func parseExternalValue() throws(Reported) -> ExternalResources.Value {
    if let text = parseOptionalString() { return .string(text) }
    if parseOptionalKeyword("true") { return .bool(true) }
    if parseOptionalKeyword("false") { return .bool(false) }
    throw error("expected a resource value")
  }

  private func parseResource(_ key: String) throws(Reported) {
    guard token.kind == .string else {
      guard parseOptionalKeyword() != nil else { throw error("expected a resource value") }
      return
    }
    guard let bytes = hexBytes(token), bytes.count >= 4 else {
      throw error("expected hex string blob for key '\(key)'")
    }
    advance()
    let alignment =
      Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16 | Int(bytes[3]) << 24
    bytes.withUnsafeBytes {
      context.addResource(
        key: key, copying: UnsafeRawBufferPointer(rebasing: $0[4...]), alignment: alignment)
    }
  }
}
