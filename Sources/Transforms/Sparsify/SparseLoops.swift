import MartletDialects
import MartletIR
import MartletRewriting
import MartletSupport

/// Makes loops of a structured operation that has one sparse input: over the levels of that in their order,
/// over stored entries where a level is compressed, then over the loops it does not have.
///
/// An output whose subscripts are known before the innermost loops is kept in a scalar there. Inputs are read
/// as soon as their subscripts are known.
struct SparseLoops {
  private let view: LinalgOp
  private let rewriter: PatternRewriter
  private let storage: SparseStorage
  private let sparseOperand: Int
  private let maps: [AffineMap]
  /// The loops in the order they are nested in.
  private let order: [Int]
  /// How many loops each output's subscripts need.
  private let depths: [Int]
  /// For each output the scalar it starts from everywhere, where that is known and each element is
  /// visited once.
  private var starts: [Value?] = []
  private var destinations: [Value] = []

  private var operation: Operation { view.operation }
  private var context: Context { view.context }

  init(_ view: LinalgOp, _ rewriter: PatternRewriter, _ storages: [Value: SparseStorage])
    throws(Reported)
  {
    self.view = view
    self.rewriter = rewriter
    maps = view.indexingMaps
    let operation = view.operation
    let sparse = operation.operands.indices.filter { operation.operand($0).type.isSparseTensor }
    guard sparse.count == 1, let first = sparse.first, view.isInput(first) else {
      let reason =
        sparse.count > 1 ? "has \(sparse.count) sparse operands" : "has a sparse output"
      throw operation.emitOpError("cannot be lowered to loops over stored entries: it \(reason)")
    }
    guard let storage = storages[operation.operand(first)] else {
      throw operation.emitOpError(
        "cannot be lowered to loops over stored entries: its sparse operand is neither a parameter of the function nor assembled from arrays"
      )
    }
    self.storage = storage
    sparseOperand = first
    guard let subscripts = maps[first].projectedDimensions, maps[first].isProjectedPermutation
    else {
      throw operation.emitOpError(
        "cannot be lowered to loops over stored entries: its sparse operand is indexed by more than plain loops"
      )
    }
    let levels = storage.encoding.levels.indices.map { subscripts[storage.dimension(ofLevel: $0)] }
    let others = (0..<view.loopCount).filter { !levels.contains($0) }
    let types = view.iteratorTypes
    order =
      levels + others.filter { types[$0] == .parallel } + others.filter { types[$0] == .reduction }
    let order = order
    depths = maps[view.inputCount...].map { map in
      1 + (order.lastIndex { loop in map.results.contains { $0.contains(dimension: loop) } } ?? -1)
    }
  }

  mutating func run() throws(Reported) {
    try check()
    rewriter.setInsertionPoint(before: operation)
    chooseStarts()
    var state = State(bound: Array(repeating: nil, count: view.loopCount))
    state.carried = destinations
    state.elements = Array(repeating: nil, count: operation.operandCount)
    let results = nest(0, state)
    rewriter.replace(operation, with: results)
  }

  // MARK: What may be left out

  /// Checks that points where the sparse operand is zero change nothing.
  private func check() throws(Reported) {
    guard let body = view.body, let yield = view.yield else { return }
    for operand in operation.operands where operand.type.isRankedTensor {
      if !operand.type.hasStaticShape {
        throw operation.emitOpError(
          "cannot be lowered to loops over stored entries: the shape of \(operand.type) is not static"
        )
      }
    }
    let annihilated = AnnihilatedBody(body, zero: body.argument(sparseOperand))
    for (k, value) in yield.operands.enumerated() {
      let out = body.argument(view.inputCount + k)
      if view.readsOutput(k) {
        if annihilated.isNeutral(value, out) { continue }
      } else if annihilated.isZero(value), isWritten(k) {
        continue
      }
      throw operation.emitOpError(
        "cannot be lowered to loops over stored entries: where the sparse operand is zero, the body does not leave output #\(k) as it was or zero"
      )
    }
  }

