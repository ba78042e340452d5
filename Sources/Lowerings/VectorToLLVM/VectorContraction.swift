import MartletDialects
import MartletIR
import MartletRewriting

/// Lowerings of `vector.contract` and `vector.outerproduct` to operations on vectors of one dimension.
enum VectorContraction {
  /// What contractions become.
  enum Target: String { case dot, llvmintr, outerproduct, parallelarith }

  static func patterns(_ target: Target) -> [RewritePattern] {
    [
      outerProduct,
      RewritePattern("unroll-contraction", root: VectorDialect.contract) { op, rewriter in
        guard let contraction = Contraction(op, rewriter) else { return false }
        return contraction.replace(with: contraction.lowered(target))
      },
      RewritePattern("contraction-to-outer-products", root: VectorDialect.contract) {
        op, rewriter in
        guard target == .outerproduct, let contraction = Contraction(op, rewriter) else {
          return false
        }
        return contraction.replace(with: contraction.outerProducts())
      },
    ]
  }

  /// As `llvm.intr.matrix.multiply`.
  static let matrixMultiply = RewritePattern(
    "contraction-to-matrix-intrinsic", root: VectorDialect.contract, benefit: 100
  ) { op, rewriter in
    guard let contraction = Contraction(op, rewriter) else { return false }
    return contraction.replace(with: contraction.matrixProduct())
  }

  // MARK: Arithmetic

  fileprivate static func kind(_ op: Operation) -> String {
    op.attribute("kind")?.enumValue.flatMap { VectorDialect.combiningKinds.keyword($0) } ?? "add"
  }

  /// x * y combined with `acc`; nil where the kind does not fit the type.
  fileprivate static func combine(
    _ x: Value, _ y: Value, _ acc: Value?, _ kind: String, mask: Value?,
    _ rewriter: PatternRewriter
  ) -> Value? {
    let isInteger = !x.type.elementOrSelf.isFloat
    let product: Value
    if isInteger {
      guard !["minnumf", "maxnumf", "minimumf", "maximumf"].contains(kind) else { return nil }
      product = rewriter.arith("muli", [x, y])
    } else {
      guard !["and", "minui", "minsi", "maxui", "maxsi", "or", "xor"].contains(kind) else {
        return nil
      }
      if let acc, acc.type.isVector, kind == "add" {
        let fused = rewriter.create(VectorDialect.fma, [x, y, acc], results: [acc.type]).result()
        return rewriter.select(mask, fused, acc)
      }
      product = rewriter.arith("mulf", [x, y])
    }
    guard let acc else { return product }
    let name: String
    switch kind {
    case "add": name = isInteger ? "addi" : "addf"
    case "mul": name = isInteger ? "muli" : "mulf"
    case "and": name = "andi"
    case "or": name = "ori"
    case "xor": name = "xori"
    default: name = kind
    }
    guard let definition = rewriter.context.operationName("arith." + name).definition else {
      return nil
    }
    let result = rewriter.createOrFold(definition, [product, acc], results: [product.type])[0]
    return rewriter.select(mask, result, acc)
  }

  private static let outerProduct = RewritePattern(
    "unroll-outer-product", root: VectorDialect.outerproduct
  ) { op, rewriter in
    let type = op.result().type
    let (lhs, rhs) = (op.operand(0), op.operand(1))
    let acc = op.operandCount > 2 ? op.operand(2) : nil
    let allScalable = (1 << UInt64(type.rank)) - 1
    if type.rank >= 2, type.scalableMask == allScalable { return false }
    guard type.canBeUnrolled, !type.isScalableDimension(0) || !rhs.type.isVector else {
      return false
    }
    let kind = kind(op)
    // Nothing may be made where the kind does not fit.
    let isInteger = !type.elementType.isFloat
    let floatKinds = ["minnumf", "maxnumf", "minimumf", "maximumf"]
    let integerKinds = ["and", "minui", "minsi", "maxui", "maxsi", "or", "xor"]
    if (isInteger ? floatKinds : integerKinds).contains(kind) { return false }
    let saved = rewriter.insertionPoint
    defer { rewriter.insertionPoint = saved }
    let around = op.block?.parentOperation.flatMap { $0.is(VectorDialect.mask) ? $0 : nil }
    if let around { rewriter.insertionPoint = .before(around) }
    let root = around ?? op
    let mask = around?.operand(0)
    guard rhs.type.isVector else {
      let other = rewriter.vectorBroadcast(rhs, to: lhs.type)
      guard let result = combine(lhs, other, acc, kind, mask: mask, rewriter) else { return false }
      rewriter.replace(root, with: result)
      return true
    }
    guard var result = rewriter.zeroConstant(type) else { return false }
    for d in 0..<type.shape[0] {
      let element = rewriter.vectorExtract(lhs, [d])
      let row = rewriter.vectorBroadcast(element, to: rhs.type)
      let before = acc.map { rewriter.vectorExtract($0, [d]) }
      let part = mask.map { rewriter.vectorExtract($0, [d]) }
      guard let combined = combine(row, rhs, before, kind, mask: part, rewriter) else {
        return false
      }
      result = rewriter.vectorInsert(combined, into: result, [d])
    }
    rewriter.replace(root, with: result)
    return true
  }
}

