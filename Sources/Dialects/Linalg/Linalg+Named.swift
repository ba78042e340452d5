import MartletIR
import MartletSupport
import MartletSyntax

/// Structured operations that are not of the table: their maps depend on attributes.
extension Linalg {
  static let tensorOrMemRef = TypeConstraint("memref or ranked tensor of any type values") {
    $0.kind == .memRef || $0.isRankedTensor
  }

  /// Applies its body, given by the program, elementwise.
  public static let map: OpDefinition = structured(
    "linalg.map", "Applies its body elementwise",
    operands: [.variadic("inputs", tensorOrMemRef), ValueDefinition("init", tensorOrMemRef)],
    traits: [], region: RegionDefinition("mapper", oneBlock: true),
    structure: StructuredOp(
      indexingMaps: { operation in
        let identity = operation.context.identityMap(outputRank(operation))
        return operation.operands.map { _ in identity }
      }, iteratorTypes: allParallel),
    verify: { (view) throws(Reported) in
      guard let body = view.body else { return }
      if body.argumentCount != view.operation.operandCount {
        throw view.operation.emitOpError(
          "expects number of operands to match the arity of mapper, but got: \(view.operation.operandCount) and \(body.argumentCount)"
        )
      }
      for (argument, operand) in zip(body.arguments, view.operation.operands) {
        let element = LinalgOp.elementType(operand.type)
        if argument.type != element {
          throw view.operation.emitOpError(
            "expected element type of input '\(element)' to match bbArg type '\(argument.type)'")
        }
      }
      let shape = view.outputs[0].type.shape
      for input in view.inputs where input.type.shape != shape {
        throw view.operation.emitOpError(
          "expected shape of input (\(text(input.type.shape))) to match shape of output (\(text(shape)))"
        )
      }
    }, interfaces: [AsmResultNames("mapped"), mapAssembly])

  /// Combines the elements along `dimensions` by its body.
  public static let reduce: OpDefinition = structured(
    "linalg.reduce", "Combines elements along dimensions",
    operands: [.variadic("inputs", tensorOrMemRef), .variadic("inits", tensorOrMemRef)],
    attributes: [AttributeSlot("dimensions", increasing)], traits: [],
    region: RegionDefinition("combiner", oneBlock: true),
    structure: StructuredOp(
      indexingMaps: { operation in
        let rank = operation.operands.first?.type.rank ?? 0
        let reduced = dimensions(operation)
        let kept = (0..<rank).filter { !reduced.contains($0) }
        let input = operation.context.identityMap(rank)
        let output = operation.context.projection(kept, of: rank)
        let half = operation.operandCount / 2
        return (0..<operation.operandCount).map { $0 < half ? input : output }
      },
      iteratorTypes: { operation in
        let reduced = dimensions(operation)
        return (0..<(operation.operands.first?.type.rank ?? 0)).map {
          reduced.contains($0) ? .reduction : .parallel
        }
      }), verify: { (view) throws(Reported) in try verifyReduce(view) },
    interfaces: [
      AsmResultNames { operation in
        ["reduced"] + Array(repeating: nil, count: max(0, operation.resultCount - 1))
      }, reduceAssembly,
    ])

  /// Permutes dimensions: dimension i of the result is dimension `permutation[i]` of the input.
  public static let transpose: OpDefinition = structured(
    "linalg.transpose", "Permutes dimensions",
    operands: [ValueDefinition("input", tensorOrMemRef), ValueDefinition("init", tensorOrMemRef)],
    attributes: [AttributeSlot("permutation", .denseI64Array)], traits: [],
    region: RegionDefinition("region", oneBlock: true),
    structure: StructuredOp(
      indexingMaps: { operation in
        let rank = outputRank(operation)
        let permutation = operation.attribute("permutation")?.integers ?? []
        var inverse = Array(0..<rank)
        for (i, p) in permutation.enumerated() where inverse.indices.contains(p) && i < rank {
          inverse[p] = i
        }
        return [
          operation.context.projection(inverse, of: rank), operation.context.identityMap(rank),
        ]
      }, iteratorTypes: allParallel, buildBody: forward),
    verify: { (view) throws(Reported) in try verifyTranspose(view) },
    fold: { operation in
      let permutation = operation.attribute("permutation")?.integers ?? []
      guard operation.resultCount == 1, permutation == Array(permutation.indices) else {
        return .none
      }
      return operation.operand(0).type == operation.result().type
        ? .value(operation.operand(0)) : .none
    },
    interfaces: [
      AsmResultNames("transposed"), dimensionsAssembly("permutation"), transposePatterns,
    ])

