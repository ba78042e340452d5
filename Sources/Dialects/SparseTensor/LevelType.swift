/// How one level of a sparse tensor's storage keeps its coordinates.
public struct LevelType: Hashable, Sendable {
  public enum Format: UInt64, Sendable, CaseIterable {
    /// All coordinates, none stored.
    case dense = 0x1_0000
    case batch = 0x2_0000
    /// Coordinates of the entries between positions `p` and `p + 1`.
    case compressed = 0x4_0000
    /// One coordinate per entry of the level above.
    case singleton = 0x8_0000
    /// As compressed, with the ends of segments stored too, so that there may be gaps.
    case looseCompressed = 0x10_0000
    /// n entries out of each block of m.
    case structured = 0x20_0000

    public var keyword: String {
      self == .looseCompressed ? "loose_compressed" : "\(self)"
    }
  }

  public var format: Format
  /// Whether no coordinate occurs twice within a segment.
  public var isUnique = true
  /// Whether coordinates within a segment ascend.
  public var isOrdered = true
  /// Whether the level's coordinates have an array of their own ("structure of arrays").
  public var isSoA = false
  /// Of a structured level: entries and block size.
  public var n = 0
  public var m = 0

  public init(_ format: Format, isUnique: Bool = true, isOrdered: Bool = true) {
    self.format = format
    self.isUnique = isUnique
    self.isOrdered = isOrdered
  }

  /// From the word an encoding attribute holds, which is MLIR's; nil where it is no level type.
  public init?(bits: UInt64) {
    guard let format = Format(rawValue: bits & 0xffff_0000) else { return nil }
    self.format = format
    isUnique = bits & 1 == 0
    isOrdered = bits & 2 == 0
    isSoA = bits & 4 != 0
    n = Int((bits >> 32) & 0xff)
    m = Int((bits >> 40) & 0xff)
  }

  public var bits: UInt64 {
    format.rawValue | (isUnique ? 0 : 1) | (isOrdered ? 0 : 2) | (isSoA ? 4 : 0)
      | UInt64(n & 0xff) << 32 | UInt64(m & 0xff) << 40
  }

  public var isDense: Bool { format == .dense }
  public var isCompressed: Bool { format == .compressed }
  public var isSingleton: Bool { format == .singleton }
  /// Whether the level has an array of positions.
  public var hasPositions: Bool { format == .compressed || format == .looseCompressed }
  /// Whether the level has coordinates that are stored.
  public var hasCoordinates: Bool {
    switch format {
    case .compressed, .looseCompressed, .singleton, .structured: true
    case .dense, .batch: false
    }
  }

  /// As an encoding writes it: `compressed(nonunique)`, `structured[2, 4]`.
  public var description: String {
    var text = format.keyword
    if format == .structured { text += "[\(n), \(m)]" }
    var properties: [String] = []
    if !isUnique { properties.append("nonunique") }
    if !isOrdered { properties.append("nonordered") }
    if isSoA { properties.append("soa") }
    return properties.isEmpty ? text : text + "(" + properties.joined(separator: ", ") + ")"
  }
}
