import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Tensors become memrefs: for each operand that is written it is decided whether that may happen in place or
  /// takes a copy, then operations are rewritten to work on memory.
  ///
  ///     %1 = tensor.insert %f into %t[%i] : tensor<?xf32>  ->  memref.store %f, %m[%i] : memref<?xf32, …>
  ///
  /// This is MLIR's One-Shot Bufferize. The module's own way to buffers, with destinations passed in and
  /// memory planned, is the pass `bufferize`.
  public static let oneShotBufferize = Pass(
    "one-shot-bufferize", name: "OneShotBufferizePass", "One-Shot Bufferize",
    anchor: "builtin.module", options: OneShotOptions.declared,
    statistics: [
      PassStatistic("num-buffer-alloc", "Number of buffer allocations"),
      PassStatistic("num-tensor-in-place", "Number of in-place tensor OpOperands"),
      PassStatistic("num-tensor-out-of-place", "Number of out-of-place tensor OpOperands"),
    ],
    dependentDialects: ["bufferization", "memref", "arith", "linalg", "affine", "tensor"]
  ) { (module, state) throws(Reported) in
    let options = try OneShotOptions(state.options, module)
    let bufferization = OneShotBufferization(options, module.context)
    if options.bufferizesFunctions {
      try bufferization.runOnModule(module)
    } else {
      try bufferization.run(on: module)
    }
    state.count("num-buffer-alloc", by: bufferization.allocationCount)
    state.count("num-tensor-in-place", by: bufferization.inPlaceCount)
    state.count("num-tensor-out-of-place", by: bufferization.outOfPlaceCount)
  }
}

/// How buffers are made and what may be decided about them.
struct OneShotOptions {
  enum Layout: String { case infer, identity, fullyDynamic }
  enum Heuristic: String {
    case bottomUp = "bottom-up"
    case topDown = "top-down"
    case bottomUpFromTerminators = "bottom-up-from-terminators"
    case fuzzer
  }

  var allowsReturningAllocations = false
  var allowsUnknownOperations = false
  var bufferizesFunctions = false
  var checksParallelRegions = true
  var copiesBeforeWrite = false
  var onlyAnalyzes = false
  var printsConflicts = false
  var dumpsAliasSets = false
  var mustInferMemorySpace = false
  var usesEncodingForMemorySpace = false
  var boundaryLayout = Layout.infer
  var unknownLayout = Layout.fullyDynamic
  var heuristic = Heuristic.bottomUp
  var seed = 0
  var alignment = 64
  var dialects: [String] = []
  var unanalyzedFunctions: [String] = []
  /// Operations in functions of these names are left alone for the time being.
  var deniedFunctions: [String] = []

  private static let layouts = [
    "infer-layout-map", "identity-layout-map", "fully-dynamic-layout-map",
  ]

  static let declared: [PassOption] = [
    .bool(
      "allow-return-allocs-from-loops", default: false,
      "Allows returning/yielding new allocations from a loop."),
    .bool(
      "allow-unknown-ops", default: false,
      "Allows unknown (not bufferizable) ops in the input IR."),
    .integer(
      "analysis-fuzzer-seed", default: 0,
      "Test only: Analyze ops in random order with a given seed (fuzzer)"),
    .keyword(
      "analysis-heuristic", ["bottom-up", "top-down", "bottom-up-from-terminators", "fuzzer"],
      "Heuristic that control the IR traversal during analysis"),
    .integer(
      "buffer-alignment", default: 64, "Sets the alignment of newly allocated buffers."),
    .bool(
      "bufferize-function-boundaries", default: false,
      "Bufferize function boundaries (experimental)."),
    .bool(
      "check-parallel-regions", default: true,
      "Account for parallel regions in RaW analysis."),
    .bool(
      "copy-before-write", default: false,
      "Skip the analysis. Make a buffer copy on every write."),
    .list(
      "dialect-filter", of: .string, "Restrict bufferization to ops from these dialects."),
    .bool(
      "dump-alias-sets", default: false, "Test only: Annotate tensor IR with alias sets"),
    .keyword(
      "function-boundary-type-conversion", layouts,
      "Controls layout maps when bufferizing function signatures."),
    .bool(
      "must-infer-memory-space", default: false,
      "The memory space of an memref types must always be inferred. If unset, a default memory space of 0 is used otherwise."
    ),
    .list(
      "no-analysis-func-filter", of: .string,
      "Skip analysis of functions with these symbol names.Set copyBeforeWrite to true when bufferizing them."
    ),
    .bool(
      "print-conflicts", default: false,
      "Test only: Annotate IR with RaW conflicts. Requires test-analysis-only."),
    .bool(
      "test-analysis-only", default: false,
      "Test only: Only run inplaceability analysis and annotate IR"),
    .keyword(
      "unknown-type-conversion", layouts, default: "fully-dynamic-layout-map",
      "Controls layout maps for non-inferrable memref types."),
    .bool(
      "use-encoding-for-memory-space", default: false,
      "Use the Tensor encoding attribute for the memory space. Exclusive to the 'must-infer-memory-space' option"
    ),
  ]

