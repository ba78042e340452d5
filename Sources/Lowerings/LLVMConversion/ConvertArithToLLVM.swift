import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns operations of arith into those of llvm; values of other types reach and leave them through casts.
  ///
  ///     %0 = arith.addi %a, %b : i32     ->   %0 = llvm.add %a, %b : i32
  public static let convertArithToLLVM = Pass(
    "convert-arith-to-llvm", name: "ArithToLLVMConversionPass",
    "Convert Arith dialect to LLVM dialect", options: [indexBitwidthOption],
    dependentDialects: ["llvm", "arith"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(
      operation.context, indexBits: state.options.integer("index-bitwidth"))
    try applyLLVMConversion(operation, types, arithToLLVMPatterns(types))
  }
}

/// The option of conversions that say how wide an index is.
let indexBitwidthOption = PassOption.integer(
  "index-bitwidth", default: 0, "Bitwidth of the index type, 0 to use size of machine word")

/// Converts what `patterns` know of; the rest stays.
func applyLLVMConversion(
  _ operation: Operation, _ types: LLVMTypes, _ patterns: [ConversionPattern],
  illegal: [String] = []
) throws(Reported) {
  let target = ConversionTarget()
  target.addLegal(dialects: "llvm")
  for name in illegal { target.addIllegal(name) }
  try applyPartialConversion(operation, target, patterns, types.converter)
}

func arithToLLVMPatterns(_ types: LLVMTypes) -> [ConversionPattern] {
  let plain = OneToOneLowering(types: types)
  let same: [(String, String)] = [
    ("addi", "add"), ("subi", "sub"), ("muli", "mul"), ("divsi", "sdiv"), ("divui", "udiv"),
    ("remsi", "srem"), ("remui", "urem"), ("andi", "and"), ("ori", "or"), ("xori", "xor"),
    ("shli", "shl"), ("shrsi", "ashr"), ("shrui", "lshr"), ("extsi", "sext"), ("extui", "zext"),
    ("trunci", "trunc"), ("extf", "fpext"), ("fptosi", "fptosi"), ("fptoui", "fptoui"),
    ("sitofp", "sitofp"), ("uitofp", "uitofp"), ("bitcast", "bitcast"), ("select", "select"),
    ("maxsi", "intr.smax"), ("maxui", "intr.umax"), ("minsi", "intr.smin"),
    ("minui", "intr.umin"),
  ]
  let floating: [(String, String)] = [
    ("addf", "fadd"), ("subf", "fsub"), ("mulf", "fmul"), ("divf", "fdiv"), ("remf", "frem"),
    ("negf", "fneg"), ("maximumf", "intr.maximum"), ("minimumf", "intr.minimum"),
    ("maxnumf", "intr.maxnum"), ("minnumf", "intr.minnum"),
  ]
  var patterns = same.map {
    plain.pattern(
      "arith.\($0.0)", to: $0.1, anyFloat: ["bitcast", "select", "sitofp"].contains($0.0))
  }
  patterns += floating.map { plain.pattern("arith.\($0.0)", to: $0.1, .fastMath) }
  patterns += ArithLowering(types: types, plain: plain).patterns
  return patterns
}

private struct ArithLowering {
  let types: LLVMTypes
  let plain: OneToOneLowering

  var patterns: [ConversionPattern] {
    [
      identityBitcast, constant, truncf, indexCast("arith.index_cast", "sext"),
      indexCast("arith.index_castui", "zext"), compareIntegers, compareFloats, addExtended,
      mulExtended("arith.mulsi_extended", "sext"), mulExtended("arith.mului_extended", "zext"),
      ceilDivideUnsigned, ceilDivideSigned, floorDivideSigned,
    ]
  }

  private var identityBitcast: ConversionPattern {
    ConversionPattern("identity-bitcast", root: Arith.bitcast, benefit: 10) {
      op, operands, rewriter in
      guard operands[0].type == types.convert(op.result().type) else { return false }
      rewriter.replace(op, with: operands[0])
      return true
    }
  }

