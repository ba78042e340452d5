import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Makes a private function of each loop nest, copy and other computation at the top of the program's public
  /// functions.
  ///
  ///     func.func @main(%x: memref<8xf32>) {        func.func private @kernel_0_elementwise(
  ///       scf.for ... { ... %x ... }           ->       %0: memref<8xf32> {llvm.noalias}) { ... }
  ///       return                                    func.func @main(%x: memref<8xf32>) {
  ///     }                                             call @kernel_0_elementwise(%x) ...
  ///
  /// Views are made inside the kernel, so that its memref parameters are different buffers, and have
  /// `llvm.noalias` where that is certain. Constants are made inside too; other scalars are parameters.
  /// Straight-line operations before and after a nest that share values with it go along.
  public static let outlineKernels = Pass(
    "outline-kernels", name: "OutlineKernels",
    "Move the top-level computations of public functions into functions of their own",
    statistics: [PassStatistic("num-kernels", "Number of functions made")],
    dependentDialects: ["func"]
  ) { (operation, state) throws(Reported) in
    guard let module = ModuleOp(operation), let body = module.body else {
      throw operation.emitOpError("is no module; outline-kernels runs on modules")
    }
    let functions = body.operations.compactMap(FuncOp.init).filter {
      !$0.isPrivate && !$0.isDeclaration
    }
    var names = KernelNames(operation)
    for function in functions {
      for group in KernelGroups(function).groups {
        if let first = group.first {
          state.remark(
            .passed, "Outlined",
            "\(group.count, as: "Operations") operations became kernel \(names.count, as: "Number")",
            at: first)
        }
        KernelOutliner(function, group).outline(&names)
        state.count("num-kernels")
      }
    }
    state.isUnchanged = names.count == 0
  }
}

/// Names of kernels that no symbol has yet.
struct KernelNames {
  private(set) var count = 0
  private var taken: Set<String> = []

  init(_ module: Operation) {
    for block in module.region(0).blocks {
      for operation in block.operations {
        if let name = SymbolTable.name(of: operation) { taken.insert(name) }
      }
    }
  }

  mutating func next(_ suffix: String) -> String {
    var name = "kernel_\(count)_\(suffix)"
    while !taken.insert(name).inserted { name += "_" }
    count += 1
    return name
  }
}

extension Operation {
  /// Whether it gives another view of memory that an operand names, and can be repeated anywhere. A
  /// `memref.view` is none: it makes a buffer of bytes.
  var isSinkableView: Bool {
    [
      MemRef.subview, MemRef.reinterpretCast, MemRef.collapseShape, MemRef.expandShape,
      MemRef.cast, MemRef.memorySpaceCast, MemRef.transpose,
    ].contains { self.is($0) }
  }

  /// Whether it computes scalars from scalars without effects.
  fileprivate var isScalarArithmetic: Bool {
    regionCount == 0 && has(.pure) && !has(.terminator)
      && results.allSatisfy { !$0.type.isVector && !$0.type.isShaped }
      && operands.allSatisfy { !$0.type.isVector && !$0.type.isShaped }
  }
}

// MARK: - Groups

/// Which operations of a function's entry block become one kernel: those of a loop nest, with the
/// straight-line code around it that hands it values or takes them.
struct KernelGroups {
  /// Operations in order, for each kernel.
  private(set) var groups: [[Operation]] = []

  /// Operations in a range of places of the block.
  private struct Cluster {
    var members: [Int]
    var isAnchor: Bool
    var first: Int { members.first ?? 0 }
    var last: Int { members.last ?? 0 }
  }

  private let operations: [Operation]
  private var place: [Operation: Int] = [:]

  init(_ function: FuncOp) {
    operations = function.entry.map { Array($0.operations) } ?? []
    for (i, operation) in operations.enumerated() { place[operation] = i }
    let clusters = attach(merge(clusters())).filter { $0.isAnchor || isWorthACall($0) }
    groups = clusters.map { $0.members.map { operations[$0] } }
  }

  private enum Role {
    /// A loop nest or copy.
    case anchor
    /// Straight-line computation.
    case line
    /// Stays in the function, or is repeated in kernels.
    case outside
  }

  private func role(_ operation: Operation) -> Role {
    if operation.has(.terminator) || operation.has(.call) || operation.has(.constantLike)
      || operation.isSinkableView
    {
      return .outside
    }
    let kept = [
      MemRef.alloc, MemRef.alloca, MemRef.dealloc, MemRef.view, MemRef.getGlobal, MemRef.dim,
      MemRef.extractStridedMetadata, MemRef.extractAlignedPointer, ControlFlow.assert,
    ]
    if kept.contains(where: { operation.is($0) }) || !operation.isRegistered { return .outside }
    if operation.regionCount > 0 || operation.is(MemRef.copy) { return .anchor }
    return .line
  }

