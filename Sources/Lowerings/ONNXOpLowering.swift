import MartletDialects
import MartletIR
import MartletSupport

/// Lowers one operation: its view, its lowered operands, and the operations of the level below.
struct ONNXOpLowering {
  typealias Rule = @Sendable (ONNXOpLowering) throws -> [Value?]

  let function: ONNXFunctionLowering
  let op: ONNXOperation

  var builder: Builder { function.builder }
  var context: Context { function.context }
  var constants: ONNXConstants { ONNXConstants(context) }

  /// The rule for each operator, by name.
  static let rules: [String: Rule] = {
    var all: [String: Rule] = [:]
    for table in [
      elementwiseRules, shapeRules, windowRules, productRules, reductionRules, recurrentRules,
    ] {
      all.merge(table) { first, _ in first }
    }
    return all
  }()

  // MARK: Operands and results

  /// The lowered operand `i`.
  func operand(_ i: Int) throws -> Value { try function.value(op.operation.operand(i)) }

  /// The attribute operand `i` is known to equal.
  func constantOperand(_ i: Int) -> Attribute? {
    op.has(i) ? ONNXDialect.constant(op.operation.operand(i)) : nil
  }

  func resultShape(_ i: Int = 0) -> [Int] { op.operation.result(i).type.shape }

  /// The signless element type of result `i`.
  func resultElement(_ i: Int = 0) -> Type {
    signlessType(op.operation.result(i).type.elementType)
  }

  /// Whether the elements of operand `i` are unsigned numbers.
  func isUnsigned(_ i: Int = 0) throws -> Bool {
    let element = try op.element(i)
    return element.signedness == .unsigned || element.isInteger(1)
  }

  func scalars(isUnsigned: Bool = false) -> ScalarEmitter {
    ScalarEmitter(builder: builder, isUnsigned: isUnsigned)
  }

  // MARK: Operations

  @discardableResult
  func create(
    _ name: String, _ operands: [Value], _ type: Type, _ attributes: [(String, Attribute)] = []
  ) -> Value {
    builder.create(
      context.operationName(name), operands, results: [type], attributes: attributes
    ).result()
  }

  func index(_ value: Int) -> Value { function.constant(context.indexAttribute(value)) }

  func empty(_ shape: [Int], _ element: Type) -> Value {
    create("tensor.empty", [], context.tensor(shape, element))
  }

  func filled(_ shape: [Int], _ element: Type, _ value: Attribute) throws -> Value {
    let scalar = function.constant(value)
    return try builder.linalg(
      Linalg.fill, inputs: [scalar], outputs: [empty(shape, element)]
    ).result()
  }

  /// The attribute for a number of the element type.
  func number(_ value: Double, _ element: Type) -> Attribute {
    element.isFloat
      ? context.floatAttribute(value, element) : context.integerAttribute(Int64(value), element)
  }

  /// The least number of the type: minus infinity for floats.
  func least(_ element: Type, isUnsigned: Bool) -> Attribute {
    if element.isFloat { return context.floatAttribute(-.infinity, element) }
    return context.integerAttribute(
      isUnsigned ? 0 : Int64.min >> Int64(64 - (element.bitWidth ?? 64)), element)
  }

  func greatest(_ element: Type, isUnsigned: Bool) -> Attribute {
    if element.isFloat { return context.floatAttribute(.infinity, element) }
    return context.integerAttribute(
      isUnsigned ? -1 : Int64.max >> Int64(64 - (element.bitWidth ?? 64)), element)
  }

  /// Dimensions in another order; where only dimensions of extent 1 move, a reshape.
  func transposed(_ value: Value, _ permutation: [Int]) throws -> Value {
    let shape = value.type.shape
    let result = permutation.map { shape[$0] }
    let order = permutation.filter { shape[$0] != 1 }
    if order == order.sorted() { return try reshaped(value, result) }
    let type = value.type.elementType
    return try builder.linalg(
      Linalg.transpose, inputs: [value], outputs: [empty(result, type)],
      attributes: [("permutation", context.denseI64Array(permutation))]
    ).result()
  }

  /// `value` repeated along `dimensions` of `shape`, which it lacks.
  func broadcast(_ value: Value, to shape: [Int], along dimensions: [Int]) throws -> Value {
    try builder.linalg(
      Linalg.broadcast, inputs: [value], outputs: [empty(shape, value.type.elementType)],
      attributes: [("dimensions", context.denseI64Array(dimensions))]
    ).result()
  }

  // MARK: Reshaping

