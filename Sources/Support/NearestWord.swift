/// The word of `candidates` that takes the fewest edits to reach from `word`: at most a third of its length
/// (or `least`) and at most three; nil where none is that near. The first of equals. Words of one or two
/// letters are near to none.
public func nearestWord(
  to word: String, among candidates: some Sequence<String>, least: Int = 1
) -> String? {
  let target = Array(word.utf8)
  // Garbage is not compared with every name there is.
  if target.count < 3 || target.count > 200 { return nil }
  let limit = min(3, max(least, target.count / 3))
  var best: (word: String, distance: Int)?
  for candidate in candidates where abs(candidate.utf8.count - target.count) <= limit {
    let distance = editDistance(target, Array(candidate.utf8))
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.word
}

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`, no part being
/// edited twice: the optimal string alignment distance (Damerau 1964).
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var earlier = [Int](repeating: 0, count: b.count + 1)
  var above = Array(0...b.count)
  var row = above
  for i in a.indices {
    row[0] = i + 1
    for j in b.indices {
      row[j + 1] = min(above[j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, above[j + 1] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], earlier[j - 1] + 1)
      }
    }
    (earlier, above, row) = (above, row, earlier)
  }
  return above[b.count]
}
