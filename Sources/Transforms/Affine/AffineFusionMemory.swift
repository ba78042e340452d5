import MartletAnalysis
import MartletDialects
import MartletIR

/// Memory of its own for what is passed on within a fused nest.
enum AffineFusionMemory {
  /// Gives a fused nest a buffer that holds what one iteration of its `depth` outer loops passes on.
  /// - Returns: the allocation; nil where the stores are to different places or sizes are not constant.
  static func makePrivate(
    _ nest: AffineForOp, _ stores: [AffineAccess], depth: Int, block: Block,
    fastMemorySpace: Int?, threshold: Int
  ) -> Value? {
    guard let store = stores.first,
      stores.dropFirst().allSatisfy({ $0.isSamePlace(as: store) }),
      let region = AffineRegion(store, depth: depth), let box = region.boundingBox,
      let width = AffineRegion.elementBytes(store.memref.type), let parent = nest.operation.block,
      let entry = parent.region?.firstBlock
    else { return nil }
    let old = store.memref
    let context = nest.context
    var bytes = width
    for size in box.sizes {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      bytes = product
    }
    var space = old.type.memorySpace
    if let fastMemorySpace, bytes <= threshold { space = context.i64Attribute(fastMemorySpace) }
    let builder = Builder(context, at: .atStart(of: entry), location: nest.operation.location)
    let new = builder.create(
      MemRef.alloc, [],
      results: [context.memRef(box.sizes, old.type.elementType, memorySpace: space)],
      attributes: [("operandSegmentSizes", context.denseI32Array([0, 0]))]
    ).result()
    // Positions count from where the part of this iteration starts.
    let outer = region.constraints.symbols.compactMap { $0 }
    guard outer.count == region.constraints.symbolCount,
      let remap = remap(region, box, outer.count),
      let filter = filter(stores, block)
    else {
      new.definingOperation?.erase()
      return nil
    }
    let dominance = Dominance()
    let users = old.uses.map(\.owner).filter { user in
      guard AffineAccess(user) != nil else { return false }
      return filter.isAncestor(of: user) || dominance.properlyDominates(filter, user)
    }
    for user in users { replace(user, old, new, remap, outer) }
    return new
  }

  /// The map from outer variables and old positions to new positions.
  private static func remap(
    _ region: AffineRegion, _ box: AffineRegion.Box, _ outer: Int
  ) -> AffineMap? {
    let context = region.memref.context
    let rank = region.rank
    var results: [AffineExpr] = []
    for (i, start) in box.starts.enumerated() {
      var offset = context.affineConstant(start.row[start.row.count - 1])
      for (k, factor) in start.row.dropLast().enumerated() where factor != 0 {
        guard k < outer else { return nil }
        offset = offset + context.affineDimension(k) * factor
      }
      offset = context.affineBinary(.floorDiv, offset, context.affineConstant(start.divisor))
      let position = context.affineDimension(outer + i) + offset * -1
      results.append(position.simplified(dimensions: outer + rank, symbols: 0))
    }
    return context.affineMap(dimensions: outer + rank, symbols: 0, results)
  }

  /// The operation from which on uses of the memref are those of the fused nest.
  private static func filter(_ stores: [AffineAccess], _ block: Block) -> Operation? {
    var common: Block? = block
    for store in stores {
      var current = common
      while let candidate = current {
        if let owner = candidate.parentOperation, owner.isAncestor(of: store.operation),
          let region = candidate.region, store.operation.ancestor(in: region)?.block == candidate
        {
          break
        }
        current = candidate.parentOperation?.block
      }
      common = current
    }
    guard let common, let region = common.region else { return nil }
    var first: Operation?
    for store in stores {
      guard let ancestor = store.operation.ancestor(in: region) else { return nil }
      guard let earliest = first else {
        first = ancestor
        continue
      }
      if ancestor != earliest, ancestor.isBefore(earliest) { first = ancestor }
    }
    return first
  }

  private static func replace(
    _ user: Operation, _ old: Value, _ new: Value, _ remap: AffineMap, _ outer: [Value]
  ) {
    guard let access = AffineAccess(user), access.memref == old, let definition = user.definition
    else { return }
    let context = user.context
    let builder = AffineLoops.builder(before: user)
    var applications: [Value] = []
    func apply(_ map: AffineMap, _ operands: [Value]) -> [Value] {
      map.results.map { result in
        let value = AffineLoops.apply(
          builder,
          context.affineMap(
            dimensions: map.dimensionCount, symbols: map.symbolCount, [result]), operands)
        applications.append(value)
        return value
      }
    }
    let index = access.index
    let positions =
      index.map == context.identityMap(index.map.dimensionCount)
      ? index.operands : apply(index.map, index.operands)
    let inputs = outer + positions
    let remapped =
      remap == context.identityMap(remap.dimensionCount) ? inputs : apply(remap, inputs)
    var bound = AffineBound(map: context.identityMap(remapped.count), operands: remapped)
    bound.compose()
    bound.canonicalize()
    let before = access.stored.map { [$0] } ?? []
    let made = builder.create(
      definition, before + [new] + bound.operands, results: user.results.map(\.type),
      attributes: [("map", context.affineMapAttribute(bound.map))])
    for attribute in user.inherentAttributes where attribute.name != "map" {
      made.setAttribute(attribute.name, attribute.value)
    }
    made.setDiscardableAttributes(user.discardableAttributes)
    user.replaceAllUses(with: Array(made.results))
    user.erase()
    for value in applications.reversed() where !value.hasUses {
      value.definingOperation?.erase()
    }
  }
}
