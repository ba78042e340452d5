import MartletDialects
import MartletIR
import MartletRewriting

/// Operations of vector, and constants, as the lowerings of vector make them.
extension PatternRewriter {
  // MARK: Constants

  /// Zero of `type`, every element of it; nil for types without one.
  func zeroAttribute(_ type: Type) -> Attribute? {
    let element = type.isShaped ? type.elementType : type
    let zero: Attribute
    if element.isFloat {
      zero = context.floatAttribute(0, element)
    } else if element.isIntOrIndex {
      zero = context.integerAttribute(0, element)
    } else {
      return nil
    }
    return type.isShaped ? context.splat(type, zero) : zero
  }

  func arithConstant(_ value: Attribute, _ type: Type) -> Value {
    create(Arith.constant, results: [type], attributes: [("value", value)]).result()
  }

  func zeroConstant(_ type: Type) -> Value? {
    zeroAttribute(type).map { arithConstant($0, type) }
  }

  func indexConstant(_ value: Int) -> Value {
    arithConstant(context.indexAttribute(value), context.index)
  }

  func poison(_ type: Type) -> Value {
    create(
      UB.poison, results: [type], attributes: [("value", context.attribute(UB.poisonAttribute))]
    ).result()
  }

  func arith(_ name: String, _ operands: [Value], _ type: Type? = nil) -> Value {
    create(
      context.operationName("arith." + name), operands, results: [type ?? operands[0].type]
    ).result()
  }

  func compareIntegers(_ predicate: String, _ a: Value, _ b: Value) -> Value {
    let number = Arith.integerPredicates.value(predicate) ?? 0
    let type =
      a.type.isVector ? a.type.cloned(elementType: context.i1) : context.i1
    return create(
      Arith.cmpi, [a, b], results: [type],
      attributes: [("predicate", context.i64Attribute(Int(number)))]
    ).result()
  }

  // MARK: Elements and parts

  func vectorExtract(_ source: Value, _ position: [Int]) -> Value {
    create(
      VectorDialect.extract, [source], results: [source.type.vectorPart(at: position.count)],
      attributes: [("static_position", context.denseI64Array(position))]
    ).result()
  }

  func vectorInsert(_ value: Value, into dest: Value, _ position: [Int]) -> Value {
    create(
      VectorDialect.insert, [value, dest], results: [dest.type],
      attributes: [("static_position", context.denseI64Array(position))]
    ).result()
  }

  func vectorBroadcast(_ value: Value, to type: Type) -> Value {
    create(VectorDialect.broadcast, [value], results: [type]).result()
  }

  func vectorShapeCast(_ value: Value, to type: Type) -> Value {
    create(VectorDialect.shapeCast, [value], results: [type]).result()
  }

  func vectorTranspose(_ value: Value, _ permutation: [Int]) -> Value {
    let type = value.type
    var scalable: UInt64 = 0
    for (i, source) in permutation.enumerated() {
      scalable |= ((type.scalableMask >> UInt64(source)) & 1) << UInt64(i)
    }
    return create(
      VectorDialect.transpose, [value],
      results: [
        context.vector(permutation.map { type.shape[$0] }, type.elementType, scalable: scalable)
      ], attributes: [("permutation", context.denseI64Array(permutation))]
    ).result()
  }

  func vectorShuffle(_ a: Value, _ b: Value, _ mask: [Int]) -> Value {
    create(
      VectorDialect.shuffle, [a, b],
      results: [context.vector([mask.count] + a.type.shape.dropFirst(), a.type.elementType)],
      attributes: [("mask", context.denseI64Array(mask))]
    ).result()
  }

  func i64Array(_ values: some Sequence<Int>) -> Attribute {
    context.array(values.map { context.i64Attribute($0) })
  }

  func vectorExtractSlice(
    _ source: Value, _ offsets: [Int], _ sizes: [Int], _ strides: [Int]
  ) -> Value {
    let type = source.type
    // A scalable dimension stays one only where it is taken whole.
    var scalable: UInt64 = 0
    for i in 0..<type.rank where type.scalableMask >> UInt64(i) & 1 == 1 {
      if i >= sizes.count || sizes[i] == type.shape[i] { scalable |= 1 << UInt64(i) }
    }
    let result = context.vector(
      sizes + type.shape.dropFirst(sizes.count), type.elementType, scalable: scalable)
    return create(
      VectorDialect.extractStridedSlice, [source], results: [result],
      attributes: [
        ("offsets", i64Array(offsets)), ("sizes", i64Array(sizes)), ("strides", i64Array(strides)),
      ]
    ).result()
  }

  func vectorInsertSlice(
    _ value: Value, into dest: Value, _ offsets: [Int], _ strides: [Int]
  ) -> Value {
    create(
      VectorDialect.insertStridedSlice, [value, dest], results: [dest.type],
      attributes: [("offsets", i64Array(offsets)), ("strides", i64Array(strides))]
    ).result()
  }

  /// An integer or index as `type`, another of these.
  func castIndexLike(_ value: Value, to type: Type) -> Value {
    if value.type == type { return value }
    if value.type.isIndex || type.isIndex { return arith("index_cast", [value], type) }
    let from = value.type.bitWidth ?? 0
    let to = type.bitWidth ?? 0
    return arith(from < to ? "extsi" : "trunci", [value], type)
  }

  // MARK: Masks

  /// `operation`, or the `vector.mask` made around it where there is a mask.
  func masked(_ operation: Operation, by mask: Value?) -> Operation {
    guard let mask else { return operation }
    let made = create(
      VectorDialect.mask, [mask], results: operation.results.types,
      attributes: [])
    let block = made.region().addBlock()
    operation.move(before: made)
    block.append(operation)
    let saved = insertionPoint
    insertionPoint = .atEnd(of: block)
    create(VectorDialect.yield, Array(operation.results))
    insertionPoint = saved
    return made
  }

  /// `value` where `mask` is set and `otherwise` elsewhere; `value` without a mask.
  func select(_ mask: Value?, _ value: Value, _ otherwise: Value) -> Value {
    guard let mask else { return value }
    return arith("select", [mask, value, otherwise], value.type)
  }
}

extension Type {
  /// What `vector.extract` gives at a position of `count` numbers.
  func vectorPart(at count: Int) -> Type {
    if count >= rank { return elementType }
    return context.vector(
      Array(shape.dropFirst(count)), elementType, scalable: scalableMask >> UInt64(count))
  }

  /// A vector without dimension `i`.
  func droppingDimension(_ i: Int) -> Type {
    var shape = shape
    shape.remove(at: i)
    let low = scalableMask & ((1 << UInt64(i)) - 1)
    let high = (scalableMask >> UInt64(i + 1)) << UInt64(i)
    return context.vector(shape, elementType, scalable: low | high)
  }

  func isScalableDimension(_ i: Int) -> Bool { scalableMask >> UInt64(i) & 1 == 1 }

  /// Whether a lowering may write an operation for every element: it would take memory without
  /// bound for absurd shapes.
  var canBeUnrolled: Bool {
    guard isVector, let count = elementCount else { return false }
    return count <= 1 << 16
  }

  /// The element type, of a scalar the type itself.
  var elementOrSelf: Type { isShaped ? elementType : self }
}

/// The positions of an array of this shape in row-major order.
func rowMajorPositions(_ shape: [Int]) -> [[Int]] {
  var positions: [[Int]] = [[]]
  for size in shape { positions = positions.flatMap { p in (0..<size).map { p + [$0] } } }
  return positions
}
