import MartletIR
import MartletRewriting

/// Canonicalisations of masks, reductions, contractions and steps.
extension VectorDialect {
  static let createMaskPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-create-mask") { op, rewriter in
      let type = op.result().type
      let shape = type.rank == 0 ? [1] : type.shape
      var sizes: [Int] = []
      for (i, size) in op.operands.enumerated() {
        if let constant = size.constantInteger {
          // A constant covers all of a scalable dimension or none.
          if isScalable(type, i), constant >= 0 { return false }
          sizes.append(constant)
        } else if let multiple = vscaleMultiplier(size) {
          if multiple < shape[i] || type.rank == 0 { return false }
          sizes.append(multiple)
        } else {
          return false
        }
      }
      for i in sizes.indices { sizes[i] = min(max(sizes[i], 0), shape[i]) }
      if sizes.contains(0) { sizes = sizes.map { _ in 0 } }
      rewriter.replace(
        op, with: constantMask, [],
        attributes: [("mask_dim_sizes", op.context.denseI64Array(sizes))])
      return true
    })

  // MARK: vector.mask

  static let maskPatterns: CanonicalizationPatterns = .init(
    RewritePattern("empty-mask") { op, rewriter in
      guard let block = op.region().firstBlock, let only = block.firstOperation,
        only == block.terminator
      else { return false }
      let values = Array(only.operands)
      if op.operandCount == 2, values.count == 1 {
        guard op.operand(0).type.shape == values[0].type.shape else { return false }
        rewriter.replace(op, with: Arith.select, [op.operand(0), values[0], op.operand(1)])
      } else {
        rewriter.replace(op, with: values)
      }
      return true
    },
    RewritePattern("mask-of-all-lanes") { op, rewriter in
      guard format(of: op.operand(0)) == .allTrue, let block = op.region().firstBlock,
        let inner = block.firstOperation, let last = block.terminator, inner != last,
        Array(last.operands) == Array(inner.results)
      else { return false }
      let values = Array(inner.results)
      rewriter.move(inner, before: op)
      rewriter.replace(op, with: values)
      return true
    })

  // MARK: Reductions

  /// The arithmetic that combines two values as a reduction of `kind` does.
  private static func combination(_ kind: String, _ type: Type) -> OpDefinition? {
    let isFloat = type.elementType.isFloat
    switch kind {
    case "add": return isFloat ? Arith.addf : Arith.addi
    case "mul": return isFloat ? Arith.mulf : Arith.muli
    case "minui": return Arith.minui
    case "minsi": return Arith.minsi
    case "minnumf": return Arith.minnumf
    case "maxui": return Arith.maxui
    case "maxsi": return Arith.maxsi
    case "maxnumf": return Arith.maxnumf
    case "and": return Arith.andi
    case "or": return Arith.ori
    case "xor": return Arith.xori
    case "maximumf": return Arith.maximumf
    case "minimumf": return Arith.minimumf
    default: return nil
    }
  }

  private static func combine(
    _ op: Operation, _ a: Value, _ b: Value, _ rewriter: PatternRewriter
  ) -> Value? {
    guard let kind = op.attribute("kind")?.enumValue.flatMap(combiningKinds.keyword),
      let definition = combination(kind, a.type)
    else { return nil }
    var attributes: [(String, Attribute)] = []
    if a.type.elementType.isFloat, let fastmath = op.attribute("fastmath") {
      attributes.append(("fastmath", fastmath))
    }
    return rewriter.createOrFold(definition, [a, b], results: [a.type], attributes: attributes)[0]
  }

  private static func extractFirst(_ value: Value, _ rewriter: PatternRewriter) -> Value {
    let zeros = rewriter.context.denseI64Array(Array(repeating: 0, count: value.type.rank))
    return rewriter.create(
      extract, [value], results: [value.type.elementType], attributes: [("static_position", zeros)]
    ).result()
  }

  static let reductionPatterns: CanonicalizationPatterns = .init(
    RewritePattern("reduction-of-one-element") { op, rewriter in
      let vector = op.operand(0)
      guard vector.type.rank == 0 || vector.type.dimension(0) == 1, vector.type.scalableMask == 0
      else { return false }
      let masking = maskingOperation(op)
      // Where the one lane is masked off and nothing was accumulated, the result is the neutral element.
      if masking != nil, op.operandCount == 1 || masking?.operandCount == 2 { return false }
      let root = masking ?? op
      rewriter.setInsertionPoint(before: root)
      let mask = masking.map { extractFirst($0.operand(0), rewriter) }
      var result = extractFirst(vector, rewriter)
      if op.operandCount == 2 {
        let accumulator = op.operand(1)
        guard let combined = combine(op, result, accumulator, rewriter) else { return false }
        result = combined
        if let mask {
          result =
            rewriter.create(Arith.select, [mask, result, accumulator], results: [result.type])
            .result()
        }
      }
      rewriter.replace(root, with: result)
      return true
    })

  static let multiReductionPatterns: CanonicalizationPatterns = .init(
    RewritePattern("reduction-of-unit-dimensions") { op, rewriter in
      let (source, accumulator) = (op.operand(0), op.operand(1))
      let type = op.result().type
      let reduced = op.attribute("reduction_dims")?.integers ?? []
      guard
        reduced.allSatisfy({ source.type.dimension($0) == 1 && !isScalable(source.type, $0) }),
        // Nothing to reduce: the operation combines still, and the shape cast would be one of its own.
        !reduced.isEmpty
      else { return false }
      let masking = maskingOperation(op)
      if masking?.operandCount == 2 { return false }
      let root = masking ?? op
      rewriter.setInsertionPoint(before: root)
      var mask = masking?.operand(0)
      let value: Value
      if type.isVector {
        if let whole = mask {
          let maskType = op.context.vector(type.shape, op.context.i1, scalable: type.scalableMask)
          mask = rewriter.create(shapeCast, [whole], results: [maskType]).result()
        }
        value = rewriter.create(shapeCast, [source], results: [type]).result()
      } else {
        mask = mask.map { extractFirst($0, rewriter) }
        value = extractFirst(source, rewriter)
      }
      guard var result = combine(op, accumulator, value, rewriter) else { return false }
      if let mask {
        result =
          rewriter.create(Arith.select, [mask, result, accumulator], results: [type]).result()
      }
      rewriter.replace(root, with: result)
      return true
    })

  // MARK: Contraction

  /// A sum of a contraction that starts at zero starts at the other summand.
  static let contractPatterns: CanonicalizationPatterns = .init(
    RewritePattern("sum-of-contraction", root: "arith.addi", sumOfContraction),
    RewritePattern("float-sum-of-contraction", root: "arith.addf", sumOfContraction))

  @Sendable private static func sumOfContraction(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    for i in 0..<2 {
      guard let inner = op.operand(i).definingOperation, inner.is(contract),
        isZero(inner.operand(2).constant),
        inner.attribute("kind")?.enumValue.flatMap(combiningKinds.keyword) == "add"
      else { continue }
      var mapping = IRMapping()
      mapping.values[inner.operand(2)] = op.operand(1 - i)
      rewriter.replace(op, with: rewriter.clone(inner, &mapping))
      return true
    }
    return false
  }

  private static func isZero(_ constant: Attribute?) -> Bool {
    guard let elements = ConstantElements(constant) else { return false }
    return elements.isUniform && elements.bits(0) == 0
  }

  // MARK: Step

  /// A comparison of 0, 1, 2, ... with a constant above all of them.
  static let stepPatterns: CanonicalizationPatterns = .init(
    RewritePattern("comparison-of-step") { op, rewriter in
      let type = op.result().type
      guard type.scalableMask == 0 else { return false }
      let size = Int64(type.dimension(0))
      for use in op.result().uses where use.index == 0 && use.owner.is(Arith.cmpi) {
        let comparison = use.owner
        guard let bound = ElementwiseFolding.uniformInteger(comparison.operand(1)),
          let predicate = comparison.attribute("predicate")?.enumValue
        else { continue }
        let holds: Bool
        switch IntegerPredicate(rawValue: predicate) {
        case .ult where size <= bound: holds = true
        case .uge where size <= bound: holds = false
        case .ule where size - 1 <= bound: holds = true
        case .ugt where size - 1 <= bound: holds = false
        case .ne where size <= bound: holds = true
        case .eq where size <= bound: holds = false
        default: continue
        }
        guard let value = splat(comparison.result().type, bits: holds ? .max : 0) else { continue }
        rewriter.setInsertionPoint(after: comparison)
        rewriter.replace(comparison, with: ConstantOp.create(rewriter, value))
        return true
      }
      return false
    })
}
