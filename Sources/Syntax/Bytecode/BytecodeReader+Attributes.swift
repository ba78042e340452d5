import MartletIR
import MartletSupport

extension BytecodeReader {
  /// An attribute in one of the encodings of the builtin dialect.
  mutating func decodeAttribute(_ cursor: inout ByteCursor, _ dialect: Int) throws(Reported)
    -> UInt32
  {
    let start = cursor.position
    guard dialect == builtinDialect else {
      throw error(
        "attributes of dialect '\(dialects[dialect])' have no encoding known here", at: start)
    }
    let code = try variable(&cursor)
    guard let code = Bytecode.AttributeCode(rawValue: code) else {
      throw error("there is no builtin attribute of code \(code)", at: start)
    }
    switch code {
    case .array:
      let number = try count(&cursor, "elements")
      var words: [UInt64] = []
      words.reserveCapacity(number)
      for _ in 0..<number { words.append(UInt64(try attributeNumber(&cursor))) }
      return make(.array, words)
    case .dictionary: return try dictionary(&cursor)
    case .string: return context.string(try string(&cursor)).raw
    case .typedString:
      let text = try string(&cursor)
      return context.string(text, type: try type(&cursor)).raw
    case .flatSymbolRef: return make(.symbolRef, [UInt64(try text(&cursor).raw)])
    case .symbolRef: return try symbolRef(&cursor)
    case .type: return context.typeAttribute(try type(&cursor)).raw
    case .unit: return context.unit.raw
    case .integer: return try integer(&cursor)
    case .float: return try float(&cursor)
    case .callSite, .fileLineColumn, .fused, .fusedWithMetadata, .name, .unknownLocation,
      .fileRange:
      return try location(&cursor, code)
    case .denseResource:
      let type = try type(&cursor)
      guard type.hasRank else { throw error("a resource's type is not a shaped type", at: start) }
      let position = cursor.position
      let index = try variable(&cursor)
      guard index < UInt64(resources.count) else {
        throw error("there is no resource \(index), only \(resources.count)", at: position)
      }
      return make(.denseResource, [UInt64(type.raw), UInt64(resources[Int(index)].raw)])
    case .denseArray: return try denseArray(&cursor)
    case .denseElements: return try denseElements(&cursor)
    case .denseStrings: return try denseStrings(&cursor)
    case .sparseElements: return try sparseElements(&cursor)
    case .distinct:
      return context.distinct(context.nextDistinctID(), try attribute(&cursor)).raw
    }
  }

  private func make(_ kind: BuiltinAttributeKind, _ words: [UInt64]) -> UInt32 {
    words.withUnsafeBufferPointer { context.builtinAttribute(kind, words: $0).raw }
  }

  /// The content of the string attribute referred to.
  private mutating func text(_ cursor: inout ByteCursor) throws(Reported) -> Identifier {
    let position = cursor.position
    guard let text = try attribute(&cursor).stringIdentifier else {
      throw error("expected a string attribute", at: position)
    }
    return text
  }

  private mutating func dictionary(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let number = try count(&cursor, "entries", size: 2)
    var words: [UInt64] = []
    words.reserveCapacity(number * 2)
    var isSorted = true
    var last: Identifier?
    for _ in 0..<number {
      let name = try text(&cursor)
      if let last, !last.bytes.lexicographicallyPrecedes(name.bytes) { isSorted = false }
      last = name
      words.append(UInt64(name.raw))
      words.append(UInt64(try attributeNumber(&cursor)))
    }
    if isSorted { return make(.dictionary, words) }
    var entries: [UInt32: UInt32] = [:]
    for i in stride(from: 0, to: words.count, by: 2) {
      entries[UInt32(words[i])] = UInt32(words[i + 1])
    }
    let names = entries.keys.map { context.identifier(number: $0) }
      .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    return make(.dictionary, names.flatMap { [UInt64($0.raw), UInt64(entries[$0.raw] ?? 0)] })
  }

  private mutating func symbolRef(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    var words = [UInt64(try text(&cursor).raw)]
    for _ in 0..<(try count(&cursor, "nested references")) {
      let position = cursor.position
      let nested = try attribute(&cursor)
      guard nested.kind == .symbolRef, nested.words.count == 1 else {
        throw error("expected a reference to one symbol", at: position)
      }
      words.append(nested.words[0])
    }
    return make(.symbolRef, words)
  }

  // MARK: Numbers

  private mutating func integer(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let start = cursor.position
    let type = try type(&cursor)
    guard type.isIntOrIndex, let width = type.bitWidth else {
      throw error("an integer attribute's type is not an integer type", at: start)
    }
    if width <= 64 {
      let word = width <= 8 ? Int64(try byte(&cursor)) : try signed(&cursor)
      return context.integerAttribute(word, type).raw
    }
    var words = try wideBits(&cursor, width: width)
    if type.signedness != .unsigned, width % 64 != 0 {
      let shift = Int64(64 - width % 64)
      let last = words.count - 1
      words[last] = UInt64(bitPattern: (Int64(bitPattern: words[last]) << shift) >> shift)
    }
    return context.integerAttribute(words: words, type).raw
  }

