import MartletSupport
import Testing

@testable import MartletRuntime

@Suite struct SparseMatrixTests {
  private func matrix(
    _ rows: Int, _ columns: Int, _ positions: [Int64], _ coordinates: [Int64]
  ) throws -> SparseMatrix {
    try SparseMatrix(
      rows: rows, columns: columns, positions: try Tensor(positions),
      coordinates: try Tensor(coordinates),
      values: try Tensor([Double](repeating: 1, count: coordinates.count)))
  }

  @Test func takesSoundParts() throws {
    #expect(try matrix(2, 3, [0, 2, 3], [0, 2, 1]).entryCount == 3)
    #expect(try matrix(0, 0, [0], []).entryCount == 0)
    #expect(try matrix(2, 3, [0, 0, 0], []).entryCount == 0)
  }

  @Test(arguments: [
    (2, 3, [0, 1], [0], "2 positions for 2 rows"),
    (-1, 3, [], [], "negative extents"),
    (1, 3, [1, 1], [0], "positions start at 1"),
    (2, 3, [0, 2, 1], [0, 1], "row 1 holds entries 2 to 1"),
    (1, 3, [0, 5], [0, 1], "row 0 holds entries 0 to 5"),
    (1, 3, [0, 1], [0, 1], "1 entries in rows, 2 in all"),
    (1, 3, [0, 2], [1, 1], "column 1 after 1"),
    (1, 3, [0, 1], [3], "column 3"),
    (1, 3, [0, 1], [-1], "column -1"),
    (1, 3, [0, Int64.max], [0], "row 0"),
    (1, 3, [0, Int64.min], [0], "row 0"),
  ])
  func unsoundPartsAreDiagnosed(
    _ rows: Int, _ columns: Int, _ positions: [Int64], _ coordinates: [Int64], _ message: String
  ) throws {
    let error = try #require(throws: Diagnostic.self) {
      try matrix(rows, columns, positions, coordinates)
    }
    #expect(error.message.contains(message))
  }

  @Test func partsOfOtherTypesAreDiagnosed() throws {
    let positions = try Tensor([0, 1] as [Int32])
    let coordinates = try Tensor([0] as [Int64])
    let values = try Tensor([1] as [Double])
    #expect(throws: Diagnostic.self) {
      try SparseMatrix(
        rows: 1, columns: 1, positions: positions, coordinates: coordinates, values: values)
    }
    #expect(throws: Diagnostic.self) {
      try SparseMatrix(
        rows: 1, columns: 1, positions: values, coordinates: values, values: values)
    }
  }
}
