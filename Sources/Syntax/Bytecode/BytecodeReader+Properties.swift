import MartletIR
import MartletSupport

extension BytecodeReader {
  /// An operation name of the file, looked up when it is first met.
  struct Name {
    let dialect: Int
    let suffix: Identifier
    /// Whether the writer knew its declaration; nil before version 5.
    let wasRegistered: Bool?
    var resolved: ResolvedName?
  }

  final class ResolvedName {
    let name: OperationName
    let inherentCount: Int
    let wasRegistered: Bool?
    let isRegistered: Bool
    /// How the properties are kept in this file's version.
    let slots: [BytecodeName.Slot]
    let record: BytecodeName
    /// Values of slots the file leaves empty; `.max` for none.
    let defaults: [UInt32]
    /// The slot of an attribute name.
    let slotOf: [UInt32: Int]

    init(_ name: OperationName, _ context: Context, version: Int, wasRegistered: Bool?) {
      self.name = name
      self.wasRegistered = wasRegistered
      inherentCount = name.inherentCount
      isRegistered = name.isRegistered
      record = BytecodeName(name)
      slots = record.slots(version)
      let attributes = name.definition?.attributes ?? []
      defaults = attributes.map { $0.defaultValue?(context).raw ?? .max }
      var slotOf: [UInt32: Int] = [:]
      for (i, attribute) in attributes.enumerated() {
        slotOf[context.intern(attribute.name).raw] = i
        // As the sizes of groups were called before they became properties.
        if attribute.name == "operandSegmentSizes" {
          slotOf[context.intern("operand_segment_sizes").raw] = i
        } else if attribute.name == "resultSegmentSizes" {
          slotOf[context.intern("result_segment_sizes").raw] = i
        }
      }
      self.slotOf = slotOf
    }
  }

  @inline(__always) mutating func operationName(_ cursor: inout ByteCursor) throws(Reported)
    -> ResolvedName
  {
    let position = cursor.position
    let index = try variable(&cursor)
    guard index < UInt64(names.count) else {
      throw error("there is no operation name \(index), only \(names.count)", at: position)
    }
    if let resolved = names[Int(index)].resolved { return resolved }
    return try resolveName(Int(index), at: position)
  }

