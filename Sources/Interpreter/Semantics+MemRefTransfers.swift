import MartletIR
import MartletSupport

/// memref and affine: transfers between memory spaces, and addresses.
///
/// A transfer is done when it starts, which is one of the orders a program must expect; its tag counts the
/// elements, and waiting for more elements than were started is an error, as it would never end. The
/// elements at either end follow each other in row-major order from the place given.
extension Semantics {
  mutating func addMemRefTransfers() {
    register("memref.dma_start") { (instruction, frame) throws(Reported) in
      var next = 0
      let source = try frame.place(instruction, next: &next)
      let target = try frame.place(instruction, next: &next)
      guard next < instruction.operandCount else {
        throw frame.fail(instruction, "needs a number of elements")
      }
      let count = next
      next += 1
      let tag = try frame.place(instruction, next: &next)
      try frame.transfer(
        instruction, from: source, to: target, tag: tag, count: count,
        strides: next..<instruction.operandCount)
    }
    register("memref.dma_wait") { (instruction, frame) throws(Reported) in
      var next = 0
      let tag = try frame.place(instruction, next: &next)
      guard next == instruction.operandCount - 1 else {
        throw frame.fail(instruction, "needs a number of elements")
      }
      try frame.wait(instruction, tag, count: frame.integer(instruction, next))
    }
    register("affine.dma_start") { (instruction, frame) throws(Reported) in
      var next = 0
      let source = try frame.place(instruction, map: "src_map", next: &next)
      let target = try frame.place(instruction, map: "dst_map", next: &next)
      let tag = try frame.place(instruction, map: "tag_map", next: &next)
      guard next < instruction.operandCount else {
        throw frame.fail(instruction, "needs a number of elements")
      }
      try frame.transfer(
        instruction, from: source, to: target, tag: tag, count: next,
        strides: (next + 1)..<instruction.operandCount)
    }
    register("affine.dma_wait") { (instruction, frame) throws(Reported) in
      var next = 0
      let tag = try frame.place(instruction, map: "tag_map", next: &next)
      guard next == instruction.operandCount - 1 else {
        throw frame.fail(instruction, "needs a number of elements")
      }
      try frame.wait(instruction, tag, count: frame.integer(instruction, next))
    }
    register("memref.extract_aligned_pointer_as_index") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      frame.set(instruction, 0, .index(frame.interpreter.address(of: memref.storage)))
    }
  }
}

/// Where one end of a transfer begins.
private struct TransferEnd {
  let memref: MemRefValue
  /// The row-major number of the first element.
  let start: Int
  /// Spaces with a lower number are slower.
  let space: Int64

  /// The place in the buffer of the `i`th element after the first.
  func place(_ i: Int) -> Int? {
    guard var rest = Optional(start &+ i), rest >= 0 else { return nil }
    var place = memref.offset
    for d in memref.sizes.indices.reversed() {
      place &+= rest % memref.sizes[d] &* memref.strides[d]
      rest /= memref.sizes[d]
    }
    return rest == 0 && place >= 0 && place < memref.storage.count ? place : nil
  }
}

extension Frame {
  /// The memref at operand `next` with the indices that follow it.
  fileprivate func place(_ instruction: Instruction, next: inout Int) throws(Reported)
    -> TransferEnd
  {
    guard next < instruction.operandCount else { throw fail(instruction, "needs more operands") }
    let position = next
    let memref = try self.memref(instruction, position)
    let end = position + 1 + memref.sizes.count
    guard end <= instruction.operandCount else { throw fail(instruction, "needs more indices") }
    next = end
    let indices = integers(instruction, (position + 1)..<end)
    return try transferEnd(instruction, position, memref, indices)
  }

  /// As `place(_:next:)`, with a map from the operands that follow to the indices.
  fileprivate func place(_ instruction: Instruction, map name: String, next: inout Int)
    throws(Reported) -> TransferEnd
  {
    let position = next
    guard let map = instruction.attribute(name)?.affineMap,
      position + 1 + map.inputCount <= instruction.operandCount
    else { throw fail(instruction, "needs an affine map '\(name)' and its operands") }
    let memref = try self.memref(instruction, position)
    next = position + 1 + map.inputCount
    let indices = try results(of: map, instruction, (position + 1)..<next)
    return try transferEnd(instruction, position, memref, indices)
  }

