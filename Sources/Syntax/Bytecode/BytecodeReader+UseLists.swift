import MartletIR
import MartletSupport

extension BytecodeReader {
  /// The order of a value's uses, to be set when all operations are there.
  struct UseListOrder {
    let value: Value
    /// For each use in the order reading gives, its place; or pairs of a place and the use that comes there.
    let indices: [UInt32]
    let isPairs: Bool
    let position: Int
  }

  /// Reads orders for some of `count` values; without `value`, goes past them.
  mutating func readUseListOrders(
    _ cursor: inout ByteCursor, _ number: Int, _ value: ((Int) -> Value)?
  ) throws(Reported) {
    let start = cursor.position
    var next: UInt64 = 0
    let orders = number == 1 ? 1 : try count(&cursor, "use-list orders")
    for _ in 0..<orders {
      let index = number == 1 ? 0 : try variable(&cursor)
      guard index < UInt64(number), index >= next else {
        throw error("there is no value \(index) whose uses could be ordered", at: start)
      }
      next = index + 1
      let position = cursor.position
      let (length, isPairs) = try flagged(&cursor)
      guard length <= UInt64(cursor.remaining) else {
        throw tooMany(length, "uses", position)
      }
      guard let value else {
        for _ in 0..<length { _ = try variable(&cursor) }
        continue
      }
      var indices: [UInt32] = []
      indices.reserveCapacity(Int(length))
      for _ in 0..<length { indices.append(UInt32(clamping: try variable(&cursor))) }
      useListOrders.append(
        UseListOrder(
          value: value(Int(index)), indices: indices, isPairs: isPairs, position: position))
    }
  }

  /// Reading puts each new use in front, so that the uses are in reverse order now; brings those that were in another
  /// order into it.
  mutating func applyUseListOrders() throws(Reported) {
    for order in useListOrders {
      let uses = order.value.useCount(limit: .max)
      if uses < 2 { continue }
      guard let positions = order.positions(uses) else {
        throw error("an order of uses is not one of the value's \(uses) uses", at: order.position)
      }
      order.value.reorderUses(positions)
    }
  }
}

extension BytecodeReader.UseListOrder {
  /// For each place the use that comes there; nil where the order is not one of `uses` uses.
  fileprivate func positions(_ uses: Int) -> [Int]? {
    var positions = Array(repeating: -1, count: uses)
    if isPairs {
      for i in 0..<uses { positions[i] = i }
      if indices.count % 2 != 0 { return nil }
      for i in stride(from: 0, to: indices.count, by: 2) {
        guard Int(indices[i]) < uses else { return nil }
        positions[Int(indices[i])] = Int(indices[i + 1])
      }
    } else {
      if indices.count != uses { return nil }
      for (use, place) in indices.enumerated() {
        guard Int(place) < uses else { return nil }
        positions[Int(place)] = use
      }
    }
    var seen = Array(repeating: false, count: uses)
    for use in positions {
      guard use >= 0, use < uses, !seen[use] else { return nil }
      seen[use] = true
    }
    return positions
  }
}
