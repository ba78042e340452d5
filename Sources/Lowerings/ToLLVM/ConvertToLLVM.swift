import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// `func`, `cf`, `scf`, `arith`, `math`, `memref`, `vector`, `index` and `ub` to the llvm dialect.
  ///
  /// Before:
  ///
  ///     func.func private @kernel(%a: memref<4x8xf32> {llvm.noalias}, %i: index) -> f32 {
  ///       %x = memref.load %a[%i, %i] : memref<4x8xf32>
  ///       return %x : f32
  ///     }
  ///
  /// After:
  ///
  ///     llvm.func internal @kernel(%a: !llvm.ptr {llvm.noalias}, %i: i64) -> f32 {
  ///       %8 = llvm.mlir.constant(8 : i64) : i64
  ///       %0 = llvm.mul %i, %8 overflow<nsw> : i64
  ///       %1 = llvm.add %0, %i overflow<nsw> : i64
  ///       %2 = llvm.getelementptr inbounds %a[%1] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  ///       %x = llvm.load %2 : !llvm.ptr -> f32
  ///       llvm.return %x : f32
  ///     }
  ///
  /// A memref is passed as its pointer, followed by an `i64` for each of offset, sizes and strides that its
  /// type does not give: for static row-major memrefs the bare pointer. Where the function named by the option
  /// `entry` takes memrefs of static shape only and returns nothing, `@martlet_entry` is made: it takes the
  /// address of a list of pointers, calls the function and returns 0, or the number, from 1, of the
  /// `cf.assert` that failed; the messages are the module's attribute `martlet.failures`. In other modules a
  /// failing assertion calls `abort`.
  public static let convertToLLVM = Pass(
    "convert-to-llvm", name: "ConvertToLLVM", "Convert everything to the LLVM dialect",
    anchor: "builtin.module",
    options: [
      .string("entry", default: "main", "The function `martlet_entry` calls"),
      .string(
        "entry-symbol", default: "martlet_entry", "The symbol of the entry; empty makes none"),
    ], dependentDialects: ["llvm", "cf", "arith", "func"]
  ) { (module, state) throws(Reported) in
    _ = try SCFToCF(module.context, remarks: state).run(module)
    let lowering = try ModuleToLLVM(
      module, entry: state.options.string("entry"), symbol: state.options.string("entry-symbol"))
    if state.wantsRemarks {
      for operation in lowering.body.operations {
        guard let function = FuncOp(operation) else { continue }
        var count = 0
        operation.walk { _ in count += 1 }
        state.remark(
          .passed, "Converted", "\(count - 1, as: "Operations") operations to the llvm dialect",
          at: function.operation)
      }
    }
    try lowering.run()
  }
}

/// Converts a module, function by function.
final class ModuleToLLVM {
  let module: Operation
  let context: Context
  let llvm: LLVMBuilder
  let types: LoweredTypes
  let body: Block
  let entry: String
  let entrySymbol: String
  /// Functions that may end with a failed assertion and so return a status.
  private(set) var failing: Set<String> = []
  /// Messages of assertions, in the order of their numbers.
  var failures: [String] = []
  private var declared: Set<String> = []
  private(set) var globals: [String: Operation] = [:]
  /// Symbols of the module by name.
  private(set) var functions: [String: FuncOp] = [:]
  lazy var rewrites = Rewrites(context)

  init(_ module: Operation, entry: String, symbol: String) throws(Reported) {
    guard let view = ModuleOp(module), let body = view.body else {
      throw module.emitOpError("is no module")
    }
    self.module = module
    self.body = body
    context = module.context
    llvm = LLVMBuilder(module.context)
    types = LoweredTypes(llvm)
    self.entry = entry
    entrySymbol = symbol
    for function in view.functions { functions[function.name] = function }
    for operation in body.operations {
      if let name = SymbolTable.name(of: operation) { declared.insert(name) }
      if operation.is(MemRef.global), let name = SymbolTable.name(of: operation) {
        globals[name] = operation
      }
    }
  }

