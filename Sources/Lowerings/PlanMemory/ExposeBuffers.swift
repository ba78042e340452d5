import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Brings what a program works on into sight of its entry: allocations of static size move to the start of
  /// the entry block, and constants become parameters in front of the others.
  ///
  ///     memref.global "private" constant @w : memref<4xf32> = dense<...>
  ///     func.func @main(%x: memref<4xf32>) {
  ///       scf.for ... {
  ///         %w = memref.get_global @w : memref<4xf32>
  ///         %t = memref.alloc() : memref<4xf32>
  /// becomes
  ///
  ///     func.func @main(%w: memref<4xf32> {martlet.constant = @w}, %x: memref<4xf32>) {
  ///       %t = memref.alloc() : memref<4xf32>
  ///       scf.for ... {
  ///
  /// The globals stay, with their values, for whoever calls the program.
  public static let exposeBuffers = Pass(
    "expose-buffers", name: "ExposeBuffers",
    "Hoist allocations of static size and pass constants as parameters", anchor: "func.func"
  ) { (operation, state) throws(Reported) in
    guard let function = FuncOp(operation), !function.isPrivate, let entry = function.entry else {
      state.isUnchanged = true
      return
    }
    hoistAllocations(function, entry, state)
    exposeConstants(function, entry, state)
  }
}

/// The attribute of a parameter that holds a constant: the symbol of its global.
public let constantParameterAttribute = "martlet.constant"

private func hoistAllocations(_ function: FuncOp, _ entry: Block, _ state: PassContext) {
  var found: [Operation] = []
  function.operation.walkPreOrder { operation in
    if operation.is(MemRef.alloc), operation.block != entry, operation.result().type.hasStaticShape
    {
      found.append(operation)
    }
    return .advance
  }
  guard let first = entry.firstOperation else { return }
  for allocation in found {
    // The memory lives as long as the program's run; each iteration finds it again.
    for use in Array(allocation.result().uses) where use.owner.is(MemRef.dealloc) {
      use.owner.erase()
    }
    state.remark(
      .passed, "Hoisted",
      "memory of \(allocation.result().type, as: "Type") is had once, before the loops",
      at: allocation)
    allocation.move(before: first)
  }
}

private func exposeConstants(_ function: FuncOp, _ entry: Block, _ state: PassContext) {
  let context = function.operation.context
  var reads: [(symbol: String, reads: [Operation])] = []
  function.operation.walkPreOrder { operation in
    guard operation.is(MemRef.getGlobal),
      let symbol = operation.attribute("name")?.rootReference?.string,
      let global = SymbolTable.resolve(context.symbolRef(symbol), from: operation),
      global.hasAttribute("constant"), operation.result().type.hasStaticShape
    else { return .advance }
    if let i = reads.firstIndex(where: { $0.symbol == symbol }) {
      reads[i].reads.append(operation)
    } else {
      reads.append((symbol, [operation]))
    }
    return .advance
  }
  for (i, constant) in reads.enumerated() {
    let argument = function.insertParameter(
      i, constant.reads[0].result().type,
      attributes: [(constantParameterAttribute, context.symbolRef(constant.symbol))])
    state.remark(
      .passed, "Exposed",
      "constant '\(constant.symbol, as: "Constant")' of \(argument.type, as: "Type") is a parameter now",
      at: constant.reads[0])
    for read in constant.reads {
      read.result().replaceAllUses(with: argument)
      read.erase()
    }
  }
}

extension FuncOp {
  /// Adds a parameter at place `i`.
  func insertParameter(_ i: Int, _ type: Type, attributes: [(String, Attribute)] = []) -> Value {
    let context = operation.context
    let empty = context.dictionary([(String, Attribute)]())
    var all = operation.attribute("arg_attrs")?.elements ?? []
    while all.count < self.type.inputs.count { all.append(empty) }
    all.insert(context.dictionary(attributes), at: i)
    var inputs = self.type.inputs
    inputs.insert(type, at: i)
    setType(inputs: inputs, results: self.type.results)
    let isEmpty = all.allSatisfy { $0.words.isEmpty }
    operation.setAttribute("arg_attrs", isEmpty ? nil : context.array(all))
    guard let entry else { preconditionFailure("a parameter of a function without body") }
    return entry.insertArgument(i, type)
  }
}
