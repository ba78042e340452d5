/// A listing told by what it has in common with the one before: most passes change little.
struct ListingDelta {
  /// Pairs: a line of the listing before and how many are taken from there on, or -1 and how many lines are new.
  var runs: [Int] = []
  /// The new lines, in order.
  var added: [ListingLine] = []

  /// What leads from `old` to `new`: lines of the same operation, at the same place in the order and with the
  /// same text, are taken over.
  init(from old: [ListingLine], to new: [ListingLine]) {
    var places: [Key: Int] = [:]
    var occurrences: [Int: Int] = [:]
    func key(_ line: ListingLine) -> Key? {
      guard line.operation >= 0 else { return nil }
      let count = occurrences[line.operation, default: 0]
      occurrences[line.operation] = count + 1
      return Key(operation: line.operation, occurrence: count)
    }
    for (i, line) in old.enumerated() {
      if let key = key(line) { places[key] = i }
    }
    occurrences.removeAll()
    var candidates: [(old: Int, new: Int)] = []
    for (j, line) in new.enumerated() {
      if let key = key(line), let i = places[key], old[i] == line { candidates.append((i, j)) }
    }
    var copied = [Int](repeating: -1, count: new.count)
    for pair in Self.rising(candidates) { copied[pair.new] = pair.old }

    for (j, i) in copied.enumerated() {
      if i < 0 {
        if runs.count >= 2, runs[runs.count - 2] == -1 {
          runs[runs.count - 1] += 1
        } else {
          runs += [-1, 1]
        }
        added.append(new[j])
      } else if runs.count >= 2, runs[runs.count - 2] >= 0,
        runs[runs.count - 2] + runs[runs.count - 1] == i
      {
        runs[runs.count - 1] += 1
      } else {
        runs += [i, 1]
      }
    }
  }

  private struct Key: Hashable {
    let operation: Int
    let occurrence: Int
  }

  /// The longest part of `pairs`, which rise in `new`, that rises in `old` too.
  private static func rising(_ pairs: [(old: Int, new: Int)]) -> [(old: Int, new: Int)] {
    /// For each length, the pair that ends a rising part of it with the least `old`.
    var ends: [Int] = []
    var previous = [Int](repeating: -1, count: pairs.count)
    for (k, pair) in pairs.enumerated() {
      var low = 0
      var high = ends.count
      while low < high {
        let middle = (low + high) / 2
        if pairs[ends[middle]].old < pair.old { low = middle + 1 } else { high = middle }
      }
      previous[k] = low > 0 ? ends[low - 1] : -1
      if low == ends.count { ends.append(k) } else { ends[low] = k }
    }
    var result: [(old: Int, new: Int)] = []
    var k = ends.last ?? -1
    while k >= 0 {
      result.append(pairs[k])
      k = previous[k]
    }
    return result.reversed()
  }
}
