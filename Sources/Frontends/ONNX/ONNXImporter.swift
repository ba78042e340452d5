import MartletDialects
import MartletIR
import MartletSupport

/// Makes a module of the `onnx` dialect from a model, operator for operator.
///
/// ```mlir
/// module attributes {onnx.ir_version = 8 : i64, onnx.opset = 18 : i64} {
///   func.func @main(%images: tensor<?x1x8x8xf32> {onnx.dim_params = ["batch", "", "", ""],
///       onnx.name = "images"}) -> (tensor<?x10xf32> {onnx.name = "logits", ...}) { ... }
/// }
/// ```
/// Names of nodes are kept as locations, names of values as hints. Weights become `onnx.Constant`s whose
/// `dense_resource` bytes are those of the mapped file. An input that is also an initializer is a constant:
/// its default value.
///
/// - Throws: a diagnostic that names the file, the node, its operator and the operator set: an operator,
///   attribute or version that is not supported, or a node that does not fit its operator's schema.
public func importONNX(model: ONNXModel, into context: Context) throws(Diagnostic) -> Operation {
  context.register("onnx") { ONNXDialect.make() }
  var importer = try ONNXImporter(model: model, context: context)
  return try importer.importModel()
}

struct ONNXImporter {
  let model: ONNXModel
  let context: Context
  let builder: Builder
  let opset: Int
  private var values: [String: Value] = [:]
  /// What the file says of values that nodes compute.
  private var declared: [String: ONNXValueInfo] = [:]
  private var initializers: [String: ONNXTensor] = [:]

  init(model: ONNXModel, context: Context) throws(Diagnostic) {
    self.model = model
    self.context = context
    builder = Builder(context)
    // A model of functions or other domains alone needs no operators of ONNX's own.
    opset = model.operatorSetVersion(domain: "") ?? ONNXDialect.newestOpset
    guard opset <= ONNXDialect.newestOpset else {
      throw Diagnostic(
        .error,
        "the model is written for ONNX opset \(opset), newer than \(ONNXDialect.newestOpset), "
          + "the newest that is known", subject: model.path)
    }
    for value in model.graph.values + model.graph.outputs { declared[value.name] = value }
    for tensor in model.graph.initializers { initializers[tensor.name] = tensor }
  }

  mutating func importModel() throws(Diagnostic) -> Operation {
    let graph = model.graph
    builder.location = context.nameLocation(model.path)
    let module = builder.create(context.operationName("builtin.module"), regions: 1)
    module.setAttribute(ONNXDialect.opsetAttribute, context.i64Attribute(opset))
    module.setAttribute("onnx.ir_version", context.i64Attribute(model.irVersion))
    if !model.producerName.isEmpty {
      module.setAttribute("onnx.producer_name", context.string(model.producerName))
    }
    builder.setInsertionPoint(atEnd: module.region(0).addBlock())
    let inputs = graph.inputs.filter { initializers[$0.name] == nil }
    var types: [Type] = []
    for input in inputs { types.append(try inputType(input)) }
    let name = graph.name.isEmpty ? model.path : graph.name
    builder.location = context.nameLocation(name)
    let function = builder.create(context.operationName("func.func"), regions: 1)
    let body = function.region(0).addBlock(arguments: types)
    builder.setInsertionPoint(atEnd: body)
    for (input, argument) in zip(inputs, body.arguments) {
      argument.nameHint = hint(input.name)
      values[input.name] = argument
    }
    try importInitializers()
    for (index, node) in graph.nodes.enumerated() {
      let translation = ONNXNodeImporter(importer: self, node: node, index: index)
      try translation.run(&values, declared)
    }
    try finish(function, inputs)
    return module
  }

  /// The function's name, type and what is known of its arguments and results.
  private func finish(_ function: Operation, _ inputs: [ONNXValueInfo]) throws(Diagnostic) {
    var results: [Value] = []
    for output in model.graph.outputs {
      guard let value = values[output.name] else {
        throw Diagnostic(
          .error, "nothing defines the graph's output '\(output.name)'", subject: model.path)
      }
      results.append(value)
    }
    builder.location = function.location
    builder.create(context.operationName("func.return"), results)
    let type = context.function(function.region(0).arguments.types, results.map(\.type))
    function.setAttribute("sym_name", context.string("main"))
    function.setAttribute("function_type", context.typeAttribute(type))
    if !inputs.isEmpty { function.setAttribute("arg_attrs", dictionaries(inputs)) }
    if !results.isEmpty { function.setAttribute("res_attrs", dictionaries(model.graph.outputs)) }
  }

