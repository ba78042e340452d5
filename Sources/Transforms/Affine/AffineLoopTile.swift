import MartletAnalysis
import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Tiles perfect nests of affine loops: the outer loops go from tile to tile, the inner ones through a tile.
  ///
  ///     affine.for %i = 0 to 256 {      ->   affine.for %ii = 0 to 256 step 32 {
  ///       affine.for %j = 0 to 512 {           affine.for %jj = 0 to 512 step 32 {
  ///         "use"(%i, %j)                        affine.for %i = %ii to %ii + 32 {
  ///       }                                        affine.for %j = %jj to %jj + 32 {
  ///     }                                            "use"(%i, %j) …
  public static let affineLoopTile = Pass(
    "affine-loop-tile", name: "AffineLoopTiling", "Tile affine loop nests", anchor: "func.func",
    options: [
      .integer("cache-size", default: 512, "Set size of cache to tile for in KiB (default: 512)"),
      .bool("separate", default: false, "Separate full and partial tiles (default: false)"),
      .integer("tile-size", default: 0, "Use this tile size for all loops"),
      .list(
        "tile-sizes", of: .integer,
        "List of tile sizes for each perfect nest (overridden by -tile-size)"),
    ], dependentDialects: ["affine"]
  ) { (operation, state) throws(Reported) in
    let given = state.options.integers("tile-sizes") + [state.options.integer("tile-size")]
    if let wrong = given.first(where: { $0 < 0 || $0 > Int(UInt32.max) }) {
      throw operation.emitError("affine-loop-tile: \(wrong) is no tile size")
    }
    if state.options.integers("tile-sizes").contains(0) {
      throw operation.emitError("affine-loop-tile: a tile size must not be 0")
    }
    var bands: [[AffineForOp]] = []
    for region in operation.regions {
      for block in region.blocks {
        for inner in block.operations {
          guard let loop = AffineForOp(inner) else { continue }
          let band = loop.perfectNest
          if isTilingValid(band) { bands.append(band) }
        }
      }
    }
    for band in bands {
      let place = band[0].operation.location
      guard
        let sizes = tileSizes(
          band, size: state.options.integer("tile-size"),
          sizes: state.options.integers("tile-sizes"),
          cache: state.options.integer("cache-size")),
        let tiled = tile(band, sizes)
      else { continue }
      let list = sizes.map(String.init).joined(separator: " x ")
      state.remark(
        .passed, "Tiled", "\(band.count, as: "Depth") loops are tiled by \(list, as: "Sizes")",
        at: place, function: operation.enclosingFunction)
      if state.options.bool("separate") { separateFullTiles(Array(tiled[band.count...])) }
    }
    state.isUnchanged = bands.isEmpty
  }
}

private let defaultSize = 4

/// Whether no dependence goes backwards along a loop of the band.
private func isTilingValid(_ band: [AffineForOp]) -> Bool {
  var accesses: [AffineAccess] = []
  band[0].operation.walk { operation in
    if let access = AffineAccess(operation), access.touchesMemory { accesses.append(access) }
  }
  for source in accesses {
    for target in accesses where target.memref == source.memref {
      let common = Affine.commonLoopCount(source.operation, target.operation)
      for depth in 1...(band.count + 1) where depth <= common + 1 {
        guard case .exists(let system) = source.dependence(of: target, depth: depth) else {
          continue
        }
        for distance in system.distances {
          let lower = distance.lower ?? .min
          let upper = distance.upper ?? .max
          if lower < upper, upper < 0 { return false }
        }
      }
    }
  }
  return true
}

// MARK: Sizes

private func tileSizes(
  _ band: [AffineForOp], size: Int, sizes: [Int], cache: Int
) -> [Int]? {
  if size > 0 { return band.map { _ in size } }
  if !sizes.isEmpty {
    return band.indices.map { $0 < sizes.count ? sizes[$0] : defaultSize }
  }
  if cache <= 0 { return band.map { _ in 1 } }
  guard let footprint = AffineFootprint.bytes(band[0]) else {
    return adjusted(band, band.map { _ in defaultSize })
  }
  let (bytes, overflow) = cache.multipliedReportingOverflow(by: 1024)
  let excess = overflow ? 1 : (max(0, footprint - 1)) / bytes + (footprint > 0 ? 1 : 0)
  if excess <= 1 { return band.map { _ in 1 } }
  let each = max(1, root(excess, band.count))
  var product = 1
  var result: [Int] = []
  for i in band.indices {
    let size = i < band.count - 1 ? each : max(1, excess / product)
    result.append(size)
    product *= size
  }
  return adjusted(band, result)
}

