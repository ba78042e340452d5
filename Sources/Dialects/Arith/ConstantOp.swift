import MartletIR

/// A view of an `arith.constant`.
public struct ConstantOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(Arith.constant) else { return nil }
    self.operation = operation
  }

  public var value: Attribute? { operation.attribute("value") }
  public var result: Value { operation.result() }

  /// Makes a constant of a typed attribute.
  @discardableResult
  public static func create(_ builder: Builder, _ value: Attribute) -> Value {
    let type = value.type ?? builder.context.noneType
    return builder.create(Arith.constant, results: [type], attributes: [("value", value)])
      .result()
  }

  /// Makes an `index` constant.
  public static func index(_ builder: Builder, _ value: Int) -> Value {
    create(builder, builder.context.indexAttribute(value))
  }

  /// Makes an integer constant of `type`.
  public static func integer(_ builder: Builder, _ value: Int64, _ type: Type) -> Value {
    create(builder, builder.context.integerAttribute(value, type))
  }

  /// Makes a float constant of `type`, rounded to it.
  public static func float(_ builder: Builder, _ value: Double, _ type: Type) -> Value {
    create(builder, builder.context.floatAttribute(value, type))
  }
}
