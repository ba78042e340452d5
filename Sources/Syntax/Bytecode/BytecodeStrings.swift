import MartletIR
import MartletSupport

/// The strings of a bytecode file, numbered as they are met.
struct BytecodeStrings: ~Copyable {
  private let context: Context
  private var numbers: [UInt32] = []
  private var order: [UInt32] = []

  init(_ context: Context) { self.context = context }

  mutating func number(_ text: Identifier) -> UInt64 {
    let raw = Int(text.raw)
    while raw >= numbers.count {
      numbers.append(contentsOf: repeatElement(.max, count: numbers.count + 64))
    }
    if numbers[raw] == .max {
      numbers[raw] = UInt32(truncatingIfNeeded: order.count)
      order.append(text.raw)
    }
    return UInt64(numbers[raw])
  }

  /// The number of strings, their lengths from the last to the first, the strings, each ended by a 0.
  func write(to out: TextBuffer) {
    out.variable(UInt64(order.count))
    for raw in order.reversed() {
      out.variable(UInt64(context.identifier(number: raw).bytes.count + 1))
    }
    for raw in order {
      out.append(context.identifier(number: raw).bytes)
      out.append(UInt8(0))
    }
  }
}

/// The properties of a bytecode file: pieces of bytes, equal ones kept once.
struct BytecodeProperties: ~Copyable {
  private let bytes = TextBuffer()
  private var pieces: [(start: Int, length: Int)] = []
  private var slots: [UInt32] = Array(repeating: .max, count: 64)

  mutating func number(_ piece: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hasher = StableHasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(piece))
    var slot = Int(truncatingIfNeeded: hasher.value) & (slots.count - 1)
    while slots[slot] != .max {
      let known = pieces[Int(slots[slot])]
      if known.length == piece.count {
        let stored = UnsafeBufferPointer(
          start: UnsafePointer(bytes.base + known.start), count: known.length)
        if stored.elementsEqual(piece) { return UInt64(slots[slot]) }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = UInt32(truncatingIfNeeded: pieces.count)
    bytes.variable(UInt64(piece.count))
    pieces.append((bytes.count, piece.count))
    bytes.append(piece)
    slots[slot] = number
    if pieces.count * 2 > slots.count { grow() }
    return UInt64(number)
  }

  private mutating func grow() {
    slots = Array(repeating: .max, count: slots.count * 2)
    for (number, piece) in pieces.enumerated() {
      var hasher = StableHasher()
      hasher.combine(
        bytes: UnsafeRawBufferPointer(start: bytes.base + piece.start, count: piece.length))
      var slot = Int(truncatingIfNeeded: hasher.value) & (slots.count - 1)
      while slots[slot] != .max { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(truncatingIfNeeded: number)
    }
  }

  func write(to out: TextBuffer) {
    out.variable(UInt64(pieces.count))
    out.append(UnsafeBufferPointer(start: UnsafePointer(bytes.base), count: bytes.count))
  }
}
