import MartletIR

/// Comments that name users: `--mlir-print-value-users`.
extension Printer {
  /// ` // user: %4` behind an operation; the number of one without results that uses values.
  func users(of operation: Operation) {
    guard operation.resultCount > 0 else {
      if operation.operandCount > 0 {
        out.append(" // id: ")
        names?.writeUser(operation, to: out)
      }
      return
    }
    if operation.isUnused {
      out.append(" // unused")
      return
    }
    var all: Set<Operation> = []
    var results = 0
    for result in operation.results {
      for user in users(result) where all.insert(user).inserted { results += user.resultCount }
    }
    let hasSeveral = operation.resultCount > 1
    out.append(all.count <= 1 && results <= 1 && !hasSeveral ? " // user: " : " // users: ")
    for (i, result) in operation.results.enumerated() {
      if i > 0 { out.append(", ") }
      if hasSeveral { out.append("(") }
      writeUsers(result)
      if hasSeveral { out.append(")") }
    }
  }

  /// A line for each argument of a block.
  func users(ofArgumentsOf block: Block) {
    for argument in block.arguments {
      newline()
      out.append("// ")
      operand(argument)
      if argument.hasUses {
        out.append(" is used by ")
        writeUsers(argument)
      } else {
        out.append(" is unused")
      }
    }
  }

  private func writeUsers(_ value: Value) {
    let all = users(value)
    if all.isEmpty { out.append("unused") }
    for (i, user) in all.enumerated() {
      if i > 0 { out.append(", ") }
      names?.writeUser(user, to: out)
    }
  }

  /// Each user once.
  private func users(_ value: Value) -> [Operation] {
    var seen: Set<Operation> = []
    return value.uses.map(\.owner).filter { seen.insert($0).inserted }
  }
}
