import MartletDialects
import MartletIR
import MartletRewriting

/// Loads and stores.
extension VectorToLLVM {
  /// The alignment of an access: what it says, else that of the vector or of an element of memory.
  private func alignment(_ op: Operation, _ vector: Type, _ memory: Type) -> Int? {
    if let given = op.attribute("alignment")?.integerValue { return Int(given) }
    guard let type = types.convert(usesVectorAlignment ? vector : memory.elementType) else {
      return nil
    }
    return VectorToLLVM.preferredAlignment(type)
  }

  /// The alignment LLVM prefers where the module says nothing, in bytes.
  private static func preferredAlignment(_ type: Type, depth: Int = 0) -> Int? {
    if depth > 64 { return nil }
    if let (element, _) = type.llvmArray { return preferredAlignment(element, depth: depth + 1) }
    if type.isInteger, let width = type.bitWidth {
      var bits = 8
      while bits < width, bits < 64 { bits *= 2 }
      return bits / 8
    }
    return LLVMDataLayout.alignment(type)
  }

  private func elementPointer(
    _ op: Operation, _ operands: [Value], _ indices: String, _ rewriter: ConversionRewriter
  ) -> Value? {
    guard let base = op.operand(named: "base"), base.type.kind == .memRef,
      let descriptor = operand("base", op, operands), let range = operandRange(indices, op)
    else { return nil }
    return MemRefLowering(types: types, usesAlignedAlloc: false, usesGenericFunctions: false)
      .elementPointer(
        descriptor, base.type, Array(operands[range]), inBounds: false, rewriter)
  }

  /// The places among the operands of those that the declaration calls `name`.
  private func operandRange(_ name: String, _ op: Operation) -> Range<Int>? {
    guard let group = op.definition?.operands.firstIndex(where: { $0.name == name }) else {
      return nil
    }
    let segments = op.operandSegments
    guard group < segments.count else { return nil }
    let start = segments.prefix(group).reduce(0, +)
    return start..<(start + segments[group])
  }

  private func operand(_ name: String, _ op: Operation, _ operands: [Value]) -> Value? {
    operandRange(name, op).flatMap { $0.isEmpty ? nil : operands[$0.lowerBound] }
  }

  /// Plain and masked loads and stores of vectors of one dimension.
  func access(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let isLoad = op.resultCount == 1
    guard let vector = isLoad ? op.result().type : op.operand(named: "valueToStore")?.type,
      vector.rank <= 1, let memory = op.operand(named: "base")?.type,
      let alignment = alignment(op, vector, memory), let type = types.convert(vector),
      let pointer = elementPointer(op, operands, "indices", rewriter)
    else { return false }
    let context = op.context
    if let mask = operand("mask", op, operands) {
      let aligned = [("alignment", context.i32Attribute(alignment))]
      if let other = operand("pass_thru", op, operands) {
        rewriter.replace(
          op, with: rewriter.llvm("intr.masked.load", [pointer, mask, other], [type], aligned))
      } else if let value = operand("valueToStore", op, operands) {
        rewriter.llvm("intr.masked.store", [value, pointer, mask], [], aligned)
        rewriter.erase(op)
      }
      return true
    }
    var attributes = [("alignment", context.i64Attribute(alignment))]
    if op.attribute("nontemporal")?.boolValue == true {
      attributes.append(("nontemporal", context.unit))
    }
    if isLoad {
      rewriter.replace(op, with: rewriter.llvm("load", [pointer], [type], attributes))
    } else if let value = operand("valueToStore", op, operands) {
      rewriter.llvm("store", [value, pointer], [], attributes)
      rewriter.erase(op)
    }
    return true
  }

  /// The addresses `indices` elements behind that of `offsets`.
  private func pointers(
    _ op: Operation, _ operands: [Value], _ vector: Type, _ rewriter: ConversionRewriter
  ) -> Value? {
    guard let memory = op.operand(named: "base")?.type,
      VectorTransferLowering.unitStride(memory) == true, vector.rank == 1,
      let space = LLVMTypes.addressSpace(memory), let element = types.convert(memory.elementType),
      let indices = operand("indices", op, operands),
      let base = elementPointer(op, operands, "offsets", rewriter)
    else { return nil }
    let context = op.context
    return rewriter.llvm(
      "getelementptr", [base, indices],
      [
        context.vector(
          vector.shape, LLVM.pointer(context, addressSpace: space), scalable: vector.scalableMask)
      ],
      [
        ("elem_type", context.typeAttribute(element)),
        ("rawConstantIndices", context.denseI32Array([LLVM.dynamicIndex])),
      ]
    ).result()
  }

  func gather(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let vector = op.result().type
    guard let memory = op.operand(named: "base")?.type, memory.kind == .memRef,
      let type = types.convert(vector), let alignment = alignment(op, vector, memory),
      let mask = operand("mask", op, operands), let other = operand("pass_thru", op, operands),
      let pointers = pointers(op, operands, vector, rewriter)
    else { return false }
    rewriter.replace(
      op,
      with: rewriter.llvm(
        "intr.masked.gather", [pointers, mask, other], [type],
        [("alignment", op.context.i32Attribute(alignment))]))
    return true
  }

