import MartletSupport
import Testing

@testable import MartletRuntime

@Suite struct MatrixMarketTests {
  private func read(_ text: String, _ index: ElementType = .i64) throws -> SparseMatrix {
    try MatrixMarket.read(SourceFile(name: "m.mtx", text: text), indexType: index)
  }

  private func expect(
    _ text: String, positions: [Int64], coordinates: [Int64], values: [Double],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let matrix = try read(text)
    #expect(matrix.positions.elements(as: Int64.self) == positions, sourceLocation: location)
    #expect(matrix.coordinates.elements(as: Int64.self) == coordinates, sourceLocation: location)
    #expect(matrix.values.elements(as: Double.self) == values, sourceLocation: location)
    // What the reader makes obeys the form, by the checks of the public initialiser.
    #expect(throws: Never.self, sourceLocation: location) {
      try SparseMatrix(
        rows: matrix.rows, columns: matrix.columns, positions: matrix.positions,
        coordinates: matrix.coordinates, values: matrix.values)
    }
  }

  @Test func readsCoordinates() throws {
    try expect(
      """
      %%MatrixMarket matrix coordinate real general
      % a comment

      3 4 5
      3 4 1e3
      1 2 -2.5\r
      \t3 1   .5

      % another
      1 1 7
      2 3 +4E-1
      """,
      positions: [0, 2, 3, 5], coordinates: [0, 1, 2, 0, 3], values: [7, -2.5, 0.4, 0.5, 1000])
  }

  @Test func addsUpDuplicates() throws {
    try expect(
      """
      %%MatrixMarket matrix coordinate integer general
      2 2 5
      2 1 1
      1 2 10
      2 1 2
      1 1 5
      2 1 4
      """, positions: [0, 2, 3], coordinates: [0, 1, 0], values: [5, 10, 7])
  }

  @Test func completesSymmetricMatrices() throws {
    try expect(
      """
      %%MatrixMarket MATRIX Coordinate Pattern Symmetric
      3 3 3
      1 1
      3 1
      3 2
      """, positions: [0, 2, 3, 5], coordinates: [0, 2, 2, 0, 1], values: [1, 1, 1, 1, 1])
    try expect(
      """
      %%MatrixMarket matrix coordinate real skew-symmetric
      2 2 1
      2 1 3
      """, positions: [0, 1, 2], coordinates: [1, 0], values: [-3, 3])
  }

  @Test func readsArrays() throws {
    try expect(
      """
      %%MatrixMarket matrix array real general
      2 3
      1
      0
      3
      4
      5
      6
      """, positions: [0, 3, 5], coordinates: [0, 1, 2, 1, 2], values: [1, 3, 5, 4, 6])
    try expect(
      "%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n3\n",
      positions: [0, 2, 4], coordinates: [0, 1, 0, 1], values: [1, 2, 2, 3])
    try expect(
      "%%MatrixMarket matrix array integer skew-symmetric\n2 2\n2\n",
      positions: [0, 1, 2], coordinates: [1, 0], values: [-2, 2])
    try expect(
      "%%MatrixMarket matrix array real general\n0 4000000000\n",
      positions: [0], coordinates: [], values: [])
  }

  @Test func otherTypesOfIndicesAndValues() throws {
    let source = SourceFile(
      name: "m.mtx", text: "%%MatrixMarket matrix coordinate real general\n2 2 1\n2 1 0.1\n")
    let matrix = try MatrixMarket.read(source, indexType: .i32, valueType: .f32)
    #expect(matrix.positions.elements(as: Int32.self) == [0, 0, 1])
    #expect(matrix.coordinates.elements(as: Int32.self) == [0])
    #expect(matrix.values.elements(as: Float.self) == [0.1])
    #expect(throws: Diagnostic.self) { try MatrixMarket.read(source, indexType: .i8) }
  }

  /// Text, line, column and message.
  @Test(arguments: [
    ("", 1, 1, "starts with '%%MatrixMarket'"),
    ("3 3 1\n1 1 1\n", 1, 1, "starts with"),
    ("%%MatrixMarket vector coordinate real general\n", 1, 16, "object 'vector'"),
    ("%%MatrixMarket matrix dense real general\n", 1, 23, "format 'dense'"),
    ("%%MatrixMarket matrix coordinate complex general\n", 1, 34, "field 'complex'"),
    ("%%MatrixMarket matrix coordinate real hermitian\n", 1, 39, "symmetry 'hermitian'"),
    ("%%MatrixMarket matrix coordinate real general x\n", 1, 47, "end of line expected, not 'x'"),
    ("%%MatrixMarket matrix array pattern general\n2 2\n", 1, 29, "cannot have the field"),
    ("%%MatrixMarket matrix coordinate real\n", 1, 38, "symmetry ''"),
    ("%%MatrixMarket matrix coordinate real general\n", 2, 1, "size line is missing"),
    ("%%MatrixMarket matrix coordinate real general\n2 2\n", 2, 4, "number of entries expected"),
    ("%%MatrixMarket matrix coordinate real general\n2 x 1\n", 2, 3, "columns expected, not 'x'"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 -1\n", 2, 5, "expected, not '-1'"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1 7\n", 2, 7, "end of line expected"),
    ("%%MatrixMarket matrix coordinate real general\n99999999999 2 1\n", 2, 1, "is more than"),
    ("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n", 2, 1, "2 rows and 3 columns"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n", 3, 1, "row '3' is outside"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 0 1\n", 3, 3, "column '0' is outsi"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1\n", 3, 4, "number expected, not e"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 abc\n", 3, 5, "not 'abc'"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1.5x\n", 3, 5, "not '1.5x'"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 0x10\n", 3, 5, "not '0x10'"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1e\n", 3, 5, "not '1e'"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1e999\n", 3, 5, "too large"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1 1\n", 3, 7, "end of line"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1.0 1 1\n", 3, 1, "row expected"),
    ("%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 1 1.5\n", 3, 5, "an integer ex"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n", 4, 1, "ends after 1"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n2 2 2\n", 4, 1, "follows them"),
    ("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n", 3, 1, "diagonal"),
    ("%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n", 6, 1, "ends after 3"),
    ("%%MatrixMarket matrix array real general\n1 1\n1\n2\n", 4, 1, "follows them"),
  ])
  func malformedTextIsDiagnosedInPlace(
    _ text: String, _ line: Int, _ column: Int, _ message: String
  ) throws {
    let error = try #require(throws: Diagnostic.self) { try read(text) }
    #expect(error.message.contains(message))
    #expect(error.position?.file == "m.mtx")
    #expect(error.position?.line == line)
    #expect(error.position?.column == column)
    #expect(error.position?.lineText != nil)
  }

  @Test func absurdSizesAreDiagnosed() throws {
    let huge = "%%MatrixMarket matrix coordinate real general\n4294967295 1 4294967295\n1 1 1\n"
    #expect(throws: Diagnostic.self) { try read(huge) }
    let empty = "%%MatrixMarket matrix coordinate real general\n4294967295 1 0\n"
    let error = try #require(throws: Diagnostic.self) { try read(empty, .i32) }
    #expect(error.message.contains("do not fit indices of type i32"))
    #expect(throws: Diagnostic.self) { try MatrixMarket.read("/no/such/file.mtx") }
    #expect(throws: Diagnostic.self) { try MatrixMarket.read("/tmp") }
  }

  @Test func textCutOffAnywhereNeverTraps() {
    let whole = Array(
      "%%MatrixMarket matrix coordinate real symmetric\n% c\n3 3 2\n2 1 1.5e-3\n3 3 -7\n".utf8)
    for length in 0..<(whole.count - 1) {
      let text = String(decoding: whole[..<length], as: UTF8.self)
      if text.hasSuffix("-") || !text.contains("\n3 3 -") {
        #expect(throws: Diagnostic.self) { try read(text) }
      }
    }
  }

  @Test func longUnsortedRowsAreSorted() throws {
    var text = "%%MatrixMarket matrix coordinate real general\n2 5000 5000\n"
    for column in 0..<5000 { text += "1 \(column * 7 % 5000 + 1) \(column)\n" }
    let matrix = try read(text)
    #expect(matrix.coordinates.elements(as: Int64.self) == (0..<5000).map { Int64($0) })
    let values = try #require(matrix.values.elements(as: Double.self))
    for (column, value) in values.enumerated() { #expect(Int(value) * 7 % 5000 == column) }
  }

  // MARK: Numbers

  private func parse(_ text: String) -> Double? {
    let source = SourceFile(name: "n", text: text)
    var at = 0
    return withExtendedLifetime(source) {
      guard let value = DecimalParser.parse(source.bytes, &at), at == source.bytes.count else {
        return nil
      }
      return value
    }
  }

  @Test func numbersAreRoundedCorrectly() {
    var state: UInt64 = 1
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
    for _ in 0..<20_000 {
      let digits = Int(next() % 21) + 1
      var text = String((0..<digits).map { _ in Character(String(next() % 10)) })
      let point = Int(next() % UInt64(digits + 1))
      text.insert(".", at: text.index(text.startIndex, offsetBy: point))
      if next() % 2 == 0 { text += "e\(Int(next() % 60) - 30)" }
      if next() % 3 == 0 { text = "-" + text }
      // Swift's own parser wants a digit on both sides of the point.
      let plain = text.hasPrefix("-") ? "-0" + text.dropFirst() : "0" + text
      let expected = Double(plain.replacingLonePoint)
      #expect(parse(text)?.bitPattern == expected?.bitPattern, "\(text)")
    }
    for _ in 0..<20_000 {
      let value = Double(bitPattern: next())
      if value.isFinite { #expect(parse("\(value)")?.bitPattern == value.bitPattern) }
      let ordinary = Double(Int64(bitPattern: next()) >> 11) * 0x1p-53
      #expect(parse("\(ordinary)") == ordinary)
    }
  }

  @Test func halfwayNumbersGoToEven() {
    #expect(parse("9007199254740993") == 9_007_199_254_740_992)
    #expect(parse("9007199254740995") == 9_007_199_254_740_996)
    #expect(parse("900719925474099.3") == 900_719_925_474_099.3)
    #expect(parse("18446744073709551615") == 0x1p64)
    #expect(parse("4503599627370496.5") == 4_503_599_627_370_496)
    #expect(parse("4503599627370497.5") == 4_503_599_627_370_498)
    #expect(parse("-0")?.sign == .minus)
    #expect(parse("nan")?.isNaN == true)
    #expect(parse("-inf") == -.infinity)
    for bad in ["", "-", ".", "e5", "1e+", "0x1p3", "1,5", "nan(1)"] { #expect(parse(bad) == nil) }
  }
}

extension String {
  /// A digit after a point that has none.
  fileprivate var replacingLonePoint: String {
    guard let point = firstIndex(of: ".") else { return self }
    let after = index(after: point)
    if after < endIndex, self[after].isNumber { return self }
    return String(self[...point]) + "0" + String(self[after...])
  }
}
