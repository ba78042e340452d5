/// A value in memory of its own, reached by pointer.
///
/// A stored property of a class is checked for overlapping accesses each time it is used; state that hot
/// code changes all the time is kept in a cell instead, whose owner must not let accesses overlap.
public struct HeapCell<Value: ~Copyable>: ~Copyable {
  @usableFromInline let pointer: UnsafeMutablePointer<Value>

  @inlinable public init(_ value: consuming Value) {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: value)
  }

  @inlinable deinit {
    pointer.deinitialize(count: 1)
    pointer.deallocate()
  }

  @inlinable public var value: Value {
    @inline(__always) unsafeAddress { UnsafePointer(pointer) }
    @inline(__always) nonmutating unsafeMutableAddress { pointer }
  }
}
