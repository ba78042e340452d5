import MartletDialects
import MartletIR
import MartletSupport

/// Translates one node.
struct ONNXNodeImporter {
  let importer: ONNXImporter
  let node: ONNXNode
  let index: Int

  private var context: Context { importer.context }
  private var builder: Builder { importer.builder }

  /// Adds the node's operation to the function and its outputs to `values`.
  func run(_ values: inout [String: Value], _ declared: [String: ONNXValueInfo])
    throws(Diagnostic)
  {
    do throws(ONNXError) {
      let schema = try schema()
      builder.location = context.nameLocation(node.name.isEmpty ? "node \(index)" : node.name)
      if schema.name == "Constant" {
        guard let output = node.outputs.first, node.outputs.count == 1, node.inputs.isEmpty else {
          throw ONNXError("it must have no input and one output")
        }
        values[output] = importer.constant(try constantValue(), name: output)
        return
      }
      let operands = try operands(schema, values)
      let attributes = try attributes(schema)
      let types = try resultTypes(schema, operands, attributes, declared)
      let operation = builder.create(
        context.operationName("onnx.\(schema.name)"), operands, results: types,
        attributes: attributes)
      for (output, result) in zip(node.outputs, operation.results) where !output.isEmpty {
        result.nameHint = importer.hint(output)
        values[output] = result
      }
    } catch {
      throw Diagnostic(
        .error, "\(importer.model.label(node, index: index)): \(error.message)",
        subject: importer.model.path)
    }
  }

  /// The operator's schema, in a version the model may mean.
  private func schema() throws(ONNXError) -> ONNXOperator {
    guard node.domain.isEmpty else {
      let isOwn = importer.model.functions.contains {
        $0.name == node.operatorName && $0.domain == node.domain
      }
      throw ONNXError(
        isOwn
          ? "functions defined by the model are not supported"
          : "operators of the domain '\(node.domain)' are not supported")
    }
    guard let schema = ONNXDialect.operator(node.operatorName) else {
      throw ONNXError("the operator is not supported")
    }
    guard schema.version(in: importer.opset) != nil else {
      throw ONNXError(
        "the operator is supported from opset \(schema.since.first ?? 1) on only")
    }
    guard schema.outputCounts.contains(node.outputs.count) else {
      throw ONNXError("the operator does not have \(node.outputs.count) outputs")
    }
    return schema
  }

  private func operands(_ schema: ONNXOperator, _ values: [String: Value]) throws(ONNXError)
    -> [Value]
  {
    guard schema.inputCounts.contains(node.inputs.count) else {
      throw ONNXError("the operator does not take \(node.inputs.count) inputs")
    }
    var operands: [Value] = []
    for (i, name) in node.inputs.enumerated() {
      guard !name.isEmpty else {
        guard schema.input(i)?.kind == .optional else {
          throw ONNXError("the input '\(schema.input(i)?.name ?? "\(i)")' is missing")
        }
        operands.append(
          builder.create(ONNXDialect.noValue, results: [context.noneType]).result())
        continue
      }
      guard let value = values[name] else {
        throw ONNXError("nothing defines the value '\(name)' of input \(i)")
      }
      if let port = schema.input(i), port.since > importer.opset {
        throw ONNXError("the input '\(port.name)' exists from opset \(port.since) on only")
      }
      operands.append(value)
    }
    // Inputs left out at the end are not there at all.
    while let last = operands.last?.definingOperation, last.is(ONNXDialect.noValue) {
      operands.removeLast()
      last.erase()
    }
    return operands
  }

  // MARK: Attributes

  private func attributes(_ schema: ONNXOperator) throws(ONNXError) -> [(String, Attribute)] {
    var found: [(String, Attribute)] = []
    for attribute in node.attributes {
      guard let parameter = schema.parameter(attribute.name),
        parameter.versions.contains(importer.opset)
      else {
        throw ONNXError("the attribute '\(attribute.name)' is not supported")
      }
      guard let value = try value(attribute, as: parameter.kind) else {
        throw ONNXError(
          "the attribute '\(attribute.name)' is \(attribute.kindName), not of kind "
            + parameter.kind.rawValue)
      }
      found.append((attribute.name, value))
    }
    for parameter in schema.attributes
    where parameter.isRequired && parameter.versions.contains(importer.opset) {
      guard found.contains(where: { $0.0 == parameter.name }) else {
        throw ONNXError("the attribute '\(parameter.name)' is missing")
      }
    }
    return found
  }

