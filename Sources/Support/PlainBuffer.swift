/// Elements one behind the other in memory that grows: what hot code pushes to and clears all the time.
///
/// Unlike an array's, its memory has one owner, so that adding an element costs neither a check of
/// that nor reference counting.
public struct PlainBuffer<Element>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline var length = 0
  @usableFromInline var capacity: Int

  @inlinable public init(capacity: Int = 8) {
    self.capacity = max(capacity, 1)
    base = .allocate(capacity: self.capacity)
  }

  @inlinable deinit {
    base.deinitialize(count: length)
    base.deallocate()
  }

  @inlinable public var count: Int { length }
  @inlinable public var isEmpty: Bool { length == 0 }

  @inlinable public mutating func append(_ element: Element) {
    if length == capacity { grow() }
    (base + length).initialize(to: element)
    length += 1
  }

  @inlinable public mutating func append(contentsOf elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  @inlinable public mutating func append(repeating element: Element, count: Int) {
    var left = count
    while left > 0 {
      append(element)
      left -= 1
    }
  }

  @usableFromInline mutating func grow() {
    let bigger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    bigger.moveInitialize(from: base, count: length)
    base.deallocate()
    base = bigger
    capacity *= 2
  }

  @inlinable public mutating func removeAll() {
    base.deinitialize(count: length)
    length = 0
  }

  @inlinable public mutating func removeLast() {
    precondition(length > 0, "nothing to remove")
    length -= 1
    (base + length).deinitialize(count: 1)
  }

  @inlinable public subscript(i: Int) -> Element {
    @inline(__always) unsafeAddress {
      precondition(UInt(bitPattern: i) < UInt(bitPattern: length), "buffer index out of range")
      return UnsafePointer(base + i)
    }
    @inline(__always) unsafeMutableAddress {
      precondition(UInt(bitPattern: i) < UInt(bitPattern: length), "buffer index out of range")
      return base + i
    }
  }

  /// The elements, as long as the buffer is not changed.
  @inlinable public var elements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: length)
  }
}
