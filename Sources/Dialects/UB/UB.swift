import MartletIR
import MartletSupport
import MartletSyntax

/// Undefined behaviour made explicit.
public enum UB {
  public static let dialect = Dialect(
    "ub", summary: "undefined behaviour", operations: [poison, unreachable],
    attributes: [poisonAttribute],
    materializeConstant: { builder, value, type in
      guard value.is(poisonAttribute) else { return nil }
      return builder.create(poison, results: [type], attributes: [("value", value)])
    })

  /// `#ub.poison`: any value at all.
  public static let poisonAttribute = AttributeDefinition(
    "ub.poison", "a fully poisoned value",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, type) throws(Reported) in
          guard let definition = parser.context.attributeDefinition(named: "ub.poison") else {
            throw parser.error("unknown attribute 'ub.poison'")
          }
          return parser.context.attribute(definition)
        }, print: { _, _ in })
    ])

  public static let poison = OpDefinition(
    "ub.poison", "Poisoned constant operation.", results: [ValueDefinition("result", .any)],
    attributes: [
      AttributeSlot(
        "value", AttributeConstraint("PoisonAttrInterface instance") { $0.kind == nil },
        default: { $0.attribute(poisonAttribute) })
    ], traits: [.constantLike, .pure],
    format: "attr-dict (`<` $value^ `>`)? `:` type($result)",
    fold: { operation in operation.attribute("value").map { .attribute($0) } ?? .none })

  public static let unreachable = OpDefinition(
    "ub.unreachable", "Unreachable operation.", traits: [.terminator], format: "attr-dict")
}
