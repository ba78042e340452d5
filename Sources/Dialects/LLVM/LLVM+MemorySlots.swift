import MartletIR
import MartletRewriting

/// How the operations of llvm take part in `mem2reg`.
extension LLVM {
  static let allocaPromotion = PromotableAllocation(
    slots: { op in
      guard op.block?.isEntry ?? false, let type = op.attribute("elem_type")?.typeValue else {
        return []
      }
      return [MemorySlot(op.result(), type)]
    }, defaultValue: { $2.create(undefValue, results: [$1.elementType]).result() })

  // MARK: Conversions between what is stored and what is loaded

  private static func canConvert(_ type: Type) -> Bool {
    if type.llvmStruct != nil || type.llvmArray != nil { return false }
    if type.isVector { return !type.elementType.isLLVMPointer && type.scalableMask == 0 }
    return true
  }

  /// Whether a value of `source` can be made into one of `target` by casts and by cutting off, or with
  /// `widening` putting in, bits.
  private static func areCompatible(_ target: Type, _ source: Type, widening: Bool) -> Bool {
    if target == source { return true }
    guard canConvert(target), canConvert(source),
      let to = LLVMDataLayout.byteSize(target), let from = LLVMDataLayout.byteSize(source)
    else { return false }
    if target.isLLVMPointer, source.isLLVMPointer { return to == from }
    return widening ? to >= from : to <= from
  }

  private static func integer(_ value: Value, _ rewriter: PatternRewriter) -> Value {
    let type = value.type
    if type.isInteger { return value }
    let width = LLVMDataLayout.bitSize(type) ?? 64
    let target = rewriter.context.integer(width)
    return rewriter.createOrFold(
      type.isLLVMPointer ? ptrtoint : bitcast, [value], results: [target])[0]
  }

  private static func fromInteger(
    _ value: Value, _ type: Type, _ rewriter: PatternRewriter
  ) -> Value {
    if value.type == type { return value }
    return rewriter.createOrFold(
      type.isLLVMPointer ? inttoptr : bitcast, [value], results: [type])[0]
  }

  private static func castSameSize(
    _ value: Value, _ type: Type, _ rewriter: PatternRewriter
  ) -> Value {
    if value.type == type { return value }
    if value.type.isLLVMPointer, type.isLLVMPointer {
      return rewriter.createOrFold(addrspacecast, [value], results: [type])[0]
    }
    return fromInteger(integer(value, rewriter), type, rewriter)
  }

  /// The low bits of `value` as a value of `type`.
  private static func extract(
    _ value: Value, _ type: Type, _ rewriter: PatternRewriter
  ) -> Value {
    let from = LLVMDataLayout.bitSize(value.type)
    let to = LLVMDataLayout.bitSize(type)
    guard from != to, let to else { return castSameSize(value, type, rewriter) }
    let narrow = rewriter.create(
      trunc, [integer(value, rewriter)], results: [rewriter.context.integer(to)])
    return fromInteger(narrow.result(), type, rewriter)
  }

  /// `before` with its low bits replaced by those of `value`.
  private static func insert(
    _ value: Value, _ before: Value, _ rewriter: PatternRewriter
  ) -> Value {
    guard let small = LLVMDataLayout.bitSize(value.type),
      let large = LLVMDataLayout.bitSize(before.type), small != large
    else { return castSameSize(value, before.type, rewriter) }
    let whole = integer(before, rewriter)
    var part = integer(value, rewriter)
    part = rewriter.createOrFold(zext, [part], results: [whole.type])[0]
    let words = (0..<((large + 63) / 64)).map { word -> UInt64 in
      let kept = max(0, min(64, small - 64 * word))
      return kept == 64 ? 0 : ~0 << UInt64(kept)
    }
    let mask = rewriter.create(
      constant, results: [whole.type],
      attributes: [
        ("value", rewriter.context.integerAttribute(words: words, whole.type))
      ])
    let masked = rewriter.createOrFold(and, [whole, mask.result()], results: [whole.type])[0]
    let combined = rewriter.createOrFold(or, [masked, part], results: [whole.type])[0]
    return fromInteger(combined, before.type, rewriter)
  }

  // MARK: Loads and stores

