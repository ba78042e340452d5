import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns functions, calls and returns into llvm's; memrefs are passed as the parts of their descriptors,
  /// several results as one structure.
  ///
  ///     func.func @f(%a: index)     ->   llvm.func @f(%arg0: i64)
  public static let convertFuncToLLVM = Pass(
    "convert-func-to-llvm", name: "ConvertFuncToLLVMPass",
    "Convert from the Func dialect to the LLVM dialect", anchor: "builtin.module",
    options: [
      .bool(
        "use-bare-ptr-memref-call-conv", default: false,
        "Replace FuncOp's MemRef arguments with bare pointers to the MemRef element types"),
      indexBitwidthOption,
    ], dependentDialects: ["llvm"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(
      operation, indexBits: state.options.integer("index-bitwidth"))
    let lowering = FuncToLLVM(
      types: types, barePointers: state.options.bool("use-bare-ptr-memref-call-conv"))
    try applyLLVMConversion(operation, types, lowering.patterns)
  }
}

extension Pass {
  /// Asks for functions that C can call, which `convert-func-to-llvm` adds.
  ///
  ///     func.func @f()   ->   func.func @f() attributes {llvm.emit_c_interface}
  public static let requestCWrappers = Pass(
    "llvm-request-c-wrappers", name: "LLVMRequestCWrappersPass",
    "Request C wrapper emission for all functions", anchor: "func.func"
  ) { (operation, state) throws(Reported) in
    operation.setAttribute("llvm.emit_c_interface", operation.context.unit)
    state.remark(.passed, "Requested", "a wrapper for C is asked for", at: operation)
  }
}

func funcToLLVMPatterns(_ types: LLVMTypes) -> [ConversionPattern] {
  FuncToLLVM(types: types, barePointers: false).patterns
}

private struct FuncToLLVM {
  let types: LLVMTypes
  let barePointers: Bool

  var patterns: [ConversionPattern] {
    [
      ConversionPattern("func-to-llvm", root: Func.func) { op, _, rewriter in
        function(op, rewriter)
      },
      ConversionPattern("call-to-llvm", root: Func.call) { op, operands, rewriter in
        call(op, operands, rewriter)
      },
      ConversionPattern("call-indirect-to-llvm", root: "func.call_indirect") {
        op, operands, rewriter in call(op, operands, rewriter)
      },
      ConversionPattern("function-constant-to-llvm", root: "func.constant") { op, _, rewriter in
        guard let name = op.attribute("value"), let type = types.convert(op.result().type) else {
          return false
        }
        let discardable = op.discardableAttributes.entries.map { ($0.name.string, $0.value) }
        rewriter.replace(
          op,
          with: rewriter.llvm(
            "mlir.addressof", [], [type], [("global_name", name)] + discardable))
        return true
      },
      ConversionPattern("return-to-llvm", root: Func.return) { op, operands, rewriter in
        returns(op, operands, rewriter)
      },
    ]
  }

  // MARK: Functions

  private func function(_ op: Operation, _ rewriter: ConversionRewriter) -> Bool {
    let context = op.context
    guard let type = op.attribute("function_type")?.typeValue, type.kind == .function else {
      return false
    }
    let isBare = barePointers || op.hasAttribute("llvm.bareptr")
    var groups: [[Type]] = []
    for input in type.inputs {
      guard let group = types.flattened(input, barePointers: isBare) else { return false }
      groups.append(group)
    }
    guard let result = types.packed(type.results, barePointers: isBare) else { return false }
    let isVariadic = op.attribute("func.varargs")?.boolValue ?? false
    let wantsWrapper = !isBare && op.hasAttribute("llvm.emit_c_interface")
    if wantsWrapper, isVariadic { return false }
    var attributes: [(String, Attribute)] = [
      ("sym_name", op.attribute("sym_name") ?? context.string("")),
      (
        "function_type",
        context.typeAttribute(
          LLVM.functionType(result, groups.flatMap { $0 }, isVariadic: isVariadic))
      ),
    ]
    if let linkage = op.attribute("llvm.linkage") { attributes.append(("linkage", linkage)) }
    let left: Set<String> = ["llvm.linkage", "func.varargs", "llvm.readnone"]
    let kept = op.discardableAttributes.entries.filter { !left.contains($0.name.string) }
      .map { ($0.name.string, $0.value) }
    attributes += kept
    if let visibility = op.attribute("sym_visibility") {
      attributes.append(("sym_visibility", visibility))
    }
    if op.hasAttribute("no_inline") { attributes.append(("no_inline", context.unit)) }
    if let entries = op.attribute("res_attrs"), type.results.count == 1 {
      attributes.append(("res_attrs", entries))
    }
    if let entries = op.attribute("arg_attrs")?.elements, entries.count == groups.count {
      let empty = context.dictionary([(name: Identifier, value: Attribute)]())
      let spread = zip(entries, groups).flatMap { entry, group in
        group.count == 1
          ? [argumentAttributes(entry)] : Array(repeating: empty, count: group.count)
      }
      attributes.append(("arg_attrs", context.array(spread)))
    }
    let made = rewriter.create(LLVM.func, attributes: attributes)
    rewriter.inlineRegion(op.region(0), into: made.region(0))
    if let entry = made.region(0).firstBlock {
      convertArguments(of: entry, groups, isBare, rewriter)
    }
    if wantsWrapper {
      let boundary = FunctionBoundary(types: types, rewriter: rewriter)
      guard boundary.addWrapper(op, made, kept) else { return false }
    }
    rewriter.erase(op)
    return true
  }

