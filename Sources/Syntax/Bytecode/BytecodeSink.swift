import MartletIR
import MartletSupport

/// Takes the parts an attribute, a type or properties are encoded as. One description of each encoding serves
/// numbering, which needs only what is referred to, and writing.
protocol BytecodeSink: ~Copyable {
  mutating func attribute(_ attribute: Attribute)
  mutating func optionalAttribute(_ attribute: Attribute?)
  mutating func type(_ type: Type)
  mutating func resource(_ key: Identifier)
  mutating func integer(_ value: UInt64)
  mutating func byte(_ value: UInt8)
  mutating func string(_ text: Identifier)
  /// Bytes with their number in front.
  mutating func blob(_ bytes: UnsafeRawBufferPointer)
}

extension BytecodeSink where Self: ~Copyable {
  /// Zigzag: the sign is the lowest bit.
  @inline(__always) mutating func signed(_ value: Int64) {
    integer(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  /// The bits of an integer or float of `width` bits, given least significant word first.
  mutating func bits(_ words: some RandomAccessCollection<UInt64>, width: Int) {
    guard width > 64 else {
      let word = words.first ?? 0
      let kept = width == 64 ? word : word & ((1 << UInt64(width)) - 1)
      if width <= 8 {
        byte(UInt8(truncatingIfNeeded: kept))
      } else {
        signed(Int64(bitPattern: kept))
      }
      return
    }
    let count = (width + 63) / 64
    let filler: UInt64 = (words.last ?? 0) >> 63 == 1 ? .max : 0
    var all = Array(words.prefix(count))
    while all.count < count { all.append(filler) }
    if width % 64 != 0 { all[count - 1] &= (1 << UInt64(width % 64)) - 1 }
    while all.count > 1, all.last == 0 { all.removeLast() }
    integer(UInt64(all.count))
    for word in all { signed(Int64(bitPattern: word)) }
  }

  @inline(__always) mutating func attributeCode(_ code: Bytecode.AttributeCode) {
    integer(code.rawValue)
  }
  @inline(__always) mutating func typeCode(_ code: Bytecode.TypeCode) { integer(code.rawValue) }

  // MARK: Attributes

  /// Encodes a builtin attribute; false, with nothing done, for one that is kept as text.
  mutating func encode(_ attribute: Attribute) -> Bool {
    guard let kind = attribute.kind else { return false }
    switch kind {
    case .unit: attributeCode(.unit)
    case .integer:
      let type = attribute.typeWord(0)
      attributeCode(.integer)
      self.type(type)
      bits(attribute.words[1...], width: type.bitWidth ?? 64)
    case .float:
      let type = attribute.typeWord(0)
      attributeCode(.float)
      self.type(type)
      bits(attribute.words[1...], width: type.bitWidth ?? 64)
    case .string:
      let type = attribute.type
      attributeCode(type == nil ? .string : .typedString)
      string(attribute.identifierWord(0))
      if let type { self.type(type) }
    case .array:
      attributeCode(.array)
      let context = attribute.context
      integer(UInt64(attribute.words.count))
      for word in attribute.words {
        self.attribute(context.attribute(number: UInt32(truncatingIfNeeded: word)))
      }
    case .dictionary: encodeDictionary(attribute)
    case .symbolRef: encodeSymbolRef(attribute)
    case .type:
      attributeCode(.type)
      type(attribute.typeWord(0))
    case .denseElements, .denseString, .denseArray, .denseResource, .sparseElements:
      encodeElements(attribute, kind)
    case .distinct:
      attributeCode(.distinct)
      if let inner = attribute.distinctReference { self.attribute(inner) }
    case .unknownLocation, .fileLocation, .nameLocation, .callSiteLocation, .fusedLocation:
      encodeLocation(attribute, kind)
    case .affineMap, .integerSet, .stridedLayout, .opaque: return false
    }
    return true
  }

  private mutating func encodeDictionary(_ attribute: Attribute) {
    attributeCode(.dictionary)
    let context = attribute.context
    let words = attribute.words
    integer(UInt64(words.count / 2))
    var i = 0
    while i < words.count {
      self.attribute(context.string(attribute.identifierWord(i)))
      self.attribute(context.attribute(number: UInt32(truncatingIfNeeded: words[i + 1])))
      i += 2
    }
  }

  private mutating func encodeSymbolRef(_ reference: Attribute) {
    let context = reference.context
    let nested = reference.nestedReferences
    attributeCode(nested.isEmpty ? .flatSymbolRef : .symbolRef)
    attribute(context.string(reference.identifierWord(0)))
    if nested.isEmpty { return }
    integer(UInt64(nested.count))
    for name in nested { attribute(context.symbolRef(name.string)) }
  }

  private mutating func encodeElements(_ attribute: Attribute, _ kind: BuiltinAttributeKind) {
    type(attribute, kind)
    switch kind {
    case .denseElements:
      guard let elements = attribute.denseElements else { return }
      if elements.type.elementType.isInteger(1) {
        booleans(elements)
      } else {
        blob(elements.bytes)
      }
    case .denseString:
      integer(attribute.isSplat ? 1 : 0)
      for text in attribute.denseStrings ?? [] { string(text) }
    case .denseArray:
      let element = attribute.typeWord(0)
      let words = attribute.words.dropFirst()
      integer(UInt64(words.count))
      let size = DenseElements.elementSize(element)
      let mask: UInt64 = element.isInteger(1) ? 1 : .max
      withUnsafeTemporaryAllocation(byteCount: max(1, words.count * size), alignment: 8) { memory in
        var offset = 0
        for word in words {
          for byte in 0..<size {
            memory[offset] = UInt8(
              truncatingIfNeeded: byte < 8 ? (word & mask) >> UInt64(8 * byte) : 0)
            offset += 1
          }
        }
        blob(UnsafeRawBufferPointer(rebasing: memory[..<offset]))
      }
    case .denseResource: resource(attribute.identifierWord(1))
    default:
      if let indices = attribute.attributeWord(1) { self.attribute(indices) }
      if let values = attribute.attributeWord(2) { self.attribute(values) }
    }
  }

  /// Eight to a byte; a splat's byte has all bits set or none.
  private mutating func booleans(_ elements: DenseElements) {
    if elements.isSplat {
      var byte: UInt8 = elements.bytes.first.map { $0 & 1 == 1 } ?? false ? 0xff : 0
      withUnsafeBytes(of: &byte) { blob($0) }
      return
    }
    let length = (elements.bytes.count + 7) / 8
    withUnsafeTemporaryAllocation(byteCount: max(1, length), alignment: 1) { packed in
      for i in 0..<length { packed[i] = 0 }
      for (i, value) in elements.bytes.enumerated() where value & 1 == 1 {
        packed[i / 8] |= 1 << UInt8(i % 8)
      }
      blob(UnsafeRawBufferPointer(rebasing: packed[..<length]))
    }
  }

  /// The code and the type of an elements attribute.
  private mutating func type(_ attribute: Attribute, _ kind: BuiltinAttributeKind) {
    switch kind {
    case .denseElements: attributeCode(.denseElements)
    case .denseString: attributeCode(.denseStrings)
    case .denseArray: attributeCode(.denseArray)
    case .denseResource: attributeCode(.denseResource)
    default: attributeCode(.sparseElements)
    }
    type(attribute.typeWord(0))
  }

  private mutating func encodeLocation(_ location: Attribute, _ kind: BuiltinAttributeKind) {
    let words = location.words
    switch kind {
    case .fileLocation:
      let file = location.context.string(location.identifierWord(0))
      if words.count == 3 || words[1] == words[3] && words[2] == words[4] {
        fileLineColumn(file, line: words[1], column: words[2])
      } else {
        attributeCode(.fileRange)
        attribute(file)
        encodeRange((words[1], words[2]), (words[3], words[4]))
      }
    case .nameLocation:
      attributeCode(.name)
      attribute(location.context.string(location.identifierWord(0)))
      if let child = location.attributeWord(1) { attribute(child) }
    case .callSiteLocation:
      attributeCode(.callSite)
      for i in 0..<2 { if let part = location.attributeWord(i) { attribute(part) } }
    case .fusedLocation:
      let metadata = location.attributeWord(0)
      attributeCode(metadata == nil ? .fused : .fusedWithMetadata)
      integer(UInt64(words.count - 1))
      for i in 1..<words.count { if let part = location.attributeWord(i) { attribute(part) } }
      if let metadata { attribute(metadata) }
    default: attributeCode(.unknownLocation)
    }
  }

  mutating func fileLineColumn(_ file: Attribute, line: UInt64, column: UInt64) {
    attributeCode(.fileLineColumn)
    attribute(file)
    integer(line)
    integer(column)
  }

  /// As few of start line, start column, end line and end column as say it.
  private mutating func encodeRange(
    _ start: (line: UInt64, column: UInt64), _ end: (line: UInt64, column: UInt64)
  ) {
    if start == (0, 0), end == (0, 0) {
      integer(0)
    } else if start.column == 0, start.line == end.line {
      integer(1)
      integer(start.line)
    } else if start.line == end.line {
      integer(3)
      integer(start.line)
      integer(start.column)
      integer(end.column)
    } else {
      integer(4)
      integer(start.line)
      integer(start.column)
      integer(end.line)
      integer(end.column)
    }
  }

  // MARK: Types

  /// Encodes a builtin type; false, with nothing done, for one that is kept as text.
  mutating func encode(_ type: Type) -> Bool {
    switch type.kind {
    case .integer:
      typeCode(.integer)
      integer(UInt64(type.bitWidth ?? 0) << 2 | type.signedness.rawValue)
    case .index: typeCode(.index)
    case .none?: typeCode(.none)
    case .float:
      guard let code = floatCode(type) else { return false }
      typeCode(code)
    case .complex:
      typeCode(.complex)
      self.type(type.elementType)
    case .function:
      typeCode(.function)
      let inputs = Int(type.words[0])
      types(of: type, 1..<(1 + inputs))
      types(of: type, (1 + inputs)..<type.words.count)
    case .tuple:
      typeCode(.tuple)
      types(of: type, 0..<type.words.count)
    case .vector: encodeVector(type)
    case .rankedTensor:
      typeCode(type.encoding == nil ? .rankedTensor : .rankedTensorWithEncoding)
      if let encoding = type.encoding { attribute(encoding) }
      shape(type.words[2...])
      self.type(type.elementType)
    case .unrankedTensor:
      typeCode(.unrankedTensor)
      self.type(type.elementType)
    case .memRef:
      typeCode(type.memorySpace == nil ? .memRef : .memRefWithSpace)
      if let space = type.memorySpace { attribute(space) }
      shape(type.words[3...])
      self.type(type.elementType)
      let context = type.context
      attribute(type.layout ?? context.affineMapAttribute(context.identityMap(type.rank)))
    case .unrankedMemRef:
      typeCode(type.memorySpace == nil ? .unrankedMemRef : .unrankedMemRefWithSpace)
      if let space = type.memorySpace { attribute(space) }
      self.type(type.elementType)
    case .opaque, .graph, nil: return false
    }
    return true
  }

  private func floatCode(_ type: Type) -> Bytecode.TypeCode? {
    switch type.floatKind {
    case .bf16: .bf16
    case .f16: .f16
    case .f32: .f32
    case .f64: .f64
    case .f80: .f80
    case .f128: .f128
    default: nil
    }
  }

  private mutating func types(of type: Type, _ words: Range<Int>) {
    integer(UInt64(words.count))
    for i in words { self.type(type.typeWord(i)) }
  }

  private mutating func shape(_ sizes: Slice<WordView>) {
    integer(UInt64(sizes.count))
    for size in sizes { signed(Int64(bitPattern: size)) }
  }

  private mutating func encodeVector(_ type: Type) {
    let mask = type.scalableMask
    typeCode(mask == 0 ? .vector : .scalableVector)
    if mask != 0 {
      integer(UInt64(type.rank))
      for i in 0..<type.rank { byte(i < 64 && mask >> UInt64(i) & 1 == 1 ? 1 : 0) }
    }
    shape(type.words[2...])
    self.type(type.elementType)
  }
}
