import Foundation
import Martlet
import Testing

/// `martlet opt` as a user meets it: what comes out, and what wrong text and wrong files end in.
@Suite struct OptToolTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  private func opt(_ text: String, _ options: String...) throws -> ToolRun {
    let file = try scratch.write("in.mlir", text)
    return ToolRun.run(OptTool.run, [file] + options)
  }

  // MARK: What works

  @Test func rewrites() throws {
    let run = try opt(
      """
      func.func @main(%x: i32) -> i32 {
        %zero = arith.constant 0 : i32
        %sum = arith.addi %x, %zero : i32
        return %sum : i32
      }
      """, "--canonicalize", "--cse")
    #expect(run.status == .success)
    #expect(run.messages.isEmpty)
    #expect(!run.out.contains("arith.addi"))
    #expect(run.out.contains("return %arg0 : i32"))
  }

  @Test(arguments: ["mlp.mlir", "pagerank.mlir"]) func printsWhatItReads(_ name: String) throws {
    let once = ToolRun.opt(packageFolder + "/Examples/" + name)
    #expect(once.status == .success, "\(once.messages)")
    let twice = try opt(once.out)
    #expect(twice.out == once.out)
  }

  @Test(arguments: ["mlp.mlir", "pagerank.mlir"])
  func theGenericFormIsReadBack(_ name: String) throws {
    let path = packageFolder + "/Examples/" + name
    let generic = ToolRun.opt(path, "--mlir-print-op-generic")
    #expect(generic.status == .success, "\(generic.messages)")
    #expect(try opt(generic.out).out == ToolRun.opt(path).out)
  }

  @Test func tellsUsage() {
    for arguments in [["--no-such-option"], ["a.mlir", "b.mlir"], ["-o"]] {
      let run = ToolRun.run(OptTool.run, arguments)
      #expect(run.status == .usage)
      #expect(run.messages.contains("--help"))
      #expect(run.out.isEmpty)
    }
    #expect(ToolRun.opt("--help").out.contains("usage: martlet opt"))
  }

  // MARK: Files

  @Test func missingFile() throws {
    let path = scratch.path + "/missing.mlir"
    ToolRun.opt(path).expectFailure("\(path): error: cannot open file")
  }

  @Test func directory() throws {
    ToolRun.opt(scratch.path).expectFailure("\(scratch.path): error: is a directory")
  }

  @Test func outputThatCannotBeWritten() throws {
    let file = try scratch.write("in.mlir", "module {}\n")
    let before = try scratch.names
    ToolRun.opt(file, "-o", scratch.path + "/no/such/folder.mlir")
      .expectFailure("cannot write file")
    // A folder in the way: the temporary file beside it must go again.
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/out.mlir", withIntermediateDirectories: true)
    ToolRun.opt(file, "-o", scratch.path + "/out.mlir").expectFailure("cannot write file")
    #expect(try scratch.names == before + ["out.mlir"])
  }

  @Test func wrongTextLeavesTheOutputAsItWas() throws {
    let output = try scratch.write("out.mlir", "before")
    let run = try opt("func.func @f(", "-o", output)
    run.expectFailure("error: ")
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "before")
    #expect(try scratch.names == ["in.mlir", "out.mlir"])
  }

  /// What is not a plain file is written to, never replaced: as root, renaming over `/dev/null`
  /// takes it from the whole machine. A pipe stands for a device here.
  @Test func aPipeNamedAsOutputStaysAPipe() throws {
    let pipe = scratch.path + "/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    // Open for both, so that the writer neither waits for a reader nor fails.
    let descriptor = open(pipe, O_RDWR | O_NONBLOCK)
    defer { close(descriptor) }
    let run = try opt("module {}\n", "-o", pipe)
    #expect(run.status == .success)
    var status = stat()
    try #require(lstat(pipe, &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFIFO)
  }

  // MARK: Text, each class of error

  struct Wrong: Sendable, CustomTestStringConvertible {
    let what: String
    let text: String
    /// Line and column, counted from 1.
    let place: String
    let message: String
    var testDescription: String { what }
  }

  static let wrong: [Wrong] = [
    Wrong(
      what: "lexical", text: "func.func @f() {\n  %0 = ` 1\n}\n", place: ":2:8:",
      message: "unexpected character"),
    Wrong(
      what: "string without end", text: "func.func @f() attributes {a = \"open} {\n}\n",
      place: ":1:32:", message: "in string literal"),
    Wrong(
      what: "unknown operation", text: "func.func @f() {\n  arith.nonsense\n  return\n}\n",
      place: ":2:3:", message: "arith.nonsense"),
    Wrong(
      what: "unknown dialect", text: "\"nosuch.op\"() : () -> ()\n", place: ":1:1:",
      message: "nosuch"),
    Wrong(
      what: "type mismatch",
      text: "func.func @f(%a: i32, %b: i64) {\n  %0 = arith.addi %a, %b : i32\n  return\n}\n",
      place: ":2:", message: "i64"),
    Wrong(
      what: "result type", text: "func.func @f(%a: i32) -> i64 {\n  return %a : i32\n}\n",
      place: ":2:3:", message: "i32"),
    Wrong(
      what: "dominance",
      text: """
        func.func @f(%c: i1, %a: i32) {
          cf.cond_br %c, ^left, ^right
        ^left:
          %0 = arith.addi %a, %a : i32
          cf.br ^right
        ^right:
          %1 = arith.addi %0, %a : i32
          return
        }
        """, place: ":7:8:", message: "dominate"),
    Wrong(
      what: "undefined value", text: "func.func @f() -> i32 {\n  return %x : i32\n}\n",
      place: ":2:10:", message: "%x"),
    Wrong(
      what: "missing terminator",
      text: "func.func @f(%a: i32) {\n  %0 = arith.addi %a, %a : i32\n}\n",
      place: ":2:8:", message: "terminator"),
    Wrong(
      what: "wrong region", text: "\"builtin.module\"() : () -> ()\n", place: ":1:1:",
      message: "region"),
    Wrong(
      what: "symbol twice",
      text: "func.func private @f()\nfunc.func private @f()\n", place: ":2:1:", message: "f"),
    Wrong(
      what: "unknown symbol", text: "func.func @f() {\n  call @g() : () -> ()\n  return\n}\n",
      place: ":2:3:", message: "'g'"),
    Wrong(
      what: "size that overflows",
      text: "func.func private @f(tensor<99999999999999999999xf32>)\n", place: ":1:29:",
      message: "invalid dimension"),
    Wrong(
      what: "elements that do not fit",
      text: "func.func @f() {\n  %0 = arith.constant dense<[1, 2]> : tensor<3xi32>\n  return\n}\n",
      place: ":2:23:", message: "does not match type"),
  ]

  @Test(arguments: wrong) func wrongText(_ wrong: Wrong) throws {
    let run = try opt(wrong.text)
    run.expectFailure(wrong.message)
    #expect(run.messages.contains("in.mlir\(wrong.place)"), "\(run.messages)")
    #expect(run.messages.contains("^"), "no caret: \(run.messages)")
  }

  // MARK: Size and depth

  @Test(arguments: ["regions", "types", "attributes", "affine"])
  func deepNesting(_ kind: String) throws {
    let depth = 100_000
    func nested(_ open: String, _ middle: String, _ close: String) -> String {
      String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
    }
    let text =
      switch kind {
      case "regions": nested("\"t.op\"() ({\n", "", "}) : () -> ()\n")
      case "types": "func.func private @f(" + nested("tuple<", "i32", ">") + ")"
      case "attributes": "module attributes {a = " + nested("[", "", "]") + "} {}"
      default: "#m = affine_map<(d0) -> (" + nested("(", "d0", ")") + ")>"
      }
    let run = try opt(text, "--allow-unregistered-dialect")
    run.expectFailure("nest")
  }

  /// A splat is one element, however large its type.
  @Test func hugeSplatsAreCheap() throws {
    let text = """
      func.func @main() -> i8 {
        %huge = arith.constant dense<0> : tensor<1000000000xi8>
        %i = arith.constant 7 : index
        %element = tensor.extract %huge[%i] : tensor<1000000000xi8>
        return %element : i8
      }
      """
    let before = try residentBytes()
    let run = try opt(text, "--canonicalize", "--cse")
    #expect(run.status == .success, "\(run.messages)")
    #expect(try residentBytes() - before < 200 << 20)
    #expect(try opt(text).out.contains("dense<0> : tensor<1000000000xi8>"))
  }

  /// Bytes of memory this process occupies.
  private func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = try #require(Int(text.split(separator: " ")[1]))
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }
}
