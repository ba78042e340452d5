import MartletIR
import MartletSupport
import MartletSyntax

/// Integer and floating-point arithmetic on scalars, vectors and tensors.
public enum Arith {
  public static let dialect = Dialect(
    "arith", summary: "integer and floating-point mathematical operations",
    operations: [
      addf, addi, adduiExtended, andi, bitcast, ceildivsi, ceildivui, cmpf, cmpi, constant, divf,
      divsi, divui, extf, extsi, extui, floordivsi, fptosi, fptoui, indexCast, indexCastUI,
      maximumf, maxnumf, maxsi, maxui, minimumf, minnumf, minsi, minui, mulf, muli, mulsiExtended,
      muluiExtended, negf, ori, remf, remsi, remui, scalingExtf, scalingTruncf, select, shli,
      shrsi, shrui, sitofp, subf, subi, truncf, trunci, uitofp, xori,
    ],
    attributes: [fastMath, overflow], materializeConstant: materializeConstant)

  // MARK: Constants

  public static let constant = OpDefinition(
    "arith.constant", "integer or floating point constant",
    results: [ValueDefinition("result", .any)],
    attributes: [AttributeSlot("value", .typedAny)], traits: [.constantLike, .pure],
    relations: [.same(["value", "result"])], format: "attr-dict $value", verify: verifyConstant,
    fold: { operation in operation.inherent(0).map { .attribute($0) } ?? .none },
    interfaces: [AsmResultNames(ofConstant: constantName)])

  /// The name a constant suggests for itself: `c5` of type index, `c5_i32`, `true`, else `cst`.
  private static func constantName(_ value: Attribute?) -> String {
    guard let value, value.kind == .integer, let type = value.type else { return "cst" }
    if let bool = value.boolValue { return bool ? "true" : "false" }
    guard let integer = value.integerValue else {
      // Wider than 64 bits: the number as it is written.
      let text = value.context.text.attribute(value).prefix { $0 != " " }
      return "c\(text)_\(type)"
    }
    return type.isIndex ? "c\(integer)" : "c\(integer)_\(type)"
  }

  // MARK: Integers

  public static let addi = binaryInteger(
    "addi", "integer addition operation", traits: [.commutative], flag: .overflow, fold: foldAddI,
    interfaces: [addPatterns])
  public static let subi = binaryInteger(
    "subi", "integer subtraction operation", flag: .overflow, fold: foldSubI,
    interfaces: [subPatterns])
  public static let muli = binaryInteger(
    "muli", "integer multiplication operation", traits: [.commutative], flag: .overflow,
    fold: foldMulI, interfaces: [AsmResultNames { [vscaleName($0)] }, mulPatterns])

  /// The name of a constant multiple of the vector scale, `c4_vscale`.
  private static func vscaleName(_ op: Operation) -> String? {
    for (scale, factor) in [(op.operand(0), op.operand(1)), (op.operand(1), op.operand(0))] {
      if let definer = scale.definingOperation, definer.is(VectorDialect.vscale),
        let constant = factor.constantInteger
      {
        return "c\(constant)_vscale"
      }
    }
    return nil
  }
  /// Harmless by constants that are not zero.
  private static let unsignedDivision = Speculation { divides($0) { $0 != 0 } }
  /// Nor -1, by which the smallest number's quotient does not fit.
  private static let signedDivision = Speculation { divides($0) { $0 != 0 && $0 != -1 } }

  private static func divides(_ operation: Operation, by accepts: (Int64) -> Bool) -> Bool {
    guard let divisor = operation.operand(1).constant else { return false }
    if let value = divisor.integerValue { return accepts(value) }
    guard let elements = divisor.denseElements, elements.type.elementType.isIntOrIndex,
      elements.elementSize <= 8
    else { return false }
    return (0..<elements.count).allSatisfy { accepts(elements.integer($0)) }
  }

