import Foundation
import Martlet
import Testing

/// What a user is told of wrong text: all of it in one run, with help.
@Suite struct DiagnosticsTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  private func opt(_ text: String, _ options: String...) throws -> ToolRun {
    let file = try scratch.write("in.mlir", text)
    return ToolRun.run(OptTool.run, [file] + options)
  }

  /// `line:column` of the errors, in order.
  private func places(_ run: ToolRun) -> [String] {
    run.messages.split(separator: "\n").filter { $0.contains(": error: ") }.map { line in
      line.split(separator: ":").dropFirst().prefix(2).joined(separator: ":")
    }
  }

  struct Text: Sendable, CustomTestStringConvertible {
    let what: String
    let text: String
    let places: [String]
    var testDescription: String { what }
  }

  static let texts: [Text] = [
    Text(
      what: "operations one after the other",
      text: """
        func.func @f(%a: i32) {
          %0 = arith.adi %a, %a : i32
          %1 = arith.addi %0, %a : i32
          %2 = arith.muli %1, %1 : i64
          return
        }
        """, places: ["2:8", "4:19"]),
    Text(
      what: "what a lost operation defines is known",
      text: """
        func.func @f(%a: i32) -> i32 {
          %0:2, %1 = arith.nope %a
          %2 = arith.addi %0#1, %1 : i32
          return %2 : i32
        }
        """, places: ["2:14"]),
    Text(
      what: "in a region and behind it",
      text: """
        func.func @f(%n: index) {
          scf.for %i = %n to %n step %n {
            arith.nope1
            arith.nope2
          }
          arith.nope3
          return
        }
        func.func @g() { arith.nope4 }
        """, places: ["3:5", "4:5", "6:3", "9:18"]),
    Text(
      what: "the operation's region is lost with it",
      text: """
        func.func @f(%n: index) {
          scf.for %i = %n two %n step %n {
            arith.nope1
          }
          arith.nope2
          return
        }
        """, places: ["2:19", "5:3"]),
    Text(
      what: "a brace is missing",
      text: """
        func.func @f() {
          scf.execute_region {
            scf.yield
          return
        }
        func.func @g() {
          arith.nope
          return
        }
        """, places: ["7:3", "9:1"]),
    Text(
      what: "continued lines are no operations",
      text: """
        func.func @f(%a: i32) {
          %0 = "test.op"(%a,
                         %a)
            {x = 1}
            : (i32, i32) -> i32
          arith.nope
          return
        }
        """, places: ["2:8", "6:3"]),
    Text(
      what: "blocks",
      text: """
        func.func @f() {
          cf.br ^bb2
        ^bb1:
          arith.nope
        ^bb1:
          return
        }
        func.func @g() { arith.nope }
        """, places: ["4:3", "5:1", "8:18"]),
    Text(
      what: "aliases",
      text: """
        #a = nope
        !b = !nope
        func.func @f() { arith.nope }
        """, places: ["1:6", "2:6", "3:18"]),
    Text(
      what: "characters",
      text: """
        func.func @f() {
          %0 = ` 1
          %1 = "open
          arith.nope
          return
        }
        """, places: ["2:8", "3:8", "4:3"]),
    Text(
      what: "a brace too many",
      text: """
        func.func @f() { return }
        }
        func.func @g() { arith.nope }
        """, places: ["1:26", "3:18"]),
  ]

  @Test(arguments: texts) func tellsAllErrors(_ text: Text) throws {
    let run = try opt(text.text)
    #expect(run.status == .failure)
    #expect(places(run) == text.places, "\(run.messages)")
    // MLIR's comments know of the first alone.
    let first = try opt(text.text, "--error-limit=1")
    #expect(places(first) == Array(text.places.prefix(1)), "\(first.messages)")
  }

  @Test func verifyingDiagnosticsStopsAtTheFirst() throws {
    let run = try opt(
      """
      func.func @f() {
        arith.nope // expected-error {{custom op 'arith.nope' is unknown}}
        arith.nope
      }
      """, "--verify-diagnostics")
    #expect(run.status == .success, "\(run.messages)")
  }

  @Test func tellsWhatDoesNotVerifyInEachFunction() throws {
    let text = """
      func.func @f(%a: i32) -> i64 {
        return %a : i32
      }
      module @inner {
        func.func @g() -> i64 {
          return
        }
        func.func @fine() { return }
      }
      func.func @h() {
        func.call @nothing() : () -> ()
        return
      }
      """
    let run = try opt(text)
    #expect(run.status == .failure)
    #expect(places(run) == ["2:3", "6:5", "11:3"], "\(run.messages)")
    #expect(places(try opt(text, "--error-limit=1")) == ["2:3"])
    // What is wrong with the module itself is told where its parts are right.
    let twice = try opt("func.func private @f()\nfunc.func private @f()")
    #expect(places(twice) == ["2:1"])
  }

  @Test func limitsErrors() throws {
    let text = (0..<50).map { _ in "arith.nope\n" }.joined()
    let run = try opt(text)
    #expect(places(run).count == 20)
    #expect(run.messages.contains("30 more errors are not shown"))
    #expect(places(try opt(text, "--error-limit=3")).count == 3)
    #expect(places(try opt(text, "--error-limit=0")).count == 50)
    let many = (0..<5000).map { _ in "arith.nope\n" }.joined()
    #expect(try opt(many).messages.contains("more errors are not shown"))
  }

  /// Errors beyond those told cost little, however large the text.
  @Test func manyErrorsInALargeTextAreQuick() throws {
    var text = "func.func @f(%a: i32) {\n"
    for i in 0..<20_000 { text += "  %v\(i) = arith.adi %a, %b\(i) : i32\n" }
    text += String(repeating: "  scf.execute_region {\n", count: 200)
    let clock = ContinuousClock()
    let start = clock.now
    #expect(places(try opt(text)).count == 20)
    #expect(clock.now - start < .seconds(60))
  }

  // MARK: Help

  @Test(arguments: [
    ("func.func @f() { retrun }", "note: did you mean 'return'?"),
    ("func.func @f() { arith.addd }", "did you mean 'arith.addf'?"),
    ("func.func @f() { arit.addi }", "dialect 'arit' is not registered; did you mean 'arith'?"),
    ("\"nosuch.op\"() : () -> ()", "--allow-unregistered-dialect accepts its operations"),
    (
      "func.func @f(%value: i32) -> i32 { return %valeu : i32 }",
      "in.mlir:1:14: note: did you mean '%value'?"
    ),
    (
      "func.func @f() {\n  cf.br ^exit\n^exti:\n  return\n}",
      "in.mlir:3:1: note: did you mean '^exti'?"
    ),
    (
      "func.func @f() {\n^bb0:\n  return\n^bb0:\n  return\n}",
      "in.mlir:2:1: note: previously defined here"
    ),
    (
      "func.func @f(%a: i32) {\n  %b = arith.addi %a, %a : i32\n  %b = arith.addi %a, %a : i32\n}",
      "in.mlir:2:3: note: previously defined here"
    ),
    (
      "func.func @f(%a: i32) {\n  %b = arith.addi %a, %a : i64\n  return\n}",
      "in.mlir:1:14: note: prior use here"
    ),
    (
      "func.func private @f()\nfunc.func private @f()",
      "in.mlir:1:1: note: see existing symbol definition here"
    ),
  ])
  func helpsWhereTextIsWrong(_ text: String, _ help: String) throws {
    let run = try opt(text)
    #expect(run.status == .failure)
    #expect(run.messages.contains(help), "\(run.messages)")
  }

  @Test(arguments: [
    (
      "func.func @f(%a: i32) -> i64 {\n  return %a : i32\n}",
      "in.mlir:1:1: note: @f is declared here, with type '(i32) -> i64'"
    ),
    (
      "func.func @value() { return }\nfunc.func @g() {\n  call @valeu() : () -> ()\n  return\n}",
      "in.mlir:1:1: note: did you mean '@value'?"
    ),
    (
      "func.func @f(%a: f32) {\n  %b = \"arith.addi\"(%a, %a) : (f32, f32) -> f32\n  return\n}",
      "note: the operand is a block argument of this operation, of type 'f32'"
    ),
    (
      "func.func @f(%a: i1) {\n  scf.if %a {\n    func.return\n  }\n  return\n}",
      "in.mlir:2:3: note: its parent is this operation"
    ),
    (
      "func.func @f() {\n  \"func.return\"() : () -> ()\n  %0 = arith.constant 1 : i32\n}",
      "in.mlir:3:8: note: this operation follows it"
    ),
    (
      "func.func @f() {\n  %0 = arith.constant 1 : i32\n}",
      "in.mlir:1:1: note: blocks of this operation need one"
    ),
  ])
  func helpsWhereAModuleIsWrong(_ text: String, _ help: String) throws {
    let run = try opt(text)
    #expect(run.status == .failure)
    #expect(run.messages.contains(help), "\(run.messages)")
    // Comments need not name such help.
    let first = run.messages.split(separator: "\n")[0]
    let parts = first.split(separator: ": error: ", maxSplits: 1)
    let line = Int(parts[0].split(separator: ":")[1]) ?? 1
    let comment =
      "\n// expected-error@\(line - text.split(separator: "\n").count - 1) {{\(parts[1])}}"
    #expect(try opt(text + comment, "--verify-diagnostics").status == .success)
  }

  @Test func doesNotGuessWildly() throws {
    let run = try opt("func.func @f(%a: i32) -> i32 { return %b : i32 }")
    #expect(!run.messages.contains("did you mean"), "\(run.messages)")
  }

  @Test func suggestsOptionsPassesAndCommands() {
    let option = ToolRun.opt("--split-input-fiel")
    #expect(option.messages.contains("did you mean '--split-input-file'?"))
    #expect(ToolRun.opt("--canonicalise").messages.contains("did you mean '--canonicalize'?"))
    #expect(ToolRun.opt("-p", "cze").messages.contains("did you mean 'cse'?"))
    #expect(
      ToolRun.opt("-p", "canonicalize{max-iteration=1}").messages
        .contains("did you mean 'max-iterations'?"))
    #expect(ToolRun.opt("--diagnostics=jsn").messages.contains("did you mean 'json'?"))
    let command = ToolRun.run(MartletTool.run, ["otp"])
    #expect(command.status == .usage)
    #expect(command.messages.contains("did you mean 'opt'?"))
    #expect(
      ToolRun.run(DocTool.run, ["arith.addo"]).messages.contains("did you mean 'arith.addf'?"))
  }

  @Test func printsOperationsWhereAskedTo() throws {
    let text = "func.func @f(%a: i32) -> i64 {\n  return %a : i32\n}"
    #expect(try !opt(text).messages.contains("see current operation"))
    let run = try opt(text, "--mlir-print-op-on-diagnostic")
    #expect(
      run.messages.contains("note: see current operation: \"func.return\"(%arg0) : (i32) -> ()"),
      "\(run.messages)")
  }

  // MARK: Forms

  struct Message: Decodable {
    let severity: String
    let file: String?
    let line: Int?
    let column: Int?
    let endColumn: Int?
    let message: String
    let notes: [Message]
  }

  @Test func writesOneObjectALine() throws {
    let run = try opt(
      "func.func @f(%a: i32) {\n  %b = arith.addi %a, %a : i64\n  arith.nope\n}",
      "--diagnostics=json")
    #expect(run.status == .failure)
    let messages = try run.messages.split(separator: "\n").map {
      try JSONDecoder().decode(Message.self, from: Data($0.utf8))
    }
    #expect(messages.map(\.line) == [2, 3])
    #expect(messages.map(\.column) == [19, 3])
    #expect(messages.map(\.endColumn) == [21, 13])
    #expect(messages.map(\.severity) == ["error", "error"])
    #expect(messages[0].file?.hasSuffix("in.mlir") == true)
    #expect(messages[0].notes.map(\.line) == [1])
  }

  @Test func coloursWhereAskedTo() throws {
    #expect(try opt("arith.nope", "--color").messages.contains("\u{1b}["))
    #expect(try !opt("arith.nope", "--color=never").messages.contains("\u{1b}["))
    #expect(try !opt("arith.nope").messages.contains("\u{1b}["))
  }

  @Test func highlightsWhatIsPrinted() throws {
    let text = "func.func @f(%a: i32) -> i32 {\n  return %a : i32\n}\n"
    let plain = try opt(text, "--syntax-highlight").out
    #expect(!plain.contains("\u{1b}"))
    let colored = try opt(text, "--syntax-highlight", "--color").out
    #expect(colored.contains("\u{1b}[36m%arg0\u{1b}[0m"))
    #expect(colored.contains("\u{1b}[33m@f\u{1b}[0m"))
    #expect(colored.contains("\u{1b}[1mreturn\u{1b}[0m"))
    #expect(colored.contains("\u{1b}[32mi32\u{1b}[0m"))
    #expect(colored.replacing(/\u{1b}\[[0-9]+m/, with: "") == plain)
  }
}