  private func transferEnd(
    _ instruction: Instruction, _ position: Int, _ memref: MemRefValue, _ indices: [Int]
  ) throws(Reported) -> TransferEnd {
    guard indices.count == memref.sizes.count,
      zip(indices, memref.sizes).allSatisfy({ $0 >= 0 && $0 < $1 })
    else { throw outOfBounds(instruction, indices, memref.sizes) }
    let start = zip(indices, memref.sizes).reduce(0) { $0 &* $1.1 &+ $1.0 }
    let space = instruction.operandType(position).memorySpace?.integerValue ?? 0
    return TransferEnd(memref: memref, start: start, space: space)
  }

  /// Copies as many elements as operand `count` says. Strides, where they are given, are the distance from one
  /// run to the next in the slower memory and the length of a run.
  fileprivate func transfer(
    _ instruction: Instruction, from source: TransferEnd, to target: TransferEnd, tag: TransferEnd,
    count: Int, strides: Range<Int>
  ) throws(Reported) {
    let total = integer(instruction, count)
    var (stride, run) = (0, max(total, 1))
    if strides.count == 2 {
      stride = integer(instruction, strides.lowerBound)
      run = integer(instruction, strides.lowerBound + 1)
    }
    guard total >= 0, run > 0, strides.isEmpty || strides.count == 2 else {
      throw fail(instruction, "transfers \(total) elements in runs of \(run)")
    }
    guard source.memref.format == target.memref.format else {
      throw fail(instruction, "has memrefs of different elements")
    }
    try spend(total, instruction)
    let isSourceSlower = source.space <= target.space
    for i in 0..<total {
      let spread = (i / run) &* stride &+ i % run
      guard let from = source.place(isSourceSlower ? spread : i),
        let to = target.place(isSourceSlower ? i : spread)
      else { throw fail(instruction, "reaches outside a memref with its element \(i)") }
      target.memref.storage[to] = source.memref.storage[from]
    }
    guard let place = tag.place(0) else { throw fail(instruction, "has a tag out of bounds") }
    interpreter.transfers.start(total, tag.memref.storage, place)
  }

  fileprivate func wait(_ instruction: Instruction, _ tag: TransferEnd, count: Int)
    throws(Reported)
  {
    guard let place = tag.place(0) else { throw fail(instruction, "has a tag out of bounds") }
    guard interpreter.transfers.finish(count, tag.memref.storage, place) else {
      throw fail(
        instruction, "waits for \(count) elements of a transfer that was not started with its tag")
    }
  }
}

/// The transfers that were started and not waited for.
struct PendingTransfers {
  private var entries: [UnsafeMutableRawPointer: (storage: ArrayStorage, count: Int)] = [:]

  mutating func start(_ count: Int, _ storage: ArrayStorage, _ place: Int) {
    let tag = storage.base + place * storage.format.byteCount
    entries[tag] = (storage, (entries[tag]?.count ?? 0) &+ count)
  }

  /// False where fewer elements than `count` are under way.
  mutating func finish(_ count: Int, _ storage: ArrayStorage, _ place: Int) -> Bool {
    let tag = storage.base + place * storage.format.byteCount
    guard let known = entries[tag], count >= 0, known.count >= count else { return false }
    entries[tag] = known.count == count ? nil : (known.storage, known.count - count)
    return true
  }

  mutating func removeAll() { entries.removeAll() }
}

/// Made-up addresses of buffers, as programs may ask for them: the same in each run of a program.
struct AddressSpace {
  /// What every buffer's address is a multiple of.
  static let alignment = 4096
  private var next = alignment
  private var addresses: [ObjectIdentifier: (storage: ArrayStorage, address: Int)] = [:]

  /// The address of the first element: buffers lie one after another as they are asked for, with a gap
  /// between them, and a buffer within another lies where it does in memory.
  mutating func address(of storage: ArrayStorage) -> Int {
    if let whole = storage.whole { return address(of: whole) &+ (storage.base - whole.base) }
    if let known = addresses[ObjectIdentifier(storage)] { return known.address }
    let address = next
    // A buffer that has an address is kept, so that no other one comes by it.
    addresses[ObjectIdentifier(storage)] = (storage, address)
    next += (storage.byteCount / Self.alignment + 2) * Self.alignment
    return address
  }

  mutating func removeAll() { self = AddressSpace() }
}

extension Interpreter {
  func address(of storage: ArrayStorage) -> Int { addressSpace.address(of: storage) }
}
