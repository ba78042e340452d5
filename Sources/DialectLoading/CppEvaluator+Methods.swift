import MartletIR

/// Methods of types, attributes, values and operations that predicates call.
extension CppEvaluator {
  func method(
    _ base: CppValue, _ name: String, _ templates: [String], _ arguments: [CppValue]
  ) -> CppValue {
    switch base {
    case .unknown, .closure: return .unknown
    case .null: return name == "has_value" ? .boolean(false) : .unknown
    case .type(let type):
      if name == "hasTrait" { return hasTrait(type, templates.first ?? "") }
      return typeMethod(type, name, arguments)
    case .attribute(let attribute): return attributeMethod(attribute, name, arguments)
    case .value(let value):
      switch name {
      case "getType": return .type(value.type)
      case "getDefiningOp": return value.definingOperation.map { .operation($0) } ?? .null
      case "has_value": return .boolean(true)
      default: return .unknown
      }
    case .operation(let operation): return operationMethod(operation, name, arguments)
    case .list(let values): return listMethod(values, name, arguments)
    case .integer(let value): return integerMethod(value, name, arguments)
    case .string(let text):
      switch name {
      case "empty": return .boolean(text.isEmpty)
      case "size": return .integer(Int64(text.utf8.count))
      case "str", "getValue": return base
      default: return .unknown
      }
    case .boolean, .float: return name == "getValue" ? base : .unknown
    case .builder:
      if name == "getType", let made = templates.first {
        return instance(of: CppName(made).last, arguments)
      }
      return builderMethod(name, arguments)
    }
  }

  private func hasTrait(_ type: Type, _ name: String) -> CppValue {
    guard name.hasSuffix("ValueSemantics") else { return .unknown }
    switch type.kind {
    case .rankedTensor, .unrankedTensor, .vector: return .boolean(true)
    case nil: return .unknown
    default: return .boolean(false)
    }
  }

  private func typeMethod(_ type: Type, _ name: String, _ arguments: [CppValue]) -> CppValue {
    let width = arguments.first?.integer
    switch name {
    case "isSignlessInteger":
      return .boolean(type.isSignlessInteger && (width.map { type.bitWidth == Int($0) } ?? true))
    case "isInteger":
      return .boolean(type.isInteger && (width.map { type.bitWidth == Int($0) } ?? true))
    case "isSignedInteger":
      return .boolean(
        type.signedness == .signed && (width.map { type.bitWidth == Int($0) } ?? true))
    case "isUnsignedInteger":
      return .boolean(
        type.signedness == .unsigned && (width.map { type.bitWidth == Int($0) } ?? true))
    case "isSignless": return .boolean(type.isSignlessInteger)
    case "isSigned": return .boolean(type.signedness == .signed)
    case "isUnsigned": return .boolean(type.signedness == .unsigned)
    case "isIndex": return .boolean(type.isIndex)
    case "isIntOrIndex": return .boolean(type.isIntOrIndex)
    case "isIntOrFloat": return .boolean(type.isIntOrFloat)
    case "isIntOrIndexOrFloat": return .boolean(type.isIntOrFloat || type.isIndex)
    case "isSignlessIntOrIndex": return .boolean(type.isSignlessIntOrIndex)
    case "isSignlessIntOrFloat": return .boolean(type.isSignlessInteger || type.isFloat)
    case "isSignlessIntOrIndexOrFloat":
      return .boolean(type.isSignlessIntOrIndex || type.isFloat)
    case "isF16": return .boolean(type.isFloat(.f16))
    case "isBF16": return .boolean(type.isFloat(.bf16))
    case "isF32": return .boolean(type.isFloat(.f32))
    case "isF64": return .boolean(type.isFloat(.f64))
    case "isF80": return .boolean(type.isFloat(.f80))
    case "isF128": return .boolean(type.isFloat(.f128))
    case "isTF32": return .boolean(type.isFloat(.tf32))
    case "getTypeID", "getContext", "getDialect": return .unknown
    default: break
    }
    guard type.kind != nil, type.kind != .opaque else {
      return library.parameter(name, of: type)
    }
    return builtinTypeMethod(type, name, arguments)
  }

