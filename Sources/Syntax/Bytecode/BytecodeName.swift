import MartletIR
import MartletSupport

/// What bytecode has to know of an operation name, in a form that is quick to use.
final class BytecodeName {
  let dialect: String
  /// The name without its dialect.
  let suffix: String
  let isRegistered: Bool
  let definition: OpDefinition?
  /// How the slots are kept, in the order they are written: references to attributes sorted by name, then
  /// values, then the sizes of operand and result groups.
  let slots: [Slot]

  struct Slot {
    let index: Int
    let kind: Kind
    enum Kind { case attribute, optionalAttribute, integer, flag, segments(count: Int) }
  }

  init(_ name: OperationName) {
    let text = name.string
    definition = name.definition
    isRegistered = definition != nil
    if let dot = text.firstIndex(of: ".") {
      dialect = String(text[..<dot])
      suffix = String(text[text.index(after: dot)...])
    } else {
      // MLIR reads an empty suffix as a name without a dot.
      dialect = text
      suffix = ""
    }
    slots = definition.map(BytecodeName.slots) ?? []
  }

  private static func slots(of definition: OpDefinition) -> [Slot] {
    var references: [Slot] = []
    var values: [Slot] = []
    var segments: [Slot] = []
    for (i, slot) in definition.attributes.enumerated() {
      if slot.name == "operandSegmentSizes", definition.traits.contains(.attrSizedOperandSegments) {
        segments.append(Slot(index: i, kind: .segments(count: definition.operands.count)))
      } else if slot.name == "resultSegmentSizes",
        definition.traits.contains(.attrSizedResultSegments)
      {
        segments.append(Slot(index: i, kind: .segments(count: definition.results.count)))
      } else if slot.encoding == .integer {
        values.append(Slot(index: i, kind: .integer))
      } else if slot.encoding == .flag {
        values.append(Slot(index: i, kind: .flag))
      } else {
        let isOptional =
          (slot.isOptional || slot.defaultValue != nil) && slot.encoding != .presentAttribute
        references.append(Slot(index: i, kind: isOptional ? .optionalAttribute : .attribute))
      }
    }
    return references + values + segments
  }

  /// The slots in the order of `version`: before segments were properties, they were attributes.
  func slots(_ version: Int) -> [Slot] {
    if version >= Bytecode.Since.segmentsAsProperties { return slots }
    let asAttributes = slots.map { slot in
      if case .segments = slot.kind { return Slot(index: slot.index, kind: .attribute) }
      return slot
    }
    let isValue = { (slot: Slot) in
      switch slot.kind {
      case .integer, .flag: true
      default: false
      }
    }
    return asAttributes.filter { !isValue($0) }.sorted { $0.index < $1.index }
      + asAttributes.filter(isValue)
  }

  /// Encodes the properties of an operation of this name. A slot that must hold an attribute and does not is
  /// the verifier's to report; it is skipped here (see `missingAttribute`).
  func encodeProperties<Sink: BytecodeSink & ~Copyable>(
    of operation: Operation, version: Int, into sink: inout Sink
  ) {
    guard isRegistered else {
      if let properties = operation.unregisteredProperties { sink.attribute(properties) }
      return
    }
    let context = operation.context
    for slot in version >= Bytecode.Since.segmentsAsProperties ? slots : slots(version) {
      let number = operation.inherentNumber(slot.index)
      switch slot.kind {
      case .attribute:
        if number != .max { sink.attribute(context.attribute(number: number)) }
      case .optionalAttribute:
        sink.optionalAttribute(number == .max ? nil : context.attribute(number: number))
      case .integer:
        let value = number == .max ? 0 : context.attribute(number: number).integerValue ?? 0
        sink.integer(UInt64(truncatingIfNeeded: value) & 0xffff_ffff)
      case .flag:
        let isSet = number != .max && context.attribute(number: number).isUnit
        sink.byte(isSet ? 1 : 0)
      case .segments(let count):
        let sizes = number == .max ? [] : context.attribute(number: number).integers ?? []
        sink.sparse((0..<count).map { $0 < sizes.count ? sizes[$0] : 0 })
      }
    }
  }

  /// The name of an attribute without which the operation cannot be written; nil where all are there.
  func missingAttribute(of operation: Operation) -> String? {
    for slot in slots {
      if case .attribute = slot.kind, operation.inherentNumber(slot.index) == .max {
        return definition?.attributes[slot.index].name
      }
    }
    return nil
  }
}

extension BytecodeSink where Self: ~Copyable {
  /// Small numbers, most of which may be 0: those that are not, with their indices, or all of them.
  mutating func sparse(_ values: [Int]) {
    let filled = values.count { $0 != 0 }
    let last = values.lastIndex { $0 != 0 } ?? 0
    if last > 256 || filled > values.count / 2 {
      integer(UInt64(values.count) << 1)
      for value in values { integer(UInt64(truncatingIfNeeded: value) & 0xffff_ffff) }
      return
    }
    integer(UInt64(filled) << 1 | 1)
    if filled == 0 { return }
    let indexBits = last == 0 ? 0 : Int.bitWidth - last.leadingZeroBitCount
    integer(UInt64(indexBits))
    for (i, value) in values.enumerated() where value != 0 {
      integer((UInt64(truncatingIfNeeded: value) & 0xffff_ffff) << UInt64(indexBits) | UInt64(i))
    }
  }
}

extension Operation {
  /// Inherent and discardable attributes as one dictionary, as versions before properties keep them.
  var mergedAttributes: Attribute {
    let context = self.context
    var entries = discardableAttributes.entries
    if let definition {
      for (i, slot) in definition.attributes.enumerated() {
        if let value = inherent(i) { entries.append((context.intern(slot.name), value)) }
      }
    } else if let properties = unregisteredProperties {
      entries += properties.entries
    }
    return context.dictionary(entries)
  }
}