  /// The attribute in the IR; nil where it is of another kind.
  private func value(_ attribute: ONNXAttribute, as kind: ONNXOperator.Parameter.Kind)
    throws(ONNXError) -> Attribute?
  {
    switch kind {
    case .int: return attribute.int.map { context.i64Attribute(Int($0)) }
    case .float: return attribute.float.map { floatAttribute($0) }
    case .ints: return attribute.ints.map { context.denseI64Array($0.map { Int($0) }) }
    case .floats:
      return attribute.floats.map {
        context.denseArray(context.f32, words: $0.map { UInt64($0.bitPattern) })
      }
    case .string: return attribute.text.map { context.string($0) }
    case .strings:
      guard case .strings(let texts) = attribute.value else { return nil }
      var elements: [Attribute] = []
      for bytes in texts {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        elements.append(context.string(text))
      }
      return context.array(elements)
    case .tensor:
      guard let tensor = attribute.tensor else { return nil }
      return try importer.elements(tensor, key: node.outputs.first ?? attribute.name)
    }
  }

  private func floatAttribute(_ value: Float) -> Attribute {
    context.floatAttribute(bits: [UInt64(value.bitPattern)], context.f32)
  }

  /// The value of a `Constant`, in whichever of its attributes it is.
  private func constantValue() throws(ONNXError) -> Attribute {
    guard let attribute = node.attributes.first, node.attributes.count == 1 else {
      throw ONNXError("it must have exactly one attribute")
    }
    func list(_ count: Int, _ element: Type) -> Type { context.tensor([count], element) }
    switch (attribute.name, attribute.value) {
    case ("value", .tensor(let tensor)):
      return try importer.elements(tensor, key: node.outputs.first ?? "value")
    case ("value_float", .float(let value)):
      return context.dense(context.tensor([], context.f32), floats: [Double(value)])
    case ("value_floats", .floats(let values)):
      return context.dense(list(values.count, context.f32), floats: values.map { Double($0) })
    case ("value_int", .int(let value)):
      return context.dense(context.tensor([], context.i64), integers: [Int(value)])
    case ("value_ints", .ints(let values)):
      return context.dense(list(values.count, context.i64), integers: values.map { Int($0) })
    default:
      throw ONNXError(
        "the attribute '\(attribute.name)', \(attribute.kindName), is not supported")
    }
  }

  // MARK: Results

  /// The types of the outputs as far as they are known before the inputs' shapes are: those the file declares,
  /// else tensors of unknown rank.
  private func resultTypes(
    _ schema: ONNXOperator, _ operands: [Value], _ attributes: [(String, Attribute)],
    _ declared: [String: ONNXValueInfo]
  ) throws(ONNXError) -> [Type] {
    // Made apart to ask its schema; the operation proper has the types found.
    let probe = context.createOperation(
      context.operationName("onnx.\(schema.name)"), location: builder.location,
      operands: operands, resultTypes: node.outputs.map { _ in context.noneType })
    defer { probe.erase() }
    for (name, value) in attributes { probe.setAttribute(name, value) }
    guard let view = ONNXOperation(probe) else { throw ONNXError("the operator is unknown") }
    let elements: [Type]
    do {
      try view.checkElements()
      elements = try view.resultElements()
    } catch let error as ONNXError {
      throw error
    } catch {
      throw ONNXError("\(error)")
    }
    var types: [Type] = []
    for (i, output) in node.outputs.enumerated() {
      guard !output.isEmpty else {
        types.append(context.noneType)
        continue
      }
      let element = elements[min(i, elements.count - 1)]
      guard let type = try importer.tensorType(declared[output]?.type) else {
        types.append(context.unrankedTensor(element))
        continue
      }
      guard type.elementType == element else {
        throw ONNXError(
          "the output '\(output)' is declared as \(ONNXDialect.text(type)), but its elements are "
            + ONNXDialect.text(element))
      }
      types.append(type)
    }
    return types
  }
}
