import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Pieces the declarations share.
extension Complex {
  static let anyComplex = TypeConstraint("complex-type") { $0.kind == .complex }
  static let complexFloat = TypeConstraint("complex type with floating-point elements") {
    $0.kind == .complex && $0.elementType.isFloat
  }

  /// The type of `name` is the element type of `complex`.
  static func part(_ name: String, of complex: String, _ summary: String) -> TypeRelation {
    .derived(target: name, from: complex, summary: summary) {
      $0.kind == .complex ? $0.elementType : nil
    }
  }

  static func unary(
    _ name: String, _ summary: String, fold: (@Sendable (Operation) -> FoldResult)? = nil
  ) -> OpDefinition {
    OpDefinition(
      "complex." + name, summary, operands: [ValueDefinition("complex", complexFloat)],
      results: [ValueDefinition("result", complexFloat)], attributes: [Arith.fastMathSlot],
      traits: [.pure, .elementwise, .sameOperandsAndResultType],
      format: "$complex (`fastmath` `` $fastmath^)? attr-dict `:` type($complex)", fold: fold)
  }

  static func binary(
    _ name: String, _ summary: String, fold: (@Sendable (Operation) -> FoldResult)? = nil
  ) -> OpDefinition {
    OpDefinition(
      "complex." + name, summary,
      operands: [ValueDefinition("lhs", complexFloat), ValueDefinition("rhs", complexFloat)],
      results: [ValueDefinition("result", complexFloat)], attributes: [Arith.fastMathSlot],
      traits: [.pure, .elementwise, .sameOperandsAndResultType],
      format: "$lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($result)", fold: fold)
  }

  /// A float computed from a complex number of such floats.
  static func component(
    _ name: String, result: String, _ summary: String,
    fold: (@Sendable (Operation) -> FoldResult)? = nil, _ patterns: [RewritePattern] = []
  ) -> OpDefinition {
    OpDefinition(
      "complex." + name, summary, operands: [ValueDefinition("complex", complexFloat)],
      results: [ValueDefinition(result, .anyFloat)], attributes: [Arith.fastMathSlot],
      traits: [.pure, .elementwise],
      relations: [part(result, of: "complex", "complex element type matches result type")],
      format: "$complex (`fastmath` `` $fastmath^)? attr-dict `:` type($complex)", fold: fold,
      interfaces: [CanonicalizationPatterns(patterns)])
  }

  static func comparison(_ name: String, _ summary: String) -> OpDefinition {
    OpDefinition(
      "complex." + name, summary,
      operands: [ValueDefinition("lhs", complexFloat), ValueDefinition("rhs", complexFloat)],
      results: [ValueDefinition("result", .i1)], traits: [.pure, .elementwise],
      relations: [.same(["lhs", "rhs"])], format: "$lhs `,` $rhs attr-dict `:` type($lhs)")
  }

  // MARK: Attribute

  /// `#complex.number<:f64 1.0, 0.0>`; its words are the complex type and the two parts.
  public static let number = AttributeDefinition(
    "complex.number", "a complex number",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          let context = parser.context
          try parser.parse(.less)
          try parser.parse(.colon)
          let offset = parser.offset
          let element = try parser.parseType()
          guard element.isFloat else {
            throw parser.error("invalid type for complex attribute", at: offset)
          }
          let real = try parser.parseAttribute(type: element)
          try parser.parse(.comma)
          let imaginary = try parser.parseAttribute(type: element)
          try parser.parse(.greater)
          guard real.kind == .float, imaginary.kind == .float,
            let definition = context.attributeDefinition(named: "complex.number")
          else { throw parser.error("expected floats in a complex attribute", at: offset) }
          if parser.parseOptional(.colon) { _ = try parser.parseType() }
          return context.attribute(
            definition,
            [
              UInt64(context.complex(element).raw), UInt64(real.raw), UInt64(imaginary.raw),
            ])
        },
        print: { printer, attribute in
          guard attribute.words.count == 3, let real = attribute.attributeWord(1),
            let imaginary = attribute.attributeWord(2)
          else { return }
          let type = attribute.typeWord(0)
          printer.write("<:")
          printer.type(type.elementType)
          printer.write(" ")
          printer.attributeWithoutType(real)
          printer.write(", ")
          printer.attributeWithoutType(imaginary)
          printer.write("> : ")
          printer.type(type)
        })
    ])
}
