import MartletSupport

/// Reads matrices in NIST's Matrix Market exchange format (`.mtx`), coordinate and array, as CSR.
public enum MatrixMarket {
  /// The matrix in the file at `path`; `-` reads standard input.
  /// - Parameters:
  ///   - indexType: of positions and coordinates: `i64` (MLIR's default, `index`) or `i32`.
  ///   - valueType: `f64` or `f32`.
  /// - Throws: a diagnostic with file, line and column of what is malformed.
  public static func read(
    _ path: String, indexType: ElementType = .i64, valueType: ElementType = .f64
  ) throws(Diagnostic) -> SparseMatrix {
    try read(try SourceFile.open(path), indexType: indexType, valueType: valueType)
  }

  /// Entries of the same row and column are added up, in the file's order; a symmetric matrix is
  /// stored in full. Of the array form, elements that are zero are not stored.
  public static func read(
    _ source: SourceFile, indexType: ElementType = .i64, valueType: ElementType = .f64
  ) throws(Diagnostic) -> SparseMatrix {
    var reader = MatrixMarketReader(source)
    let entries = try reader.read()
    do throws(Diagnostic) {
      switch (indexType, valueType) {
      case (.i64, .f64): return try entries.compressed(Int64.self, Double.self)
      case (.i64, .f32): return try entries.compressed(Int64.self, Float.self)
      case (.i32, .f64): return try entries.compressed(Int32.self, Double.self)
      case (.i32, .f32): return try entries.compressed(Int32.self, Float.self)
      default:
        throw Diagnostic(
          .error,
          "a sparse matrix cannot have indices of type \(indexType.name) and values of "
            + "type \(valueType.name)")
      }
    } catch {
      throw Diagnostic(.error, error.message, subject: source.name)
    }
  }
}

/// Entries in coordinate form, in the order of the file; numbered from 0.
struct CoordinateEntries {
  var rows = 0
  var columns = 0
  var row: [UInt32] = []
  var column: [UInt32] = []
  var value: [Double] = []

  @inline(__always)
  mutating func append(_ row: UInt32, _ column: UInt32, _ value: Double) {
    self.row.append(row)
    self.column.append(column)
    self.value.append(value)
  }

  /// The CSR form: a stable counting sort by row, then each row by column, then duplicates summed.
  func compressed<
    Index: FixedWidthInteger & TensorElement, Value: BinaryFloatingPoint & TensorElement
  >(_: Index.Type, _: Value.Type) throws(Diagnostic) -> SparseMatrix {
    guard Index(exactly: row.count) != nil, Index(exactly: max(rows, columns)) != nil else {
      throw Diagnostic(
        .error,
        "\(rows) rows, \(columns) columns and \(row.count) entries do not fit indices of "
          + "type \(Index.elementType.name)")
    }
    var positions = try Tensor(zeros: Index.elementType, shape: [rows + 1])
    var coordinates = try Tensor(zeros: Index.elementType, shape: [row.count])
    var values = try Tensor(zeros: Value.elementType, shape: [row.count])
    let stored = positions.withUnsafeMutableBytes { positions in
      coordinates.withUnsafeMutableBytes { coordinates in
        values.withUnsafeMutableBytes { values in
          compress(
            positions.bindMemory(to: Index.self), coordinates.bindMemory(to: Index.self),
            values.bindMemory(to: Value.self))
        }
      }
    }
    if stored < row.count {
      coordinates = try coordinates.prefix(stored)
      values = try values.prefix(stored)
    }
    return SparseMatrix(
      unchecked: rows, columns, positions: positions, coordinates: coordinates, values: values)
  }

  private func compress<Index: FixedWidthInteger, Value: BinaryFloatingPoint>(
    _ positions: UnsafeMutableBufferPointer<Index>,
    _ coordinates: UnsafeMutableBufferPointer<Index>, _ values: UnsafeMutableBufferPointer<Value>
  ) -> Int {
    // positions[r] first counts, then is where row r's next entry goes, at last where it ends.
    for r in row { positions[Int(r)] &+= 1 }
    var next: Index = 0
    for r in 0..<rows {
      let count = positions[r]
      positions[r] = next
      next &+= count
    }
    for entry in 0..<row.count {
      let r = Int(row[entry])
      let slot = Int(positions[r])
      positions[r] &+= 1
      coordinates[slot] = Index(truncatingIfNeeded: column[entry])
      values[slot] = Value(value[entry])
    }
    var stored = 0
    var first = 0
    for r in 0..<rows {
      let last = Int(positions[r])
      positions[r] = Index(truncatingIfNeeded: stored)
      sortRow(coordinates, values, first..<last)
      for entry in first..<last {
        if entry > first, coordinates[stored - 1] == coordinates[entry] {
          values[stored - 1] += values[entry]
        } else {
          coordinates[stored] = coordinates[entry]
          values[stored] = values[entry]
          stored += 1
        }
      }
      first = last
    }
    positions[rows] = Index(truncatingIfNeeded: stored)
    return stored
  }

  /// Sorts a row's entries by column; entries of one column keep their order.
  private func sortRow<Index: FixedWidthInteger, Value: BinaryFloatingPoint>(
    _ coordinates: UnsafeMutableBufferPointer<Index>, _ values: UnsafeMutableBufferPointer<Value>,
    _ range: Range<Int>
  ) {
    var isSorted = true
    for entry in range.dropFirst() where coordinates[entry - 1] > coordinates[entry] {
      isSorted = false
      break
    }
    if isSorted { return }
    var entries = range.map { (coordinates[$0], $0, values[$0]) }
    entries.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    for (slot, entry) in zip(range, entries) {
      coordinates[slot] = entry.0
      values[slot] = entry.2
    }
  }
}

extension Tensor {
  /// A vector of the first `count` elements, sharing memory with the whole.
  fileprivate func prefix(_ count: Int) throws(Diagnostic) -> Tensor {
    let owner = storage
    return try withUnsafeBytes { bytes throws(Diagnostic) in
      try Tensor(viewing: bytes, elementType: elementType, shape: [count], owner: owner)
    }
  }
}
