import Glibc
import MartletSupport
import TestSupport
import Testing

@testable import MartletONNX

private final class Buffer {
  let memory: UnsafeMutableRawBufferPointer

  init(_ bytes: some Collection<UInt8>) {
    memory = .allocate(byteCount: bytes.count, alignment: 1)
    memory.copyBytes(from: bytes)
  }

  deinit { memory.deallocate() }
}

/// Decodes bytes that lie in memory of exactly their size, so that reading past them is noticed
/// by memory checkers.
func decode(_ bytes: some Collection<UInt8>) throws(Diagnostic) -> ONNXModel {
  let buffer = Buffer(bytes)
  return try ONNXModel(
    decoding: ONNXBytes(UnsafeRawBufferPointer(buffer.memory), ownedBy: buffer), named: "m.onnx")
}

/// What the decoder says about bytes it must refuse.
func complaint(_ bytes: some Collection<UInt8>) -> String {
  do throws(Diagnostic) {
    _ = try decode(bytes)
    return "no complaint"
  } catch {
    return error.description
  }
}

/// What the decoder says about a model with this graph.
func complaint(graph: Message) -> String { complaint(model(graph).bytes) }

/// A graph of one initializer.
func complaint(tensor: Message) -> String { complaint(graph: graph(initializers: [tensor])) }

func content(_ tensor: ONNXTensor?) -> [UInt8]? { tensor?.bytes.map { Array($0) } }

@Suite struct ONNXDecoderTests {
  @Test func decodesAModel() throws {
    let model = try decode(sampleModel().bytes)
    #expect(model.irVersion == 8)
    #expect(model.producerName == "test")
    #expect(model.operatorSetVersion(domain: "") == 18)
    #expect(model.operatorSetVersion(domain: "ai.onnx") == 18)
    #expect(model.operatorSetVersion(domain: "com.example") == nil)
    let graph = model.graph
    #expect(graph.name == "main")
    #expect(graph.inputs.map(\.name) == ["x"])
    #expect(graph.inputs[0].type == .tensor(.float, shape: [.parameter("batch"), .value(2)]))
    #expect(graph.outputs[0].type?.description == "tensor(float)[batch,3]")
    #expect(graph.nodes.map(\.operatorName) == ["MatMul", "Add", "Relu"])
    #expect(graph.nodes[0].inputs == ["x", "w"])
    #expect(graph.nodes[2].outputs == ["y"])
    #expect(model.label(graph.nodes[1], index: 1) == "node 'add' (operator Add, opset 18)")
    #expect(graph.initializers.map(\.shape) == [[2, 3], [3]])
    #expect(content(graph.initializers[0]) == raw([1, 2, 3, 4, 5, 6] as [Float]))
    #expect(content(graph.initializers[1]) == raw([0.5, 1.5, 2.5] as [Float]))
  }

  @Test func decodesAttributes() throws {
    let node = try decode(sampleModel().bytes).graph.nodes[1]
    #expect(node.attribute("alpha")?.float == 0.5)
    #expect(node.attribute("axis")?.int == -1)
    #expect(node.attribute("mode")?.text == "reflect")
    #expect(node.attribute("value")?.tensor?.integers == [3, -4])
    #expect(node.attribute("scales")?.floats == [1, 2])
    #expect(node.attribute("pads")?.ints == [1, 2, -3])
    #expect(node.attribute("missing") == nil)
    guard case .strings(let names)? = node.attribute("names")?.value else {
      Issue.record("names is not a list of strings")
      return
    }
    #expect(names == [Array("a".utf8), Array("b".utf8)])
  }

  @Test func decodesSubgraphsThatUseOuterValues() throws {
    let inner = graph(
      nodes: [node("neg", "Neg", ["x"], ["n"])], outputs: [value("n", [])])
    let branch = node(
      "if", "If", ["x"], ["y"],
      attributes: [attribute("then_branch", kind: 5) { $0.message(6, inner) }])
    let decoded = try decode(
      model(graph(nodes: [branch], inputs: [value("x", [])], outputs: [value("y", [])])).bytes)
    #expect(decoded.graph.nodes[0].attribute("then_branch")?.graph?.nodes[0].inputs == ["x"])
  }

