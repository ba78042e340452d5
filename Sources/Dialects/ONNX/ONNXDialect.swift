import MartletIR

/// The `onnx` dialect: an ONNX model one to one.
///
/// ```mlir
/// module attributes {onnx.opset = 18 : i64} {
///   func.func @main(%x: tensor<?x4xf32> {onnx.name = "x"}) -> (tensor<*xf32> {onnx.name = "y"}) {
///     %w = "onnx.Constant"() <{value = dense_resource<w> : tensor<4x2xf32>}> : () -> tensor<4x2xf32>
///     %y = "onnx.MatMul"(%x, %w) : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<*xf32>
///     return %y : tensor<*xf32>
///   }
/// }
/// ```
public enum ONNXDialect {
  /// The module's attribute that says which version of ONNX's operator set is meant.
  public static let opsetAttribute = "onnx.opset"
  /// The newest version of the operator set whose operators are known.
  public static let newestOpset = 28

  /// All operators, sorted by name.
  public static let operators: [ONNXOperator] =
    (ONNXOperator.unaryOperators + ONNXOperator.arithmeticOperators
    + ONNXOperator.comparisonOperators + ONNXOperator.shapeOperators
    + ONNXOperator.reductionOperators + ONNXOperator.neuralOperators + [ONNXOperator.constant])
    .sorted { $0.name < $1.name }

  private static let byName = Dictionary(
    operators.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  public static func `operator`(_ name: String) -> ONNXOperator? { byName[name] }

  /// An input a node leaves out although it lists later ones.
  public static let noValue = OpDefinition(
    "onnx.NoValue", "an input that is not given",
    results: [
      ValueDefinition(
        "none",
        TypeConstraint("none type", buildable: { $0.noneType }) { $0.kind == BuiltinTypeKind.none })
    ],
    traits: [.pure])

  public static let constant = ONNXOperator.constant.definition()

  public static func make() -> Dialect {
    Dialect(
      "onnx", summary: "ONNX models, operator for operator",
      operations: operators.map { $0.name == "Constant" ? constant : $0.definition() } + [noValue],
      materializeConstant: { builder, value, type in
        guard value.type == type, value.denseElements != nil || value.resourceKey != nil else {
          return nil
        }
        return builder.create(constant, results: [type], attributes: [("value", value)])
      })
  }

  /// The elements attribute a value is known to equal.
  public static func constant(_ value: Value) -> Attribute? {
    guard let operation = value.definingOperation, operation.is(constant) else { return nil }
    return operation.attribute("value")
  }

  /// The version of the operator set that the module around `operation` names; the newest where none does.
  public static func opset(of operation: Operation) -> Int {
    var current: Operation? = operation
    while let candidate = current {
      if let version = candidate.attribute(opsetAttribute)?.integerValue {
        return Int(clamping: version)
      }
      current = candidate.parent
    }
    return newestOpset
  }

  /// The type that elements of ONNX's type number `number` (`TensorProto.DataType`) have.
  /// - Throws: where the number is not known or stands for strings or numbers of a byte or less that are
  /// not integers.
  public static func elementType(_ number: Int, _ context: Context) throws -> Type {
    switch number {
    case 1: return context.f32
    case 2: return context.integer(8, .unsigned)
    case 3: return context.i8
    case 4: return context.integer(16, .unsigned)
    case 5: return context.integer(16)
    case 6: return context.i32
    case 7: return context.i64
    case 9: return context.i1
    case 10: return context.float(.f16)
    case 11: return context.f64
    case 12: return context.integer(32, .unsigned)
    case 13: return context.integer(64, .unsigned)
    case 16: return context.float(.bf16)
    default: throw ONNXError("elements of ONNX type number \(number) are not supported")
    }
  }
}

extension ONNXOperator {
  /// `Constant`; the importer turns the attributes `value_int` and its kin into `value`.
  static let constant = ONNXOperator(
    "Constant", "a tensor known when the model is compiled",
    since: [1, 9, 11, 12, 13, 19, 21, 23, 24, 25], inputs: "", outputs: "output",
    attributes: [Parameter.of(.tensor, "value").required()],
    resultElement: .computed { op in
      guard let type = op.operation.attribute("value")?.type else {
        throw ONNXError("the attribute 'value' is missing")
      }
      return [type.elementType]
    },
    infer: { op in
      guard let type = op.operation.attribute("value")?.type, type.hasStaticShape else {
        throw ONNXError("the attribute 'value' is missing")
      }
      return [type.shape]
    },
    evaluate: { op in
      guard let value = op.operation.attribute("value").flatMap(ONNXArray.init) else {
        throw ONNXError("the value's bytes are not at hand")
      }
      return [value]
    })
}

extension ONNXOperation {
  /// The types of the results, `none` for those that are not wanted.
  /// - Throws: an `ONNXError` that says what does not fit.
  public func resultTypes() throws -> [Type] {
    try checkElements()
    let shapes = try schema.infer(self)
    guard shapes.count == outputCount else {
      throw ONNXError("\(outputCount) outputs are named, not \(shapes.count)")
    }
    let elements = try resultElements()
    return try shapes.enumerated().map { i, shape in
      guard wants(i) else { return context.noneType }
      _ = try elementCount(shape)
      return context.tensor(shape, elements[min(i, elements.count - 1)])
    }
  }

  /// The element types of the results; the last stands for all that follow.
  public func resultElements() throws -> [Type] {
    switch schema.resultElement {
    case .input(let i): [try element(i)]
    case .bool: [context.i1]
    case .int64: [context.i64]
    case .computed(let compute): try compute(self)
    }
  }

  /// Checks the element types of the inputs against the schema.
  public func checkElements() throws {
    guard has(0) else { return }
    let first = try element(0)
    let isBool = first.isInteger(1)
    let fits =
      switch schema.elements {
      case .any: true
      case .numeric: (first.isInteger && !isBool) || first.isFloat
      case .float: first.isFloat
      case .integer: first.isInteger && !isBool
      case .bool: isBool
      }
    guard fits else {
      throw ONNXError("the elements must be \(schema.elements.rawValue), not \(name(of: first))")
    }
    for i in schema.uniform ?? Array(0..<inputCount) where has(i) {
      let other = try element(i)
      guard other == first else {
        throw ONNXError(
          "the inputs' elements differ: \(name(of: first)) and \(name(of: other))")
      }
    }
  }

  private func name(of type: Type) -> String { ONNXDialect.text(type) }

  /// The results for the values in `inputs`, which must be set.
  public func evaluated() throws -> [ONNXArray] {
    try checkElements()
    return try schema.evaluate(self)
  }
}

extension ONNXDialect {
  /// A number or tensor type as MLIR writes it, for messages: `f32`, `tensor<?x8xf32>`.
  public static func text(_ type: Type) -> String {
    if type.kind == .unrankedTensor { return "tensor<*x\(text(type.elementType))>" }
    if type.isRankedTensor {
      let extents = type.shape.map { $0 == Type.dynamic ? "?x" : "\($0)x" }.joined()
      return "tensor<\(extents)\(text(type.elementType))>"
    }
    if let kind = type.floatKind { return kind.name }
    if type.isInteger, let width = type.bitWidth {
      switch type.signedness {
      case .signless: return "i\(width)"
      case .signed: return "si\(width)"
      case .unsigned: return "ui\(width)"
      }
    }
    return type.description
  }
}
