import MartletDialects
import MartletIR
import MartletSupport

/// Runs analysis, copies and rewriting on a module, with or without the boundaries of functions.
final class OneShotBufferization {
  private let options: OneShotOptions
  private let context: Context
  private(set) var allocationCount = 0
  private(set) var inPlaceCount = 0
  private(set) var outOfPlaceCount = 0

  init(_ options: OneShotOptions, _ context: Context) {
    self.options = options
    self.context = context
  }

  private func count(_ state: OneShotState) {
    inPlaceCount += state.inPlaceCount
    outOfPlaceCount += state.outOfPlaceCount
  }

  private func bufferize(_ root: Operation, _ options: OneShotOptions) throws(Reported) {
    let bufferizer = Bufferizer(context, options)
    if options.copiesBeforeWrite {
      try bufferizer.insertCopies(root, OneShotState(options))
    }
    try bufferizer.run(on: root)
    allocationCount += bufferizer.allocationCount
  }

  /// Bufferizes all but functions and calls.
  func run(on module: Operation) throws(Reported) {
    if !options.copiesBeforeWrite {
      let state = OneShotState(options, isAnalysis: true)
      state.enter(module)
      try state.analyze(module)
      count(state)
      if options.onlyAnalyzes { return }
      try Bufferizer(context, options).insertCopies(module, state)
    }
    try bufferize(module, options)
  }

  /// Bufferizes functions, calls and all.
  func runOnModule(_ module: Operation) throws(Reported) {
    if !options.copiesBeforeWrite {
      var analyzed = options
      analyzed.deniedFunctions = options.unanalyzedFunctions
      let state = OneShotState(analyzed, isAnalysis: true)
      state.enter(module)
      try analyzeModule(module, state)
      count(state)
      if options.onlyAnalyzes { return }
      try Bufferizer(context, analyzed).insertCopies(module, state)
    }
    if options.onlyAnalyzes { return }
    let (ordered, circular) = functionsInOrder(module)
    for function in ordered + circular {
      var own = options
      if options.unanalyzedFunctions.contains(function.name) { own.copiesBeforeWrite = true }
      try bufferize(function.operation, own)
      if options.boundaryLayout == .infer { Self.inferResultTypes(function) }
    }
    for region in module.regions {
      for block in region.blocks {
        for operation in Array(block.operations)
        where !operation.is(Func.func) && !operation.has(.symbolTable) {
          try bufferize(operation, options)
        }
      }
    }
    for function in ordered + circular {
      for i in function.arguments.indices {
        for name in ["bufferization.buffer_layout", "bufferization.writable"]
        where function.argumentAttribute(i, name) != nil {
          function.setArgumentAttribute(i, name, nil)
        }
      }
    }
  }

  // MARK: Functions

  static func hasTensors(_ function: FuncOp) -> Bool {
    (function.type.inputs + function.type.results).contains(where: \.isTensor)
  }

  /// Functions behind what they call, and those that call one another in circles.
  private func functionsInOrder(
    _ module: Operation
  ) -> (ordered: [FuncOp], circular: [FuncOp]) {
    var functions: [FuncOp] = []
    for region in module.regions {
      for block in region.blocks { functions += block.operations.compactMap { FuncOp($0) } }
    }
    var callers: [Operation: [Operation]] = [:]
    var open: [Operation: Int] = [:]
    for function in functions {
      open[function.operation] = 0
      function.operation.walk { call in
        guard call.is(Func.call), let callee = CalledFunction.of(call), Self.hasTensors(callee)
        else { return }
        if callers[callee.operation, default: []].contains(function.operation) { return }
        callers[callee.operation, default: []].append(function.operation)
        open[function.operation, default: 0] += 1
      }
    }
    var waiting = functions.map(\.operation).filter { open[$0] == 0 }
    var ordered: [FuncOp] = []
    while let next = waiting.popLast() {
      guard let function = FuncOp(next) else { continue }
      ordered.append(function)
      open[next] = nil
      for caller in callers[next] ?? [] {
        guard let count = open[caller] else { continue }
        open[caller] = count - 1
        if count == 1 { waiting.append(caller) }
      }
    }
    return (ordered, functions.filter { open[$0.operation] != nil })
  }