  private var constant: ConversionPattern {
    ConversionPattern("constant-to-llvm", root: Arith.constant) { op, _, rewriter in
      guard let type = types.convert(op.result().type) else { return false }
      rewriter.replace(
        op,
        with: rewriter.llvm(
          "mlir.constant", [], [type], OneToOneLowering.attributes(op, .passThrough)))
      return true
    }
  }

  /// Truncation without a rounding mode; those with one need another operation.
  private var truncf: ConversionPattern {
    ConversionPattern("truncf-to-llvm", root: "arith.truncf") { op, operands, rewriter in
      guard plain.supportsFloats(op), op.attribute("roundingmode") == nil else { return false }
      let kept = OneToOneLowering.attributes(op, .passThrough)
      return plain.lower(op, operands, rewriter) { rewriter, type, operands in
        rewriter.llvm("fptrunc", operands, [type], kept).result()
      }
    }
  }

  private func indexCast(_ name: String, _ extend: String) -> ConversionPattern {
    ConversionPattern("\(name)-to-llvm", root: name) { op, operands, rewriter in
      func element(_ type: Type) -> Type? {
        types.convert(type.isVector ? type.elementType : type)
      }
      guard let to = element(op.result().type)?.bitWidth,
        let from = element(op.operand(0).type)?.bitWidth
      else { return false }
      if to == from {
        rewriter.replace(op, with: operands[0])
        return true
      }
      return plain.lower(op, operands, rewriter) { rewriter, type, operands in
        rewriter.llvm(to < from ? "trunc" : extend, operands, [type]).result()
      }
    }
  }

  private var compareIntegers: ConversionPattern {
    ConversionPattern("cmpi-to-llvm", root: Arith.cmpi) { op, operands, rewriter in
      guard let predicate = op.attribute("predicate") else { return false }
      return plain.lower(op, operands, rewriter) { rewriter, type, operands in
        rewriter.llvm("icmp", operands, [type], [("predicate", predicate)]).result()
      }
    }
  }

  private var compareFloats: ConversionPattern {
    ConversionPattern("cmpf-to-llvm", root: Arith.cmpf) { op, operands, rewriter in
      guard plain.supportsFloats(op), let predicate = op.attribute("predicate") else {
        return false
      }
      let flags = OneToOneLowering.fastMath(op)
      return plain.lower(op, operands, rewriter) { rewriter, type, operands in
        rewriter.llvm("fcmp", operands, [type], [("predicate", predicate)] + flags).result()
      }
    }
  }

  private var addExtended: ConversionPattern {
    ConversionPattern("addui-extended-to-llvm", root: "arith.addui_extended") {
      op, operands, rewriter in
      guard operands[0].type.llvmArray == nil, operands[0].type.isLLVMCompatible,
        let carry = types.convert(op.result(1).type)
      else { return false }
      let type = LLVM.structType(op.context, [op.result(0).type, carry])
      let both = rewriter.llvm("intr.uadd.with.overflow", operands, [type]).result()
      let sum = rewriter.extractValue(both, [0])
      let overflow = rewriter.extractValue(both, [1])
      rewriter.replace(op, with: [sum, overflow])
      return true
    }
  }

  private func mulExtended(_ name: String, _ extend: String) -> ConversionPattern {
    ConversionPattern("\(name)-to-llvm", root: name) { op, operands, rewriter in
      let type = operands[0].type
      guard type.llvmArray == nil, type.isLLVMCompatible,
        let width = (type.isVector ? type.elementType : type).bitWidth
      else { return false }
      let wideElement = op.context.integer(2 * width)
      let amount = op.context.integerAttribute(Int64(width), wideElement)
      let wide = type.isVector ? op.context.vector(type.shape, wideElement) : wideElement
      let attribute = type.isVector ? op.context.splat(wide, amount) : amount
      let a = rewriter.llvm(extend, [operands[0]], [wide]).result()
      let b = rewriter.llvm(extend, [operands[1]], [wide]).result()
      let product = rewriter.llvm("mul", [a, b], [wide]).result()
      let low = rewriter.llvm("trunc", [product], [type]).result()
      let shift = rewriter.llvm("mlir.constant", [], [wide], [("value", attribute)]).result()
      let upper = rewriter.llvm("lshr", [product, shift], [wide]).result()
      let high = rewriter.llvm("trunc", [upper], [type]).result()
      rewriter.replace(op, with: [low, high])
      return true
    }
  }

