import MartletIR
import MartletRewriting

/// How the operations of llvm take part in `sroa`.
extension LLVM {
  private static let maximumParts = 16

  /// The parts of a structure or short array, by i32 number.
  private static func parts(_ type: Type) -> [(index: Attribute, type: Type)] {
    let context = type.context
    if let structure = type.llvmStruct {
      return (structure.elements ?? []).enumerated().map {
        (context.i32Attribute($0), $1)
      }
    }
    if let (element, count) = type.llvmArray, count <= maximumParts {
      return (0..<count).map { (context.i32Attribute($0), element) }
    }
    return []
  }

  static let allocaDestruction = DestructurableAllocation(
    slots: { op in
      guard op.operand(0).constantInteger == 1,
        let type = op.attribute("elem_type")?.typeValue
      else { return [] }
      let parts = parts(type)
      return parts.isEmpty
        ? [] : [DestructurableSlot(MemorySlot(op.result(), type), parts)]
    },
    allocatePart: { op, type, builder in
      builder.create(
        alloca, [op.operand(0)], results: [pointer(builder.context)],
        attributes: [("elem_type", builder.context.typeAttribute(type))])
    })

  /// A load or store of `type` at the start of a slot is one of its first part.
  private static func rewirePlain(
    _ op: Operation, _ type: Type, _ slot: DestructurableSlot, _ used: inout UsedIndices
  ) -> Bool {
    let first = op.context.i32Attribute(0)
    guard !op.hasAttribute("volatile_"), let part = slot.type(at: first),
      let size = LLVMDataLayout.byteSize(type), let room = LLVMDataLayout.byteSize(part),
      size <= room
    else { return false }
    used.insert(first)
    return true
  }

  private static func fits(_ type: Type, _ slot: MemorySlot) -> Bool {
    guard let size = LLVMDataLayout.byteSize(type),
      let room = LLVMDataLayout.byteSize(slot.elementType)
    else { return false }
    return size <= room
  }

  static let loadDestruction = DestructurableAccess(
    canRewire: { op, slot, used, _ in rewirePlain(op, op.result().type, slot, &used) },
    rewire: { op, _, parts, _ in
      if let part = parts[op.context.i32Attribute(0)] { op.setOperand(0, part.pointer) }
      return false
    }, isSafe: { op, slot, _ in op.operand(0) != slot.pointer || fits(op.result().type, slot) })

  static let storeDestruction = DestructurableAccess(
    canRewire: { op, slot, used, _ in
      op.operand(0) != slot.pointer && rewirePlain(op, op.operand(0).type, slot, &used)
    },
    rewire: { op, _, parts, _ in
      if let part = parts[op.context.i32Attribute(0)] { op.setOperand(1, part.pointer) }
      return false
    },
    isSafe: { op, slot, _ in op.operand(1) != slot.pointer || fits(op.operand(0).type, slot) })

  // MARK: Addresses

  /// The number of bytes an address lies behind its base, where all indices are constants.
  private static func byteOffset(_ op: Operation) -> Int? {
    guard let indices = op.attribute("rawConstantIndices")?.integers, let first = indices.first,
      var type = op.attribute("elem_type")?.typeValue, indices.allSatisfy({ $0 >= 0 }),
      let size = LLVMDataLayout.byteSize(type)
    else { return nil }
    var (offset, overflow) = first.multipliedReportingOverflow(by: size)
    if overflow { return nil }
    for index in indices.dropFirst() {
      if let (element, _) = type.llvmArray {
        guard let size = LLVMDataLayout.byteSize(element) else { return nil }
        let (distance, over) = index.multipliedReportingOverflow(by: size)
        if over { return nil }
        offset &+= distance
        type = element
      } else if let structure = type.llvmStruct, let elements = structure.elements,
        elements.indices.contains(index)
      {
        for (i, element) in elements[...index].enumerated() {
          guard let size = LLVMDataLayout.byteSize(element),
            let alignment = LLVMDataLayout.alignment(element)
          else { return nil }
          if !structure.isPacked { offset = LLVMDataLayout.align(offset, alignment) }
          if i < index { offset &+= size }
        }
        type = elements[index]
      } else {
        return nil
      }
    }
    return offset < 0 ? nil : offset
  }

  /// The part of `slot` an address lies in, and how far behind its start.
  private static func part(
    at address: Operation, _ slot: DestructurableSlot
  ) -> (index: Int, offset: Int)? {
    guard let offset = byteOffset(address), let room = LLVMDataLayout.byteSize(slot.elementType),
      offset < room
    else { return nil }
    if let (element, _) = slot.elementType.llvmArray {
      guard let size = LLVMDataLayout.byteSize(element), size > 0 else { return nil }
      return (offset / size, offset % size)
    }
    guard let structure = slot.elementType.llvmStruct else { return nil }
    var start = 0
    for (i, element) in (structure.elements ?? []).enumerated() {
      guard let size = LLVMDataLayout.byteSize(element),
        let alignment = LLVMDataLayout.alignment(element)
      else { return nil }
      if !structure.isPacked {
        start = LLVMDataLayout.align(start, alignment)
        if offset < start { return nil }
      }
      if offset < start + size { return (i, offset - start) }
      start += size
    }
    return nil
  }

