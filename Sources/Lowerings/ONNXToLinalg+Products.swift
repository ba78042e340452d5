import MartletDialects
import MartletIR

/// Matrix products and batch normalisation.
extension ONNXOpLowering {
  static let productRules: [String: Rule] = [
    "MatMul": { [try $0.matMul()] },
    "Gemm": { [try $0.gemm()] },
    "BatchNormalization": { [try $0.batchNormalization()] },
  ]

  private func matMul() throws -> Value {
    let geometry = try ONNXShapes.matMul(op)
    let (m, n, k) = (geometry.m, geometry.n, geometry.k)
    let element = resultElement()
    let a = try reshaped(try operand(0), geometry.a)
    let b = try reshaped(try operand(1), geometry.b)
    if geometry.b.dropLast(2).allSatisfy({ $0 == 1 }) {
      // One matrix for all rows of the batch.
      let rows = try elementCount(geometry.batch) * m
      let product = try product(
        try reshaped(a, [rows, k]), try reshaped(b, [k, n]),
        try filled([rows, n], element, number(0, element)))
      return try reshaped(product, resultShape())
    }
    let count = try elementCount(geometry.batch)
    let batchA = try batched(a, geometry.batch, [m, k])
    let batchB = try batched(b, geometry.batch, [k, n])
    let result = try builder.linalg(
      Linalg.batchMatmul, inputs: [batchA, batchB],
      outputs: [try filled([count, m, n], element, number(0, element))]
    ).result()
    return try reshaped(result, resultShape())
  }

  /// `value` broadcast to the batch, with the batch as one dimension.
  private func batched(_ value: Value, _ batch: [Int], _ matrix: [Int]) throws -> Value {
    let full = batch + matrix
    let value =
      value.type.shape == full
      ? value : try broadcasting([value], full, value.type.elementType) { $1[0] }
    return try reshaped(value, [try elementCount(batch)] + matrix)
  }

  /// a * b + start.
  func product(_ a: Value, _ b: Value, _ start: Value) throws -> Value {
    try builder.linalg(Linalg.matmul, inputs: [a, b], outputs: [start]).result()
  }

  private func gemm() throws -> Value {
    let (m, n, _) = try ONNXShapes.gemm(op)
    let element = resultElement()
    let (alpha, beta) = (op.float("alpha"), op.float("beta"))
    let a = try factor(0, isTransposed: op.flag("transA"))
    let b = try factor(1, isTransposed: op.flag("transB"))
    let zero = number(0, element)
    guard alpha == 1, beta == 1 || !op.has(2) else {
      let product = try product(a, b, try filled([m, n], element, zero))
      return try scaled(product, alpha, beta)
    }
    guard op.has(2) else { return try product(a, b, try filled([m, n], element, zero)) }
    let start = try broadcasting([try operand(2)], [m, n], element) { $1[0] }
    return try product(a, b, start)
  }

  /// alpha * product + beta * C.
  private func scaled(_ product: Value, _ alpha: Double, _ beta: Double) throws -> Value {
    let element = resultElement()
    guard element.isFloat else {
      throw ONNXError("alpha and beta of a product of integers must be 1")
    }
    let operands = op.has(2) && beta != 0 ? [product, try operand(2)] : [product]
    return try broadcasting(operands, resultShape(), element) { e, values in
      let first = e.mul(e.number(alpha, element), values[0])
      guard values.count > 1 else { return first }
      return e.add(first, e.mul(e.number(beta, element), values[1]))
    }
  }

  private func factor(_ i: Int, isTransposed: Bool) throws -> Value {
    guard isTransposed else { return try operand(i) }
    if let attribute = constantOperand(i) {
      return function.constant(
        try constants.transposed(attribute, shape: try op.shape(i), permutation: [1, 0]))
    }
    return try transposed(try operand(i), [1, 0])
  }

  /// x * a + b with a and b for each channel, computed here where all parameters are constant.
  private func batchNormalization() throws -> Value {
    let x = try operand(0)
    let shape = resultShape()
    let element = resultElement()
    let epsilon = op.float("epsilon")
    let loops = Array(shape.indices)
    let known = (1..<5).compactMap { op.value($0)?.floats }
    if known.count == 4 {
      let factors = zip(known[0], known[3]).map { $0 / ($1 + epsilon).squareRoot() }
      let offsets = factors.indices.map { known[1][$0] - known[2][$0] * factors[$0] }
      let type = context.tensor([shape[1]], element)
      let a = function.constant(constants.floats(type, factors))
      let b = function.constant(constants.floats(type, offsets))
      return try pointwise([(x, loops), (a, [1]), (b, [1])], shape, element) { e, values in
        e.add(e.mul(values[0], values[1]), values[2])
      }
    }
    let parameters = try (1..<5).map { (value: try operand($0), loops: [1]) }
    return try pointwise([(x, loops)] + parameters, shape, element) { e, values in
      let root = e.math("sqrt", e.add(values[4], e.number(epsilon, values[4].type)))
      let centred = e.sub(values[0], e.cast(values[3], to: element))
      let normal = e.div(centred, e.cast(root, to: element))
      let product = e.mul(e.cast(values[1], to: element), normal)
      return e.add(product, e.cast(values[2], to: element))
    }
  }
}
