import MartletIR
import MartletSupport

/// Gives a function of `onnx` operations the types it is called with.
///
/// Argument types become those of the actual inputs, the types of all results follow, operators whose
/// operands are constants are replaced by constants, and operations nothing uses are erased:
///
/// ```mlir
/// func.func @main(%x: tensor<?x6xf32>) -> tensor<*xf32> {            // called with tensor<4x6xf32>
///   %s = "onnx.Shape"(%x) : (tensor<?x6xf32>) -> tensor<*xi64>
///   %y = "onnx.ConstantOfShape"(%s) : (tensor<*xi64>) -> tensor<*xf32>
/// ```
/// becomes `%y = "onnx.ConstantOfShape"(%s)` of type `tensor<4x6xf32>`, with `%s` a constant.
public struct ONNXSpecialization {
  /// Results of more elements than this are computed when the program runs rather than kept in the IR.
  public static let foldingLimit = 1024

  let function: Operation
  private let builder: Builder

  /// - Parameters:
  ///   - function: a `func.func` of one block.
  ///   - inputs: the ranked, static tensor types of the actual inputs, one for each argument.
  /// - Throws: a diagnostic that names the input, what was expected and what was given; or one that names the
  ///   node, its operator, the operator set and the file.
  public static func run(_ function: Operation, inputs: [Type]) throws(Diagnostic) {
    let specialization = ONNXSpecialization(
      function: function, builder: Builder(function.context))
    try specialization.setArguments(inputs)
    try specialization.inferAll()
    specialization.eraseUnused()
    specialization.setFunctionType()
  }

  /// As `run(_:inputs:)`, with the arguments' own element types.
  public static func run(_ function: Operation, shapes: [[Int]]) throws(Diagnostic) {
    let arguments = function.region(0).arguments
    guard shapes.count == arguments.count else {
      throw wrongCount(arguments.count, shapes.count)
    }
    let types = zip(arguments, shapes).map { argument, shape in
      function.context.tensor(shape, argument.type.elementType)
    }
    try run(function, inputs: types)
  }

  private static func wrongCount(_ expected: Int, _ got: Int) -> Diagnostic {
    Diagnostic(.error, "the model has \(expected) inputs, but \(got) are given")
  }

  // MARK: Arguments

  private func setArguments(_ inputs: [Type]) throws(Diagnostic) {
    let arguments = function.region(0).arguments
    guard inputs.count == arguments.count else {
      throw Self.wrongCount(arguments.count, inputs.count)
    }
    /// Extents by the parameter's name, with the input that fixed them.
    var extents: [String: (extent: Int, input: String)] = [:]
    for (i, argument) in arguments.enumerated() {
      let name = inputName(i)
      guard accepts(argument.type, inputs[i]) else {
        throw diagnostic(
          "input '\(name)': expected \(ONNXDialect.text(argument.type)), "
            + "got \(ONNXDialect.text(inputs[i]))")
      }
      let parameters = argumentAttributes(i)?["onnx.dim_params"]?.elements ?? []
      for (parameter, extent) in zip(parameters, inputs[i].shape) {
        guard let parameter = parameter.stringValue, !parameter.isEmpty else { continue }
        if let known = extents[parameter], known.extent != extent {
          throw diagnostic(
            "input '\(name)': the dimension '\(parameter)' is \(extent), but it is "
              + "\(known.extent) in input '\(known.input)'")
        }
        extents[parameter] = (extent, name)
      }
    }
    for (argument, type) in zip(arguments, inputs) { argument.type = type }
  }

  private func accepts(_ declared: Type, _ actual: Type) -> Bool {
    guard actual.isRankedTensor, actual.hasStaticShape, (try? elementCount(actual.shape)) != nil,
      declared.elementType == actual.elementType
    else { return false }
    if declared.kind == .unrankedTensor { return true }
    return declared.rank == actual.rank
      && zip(declared.shape, actual.shape).allSatisfy { $0 == Type.dynamic || $0 == $1 }
  }