  /// Operations joined along the values they share.
  private func clusters() -> [Cluster] {
    var leader = Array(operations.indices)
    func find(_ i: Int) -> Int {
      var i = i
      while leader[i] != i { i = leader[i] }
      return i
    }
    var roles = operations.map(role)
    for (i, operation) in operations.enumerated() where roles[i] != .outside {
      var isFed = false
      for operand in usedValues(operation) {
        guard let maker = operand.definingOperation, let j = place[maker], roles[j] != .outside
        else { continue }
        isFed = true
        // A scalar that is ready before a nest may be handed to it.
        let joins =
          operand.type.isVector || roles[i] == .line
          || (roles[j] == .line && operand.hasOneUse && !roles[j..<i].contains(.anchor))
        if joins { leader[find(i)] = find(j) }
      }
      if !isFed, operation.isScalarArithmetic { roles[i] = .outside }
    }
    var members: [Int: [Int]] = [:]
    for i in operations.indices where roles[i] != .outside {
      members[find(i), default: []].append(i)
    }
    return members.values.map { places in
      Cluster(members: places.sorted(), isAnchor: places.contains { roles[$0] == .anchor })
    }.sorted { $0.first < $1.first }
  }

  /// The operands of `operation` and of all in it.
  private func usedValues(_ operation: Operation) -> [Value] {
    var used = Array(operation.operands)
    if operation.regionCount > 0 { operation.walk { used.append(contentsOf: $0.operands) } }
    return used
  }

  /// Joins clusters that overlap in the block, as the order of effects must not change.
  private func merge(_ clusters: [Cluster]) -> [Cluster] {
    var merged: [Cluster] = []
    for cluster in clusters {
      if let last = merged.last, cluster.first < last.last {
        merged[merged.count - 1] = join(last, cluster)
      } else {
        merged.append(cluster)
      }
    }
    return merged
  }

  private func join(_ a: Cluster, _ b: Cluster) -> Cluster {
    Cluster(members: (a.members + b.members).sorted(), isAnchor: a.isAnchor || b.isAnchor)
  }

  /// Lets straight-line code go with the nest before it, such as the end of a loop that was not a whole
  /// number of vectors; not across a call or what else stays outside with effects.
  private func attach(_ clusters: [Cluster]) -> [Cluster] {
    var attached: [Cluster] = []
    for cluster in clusters {
      if !cluster.isAnchor, let last = attached.last,
        operations[last.first].location == operations[cluster.first].location,
        !hasBarrier(from: last.first, to: cluster.last)
      {
        attached[attached.count - 1] = join(last, cluster)
      } else {
        attached.append(cluster)
      }
    }
    return attached
  }

  /// A few scalars are left where they are.
  private func isWorthACall(_ cluster: Cluster) -> Bool {
    cluster.members.count > 16
      || cluster.members.contains { i in
        (operations[i].operands.types + operations[i].results.types).contains(where: \.isVector)
      }
  }

  private func hasBarrier(from first: Int, to last: Int) -> Bool {
    operations[first...last].contains { $0.has(.call) || $0.is(MemRef.dealloc) }
  }
}

// MARK: - One kernel

/// Moves a group of operations into a function and calls it.
struct KernelOutliner {
  private let function: FuncOp
  private let group: [Operation]
  private let members: Set<Operation>

  init(_ function: FuncOp, _ group: [Operation]) {
    self.function = function
    self.group = group
    members = Set(group)
  }

  func outline(_ names: inout KernelNames) {
    guard let last = group.last else { return }
    let context = last.context
    var inputs = KernelInputs(members)
    for operation in group { inputs.visit(operation) }
    let parameters = inputs.parameters
    let results = escapingValues()

    let builder = Builder(context, location: group[0].location)
    builder.insertionPoint = .before(function.operation)
    let kernel = FuncOp.create(
      builder, names.next(kind), inputs: parameters.map(\.type), results: results.map(\.type),
      visibility: "private")
    guard let entry = kernel.entry else { return }
    for (i, isAlone) in noalias(parameters).enumerated() where isAlone {
      kernel.setArgumentAttribute(i, "llvm.noalias", context.unit)
    }

    builder.insertionPoint = .after(last)
    let call = builder.create(
      Func.call, parameters, results: results.map(\.type),
      attributes: [("callee", context.symbolRef(kernel.name))])
    for (result, value) in zip(results, call.results) {
      result.replaceUses(with: value) { !isInside($0.owner) }
    }

    var mapping = IRMapping()
    mapping.map(parameters, to: entry.arguments)
    for (parameter, argument) in zip(parameters, entry.arguments) {
      argument.nameHint = parameter.nameHint
    }
    builder.insertionPoint = .atEnd(of: entry)
    for operation in inputs.repeated { builder.insert(operation.clone(&mapping)) }
    for operation in group {
      operation.remove()
      entry.append(operation)
      operation.walk { inner in
        for (i, operand) in inner.operands.enumerated() {
          if let mapped = mapping.values[operand] { inner.setOperand(i, mapped) }
        }
      }
    }
    builder.create(Func.return, results)
    for operation in inputs.repeated.reversed() where operation.isUnused { operation.erase() }
  }