  func run() throws(Reported) {
    let originals = Array(body.operations)
    let entryFunction =
      entrySymbol.isEmpty ? nil : functions[entry].flatMap { hasEntry($0) ? $0 : nil }
    if entryFunction != nil { findFailing(originals) }
    for operation in originals where operation.is(MemRef.global) { try lowerGlobal(operation) }
    for operation in originals {
      if let function = FuncOp(operation) { try FunctionToLLVM(self, function).run() }
    }
    if let entryFunction { try makeEntry(entryFunction) }
    for operation in originals {
      if operation.is(Func.func) || operation.is(MemRef.global) {
        operation.dropAllReferences()
        operation.erase()
      } else if operation.name.dialectName != "llvm" {
        throw operation.emitError("failed to legalize operation '\(operation.name)'")
      }
    }
    if entryFunction != nil, !failures.isEmpty {
      module.setAttribute("martlet.failures", context.array(failures.map { context.string($0) }))
    }
  }

  // MARK: Assertions

  /// Marks functions with assertions and those that call them, directly or by way of others.
  private func findFailing(_ operations: [Operation]) {
    var callers: [String: [String]] = [:]
    var pending: [String] = []
    for operation in operations {
      guard let function = FuncOp(operation) else { continue }
      operation.walkPreOrder { inner in
        if inner.is(ControlFlow.assert), failing.insert(function.name).inserted {
          pending.append(function.name)
        } else if inner.is(Func.call), let callee = inner.attribute("callee")?.rootReference {
          callers[callee.string, default: []].append(function.name)
        }
        return .advance
      }
    }
    while let name = pending.popLast() {
      for caller in callers[name] ?? [] where failing.insert(caller).inserted {
        pending.append(caller)
      }
    }
  }

  /// The number of a failed assertion.
  func failure(_ message: String) -> Int {
    if let known = failures.firstIndex(of: message) { return known + 1 }
    failures.append(message)
    return failures.count
  }

  // MARK: Signatures

  /// The result type of a lowered function: nothing, a type, or a structure of several, the status first where
  /// the function may fail.
  func resultType(_ types: [Type], fails: Bool) -> Type? {
    let all = (fails ? [llvm.i32] : []) + types
    if all.isEmpty { return nil }
    return all.count == 1 ? all[0] : LLVM.structType(context, all)
  }

  /// Makes an `llvm.func` in front of `place`, or at the module's end.
  func makeFunction(
    _ name: String, _ inputs: [Type], _ result: Type?, isPrivate: Bool, before place: Operation?
  ) -> Operation {
    let type = LLVM.functionType(result ?? LLVM.voidType(context), inputs)
    llvm.builder.insertionPoint =
      place.flatMap { InsertionPoint.before($0) } ?? .atEnd(of: body)
    var attributes: [(String, Attribute)] = [
      ("sym_name", context.string(name)), ("function_type", context.typeAttribute(type)),
    ]
    if isPrivate, let linkage = linkage("internal") { attributes.append(("linkage", linkage)) }
    return llvm.make("func", [], [], attributes, regions: 1)
  }

  func linkage(_ keyword: String) -> Attribute? {
    guard let definition = context.attributeDefinition(named: "llvm.linkage"),
      let value = definition.interface(EnumAttribute.self)?.cases.value(keyword)
    else { return nil }
    return context.attribute(definition, [UInt64(bitPattern: value)])
  }

  /// Declares a function of the C library, once.
  func declare(_ name: String, _ inputs: [Type], _ result: Type?) {
    guard declared.insert(name).inserted else { return }
    let saved = llvm.builder.insertionPoint
    defer { llvm.builder.insertionPoint = saved }
    let function = makeFunction(
      name, inputs, result, isPrivate: false, before: body.firstOperation)
    function.setAttribute("no_unwind", context.unit)
  }

  // MARK: Globals