/// A contraction about to be lowered, with the mask around it.
struct Contraction {
  let op: Operation
  let rewriter: PatternRewriter
  /// The `vector.mask` around the contraction.
  let around: Operation?
  /// Per operand the loop that each dimension is.
  let maps: [[Int]]
  let isReduction: [Bool]

  init?(_ op: Operation, _ rewriter: PatternRewriter) {
    let maps = (op.attribute("indexing_maps")?.elements ?? []).compactMap {
      $0.affineMap?.projectedDimensions
    }
    let iterators = op.attribute("iterator_types")?.elements ?? []
    guard op.operandCount == 3, maps.count == 3,
      op.operands.allSatisfy({ !$0.type.isVector || $0.type.canBeUnrolled })
    else { return nil }
    self.op = op
    self.rewriter = rewriter
    self.maps = maps
    isReduction = iterators.map { $0.enumValue == 1 }
    around = op.block?.parentOperation.flatMap { $0.is(VectorDialect.mask) ? $0 : nil }
    if let around { rewriter.insertionPoint = .before(around) }
  }

  var context: Context { op.context }
  var lhs: Value { op.operand(0) }
  var rhs: Value { op.operand(1) }
  var acc: Value { op.operand(2) }
  var mask: Value? { around?.operand(0) }
  var result: Type { op.result().type }
  private var isInteger: Bool { !result.elementOrSelf.isFloat }

  func replace(with value: Value?) -> Bool {
    guard let value else { return false }
    rewriter.replace(around ?? op, with: value)
    return true
  }

  func product(_ a: Value, _ b: Value) -> Value {
    rewriter.arith(isInteger ? "muli" : "mulf", [a, b])
  }
  private func sum(_ a: Value, _ b: Value) -> Value {
    rewriter.arith(isInteger ? "addi" : "addf", [a, b])
  }

  func lowered(_ target: VectorContraction.Target) -> Value? {
    let element = result.elementOrSelf
    guard lhs.type.elementType == element, rhs.type.elementType == element,
      VectorContraction.kind(op) == "add"
    else { return nil }
    switch target {
    case .outerproduct: if let value = outerProducts() { return value }
    case .dot: if let value = dotProducts() { return value }
    case .parallelarith: if let value = elementwise() { return value }
    case .llvmintr: break
    }
    return unrolled()
  }

  // MARK: Dot products

  /// A product of matrices, or of a matrix and a vector, as reductions of products of rows.
  private func dotProducts() -> Value? {
    guard around == nil else { return nil }
    var (a, b) = (lhs, rhs)
    func t(_ value: Value) -> Value { rewriter.vectorTranspose(value, [1, 0]) }
    if isReduction.count >= 3, !isReduction[0], !isReduction[1], isReduction[2] {
      let (m, n, k) = (0, 1, 2)
      switch maps {
      case [[m, k], [k, n], [m, n]]: b = t(b)
      case [[m, k], [n, k], [m, n]]: break
      case [[k, m], [k, n], [m, n]]:
        a = t(a)
        b = t(b)
      case [[k, m], [n, k], [m, n]]: a = t(a)
      case [[m, k], [k, n], [n, m]]: (a, b) = (t(b), a)
      case [[m, k], [n, k], [n, m]]: (a, b) = (b, a)
      case [[k, m], [k, n], [n, m]]:
        let old = a
        a = t(b)
        b = t(old)
      case [[k, m], [n, k], [n, m]]:
        let old = b
        b = t(a)
        a = old
      default: return nil
      }
    } else if isReduction.count >= 2, !isReduction[0], isReduction[1] {
      let (m, k) = (0, 1)
      switch maps {
      case [[m, k], [k], [m]]: break
      case [[k, m], [k], [m]]: a = t(a)
      case [[k], [m, k], [m]]: (a, b) = (b, a)
      case [[k], [k, m], [m]]: (a, b) = (t(b), a)
      default: return nil
      }
    } else {
      return nil
    }
    guard result.isVector, (1...2).contains(result.rank), var value = rewriter.zeroConstant(result)
    else { return nil }
    let isVector = result.rank == 1
    var columns: [Value] = []
    for r in 0..<result.shape[0] {
      let row = rewriter.vectorExtract(a, [r])
      for c in 0..<(isVector ? 1 : result.shape[1]) {
        if r == 0 { columns.append(isVector ? b : rewriter.vectorExtract(b, [c])) }
        let dot = reduction(product(row, columns[c]), nil)
        value = rewriter.vectorInsert(dot, into: value, isVector ? [r] : [r, c])
      }
    }
    return sum(value, acc)
  }

