import MartletIR
import MartletSupport

/// A declarative format laid out as a row of plain instructions, one row for reading and one for writing.
///
/// The elements of a format are a tree of values that own others; to walk it costs reference counting at
/// each step, several times what the step does. Most operations are made of a few kinds of elements, which
/// have instructions of their own; the others are carried out by the walk (`.element`).
final class FormatProgram {
  enum Opcode: UInt8 {
    // Reading.
    /// The keyword of `length` bytes at `place` of the pool; or the token kind `place`. For messages, both
    /// are element `element` too.
    case keyword, punctuation
    /// Goes on at `target` unless the keyword or token stands here, and is read.
    case keywordElse, punctuationElse
    /// The single operand of declared group `place`.
    case operand
    case attribute, attributeOfAnyForm
    /// The type of the single operand, or result, of group `place`.
    case typeOfOperand, typeOfResult
    case attributeDictionary
    /// Sets the unit attribute of slot `place`.
    case setUnit

    // Writing.
    /// The bytes at `place` of the pool.
    case text
    case newline
    case writeOperand, writeAttribute, writeAttributeOfAnyForm
    case writeTypeOfOperand, writeTypeOfResult
    case writeAttributeDictionary
    /// Goes on at `target` where slot `place` is absent or holds its default; or where it does not.
    case attributeElse, attributeOtherwise
    /// Goes on at `target` unless the anchor `place` is present; or if it is.
    case anchorElse, anchorOtherwise

    // Both.
    case jump
    /// Element `place` of `elements`.
    case element
  }

  struct Instruction {
    var opcode: Opcode
    var place: Int32 = 0
    var length: Int32 = 0
    var target: Int32 = 0
    var element: Int32 = 0
  }

  private(set) var reading = PlainBuffer<Instruction>()
  private(set) var writing = PlainBuffer<Instruction>()
  private(set) var elements: [FormatElement] = []
  private(set) var anchors: [FormatElement] = []
  private(set) var pool = PlainBuffer<UInt8>(capacity: 64)
  private let definition: OpDefinition
  /// Bytes to be written that no instruction holds yet.
  private var pending: [UInt8] = []

  init(_ definition: OpDefinition, _ elements: [FormatElement]) {
    self.definition = definition
    layOutReading(elements)
    layOutWriting(elements)
    flush()
  }

  private func store(_ bytes: some Collection<UInt8>) -> (place: Int32, length: Int32) {
    let place = Int32(pool.count)
    pool.append(contentsOf: bytes)
    return (place, Int32(bytes.count))
  }

  private func keep(_ element: FormatElement) -> Int32 {
    elements.append(element)
    return Int32(elements.count - 1)
  }

  // MARK: Reading

  private func layOutReading(_ elements: some Sequence<FormatElement>) {
    for element in elements { layOutReading(element) }
  }

  private func layOutReading(_ element: FormatElement) {
    switch element {
    case .whitespace: return
    case .literal(let literal, _):
      if var instruction = instruction(for: literal, .keyword, .punctuation) {
        instruction.element = keep(element)
        reading.append(instruction)
        return
      }
    case .variable(.operand(let i), _, _) where definition.operands[i].arity == .one:
      reading.append(Instruction(opcode: .operand, place: Int32(i)))
      return
    case .variable(.attribute(let slot), false, _):
      let form = definition.attributes[slot].constraint.form
      // Keywords and the rest need the declaration.
      if case .any = form {
        reading.append(Instruction(opcode: .attributeOfAnyForm, place: Int32(slot)))
        return
      }
      if case .keyword = form { break }
      reading.append(Instruction(opcode: .attribute, place: Int32(slot)))
      return
    case .type(.operand(let i), _, _) where isPlain(definition.operands[i]):
      reading.append(Instruction(opcode: .typeOfOperand, place: Int32(i)))
      return
    case .type(.result(let i), _, _) where isPlain(definition.results[i]):
      reading.append(Instruction(opcode: .typeOfResult, place: Int32(i)))
      return
    case .attributeDictionary(withKeyword: false):
      reading.append(Instruction(opcode: .attributeDictionary))
      return
    case .optional(let group):
      if layOutReading(group) { return }
    default: break
    }
    reading.append(Instruction(opcode: .element, place: keep(element)))
  }