  private mutating func resolveName(_ index: Int, at position: Int) throws(Reported)
    -> ResolvedName
  {
    let entry = names[index]
    let dialect = dialects[entry.dialect]
    let text = entry.suffix.bytes.isEmpty ? dialect : "\(dialect).\(entry.suffix)"
    let isPlain = text.utf8.allSatisfy {
      $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain, !text.isEmpty else {
      throw error("an operation's name is empty or has characters none may have", at: position)
    }
    let name = context.operationName(text)
    if !name.isRegistered, !context.allowsUnregisteredDialects {
      if context.dialect(name.dialectName) != nil {
        throw error(
          "unregistered operation '\(text)' found in dialect ('\(name.dialectName)')", at: position)
      }
      throw error(
        "dialect '\(name.dialectName)' is unknown. If this is intended, please use "
          + "-allow-unregistered-dialect with the MLIR tool used", at: position)
    }
    let resolved = ResolvedName(
      name, context, version: version, wasRegistered: entry.wasRegistered)
    names[index].resolved = resolved
    return resolved
  }

  // MARK: Attributes of an operation

  mutating func dictionaryNumber(_ cursor: inout ByteCursor) throws(Reported) -> UInt32 {
    let position = cursor.position
    let number = try attributeNumber(&cursor)
    guard context.attribute(number: number).kind == .dictionary else {
      throw error("an operation's attributes are not a dictionary", at: position)
    }
    return number
  }

  func propertiesCursor(_ cursor: inout ByteCursor) throws(Reported) -> ByteCursor {
    let position = cursor.position
    let index = try variable(&cursor)
    guard index < UInt64(properties.count) else {
      throw error("there are no properties \(index), only \(properties.count)", at: position)
    }
    return properties[Int(index)]
  }

  mutating func setAttributes(
    _ operation: Operation, _ name: ResolvedName, discardable: UInt32?, properties: ByteCursor?
  ) throws(Reported) {
    if var cursor = properties {
      try readProperties(&cursor, operation, name)
      if !cursor.isAtEnd {
        throw error(
          "the properties of '\(name.name)' are longer than its declaration says",
          at: cursor.position)
      }
    }
    if let discardable { setDiscardable(operation, name, discardable) }
    if name.isRegistered {
      for i in name.defaults.indices
      where name.defaults[i] != .max && operation.inherentNumber(i) == .max {
        operation.setInherent(i, number: name.defaults[i])
      }
    }
  }

  private mutating func readProperties(
    _ cursor: inout ByteCursor, _ operation: Operation, _ name: ResolvedName
  ) throws(Reported) {
    let start = cursor.position
    guard let wasRegistered = name.wasRegistered else {
      throw error("there were no properties in version \(version)", at: start)
    }
    if !wasRegistered {
      // The writer did not know the operation and kept its properties as one attribute.
      let number = try attributeNumber(&cursor)
      guard name.isRegistered else {
        operation.setInherent(0, number: number)
        return
      }
      let dictionary = context.attribute(number: number)
      guard dictionary.kind == .dictionary else {
        throw error("the properties of '\(name.name)' are not a dictionary", at: start)
      }
      for (key, value) in dictionary.entries {
        guard let slot = name.slotOf[key.raw] else {
          throw error("'\(name.name)' op has no property called '\(key)'", at: start)
        }
        operation.setInherent(slot, number: value.raw)
      }
      return
    }
    guard name.isRegistered else {
      throw error(
        "'\(name.name)' is written with properties, which only its declaration can tell, and it is "
          + "not registered", at: start)
    }
    for slot in name.slots {
      switch slot.kind {
      case .attribute: operation.setInherent(slot.index, number: try attributeNumber(&cursor))
      case .optionalAttribute:
        if let number = try optionalAttributeNumber(&cursor) {
          operation.setInherent(slot.index, number: number)
        }
      case .integer:
        let value = UInt32(truncatingIfNeeded: try variable(&cursor))
        operation.setInherent(
          slot.index, number: context.i32Attribute(Int(Int32(bitPattern: value))).raw)
      case .flag:
        let value = try byte(&cursor) == 0 ? context.boolAttribute(false) : context.unit
        operation.setInherent(slot.index, number: value.raw)
      case .segments(let count):
        let sizes = try sparse(&cursor, count)
        operation.setInherent(slot.index, number: context.denseI32Array(sizes).raw)
      }
    }
  }

  /// Small numbers, all of them or those that are not 0 (see `BytecodeSink.sparse`).
  private func sparse(_ cursor: inout ByteCursor, _ count: Int) throws(Reported) -> [Int] {
    var values = Array(repeating: 0, count: count)
    let start = cursor.position
    let (number, isSparse) = try flagged(&cursor)
    guard number <= UInt64(count) else {
      throw error("there are sizes of \(number) groups, but \(count) groups", at: start)
    }
    if number == 0 { return values }
    let small = { (value: UInt64) in Int(Int32(truncatingIfNeeded: value)) }
    guard isSparse else {
      for i in 0..<Int(number) { values[i] = small(try variable(&cursor)) }
      return values
    }
    let bits = try variable(&cursor)
    guard bits <= 8 else { throw error("group indices have \(bits) bits", at: start) }
    for _ in 0..<number {
      let pair = try variable(&cursor)
      let index = Int(pair & ((1 << bits) - 1))
      guard index < count else { throw error("there is no group \(index)", at: start) }
      values[index] = small(pair >> bits)
    }
    return values
  }

  /// Sets the dictionary's entries; those the declaration names go to their slots.
  private func setDiscardable(_ operation: Operation, _ name: ResolvedName, _ number: UInt32) {
    let dictionary = context.attribute(number: number)
    let words = dictionary.words
    if words.isEmpty { return }
    var hasInherent = false
    if !name.slotOf.isEmpty {
      for i in stride(from: 0, to: words.count, by: 2)
      where name.slotOf[UInt32(truncatingIfNeeded: words[i])] != nil {
        hasInherent = true
      }
    }
    guard hasInherent else {
      operation.setDiscardableAttributes(number: number)
      return
    }
    var kept: [(name: Identifier, value: Attribute)] = []
    for (key, value) in dictionary.entries {
      if let slot = name.slotOf[key.raw] {
        operation.setInherent(slot, number: segments(name, slot, value).raw)
      } else {
        kept.append((key, value))
      }
    }
    operation.setDiscardableAttributes(context.dictionary(kept))
  }

  /// Sizes of groups, which old versions keep as dense elements, as an array.
  private func segments(_ name: ResolvedName, _ slot: Int, _ value: Attribute) -> Attribute {
    guard let attribute = name.name.definition?.attributes[slot],
      attribute.name.hasSuffix("SegmentSizes"), value.kind == .denseElements,
      let elements = value.denseElements, elements.count <= 1 << 16,
      let sizes = elements.integers()
    else { return value }
    return context.denseI32Array(sizes)
  }
}
