import TestSupport
import Testing

@testable import MartletONNX

@Suite struct ONNXVerifierTests {
  @Test func findsCycles() {
    let nodes = [
      node("a", "Add", ["x", "r"], ["p"]), node("b", "Relu", ["p"], ["q"]),
      node("c", "Relu", ["q"], ["r"]),
    ]
    #expect(
      complaint(graph: graph(nodes: nodes, inputs: [value("x", [])])).hasSuffix(
        "node 'a' (operator Add, opset 18): the graph has a cycle: 'a' -> 'b' -> 'c' -> 'a'"))
    let loop = graph(nodes: [node("", "Relu", ["y"], ["y"])])
    #expect(complaint(graph: loop).hasSuffix("a cycle: node 0 -> node 0"))
  }

  @Test func findsCyclesThroughSubgraphs() {
    let inner = graph(nodes: [node("n", "Neg", ["y"], ["z"])], outputs: [value("z", [])])
    let body = attribute("body", kind: 5) { $0.message(6, inner) }
    let nodes = [
      node("if", "If", [], ["x"], attributes: [body]), node("relu", "Relu", ["x"], ["y"]),
    ]
    #expect(complaint(graph: graph(nodes: nodes)).contains("nothing defines the value 'y'"))
  }

  @Test func findsAVeryLongCycleWithoutRecursion() {
    let count = 20_000
    let nodes = (0..<count).map {
      node("", "Relu", ["v\(($0 + 1) % count)"], ["v\($0)"])
    }
    #expect(complaint(graph: graph(nodes: nodes)).contains("the graph has a cycle: node "))
  }

  @Test func findsNodesOutOfOrder() {
    let nodes = [node("b", "Relu", ["p"], ["q"]), node("a", "Relu", ["x"], ["p"])]
    #expect(
      complaint(graph: graph(nodes: nodes, inputs: [value("x", [])])).contains(
        "node 'b' (operator Relu, opset 18): the value 'p' of input 0 is used before node 'a' "
          + "(operator Relu, opset 18) defines it"))
  }

  @Test func findsUndefinedNames() {
    let nodes = [node("a", "Add", ["x", "ghost"], ["y"])]
    #expect(
      complaint(graph: graph(nodes: nodes, inputs: [value("x", [])])).contains(
        "nothing defines the value 'ghost' of input 1"))
    #expect(
      complaint(graph: graph(outputs: [value("y", [])])).contains(
        "nothing defines the graph's output 'y'"))
  }

  @Test func findsDuplicateNames() {
    let x = value("x", [])
    let relu = node("r", "Relu", ["x"], ["x"])
    #expect(
      complaint(graph: graph(nodes: [relu], inputs: [x])).contains(
        "node 'r' (operator Relu, opset 18): the output 'x' has the name of another value"))
    #expect(complaint(graph: graph(inputs: [x, x])).contains("the input 'x' has the name"))
    let weight = tensor("w", shape: [0])
    #expect(
      complaint(graph: graph(initializers: [weight, weight])).contains(
        "two initializers have the name 'w'"))
    #expect(complaint(graph: graph(inputs: [x], outputs: [x, x])).contains("two outputs"))
  }

  @Test func letsInitializersBeInputsAndOptionalsBeAbsent() throws {
    let weight = tensor("w", shape: [0])
    let clip = node("c", "Clip", ["w", "", "w"], ["y", "", ""])
    let decoded = try decode(
      model(
        graph(
          nodes: [clip], initializers: [weight], inputs: [value("w", [0])],
          outputs: [value("y", [0])])
      ).bytes)
    #expect(decoded.graph.nodes[0].inputs == ["w", "", "w"])
  }

  @Test func checksFunctions() {
    let function = Message {
      $0.text(1, "F")
      $0.text(4, "a")
      $0.text(5, "b")
      $0.message(7, node("", "Relu", ["q"], ["b"]))
    }
    let bytes = model(graph()) { $0.message(25, function) }.bytes
    #expect(
      complaint(bytes).contains("function 'F': node 0 (operator Relu, opset 18): nothing defines"))
  }
}
