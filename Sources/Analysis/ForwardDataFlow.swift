import MartletIR

/// What a sparse forward analysis knows of a value.
public protocol SparseLattice {
  /// Nothing known yet: the value was not reached.
  static var uninitialized: Self { get }
  var isUninitialized: Bool { get }
  /// The constant the value is known to be, by which branches are decided.
  var constant: Attribute? { get }
  /// Takes in that the value may also be as `other` says.
  /// - Returns: whether that changed anything.
  mutating func join(_ other: Self) -> Bool
}

/// What a sparse forward analysis does with single operations.
public protocol ForwardTransfer {
  associatedtype Lattice: SparseLattice
  /// What is known of a value that comes from where the analysis cannot see.
  func entryState(_ value: Value) -> Lattice
  /// What is known of the results of `operation`, given what is known of its operands; nil where too little
  /// is known of them yet.
  func visit(_ operation: Operation, _ operands: [Lattice]) -> [Lattice]?
}

/// A sparse forward data-flow analysis together with the analysis of dead code it depends on: what cannot be
/// reached, given the constants found so far, adds nothing to what is known (Wegman and Zadeck, "Constant
/// Propagation with Conditional Branches", 1991; across regions and calls as MLIR's framework does).
public final class ForwardDataFlow<Transfer: ForwardTransfer> {
  public typealias Lattice = Transfer.Lattice

  private let transfer: Transfer
  private let root: Operation
  private let symbols: SymbolIndex
  private var lattices: [Value: Lattice] = [:]
  private var liveBlocks: Set<Block> = []
  private var pending: [Operation] = []
  private var isPending: Set<Operation> = []
  /// Callables that may be called from where the analysis cannot see.
  private var hasUnknownCallers: Set<Operation> = []
  /// The live calls of each callable.
  public private(set) var callSites: [Operation: [Operation]] = [:]
  /// The live terminators of each callable.
  private var returns: [Operation: [Operation]] = [:]
  private let hasSymbolTable: Bool

  /// Analyses all that `root` contains.
  public init(_ root: Operation, _ transfer: Transfer) {
    self.root = root
    self.transfer = transfer
    symbols = SymbolIndex()
    hasSymbolTable = root.has(.symbolTable)
    findUnknownCallers()
    for region in root.regions {
      guard let entry = region.firstBlock else { continue }
      markLive(entry)
      for argument in entry.arguments { join(argument, transfer.entryState(argument)) }
    }
    while let operation = pending.popLast() {
      isPending.remove(operation)
      visit(operation)
    }
  }

  // MARK: Results

  public subscript(value: Value) -> Lattice { lattices[value] ?? .uninitialized }
  public func isLive(_ block: Block) -> Bool { liveBlocks.contains(block) }
  /// Whether all calls of `callable` are among `callSites`.
  public func areCallersKnown(_ callable: Operation) -> Bool {
    !hasUnknownCallers.contains(callable)
  }

  // MARK: Callers

  private func findUnknownCallers() {
    var tables: [(Operation, isHidden: Bool)] = []
    func collect(_ operation: Operation, _ isHidden: Bool) {
      var inner = isHidden
      if operation.has(.symbolTable) {
        let isSymbol = operation.has(.symbol) && operation.attribute("sym_name") != nil
        if !operation.has(.symbol) || (isSymbol && operation.symbolVisibility == .private) {
          inner = true
        }
        tables.append((operation, inner))
      }
      for region in operation.regions {
        for block in region.blocks {
          for nested in block.operations where nested.regionCount > 0 { collect(nested, inner) }
        }
      }
    }
    collect(root, root.block == nil)
    for (table, isHidden) in tables {
      guard table.regionCount > 0 else { continue }
      for block in table.region(0).blocks {
        for callable in block.operations where callable.has(.callable) && callable.has(.symbol) {
          let visibility = callable.symbolVisibility
          if visibility == .public || (!isHidden && visibility == .nested) {
            hasUnknownCallers.insert(callable)
          }
        }
        for operation in block.operations {
          SymbolUses.visitAll(in: operation) { user, reference in
            if user.has(.call) { return }
            if let found = symbols.resolve(reference, from: user) {
              hasUnknownCallers.insert(found)
            }
          }
        }
      }
    }
  }

  private func callee(of call: Operation) -> Operation? {
    guard hasSymbolTable, let reference = call.attribute("callee"),
      reference.kind == .symbolRef,
      let target = symbols.resolve(reference, from: call), target.has(.symbol),
      root.isAncestor(of: target), target.has(.callable), target.regionCount > 0,
      !target.region(0).isEmpty
    else { return nil }
    return target
  }

  // MARK: The worklist

  private func enqueue(_ operation: Operation) {
    guard let block = operation.block, liveBlocks.contains(block) else { return }
    if isPending.insert(operation).inserted { pending.append(operation) }
  }

  private func join(_ value: Value, _ lattice: Lattice) {
    if lattices[value, default: .uninitialized].join(lattice) {
      for use in value.uses { enqueue(use.owner) }
    }
  }

  private func markLive(_ block: Block) {
    guard liveBlocks.insert(block).inserted else { return }
    // The stack gives them back in the order of the text.
    var operations: [Operation] = []
    for operation in block.operations { operations.append(operation) }
    for operation in operations.reversed() { enqueue(operation) }
  }

