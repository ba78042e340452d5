import MartletDialects
import MartletIR

/// `LSTM`: the products with the inputs are one matrix product for all steps; a loop over the steps carries
/// the state and fills Y.
extension ONNXOpLowering {
  static let recurrentRules: [String: Rule] = ["LSTM": { try $0.lstm() }]

  private func lstm() throws -> [Value?] {
    let geometry = try LSTMGeometry(op)
    let element = resultElement(firstWanted())
    var x = try operand(0)
    if geometry.isBatchFirst { x = try transposed(x, [1, 0, 2]) }
    let rows = try reshaped(x, [geometry.steps * geometry.batch, geometry.inputSize])
    var y: Value?
    if op.wants(0) {
      let shape = [geometry.steps, geometry.directions, geometry.batch, geometry.hidden]
      y = empty(shape, element)
    }
    var finalH: [Value] = []
    var finalC: [Value] = []
    for direction in 0..<geometry.directions {
      let cell = try LSTMDirection(self, geometry, direction, element, rows)
      let ends = try cell.loop(y)
      finalH.append(ends.h)
      finalC.append(ends.c)
      y = ends.y
    }
    let h = op.wants(1) ? try stacked(finalH, geometry, element) : nil
    let c = op.wants(2) ? try stacked(finalC, geometry, element) : nil
    if geometry.isBatchFirst, let steps = y { y = try transposed(steps, [2, 0, 1, 3]) }
    return [y, h, c]
  }

  private func firstWanted() -> Int { (0..<op.outputCount).first { op.wants($0) } ?? 0 }

  /// The states of the directions as [directions, batch, hidden] or, batch first, with the first two
  /// exchanged.
  private func stacked(_ states: [Value], _ geometry: LSTMGeometry, _ element: Type) throws
    -> Value
  {
    let sizes = [1, geometry.batch, geometry.hidden]
    var result: Value
    if states.count == 1 {
      result = try reshaped(states[0], sizes)
    } else {
      result = empty([states.count, geometry.batch, geometry.hidden], element)
      for (i, state) in states.enumerated() {
        result = inserted(
          state, into: result, offsets: [.at(i), .at(0), .at(0)], sizes: sizes)
      }
    }
    return geometry.isBatchFirst ? try transposed(result, [1, 0, 2]) : result
  }
}

/// One direction of an LSTM.
private struct LSTMDirection {
  let lowering: ONNXOpLowering
  let geometry: LSTMGeometry
  let direction: Int
  let element: Type
  /// For each step and row of the batch the gates' sums but for the part of h: [steps, batch, 4 * hidden].
  let projected: Value
  /// [hidden, 4 * hidden].
  let recurrence: Value
  /// Of the gates i, o and f, each [hidden].
  let peepholes: [Value]
  /// [batch], where sequences may end before the last step.
  let lengths: Value?

  private var builder: Builder { lowering.builder }
  private var context: Context { lowering.context }
  private var gateCount: Int { 4 * geometry.hidden }

  init(
    _ lowering: ONNXOpLowering, _ geometry: LSTMGeometry, _ direction: Int, _ element: Type,
    _ rows: Value
  ) throws {
    self.lowering = lowering
    self.geometry = geometry
    self.direction = direction
    self.element = element
    let gates = 4 * geometry.hidden
    func weights(_ input: Int, _ columns: Int) throws -> Value {
      if let attribute = lowering.constantOperand(input) {
        return lowering.function.constant(
          try lowering.constants.transposed(
            attribute, start: direction * gates * columns, shape: [gates, columns],
            permutation: [1, 0]))
      }
      let part = lowering.slice(
        try lowering.operand(input), offsets: [.at(direction), .at(0), .at(0)],
        sizes: [1, gates, columns], dropping: [0])
      return try lowering.transposed(part, [1, 0])
    }
    let inputWeights = try weights(1, geometry.inputSize)
    recurrence = try weights(2, geometry.hidden)
    let shape = [geometry.steps * geometry.batch, gates]
    let bias = try Self.bias(lowering, geometry, direction, element)
    let start =
      if let bias {
        try lowering.broadcast(bias, to: shape, along: [0])
      } else {
        try lowering.filled(shape, element, lowering.number(0, element))
      }
    projected = try lowering.reshaped(
      try lowering.product(rows, inputWeights, start), [geometry.steps, geometry.batch, gates])
    peepholes = try Self.peepholes(lowering, geometry, direction)
    lengths = try Self.lengths(lowering, geometry)
  }