  private func dictionaries(_ infos: [ONNXValueInfo]) -> Attribute {
    context.array(
      infos.map { info in
        var entries = [("onnx.name", context.string(info.name))]
        if case .tensor(_, let shape?) = info.type {
          let names = shape.map { dimension in
            if case .parameter(let name) = dimension { name } else { "" }
          }
          if names.contains(where: { !$0.isEmpty }) {
            entries.append(("onnx.dim_params", context.array(names.map { context.string($0) })))
          }
        }
        return context.dictionary(entries)
      })
  }

  // MARK: Types

  func elementType(_ element: ONNXElementType) throws(ONNXError) -> Type {
    do {
      return try ONNXDialect.elementType(Int(element.rawValue), context)
    } catch {
      throw ONNXError("elements of type \(element.name) are not supported")
    }
  }

  private func inputType(_ input: ONNXValueInfo) throws(Diagnostic) -> Type {
    do throws(ONNXError) {
      guard let type = try tensorType(input.type) else {
        throw ONNXError(
          input.type.map { "values of type \($0) are not supported" } ?? "its type is not given")
      }
      return type
    } catch {
      throw Diagnostic(.error, "input '\(input.name)': \(error.message)", subject: model.path)
    }
  }

  /// Nil where the file does not say, or speaks of something else than a tensor.
  func tensorType(_ type: ONNXType?) throws(ONNXError) -> Type? {
    guard case .tensor(let element, let shape) = type else { return nil }
    let elementType = try elementType(element)
    guard let shape else { return context.unrankedTensor(elementType) }
    let extents = shape.map { dimension in
      if case .value(let extent) = dimension { extent } else { Type.dynamic }
    }
    return context.tensor(extents, elementType)
  }

  // MARK: Constants

  /// One `onnx.Constant` for each initializer that something uses, in the file's order.
  private mutating func importInitializers() throws(Diagnostic) {
    var used = Set(model.graph.outputs.map(\.name))
    for node in model.graph.nodes { used.formUnion(node.inputs) }
    for tensor in model.graph.initializers where used.contains(tensor.name) {
      do throws(ONNXError) {
        let value = try elements(tensor, key: tensor.name)
        builder.location = context.nameLocation(tensor.name)
        values[tensor.name] = constant(value, name: tensor.name)
      } catch {
        throw Diagnostic(
          .error, "initializer '\(tensor.name)': \(error.message)", subject: model.path)
      }
    }
  }

  func constant(_ value: Attribute, name: String) -> Value {
    let type = value.type ?? context.noneType
    let operation = builder.create(
      ONNXDialect.constant, results: [type], attributes: [("value", value)])
    operation.result().nameHint = hint(name)
    return operation.result()
  }

  /// Tensors of no more bytes than this are written into the text rather than referred to.
  static let inlineLimit = 64

  /// A tensor as an attribute: `dense` where it is tiny, else a resource that views the tensor's bytes.
  func elements(_ tensor: ONNXTensor, key: String) throws(ONNXError) -> Attribute {
    let element = try elementType(tensor.elementType)
    guard case .bytes(let content) = tensor.content else {
      throw ONNXError("tensors of strings are not supported")
    }
    let type = context.tensor(tensor.shape, element)
    if element.isInteger(1), content.bytes.contains(where: { $0 > 1 }) {
      // Any byte but 0 is true in the file; here it is 1.
      let truth = content.bytes.map { $0 == 0 ? 0 : 1 }
      return context.dense(type, integers: truth)
    }
    if content.bytes.count <= Self.inlineLimit { return context.dense(type, bytes: content.bytes) }
    let name = freeKey(key)
    context.addResource(
      key: name, bytes: content.bytes, alignment: DenseElements.elementSize(element),
      owner: content.owner)
    return context.denseResource(type, key: name)
  }

  /// `key`, or with a number behind it where another model in this context has it.
  private func freeKey(_ key: String) -> String {
    let base = key.isEmpty ? "constant" : key
    var candidate = base
    var number = 0
    while context.resource(context.intern(candidate)) != nil {
      number += 1
      candidate = "\(base)_\(number)"
    }
    return candidate
  }

  // MARK: Names

  /// A value's name as far as it can be written behind `%`; nil where nothing of it can.
  func hint(_ name: String) -> String? {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x24, 0x2e, 0x2d:
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: if !text.isEmpty { text += "_" }
      }
    }
    while text.hasSuffix("_") { text.removeLast() }
    guard let first = text.utf8.first else { return nil }
    // All digits is a number of MLIR's own, and a digit cannot begin a name.
    return (0x30...0x39).contains(first) ? "_" + text : text
  }
}
