/// Data of the page, written as JSON that may stand in a `script` element.
enum JSONValue {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case ints([Int])
  case array([JSONValue])
  case object([(String, JSONValue)])

  static func optional(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
  static func optional(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }
  static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  var text: String {
    var out: [UInt8] = []
    write(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  func write(to out: inout [UInt8]) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .int(let value): out += String(value).utf8
    case .double(let value): out += (value.isFinite ? "\(value)" : "null").utf8
    case .string(let value): Self.write(value, to: &out)
    case .ints(let values):
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
        value.write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let entries):
      out.append(UInt8(ascii: "{"))
      for (i, entry) in entries.enumerated() {
        if i > 0 { out.append(UInt8(ascii: ",")) }
        Self.write(entry.0, to: &out)
        out.append(UInt8(ascii: ":"))
        entry.1.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// `<` is escaped, so that no text can end the element or begin a comment in it.
  private static func write(_ text: String, to out: inout [UInt8]) {
    let hex = Array("0123456789abcdef".utf8)
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): out += "\\\"".utf8
      case UInt8(ascii: "\\"): out += "\\\\".utf8
      case 10: out += "\\n".utf8
      case 9: out += "\\t".utf8
      case 0..<32, 60, 127:
        out += "\\u00".utf8
        out.append(hex[Int(byte >> 4)])
        out.append(hex[Int(byte & 15)])
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