  /// The sum of both halves of B; nil where there is none.
  private static func bias(
    _ lowering: ONNXOpLowering, _ geometry: LSTMGeometry, _ direction: Int, _ element: Type
  ) throws -> Value? {
    guard lowering.op.has(3) else { return nil }
    let gates = 4 * geometry.hidden
    let type = lowering.context.tensor([gates], element)
    if let known = lowering.op.value(3)?.floats {
      let first = direction * 2 * gates
      let sums = (first..<first + gates).map { known[$0] + known[$0 + gates] }
      return lowering.function.constant(lowering.constants.floats(type, sums))
    }
    let all = try lowering.operand(3)
    let halves = [0, gates].map {
      lowering.slice(
        all, offsets: [.at(direction), .at($0)], sizes: [1, gates], dropping: [0])
    }
    return try lowering.broadcasting(halves, [gates], element) { $0.add($1[0], $1[1]) }
  }

  private static func peepholes(
    _ lowering: ONNXOpLowering, _ geometry: LSTMGeometry, _ direction: Int
  ) throws -> [Value] {
    guard lowering.op.has(7) else { return [] }
    let all = try lowering.operand(7)
    return (0..<3).map {
      lowering.slice(
        all, offsets: [.at(direction), .at($0 * geometry.hidden)], sizes: [1, geometry.hidden],
        dropping: [0])
    }
  }

  /// Nil where every sequence is known to last to the end.
  private static func lengths(_ lowering: ONNXOpLowering, _ geometry: LSTMGeometry) throws
    -> Value?
  {
    guard lowering.op.has(4) else { return nil }
    if let known = lowering.op.value(4)?.ints {
      guard known.allSatisfy({ $0 >= 0 && $0 <= Int64(geometry.steps) }) else {
        throw ONNXError("the sequence lengths \(known) are not within \(geometry.steps) steps")
      }
      if known.allSatisfy({ $0 == Int64(geometry.steps) }) { return nil }
    }
    return try lowering.operand(4)
  }

  /// The state before the first step, [batch, hidden].
  private func initial(_ input: Int) throws -> Value {
    let shape = [geometry.batch, geometry.hidden]
    guard lowering.op.has(input) else {
      return try lowering.filled(shape, element, lowering.number(0, element))
    }
    var state = try lowering.operand(input)
    if geometry.isBatchFirst { state = try lowering.transposed(state, [1, 0, 2]) }
    if geometry.directions == 1 { return try lowering.reshaped(state, shape) }
    return lowering.slice(
      state, offsets: [.at(direction), .at(0), .at(0)], sizes: [1] + shape, dropping: [0])
  }

  // MARK: The loop

  /// The loop over the steps; the final state and, where it is wanted, Y with this direction filled in.
  func loop(_ y: Value?) throws -> (h: Value, c: Value, y: Value?) {
    var carried = [try initial(5), try initial(6)]
    if let y { carried.append(y) }
    let bounds = [
      lowering.index(0), lowering.index(geometry.steps), lowering.index(1),
    ]
    let last = geometry.reversed[direction] ? lowering.index(geometry.steps - 1) : nil
    let loop = builder.create(
      context.operationName("scf.for"), bounds + carried, results: carried.map(\.type), regions: 1)
    let block = loop.region(0).addBlock(arguments: [context.index] + carried.map(\.type))
    try builder.at(.atEnd(of: block)) {
      let arguments = Array(block.arguments)
      let step =
        if let last {
          lowering.create("arith.subi", [last, arguments[0]], context.index)
        } else {
          arguments[0]
        }
      let next = try body(step, arguments[1], arguments[2])
      var yielded = [next.h, next.c]
      if y != nil {
        yielded.append(
          lowering.inserted(
            next.y, into: arguments[3],
            offsets: [.dynamic(step), .at(direction), .at(0), .at(0)],
            sizes: [1, 1, geometry.batch, geometry.hidden]))
      }
      builder.create(context.operationName("scf.yield"), yielded)
    }
    return (loop.result(0), loop.result(1), y == nil ? nil : loop.result(2))
  }

