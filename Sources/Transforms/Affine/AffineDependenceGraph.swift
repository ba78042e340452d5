import MartletAnalysis
import MartletDialects
import MartletIR

/// Which operations of a block depend on which through memory and values: a node for each loop nest and each other
/// operation that touches memory or whose results are used.
struct AffineDependenceGraph {
  struct Node {
    let id: Int
    var operation: Operation
    /// Affine reads and writes in it.
    var loads: [AffineAccess] = []
    var stores: [AffineAccess] = []
    /// Other operations that read, write or free memory.
    var otherReads: [Operation] = []
    var otherWrites: [Operation] = []
    var frees: [Operation] = []

    func loadCount(_ memref: Value) -> Int { loads.count { $0.memref == memref } }

    func storeCount(_ memref: Value) -> Int {
      stores.count { $0.memref == memref }
        + otherWrites.count { MemoryTouch.effects(of: $0, on: memref).contains(.write) }
    }

    func frees(_ memref: Value) -> Bool {
      frees.contains { MemoryTouch.effects(of: $0, on: memref).contains(.free) }
    }

    mutating func collect() {
      loads = []
      stores = []
      otherReads = []
      otherWrites = []
      frees = []
      operation.walk { inner in
        if inner.is(Affine.for) { return }
        if let access = AffineAccess(inner), access.touchesMemory {
          if access.isStore { stores.append(access) } else { loads.append(access) }
          return
        }
        guard let effects = MemoryTouch.effects(of: inner) else {
          if inner.has(.recursiveMemoryEffects) { return }
          for operand in inner.operands where operand.type.kind == .memRef {
            otherReads.append(inner)
            otherWrites.append(inner)
          }
          return
        }
        if effects.contains(where: { $0.kind == .read }) { otherReads.append(inner) }
        if effects.contains(where: { $0.kind == .write }) { otherWrites.append(inner) }
        if effects.contains(where: { $0.kind == .free }) { frees.append(inner) }
      }
    }
  }

  struct Edge: Equatable {
    var id: Int
    var value: Value
  }

  let block: Block
  private(set) var nodes: [Int: Node] = [:]
  private(set) var inEdges: [Int: [Edge]] = [:]
  private(set) var outEdges: [Int: [Edge]] = [:]
  /// How many edges there are for each memref.
  private(set) var edgeCounts: [Value: Int] = [:]
  private var nextID = 0

  /// Nil where an operation with regions of unknown meaning is in the block.
  init?(_ block: Block) {
    self.block = block
    var accesses: [(memref: Value, ids: [Int])] = []
    func note(_ memref: Value, _ id: Int) {
      if let i = accesses.firstIndex(where: { $0.memref == memref }) {
        if !accesses[i].ids.contains(id) { accesses[i].ids.append(id) }
      } else {
        accesses.append((memref, [id]))
      }
    }
    for operation in block.operations {
      let touches = AffineAccess(operation)?.touchesMemory ?? false
      let isUsed = !operation.isUnused
      let isKnown =
        operation.is(Affine.for) || touches || isUsed
        || !operation.isMemoryEffectFree
          && (operation.regionCount == 0 || operation.regionBranch != nil)
      if !isKnown {
        if operation.regionCount != 0, operation.regionBranch == nil { return nil }
        continue
      }
      var node = Node(id: nextID, operation: operation)
      nextID += 1
      node.collect()
      nodes[node.id] = node
      for access in node.loads + node.stores { note(access.memref, node.id) }
      for other in node.otherReads + node.otherWrites + node.frees {
        for value in Self.touched(other) where value.type.kind == .memRef { note(value, node.id) }
      }
    }
    addValueEdges()
    for (memref, ids) in accesses {
      for (i, source) in ids.enumerated() {
        for target in ids[(i + 1)...]
        where changes(source, memref) || changes(target, memref) {
          addEdge(source, target, memref)
        }
      }
    }
  }

  private static func touched(_ operation: Operation) -> [Value] {
    guard let effects = MemoryTouch.effects(of: operation) else {
      return operation.operands.filter { $0.type.kind == .memRef }
    }
    return effects.compactMap(\.value)
  }

  private func changes(_ id: Int, _ memref: Value) -> Bool {
    guard let node = nodes[id] else { return false }
    return node.storeCount(memref) > 0 || node.frees(memref)
  }

  /// Edges from what makes values to the nests that use them.
  private mutating func addValueEdges() {
    guard let region = block.region else { return }
    for node in nodes.values.sorted(by: { $0.id < $1.id }) where node.stores.isEmpty {
      for value in node.operation.results {
        for use in value.uses {
          guard let user = use.owner.ancestor(in: region), user.block == block,
            user.is(Affine.for),
            let target = nodes.values.first(where: { $0.operation == user }),
            target.id != node.id
          else { continue }
          addEdge(node.id, target.id, value)
        }
      }
    }
  }

  // MARK: Nodes and edges

  /// The ids in the order in which fusion looks at nodes, last first: that of a hash table as MLIR has it.
  var order: [Int] {
    var buckets = 64
    while nextID * 4 >= buckets * 3 { buckets *= 2 }
    return nodes.keys.sorted { ($0 * 37 & (buckets - 1), $0) < ($1 * 37 & (buckets - 1), $1) }
  }

