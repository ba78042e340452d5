import Glibc

/// Bytes of text being written, in memory that grows.
final class TextBuffer {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 1 << 12) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  @inline(__always) private func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  private func grow(_ more: Int) {
    let bigger = max(capacity * 2, count + more)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bigger)
    memory.initialize(from: base, count: count)
    base.deallocate()
    base = memory
    capacity = bigger
  }

  @inline(__always) func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  @inline(__always) func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    (base + count).initialize(from: text.utf8Start, count: length)
    count += length
  }

  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    (base + count).initialize(from: source, count: bytes.count)
    count += bytes.count
  }

  func append(_ text: String) {
    var copy = text
    copy.withUTF8 { append($0) }
  }

  func append(_ value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(value.magnitude)
  }

  func append(_ value: UInt64) {
    reserve(20)
    if value < 10 {
      base[count] = UInt8(truncatingIfNeeded: value) + 48
      count += 1
      return
    }
    var digits = 0
    var left = value
    while left > 0 {
      digits += 1
      left /= 10
    }
    left = value
    var i = count + digits
    while left > 0 {
      i -= 1
      base[i] = UInt8(truncatingIfNeeded: left % 10) + 48
      left /= 10
    }
    count += digits
  }

  func append(repeating byte: UInt8, _ times: Int) {
    reserve(times)
    for i in 0..<times { base[count + i] = byte }
    count += times
  }

  func removeAll() { count = 0 }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
  var string: String {
    String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }
}
