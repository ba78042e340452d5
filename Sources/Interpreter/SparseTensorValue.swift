import MartletIR

/// How a sparse tensor is stored: one level of storage for each dimension, in the order of storage.
public struct SparseLayout: Hashable, Sendable {
  public enum LevelKind: Hashable, Sendable {
    /// Every coordinate is there.
    case dense
    /// The coordinates of each parent position lie between two entries of the positions array.
    case compressed
    /// As compressed, with a begin and an end for each parent position.
    case looseCompressed
    /// One coordinate for each parent position.
    case singleton
  }

  public struct Level: Hashable, Sendable {
    public var kind: LevelKind
    /// Whether a coordinate comes once for each parent position.
    public var isUnique: Bool
    /// Whether coordinates ascend.
    public var isOrdered: Bool

    public init(_ kind: LevelKind, isUnique: Bool = true, isOrdered: Bool = true) {
      self.kind = kind
      self.isUnique = isUnique
      self.isOrdered = isOrdered
    }
  }

  public var levels: [Level]
  /// For each level the dimension it stores.
  public var dimensions: [Int]
  /// Formats of the positions and coordinates arrays.
  public var positionFormat: ElementFormat
  public var coordinateFormat: ElementFormat

  public init(
    _ levels: [Level], dimensions: [Int]? = nil, positionFormat: ElementFormat = .index,
    coordinateFormat: ElementFormat = .index
  ) {
    self.levels = levels
    self.dimensions = dimensions ?? Array(levels.indices)
    self.positionFormat = positionFormat
    self.coordinateFormat = coordinateFormat
  }

  /// Compressed sparse rows.
  public static let csr = SparseLayout([Level(.dense), Level(.compressed)])
  /// Compressed sparse columns.
  public static let csc = SparseLayout([Level(.dense), Level(.compressed)], dimensions: [1, 0])
  /// Sorted coordinates of a tensor of some rank.
  public static func coordinates(rank: Int) -> SparseLayout {
    SparseLayout(
      (0..<rank).map { l in
        Level(l == 0 ? .compressed : .singleton, isUnique: l == rank - 1)
      })
  }
}

/// A sparse tensor: the arrays of its levels and the stored values.
public struct SparseTensorValue {
  public let shape: [Int]
  public let layout: SparseLayout
  /// For each level the positions array, empty where the level has none.
  public let positions: [ArrayStorage?]
  /// For each level the coordinates array, nil for a dense level.
  public let coordinates: [ArrayStorage?]
  public let values: ArrayStorage

  /// - Parameters are taken as they are; call `isConsistent` for arrays that come from outside.
  public init(
    shape: [Int], layout: SparseLayout, positions: [ArrayStorage?], coordinates: [ArrayStorage?],
    values: ArrayStorage
  ) {
    self.shape = shape
    self.layout = layout
    self.positions = positions
    self.coordinates = coordinates
    self.values = values
  }

  /// A tensor of the given stored entries, each its coordinates by dimension and its value in register
  /// form. Of two entries with the same coordinates the later wins.
  public init(
    shape: [Int], layout: SparseLayout, format: ElementFormat, entries: [([Int], UInt64)]
  ) throws(ArrayStorage.AllocationFailure) {
    var builder = SparseBuilder(shape, layout, entries)
    builder.build(0, builder.entries.count, level: 0)
    var positions: [ArrayStorage?] = []
    var coordinates: [ArrayStorage?] = []
    for l in layout.levels.indices {
      positions.append(
        try SparseTensorValue.storage(builder.positions[l], layout.positionFormat))
      coordinates.append(
        try SparseTensorValue.storage(builder.coordinates[l], layout.coordinateFormat))
    }
    let values = try ArrayStorage(format, count: builder.values.count)
    for (i, bits) in builder.values.enumerated() { values[i] = bits }
    self.init(
      shape: shape, layout: layout, positions: positions, coordinates: coordinates, values: values)
  }

