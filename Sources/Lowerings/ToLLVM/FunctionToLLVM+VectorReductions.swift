import MartletDialects
import MartletIR
import MartletSupport

extension FunctionToLLVM {
  // MARK: Reductions

  /// The instruction that combines two values by a kind of vector's.
  func combine(
    _ kind: String, _ a: Value, _ b: Value, _ flags: [(String, Attribute)], _ user: Operation
  )
    throws(Reported) -> Value
  {
    let isFloat = a.type.elementType.isFloat
    let names: [String: String] = [
      "add": isFloat ? "fadd" : "add", "mul": isFloat ? "fmul" : "mul", "minui": "intr.umin",
      "minsi": "intr.smin", "maxui": "intr.umax", "maxsi": "intr.smax", "and": "and", "or": "or",
      "xor": "xor", "minnumf": "intr.minnum", "maxnumf": "intr.maxnum",
      "minimumf": "intr.minimum", "maximumf": "intr.maximum",
    ]
    guard let name = names[kind] else { throw user.emitOpError("has an unknown kind '\(kind)'") }
    return llvm.value(name, [a, b], a.type, isFloat ? flags : [])
  }

  func reduce(
    _ kind: String, _ vector: Value, _ accumulator: Value?, _ flags: [(String, Attribute)],
    _ user: Operation
  ) throws(Reported) -> Value {
    let element = vector.type.elementType
    if element.isFloat, kind == "add" || kind == "mul" {
      // In order, unless the flags allow another: MLIR's semantics too.
      let start = accumulator ?? llvm.float(kind == "add" ? -0.0 : 1, element)
      return llvm.value(
        "intr.vector.reduce.f" + kind, [start, vector], element, flags)
    }
    let names = [
      "add": "add", "mul": "mul", "minui": "umin", "minsi": "smin", "maxui": "umax",
      "maxsi": "smax", "and": "and", "or": "or", "xor": "xor", "minnumf": "fmin",
      "maxnumf": "fmax", "minimumf": "fminimum", "maximumf": "fmaximum",
    ]
    guard let name = names[kind] else { throw user.emitOpError("has an unknown kind '\(kind)'") }
    let result = llvm.value(
      "intr.vector.reduce." + name, [vector], element, element.isFloat ? flags : [])
    guard let accumulator else { return result }
    return try combine(kind, result, accumulator, flags, user)
  }

  func kind(_ operation: Operation) -> String {
    operation.attribute("kind")?.enumKeyword ?? "add"
  }

  func lowerReduction(_ operation: Operation) throws(Reported) {
    let vector = try value(operation.operand(0), operation)
    var accumulator: Value?
    if operation.operandCount > 1 { accumulator = try value(operation.operand(1), operation) }
    set(
      operation.result(),
      try reduce(
        kind(operation), vector, accumulator, llvm.fastMath(operation.attribute("fastmath")),
        operation))
  }

  func lowerMultiReduction(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0)
    let dims = operation.attribute("reduction_dims")?.integers ?? []
    let shape = source.type.shape
    let kind = kind(operation)
    let rows = try parts(source, operation)
    let inner = shape.count - 1
    let isInnerReduced = dims.contains(inner)
    // Rows are grouped by the outer dimensions that stay.
    var groups: [[Value]] = []
    var indexOfKey: [Int: Int] = [:]
    for (number, row) in rows.enumerated() {
      var left = number
      var key = 0
      var scale = 1
      for d in (0..<inner).reversed() {
        if !dims.contains(d) {
          key += left % shape[d] * scale
          scale *= shape[d]
        }
        left /= shape[d]
      }
      if let known = indexOfKey[key] {
        groups[known].append(row)
      } else {
        indexOfKey[key] = groups.count
        groups.append([row])
      }
    }
    if isInnerReduced {
      let starts = try elements(operation.operand(1), operation)
      var results: [Value] = []
      for (group, start) in zip(groups, starts) {
        var value = start
        for row in group { value = try reduce(kind, row, value, [], operation) }
        results.append(value)
      }
      try setElements(operation.result(), results, operation)
      return
    }
    let starts = try parts(operation.operand(1), operation)
    var results: [Value] = []
    for (group, start) in zip(groups, starts) {
      var value = start
      for row in group { value = try combine(kind, value, row, [], operation) }
      results.append(value)
    }
    set(operation.result(), parts: results)
  }

  func lowerOuterProduct(_ operation: Operation) throws(Reported) {
    let left = try value(operation.operand(0), operation)
    let right = try value(operation.operand(1), operation)
    let kind = kind(operation)
    let accumulators =
      operation.operandCount > 2 ? try parts(operation.operand(2), operation) : nil
    let isFloat = left.type.elementType.isFloat
    if !right.type.isVector || operation.result().type.rank == 1 {
      let factor = right.type.isVector ? right : splat(right, left.type)
      set(
        operation.result(),
        try product(left, factor, accumulators?.first, kind, isFloat, operation))
      return
    }
    var results: [Value] = []
    for i in 0..<left.type.dimension(0) {
      let factor = splat(lane(left, llvm.index(i)), right.type)
      results.append(try product(factor, right, accumulators?[i], kind, isFloat, operation))
    }
    set(operation.result(), parts: results)
  }

  func product(
    _ a: Value, _ b: Value, _ accumulator: Value?, _ kind: String, _ isFloat: Bool,
    _ user: Operation
  ) throws(Reported) -> Value {
    guard let accumulator else { return llvm.same(isFloat ? "fmul" : "mul", a, b) }
    if isFloat, kind == "add" { return llvm.value("intr.fma", [a, b, accumulator], a.type) }
    return try combine(kind, accumulator, llvm.same(isFloat ? "fmul" : "mul", a, b), [], user)
  }
}
