import MartletDialects
import MartletIR
import MartletRewriting

/// One loop of nested `scf.for`.
enum SCFCoalescing {
  private struct Loop {
    let operation: Operation
    var body: Block
    var lower: Value { operation.operand(0) }
    var upper: Value { operation.operand(1) }
    var step: Value { operation.operand(2) }
    var inits: [Value] { Array(operation.operands.dropping(3)) }
    var variable: Value { body.argument(0) }
    var arguments: [Value] { Array(body.arguments.dropFirst()) }
    var end: Operation? { body.lastOperation }

    init?(_ operation: Operation?) {
      guard let operation, operation.is(SCF.for), let body = operation.region().firstBlock else {
        return nil
      }
      self.operation = operation
      self.body = body
    }
  }

  /// Coalesces bands of the perfect nest that begins with a loop.
  static func coalesce(nestAt root: Operation) {
    guard let first = Loop(root) else { return }
    var loops = [first]
    while let inner = loops[loops.count - 1].body.firstOperation, inner.next?.next == nil,
      inner.next != nil, let loop = Loop(inner)
    {
      loops.append(loop)
    }
    if loops.count < 2 { return }
    let regions = loops.map { $0.operation.region() }
    let above = loops.indices.map { i in
      positionDefinedAbove(
        [loops[i].lower, loops[i].upper, loops[i].step], Array(regions[..<i]))
    }
    // From where on each loop hands what it carries straight on to the next.
    var chain = [0]
    for i in 1..<loops.count {
      let (outer, inner) = (loops[i - 1], loops[i])
      let isHandedOn =
        outer.arguments == inner.inits
        && outer.end.map { Array($0.operands) == Array(inner.operation.results) } ?? false
      chain.append(isHandedOn ? chain[i - 1] : i)
    }
    var end = loops.count
    while end > 0 {
      var start = 0
      while start < end - 1 {
        if (above[start..<end].max() ?? 0) <= start, chain[end - 1] <= start {
          coalesce(band: Array(loops[start..<end]))
          break
        }
        start += 1
      }
      if start != end - 1 { end = start + 1 }
      end -= 1
    }
  }

  private static func coalesce(band loops: [Loop]) {
    guard loops.count >= 2 else { return }
    let outermost = loops[0].operation
    let rewriter = PatternRewriter(outermost.context)
    rewriter.location = outermost.location
    let type = loops[0].variable.type
    if loops.contains(where: { $0.variable.type != type }) { return }
    let innermost = loops[loops.count - 1]
    for loop in loops {
      let (lower, step) = (loop.lower, loop.step)
      rewriter.setInsertionPoint(before: outermost)
      normalize(loop.operation, rewriter, type)
      rewriter.setInsertionPoint(atStart: innermost.body)
      denormalize(loop.variable, lower, step, rewriter, type)
    }
    rewriter.setInsertionPoint(before: outermost)
    rewriter.location = outermost.location
    let ends = loops.map(\.upper)
    outermost.setOperand(1, product(ends, rewriter, type))
    rewriter.setInsertionPoint(atStart: innermost.body)
    let variable = loops[0].variable
    let (values, kept) = delinearize(variable, ends, rewriter, type)
    if values[0] != variable {
      variable.replaceUses(with: values[0]) { !kept.contains($0.owner) }
    }
    for i in loops.indices.dropFirst().reversed() {
      let (outer, inner) = (loops[i - 1], loops[i])
      guard let end = inner.end else { return }
      var yielded = Array(end.operands)
      for (k, value) in yielded.enumerated() {
        if let position = inner.arguments.firstIndex(of: value) {
          yielded[k] = inner.inits[position]
        }
      }
      end.erase()
      inner.variable.replaceAllUses(with: values[i])
      for (argument, value) in zip(inner.arguments, outer.arguments) {
        argument.replaceAllUses(with: value)
      }
      for operation in inner.body.operations { operation.move(before: inner.operation) }
      inner.operation.replaceAllUses(with: yielded)
      inner.operation.erase()
    }
  }

  private static func constant(_ value: Int, _ rewriter: PatternRewriter, _ type: Type) -> Value {
    rewriter.create(
      Arith.constant, results: [type],
      attributes: [("value", rewriter.context.integerAttribute(Int64(value), type))]
    ).result()
  }

  private static func product(
    _ values: [Value], _ rewriter: PatternRewriter, _ type: Type
  ) -> Value {
    if type.isIndex {
      let context = rewriter.context
      let product = context.affineSymbol(0) * context.affineSymbol(1)
      return values.dropFirst().reduce(values[0]) {
        applied(product, dimension: nil, [$0, $1], rewriter)
      }
    }
    let factors = values.filter { $0.constantInteger != 1 }
    guard let first = factors.first else { return constant(1, rewriter, type) }
    return factors.dropFirst().reduce(first) {
      rewriter.create(Arith.muli, [$0, $1], results: [type]).result()
    }
  }

