import MartletAnalysis
import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Removes what no effect and no result seen from outside depends on: operations, arguments and results of
  /// private functions, arguments of blocks, what loops and conditionals carry for nothing.
  ///
  ///     %0:2 = call @f(%a) : ...             ->   call @f() : () -> ()
  ///     return %a                                 return %a
  public static let removeDeadValues = Pass(
    "remove-dead-values", name: "RemoveDeadValues", "Remove dead values",
    options: [
      .bool("canonicalize", default: true, "Canonicalize region branch ops")
    ], dependentDialects: ["ub"]
  ) { (operation, state) throws(Reported) in
    let analysis = ForwardDataFlow(operation, ConstantTransfer(operation.context))
    let liveness = ValueLiveness(operation, .init(analysis))
    let removal = DeadValueRemoval(operation, liveness)
    removal.collect()
    removal.explain(state)
    removal.apply()
    guard state.options.bool("canonicalize") else { return }
    var branches: [Operation] = []
    operation.walk { if $0.regionBranch != nil { branches.append($0) } }
    guard operation.regionCount > 0, !branches.isEmpty else { return }
    applyPatternsGreedily(
      to: branches, in: operation.region(0), .canonicalization(operation.context))
  }
}

/// First all that is dead is written down, while the analysis still holds; then it is taken out.
private final class DeadValueRemoval {
  private struct DeadFunction {
    let function: Operation
    let arguments: [Int]
    let results: [Int]
    let calls: [Operation]
  }

  private let root: Operation
  private let liveness: ValueLiveness
  /// Values found dead by what was decided, beyond what the analysis says.
  private var dead: Set<Value> = []
  private var doomed: [Operation] = []
  private var isDoomed: Set<Operation> = []
  private var functions: [DeadFunction] = []
  private var poisoned: [(owner: Operation, operands: [Int])] = []
  private var deadArguments: [(block: Block, arguments: Set<Int>)] = []
  private var visitedBlocks: Set<Block> = []
  private var poison: [Operation] = []

  init(_ root: Operation, _ liveness: ValueLiveness) {
    self.root = root
    self.liveness = liveness
  }

  private func isLive(_ value: Value) -> Bool {
    !dead.contains(value) && liveness.isLive(value)
  }

  // MARK: Collecting

  func collect() {
    let symbols = SymbolIndex()
    var calls: [Operation: [Operation]] = [:]
    var otherUses: Set<Operation> = []
    root.walkPreOrder { operation in
      SymbolUses.visit(operation) { reference in
        guard let target = symbols.resolve(reference, from: operation) else { return }
        if operation.has(.call) {
          calls[target, default: []].append(operation)
        } else {
          otherUses.insert(target)
        }
      }
      return .advance
    }
    root.walk { operation in
      if operation.has(.callable), operation.has(.symbol) {
        if !otherUses.contains(operation) { visitFunction(operation, calls[operation] ?? []) }
      } else if let branch = operation.regionBranch {
        visitRegionBranch(operation, branch)
      } else if operation.has(.branch), operation.successors.count > 0 {
        visitBranch(operation)
      } else if operation.has(.terminator) || operation.has(.call) {
        // They go with what is around them and what they call.
      } else {
        visitSimple(operation)
      }
    }
  }

  /// Says what is about to go.
  func explain(_ state: PassContext) {
    guard state.wantsRemarks else { return }
    for operation in doomed {
      state.remark(
        .passed, "Erased", "nothing needs what \(operation.name.string, as: "Operation") computes",
        at: operation)
    }
    for entry in functions where !entry.arguments.isEmpty || !entry.results.isEmpty {
      state.remark(
        .passed, "Shrunk",
        "\(entry.arguments.count, as: "Arguments") arguments and \(entry.results.count, as: "Results") results of the function are not needed",
        at: entry.function)
    }
  }

  private func doom(_ operation: Operation) {
    if isDoomed.insert(operation).inserted { doomed.append(operation) }
  }

  private func visitSimple(_ operation: Operation) {
    let hasDeadOperand = operation.operands.contains { !isLive($0) }
    if !hasDeadOperand {
      guard operation != root, !operation.has(.symbol), operation.isMemoryEffectFree,
        !operation.results.contains(where: { isLive($0) })
      else { return }
    }
    doom(operation)
    for result in operation.results { dead.insert(result) }
  }

  private func visitFunction(_ function: Operation, _ calls: [Operation]) {
    guard function.symbolVisibility != .public, function.regionCount > 0,
      let entry = function.region(0).firstBlock,
      let type = function.attribute("function_type")?.typeValue, type.kind == .function
    else { return }
    let arguments = entry.arguments.indices.filter { !isLive(entry.argument($0)) }
    for i in arguments { dead.insert(entry.argument(i)) }
    let results = type.results.indices.filter { i in
      calls.allSatisfy { i >= $0.resultCount || !isLive($0.result(i)) }
    }
    functions.append(
      DeadFunction(function: function, arguments: arguments, results: results, calls: calls))
    for call in calls {
      for i in results where i < call.resultCount { dead.insert(call.result(i)) }
    }
  }

  private func visitRegionBranch(_ operation: Operation, _ branch: RegionBranchInterface) {
    if operation.isMemoryEffectFree, !operation.results.contains(where: { isLive($0) }) {
      doom(operation)
      return
    }
    var owners: [Operation] = []
    var places: [Operation: [Int]] = [:]
    for (place, inputs) in operation.successorInputs(branch)
    where !isLive(place.value) || !inputs.contains(where: { isLive($0) }) {
      if places[place.owner] == nil { owners.append(place.owner) }
      places[place.owner, default: []].append(place.index)
    }
    for owner in owners { poisoned.append((owner, places[owner] ?? [])) }
  }

