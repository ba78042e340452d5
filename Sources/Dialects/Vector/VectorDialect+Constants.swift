import MartletIR

/// Row-major positions in shapes of static sizes.
enum RowMajor {
  /// How many elements apart neighbours along each dimension are.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = Array(repeating: 1, count: shape.count)
    for i in shape.indices.reversed().dropFirst() { strides[i] = strides[i + 1] * shape[i + 1] }
    return strides
  }

  static func linear(_ position: [Int], _ strides: [Int]) -> Int {
    zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 }
  }

  static func position(_ linear: Int, _ strides: [Int]) -> [Int] {
    var rest = linear
    return strides.map { stride in
      defer { rest %= max(stride, 1) }
      return rest / max(stride, 1)
    }
  }

  /// The linear positions, in a tensor of `shape`, of the box of `sizes` at `offsets`, in row-major order.
  static func box(_ offsets: [Int], _ sizes: [Int], in shape: [Int]) -> [Int] {
    let strides = strides(shape)
    let inner = Self.strides(sizes)
    return (0..<sizes.reduce(1, *)).map { i in
      linear(zip(position(i, inner), offsets).map { $0 + $1 }, strides)
    }
  }
}

/// Constants of vector operations.
extension VectorDialect {
  /// Folding makes no new constants of more elements where the old one stays in use as well.
  static let largestCopiedConstant = 256

  /// The poison that `value` is known to be.
  static func poison(_ value: Value) -> Attribute? {
    guard let constant = value.constant, constant.is(UB.poisonAttribute) else { return nil }
    return constant
  }

  static func poison(_ context: Context) -> FoldResult {
    .attribute(context.attribute(UB.poisonAttribute))
  }

  static func isPoison(_ attribute: Attribute?) -> Bool {
    attribute?.is(UB.poisonAttribute) ?? false
  }

  /// The elements a constant vector has: integers or floats of up to 64 bits.
  static func dense(_ value: Value) -> DenseElements? {
    guard let constant = value.constant, constant.kind == .denseElements,
      let dense = constant.denseElements
    else { return nil }
    let element = dense.type.elementType
    let isPlain = element.isIntOrIndex || element.isFloat
    return isPlain && (element.bitWidth ?? 65) <= 64 ? dense : nil
  }

  /// The constant of `type`, every element `bits`; scalable vectors have such constants too.
  static func splat(_ type: Type, bits: UInt64) -> Attribute? {
    let element = type.elementType
    guard (element.bitWidth ?? 65) <= 64 else { return nil }
    let context = type.context
    if element.isFloat { return context.splat(type, context.floatAttribute(bits: [bits], element)) }
    guard element.isIntOrIndex else { return nil }
    return context.splat(type, context.integerAttribute(Int64(bitPattern: bits), element))
  }

  /// The one element of a splat, as bytes of a constant of `type`.
  static func splat(_ type: Type, like dense: DenseElements) -> Attribute {
    type.context.dense(type, bytes: dense.bytes, isSplat: true)
  }

  /// The constant of `type` whose elements are those of `dense` at `positions`; of a splat, the splat.
  static func elements(of dense: DenseElements, at positions: [Int], _ type: Type) -> Attribute {
    if dense.isSplat { return splat(type, like: dense) }
    let size = dense.elementSize
    var bytes: [UInt8] = []
    bytes.reserveCapacity(positions.count * size)
    for position in positions { bytes += dense.bytes[position * size..<(position + 1) * size] }
    return bytes.withUnsafeBytes { type.context.dense(type, bytes: $0) }
  }

  /// `dense` with its elements at `positions` replaced by `values`' elements in order.
  static func replacing(_ dense: DenseElements, at positions: [Int], by values: DenseElements)
    -> Attribute
  {
    replacing(dense, at: positions) { i in
      let size = values.elementSize
      let start = values.isSplat ? 0 : i * size
      return values.bytes[start..<start + size]
    }
  }

  /// `dense` with the bytes of its elements at `positions` replaced.
  static func replacing(
    _ dense: DenseElements, at positions: [Int],
    by bytes: (Int) -> Slice<UnsafeRawBufferPointer>
  ) -> Attribute {
    let size = dense.elementSize
    var all: [UInt8] = []
    if dense.isSplat {
      all.reserveCapacity(dense.count * size)
      for _ in 0..<dense.count { all += dense.bytes }
    } else {
      all = Array(dense.bytes)
    }
    for (i, position) in positions.enumerated() {
      all.replaceSubrange(position * size..<(position + 1) * size, with: bytes(i))
    }
    return all.withUnsafeBytes { dense.type.context.dense(dense.type, bytes: $0) }
  }

  /// The bytes of one element of type `element` that a scalar constant has; an integer is cut or
  /// extended to it, and of a float put where an integer belongs the bits are taken.
  static func elementBytes(_ scalar: Attribute, _ element: Type) -> [UInt8]? {
    let size = DenseElements.elementSize(element)
    var words: [UInt64]
    switch scalar.kind {
    case .integer where element.isIntOrIndex:
      words = scalar.integerWords
      if element.isInteger(1) { words[0] &= 1 }
    case .float where scalar.type == element || element.isInteger:
      words = scalar.floatBits
    default: return nil
    }
    guard !words.isEmpty, scalar.type == element || size <= 8 else { return nil }
    while words.count * 8 < size {
      words.append(Int64(bitPattern: words[words.count - 1]) < 0 ? .max : 0)
    }
    return words.withUnsafeBytes { Array($0[0..<size]) }
  }

