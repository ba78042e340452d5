import MartletIR
import MartletSupport

/// Per-operation numbers, indexed by `Operation.raw`; memory comes zeroed and page by page as touched.
struct OperationTable: ~Copyable {
  private var words: UnsafeMutablePointer<UInt32>
  private(set) var capacity: Int

  init(capacity: Int = 1 << 12) {
    self.capacity = capacity
    words = .allocateZeroed(capacity)
  }

  deinit { words.deallocate() }

  private mutating func grow(_ index: Int) {
    var larger = capacity
    while larger <= index { larger *= 2 }
    let bigger = UnsafeMutablePointer<UInt32>.allocateZeroed(larger)
    bigger.update(from: words, count: capacity)
    words.deallocate()
    words = bigger
    capacity = larger
  }

  /// The number of operation `raw`, 0 where none was set.
  subscript(raw: UInt32) -> UInt32 {
    @inline(__always) get {
      let index = Int(raw)
      return index < capacity ? words[index] : 0
    }
    @inline(__always) set {
      let index = Int(raw)
      if index >= capacity { grow(index) }
      words[index] = newValue
    }
  }
}

extension UnsafeMutablePointer where Pointee == UInt32 {
  fileprivate static func allocateZeroed(_ count: Int) -> Self {
    let memory = Self.allocate(capacity: count)
    memory.initialize(repeating: 0, count: count)
    return memory
  }
}

/// A stack of operations, each in it at most once, from which any can be taken out in constant time.
struct Worklist: ~Copyable {
  private var stack = PlainBuffer<Operation?>(capacity: 256)
  /// Position in the stack plus one; valid where the stack has the operation there.
  private var position: OperationTable

  init() { position = OperationTable() }

  var isEmpty: Bool { stack.isEmpty }

  mutating func removeAll() { stack.removeAll() }

  @inline(__always) private func place(of operation: Operation) -> Int? {
    let place = Int(position[operation.raw]) - 1
    return place >= 0 && place < stack.count && stack[place] == operation ? place : nil
  }

  mutating func push(_ operation: Operation) {
    if place(of: operation) != nil { return }
    stack.append(operation)
    position[operation.raw] = UInt32(truncatingIfNeeded: stack.count)
  }

  /// The operation pushed last that is still there; nil where there is none.
  mutating func pop() -> Operation? {
    while !stack.isEmpty {
      let last = stack[stack.count - 1]
      stack.removeLast()
      if let last { return last }
    }
    return nil
  }

  mutating func remove(_ operation: Operation) {
    if let place = place(of: operation) { stack[place] = nil }
  }

  /// Turns the order around, so that what was pushed first is popped first.
  mutating func reverse() {
    var reversed = PlainBuffer<Operation?>(capacity: max(stack.count, 256))
    var i = stack.count
    while i > 0 {
      i -= 1
      guard let operation = stack[i] else { continue }
      reversed.append(operation)
      position[operation.raw] = UInt32(truncatingIfNeeded: reversed.count)
    }
    stack = reversed
  }
}
