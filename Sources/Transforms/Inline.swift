import MartletAnalysis
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Replaces calls by the bodies of what they call, callees first, and removes private functions that
  /// are not called any more. Functions are simplified by `default-pipeline` before calls in them are
  /// looked at and after each round of inlining.
  ///
  ///     func.func private @f(%x: i32) -> i32 {   ->   func.func @g(%a: i32) -> i32 {
  ///       %0 = arith.addi %x, %x : i32                  %0 = arith.addi %a, %a : i32
  ///       return %0 : i32                               return %0 : i32
  ///     }                                             }
  ///     func.func @g(%a: i32) -> i32 {
  ///       %0 = call @f(%a) : (i32) -> i32
  ///       return %0 : i32
  ///     }
  public static let inline = inliner(PassRegistry([.canonicalize, .cse]))

  /// As `inline`, with the passes of `registry` at hand for the pipelines in its options.
  public static func inliner(_ registry: PassRegistry) -> Pass {
    Pass(
      "inline", name: "Inliner", "Inline function calls",
      options: [
        .string(
          "default-pipeline", default: "canonicalize",
          "The optimizer pipeline used for callables that do not have a dedicated optimizer pipeline in opPipelineList"
        ),
        .list(
          "op-pipelines", of: .string,
          "Callable operation specific optimizer pipelines (in the form of `dialect.op(pipeline)`)"),
        .integer(
          "max-iterations", default: 4,
          "Maximum number of iterations when inlining within an SCC"),
        .integer(
          "inlining-threshold", default: 4_294_967_295,
          "If the ratio between the number of the operations in the callee and the number of the operations in the caller exceeds this value (in percentage), then the callee is not inlined even if it is legal to inline it"
        ),
      ],
      statistics: [
        PassStatistic("num-inlined", "Number of calls inlined"),
        PassStatistic("num-erased", "Number of callables found dead"),
      ], dependentDialects: ["cf"]
    ) { (operation, state) throws(Reported) in
      guard operation.has(.symbolTable) else {
        throw operation.emitOpError(
          " was scheduled to run under the inliner, but does not define a symbol table")
      }
      try Inliner(operation, state, registry).run()
    }
  }
}

private final class Inliner {
  private let root: Operation
  private let state: PassContext
  private let registry: PassRegistry
  private let rewriter: PatternRewriter
  private let graph: CallGraph
  /// Calls of which it has been said why they stay.
  private var explained: Set<Operation> = []
  /// Callables that are gone.
  private var erased: [Bool]
  /// Whom each callable called before anything was inlined.
  private let callees: [Set<Int>]

  init(_ root: Operation, _ state: PassContext, _ registry: PassRegistry) {
    self.root = root
    self.state = state
    self.registry = registry
    rewriter = PatternRewriter(root.context)
    graph = CallGraph(root)
    erased = graph.callables.map { _ in false }
    let graph = graph
    callees = graph.callables.indices.map { Set(graph.calls(in: $0).map(\.callee)) }
  }

  func run() throws(Reported) {
    let pipelines = try parsePipelines()
    for component in graph.components() { try inline(component, pipelines) }
    eraseDead()
  }

  // MARK: Simplifying

  private struct Pipelines {
    var general: Pipeline?
    var byName: [String: Pipeline] = [:]
  }

  private func parsePipelines() throws(Reported) -> Pipelines {
    var pipelines = Pipelines()
    let general = state.options.string("default-pipeline")
    if !general.isEmpty { pipelines.general = try parse(general, anchor: nil) }
    for text in state.options.strings("op-pipelines") {
      let pipeline = try parse(text, anchor: String(text.prefix { $0 != "(" }))
      if let anchor = pipeline.anchor { pipelines.byName[anchor] = pipeline }
    }
    return pipelines
  }

  private func parse(_ text: String, anchor: String?) throws(Reported) -> Pipeline {
    do {
      return try PipelineParser.parse(text, registry, anchor: anchor)
    } catch {
      state.context.diagnostics.report(error)
      throw Reported()
    }
  }

  private func simplify(_ component: [Int], _ pipelines: Pipelines) throws(Reported) {
    for number in component where !erased[number] {
      let callable = graph.callables[number]
      guard callable.has(.isolatedFromAbove), !containsCallables(callable) else { continue }
      let name = callable.name.string
      guard var pipeline = pipelines.byName[name] ?? pipelines.general else { continue }
      pipeline.anchor = name
      try state.run(pipeline, on: callable)
    }
  }

  private func containsCallables(_ callable: Operation) -> Bool {
    callable.walkPreOrder { $0 != callable && $0.has(.callable) ? .interrupt : .advance }
      == .interrupt
  }

  // MARK: Inlining