  /// The known operands; nil where an operand has not been reached yet.
  private func constants(of operation: Operation) -> [Attribute?]? {
    var found: [Attribute?] = []
    found.reserveCapacity(operation.operandCount)
    for operand in operation.operands {
      let lattice = self[operand]
      if lattice.isUninitialized { return nil }
      found.append(lattice.constant)
    }
    return found
  }

  // MARK: Operations

  private func visit(_ operation: Operation) {
    if operation.has(.call) { visitCall(operation) }
    if operation.regionCount > 0 { visitRegions(of: operation) }
    if operation.successors.count > 0 {
      visitSuccessors(of: operation)
    } else {
      visitReturn(operation)
    }
    if operation.resultCount == 0 || operation.has(.call) { return }
    if operation.regionCount > 0, operation.regionBranch != nil { return }
    let operands = operation.operands.map { self[$0] }
    guard let results = transfer.visit(operation, operands) else { return }
    for (result, lattice) in zip(operation.results, results) { join(result, lattice) }
  }

  private func visitCall(_ call: Operation) {
    guard let callee = callee(of: call), let entry = callee.region(0).firstBlock else {
      for result in call.results { join(result, transfer.entryState(result)) }
      return
    }
    if !(callSites[callee]?.contains(call) ?? false) { callSites[callee, default: []].append(call) }
    markLive(entry)
    if !hasUnknownCallers.contains(callee) {
      for (operand, argument) in zip(call.argumentOperands, entry.arguments) {
        join(argument, self[operand])
      }
    }
    for end in returns[callee] ?? [] { passReturned(end, to: call) }
  }

  private func passReturned(_ end: Operation, to call: Operation) {
    if end.has(.returnLike) {
      for (operand, result) in zip(end.operands, call.results) { join(result, self[operand]) }
    } else {
      for result in call.results { join(result, transfer.entryState(result)) }
    }
  }

  private func visitRegions(of operation: Operation) {
    if let branch = operation.regionBranch {
      guard let constants = constants(of: operation) else { return }
      pass(branch, operation, nil, constants)
      return
    }
    if operation.has(.callable) {
      guard let entry = operation.region(0).firstBlock else { return }
      if hasUnknownCallers.contains(operation) || operation == root {
        markLive(entry)
        for argument in entry.arguments { join(argument, transfer.entryState(argument)) }
      }
      return
    }
    for region in operation.regions {
      guard let entry = region.firstBlock else { continue }
      markLive(entry)
      for argument in entry.arguments { join(argument, transfer.entryState(argument)) }
    }
  }

  /// Passes values from `operation`, or from a terminator in its regions, to where control goes next.
  private func pass(
    _ branch: RegionBranchInterface, _ operation: Operation, _ terminator: Operation?,
    _ constants: [Attribute?]
  ) {
    let source = terminator ?? operation
    for successor in branch.successors(operation, terminator, constants) {
      let range = branch.forwarded(operation, terminator, successor)
      for (i, input) in zip(range, successor.inputs) { join(input, self[source.operand(i)]) }
      if let region = successor.region {
        guard let entry = region.firstBlock else { continue }
        for argument in entry.arguments where !successor.inputs.contains(argument) {
          join(argument, transfer.entryState(argument))
        }
        markLive(entry)
      } else {
        for result in operation.results where !successor.inputs.contains(result) {
          join(result, transfer.entryState(result))
        }
      }
    }
  }

  private func visitReturn(_ operation: Operation) {
    guard let block = operation.block, block.lastOperation == operation,
      let parent = block.parentOperation
    else { return }
    if let branch = parent.regionBranch {
      guard branch.isTerminator(operation), let constants = constants(of: operation) else {
        return
      }
      pass(branch, parent, operation, constants)
    } else if parent.has(.callable) {
      if !(returns[parent]?.contains(operation) ?? false) {
        returns[parent, default: []].append(operation)
      }
      for call in callSites[parent] ?? [] { passReturned(operation, to: call) }
    }
  }

  private func visitSuccessors(of operation: Operation) {
    var taken: Int?
    if operation.has(.branch) {
      guard let constants = constants(of: operation) else { return }
      taken = operation.interface(BranchChoice.self)?.successor(operation, constants)
    }
    for (i, successor) in operation.successors.enumerated() {
      // Ways into one block are not told apart.
      if let taken, successor != operation.successors[taken] { continue }
      if let range = operation.successorOperandRange(i), range.count == successor.argumentCount {
        for (k, argument) in zip(range, successor.arguments) {
          join(argument, self[operation.operand(k)])
        }
      } else {
        for argument in successor.arguments { join(argument, transfer.entryState(argument)) }
      }
      markLive(successor)
    }
  }
}

extension Operation {
  /// The operands of a call that become the arguments of what it calls.
  public var argumentOperands: OperandList {
    guard let definition else { return operands }
    // Calls name their arguments in several ways; an op with one group of operands passes all of it.
    for name in ["operands", "callee_operands", "arguments", "argOperands"] {
      if definition.operands.contains(where: { $0.name == name }) { return operands(named: name) }
    }
    return operands
  }
}
