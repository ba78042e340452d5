import Glibc
import MartletDialects
import MartletIR
import MartletSupport
import TestSupport
import Testing

@testable import MartletONNX

private let digitsPath = "\(packageFolder)Examples/digits/cnn.onnx"

/// The diagnostic of importing a graph, and specialising it where shapes are given.
private func complaint(
  _ graph: Message, opset: Int = 18, shapes: [[Int]]? = nil
) throws -> String {
  let bytes = Message {
    $0.int(1, 8)
    $0.message(7, graph)
    $0.message(8, operatorSet("", opset))
  }.bytes
  let model = try decode(bytes)
  do throws(Diagnostic) {
    let module = try importONNX(model: model, into: keptContext())
    guard let shapes, let function = SymbolTable.lookup("main", in: module) else {
      return "no complaint"
    }
    try ONNXSpecialization.run(function, shapes: shapes)
    return "no complaint"
  } catch {
    return error.description
  }
}

@Suite struct ONNXImporterTests {
  @Test func importsTheDigitsModel() throws {
    let context = keptContext()
    let model = try ONNXModel(contentsOf: digitsPath)
    let module = try importONNX(model: model, into: context)
    #expect(module.attribute("onnx.opset")?.integerValue == 18)
    let function = try mainFunction(module)
    let body = try #require(function.region(0).firstBlock)
    #expect(ONNXDialect.text(body.argument(0).type) == "tensor<?x1x8x8xf32>")
    #expect(body.argument(0).nameHint == "images")
    let argument = try #require(function.attribute("arg_attrs")?.elements?.first)
    #expect(argument["onnx.name"]?.stringValue == "images")
    #expect(
      argument["onnx.dim_params"]?.elements?.compactMap(\.stringValue) == ["batch", "", "", ""])
    let result = try #require(function.attribute("res_attrs")?.elements?.first)
    #expect(result["onnx.name"]?.stringValue == "logits")
    let names = body.operations.map { $0.name.string }.filter { $0 != "onnx.Constant" }
    #expect(
      names == [
        "onnx.Conv", "onnx.Relu", "onnx.MaxPool", "onnx.Conv", "onnx.Relu", "onnx.MaxPool",
        "onnx.Flatten", "onnx.Gemm", "onnx.Relu", "onnx.Gemm", "func.return",
      ])
    let conv = try #require(body.operations.first { $0.name.string == "onnx.Conv" })
    #expect(conv.location.subject == "/conv1/Conv")
    #expect(conv.attribute("pads")?.integers == [1, 1, 1, 1])
    #expect(conv.result().nameHint == "conv1_Conv_output_0")
    try Verifier().verify(module)
  }

  @Test func viewsTheWeightsInTheFile() throws {
    let context = keptContext()
    let model = try ONNXModel(contentsOf: digitsPath)
    let module = try importONNX(model: model, into: context)
    for tensor in model.graph.initializers where (tensor.bytes?.count ?? 0) > 64 {
      let bytes = try #require(context.resource(context.intern(tensor.name)))
      #expect(bytes.baseAddress == tensor.bytes?.baseAddress)
    }
    // A second import into the same context must not take the first one's keys.
    let again = try importONNX(model: model, into: context)
    let keys = [module, again].map { module in
      module.operations(ONNXDialect.constant).compactMap {
        $0.attribute("value")?.resourceKey?.string
      }
    }
    #expect(Set(keys[0]).isDisjoint(with: keys[1]) && !keys[0].isEmpty)
  }

  @Test func specialisesTheDigitsModel() throws {
    let context = keptContext()
    let module = try importONNX(model: try ONNXModel(contentsOf: digitsPath), into: context)
    let function = try mainFunction(module)
    try ONNXSpecialization.run(function, shapes: [[360, 1, 8, 8]])
    let type = try #require(function.attribute("function_type")?.typeValue)
    #expect(type.inputs.map(ONNXDialect.text) == ["tensor<360x1x8x8xf32>"])
    #expect(type.results.map(ONNXDialect.text) == ["tensor<360x10xf32>"])
  }

  @Test func refusesInputsThatDoNotFit() throws {
    let context = keptContext()
    let model = try ONNXModel(contentsOf: digitsPath)
    func said(_ shape: [Int], _ element: Type) throws -> String {
      let function = try mainFunction(try importONNX(model: model, into: context))
      do throws(Diagnostic) {
        try ONNXSpecialization.run(function, inputs: [context.tensor(shape, element)])
        return "no complaint"
      } catch {
        return error.message
      }
    }
    let expected = "input 'images': expected tensor<?x1x8x8xf32>, got "
    #expect(try said([1, 8, 8], context.f32) == expected + "tensor<1x8x8xf32>")
    #expect(try said([2, 1, 8, 9], context.f32) == expected + "tensor<2x1x8x9xf32>")
    #expect(try said([2, 1, 8, 8], context.f64) == expected + "tensor<2x1x8x8xf64>")
    #expect(try said([2, 1, 8, 8], context.f32) == "no complaint")
    let function = try mainFunction(try importONNX(model: model, into: context))
    #expect(throws: Diagnostic.self) { try ONNXSpecialization.run(function, shapes: []) }
  }

  @Test func refusesInputsThatDisagree() throws {
    let add = graph(
      nodes: [node("a", "Add", ["x", "y"], ["z"])],
      inputs: [value("x", ["n", 2]), value("y", ["n", 2])], outputs: [value("z", ["n", 2])])
    #expect(
      try complaint(add, shapes: [[3, 2], [4, 2]])
        == "m.onnx: error: input 'y': the dimension 'n' is 4, but it is 3 in input 'x'")
    #expect(try complaint(add, shapes: [[3, 2], [3, 2]]) == "no complaint")
  }

  @Test func namesTheNodeItRefuses() throws {
    func said(_ nodes: [Message], opset: Int = 18, shape: [Int] = [2, 3]) throws -> String {
      try complaint(
        graph(nodes: nodes, inputs: [value("x", shape)], outputs: [value("y", [])]), opset: opset,
        shapes: [shape])
    }
    #expect(
      try said([node("f", "NonMaxSuppression", ["x", "x"], ["y"])])
        == "m.onnx: error: node 'f' (operator NonMaxSuppression, opset 18): "
        + "the operator is not supported")
    #expect(
      try said([
        node("", "Relu", ["x"], ["y"], attributes: [attribute("slope", kind: 2) { $0.int(3, 1) }])
      ]) == "m.onnx: error: node 0 (operator Relu, opset 18): "
        + "the attribute 'slope' is not supported")
    #expect(
      try said([node("a", "Add", ["x", "x"], ["y"])], opset: 6)
        .hasSuffix("(operator Add, opset 6): the operator is supported from opset 7 on only"))
    #expect(
      try said([node("a", "Add", ["x"], ["y"])])
        .hasSuffix("the operator does not take 1 inputs"))
    #expect(
      try said([node("a", "Add", ["x", ""], ["y"])]).hasSuffix("the input 'B' is missing"))
    #expect(
      try said([node("m", "MatMul", ["x", "x"], ["y"])])
        == "m.onnx: error: node 'm' (operator MatMul, opset 18): "
        + "the shapes [2, 3] and [2, 3] cannot be multiplied")
    #expect(try said([node("r", "Relu", ["x"], ["y"])], opset: 99).contains("newer than"))
    #expect(
      try said([node("n", "Not", ["x"], ["y"])])
        .hasSuffix("the elements must be a bool, not f32"))
    let axes = tensor("axes", type: 7, shape: [1]) { $0.packed(7, [5]) }
    let squeeze = graph(
      nodes: [node("s", "Squeeze", ["x", "axes"], ["y"])], initializers: [axes],
      inputs: [value("x", [1])], outputs: [value("y", [])])
    #expect(
      try complaint(squeeze, shapes: [[1]])
        .hasSuffix("axis 5 is not one of a tensor of rank 1"))
  }

  @Test func takesInitializedInputsAsConstants() throws {
    let weight = tensor("w", shape: [2]) { $0.data(9, raw([Float(1), 2])) }
    let add = graph(
      nodes: [node("a", "Add", ["x", "w"], ["y"])], initializers: [weight],
      inputs: [value("x", [2]), value("w", [2])], outputs: [value("y", [2])])
    let module = try importONNX(model: try decode(model(add).bytes), into: keptContext())
    let function = try mainFunction(module)
    #expect(function.region(0).arguments.count == 1)
    #expect(module.operations(ONNXDialect.constant).count == 1)
  }

  @Test func keepsAbsentInputsAndOutputs() throws {
    let bound = tensor("hi", shape: []) { $0.data(9, raw([Float(1)])) }
    let clip = graph(
      nodes: [
        node("c", "Clip", ["x", "", "hi"], ["y"]), node("d", "Clip", ["y", "", ""], ["z"]),
      ],
      initializers: [bound], inputs: [value("x", [2])], outputs: [value("z", [2])])
    let module = try importONNX(model: try decode(model(clip).bytes), into: keptContext())
    let function = try mainFunction(module)
    let clips = try #require(function.region(0).firstBlock).operations.filter {
      $0.name.string == "onnx.Clip"
    }
    #expect(clips.map(\.operandCount) == [3, 1])
    #expect(clips[0].operand(1).type.kind == BuiltinTypeKind.none)
    let context = module.context
    let x = ONNXArray(context.f32, [2], floats: [-5, 5])
    #expect(try evaluate(function, [x])[0].floats == [-5, 1])
  }

  @Test func readsAnyByteButZeroAsTrue() throws {
    let truth = tensor("t", type: 9, shape: [3]) { $0.data(9, [0, 1, 255]) }
    let not = graph(
      nodes: [node("n", "Not", ["t"], ["y"])], initializers: [truth],
      outputs: [])
    let module = try importONNX(model: try decode(model(not).bytes), into: keptContext())
    let constant = try #require(module.operations(ONNXDialect.constant).first)
    let value = try #require(constant.attribute("value").flatMap { ONNXArray($0) })
    #expect(value.ints == [0, 1, 1])
  }

  @Test func foldsShapeArithmetic() throws {
    // y = Reshape(x, Concat(Shape(x)[0:1], [-1]))
    func constant(_ name: String, _ values: [Int]) -> Message {
      tensor(name, type: 7, shape: [values.count]) { $0.packed(7, values) }
    }
    let reshape = graph(
      nodes: [
        node("shape", "Shape", ["x"], ["s"]),
        node("first", "Slice", ["s", "zero", "one"], ["n"]),
        node(
          "join", "Concat", ["n", "rest"], ["t"],
          attributes: [attribute("axis", kind: 2) { $0.int(3, 0) }]),
        node("reshape", "Reshape", ["x", "t"], ["y"]),
      ],
      initializers: [constant("zero", [0]), constant("one", [1]), constant("rest", [-1])],
      inputs: [value("x", ["n", 2, 3])], outputs: [value("y", ["n", "m"])])
    let module = try importONNX(model: try decode(model(reshape).bytes), into: keptContext())
    let function = try mainFunction(module)
    try ONNXSpecialization.run(function, shapes: [[4, 2, 3]])
    let body = try #require(function.region(0).firstBlock)
    #expect(
      body.operations.map { $0.name.string } == ["onnx.Constant", "onnx.Reshape", "func.return"])
    let type = try #require(function.attribute("function_type")?.typeValue)
    #expect(type.results.map(ONNXDialect.text) == ["tensor<4x6xf32>"])
  }
}

