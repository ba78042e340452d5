/// Where control goes from a point of an operation with regions: into one of its regions, or on behind it.
public struct RegionSuccessor {
  /// Nil where control goes on behind the operation.
  public let region: Region?
  /// The arguments of the region's entry or the results of the operation that get values on this way.
  public let inputs: [Value]

  public init(_ region: Region, inputs: [Value] = []) {
    self.region = region
    self.inputs = inputs
  }

  /// On behind `operation`, whose results get values, all of them unless `inputs` says otherwise.
  public init(behind operation: Operation, inputs: [Value]? = nil) {
    region = nil
    self.inputs = inputs ?? Array(operation.results)
  }
}

/// How control and values flow between an operation and its regions (MLIR's RegionBranchOpInterface and
/// RegionBranchTerminatorOpInterface in one: the operation answers for the terminators of its regions).
public struct RegionBranchInterface: OpInterface {
  /// The ways from the operation itself, or from `terminator`, which ends a block of its regions.
  /// `constants` are the known operands of that operation, empty where nothing shall be assumed of them.
  public let successors:
    @Sendable (Operation, _ terminator: Operation?, _ constants: [Attribute?]) -> [RegionSuccessor]
  /// The operands, as positions, which the operation itself, or `terminator`, passes to the inputs of
  /// `successor`.
  public let forwarded:
    @Sendable (Operation, _ terminator: Operation?, _ successor: RegionSuccessor) -> Range<Int>
  /// Whether an operation ends a block in a way this interface knows.
  public let isTerminator: @Sendable (Operation) -> Bool
  /// Whether each region is executed at most once each time the operation is.
  public let executesRegionsAtMostOnce: Bool

  public init(
    successors:
      @escaping @Sendable (Operation, Operation?, [Attribute?]) -> [RegionSuccessor],
    forwarded:
      @escaping @Sendable (Operation, Operation?, RegionSuccessor) -> Range<Int> = {
        operation, terminator, _ in 0..<(terminator?.operandCount ?? 0)
      },
    isTerminator: @escaping @Sendable (Operation) -> Bool = { $0.has(.returnLike) },
    executesRegionsAtMostOnce: Bool = false
  ) {
    self.successors = successors
    self.forwarded = forwarded
    self.isTerminator = isTerminator
    self.executesRegionsAtMostOnce = executesRegionsAtMostOnce
  }
}

/// Which successor a branch with known operands takes.
public struct BranchChoice: OpInterface {
  /// The number of the successor; nil where it is not decided.
  public let successor: @Sendable (Operation, _ constants: [Attribute?]) -> Int?

  public init(_ successor: @escaping @Sendable (Operation, [Attribute?]) -> Int?) {
    self.successor = successor
  }
}

/// Operand `index` of `owner` as a place values flow from.
public struct OperandPlace: Hashable {
  public let owner: Operation
  public let index: Int

  public var value: Value { owner.operand(index) }

  public init(_ owner: Operation, _ index: Int) {
    self.owner = owner
    self.index = index
  }
}

extension Operation {
  public var regionBranch: RegionBranchInterface? { interface(RegionBranchInterface.self) }

  /// The operations that end blocks of the regions and pass values on, in order.
  public func regionTerminators(_ branch: RegionBranchInterface) -> [Operation] {
    var found: [Operation] = []
    for region in regions {
      for block in region.blocks {
        if let last = block.lastOperation, branch.isTerminator(last) { found.append(last) }
      }
    }
    return found
  }

  /// Which inputs of successors each operand is passed to, from the operation itself and from each
  /// terminator of its regions, in that order.
  public func successorInputs(
    _ branch: RegionBranchInterface
  ) -> [(place: OperandPlace, inputs: [Value])] {
    var found: [(place: OperandPlace, inputs: [Value])] = []
    /// For each operand of the operation being visited, where it stands in `found`.
    var positions: [Int] = []
    func visit(_ terminator: Operation?) {
      let owner = terminator ?? self
      positions.removeAll(keepingCapacity: true)
      for successor in branch.successors(self, terminator, []) {
        let range = branch.forwarded(self, terminator, successor)
        if range.isEmpty || successor.inputs.isEmpty { continue }
        while positions.count < owner.operandCount { positions.append(-1) }
        for (i, input) in zip(range, successor.inputs) {
          if positions[i] >= 0 {
            found[positions[i]].inputs.append(input)
          } else {
            positions[i] = found.count
            found.append((OperandPlace(owner, i), [input]))
          }
        }
      }
    }
    visit(nil)
    for terminator in regionTerminators(branch) { visit(terminator) }
    return found
  }
}
