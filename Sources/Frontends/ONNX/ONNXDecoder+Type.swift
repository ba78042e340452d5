extension ONNXDecoder {
  /// How deeply sequences, maps and optionals may be nested.
  private static let typeDepthLimit = 16

  /// Nil for a `TypeProto` that says nothing.
  func type(_ message: ProtobufReader, depth: Int = 0) throws(DecodingError) -> ONNXType? {
    guard depth < Self.typeDepthLimit else {
      throw DecodingError(offset: message.startOffset, message: "the type is nested too deeply")
    }
    var reader = message
    var type: ONNXType?
    while let field = try reader.nextField() {
      switch field.number {
      case 1: type = try tensorType(reader.message(field))
      case 4: type = .unsupported("sequence(\(try innerName(reader.message(field), 1, depth)))")
      case 5: type = .unsupported("map(\(try innerName(reader.message(field), 2, depth)))")
      case 7:
        type = .unsupported("opaque")
        try reader.skip(field)
      case 8:
        let dense = try tensorType(reader.message(field))?.description ?? "tensor"
        type = .unsupported("sparse_\(dense)")
      case 9: type = .unsupported("optional(\(try innerName(reader.message(field), 1, depth)))")
      default: try reader.skip(field)
      }
    }
    return type
  }

  /// How the type that field `number` of a sequence, map or optional type holds is written.
  private func innerName(_ message: ProtobufReader, _ number: Int, _ depth: Int)
    throws(DecodingError) -> String
  {
    var reader = message
    var name = "?"
    while let field = try reader.nextField() {
      if field.number == number {
        name = try type(reader.message(field), depth: depth + 1)?.description ?? "?"
      } else {
        try reader.skip(field)
      }
    }
    return name
  }

  private func tensorType(_ message: ProtobufReader) throws(DecodingError) -> ONNXType? {
    var reader = message
    var elementNumber: Int64 = 0
    var shape: [ONNXDimension]?
    while let field = try reader.nextField() {
      switch field.number {
      case 1: elementNumber = try reader.int64(field)
      case 2: shape = try self.shape(reader.message(field))
      default: try reader.skip(field)
      }
    }
    guard let elementType = ONNXElementType(number: elementNumber) else {
      return elementNumber == 0 ? nil : .unsupported("tensor of element type \(elementNumber)")
    }
    return .tensor(elementType, shape: shape)
  }

  private func shape(_ message: ProtobufReader) throws(DecodingError) -> [ONNXDimension] {
    var reader = message
    var shape: [ONNXDimension] = []
    while let field = try reader.nextField() {
      guard field.number == 1 else {
        try reader.skip(field)
        continue
      }
      shape.append(try dimension(reader.message(field)))
    }
    let known = shape.map { if case .value(let extent) = $0 { extent } else { 1 } }
    guard known.contains(0) || elementCount(of: known) != nil else {
      throw DecodingError(
        offset: message.startOffset, message: "the shape \(known) has too many elements")
    }
    return shape
  }

  private func dimension(_ message: ProtobufReader) throws(DecodingError) -> ONNXDimension {
    var reader = message
    var dimension = ONNXDimension.unknown
    while let field = try reader.nextField() {
      switch field.number {
      case 1:
        let extent = try reader.int64(field)
        // Some exporters write -1 for what they do not know.
        guard extent >= -1 else {
          throw DecodingError(offset: field.offset, message: "the extent \(extent) is negative")
        }
        dimension = extent == -1 ? .unknown : .value(Int(extent))
      case 2:
        let name = try reader.string(field)
        dimension = name.isEmpty ? .unknown : .parameter(name)
      default: try reader.skip(field)
      }
    }
    return dimension
  }
}

extension ONNXElementType {
  /// The type that has `number` in `TensorProto.DataType`, nil where Martlet knows none.
  init?(number: Int64) {
    guard let small = Int32(exactly: number) else { return nil }
    self.init(rawValue: small)
  }
}

/// The product of `shape`, which is 0 where any extent is; nil where it does not fit in `Int`.
func elementCount(of shape: [Int]) -> Int? {
  if shape.contains(0) { return 0 }
  var count = 1
  for extent in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    if overflow { return nil }
    count = product
  }
  return count
}
