import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns operations of math into llvm's intrinsics.
  ///
  ///     %0 = math.exp %a : f32     ->   %0 = llvm.intr.exp(%a) : (f32) -> f32
  public static let convertMathToLLVM = Pass(
    "convert-math-to-llvm", name: "ConvertMathToLLVMPass", "Convert Math dialect to LLVM dialect",
    options: [
      .bool(
        "approximate-log1p", default: true, "Enable approximation of Log1p.")
    ], dependentDialects: ["llvm"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(operation.context)
    try applyLLVMConversion(
      operation, types,
      mathToLLVMPatterns(types, approximateLog1p: state.options.bool("approximate-log1p")))
  }
}

func mathToLLVMPatterns(_ types: LLVMTypes, approximateLog1p: Bool = true) -> [ConversionPattern] {
  let plain = OneToOneLowering(types: types)
  let same: [(String, String)] = [
    ("absf", "fabs"), ("ceil", "ceil"), ("copysign", "copysign"), ("cos", "cos"),
    ("cosh", "cosh"), ("acos", "acos"), ("exp2", "exp2"), ("exp", "exp"), ("floor", "floor"),
    ("fma", "fma"), ("log10", "log10"), ("log2", "log2"), ("log", "log"), ("powf", "pow"),
    ("fpowi", "powi"), ("roundeven", "roundeven"), ("round", "round"), ("sin", "sin"),
    ("sinh", "sinh"), ("asin", "asin"), ("sqrt", "sqrt"), ("trunc", "trunc"), ("tan", "tan"),
    ("tanh", "tanh"), ("atan", "atan"), ("atan2", "atan2"),
  ]
  var patterns = same.map { plain.pattern("math.\($0.0)", to: "intr.\($0.1)", .fastMath) }
  patterns.append(plain.pattern("math.ctpop", to: "intr.ctpop"))
  let lowering = MathLowering(plain: plain)
  patterns += [
    lowering.flagged("math.ctlz", "intr.ctlz", "is_zero_poison"),
    lowering.flagged("math.cttz", "intr.cttz", "is_zero_poison"),
    lowering.flagged("math.absi", "intr.abs", "is_int_min_poison"),
    lowering.withOne("math.expm1") { rewriter, type, x, one, flags in
      let exp = rewriter.llvm("intr.exp", [x], [type], flags).result()
      return rewriter.llvm("fsub", [exp, one], [type], flags).result()
    },
    lowering.withOne("math.rsqrt") { rewriter, type, x, one, flags in
      let root = rewriter.llvm("intr.sqrt", [x], [type], flags).result()
      return rewriter.llvm("fdiv", [one, root], [type], flags).result()
    },
    lowering.isNaN, lowering.isFinite, lowering.sincos,
  ]
  if approximateLog1p {
    patterns.append(
      lowering.withOne("math.log1p") { rewriter, type, x, one, flags in
        let sum = rewriter.llvm("fadd", [one, x], [type], flags).result()
        return rewriter.llvm("intr.log", [sum], [type], flags).result()
      })
  }
  return patterns
}

private struct MathLowering {
  let plain: OneToOneLowering

  /// An intrinsic that takes a flag, which is off.
  func flagged(_ name: String, _ target: String, _ flag: String) -> ConversionPattern {
    ConversionPattern("\(name)-to-llvm", root: name) { op, operands, rewriter in
      plain.lower(op, operands, rewriter) { rewriter, type, operands in
        rewriter.llvm(target, operands, [type], [(flag, rewriter.context.boolAttribute(false))])
          .result()
      }
    }
  }

  /// A function made of others and the constant one, which is made first.
  func withOne(
    _ name: String,
    _ make: @escaping (ConversionRewriter, Type, Value, Value, [(String, Attribute)]) -> Value
  ) -> ConversionPattern {
    ConversionPattern("\(name)-to-llvm", root: name) { op, operands, rewriter in
      guard plain.supportsFloats(op) else { return false }
      let flags = OneToOneLowering.fastMath(op)
      return plain.lower(op, operands, rewriter) { rewriter, type, operands in
        let element = type.isVector ? type.elementType : type
        let number = rewriter.context.floatAttribute(1, element)
        let value = type.isVector ? rewriter.context.splat(type, number) : number
        let one = rewriter.llvm("mlir.constant", [], [type], [("value", value)]).result()
        return make(rewriter, type, operands[0], one, flags)
      }
    }
  }

  private func classTest(_ name: String, _ mask: Int) -> ConversionPattern {
    ConversionPattern("\(name)-to-llvm", root: name) { op, operands, rewriter in
      guard plain.supportsFloats(op) else { return false }
      return plain.lower(op, operands, rewriter) { rewriter, type, operands in
        rewriter.llvm(
          "intr.is.fpclass", operands, [type], [("bit", rewriter.context.i32Attribute(mask))]
        ).result()
      }
    }
  }

  var sincos: ConversionPattern {
    ConversionPattern("sincos-to-llvm", root: "math.sincos") { op, operands, rewriter in
      let type = operands[0].type
      guard plain.supportsFloats(op), type.llvmArray == nil else { return false }
      let both = rewriter.llvm(
        "intr.sincos", operands, [LLVM.structType(op.context, [type, type])],
        OneToOneLowering.fastMath(op))
      let sine = rewriter.extractValue(both.result(), [0])
      let cosine = rewriter.extractValue(both.result(), [1])
      rewriter.replace(op, with: [sine, cosine])
      return true
    }
  }

  /// Signalling and quiet.
  var isNaN: ConversionPattern { classTest("math.isnan", 0b11) }
  /// Normal, subnormal and zero of both signs.
  var isFinite: ConversionPattern { classTest("math.isfinite", 0b01_1111_1000) }
}
