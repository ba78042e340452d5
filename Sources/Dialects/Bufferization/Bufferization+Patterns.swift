import MartletIR
import MartletRewriting

/// Canonicalisations between tensors and memory.
extension Bufferization {
  // MARK: alloc_tensor

  static let allocTensorPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dim-of-alloc-tensor", root: "tensor.dim") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(allocTensor),
        let i = op.operand(1).constantInteger, i >= 0, i < inner.result().type.rank,
        inner.result().type.dimension(i) == Type.dynamic
      else { return false }
      if let copy = inner.operandGroup(1).first {
        rewriter.replace(op, with: TensorDialect.dim, [copy, op.operand(1)])
        return true
      }
      let before = inner.result().type.shape[..<i].count { $0 == Type.dynamic }
      guard before < inner.operandGroup(0).count else { return false }
      rewriter.replace(op, with: inner.operandGroup(0)[before])
      return true
    },
    RewritePattern("constant-sizes-of-alloc-tensor") { op, rewriter in
      guard op.operandGroup(1).isEmpty, op.operandGroup(2).isEmpty else { return false }
      let type = op.result().type
      var shape = type.shape
      var sizes: [Value] = []
      var given = op.operandGroup(0).makeIterator()
      for i in shape.indices where shape[i] == Type.dynamic {
        guard let size = given.next() else { return false }
        if let constant = size.constantInteger, constant >= 0 {
          shape[i] = constant
        } else {
          sizes.append(size)
        }
      }
      if shape == type.shape { return false }
      var attributes = [("operandSegmentSizes", op.context.denseI32Array([sizes.count, 0, 0]))]
      if let space = op.attribute("memory_space") { attributes.append(("memory_space", space)) }
      let made = rewriter.create(
        allocTensor, sizes, results: [type.cloned(shape: shape)], attributes: attributes)
      rewriter.replace(
        op, with: rewriter.create(TensorDialect.cast, [made.result()], results: [type]))
      return true
    })

  // MARK: clone

  static let clonePatterns: CanonicalizationPatterns = .init(
    RewritePattern("simplify-clone", simplifyClone))

  /// The only operation that frees `value`, nil where none does; nil outside where several do.
  private static func deallocation(of value: Value) -> Operation?? {
    var found: Operation?
    for use in value.uses where use.owner.memoryEffects?.contains(.free) == true {
      if found != nil { return .none }
      found = use.owner
    }
    return .some(found)
  }

  /// A clone whose life or whose source's ends in its own block is the source.
  @Sendable private static func simplifyClone(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    if op.isUnused {
      rewriter.erase(op)
      return true
    }
    let type = op.result().type
    var source = op.operand(0)
    guard source.type == type || MemRef.areCastCompatible(source.type, type) else { return false }
    var origin = source
    while let view = origin.definingOperation, isView(view) { origin = view.operand(0) }
    guard case .some(let own) = deallocation(of: op.result()),
      case .some(let other) = deallocation(of: origin)
    else { return false }
    // Where both end in one block their lives may overlap in part only.
    if let own, let other, own.block == other.block { return false }
    let redundant: Operation
    if let own, own.block == op.block {
      redundant = own
    } else if let other, other.block == op.block {
      redundant = other
    } else {
      return false
    }
    var current = op.next
    while let operation = current, operation != redundant {
      // What is freed in between may be an alias.
      if operation.memoryEffects?.contains(.free) == true { return false }
      current = operation.next
    }
    guard current == redundant, redundant.is(MemRef.dealloc) else { return false }
    if source.type != type {
      source = rewriter.create(MemRef.cast, [source], results: [type]).result()
    }
    rewriter.replace(op, with: source)
    rewriter.erase(redundant)
    return true
  }

  private static func isView(_ op: Operation) -> Bool {
    op.is(MemRef.cast) || op.is(MemRef.subview) || op.is(MemRef.view)
      || op.is(MemRef.reinterpretCast) || op.is(MemRef.expandShape) || op.is(MemRef.collapseShape)
      || op.is(MemRef.transpose) || op.is(MemRef.memorySpaceCast) || op.is(MemRef.reshape)
      || op.is(MemRef.assumeAlignment)
  }

  // MARK: to_tensor, to_buffer

  static let toTensorPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dim-of-to-tensor", root: "tensor.dim") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(toTensor) else { return false }
      rewriter.replace(op, with: MemRef.dim, [inner.operand(0), op.operand(1)])
      return true
    })

  static let toBufferPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dim-of-to-buffer", root: "memref.dim") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(toBuffer) else { return false }
      rewriter.replace(op, with: TensorDialect.dim, [inner.operand(0), op.operand(1)])
      return true
    },
    RewritePattern("load-of-to-buffer", root: "memref.load") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(toBuffer),
        inner.operand(0).type.isRankedTensor
      else { return false }
      rewriter.replace(
        op, with: TensorDialect.extract, [inner.operand(0)] + op.operands.dropping(1))
      return true
    },
    RewritePattern("to-buffer-of-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(TensorDialect.cast),
        inner.operand(0).type.isRankedTensor
      else { return false }
      let (source, type) = (inner.operand(0), op.result().type)
      let memRef =
        type.kind == .memRef
        ? type.cloned(shape: source.type.shape)
        : op.context.memRef(
          source.type.shape, type.elementType, memorySpace: type.memorySpace)
      guard MemRef.areCastCompatible(memRef, type) else { return false }
      let made = rewriter.create(
        toBuffer, [source], results: [memRef],
        attributes: op.attribute("read_only").map { [("read_only", $0)] } ?? [])
      rewriter.replace(op, with: rewriter.create(MemRef.cast, [made.result()], results: [type]))
      return true
    },
    RewritePattern("to-buffer-of-to-tensor", toBufferOfToTensor))

  /// Memory read as a tensor and put back into memory is that memory, or a copy laid out as asked for.
  @Sendable private static func toBufferOfToTensor(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    guard let inner = op.operand(0).definingOperation, inner.is(toTensor) else { return false }
    let (source, type) = (inner.operand(0), op.result().type)
    if source.type == type {
      rewriter.replace(op, with: source)
      return true
    }
    if source.type.kind == .unrankedMemRef, type.kind == .memRef { return false }
    let isRanked = source.type.kind == .memRef && type.kind == .memRef
    if MemRef.areCastCompatible(source.type, type), !isRanked || keepsLayout(source.type, type) {
      rewriter.replace(op, with: rewriter.create(MemRef.cast, [source], results: [type]))
      return true
    }
    guard isRanked else { return false }
    let index = op.context.index
    let sizes = type.shape.indices.filter { type.dimension($0) == Type.dynamic }.map { i in
      rewriter.create(
        MemRef.dim, [source, ConstantOp.index(rewriter, i)], results: [index]
      ).result()
    }
    let copy = rewriter.create(
      MemRef.alloc, sizes, results: [type],
      attributes: [("operandSegmentSizes", op.context.denseI32Array([sizes.count, 0]))])
    rewriter.create(MemRef.copy, [source, copy.result()])
    rewriter.replace(op, with: copy)
    return true
  }

  /// Whether a cast asks for no offset or stride that is not known.
  private static func keepsLayout(_ from: Type, _ to: Type) -> Bool {
    guard let a = from.stridedLayout, let b = to.stridedLayout else { return false }
    return zip([a.offset] + a.strides, [b.offset] + b.strides).allSatisfy {
      $0 != Type.dynamic || $1 == Type.dynamic
    }
  }

  // MARK: dealloc

  /// Gives a dealloc other memrefs and conditions; false where they are the same as before.
  private static func update(
    _ op: Operation, _ memrefs: [Value], _ conditions: [Value], _ rewriter: PatternRewriter
  ) -> Bool {
    if memrefs == Array(op.operandGroup(0)), conditions == Array(op.operandGroup(1)) {
      return false
    }
    let retained = Array(op.operandGroup(2))
    rewriter.modifyInPlace(op) {
      op.setOperands(memrefs + conditions + retained)
      op.setAttribute(
        "operandSegmentSizes",
        op.context.denseI32Array([memrefs.count, conditions.count, retained.count]))
    }
    return true
  }

  /// The memrefs with their conditions.
  private static func pairs(_ op: Operation) -> [(memref: Value, condition: Value)] {
    zip(op.operandGroup(0), op.operandGroup(1)).map { ($0, $1) }
  }

  static let deallocPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dealloc-of-duplicates") { op, rewriter in
      var places: [Value: Int] = [:]
      var memrefs: [Value] = []
      var conditions: [Value] = []
      for (memref, condition) in pairs(op) {
        guard let place = places[memref] else {
          places[memref] = memrefs.count
          memrefs.append(memref)
          conditions.append(condition)
          continue
        }
        if conditions[place] == condition { continue }
        conditions[place] =
          rewriter.create(
            Arith.ori, [conditions[place], condition], results: [condition.type]
          ).result()
      }
      return update(op, memrefs, conditions, rewriter)
    },
    RewritePattern("dealloc-retaining-duplicates") { op, rewriter in
      var places: [Value: Int] = [:]
      var retained: [Value] = []
      let results = op.operandGroup(2).map { value in
        if let place = places[value] { return place }
        places[value] = retained.count
        retained.append(value)
        return retained.count - 1
      }
      guard retained.count < op.operandGroup(2).count else { return false }
      let (memrefs, conditions) = (Array(op.operandGroup(0)), Array(op.operandGroup(1)))
      let new = rewriter.create(
        dealloc, memrefs + conditions + retained, results: retained.map { _ in op.context.i1 },
        attributes: [
          (
            "operandSegmentSizes",
            op.context.denseI32Array([memrefs.count, conditions.count, retained.count])
          )
        ])
      rewriter.replace(op, with: results.map { new.result($0) })
      return true
    },
    RewritePattern("dealloc-of-nothing") { op, rewriter in
      guard op.operandGroup(0).isEmpty else { return false }
      let none = ConstantOp.create(rewriter, op.context.boolAttribute(false))
      rewriter.replace(op, with: op.results.map { _ in none })
      return true
    },
    RewritePattern("dealloc-on-false") { op, rewriter in
      let kept = pairs(op).filter { $0.condition.constantInteger != 0 }
      return update(op, kept.map(\.memref), kept.map(\.condition), rewriter)
    },
    RewritePattern("dealloc-of-base-buffer") { op, rewriter in
      let memrefs = op.operandGroup(0).map { memref in
        guard let inner = memref.definingOperation, inner.is(MemRef.extractStridedMetadata),
          let source = inner.operand(0).definingOperation,
          source.memoryEffects?.contains(.allocate) == true
        else { return memref }
        return inner.operand(0)
      }
      return update(op, memrefs, Array(op.operandGroup(1)), rewriter)
    },
    RewritePattern("dealloc-of-unused") { op, rewriter in
      var unused: [Operation] = []
      let kept = pairs(op).filter { pair in
        guard let inner = pair.memref.definingOperation, inner.memoryEffects == .allocate,
          inner.resultCount == 1, pair.memref.hasOneUse
        else { return true }
        unused.append(inner)
        return false
      }
      guard update(op, kept.map(\.memref), kept.map(\.condition), rewriter) else { return false }
      for inner in unused { rewriter.erase(inner) }
      return true
    })
}
