import MartletIR

/// Removing and simplifying attributes.
extension Reduction {
  /// Attributes an operation can do without.
  static let dropAttributes = Reduction("drop attributes") { module in
    var places: [() -> Void] = []
    for operation in [module] + operations(module) {
      for entry in operation.discardableAttributes.entries {
        let name = entry.name.string
        places.append { if isPart(operation, of: module) { operation.setAttribute(name, nil) } }
      }
      guard let definition = operation.definition else { continue }
      for (i, slot) in definition.attributes.enumerated()
      where slot.isOptional && operation.inherent(i) != nil {
        places.append { if isPart(operation, of: module) { operation.setInherent(i, nil) } }
      }
    }
    return places
  }

  /// Numbers become 0, lists empty, texts short.
  static let simplifyAttributes = Reduction("simplify attributes") { module in
    var places: [() -> Void] = []
    for operation in operations(module) {
      guard let definition = operation.definition else { continue }
      for (i, slot) in definition.attributes.enumerated() where slot.name != "sym_name" {
        guard let value = operation.inherent(i), let simple = simplified(value), simple != value
        else { continue }
        places.append { if isPart(operation, of: module) { operation.setInherent(i, simple) } }
      }
    }
    return places
  }

  private static func simplified(_ value: Attribute) -> Attribute? {
    let context = value.context
    switch value.kind {
    case .integer: return value.type.map { context.integerAttribute(0, $0) }
    case .float: return value.type.map { context.floatAttribute(0, $0) }
    case .array: return context.array([])
    case .dictionary: return context.dictionary([(name: Identifier, value: Attribute)]())
    case .denseElements, .denseResource, .sparseElements:
      guard let type = value.type, type.isShaped else { return nil }
      let element = type.elementType
      if element.isFloat { return context.splat(type, context.floatAttribute(0, element)) }
      guard element.isSignlessIntOrIndex else { return nil }
      return context.splat(type, context.integerAttribute(0, element))
    default: return nil
    }
  }
}