  private static func storage(_ numbers: [Int]?, _ format: ElementFormat)
    throws(ArrayStorage.AllocationFailure) -> ArrayStorage?
  {
    guard let numbers else { return nil }
    let made = try ArrayStorage(format, count: numbers.count)
    for (i, number) in numbers.enumerated() { made[i] = UInt64(bitPattern: Int64(number)) }
    return made
  }

  /// Whether every position and coordinate stays inside its array and dimension.
  public var isConsistent: Bool {
    guard layout.levels.count == shape.count, layout.dimensions.sorted() == Array(shape.indices),
      positions.count == shape.count, coordinates.count == shape.count
    else { return false }
    var parents = 1
    for (l, level) in layout.levels.enumerated() {
      let size = shape[layout.dimensions[l]]
      switch level.kind {
      case .dense:
        let (product, overflow) = parents.multipliedReportingOverflow(by: size)
        if overflow { return false }
        parents = product
      case .compressed, .looseCompressed:
        let step = level.kind == .compressed ? 1 : 2
        guard let found = positions[l], let places = coordinates[l],
          found.count >= parents * step + (step == 1 ? 1 : 0)
        else { return false }
        for p in 0..<parents {
          let range = segment(l, p)
          guard range.lower >= 0, range.lower <= range.upper, range.upper <= places.count else {
            return false
          }
        }
        parents = places.count
      case .singleton:
        guard let places = coordinates[l], places.count >= parents else { return false }
      }
      if let places = coordinates[l] {
        for i in 0..<places.count where UInt64(bitPattern: Int64(size)) <= places[i] {
          return false
        }
      }
    }
    return values.count >= parents
  }

  private func segment(_ level: Int, _ parent: Int) -> (lower: Int, upper: Int) {
    guard let found = positions[level] else { return (0, 0) }
    let isLoose = layout.levels[level].kind == .looseCompressed
    let first = isLoose ? 2 * parent : parent
    return (
      Int(truncatingIfNeeded: found[first]), Int(truncatingIfNeeded: found[first + 1])
    )
  }

  /// The number of stored entries.
  public var storedCount: Int { values.count }

  /// Calls `body` with the coordinates, by dimension, and value of each stored entry, in storage order.
  public func forEachEntry<E: Error>(_ body: ([Int], UInt64) throws(E) -> Void) throws(E) {
    var point = [Int](repeating: 0, count: shape.count)
    try visit(0, 0, &point, body)
  }

  private func visit<E: Error>(
    _ level: Int, _ parent: Int, _ point: inout [Int], _ body: ([Int], UInt64) throws(E) -> Void
  ) throws(E) {
    if level == layout.levels.count {
      try body(point, values[parent])
      return
    }
    let d = layout.dimensions[level]
    switch layout.levels[level].kind {
    case .dense:
      for c in 0..<shape[d] {
        point[d] = c
        try visit(level + 1, parent * shape[d] + c, &point, body)
      }
    case .compressed, .looseCompressed:
      let (lower, upper) = segment(level, parent)
      for q in lower..<max(lower, upper) {
        point[d] = coordinate(level, q)
        try visit(level + 1, q, &point, body)
      }
    case .singleton:
      point[d] = coordinate(level, parent)
      try visit(level + 1, parent, &point, body)
    }
  }

  private func coordinate(_ level: Int, _ position: Int) -> Int {
    Int(truncatingIfNeeded: coordinates[level]?[position] ?? 0)
  }

  /// The element at coordinates by dimension, 0 where none is stored; nil outside the shape.
  public func element(_ point: [Int]) -> UInt64? {
    guard point.count == shape.count, zip(point, shape).allSatisfy({ 0..<$1 ~= $0 }) else {
      return nil
    }
    return find(0, 0, point).map { values[$0] } ?? 0
  }

