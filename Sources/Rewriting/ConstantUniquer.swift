import MartletIR
import MartletSupport

/// Where constants made for operations inside a region go: a region that wants them kept in it, beside
/// those isolated from above, which always are.
public struct ConstantScope: OpInterface {
  /// Whether constants used in `region`, one of the operation's own, stay in it.
  public let holdsConstants: @Sendable (Region) -> Bool

  public init(_ holdsConstants: @escaping @Sendable (Region) -> Bool = { _ in true }) {
    self.holdsConstants = holdsConstants
  }
}

/// Keeps one constant operation for each value and type in a scope, at the start of its entry block, in
/// the order in which they were met (the behaviour of MLIR's OperationFolder).
struct ConstantUniquer: ~Copyable {
  private struct Entry {
    let region: UInt32
    let name: UInt32
    let value: UInt32
    let type: UInt32
    var operation: Operation?
  }

  private var entries: [Entry] = []
  /// Open addressing; an index into `entries` plus one.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)
  /// By operation: 1 where it is the kept constant of an entry.
  private var owned = OperationTable()
  private var lastBlock: Block?
  private var lastRegion: Region?

  init() {}

  @inline(__always) func owns(_ operation: Operation) -> Bool { owned[operation.raw] != 0 }

  /// The region whose entry block holds constants used in `block`.
  private mutating func scope(of block: Block) -> Region? {
    if block == lastBlock { return lastRegion }
    var found: Region?
    var current: Block? = block
    while let region = current?.region {
      found = region
      let parent = region.parentOperation
      if !parent.isRegistered || parent.has(.isolatedFromAbove) { break }
      if let interface = parent.interface(ConstantScope.self), interface.holdsConstants(region) {
        break
      }
      current = parent.block
    }
    lastBlock = block
    lastRegion = found
    return found
  }

  /// Takes note of constant `operation` of value `value`.
  /// - Returns: the constant kept instead, by which the caller is to replace `operation`; nil where
  ///   `operation` is kept, at its place or moved to the start of its scope.
  mutating func keep(_ operation: Operation, _ value: Attribute) -> Operation? {
    guard let block = operation.block, let region = scope(of: block),
      let entryBlock = region.firstBlock
    else { return nil }
    let slot = find(region.raw, operation.name.raw, value.raw, operation.result().type.raw)
    if slots[slot] != 0, let kept = entries[Int(slots[slot]) - 1].operation {
      let context = kept.context
      kept.location =
        context.keepsAllOrigins
        ? kept.location.joined(with: operation.location) : context.unknownLocation
      return kept
    }
    if block != entryBlock || !isAtFront(operation) { moveToFront(operation, entryBlock) }
    entries.append(
      Entry(
        region: region.raw, name: operation.name.raw, value: value.raw,
        type: operation.result().type.raw, operation: operation))
    slots[slot] = UInt32(truncatingIfNeeded: entries.count)
    owned[operation.raw] = 1
    if entries.count * 2 > slots.count { grow() }
    return nil
  }

  /// Whether only kept constants stand before `operation` in its block, judging by its neighbour.
  private func isAtFront(_ operation: Operation) -> Bool {
    guard let previous = operation.previous else { return true }
    return owns(previous)
  }

  private func moveToFront(_ operation: Operation, _ block: Block) {
    if let first = block.firstOperation, first != operation { operation.move(before: first) }
    if !operation.context.keepsAllOrigins {
      operation.location = operation.context.unknownLocation
    }
  }

  private func find(_ region: UInt32, _ name: UInt32, _ value: UInt32, _ type: UInt32) -> Int {
    let mask = slots.count - 1
    var slot = hash(region, name, value, type) & mask
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.value == value, entry.type == type, entry.region == region, entry.name == name {
        return slot
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  @inline(__always)
  private func hash(_ region: UInt32, _ name: UInt32, _ value: UInt32, _ type: UInt32) -> Int {
    let word = StableHasher.mix(
      UInt64(value) << 32 | UInt64(type), UInt64(region) << 32 | UInt64(name))
    return Int(truncatingIfNeeded: word & 0x7fff_ffff_ffff_ffff)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (i, entry) in entries.enumerated() {
      let slot = find(entry.region, entry.name, entry.value, entry.type)
      slots[slot] = UInt32(truncatingIfNeeded: i + 1)
    }
  }
}