  /// Repeats the input along the added `dimensions`.
  public static let broadcast: OpDefinition = structured(
    "linalg.broadcast", "Repeats the input along added dimensions",
    operands: [ValueDefinition("input", tensorOrMemRef), ValueDefinition("init", tensorOrMemRef)],
    attributes: [AttributeSlot("dimensions", .denseI64Array)], traits: [],
    region: RegionDefinition("region", oneBlock: true),
    structure: StructuredOp(
      indexingMaps: { operation in
        let rank = outputRank(operation)
        let added = dimensions(operation)
        let kept = (0..<rank).filter { !added.contains($0) }
        return [operation.context.projection(kept, of: rank), operation.context.identityMap(rank)]
      }, iteratorTypes: allParallel, buildBody: forward),
    verify: { (view) throws(Reported) in try verifyBroadcast(view) },
    interfaces: [
      AsmResultNames("broadcasted"), dimensionsAssembly("dimensions"), broadcastPatterns,
    ])

  /// Applies the scalar function `kind` elementwise, with operands indexed as `indexing_maps` say.
  public static let elementwise: OpDefinition = structured(
    "linalg.elementwise", "Applies a scalar function elementwise",
    attributes: [
      AttributeSlot("kind", .dialect("allowed 32-bit signless integer cases", elementwiseKind)),
      .optional("indexing_maps", .affineMapArray),
    ],
    structure: StructuredOp(
      indexingMaps: { operation in
        let stored = storedMaps(operation)
        if !stored.isEmpty { return stored }
        let identity = operation.context.identityMap(outputRank(operation))
        return operation.operands.map { _ in identity }
      }, iteratorTypes: allParallel, isElementwiseByDefault: true,
      buildBody: { (attribute, block, builder) throws(Reported) in
        let number = max(0, Int(attribute("kind")?.enumValue ?? 0))
        let function = ScalarFunction.allCases[min(number, ScalarFunction.allCases.count - 1)]
        try ScalarBody.function(function).build(in: block, builder, isUnsigned: false)
      }),
    fold: { MemRef.foldAnyCasts($0) }, interfaces: [elementwiseAssembly])

  /// Sums products of the two inputs, indexed as `indexing_maps` say.
  public static let contract: OpDefinition = structured(
    "linalg.contract", "Sums products over the loops missing in the output",
    attributes: [
      AttributeSlot("indexing_maps", .affineMapArray), .optional("cast", typeFunctionConstraint),
    ],
    region: RegionDefinition("combiner", oneBlock: true),
    structure: StructuredOp(
      indexingMaps: storedMaps,
      iteratorTypes: { operation in
        guard let output = storedMaps(operation).last else { return [] }
        let kept = Set(output.projectedDimensions ?? [])
        return (0..<output.dimensionCount).map { kept.contains($0) ? .parallel : .reduction }
      },
      buildBody: { (attribute, block, builder) throws(Reported) in
        try ScalarBody.contraction.build(
          in: block, builder, isUnsigned: castsUnsigned(attribute("cast")))
      }),
    verify: { (view) throws(Reported) in
      if !storedMaps(view.operation).allSatisfy(\.isProjectedPermutation) {
        throw view.operation.emitError("provided affine_map is not a projected permutation")
      }
    }, fold: { MemRef.foldAnyCasts($0) }, interfaces: [contractionAssembly])

  // MARK: Helpers

  @Sendable static func verifyFill(_ view: LinalgOp) throws(Reported) {
    let value = LinalgOp.elementType(view.inputs[0].type)
    let element = LinalgOp.elementType(view.outputs[0].type)
    if value != element {
      throw view.operation.emitOpError(
        "expected fill value type ('\(value)') to match output element type ('\(element)')")
    }
  }

  @Sendable private static func forward(
    _ attribute: (String) -> Attribute?, _ block: Block, _ builder: Builder
  )
    throws(Reported)
  {
    try ScalarBody.forward.build(in: block, builder, isUnsigned: false)
  }

  @Sendable private static func allParallel(_ operation: Operation) -> [IteratorType] {
    Array(repeating: .parallel, count: outputRank(operation))
  }

  private static func outputRank(_ operation: Operation) -> Int {
    operation.operands.last?.type.rank ?? 0
  }

