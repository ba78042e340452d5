import MartletIR
import MartletSupport

/// Checks of the maps that a matrix product is given instead of its default ones: they may leave dimensions
/// of an input out, which are then broadcast, and transpose an input.
extension NamedStructuredOp {
  func verifyMaps(_ operation: Operation) throws(Reported) {
    let maps = (operation.attribute("indexing_maps")?.elements ?? []).compactMap(\.affineMap)
    let defaults = indexingMaps(operation.context, operandRanks: [])
    guard maps != defaults, maps.count == 3, defaults.count == 3 else { return }
    let isBatch = name.hasPrefix("batch")
    for i in 0..<2 {
      let (found, usual) = (maps[i], defaults[i])
      if found.dimensionCount != usual.dimensionCount { continue }
      let isBroadcast = found.resultCount < usual.resultCount
      if !isBatch {
        if !found.results.allSatisfy({ usual.results.contains($0) }) {
          throw operation.emitOpError("Unexpected dim expression in map result.")
        }
        let inner = operation.context.affineDimension(found.dimensionCount - 1)
        if isBroadcast, found.results != [inner] {
          throw operation.emitOpError(
            "Invalid broadcast requested, should be (d\(found.dimensionCount - 1)).")
        }
        continue
      }
      if isBroadcast {
        if !isValidBatchBroadcast(found, isLeft: i == 0) {
          throw operation.emitOpError("Invalid broadcast requested.")
        }
        continue
      }
      if !found.results.allSatisfy({ usual.results.contains($0) }) {
        throw operation.emitOpError(
          "Unexpected result dim expression (outside the set of default result dims).")
      }
      if found.resultCount > usual.resultCount {
        throw operation.emitOpError("no. of result dim expressions exceeds 3.")
      }
      if found.results.first != operation.context.affineDimension(0) {
        throw operation.emitOpError("Invalid batch dimension expression.")
      }
    }
    guard isBatch else { return }
    if maps[2].resultCount != defaults[2].resultCount {
      throw operation.emitOpError(
        "expects \(defaults[2].resultCount) dims, but got (\(maps[2].resultCount)).")
    }
    if maps[2].results != defaults[2].results {
      throw operation.emitOpError("Invalid output map result dimension.")
    }
  }

  /// Loops are batch, row, column and inner one.
  private func isValidBatchBroadcast(_ map: AffineMap, isLeft: Bool) -> Bool {
    let positions = map.results.map { $0.kind == .dimension ? $0.position : -1 }
    return positions == [3] || positions == [0, 3] || positions == (isLeft ? [1, 3] : [3, 2])
  }
}