  public static let divui = binaryInteger(
    "divui", "unsigned integer division operation", flag: .exact, mayTrap: true, fold: foldDivUI,
    interfaces: [unsignedDivision])
  public static let divsi = binaryInteger(
    "divsi", "signed integer division operation", flag: .exact, mayTrap: true, fold: foldDivSI,
    interfaces: [signedDivision])
  public static let ceildivui = binaryInteger(
    "ceildivui", "unsigned ceil integer division operation", mayTrap: true, fold: foldCeilDivUI,
    interfaces: [unsignedDivision])
  public static let ceildivsi = binaryInteger(
    "ceildivsi", "signed ceil integer division operation", mayTrap: true, fold: foldCeilDivSI,
    interfaces: [signedDivision])
  public static let floordivsi = binaryInteger(
    "floordivsi", "signed floor integer division operation", fold: foldFloorDivSI)
  public static let remui = binaryInteger(
    "remui", "unsigned integer division remainder operation", fold: foldRemUI)
  public static let remsi = binaryInteger(
    "remsi", "signed integer division remainder operation", fold: foldRemSI)
  public static let andi = binaryInteger(
    "andi", "integer binary and", traits: [.commutative, .idempotent], fold: foldAndI)
  public static let ori = binaryInteger(
    "ori", "integer binary or", traits: [.commutative, .idempotent], fold: foldOrI)
  public static let xori = binaryInteger(
    "xori", "integer binary xor", traits: [.commutative], fold: foldXOrI,
    interfaces: [xorPatterns])
  public static let shli = binaryInteger(
    "shli", "integer left-shift", flag: .overflow, fold: foldShLI)
  public static let shrui = binaryInteger(
    "shrui", "unsigned integer right-shift", flag: .exact, fold: foldShRUI)
  public static let shrsi = binaryInteger(
    "shrsi", "signed integer right-shift", flag: .exact, fold: foldShRSI)
  public static let maxsi = binaryInteger(
    "maxsi", "signed integer maximum operation", traits: [.commutative], fold: foldMaxSI)
  public static let maxui = binaryInteger(
    "maxui", "unsigned integer maximum operation", traits: [.commutative], fold: foldMaxUI)
  public static let minsi = binaryInteger(
    "minsi", "signed integer minimum operation", traits: [.commutative], fold: foldMinSI)
  public static let minui = binaryInteger(
    "minui", "unsigned integer minimum operation", traits: [.commutative], fold: foldMinUI)

  public static let adduiExtended = OpDefinition(
    "arith.addui_extended",
    "extended unsigned integer addition operation returning sum and overflow bit",
    operands: integerOperands,
    results: [
      ValueDefinition("sum", .signlessIntegerLike), ValueDefinition("overflow", .boolLike),
    ], traits: [.pure, .commutative, .noMemoryEffect, .elementwise],
    relations: [.same(["lhs", "rhs", "sum"])],
    format: "$lhs `,` $rhs attr-dict `:` type($sum) `,` type($overflow)",
    verify: { (operation) throws(Reported) in
      let (sum, overflow) = (operation.result(0).type, operation.result(1).type)
      if sum.isVector != overflow.isVector || sum.isTensor != overflow.isTensor
        || sum.isShaped && sum.hasRank && overflow.hasRank && sum.shape != overflow.shape
      {
        throw operation.emitOpError(
          "all non-scalar operands/results must have the same shape and base type")
      }
    }, fold: foldAddUIExtended)
  public static let mulsiExtended = extendedMultiply(
    "mulsi_extended", "extended signed integer multiplication operation", isSigned: true)
  public static let muluiExtended = extendedMultiply(
    "mului_extended", "extended unsigned integer multiplication operation", isSigned: false)

  // MARK: Floats

