import MartletIR
import MartletSupport

extension BytecodeReader {
  /// A type in one of the encodings of the builtin dialect.
  mutating func decodeType(_ cursor: inout ByteCursor, _ dialect: Int) throws(Reported) -> UInt32 {
    let start = cursor.position
    guard dialect == builtinDialect else {
      throw error("types of dialect '\(dialects[dialect])' have no encoding known here", at: start)
    }
    let code = try variable(&cursor)
    guard let code = Bytecode.TypeCode(rawValue: code) else {
      throw error("there is no builtin type of code \(code)", at: start)
    }
    switch code {
    case .integer:
      let word = try variable(&cursor)
      guard word >> 2 < 1 << 24, let signedness = Signedness(rawValue: word & 3) else {
        throw error("an integer type is not of a width or signedness there is", at: start)
      }
      return context.integer(Int(word >> 2), signedness).raw
    case .index: return context.index.raw
    case .function:
      let inputs = try types(&cursor)
      return context.function(inputs, try types(&cursor)).raw
    case .bf16: return context.float(.bf16).raw
    case .f16: return context.float(.f16).raw
    case .f32: return context.f32.raw
    case .f64: return context.f64.raw
    case .f80: return context.float(.f80).raw
    case .f128: return context.float(.f128).raw
    case .complex:
      let element = try type(&cursor)
      guard element.isIntOrFloat else {
        throw error("invalid element type for complex", at: start)
      }
      return context.complex(element).raw
    case .memRef, .memRefWithSpace:
      return try memRef(&cursor, hasSpace: code == .memRefWithSpace, start)
    case .none: return context.noneType.raw
    case .rankedTensor:
      let shape = try shape(&cursor)
      return context.tensor(shape, try elementType(&cursor, "tensor")).raw
    case .rankedTensorWithEncoding:
      let encoding = try attribute(&cursor)
      let shape = try shape(&cursor)
      return context.tensor(shape, try elementType(&cursor, "tensor"), encoding: encoding).raw
    case .tuple: return context.tuple(try types(&cursor)).raw
    case .unrankedMemRef: return context.unrankedMemRef(try elementType(&cursor, "memref")).raw
    case .unrankedMemRefWithSpace:
      let space = try attribute(&cursor)
      return context.unrankedMemRef(
        try elementType(&cursor, "memref"), memorySpace: Self.canonicalSpace(space)
      ).raw
    case .unrankedTensor: return context.unrankedTensor(try elementType(&cursor, "tensor")).raw
    case .vector: return try vector(&cursor, isScalable: false)
    case .scalableVector: return try vector(&cursor, isScalable: true)
    }
  }

  private mutating func types(_ cursor: inout ByteCursor) throws(Reported) -> [Type] {
    let number = try count(&cursor, "types")
    var list: [Type] = []
    list.reserveCapacity(number)
    for _ in 0..<number { list.append(try type(&cursor)) }
    return list
  }

  private mutating func shape(_ cursor: inout ByteCursor) throws(Reported) -> [Int] {
    let number = try count(&cursor, "dimensions")
    weight += number
    var shape: [Int] = []
    shape.reserveCapacity(number)
    for _ in 0..<number {
      let position = cursor.position
      let size = Int(try signed(&cursor))
      guard size >= 0 || size == Type.dynamic else {
        throw error("\(size) is not a dimension", at: position)
      }
      shape.append(size)
    }
    return shape
  }

  private mutating func elementType(_ cursor: inout ByteCursor, _ what: String) throws(Reported)
    -> Type
  {
    let position = cursor.position
    let type = try type(&cursor)
    guard Parser.isElementType(type, of: what) else {
      throw error("invalid \(what) element type", at: position)
    }
    return type
  }

  /// Memory space 0 is the default and is left out.
  private static func canonicalSpace(_ space: Attribute) -> Attribute? {
    space.integerValue == 0 ? nil : space
  }

  private mutating func memRef(_ cursor: inout ByteCursor, hasSpace: Bool, _ start: Int)
    throws(Reported) -> UInt32
  {
    let space = hasSpace ? try attribute(&cursor) : nil
    let shape = try shape(&cursor)
    let element = try elementType(&cursor, "memref")
    let layout = try attribute(&cursor)
    let rank: Int
    switch layout.kind {
    case .affineMap: rank = layout.affineMap?.dimensionCount ?? -1
    case .stridedLayout: rank = layout.strided?.strides.count ?? -1
    default: throw error("a memref's layout is neither an affine map nor strided", at: start)
    }
    guard rank == shape.count else {
      throw error(
        "memref layout mismatch between rank and layout: \(shape.count) != \(rank)", at: start)
    }
    return context.memRef(
      shape, element, layout: layout, memorySpace: space.flatMap(Self.canonicalSpace)
    ).raw
  }

  private mutating func vector(_ cursor: inout ByteCursor, isScalable: Bool) throws(Reported)
    -> UInt32
  {
    let start = cursor.position
    var mask: UInt64 = 0
    var flags = 0
    if isScalable {
      flags = try count(&cursor, "dimensions")
      for i in 0..<flags where try byte(&cursor) != 0 {
        guard i < 64 else { throw error("vector type has too many dimensions", at: start) }
        mask |= 1 << UInt64(i)
      }
    }
    let shape = try shape(&cursor)
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw error("vector types must have positive constant sizes", at: start)
    }
    guard !isScalable || flags == shape.count else {
      throw error("a vector type has \(flags) scalable flags for \(shape.count) sizes", at: start)
    }
    let element = try type(&cursor)
    guard Parser.isVectorElementType(element) else {
      throw error("invalid vector element type", at: start)
    }
    return context.vector(shape, element, scalable: mask).raw
  }
}
