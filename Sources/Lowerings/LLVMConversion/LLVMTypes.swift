import MartletDialects
import MartletIR
import MartletRewriting

/// The types of the llvm dialect that stand for those of the other dialects, as MLIR's LLVMTypeConverter
/// has them: `index` is an integer, a memref a structure of pointers, offset, sizes and strides, a
/// vector of several dimensions arrays of vectors.
struct LLVMTypes {
  let context: Context
  let indexType: Type
  let converter: TypeConverter
  let pointer: Type

  init(_ context: Context, indexBits: Int = 0) {
    self.context = context
    let width = indexBits > 0 && indexBits <= 4096 ? indexBits : 64
    let index = context.integer(width)
    indexType = index
    pointer = LLVM.pointer(context)
    converter = TypeConverter()
    converter.addConversion { type -> TypeConverter.Answer in
      guard let converted = LLVMTypes.convert(type, index: index) else { return .illegal }
      return .to(converted)
    }
  }

  /// With indices as wide as `indexBits` says or, where that is 0, the data layout of `operation` or what is
  /// around it.
  init(_ operation: Operation, indexBits: Int) {
    var bits = indexBits
    var scope: Operation? = operation
    while bits == 0, let current = scope {
      bits = current.attribute("dlti.dl_spec").flatMap(LLVMTypes.indexBits) ?? 0
      scope = current.block?.parentOperation
    }
    self.init(operation.context, indexBits: bits)
  }

  /// What a data layout says of indices.
  private static func indexBits(_ layout: Attribute) -> Int? {
    guard layout.is(DLTI.dataLayoutSpec) else { return nil }
    for i in stride(from: 0, to: layout.words.count, by: 2)
    where layout.attributeWord(i)?.typeValue?.kind == .index {
      return layout.attributeWord(i + 1)?.integerValue.map { Int($0) }
    }
    return nil
  }

  func convert(_ type: Type) -> Type? { converter.convert(type) }

  static func convert(_ type: Type, index: Type, depth: Int = 0) -> Type? {
    if depth > 32 { return nil }
    let context = type.context
    switch type.kind {
    case .index: return index
    case .integer: return type.signedness == .signless ? type : context.integer(type.bitWidth ?? 1)
    case .float:
      // Formats LLVM does not have are kept as the integers of their bits.
      if let width = type.bitWidth, width < 16 { return context.integer(width) }
      return type.floatKind == .tf32 ? nil : type
    case .complex:
      guard let element = convert(type.elementType, index: index, depth: depth + 1) else {
        return nil
      }
      return LLVM.structType(context, [element, element])
    case .vector:
      guard let element = convert(type.elementType, index: index, depth: depth + 1),
        type.scalableMask & ~(1 << UInt64(max(0, type.rank - 1))) == 0 || type.rank == 0
      else { return nil }
      if type.rank == 0 { return context.vector([1], element) }
      let isScalable = type.scalableMask >> UInt64(type.rank - 1) & 1
      var result = context.vector([type.shape[type.rank - 1]], element, scalable: isScalable)
      for size in type.shape.dropLast().reversed() { result = LLVM.arrayType(result, size) }
      return result
    case .memRef: return descriptor(type, index: index, depth: depth)
    case .unrankedMemRef:
      guard addressSpace(type) != nil else { return nil }
      return LLVM.structType(context, [index, LLVM.pointer(context)])
    case .function: return LLVM.pointer(context)
    case nil:
      return type.definition?.dialectName == "llvm"
        ? convertAggregate(type, index: index, open: []) : nil
    default: return nil
    }
  }

  /// Aggregates may hold types of other dialects; a structure with a name gets another name then.
  private static func convertAggregate(_ type: Type, index: Type, open: [Type]) -> Type? {
    if open.count > 32 { return nil }
    func converted(_ types: [Type], _ open: [Type]) -> [Type]? {
      var all: [Type] = []
      for part in types {
        let isOwn = part.definition?.dialectName == "llvm"
        guard
          let new = isOwn
            ? convertAggregate(part, index: index, open: open)
            : convert(part, index: index, depth: open.count + 1)
        else { return nil }
        all.append(new)
      }
      return all
    }
    if isWhollyLLVM(type, open: []) { return type }
    if let (element, count) = type.llvmArray {
      return converted([element], open + [type]).map { LLVM.arrayType($0[0], count) }
    }
    if let function = type.llvmFunction {
      guard let all = converted([function.result] + function.inputs, open + [type]) else {
        return nil
      }
      return LLVM.functionType(all[0], Array(all.dropFirst()), isVariadic: function.isVariadic)
    }
    guard let structure = type.llvmStruct, let elements = structure.elements else { return type }
    guard let name = structure.name else {
      return converted(elements, open + [type]).map {
        LLVM.structType(type.context, $0, isPacked: structure.isPacked)
      }
    }
    let target = "_Converted." + name
    if open.contains(type) { return LLVM.namedStruct(type.context, target) }
    guard let all = converted(elements, open + [type]) else { return nil }
    return LLVM.namedStruct(
      type.context, target, body: .init(elements: all, isPacked: structure.isPacked))
  }