  /// Types that attributes of an argument name are converted too.
  private func argumentAttributes(_ dictionary: Attribute) -> Attribute {
    let typed: Set<String> = ["llvm.byval", "llvm.byref", "llvm.sret", "llvm.inalloca"]
    let entries = dictionary.entries.map { entry -> (name: Identifier, value: Attribute) in
      guard typed.contains(entry.name.string), let type = entry.value.typeValue,
        let converted = types.convert(type)
      else { return entry }
      return (entry.name, dictionary.context.typeAttribute(converted))
    }
    return dictionary.context.dictionary(entries)
  }

  private func convertArguments(
    of entry: Block, _ groups: [[Type]], _ isBare: Bool, _ rewriter: ConversionRewriter
  ) {
    let old = Array(entry.arguments)
    let new = groups.map { group in group.map { entry.addArgument($0) } }
    for (argument, parts) in zip(old, new) {
      if parts.count == 1 { parts[0].nameHint = argument.nameHint }
      guard argument.hasUses else { continue }
      rewriter.insertionPoint = .atStart(of: entry)
      let isDescriptor = argument.type.kind == .memRef || argument.type.kind == .unrankedMemRef
      let whole =
        isDescriptor && isBare
        ? DescriptorValue.fromStaticShape(argument.type, parts[0], types, rewriter)
        : isDescriptor
          ? DescriptorValue.pack(argument.type, parts, types, rewriter) : parts[0]
      guard let whole else { continue }
      let value = rewriter.original(whole, as: argument.type)
      argument.replaceAllUses(with: value)
    }
    for i in old.indices.reversed() where !old[i].hasUses { entry.eraseArgument(i) }
  }

  // MARK: Calls and returns

  private func call(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let callee = op.attribute("callee").flatMap { SymbolTable.resolve($0, from: op) }
    let isBare = barePointers || callee?.hasAttribute("llvm.bareptr") ?? false
    let resultTypes = op.results.types
    guard let packed = types.packed(resultTypes, barePointers: isBare) else { return false }
    if isBare, resultTypes.contains(where: { $0.kind == .unrankedMemRef }) { return false }
    if op.operands.contains(where: { $0.type.kind == .unrankedMemRef }), isBare { return false }
    var passed: [Value] = []
    for (old, new) in zip(op.operands, operands) {
      switch old.type.kind {
      case .memRef where isBare:
        guard types.flattened(old.type, barePointers: true) != nil else { return false }
        passed.append(rewriter.extractValue(new, [1]))
      case .memRef, .unrankedMemRef:
        passed += DescriptorValue.unpack(old.type, new, rewriter)
      default: passed.append(new)
      }
    }
    var attributes: [(String, Attribute)] = [
      ("operandSegmentSizes", op.context.denseI32Array([passed.count, 0])),
      ("op_bundle_sizes", op.context.denseI32Array([])),
    ]
    for name in ["callee", "no_inline", "arg_attrs", "res_attrs"] {
      if let value = op.attribute(name) { attributes.append((name, value)) }
    }
    attributes += op.discardableAttributes.entries.map { ($0.name.string, $0.value) }
    let made = rewriter.llvm("call", passed, packed.isLLVMVoid ? [] : [packed], attributes)
    var results: [Value] = []
    if resultTypes.count == 1 {
      results = [made.result()]
    } else {
      for i in resultTypes.indices {
        results.append(rewriter.extractValue(made.result(), [i]))
      }
    }
    if isBare {
      for (i, type) in resultTypes.enumerated() where type.kind == .memRef {
        guard let whole = DescriptorValue.fromStaticShape(type, results[i], types, rewriter)
        else { return false }
        results[i] = whole
      }
    }
    let boundary = FunctionBoundary(types: types, rewriter: rewriter)
    for (i, type) in resultTypes.enumerated() where type.kind == .unrankedMemRef {
      guard let copy = boundary.copy(type, results[i], toHeap: false, op) else { return false }
      results[i] = copy
    }
    rewriter.replace(op, with: results)
    return true
  }

  private func returns(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let function = op.ancestor { $0.is(LLVM.func) || $0.is(Func.func) }
    let isBare = barePointers || function?.hasAttribute("llvm.bareptr") ?? false
    let boundary = FunctionBoundary(types: types, rewriter: rewriter)
    var values: [Value] = []
    for (old, new) in zip(op.operands, operands) {
      if old.type.kind == .unrankedMemRef {
        guard !isBare, let copy = boundary.copy(old.type, new, toHeap: true, op) else {
          return false
        }
        values.append(copy)
        continue
      }
      let isPointer =
        isBare && old.type.kind == .memRef && types.flattened(old.type, barePointers: true) != nil
      values.append(isPointer ? rewriter.extractValue(new, [0]) : new)
    }
    let discardable = op.discardableAttributes.entries.map { ($0.name.string, $0.value) }
    if values.count > 1 {
      guard let packed = types.packed(op.operands.types, barePointers: isBare) else {
        return false
      }
      var whole = rewriter.llvm("mlir.poison", [], [packed]).result()
      for (i, value) in values.enumerated() {
        whole = rewriter.insertValue(value, into: whole, [i])
      }
      values = [whole]
    }
    rewriter.llvm("return", values, [], discardable)
    rewriter.erase(op)
    return true
  }
}