  func node(of loop: Operation) -> Node? { nodes.values.first { $0.operation == loop } }

  mutating func setOperation(_ id: Int, _ operation: Operation) {
    nodes[id]?.operation = operation
  }
  mutating func collect(_ id: Int) { nodes[id]?.collect() }

  mutating func addNode(_ operation: Operation) -> Int {
    nodes[nextID] = Node(id: nextID, operation: operation)
    nextID += 1
    return nextID - 1
  }

  mutating func removeNode(_ id: Int) {
    for edge in inEdges[id] ?? [] { removeEdge(edge.id, id, edge.value) }
    for edge in outEdges[id] ?? [] { removeEdge(id, edge.id, edge.value) }
    inEdges[id] = nil
    outEdges[id] = nil
    nodes[id] = nil
  }

  mutating func addEdge(_ source: Int, _ target: Int, _ value: Value) {
    if outEdges[source]?.contains(Edge(id: target, value: value)) ?? false { return }
    outEdges[source, default: []].append(Edge(id: target, value: value))
    inEdges[target, default: []].append(Edge(id: source, value: value))
    if value.type.kind == .memRef { edgeCounts[value, default: 0] += 1 }
  }

  mutating func removeEdge(_ source: Int, _ target: Int, _ value: Value) {
    if value.type.kind == .memRef { edgeCounts[value, default: 0] -= 1 }
    if let i = inEdges[target]?.firstIndex(of: Edge(id: source, value: value)) {
      inEdges[target]?.remove(at: i)
    }
    if let i = outEdges[source]?.firstIndex(of: Edge(id: target, value: value)) {
      outEdges[source]?.remove(at: i)
    }
  }

  /// How many nodes that write `memref` this one depends on.
  func incomingWrites(_ id: Int, _ memref: Value) -> Int {
    (inEdges[id] ?? []).count {
      $0.value == memref && (nodes[$0.id]?.storeCount(memref) ?? 0) > 0
    }
  }

  func outgoing(_ id: Int, _ memref: Value) -> Int {
    (outEdges[id] ?? []).count { $0.value == memref }
  }

  func hasPath(_ source: Int, _ target: Int) -> Bool {
    guard let end = nodes[target]?.operation else { return false }
    var seen: Set<Int> = []
    var waiting = [source]
    while let id = waiting.popLast() {
      if id == target { return true }
      if !seen.insert(id).inserted { continue }
      for edge in outEdges[id] ?? [] where edge.id != id {
        guard let next = nodes[edge.id]?.operation else { continue }
        if next.block == end.block, end != next, end.isBefore(next) { continue }
        waiting.append(edge.id)
      }
    }
    return false
  }

  // MARK: Fusion

  /// The operation before which the fusion of two nests may stand; nil where dependences forbid it.
  func insertionPoint(_ source: Int, _ target: Int) -> Operation? {
    guard let first = nodes[source]?.operation, let second = nodes[target]?.operation else {
      return nil
    }
    guard let edges = outEdges[source] else { return second }
    for edge in inEdges[target] ?? [] where edge.value.type.kind != .memRef {
      if hasPath(source, edge.id) { return nil }
    }
    let behindSource = Set(edges.filter { $0.id != target }.compactMap { nodes[$0.id]?.operation })
    let beforeTarget = Set(
      (inEdges[target] ?? []).filter { $0.id != source }.compactMap { nodes[$0.id]?.operation })
    var firstUser: (position: Int, operation: Operation)?
    var lastMaker: Int?
    var position = 0
    var current = first.next
    while let operation = current, operation != second {
      if behindSource.contains(operation), firstUser == nil { firstUser = (position, operation) }
      if beforeTarget.contains(operation) { lastMaker = position }
      position += 1
      current = operation.next
    }
    guard let firstUser else { return second }
    if let lastMaker, firstUser.position <= lastMaker { return nil }
    return firstUser.operation
  }

  /// The edges of a fused producer go to its consumer.
  mutating func update(
    _ source: Int, fusedInto target: Int, privates: [Value], removesSource: Bool
  ) {
    for edge in inEdges[source] ?? [] where !privates.contains(edge.value) {
      addEdge(edge.id, target, edge.value)
    }
    for edge in outEdges[source] ?? [] {
      if edge.id == target {
        removeEdge(source, edge.id, edge.value)
      } else if removesSource {
        addEdge(target, edge.id, edge.value)
        removeEdge(source, edge.id, edge.value)
      }
    }
    for edge in inEdges[target] ?? [] where privates.contains(edge.value) {
      removeEdge(edge.id, target, edge.value)
    }
  }

  /// The edges of a fused sibling go to the other.
  mutating func update(sibling: Int, fusedInto target: Int) {
    for edge in inEdges[sibling] ?? [] {
      addEdge(edge.id, target, edge.value)
      removeEdge(edge.id, sibling, edge.value)
    }
    for edge in outEdges[sibling] ?? [] {
      addEdge(target, edge.id, edge.value)
      removeEdge(sibling, edge.id, edge.value)
    }
  }
}
