import MartletIR
import MartletRewriting

/// Canonicalisations of scopes of stack memory.
extension MemRef {
  static let allocaScopePatterns: CanonicalizationPatterns = .init(
    RewritePattern("inline-alloca-scope") { op, rewriter in
      guard let block = op.region().firstBlock, let last = block.terminator else { return false }
      if mayAllocateOnStack(op) {
        // The memory then lives as long as the scope around, which must end with this one.
        guard op.parent?.has(.allocationScope) == true, isLast(op) else { return false }
      }
      let values = Array(last.operands)
      rewriter.erase(last)
      rewriter.inlineBlock(block, before: op)
      rewriter.replace(op, with: values)
      return true
    },
    RewritePattern("hoist-allocas", hoistAllocas))

  /// Whether something in the scope, but not in one of its own, may allocate on the stack.
  private static func mayAllocateOnStack(_ scope: Operation) -> Bool {
    var found = false
    scope.walkPreOrder { op in
      if op == scope { return .advance }
      if !op.has(.recursiveMemoryEffects) {
        guard let effects = op.memoryEffects else {
          found = true
          return .interrupt
        }
        let isHeap = op.is(alloc) || op.is(realloc)
        if effects.contains(.allocate), !isHeap {
          found = true
          return .interrupt
        }
      }
      return op.has(.allocationScope) ? .skip : .advance
    }
    return found
  }

  /// Whether `op` is the last before the terminator in a region of one block.
  private static func isLast(_ op: Operation) -> Bool {
    guard let block = op.block, let last = block.terminator else { return false }
    return op.next == last && block.region?.hasOneBlock == true
  }

  /// Allocations whose sizes are known outside are made there, in the scope around, where that ends with
  /// this one.
  @Sendable private static func hoistAllocas(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard var outer = op.parent, !outer.has(.allocationScope), isLast(op), isLast(outer) else {
      return false
    }
    while let parent = outer.parent, !parent.has(.allocationScope) {
      outer = parent
      if !isLast(outer) { return false }
    }
    guard outer.parent?.has(.allocationScope) == true, let region = op.block?.region,
      let container = outer.regions.first(where: { $0 == region || $0.isAncestor(of: region) })
    else { return false }
    var hoisted: [Operation] = []
    op.walk { inner in
      guard inner.is(alloca),
        inner.operands.allSatisfy({ value in
          guard let home = value.block?.region else { return false }
          return home != container && !container.isAncestor(of: home)
        })
      else { return }
      hoisted.append(inner)
    }
    if hoisted.isEmpty { return false }
    for inner in hoisted {
      rewriter.setInsertionPoint(before: outer)
      let copy = rewriter.clone(inner)
      rewriter.replace(inner, with: copy)
    }
    return true
  }
}
