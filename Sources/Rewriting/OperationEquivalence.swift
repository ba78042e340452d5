import MartletIR
import MartletSupport

extension Operation {
  /// A hash that is the same for operations that `isEquivalent` holds for; what is in their regions does
  /// not count.
  public var equivalenceHash: UInt32 {
    var hash = hashAttributes(UInt64(name.raw))
    for i in 0..<resultCount { hash = StableHasher.mix(hash, UInt64(result(i).type.raw)) }
    if has(.commutative) {
      var sum: UInt64 = 0
      for i in 0..<operandCount { sum &+= StableHasher.mix(UInt64(operand(i).raw), 1) }
      hash = StableHasher.mix(hash, sum)
    } else {
      for i in 0..<operandCount { hash = StableHasher.mix(hash, UInt64(operand(i).raw)) }
    }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }

  /// Whether both compute the same: equal names, attributes and types, the same operands (in any order
  /// where the operation is commutative), and equivalent regions. Locations do not count.
  public func isEquivalent(to other: Operation) -> Bool {
    if self == other { return true }
    guard isEquivalentIgnoringOperands(to: other) else { return false }
    if regionCount == 0 { return hasSameOperands(as: other) }
    var mapping = EquivalenceMapping()
    return mapping.areEquivalent(self, other)
  }

  private func hasSameOperands(as other: Operation) -> Bool {
    var isSame = true
    for i in 0..<operandCount where operand(i) != other.operand(i) { isSame = false }
    if isSame { return true }
    guard has(.commutative) else { return false }
    if operandCount == 2 { return operand(0) == other.operand(1) && operand(1) == other.operand(0) }
    return operands.map(\.raw).sorted() == other.operands.map(\.raw).sorted()
  }
}

/// Pairs the values and blocks inside two operations being compared.
private struct EquivalenceMapping {
  private var values: [Value: Value] = [:]
  private var blocks: [Block: Block] = [:]

  mutating func areEquivalent(_ a: Operation, _ b: Operation) -> Bool {
    guard a.name == b.name, a.operandCount == b.operandCount, a.resultCount == b.resultCount,
      a.regionCount == b.regionCount, a.successors.count == b.successors.count,
      a.hasEqualAttributes(to: b)
    else { return false }
    for i in 0..<a.resultCount where a.result(i).type != b.result(i).type { return false }
    for i in 0..<a.successors.count
    where (blocks[a.successors[i]] ?? a.successors[i]) != b.successors[i] {
      return false
    }
    if !haveSameOperands(a, b) { return false }
    for (x, y) in zip(a.results, b.results) { values[x] = y }
    for (x, y) in zip(a.regions, b.regions) where !areEquivalent(x, y) { return false }
    return true
  }

  private func haveSameOperands(_ a: Operation, _ b: Operation) -> Bool {
    let mapped = a.operands.map { values[$0] ?? $0 }
    if mapped.elementsEqual(b.operands) { return true }
    guard a.has(.commutative) else { return false }
    return mapped.map(\.raw).sorted() == b.operands.map(\.raw).sorted()
  }

  private mutating func areEquivalent(_ a: Region, _ b: Region) -> Bool {
    var left = a.firstBlock
    var right = b.firstBlock
    while let x = left, let y = right {
      guard x.argumentCount == y.argumentCount else { return false }
      for (p, q) in zip(x.arguments, y.arguments) {
        if p.type != q.type { return false }
        values[p] = q
      }
      blocks[x] = y
      left = x.next
      right = y.next
    }
    if left != nil || right != nil { return false }
    for (x, y) in zip(a.blocks, b.blocks) {
      var left = x.firstOperation
      var right = y.firstOperation
      while let p = left, let q = right {
        if !areEquivalent(p, q) { return false }
        left = p.next
        right = q.next
      }
      if left != nil || right != nil { return false }
    }
    return true
  }
}
