extension ONNXDecoder {
  /// The fields of a `TensorProto`, whose order in the file says nothing.
  private struct TensorFields {
    var name = ""
    var elementNumber: Int64 = 0
    var dimensions: [Int64] = []
    var isExternal = false
    var external: [ONNXMetadata] = []
    var raw: UnsafeRawBufferPointer?
    var floats = FixedWidthValues()
    var doubles = FixedWidthValues()
    var int32s: [Int64] = []
    var int64s: [Int64] = []
    var uint64s: [Int64] = []
    var strings: [[UInt8]] = []
    /// Where the tensor is said to be stored in segments.
    var segment: Int?
  }

  /// Values that are as wide in the file as in memory, so that one packed run needs no copy.
  private struct FixedWidthValues {
    private var run = UnsafeRawBufferPointer(start: nil, count: 0)
    private var joined: [UInt8] = []

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
      if run.isEmpty && joined.isEmpty {
        run = bytes
        return
      }
      joined.append(contentsOf: run)
      joined.append(contentsOf: bytes)
      run = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    var byteCount: Int { run.count + joined.count }

    /// The values' bytes, which lie in `file` or in memory of their own.
    func bytes(in file: ONNXBytes) -> ONNXBytes {
      joined.isEmpty
        ? ONNXBytes(run, ownedBy: file.owner)
        : joined.withUnsafeBytes { ONNXBytes(copying: $0) }
    }
  }

  /// - Parameter place: what diagnostics call a tensor without a name.
  mutating func tensor(_ message: ProtobufReader, place: String) throws(DecodingError)
    -> ONNXTensor
  {
    var fields = TensorFields()
    do throws(DecodingError) {
      try read(message, into: &fields)
      return try tensor(fields, offset: message.startOffset)
    } catch {
      throw error.within(fields.name.isEmpty ? place : "tensor '\(fields.name)'")
    }
  }

  private func read(_ message: ProtobufReader, into fields: inout TensorFields)
    throws(DecodingError)
  {
    var reader = message
    while let field = try reader.nextField() {
      switch field.number {
      case 1: try reader.append(field, to: &fields.dimensions)
      case 2: fields.elementNumber = try reader.int64(field)
      case 3:
        try reader.skip(field)
        fields.segment = field.offset
      case 4: fields.floats.append(try reader.fixedWidth(field, width: 4))
      case 5: try reader.append(field, to: &fields.int32s)
      case 6: fields.strings.append(Array(try reader.bytes(field)))
      case 7: try reader.append(field, to: &fields.int64s)
      case 8: fields.name = try reader.string(field)
      case 9: fields.raw = try reader.bytes(field)
      case 10: fields.doubles.append(try reader.fixedWidth(field, width: 8))
      case 11: try reader.append(field, to: &fields.uint64s)
      case 13: fields.external.append(try metadata(reader.message(field)))
      case 14: fields.isExternal = try reader.int64(field) == 1
      default: try reader.skip(field)
      }
    }
  }

  private mutating func tensor(_ fields: TensorFields, offset: Int) throws(DecodingError)
    -> ONNXTensor
  {
    func failure(_ message: String) -> DecodingError {
      DecodingError(offset: offset, message: message)
    }
    if let segment = fields.segment {
      throw DecodingError(
        offset: segment, message: "tensors stored in segments are not supported")
    }
    guard let elementType = ONNXElementType(number: fields.elementNumber) else {
      throw failure(
        fields.elementNumber == 0
          ? "the tensor has no element type"
          : "element type \(fields.elementNumber) is not supported")
    }
    if let negative = fields.dimensions.first(where: { $0 < 0 }) {
      throw failure("the extent \(negative) in the shape is negative")
    }
    let shape = fields.dimensions.map { Int($0) }
    guard let count = elementCount(of: shape) else {
      throw failure("the shape \(shape) has more elements than can be counted")
    }
    let content: ONNXTensor.Content
    if elementType == .string {
      try check("the strings given", fields.strings.count, against: count, shape, offset)
      content = .strings(fields.strings)
    } else {
      guard let byteCount = elementType.byteCount(of: count) else {
        throw failure("the shape \(shape) of \(elementType.name) has too many bytes")
      }
      content = .bytes(
        try bytes(of: fields, elementType, shape, byteCount: byteCount, offset: offset))
    }
    return ONNXTensor(
      name: fields.name, elementType: elementType, shape: shape, content: content, offset: offset)
  }

  private mutating func bytes(
    of fields: TensorFields, _ elementType: ONNXElementType, _ shape: [Int], byteCount: Int,
    offset: Int
  ) throws(DecodingError) -> ONNXBytes {
    let bytes: ONNXBytes
    let source: String
    if fields.isExternal {
      bytes = try externalBytes(fields.external, byteCount: byteCount, offset: offset)
      source = "the external data"
    } else if let raw = fields.raw, !raw.isEmpty || byteCount == 0 {
      bytes = ONNXBytes(raw, ownedBy: file.owner)
      source = "raw_data"
    } else {
      bytes = try typedBytes(of: fields, elementType, offset: offset)
      source = "the data"
    }
    guard bytes.bytes.count == byteCount else {
      throw DecodingError(
        offset: offset,
        message: "\(source) has \(bytes.bytes.count) bytes, but the shape \(shape) of "
          + "\(elementType.name) needs \(byteCount)")
    }
    return bytes
  }

  private func check(
    _ what: String, _ given: Int, against count: Int, _ shape: [Int], _ offset: Int
  )
    throws(DecodingError)
  {
    guard given == count else {
      throw DecodingError(
        offset: offset,
        message: "\(what) are \(given), but the shape \(shape) needs \(count)")
    }
  }

  /// The elements from the field that holds values of `elementType`, as `raw_data` has them.
  private func typedBytes(of fields: TensorFields, _ elementType: ONNXElementType, offset: Int)
    throws(DecodingError) -> ONNXBytes
  {
    switch elementType {
    case .float, .complex64: fields.floats.bytes(in: file)
    case .double, .complex128: fields.doubles.bytes(in: file)
    case .int64: try narrow(fields.int64s, to: Int64.self, offset)
    case .uint64: try narrow(fields.uint64s, to: Int64.self, offset)
    case .uint32: try narrow(fields.uint64s, to: Int32.self, offset)
    case .int32: try narrow(fields.int32s, to: Int32.self, offset)
    case .int16, .uint16, .float16, .bfloat16: try narrow(fields.int32s, to: Int16.self, offset)
    default: try narrow(fields.int32s, to: Int8.self, offset)
    }
  }

  /// The low bits of `values`, which must fit in `T` either as signed or as unsigned numbers.
  private func narrow<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ values: [Int64], to: T.Type, _ offset: Int
  ) throws(DecodingError) -> ONNXBytes {
    if T.bitWidth < 64 {
      let allowed = Int64(T.min)...(Int64(1) << Int64(T.bitWidth) - 1)
      if let value = values.first(where: { !allowed.contains($0) }) {
        throw DecodingError(
          offset: offset, message: "the value \(value) does not fit in \(T.bitWidth) bits")
      }
    }
    let width = MemoryLayout<T>.size
    return ONNXBytes(byteCount: values.count * width) { memory in
      for (index, value) in values.enumerated() {
        memory.storeBytes(
          of: T(truncatingIfNeeded: value), toByteOffset: index * width, as: T.self)
      }
    }
  }
}
