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
    .bufferize, .canonicalize, .convertSCFToCF, .convertToLLVM, .cse, .exposeBuffers,
    .fuseElementwise, .inline, .linalgToLoops, .loopInvariantCodeMotion, .lowerAffine, .mathExpand,
    .outlineKernels, .planMemory, .propagateTransposes, .sparsify, .specializeShapes, .symbolDCE,
    .vectorizeGathers, .wrapScalarPorts,
  ])
}