  init() {}

  init(_ options: PassOptions, _ module: Operation) throws(Reported) {
    allowsReturningAllocations = options.bool("allow-return-allocs-from-loops")
    allowsUnknownOperations = options.bool("allow-unknown-ops")
    bufferizesFunctions = options.bool("bufferize-function-boundaries")
    checksParallelRegions = options.bool("check-parallel-regions")
    copiesBeforeWrite = options.bool("copy-before-write")
    onlyAnalyzes = options.bool("test-analysis-only")
    printsConflicts = options.bool("print-conflicts")
    dumpsAliasSets = options.bool("dump-alias-sets")
    mustInferMemorySpace = options.bool("must-infer-memory-space")
    usesEncodingForMemorySpace = options.bool("use-encoding-for-memory-space")
    func layout(_ name: String) -> Layout {
      switch options.string(name) {
      case "identity-layout-map": .identity
      case "fully-dynamic-layout-map": .fullyDynamic
      default: .infer
      }
    }
    boundaryLayout = layout("function-boundary-type-conversion")
    unknownLayout = layout("unknown-type-conversion")
    heuristic = Heuristic(rawValue: options.string("analysis-heuristic")) ?? .bottomUp
    seed = options.integer("analysis-fuzzer-seed")
    alignment = max(0, options.integer("buffer-alignment"))
    dialects = options.strings("dialect-filter")
    unanalyzedFunctions = options.strings("no-analysis-func-filter")
    if mustInferMemorySpace, usesEncodingForMemorySpace {
      throw module.emitError(
        "only one of 'must-infer-memory-space' and 'use-encoding-for-memory-space' are allowed in one-shot-bufferize"
      )
    }
    if unknownLayout == .infer {
      throw module.emitError(
        "Invalid option: 'infer-layout-map' is not a valid value for 'unknown-type-conversion'")
    }
    if copiesBeforeWrite, onlyAnalyzes {
      throw module.emitError(
        "Invalid option: 'copy-before-write' cannot be used with 'test-analysis-only'")
    }
    if printsConflicts, !onlyAnalyzes {
      throw module.emitError(
        "Invalid option: 'print-conflicts' requires 'test-analysis-only'")
    }
    if dumpsAliasSets, !onlyAnalyzes {
      throw module.emitError(
        "Invalid option: 'dump-alias-sets' requires 'test-analysis-only'")
    }
    if !unanalyzedFunctions.isEmpty, !bufferizesFunctions {
      throw module.emitError(
        "Invalid option: 'no-analysis-func-filter' requires 'bufferize-function-boundaries'")
    }
  }

  /// Whether an operation may be bufferized, as far as options say.
  func allows(_ operation: Operation) -> Bool {
    let dialect = operation.name.dialectName
    if !bufferizesFunctions, dialect == "func" { return false }
    if !deniedFunctions.isEmpty,
      let function = FuncOp(operation.ancestor { $0.is(Func.func) }),
      deniedFunctions.contains(function.name)
    {
      return false
    }
    return dialects.isEmpty || dialects.contains(dialect)
  }

  /// The memory space of a tensor about which nothing else is known; nil where it must be inferred.
  func defaultMemorySpace(_ type: Type) -> Attribute?? {
    if mustInferMemorySpace { return nil }
    if usesEncodingForMemorySpace { return type.isRankedTensor ? .some(type.encoding) : nil }
    return .some(nil)
  }
}