  @Test func decodesFunctions() throws {
    let function = Message {
      $0.text(1, "Twice")
      $0.text(4, "a")
      $0.text(5, "b")
      $0.text(6, "by")
      let reference = Message {
        $0.text(1, "axis")
        $0.int(20, 2)
        $0.text(21, "by")
      }
      $0.message(7, node("", "Add", ["a", "a"], ["b"], attributes: [reference]))
      $0.message(9, operatorSet("", 15))
      $0.text(10, "com.example")
    }
    let bytes = model(
      graph(
        nodes: [node("t", "Twice", ["x"], ["y"], domain: "com.example")],
        inputs: [value("x", [])], outputs: [value("y", [])])
    ) {
      $0.message(8, operatorSet("com.example", 1))
      $0.message(25, function)
    }.bytes
    let decoded = try decode(bytes)
    #expect(decoded.functions.map(\.name) == ["Twice"])
    #expect(decoded.functions[0].domain == "com.example")
    #expect(decoded.functions[0].operatorSets == [ONNXOperatorSet(domain: "", version: 15)])
    guard case .reference("by")? = decoded.functions[0].nodes[0].attribute("axis")?.value else {
      Issue.record("axis is not a reference")
      return
    }
    #expect(
      decoded.label(decoded.graph.nodes[0], index: 0)
        == "node 't' (operator com.example.Twice, opset 1)")
  }

  @Test func keepsTypesThatAreNotTensors() throws {
    let dense = Message { $0.message(1, Message { $0.int(1, 1) }) }
    let sequence = Message { $0.message(4, Message { $0.message(1, dense) }) }
    let optional = Message { $0.message(9, Message { $0.message(1, sequence) }) }
    let input = Message {
      $0.text(1, "s")
      $0.message(2, optional)
    }
    let decoded = try decode(model(graph(inputs: [input])).bytes)
    #expect(
      decoded.graph.inputs[0].type == .unsupported("optional(sequence(tensor(float)))"))
  }

  @Test func passesOverUnknownFields() throws {
    let bytes = model(graph(inputs: [value("x", [])])) {
      $0.int(90, 1)
      $0.text(91, "later")
      $0.float(92, 1)
      $0.double(93, 1)
      $0.tag(94, 3)
      $0.tag(95, 3)
      $0.int(1, 7)
      $0.tag(95, 4)
      $0.tag(94, 4)
    }.bytes
    #expect(try decode(bytes).graph.inputs.map(\.name) == ["x"])
  }

  @Test func acceptsScalarsThatProto3LeavesOut() throws {
    let attributes = [
      attribute("axis", kind: 2) { _ in }, attribute("pads", kind: 7) { _ in },
      attribute("mode", kind: 3) { _ in },
    ]
    let node = node("n", "Foo", [], ["y"], attributes: attributes)
    let decoded = try decode(model(graph(nodes: [node])).bytes).graph.nodes[0]
    #expect(decoded.attribute("axis")?.int == 0)
    #expect(decoded.attribute("pads")?.ints == [])
    #expect(decoded.attribute("mode")?.text == "")
  }

  @Test func infersTheKindOfOldAttributes() throws {
    let old = Message {
      $0.text(1, "axis")
      $0.int(3, 4)
    }
    let decoded = try decode(
      model(graph(nodes: [node("n", "Foo", [], ["y"], attributes: [old])])).bytes)
    #expect(decoded.graph.nodes[0].attribute("axis")?.int == 4)
  }
}

@Suite struct ONNXTensorTests {
  private func decodeTensor(_ tensor: Message) throws -> ONNXTensor? {
    try decode(model(graph(initializers: [tensor])).bytes).graph.initializers.first
  }

  @Test func rawDataIsAViewOfTheFile() throws {
    let bytes = sampleModel().bytes
    let buffer = Buffer(bytes)
    let whole = UnsafeRawBufferPointer(buffer.memory)
    let model = try ONNXModel(decoding: ONNXBytes(whole, ownedBy: buffer), named: "m")
    let start = try #require(whole.baseAddress)
    for weight in model.graph.initializers {
      let address = try #require(weight.bytes?.baseAddress)
      #expect(address >= start && address < start + whole.count)
    }
  }

  @Test func readsTypedFieldsPackedAndUnpacked() throws {
    let floats: [Float] = [1, -2]
    let unpackedFloats = tensor("t", shape: [2]) { for f in floats { $0.float(4, f) } }
    #expect(content(try decodeTensor(unpackedFloats)) == raw(floats))
    let packedFloats = tensor("t", shape: [2]) { $0.data(4, raw(floats)) }
    #expect(content(try decodeTensor(packedFloats)) == raw(floats))
    let doubles = tensor("t", type: 11, shape: [2]) {
      $0.double(10, 1)
      $0.double(10, 3)
    }
    #expect(content(try decodeTensor(doubles)) == raw([1, 3] as [Double]))
    let unpackedInts = tensor("t", type: 7, shape: [2]) {
      $0.int(7, -5)
      $0.int(7, .max)
    }
    #expect(try decodeTensor(unpackedInts)?.integers == [-5, .max])
    let unsigned = tensor("t", type: 12, shape: [1]) { $0.packed(11, [0xffff_ffff]) }
    #expect(try decodeTensor(unsigned)?.integers == [0xffff_ffff])
    let wide = tensor("t", type: 13, shape: [1]) { $0.packed(11, [-1]) }
    #expect(content(try decodeTensor(wide)) == raw([UInt64.max]))
  }

