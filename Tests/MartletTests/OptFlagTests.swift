import Foundation
import Martlet
import Testing

/// Flags of mlir-opt and xdsl-opt whose effect is more than text on standard output (those are cases in
/// Tests/Cases/tool).
@Suite struct OptFlagTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  private let text = """
    func.func @f(%a: i32) -> i32 {
      %c0 = arith.constant 0 : i32
      %0 = arith.addi %a, %c0 : i32
      return %0 : i32
    }
    func.func @g() { return }
    """

  private func opt(_ text: String, _ options: String...) throws -> ToolRun {
    let file = try scratch.write("in.mlir", text)
    return ToolRun.run(OptTool.run, [file] + options)
  }

  @Test func dumpsIntoATreeOfFiles() throws {
    let folder = scratch.path + "/tree"
    let run = try opt(
      text, "--pass-pipeline=builtin.module(func.func(canonicalize),cse)",
      "--mlir-print-ir-after-all", "--mlir-print-ir-tree-dir=\(folder)")
    #expect(run.status == .success && run.messages.isEmpty)
    let module = folder + "/builtin_module_no-symbol-name"
    let files = try FileManager.default.subpathsOfDirectory(atPath: module).sorted()
    #expect(
      files == [
        "1_cse.mlir", "func_func_f", "func_func_f/0_0_canonicalize.mlir", "func_func_g",
        "func_func_g/0_0_canonicalize.mlir",
      ])
    let dump = try String(
      contentsOfFile: module + "/func_func_f/" + "0_0_canonicalize.mlir", encoding: .utf8)
    #expect(
      dump == """
        // -----// IR Dump After Canonicalizer (canonicalize) //----- //
        func.func @f(%arg0: i32) -> i32 {
          return %arg0 : i32
        }


        """)
    let wrong = try opt(
      text, "--cse", "--mlir-print-ir-after-all", "--mlir-print-ir-tree-dir=/no/such/folder")
    #expect(wrong.messages.contains("cannot make folder"))
  }

  @Test(arguments: [false, true]) func writesAReproducer(_ isLocal: Bool) throws {
    let file = scratch.path + "/repro.mlir"
    var arguments = [
      "--pass-pipeline=builtin.module(cse,func.func(canonicalize,symbol-dce))",
      "--mlir-pass-pipeline-crash-reproducer=\(file)",
    ]
    if isLocal { arguments.append("--mlir-pass-pipeline-local-reproducer") }
    let input = try scratch.write("in.mlir", text)
    let run = ToolRun.run(OptTool.run, [input] + arguments)
    #expect(run.status == .failure)
    #expect(run.messages.contains("`SymbolDCE` on 'func.func' operation: @f"))
    #expect(run.messages.contains("reproducer generated at `\(file)`"))
    let reproducer = try String(contentsOfFile: file, encoding: .utf8)
    #expect(reproducer.contains("mlir_reproducer: {"))
    let pipeline =
      isLocal
      ? "\"builtin.module(func.func(symbol-dce))\""
      : "\"builtin.module(cse, func.func(canonicalize{"
    #expect(reproducer.contains("pipeline: \(pipeline)"))
    #expect(reproducer.contains("arith.addi") == !isLocal)
    // It fails again by itself.
    let again = ToolRun.opt(file, "--run-reproducer")
    #expect(again.status == .failure)
    #expect(again.messages.contains("was scheduled to run under SymbolDCE"))
    // Without the flag it is a module like any other, and what it holds is kept.
    let plain = ToolRun.opt(file)
    #expect(plain.out == reproducer + "\n")
  }

  @Test func writesNoReproducerWhereNothingFails() throws {
    let file = scratch.path + "/repro.mlir"
    let run = try opt(text, "--cse", "--mlir-pass-pipeline-crash-reproducer=\(file)")
    #expect(run.status == .success)
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func runsAReproducer() throws {
    let file = scratch.path + "/repro.mlir"
    let first = try opt(text, "--canonicalize", "--mlir-generate-reproducer=\(file)")
    let again = ToolRun.opt(file, "--run-reproducer")
    #expect(again.status == .success)
    #expect(again.out == first.out)
    let wrong = try opt(
      "module {}\n{-# external_resources: { mlir_reproducer: { pipeline: true } } #-}",
      "--run-reproducer")
    wrong.expectFailure("the reproducer's 'pipeline' is not a string")
    let unknown = try opt(
      "module {}\n{-# external_resources: { mlir_reproducer: { pipeline: \"nope\" } } #-}",
      "--run-reproducer")
    unknown.expectFailure("'nope' does not refer to a registered pass")
  }

  @Test func roundTripsAreVerified() throws {
    #expect(try opt(text, "--verify-roundtrip").status == .success)
    for example in ["mlp.mlir", "pagerank.mlir"] {
      let run = ToolRun.opt(packageFolder + "/Examples/" + example, "--verify-roundtrip")
      #expect(run.status == .success, "\(run.messages)")
    }
  }

  @Test func printsBetweenPassesAsXDSLDoes() throws {
    let run = try opt(
      "func.func @f() { return }", "-p", "canonicalize,cse,symbol-dce", "--print-between-passes")
    let module = "module {\n  func.func @f() {\n    return\n  }\n}\n"
    #expect(
      run.out == "IR after canonicalize:\n\(module)\n\n\nIR after cse:\n\(module)\n\n\n\(module)\n")
  }

  @Test func tellsParsingErrorsOnStandardOutput() throws {
    let run = try opt("func.func @f() { retrun }", "--parsing-diagnostics")
    #expect(run.status == .success)
    #expect(run.out.contains("error: custom op 'retrun' is unknown"))
    #expect(run.messages.isEmpty)
    // What parses but does not verify is a failure still.
    let invalid = try opt("func.func @f() -> i32 {\n  return\n}", "--parsing-diagnostics")
    #expect(invalid.status == .failure)
  }

  @Test(arguments: ["-f", "-t", "--frontend", "--target"])
  func knowsItsFormats(_ option: String) throws {
    #expect(try opt("module {}", option, "mlir").status == .success)
    let run = try opt("module {}", option, "riscv-asm")
    #expect(run.status == .usage)
    #expect(run.messages.contains("takes mlir or bytecode, not 'riscv-asm'"))
  }

  @Test(arguments: [
    "-canonicalize", "--canonicalize", "-p=canonicalize", "--canonicalize=top-down=0",
  ])
  func takesOneDashOrTwo(_ option: String) throws {
    let run = try opt(text, option, "-split-input-file", "-allow-unregistered-dialect")
    #expect(run.status == .success, "\(run.messages)")
    #expect(!run.out.contains("addi"))
  }

  @Test func verifiesDiagnosticsByThirdParties() throws {
    // Patterns, near misses, lines far away, comments that are wrong themselves.
    let wrong = try opt(
      """
      // expected-error-re@+1 {{custom op '{{[a-z.]+}}' is unknown}}
      arith.nope
      // expected-error-re@unknown {{foo{{[a-z}}}}
      // expected-warning@+5 {{never}}
      """, "--verify-diagnostics")
    #expect(wrong.status == .failure)
    #expect(wrong.messages.contains("in.mlir:3:4: error: invalid regex: "))
    #expect(wrong.messages.contains("expected warning \"never\" was not produced"))
    #expect(!wrong.messages.contains("unexpected error"))
    let near = try opt(
      "// expected-remark@+1 {{custom op}}\narith.nope", "--verify-diagnostics")
    #expect(near.messages.contains("'error' diagnostic emitted when expecting a 'remark'"))
    let notes = """
      func.func private @f()
      // expected-error@below {{redefinition}}
      func.func private @f()
      """
    let unexpected = try opt(notes, "--verify-diagnostics")
    #expect(unexpected.messages.contains("unexpected note: see existing symbol definition here"))
    #expect(try opt(notes, "--verify-diagnostics=only-expected").status == .success)
  }

  @Test func reportsTimesOfEachPart() throws {
    let run = try opt(text, "--cse", "--mlir-timing", "--split-input-file=func.func @g")
    #expect(run.messages.components(separatedBy: "Execution time report").count == 3)
  }

  @Test func theTopMayBeAnotherOperation() throws {
    let one = try opt("func.func @g() { return }", "--no-implicit-module", "--cse")
    #expect(one.out == "func.func @g() {\n  return\n}\n\n")
    try opt(text, "--no-implicit-module").expectFailure(
      "source must contain a single top-level operation, found: 2")
    try opt("", "--no-implicit-module").expectFailure("found: 0")
    try opt(text, "--pass-pipeline=func.func(cse)").expectFailure(
      "can't run 'func.func' pass manager on 'builtin.module' op")
  }
}
