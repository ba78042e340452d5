/// A text to be parsed: its name for diagnostics and its bytes, mapped from a file or held in memory.
public final class SourceFile: @unchecked Sendable {
  public let name: String
  /// The text, not terminated; valid for the object's life.
  public let bytes: UnsafeBufferPointer<UInt8>
  /// What line 1 of the text is called in diagnostics, less one: set for a chunk of a split file.
  public let firstLineOffset: Int
  private let keepAlive: AnyObject?
  private let owned: UnsafeMutablePointer<UInt8>?

  public init(name: String, text: String) {
    self.name = name
    var copy = text
    (bytes, owned) = copy.withUTF8 { source in
      let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(source.count, 1))
      if let base = source.baseAddress { memory.initialize(from: base, count: source.count) }
      return (UnsafeBufferPointer(start: memory, count: source.count), memory)
    }
    firstLineOffset = 0
    keepAlive = nil
  }

  /// A copy of bytes that need not be text.
  public init(name: String, bytes source: [UInt8]) {
    self.name = name
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(source.count, 1))
    source.withUnsafeBufferPointer {
      if let base = $0.baseAddress { memory.initialize(from: base, count: $0.count) }
    }
    bytes = UnsafeBufferPointer(start: memory, count: source.count)
    owned = memory
    firstLineOffset = 0
    keepAlive = nil
  }

  /// A view of a mapped file.
  public init(name: String, file: MappedFile) {
    self.name = name
    bytes = file.bytes.bindMemory(to: UInt8.self)
    owned = nil
    firstLineOffset = 0
    keepAlive = file
  }

  /// The part of `whole` at `range`, whose diagnostics still count lines from the file's start.
  public init(part range: Range<Int>, of whole: SourceFile) {
    name = whole.name
    bytes = UnsafeBufferPointer(rebasing: whole.bytes[range])
    owned = nil
    firstLineOffset = whole.firstLineOffset + whole.bytes[..<range.lowerBound].count { $0 == 10 }
    keepAlive = whole
  }

  deinit { owned?.deallocate() }

  /// Opens and maps the file at `path`; `-` reads standard input.
  /// - Throws: a diagnostic that names the path.
  public static func open(_ path: String) throws(Diagnostic) -> SourceFile {
    if path == "-" {
      return SourceFile(name: "<stdin>", file: try MappedFile.standardInput())
    }
    return SourceFile(name: path, file: try MappedFile(path: path))
  }

  /// The position of a byte offset. Takes time proportional to the offset; meant for diagnostics.
  public func position(at offset: Int, length: Int = 0) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    var line = 1
    var start = 0
    for i in 0..<offset where bytes[i] == 10 {
      line += 1
      start = i + 1
    }
    var end = start
    while end < bytes.count, bytes[end] != 10, end - start < 100_000 { end += 1 }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    return SourcePosition(
      file: name, line: line + firstLineOffset, column: offset - start + 1,
      length: min(length, max(end - offset, 0)), lineText: text)
  }

  /// The text of a line as numbered in diagnostics, nil where there is no such line.
  public func lineText(_ number: Int) -> String? {
    var line = 1 + firstLineOffset
    var start = 0
    while line < number {
      guard let newline = bytes[start...].firstIndex(of: 10) else { return nil }
      start = newline + 1
      line += 1
    }
    guard line == number, start <= bytes.count else { return nil }
    let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