  private func inline(_ component: [Int], _ pipelines: Pipelines) throws(Reported) {
    var iteration = 0
    repeat {
      try simplify(component, pipelines)
      guard inlineCalls(in: component) else { return }
      iteration += 1
    } while iteration < state.options.integer("max-iterations")
  }

  /// - Returns: whether any call was inlined.
  private func inlineCalls(in component: [Int]) -> Bool {
    // Each call knows by which callees' bodies it came in, so that recursion ends.
    var calls: [(call: CallGraph.Call, history: [Int])] = []
    for number in component where !erased[number] {
      calls += graph.calls(in: number).map { ($0, []) }
    }
    var inlinedAny = false
    var next = 0
    while next < calls.count {
      let (call, history) = calls[next]
      next += 1
      guard !history.contains(call.callee), shouldInline(call) else { continue }
      let site = (call.operation.location, state.wantsRemarks ? name(call.caller) : "")
      guard let inlined = inline(call) else { continue }
      state.remark(
        .passed, "Inlined",
        "'\(name(call.callee), as: "Callee")' inlined into '\(name(call.caller), as: "Caller")'",
        at: site.0, function: site.1)
      state.count("num-inlined")
      inlinedAny = true
      let new = graph.calls(in: inlined, caller: call.caller)
      calls += new.map { ($0, history + [call.callee]) }
    }
    return inlinedAny
  }

  private func shouldInline(_ call: CallGraph.Call) -> Bool {
    let operation = call.operation
    let callee = graph.callables[call.callee]
    let body = callee.region(0)
    guard !operation.has(.terminator), let home = operation.block?.region,
      !body.isAncestor(of: home)
    else { return false }
    guard allowsInlining(operation), allowsInlining(callee) else {
      missed(
        call, "NotAllowed", "'\(name(call.callee), as: "Callee")' or the call forbids inlining")
      return false
    }
    if callees[call.callee].contains(call.callee) || callees[call.callee].contains(call.caller) {
      missed(
        call, "Recursive", "'\(name(call.callee), as: "Callee")' is recursive or calls its caller")
      return false
    }
    if !body.hasOneBlock, let parent = operation.parent, parent.name != callee.name,
      parent.has(.singleBlock) || !parent.isRegistered
    {
      missed(
        call, "SeveralBlocks",
        "'\(name(call.callee), as: "Callee")' has several blocks and the region of the call takes one"
      )
      return false
    }
    return isProfitable(call)
  }

  private func name(_ number: Int) -> String {
    let callable = graph.callables[number]
    return SymbolTable.name(of: callable) ?? callable.name.string
  }

  private func missed(
    _ call: CallGraph.Call, _ name: String, _ why: @autoclosure () -> Remark.Message
  ) {
    guard state.wantsRemarks, explained.insert(call.operation).inserted else { return }
    state.remark(.missed, name, why(), at: call.operation)
  }

  private func allowsInlining(_ operation: Operation) -> Bool {
    if operation.hasAttribute("no_inline") { return false }
    return operation.interface(InliningControl.self)?.allowsInlining(operation) ?? true
  }

  private func isProfitable(_ call: CallGraph.Call) -> Bool {
    let threshold = state.options.integer("inlining-threshold")
    if threshold >= 4_294_967_295 { return true }
    let caller = operationCount(graph.callables[call.caller])
    let callee = operationCount(graph.callables[call.callee])
    if caller == 0 || callee * 100 / caller <= threshold { return true }
    missed(
      call, "TooCostly",
      "'\(name(call.callee), as: "Callee")' has \(callee, as: "CalleeOps") operations, the caller \(caller, as: "CallerOps"): more than the \(threshold, as: "Threshold") % allowed"
    )
    return false
  }

  private func operationCount(_ callable: Operation) -> Int {
    var count = 0
    for region in callable.regions {
      for block in region.blocks {
        for operation in block.operations { operation.walk { _ in count += 1 } }
      }
    }
    return count
  }

  /// Puts a copy of the callee's body in the place of the call, which is erased.
  /// - Returns: the operations put there; nil, with nothing changed, where types or terminators do not fit.
  private func inline(_ call: CallGraph.Call) -> [Operation]? {
    let operation = call.operation
    let body = graph.callables[call.callee].region(0)
    guard operation.operands.types == body.arguments.types, canEnd(body, operation) else {
      missed(
        call, "Mismatch",
        "types or terminators of '\(name(call.callee), as: "Callee")' do not fit the call")
      return nil
    }
    return body.hasOneBlock
      ? inlineBlock(body, operation, call.caller) : inlineBlocks(body, operation, call.caller)
  }

