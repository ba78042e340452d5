import MartletIR
import MartletSupport
import MartletSyntax

/// A constraint of the irdl dialect, by its number among those of its definition.
enum IRDLConstraint: Sendable {
  case any
  case isEqual(ExpectedAttribute)
  case anyOf([Int])
  case allOf([Int])
  /// Any instance of a definition.
  case base(IRDLName)
  /// An instance of a definition with constraints on its parameters.
  case parametric(IRDLName, [Int])
  /// A predicate of C++.
  case unchecked
}

/// The name of a type or attribute, `!dialect.name` or `#dialect.name`.
struct IRDLName: Sendable {
  let isType: Bool
  let name: String
}

/// An attribute or type by its text, which is read once for each context.
final class ExpectedAttribute: Sendable {
  let text: String
  private final class Table {
    var values: [ObjectIdentifier: Attribute] = [:]
  }

  init(_ text: String) { self.text = text }

  /// nil where the context does not know what the text names.
  func attribute(_ context: Context) -> Attribute? {
    let key = ObjectIdentifier(Table.self)
    let table: Table
    if let known = context.extensions[key] as? Table {
      table = known
    } else {
      table = Table()
      context.extensions[key] = table
    }
    if let known = table.values[ObjectIdentifier(self)] { return known }
    let made = context.attribute(parsing: text)
    table.values[ObjectIdentifier(self)] = made
    return made
  }
}

/// Checks attributes against the constraints of one definition. A constraint that was met by an attribute
/// means that attribute from then on, so that values sharing a constraint have one type.
struct IRDLVerifier {
  let constraints: [IRDLConstraint]
  let context: Context
  private var assigned: [Attribute?]
  private var depth = 0

  init(_ constraints: [IRDLConstraint], _ context: Context) {
    self.constraints = constraints
    self.context = context
    assigned = Array(repeating: nil, count: constraints.count)
  }

  /// What is wrong with `attribute`; nil where it satisfies constraint number `index`.
  mutating func problem(_ attribute: Attribute, _ index: Int) -> String? {
    guard constraints.indices.contains(index), depth < 64 else { return nil }
    if let known = assigned[index] {
      return known == attribute ? nil : "expected '\(text(known))' but got '\(text(attribute))'"
    }
    depth += 1
    defer { depth -= 1 }
    if let problem = check(attribute, constraints[index]) { return problem }
    assigned[index] = attribute
    return nil
  }

  private mutating func check(_ attribute: Attribute, _ constraint: IRDLConstraint) -> String? {
    switch constraint {
    case .any, .unchecked: return nil
    case .isEqual(let expected):
      guard let value = expected.attribute(context), value != attribute else { return nil }
      return "expected '\(text(value))' but got '\(text(attribute))'"
    case .anyOf(let parts):
      for part in parts where problem(attribute, part) == nil { return nil }
      return "'\(text(attribute))' does not satisfy the constraint"
    case .allOf(let parts):
      for part in parts { if let problem = problem(attribute, part) { return problem } }
      return nil
    case .base(let base):
      if base.isType {
        guard let type = attribute.typeValue else {
          return "expected type, got attribute '\(text(attribute))'"
        }
        let name = IRDLVerifier.name(of: type)
        return name == base.name ? nil : "expected base type '\(base.name)' but got '\(name)'"
      }
      let name = IRDLVerifier.name(of: attribute)
      return name == base.name ? nil : "expected base attribute '\(base.name)' but got '\(name)'"
    case .parametric(let base, let parts):
      return checkParameters(attribute, base, parts)
    }
  }

  private mutating func checkParameters(_ attribute: Attribute, _ base: IRDLName, _ parts: [Int])
    -> String?
  {
    let parameters: [Attribute]
    if base.isType {
      guard let type = attribute.typeValue else {
        return "expected type, got attribute '\(text(attribute))'"
      }
      guard type.definition?.name == base.name else {
        return "expected base type '\(base.name)' but got '\(text(attribute))'"
      }
      parameters = type.words.indices.compactMap { type.attributeWord($0) }
    } else {
      guard attribute.definition?.name == base.name else {
        return "expected base attribute '\(base.name)' but got '\(text(attribute))'"
      }
      parameters = attribute.words.indices.compactMap { attribute.attributeWord($0) }
    }
    guard parameters.count == parts.count else {
      return
        "attribute '\(base.name)' expects \(parts.count) parameters but got \(parameters.count)"
    }
    for (parameter, part) in zip(parameters, parts) {
      if let problem = problem(parameter, part) { return problem }
    }
    return nil
  }

  private func text(_ attribute: Attribute) -> String {
    attribute.typeValue.map { "\($0)" } ?? Printer.text(attribute)
  }

  /// The name by which `irdl.base` refers to a type's definition.
  static func name(of type: Type) -> String {
    switch type.kind {
    case .integer: "builtin.integer"
    case .index: "builtin.index"
    case .float: "builtin.\(type.floatKind?.name ?? "f64")"
    case BuiltinTypeKind.none?: "builtin.none"
    case .complex: "builtin.complex"
    case .function: "builtin.function"
    case .tuple: "builtin.tuple"
    case .vector: "builtin.vector"
    case .rankedTensor: "builtin.tensor"
    case .unrankedTensor: "builtin.unranked_tensor"
    case .memRef: "builtin.memref"
    case .unrankedMemRef: "builtin.unranked_memref"
    case .opaque: "builtin.opaque"
    case .graph: "builtin.graph"
    case nil: type.definition?.name ?? ""
    }
  }

  static func name(of attribute: Attribute) -> String {
    switch attribute.kind {
    case .unit: "builtin.unit"
    case .integer: "builtin.integer"
    case .float: "builtin.float"
    case .string: "builtin.string"
    case .array: "builtin.array"
    case .dictionary: "builtin.dictionary"
    case .symbolRef: "builtin.symbol_ref"
    case .type: "builtin.type"
    case .affineMap: "builtin.affine_map"
    case .integerSet: "builtin.integer_set"
    case .denseElements: "builtin.dense_typed_elements"
    case .denseString: "builtin.dense_string_elements"
    case .denseArray: "builtin.dense_array"
    case .denseResource: "builtin.dense_resource_elements"
    case .sparseElements: "builtin.sparse_elements"
    case .stridedLayout: "builtin.strided_layout"
    case .opaque: "builtin.opaque"
    case .distinct: "builtin.distinct"
    case .unknownLocation: "builtin.unknown_loc"
    case .fileLocation: "builtin.file_line_range"
    case .nameLocation: "builtin.name_loc"
    case .callSiteLocation: "builtin.call_site_loc"
    case .fusedLocation: "builtin.fused_loc"
    case nil: attribute.definition?.name ?? ""
    }
  }
}
