import MartletIR
import MartletSupport
import MartletSyntax

/// Declarations of dialects as operations: types, attributes and operations with constraints over what they
/// hold. `martlet opt --irdl-file=` loads the dialects of such a text.
public enum IRDL {
  public static let dialect = Dialect(
    "irdl", summary: "declarations of dialects",
    operations: [
      dialectOp, type, attribute, operation, parameters, operands, results, attributes, regions,
      region, any, isOp, anyOf, allOf, base, parametric, cPred,
    ], types: [attributeType, regionType], attributes: [variadicity, variadicityArray])

  // MARK: Types and attributes

  /// `!irdl.attribute`: what a constraint describes, an attribute or a type.
  public static let attributeType = TypeDefinition(
    "irdl.attribute", "an attribute or type that a constraint describes")
  /// `!irdl.region`: what `irdl.region` describes.
  public static let regionType = TypeDefinition("irdl.region", "a region with its constraints")

  /// How many values a group of operands or results stands for.
  public static let variadicityCases = EnumDefinition(
    "Variadicity", [("single", 0), ("optional", 1), ("variadic", 2)])

  public static let variadicity: AttributeDefinition = AttributeDefinition(
    "irdl.variadicity", "how many values a group stands for",
    interfaces: [
      EnumAttribute(cases: variadicityCases),
      AttributeAssembly(
        choosesForm: true,
        parse: { (parser, _) throws(Reported) in
          parser.context.attribute(
            variadicity,
            [UInt64(bitPattern: try EnumAttribute.parseKeywords(parser, variadicityCases))])
        }, print: { printer, attribute in writeVariadicity(printer, attribute) }),
    ])

  private static func writeVariadicity(_ printer: Printer, _ attribute: Attribute) {
    printer.write(" " + (variadicityCases.keyword(attribute.enumValue ?? 0) ?? "single"))
  }

  /// `#irdl<variadicity_array[ single,  optional]>`, an element a word.
  public static let variadicityArray: AttributeDefinition = AttributeDefinition(
    "irdl.variadicity_array", "variadicities, one for each group",
    interfaces: [
      AttributeAssembly(
        choosesForm: true,
        parse: { (parser, _) throws(Reported) in
          let elements = try parser.parseList(.square) { () throws(Reported) in
            let element = try EnumAttribute.parseKeywords(parser, variadicityCases)
            return UInt64(
              parser.context.attribute(variadicity, [UInt64(bitPattern: element)]).raw)
          }
          return parser.context.attribute(variadicityArray, elements)
        },
        print: { printer, attribute in
          printer.write("[")
          for i in attribute.words.indices {
            if i > 0 { printer.write(", ") }
            if let element = attribute.attributeWord(i) { writeVariadicity(printer, element) }
          }
          printer.write("]")
        })
    ])

  /// The arities that a variadicity array holds.
  public static func arities(_ attribute: Attribute?) -> [Arity] {
    guard let attribute, attribute.is(variadicityArray) else { return [] }
    return attribute.words.indices.map {
      switch attribute.attributeWord($0)?.enumValue {
      case 1: .optional
      case 2: .variadic
      default: .one
      }
    }
  }

  // MARK: Constraints on slots

  static let constraintType = TypeConstraint(
    "IR attribute", buildable: { $0.type(attributeType) }
  ) { $0.is(attributeType) }
  private static let regionConstraint = TypeConstraint(
    "IR region", buildable: { $0.type(regionType) }
  ) { $0.is(regionType) }
  private static let stringArray = AttributeConstraint("string array attribute") {
    $0.elements?.allSatisfy { $0.kind == .string } ?? false
  }
  private static let variadicities = AttributeConstraint.dialect("", variadicityArray)

  private static let output = ValueDefinition("output", constraintType)
  private static let body = [RegionDefinition("body", oneBlock: true)]
  private static let insideDefinition = ["irdl.type", "irdl.attribute", "irdl.operation"]

  // MARK: Definitions

  public static let dialectOp = OpDefinition(
    "irdl.dialect", "Declares a dialect.",
    attributes: [AttributeSlot("sym_name", .symbolName)], regions: body,
    traits: [.isolatedFromAbove, .noTerminator, .symbol, .symbolTable],
    format: "$sym_name attr-dict-with-keyword custom<SingleBlockRegion>($body)",
    verify: verifyDialect, interfaces: [directives])

  public static let type = definition("irdl.type", "Declares a type.", children: ["parameters"])
  public static let attribute = definition(
    "irdl.attribute", "Declares an attribute.", children: ["parameters"])
  public static let operation = definition(
    "irdl.operation", "Declares an operation.",
    children: ["operands", "results", "attributes", "regions"])

  private static func definition(_ name: String, _ summary: String, children: [String])
    -> OpDefinition
  {
    OpDefinition(
      name, summary, attributes: [AttributeSlot("sym_name", .symbolName)], regions: body,
      traits: [.noTerminator, .noRegionArguments, .symbol],
      format: "$sym_name attr-dict-with-keyword custom<SingleBlockRegion>($body)",
      parents: ["irdl.dialect"],
      verify: { (operation) throws(Reported) in
        try verifyDefinition(operation, children: children)
      }, interfaces: [directives])
  }