  // MARK: Divisions that round

  private struct Scalars {
    let rewriter: ConversionRewriter
    let type: Type

    func constant(_ value: Int64) -> Value {
      let element = type.isShaped ? type.elementType : type
      let attribute = rewriter.context.integerAttribute(value, element)
      return rewriter.create(
        Arith.constant, results: [type],
        attributes: [
          ("value", type.isShaped ? rewriter.context.splat(type, attribute) : attribute)
        ]
      ).result()
    }
    func binary(_ name: String, _ a: Value, _ b: Value) -> Value {
      rewriter.create(
        rewriter.context.operationName("arith.\(name)"), [a, b], results: [a.type]
      ).result()
    }
    func compare(_ predicate: Int64, _ a: Value, _ b: Value) -> Value {
      let bool = rewriter.context.i1
      let result =
        a.type.isVector
        ? rewriter.context.vector(a.type.shape, bool, scalable: a.type.scalableMask) : bool
      return rewriter.create(
        Arith.cmpi, [a, b], results: [result],
        attributes: [("predicate", rewriter.context.i64Attribute(Int(predicate)))]
      ).result()
    }
    func select(_ condition: Value, _ a: Value, _ b: Value) -> Value {
      rewriter.create(Arith.select, [condition, a, b], results: [a.type]).result()
    }
  }

  private func expansion(
    _ name: String, _ body: @escaping (Scalars, Value, Value) -> Value
  ) -> ConversionPattern {
    ConversionPattern("expand-\(name)", root: "arith.\(name)") { op, _, rewriter in
      let scalars = Scalars(rewriter: rewriter, type: op.result().type)
      rewriter.replace(op, with: body(scalars, op.operand(0), op.operand(1)))
      return true
    }
  }

  /// n == 0 ? 0 : (n - 1) / m + 1
  private var ceilDivideUnsigned: ConversionPattern {
    expansion("ceildivui") { s, a, b in
      let zero = s.constant(0)
      let isZero = s.compare(0, a, zero)
      let one = s.constant(1)
      let quotient = s.binary("divui", s.binary("subi", a, one), b)
      return s.select(isZero, zero, s.binary("addi", quotient, one))
    }
  }

  /// The quotient plus one where there is a rest and the signs are equal.
  private var ceilDivideSigned: ConversionPattern {
    expansion("ceildivsi") { s, a, b in
      let zero = s.constant(0)
      let one = s.constant(1)
      let quotient = s.binary("divsi", a, b)
      let product = s.binary("muli", quotient, b)
      let hasRest = s.compare(1, a, product)
      let areEqual = s.compare(0, s.compare(2, a, zero), s.compare(2, b, zero))
      let condition = s.binary("andi", hasRest, areEqual)
      return s.select(condition, s.binary("addi", quotient, one), quotient)
    }
  }

  /// The quotient less one where there is a rest and the signs differ.
  private var floorDivideSigned: ConversionPattern {
    expansion("floordivsi") { s, a, b in
      let quotient = s.binary("divsi", a, b)
      let product = s.binary("muli", quotient, b)
      let hasRest = s.compare(1, a, product)
      let zero = s.constant(0)
      let differ = s.compare(1, s.compare(2, a, zero), s.compare(2, b, zero))
      let condition = s.binary("andi", hasRest, differ)
      let minusOne = s.constant(-1)
      return s.select(condition, s.binary("addi", quotient, minusOne), quotient)
    }
  }
}