  /// Whether no part of a type of llvm is of another dialect that LLVM lacks.
  private static func isWhollyLLVM(_ type: Type, open: [Type]) -> Bool {
    if open.contains(type) || open.count > 32 { return true }
    guard type.definition?.dialectName == "llvm" else { return type.isLLVMCompatible }
    if let (element, _) = type.llvmArray { return isWhollyLLVM(element, open: open + [type]) }
    if let function = type.llvmFunction {
      return ([function.result] + function.inputs).allSatisfy {
        isWhollyLLVM($0, open: open + [type])
      }
    }
    return (type.llvmStruct?.elements ?? []).allSatisfy { isWhollyLLVM($0, open: open + [type]) }
  }

  /// The address space of a memref's memory; nil where it is not a number.
  static func addressSpace(_ type: Type) -> Int? {
    guard let space = type.memorySpace else { return 0 }
    if let type = space.type, type.isInteger, type.signedness != .signless { return nil }
    return space.integerValue.map { Int($0) }
  }

  private static func descriptor(_ type: Type, index: Type, depth: Int) -> Type? {
    guard let space = addressSpace(type), space >= 0, type.stridedLayout != nil,
      convert(type.elementType, index: index, depth: depth + 1) != nil
    else { return nil }
    let context = type.context
    let pointer = LLVM.pointer(context, addressSpace: space)
    if type.rank == 0 { return LLVM.structType(context, [pointer, pointer, index]) }
    let sizes = LLVM.arrayType(index, type.rank)
    return LLVM.structType(context, [pointer, pointer, index, sizes, sizes])
  }

  /// The types a value of `type` is passed to a function as.
  func flattened(_ type: Type, barePointers: Bool = false) -> [Type]? {
    guard let converted = convert(type) else { return nil }
    if type.kind == .memRef, let elements = converted.llvmStruct?.elements {
      if barePointers {
        let isStatic = type.hasStaticShape && (type.stridedLayout?.isKnown ?? false)
        return isStatic ? [elements[0]] : nil
      }
      return Array(elements[..<3]) + Array(repeating: indexType, count: 2 * type.rank)
    }
    if type.kind == .unrankedMemRef {
      return barePointers ? nil : converted.llvmStruct?.elements
    }
    return [converted]
  }

  /// The one type a function's results are returned as: that of the only one or a structure of all; nil
  /// where one cannot be converted. No results give `void`.
  func packed(_ types: [Type], barePointers: Bool = false) -> Type? {
    var converted: [Type] = []
    for type in types {
      if barePointers, type.kind == .memRef {
        guard let bare = flattened(type, barePointers: true) else { return nil }
        converted += bare
        continue
      }
      guard let new = convert(type) else { return nil }
      converted.append(new)
    }
    if converted.isEmpty { return LLVM.voidType(context) }
    return converted.count == 1 ? converted[0] : LLVM.structType(context, converted)
  }
}

extension ConversionRewriter {
  /// Makes `llvm.<name>` at the insertion point.
  @discardableResult
  func llvm(
    _ name: String, _ operands: [Value], _ results: [Type] = [],
    _ attributes: [(String, Attribute)] = [], successors: [Block] = []
  ) -> Operation {
    create(
      context.operationName("llvm." + name), operands, results: results, attributes: attributes,
      successors: successors)
  }

  func llvmConstant(_ value: Int, _ type: Type) -> Value {
    llvm(
      "mlir.constant", [], [type], [("value", context.integerAttribute(Int64(value), type))]
    ).result()
  }

  func extractValue(_ aggregate: Value, _ position: [Int]) -> Value {
    let type = aggregate.type.llvmElement(at: position) ?? aggregate.type
    return llvm(
      "extractvalue", [aggregate], [type], [("position", context.denseI64Array(position))]
    ).result()
  }

  func insertValue(_ value: Value, into aggregate: Value, _ position: [Int]) -> Value {
    llvm(
      "insertvalue", [aggregate, value], [aggregate.type],
      [("position", context.denseI64Array(position))]
    ).result()
  }
}
