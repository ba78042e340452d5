extension ONNXDecoder {
  /// The values of an `AttributeProto`, of which one is meant.
  private struct AttributeFields {
    var kind: Int64 = 0
    var reference = ""
    var float: Float?
    var int: Int64?
    var string: [UInt8]?
    var tensor: ONNXTensor?
    var graph: ONNXGraph?
    var type: ONNXType?
    var floats: [Float] = []
    var ints: [Int64] = []
    var strings: [[UInt8]] = []
    var tensors: [ONNXTensor] = []
    var graphs: [ONNXGraph] = []
    var types: [ONNXType] = []

    /// The numbers in `AttributeType` of the kinds that have values.
    var presentKinds: [Int64] {
      let isPresent: [(Int64, Bool)] = [
        (1, float != nil), (2, int != nil), (3, string != nil), (4, tensor != nil),
        (5, graph != nil), (6, !floats.isEmpty), (7, !ints.isEmpty), (8, !strings.isEmpty),
        (9, !tensors.isEmpty), (10, !graphs.isEmpty), (13, type != nil), (14, !types.isEmpty),
      ]
      return isPresent.filter { $0.1 }.map { $0.0 }
    }

    /// The value of the kind that the attribute says it has. A scalar that is absent is 0: some
    /// writers leave out what is protobuf's default. Nil where there is no value.
    func value(ofKind kind: Int64) -> ONNXAttribute.Value? {
      switch kind {
      case 1: .float(float ?? 0)
      case 2: .int(int ?? 0)
      case 3: .string(string ?? [])
      case 4: tensor.map { .tensor($0) }
      case 5: graph.map { .graph($0) }
      case 6: .floats(floats)
      case 7: .ints(ints)
      case 8: .strings(strings)
      case 9: .tensors(tensors)
      case 10: .graphs(graphs)
      case 13: type.map { .type($0) }
      case 14: .types(types)
      default: nil
      }
    }
  }

  mutating func attribute(_ message: ProtobufReader) throws(DecodingError) -> ONNXAttribute {
    var name = ""
    do throws(DecodingError) {
      name = try attributeName(message)
      let fields = try attributeFields(message)
      return ONNXAttribute(
        name: name, value: try value(of: fields, at: message.startOffset),
        offset: message.startOffset)
    } catch {
      throw name.isEmpty ? error : error.within("attribute '\(name)'")
    }
  }

  /// Read ahead of the rest, which may come before it, so that diagnostics can say it.
  private func attributeName(_ message: ProtobufReader) throws(DecodingError) -> String {
    var reader = message
    var name = ""
    while let field = try reader.nextField() {
      if field.number == 1 { name = try reader.string(field) } else { try reader.skip(field) }
    }
    guard !name.isEmpty else {
      throw DecodingError(offset: message.startOffset, message: "an attribute has no name")
    }
    return name
  }

  private mutating func attributeFields(_ message: ProtobufReader) throws(DecodingError)
    -> AttributeFields
  {
    var reader = message
    var fields = AttributeFields()
    while let field = try reader.nextField() {
      switch field.number {
      case 2: fields.float = try reader.float(field)
      case 3: fields.int = try reader.int64(field)
      case 4: fields.string = Array(try reader.bytes(field))
      case 5:
        guard fields.tensor == nil else { throw givenTwice(field) }
        fields.tensor = try tensor(reader.message(field), place: "tensor")
      case 6:
        guard fields.graph == nil else { throw givenTwice(field) }
        fields.graph = try graph(reader.message(field))
      case 7:
        let values = try reader.fixedWidth(field, width: 4)
        fields.floats.reserveCapacity(fields.floats.count + values.count / 4)
        for offset in stride(from: 0, to: values.count, by: 4) {
          fields.floats.append(values.loadUnaligned(fromByteOffset: offset, as: Float.self))
        }
      case 8: try reader.append(field, to: &fields.ints)
      case 9: fields.strings.append(Array(try reader.bytes(field)))
      case 10:
        let place = "tensor \(fields.tensors.count)"
        fields.tensors.append(try tensor(reader.message(field), place: place))
      case 11: fields.graphs.append(try graph(reader.message(field)))
      case 14: fields.type = try type(reader.message(field)) ?? .unsupported("?")
      case 15: fields.types.append(try type(reader.message(field)) ?? .unsupported("?"))
      case 20: fields.kind = try reader.int64(field)
      case 21: fields.reference = try reader.string(field)
      case 22, 23:
        throw DecodingError(offset: field.offset, message: "sparse tensors are not supported")
      default: try reader.skip(field)
      }
    }
    return fields
  }

  private func givenTwice(_ field: ProtobufReader.Field) -> DecodingError {
    DecodingError(offset: field.offset, message: "the value is given twice")
  }

  private func value(of fields: AttributeFields, at offset: Int) throws(DecodingError)
    -> ONNXAttribute.Value
  {
    if !fields.reference.isEmpty { return .reference(fields.reference) }
    let present = fields.presentKinds
    guard present.count <= 1 else {
      throw DecodingError(offset: offset, message: "values of several kinds are given")
    }
    // The oldest files do not say the kind.
    let kind = fields.kind == 0 ? present.first ?? 0 : fields.kind
    if let given = present.first, given != kind {
      throw DecodingError(
        offset: offset,
        message: "the attribute is said to be \(kindName(kind)) but is \(kindName(given))")
    }
    guard let value = fields.value(ofKind: kind) else {
      throw DecodingError(
        offset: offset,
        message: kind == 0 ? "no value is given" : "no value is given for \(kindName(kind))")
    }
    return value
  }

  private func kindName(_ kind: Int64) -> String {
    let names: [Int64: String] = [
      1: "a float", 2: "an int", 3: "a string", 4: "a tensor", 5: "a graph",
      6: "a list of floats", 7: "a list of ints", 8: "a list of strings", 9: "a list of tensors",
      10: "a list of graphs", 11: "a sparse tensor", 12: "a list of sparse tensors",
      13: "a type", 14: "a list of types",
    ]
    return names[kind] ?? "of the unknown kind \(kind)"
  }
}
