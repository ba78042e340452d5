import Glibc
import MartletSupport

/// Bytes of text being written, in memory that grows.
package final class TextBuffer {
  @usableFromInline struct Storage {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var count = 0
    @usableFromInline var capacity: Int
  }
  @usableFromInline let cell: HeapCell<Storage>

  @inlinable package var base: UnsafeMutablePointer<UInt8> {
    @inline(__always) get { cell.value.base }
    @inline(__always) set { cell.value.base = newValue }
  }
  @inlinable package var count: Int {
    @inline(__always) get { cell.value.count }
    @inline(__always) set { cell.value.count = newValue }
  }
  @inlinable var capacity: Int {
    @inline(__always) get { cell.value.capacity }
    @inline(__always) set { cell.value.capacity = newValue }
  }

  package init(capacity: Int = 1 << 12) {
    cell = HeapCell(Storage(base: .allocate(capacity: capacity), capacity: capacity))
  }

  deinit { base.deallocate() }

  @inlinable @inline(__always) func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  @usableFromInline func grow(_ more: Int) {
    let bigger = max(capacity * 2, count + more)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bigger)
    memory.initialize(from: base, count: count)
    base.deallocate()
    base = memory
    capacity = bigger
  }

  @inlinable @inline(__always) package func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  @inlinable @inline(__always) package func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    (base + count).initialize(from: text.utf8Start, count: length)
    count += length
  }

  package func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    (base + count).initialize(from: source, count: bytes.count)
    count += bytes.count
  }

  package func append(_ text: String) {
    var copy = text
    copy.withUTF8 { append($0) }
  }

  package func append(_ value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(value.magnitude)
  }

  package func append(_ value: UInt64) {
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

  package func append(repeating byte: UInt8, _ times: Int) {
    reserve(times)
    for i in 0..<times { base[count + i] = byte }
    count += times
  }

  package func removeAll() { count = 0 }

  /// Takes bytes written behind `count` as written.
  func restore(count: Int) { self.count = min(count, capacity) }

  /// Drops all bytes from position `count` on.
  package func truncate(to count: Int) { self.count = min(count, self.count) }

  /// The bytes, valid until more are added.
  package var elements: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base, count: count)
  }

  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
  package var string: String {
    String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }
}