  func scatter(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    guard let vector = op.operand(named: "valueToStore")?.type, op.resultCount == 0,
      let memory = op.operand(named: "base")?.type, memory.kind == .memRef,
      let alignment = alignment(op, vector, memory), let mask = operand("mask", op, operands),
      let value = operand("valueToStore", op, operands),
      let pointers = pointers(op, operands, vector, rewriter)
    else { return false }
    rewriter.llvm(
      "intr.masked.scatter", [value, pointers, mask], [],
      [("alignment", op.context.i32Attribute(alignment))])
    rewriter.erase(op)
    return true
  }

  /// The alignment of argument `place` of three, where the access says one.
  private func argumentAlignment(_ op: Operation, _ place: Int) -> [(String, Attribute)] {
    guard let given = op.attribute("alignment") else { return [] }
    let context = op.context
    let empty = context.dictionary([(String, Attribute)]())
    var all = [empty, empty, empty]
    all[place] = context.dictionary([("llvm.align", given)])
    return [("arg_attrs", context.array(all))]
  }

  func expandLoad(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    guard let type = types.convert(op.result().type), let mask = operand("mask", op, operands),
      let other = operand("pass_thru", op, operands),
      let pointer = elementPointer(op, operands, "indices", rewriter)
    else { return false }
    rewriter.replace(
      op,
      with: rewriter.llvm(
        "intr.masked.expandload", [pointer, mask, other], [type], argumentAlignment(op, 0)))
    return true
  }

  func compressStore(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let mask = operand("mask", op, operands),
      let value = operand("valueToStore", op, operands),
      let pointer = elementPointer(op, operands, "indices", rewriter)
    else { return false }
    rewriter.llvm(
      "intr.masked.compressstore", [value, pointer, mask], [], argumentAlignment(op, 1))
    rewriter.erase(op)
    return true
  }

  // MARK: Printing

  /// Calls of a small runtime library for scalars and punctuation.
  func print(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    guard let module = op.ancestor(where: { $0.name.string == "builtin.module" }),
      let body = module.region(0).firstBlock
    else { return false }
    let symbols = SymbolDeclarations(body, rewriter)
    let context = op.context
    func call(_ name: String, _ arguments: [Value]) {
      let point = rewriter.insertionPoint
      symbols.declare(
        name, LLVM.functionType(LLVM.voidType(context), arguments.map(\.type)))
      rewriter.insertionPoint = point
      rewriter.llvmCall(name, arguments, [])
    }
    if let source = op.operands.first {
      if source.type.isVector { return false }
      guard let (name, arguments) = printed(source.type, operands[0], rewriter) else {
        return false
      }
      call(name, arguments)
    }
    if let text = op.attribute("stringLiteral")?.stringValue {
      let point = rewriter.insertionPoint
      let (name, type) = symbols.addString(text, named: "vector_print_str")
      rewriter.insertionPoint = point
      let pointer = LLVM.pointer(context)
      let address = rewriter.llvm(
        "mlir.addressof", [], [pointer], [("global_name", context.symbolRef(name))])
      let start = rewriter.llvm(
        "getelementptr", [address.result()], [pointer],
        [
          ("elem_type", context.typeAttribute(type)),
          ("rawConstantIndices", context.denseI32Array([0])),
        ])
      call("printString", [start.result()])
    } else {
      switch op.attribute("punctuation")?.enumValue ?? 1 {
      case 1: call("printNewline", [])
      case 2: call("printComma", [])
      case 3: call("printOpen", [])
      case 4: call("printClose", [])
      default: break
      }
    }
    rewriter.erase(op)
    return true
  }

  /// The function that prints a scalar of `type` and what it is given; nil where there is none.
  private func printed(
    _ type: Type, _ value: Value, _ rewriter: ConversionRewriter
  ) -> (String, [Value])? {
    let context = rewriter.context
    if type.isIndex { return ("printU64", [value]) }
    if type.isInteger, let width = type.bitWidth {
      if width > 64 { return nil }
      let isUnsigned = type.signedness == .unsigned
      let extend = isUnsigned || width == 1 ? "extui" : "extsi"
      let wide = width == 64 ? value : rewriter.arith(extend, [value], context.i64)
      return (isUnsigned ? "printU64" : "printI64", [wide])
    }
    guard let kind = type.floatKind else { return nil }
    switch kind {
    case .f32: return ("printF32", [value])
    case .f64: return ("printF64", [value])
    case .f16, .bf16:
      let bits = rewriter.llvm("bitcast", [value], [context.integer(16)]).result()
      return (kind == .f16 ? "printF16" : "printBF16", [bits])
    default:
      guard let number = VectorToLLVM.semantics[kind], value.type.isInteger else { return nil }
      let format = rewriter.llvmConstant(number, context.i32)
      return ("printApFloat", [format, rewriter.llvm("zext", [value], [context.i64]).result()])
    }
  }

  /// The numbers LLVM's library of floats has for formats.
  private static let semantics: [FloatKind: Int] = [
    .f8E5M2: 7, .f8E5M2FNUZ: 8, .f8E4M3: 9, .f8E4M3FN: 10, .f8E4M3FNUZ: 11, .f8E4M3B11FNUZ: 12,
    .f8E3M4: 13, .f8E8M0FNU: 15, .f6E3M2FN: 16, .f6E2M3FN: 17, .f4E2M1FN: 18,
  ]
}