  private func reduction(_ vector: Value, _ acc: Value?) -> Value {
    rewriter.create(
      VectorDialect.reduction, [vector] + (acc.map { [$0] } ?? []),
      results: [vector.type.elementType],
      attributes: [("kind", context.attribute(VectorDialect.kind, [0]))]
    ).result()
  }

  // MARK: Outer products

  /// A product of matrices, or of a matrix and a vector, as a sum of outer products.
  func outerProducts() -> Value? {
    guard result.isVector else { return nil }
    if isReduction == [false, false, true] {
      let (m, n, k) = (0, 1, 2)
      guard let layout = MatrixLayout(maps, m, n, k) else { return nil }
      let (a, b) = (layout.isSwapped ? (rhs, lhs) : (lhs, rhs))
      let reduced = maps[0].firstIndex(of: k) ?? 0
      if lhs.type.isScalableDimension(reduced) { return nil }
      let aIsTurned = layout.isSwapped ? layout.rhsIsTurned : layout.lhsIsTurned
      let bIsTurned = layout.isSwapped ? layout.lhsIsTurned : layout.rhsIsTurned
      let size = lhs.type.shape[reduced]
      let first = turned(a, aIsTurned)
      let second = turned(b, bIsTurned)
      let turnedMask = mask.map { rewriter.vectorTranspose($0, [2, 0, 1]) }
      return outerProducts(first, second, size, turnedMask)
    }
    guard isReduction.count == 2, isReduction[0] != isReduction[1] else { return nil }
    let (m, k) = isReduction[1] ? (0, 1) : (1, 0)
    guard maps[2] == [m] else { return nil }
    let (matrix, vector): (Value, Value)
    let order: [Int]
    if maps[1] == [k] {
      (matrix, vector, order) = (lhs, rhs, maps[0])
    } else if maps[0] == [k] {
      (matrix, vector, order) = (rhs, lhs, maps[1])
    } else {
      return nil
    }
    guard order == [m, k] || order == [k, m] else { return nil }
    let reduced = maps[0].firstIndex(of: k) ?? 0
    if lhs.type.isScalableDimension(reduced) { return nil }
    let size = lhs.type.shape[reduced]
    let rows = turned(matrix, order == [m, k])
    let turnedMask =
      isReduction[1] ? mask.map { rewriter.vectorTranspose($0, [1, 0]) } : mask
    return outerProducts(rows, vector, size, turnedMask)
  }

  private func turned(_ value: Value, _ isTurned: Bool) -> Value {
    isTurned ? rewriter.vectorTranspose(value, [1, 0]) : value
  }

  private func outerProducts(
    _ a: Value, _ b: Value, _ size: Int, _ mask: Value?
  ) -> Value? {
    var value = acc
    let element = result.elementType
    for k in 0..<size {
      let x = promoted(rewriter.vectorExtract(a, [k]), element)
      let y = promoted(rewriter.vectorExtract(b, [k]), element)
      let part = mask.map { rewriter.vectorExtract($0, [k]) }
      let made = rewriter.create(
        VectorDialect.outerproduct, [x, y, value], results: [result],
        attributes: op.attribute("kind").map { [("kind", $0)] } ?? [])
      value = rewriter.masked(made, by: part).result()
    }
    return value
  }