  /// Whether each element of an output the body does not read is computed at one point.
  private func isWritten(_ k: Int) -> Bool {
    let map = maps[view.inputCount + k]
    return map.isProjectedPermutation && map.resultCount == view.loopCount
  }

  /// Finds outputs that need not be filled first, and fills with zero those the body does not read.
  private mutating func chooseStarts() {
    for (k, out) in view.outputs.enumerated() {
      guard view.readsOutput(k) else {
        // What is not stored is zero.
        let element = out.type.elementType
        let zero = ConstantOp.create(
          rewriter,
          element.isFloat
            ? context.floatAttribute(0, element) : context.integerAttribute(0, element))
        let filled = fill(zero, shapeOf: out)
        destinations.append(filled)
        starts.append(nil)
        continue
      }
      if let filling = out.definingOperation, filling.is(Linalg.fill), coversOnce(k) {
        starts.append(filling.operand(0))
        destinations.append(filling.operand(1))
      } else {
        starts.append(nil)
        destinations.append(out)
      }
    }
  }

  private func fill(_ value: Value, shapeOf out: Value) -> Value {
    let empty = rewriter.create(TensorDialect.empty, results: [out.type]).result()
    guard let filled = try? rewriter.linalg(Linalg.fill, inputs: [value], outputs: [empty]) else {
      return out
    }
    return filled.result()
  }

  /// Whether the loops of output `k` go through each of its elements once.
  private func coversOnce(_ k: Int) -> Bool {
    let map = maps[view.inputCount + k]
    let levels = storage.encoding.levels
    let outer = order[..<depths[k]]
    return map.isProjectedPermutation && map.resultCount == depths[k]
      && outer.indices.allSatisfy { $0 >= levels.count || levels[$0].isDense }
  }

  // MARK: The nest

  private struct State {
    /// The current number of each loop that is open.
    var bound: [Value?]
    /// The node of the sparse tensor's level before.
    var position: Value?
    /// Elements of operands read so far.
    var elements: [Value?] = []
    /// For each output its tensor or, inside the loops its subscripts need, its element.
    var carried: [Value] = []
  }

  private func nest(_ depth: Int, _ state: State) -> [Value] {
    var state = state
    readInputs(&state)
    let scalars = depths.indices.filter { depths[$0] == depth }
    let tensors = state.carried
    for k in scalars {
      if let start = starts[k] {
        state.carried[k] = start
      } else if view.readsOutput(k) || depth < order.count {
        state.carried[k] = extract(tensors[k], subscripts(view.inputCount + k, state))
      }
    }
    var values = depth == order.count ? body(state) : loop(depth, state)
    for k in scalars {
      values[k] = insert(values[k], tensors[k], subscripts(view.inputCount + k, state))
    }
    return values
  }

  private func loop(_ depth: Int, _ state: State) -> [Value] {
    let loop = order[depth]
    let levels = storage.encoding.levels
    guard depth < levels.count else {
      let size = ConstantOp.index(rewriter, view.staticLoopRanges[loop] ?? 0)
      return make(ConstantOp.index(rewriter, 0), size, state.carried) { i, carried in
        var inner = state
        inner.carried = carried
        inner.bound[loop] = i
        return nest(depth + 1, inner)
      }
    }
    switch levels[depth].format {
    case .dense:
      let extent = storage.encoding.levelShape(storage.type.shape)[depth]
      let size = ConstantOp.index(rewriter, extent)
      return make(ConstantOp.index(rewriter, 0), size, state.carried) { i, carried in
        var inner = state
        inner.carried = carried
        inner.bound[loop] = i
        inner.position = i
        if let parent = state.position {
          let first = arith(Arith.muli, parent, ConstantOp.index(rewriter, extent))
          inner.position = arith(Arith.addi, first, i)
        }
        return nest(depth + 1, inner)
      }
    case .singleton:
      var inner = state
      inner.bound[loop] = coordinate(depth, state.position)
      return nest(depth + 1, inner)
    default:
      guard let positions = storage.positions[depth] else { return state.carried }
      let parent = state.position ?? ConstantOp.index(rewriter, 0)
      let next = arith(Arith.addi, parent, ConstantOp.index(rewriter, 1))
      let first = asIndex(extract(positions, [parent]))
      let end = asIndex(extract(positions, [next]))
      return make(first, end, state.carried) { p, carried in
        var inner = state
        inner.carried = carried
        inner.position = p
        inner.bound[loop] = coordinate(depth, p)
        return nest(depth + 1, inner)
      }
    }
  }