  private static func dimensions(_ operation: Operation) -> [Int] {
    operation.attribute("dimensions")?.integers ?? []
  }

  static func text(_ shape: [Int]) -> String {
    shape.map { $0 == Type.dynamic ? "?" : String($0) }.joined(separator: ", ")
  }

  private static let increasing = AttributeConstraint(
    "i64 dense array attribute should be in increasing order",
    form: AttributeConstraint.denseI64Array.form
  ) { attribute in
    guard AttributeConstraint.denseI64Array.accepts(attribute), let values = attribute.integers
    else { return false }
    return zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }

  private static func verifyTranspose(_ view: LinalgOp) throws(Reported) {
    let operation = view.operation
    let permutation = operation.attribute("permutation")?.integers ?? []
    if permutation.sorted() != Array(permutation.indices) {
      throw operation.emitOpError("permutation is not valid")
    }
    let input = view.inputs[0].type.shape
    let output = view.outputs[0].type.shape
    if input.count != output.count {
      throw operation.emitOpError(
        "input rank \(input.count) does not match init rank \(output.count)")
    }
    if permutation.count != input.count {
      throw operation.emitOpError(
        "size of permutation \(permutation.count) does not match the argument rank \(input.count)")
    }
    for (i, p) in permutation.enumerated() where input[p] != output[i] {
      throw operation.emitOpError(
        "dim(result, \(i)) = \(output[i]) doesn't match dim(input, permutation[\(i)]) = \(input[p])"
      )
    }
  }

  private static func verifyReduce(_ view: LinalgOp) throws(Reported) {
    let operation = view.operation
    guard view.inputCount > 0, view.inputCount == view.outputCount else {
      throw operation.emitOpError("expected as many inits as inputs, and at least one")
    }
    let input = view.inputs[0].type.shape
    let output = view.outputs[0].type.shape
    for other in view.inputs where other.type.shape != input {
      throw operation.emitOpError(
        "expects all inputs to have the same shapes. Shape at input-index 0 is not equal to the shape at input-index \(view.inputs.firstIndex(of: other) ?? 0)."
      )
    }
    for other in view.outputs where other.type.shape != output {
      throw operation.emitOpError(
        "expects all outputs to have the same shapes. Shape at output-index 0 is not equal to the shape at output-index \(view.outputs.firstIndex(of: other) ?? 0)."
      )
    }
    let reduced = dimensions(operation)
    if reduced.contains(where: { $0 < 0 || $0 >= input.count }) {
      throw operation.emitOpError(
        "dimensions for reduction should be in the range [0, \(input.count - 1)].")
    }
    let kept = input.indices.filter { !reduced.contains($0) }.map { input[$0] }
    if kept.count != output.count {
      throw operation.emitOpError(
        "number of dimensions after reduction \(kept.count) doesn't match the init rank \(output.count)"
      )
    }
    if kept != output {
      throw operation.emitOpError(
        "init dimensions [\(text(output))] doesn't match input dimensions after reduction [\(text(kept))]"
      )
    }
    guard let body = view.body else { return }
    if body.argumentCount != operation.operandCount {
      throw operation.emitOpError("mismatching number of operands and block arguments")
    }
    for (i, (argument, operand)) in zip(body.arguments, operation.operands).enumerated() {
      let element = LinalgOp.elementType(operand.type)
      if argument.type != element {
        throw operation.emitOpError(
          "\(i < view.inputCount ? "input" : "output") element type '\(element)' does not match corresponding block argument type '\(argument.type)'"
        )
      }
    }
  }

  private static func verifyBroadcast(_ view: LinalgOp) throws(Reported) {
    let operation = view.operation
    let added = dimensions(operation)
    let input = view.inputs[0].type.shape
    let output = view.outputs[0].type.shape
    if input.count + added.count != output.count {
      throw operation.emitOpError(
        "input rank plus added dimensions does not match init rank. input rank: \(input.count), dimensions size: \(added.count), init rank: \(output.count)"
      )
    }
    for (i, dim) in added.enumerated() where dim < 0 || dim >= output.count {
      throw operation.emitOpError(
        "dimension \(i) is out of range. expected range: [0, \(output.count - 1)], got: \(dim)")
    }
    let kept = output.indices.filter { !added.contains($0) }
    for (i, k) in kept.enumerated() where i < input.count && input[i] != output[k] {
      throw operation.emitOpError(
        "input dim \(i) should match init dim \(k). input: \(input[i]), init: \(output[k])")
    }
  }
}
