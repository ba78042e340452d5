import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns structured operations on memrefs into loops, choosing for each the order of its loops, one loop
  /// whose iterations become vector lanes, and a tile of points whose results stay in registers.
  ///
  ///     linalg.matmul ins(%a, %b : memref<12x64xf32>, memref<64x16xf32>)
  ///                   outs(%c : memref<12x16xf32>)
  ///     ->
  ///     %a1 = memref.collapse_shape %a [[0, 1]] : ...     (and %b, %c)
  ///     %r:12 = scf.for %k = %c0 to %c64 step %c1 iter_args(%s0 = %i0, ...) {
  ///       %b = vector.load %b1[%k * 16] : memref<1024xf32>, vector<16xf32>
  ///       %x = memref.load %a1[%k] ; %v = vector.broadcast %x ; %n0 = vector.fma %v, %b, %s0 ; ...
  ///       scf.yield %n0, ...
  ///     }
  ///     vector.store %r#0, %c1[%c0] ; ...
  ///
  /// What the lanes of a vector do not fill is done by a narrower vector. Sums may be added up in another
  /// order than the loops', and `acc + a * b` is rounded once.
  public static let linalgToLoops = Pass(
    "linalg-to-loops", name: "LinalgToLoops",
    "Lower structured operations on memrefs to loops and vectors",
    options: [
      .integer("vector-width-bytes", default: 64, "Bytes of a vector register"),
      .bool("vectorize", default: true, "Make vector operations where loops allow it"),
    ],
    statistics: [
      PassStatistic("num-lowered", "Number of operations lowered"),
      PassStatistic("num-vectorized", "Number of those lowered to vectors"),
    ],
    dependentDialects: ["arith", "linalg", "memref", "scf", "vector"]
  ) { (operation, state) throws(Reported) in
    let width = state.options.integer("vector-width-bytes")
    let vectorizes = state.options.bool("vectorize")
    if vectorizes, width < 8 || width > 256 || width & (width - 1) != 0 {
      throw operation.emitError("vector-width-bytes must be a power of two from 8 to 256")
    }
    let builder = Builder(state.context)
    generalizeCopies(operation, builder)
    var found: [Operation] = []
    operation.walk { inner in
      if inner.has(.structured) { found.append(inner) }
    }
    for structured in found {
      let (name, location) = (structured.name.string, structured.location)
      let function = state.wantsRemarks ? structured.enclosingFunction : nil
      let plan = try lowerToLoops(
        structured, vectorBytes: vectorizes ? width : nil, builder)
      if state.wantsRemarks, let plan { remark(plan, name, at: location, function, state) }
      state.count("num-lowered")
      if let plan, plan.lanes != .none { state.count("num-vectorized") }
    }
    state.isUnchanged = found.isEmpty
  }
}

/// Says how the loops of an operation are run, or why they have no vectors.
private func remark(
  _ plan: TilePlan, _ name: String, at location: Location, _ function: String?, _ state: PassContext
) {
  if let obstacle = plan.obstacle {
    state.remark(
      .missed, "NotVectorized",
      "\(name, as: "Operation") has scalar loops: \(obstacle, as: "Reason")",
      at: location, function: function)
    return
  }
  let (kind, loop) =
    switch plan.lanes {
    case .reduction(let loop): ("partial results of reduction", loop)
    case .parallel(let loop): ("points of parallel", loop)
    case .none: ("", 0)
    }
  let tile = plan.tile.map(String.init).joined(separator: "x")
  state.remark(
    .passed, "Vectorized",
    "\(name, as: "Operation") has vectors of \(plan.width, as: "Lanes") lanes, \(kind, as: "Kind") loop \(loop, as: "Loop"), \(plan.columns, as: "Columns") side by side, in tiles of \(tile, as: "Tile")",
    at: location, function: function)
}

/// Replaces a structured operation on memrefs by loops before it.
/// - Parameter vectorBytes: the size of a vector register; nil where only scalars are wanted.
/// - Returns: how its loops are run; nil where there is nothing to run.
/// - Throws: where the operation is on tensors or has no loops, reported at it.
@discardableResult
func lowerToLoops(_ operation: Operation, vectorBytes: Int?, _ builder: Builder)
  throws(Reported) -> TilePlan?
{
  guard let view = LinalgOp(operation), view.hasBufferSemantics else {
    throw operation.emitOpError("must be on memrefs to be lowered to loops; bufferize it first")
  }
  builder.setInsertionPoint(before: operation)
  try view.buildBody(builder)
  let body = try StructuredBody(view)
  var nest = try StructuredNest(view)
  if nest.isEmpty {
    operation.erase()
    return nil
  }
  builder.setInsertionPoint(before: operation)
  nest.flatten(builder)
  nest.mergeLoops(usesIndex: body.usesIndex)
  let plan = TilePlanner(nest: nest, body: body, vectorBytes: vectorBytes).plan()
  try NestEmitter(nest, body, plan, builder).emit()
  operation.erase()
  for case let access? in nest.accesses {
    if let view = access.memref.definingOperation, view.isLive, view.is(MemRef.collapseShape),
      view.isUnused
    {
      view.erase()
    }
  }
  return plan
}

/// Copies between memrefs of which one has gaps become structured operations; those of whole blocks of memory
/// stay what they are.
private func generalizeCopies(_ root: Operation, _ builder: Builder) {
  for copy in root.operations(MemRef.copy) {
    let types = copy.operands.types
    guard types.count == 2, types.allSatisfy({ $0.kind == .memRef && $0.hasStaticShape }),
      types.contains(where: { !$0.isGapless })
    else { continue }
    builder.setInsertionPoint(before: copy)
    let rank = types[0].rank
    let map = builder.context.identityMap(rank)
    builder.linalgGeneric(
      inputs: [copy.operand(0)], outputs: [copy.operand(1)], maps: [map, map],
      iterators: Array(repeating: .parallel, count: rank)
    ) { _, elements in [elements[0]] }
    copy.erase()
  }
}

extension Type {
  /// Whether a memref's elements lie one after another in row-major order.
  var isGapless: Bool { stridedLayout?.strides == MemRefLayout(contiguous: shape).strides }
}