  private func promoted(_ value: Value, _ element: Type) -> Value {
    if value.type.elementOrSelf == element { return value }
    let type = value.type.isVector ? value.type.cloned(elementType: element) : element
    return rewriter.arith(element.isFloat ? "extf" : "extsi", [value], type)
  }

  // MARK: Elementwise

  /// Where all reduced dimensions have one element: products of the operands brought to one shape.
  private func elementwise() -> Value? {
    guard around == nil else { return nil }
    func reduced(_ i: Int) -> [Int] {
      maps[i].indices.filter { isReduction[maps[i][$0]] }
    }
    let dims = [reduced(0), reduced(1)]
    for (i, value) in [lhs, rhs].enumerated()
    where dims[i].contains(where: { value.type.shape[$0] != 1 }) { return nil }
    let parallel = maps[2]
    var values = [lhs, rhs]
    var plans: [(added: [Int], permutation: [Int])] = []
    for i in 0..<2 {
      let count = parallel.count - (maps[i].count - dims[i].count)
      guard count >= 0 else { return nil }
      var added: [Int] = []
      var permutation = dims[i].map { count + $0 }
      for (place, loop) in parallel.enumerated() {
        if let own = maps[i].firstIndex(of: loop) {
          permutation.append(count + own)
        } else {
          added.append(result.shape[place])
          permutation.append(added.count - 1)
        }
      }
      plans.append((added, permutation))
    }
    for i in 0..<2 where !plans[i].added.isEmpty {
      let type = context.vector(
        plans[i].added + values[i].type.shape, values[i].type.elementType)
      values[i] = rewriter.vectorBroadcast(values[i], to: type)
    }
    for i in 0..<2 { values[i] = rewriter.vectorTranspose(values[i], plans[i].permutation) }
    for i in 0..<2 {
      values[i] = rewriter.vectorExtract(values[i], Array(repeating: 0, count: dims[i].count))
    }
    return VectorContraction.combine(
      values[0], values[1], acc, VectorContraction.kind(op), mask: nil, rewriter)
  }

  // MARK: Matrix intrinsics

  func matrixProduct() -> Value? {
    guard around == nil, isReduction.count >= 3, !isReduction[0], !isReduction[1], isReduction[2],
      !result.isVector || result.scalableMask == 0
    else { return nil }
    let element = lhs.type.elementType
    guard element.isInteger || element.isFloat, result.elementOrSelf == element,
      let layout = MatrixLayout(maps, 0, 1, 2)
    else { return nil }
    func t(_ value: Value) -> Value { rewriter.vectorTranspose(value, [1, 0]) }
    var (a, b) = (lhs, rhs)
    if maps[0] == [2, 0] { a = t(a) }
    if maps[1] == [1, 2] { b = t(b) }
    let (rows, inner, columns) = (a.type.shape[0], a.type.shape[1], b.type.shape[1])
    a = rewriter.vectorShapeCast(a, to: context.vector([rows * inner], element))
    b = rewriter.vectorShapeCast(b, to: context.vector([inner * columns], element))
    var value = rewriter.create(
      context.operationName("llvm.intr.matrix.multiply"), [a, b],
      results: [context.vector([rows * columns], element)],
      attributes: [
        ("lhs_rows", context.i32Attribute(rows)), ("lhs_columns", context.i32Attribute(inner)),
        ("rhs_columns", context.i32Attribute(columns)),
      ]
    ).result()
    value = rewriter.vectorShapeCast(
      value, to: context.vector([rows, columns], acc.type.elementOrSelf))
    if layout.isSwapped { value = t(value) }
    return rewriter.arith(element.isFloat ? "addf" : "addi", [acc, value])
  }
}

/// How the operands of a product of matrices are stored, against [k, m], [k, n] and [m, n], which sums of
/// outer products take.
private struct MatrixLayout {
  let lhsIsTurned: Bool
  let rhsIsTurned: Bool
  /// Whether the result is [n, m], so that the operands change places.
  let isSwapped: Bool

  init?(_ maps: [[Int]], _ m: Int, _ n: Int, _ k: Int) {
    guard maps[0] == [m, k] || maps[0] == [k, m], maps[1] == [k, n] || maps[1] == [n, k],
      maps[2] == [m, n] || maps[2] == [n, m]
    else { return nil }
    lhsIsTurned = maps[0] == [m, k]
    rhsIsTurned = maps[1] == [n, k]
    isSwapped = maps[2] == [n, m]
  }
}