  /// The bits of a number of more than 64 bits.
  private func wideBits(_ cursor: inout ByteCursor, width: Int) throws(Reported) -> [UInt64] {
    let start = cursor.position
    let number = try count(&cursor, "words")
    let needed = (width + 63) / 64
    guard number <= needed else {
      throw error("a number of \(width) bits has \(number) words", at: start)
    }
    var words: [UInt64] = []
    for _ in 0..<number { words.append(UInt64(bitPattern: try signed(&cursor))) }
    while words.count < needed { words.append(0) }
    if width % 64 != 0 { words[needed - 1] &= (1 << UInt64(width % 64)) - 1 }
    return words
  }

  private mutating func float(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let start = cursor.position
    let type = try type(&cursor)
    guard let width = type.floatKind?.width else {
      throw error("a float attribute's type is not a float type", at: start)
    }
    if width > 64 {
      return context.floatAttribute(bits: try wideBits(&cursor, width: width), type).raw
    }
    let word = width <= 8 ? UInt64(try byte(&cursor)) : UInt64(bitPattern: try signed(&cursor))
    let kept = width == 64 ? word : word & ((1 << UInt64(width)) - 1)
    return context.floatAttribute(bits: [kept], type).raw
  }

  // MARK: Elements

  /// The type of an elements attribute and how many elements it has.
  private mutating func elementsType(_ cursor: inout ByteCursor) throws(Reported) -> (
    type: Type, count: Int
  ) {
    let start = cursor.position
    let type = try type(&cursor)
    guard type.isRankedTensor || type.isVector, type.hasStaticShape, let count = type.elementCount
    else {
      throw error("elements are not of a tensor or vector type of known shape", at: start)
    }
    return (type, count)
  }

  private mutating func denseElements(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let start = cursor.position
    let (type, count) = try elementsType(&cursor)
    let element = type.elementType
    let scalar = element.kind == .complex ? element.elementType : element
    guard scalar.isIntOrIndex || scalar.isFloat else {
      throw error("dense elements are not numbers", at: start)
    }
    let bytes = try blob(&cursor)
    weight &+= bytes.count
    if element.isInteger(1) { return try denseBooleans(bytes, type, count, start) }
    let size = DenseElements.elementSize(element)
    let (all, overflow) = size.multipliedReportingOverflow(by: count)
    let isSplat = size > 0 && bytes.count == size
    guard isSplat || !overflow && bytes.count == all else {
      throw error("\(bytes.count) bytes are not the elements of '\(type)'", at: start)
    }
    return context.dense(type, bytes: bytes, isSplat: isSplat).raw
  }

  /// Eight to a byte, a splat's byte with all bits set or none; newer writers take a byte for each.
  private func denseBooleans(
    _ bytes: UnsafeRawBufferPointer, _ type: Type, _ count: Int, _ start: Int
  ) throws(Reported) -> UInt32 {
    let packed = count / 8 + (count % 8 == 0 ? 0 : 1)
    let values: [UInt8]
    var isSplat = bytes.count == 1 && (bytes[0] == 0 || bytes[0] == 0xff)
    if isSplat {
      values = [bytes[0] & 1]
    } else if bytes.count == packed {
      values = (0..<count).map { bytes[$0 / 8] >> UInt8($0 % 8) & 1 }
    } else if bytes.count == count || bytes.count == 1 && count > 0 && bytes[0] == 1 {
      values = bytes.map { $0 & 1 }
      isSplat = bytes.count == 1
    } else {
      throw error("\(bytes.count) bytes are not the elements of '\(type)'", at: start)
    }
    return values.withUnsafeBytes { context.dense(type, bytes: $0, isSplat: isSplat).raw }
  }

  private mutating func denseArray(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let start = cursor.position
    let element = try type(&cursor)
    let number = try variable(&cursor)
    let bytes = try blob(&cursor)
    weight &+= bytes.count
    guard let width = element.bitWidth, element.isIntOrFloat,
      width == 1 || [8, 16, 32, 64].contains(width)
    else {
      throw error("a dense array's elements are not of whole bytes", at: start)
    }
    let size = (width + 7) / 8
    guard number == UInt64(bytes.count / size), bytes.count % size == 0 else {
      throw error("\(bytes.count) bytes are not \(number) elements of '\(element)'", at: start)
    }
    var words: [UInt64] = [UInt64(element.raw)]
    words.reserveCapacity(1 + bytes.count / size)
    let isSigned = element.isInteger && element.signedness != .unsigned
    for offset in stride(from: 0, to: bytes.count, by: size) {
      var word: UInt64 = 0
      for byte in 0..<size { word |= UInt64(bytes[offset + byte]) << UInt64(8 * byte) }
      if isSigned {
        let shift = Int64(64 - width)
        word = UInt64(bitPattern: (Int64(bitPattern: word) << shift) >> shift)
      }
      words.append(word)
    }
    return make(.denseArray, words)
  }