  private func coordinate(_ level: Int, _ position: Value?) -> Value? {
    guard let array = storage.coordinates[level], let position else { return nil }
    return asIndex(extract(array, [position]))
  }

  private func make(
    _ from: Value, _ to: Value, _ carried: [Value],
    _ body: (Value, [Value]) -> [Value]
  ) -> [Value] {
    let one = ConstantOp.index(rewriter, 1)
    let loop = ForOp.create(rewriter, from: from, to: to, step: one, inits: carried) {
      _, i, values in body(i, values)
    }
    return Array(loop.results)
  }

  /// Reads the elements of inputs whose subscripts are known by now.
  private func readInputs(_ state: inout State) {
    for i in 0..<view.inputCount where state.elements[i] == nil {
      if i == sparseOperand {
        let isInside = storage.encoding.levels.indices.allSatisfy { state.bound[order[$0]] != nil }
        if isInside, let position = state.position {
          state.elements[i] = extract(storage.values, [position])
        }
        continue
      }
      let operand = operation.operand(i)
      guard operand.type.isRankedTensor else {
        state.elements[i] = operand
        continue
      }
      let isKnown = maps[i].results.allSatisfy { expr in
        state.bound.indices.allSatisfy { state.bound[$0] != nil || !expr.contains(dimension: $0) }
      }
      if isKnown { state.elements[i] = extract(operand, subscripts(i, state)) }
    }
  }

  private func body(_ state: State) -> [Value] {
    guard let body = view.body, let yield = view.yield else { return state.carried }
    var mapping = IRMapping()
    for (i, argument) in body.arguments.enumerated() {
      let element =
        i < view.inputCount ? state.elements[i] : state.carried[i - view.inputCount]
      if let element { mapping.values[argument] = element }
    }
    for inner in body.operations where inner != yield {
      if inner.is(Linalg.index) {
        let dim = Int(inner.attribute("dim")?.integerValue ?? 0)
        mapping.values[inner.result()] = state.bound[dim]
      } else {
        rewriter.clone(inner, &mapping)
      }
    }
    return yield.operands.map { mapping.lookup($0) }
  }

  // MARK: Making operations

  private func subscripts(_ operand: Int, _ state: State) -> [Value] {
    maps[operand].results.map { expand($0, state) }
  }

  private func expand(_ expr: AffineExpr, _ state: State) -> Value {
    switch expr.kind {
    case .dimension: state.bound[expr.position] ?? ConstantOp.index(rewriter, 0)
    case .add: arith(Arith.addi, expand(expr.left, state), expand(expr.right, state))
    case .mul: arith(Arith.muli, expand(expr.left, state), expand(expr.right, state))
    case .mod: arith(Arith.remui, expand(expr.left, state), expand(expr.right, state))
    case .floorDiv: arith(Arith.divui, expand(expr.left, state), expand(expr.right, state))
    case .ceilDiv: arith(Arith.ceildivui, expand(expr.left, state), expand(expr.right, state))
    default: ConstantOp.index(rewriter, expr.constantValue ?? 0)
    }
  }

  private func arith(_ definition: OpDefinition, _ a: Value, _ b: Value) -> Value {
    rewriter.createOrFold(definition, [a, b])[0]
  }

