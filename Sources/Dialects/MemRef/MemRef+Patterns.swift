import MartletIR
import MartletRewriting

/// Canonicalisations that make new operations or remove old ones.
extension MemRef {
  /// Constant sizes of an allocation become part of its type.
  static let allocationPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-sizes-of-allocation") { op, rewriter in
      let type = op.result().type
      var shape = type.shape
      var sizes: [Value] = []
      var remaining = Array(op.operandGroup(0))[...]
      for i in shape.indices where shape[i] == Type.dynamic {
        guard let size = remaining.popFirst() else { return false }
        if let constant = size.constantInteger, constant >= 0 {
          shape[i] = constant
        } else {
          sizes.append(size)
        }
      }
      if shape == type.shape { return false }
      let symbols = Array(op.operandGroup(1))
      var attributes = [
        ("operandSegmentSizes", op.context.denseI32Array([sizes.count, symbols.count]))
      ]
      if let alignment = op.attribute("alignment") { attributes.append(("alignment", alignment)) }
      let made = rewriter.create(
        op.is(alloc) ? alloc : alloca, sizes + symbols, results: [type.cloned(shape: shape)],
        attributes: attributes)
      rewriter.replace(op, with: rewriter.create(cast, [made.result()], results: [type]))
      return true
    },
    RewritePattern("dead-allocation", deadAllocation))

  static let reallocPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dead-reallocation", deadAllocation))

  /// Memory that is only written, then freed, serves nothing.
  @Sendable private static func deadAllocation(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    var users: [Operation] = []
    for use in op.result().uses {
      let user = use.owner
      guard user.is(dealloc) || user.is(store) && use.index == 1 else { return false }
      users.append(user)
    }
    for user in users { rewriter.erase(user) }
    rewriter.erase(op)
    return true
  }

  static let copyPatterns: CanonicalizationPatterns = .init(
    RewritePattern("copy-of-cast") { op, rewriter in
      var changed = false
      for i in 0..<2 {
        guard let inner = op.operand(i).definingOperation, inner.is(cast),
          inner.operand(0).type.kind == .memRef, op.operand(i).type.kind == .memRef,
          inner.operand(0).type.elementType == op.operand(i).type.elementType
        else { continue }
        rewriter.modifyInPlace(op) { op.setOperand(i, inner.operand(0)) }
        changed = true
      }
      return changed
    },
    RewritePattern("copy-to-itself") { op, rewriter in
      guard op.operand(0) == op.operand(1) else { return false }
      rewriter.erase(op)
      return true
    },
    RewritePattern("copy-of-nothing") { op, rewriter in
      let isEmpty = op.operands.contains { $0.type.kind == .memRef && $0.type.shape.contains(0) }
      if isEmpty { rewriter.erase(op) }
      return isEmpty
    })
}