/// The speech model, where `MARTLET_TEST_MODELS` lists it.
@Suite struct ONNXSpeechTests {
  static let path = (getenv("MARTLET_TEST_MODELS").map { String(cString: $0) } ?? "")
    .split(separator: ":").map(String.init).first { $0.hasSuffix("silero_vad_16k_sequence.onnx") }

  @Test(.enabled(if: path != nil)) func specialisesToStaticShapes() throws {
    let context = keptContext()
    let model = try ONNXModel(contentsOf: try #require(Self.path))
    let module = try importONNX(model: model, into: context)
    let function = try mainFunction(module)
    try ONNXSpecialization.run(function, shapes: [[125, 576], [1, 1, 128], [1, 1, 128]])
    let type = try #require(function.attribute("function_type")?.typeValue)
    #expect(
      type.results.map(ONNXDialect.text) == [
        "tensor<125xf32>", "tensor<1x1x128xf32>", "tensor<1x1x128xf32>",
      ])
    let body = try #require(function.region(0).firstBlock)
    for operation in body.operations {
      for result in operation.results where result.type.kind != BuiltinTypeKind.none {
        #expect(result.type.hasStaticShape, "\(operation.name)")
      }
    }
    let names = body.operations.map { $0.name.string }
    #expect(names.filter { $0 == "onnx.LSTM" }.count == 1)
    #expect(!names.contains("onnx.ConstantOfShape") && !names.contains("onnx.Concat"))
  }
}
