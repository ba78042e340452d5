import MartletSupport

/// Parses Matrix Market text.
struct MatrixMarketReader {
  private enum Field { case real, integer, pattern }
  private enum Symmetry { case general, symmetric, skewSymmetric }

  private let source: SourceFile
  private let text: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var isArray = false
  private var field = Field.real
  private var symmetry = Symmetry.general
  private var entries = CoordinateEntries()

  init(_ source: SourceFile) {
    self.source = source
    text = source.bytes
  }

  mutating func read() throws(Diagnostic) -> CoordinateEntries {
    try readBanner()
    skipCommentsAndBlankLines()
    if isArray {
      try readArray()
    } else {
      try readCoordinates()
    }
    return entries
  }

  // MARK: Banner

  private func failure(_ message: String, at offset: Int, length: Int = 0) -> Diagnostic {
    Diagnostic(.error, message, at: source.position(at: offset, length: length))
  }

  /// The word that starts at `at`, for a message.
  private func failureAtWord(_ message: (String) -> String) -> Diagnostic {
    var end = at
    while end < text.count, !DecimalParser.isSpace(text[end]) { end += 1 }
    let shown = String(decoding: text[at..<min(end, at + 40)], as: UTF8.self)
    return failure(message(shown.isEmpty ? "end of line" : "'\(shown)'"), at: at, length: end - at)
  }

  private mutating func readBanner() throws(Diagnostic) {
    let banner = "%%MatrixMarket"
    guard text.starts(with: banner.utf8) else {
      throw failure("a Matrix Market file starts with '\(banner)'", at: 0)
    }
    at = banner.utf8.count
    try readKeyword(["matrix": ()], "object")
    isArray = try readKeyword(["coordinate": false, "array": true], "format")
    field = try readKeyword(
      ["real": .real, "double": .real, "integer": .integer, "pattern": .pattern], "field")
    let fieldEnd = at
    symmetry = try readKeyword(
      ["general": .general, "symmetric": .symmetric, "skew-symmetric": .skewSymmetric],
      "symmetry")
    if isArray, field == .pattern {
      throw failure("an array cannot have the field 'pattern'", at: fieldEnd - 7, length: 7)
    }
    try expectEndOfLine()
  }

  private mutating func readKeyword<Meaning>(
    _ known: KeyValuePairs<String, Meaning>, _ what: String
  ) throws(Diagnostic) -> Meaning {
    skipBlanks()
    let start = at
    while at < text.count, !DecimalParser.isSpace(text[at]) { at += 1 }
    let word = String(decoding: text[start..<at], as: UTF8.self).lowercased()
    for (name, meaning) in known where name == word { return meaning }
    let length = at - start
    at = start
    let names = known.map(\.key).joined(separator: ", ")
    throw failure("\(what) '\(word)' is not supported; it may be: \(names)", at: at, length: length)
  }

  // MARK: Lines

  private mutating func skipBlanks() {
    while at < text.count, text[at] == 0x20 || text[at] == 9 || text[at] == 13 { at += 1 }
  }

  private mutating func skipCommentsAndBlankLines() {
    while at < text.count {
      if text[at] == UInt8(ascii: "%") {
        while at < text.count, text[at] != 10 { at += 1 }
      } else if DecimalParser.isSpace(text[at]) {
        at += 1
      } else {
        return
      }
    }
  }

  private mutating func expectEndOfLine() throws(Diagnostic) {
    skipBlanks()
    guard at < text.count else { return }
    guard text[at] == 10 else { throw failureAtWord { "end of line expected, not \($0)" } }
    at += 1
  }

  // MARK: Numbers

  /// A whole number without sign, at most 2^32 - 1.
  @inline(__always)
  private mutating func readNumber(_ what: String) throws(Diagnostic) -> Int {
    skipBlanks()
    let start = at
    var value = 0
    while at < text.count, case let digit = text[at] &- 48, digit < 10 {
      value = value * 10 + Int(digit)
      at += 1
      if value > Int(UInt32.max) { throw tooLarge(start, what) }
    }
    guard at > start, at == text.count || DecimalParser.isSpace(text[at]) else {
      at = start
      throw failureAtWord { "\(what) expected, not \($0)" }
    }
    return value
  }

  private mutating func tooLarge(_ start: Int, _ what: String) -> Diagnostic {
    at = start
    return failureAtWord { "\(what) \($0) is more than \(UInt32.max)" }
  }

  /// A row or column number from 1 to `limit`; counted from 0.
  @inline(__always)
  private mutating func readIndex(_ what: String, _ limit: Int) throws(Diagnostic) -> UInt32 {
    let value = try readNumber(what)
    guard value >= 1, value <= limit else { throw outOfRange(what, limit) }
    return UInt32(truncatingIfNeeded: value &- 1)
  }