  private func body(_ step: Value, _ h: Value, _ c: Value) throws -> (h: Value, c: Value, y: Value)
  {
    let input = lowering.slice(
      projected, offsets: [.dynamic(step), .at(0), .at(0)],
      sizes: [1, geometry.batch, gateCount], dropping: [0])
    let sums = try lowering.product(h, recurrence, input)
    let gates = (0..<4).map {
      lowering.slice(
        sums, offsets: [.at(0), .at($0 * geometry.hidden)],
        sizes: [geometry.batch, geometry.hidden])
    }
    let next = try cell(gates, c)
    guard let lengths else { return (next.h, next.c, next.h) }
    return try masked(step, lengths, next, (h, c))
  }

  /// New h and c from the gates' sums: one pass over [batch, hidden].
  private func cell(_ gates: [Value], _ c: Value) throws -> (h: Value, c: Value) {
    let shape = [geometry.batch, geometry.hidden]
    let identity = context.identityMap(2)
    let column = context.projection([1], of: 2)
    let functions = geometry.activations[direction]
    let outputs = [lowering.empty(shape, element), lowering.empty(shape, element)]
    let operation = builder.linalgGeneric(
      inputs: gates + [c] + peepholes, outputs: outputs,
      maps: Array(repeating: identity, count: 5) + peepholes.map { _ in column }
        + [identity, identity],
      iterators: [.parallel, .parallel]
    ) { _, values in
      let e = lowering.scalars()
      func peeped(_ gate: Value, _ number: Int, _ state: Value) -> Value {
        peepholes.isEmpty ? gate : e.add(gate, e.mul(values[5 + number], state))
      }
      let old = values[4]
      let i = apply(functions[0], peeped(values[0], 0, old), e)
      let f =
        geometry.couplesInputAndForget
        ? e.sub(e.number(1, element), i) : apply(functions[0], peeped(values[2], 2, old), e)
      let g = apply(functions[1], values[3], e)
      let new = e.add(e.mul(f, old), e.mul(i, g))
      let o = apply(functions[0], peeped(values[1], 1, new), e)
      let h = e.mul(o, apply(functions[2], new, e, isClipped: false))
      return [h, new]
    }
    return (operation.result(0), operation.result(1))
  }

  private func apply(
    _ function: LSTMGeometry.Activation, _ x: Value, _ e: ScalarEmitter, isClipped: Bool = true
  ) -> Value {
    var x = x
    if isClipped, let clip = geometry.clip {
      x = e.min(e.max(x, e.number(-clip, element)), e.number(clip, element))
    }
    switch function {
    case .sigmoid: return e.sigmoid(x)
    case .tanh: return e.math("tanh", x)
    case .relu: return e.max(x, e.number(0, element))
    }
  }

  /// Beyond a sequence's end the state stays, and Y is 0.
  private func masked(
    _ step: Value, _ lengths: Value, _ next: (h: Value, c: Value), _ old: (h: Value, c: Value)
  ) throws -> (h: Value, c: Value, y: Value) {
    let shape = [geometry.batch, geometry.hidden]
    let lengthType = lengths.type.elementType
    let position = lowering.create("arith.index_cast", [step], lengthType)
    let identity = context.identityMap(2)
    let operation = builder.linalgGeneric(
      inputs: [lengths, next.h, next.c, old.h, old.c],
      outputs: (0..<3).map { _ in lowering.empty(shape, element) },
      maps: [context.projection([0], of: 2)] + Array(repeating: identity, count: 7),
      iterators: [.parallel, .parallel]
    ) { _, values in
      let e = lowering.scalars()
      let isInside = e.compare(.less, position, values[0])
      return [
        e.select(isInside, values[1], values[3]), e.select(isInside, values[2], values[4]),
        e.select(isInside, values[1], e.number(0, element)),
      ]
    }
    return (operation.result(0), operation.result(1), operation.result(2))
  }
}
