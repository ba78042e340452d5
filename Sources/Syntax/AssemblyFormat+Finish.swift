import MartletIR
import MartletSupport

/// Making the operation of what a format has read.
extension AssemblyFormat {
  func finish(_ parser: Parser, _ state: FormatState, _ offset: Int) throws(Reported)
    -> Operation
  {
    guard var parsed = state.parsed else { throw Reported() }
    for attribute in parsed.attributes {
      if let slot = definition.slot(interned: attribute.name) {
        state.inherents[slot] = attribute.value
      }
    }
    try resolveOperands(parser, state, offset)
    // Result types may be inferred from the sizes of operand groups.
    try setSegments(parser, state)
    try resolveResults(parser, state, &parsed, offset)
    let required = definition.regions.count { $0.arity == .one }
    while parsed.regions.count < required { parser.addEmptyRegion(&parsed) }
    guard state.finalTypes.count <= 0xffff else {
      throw parser.error("operation has too many results", at: offset)
    }
    let operation = parser.context.createOperation(
      parsed.name, location: parsed.location, operands: state.values,
      resultTypes: state.finalTypes, successors: parsed.successors,
      regionCount: parsed.regions.count)
    for (i, region) in parsed.regions.enumerated() {
      operation.region(i).takeBody(of: region)
      parser.context.releaseDetachedRegion(region)
    }
    for i in state.inherents.indices {
      if let value = state.inherents[i] { operation.setInherent(i, value) }
    }
    let discardable = parsed.attributes.filter { definition.slot(interned: $0.name) == nil }
    if !discardable.isEmpty {
      operation.setDiscardableAttributes(parser.context.dictionary(discardable))
    }
    return operation
  }

  private func resolveOperands(_ parser: Parser, _ state: FormatState, _ offset: Int)
    throws(Reported)
  {
    for i in definition.operands.indices {
      let group = state.operandGroups[i]
      if group.count <= 0 { continue }
      let known = state.operandTypes[i]
      if case .parsed = operandTypes[i], known.count >= 0 {
        if known.count != group.count {
          throw parser.error(
            "number of operands and types do not match: got \(group.count) operands and \(known.count) types",
            at: state.references[group.start].offset)
        }
        for k in 0..<group.count {
          state.values.append(
            try parser.resolve(state.references[group.start + k], state.types[known.start + k]))
        }
        continue
      }
      guard let type = type(.operand(i), parser, state, 0) else {
        throw parser.error(
          "type of operand '\(definition.operands[i].name)' of '\(definition.name)' cannot be inferred",
          at: offset)
      }
      for k in 0..<group.count {
        state.values.append(try parser.resolve(state.references[group.start + k], type))
      }
    }
  }

  /// The (first) type of an operand or result from what has been read and declared.
  private func type(
    _ place: FormatArgument, _ parser: Parser, _ state: FormatState, _ level: Int
  ) -> Type? {
    guard level < 16 else { return nil }
    let source: TypeSource
    let group: FormatState.Group
    switch place {
    case .operand(let i): (source, group) = (operandTypes[i], state.operandTypes[i])
    case .result(let i): (source, group) = (resultTypes[i], state.resultTypes[i])
    case .attribute(let slot): return state.inherents[slot].flatMap { $0.type ?? $0.typeValue }
    default: return nil
    }
    switch source {
    case .parsed: return group.count > 0 ? state.types[group.start] : nil
    case .buildable(let make): return make(parser.context)
    case .same(let other): return type(other, parser, state, level + 1)
    case .derived(let other, let transform):
      return type(other, parser, state, level + 1).flatMap(transform)
    case .inferred, .unknown: return nil
    }
  }

  private func resolveResults(
    _ parser: Parser, _ state: FormatState, _ parsed: inout ParsedOperation, _ offset: Int
  ) throws(Reported) {
    var inferred: [Type]?
    for i in definition.results.indices {
      switch resultTypes[i] {
      case .parsed:
        let group = state.resultTypes[i]
        if group.count > 0 {
          for k in 0..<group.count { state.finalTypes.append(state.types[group.start + k]) }
        }
      case .inferred:
        if inferred == nil {
          let input = InferenceInput(
            context: parser.context, operands: state.values,
            attributes: { name in
              self.definition.slot(name).flatMap { slot in
                state.inherents[slot]
                  ?? self.definition.attributes[slot].defaultValue?(parser.context)
              }
            })
          inferred = definition.inferResultTypes?(input)
          guard let inferred else {
            throw parser.error("failed to infer returned types of '\(definition.name)'", at: offset)
          }
          state.finalTypes += inferred
        }
      default:
        if definition.results[i].arity != .one, state.resultTypes[i].count < 0 {
          if case .unknown = resultTypes[i] { continue }
        }
        guard let type = type(.result(i), parser, state, 0) else {
          throw parser.error(
            "type of result '\(definition.results[i].name)' of '\(definition.name)' cannot be inferred",
            at: offset)
        }
        state.finalTypes.append(type)
      }
    }
  }

  private func setSegments(_ parser: Parser, _ state: FormatState) throws(Reported) {
    if definition.traits.contains(.attrSizedOperandSegments),
      let slot = definition.slot("operandSegmentSizes")
    {
      state.inherents[slot] = parser.context.denseI32Array(
        state.operandGroups.map { max($0.count, 0) })
    }
    if definition.traits.contains(.attrSizedResultSegments),
      let slot = definition.slot("resultSegmentSizes")
    {
      state.inherents[slot] = parser.context.denseI32Array(
        state.resultTypes.map { max($0.count, 0) })
    }
  }
}
