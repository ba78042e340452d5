/// A JSON value to be written.
enum JSONValue {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// Entries in the order they are written.
  case object([(String, JSONValue)])

  static func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  static func optional(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }
  static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
  static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
  static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  /// Objects on lines of their own; arrays of plain values on one.
  func text(_ indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value):
      if !value.isFinite { return "null" }
      if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
      return "\(value)"
    case .string(let value): return JSONValue.quoted(value)
    case .array(let values):
      if values.isEmpty { return "[]" }
      if values.contains(where: \.isObject) {
        return "[\n" + values.map { inner + $0.text(inner) }.joined(separator: ",\n")
          + "\n\(indent)]"
      }
      return "[" + values.map { $0.text(inner) }.joined(separator: ", ") + "]"
    case .object(let entries):
      if entries.isEmpty { return "{}" }
      return "{\n"
        + entries.map { "\(inner)\(JSONValue.quoted($0.0)): \($0.1.text(inner))" }
        .joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private var isObject: Bool {
    if case .object = self { return true }
    return false
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 32:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