  private mutating func outOfRange(_ what: String, _ limit: Int) -> Diagnostic {
    while at > 0, case let digit = text[at - 1] &- 48, digit < 10 { at -= 1 }
    return failureAtWord { "\(what) \($0) is outside 1 to \(limit)" }
  }

  @inline(__always)
  private mutating func readValue() throws(Diagnostic) -> Double {
    skipBlanks()
    let start = at
    guard let value = DecimalParser.parse(text, &at) else {
      throw failureAtWord { "a number expected, not \($0)" }
    }
    if field == .integer, value != value.rounded(.towardZero) {
      at = start
      throw failureAtWord { "an integer expected, not \($0)" }
    }
    if value.isInfinite, text[at - 1] &- 48 < 10 {
      at = start
      throw failureAtWord { "\($0) is too large for a 64-bit floating-point number" }
    }
    return value
  }

  // MARK: Entries

  private mutating func readSize(_ what: String) throws(Diagnostic) -> Int {
    guard at < text.count else { throw failure("the size line is missing", at: at) }
    return try readNumber(what)
  }

  private mutating func readExtents() throws(Diagnostic) {
    let start = at
    entries.rows = try readSize("the number of rows")
    entries.columns = try readSize("the number of columns")
    if symmetry != .general, entries.rows != entries.columns {
      throw failure(
        "a symmetric matrix cannot have \(entries.rows) rows and \(entries.columns) columns",
        at: start, length: at - start)
    }
  }

  private func missing(_ found: Int, _ announced: Int) -> Diagnostic {
    failure("\(announced) entries announced, the file ends after \(found)", at: text.count)
  }

  private mutating func reserve(_ announced: Int, bytesEach: Int) {
    // The announced number may be nonsense; the file's size bounds the true one.
    let possible = min(announced, (text.count - at) / bytesEach + 1)
    let stored = symmetry == .general ? possible : 2 * possible
    entries.row.reserveCapacity(stored)
    entries.column.reserveCapacity(stored)
    entries.value.reserveCapacity(stored)
  }

  private mutating func readCoordinates() throws(Diagnostic) {
    try readExtents()
    let announced = try readSize("the number of entries")
    try expectEndOfLine()
    reserve(announced, bytesEach: 4)
    let (rows, columns) = (entries.rows, entries.columns)
    for number in 0..<announced {
      skipCommentsAndBlankLines()
      guard at < text.count else { throw missing(number, announced) }
      let start = at
      let row = try readIndex("row", rows)
      let column = try readIndex("column", columns)
      let value = field == .pattern ? 1 : try readValue()
      try expectEndOfLine()
      entries.append(row, column, value)
      if symmetry != .general { try mirror(row, column, value, start) }
    }
    try expectEnd(announced)
  }

  private mutating func mirror(
    _ row: UInt32, _ column: UInt32, _ value: Double, _ start: Int
  ) throws(Diagnostic) {
    if row != column {
      entries.append(column, row, symmetry == .symmetric ? value : -value)
    } else if symmetry == .skewSymmetric {
      throw failure("a skew-symmetric matrix has no entries on its diagonal", at: start)
    }
  }

  private mutating func readArray() throws(Diagnostic) {
    try readExtents()
    try expectEndOfLine()
    // Extents are below 2^32, so that their product fits.
    let (rows, columns) = (UInt64(entries.rows), UInt64(entries.columns))
    let triangle = rows % 2 == 0 ? rows / 2 * (rows &+ 1) : (rows &+ 1) / 2 * rows
    let announced =
      switch symmetry {
      case .general: rows &* columns
      case .symmetric: triangle
      case .skewSymmetric: triangle &- rows
      }
    let total = Int(clamping: announced)
    reserve(total, bytesEach: 2)
    var number = 0
    for column in 0..<UInt32(total == 0 ? 0 : columns) {
      let first =
        switch symmetry {
        case .general: UInt32(0)
        case .symmetric: column
        case .skewSymmetric: column + 1
        }
      for row in first..<max(UInt32(rows), first) {
        skipCommentsAndBlankLines()
        guard at < text.count else { throw missing(number, total) }
        let start = at
        let value = try readValue()
        try expectEndOfLine()
        number += 1
        if value == 0 { continue }
        entries.append(row, column, value)
        if symmetry != .general { try mirror(row, column, value, start) }
      }
    }
    try expectEnd(total)
  }

  private mutating func expectEnd(_ announced: Int) throws(Diagnostic) {
    skipCommentsAndBlankLines()
    guard at == text.count else {
      throw failureAtWord { "\(announced) entries announced, but \($0) follows them" }
    }
  }
}