  /// The values of the variables of loops with these ends, from that of the one loop.
  /// - Returns: the values and the operations that still use the variable of the one loop.
  private static func delinearize(
    _ variable: Value, _ ends: [Value], _ rewriter: PatternRewriter, _ type: Type
  ) -> (values: [Value], users: Set<Operation>) {
    let context = rewriter.context
    if type.isIndex {
      let basis = ends.map { $0.constantInteger ?? Type.dynamic }
      let made = rewriter.create(
        Affine.delinearizeIndex, [variable] + ends.filter { $0.constantInteger == nil },
        results: ends.map { _ in context.index },
        attributes: [("static_basis", context.denseI64Array(basis))])
      return (Array(made.results), [made])
    }
    let isOne = ends.map { $0.constantInteger == 1 }
    var values = Array(repeating: variable, count: ends.count)
    var users: Set<Operation> = []
    let leading = isOne.prefix { $0 }.count
    for i in 0..<leading { values[i] = constant(0, rewriter, type) }
    var previous = variable
    for i in leading..<ends.count {
      let position = ends.count - (i - leading) - 1
      if i != leading, !isOne[position + 1] {
        let quotient = rewriter.create(
          Arith.divsi, [previous, ends[position + 1]], results: [type])
        users.insert(quotient)
        previous = quotient.result()
      }
      values[position] = previous
      if i == ends.count - 1 { continue }
      if isOne[position] {
        values[position] = constant(0, rewriter, type)
      } else {
        let rest = rewriter.create(Arith.remsi, [previous, ends[position]], results: [type])
        users.insert(rest)
        values[position] = rest.result()
      }
    }
    return (values, users)
  }

  /// An application of a map of symbols and at most one dimension, of constants and values, composed and
  /// folded.
  private static func applied(
    _ expr: AffineExpr, dimension: Value?, _ symbols: [Value], _ rewriter: PatternRewriter
  ) -> Value {
    var bound = AffineBound(
      map: rewriter.context.affineMap(
        dimensions: dimension == nil ? 0 : 1, symbols: symbols.count, [expr]),
      operands: (dimension.map { [$0] } ?? []) + symbols)
    bound.compose()
    bound.canonicalize()
    if let value = bound.constants()?.first {
      return constant(value, rewriter, rewriter.context.index)
    }
    let result = bound.map.results[0]
    if result.kind == .dimension || result.kind == .symbol {
      let position =
        result.kind == .dimension ? result.position : bound.map.dimensionCount + result.position
      return bound.operands[position]
    }
    return AffineLoops.apply(rewriter, bound.map, bound.operands)
  }

  /// Makes a loop run from 0 by 1.
  private static func normalize(_ loop: Operation, _ rewriter: PatternRewriter, _ type: Type) {
    let (lower, upper, step) = (loop.operand(0), loop.operand(1), loop.operand(2))
    let context = rewriter.context
    if type.isIndex {
      let (s0, s1, s2) = (
        context.affineSymbol(0), context.affineSymbol(1), context.affineSymbol(2)
      )
      let size = context.affineBinary(.ceilDiv, s1 + s0 * -1, s2)
      let count = applied(size, dimension: nil, [lower, upper, step], rewriter)
      loop.setOperand(0, constant(0, rewriter, type))
      loop.setOperand(1, count)
      loop.setOperand(2, constant(1, rewriter, type))
      return
    }
    let (isZeroBased, isUnit) = (lower.constantInteger == 0, step.constantInteger == 1)
    if isZeroBased, isUnit { return }
    var size = upper
    if !isZeroBased {
      size = rewriter.createOrFold(Arith.subi, [size, lower], results: [type])[0]
    }
    if !isUnit {
      size = rewriter.createOrFold(Arith.ceildivsi, [size, step], results: [type])[0]
    }
    loop.setOperand(0, constant(0, rewriter, type))
    loop.setOperand(1, size)
    loop.setOperand(2, constant(1, rewriter, type))
  }

  /// Replaces a variable that now runs from 0 by 1 by the value it had.
  private static func denormalize(
    _ variable: Value, _ lower: Value, _ step: Value, _ rewriter: PatternRewriter, _ type: Type
  ) {
    if lower.constantInteger == 0, step.constantInteger == 1 { return }
    var kept: Set<Operation> = []
    var value = variable
    if type.isIndex {
      let context = rewriter.context
      let expr = context.affineDimension(0) * context.affineSymbol(1) + context.affineSymbol(0)
      value = applied(expr, dimension: variable, [lower, step], rewriter)
      if let made = value.definingOperation { kept.insert(made) }
    } else {
      if step.constantInteger != 1 {
        let scaled = rewriter.create(Arith.muli, [value, step], results: [type])
        kept.insert(scaled)
        value = scaled.result()
      }
      if lower.constantInteger != 0 {
        let shifted = rewriter.create(Arith.addi, [value, lower], results: [type])
        kept.insert(shifted)
        value = shifted.result()
      }
    }
    if value != variable {
      variable.replaceUses(with: value) { !kept.contains($0.owner) }
    }
  }
}
