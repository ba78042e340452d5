/// Why bytes cannot be read as an ONNX model, and where in the file.
struct DecodingError: Error {
  /// Counted from the first byte of the file.
  var offset: Int
  var message: String
  /// What the byte belongs to, innermost first: an attribute, its node, the node's subgraph.
  var context: [String] = []

  func within(_ place: String) -> DecodingError {
    var copy = self
    copy.context.append(place)
    return copy
  }
}

/// Reads the fields of one protobuf message, in the order they are written, from memory it does
/// not own (the wire format is described in protobuf's public "Encoding" document).
///
/// Every read checks its bounds; what cannot be read is thrown as a `DecodingError`.
struct ProtobufReader {
  enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case startGroup = 3
    case endGroup = 4
    case fixed32 = 5
  }

  /// What precedes a value: which field it is of and how it is written.
  struct Field {
    let number: Int
    let wireType: WireType
    /// Where in the file the field begins.
    let offset: Int
  }

  /// How many groups may lie inside each other.
  static let groupDepthLimit = 64

  private let bytes: UnsafeRawBufferPointer
  private let origin: Int
  private var position = 0

  /// Reads the message that is the whole of `bytes`, which begin at byte `origin` of the file.
  init(_ bytes: UnsafeRawBufferPointer, origin: Int = 0) {
    self.bytes = bytes
    self.origin = origin
  }

  /// Where in the file the message begins.
  var startOffset: Int { origin }
  /// Where in the file the next read begins.
  var offset: Int { origin + position }
  /// How many bytes the whole message has.
  var byteCount: Int { bytes.count }

  private var remaining: Int { bytes.count - position }

  /// The next field's number and wire type, nil at the message's end.
  mutating func nextField() throws(DecodingError) -> Field? {
    guard remaining > 0 else { return nil }
    let start = offset
    let key = try rawVarint()
    guard key <= UInt64(UInt32.max), key >= 8 else {
      throw DecodingError(offset: start, message: "field number \(key >> 3) is not allowed")
    }
    guard let wireType = WireType(rawValue: UInt8(key & 7)) else {
      throw DecodingError(
        offset: start, message: "field \(key >> 3) has the unknown wire type \(key & 7)")
    }
    return Field(number: Int(key >> 3), wireType: wireType, offset: start)
  }

  /// Passes over the value of a field that is not of interest.
  mutating func skip(_ field: Field) throws(DecodingError) {
    switch field.wireType {
    case .varint: try rawVarint()
    case .fixed64: try take(8)
    case .fixed32: try take(4)
    case .lengthDelimited: try rawBytes()
    case .startGroup: try skipGroup(field)
    case .endGroup:
      throw DecodingError(
        offset: field.offset, message: "group \(field.number) ends but was never begun")
    }
  }

  private mutating func skipGroup(_ field: Field) throws(DecodingError) {
    var open = [field.number]
    while let innermost = open.last {
      guard let inner = try nextField() else {
        throw DecodingError(offset: field.offset, message: "group \(field.number) has no end")
      }
      switch inner.wireType {
      case .startGroup:
        guard open.count < Self.groupDepthLimit else {
          throw DecodingError(offset: inner.offset, message: "groups are nested too deeply")
        }
        open.append(inner.number)
      case .endGroup:
        guard inner.number == innermost else {
          throw DecodingError(
            offset: inner.offset,
            message: "group \(innermost) is ended as if it were group \(inner.number)")
        }
        open.removeLast()
      default:
        try skip(inner)
      }
    }
  }

  /// A 64-bit integer; the value of `int32`, `int64` and `enum` fields.
  mutating func int64(_ field: Field) throws(DecodingError) -> Int64 {
    try expect(.varint, field)
    return Int64(bitPattern: try rawVarint())
  }

  mutating func float(_ field: Field) throws(DecodingError) -> Float {
    try expect(.fixed32, field)
    return Float(bitPattern: try take(4).loadUnaligned(as: UInt32.self).littleEndian)
  }

  /// The bytes of a `bytes` field, not copied.
  mutating func bytes(_ field: Field) throws(DecodingError) -> UnsafeRawBufferPointer {
    try expect(.lengthDelimited, field)
    return try rawBytes()
  }

  mutating func string(_ field: Field) throws(DecodingError) -> String {
    let content = try bytes(field)
    guard let text = String(validating: content, as: UTF8.self) else {
      throw DecodingError(
        offset: field.offset, message: "the text of field \(field.number) is not valid UTF-8")
    }
    return text
  }

  /// A reader of the message that is the field's value.
  mutating func message(_ field: Field) throws(DecodingError) -> ProtobufReader {
    let content = try bytes(field)
    return ProtobufReader(content, origin: offset - content.count)
  }

  /// Appends the value or values of a repeated integer field, packed or not.
  mutating func append(_ field: Field, to values: inout [Int64]) throws(DecodingError) {
    guard field.wireType == .lengthDelimited else {
      values.append(try int64(field))
      return
    }
    var packed = try message(field)
    // The last byte of each number is the one below 0x80.
    values.reserveCapacity(values.count + packed.bytes.count { $0 < 0x80 })
    while packed.remaining > 0 {
      values.append(Int64(bitPattern: try packed.rawVarint()))
    }
  }

  /// The bytes of a repeated field of fixed-width values of `width` bytes (4 or 8): of one value
  /// where it is not packed, of several where it is. Not copied.
  mutating func fixedWidth(_ field: Field, width: Int) throws(DecodingError)
    -> UnsafeRawBufferPointer
  {
    guard field.wireType == .lengthDelimited else {
      try expect(width == 4 ? .fixed32 : .fixed64, field)
      return try take(width)
    }
    let packed = try rawBytes()
    guard packed.count % width == 0 else {
      throw DecodingError(
        offset: field.offset,
        message: "field \(field.number) packs \(width)-byte values into \(packed.count) bytes")
    }
    return packed
  }

  private func expect(_ wireType: WireType, _ field: Field) throws(DecodingError) {
    guard field.wireType == wireType else {
      throw DecodingError(
        offset: field.offset,
        message: "field \(field.number) is written as \(field.wireType), not as \(wireType)")
    }
  }

  @discardableResult
  private mutating func rawBytes() throws(DecodingError) -> UnsafeRawBufferPointer {
    let start = offset
    let length = try rawVarint()
    guard length <= UInt64(remaining) else {
      throw DecodingError(
        offset: start, message: "\(length) bytes are announced but only \(remaining) follow")
    }
    return try take(Int(length))
  }

  @discardableResult
  private mutating func take(_ count: Int) throws(DecodingError) -> UnsafeRawBufferPointer {
    guard count <= remaining else {
      throw DecodingError(
        offset: offset, message: "\(count) bytes are needed but only \(remaining) follow")
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  @discardableResult
  private mutating func rawVarint() throws(DecodingError) -> UInt64 {
    let start = offset
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while remaining > 0 {
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else {
        throw DecodingError(offset: start, message: "a number has more than 64 bits")
      }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw DecodingError(offset: start, message: "the data end inside a number")
  }
}
