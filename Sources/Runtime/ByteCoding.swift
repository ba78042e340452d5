import MartletSupport

/// Writes numbers and text to bytes, little-endian, for `ByteReader`.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func write<Word: FixedWidthInteger>(_ word: Word) {
    Swift.withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ number: Int) { write(Int64(number)) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func write(_ content: [UInt8]) {
    write(content.count)
    bytes.append(contentsOf: content)
  }

  mutating func write<Element>(_ list: [Element], _ body: (inout ByteWriter, Element) -> Void) {
    write(list.count)
    for element in list { body(&self, element) }
  }
}

/// Reads what `ByteWriter` wrote from bytes that may be damaged.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var at = 0
  /// What is read, for diagnostics.
  private let what: String

  init(_ bytes: UnsafeRawBufferPointer, _ what: String) {
    self.bytes = bytes
    self.what = what
  }

  var isAtEnd: Bool { at == bytes.count }

  func damaged(_ problem: String) -> Diagnostic {
    Diagnostic(.error, "damaged \(what): \(problem) at byte \(at)")
  }

  mutating func read<Word: FixedWidthInteger>(_: Word.Type) throws(Diagnostic) -> Word {
    guard bytes.count - at >= MemoryLayout<Word>.size else { throw damaged("cut off") }
    defer { at += MemoryLayout<Word>.size }
    return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: Word.self))
  }

  mutating func readNumber() throws(Diagnostic) -> Int { Int(try read(Int64.self)) }

  /// A number that is not negative.
  mutating func readSize() throws(Diagnostic) -> Int {
    let number = try readNumber()
    guard number >= 0 else { throw damaged("negative size") }
    return number
  }

  mutating func readBytes() throws(Diagnostic) -> UnsafeRawBufferPointer {
    let count = try readSize()
    guard count <= bytes.count - at else { throw damaged("cut off") }
    defer { at += count }
    return UnsafeRawBufferPointer(rebasing: bytes[at..<(at + count)])
  }

  mutating func readText() throws(Diagnostic) -> String {
    String(decoding: try readBytes(), as: UTF8.self)
  }

  mutating func readList<Element>(
    _ body: (inout ByteReader) throws(Diagnostic) -> Element
  ) throws(Diagnostic) -> [Element] {
    let count = try readSize()
    // Every element takes a byte at least: a count beyond that would only reserve memory.
    guard count <= bytes.count - at else { throw damaged("cut off") }
    var list: [Element] = []
    for _ in 0..<count { list.append(try body(&self)) }
    return list
  }
}
