import MartletDialects
import MartletIR
import MartletRewriting

/// Reductions, plain and masked.
extension VectorToLLVM {
  /// What a kind of reduction is called in llvm's intrinsics, on integers and on floats.
  private static let integerNames = [
    "add": "add", "mul": "mul", "and": "and", "or": "or", "xor": "xor", "minui": "umin",
    "minsi": "smin", "maxui": "umax", "maxsi": "smax",
  ]
  private static let floatNames = [
    "add": "fadd", "mul": "fmul", "minnumf": "fmin", "maxnumf": "fmax", "minimumf": "fminimum",
    "maximumf": "fmaximum",
  ]

  private func kind(_ op: Operation) -> String {
    op.attribute("kind")?.enumValue.flatMap { VectorDialect.combiningKinds.keyword($0) } ?? ""
  }

  private func flags(_ op: Operation, reassociates: Bool) -> [(String, Attribute)] {
    let given = UInt64(bitPattern: op.attribute("fastmath")?.enumValue ?? 0)
    let moved = (given >> 1) | ((given & 1) << 6) | (reassociates ? 64 : 0)
    return moved == 0
      ? [] : [("fastmathFlags", op.context.attribute(LLVM.fastMath, [moved & 127]))]
  }

  /// What combined with another value gives that value.
  private func neutral(
    _ kind: String, _ type: Type, _ rewriter: ConversionRewriter
  ) -> Value? {
    let context = rewriter.context
    let isMinimum = kind == "minnumf"
    let value: Attribute
    if type.isFloat {
      switch kind {
      case "add": value = context.floatAttribute(0, type)
      case "mul": value = context.floatAttribute(1, type)
      case "minnumf", "maxnumf":
        guard let kind = type.floatKind, kind.width <= 64 else { return nil }
        let infinity = FloatFormat.encode(.infinity, kind)[0]
        let quiet = UInt64(1) << UInt64(infinity.trailingZeroBitCount - 1)
        let sign = isMinimum ? UInt64(1) << UInt64(kind.width - 1) : 0
        value = context.floatAttribute(bits: [infinity | quiet | sign], type)
      default: return nil
      }
    } else {
      guard let width = type.bitWidth, width <= 64 else { return nil }
      let least = width == 64 ? Int64.min : -(Int64(1) << Int64(width - 1))
      switch kind {
      case "add", "or", "xor", "maxui": value = context.integerAttribute(0, type)
      case "mul": value = context.integerAttribute(1, type)
      case "and", "minui": value = context.integerAttribute(-1, type)
      case "maxsi": value = context.integerAttribute(least, type)
      case "minsi": value = context.integerAttribute(-1 - least, type)
      default: return nil
      }
    }
    return rewriter.llvm("mlir.constant", [], [type], [("value", value)]).result()
  }

  func reduction(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let element = op.result().type
    guard let type = types.convert(element) else { return false }
    let kind = kind(op)
    let acc = operands.count > 1 ? operands[1] : nil
    if element.isFloat {
      guard let name = VectorToLLVM.floatNames[kind] else { return false }
      let flags = flags(op, reassociates: reassociates)
      if kind == "add" || kind == "mul" {
        guard let start = acc ?? neutral(kind, type, rewriter) else { return false }
        rewriter.replace(
          op,
          with: rewriter.llvm("intr.vector.reduce.\(name)", [start, operands[0]], [type], flags))
        return true
      }
      rewriter.replace(op, with: extremum(name, type, operands[0], acc, flags, rewriter))
      return true
    }
    guard let name = VectorToLLVM.integerNames[kind] else { return false }
    var result = rewriter.llvm("intr.vector.reduce.\(name)", [operands[0]], [type]).result()
    if let acc { result = combine(kind, acc, result, rewriter) }
    rewriter.replace(op, with: result)
    return true
  }

  private func combine(
    _ kind: String, _ acc: Value, _ value: Value, _ rewriter: ConversionRewriter
  ) -> Value {
    let predicates = ["minui": "ule", "minsi": "sle", "maxui": "uge", "maxsi": "sge"]
    guard let predicate = predicates[kind] else {
      return rewriter.llvm(kind, [acc, value], [acc.type]).result()
    }
    let number = Arith.integerPredicates.value(predicate) ?? 0
    let isBetter = rewriter.llvm(
      "icmp", [acc, value], [rewriter.context.i1],
      [("predicate", rewriter.context.i64Attribute(Int(number)))])
    return rewriter.llvm("select", [isBetter.result(), acc, value], [acc.type]).result()
  }

  private func extremum(
    _ name: String, _ type: Type, _ vector: Value, _ acc: Value?, _ flags: [(String, Attribute)],
    _ rewriter: ConversionRewriter
  ) -> Value {
    let result = rewriter.llvm("intr.vector.reduce.\(name)", [vector], [type], flags).result()
    guard let acc else { return result }
    let scalar = [
      "fmin": "minnum", "fmax": "maxnum", "fminimum": "minimum", "fmaximum": "maximum",
    ]
    return rewriter.llvm("intr.\(scalar[name] ?? name)", [result, acc], [type]).result()
  }

  // MARK: Masked

  /// A `vector.mask` around a reduction, as an intrinsic that takes a mask or, where there is none, on a
  /// vector with the neutral value in the masked places.
  func maskedReduction(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let inner = op.region(0).firstBlock?.firstOperation,
      inner.is(VectorDialect.reduction), op.resultCount == 1,
      let type = types.convert(inner.result().type)
    else { return false }
    let mask = op.operand(0)
    let vector = inner.operand(0)
    let acc = inner.operandCount > 1 ? inner.operand(1) : nil
    let kind = kind(inner)
    if kind == "maximumf" || kind == "minimumf" {
      guard let element = vector.type.elementType.floatKind, element.width <= 64 else {
        return false
      }
      let largest = FloatFormat.encode(.infinity, element)[0] - 1
      let smallest = UInt64(1) << UInt64(element.width - 1) | 1
      let value = op.context.floatAttribute(
        bits: [kind == "maximumf" ? smallest : largest], vector.type.elementType)
      let neutral = rewriter.llvm(
        "mlir.constant", [], [vector.type], [("value", op.context.splat(vector.type, value))]
      ).result()
      let chosen = rewriter.llvm("select", [mask, vector, neutral], [vector.type]).result()
      let name = kind == "maximumf" ? "fmaximum" : "fminimum"
      rewriter.replace(
        op,
        with: extremum(name, type, chosen, acc, flags(inner, reassociates: false), rewriter))
      return true
    }
    let names = type.isFloat ? VectorToLLVM.floatNames : VectorToLLVM.integerNames
    guard let name = names[kind], let start = acc ?? neutral(kind, type, rewriter),
      let length = vectorLength(vector.type, rewriter)
    else { return false }
    rewriter.replace(
      op, with: rewriter.llvm("intr.vp.reduce.\(name)", [start, vector, mask, length], [type]))
    return true
  }

  /// The number of elements, which for scalable vectors is known at run time only.
  private func vectorLength(_ type: Type, _ rewriter: ConversionRewriter) -> Value? {
    guard type.rank == 1 else { return nil }
    let i32 = rewriter.context.i32
    let base = rewriter.llvmConstant(type.shape[0], i32)
    if type.scalableMask == 0 { return base }
    let scale = rewriter.create(VectorDialect.vscale, results: [rewriter.context.index]).result()
    return rewriter.arith("muli", [base, rewriter.arith("index_cast", [scale], i32)])
  }
}
