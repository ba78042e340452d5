import MartletDialects
import MartletIR

/// The arrays that hold a sparse tensor: dense one-dimensional tensors, for each level those it has.
struct SparseStorage {
  let type: Type
  let encoding: SparseEncoding
  /// By level: where the segments of entries start, `parents + 1` numbers.
  var positions: [Value?]
  /// By level: the coordinate of each entry.
  var coordinates: [Value?]
  var values: Value

  /// One of the arrays.
  struct Part {
    enum Kind: String { case positions, coordinates, values }
    let kind: Kind
    let level: Int?
    let type: Type
  }

  /// Why a tensor of `type` cannot be taken apart; nil where it can.
  static func obstacle(_ type: Type) -> String? {
    guard let encoding = type.sparseEncoding else { return "its encoding is not sparse" }
    if !encoding.isPermutation { return "its levels are no permutation of its dimensions" }
    if !encoding.slices.isEmpty { return "it is a slice" }
    if encoding.explicitValue != nil { return "its entries have an explicit value" }
    if let implicit = encoding.implicitValue, !implicit.isZero {
      return "its implicit value is not zero"
    }
    for (i, level) in encoding.levels.enumerated() {
      switch level.format {
      case .dense, .compressed: continue
      case .singleton where i > 0: continue
      default: return "its level \(i) is \(level.description)"
      }
    }
    for size in type.shape where size == Type.dynamic {
      return "its shape is not static: specialize-shapes has to be run first"
    }
    return nil
  }

  /// The arrays of a tensor of `type` with `entries` stored values (`Type.dynamic` where not known).
  static func parts(_ type: Type, _ encoding: SparseEncoding, entries: Int) -> [Part] {
    let context = type.context
    let sizes = encoding.levelShape(type.shape)
    let levels = encoding.levels
    // A level's number of nodes; after the last compressed or singleton one it is known from the entries.
    let lastStored = levels.lastIndex { $0.hasCoordinates } ?? -1
    let isPlain = lastStored == levels.count - 1
    var parents = 1
    var parts: [Part] = []
    for (l, level) in levels.enumerated() {
      var nodes = Type.dynamic
      if level.isDense {
        nodes = product(parents, sizes[l])
      } else if levels[(l + 1)...].allSatisfy(\.isSingleton) {
        nodes = isPlain ? entries : Type.dynamic
      }
      if level.hasPositions {
        let count = parents == Type.dynamic ? parents : parents &+ 1
        parts.append(
          Part(kind: .positions, level: l, type: context.tensor([count], encoding.positionType)))
      }
      if level.hasCoordinates {
        parts.append(
          Part(kind: .coordinates, level: l, type: context.tensor([nodes], encoding.coordinateType))
        )
      }
      parents = nodes
    }
    let count = lastStored < 0 ? parents : entries
    parts.append(
      Part(kind: .values, level: nil, type: context.tensor([count], type.elementType)))
    return parts
  }

  private static func product(_ a: Int, _ b: Int) -> Int {
    if a == Type.dynamic || b == Type.dynamic { return Type.dynamic }
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? Type.dynamic : value
  }

  init(_ type: Type, _ encoding: SparseEncoding, parts: [Part], arrays: [Value]) {
    self.type = type
    self.encoding = encoding
    positions = Array(repeating: nil, count: encoding.levelRank)
    coordinates = positions
    values = arrays[arrays.count - 1]
    for (part, array) in zip(parts, arrays) {
      guard let level = part.level else { continue }
      switch part.kind {
      case .positions: positions[level] = array
      case .coordinates: coordinates[level] = array
      case .values: break
      }
    }
  }

  /// The dimension that level `level` holds.
  func dimension(ofLevel level: Int) -> Int { encoding.dimToLvl.results[level].position }
}

extension Attribute {
  /// Whether this is a number equal to 0.
  var isZero: Bool { integerValue == 0 || floatValue == 0 }
}
