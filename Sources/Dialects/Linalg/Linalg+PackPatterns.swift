import MartletIR
import MartletRewriting

/// Folding and canonicalisations of packing.
extension Linalg {
  private static func positions(_ op: Operation) -> [Int] {
    op.attribute("inner_dims_pos")?.integers ?? []
  }

  private static func permutation(_ op: Operation) -> [Int] {
    op.attribute("outer_dims_perm")?.integers ?? []
  }

  private static func tiles(_ op: Operation) -> [MixedIndex] {
    op.mixedIndices("inner_tiles", "static_inner_tiles")
  }

  /// A constant of equal elements stays one in any layout.
  @Sendable static func foldRelayout(_ op: Operation) -> FoldResult {
    let type = op.result().type
    guard let constant = op.operand(0).constant, constant.isSplat,
      let elements = ConstantElements(constant), type.hasStaticShape
    else { return .none }
    if op.is(pack), let padding = op.operandGroup(2).first {
      guard let value = ConstantElements(padding.constant), value.bits(0) == elements.bits(0) else {
        return .none
      }
    }
    return Arith.result(ElementwiseFolding.constant(type, bits: elements.bits(0)))
  }

  /// Whether a pack and an unpack move the same tiles the same way.
  private static func areInverse(_ a: Operation, _ b: Operation) -> Bool {
    let isIdentity = { (p: [Int]) in p == Array(p.indices) }
    let (p, q) = (permutation(a), permutation(b))
    guard positions(a) == positions(b), p == q || isIdentity(p) && isIdentity(q) else {
      return false
    }
    let (x, y) = (tiles(a), tiles(b))
    return x.count == y.count
      && zip(x, y).allSatisfy {
        $0 == $1 || $0.constantValue != nil && $0.constantValue == $1.constantValue
      }
  }

  /// The shapes of the plain and of the packed tensor with what each says of the other's whole dimensions; nil
  /// where they say no more.
  private static func inferred(_ op: Operation, plain: Type, packed: Type) -> ([Int], [Int])? {
    var (small, large) = (plain.shape, packed.shape)
    let inner = positions(op)
    let order = permutation(op)
    var changed = false
    for i in small.indices where !inner.contains(i) {
      guard let place = order.isEmpty ? i : order.firstIndex(of: i) else { return nil }
      if (small[i] == Type.dynamic) == (large[place] == Type.dynamic) { continue }
      let size = small[i] == Type.dynamic ? large[place] : small[i]
      small[i] = size
      large[place] = size
      changed = true
    }
    return changed ? (small, large) : nil
  }

  /// Makes the relayout use the sources of casts that only forget sizes, with tile sizes these say.
  @Sendable private static func relayoutOfCast(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    guard op.operands.contains(where: { TensorDialect.forgettingCast($0) != nil }) else {
      return false
    }
    var operands = op.operands.map { TensorDialect.forgettingCast($0)?.operand(0) ?? $0 }
    let packed = operands[op.is(pack) ? 1 : 0].type
    let old = tiles(op)
    let new = zip(packed.shape.suffix(old.count), old).map { size, tile in
      size == Type.dynamic ? tile : MixedIndex.constant(size)
    }
    let (statics, dynamics) = MixedIndex.split(new)
    let fixed = operands.count - op.operands(named: "inner_tiles").count
    operands = Array(operands[..<fixed]) + dynamics
    let type = operands[1].type
    let made = rewriter.recreate(op, operands, results: [type])
    made.setAttribute("static_inner_tiles", op.context.denseI64Array(statics))
    if op.is(pack) {
      made.setAttribute(
        "operandSegmentSizes", op.context.denseI32Array([1, 1, fixed - 2, dynamics.count]))
    }
    rewriter.replace(op, with: cast(made.result(), to: op.result().type, rewriter))
    return true
  }

  static let packPatterns: CanonicalizationPatterns = .init(
    RewritePattern("simplify-pack", simplifyPack), RewritePattern("pack-of-cast", relayoutOfCast))

