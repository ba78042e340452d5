import MartletSupport

/// JSON, piece by piece.
struct JSONText {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func next(_ key: String?) {
    if needsComma { put(",\n") }
    if let key { put(Diagnostic.quoted(key) + ":") }
    needsComma = true
  }

  private mutating func nested(
    _ key: String?, _ open: String, _ close: String, _ body: (inout JSONText) -> Void
  ) {
    next(key)
    put(open)
    needsComma = false
    body(&self)
    put(close)
    needsComma = true
  }

  mutating func object(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
    nested(key, "{", "}", body)
  }
  mutating func array(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
    nested(key, "[", "]", body)
  }
  mutating func field(_ key: String?, _ value: String) {
    next(key)
    put(Diagnostic.quoted(value))
  }
  mutating func field(_ key: String?, _ value: Int) {
    next(key)
    put("\(value)")
  }
  mutating func field(_ key: String?, _ value: Bool) {
    next(key)
    put(value ? "true" : "false")
  }
  mutating func null(_ key: String?) {
    next(key)
    put("null")
  }
  /// Milliseconds with nanoseconds' precision.
  mutating func milliseconds(_ key: String?, _ nanoseconds: Double) {
    next(key)
    put(decimal(nanoseconds / 1e6, 6))
  }
  mutating func microseconds(_ key: String?, _ nanoseconds: Double) {
    next(key)
    put(decimal(nanoseconds / 1e3, 3))
  }
  mutating func list(_ key: String, _ values: some Sequence<Int>) {
    array(key) { json in for value in values { json.field(nil, value) } }
  }
  mutating func list(_ key: String, _ values: some Sequence<Int?>) {
    array(key) { json in
      for value in values {
        if let value { json.field(nil, value) } else { json.null(nil) }
      }
    }
  }
  /// Values written elsewhere, separated by commas.
  mutating func raw(_ text: [UInt8]) {
    if text.isEmpty { return }
    next(nil)
    bytes += text
  }
}
