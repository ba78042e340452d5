import MartletSupport

/// Writing bytecode's elements.
extension TextBuffer {
  /// An integer of variable length: as many 0 bits as bytes follow, a 1 bit, the value.
  @inline(__always) func variable(_ value: UInt64) {
    if value < 128 {
      append(UInt8(truncatingIfNeeded: value << 1 | 1))
    } else {
      variableLong(value)
    }
  }

  private func variableLong(_ value: UInt64) {
    reserve(16)
    let significant = 64 - value.leadingZeroBitCount
    let length = (significant + 6) / 7
    if length > 8 {
      append(UInt8(0))
      raw(value, 8)
    } else {
      raw((value << 1 | 1) << UInt64(length - 1), length)
    }
  }

  private func raw(_ value: UInt64, _ length: Int) {
    // `reserve` has left room for all eight bytes.
    UnsafeMutableRawPointer(base + count).storeBytes(of: value.littleEndian, as: UInt64.self)
    restore(count: count + length)
  }

  @inline(__always) func variable(_ value: UInt64, flag: Bool) {
    variable(value << 1 | (flag ? 1 : 0))
  }

  func append(_ bytes: UnsafeRawBufferPointer) {
    append(bytes.bindMemory(to: UInt8.self))
  }

  /// The number of bytes `variable` takes.
  static func variableLength(_ value: UInt64) -> Int {
    let length = (64 - value.leadingZeroBitCount + 6) / 7
    return length > 8 ? 9 : max(length, 1)
  }

  /// Puts the header of a section in front of what was written from `start` on.
  func wrapSection(_ section: Bytecode.Section, from start: Int) {
    let length = count - start
    let header = 1 + TextBuffer.variableLength(UInt64(length))
    append(repeating: 0, header)
    (base + start + header).update(from: base + start, count: length)
    base[start] = section.rawValue
    // Byte by byte, for `variable` may write over what follows. A length takes 8 bytes at most.
    let encoded = (UInt64(length) << 1 | 1) << UInt64(header - 2)
    for i in 0..<(header - 1) {
      base[start + 1 + i] = UInt8(truncatingIfNeeded: encoded >> UInt64(8 * i))
    }
  }

  /// A section of `body`, aligned to `alignment` where that is above 1.
  func section(_ section: Bytecode.Section, _ body: TextBuffer, alignment: Int = 1) {
    let start = count
    append(section.rawValue)
    variable(UInt64(body.count))
    if alignment > 1, count & (alignment - 1) != 0 {
      variable(UInt64(alignment))
      base[start] |= 0x80
      align(to: alignment)
    }
    append(UnsafeBufferPointer(start: UnsafePointer(body.base), count: body.count))
  }

  func align(to alignment: Int) {
    while count & (alignment - 1) != 0 { append(Bytecode.padding) }
  }
}
