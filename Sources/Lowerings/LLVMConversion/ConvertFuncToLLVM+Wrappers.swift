import MartletDialects
import MartletIR
import MartletRewriting

/// What functions need at their borders: wrappers that C can call or is called by, and copies of
/// descriptors whose memory ends with a function.
struct FunctionBoundary {
  let types: LLVMTypes
  let rewriter: ConversionRewriter

  private var context: Context { rewriter.context }

  // MARK: Wrappers

  /// Adds `_mlir_ciface_` and the function's name, whose memrefs are pointers to descriptors. Behind a function
  /// with a body it calls that; a function without one is given a body that calls it.
  /// - Parameter attributes: those that the new function has from the old.
  /// - Returns: false where a type has no counterpart.
  func addWrapper(
    _ op: Operation, _ made: Operation, _ attributes: [(String, Attribute)]
  ) -> Bool {
    guard let type = op.attribute("function_type")?.typeValue,
      let name = op.attribute("sym_name")?.stringValue,
      var result = types.packed(type.results)
    else { return false }
    var inputs: [Type] = []
    let structure = result.llvmStruct != nil ? result : nil
    if structure != nil {
      inputs.append(types.pointer)
      result = LLVM.voidType(context)
    }
    for input in type.inputs {
      guard let converted = types.convert(input) else { return false }
      inputs.append(isDescriptor(input) ? types.pointer : converted)
    }
    var all: [(String, Attribute)] = [
      ("sym_name", context.string("_mlir_ciface_" + name)),
      ("function_type", context.typeAttribute(LLVM.functionType(result, inputs))),
    ]
    all += attributes
    if let visibility = op.attribute("sym_visibility") {
      all.append(("sym_visibility", visibility))
    }
    if let entries = op.attribute("arg_attrs") {
      let empty = context.dictionary([(String, Attribute)]())
      all.append(
        (
          "arg_attrs",
          structure == nil ? entries : context.array([empty] + (entries.elements ?? []))
        ))
    }
    if structure == nil, let entries = op.attribute("res_attrs") {
      all.append(("res_attrs", entries))
    }
    rewriter.setInsertionPoint(before: op)
    let wrapper = rewriter.create(LLVM.func, attributes: all)
    let isExternal = made.region(0).isEmpty
    let entry = rewriter.createBlock(
      in: (isExternal ? made : wrapper).region(0),
      arguments: isExternal
        ? made.attribute("function_type")?.typeValue?.llvmFunction?.inputs ?? [] : inputs)
    if isExternal {
      made.setAttribute("linkage", context.attribute(LLVM.linkage, [8]))
      callWrapper("_mlir_ciface_" + name, type, entry, result, structure)
    } else {
      callWrapped(name, type, entry, result, structure)
    }
    return true
  }

  private func isDescriptor(_ type: Type) -> Bool {
    type.kind == .memRef || type.kind == .unrankedMemRef
  }

  private func constantOne() -> Value {
    rewriter.llvm(
      "mlir.constant", [], [types.indexType], [("value", context.indexAttribute(1))]
    ).result()
  }

  private func allocate(_ type: Type) -> Value {
    rewriter.llvm(
      "alloca", [constantOne()], [types.pointer], [("elem_type", context.typeAttribute(type))]
    ).result()
  }

  /// Takes descriptors apart and passes them on.
  private func callWrapped(
    _ name: String, _ type: Type, _ entry: Block, _ result: Type, _ structure: Type?
  ) {
    var arguments: [Value] = []
    for (input, argument) in zip(
      type.inputs, entry.arguments.dropFirst(structure == nil ? 0 : 1))
    {
      guard isDescriptor(input), let descriptor = types.convert(input) else {
        arguments.append(argument)
        continue
      }
      let whole = rewriter.llvm("load", [argument], [descriptor]).result()
      arguments += DescriptorValue.unpack(input, whole, rewriter)
    }
    let results = structure.map { [$0] } ?? (result.isLLVMVoid ? [] : [result])
    let call = rewriter.llvmCall(name, arguments, results)
    if structure != nil {
      rewriter.llvm("store", [call.result(), entry.argument(0)])
      rewriter.llvm("return", [])
    } else {
      rewriter.llvm("return", Array(call.results))
    }
  }

  /// Puts descriptors on the stack and passes pointers to them.
  private func callWrapper(
    _ name: String, _ type: Type, _ entry: Block, _ result: Type, _ structure: Type?
  ) {
    var arguments: [Value] = []
    if let structure { arguments.append(allocate(structure)) }
    var left = Array(entry.arguments)[...]
    for input in type.inputs {
      guard isDescriptor(input) else {
        if let argument = left.popFirst() { arguments.append(argument) }
        continue
      }
      let count = input.kind == .memRef ? 3 + 2 * input.rank : 2
      let parts = Array(left.prefix(count))
      left = left.dropFirst(count)
      guard let whole = DescriptorValue.pack(input, parts, types, rewriter) else { continue }
      let memory = allocate(whole.type)
      rewriter.llvm("store", [whole, memory])
      arguments.append(memory)
    }
    let call = rewriter.llvmCall(name, arguments, result.isLLVMVoid ? [] : [result])
    if let structure {
      let whole = rewriter.llvm("load", [arguments[0]], [structure])
      rewriter.llvm("return", [whole.result()])
    } else {
      rewriter.llvm("return", Array(call.results))
    }
  }

  // MARK: Unranked memrefs

  /// The descriptor of an unranked memref with what it points to copied: to the heap before a function returns
  /// it, to the stack, and the heap's freed, behind a call.
  func copy(
    _ type: Type, _ descriptor: Value, toHeap: Bool, _ op: Operation
  ) -> Value? {
    guard let space = LLVMTypes.addressSpace(type), let converted = types.convert(type),
      let module = op.ancestor(where: { $0.name.string == "builtin.module" }),
      let body = module.region(0).firstBlock
    else { return nil }
    let symbols = SymbolDeclarations(body, rewriter)
    let point = rewriter.insertionPoint
    let function =
      toHeap
      ? symbols.declareUnique("malloc", LLVM.functionType(types.pointer, [types.indexType]))
      : symbols.declareUnique(
        "free", LLVM.functionType(LLVM.voidType(context), [types.pointer]))
    guard let function else { return nil }
    rewriter.insertionPoint = point
    let size = UnrankedDescriptor(types, addressSpace: space, rewriter).size(descriptor)
    let memory =
      toHeap
      ? rewriter.llvmCall(function, [size], [types.pointer]).result()
      : rewriter.llvm(
        "alloca", [size], [types.pointer], [("elem_type", context.typeAttribute(context.i8))]
      ).result()
    let source = rewriter.extractValue(descriptor, [1])
    rewriter.llvm(
      "intr.memcpy", [memory, source, size], [], [("isVolatile", context.boolAttribute(false))])
    if !toHeap { rewriter.llvmCall(function, [source], []) }
    var value = rewriter.llvm("mlir.poison", [], [converted]).result()
    value = rewriter.insertValue(rewriter.extractValue(descriptor, [0]), into: value, [0])
    return rewriter.insertValue(memory, into: value, [1])
  }
}
