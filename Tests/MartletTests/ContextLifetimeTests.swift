import Martlet
import MartletIR
import MartletInterpreter
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// A context goes, with all that it holds, when its last user does: a process may make many.
@Suite struct ContextLifetimeTests {
  private func lives(_ body: (Context) throws -> Void) -> Bool {
    weak var kept: Context?
    do {
      let context = Registration.makeContext()
      kept = context
      try? body(context)
      withExtendedLifetime(context) {}
    }
    return kept != nil
  }

  @Test func contextsAreFreedAfterUse() {
    #expect(!lives { _ in })
    for text in [
      "func.func @f(%a: i32) -> i32 { return %a : i32 }", "func.func @f(",
      "%x = \"foo.bar\"() : () ->",
      "llvm.func @f(!llvm.struct<\"s\", (ptr, i32)>)",
      "#map = affine_map<(d0) -> (d0)>\nfunc.func @f() { return %nope : i32 }", "}",
    ] {
      let isKept = lives { context in
        let source = SourceFile(name: "test.mlir", text: text)
        let module = try Parser(source, context: context).parseModule()
        try Verifier().verify(module)
        _ = Printer.text(module)
      }
      #expect(!isKept, "\(text)")
    }
  }

  @Test func contextsAreFreedAfterPassesAndBytecode() throws {
    var bytes: [UInt8] = []
    let isKept = lives { context in
      let text = "func.func @f(%a: i32) -> i32 { %b = arith.addi %a, %a : i32 return %b : i32 }"
      let source = SourceFile(name: "test.mlir", text: text)
      let module = try Parser(source, context: context).parseModule()
      bytes = try BytecodeWriter.bytes(module)
      for pass in Registration.passes.passes.map(\.argument) {
        let pipeline = try PipelineParser.parse(pass, Registration.passes)
        try? PassManager(context, pipeline).run(module)
      }
    }
    #expect(!isKept)
    #expect(!bytes.isEmpty)
    #expect(
      !lives { context in
        let source = SourceFile(name: "test.mlirbc", bytes: bytes)
        let module = try BytecodeReader.read(source, context: context)
        _ = try Interpreter(module: module).run("f", arguments: [.integer(3)])
      })
  }
}