  @Test(arguments: [(2, 200), (3, -100), (4, 60000), (5, -30000), (6, -70000), (9, 1)])
  func readsIntegersFromInt32Data(type: Int, value: Int) throws {
    let decoded = try decodeTensor(
      tensor("t", type: type, shape: [2]) { $0.packed(5, [value, 1]) })
    #expect(decoded?.integers == [Int64(value), 1])
  }

  @Test func readsPackedNibblesAndHalves() throws {
    let nibbles = tensor("t", type: 22, shape: [3]) { $0.packed(5, [0x21, 0x03]) }
    #expect(content(try decodeTensor(nibbles)) == [0x21, 0x03])
    let halves = tensor("t", type: 10, shape: [2]) { $0.packed(5, [0x3c00, 0xc000]) }
    #expect(content(try decodeTensor(halves)) == raw([0x3c00, 0xc000] as [UInt16]))
  }

  @Test func readsStringsScalarsAndEmptyTensors() throws {
    let strings = try decodeTensor(tensor("t", type: 8, shape: [1]) { $0.text(6, "hé") })
    guard case .strings([Array("hé".utf8)])? = strings?.content else {
      Issue.record("the string is not there")
      return
    }
    let scalar = try decodeTensor(tensor("t", shape: []) { $0.float(4, 7) })
    #expect(scalar?.shape == [] && scalar?.elementCount == 1)
    let empty = try decodeTensor(tensor("t", shape: [1 << 40, 0, 1 << 40]))
    #expect(empty?.elementCount == 0 && content(empty) == [])
  }

  @Test func refusesDataThatDoNotFitTheShape() {
    let wrongRaw = tensor("w", shape: [2, 2]) { $0.data(9, raw([1, 2, 3] as [Float])) }
    #expect(
      complaint(tensor: wrongRaw).hasSuffix(
        "tensor 'w': raw_data has 12 bytes, but the shape [2, 2] of float needs 16"))
    let wrongField = tensor("w", shape: [1]) { $0.packed(7, [1]) }
    #expect(
      complaint(tensor: wrongField).contains("the data has 0 bytes, but the shape [1] of float"))
    let strings = tensor("w", type: 8, shape: [2]) { $0.text(6, "a") }
    #expect(complaint(tensor: strings).contains("the strings given are 1, but the shape [2]"))
    #expect(
      complaint(tensor: tensor("w", shape: [1 << 32, 1 << 32])).contains(
        "tensor 'w': the shape [4294967296, 4294967296] has more elements than can be counted"))
    #expect(
      complaint(tensor: tensor("w", shape: [1 << 62])).contains("of float has too many bytes"))
    #expect(complaint(tensor: tensor("w", shape: [2, -1])).contains("extent -1"))
    let large = tensor("w", type: 3, shape: [1]) { $0.packed(5, [256]) }
    #expect(complaint(tensor: large).contains("the value 256 does not fit in 8 bits"))
  }

  @Test func refusesWhatIsNotSupported() {
    let segments = tensor("w", shape: [1]) { $0.message(3, Message { $0.int(1, 0) }) }
    #expect(complaint(tensor: segments).contains("tensor 'w': tensors stored in segments"))
    #expect(
      complaint(tensor: tensor("w", type: 27, shape: [1])).contains(
        "tensor 'w': element type 27 is not supported"))
    #expect(complaint(tensor: tensor("w", type: 0, shape: [])).contains("has no element type"))
    #expect(complaint(tensor: tensor("", shape: [0])).contains("initializer 0 has no name"))
    let sparse = graph { $0.message(15, Message()) }
    #expect(complaint(graph: sparse).contains("sparse initializers are not supported"))
    let attributes = [attribute("v", kind: 11) { $0.message(22, Message()) }]
    let constant = graph(nodes: [node("c", "Constant", [], ["y"], attributes: attributes)])
    #expect(
      complaint(graph: constant).contains(
        "node 'c' (operator Constant, opset 18): attribute 'v': sparse tensors are not supported"))
  }

  @Test func refusesExternalDataOfAModelInMemory() {
    let external = tensor("w", shape: [1]) {
      $0.message(
        13,
        Message {
          $0.text(1, "location"); $0.text(2, "w.bin")
        })
      $0.int(14, 1)
    }
    #expect(complaint(tensor: external).contains("'w.bin' cannot be found"))
  }
}