  public static let parameters = OpDefinition(
    "irdl.parameters", "Declares the parameters of a type or attribute.",
    operands: [.variadic("args", constraintType)],
    attributes: [AttributeSlot("names", stringArray)],
    format: "`` custom<NamedValueList>($args, $names) attr-dict",
    parents: ["irdl.attribute", "irdl.type"],
    verify: { (operation) throws(Reported) in try verifyNames(operation, "parameter") },
    interfaces: [directives])

  public static let operands = values("irdl.operands", "operand")
  public static let results = values("irdl.results", "result")

  private static func values(_ name: String, _ what: String) -> OpDefinition {
    OpDefinition(
      name, "Declares the \(what)s of an operation.",
      operands: [.variadic("args", constraintType)],
      attributes: [
        AttributeSlot("names", stringArray), AttributeSlot("variadicity", variadicities),
      ],
      format: "`` custom<NamedValueListWithVariadicity>($args, $names, $variadicity) attr-dict",
      parents: ["irdl.operation"],
      verify: { (operation) throws(Reported) in
        let (count, arities) = (
          operation.operandCount, arities(operation.attribute("variadicity")).count
        )
        if count != arities {
          throw operation.emitOpError(
            "the number of \(what)s and their variadicities must be the same, but got \(count) and \(arities) respectively"
          )
        }
        try verifyNames(operation, what)
      }, interfaces: [directives])
  }

  public static let attributes = OpDefinition(
    "irdl.attributes", "Declares the attributes of an operation.",
    operands: [.variadic("attributeValues", constraintType)],
    attributes: [AttributeSlot("attributeValueNames", stringArray)],
    format: "custom<AttributesOp>($attributeValues, $attributeValueNames) attr-dict",
    parents: ["irdl.operation"],
    verify: { (operation) throws(Reported) in
      let names = operation.attribute("attributeValueNames")?.elements?.count ?? 0
      if names != operation.operandCount {
        throw operation.emitOpError(
          "the number of attribute names and their constraints must be the same but got \(names) and \(operation.operandCount) respectively"
        )
      }
    }, interfaces: [directives])

  public static let regions = OpDefinition(
    "irdl.regions", "Declares the regions of an operation.",
    operands: [.variadic("args", regionConstraint)],
    attributes: [AttributeSlot("names", stringArray)],
    format: "`` custom<NamedValueList>($args, $names) attr-dict", parents: ["irdl.operation"],
    verify: { (operation) throws(Reported) in try verifyNames(operation, "region") },
    interfaces: [directives])

  public static let region = OpDefinition(
    "irdl.region", "Describes a region: its entry arguments and number of blocks.",
    operands: [.variadic("entryBlockArgs", constraintType)],
    results: [ValueDefinition("output", regionConstraint)],
    attributes: [
      .optional("numberOfBlocks", .i32), .optional("constrainedArguments", .unit),
    ],
    format:
      "``(`(` $entryBlockArgs $constrainedArguments^ `)`)? ``(` ` `with` `size` $numberOfBlocks^)? attr-dict",
    parents: ["irdl.operation"],
    verify: { (operation) throws(Reported) in
      guard let count = operation.attribute("numberOfBlocks")?.integerValue, count < 1 else {
        return
      }
      throw operation.emitOpError(
        "the number of blocks is expected to be >= 1 but got \(count)")
    })

  // MARK: Constraints

  public static let any = OpDefinition(
    "irdl.any", "Holds for every attribute and type.", results: [output], format: "attr-dict",
    parents: insideDefinition)

  public static let isOp = OpDefinition(
    "irdl.is", "Holds for one attribute or type.", results: [output],
    attributes: [AttributeSlot("expected", .any)], traits: [.pure],
    format: "$expected ` ` attr-dict", parents: insideDefinition)

  public static let anyOf = combination("irdl.any_of", "Holds where one of its constraints does.")
  public static let allOf = combination("irdl.all_of", "Holds where all its constraints do.")

  private static func combination(_ name: String, _ summary: String) -> OpDefinition {
    OpDefinition(
      name, summary, operands: [.variadic("args", constraintType)], results: [output],
      traits: [.sameOperandsAndResultType], format: "`(` $args `)` ` ` attr-dict",
      parents: insideDefinition)
  }

  public static let base = OpDefinition(
    "irdl.base", "Holds for all instances of a type or attribute definition.", results: [output],
    attributes: [
      .optional("base_ref", .symbolRef), .optional("base_name", .string),
    ],
    format: "($base_ref^)? ($base_name^)? ` ` attr-dict", parents: insideDefinition,
    verify: verifyBase)

  public static let parametric = OpDefinition(
    "irdl.parametric", "Holds for instances of a definition whose parameters satisfy constraints.",
    operands: [.variadic("args", constraintType)], results: [output],
    attributes: [AttributeSlot("base_type", .symbolRef)], traits: [.pure],
    format: "$base_type `<` $args `>` ` ` attr-dict", parents: insideDefinition,
    verify: { (operation) throws(Reported) in
      guard let reference = operation.attribute("base_type") else { return }
      try verifyReference(operation, reference)
    })

  public static let cPred = OpDefinition(
    "irdl.c_pred", "A predicate of C++, which is not evaluated.", results: [output],
    attributes: [AttributeSlot("pred", .string)], format: "$pred ` ` attr-dict")
}