  private func isInside(_ operation: Operation) -> Bool {
    operation.ancestor { members.contains($0) } != nil
  }

  /// Values the group makes and others use.
  private func escapingValues() -> [Value] {
    group.flatMap { operation in
      operation.results.filter { result in result.uses.contains { !isInside($0.owner) } }
    }
  }

  /// What the kernel does, in a word for its name.
  private var kind: String {
    if group.contains(where: { $0.is(SCF.while) }) { return "while" }
    if group.allSatisfy({ $0.is(MemRef.copy) }) { return "copy" }
    var hasProducts = false
    var hasSums = false
    for operation in group {
      operation.walk { inner in
        if inner.is(VectorDialect.fma) { hasProducts = true }
        if inner.is(SCF.for), inner.resultCount > 0 { hasSums = true }
        if inner.is(VectorDialect.reduction) { hasSums = true }
      }
    }
    if hasProducts { return "contraction" }
    return hasSums ? "reduction" : "elementwise"
  }

  // MARK: Aliasing

  /// For each parameter whether no other one can reach its memory.
  private func noalias(_ parameters: [Value]) -> [Bool] {
    let buffers = parameters.filter { $0.type.isMemRef }
    // Memory handed on through loops or calls may be any other's.
    guard buffers.allSatisfy(isBuffer) else { return parameters.map { _ in false } }
    return parameters.map { parameter in
      parameter.type.isMemRef
        && buffers.allSatisfy { $0 == parameter || !overlaps($0, parameter) }
    }
  }

  private func isBuffer(_ value: Value) -> Bool {
    if value.owningBlock == function.entry { return true }
    guard let maker = value.definingOperation else { return false }
    return maker.is(MemRef.alloc) || maker.is(MemRef.alloca) || maker.is(MemRef.getGlobal)
      || maker.is(MemRef.view)
  }

  private func overlaps(_ a: Value, _ b: Value) -> Bool {
    let (first, second) = (bytes(a), bytes(b))
    if first.base != second.base {
      let globals = [first.base, second.base].map {
        $0.definingOperation.flatMap { $0.is(MemRef.getGlobal) ? $0.attribute("name") : nil }
      }
      return globals[0] != nil && globals[0] == globals[1]
    }
    guard let x = first.range, let y = second.range else { return true }
    return x.overlaps(y)
  }

  /// The buffer a parameter lies in, and where in it; nil for the place where that is not known.
  private func bytes(_ value: Value) -> (base: Value, range: Range<Int>?) {
    guard let maker = value.definingOperation, maker.is(MemRef.view) else { return (value, nil) }
    let base = maker.operand(0)
    guard let start = maker.operand(1).constantInteger, let count = value.type.elementCount,
      start >= 0
    else { return (base, nil) }
    let size = MemRefLayout.multiply(count, DenseElements.elementSize(value.type.elementType))
    let end = MemRefLayout.sum(start, size)
    return (base, end == Type.dynamic ? nil : start..<end)
  }
}

/// What a group takes from outside: values that become parameters, and operations that are repeated in the
/// kernel because they cost nothing there.
private struct KernelInputs {
  private var buffers: [Value] = []
  private var scalars: [Value] = []
  /// In an order in which each comes after those it uses.
  private(set) var repeated: [Operation] = []
  private var seen: Set<Value> = []
  private let members: Set<Operation>

  var parameters: [Value] { buffers + scalars }

  init(_ members: Set<Operation>) { self.members = members }

  mutating func visit(_ operation: Operation) {
    var used: [Value] = []
    operation.walkPreOrder { inner in
      used.append(contentsOf: inner.operands)
      return .advance
    }
    for value in used where isOutside(value) { take(value) }
  }

  private func isOutside(_ value: Value) -> Bool {
    var current = value.definingOperation ?? value.owningBlock?.parentOperation
    while let operation = current {
      if members.contains(operation) { return false }
      current = operation.parent
    }
    return true
  }

  private mutating func take(_ value: Value) {
    guard seen.insert(value).inserted else { return }
    guard let maker = value.definingOperation, canRepeat(maker) else {
      if value.type.isMemRef { buffers.append(value) } else { scalars.append(value) }
      return
    }
    for operand in maker.operands { take(operand) }
    for result in maker.results { seen.insert(result) }
    repeated.append(maker)
  }

  private func canRepeat(_ operation: Operation) -> Bool {
    if operation.has(.constantLike) || operation.isSinkableView { return true }
    return operation.isScalarArithmetic && !operation.operands.isEmpty
      && operation.operands.allSatisfy { $0.definingOperation.map(canRepeat) ?? false }
  }
}