  private mutating func denseStrings(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let start = cursor.position
    let (type, count) = try elementsType(&cursor)
    let isSplat = try variable(&cursor) != 0
    let number = isSplat ? 1 : count
    guard number <= cursor.remaining else { throw tooMany(UInt64(number), "strings", start) }
    var words: [UInt64] = [UInt64(type.raw), isSplat ? 1 : 0]
    words.reserveCapacity(2 + number)
    for _ in 0..<number { words.append(UInt64(try string(&cursor).raw)) }
    weight &+= number
    return make(.denseString, words)
  }

  private mutating func sparseElements(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let start = cursor.position
    let (type, _) = try elementsType(&cursor)
    let indices = try attribute(&cursor)
    let values = try attribute(&cursor)
    guard let positions = indices.denseElements, positions.type.elementType.isIntOrIndex,
      let valueType = values.type, values.kind == .denseElements || values.kind == .denseString,
      valueType.rank == 1, valueType.elementType == type.elementType
    else {
      throw error("sparse elements have no dense indices and values", at: start)
    }
    let shape = positions.type.shape
    guard
      shape == [valueType.dimension(0), type.rank] || type.rank == 1 && shape == valueType.shape
    else {
      throw error("sparse elements have indices of shape \(shape)", at: start)
    }
    let sizes = type.shape
    if type.rank > 0, !positions.isSplat || shape[0] > 0 {
      let stored = positions.isSplat ? 1 : positions.count
      for i in 0..<stored {
        let index = positions.integer(i)
        let allowed =
          positions.isSplat ? sizes.min() ?? 0 : sizes[i % type.rank]
        if index < 0 || index >= allowed {
          throw error("a sparse index, \(index), is outside of '\(type)'", at: start)
        }
      }
    }
    return context.sparseElements(type, indices: indices, values: values).raw
  }

  // MARK: Locations

  private mutating func location(_ cursor: inout ByteCursor, _ code: Bytecode.AttributeCode)
    throws(Reported) -> UInt32
  {
    switch code {
    case .fileLineColumn:
      let file = try text(&cursor)
      let line = try place(&cursor)
      let column = try place(&cursor)
      return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 3) { words in
        words[0] = UInt64(file.raw)
        words[1] = line
        words[2] = column
        return context.builtinAttribute(.fileLocation, words: UnsafeBufferPointer(words)).raw
      }
    case .fileRange: return try fileRange(&cursor)
    case .callSite:
      let callee = try locationNumber(&cursor)
      return make(.callSiteLocation, [UInt64(callee), UInt64(try locationNumber(&cursor))])
    case .name:
      let name = try text(&cursor)
      return make(.nameLocation, [UInt64(name.raw), UInt64(try locationNumber(&cursor))])
    case .fused, .fusedWithMetadata:
      let number = try count(&cursor, "locations")
      var words = [UInt64(UInt32.max)]
      words.reserveCapacity(number + 1)
      for _ in 0..<number { words.append(UInt64(try locationNumber(&cursor))) }
      if code == .fusedWithMetadata { words[0] = UInt64(try attributeNumber(&cursor)) }
      return make(.fusedLocation, words)
    default: return context.unknownLocation.attribute.raw
    }
  }

  /// The number of an attribute that is a location.
  mutating func locationNumber(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let position = cursor.position
    let attribute = try attribute(&cursor)
    guard attribute.isLocation else { throw error("expected a location", at: position) }
    return attribute.raw
  }

  private func place(_ cursor: inout ByteCursor) throws(Reported) -> UInt64 {
    let position = cursor.position
    let value = try variable(&cursor)
    guard value <= UInt64(UInt32.max) else {
      throw error("\(value) is not a line or column", at: position)
    }
    return value
  }

  private mutating func fileRange(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let file = try text(&cursor)
    let position = cursor.position
    let number = try variable(&cursor)
    guard number <= 4 else { throw error("a range has \(number) places", at: position) }
    var places: [UInt64] = []
    for _ in 0..<number { places.append(try place(&cursor)) }
    let line = places.first ?? 0
    let column = places.count > 1 ? places[1] : 0
    switch number {
    case 3: return make(.fileLocation, [UInt64(file.raw), line, column, line, places[2]])
    case 4: return make(.fileLocation, [UInt64(file.raw), line, column, places[2], places[3]])
    default: return make(.fileLocation, [UInt64(file.raw), line, column])
    }
  }
}
