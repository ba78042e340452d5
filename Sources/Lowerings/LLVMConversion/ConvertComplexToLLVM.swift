import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns arithmetic on complex numbers into llvm's on structures of their two parts.
  ///
  ///     %0 = complex.add %a, %b : complex<f32>
  ///       ->  the parts taken out with llvm.extractvalue, llvm.fadd of each, llvm.insertvalue
  public static let convertComplexToLLVM = Pass(
    "convert-complex-to-llvm", name: "ConvertComplexToLLVMPass",
    "Convert Complex dialect to LLVM dialect",
    options: [complexRangeOption(default: "basic")], dependentDialects: ["llvm"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(operation.context)
    let isImproved = state.options.string("complex-range") == "improved"
    let target = ConversionTarget()
    target.addLegal(dialects: "llvm")
    target.addIllegal(dialects: "complex")
    let lowering = ComplexToLLVM(types: types, reducesRange: isImproved)
    try applyPartialConversion(operation, target, lowering.patterns, types.converter)
  }
}

/// The option of lowerings of complex that says how to divide.
func complexRangeOption(default value: String) -> PassOption {
  .keyword(
    "complex-range", ["improved", "basic", "none"], default: value,
    "Control the intermediate calculation of complex number division")
}

private struct ComplexToLLVM {
  let types: LLVMTypes
  let reducesRange: Bool

  var patterns: [ConversionPattern] {
    [
      pattern("abs") { op, operands, rewriter in
        let number = parts(operands[0], rewriter)
        let math = ComplexArithmetic(llvm: op, number.re.type, rewriter)
        let norm = math.add(math.mul(number.re, number.re), math.mul(number.im, number.im))
        return [math.sqrt(norm)]
      },
      binary("add") { math, a, b in (math.add(a.re, b.re), math.add(a.im, b.im)) },
      pattern("constant") { op, _, rewriter in
        guard let type = types.convert(op.result().type), let value = op.attribute("value")
        else { return nil }
        let discardable = op.discardableAttributes.entries.map { ($0.name.string, $0.value) }
        return [
          rewriter.llvm("mlir.constant", [], [type], [("value", value)] + discardable).result()
        ]
      },
      pattern("create") { op, operands, rewriter in
        guard let type = types.convert(op.result().type) else { return nil }
        return [pack((operands[0], operands[1]), type, rewriter)]
      },
      pattern("im") { _, operands, rewriter in [rewriter.extractValue(operands[0], [1])] },
      binary("mul") { math, a, b in math.product(a, b) },
      pattern("re") { _, operands, rewriter in [rewriter.extractValue(operands[0], [0])] },
      binary("sub") { math, a, b in (math.sub(a.re, b.re), math.sub(a.im, b.im)) },
      binary("div") { math, a, b in
        reducesRange ? math.reducedQuotient(a, b) : math.algebraicQuotient(a, b)
      },
    ]
  }

  private func pattern(
    _ name: String,
    _ body: @escaping (Operation, [Value], ConversionRewriter) -> [Value]?
  ) -> ConversionPattern {
    ConversionPattern("complex.\(name)-to-llvm", root: "complex.\(name)") {
      op, operands, rewriter in
      guard operands.allSatisfy({ $0.type.isLLVMCompatible }),
        let results = body(op, operands, rewriter)
      else { return false }
      rewriter.replace(op, with: results)
      return true
    }
  }

  private func binary(
    _ name: String,
    _ body:
      @escaping (ComplexArithmetic, ComplexArithmetic.Number, ComplexArithmetic.Number)
      -> ComplexArithmetic.Number
  ) -> ConversionPattern {
    pattern(name) { op, operands, rewriter in
      guard let type = types.convert(op.result().type) else { return nil }
      let a = parts(operands[0], rewriter)
      let b = parts(operands[1], rewriter)
      let poison = rewriter.llvm("mlir.poison", [], [type]).result()
      let math = ComplexArithmetic(llvm: op, a.re.type, rewriter)
      return [fill(poison, body(math, a, b), rewriter)]
    }
  }

  private func parts(
    _ value: Value, _ rewriter: ConversionRewriter
  ) -> ComplexArithmetic.Number {
    let re = rewriter.extractValue(value, [0])
    return (re, rewriter.extractValue(value, [1]))
  }

  private func fill(
    _ structure: Value, _ number: ComplexArithmetic.Number, _ rewriter: ConversionRewriter
  ) -> Value {
    let half = rewriter.insertValue(number.re, into: structure, [0])
    return rewriter.insertValue(number.im, into: half, [1])
  }

  private func pack(
    _ number: ComplexArithmetic.Number, _ type: Type, _ rewriter: ConversionRewriter
  ) -> Value {
    fill(rewriter.llvm("mlir.poison", [], [type]).result(), number, rewriter)
  }
}
