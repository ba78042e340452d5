import MartletSupport

/// Reads pipelines as MLIR writes them: `builtin.module(func.func(cse,canonicalize{top-down=false}),inline)`.
public struct PipelineParser {
  private let registry: PassRegistry
  private let bytes: [UInt8]
  private let text: String
  private var position = 0
  /// Whether a pass for another operation than the one around it is nested rather than refused.
  private let nestsImplicitly: Bool

  private init(_ text: String, _ registry: PassRegistry, nestsImplicitly: Bool) {
    self.registry = registry
    self.text = text
    self.nestsImplicitly = nestsImplicitly
    bytes = Array(text.utf8)
  }

  /// Reads a pipeline. Where `text` does not start with an operation's name and a parenthesis, it is a list
  /// of what runs on `anchor`, and passes for other operations are nested by themselves.
  /// - Throws: a diagnostic with the position in `text`.
  public static func parse(
    _ text: String, _ registry: PassRegistry, anchor: String? = "builtin.module"
  ) throws(Diagnostic) -> Pipeline {
    var whole = PipelineParser(text, registry, nestsImplicitly: false)
    whole.skipSpace()
    if whole.startsWithAnchor(anchor), let pipeline = try whole.parseWhole() { return pipeline }
    var list = PipelineParser(text, registry, nestsImplicitly: true)
    let pipeline = try list.parseElements(anchor: anchor, depth: 0)
    if list.position < list.bytes.count {
      throw list.error("encountered extra closing ')' creating unbalanced parentheses")
    }
    return pipeline
  }

  /// Whether the text is one pipeline in the parentheses of `anchor` or `any`.
  private func startsWithAnchor(_ anchor: String?) -> Bool {
    var copy = self
    let name = copy.parseName()
    copy.skipSpace()
    return copy.peek == UInt8(ascii: "(") && (name == anchor || name == "any")
  }

  /// `anchor(...)` and nothing after it; nil where more follows.
  private mutating func parseWhole() throws(Diagnostic) -> Pipeline? {
    let name = parseName()
    skipSpace()
    let open = position
    position += 1
    let pipeline = try parseElements(anchor: name == "any" ? nil : name, depth: 1)
    try close(open)
    skipSpace()
    if peek == UInt8(ascii: ",") { return nil }
    if position < bytes.count {
      throw error("encountered extra closing ')' creating unbalanced parentheses")
    }
    return pipeline
  }

  private mutating func close(_ open: Int) throws(Diagnostic) {
    guard peek == UInt8(ascii: ")") else {
      throw error("missing closing ')' of this pipeline", at: open, length: 1)
    }
    position += 1
  }

  private mutating func parseElements(anchor: String?, depth: Int) throws(Diagnostic) -> Pipeline {
    var pipeline = Pipeline(anchor: anchor)
    if depth > 64 { throw error("pipelines are nested too deeply") }
    skipSpace()
    if position == bytes.count || peek == UInt8(ascii: ")") { return pipeline }
    while true {
      try parseElement(into: &pipeline, depth: depth)
      skipSpace()
      guard peek == UInt8(ascii: ",") else { break }
      position += 1
      skipSpace()
    }
    if position < bytes.count, peek != UInt8(ascii: ")") {
      throw error("expected ',' after parsing pipeline")
    }
    return pipeline
  }

  private mutating func parseElement(into pipeline: inout Pipeline, depth: Int)
    throws(Diagnostic)
  {
    let start = position
    let name = parseName()
    if name.isEmpty { throw error("expected the name of a pass") }
    skipSpace()
    if peek == UInt8(ascii: "(") {
      let open = position
      guard name == "any" || name.contains(".") else {
        throw error(
          "'\(name)' is not the name of an operation, so nothing can be nested in it", at: start,
          length: name.utf8.count)
      }
      position += 1
      let inner = try parseElements(anchor: name == "any" ? nil : name, depth: depth + 1)
      try close(open)
      pipeline.elements.append(.nested(inner))
      return
    }
    if let pass = registry[name] {
      let options = try parseOptions(pass.options, of: name)
      try add(pass, options, to: &pipeline, at: start)
      return
    }
    if let named = registry.pipeline(name) {
      let options = try parseOptions(named.options, of: name)
      let built = named.build(options)
      if built.anchor == pipeline.anchor || built.anchor == nil {
        pipeline.elements += built.elements
      } else {
        pipeline.elements.append(.nested(built))
      }
      return
    }
    let hint = registry.suggestion(for: name).map { "; did you mean '\($0)'?" } ?? ""
    throw error(
      "'\(name)' does not refer to a registered pass or pass pipeline\(hint)", at: start,
      length: name.utf8.count)
  }

