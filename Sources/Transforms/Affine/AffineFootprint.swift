import MartletDialects
import MartletIR

/// The memory that loops touch.
enum AffineFootprint {
  /// How many bytes a loop touches in all; nil where that is not constant.
  static func bytes(_ loop: AffineForOp) -> Int? {
    var regions: [AffineRegion] = []
    var failed = false
    let depth = Affine.nestingDepth(loop.operation)
    loop.operation.walkPreOrder { operation in
      guard let access = AffineAccess(operation), access.touchesMemory else { return .advance }
      guard let region = AffineRegion(access, depth: depth) else {
        failed = true
        return .interrupt
      }
      if let known = regions.firstIndex(where: { $0.memref == region.memref }) {
        if !regions[known].formUnion(region) {
          failed = true
          return .interrupt
        }
      } else {
        regions.append(region)
      }
      return .advance
    }
    if failed { return nil }
    var total = 0
    for region in regions {
      guard let size = region.byteCount else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(size)
      if overflow { return nil }
      total = sum
    }
    return total
  }
}