  /// Whether every way out of `body` is a return of the types `call` gives, or no way out at all.
  private func canEnd(_ body: Region, _ call: Operation) -> Bool {
    for block in body.blocks {
      guard let last = block.lastOperation else { return false }
      if last.has(.returnLike) {
        if last.operands.types != call.results.types { return false }
        if !body.hasOneBlock, makeBranch(for: last) == nil { return false }
      } else if body.hasOneBlock {
        return false
      }
    }
    return true
  }

  private func inlineBlock(_ body: Region, _ call: Operation, _ caller: Int) -> [Operation]? {
    guard let block = body.firstBlock, let end = block.lastOperation else { return nil }
    var mapping = IRMapping()
    mapping.map(block.arguments, to: call.operands)
    rewriter.setInsertionPoint(before: call)
    var made: [Operation] = []
    for operation in block.operations where operation != end {
      let copy = rewriter.clone(operation, &mapping)
      setLocations(in: copy, call)
      made.append(copy)
    }
    rewriter.replace(call, with: end.operands.map { mapping.lookup($0) })
    return made
  }

  private func inlineBlocks(_ body: Region, _ call: Operation, _ caller: Int) -> [Operation]? {
    guard let home = call.block, let region = home.region, let entry = body.firstBlock else {
      return nil
    }
    let rest = rewriter.split(home, before: call.next)
    for type in call.results.types { rest.addArgument(type) }
    var mapping = IRMapping()
    let scratch = rewriter.context.createOperation(
      call.name, location: call.location, operands: [], resultTypes: [Type](), regionCount: 1)
    let copies = scratch.region()
    body.cloneBlocks(into: copies, &mapping)
    var made: [Operation] = []
    for block in copies.blocks {
      for operation in block.operations {
        setLocations(in: operation, call)
        made.append(operation)
      }
    }
    for block in copies.blocks {
      guard let end = block.lastOperation, end.has(.returnLike) else { continue }
      rewriter.setInsertionPoint(before: end)
      makeBranch(for: end)?(rewriter, Array(end.operands), rest)
      made.removeAll { $0 == end }
      end.erase()
    }
    let first = mapping.lookup(entry)
    rewriter.inlineRegion(copies, into: region, before: rest)
    rewriter.mergeBlocks(first, into: home, arguments: Array(call.operands))
    for (result, value) in zip(call.results, rest.arguments) {
      rewriter.replaceAllUses(of: result, with: value)
    }
    rewriter.erase(call)
    scratch.erase()
    return made
  }

  /// What makes the branch a return turns into: as its declaration says, or else the first declared
  /// operation that does nothing but branch.
  private func makeBranch(for end: Operation) -> ((Builder, [Value], Block) -> Void)? {
    if let interface = end.interface(InlinedTerminator.self) { return interface.branch }
    guard let branch = plainBranch else { return nil }
    return { builder, values, block in builder.create(branch, values, successors: [block]) }
  }

  private lazy var plainBranch: OpDefinition? = {
    for dialect in root.context.loadedDialects.values.sorted(by: { $0.name < $1.name }) {
      for definition in dialect.operations
      where definition.traits.isSuperset(of: [.branch, .terminator])
        && definition.successors.count == 1 && definition.operands.count == 1
        && definition.operands[0].arity == .variadic && definition.attributes.isEmpty
      {
        return definition
      }
    }
    return nil
  }()

  private func setLocations(in operation: Operation, _ call: Operation) {
    operation.walk { inner in
      inner.location = inner.context.callSiteLocation(
        callee: inner.location, caller: call.location)
    }
  }

  // MARK: Dead callables

  /// Erases private callables nothing refers to, again and again as their own references go.
  private func eraseDead() {
    var references = [Int](repeating: 0, count: graph.callables.count)
    root.walkPreOrder { operation in
      visitReferences(operation) { references[$0] += 1 }
      return .advance
    }
    var pending = Array(graph.callables.indices)
    while let number = pending.popLast() {
      let callable = graph.callables[number]
      guard !erased[number], references[number] == 0, callable.has(.symbol),
        callable.symbolVisibility == .private, callable.isUnused, !containsCallables(callable)
      else { continue }
      callable.walkPreOrder { operation in
        visitReferences(operation) { target in
          references[target] -= 1
          if references[target] == 0 { pending.append(target) }
        }
        return .advance
      }
      state.remark(
        .passed, "Erased", "'\(name(number), as: "Callee")' is private and no longer called",
        at: callable)
      graph.symbols.remove(callable)
      callable.erase()
      erased[number] = true
      state.count("num-erased")
    }
  }

  private func visitReferences(_ operation: Operation, _ visit: (Int) -> Void) {
    SymbolUses.visit(operation) { reference in
      guard let target = graph.symbols.resolve(reference, from: operation),
        let number = graph.number(of: target)
      else { return }
      visit(number)
    }
  }
}