  private func argumentAttributes(_ i: Int) -> Attribute? {
    guard let all = function.attribute("arg_attrs")?.elements, i < all.count else { return nil }
    return all[i]
  }

  private func inputName(_ i: Int) -> String {
    argumentAttributes(i)?["onnx.name"]?.stringValue
      ?? function.region(0).arguments[i].nameHint ?? "\(i)"
  }

  private func diagnostic(_ message: String) -> Diagnostic {
    Diagnostic(.error, message, at: nil, subject: function.parent?.location.subject)
  }

  // MARK: Operations

  private func inferAll() throws(Diagnostic) {
    for block in function.region(0).blocks {
      for operation in block.operations {
        guard let view = ONNXOperation(operation) else { continue }
        do {
          for (result, type) in zip(operation.results, try view.resultTypes()) {
            result.type = type
          }
          try fold(view)
        } catch let error as ONNXError {
          throw ONNXDialect.diagnostic(error, operation)
        } catch {
          throw ONNXDialect.diagnostic(ONNXError("\(error)"), operation)
        }
      }
    }
  }

  /// Replaces an operation whose operands are small constants by its value.
  private func fold(_ view: ONNXOperation) throws {
    let operation = view.operation
    guard !operation.is(ONNXDialect.constant) else { return }
    let results = operation.results.filter { $0.type.isRankedTensor }
    guard
      results.allSatisfy({ ($0.type.elementCount ?? .max) <= Self.foldingLimit }),
      results.allSatisfy({ $0.type.elementType.bitWidth ?? 65 <= 64 }),
      let values = knownInputs(view)
    else { return }
    var evaluation = view
    evaluation.inputs = values
    let folded = try evaluation.evaluated()
    builder.setInsertionPoint(before: operation)
    for (result, value) in zip(operation.results, folded) where result.type.isRankedTensor {
      let constant = builder.create(
        ONNXDialect.constant, results: [result.type], attributes: [("value", value.attribute)])
      constant.result().nameHint = result.nameHint
      result.replaceAllUses(with: constant.result())
    }
  }

  private func knownInputs(_ view: ONNXOperation) -> [ONNXArray?]? {
    var values: [ONNXArray?] = []
    for i in 0..<view.inputCount {
      guard view.has(i) else {
        values.append(nil)
        continue
      }
      let type = view.operation.operand(i).type
      // Of these only the input's shape counts.
      if view.schema.name == "Shape" || view.schema.name == "Size" {
        values.append(ONNXArray(placeholder: type))
        continue
      }
      guard (type.elementCount ?? .max) <= 16 * Self.foldingLimit, let value = view.value(i) else {
        return nil
      }
      values.append(value)
    }
    return values
  }

  private func eraseUnused() {
    for block in function.region(0).blocks {
      var current = block.lastOperation
      while let operation = current {
        current = operation.previous
        if operation.name.dialectName == "onnx", operation.isUnused { operation.erase() }
      }
    }
  }

  private func setFunctionType() {
    guard let block = function.region(0).lastBlock, let terminator = block.lastOperation else {
      return
    }
    let type = function.context.function(
      function.region(0).arguments.map(\.type), terminator.operands.map(\.type))
    function.setAttribute("function_type", function.context.typeAttribute(type))
  }
}

extension ONNXArray {
  /// An array of which only type and shape may be asked.
  public init(placeholder type: Type) {
    self.init(type.elementType, type.shape, ints: [])
  }
}

extension ONNXDialect {
  /// A diagnostic that names the node, the operator, the operator set and the file.
  public static func diagnostic(_ error: ONNXError, _ operation: Operation) -> Diagnostic {
    let name = operation.location.subject
    let module = operation.ancestor { $0.attribute(opsetAttribute) != nil }
    let title = name.map { $0.hasPrefix("node ") ? $0 : "node '\($0)'" } ?? "a node"
    let kind = operation.name.string.drop { $0 != "." }.dropFirst()
    return Diagnostic(
      .error,
      "\(title) (operator \(kind), opset \(opset(of: operation))): \(error.message)",
      at: operation.location.position, subject: module?.location.subject)
  }
}
