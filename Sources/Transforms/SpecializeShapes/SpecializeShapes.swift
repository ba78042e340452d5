import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Gives the parameters of a function static shapes and carries them through its body: through structured
  /// operations, slices, reshapes, loops and conditionals, down to the function's results.
  ///
  ///     func.func @main(%x: tensor<?xf32>) -> tensor<?xf32> {     {shapes=8}
  ///       %d = tensor.dim %x, %c0 : tensor<?xf32>
  ///       %e = tensor.empty(%d) : tensor<?xf32>
  ///       %y = linalg.exp ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  ///       return %y : tensor<?xf32>
  ///     }
  /// becomes
  ///
  ///     func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  ///       %e = tensor.empty() : tensor<8xf32>
  ///       %y = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  ///       return %y : tensor<8xf32>
  ///     }
  public static let specializeShapes = Pass(
    "specialize-shapes", name: "SpecializeShapes",
    "Give a function's parameters static shapes and infer all others", anchor: "func.func",
    options: [
      .string("function", default: "", "The function to specialise; any where it is not given"),
      .list(
        "shapes", of: .string,
        "A shape such as 4x?x8 for each parameter; * for one that stays as it is, [] for a scalar"),
    ], dependentDialects: ["arith", "tensor"]
  ) { (operation, state) throws(Reported) in
    guard let function = FuncOp(operation), !function.isDeclaration else { return }
    let name = state.options.string("function")
    if !name.isEmpty, name != function.name { return }
    let shapes = state.options.strings("shapes")
    let parameters = function.type.inputs
    if shapes.count > parameters.count {
      throw operation.emitError(
        "function '\(function.name)' has \(parameters.count) parameters, but \(shapes.count) shapes were given"
      )
    }
    var types: [Type?] = []
    for (i, text) in shapes.enumerated() {
      if text == "*" {
        types.append(nil)
        continue
      }
      guard let shape = parseShape(text) else {
        throw operation.emitError("'\(text)' is no shape such as 4x?x8")
      }
      let declared = parameters[i]
      types.append(
        operation.context.tensor(shape, declared.elementType, encoding: declared.encoding))
    }
    try MartletTransforms.specializeShapes(of: operation, to: types, remarks: state)
  }
}

private func parseShape(_ text: String) -> [Int]? {
  if text == "[]" { return [] }
  var shape: [Int] = []
  for part in text.split(separator: "x", omittingEmptySubsequences: false) {
    if part == "?" {
      shape.append(Type.dynamic)
    } else if let size = Int(part), size >= 0 {
      shape.append(size)
    } else {
      return nil
    }
  }
  return shape
}

/// Gives parameters of `function` the shapes of `types` and infers from them the shapes of everything
/// else in it; ends with a canonicalisation.
///
/// A parameter keeps its encoding where the type given for it has none. Where an operation cannot take a value
/// of more static type, such as a call, the value is cast back.
/// - Parameter types: one per parameter, nil for those that stay as they are; missing ones count as nil.
/// - Throws: where a type does not fit its parameter, or shapes disagree inside; the reason is reported.
public func specializeShapes(
  of function: Operation, to types: [Type?], remarks: PassContext? = nil
) throws(Reported) {
  guard let view = FuncOp(function), let entry = view.entry else {
    throw function.emitError("there is no function body to specialise")
  }
  var inputs = view.type.inputs
  for (i, type) in types.enumerated() {
    guard let type else { continue }
    guard i < inputs.count else {
      throw function.emitError(
        "function '\(view.name)' has \(inputs.count) parameters, but \(types.count) types were given"
      )
    }
    inputs[i] = try fitted(type, to: inputs[i], entry.argument(i), function)
  }
  let inference = ShapeInference()
  for (argument, type) in zip(entry.arguments, inputs) where argument.type.isTensor {
    inference.setType(argument, type)
  }
  try inference.visit(view.body)
  for (argument, type) in zip(entry.arguments, inputs) { argument.type = type }
  inference.apply(to: function)

  var results = view.type.results
  for (k, terminator) in view.returns.enumerated() {
    for (i, operand) in terminator.operands.enumerated() where i < results.count {
      results[i] = k == 0 ? operand.type : ShapeInference.join(results[i], operand.type)
    }
  }
  let rewriter = PatternRewriter(function.context)
  for terminator in view.returns {
    rewriter.setInsertionPoint(before: terminator)
    for (i, operand) in terminator.operands.enumerated() where operand.type != results[i] {
      let cast = rewriter.create(TensorDialect.cast, [operand], results: [results[i]])
      terminator.setOperand(i, cast.result())
    }
  }
  let old = view.type
  view.setType(inputs: inputs, results: results)
  remarks?.remark(
    .passed, "Specialized", "\(old, as: "From") is \(view.type, as: "To") now", at: function)
  for (i, type) in results.enumerated() where type.isTensor && !type.hasStaticShape {
    remarks?.remark(
      .missed, "Dynamic",
      "result \(i, as: "Number") is still of type \(type, as: "Type"): its shape depends on data",
      at: function)
  }
  applyPatternsGreedily(to: function, FrozenPatternSet.canonicalization(function.context))
}

/// The type a parameter gets when a value of `type` is given for it.
private func fitted(
  _ type: Type, to declared: Type, _ argument: Value, _ function: Operation
) throws(Reported) -> Type {
  func mismatch(_ reason: String) -> Reported {
    let name = argument.nameHint.map { "'\($0)'" } ?? "#\(argument.index)"
    return function.emitError(
      "argument \(name) is expected to be of type \(declared), got \(type): \(reason)")
  }
  guard declared.isTensor else {
    if declared == type { return declared }
    throw mismatch("the parameter is no tensor")
  }
  guard type.isRankedTensor else { throw mismatch("the value is no tensor") }
  guard type.elementType == declared.elementType else { throw mismatch("element types differ") }
  if declared.kind == .unrankedTensor { return type }
  guard type.rank == declared.rank else { throw mismatch("ranks differ") }
  if let encoding = type.encoding, encoding != declared.encoding {
    throw mismatch("encodings differ")
  }
  var shape = declared.shape
  for (i, size) in type.shape.enumerated() where size != Type.dynamic {
    if shape[i] != Type.dynamic, shape[i] != size { throw mismatch("dimension \(i) differs") }
    shape[i] = size
  }
  return declared.cloned(shape: shape)
}
