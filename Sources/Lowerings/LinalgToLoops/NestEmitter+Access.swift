import MartletDialects
import MartletIR
import MartletSupport

extension NestEmitter {
  // MARK: Indices

  /// The value of a linear index at an offset from where the loops stand.
  func value(_ form: LinearForm, _ offsets: [Int]) -> Value {
    var constant = form.constant
    var terms: [Int] = []
    for (loop, coefficient) in form.coefficients.enumerated() where coefficient != 0 {
      constant = constant &+ coefficient &* (base[loop] &+ offsets[loop])
      if induction[loop] != nil { terms.append(loop) }
    }
    terms.sort { scopeOfLoop[$0] < scopeOfLoop[$1] }
    var sum: Value?
    var key: [Int] = []
    var scope = 0
    for loop in terms {
      guard let step = induction[loop] else { continue }
      let coefficient = form.coefficients[loop]
      key += [loop, coefficient]
      scope = scopeOfLoop[loop]
      if let known = scopes[scope].sums[key] {
        sum = known
        continue
      }
      var term = step
      if coefficient != 1 {
        term = arithmetic(Arith.muli, step, index(coefficient), scope: scope)
      }
      let next = sum.map { arithmetic(Arith.addi, $0, term, scope: scope) } ?? term
      scopes[scope].sums[key] = next
      sum = next
    }
    guard let sum else { return index(constant) }
    if constant == 0 { return sum }
    key.append(constant)
    if let known = scopes[scope].sums[key] { return known }
    let made = arithmetic(Arith.addi, sum, index(constant), scope: scope)
    scopes[scope].sums[key] = made
    return made
  }

  func arithmetic(
    _ definition: OpDefinition, _ a: Value, _ b: Value, scope: Int? = nil
  ) -> Value {
    create(definition, [a, b], results: [context.index], scope: scope)
  }

  /// The number of the iteration `loop` is in.
  func iteration(_ loop: Int, _ offsets: [Int]) -> Value {
    var form = LinearForm(coefficients: Array(repeating: 0, count: nest.loops.count))
    form.coefficients[loop] = 1
    return value(form, offsets)
  }

  func value(_ expression: AffineExpr, _ offsets: [Int]) -> Value {
    if let form = LinearForm(expression, loops: nest.loops.count) { return value(form, offsets) }
    let left = value(expression.left, offsets)
    let right = value(expression.right, offsets)
    switch expression.kind {
    case .add: return arithmetic(Arith.addi, left, right)
    case .mul: return arithmetic(Arith.muli, left, right)
    case .floorDiv: return arithmetic(Arith.floordivsi, left, right)
    case .ceilDiv: return arithmetic(Arith.ceildivsi, left, right)
    default:
      let quotient = arithmetic(Arith.floordivsi, left, right)
      return arithmetic(Arith.subi, left, arithmetic(Arith.muli, quotient, right))
    }
  }

  func indices(_ access: StructuredNest.Access, _ offsets: [Int]) -> [Value] {
    access.indices.map { index in
      switch index {
      case .linear(let form): value(form, offsets)
      case .affine(let expression): value(expression, offsets)
      }
    }
  }

  // MARK: Memory

  /// The elements of operand `operand` at a place, `lanes` of them; scalar operands are spread.
  func load(_ operand: Int, _ offsets: [Int], _ lanes: Int?, _ known: inout [LoadKey: Value])
    -> Value
  {
    guard let access = nest.accesses[operand] else {
      let value = root.operand(operand)
      return lanes.map { splat(value, $0) } ?? value
    }
    let indices = indices(access, offsets)
    let key = LoadKey(operand: operand, indices: indices, lanes: lanes)
    if let value = known[key] { return value }
    let value: Value
    if let lanes, let loop = plan.vectorLoop, access.unitStride(loop) == 1 {
      value = create(
        "vector.load", [access.memref] + indices,
        results: [context.vector([lanes], access.element)]
      ).result()
    } else {
      let scalarKey = LoadKey(operand: operand, indices: indices, lanes: nil)
      let scalar =
        known[scalarKey]
        ?? create(MemRef.load, [access.memref] + indices, results: [access.element])
      known[scalarKey] = scalar
      value = lanes.map { broadcast(scalar, $0) } ?? scalar
    }
    known[key] = value
    return value
  }

  func store(_ value: Value, _ operand: Int, _ offsets: [Int], _ lanes: Int?) {
    guard let access = nest.accesses[operand] else { return }
    let operands = [value, access.memref] + indices(access, offsets)
    _ = create(lanes == nil ? "memref.store" : "vector.store", operands, results: [])
  }

  func broadcast(_ value: Value, _ lanes: Int) -> Value {
    create("vector.broadcast", [value], results: [context.vector([lanes], value.type)]).result()
  }

  /// A constant in all lanes.
  func splat(_ value: Attribute, _ lanes: Int) -> Value {
    let type = context.vector([lanes], value.type ?? context.noneType)
    return context.splat(value, type).map(constant) ?? splat(constant(value), lanes)
  }

  /// A scalar from outside the nest in all lanes, made before the nest.
  func splat(_ value: Value, _ lanes: Int) -> Value {
    let key = SplatKey(value: value, lanes: lanes)
    if let known = splats[key] { return known }
    let type = context.vector([lanes], value.type)
    let made: Value
    if let attribute = value.constant, let dense = context.splat(attribute, type) {
      made = constant(dense)
    } else {
      made = at(scope: 0) {
        builder.create(context.operationName("vector.broadcast"), [value], results: [type])
          .result()
      }
    }
    splats[key] = made
    return made
  }
}
