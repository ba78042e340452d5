import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

/// Decides, operand by operand, what is bufferized in place.
extension OneShotState {
  /// Analyzes the operations below `root`, whose tensors were entered.
  func analyze(_ root: Operation) throws(Reported) {
    try checkAssumptions(root)
    for operation in order(root) { analyzeOne(operation) }
    findEquivalences(root)
    findUndefinedUses(root)
    var failed = false
    for operation in Self.postOrder(root) {
      guard let model = model(operation) else { continue }
      do { try model.verify(operation, self) } catch { failed = true }
    }
    if options.onlyAnalyzes { annotate(root) }
    if options.dumpsAliasSets { annotateAliases(root) }
    if failed { throw Reported() }
  }

  static func postOrder(_ root: Operation) -> [Operation] {
    var all: [Operation] = []
    root.walk { all.append($0) }
    return all
  }

  private func analyzeOne(_ operation: Operation) {
    for use in Self.tensorUses(of: operation) {
      if writesToUnwritable(use) || hasConflict(use) {
        if !inPlace.contains(use) { decideOutOfPlace(use) }
      } else {
        decideInPlace(use)
      }
    }
  }

  // MARK: Order

  private func order(_ root: Operation) -> [Operation] {
    if options.heuristic == .bottomUpFromTerminators { return orderFromTerminators(root) }
    let all = Self.postOrder(root).filter { Self.hasTensors($0) }
    switch options.heuristic {
    case .topDown: return all
    case .fuzzer:
      var generator = SmallGenerator(seed: UInt64(truncatingIfNeeded: options.seed))
      return all.shuffled(using: &generator)
    default: return all.reversed()
    }
  }

  /// First what ends of regions are computed from, inner regions before outer ones.
  private func orderFromTerminators(_ root: Operation) -> [Operation] {
    var order: [Operation] = []
    var known: Set<Operation> = []
    for terminator in Self.postOrder(root) {
      guard let parent = terminator.parent, let region = terminator.block?.region,
        terminator.block?.lastOperation == terminator,
        parent.regionBranch?.isTerminator(terminator) ?? terminator.has(.returnLike),
        known.insert(terminator).inserted
      else { continue }
      order.append(terminator)
      var waiting = terminator.operands.filter {
        $0.type.isTensor && $0.definingOperation != nil
      }
      while let value = waiting.popLast() {
        guard let made = value.definingOperation, known.insert(made).inserted else { continue }
        order.append(made)
        if made.ancestor(in: region) == nil { continue }
        for alias in aliasingOperands(value) {
          let operand = alias.place.value
          if operand.type.isTensor, operand.definingOperation != nil { waiting.append(operand) }
        }
      }
    }
    // The others bottom-up, an operation before what it contains.
    func visit(_ operation: Operation) {
      for region in operation.regions.reversed() {
        for block in Array(region.blocks).reversed() {
          for inner in Array(block.operations).reversed() { visit(inner) }
        }
      }
      if !known.contains(operation), Self.hasTensors(operation) { order.append(operation) }
    }
    visit(root)
    return order
  }

  // MARK: Checks

  private func checkAssumptions(_ root: Operation) throws(Reported) {
    let all = Self.postOrder(root)
    for operation in all {
      if let model = model(operation) { try Self.checkBlocks(operation, model) }
    }
    for operation in all {
      guard model(operation) != nil else { continue }
      if operation.is(Bufferization.toTensor), !operation.hasAttribute("restrict"),
        operation.result().hasUses
      {
        throw operation.emitOpError(
          "to_tensor ops without `restrict` are not supported by One-Shot Analysis")
      }
      for use in Self.tensorUses(of: operation) {
        if hasConflict(use, onlyChecking: true) {
          throw operation.emitOpError(
            "not bufferizable under the given constraints: cannot avoid RaW conflict")
        }
        if isInPlace(use), writesToUnwritable(use, onlyChecking: true) {
          throw operation.emitOpError(
            "not bufferizable under the given constraints: would write to read-only buffer")
        }
      }
    }
  }

  static func checkBlocks(_ operation: Operation, _ model: BufferizableModel) throws(Reported) {
    if model.supportsManyBlocks { return }
    for region in operation.regions where !region.isEmpty && !region.hasOneBlock {
      throw operation.emitOpError(
        "op or BufferizableOpInterface implementation does not support unstructured control flow, but at least one region has multiple blocks"
      )
    }
  }

  // MARK: Facts

  private func findEquivalences(_ root: Operation) {
    for operation in Self.postOrder(root) {
      guard let model = model(operation) else { continue }
      for result in operation.results where result.type.isTensor {
        let aliases = aliasingOperands(result)
        guard let first = aliases.first?.place.value else { continue }
        var areAll = true
        for alias in aliases {
          let isInPlace = isInPlace(alias.place)
          let operand = alias.place.value
          if alias.isEquivalent, isInPlace, alias.isDefinite {
            merge(equivalent: result, operand)
            areAll = false
            break
          }
          if !alias.isEquivalent || !isInPlace || !areEquivalent(operand, first) {
            areAll = false
          }
        }
        if areAll, !model.allocates(result) { merge(equivalent: result, first) }
      }
    }
  }

  private func findUndefinedUses(_ root: Operation) {
    for operation in Self.postOrder(root) where model(operation) != nil {
      for result in operation.results where result.type.isTensor {
        guard let use = result.firstUse, definitions(of: TensorUse(use)).isEmpty else {
          continue
        }
        for use in result.uses { undefinedUses.insert(TensorUse(use)) }
      }
    }
  }

  // MARK: Annotations

  private func annotate(_ root: Operation) {
    for operation in Self.postOrder(root) {
      if Self.tensorUses(of: operation).isEmpty { continue }
      let context = operation.context
      let marks = operation.operands.indices.map { i -> Attribute in
        if !operation.operand(i).type.isTensor { return context.string("none") }
        return context.string(isInPlace(TensorUse(operation, i)) ? "true" : "false")
      }
      operation.setAttribute("__inplace_operands_attr__", context.array(marks))
    }
  }

  private func annotateAliases(_ root: Operation) {
    let name = Printer.valueNames(in: root)
    let context = root.context
    func list(_ value: Value) -> Attribute {
      context.array(aliases(of: value).map { context.string(name($0)) })
    }
    for operation in Self.postOrder(root) {
      let results = operation.results.filter { $0.type.isTensor }.map(list)
      if !results.isEmpty {
        operation.setAttribute("__opresult_alias_set_attr__", context.array(results))
      }
      var hasTensor = false
      let regions = operation.regions.map { region in
        context.array(
          region.blocks.map { block in
            context.array(
              block.arguments.filter { $0.type.isTensor }.map { argument in
                hasTensor = true
                return list(argument)
              })
          })
      }
      if hasTensor {
        operation.setAttribute("__bbarg_alias_set_attr__", context.array(regions))
      }
    }
  }
}

/// A small generator of random numbers (SplitMix64): the same seed gives the same order everywhere.
struct SmallGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
