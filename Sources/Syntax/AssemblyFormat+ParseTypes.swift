import MartletIR
import MartletSupport

/// Reading the types that a format writes.
extension AssemblyFormat {
  func parseTypes(_ argument: FormatArgument, _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    let start = state.types.count
    switch argument {
    case .operand(let i):
      try parseGroupTypes(definition.operands[i], parser, state)
      state.operandTypes[i] = .init(start: start, count: state.types.count - start)
    case .result(let i):
      try parseGroupTypes(definition.results[i], parser, state)
      state.resultTypes[i] = .init(start: start, count: state.types.count - start)
    case .operands:
      let types = parser.isAtType ? try parser.parseTypeList() : []
      try assign(types, toOperands: true, parser, state)
    default:
      let types = parser.isAtType ? try parser.parseTypeList() : []
      try assign(types, toOperands: false, parser, state)
    }
  }

  private func parseGroupTypes(_ group: ValueDefinition, _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    let arity = group.arity
    if arity == .one {
      if let name = group.constraint.shortForm, !parser.isAtType,
        let known = parser.context.typeDefinition(named: name)
      {
        state.types.append(try parser.parse(known))
        return
      }
      state.types.append(try parser.parseType())
      return
    }
    guard let first = try parser.parseOptionalType() else { return }
    state.types.append(first)
    if arity == .variadic {
      while parser.parseOptional(.comma) { state.types.append(try parser.parseType()) }
    }
  }

  private func assign(
    _ types: [Type], toOperands: Bool, _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    let arities = (toOperands ? definition.operands : definition.results).map(\.arity)
    let variable = arities.count { $0 != .one }
    // Where some groups of variable size were read, those that were not have no operands.
    let someAreRead =
      toOperands
      && arities.indices.contains { arities[$0] != .one && state.operandGroups[$0].count > 0 }
    var left = types.count - (arities.count - variable)
    guard left >= 0, variable > 0 || left == 0 else {
      throw parser.error("expected \(arities.count) types, but got \(types.count)")
    }
    var start = state.types.count
    state.types.append(contentsOf: types)
    for (i, arity) in arities.enumerated() {
      // Operand groups that were read say how many types each takes.
      var count = arity == .one ? 1 : left
      if toOperands, arity != .one, state.operandGroups[i].count >= 0 {
        count = min(state.operandGroups[i].count, left)
      } else if someAreRead, arity != .one {
        count = 0
      }
      if arity != .one { left -= count }
      if toOperands {
        state.operandTypes[i] = .init(start: start, count: count)
      } else {
        state.resultTypes[i] = .init(start: start, count: count)
      }
      start += count
    }
  }

  func parseFunctionalType(
    _ inputs: FormatArgument, _ results: FormatArgument, _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    guard parser.isAt(.leftParen) else { throw parser.error("expected function type") }
    let type = try parser.parseFunctionType()
    try assign(type.inputs, to: inputs, parser, state)
    try assign(type.results, to: results, parser, state)
  }

  private func assign(
    _ types: [Type], to argument: FormatArgument, _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    switch argument {
    case .operand(let i):
      state.operandTypes[i] = .init(start: state.types.count, count: types.count)
      state.types.append(contentsOf: types)
    case .result(let i):
      if definition.results[i].arity == .one, types.count != 1 {
        throw parser.error("expected one result type, but got \(types.count)")
      }
      state.resultTypes[i] = .init(start: state.types.count, count: types.count)
      state.types.append(contentsOf: types)
    case .operands: try assign(types, toOperands: true, parser, state)
    default: try assign(types, toOperands: false, parser, state)
    }
  }
}
