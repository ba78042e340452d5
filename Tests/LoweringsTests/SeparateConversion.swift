import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// A program lowered by MLIR's passes, one dialect at a time, and compiled.
enum SeparateConversion {
  typealias Step = (pass: Pass, options: [(String, PassOptionValue)])

  /// All the way from loops, vectors, views and complex numbers to llvm.
  static let steps: [Step] =
    [
      .convertLinalgToLoops, .convertVectorToSCF, .expandStridedMetadata, .lowerAffine,
      .convertSCFToCF, .convertVectorToLLVM, .convertComplexToLLVM, .convertArithToLLVM,
      .convertMathToLLVM, .convertIndexToLLVM, .convertUBToLLVM, .finalizeMemRefToLLVM,
      .convertControlFlowToLLVM, .convertFuncToLLVM, .reconcileUnrealizedCasts,
    ].map { ($0, []) }

  /// The steps with these options for one pass.
  static func steps(_ pass: Pass, _ options: [(String, PassOptionValue)]) -> [Step] {
    steps.map { $0.pass.argument == pass.argument ? ($0.pass, options) : $0 }
  }

  /// `main`, which takes descriptors, called with the pointers of `martlet_entry`.
  private static func entry(_ types: [Type]) -> String {
    var lines = [
      "llvm.func @martlet_entry(%table: !llvm.ptr) -> i32 {",
      "  %zero = llvm.mlir.constant(0 : i64) : i64",
      "  %status = llvm.mlir.constant(0 : i32) : i32",
    ]
    var arguments: [String] = []
    var names: [String] = []
    for (i, type) in types.enumerated() {
      lines.append(
        "  %a\(i) = llvm.getelementptr %table[\(i)] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr")
      lines.append("  %p\(i) = llvm.load %a\(i) : !llvm.ptr -> !llvm.ptr")
      arguments += ["%p\(i)", "%p\(i)", "%zero"]
      names += ["!llvm.ptr", "!llvm.ptr", "i64"]
      let strides = MemRefLayout(contiguous: type.shape).strides
      for (k, number) in (type.shape + strides).enumerated() {
        lines.append("  %n\(i)_\(k) = llvm.mlir.constant(\(number) : i64) : i64")
        arguments.append("%n\(i)_\(k)")
        names.append("i64")
      }
    }
    let list = arguments.joined(separator: ", ")
    lines.append("  llvm.call @main(\(list)) : (\(names.joined(separator: ", "))) -> ()")
    lines += ["  llvm.return %status : i32", "}"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The text of the module in the llvm dialect alone.
  static func lowered(_ text: String, _ steps: [Step]) throws -> String {
    let program = try ToLLVMProgram(text)
    for step in steps {
      do {
        try step.pass.run(on: program.module, options: step.options)
        try Verifier().verify(program.module)
      } catch {
        let problems = program.context.diagnostics.diagnostics.map(\.description)
        throw ToLLVMProgram.Failure(
          description: "\(step.pass.argument): \(problems.joined(separator: "\n"))\n"
            + program.printed())
      }
    }
    return program.printed()
  }

  /// What the parameters hold after the compiled program.
  static func run(_ text: String, _ inputs: [[UInt8]], _ steps: [Step] = steps) throws -> [[UInt8]]
  {
    let lowered = try lowered(text, steps)
    #expect(!lowered.contains("unrealized_conversion_cast"), "\(lowered)")
    let end = try #require(lowered.lastIndex(of: "}"))
    let original = try ToLLVMProgram(text)
    let whole = lowered[..<end] + entry(original.parameters) + "}\n"
    withExtendedLifetime(original) {}
    let code = try ToLLVMProgram(String(whole)).compile()
    let (status, found) = try ToLLVMProgram.run(code, inputs)
    #expect(status == 0)
    return found
  }

  /// Checks that the compiled program and the interpreter leave the same bytes.
  static func check(
    _ text: String, seeds: ClosedRange<UInt64> = 1...3, _ steps: [Step] = steps
  ) throws {
    for seed in seeds {
      let program = try ToLLVMProgram(text)
      let inputs = program.randomInputs(seed: seed)
      let wanted = try program.interpret(inputs)
      let found = try run(text, inputs, steps)
      for k in wanted.indices {
        #expect(found[k] == wanted[k], "seed \(seed), parameter \(k):\n\(text)")
      }
    }
  }
}