  private func add(
    _ pass: Pass, _ options: PassOptions, to pipeline: inout Pipeline, at start: Int
  ) throws(Diagnostic) {
    guard let wanted = pass.anchor, wanted != pipeline.anchor else {
      pipeline.elements.append(.pass(pass, options))
      return
    }
    if nestsImplicitly || pipeline.anchor == nil {
      pipeline.elements.append(.nested(Pipeline(anchor: wanted, [.pass(pass, options)])))
      return
    }
    throw error(
      "can't add pass '\(pass.argument)' restricted to '\(wanted)' on a pass manager intended to run on '\(pipeline.anchor ?? "any")', did you intend to nest?",
      at: start, length: pass.argument.utf8.count)
  }

  // MARK: Options

  private mutating func parseOptions(_ declared: [PassOption], of pass: String)
    throws(Diagnostic) -> PassOptions
  {
    var options = PassOptions(declared)
    guard peek == UInt8(ascii: "{") else { return options }
    let open = position
    position += 1
    while true {
      skipSpace()
      if position == bytes.count {
        throw error("missing closing '}' while processing pass options", at: open, length: 1)
      }
      if peek == UInt8(ascii: "}") {
        position += 1
        return options
      }
      let start = position
      let name = take { $0 != UInt8(ascii: "=") && !Self.isSpace($0) && $0 != UInt8(ascii: "}") }
      guard let option = declared.first(where: { $0.name == name }) else {
        let hint =
          nearestWord(to: name, among: declared.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
        throw error(
          "pass '\(pass)' has no option '\(name)'\(hint)", at: start, length: name.utf8.count)
      }
      var value = ""
      let valueStart = position + 1
      if peek == UInt8(ascii: "=") {
        position += 1
        value = try parseValue()
      }
      guard let parsed = option.parse(value) else {
        throw error(
          "invalid value '\(value)' for option '\(name)' of pass '\(pass)': expected \(option.expectation)",
          at: valueStart, length: value.utf8.count)
      }
      options.set(name, parsed)
    }
  }

  /// Text up to a space or closing brace outside of brackets and quotes; outer braces or quotes are taken off.
  private mutating func parseValue() throws(Diagnostic) -> String {
    let start = position
    if let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      position += 1
      let value = take { $0 != quote }
      guard peek == quote else { throw error("missing closing quote", at: start, length: 1) }
      position += 1
      return value
    }
    var depth = 0
    /// Where the bracket that opens the value closes.
    var firstClose: Int?
    while let byte = peek {
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ")") {
        if depth == 0 { break }
        depth -= 1
        if depth == 0, firstClose == nil { firstClose = position }
      }
      if depth == 0, Self.isSpace(byte) { break }
      position += 1
    }
    var slice = bytes[start..<position]
    if slice.first == UInt8(ascii: "{"), slice.count > 1, firstClose == position - 1 {
      slice = slice.dropFirst().dropLast()
    }
    return String(decoding: slice, as: UTF8.self)
  }

  // MARK: Characters

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private mutating func skipSpace() {
    while let byte = peek, Self.isSpace(byte) { position += 1 }
  }

  private mutating func take(while condition: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = peek, condition(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func parseName() -> String {
    take { !",(){}".utf8.contains($0) && !Self.isSpace($0) }
  }

  private func error(_ message: String, at offset: Int? = nil, length: Int = 0) -> Diagnostic {
    let source = SourceFile(name: "<pass-pipeline>", text: text)
    return Diagnostic(
      .error, message, at: source.position(at: offset ?? position, length: length))
  }
}