  static let loadPromotion = PromotableAccess(
    loads: { $0.operand(0) == $1.pointer }, stores: { _, _ in false },
    canRemove: { op, slot, blocking in
      blocking.count == 1 && blocking[0].value == slot.pointer && op.operand(0) == slot.pointer
        && areCompatible(op.result().type, slot.elementType, widening: false)
        && !op.hasAttribute("volatile_")
    },
    remove: { op, _, rewriter, reaching in
      op.result().replaceAllUses(with: extract(reaching, op.result().type, rewriter))
    })

  static let storePromotion = PromotableAccess(
    loads: { _, _ in false }, stores: { $0.operand(1) == $1.pointer },
    stored: { op, _, rewriter, before in insert(op.operand(0), before, rewriter) },
    canRemove: { op, slot, blocking in
      blocking.count == 1 && blocking[0].value == slot.pointer && op.operand(1) == slot.pointer
        && op.operand(0) != slot.pointer
        && areCompatible(slot.elementType, op.operand(0).type, widening: true)
        && !op.hasAttribute("volatile_")
    })

  static let gepPromotion = PromotableUser { op, blocking in
    guard let indices = op.attribute("rawConstantIndices")?.integers,
      indices.allSatisfy({ $0 == 0 })
    else { return nil }
    return PromotableUser.forwarding.canRemove(op, blocking)
  }

  // MARK: Filling and copying

  /// The number of bytes an intrinsic fills or copies, where it is constant.
  static func constantLength(_ op: Operation) -> Int? {
    if let length = op.attribute("len")?.integerValue { return Int(length) }
    return op.operands.count > 2 ? op.operand(2).constantInteger : nil
  }

  private static func isVolatile(_ op: Operation) -> Bool {
    op.attribute("isVolatile")?.boolValue ?? false
  }

  static let memsetPromotion = PromotableAccess(
    loads: { _, _ in false }, stores: { $0.operand(0) == $1.pointer },
    stored: { op, slot, rewriter, _ in filled(op, slot.elementType, rewriter) },
    canRemove: { op, slot, _ in
      let type = slot.elementType
      guard type.isInteger || type.isFloat, let width = type.bitWidth, width > 0,
        width % 8 == 0, !isVolatile(op)
      else { return false }
      return constantLength(op) == LLVMDataLayout.byteSize(type)
    })

  /// A value of `type` all bytes of which are the one given to a fill.
  private static func filled(
    _ op: Operation, _ type: Type, _ rewriter: PatternRewriter
  ) -> Value {
    let width = type.bitWidth ?? 8
    let integer = rewriter.context.integer(width)
    var value = op.operand(1)
    if let byte = value.constant?.integerValue {
      let word = UInt64(UInt8(truncatingIfNeeded: byte)) &* 0x0101_0101_0101_0101
      let words = Array(repeating: word, count: (width + 63) / 64)
      value =
        rewriter.create(
          constant, results: [integer],
          attributes: [("value", rewriter.context.integerAttribute(words: words, integer))]
        ).result()
    } else if width > 8 {
      var covered = 8
      var current = rewriter.create(zext, [value], results: [integer]).result()
      while covered < width {
        let amount = rewriter.create(
          constant, results: [integer],
          attributes: [
            ("value", rewriter.context.integerAttribute(Int64(covered), integer))
          ])
        let shifted = rewriter.create(shl, [current, amount.result()], results: [integer])
        current = rewriter.create(or, [current, shifted.result()], results: [integer]).result()
        covered *= 2
      }
      value = current
    }
    if type.isInteger { return value }
    return rewriter.create(bitcast, [value], results: [type]).result()
  }

  static let memcpyPromotion = PromotableAccess(
    loads: { $0.operand(1) == $1.pointer }, stores: { $0.operand(0) == $1.pointer },
    stored: { op, slot, rewriter, _ in
      rewriter.create(load, [op.operand(1)], results: [slot.elementType]).result()
    },
    canRemove: { op, slot, _ in
      op.operand(0) != op.operand(1) && !isVolatile(op)
        && constantLength(op) == LLVMDataLayout.byteSize(slot.elementType)
    },
    remove: { op, slot, rewriter, reaching in
      if op.operand(1) == slot.pointer { rewriter.create(store, [reaching, op.operand(0)]) }
    })
}
