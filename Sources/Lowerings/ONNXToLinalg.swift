import MartletDialects
import MartletIR
import MartletSupport

/// Lowers functions of `onnx` operations, specialised to static shapes, to linalg on tensors.
///
/// Convolutions and pooling run with the channels last: the input is transposed, and the result
/// transposed back; weights that are constants are transposed here, once.
///
/// ```mlir
/// %y = "onnx.Relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
/// ```
/// becomes
/// ```mlir
/// %e = tensor.empty() : tensor<2x3xf32>
/// %y = linalg.generic {...} ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
/// ^bb0(%in: f32, %out: f32):
///   %m = arith.maximumf %in, %zero : f32
///   linalg.yield %m : f32
/// }
/// ```
/// Unsigned integers become signless ones; an argument or result of them is `tensor.bitcast`.
///
/// - Throws: a diagnostic that names the node, its operator, the operator set and the file, where an operator
///   or an option of it cannot be lowered.
public func lowerONNXToLinalg(_ module: Operation) throws(Diagnostic) {
  module.context.load(Linalg.dialect)
  var functions: [Operation] = []
  module.walk { operation in
    if operation.name.string == "func.func" { functions.append(operation) }
  }
  for function in functions { try ONNXFunctionLowering(function).run() }
}

/// Lowers one function: the new operations are put before the old ones, which are erased at the end.
final class ONNXFunctionLowering {
  let function: Operation
  let context: Context
  let builder: Builder
  /// What stands for each value of the function in the lowered one.
  private var lowered: [Value: Value] = [:]

  init(_ function: Operation) {
    self.function = function
    context = function.context
    builder = Builder(context)
  }

  func run() throws(Diagnostic) {
    guard let block = function.region(0).firstBlock,
      block.operations.contains(where: { $0.name.dialectName == "onnx" })
    else { return }
    // What is made on the way is not to be visited.
    let originals = Array(block.operations)
    builder.setInsertionPoint(atStart: block)
    for argument in block.arguments { lowered[argument] = signless(argument) }
    for operation in originals {
      if let view = ONNXOperation(operation) {
        try lower(view)
      } else if !operation.is(ONNXDialect.noValue) {
        try replaceOperands(operation)
      }
    }
    var current = block.lastOperation
    while let operation = current {
      current = operation.previous
      if operation.name.dialectName == "onnx" { operation.erase() }
    }
  }

  private func lower(_ view: ONNXOperation) throws(Diagnostic) {
    // Constants are made where they are first used, as whatever their user needs.
    if view.operation.is(ONNXDialect.constant) { return }
    builder.setInsertionPoint(before: view.operation)
    do {
      for result in view.operation.results where result.type.kind != BuiltinTypeKind.none {
        guard result.type.hasStaticShape else {
          throw ONNXError("the shape of the result is not known: give the function input shapes")
        }
      }
      guard let rule = ONNXOpLowering.rules[view.schema.name] else {
        throw ONNXError("the operator cannot be lowered to linalg")
      }
      let results = try rule(ONNXOpLowering(function: self, op: view))
      for (result, value) in zip(view.operation.results, results) {
        guard let value, result.type.kind != BuiltinTypeKind.none else { continue }
        value.nameHint = value.nameHint ?? result.nameHint
        lowered[result] = value
      }
    } catch let error as ONNXError {
      throw ONNXDialect.diagnostic(error, view.operation)
    } catch {
      throw ONNXDialect.diagnostic(
        ONNXError("the operator cannot be lowered for these types"), view.operation)
    }
  }

  /// Makes an operation of another dialect, such as the return, use the lowered values.
  private func replaceOperands(_ operation: Operation) throws(Diagnostic) {
    for (i, operand) in operation.operands.enumerated() {
      let isOurs =
        operand.isBlockArgument || operand.definingOperation?.name.dialectName == "onnx"
      guard isOurs else { continue }
      builder.setInsertionPoint(before: operation)
      do {
        operation.setOperand(i, bitcast(try value(operand), to: operand.type))
      } catch {
        throw ONNXDialect.diagnostic(ONNXError("a result cannot be lowered"), operation)
      }
    }
  }

  // MARK: Values

  /// The lowered form of a value.
  func value(_ original: Value) throws -> Value {
    if let known = lowered[original] { return known }
    guard let attribute = ONNXDialect.constant(original) else {
      throw ONNXError("an input is not lowered")
    }
    let made = constant(try ONNXConstants(context).aligned(signless(attribute)))
    made.nameHint = original.nameHint
    lowered[original] = made
    return made
  }

  func constant(_ attribute: Attribute) -> Value {
    builder.create(
      context.operationName("arith.constant"), results: [attribute.type ?? context.noneType],
      attributes: [("value", attribute)]
    ).result()
  }

  private func signless(_ value: Value) -> Value {
    bitcast(value, to: signlessType(value.type))
  }

  private func bitcast(_ value: Value, to type: Type) -> Value {
    if value.type == type { return value }
    return builder.create(context.operationName("tensor.bitcast"), [value], results: [type])
      .result()
  }

  private func signless(_ attribute: Attribute) -> Attribute {
    guard let type = attribute.type, signlessType(type) != type else { return attribute }
    return ONNXConstants(context).retyped(attribute, signlessType(type))
  }
}

/// The type with signless instead of unsigned or signed elements.
func signlessType(_ type: Type) -> Type {
  let element = type.elementType
  guard element.isInteger, let width = element.bitWidth, element.signedness != .signless else {
    return type
  }
  let signless = type.context.integer(width)
  return type.isTensor ? type.cloned(elementType: signless) : signless
}