  private func builtinTypeMethod(_ type: Type, _ name: String, _ arguments: [CppValue])
    -> CppValue
  {
    let index = arguments.first?.integer.map { Int($0) }
    switch name {
    case "getElementType": return .type(type.elementType)
    case "hasRank": return .boolean(type.hasRank)
    case "getRank": return type.hasRank ? .integer(Int64(type.rank)) : .unknown
    case "hasStaticShape": return .boolean(type.hasStaticShape)
    case "getShape":
      return type.hasRank ? .list(type.shape.map { .integer(Int64($0)) }) : .unknown
    case "getNumElements": return type.elementCount.map { .integer(Int64($0)) } ?? .unknown
    case "getDimSize":
      guard let index, type.hasRank, (0..<type.rank).contains(index) else { return .unknown }
      return .integer(Int64(type.dimension(index)))
    case "isDynamicDim":
      guard let index, type.hasRank, (0..<type.rank).contains(index) else { return .unknown }
      return .boolean(type.dimension(index) == Type.dynamic)
    case "getWidth", "getIntOrFloatBitWidth":
      return type.isIntOrFloat ? type.bitWidth.map { .integer(Int64($0)) } ?? .unknown : .unknown
    case "getElementTypeBitWidth":
      return type.elementType.bitWidth.map { .integer(Int64($0)) } ?? .unknown
    case "getEncoding": return type.encoding.map { .attribute($0) } ?? .null
    case "getMemorySpace": return type.memorySpace.map { .attribute($0) } ?? .null
    case "isStrided":
      guard let layout = type.layout else { return .boolean(true) }
      return layout.kind == .stridedLayout ? .boolean(true) : .unknown
    case "isScalable": return .boolean(type.scalableMask != 0)
    case "getScalableDims":
      return .list(
        (0..<min(type.rank, 64)).map { .boolean(type.scalableMask >> UInt64($0) & 1 == 1) })
    case "allDimsScalable":
      return .boolean(
        type.rank > 0
          && (0..<min(type.rank, 64)).allSatisfy { type.scalableMask >> UInt64($0) & 1 == 1 })
    case "getInputs", "getTypes", "getParams": return .types(type.inputs)
    case "getResults": return .types(type.results)
    case "getNumInputs", "size", "getNumParams": return .integer(Int64(type.inputs.count))
    case "getNumResults": return .integer(Int64(type.results.count))
    case "getInput", "getType":
      guard let index, type.inputs.indices.contains(index) else { return .unknown }
      return .type(type.inputs[index])
    case "getResult":
      guard let index, type.results.indices.contains(index) else { return .unknown }
      return .type(type.results[index])
    default: return .unknown
    }
  }

  func attributeMethod(_ attribute: Attribute, _ name: String, _ arguments: [CppValue]) -> CppValue
  {
    switch name {
    case "getType": return attribute.type.map { .type($0) } ?? .unknown
    case "getElementType":
      if let element = attribute.denseArrayElementType { return .type(element) }
      return attribute.type.map { .type($0.elementType) } ?? .unknown
    case "has_value": return .boolean(true)
    default: break
    }
    switch attribute.kind {
    case .integer:
      switch name {
      case "getInt", "getValue", "getSInt", "getUInt", "getZExtValue", "getSExtValue":
        return attribute.integerValue.map { .integer($0) } ?? .unknown
      default: return .unknown
      }
    case .float:
      return name == "getValueAsDouble" || name == "getValue"
        ? attribute.floatValue.map { .float($0) } ?? .unknown : .unknown
    case .string:
      let text = attribute.stringValue ?? ""
      switch name {
      case "getValue", "str": return .string(text)
      case "empty": return .boolean(text.isEmpty)
      case "size": return .integer(Int64(text.utf8.count))
      default: return .unknown
      }
    case .array:
      let elements = (attribute.elements ?? []).map { CppValue.attribute($0) }
      return name == "getValue" ? .list(elements) : listMethod(elements, name, arguments)
    case .denseArray:
      guard attribute.denseArrayElementType?.isInteger ?? false else {
        return name == "size" ? .integer(Int64(attribute.denseArrayWords.count)) : .unknown
      }
      let elements = attribute.denseArrayWords.map { CppValue.integer(Int64(bitPattern: $0)) }
      return name == "asArrayRef" ? .list(elements) : listMethod(elements, name, arguments)
    case .type:
      return name == "getValue" ? attribute.typeValue.map { .type($0) } ?? .unknown : .unknown
    case .symbolRef:
      guard let root = attribute.rootReference else { return .unknown }
      switch name {
      case "getValue", "getLeafReference", "getAttr":
        return .string((attribute.nestedReferences.last ?? root).string)
      case "getRootReference": return .string(root.string)
      default: return .unknown
      }
    case nil: return library.parameter(name, of: attribute)
    default: return .unknown
    }
  }

