import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// A dialect of the tests' own: constants, commutative additions, branches, a loop and functions.
enum TestDialect {
  static let constant = OpDefinition(
    "test.constant", results: [ValueDefinition("result", .any)],
    attributes: [AttributeSlot("value", .any)], traits: [.pure, .constantLike])

  static let add: OpDefinition = OpDefinition(
    "test.add",
    operands: [ValueDefinition("lhs", .any), ValueDefinition("rhs", .any)],
    results: [ValueDefinition("result", .any)],
    traits: [.pure, .commutative, .sameOperandsAndResultType],
    fold: { operation in
      let context = operation.context
      let right = operation.operand(1).constantInteger
      if right == 0 { return .value(operation.operand(0)) }
      guard let left = operation.operand(0).constantInteger, let right else { return .none }
      return .attribute(context.integerAttribute(Int64(left &+ right), operation.result().type))
    },
    interfaces: [
      CanonicalizationPatterns(
        // (x + c) + d = x + (c + d)
        RewritePattern("reassociate") { operation, rewriter in
          guard let right = operation.operand(1).constantInteger,
            let inner = operation.operand(0).definingOperation, inner.name == operation.name,
            let middle = inner.operand(1).constantInteger
          else { return false }
          let type = operation.result().type
          let sum = rewriter.context.integerAttribute(Int64(middle &+ right), type)
          let constant = rewriter.create(
            TestDialect.constant, results: [type], attributes: [("value", sum)])
          rewriter.replace(operation, with: TestDialect.add, [inner.operand(0), constant.result()])
          return true
        })
    ])

  static let negate = OpDefinition(
    "test.negate", operands: [ValueDefinition("operand", .any)],
    results: [ValueDefinition("result", .any)],
    traits: [.pure, .involution, .sameOperandsAndResultType])

  static let minimum = OpDefinition(
    "test.minimum", operands: [ValueDefinition("lhs", .any), ValueDefinition("rhs", .any)],
    results: [ValueDefinition("result", .any)],
    traits: [.pure, .idempotent, .commutative, .sameOperandsAndResultType])

  static let use = OpDefinition("test.use", operands: [.variadic("operands", .any)])

  static let function = OpDefinition(
    "test.func", attributes: [AttributeSlot("sym_name", .symbolName)],
    regions: [RegionDefinition("body")],
    traits: [.isolatedFromAbove, .symbol, .callable])

  static let yield = OpDefinition(
    "test.yield", operands: [.variadic("operands", .any)],
    traits: [.terminator, .returnLike, .pure])

  static let loop = OpDefinition(
    "test.loop", operands: [.variadic("inits", .any)], results: [.variadic("results", .any)],
    regions: [RegionDefinition("body", oneBlock: true)],
    traits: [.loopLike, .recursiveMemoryEffects, .recursivelySpeculatable])

  static let branch = OpDefinition(
    "test.br", operands: [.variadic("operands", .any)],
    successors: [SuccessorDefinition("target")], traits: [.terminator, .branch, .pure])

  static let conditional = OpDefinition(
    "test.cond_br",
    operands: [
      ValueDefinition("condition", .i1), .variadic("trueOperands", .any),
      .variadic("falseOperands", .any),
    ], successors: [SuccessorDefinition("true"), SuccessorDefinition("false")],
    traits: [.terminator, .branch, .pure, .attrSizedOperandSegments])

  static let dialect = Dialect(
    "test",
    operations: [
      constant, add, negate, minimum, use, function, yield, loop, branch, conditional,
    ],
    materializeConstant: { builder, value, type in
      builder.create(TestDialect.constant, results: [type], attributes: [("value", value)])
    })

  static func context() -> Context {
    let context = Context()
    context.allowsUnregisteredDialects = true
    context.load(dialect)
    return context
  }

  static func parse(_ text: String, _ context: Context) throws -> Operation {
    try Parser(SourceFile(name: "test.mlir", text: text), context: context).parseModule()
  }

  /// The module's text in generic form, attributes of constants in short.
  static func text(_ module: Operation) -> String {
    var options = PrintOptions()
    options.generic = true
    return Printer.text(module, options: options)
  }
}
