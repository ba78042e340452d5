import MartletIR
import MartletRewriting

/// How the operations of memref take part in `mem2reg` and `sroa`.
extension MemRef {
  static let allocaPromotion = PromotableAllocation(
    slots: { op in
      let type = op.result().type
      guard type.hasStaticShape, type.elementCount == 1 else { return [] }
      return [MemorySlot(op.result(), type.elementType)]
    }, defaultValue: { $2.create(UB.poison, results: [$1.elementType]).result() })

  private static func usesOnly(
    _ slot: MemorySlot, _ blocking: [OperandPlace], at index: Int
  ) -> Bool {
    blocking.count == 1 && blocking[0].index == index && blocking[0].value == slot.pointer
  }

  static let loadPromotion = PromotableAccess(
    loads: { $0.operand(0) == $1.pointer }, stores: { _, _ in false },
    canRemove: { op, slot, blocking in
      usesOnly(slot, blocking, at: 0) && op.result().type == slot.elementType
    }, remove: { op, _, rewriter, reaching in op.result().replaceAllUses(with: reaching) })

  static let storePromotion = PromotableAccess(
    loads: { _, _ in false }, stores: { $0.operand(1) == $1.pointer },
    stored: { op, _, _, _ in op.operand(0) },
    canRemove: { op, slot, blocking in
      usesOnly(slot, blocking, at: 1) && op.operand(0) != slot.pointer
        && op.operand(0).type == slot.elementType
    })

  // MARK: Parts

  private static let maximumParts = 16

  static let allocaDestruction = DestructurableAllocation(
    slots: { op in
      let type = op.result().type
      guard type.hasStaticShape, let count = type.elementCount, count > 1, count <= maximumParts
      else { return [] }
      return [DestructurableSlot(MemorySlot(op.result(), type), parts(type, count))]
    },
    allocatePart: { op, type, builder in
      builder.create(
        alloca, [], results: [builder.context.memRef([], type)],
        attributes: [("operandSegmentSizes", builder.context.denseI32Array([0, 0]))])
    })

  /// All positions of a shape, the first dimension running fastest.
  private static func parts(_ type: Type, _ count: Int) -> [(index: Attribute, type: Type)] {
    let context = type.context
    return (0..<count).map { number in
      var rest = number
      let position = type.shape.map { size -> Attribute in
        defer { rest /= max(1, size) }
        return context.indexAttribute(rest % max(1, size))
      }
      return (context.array(position), type.elementType)
    }
  }

  /// The constant position an access names; nil where it is not constant or out of bounds.
  private static func position(_ op: Operation, memref: Int) -> Attribute? {
    let type = op.operand(memref).type
    var entries: [Attribute] = []
    for (index, size) in zip(op.operands.dropping(memref + 1), type.shape) {
      guard let value = index.constantInteger, value >= 0, value < size else { return nil }
      entries.append(op.context.indexAttribute(value))
    }
    return op.context.array(entries)
  }

  private static func access(memref: Int) -> DestructurableAccess {
    DestructurableAccess(
      canRewire: { op, slot, used, _ in
        guard op.operand(memref) == slot.pointer, memref == 0 || op.operand(0) != slot.pointer,
          let index = position(op, memref: memref)
        else { return false }
        used.insert(index)
        return true
      },
      rewire: { op, _, parts, rewriter in
        guard let index = position(op, memref: memref), let part = parts[index] else {
          return false
        }
        let kept = (0..<memref).map { op.operand($0) }
        rewriter.modifyInPlace(op) { op.setOperands(kept + [part.pointer]) }
        return false
      })
  }

  static let loadDestruction = access(memref: 0)
  static let storeDestruction = access(memref: 1)
}