  private func listMethod(_ values: [CppValue], _ name: String, _ arguments: [CppValue]) -> CppValue
  {
    let count = arguments.first?.integer ?? 1
    switch name {
    case "size": return .integer(Int64(values.count))
    case "empty": return .boolean(values.isEmpty)
    case "front": return values.first ?? .unknown
    case "back": return values.last ?? .unknown
    case "drop_back", "drop_front":
      guard count >= 0, count <= values.count else { return .unknown }
      return .list(
        Array(name == "drop_back" ? values.dropLast(Int(count)) : values.dropFirst(Int(count))))
    case "getTypes":
      let types = values.compactMap(\.type)
      return types.count == values.count ? .types(types) : .unknown
    case "getType":
      return values.count == 1 ? values[0].type.map { .type($0) } ?? .unknown : .unknown
    case "getValue", "getAsValueRange": return .list(values)
    case "has_value": return .boolean(!values.isEmpty)
    default: return .unknown
    }
  }

  private func integerMethod(_ value: Int64, _ name: String, _ arguments: [CppValue]) -> CppValue {
    switch name {
    case "eq": return .truth(arguments.first?.integer.map { $0 == value })
    case "ne": return .truth(arguments.first?.integer.map { $0 != value })
    case "isNegative": return .boolean(value < 0)
    case "isNonNegative": return .boolean(value >= 0)
    case "isStrictlyPositive": return .boolean(value > 0)
    case "isZero": return .boolean(value == 0)
    case "isOne": return .boolean(value == 1)
    case "isPowerOf2": return .boolean(value > 0 && value & (value - 1) == 0)
    case "getZExtValue", "getSExtValue", "getInt", "getValue": return .integer(value)
    case "sge", "uge": return .truth(arguments.first?.integer.map { value >= $0 })
    case "sgt", "ugt": return .truth(arguments.first?.integer.map { value > $0 })
    case "sle", "ule": return .truth(arguments.first?.integer.map { value <= $0 })
    case "slt", "ult": return .truth(arguments.first?.integer.map { value < $0 })
    default: return .unknown
    }
  }

  private func operationMethod(_ operation: Operation, _ name: String, _ arguments: [CppValue])
    -> CppValue
  {
    let index = arguments.first?.integer.map { Int($0) } ?? 0
    switch name {
    case "getNumOperands": return .integer(Int64(operation.operandCount))
    case "getNumResults": return .integer(Int64(operation.resultCount))
    case "getNumRegions": return .integer(Int64(operation.regionCount))
    case "getNumSuccessors": return .integer(Int64(operation.successors.count))
    case "getOperand":
      return (0..<operation.operandCount).contains(index)
        ? .value(operation.operand(index)) : .unknown
    case "getResult":
      return (0..<operation.resultCount).contains(index)
        ? .value(operation.result(index)) : .unknown
    case "getOperands": return .list(operation.operands.map { .value($0) })
    case "getResults": return .list(operation.results.map { .value($0) })
    case "getOperandTypes": return .types(operation.operands.types)
    case "getResultTypes": return .types(operation.results.types)
    case "getOperation": return .operation(operation)
    case "getParentOp": return operation.parent.map { .operation($0) } ?? .null
    default: return .unknown
    }
  }

  private func builderMethod(_ name: String, _ arguments: [CppValue]) -> CppValue {
    let first = arguments.first?.integer
    switch name {
    case "getContext": return .builder
    case "getUnitAttr": return .attribute(context.unit)
    case "getBoolAttr": return first.map { .attribute(context.boolAttribute($0 != 0)) } ?? .unknown
    case "getIndexType": return .type(context.index)
    case "getI1Type": return .type(context.i1)
    case "getI8Type": return .type(context.i8)
    case "getI16Type": return .type(context.integer(16))
    case "getI32Type": return .type(context.i32)
    case "getI64Type": return .type(context.i64)
    case "getF16Type": return .type(context.float(.f16))
    case "getBF16Type": return .type(context.float(.bf16))
    case "getF32Type": return .type(context.f32)
    case "getF64Type": return .type(context.f64)
    case "getNoneType": return .type(context.noneType)
    case "getIntegerType":
      guard let first, (0...16_777_215).contains(first) else { return .unknown }
      let isSigned = arguments.dropFirst().first?.truth
      return .type(
        context.integer(Int(first), isSigned.map { $0 ? .signed : .unsigned } ?? .signless))
    case "getStringAttr":
      if case .string(let text)? = arguments.first { return .attribute(context.string(text)) }
      return .unknown
    default: return .unknown
    }
  }
}
