import MartletSupport

/// A sparse matrix in compressed sparse row form, laid out as MLIR's sparse_tensor dialect lays out
/// `map = (i, j) -> (i : dense, j : compressed)`.
///
/// Row `i`'s entries are those numbered `positions[i]..<positions[i + 1]`; entry `k` stands in column
/// `coordinates[k]` and has value `values[k]`. Columns rise strictly within a row.
public struct SparseMatrix: Sendable {
  public let rows: Int
  public let columns: Int
  /// `rows + 1` numbers of type `i64` or `i32`, from 0 to `entryCount`.
  public let positions: Tensor
  /// `entryCount` column numbers of the type of `positions`.
  public let coordinates: Tensor
  /// `entryCount` values.
  public let values: Tensor

  /// Entries stored.
  public var entryCount: Int { values.elementCount }

  /// A matrix of parts the caller made, which are checked in full: compiled code relies on them.
  /// - Throws: a diagnostic that says which rule of the form is broken, and where.
  public init(
    rows: Int, columns: Int, positions: Tensor, coordinates: Tensor, values: Tensor
  ) throws(Diagnostic) {
    self.init(
      unchecked: rows, columns, positions: positions, coordinates: coordinates, values: values)
    guard rows >= 0, columns >= 0 else { throw problem("negative extents") }
    for part in [positions, coordinates, values] where part.shape.count != 1 {
      throw problem("its parts must be vectors")
    }
    guard coordinates.elementType == positions.elementType else {
      throw problem("positions and coordinates differ in type")
    }
    switch positions.elementType {
    case .i64: try check(Int64.self)
    case .i32: try check(Int32.self)
    default: throw problem("positions must be i64 or i32")
    }
  }

  /// A matrix of parts known to obey the form.
  init(
    unchecked rows: Int, _ columns: Int, positions: Tensor, coordinates: Tensor, values: Tensor
  ) {
    self.rows = rows
    self.columns = columns
    self.positions = positions
    self.coordinates = coordinates
    self.values = values
  }

  private func problem(_ what: String) -> Diagnostic {
    Diagnostic(.error, "malformed sparse matrix: \(what)")
  }

  private func check<Index: FixedWidthInteger & BitwiseCopyable>(
    _: Index.Type
  ) throws(Diagnostic) {
    guard positions.elementCount > 0, positions.elementCount - 1 == rows else {
      throw problem("\(positions.elementCount) positions for \(rows) rows")
    }
    guard coordinates.elementCount == entryCount else {
      throw problem("\(coordinates.elementCount) coordinates for \(entryCount) values")
    }
    try positions.withUnsafeBytes { positionBytes throws(Diagnostic) in
      try coordinates.withUnsafeBytes { coordinateBytes throws(Diagnostic) in
        try check(
          positionBytes.bindMemory(to: Index.self), coordinateBytes.bindMemory(to: Index.self))
      }
    }
  }

  private func check<Index: FixedWidthInteger & BitwiseCopyable>(
    _ positions: UnsafeBufferPointer<Index>, _ coordinates: UnsafeBufferPointer<Index>
  ) throws(Diagnostic) {
    guard positions[0] == 0 else { throw problem("positions start at \(positions[0])") }
    for row in 0..<rows {
      let (first, last) = (positions[row], positions[row + 1])
      guard first <= last, Int(last) <= entryCount else {
        throw problem("row \(row) holds entries \(first) to \(last) of \(entryCount)")
      }
      var previous: Index = -1
      for entry in Int(first)..<Int(last) {
        let column = coordinates[entry]
        guard column > previous, Int(column) < columns else {
          throw problem("row \(row) has column \(column) after \(previous), of \(columns)")
        }
        previous = column
      }
    }
    guard Int(positions[rows]) == entryCount else {
      throw problem("\(positions[rows]) entries in rows, \(entryCount) in all")
    }
  }
}