  /// A group that begins with a literal; false for others.
  private func layOutReading(_ group: FormatGroup) -> Bool {
    let then = group.then.drop {
      if case .whitespace = $0 { return true }
      return false
    }
    guard case .literal(let literal, _)? = then.first,
      let test = instruction(for: literal, .keywordElse, .punctuationElse)
    else { return false }
    let testPlace = reading.count
    reading.append(test)
    let set = group.elidedUnit.map { Instruction(opcode: .setUnit, place: Int32($0)) }
    if let set, !group.isInverted { reading.append(set) }
    layOutReading(then.dropFirst())
    let jumpPlace = reading.count
    reading.append(Instruction(opcode: .jump))
    reading[testPlace].target = Int32(reading.count)
    if let set, group.isInverted { reading.append(set) }
    layOutReading(group.otherwise)
    reading[jumpPlace].target = Int32(reading.count)
    return true
  }

  private func instruction(for literal: FormatLiteral, _ keyword: Opcode, _ punctuation: Opcode)
    -> Instruction?
  {
    switch literal.kind {
    case .keyword:
      let (place, length) = store(Array(literal.text.utf8))
      return Instruction(opcode: keyword, place: place, length: length)
    case .punctuation(let kinds):
      if kinds.count != 1 { return nil }
      return Instruction(opcode: punctuation, place: Int32(kinds[0].rawValue))
    }
  }

  /// Whether the group is one value whose type has only its full form.
  private func isPlain(_ group: ValueDefinition) -> Bool {
    group.arity == .one && group.constraint.shortForm == nil
  }

  // MARK: Writing

  private func layOutWriting(_ elements: some Sequence<FormatElement>) {
    for element in elements { layOutWriting(element) }
  }

  private func write(_ opcode: Opcode, _ place: Int, space: Bool) {
    if space { pending.append(UInt8(ascii: " ")) }
    flush()
    writing.append(Instruction(opcode: opcode, place: Int32(place)))
  }

  private func flush() {
    if pending.isEmpty { return }
    let (place, length) = store(pending)
    writing.append(Instruction(opcode: .text, place: place, length: length))
    pending.removeAll()
  }

  private func layOutWriting(_ element: FormatElement) {
    let isSimple = definition.isFixedArity
    switch element {
    case .literal(let literal, let space):
      if space { pending.append(UInt8(ascii: " ")) }
      pending += literal.text.utf8
      return
    case .whitespace(let text):
      if text == "\n" {
        write(.newline, 0, space: false)
      } else {
        pending += text.utf8
      }
      return
    case .variable(.operand(let i), _, let space) where isSimple:
      return write(.writeOperand, i, space: space)
    case .variable(.attribute(let slot), false, let space):
      if case .any = definition.attributes[slot].constraint.form {
        return write(.writeAttributeOfAnyForm, slot, space: space)
      }
      return write(.writeAttribute, slot, space: space)
    case .type(.operand(let i), let qualified, let space)
    where isSimple && (qualified || isPlain(definition.operands[i])):
      return write(.writeTypeOfOperand, i, space: space)
    case .type(.result(let i), let qualified, let space)
    where isSimple && definition.hasFixedResults
      && (qualified || isPlain(definition.results[i])):
      return write(.writeTypeOfResult, i, space: space)
    case .attributeDictionary(let withKeyword):
      flush()
      writing.append(
        Instruction(
          opcode: .writeAttributeDictionary, place: withKeyword ? 1 : 0, element: keep(element)))
      return
    case .optional(let group):
      flush()
      let place = writing.count
      if case .variable(.attribute(let slot), _, _) = group.anchor {
        writing.append(
          Instruction(
            opcode: group.isInverted ? .attributeOtherwise : .attributeElse, place: Int32(slot)))
      } else {
        anchors.append(group.anchor)
        writing.append(
          Instruction(
            opcode: group.isInverted ? .anchorOtherwise : .anchorElse,
            place: Int32(anchors.count - 1)))
      }
      layOutWriting(group.then)
      flush()
      if group.otherwise.isEmpty {
        writing[place].target = Int32(writing.count)
        return
      }
      let jump = writing.count
      writing.append(Instruction(opcode: .jump))
      writing[place].target = Int32(writing.count)
      layOutWriting(group.otherwise)
      flush()
      writing[jump].target = Int32(writing.count)
      return
    default: break
    }
    write(.element, Int(keep(element)), space: false)
  }
}
