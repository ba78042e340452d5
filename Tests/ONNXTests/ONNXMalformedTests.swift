import Glibc
import MartletSupport
import TestSupport
import Testing

@testable import MartletONNX

/// Numbers that are the same in every run (SplitMix64).
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

@Suite struct ONNXMalformedTests {
  @Test func refusesOtherFiles() {
    #expect(complaint([]) == "m.onnx: error: not an ONNX file: it is empty")
    let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]
    #expect(complaint(png).contains("not an ONNX file: it looks like a PNG image"))
    for text in ["hello\n", "Bananas are yellow.", "{\"a\": 1}", "module {\n}\n", "*\n", "::::"] {
      #expect(complaint(Array(text.utf8)) == "m.onnx: error: not an ONNX file: it looks like text")
    }
    let zip: [UInt8] = [0x50, 0x4b, 3, 4, 20, 0, 0, 0]
    #expect(complaint(zip).contains("a zip archive"))
    let noGraph = Message { $0.int(1, 8) }
    #expect(complaint(noGraph.bytes).contains("not an ONNX file: it holds no graph"))
  }

  @Test func refusesRandomBytes() {
    var random = Generator(state: 1)
    for length in 1...400 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = complaint(bytes)
      #expect(text.hasPrefix("m.onnx: error: not an ONNX file"), "\(bytes.prefix(8)): \(text)")
    }
  }

  @Test func refusesMissingFilesAndFolders() {
    for path in ["/nonexistent/m.onnx", "/tmp"] {
      #expect(throws: Diagnostic.self) { try ONNXModel(contentsOf: path) }
    }
  }

  @Test func refusesModelsWithoutTheNecessary() {
    let noVersion = Message {
      $0.text(2, "p")
      $0.message(7, graph())
      $0.message(8, operatorSet("", 18))
    }
    #expect(complaint(noVersion.bytes).contains("ir_version is missing"))
    let noSet = Message {
      $0.int(1, 8)
      $0.message(7, graph())
    }
    #expect(complaint(noSet.bytes).contains("imports no operator set"))
    let twoGraphs = model(graph()) { $0.message(7, graph()) }
    #expect(complaint(twoGraphs.bytes).contains("the model has two graphs"))
    let noGraph = Message {
      $0.int(1, 8)
      $0.text(2, "p")
    }
    #expect(complaint(noGraph.bytes).contains("the model has no graph"))
    let foreign = graph(nodes: [node("f", "Foo", [], ["y"], domain: "com.example")])
    #expect(
      complaint(graph: foreign).contains(
        "node 'f' (operator com.example.Foo): the model imports no operator set for the domain"))
    #expect(
      complaint(graph: graph(nodes: [Message()])).contains("node 0: the node names no operator"))
  }

  @Test func refusesMalformedAttributes() {
    func said(_ attributes: [Message]) -> String {
      complaint(graph: graph(nodes: [node("n", "Foo", [], ["y"], attributes: attributes)]))
    }
    let axis = attribute("axis", kind: 2) { $0.int(3, 1) }
    #expect(said([axis, axis]).contains("attribute 'axis' is given twice"))
    #expect(
      said([attribute("axis", kind: 2) { $0.float(2, 1) }]).contains(
        "attribute 'axis': the attribute is said to be an int but is a float"))
    #expect(said([attribute("v", kind: 4) { _ in }]).contains("no value is given for a tensor"))
    #expect(said([attribute("v", kind: 99) { _ in }]).contains("of the unknown kind 99"))
    #expect(said([Message { $0.int(3, 1) }]).contains("an attribute has no name"))
    #expect(
      said([
        attribute("v", kind: 2) {
          $0.int(3, 1)
          $0.float(2, 1)
        }
      ]).contains("values of several kinds"))
    #expect(said([attribute("v", kind: 2) { $0.text(3, "1") }]).contains("field 3 is written as"))
  }

  @Test func refusesMalformedWireData() {
    func said(_ build: (inout Message) -> Void) -> String {
      complaint(graph: graph(inputs: [value("x", [])], build))
    }
    #expect(said { $0.tag(40, 7) }.contains("unknown wire type 7"))
    #expect(said { $0.bytes += [0x00, 0x00] }.contains("field number 0 is not allowed"))
    #expect(said { $0.tag(40, 4) }.contains("group 40 ends but was never begun"))
    #expect(said { $0.tag(40, 3) }.contains("group 40 has no end"))
    #expect(
      said {
        $0.tag(40, 3)
        $0.tag(41, 4)
      }.contains("ended as if it were group 41"))
    #expect(
      said { message in for _ in 0..<100_000 { message.tag(40, 3) } }.contains("nested too deeply"))
    #expect(
      said { $0.bytes += [0xc0, 0x02] + Array(repeating: 0xff, count: 10) }.contains("64 bits"))
    #expect(said { $0.bytes += [0xc2, 0x02, 0xff, 0xff, 0xff, 0x7f] }.contains("are announced"))
    #expect(said { $0.data(2, [0xff, 0xfe]) }.contains("not valid UTF-8"))
    #expect(said { $0.message(11, value("v", [-2])) }.contains("value 'v': the extent -2"))
    #expect(
      said { $0.message(13, value("v", [1 << 40, 1 << 40])) }.contains("too many elements"))
    #expect(
      complaint(tensor: tensor("w", shape: [1]) { $0.data(4, [0, 0, 0]) }).contains(
        "packs 4-byte values into 3 bytes"))
  }

  @Test func refusesDeepNesting() {
    var inner = graph()
    for _ in 0..<2000 {
      let body = inner
      inner = graph(
        nodes: [
          node("", "If", [], [], attributes: [attribute("b", kind: 5) { $0.message(6, body) }])
        ])
    }
    #expect(complaint(graph: inner).contains("graphs are nested more than 32 deep"))
    var type = Message()
    for _ in 0..<2000 {
      let element = type
      type = Message { $0.message(4, Message { $0.message(1, element) }) }
    }
    let input = Message {
      $0.text(1, "x")
      $0.message(2, type)
    }
    #expect(complaint(graph: graph(inputs: [input])).contains("the type is nested too deeply"))
  }

  @Test func refusesTruncationAtEveryByte() {
    let bytes = sampleModel().bytes
    for length in 0..<bytes.count {
      #expect(complaint(bytes.prefix(length)).contains("error: "), "at \(length)")
    }
  }

  @Test func survivesFlippedBits() {
    var random = Generator(state: 2)
    let original = sampleModel().bytes
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
      do throws(Diagnostic) {
        exercise(try decode(bytes))
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1000 && refused < 20_000)
  }

  /// Messages of many tiny parts, and claims of vast ones, take memory in proportion to the file.
  @Test func memoryIsBoundedByTheFile() {
    var before = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &before)
    let claims: [[Int]] = [[1 << 40], [1 << 33], [1 << 20, 1 << 20], [.max]]
    for shape in claims {
      for type in [1, 2, 7, 8, 9, 22] {
        #expect(complaint(tensor: tensor("w", type: type, shape: shape)).contains("error: "))
      }
    }
    for field in 1...16 {
      let filler = graph { for _ in 0..<(1 << 16) { $0.data(field, []) } }
      _ = complaint(graph: filler)
      let constant = attribute("v", kind: 0) { message in
        for _ in 0..<(1 << 16) { message.data(field, []) }
      }
      _ = complaint(graph: graph(nodes: [node("n", "Foo", [], ["y"], attributes: [constant])]))
    }
    var after = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &after)
    #expect(after.ru_maxrss - before.ru_maxrss < 256 * 1024)
  }
}

/// Touches everything that a decoded model says it has.
func exercise(_ model: ONNXModel) {
  var sum = 0
  for tensor in model.graph.initializers {
    sum &+= tensor.bytes.map { $0.reduce(0) { $0 &+ Int($1) } } ?? 0
    sum &+= tensor.integers?.count ?? 0
    sum &+= tensor.elementCount
  }
  for (index, node) in model.graph.nodes.enumerated() {
    sum &+= model.label(node, index: index).utf8.count
    for attribute in node.attributes { sum &+= attribute.kindName.utf8.count }
  }
  for info in model.graph.inputs { sum &+= info.type?.description.utf8.count ?? 0 }
  #expect(sum != .min)
}
