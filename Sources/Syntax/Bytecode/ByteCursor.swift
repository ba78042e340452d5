import MartletSupport

/// A place in a file's bytes and the end of the part being read.
struct ByteCursor {
  /// Offsets from the start of the file.
  var position: Int
  let end: Int

  var isAtEnd: Bool { position >= end }
  var remaining: Int { end - position }
}

extension BytecodeReader {
  // MARK: Elements

  @inline(__always) func byte(_ cursor: inout ByteCursor) throws(Reported) -> UInt8 {
    if cursor.position >= cursor.end { throw truncated(cursor) }
    defer { cursor.position += 1 }
    return base[cursor.position]
  }

  /// An integer of variable length (see `TextBuffer.variable`).
  @inline(__always) func variable(_ cursor: inout ByteCursor) throws(Reported) -> UInt64 {
    if cursor.position < cursor.end {
      let first = base[cursor.position]
      if first & 1 == 1 {
        cursor.position += 1
        return UInt64(first >> 1)
      }
    }
    return try variableLong(&cursor)
  }

  private func variableLong(_ cursor: inout ByteCursor) throws(Reported) -> UInt64 {
    let first = try byte(&cursor)
    let following = first == 0 ? 8 : first.trailingZeroBitCount
    if cursor.remaining < following { throw truncated(cursor) }
    var value: UInt64 = 0
    if cursor.remaining >= 8 {
      value = UnsafeRawPointer(base + cursor.position).loadUnaligned(as: UInt64.self).littleEndian
      if following < 8 { value &= (1 << UInt64(8 * following)) - 1 }
    } else {
      for i in 0..<following {
        value |= UInt64(base[cursor.position + i]) << UInt64(8 * i)
      }
    }
    cursor.position += following
    if first == 0 { return value }
    return value << UInt64(7 - following) | UInt64(first) >> UInt64(following + 1)
  }

  /// An integer of variable length whose lowest bit is a flag.
  @inline(__always) func flagged(_ cursor: inout ByteCursor) throws(Reported) -> (
    value: UInt64, flag: Bool
  ) {
    let value = try variable(&cursor)
    return (value >> 1, value & 1 == 1)
  }

  @inline(__always) func signed(_ cursor: inout ByteCursor) throws(Reported) -> Int64 {
    let value = try variable(&cursor)
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A number of things each of which takes `size` bytes or more, so that it is no more than can follow.
  @inline(__always) func count(
    _ cursor: inout ByteCursor, _ what: StaticString, size: Int = 1
  ) throws(Reported) -> Int {
    let start = cursor.position
    let value = try variable(&cursor)
    if value > UInt64(cursor.remaining / size) { throw tooMany(value, what, start) }
    return Int(value)
  }

  func tooMany(_ value: UInt64, _ what: StaticString, _ position: Int) -> Reported {
    error("\(value) \(what) cannot fit into the bytes that follow", at: position)
  }

  func truncated(_ cursor: ByteCursor) -> Reported {
    error("the bytecode ends in the middle of something", at: cursor.position)
  }

  /// Bytes up to a 0, which is read too.
  func terminatedText(_ cursor: inout ByteCursor) throws(Reported)
    -> UnsafeBufferPointer<UInt8>
  {
    let start = cursor.position
    var end = start
    while end < cursor.end, base[end] != 0 { end += 1 }
    if end == cursor.end { throw error("text has no terminating zero", at: start) }
    cursor.position = end + 1
    return UnsafeBufferPointer(start: base + start, count: end - start)
  }

  /// Bytes with their number in front.
  func blob(_ cursor: inout ByteCursor) throws(Reported) -> UnsafeRawBufferPointer {
    let length = try count(&cursor, "bytes")
    defer { cursor.position += length }
    return UnsafeRawBufferPointer(start: base + cursor.position, count: length)
  }

  /// Skips the filling bytes up to a multiple of `alignment`.
  func align(_ cursor: inout ByteCursor, to alignment: UInt64) throws(Reported) {
    guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 31 else {
      throw error("alignment \(alignment) is not a power of two", at: cursor.position)
    }
    let mask = Int(alignment) - 1
    while cursor.position & mask != 0 {
      let position = cursor.position
      let padding = try byte(&cursor)
      if padding != Bytecode.padding {
        throw error("expected an alignment byte (0xCB), found \(padding)", at: position)
      }
    }
  }

  /// A section's header; the cursor moves behind the section.
  func section(_ cursor: inout ByteCursor) throws(Reported) -> (
    kind: Bytecode.Section, body: ByteCursor
  ) {
    let start = cursor.position
    let tag = try byte(&cursor)
    guard let kind = Bytecode.Section(rawValue: tag & 0x7f) else {
      throw error("there is no section of kind \(tag & 0x7f)", at: start)
    }
    let length = try variable(&cursor)
    if tag & 0x80 != 0 { try align(&cursor, to: try variable(&cursor)) }
    if length > UInt64(cursor.remaining) {
      throw error(
        "the \(kind.name) section has \(length) bytes, but only \(cursor.remaining) follow",
        at: start)
    }
    let body = ByteCursor(position: cursor.position, end: cursor.position + Int(length))
    cursor.position = body.end
    return (kind, body)
  }
}
