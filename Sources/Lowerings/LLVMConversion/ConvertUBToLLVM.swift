import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns `ub.poison` into llvm's poison, and `ub.unreachable` into llvm's.
  ///
  ///     %0 = ub.poison : i32     ->   %0 = llvm.mlir.poison : i32
  public static let convertUBToLLVM = Pass(
    "convert-ub-to-llvm", name: "UBToLLVMConversionPass", "Convert UB dialect to LLVM dialect",
    options: [indexBitwidthOption], dependentDialects: ["llvm"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(
      operation.context, indexBits: state.options.integer("index-bitwidth"))
    try applyLLVMConversion(operation, types, ubToLLVMPatterns(types))
  }
}

func ubToLLVMPatterns(_ types: LLVMTypes) -> [ConversionPattern] {
  [
    ConversionPattern("poison-to-llvm", root: UB.poison) { op, _, rewriter in
      guard op.attribute("value")?.is(UB.poisonAttribute) ?? false,
        let type = types.convert(op.result().type)
      else { return false }
      rewriter.replace(op, with: rewriter.llvm("mlir.poison", [], [type]))
      return true
    },
    ConversionPattern("unreachable-to-llvm", root: UB.unreachable) { op, _, rewriter in
      rewriter.llvm("unreachable", [])
      rewriter.erase(op)
      return true
    },
  ]
}
