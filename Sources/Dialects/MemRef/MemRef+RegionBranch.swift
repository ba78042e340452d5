import MartletIR

extension MemRef {
  /// A scope executes its region once and gives what that returns.
  static let allocaScopeBranch = RegionBranchInterface(
    successors: { op, terminator, _ in
      terminator == nil ? [RegionSuccessor(op.region())] : [RegionSuccessor(behind: op)]
    })
}
