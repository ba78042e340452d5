import MartletSupport
import Testing

@Suite struct DiagnosticTests {
  private let source = SourceFile(name: "a.mlir", text: "one\n  %two = \"x.y\"(%q)\n")

  private func completed(_ offset: Int, length: Int = 0) -> Diagnostic? {
    let engine = DiagnosticEngine()
    engine.report(Diagnostic(.error, "wrong", at: source.position(at: offset, length: length)))
    return engine.diagnostics.first
  }

  @Test func underlinesTheWordAtItsPlace() throws {
    // `%two`, `"x.y"`, `(` and `%q`.
    for (offset, length) in [(6, 4), (13, 5), (18, 0), (19, 2)] {
      #expect(completed(offset)?.position?.length == length)
    }
    #expect(completed(6, length: 2)?.position?.length == 2)
    let text = try #require(completed(13)).description
    #expect(text == "a.mlir:2:10: error: wrong\n  %two = \"x.y\"(%q)\n         ^~~~~")
  }

  @Test func coloursOnlyWhereAskedTo() throws {
    let diagnostic = try #require(completed(6))
    #expect(!diagnostic.text(isColored: false).contains("\u{1b}"))
    let colored = diagnostic.text(isColored: true)
    #expect(colored.contains("\u{1b}[1;31merror: "))
    #expect(colored.contains("\u{1b}[1;32m^~~~\u{1b}[0m"))
  }

  @Test func writesJSON() throws {
    var diagnostic = try #require(completed(13))
    diagnostic.message = "a \"quoted\"\\ text\n\u{1}é"
    diagnostic.notes = [.hint("there"), Diagnostic(.note, "file", subject: "b.mlir")]
    #expect(
      diagnostic.json
        == #"{"severity":"error","file":"a.mlir","line":2,"column":10,"endColumn":15,"#
        + #""message":"a \"quoted\"\\ text\n\u0001é","notes":["#
        + #"{"severity":"note","message":"there","notes":[]},"#
        + #"{"severity":"note","file":"b.mlir","message":"file","notes":[]}]}"#)
  }

  @Test func showsWhatOptionsSay() {
    var options = DiagnosticOptions()
    let remark = Diagnostic(.remark, "seen", notes: [.hint("more")])
    #expect(options.text(remark) == "remark: seen\nnote: more\n")
    options.showsNotes = false
    #expect(options.text(remark) == "remark: seen\n")
    options.verbosity = .warnings
    #expect(options.text(remark).isEmpty)
    #expect(options.text(Diagnostic(.warning, "w")) == "warning: w\n")
    options.verbosity = .errors
    #expect(options.text(Diagnostic(.warning, "w")).isEmpty)
    #expect(options.text(Diagnostic(.error, "e")) == "error: e\n")
  }

  @Test func countsErrorsBeyondTheLimit() {
    let engine = DiagnosticEngine()
    engine.errorLimit = 2
    for i in 0..<5 { engine.report(Diagnostic(.error, "\(i)")) }
    engine.report(Diagnostic(.warning, "still told"))
    #expect(engine.diagnostics.map(\.message) == ["0", "1", "still told"])
    #expect(engine.errorCount == 5)
    #expect(engine.droppedErrors == 3)
  }
}

@Suite struct RegularExpressionTests {
  @Test func mixesTextAndExpressions() throws {
    let expression = try RegularExpression(mixed: "op '{{[a-z]+}}' is (not) a.b")
    #expect(expression.matches("custom op 'foo' is (not) a.b here"))
    #expect(!expression.matches("custom op 'Foo' is (not) a.b"))
    #expect(!expression.matches("custom op 'foo' is (not) aXb"))
  }

  @Test(arguments: ["{{[a-z}}", "{{(}}", "{{a"])
  func refusesWrongOnes(_ text: String) {
    #expect(throws: RegularExpression.Invalid.self) { try RegularExpression(mixed: text) }
  }
}
