import MartletIR

/// Which callables call which, by direct calls that name them.
public struct CallGraph {
  /// A call whose callee is known and has a body.
  public struct Call {
    public let operation: Operation
    public let caller: Int
    public let callee: Int
  }

  /// The callables with bodies, in order of the text.
  public private(set) var callables: [Operation] = []
  private var numbers: [Operation: Int] = [:]
  public let symbols: SymbolIndex

  public init(_ root: Operation, symbols: SymbolIndex = SymbolIndex()) {
    self.symbols = symbols
    root.walkPreOrder { operation in
      if operation != root, operation.has(.callable), operation.regionCount > 0,
        !operation.region(0).isEmpty
      {
        numbers[operation] = callables.count
        callables.append(operation)
      }
      return .advance
    }
  }

  public func number(of callable: Operation) -> Int? { numbers[callable] }

  /// The callable with a body that `operation` calls by name; nil for other operations.
  public func callee(of operation: Operation) -> Int? {
    guard operation.has(.call), let reference = operation.attribute("callee"),
      reference.kind == .symbolRef,
      let target = symbols.resolve(reference, from: operation)
    else { return nil }
    return numbers[target]
  }

  /// The calls in callable `caller`, those in callables nested in it left out.
  public func calls(in caller: Int) -> [Call] {
    var found: [Call] = []
    for region in callables[caller].regions { collect(region, caller, &found) }
    return found
  }

  /// The calls in `blocks`, which belong to callable `caller`.
  public func calls(in operations: some Sequence<Operation>, caller: Int) -> [Call] {
    var found: [Call] = []
    for operation in operations { collect(operation, caller, &found) }
    return found
  }

  private func collect(_ region: Region, _ caller: Int, _ found: inout [Call]) {
    for block in region.blocks {
      for operation in block.operations { collect(operation, caller, &found) }
    }
  }

  private func collect(_ operation: Operation, _ caller: Int, _ found: inout [Call]) {
    if operation.has(.callable) { return }
    if let callee = callee(of: operation) {
      found.append(Call(operation: operation, caller: caller, callee: callee))
    }
    for region in operation.regions { collect(region, caller, &found) }
  }

  /// Strongly connected components, callees before their callers (Tarjan's algorithm, iteratively).
  public func components() -> [[Int]] {
    let edges = callables.indices.map { calls(in: $0).map(\.callee) }
    var index = [Int](repeating: -1, count: callables.count)
    var low = index
    var isOnStack = [Bool](repeating: false, count: callables.count)
    var stack: [Int] = []
    var result: [[Int]] = []
    var next = 0
    for root in callables.indices where index[root] < 0 {
      var work: [(node: Int, edge: Int)] = [(root, 0)]
      while let (node, edge) = work.last {
        if edge == 0 {
          index[node] = next
          low[node] = next
          next += 1
          stack.append(node)
          isOnStack[node] = true
        }
        if edge < edges[node].count {
          work[work.count - 1].edge += 1
          let target = edges[node][edge]
          if index[target] < 0 {
            work.append((target, 0))
          } else if isOnStack[target] {
            low[node] = min(low[node], index[target])
          }
          continue
        }
        work.removeLast()
        if let parent = work.last { low[parent.node] = min(low[parent.node], low[node]) }
        if low[node] != index[node] { continue }
        var component: [Int] = []
        while let member = stack.popLast() {
          isOnStack[member] = false
          component.append(member)
          if member == node { break }
        }
        result.append(component.sorted())
      }
    }
    return result
  }
}
