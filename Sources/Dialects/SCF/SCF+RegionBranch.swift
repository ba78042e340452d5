import MartletIR

/// How control and values flow between the operations of scf and their regions.
extension SCF {
  private static func behindOrInto(
    _ op: Operation, _ inputs: [Value]
  ) -> [RegionSuccessor] {
    [RegionSuccessor(op.region(), inputs: inputs), RegionSuccessor(behind: op)]
  }

  static let forBranch = RegionBranchInterface(
    successors: { op, _, _ in
      // From both the loop itself and its body; a loop may not iterate at all.
      behindOrInto(op, Array(op.region().arguments.dropFirst()))
    },
    forwarded: { op, terminator, _ in
      terminator.map { 0..<$0.operandCount } ?? 3..<max(3, op.operandCount)
    })

  static let whileBranch = RegionBranchInterface(
    successors: { op, terminator, constants in
      let before = op.region(0)
      guard let terminator, terminator.is(condition) else {
        return [RegionSuccessor(before, inputs: Array(before.arguments))]
      }
      let decision = constants.first.flatMap { $0?.boolValue }
      var found: [RegionSuccessor] = []
      if decision != true { found.append(RegionSuccessor(behind: op)) }
      if decision != false {
        found.append(RegionSuccessor(op.region(1), inputs: Array(op.region(1).arguments)))
      }
      return found
    },
    forwarded: { op, terminator, _ in
      guard let terminator else { return 0..<op.operandCount }
      return (terminator.is(condition) ? 1 : 0)..<terminator.operandCount
    }, isTerminator: { $0.is(condition) || $0.has(.returnLike) })

  static let ifBranch = RegionBranchInterface(
    successors: { op, terminator, constants in
      if terminator != nil { return [RegionSuccessor(behind: op)] }
      let decision = constants.first.flatMap { $0?.boolValue }
      var found: [RegionSuccessor] = []
      if decision != false { found.append(RegionSuccessor(op.region(0))) }
      if decision != true {
        found.append(
          op.region(1).isEmpty ? RegionSuccessor(behind: op) : RegionSuccessor(op.region(1)))
      }
      return found
    }, executesRegionsAtMostOnce: true)

  static let executeRegionBranch = RegionBranchInterface(
    successors: { op, terminator, _ in
      terminator == nil ? [RegionSuccessor(op.region())] : [RegionSuccessor(behind: op)]
    })

  static let indexSwitchBranch = RegionBranchInterface(
    successors: { op, terminator, constants in
      if terminator != nil { return [RegionSuccessor(behind: op)] }
      guard let value = constants.first.flatMap({ $0?.integerValue }) else {
        return op.regions.map { RegionSuccessor($0) }
      }
      let cases = op.attribute("cases")?.integers ?? []
      let taken = cases.firstIndex(of: Int(value)).map { $0 + 1 } ?? 0
      return taken < op.regionCount ? [RegionSuccessor(op.region(taken))] : []
    }, executesRegionsAtMostOnce: true)

  /// Results are what the reductions make of the values; nothing is passed to them as it is.
  static let parallelBranch = RegionBranchInterface(
    successors: { op, _, _ in
      [RegionSuccessor(op.region()), RegionSuccessor(behind: op, inputs: [])]
    }, forwarded: { _, _, _ in 0..<0 }, isTerminator: { $0.is(reduce) })

  static let forallBranch = RegionBranchInterface(
    successors: { op, terminator, _ in
      if terminator != nil { return [RegionSuccessor(behind: op)] }
      let outputs = op.operandGroup(3).count
      let arguments = op.region().arguments
      return [
        RegionSuccessor(op.region(), inputs: Array(arguments.suffix(min(outputs, arguments.count))))
      ]
    },
    forwarded: { op, _, _ in
      let outputs = op.operandGroup(3).count
      return (op.operandCount - outputs)..<op.operandCount
    }, isTerminator: { _ in false })
}