  // MARK: Kinds of vectors

  /// Whether dimension `i` of a vector type counts a multiple of the machine's vector scale.
  static func isScalable(_ type: Type, _ i: Int) -> Bool { type.scalableMask >> UInt64(i) & 1 != 0 }

  /// The scalable dimensions of a vector type put in the order `permutation`.
  static func permuted(_ type: Type, _ permutation: [Int]) -> Type {
    var mask: UInt64 = 0
    for (i, p) in permutation.enumerated() where isScalable(type, p) { mask |= 1 << UInt64(i) }
    return type.context.vector(
      permutation.map { type.dimension($0) }, type.elementType, scalable: mask)
  }

  /// Whether `source`, a vector or an element, can be broadcast to a vector of type `type`.
  static func isBroadcastable(_ source: Type, to type: Type) -> Bool {
    guard source.isVector else { return source == type.elementType }
    guard source.elementType == type.elementType, source.rank <= type.rank else { return false }
    let lead = type.rank - source.rank
    return source.shape.indices.allSatisfy { i in
      let isStretched = source.dimension(i) == 1 && !isScalable(source, i)
      return isStretched
        || source.dimension(i) == type.dimension(lead + i)
          && isScalable(source, i) == isScalable(type, lead + i)
    }
  }

  /// A broadcast, or a shape cast that only puts dimensions of size 1 in front.
  static func isBroadcastLike(_ op: Operation) -> Bool {
    if op.is(broadcast) { return true }
    guard op.is(shapeCast) else { return false }
    return op.result().type.shape.suffix(op.operand(0).type.rank) == op.operand(0).type.shape[...]
  }

  /// The scalar that all elements of `value` are by a broadcast.
  static func splatSource(_ value: Value) -> Value? {
    guard let op = value.definingOperation, op.is(broadcast), !op.operand(0).type.isVector else {
      return nil
    }
    return op.operand(0)
  }

  /// Whether the elements keep their row-major order: only dimensions of size 1 change places.
  static func isOrderPreserving(_ transpose: Operation) -> Bool {
    let type = transpose.operand(0).type
    var current = 0
    for p in transpose.attribute("permutation")?.integers ?? []
    where type.dimension(p) != 1 || isScalable(type, p) {
      if p < current { return false }
      current = p
    }
    return true
  }

  static func hasVectorOfRank0(_ op: Operation) -> Bool {
    op.operands.contains { $0.type.isVector && $0.type.rank == 0 }
      || op.results.contains { $0.type.isVector && $0.type.rank == 0 }
  }

  /// The integers of an array attribute.
  static func integers(_ op: Operation, _ name: String) -> [Int] {
    op.attribute(name)?.elements?.map { Int($0.integerValue ?? 0) } ?? []
  }

  static func integerArray(_ context: Context, _ values: [Int]) -> Attribute {
    context.array(values.map { context.i64Attribute($0) })
  }

  static func hasUnitStrides(_ op: Operation) -> Bool {
    integers(op, "strides").allSatisfy { $0 == 1 }
  }

  // MARK: Masks

  enum MaskFormat { case allTrue, allFalse, unknown }

  /// What is known of all elements of a mask.
  static func format(of mask: Value) -> MaskFormat {
    guard let op = mask.definingOperation else { return .unknown }
    if op.is(constantMask) {
      let sizes = op.attribute("mask_dim_sizes")?.integers ?? []
      if zip(sizes, mask.type.shape).allSatisfy({ $0 >= $1 }) { return .allTrue }
      return sizes.allSatisfy { $0 <= 0 } ? .allFalse : .unknown
    }
    if op.is(createMask) {
      let isClear = op.operands.contains { ($0.constantInteger ?? 1) <= 0 }
      return isClear ? .allFalse : .unknown
    }
    guard op.is(Arith.constant), let dense = dense(mask), dense.type.elementType.isInteger(1),
      !dense.bytes.isEmpty
    else { return .unknown }
    if dense.bytes.allSatisfy({ $0 != 0 }) { return .allTrue }
    return dense.bytes.allSatisfy { $0 == 0 } ? .allFalse : .unknown
  }

  /// The number that `value` is of machine vector scales.
  static func vscaleMultiplier(_ value: Value) -> Int? {
    guard let op = value.definingOperation else { return nil }
    if op.is(vscale) { return 1 }
    guard op.is(Arith.muli) else { return nil }
    for i in 0..<2 where op.operand(i).definingOperation?.is(vscale) == true {
      return op.operand(1 - i).constantInteger
    }
    return nil
  }

  /// The `vector.mask` that `op` stands in.
  static func maskingOperation(_ op: Operation) -> Operation? {
    guard let parent = op.parent, parent.is(mask) else { return nil }
    return parent
  }
}
