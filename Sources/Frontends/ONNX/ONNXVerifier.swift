/// Checks what ONNX asks of a model's names: each value is defined once and, as nodes are to
/// stand in topological order, before it is used.
struct ONNXVerifier {
  /// The names that can be seen at some place of a graph.
  private final class Scope {
    let outer: Scope?
    var names: Set<String> = []

    init(inside outer: Scope?) { self.outer = outer }

    func sees(_ name: String) -> Bool {
      var scope: Scope? = self
      while let current = scope {
        if current.names.contains(name) { return true }
        scope = current.outer
      }
      return false
    }
  }

  let model: ONNXModel

  func verify() throws(DecodingError) {
    try verify(model.graph, inside: nil, model.operatorSets)
    for function in model.functions {
      let sets = function.operatorSets.isEmpty ? model.operatorSets : function.operatorSets
      do throws(DecodingError) {
        try verify(function, sets)
      } catch {
        throw error.within("function '\(function.name)'")
      }
    }
  }

  private func verify(_ function: ONNXFunction, _ sets: [ONNXOperatorSet])
    throws(DecodingError)
  {
    let scope = Scope(inside: nil)
    for name in function.inputs {
      try define(name, in: scope, what: "input", offset: function.offset)
    }
    try verify(function.nodes, scope, sets)
    for name in function.outputs where !scope.sees(name) {
      throw DecodingError(
        offset: function.offset, message: "nothing defines the output '\(name)'")
    }
  }

  private func verify(_ graph: ONNXGraph, inside outer: Scope?, _ sets: [ONNXOperatorSet])
    throws(DecodingError)
  {
    let scope = Scope(inside: outer)
    for input in graph.inputs {
      try define(input.name, in: scope, what: "input", offset: input.offset)
    }
    // An initializer may give an input its default value, but only one may.
    var initialized: Set<String> = []
    for tensor in graph.initializers {
      guard initialized.insert(tensor.name).inserted else {
        throw DecodingError(
          offset: tensor.offset, message: "two initializers have the name '\(tensor.name)'")
      }
      scope.names.insert(tensor.name)
    }
    try verify(graph.nodes, scope, sets)
    var outputs: Set<String> = []
    for output in graph.outputs {
      guard scope.sees(output.name) else {
        throw DecodingError(
          offset: output.offset, message: "nothing defines the graph's output '\(output.name)'")
      }
      guard outputs.insert(output.name).inserted else {
        throw DecodingError(
          offset: output.offset, message: "two outputs have the name '\(output.name)'")
      }
    }
  }

  private func define(_ name: String, in scope: Scope, what: String, offset: Int)
    throws(DecodingError)
  {
    guard scope.names.insert(name).inserted else {
      throw DecodingError(
        offset: offset, message: "the \(what) '\(name)' has the name of another value")
    }
  }

  private func verify(_ nodes: [ONNXNode], _ scope: Scope, _ sets: [ONNXOperatorSet])
    throws(DecodingError)
  {
    for (index, node) in nodes.enumerated() {
      do throws(DecodingError) {
        for (position, name) in node.inputs.enumerated() where !name.isEmpty {
          guard scope.sees(name) else {
            throw undefined(name, input: position, of: index, in: nodes, sets)
          }
        }
        for attribute in node.attributes {
          for graph in attribute.subgraphs {
            do throws(DecodingError) {
              try verify(graph, inside: scope, sets)
            } catch {
              throw error.within("attribute '\(attribute.name)'")
            }
          }
        }
        for name in node.outputs where !name.isEmpty {
          try define(name, in: scope, what: "output", offset: node.offset)
        }
      } catch {
        throw error.within(node.label(index: index, operatorSets: sets))
      }
    }
  }

  /// Why input number `position` of node `index` is not seen: nothing defines it, a node further
  /// down does, or the nodes wait for each other.
  private func undefined(
    _ name: String, input position: Int, of index: Int, in nodes: [ONNXNode],
    _ sets: [ONNXOperatorSet]
  ) -> DecodingError {
    let offset = nodes[index].offset
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = index }
    }
    guard let producer = producers[name] else {
      return DecodingError(
        offset: offset, message: "nothing defines the value '\(name)' of input \(position)")
    }
    if let cycle = firstCycle(in: nodes, producers) {
      let path = (cycle + cycle.prefix(1)).map {
        nodes[$0].name.isEmpty ? "node \($0)" : "'\(nodes[$0].name)'"
      }
      let shown = path.count <= 8 ? path : path.prefix(6) + ["...", path[path.count - 1]]
      return DecodingError(
        offset: offset,
        message: "the graph has a cycle: \(shown.joined(separator: " -> "))")
    }
    let label = nodes[producer].label(index: producer, operatorSets: sets)
    return DecodingError(
      offset: offset,
      message: "the value '\(name)' of input \(position) is used before \(label) defines it; "
        + "nodes must be in topological order")
  }

  /// The nodes of a cycle, each followed by one that uses its result; nil where there is none.
  /// Depth-first search that keeps its own stack, since graphs may be a million nodes deep.
  private func firstCycle(in nodes: [ONNXNode], _ producers: [String: Int]) -> [Int]? {
    let dependencies = nodes.map { node in usedNames(of: node).compactMap { producers[$0] } }
    enum State { case unseen, open, done }
    var state = [State](repeating: .unseen, count: nodes.count)
    for root in nodes.indices where state[root] == .unseen {
      var stack = [(node: root, next: 0)]
      state[root] = .open
      while let top = stack.last {
        guard top.next < dependencies[top.node].count else {
          state[top.node] = .done
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let dependency = dependencies[top.node][top.next]
        switch state[dependency] {
        case .done: break
        case .unseen:
          state[dependency] = .open
          stack.append((dependency, 0))
        case .open:
          // The stack runs from users to what they use.
          let path = stack.map { $0.node }
          guard let start = path.firstIndex(of: dependency) else { break }
          let cycle = Array(path[start...].reversed())
          // Begun at its first node, as a reader of the file meets it.
          let first = cycle.indices.min { cycle[$0] < cycle[$1] } ?? 0
          return Array(cycle[first...] + cycle[..<first])
        }
      }
    }
    return nil
  }

  /// The values a node takes from its graph, for itself and for the graphs inside it.
  private func usedNames(of node: ONNXNode) -> [String] {
    var names = node.inputs
    for attribute in node.attributes {
      for graph in attribute.subgraphs {
        let inner = Set(
          graph.inputs.map(\.name) + graph.initializers.map(\.name)
            + graph.nodes.flatMap(\.outputs))
        let used = graph.nodes.flatMap { usedNames(of: $0) } + graph.outputs.map(\.name)
        names += used.filter { !inner.contains($0) }
      }
    }
    return names.filter { !$0.isEmpty }
  }
}