  private func asIndex(_ value: Value) -> Value {
    if value.type.isIndex { return value }
    return rewriter.create(Arith.indexCastUI, [value], results: [context.index]).result()
  }

  private func extract(_ tensor: Value, _ indices: [Value]) -> Value {
    rewriter.create(
      TensorDialect.extract, [tensor] + indices, results: [tensor.type.elementType]
    ).result()
  }

  private func insert(_ scalar: Value, _ tensor: Value, _ indices: [Value]) -> Value {
    rewriter.create(TensorDialect.insert, [scalar, tensor] + indices, results: [tensor.type])
      .result()
  }
}

/// What a body computes where one of its arguments is zero. Numbers are taken to be finite, as
/// sparse storage itself does: zero times anything is zero.
struct AnnihilatedBody {
  let zero: Value

  private static let products: Set<String> = ["arith.mulf", "arith.muli", "arith.andi"]
  private static let quotients: Set<String> = [
    "arith.divf", "arith.divsi", "arith.divui", "arith.shli", "arith.shrsi", "arith.shrui",
    "arith.remf", "arith.remsi", "arith.remui",
  ]
  private static let sums: Set<String> = [
    "arith.addf", "arith.addi", "arith.subf", "arith.subi", "arith.ori", "arith.xori",
    "arith.maximumf", "arith.minimumf", "arith.maxnumf", "arith.minnumf", "arith.maxsi",
    "arith.minsi", "arith.maxui", "arith.minui",
  ]
  private static let functions: Set<String> = [
    "arith.negf", "arith.extf", "arith.truncf", "arith.sitofp", "arith.uitofp", "arith.fptosi",
    "arith.fptoui", "arith.extsi", "arith.extui", "arith.trunci", "arith.index_cast",
    "arith.index_castui", "math.absf", "math.absi", "math.sqrt", "math.sin", "math.tan",
    "math.asin", "math.atan", "math.sinh", "math.tanh", "math.asinh", "math.atanh", "math.erf",
    "math.expm1", "math.log1p", "math.floor", "math.ceil", "math.trunc", "math.round",
    "math.roundeven", "math.cbrt",
  ]

  /// Values of the body that are zero there.
  private(set) var zeros: Set<Value>

  init(_ body: Block, zero: Value) {
    self.zero = zero
    zeros = [zero]
    for operation in body.operations where operation.resultCount == 1 {
      if isZero(operation) { zeros.insert(operation.result()) }
    }
  }

  /// Whether `value` is zero there.
  func isZero(_ value: Value) -> Bool {
    zeros.contains(value) || value.constant?.isZero ?? false
  }

  private func isZero(_ operation: Operation) -> Bool {
    let name = operation.name.string
    if Self.products.contains(name) { return operation.operands.contains(where: isZero) }
    if Self.quotients.contains(name) || Self.functions.contains(name) {
      return isZero(operation.operand(0))
    }
    if Self.sums.contains(name) { return operation.operands.allSatisfy(isZero) }
    if name == "arith.select" { return operation.operands.dropFirst().allSatisfy(isZero) }
    return false
  }

  /// Whether `value` is what `out` was there.
  func isNeutral(_ value: Value, _ out: Value) -> Bool {
    guard let body = zero.owningBlock else { return false }
    var unchanged: Set<Value> = [out]
    for operation in body.operations where operation.resultCount == 1 {
      let isSame = { (i: Int) in unchanged.contains(operation.operand(i)) }
      let keeps =
        switch operation.name.string {
        case "arith.addf", "arith.addi", "arith.ori", "arith.xori":
          isSame(0) && isZero(operation.operand(1)) || isSame(1) && isZero(operation.operand(0))
        case "arith.subf", "arith.subi": isSame(0) && isZero(operation.operand(1))
        case "arith.select": isSame(1) && isSame(2)
        default: false
        }
      if keeps { unchanged.insert(operation.result()) }
    }
    return unchanged.contains(value)
  }
}
