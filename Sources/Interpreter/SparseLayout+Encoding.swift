import MartletDialects
import MartletIR

extension SparseLayout {
  /// The layout an encoding attribute of a tensor type stands for; nil where its levels are not one for
  /// each dimension or of a kind that is not interpreted.
  public init?(_ attribute: Attribute, rank: Int) {
    guard let encoding = SparseEncoding(attribute), encoding.isPermutation,
      let dimensions = encoding.dimToLvl.projectedDimensions, dimensions.count == rank,
      encoding.slices.isEmpty,
      let positions = ElementFormat(encoding.positionType),
      let coordinates = ElementFormat(encoding.coordinateType)
    else { return nil }
    var levels: [Level] = []
    for level in encoding.levels {
      let kind: LevelKind
      switch level.format {
      case .dense: kind = .dense
      case .compressed: kind = .compressed
      case .looseCompressed: kind = .looseCompressed
      case .singleton: kind = .singleton
      case .batch, .structured: return nil
      }
      levels.append(Level(kind, isUnique: level.isUnique, isOrdered: level.isOrdered))
    }
    guard levels.count == rank else { return nil }
    self.init(
      levels, dimensions: dimensions, positionFormat: positions, coordinateFormat: coordinates)
  }
}