  /// The same elements in another shape: a constant retyped, else `tensor.collapse_shape` and
  /// `tensor.expand_shape` over groups of dimensions that hold the same elements.
  func reshaped(_ value: Value, _ shape: [Int]) throws -> Value {
    let from = value.type.shape
    let element = value.type.elementType
    if from == shape { return value }
    if let operation = value.definingOperation, operation.name.string == "arith.constant",
      let attribute = operation.attribute("value"), attribute.type == value.type
    {
      return function.constant(constants.retyped(attribute, context.tensor(shape, element)))
    }
    if shape.contains(0) { return empty(shape, element) }
    guard let groups = Self.reassociation(from, shape) else {
      throw ONNXError("\(from) cannot be reshaped to \(shape)")
    }
    var current = value
    if groups.contains(where: { $0.from.count != 1 }) || (groups.isEmpty && !from.isEmpty) {
      let middle = groups.map { group in group.from.reduce(1) { $0 * from[$1] } }
      current = create(
        "tensor.collapse_shape", [current], context.tensor(middle, element),
        [("reassociation", reassociation(groups.map(\.from)))])
    }
    if groups.contains(where: { $0.to.count != 1 }) || (groups.isEmpty && !shape.isEmpty) {
      current = create(
        "tensor.expand_shape", [current], context.tensor(shape, element),
        [
          ("reassociation", reassociation(groups.map(\.to))),
          ("static_output_shape", context.denseI64Array(shape)),
        ])
    }
    return current
  }

  private func reassociation(_ groups: [[Int]]) -> Attribute {
    context.array(groups.map { group in context.array(group.map { context.i64Attribute($0) }) })
  }

