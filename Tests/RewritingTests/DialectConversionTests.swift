import MartletIR
import MartletRewriting
import MartletSupport
import Testing

@Suite struct DialectConversionTests {
  /// i32 becomes i64, all else stays.
  private func widening() -> TypeConverter {
    let converter = TypeConverter()
    converter.addConversion { (type: Type) -> Type? in type }
    converter.addConversion { (type: Type) -> Type? in
      type.isInteger(32) ? type.context.i64 : nil
    }
    return converter
  }

  private let widen = [
    ConversionPattern("add", root: TestDialect.add) { operation, operands, rewriter in
      rewriter.replace(operation, with: TestDialect.add, operands, results: [operands[0].type])
      return true
    },
    ConversionPattern("func", root: TestDialect.function) { operation, _, rewriter in
      rewriter.convertTypes(of: operation.region())
    },
    ConversionPattern("yield", root: TestDialect.yield) { operation, operands, rewriter in
      rewriter.replace(operation, with: TestDialect.yield, operands, results: [])
      return true
    },
  ]

  private func target(_ converter: TypeConverter) -> ConversionTarget {
    let target = ConversionTarget()
    target.addDynamicallyLegal(TestDialect.add, TestDialect.yield) { converter.isLegal($0) }
    target.addDynamicallyLegal(TestDialect.function) { converter.isLegal($0.region()) }
    return target
  }

  private let text = """
    "test.func"() <{sym_name = "f"}> ({
    ^bb0(%a: i32, %c: i1):
      %0 = "test.add"(%a, %a) : (i32, i32) -> i32
      "test.cond_br"(%c, %0)[^bb1, ^bb2] <{operandSegmentSizes = array<i32: 1, 0, 1>}> : (i1, i32) -> ()
    ^bb1:
      %1 = "test.add"(%0, %a) : (i32, i32) -> i32
      "test.yield"(%1) : (i32) -> ()
    ^bb2(%x: i32):
      "test.yield"(%x) : (i32) -> ()
    }) : () -> ()
    """

  @Test func convertsTypesOfBlocksAndOperations() throws {
    let context = TestDialect.context()
    let module = try TestDialect.parse(text, context)
    let converter = widening()
    let target = target(converter)
    target.addDynamicallyLegal(TestDialect.conditional) { converter.isLegal($0) }
    let branch = ConversionPattern("branch", root: TestDialect.conditional) {
      operation, operands, rewriter in
      rewriter.modifyInPlace(operation) { operation.setOperands(operands) }
      return true
    }
    try applyPartialConversion(module, target, widen + [branch], converter)
    try Verifier().verify(module)
    let result = TestDialect.text(module)
    #expect(!result.contains("i32)"))
    #expect(!result.contains("unrealized_conversion_cast"))
    #expect(result.contains("\"test.add\"(%0, %arg0) : (i64, i64) -> i64"))
  }

  @Test func bridgesWhatIsNotConverted() throws {
    let context = TestDialect.context()
    let module = try TestDialect.parse(
      """
      "test.func"() <{sym_name = "f"}> ({
      ^bb0(%a: i32):
        %0 = "test.add"(%a, %a) : (i32, i32) -> i32
        "test.use"(%0) : (i32) -> ()
        %1 = "other.make"() : () -> i32
        %2 = "test.add"(%1, %0) : (i32, i32) -> i32
        "test.yield"(%2) : (i32) -> ()
      }) : () -> ()
      """, context)
    let converter = widening()
    try applyPartialConversion(module, target(converter), widen, converter)
    try Verifier().verify(module)
    let casts = TestDialect.text(module).split(separator: "\n").filter {
      $0.contains("unrealized_conversion_cast")
    }
    // One back for the user that stays, one forth for the value that stays.
    #expect(casts.count == 2)
  }

  @Test func namesWhatCannotBeLegalized() throws {
    let context = TestDialect.context()
    let module = try TestDialect.parse(text, context)
    let target = ConversionTarget()
    target.addIllegal(TestDialect.conditional)
    #expect(throws: Reported.self) { try applyPartialConversion(module, target, []) }
    let diagnostic = try #require(context.diagnostics.diagnostics.first)
    #expect(
      diagnostic.message
        == "failed to legalize operation 'test.cond_br' that was explicitly marked illegal")
    #expect(diagnostic.position?.line == 4)
  }

  @Test func fullConversionWantsEverythingLegal() throws {
    let context = TestDialect.context()
    let module = try TestDialect.parse(text, context)
    let target = ConversionTarget()
    target.addLegal(dialects: "test")
    #expect(throws: Reported.self) { try applyFullConversion(module, target, []) }
    target.addLegal(dialects: "builtin")
    try applyFullConversion(module, target, [])
  }

  @Test func legalizesWhatPatternsMake() throws {
    let context = TestDialect.context()
    let module = try TestDialect.parse(text, context)
    let target = ConversionTarget()
    target.addIllegal("test.add", "test.middle")
    let patterns = [
      ConversionPattern("first", root: TestDialect.add) { operation, operands, rewriter in
        let made = rewriter.create(
          rewriter.context.operationName("test.middle"), operands,
          results: operation.results.types)
        rewriter.replace(operation, with: made)
        return true
      },
      ConversionPattern("second", root: "test.middle") { operation, operands, rewriter in
        let made = rewriter.create(
          rewriter.context.operationName("test.end"), operands, results: operation.results.types)
        rewriter.replace(operation, with: made)
        return true
      },
    ]
    try applyPartialConversion(module, target, patterns)
    let result = TestDialect.text(module)
    #expect(result.contains("test.end"))
    #expect(!result.contains("test.middle") && !result.contains("test.add"))
  }

  @Test func endlessPatternsEndInADiagnostic() throws {
    let context = TestDialect.context()
    let module = try TestDialect.parse(text, context)
    let target = ConversionTarget()
    target.addIllegal(TestDialect.yield)
    let again = ConversionPattern("again", root: TestDialect.yield) {
      operation, operands, rewriter in
      rewriter.replace(operation, with: TestDialect.yield, operands)
      return true
    }
    #expect(throws: Reported.self) { try applyPartialConversion(module, target, [again]) }
    #expect(context.diagnostics.diagnostics.first?.message.contains("without end") ?? false)
  }
}
