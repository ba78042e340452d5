import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletSupport
import MartletSyntax
import MartletTransforms

/// What comes with Martlet: every dialect and every pass.
public enum Registration {
  /// A context that knows all dialects; each is loaded when its name is first met.
  public static func makeContext(_ diagnostics: DiagnosticEngine = DiagnosticEngine()) -> Context {
    let context = Context(diagnostics: diagnostics)
    registerAllDialects(context)
    Printer.install(in: context)
    return context
  }

  /// All passes, by the names pipelines use.
  public static let passes = PassRegistry([
    .affineLoopCoalescing, .affineLoopInvariantCodeMotion, .affineLoopNormalize, .affineLoopTile,
    .affineLoopUnroll, .affineScalarReplacement, .affineSimplifyStructures, .bufferize,
    .canonicalize, .controlFlowSink, .convertArithToLLVM, .convertComplexToLLVM,
    .convertComplexToStandard, .convertControlFlowToLLVM, .convertFuncToLLVM, .convertIndexToLLVM,
    .convertLinalgToAffineLoops, .convertLinalgToLoops, .convertLinalgToParallelLoops,
    .convertMathToLLVM, .convertSCFToCF, .convertToLLVM, .convertUBToLLVM, .convertVectorToLLVM,
    .convertVectorToSCF, .cse, .expandStridedMetadata, .exposeBuffers, .finalizeMemRefToLLVM,
    .fuseElementwise, .generalizeNamedOps, .inline, .linalgToLoops, .loopInvariantCodeMotion,
    .loopInvariantSubsetHoisting, .lowerAffine, .mathExpand, .mem2reg, .oneShotBufferize,
    .outlineKernels, .planMemory, .propagateTransposes, .reconcileUnrealizedCasts,
    .removeDeadValues, .requestCWrappers, .sccp, .sparsify, .specializeShapes, .sroa,
    .stripDebugInfo, .symbolDCE, .topologicalSort, .vectorizeGathers, .wrapScalarPorts,
  ])
}
