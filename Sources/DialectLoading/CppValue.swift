import MartletIR

/// What an expression of C++ in a record gives.
enum CppValue {
  /// Not to be said here; a check that comes to this is left out.
  case unknown
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  case type(Type)
  case attribute(Attribute)
  case value(Value)
  case operation(Operation)
  case list([CppValue])
  /// The mlir::Builder or MLIRContext.
  case builder
  case closure([String], CppExpression)

  /// Truth as C++ converts to it; nil where it is not known.
  var truth: Bool? {
    switch self {
    case .unknown, .closure: nil
    case .null: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .float(let value): value != 0
    default: true
    }
  }

  var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  var type: Type? {
    switch self {
    case .type(let type): type
    case .value(let value): value.type
    case .attribute(let attribute): attribute.typeValue
    default: nil
    }
  }

  static func types(_ types: some Sequence<Type>) -> CppValue { .list(types.map { .type($0) }) }

  static func truth(_ value: Bool?) -> CppValue { value.map { .boolean($0) } ?? .unknown }

  /// Whether both are the same; nil where that is not known.
  static func equal(_ left: CppValue, _ right: CppValue) -> Bool? {
    switch (left, right) {
    case (.unknown, _), (_, .unknown): return nil
    case (.null, .null): return true
    case (.null, _), (_, .null): return false
    case (.float(let a), .float(let b)): return a == b
    case (.string(let a), .string(let b)): return a == b
    case (.type(let a), .type(let b)): return a == b
    case (.attribute(let a), .attribute(let b)): return a == b
    case (.value(let a), .value(let b)): return a == b
    case (.operation(let a), .operation(let b)): return a == b
    case (.list(let a), .list(let b)):
      guard a.count == b.count else { return false }
      for (x, y) in zip(a, b) {
        guard let same = equal(x, y) else { return nil }
        if !same { return false }
      }
      return true
    default:
      if let a = left.integer, let b = right.integer { return a == b }
      return nil
    }
  }
}
