import MartletAnalysis
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Sparse conditional constant propagation: finds values that are constant on every path that can be
  /// taken, through blocks, regions and calls of private functions, and puts constants in their place.
  ///
  ///     %c = arith.constant true             ->   %c1 = arith.constant 1 : i32
  ///     %0 = scf.if %c -> (i32) {                 ...
  ///       scf.yield %c1 : i32                     return %c1 : i32
  ///     } else {
  ///       scf.yield %x : i32
  ///     }
  ///     return %0 : i32
  public static let sccp = Pass(
    "sccp", name: "SCCP", "Sparse Conditional Constant Propagation"
  ) { (operation, state) throws(Reported) in
    let analysis = ForwardDataFlow(operation, ConstantTransfer(operation.context))
    var rewrite = ConstantReplacement(analysis, operation.context, state)
    rewrite.run(operation)
    state.isUnchanged = !rewrite.changed
  }
}

private struct ConstantReplacement {
  private let analysis: ForwardDataFlow<ConstantTransfer>
  private let pool: ConstantPool
  private let state: PassContext
  var changed = false

  init(_ analysis: ForwardDataFlow<ConstantTransfer>, _ context: Context, _ state: PassContext) {
    self.analysis = analysis
    self.state = state
    pool = ConstantPool(context)
  }

  mutating func run(_ root: Operation) {
    var pending: [Block] = []
    func add(_ operation: Operation) {
      for region in operation.regions {
        var blocks: [Block] = []
        for block in region.blocks { blocks.append(block) }
        pending += blocks.reversed()
      }
    }
    add(root)
    while let block = pending.popLast() {
      for operation in block.operations {
        var replacedAll = operation.resultCount > 0
        for result in operation.results where !replace(result, in: block) { replacedAll = false }
        if replacedAll, operation.wouldBeTriviallyDead {
          operation.erase()
          continue
        }
        add(operation)
      }
      for argument in block.arguments { _ = replace(argument, in: block) }
    }
  }

  private mutating func replace(_ value: Value, in block: Block) -> Bool {
    guard case .known(let attribute, let dialect) = analysis[value],
      let constant = pool.constant(
        attribute, value.type, dialect: dialect, in: block,
        origin: value.definingOperation?.location ?? value.argumentLocation)
    else { return false }
    if state.wantsRemarks, value.hasUses {
      let what = value.definingOperation.map { "the result of \($0.name)" } ?? "a block argument"
      if let place = value.definingOperation ?? block.parentOperation {
        state.remark(
          .passed, "Constant", "\(what) is always \(attribute, as: "Value")", at: place)
      }
    }
    value.replaceAllUses(with: constant)
    changed = true
    return true
  }
}
