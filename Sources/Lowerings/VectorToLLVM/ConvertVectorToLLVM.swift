import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns operations of vector into those of llvm; vectors of several dimensions are arrays of vectors there.
  /// Transfers of several dimensions and prints of vectors have to become loops before, with
  /// `convert-vector-to-scf`.
  ///
  ///     %0 = vector.broadcast %x : f32     ->   %1 = llvm.insertelement %x, %poison[%c0 : i32]
  ///            to vector<4xf32>                 %2 = llvm.shufflevector %1, %poison [0, 0, 0, 0]
  public static let convertVectorToLLVM = Pass(
    "convert-vector-to-llvm", name: "ConvertVectorToLLVMPass",
    "Lower the operations from the vector dialect into the LLVM dialect",
    options: [
      .bool(
        "reassociate-fp-reductions", default: false,
        "Allows llvm to reassociate floating-point reductions for speed"),
      .bool(
        "force-32bit-vector-indices", default: true,
        "Allows compiler to assume vector indices fit in 32-bit if that yields faster code"),
      .bool(
        "use-vector-alignment", default: false,
        "Use the preferred alignment of a vector type in load/store operations instead of the alignment of the element type of the memref"
      ),
      .keyword(
        "vector-contract-lowering", ["dot", "llvmintr", "outerproduct", "parallelarith"],
        "Control the lowering of `vector.contract` operations."),
      .keyword(
        "vector-transpose-lowering", ["eltwise", "llvmintr", "shuffle1d", "shuffle16x16"],
        default: "eltwise", "Control the lowering of `vector.transpose` operations."),
    ],
    dependentDialects: ["llvm", "arith", "memref", "tensor", "vector", "ub"]
  ) { (operation, state) throws(Reported) in
    let context = operation.context
    let options = state.options
    let force32BitIndices = options.bool("force-32bit-vector-indices")
    let contraction =
      VectorContraction.Target(rawValue: options.string("vector-contract-lowering")) ?? .dot
    let transposition =
      VectorReshaping.Transposition(rawValue: options.string("vector-transpose-lowering"))
      ?? .eltwise
    var config = GreedyConfig()
    config.regionSimplification = .aggressive
    config.isTopDown = false
    applyPatternsGreedily(
      to: operation,
      FrozenPatternSet(
        vectorToVectorPatterns(
          contraction, transposition, force32BitIndices: force32BitIndices), context), config)

    let types = LLVMTypes(context)
    let lowering = VectorToLLVM(
      types: types, reassociates: options.bool("reassociate-fp-reductions"),
      force32BitIndices: force32BitIndices,
      usesVectorAlignment: options.bool("use-vector-alignment"))
    let target = ConversionTarget()
    target.addLegal(dialects: "llvm", "arith", "memref")
    try applyPartialConversion(
      operation, target,
      VectorTransferLowering.patterns(maxRank: nil).map { ConversionPattern($0) }
        + lowering.patterns, types.converter)
  }
}

/// The lowerings inside vector, in the order in which MLIR adds them.
private func vectorToVectorPatterns(
  _ contraction: VectorContraction.Target, _ transposition: VectorReshaping.Transposition,
  force32BitIndices: Bool
) -> [RewritePattern] {
  var patterns = [
    VectorDialect.createMask, VectorDialect.maskedload, VectorDialect.maskedstore,
    VectorDialect.gather, VectorDialect.scatter, VectorDialect.expandload,
    VectorDialect.compressstore,
  ].flatMap(\.canonicalizations)
  patterns += [VectorUnrolling.bitcast, VectorUnrolling.broadcast]
  patterns += VectorContraction.patterns(contraction)
  if contraction == .llvmintr { patterns.append(VectorContraction.matrixMultiply) }
  patterns += VectorUnrolling.masks
  patterns += [VectorReshaping.shapeCast, VectorReshaping.scalableShapeCast]
  patterns += [VectorUnrolling.interleave, VectorUnrolling.deinterleave]
  patterns += VectorReshaping.transposes(transposition)
  if transposition == .llvmintr { patterns.append(VectorReshaping.matrixTranspose) }
  patterns += VectorTransferLowering.patterns(maxRank: 1)
  patterns += VectorUnrolling.materialization(force32BitIndices: force32BitIndices)
  patterns += VectorSlices.patterns
  patterns += [
    VectorUnrolling.step, VectorUnrolling.fma, VectorUnrolling.gather,
    VectorUnrolling.fromElements, VectorUnrolling.toElements,
  ]
  return patterns
}
