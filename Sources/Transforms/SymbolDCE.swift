import MartletAnalysis
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Removes symbols that nobody can refer to and nothing refers to: private ones and, in a symbol table
  /// that cannot be seen from outside, nested ones.
  ///
  ///     func.func private @unused()    ->
  public static let symbolDCE = Pass(
    "symbol-dce", name: "SymbolDCE", "Eliminate dead symbols",
    statistics: [PassStatistic("num-dce'd", "Number of symbols DCE'd")]
  ) { (operation, state) throws(Reported) in
    guard operation.has(.symbolTable) else {
      throw operation.emitOpError(
        " was scheduled to run under SymbolDCE, but does not define a symbol table")
    }
    var elimination = SymbolElimination()
    let isSymbol = operation.has(.symbol) && operation.attribute("sym_name") != nil
    let isHidden =
      operation.parent == nil || !isSymbol || operation.symbolVisibility == .private
    try elimination.findLive(in: operation, isHidden: isHidden)
    let removed = elimination.eraseDead(in: operation, state)
    state.count("num-dce'd", by: removed)
    state.isUnchanged = removed == 0
  }
}

private struct SymbolElimination {
  private var live: Set<Operation> = []
  private let symbols = SymbolIndex()

  mutating func findLive(in table: Operation, isHidden: Bool) throws(Reported) {
    var worklist: [Operation] = []
    guard table.regionCount > 0 else { return }
    for block in table.region(0).blocks {
      for operation in block.operations {
        guard isSymbol(operation) else {
          worklist.append(operation)
          continue
        }
        let visibility = operation.symbolVisibility
        let isDiscardable = visibility == .private || (isHidden && visibility == .nested)
        if !isDiscardable, live.insert(operation).inserted { worklist.append(operation) }
      }
    }
    while let operation = worklist.popLast() {
      if operation.has(.symbolTable) {
        let innerHidden =
          isHidden || !isSymbol(operation) || operation.symbolVisibility == .private
        try findLive(in: operation, isHidden: innerHidden)
      }
      var used: [Operation] = []
      let unknown = SymbolUses.visitAll(in: operation) { user, reference in
        let home = operation.parent ?? operation
        let scope = operation.has(.symbolTable) && user != operation ? operation : home
        used += symbols.resolve(reference, in: scope) ?? []
      }
      if unknown != nil {
        throw operation.emitError(
          "operation contains potentially unknown symbol table, meaning that we can't reliable compute symbol uses"
        )
      }
      for symbol in used where live.insert(symbol).inserted { worklist.append(symbol) }
    }
  }

  private func isSymbol(_ operation: Operation) -> Bool {
    operation.has(.symbol) && operation.attribute("sym_name") != nil
  }

  func eraseDead(in root: Operation, _ state: PassContext) -> Int {
    var removed = 0
    root.walk { table in
      guard table.has(.symbolTable), table.regionCount > 0 else { return }
      for block in table.region(0).blocks {
        for operation in block.operations
        where isSymbol(operation) && !live.contains(operation) {
          state.remark(
            .passed, "Erased",
            "nothing refers to '\(SymbolTable.name(of: operation) ?? "", as: "Symbol")', which cannot be seen from outside",
            at: operation)
          operation.erase()
          removed += 1
        }
      }
    }
    return removed
  }
}
