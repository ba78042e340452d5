import MartletDialects
import MartletIR

/// The program as it was written, as a graph: its computations, and which takes what from which.
struct ProgramGraph {
  struct Node {
    enum Kind: String { case input, operation, output }
    let kind: Kind
    let label: String
    let type: String
    /// Number of its set of places.
    let location: Int
    /// Number of the operation in listings; -1 for an input or output.
    let operation: Int
    /// How many loops are around it.
    let depth: Int
  }

  private(set) var nodes: [Node] = []
  private(set) var edges: [(from: Int, to: Int)] = []
  /// Computations left out because there were too many.
  private(set) var omitted = 0
  static let nodeLimit = 1500

  private let recorder: CompilationRecorder
  private var numbers: [Operation: Int] = [:]
  private var nodeOf: [Operation: Int] = [:]
  private var argumentNode: [Value: Int] = [:]
  private var seen: Set<Value> = []
  private var showsScalars = false

  /// The graph of the entry of `module`; nil where it has no function with a body.
  init?(_ module: Operation, entry: String?, _ recorder: CompilationRecorder) {
    self.recorder = recorder
    let functions =
      module.regions.first?.blocks.flatMap { block in
        block.operations.compactMap { FuncOp($0) }
      } ?? []
    let defined = functions.filter { !$0.isDeclaration }
    guard
      let function = defined.first(where: { $0.name == (entry ?? "main") })
        ?? defined.first(where: { !$0.isPrivate }) ?? defined.first
    else { return nil }
    for (operation, number, _) in recorder.operations { numbers[operation] = number }
    var hasShapes = false
    function.operation.walkPreOrder { operation in
      if operation != function.operation, Self.isShaped(operation) { hasShapes = true }
      return hasShapes ? .interrupt : .advance
    }
    showsScalars = !hasShapes
    build(function)
  }

  private static func isShaped(_ operation: Operation) -> Bool {
    operation.operands.types.contains { $0.isShaped }
      || operation.results.types.contains { $0.isShaped }
  }

  private mutating func build(_ function: FuncOp) {
    for (i, argument) in function.arguments.enumerated() {
      argumentNode[argument] = nodes.count
      nodes.append(
        Node(
          kind: .input, label: Signature.name(ofParameter: i, function),
          type: "\(argument.type)", location: 0, operation: -1, depth: 0))
    }
    for block in function.body.blocks { add(block, depth: 0) }
    for (operation, node) in nodeOf.sorted(by: { $0.value < $1.value }) {
      var sources: Set<Int> = []
      for operand in operation.operands { collect(operand, &sources) }
      operation.walk { inner in
        for operand in inner.operands where inner != operation { collect(operand, &sources) }
      }
      for source in sources.sorted() where source != node { edges.append((source, node)) }
    }
    for returned in function.returns {
      for (i, value) in returned.operands.enumerated() {
        let node = nodes.count
        nodes.append(
          Node(
            kind: .output, label: Signature.name(ofResult: i, function), type: "\(value.type)",
            location: 0, operation: -1, depth: 0))
        seen.removeAll()
        var sources: Set<Int> = []
        collect(value, &sources)
        for source in sources.sorted() { edges.append((source, node)) }
      }
    }
  }

  /// Whether its regions say how often and in which order, so that what is inside is shown instead of it.
  private func isControl(_ operation: Operation) -> Bool {
    operation.regionCount > 0 && ["scf", "affine", "onnx"].contains(operation.name.dialectName)
  }

  private mutating func add(_ block: Block, depth: Int) {
    for operation in block.operations {
      if isControl(operation) {
        for region in operation.regions {
          for inner in region.blocks { add(inner, depth: depth + 1) }
        }
        continue
      }
      if operation.has(.terminator) || operation.has(.constantLike) { continue }
      if operation.name.string == "tensor.empty" || operation.name.string == "onnx.Constant" {
        continue
      }
      guard showsScalars || Self.isShaped(operation) else { continue }
      if nodes.count >= Self.nodeLimit {
        omitted += 1
        continue
      }
      nodeOf[operation] = nodes.count
      let type = operation.resultCount > 0 ? "\(operation.result().type)" : ""
      nodes.append(
        Node(
          kind: .operation, label: operation.name.string, type: type,
          location: recorder.locations.set(of: operation.location),
          operation: numbers[operation] ?? -1, depth: depth))
    }
  }

  /// The nodes a value comes from, through what is not shown.
  private mutating func collect(_ value: Value, _ sources: inout Set<Int>) {
    seen.removeAll(keepingCapacity: true)
    var work = [value]
    while let value = work.popLast() {
      guard seen.insert(value).inserted, seen.count < 10_000 else { continue }
      if let node = argumentNode[value] {
        sources.insert(node)
        continue
      }
      if let operation = value.definingOperation {
        if let node = nodeOf[operation] {
          sources.insert(node)
        } else if isControl(operation) {
          // Each region hands its last operands on as results.
          for region in operation.regions {
            guard let last = region.blocks.reversed().first?.lastOperation else { continue }
            let i = last.operandCount - operation.resultCount + value.index
            if i >= 0, i < last.operandCount { work.append(last.operand(i)) }
          }
        } else {
          work += operation.operands
        }
      } else if let block = value.owningBlock, let parent = block.parentOperation,
        isControl(parent)
      {
        // Arguments carry the last operands into the region, and the region's own results around.
        let i = value.index + parent.operandCount - block.argumentCount
        if i >= 0, i < parent.operandCount { work.append(parent.operand(i)) }
      }
    }
  }
}

/// What was fused: the operations of the source that one group of the compiled program does.
struct FusedGroup {
  let name: String
  /// For each place how many operations of the group come from it; one that comes from several is shared.
  private(set) var weights: [Int: Double] = [:]

  private mutating func add(_ leaves: [Int]) {
    for leaf in leaves { weights[leaf, default: 0] += 1 / Double(leaves.count) }
  }

  /// The kernels of a module whose kernels have been outlined.
  static func kernels(of module: Operation, _ locations: LocationTable) -> [FusedGroup] {
    var groups: [FusedGroup] = []
    for block in module.regions.first.map({ Array($0.blocks) }) ?? [] {
      for operation in block.operations {
        guard let function = FuncOp(operation), function.isPrivate, !function.isDeclaration,
          function.name.hasPrefix("kernel_")
        else { continue }
        var group = FusedGroup(name: function.name)
        operation.walk { inner in
          // Constants are repeated wherever they are used.
          if inner != operation, !inner.has(.constantLike) {
            group.add(locations.sets[locations.set(of: inner.location)])
          }
        }
        groups.append(group)
      }
    }
    return groups
  }

  /// The operations of a module that come from several of the source.
  static func fused(in module: Operation, _ locations: LocationTable) -> [FusedGroup] {
    var groups: [FusedGroup] = []
    var seen: Set<Int> = []
    module.walk { operation in
      let set = locations.set(of: operation.location)
      guard locations.sets[set].count > 1, operation.regionCount > 0, seen.insert(set).inserted
      else { return }
      var group = FusedGroup(name: operation.name.string)
      group.add(locations.sets[set])
      groups.append(group)
    }
    return groups
  }
}
