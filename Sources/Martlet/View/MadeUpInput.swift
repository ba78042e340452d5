import MartletRuntime
import MartletSupport

/// Inputs for a program that is compiled to be looked at.
enum MadeUpInput {
  /// Rows and columns of a sparse matrix of open size, and entries in a row.
  private static let sparseExtent = 1024
  private static let entriesPerRow = 8

  /// Zeros of the port's shape; sizes that are open are 1, or 1024 in a sparse matrix, which gets eight ones a row.
  static func make(_ port: Signature.Port) throws(Diagnostic) -> Argument {
    guard let index = port.indexType else {
      return .dense(try Tensor(zeros: port.elementType, shape: port.shape.map { $0 ?? 1 }))
    }
    let rows = port.shape.first.flatMap { $0 } ?? sparseExtent
    let columns = port.shape.last.flatMap { $0 } ?? sparseExtent
    let perRow = min(entriesPerRow, columns)
    var positions: [Int] = [0]
    var coordinates: [Int] = []
    for row in 0..<rows {
      let stride = max(1, columns / max(perRow, 1))
      coordinates += (0..<perRow).map { ($0 * stride + row) % columns }.sorted()
      positions.append(coordinates.count)
    }
    return .sparse(
      try SparseMatrix(
        rows: rows, columns: columns, positions: try numbers(positions, index),
        coordinates: try numbers(coordinates, index),
        values: try Tensor(zeros: port.elementType, shape: [coordinates.count])))
  }

  private static func numbers(_ values: [Int], _ type: ElementType) throws(Diagnostic) -> Tensor {
    type == .i32 ? try Tensor(values.map { Int32($0) }) : try Tensor(values.map { Int64($0) })
  }
}
