/// A JSON value to be written.
enum JSONValue {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  /// As an array of integers, without a value for each.
  case integers([Int])
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
    case .integers(let values): return "[" + values.map(String.init).joined(separator: ", ") + "]"
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

  /// Without spaces, in a form that may stand in a `script` element of a page: `<` is escaped, so that no text
  /// can end the element or begin a comment in it.
  var compactText: String {
    var out: [UInt8] = []
    writeCompact(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  func writeCompact(to out: inout [UInt8]) {
    switch self {
    case .string(let value): Self.writeCompact(value, to: &out)
    case .integers(let values):
      out.append(UInt8(ascii: "["))
      for (i, value) in values.enumerated() {
        if i > 0 { out.append(UInt8(ascii: ",")) }
        out += String(value).utf8
      }
      out.append(UInt8(ascii: "]"))
    case .array(let values):
      out.append(UInt8(ascii: "["))
      for (i, value) in values.enumerated() {
        if i > 0 { out.append(UInt8(ascii: ",")) }
        value.writeCompact(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let entries):
      out.append(UInt8(ascii: "{"))
      for (i, entry) in entries.enumerated() {
        if i > 0 { out.append(UInt8(ascii: ",")) }
        Self.writeCompact(entry.0, to: &out)
        out.append(UInt8(ascii: ":"))
        entry.1.writeCompact(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    case .null, .bool, .integer, .number: out += text().utf8
    }
  }

  private static func writeCompact(_ text: String, to out: inout [UInt8]) {
    let hex = Array("0123456789abcdef".utf8)
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): out += "\\\"".utf8
      case UInt8(ascii: "\\"): out += "\\\\".utf8
      case 10: out += "\\n".utf8
      case 9: out += "\\t".utf8
      case 0..<32, UInt8(ascii: "<"), 127:
        out += "\\u00".utf8
        out.append(hex[Int(byte >> 4)])
        out.append(hex[Int(byte & 15)])
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
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
