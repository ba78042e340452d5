import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns operations of index into those of llvm.
  ///
  ///     %0 = index.add %a, %b     ->   %0 = llvm.add %a, %b : i64
  public static let convertIndexToLLVM = Pass(
    "convert-index-to-llvm", name: "ConvertIndexToLLVMPass",
    "Lower the `index` dialect to the `llvm` dialect.", options: [indexBitwidthOption],
    dependentDialects: ["llvm"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(
      operation.context, indexBits: state.options.integer("index-bitwidth"))
    let target = ConversionTarget()
    target.addLegal(dialects: "llvm")
    target.addIllegal(dialects: "index")
    try applyPartialConversion(
      operation, target, indexToLLVMPatterns(types), types.converter)
  }
}

func indexToLLVMPatterns(_ types: LLVMTypes) -> [ConversionPattern] {
  let plain = OneToOneLowering(types: types)
  let same: [(String, String)] = [
    ("add", "add"), ("sub", "sub"), ("mul", "mul"), ("divs", "sdiv"), ("divu", "udiv"),
    ("rems", "srem"), ("remu", "urem"), ("maxs", "intr.smax"), ("maxu", "intr.umax"),
    ("mins", "intr.smin"), ("minu", "intr.umin"), ("shl", "shl"), ("shrs", "ashr"),
    ("shru", "lshr"), ("and", "and"), ("or", "or"), ("xor", "xor"),
    ("bool.constant", "mlir.constant"),
  ]
  var patterns = same.map { plain.pattern("index.\($0.0)", to: $0.1) }
  func cast(_ name: String, _ extend: String) -> ConversionPattern {
    ConversionPattern("\(name)-to-llvm", root: name) { op, operands, rewriter in
      guard let out = types.convert(op.result().type), let to = out.bitWidth,
        let from = operands[0].type.bitWidth
      else { return false }
      if out == operands[0].type {
        rewriter.replace(op, with: operands[0])
      } else {
        rewriter.replace(
          op, with: rewriter.llvm(from > to ? "trunc" : extend, [operands[0]], [out]))
      }
      return true
    }
  }
  patterns += [
    cast("index.casts", "sext"), cast("index.castu", "zext"),
    ConversionPattern("cmp-to-llvm", root: "index.cmp") { op, operands, rewriter in
      guard let predicate = op.attribute("pred")?.enumValue else { return false }
      rewriter.replace(
        op,
        with: rewriter.llvm(
          "icmp", operands, [op.context.i1],
          [("predicate", op.context.i64Attribute(Int(predicate)))]))
      return true
    },
    ConversionPattern("sizeof-to-llvm", root: "index.sizeof") { op, _, rewriter in
      let width = types.indexType.bitWidth ?? 64
      rewriter.replace(op, with: rewriter.llvmConstant(width, types.indexType))
      return true
    },
    ConversionPattern("constant-to-llvm", root: "index.constant") { op, _, rewriter in
      guard let value = op.attribute("value")?.integerValue else { return false }
      rewriter.replace(op, with: rewriter.llvmConstant(Int(value), types.indexType))
      return true
    },
  ]
  patterns += [ceilDivideSigned, ceilDivideUnsigned, floorDivideSigned]
  return patterns
}

extension ConversionRewriter {
  fileprivate func binary(_ name: String, _ a: Value, _ b: Value) -> Value {
    llvm(name, [a, b], [a.type]).result()
  }
  fileprivate func compare(_ predicate: Int, _ a: Value, _ b: Value) -> Value {
    llvm("icmp", [a, b], [context.i1], [("predicate", context.i64Attribute(predicate))]).result()
  }
  fileprivate func select(_ condition: Value, _ a: Value, _ b: Value) -> Operation {
    llvm("select", [condition, a, b], [a.type])
  }
}

/// With x the divisor's sign turned round: (n + x) / m + 1 where n and m have one sign, else -(-n / m).
private var ceilDivideSigned: ConversionPattern {
  ConversionPattern("ceildivs-to-llvm", root: "index.ceildivs") {
    op, operands, rewriter in
    let (n, m) = (operands[0], operands[1])
    let zero = rewriter.llvmConstant(0, n.type)
    let one = rewriter.llvmConstant(1, n.type)
    let minusOne = rewriter.llvmConstant(-1, n.type)
    let isPositive = rewriter.compare(4, m, zero)
    let x = rewriter.select(isPositive, minusOne, one).result()
    let quotient = rewriter.binary("sdiv", rewriter.binary("add", n, x), m)
    let positive = rewriter.binary("add", quotient, one)
    let negated = rewriter.binary("sdiv", rewriter.binary("sub", zero, n), m)
    let negative = rewriter.binary("sub", zero, negated)
    let areSame = rewriter.compare(0, rewriter.compare(4, n, zero), isPositive)
    let isNonZero = rewriter.compare(1, n, zero)
    let condition = rewriter.binary("and", areSame, isNonZero)
    rewriter.replace(op, with: rewriter.select(condition, positive, negative))
    return true
  }
}

private var ceilDivideUnsigned: ConversionPattern {
  ConversionPattern("ceildivu-to-llvm", root: "index.ceildivu") {
    op, operands, rewriter in
    let (n, m) = (operands[0], operands[1])
    let zero = rewriter.llvmConstant(0, n.type)
    let one = rewriter.llvmConstant(1, n.type)
    let quotient = rewriter.binary("udiv", rewriter.binary("sub", n, one), m)
    let rounded = rewriter.binary("add", quotient, one)
    let isZero = rewriter.compare(0, n, zero)
    rewriter.replace(op, with: rewriter.select(isZero, zero, rounded))
    return true
  }
}

/// With x the divisor's sign: -1 - (x - n) / m where n and m differ in sign, else n / m.
private var floorDivideSigned: ConversionPattern {
  ConversionPattern("floordivs-to-llvm", root: "index.floordivs") {
    op, operands, rewriter in
    let (n, m) = (operands[0], operands[1])
    let zero = rewriter.llvmConstant(0, n.type)
    let one = rewriter.llvmConstant(1, n.type)
    let minusOne = rewriter.llvmConstant(-1, n.type)
    let isNegative = rewriter.compare(2, m, zero)
    let x = rewriter.select(isNegative, one, minusOne).result()
    let inner = rewriter.binary("sdiv", rewriter.binary("sub", x, n), m)
    let negative = rewriter.binary("sub", minusOne, inner)
    let positive = rewriter.binary("sdiv", n, m)
    let differ = rewriter.compare(1, rewriter.compare(2, n, zero), isNegative)
    let isNonZero = rewriter.compare(1, n, zero)
    let condition = rewriter.binary("and", differ, isNonZero)
    rewriter.replace(op, with: rewriter.select(condition, negative, positive))
    return true
  }
}
