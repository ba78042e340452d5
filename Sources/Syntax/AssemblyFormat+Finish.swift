import MartletIR
import MartletSupport

/// Making the operation of what a format has read.
extension AssemblyFormat {
  func finish(_ parser: Parser, _ state: FormatState, _ offset: Int) throws(Reported)
    -> Operation
  {
    guard state.hasParts else {
      try resolve(parser, state, offset)
      if requiredRegions == 0 { return makePlain(parser, state) }
      return make(state.takeParts(), parser, state)
    }
    let parts = state.takeParts()
    for attribute in parts.attributes {
      if let slot = definition.slot(interned: attribute.name) {
        state.inherents[slot] = attribute.value
      }
    }
    try resolve(parser, state, offset)
    return make(parts, parser, state)
  }

  /// Finds the values and the types of results.
  private func resolve(_ parser: Parser, _ state: FormatState, _ offset: Int) throws(Reported) {
    try resolveOperands(parser, state, offset)
    // Result types may be inferred from the sizes of operand groups.
    setSegments(parser, state)
    try resolveResults(parser, state, offset)
    guard state.finalTypes.count <= 0xffff else {
      throw parser.error("operation has too many results", at: offset)
    }
  }

  /// The operation, which has no regions, successors or attributes in a dictionary.
  private func makePlain(_ parser: Parser, _ state: FormatState) -> Operation {
    let operation = parser.context.createOperation(
      state.name, location: state.location, operands: state.values.elements,
      resultTypes: state.finalTypes.elements, regionCount: 0)
    setInherents(operation, state)
    return operation
  }

  private func setInherents(_ operation: Operation, _ state: FormatState) {
    for i in 0..<attributeCount {
      if let value = state.inherents[i] { operation.setInherent(i, value) }
    }
  }

  private func make(_ parts: ParsedOperation, _ parser: Parser, _ state: FormatState) -> Operation {
    var parts = parts
    while parts.regions.count < requiredRegions { parser.addEmptyRegion(&parts) }
    let operation = parser.context.createOperation(
      state.name, location: state.location, operands: state.values.elements,
      resultTypes: state.finalTypes.elements, successors: parts.successors,
      regionCount: parts.regions.count)
    for (i, region) in parts.regions.enumerated() {
      operation.region(i).takeBody(of: region)
      parser.context.releaseDetachedRegion(region)
    }
    setInherents(operation, state)
    if !parts.attributes.isEmpty {
      let discardable = parts.attributes.filter { definition.slot(interned: $0.name) == nil }
      if !discardable.isEmpty {
        operation.setDiscardableAttributes(parser.context.dictionary(discardable))
      }
    }
    return operation
  }

  private func resolveOperands(_ parser: Parser, _ state: FormatState, _ offset: Int)
    throws(Reported)
  {
    for i in 0..<operandCount {
      let group = state.operandGroups[i]
      if group.count <= 0 { continue }
      let known = state.operandTypes[i]
      if operandPlans[i].kind == .parsed, known.count >= 0 {
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
      guard let type = type(operandPlans[i], state) ?? type(.operand(i), parser, state, 0) else {
        throw parser.error(
          "type of operand '\(definition.operands[i].name)' of '\(definition.name)' cannot be inferred",
          at: offset)
      }
      for k in 0..<group.count {
        state.values.append(try parser.resolve(state.references[group.start + k], type))
      }
    }
  }

  /// The type where the plan tells it.
  @inline(__always) private func type(_ plan: TypePlan, _ state: FormatState) -> Type? {
    let group: FormatState.Group
    switch plan.kind {
    case .ofOperand: group = state.operandTypes[plan.index]
    case .ofResult: group = state.resultTypes[plan.index]
    case .parsed, .other: return nil
    }
    return group.count > 0 ? state.types[group.start] : nil
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
    _ parser: Parser, _ state: FormatState, _ offset: Int
  ) throws(Reported) {
    var inferred: [Type]?
    for i in 0..<resultCount {
      if resultPlans[i].kind == .parsed {
        let group = state.resultTypes[i]
        if group.count > 0 {
          for k in 0..<group.count { state.finalTypes.append(state.types[group.start + k]) }
        }
        continue
      }
      if let type = type(resultPlans[i], state), state.resultTypes[i].count < 0 {
        state.finalTypes.append(type)
        continue
      }
      switch resultTypes[i] {
      case .inferred:
        if inferred == nil {
          let input = InferenceInput(
            context: parser.context, operands: Array(state.values.elements),
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
          state.finalTypes.append(contentsOf: inferred)
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

  private func setSegments(_ parser: Parser, _ state: FormatState) {
    if definition.traits.contains(.attrSizedOperandSegments),
      let slot = definition.slot("operandSegmentSizes")
    {
      state.inherents[slot] = parser.context.denseI32Array(
        state.operandGroups.elements.map { max($0.count, 0) })
    }
    if definition.traits.contains(.attrSizedResultSegments),
      let slot = definition.slot("resultSegmentSizes")
    {
      state.inherents[slot] = parser.context.denseI32Array(
        state.resultTypes.elements.map { max($0.count, 0) })
    }
  }
}