  @Sendable private static func simplifyPack(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    let (source, dest) = (op.operand(0), op.operand(1))
    let padding = op.operandGroup(2).first
    if let inner = source.definingOperation, inner.is(unpack), padding == nil,
      inner.operand(0).type == dest.type, areInverse(op, inner)
    {
      rewriter.replace(op, with: inner.operand(0))
      return true
    }
    if padding != nil, !needsPadding(op) {
      rewriter.modifyInPlace(op) {
        var operands = Array(op.operands)
        operands.remove(at: 2)
        op.setOperands(operands)
        op.setAttribute(
          "operandSegmentSizes", op.context.denseI32Array([1, 1, 0, operands.count - 2]))
      }
      return true
    }
    guard let (plain, packed) = inferred(op, plain: source.type, packed: dest.type) else {
      return false
    }
    var operands = Array(op.operands)
    operands[0] = cast(source, to: source.type.cloned(shape: plain), rewriter)
    operands[1] = cast(dest, to: dest.type.cloned(shape: packed), rewriter)
    let made = rewriter.recreate(op, operands, results: [operands[1].type])
    rewriter.replace(op, with: cast(made.result(), to: op.result().type, rewriter))
    return true
  }

  /// Whether, as far as is known, tiles are not filled by the source alone.
  private static func needsPadding(_ op: Operation) -> Bool {
    let shape = op.operand(0).type.shape
    for (position, tile) in zip(positions(op), tiles(op)) {
      guard shape[position] != Type.dynamic, case .constant(let size) = tile, size > 0,
        shape[position] % size == 0
      else { return true }
    }
    return false
  }

  static let unpackPatterns: CanonicalizationPatterns = .init(
    RewritePattern("simplify-unpack", simplifyUnpack),
    RewritePattern("unpack-of-cast", relayoutOfCast))

  @Sendable private static func simplifyUnpack(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    let (source, dest) = (op.operand(0), op.operand(1))
    if let inner = source.definingOperation, inner.is(pack) {
      guard inner.operand(0).type == dest.type, inner.operandGroup(2).isEmpty,
        areInverse(inner, op)
      else { return false }
      rewriter.replace(op, with: inner.operand(0))
      return true
    }
    // All of the destination is overwritten: whence it comes is of no matter.
    if let origin = DestinationStyle.destination(of: dest), origin.type == dest.type {
      rewriter.modifyInPlace(op) { op.setOperand(1, origin) }
      return true
    }
    if op.result().hasOneUse, let user = op.result().firstUse?.owner,
      user.is(TensorDialect.extractSlice), canSlice(op, user)
    {
      rewriter.setInsertionPoint(before: op)
      // The slice's operands are constants or defined before the unpacking, which they do not use.
      guard user.operands.dropping(1).isEmpty else { return false }
      let part = rewriter.create(
        TensorDialect.extractSlice, [dest], results: [user.result().type],
        attributes: user.inherentAttributes)
      var operands = Array(op.operands)
      operands[1] = part.result()
      let made = rewriter.recreate(op, operands, results: [part.result().type])
      rewriter.replace(user, with: made)
      rewriter.erase(op)
      return true
    }
    guard let (plain, packed) = inferred(op, plain: dest.type, packed: source.type) else {
      return false
    }
    var operands = Array(op.operands)
    operands[0] = cast(source, to: source.type.cloned(shape: packed), rewriter)
    operands[1] = cast(dest, to: dest.type.cloned(shape: plain), rewriter)
    let made = rewriter.recreate(op, operands, results: [operands[1].type])
    rewriter.replace(op, with: cast(made.result(), to: op.result().type, rewriter))
    return true
  }

  /// Whether a slice of what is unpacked drops less than a tile of each dimension, at its end.
  private static func canSlice(_ op: Operation, _ slice: Operation) -> Bool {
    let type = slice.result().type
    guard type.rank == op.result().type.rank,
      slice.mixedOffsets.allSatisfy({ $0.constantValue == 0 }),
      slice.mixedStrides.allSatisfy({ $0.constantValue == 1 })
    else { return false }
    let outer = Array(op.operand(0).type.shape.prefix(type.rank))
    let order = permutation(op)
    let positions = positions(op)
    for (position, tile) in zip(positions, tiles(op)) {
      guard case .constant(let size) = tile, type.dimension(position) != Type.dynamic,
        let place = order.isEmpty ? position : order.firstIndex(of: position),
        outer[place] != Type.dynamic,
        MemRefLayout.multiply(outer[place], size) - type.dimension(position) < size
      else { return false }
    }
    // Dimensions that are not tiled are unpacked whole.
    return type.shape.indices.allSatisfy {
      positions.contains($0) || type.dimension($0) == op.result().type.dimension($0)
    }
  }
}