  public static let negf = OpDefinition(
    "arith.negf", "floating point negation", operands: [ValueDefinition("operand", .floatLike)],
    results: [ValueDefinition("result", .floatLike)], attributes: [fastMathSlot],
    traits: [.pure, .sameOperandsAndResultType, .noMemoryEffect, .elementwise],
    format: "$operand (`fastmath` `` $fastmath^)? attr-dict `:` type($result)", fold: foldNegF)
  public static let addf = binaryFloat(
    "addf", "floating point addition operation", traits: [.commutative], fold: foldAddF)
  public static let subf = binaryFloat(
    "subf", "floating point subtraction operation", fold: foldSubF)
  public static let mulf = binaryFloat(
    "mulf", "floating point multiplication operation", traits: [.commutative], fold: foldMulF,
    interfaces: [negatedOperandPatterns])
  public static let divf = binaryFloat(
    "divf", "floating point division operation", fold: foldDivF,
    interfaces: [negatedOperandPatterns])
  public static let remf = binaryFloat(
    "remf", "floating point division remainder operation", fold: foldRemF)
  /// NaN where an operand is one; -0.0 is less than 0.0.
  public static let maximumf = binaryFloat(
    "maximumf", "floating-point maximum operation", traits: [.commutative], fold: foldMaximumF)
  public static let minimumf = binaryFloat(
    "minimumf", "floating-point minimum operation", traits: [.commutative], fold: foldMinimumF)
  /// The other operand where one is NaN.
  public static let maxnumf = binaryFloat(
    "maxnumf", "floating-point maximum operation", traits: [.commutative], fold: foldMaxNumF)
  public static let minnumf = binaryFloat(
    "minnumf", "floating-point minimum operation", traits: [.commutative], fold: foldMinNumF)

  // MARK: Casts

  public static let extui = cast(
    "extui", "integer zero extension operation", from: fixedWidthIntegerLike,
    to: fixedWidthIntegerLike, verify: verifyIntegerExtension, fold: foldExtUI)
  public static let extsi = cast(
    "extsi", "integer sign extension operation", from: fixedWidthIntegerLike,
    to: fixedWidthIntegerLike, verify: verifyIntegerExtension, fold: foldExtSI,
    interfaces: [extsiPatterns])
  public static let trunci = cast(
    "trunci", "integer truncation operation", from: fixedWidthIntegerLike,
    to: fixedWidthIntegerLike, attributes: [overflowSlot],
    flags: "(`overflow` `` $overflowFlags^)?", verify: verifyIntegerTruncation, fold: foldTruncI,
    interfaces: [truncationPatterns])
  public static let extf = cast(
    "extf", "cast from floating-point to wider floating-point", from: .floatLike, to: .floatLike,
    attributes: [optionalFastMathSlot], flags: "(`fastmath` `` $fastmath^)?",
    verify: verifyFloatExtension, fold: foldExtF)
  public static let truncf = cast(
    "truncf", "cast from floating-point to narrower floating-point", from: .floatLike,
    to: .floatLike, attributes: [roundingModeSlot, optionalFastMathSlot],
    flags: "($roundingmode^)? (`fastmath` `` $fastmath^)?", verify: verifyFloatTruncation,
    fold: foldTruncF)
  public static let sitofp = cast(
    "sitofp", "cast from integer type to floating-point", from: fixedWidthIntegerLike,
    to: .floatLike, verify: verifyCast, fold: foldSIToFP)
  public static let uitofp = cast(
    "uitofp", "cast from unsigned integer type to floating-point", from: fixedWidthIntegerLike,
    to: .floatLike, verify: verifyCast, fold: foldUIToFP)
  public static let fptosi = cast(
    "fptosi", "cast from floating-point type to integer type", from: .floatLike,
    to: fixedWidthIntegerLike, verify: verifyCast, fold: foldFPToSI)
  public static let fptoui = cast(
    "fptoui", "cast from floating-point type to integer type", from: .floatLike,
    to: fixedWidthIntegerLike, verify: verifyCast, fold: foldFPToUI)
  public static let indexCast = cast(
    "index_cast", "cast between index and integer types", from: indexCastable, to: indexCastable,
    verify: verifyIndexCast, fold: foldIndexCast, interfaces: [indexCastPatterns])
  public static let indexCastUI = cast(
    "index_castui", "unsigned cast between index and integer types", from: indexCastable,
    to: indexCastable, verify: verifyIndexCast, fold: foldIndexCastUI,
    interfaces: [indexCastUIPatterns])
  public static let bitcast = cast(
    "bitcast", "bitcast between values of equal bit width", from: bitCastable, to: bitCastable,
    verify: verifyBitcast, fold: foldBitcast, interfaces: [bitcastPatterns])