  private func analyzeModule(_ module: Operation, _ state: OneShotState) throws(Reported) {
    let (ordered, circular) = functionsInOrder(module)
    for function in ordered where state.options.allows(function.operation) {
      try state.analyze(function.operation)
      try findAliases(function, state)
      findAccesses(function, state)
      state.functions.analyzed.insert(function.operation)
    }
    for function in circular where state.options.allows(function.operation) {
      try state.analyze(function.operation)
    }
  }

  /// Which results may share memory with which arguments, and which are the same buffer.
  private func findAliases(_ function: FuncOp, _ state: OneShotState) throws(Reported) {
    let operation = function.operation
    if function.isDeclaration {
      let type = function.type
      let results = type.results.indices.filter { type.results[$0].isTensor }
      for i in type.inputs.indices where type.inputs[i].isTensor {
        state.functions.aliasingResults[operation, default: [:]][i] = results
      }
      return
    }
    let returns = function.returns
    guard let first = returns.first else {
      throw operation.emitError("cannot bufferize func.func without func.return")
    }
    for (i, argument) in function.arguments.enumerated() where argument.type.isRankedTensor {
      var aliases: [Int] = []
      for end in returns {
        for (k, value) in end.operands.enumerated()
        where value.type.isRankedTensor && state.mayAlias(value, argument)
          && !aliases.contains(k)
        {
          aliases.append(k)
        }
      }
      if !aliases.isEmpty {
        state.functions.aliasingResults[operation, default: [:]][i] = aliases
      }
    }
    for k in first.operands.indices {
      guard let argument = equivalentArgument(first, k, function, state) else { continue }
      let agree = returns.dropFirst().map { equivalentArgument($0, k, function, state) }
        .allSatisfy { $0 == argument }
      if agree {
        state.functions.equivalentArguments[operation, default: [:]][k] = argument
      }
    }
  }

  private func equivalentArgument(
    _ end: Operation, _ k: Int, _ function: FuncOp, _ state: OneShotState
  ) -> Int? {
    let value = end.operand(k)
    guard value.type.isTensor else { return nil }
    for (i, argument) in function.arguments.enumerated()
    where argument.type.isRankedTensor && state.areEquivalent(value, argument) {
      if state.options.onlyAnalyzes {
        let name = "__equivalent_func_args__"
        var all =
          end.attribute(name)?.elements?.compactMap { $0.integerValue.map { Int($0) } }
          ?? end.operands.map { _ in -1 }
        all[k] = i
        end.setAttribute(name, context.array(all.map { context.i64Attribute($0) }))
      }
      return i
    }
    return nil
  }

  private func findAccesses(_ function: FuncOp, _ state: OneShotState) {
    let name = "bufferization.access"
    for (i, type) in function.type.inputs.enumerated() where type.isTensor {
      var (reads, writes) = (true, true)
      if let access = function.argumentAttribute(i, name)?.stringValue {
        reads = access == "read" || access == "read-write"
        writes = access == "write" || access == "read-write"
      } else if !function.isDeclaration {
        reads = state.isRead(function.arguments[i])
        writes = state.isWrittenThroughAlias(function.arguments[i])
      }
      if state.options.onlyAnalyzes {
        let text = reads ? (writes ? "read-write" : "read") : (writes ? "write" : "none")
        function.setArgumentAttribute(i, name, context.string(text))
      }
      if reads { state.functions.readArguments[function.operation, default: []].insert(i) }
      if writes { state.functions.writtenArguments[function.operation, default: []].insert(i) }
    }
  }

  /// Returns what casts are made of, where all returns agree on the type.
  private static func inferResultTypes(_ function: FuncOp) {
    if function.isDeclaration { return }
    func source(_ value: Value) -> Value {
      guard let cast = value.definingOperation, cast.is(MemRef.cast) else { return value }
      return cast.operand(0)
    }
    let returns = function.returns
    guard let first = returns.first else { return }
    var types = function.type.results
    for i in first.operands.indices where i < types.count {
      let type = source(first.operand(i)).type
      guard returns.allSatisfy({ source($0.operand(i)).type == type }) else { continue }
      for end in returns { end.setOperand(i, source(end.operand(i))) }
      types[i] = type
    }
    function.setType(inputs: function.type.inputs, results: types)
  }
}

/// What a call calls.
enum CalledFunction {
  static func of(_ call: Operation) -> FuncOp? {
    guard let name = call.attribute("callee") else { return nil }
    return FuncOp(SymbolTable.resolve(name, from: call))
  }
}
