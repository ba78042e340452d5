import MartletIR

/// Decides, once per declaration, where the types that its text leaves out come from.
struct TypeResolution {
  let definition: OpDefinition
  var operands: [TypeSource]
  var results: [TypeSource]

  init(_ definition: OpDefinition, _ compiler: FormatCompiler) {
    self.definition = definition
    operands = definition.operands.indices.map {
      compiler.typedOperands.contains($0) ? .parsed : .unknown
    }
    results = definition.results.indices.map {
      compiler.typedResults.contains($0) ? .parsed : .unknown
    }
  }

  private func isKnown(_ source: TypeSource) -> Bool {
    if case .unknown = source { return false }
    return true
  }

  func solve() -> ([TypeSource], [TypeSource]) {
    var copy = self
    copy.fillBuildable()
    var isChanging = true
    while isChanging { isChanging = copy.propagate() }
    if definition.inferResultTypes != nil {
      for i in copy.results.indices where !copy.isKnown(copy.results[i]) {
        copy.results[i] = .inferred
      }
    }
    return (copy.operands, copy.results)
  }

  private mutating func fillBuildable() {
    for i in operands.indices where !isKnown(operands[i]) {
      if let make = definition.operands[i].constraint.buildable { operands[i] = .buildable(make) }
    }
    for i in results.indices where !isKnown(results[i]) {
      if let make = definition.results[i].constraint.buildable { results[i] = .buildable(make) }
    }
  }

  /// Spreads known types along the declared relations; whether anything new became known.
  private mutating func propagate() -> Bool {
    var changed = false
    if definition.traits.contains(.sameOperandsAndResultType) {
      changed = spread(definition.operands.map(\.name) + definition.results.map(\.name)) || changed
    }
    if definition.traits.contains(.sameTypeOperands) {
      changed = spread(definition.operands.map(\.name)) || changed
    }
    for relation in definition.relations {
      switch relation {
      case .same(let names): changed = spread(names) || changed
      case .derived(let target, let source, _, let transform),
        .inferred(let target, let source, let transform):
        guard let place = find(target), let origin = find(source), !isKnown(at: place),
          isKnown(at: origin)
        else { continue }
        set(place, .derived(origin, transform))
        changed = true
      }
    }
    return changed
  }

  private func find(_ name: String) -> FormatArgument? {
    if let i = definition.operands.firstIndex(where: { $0.name == name }) { return .operand(i) }
    if let i = definition.results.firstIndex(where: { $0.name == name }) { return .result(i) }
    if let i = definition.attributes.firstIndex(where: { $0.name == name }) { return .attribute(i) }
    return nil
  }

  private func isKnown(at place: FormatArgument) -> Bool {
    switch place {
    case .operand(let i): isKnown(operands[i])
    case .result(let i): isKnown(results[i])
    default: true
    }
  }

  private mutating func set(_ place: FormatArgument, _ source: TypeSource) {
    switch place {
    case .operand(let i): operands[i] = source
    case .result(let i): results[i] = source
    default: break
    }
  }

  private mutating func spread(_ names: [String]) -> Bool {
    let places = names.compactMap(find)
    guard let origin = places.first(where: { isKnown(at: $0) }) else { return false }
    var changed = false
    for place in places where !isKnown(at: place) {
      set(place, .same(origin))
      changed = true
    }
    return changed
  }
}