  private static func bytes(_ context: Context, _ count: Int) -> Type {
    arrayType(context.i8, count)
  }

  static let gepDestruction = DestructurableAccess(
    canRewire: { op, slot, used, safely in
      guard op.operand(0).type.isLLVMPointer, op.operand(0) == slot.pointer,
        let place = part(at: op, slot)
      else { return false }
      let index = op.context.i32Attribute(place.index)
      guard let type = slot.type(at: index), let size = LLVMDataLayout.byteSize(type) else {
        return false
      }
      used.insert(index)
      safely.append(MemorySlot(op.result(), bytes(op.context, size - place.offset)))
      return true
    },
    rewire: { op, slot, parts, rewriter in
      guard let place = part(at: op, slot), let new = parts[op.context.i32Attribute(place.index)]
      else { return false }
      var attributes: [(String, Attribute)] = [
        ("elem_type", op.context.typeAttribute(op.context.i8)),
        ("rawConstantIndices", op.context.denseI32Array([place.offset])),
      ]
      if let flags = op.attribute("noWrapFlags") { attributes.append(("noWrapFlags", flags)) }
      let address = rewriter.createOrFold(
        getElementPtr, [new.pointer], results: [op.result().type], attributes: attributes)
      op.result().replaceAllUses(with: address[0])
      return true
    },
    isSafe: { op, slot, safely in
      if op.operand(0) != slot.pointer { return true }
      guard let offset = byteOffset(op), let size = LLVMDataLayout.byteSize(slot.elementType),
        offset < size
      else { return false }
      safely.append(MemorySlot(op.result(), bytes(op.context, size - offset)))
      return true
    })

  // MARK: Filling and copying

  private static func staysWithin(_ op: Operation, _ slot: MemorySlot) -> Bool {
    guard op.operand(0) == slot.pointer, let length = constantLength(op),
      let room = LLVMDataLayout.byteSize(slot.elementType)
    else { return false }
    return length <= room
  }

  private static func isVolatile(_ op: Operation) -> Bool {
    op.attribute("isVolatile")?.boolValue ?? false
  }

  /// The type lengths are given in.
  private static func lengthType(_ op: Operation) -> Type? {
    op.attribute("len")?.type ?? (op.operandCount > 2 ? op.operand(2).type : nil)
  }

  /// Makes an operation like `op` on other pointers with another length.
  private static func remake(
    _ op: Operation, _ pointers: [Value], length: Int, _ rewriter: PatternRewriter
  ) {
    guard let type = lengthType(op), let definition = op.definition else { return }
    let value = rewriter.context.integerAttribute(Int64(length), type)
    var attributes: [(String, Attribute)] = []
    if let volatile = op.attribute("isVolatile") { attributes.append(("isVolatile", volatile)) }
    var operands = pointers
    if op.attribute("len") != nil {
      attributes.append(("len", value))
    } else {
      let constant = rewriter.create(constant, results: [type], attributes: [("value", value)])
      operands.append(constant.result())
    }
    rewriter.create(definition, operands, attributes: attributes)
  }

  static let memsetDestruction = DestructurableAccess(
    canRewire: { op, slot, _, _ in
      slot.elementType.definition?.dialectName == "llvm" && !isVolatile(op)
        && staysWithin(op, slot.slot)
    },
    rewire: { op, slot, parts, rewriter in
      guard let length = constantLength(op) else { return false }
      let isPacked = slot.elementType.llvmStruct?.isPacked ?? false
      var covered = 0
      for (index, type) in slot.parts {
        guard let size = LLVMDataLayout.byteSize(type) else { continue }
        if !isPacked, let alignment = LLVMDataLayout.alignment(type) {
          covered = LLVMDataLayout.align(covered, alignment)
        }
        if covered >= length { break }
        if let part = parts[index] {
          remake(
            op, [part.pointer, op.operand(1)], length: min(length - covered, size), rewriter)
        }
        covered += size
      }
      return true
    }, isSafe: { op, slot, _ in staysWithin(op, slot) })

  static let memcpyDestruction = DestructurableAccess(
    canRewire: { op, slot, used, _ in
      guard !isVolatile(op),
        constantLength(op) == LLVMDataLayout.byteSize(slot.elementType),
        op.operand(0) != op.operand(1)
      else { return false }
      if op.operand(1) == slot.pointer { for part in slot.parts { used.insert(part.index) } }
      return true
    },
    rewire: { op, slot, parts, rewriter in
      let isTarget = op.operand(0) == slot.pointer
      for (i, entry) in slot.parts.enumerated() {
        guard let part = parts[entry.index], let size = LLVMDataLayout.byteSize(part.elementType)
        else { continue }
        let other = rewriter.create(
          getElementPtr, [op.operand(isTarget ? 1 : 0)], results: [pointer(rewriter.context)],
          attributes: [
            ("elem_type", rewriter.context.typeAttribute(slot.elementType)),
            ("rawConstantIndices", rewriter.context.denseI32Array([0, i])),
          ]
        ).result()
        let pointers = isTarget ? [part.pointer, other] : [other, part.pointer]
        remake(op, pointers, length: size, rewriter)
      }
      return true
    }, isSafe: { op, slot, _ in staysWithin(op, slot) })
}