  private func visitBranch(_ operation: Operation) {
    var forwarded: Set<Int> = []
    for s in operation.successors.indices {
      for i in operation.successorOperandRange(s) ?? 0..<0 { forwarded.insert(i) }
    }
    if operation.operands.indices.contains(where: {
      !forwarded.contains($0) && !isLive(operation.operand($0))
    }) {
      doom(operation)
      return
    }
    for (s, successor) in operation.successors.enumerated() {
      guard let operands = operation.successorOperands(s),
        operands.count == successor.argumentCount
      else { continue }
      // A dead operand of a branch never taken says nothing of an argument others pass live values to.
      let gone = operands.indices.filter {
        !isLive(operands[$0]) && !liveness.isLive(successor.argument($0))
      }
      for i in gone { dead.insert(successor.argument(i)) }
      if visitedBlocks.insert(successor).inserted { deadArguments.append((successor, Set(gone))) }
    }
  }

  // MARK: Applying

  /// Whether `operation` goes, by itself or with what is around it.
  private func goes(_ operation: Operation) -> Bool {
    operation.ancestor { isDoomed.contains($0) } != nil
  }

  /// Lets what is to stay use poison in place of `value`.
  private func dropUses(_ value: Value) {
    let builder = Builder(value.context)
    while let use = value.firstUse {
      builder.setInsertionPoint(before: use.owner)
      use.set(makePoison(builder, value.type))
    }
  }

  private func makePoison(_ builder: Builder, _ type: Type) -> Value {
    let made = builder.create(UB.poison, results: [type])
    poison.append(made)
    return made.result()
  }

  func apply() {
    let kept = poisoned.filter { !goes($0.owner) }
    let liveFunctions = functions.filter { !goes($0.function) }
    for operation in doomed { operation.dropAllReferences() }
    for (block, arguments) in deadArguments { eraseArguments(arguments, of: block) }
    for dead in liveFunctions { eraseSignature(dead) }
    let builder = Builder(root.context)
    for (owner, operands) in kept {
      builder.setInsertionPoint(before: owner)
      for i in operands.sorted() {
        owner.setOperand(i, makePoison(builder, owner.operand(i).type))
      }
    }
    for dead in liveFunctions where !dead.results.isEmpty {
      for call in dead.calls where !goes(call) { eraseResults(dead.results, of: call) }
    }
    for operation in doomed {
      if operation.has(.terminator) {
        builder.setInsertionPoint(before: operation)
        builder.create(UB.unreachable)
      }
      for result in operation.results { dropUses(result) }
      operation.erase()
    }
    for operation in poison.reversed() where operation.isLive && operation.isUnused {
      operation.erase()
    }
  }

  private func eraseArguments(_ arguments: Set<Int>, of block: Block) {
    let terminators = block.predecessorTerminators.filter { !goes($0) }
    // All ways into the block have to agree.
    let agreed = arguments.filter { i in
      i < block.argumentCount
        && terminators.allSatisfy { end in
          end.successors.enumerated().allSatisfy { s, successor in
            successor != block
              || (end.successorOperands(s).map { $0.count > i && !isLive($0[i]) } ?? false)
          }
        }
    }
    if agreed.isEmpty { return }
    for end in Set(terminators).sorted(by: { $0.raw < $1.raw }) {
      for (s, successor) in end.successors.enumerated() where successor == block {
        guard let operands = end.successorOperands(s) else { continue }
        let values = operands.enumerated().filter { !agreed.contains($0.offset) }.map(\.element)
        end.setSuccessorOperands(s, values)
      }
    }
    for i in agreed.sorted(by: >) {
      dropUses(block.argument(i))
      block.eraseArgument(i)
    }
  }

  private func eraseSignature(_ dead: DeadFunction) {
    let function = dead.function
    guard let entry = function.region(0).firstBlock,
      let type = function.attribute("function_type")?.typeValue
    else { return }
    let gone = Set(dead.arguments)
    let lost = Set(dead.results)
    for block in function.region(0).blocks {
      guard let end = block.lastOperation, end.has(.returnLike), !goes(end),
        end.operandCount == type.results.count
      else { continue }
      end.eraseOperands(lost)
    }
    for i in dead.arguments.reversed() {
      dropUses(entry.argument(i))
      entry.eraseArgument(i)
    }
    let context = function.context
    function.setAttribute(
      "function_type",
      context.typeAttribute(
        context.function(
          type.inputs.enumerated().filter { !gone.contains($0.offset) }.map(\.element),
          type.results.enumerated().filter { !lost.contains($0.offset) }.map(\.element))))
    eraseEntries(gone, "arg_attrs", function)
    eraseEntries(lost, "res_attrs", function)
    for call in dead.calls where !goes(call) {
      let start = call.operandCount - call.argumentOperands.count
      call.eraseOperands(Set(gone.map { start + $0 }.filter { $0 < call.operandCount }))
      eraseEntries(gone, "arg_attrs", call)
    }
  }

  /// Takes entries out of an array of dictionaries, which goes once no dictionary says anything.
  private func eraseEntries(_ gone: Set<Int>, _ name: String, _ operation: Operation) {
    guard !gone.isEmpty, let elements = operation.attribute(name)?.elements else { return }
    let kept = elements.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
    let says = kept.contains { !$0.entries.isEmpty }
    operation.setAttribute(name, says ? operation.context.array(kept) : nil)
  }

  private func eraseResults(_ gone: [Int], of call: Operation) {
    let lost = Set(gone.filter { $0 < call.resultCount })
    if lost.isEmpty { return }
    for i in lost { dropUses(call.result(i)) }
    eraseEntries(lost, "res_attrs", call)
    let kept = call.results.indices.filter { !lost.contains($0) }
    PatternRewriter(call.context).eraseResults(of: call, except: kept)
  }
}