  /// Runs of dimensions of two shapes that hold the same number of elements, the shortest such; empty
  /// where one of the shapes is a scalar's. Nil where the shapes differ in their number of elements.
  static func reassociation(_ a: [Int], _ b: [Int]) -> [(from: [Int], to: [Int])]? {
    guard a.reduce(1, *) == b.reduce(1, *) else { return nil }
    var groups: [(from: [Int], to: [Int])] = []
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      var (from, to) = ([i], [j])
      var (p, q) = (a[i], b[j])
      while p != q {
        if p < q {
          i += 1
          p *= a[i]
          from.append(i)
        } else {
          j += 1
          q *= b[j]
          to.append(j)
        }
      }
      i += 1
      j += 1
      groups.append((from, to))
    }
    // What is left on either side has extent 1.
    if !groups.isEmpty {
      groups[groups.count - 1].from += Array(i..<a.count)
      groups[groups.count - 1].to += Array(j..<b.count)
    }
    return groups
  }

  // MARK: Slices

  /// The part of `value` that starts at `offsets`, with every `strides`-th element.
  /// - Parameter dropping: dimensions of size 1 that the result does not have.
  func slice(
    _ value: Value, offsets: [SliceOffset], sizes: [Int], strides: [Int]? = nil,
    dropping: [Int] = []
  ) -> Value {
    let kept = sizes.indices.filter { !dropping.contains($0) }.map { sizes[$0] }
    let dynamic = offsets.compactMap(\.value)
    return create(
      "tensor.extract_slice", [value] + dynamic, context.tensor(kept, value.type.elementType),
      sliceAttributes(offsets, sizes, strides, leading: [1]))
  }

  /// `target` with `value` written over the part that starts at `offsets`.
  func inserted(
    _ value: Value, into target: Value, offsets: [SliceOffset], sizes: [Int]
  ) -> Value {
    let dynamic = offsets.compactMap(\.value)
    return create(
      "tensor.insert_slice", [value, target] + dynamic, target.type,
      sliceAttributes(offsets, sizes, nil, leading: [1, 1]))
  }

  private func sliceAttributes(
    _ offsets: [SliceOffset], _ sizes: [Int], _ strides: [Int]?, leading: [Int]
  ) -> [(String, Attribute)] {
    let dynamic = offsets.count { $0.value != nil }
    return [
      ("operandSegmentSizes", context.denseI32Array(leading + [dynamic, 0, 0])),
      ("static_offsets", context.denseI64Array(offsets.map(\.constant))),
      ("static_sizes", context.denseI64Array(sizes)),
      (
        "static_strides",
        context.denseI64Array(strides ?? Array(repeating: 1, count: sizes.count))
      ),
    ]
  }

  /// `value` with constant cells around it.
  func padded(_ value: Value, low: [Int], high: [Int], with fill: Attribute) -> Value {
    if !(low + high).contains(where: { $0 != 0 }) { return value }
    let shape = value.type.shape.indices.map { value.type.shape[$0] + low[$0] + high[$0] }
    return padded(value, low: low, high: high, shape: shape, with: function.constant(fill))
  }

  func padded(_ value: Value, low: [Int], high: [Int], shape: [Int], with scalar: Value) -> Value {
    let operation = builder.create(
      context.operationName("tensor.pad"), [value],
      results: [context.tensor(shape, value.type.elementType)],
      attributes: [
        ("operandSegmentSizes", context.denseI32Array([1, 0, 0])),
        ("static_low", context.denseI64Array(low)),
        ("static_high", context.denseI64Array(high)),
      ], regions: 1)
    let block = operation.region(0).addBlock(
      arguments: shape.map { _ in context.index })
    builder.at(.atEnd(of: block)) {
      _ = builder.create(context.operationName("tensor.yield"), [scalar])
    }
    return operation.result()
  }

  // MARK: Loops over elements

  /// A `linalg.generic` of parallel loops over `shape`; each input with the loops its dimensions are.
  func pointwise(
    _ inputs: [(value: Value, loops: [Int])], _ shape: [Int], _ element: Type,
    isUnsigned: Bool = false, body: (ScalarEmitter, [Value]) throws -> Value
  ) throws -> Value {
    let maps = inputs.map { context.projection($0.loops, of: shape.count) }
    return try builder.linalgGeneric(
      inputs: inputs.map(\.value), outputs: [empty(shape, element)],
      maps: maps + [context.identityMap(shape.count)],
      iterators: shape.map { _ in .parallel }
    ) { _, arguments in
      [try body(scalars(isUnsigned: isUnsigned), Array(arguments.dropLast()))]
    }.result()
  }

  /// As `pointwise`, with inputs broadcast by numpy's rules.
  func broadcasting(
    _ inputs: [Value], _ shape: [Int], _ element: Type, isUnsigned: Bool = false,
    body: (ScalarEmitter, [Value]) throws -> Value
  ) throws -> Value {
    try pointwise(
      try inputs.map { try aligned($0, with: shape) }, shape, element, isUnsigned: isUnsigned,
      body: body)
  }

  /// A value without the dimensions it is repeated along, and the loops the others are.
  private func aligned(_ value: Value, with shape: [Int]) throws -> (value: Value, loops: [Int]) {
    let own = value.type.shape
    let skip = shape.count - own.count
    let kept = own.indices.filter { own[$0] == shape[skip + $0] }
    return (try reshaped(value, kept.map { own[$0] }), kept.map { $0 + skip })
  }

  /// Folds the dimensions `axes`, which the result does not have.
  func folded(
    _ value: Value, _ axes: [Int], initially: Attribute, isUnsigned: Bool = false,
    body: (ScalarEmitter, _ element: Value, _ soFar: Value) throws -> Value
  ) throws -> Value {
    let shape = value.type.shape
    let kept = shape.indices.filter { !axes.contains($0) }
    let element = initially.type ?? value.type.elementType
    let start = try filled(kept.map { shape[$0] }, element, initially)
    return try builder.linalgGeneric(
      inputs: [value], outputs: [start],
      maps: [context.identityMap(shape.count), context.projection(kept, of: shape.count)],
      iterators: shape.indices.map { axes.contains($0) ? .reduction : .parallel }
    ) { _, arguments in
      [try body(scalars(isUnsigned: isUnsigned), arguments[0], arguments[1])]
    }.result()
  }

  /// A tensor each element of which is taken from `source` at the place `place` computes from the loop indices.
  func gathered(
    _ source: Value, _ shape: [Int], place: (ScalarEmitter, [Value]) throws -> [Value]
  ) throws -> Value {
    let element = source.type.elementType
    return try builder.linalgGeneric(
      inputs: [], outputs: [empty(shape, element)], maps: [context.identityMap(shape.count)],
      iterators: shape.map { _ in .parallel }
    ) { _, _ in
      let emitter = scalars()
      let indices = shape.indices.map { emitter.loopIndex($0) }
      return [
        create("tensor.extract", [source] + (try place(emitter, indices)), element)
      ]
    }.result()
  }
}

/// Where a slice starts in one dimension.
enum SliceOffset {
  case at(Int)
  case dynamic(Value)

  var value: Value? { if case .dynamic(let value) = self { value } else { nil } }
  var constant: Int { if case .at(let offset) = self { offset } else { Type.dynamic } }

  static func zeros(_ count: Int) -> [SliceOffset] { Array(repeating: .at(0), count: count) }
}