  private func lowerGlobal(_ operation: Operation) throws(Reported) {
    guard let name = SymbolTable.name(of: operation),
      let type = operation.attribute("type")?.typeValue,
      let element = types.storage(type.elementType), let count = type.elementCount
    else { throw operation.emitOpError("has a type that cannot be lowered") }
    // A flat array: accesses compute their place in it.
    var attributes: [(String, Attribute)] = [
      ("sym_name", context.string(name)),
      ("global_type", context.typeAttribute(LLVM.arrayType(element, max(count, 1)))),
    ]
    let isExternal = operation.attribute("initial_value") == nil
    let isPrivate = SymbolTable.isPrivate(operation) && !isExternal
    if let linkage = linkage(isPrivate ? "private" : "external") {
      attributes.append(("linkage", linkage))
    }
    if operation.hasAttribute("constant") { attributes.append(("constant", context.unit)) }
    let alignment = operation.attribute("alignment")?.integerValue ?? 64
    attributes.append(("alignment", context.i64Attribute(Int(alignment))))
    let value = operation.attribute("initial_value")
    let isUninitialized = value?.isUnit ?? false
    if let value, !isUninitialized {
      guard value.denseElements != nil else {
        throw operation.emitOpError("has a value that is not at hand")
      }
      attributes.append(("value", try storedValue(value, element, operation)))
    }
    llvm.builder.setInsertionPoint(before: operation)
    let global = llvm.make("mlir.global", [], [], attributes, regions: 1)
    if isUninitialized {
      let block = global.region().addBlock()
      llvm.builder.setInsertionPoint(atEnd: block)
      let array = LLVM.arrayType(element, max(count, 1))
      let content = llvm.value("mlir.undef", [], array)
      llvm.make("return", [content])
    }
  }

  /// Elements in the type they have in memory: narrow integers as bytes, indices as i64.
  func storedValue(_ value: Attribute, _ element: Type, _ operation: Operation) throws(Reported)
    -> Attribute
  {
    guard let elements = value.denseElements else { return value }
    let own = elements.type.elementType
    if own == element { return value }
    if own.isIntOrIndex, element.isInteger {
      let target = context.vector([max(elements.count, 1)], element)
      if own.bitWidth == 1 {
        let bits = (0..<elements.count).map { Int(elements.bits($0) & 1) }
        return context.dense(target, integers: bits)
      }
      return context.dense(target, integers: elements.integers() ?? [])
    }
    if own.isFloat, element.isInteger {
      let target = context.vector([max(elements.count, 1)], element)
      return context.dense(
        target, integers: (0..<elements.count).map { Int(truncatingIfNeeded: elements.bits($0)) })
    }
    throw operation.emitOpError("has elements that cannot be lowered")
  }

  // MARK: Entry

  private func hasEntry(_ function: FuncOp) -> Bool {
    !function.isDeclaration && function.type.results.isEmpty
      && function.type.inputs.allSatisfy {
        $0.kind == .memRef && $0.hasStaticShape && types.flattened($0)?.count == 1
      }
  }

  private func makeEntry(_ function: FuncOp) throws(Reported) {
    let name = function.name
    let entry = makeFunction(entrySymbol, [llvm.ptr], llvm.i32, isPrivate: false, before: nil)
    let block = entry.region().addBlock(arguments: [llvm.ptr])
    llvm.beginFunction(block)
    llvm.builder.setInsertionPoint(atEnd: block)
    let list = block.argument(0)
    let arguments = (0..<function.type.inputs.count).map { i in
      llvm.load(llvm.address(list, llvm.index(i), llvm.ptr), llvm.ptr, alignment: 8)
    }
    if failing.contains(name) {
      let status = llvm.call(name, arguments, llvm.i32).result()
      llvm.make("return", [status])
    } else {
      llvm.call(name, arguments, nil)
      llvm.make("return", [llvm.integer(0, llvm.i32)])
    }
  }
}
