import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// Random programs of arith, memref and scf, converted to llvm dialect by dialect, compiled beside interpreted.
@Suite struct SeparateConversionsTests {
  private static let passes: [Pass] = [
    .convertSCFToCF, .convertArithToLLVM, .convertMathToLLVM, .convertIndexToLLVM,
    .convertUBToLLVM, .finalizeMemRefToLLVM, .convertControlFlowToLLVM, .convertFuncToLLVM,
    .reconcileUnrealizedCasts,
  ]

  /// `main`, which takes descriptors, called with the pointers of `martlet_entry`.
  private static func entry(_ count: Int) -> String {
    var lines = [
      "llvm.func @martlet_entry(%table: !llvm.ptr) -> i32 {",
      "  %zero = llvm.mlir.constant(0 : i64) : i64", "  %one = llvm.mlir.constant(1 : i64) : i64",
      "  %four = llvm.mlir.constant(4 : i64) : i64",
      "  %status = llvm.mlir.constant(0 : i32) : i32",
    ]
    var arguments: [String] = []
    var types: [String] = []
    for i in 0..<count {
      lines.append(
        "  %a\(i) = llvm.getelementptr %table[\(i)] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr")
      lines.append("  %p\(i) = llvm.load %a\(i) : !llvm.ptr -> !llvm.ptr")
      arguments += ["%p\(i)", "%p\(i)", "%zero", "%four", "%one"]
      types += ["!llvm.ptr", "!llvm.ptr", "i64", "i64", "i64"]
    }
    lines.append(
      "  llvm.call @main(\(arguments.joined(separator: ", "))) : (\(types.joined(separator: ", "))) -> ()"
    )
    lines += ["  llvm.return %status : i32", "}"]
    return lines.joined(separator: "\n") + "\n"
  }

  @Test(arguments: 1...16) func agrees(seed: Int) throws {
    var generator = ProgramGenerator(UInt64(seed))
    let text = generator.program()
    let program = try ToLLVMProgram(text)
    let inputs = program.randomInputs(seed: UInt64(seed))
    let wanted = try program.interpret(inputs)
    for pass in Self.passes {
      try pass.run(on: program.module)
      try Verifier().verify(program.module)
    }
    let lowered = program.printed()
    #expect(!lowered.contains("unrealized_conversion_cast"), "seed \(seed):\n\(lowered)")
    let end = try #require(lowered.lastIndex(of: "}"))
    let whole = lowered[..<end] + Self.entry(program.parameters.count) + "}\n"
    let code = try ToLLVMProgram(String(whole)).compile()
    let (status, found) = try ToLLVMProgram.run(code, inputs)
    #expect(status == 0)
    for (k, type) in program.parameters.enumerated() where !type.elementType.isFloat {
      #expect(found[k] == wanted[k], "seed \(seed), parameter \(k):\n\(text)")
    }
  }
}