/// The largest number whose power of `degree` is at most `value`.
private func root(_ value: Int, _ degree: Int) -> Int {
  func isAtMost(_ base: Int) -> Bool {
    var power = 1
    for _ in 0..<degree {
      let (product, overflow) = power.multipliedReportingOverflow(by: base)
      if overflow || product > value { return false }
      power = product
    }
    return true
  }
  var (low, high) = (1, value)
  while low < high {
    let middle = low + (high - low + 1) / 2
    if isAtMost(middle) { low = middle } else { high = middle - 1 }
  }
  return low
}

/// The next smaller sizes that divide the trip counts.
private func adjusted(_ band: [AffineForOp], _ sizes: [Int]) -> [Int] {
  zip(band, sizes).map { loop, size in
    guard let count = loop.knownTripCount else { return size }
    var size = size
    if count > 1, size > count / 2 { size = count / 2 }
    while size > 1, count % size != 0 { size -= 1 }
    return max(1, size)
  }
}

// MARK: Tiling

/// Tiles a band whose bounds do not depend on one another.
/// - Returns: the loops over tiles and those through a tile; nil where the band cannot be tiled.
private func tile(_ band: [AffineForOp], _ sizes: [Int]) -> [AffineForOp]? {
  if band.contains(where: { $0.operation.resultCount > 0 }) { return nil }
  if band.count > 1 {
    guard let domain = AffineConstraints(domainOf: band.map(\.operation)),
      domain.polyhedron.isHyperRectangular(0..<band.count)
    else { return nil }
  }
  for (loop, size) in zip(band, sizes)
  where loop.step.multipliedReportingOverflow(by: size).overflow {
    return nil
  }
  let root = band[0].operation
  let context = root.context
  let builder = AffineLoops.builder(before: root)
  let width = band.count
  var tiled: [AffineForOp] = []
  let zero = AffineBound(constant: 0, context)
  for _ in 0..<2 * width {
    let loop = AffineForOp.create(builder, from: zero, to: zero, step: 1)
    tiled.append(loop)
    guard let end = loop.yield else { return nil }
    builder.insertionPoint = .before(end)
  }
  guard let end = tiled[2 * width - 1].yield else { return nil }
  for operation in AffineLoops.bodyOperations(band[width - 1]) { operation.move(before: end) }
  for (i, loop) in band.enumerated() {
    let size = sizes[i] * loop.step
    tiled[i].setBounds(lower: loop.lower, upper: loop.upper)
    tiled[i].setStep(size)
    let inner = tiled[width + i]
    let variable = tiled[i].inductionVariable
    inner.setStep(loop.step)
    let start = AffineBound(map: context.identityMap(1), operands: [variable])
    var stop = AffineBound(map: AffineLoops.shift(context, size), operands: [variable])
    let divisor = loop.tripCountDivisor
    if let count = loop.knownTripCount, count < sizes[i] {
      stop.map = AffineLoops.shift(context, count * loop.step)
    } else if divisor == 0 || divisor % sizes[i] != 0 {
      let upper = loop.upper
      let dimensions = upper.map.dimensionCount
      stop = AffineBound(
        map: context.affineMap(
          dimensions: dimensions + 1, symbols: upper.map.symbolCount,
          [context.affineDimension(dimensions) + size] + upper.map.results),
        operands: Array(upper.dimensions) + [variable] + Array(upper.symbols))
    }
    inner.setBounds(lower: start, upper: stop)
  }
  for (i, loop) in band.enumerated() {
    loop.inductionVariable.replaceAllUses(with: tiled[width + i].inductionVariable)
  }
  root.erase()
  return tiled
}