  public static let scalingExtf = OpDefinition(
    "arith.scaling_extf",
    "Upcasts input floats using provided scales values following OCP MXFP Spec",
    operands: [ValueDefinition("in", .floatLike), ValueDefinition("scale", .floatLike)],
    results: [ValueDefinition("out", .floatLike)], attributes: [optionalFastMathSlot],
    traits: [.pure, .noMemoryEffect, .elementwise],
    format: """
      $in `,` $scale (`fastmath` `` $fastmath^)? attr-dict `:`
      type($in) `,` type($scale) `to` type($out)
      """, verify: verifyFloatExtension)
  public static let scalingTruncf = OpDefinition(
    "arith.scaling_truncf",
    "Downcasts input floating point values using provided scales values following OCP MXFP Spec",
    operands: [ValueDefinition("in", .floatLike), ValueDefinition("scale", .floatLike)],
    results: [ValueDefinition("out", .floatLike)],
    attributes: [roundingModeSlot, optionalFastMathSlot],
    traits: [.pure, .noMemoryEffect, .elementwise],
    format: """
      $in `,` $scale ($roundingmode^)? (`fastmath` `` $fastmath^)? attr-dict `:`
      type($in) `,` type($scale) `to` type($out)
      """, verify: verifyFloatTruncation)

  // MARK: Comparison and selection

  public static let cmpi: OpDefinition = OpDefinition(
    "arith.cmpi", "integer comparison operation", operands: integerOperands,
    results: [ValueDefinition("result", .boolLike)],
    attributes: [AttributeSlot("predicate", .enumeration(integerPredicates, width: 64))],
    traits: [.pure, .sameTypeOperands, .noMemoryEffect, .elementwise], relations: [boolResult],
    format: "$predicate `,` $lhs `,` $rhs attr-dict `:` type($lhs)", fold: foldCmpI,
    interfaces: [extensionPatterns])
  public static let cmpf = OpDefinition(
    "arith.cmpf", "floating-point comparison operation",
    operands: [ValueDefinition("lhs", .floatLike), ValueDefinition("rhs", .floatLike)],
    results: [ValueDefinition("result", .boolLike)],
    attributes: [
      AttributeSlot("predicate", .enumeration(floatPredicates, width: 64)), fastMathSlot,
    ],
    traits: [.pure, .sameTypeOperands, .noMemoryEffect, .elementwise], relations: [boolResult],
    format: "$predicate `,` $lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($lhs)",
    fold: foldCmpF)
  public static let select = OpDefinition(
    "arith.select", "select operation",
    operands: [
      ValueDefinition("condition", .boolLike), ValueDefinition("true_value", .any),
      ValueDefinition("false_value", .any),
    ], results: [ValueDefinition("result", .any)],
    traits: [.pure, .noMemoryEffect, .elementwise],
    relations: [.same(["true_value", "false_value", "result"])], verify: verifySelect,
    fold: foldSelect, inferResultTypes: { $0.operands.count == 3 ? [$0.operands[1].type] : nil },
    interfaces: [selectAssembly, selectPatterns])

  // MARK: Constants of other operations' folds

  /// `arith.constant` for integers, floats and elements; `ub.poison` for poison.
  static func materializeConstant(_ builder: Builder, _ value: Attribute, _ type: Type)
    -> Operation?
  {
    if value.is(UB.poisonAttribute) {
      return builder.create(UB.poison, results: [type], attributes: [("value", value)])
    }
    guard isValidConstant(value, type) else { return nil }
    return builder.create(constant: constant, value, type)
  }

  static func isValidConstant(_ value: Attribute, _ type: Type) -> Bool {
    guard value.type == type else { return false }
    switch value.kind {
    case .integer: return type.isSignlessIntOrIndex
    case .float, .denseElements, .denseResource, .sparseElements, .denseString: return true
    default: return false
    }
  }
}