  /// The position of the values array the coordinates lead to.
  private func find(_ level: Int, _ parent: Int, _ point: [Int]) -> Int? {
    if level == layout.levels.count { return parent }
    let d = layout.dimensions[level]
    let wanted = point[d]
    switch layout.levels[level].kind {
    case .dense: return find(level + 1, parent * shape[d] + wanted, point)
    case .singleton:
      return coordinate(level, parent) == wanted ? find(level + 1, parent, point) : nil
    case .compressed, .looseCompressed:
      let (lower, upper) = segment(level, parent)
      var q = lower
      let isOrdered = layout.levels[level].isOrdered
      if isOrdered {
        var high = upper
        while q < high {
          let middle = (q + high) / 2
          if coordinate(level, middle) < wanted { q = middle + 1 } else { high = middle }
        }
      }
      while q < upper {
        let found = coordinate(level, q)
        if found == wanted, let place = find(level + 1, q, point) { return place }
        if isOrdered, found > wanted { return nil }
        q += 1
      }
      return nil
    }
  }

  /// All elements as a dense array.
  public func dense(limit: Int = .max) throws(ArrayStorage.AllocationFailure) -> ArrayValue {
    let result = try ArrayValue(values.format, shape: shape, limit: limit)
    let strides = Shape.strides(shape)
    forEachEntry { point, bits in
      result.storage[zip(point, strides).reduce(0) { $0 + $1.0 * $1.1 }] = bits
    }
    return result
  }

  /// The stored entries in another layout.
  func converted(to layout: SparseLayout) throws(ArrayStorage.AllocationFailure)
    -> SparseTensorValue
  {
    var entries: [([Int], UInt64)] = []
    forEachEntry { entries.append(($0, $1)) }
    return try SparseTensorValue(
      shape: shape, layout: layout, format: values.format, entries: entries)
  }
}

/// Builds level arrays from entries sorted by their coordinates in storage order.
private struct SparseBuilder {
  private(set) var entries: [(key: [Int], bits: UInt64)] = []
  private(set) var positions: [[Int]?]
  private(set) var coordinates: [[Int]?]
  private(set) var values: [UInt64] = []
  private let sizes: [Int]
  private let levels: [SparseLayout.Level]

  init(_ shape: [Int], _ layout: SparseLayout, _ given: [([Int], UInt64)]) {
    levels = layout.levels
    sizes = layout.dimensions.map { shape[$0] }
    positions = levels.map {
      switch $0.kind {
      case .compressed: [0]
      case .looseCompressed: []
      default: nil
      }
    }
    coordinates = levels.map { $0.kind == .dense ? nil : [] }
    let keyed = given.enumerated().map { i, entry in
      (key: layout.dimensions.map { entry.0[$0] }, order: i, bits: entry.1)
    }
    let sorted = keyed.sorted {
      $0.key == $1.key ? $0.order < $1.order : $0.key.lexicographicallyPrecedes($1.key)
    }
    for entry in sorted {
      if let last = entries.last, last.key == entry.key { entries.removeLast() }
      entries.append((entry.key, entry.bits))
    }
  }

  mutating func build(_ low: Int, _ high: Int, level: Int) {
    if level == levels.count {
      values.append(low < high ? entries[low].bits : 0)
      return
    }
    switch levels[level].kind {
    case .dense:
      var start = low
      for c in 0..<sizes[level] {
        let end = segmentEnd(start, high, level, c)
        build(start, end, level: level + 1)
        start = end
      }
    case .compressed, .looseCompressed:
      if levels[level].kind == .looseCompressed {
        positions[level]?.append(coordinates[level]?.count ?? 0)
      }
      var start = low
      while start < high {
        let c = entries[start].key[level]
        let end = levels[level].isUnique ? segmentEnd(start, high, level, c) : start + 1
        coordinates[level]?.append(c)
        build(start, end, level: level + 1)
        start = end
      }
      positions[level]?.append(coordinates[level]?.count ?? 0)
    case .singleton:
      if low < high { coordinates[level]?.append(entries[low].key[level]) }
      build(low, high, level: level + 1)
    }
  }

  private func segmentEnd(_ start: Int, _ high: Int, _ level: Int, _ coordinate: Int) -> Int {
    var end = start
    while end < high, entries[end].key[level] == coordinate { end += 1 }
    return end
  }
}
