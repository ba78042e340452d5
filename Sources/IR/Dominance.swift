import MartletSupport

/// Dominance between values and operations, by blocks of each region; computed per region on demand.
///
/// The algorithm is that of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
public final class Dominance {
  private struct RegionInfo {
    /// The blocks that can be reached, in reverse post-order.
    var order: [Block] = []
    /// Position in `order` by block.
    var number: [Block: Int] = [:]
    var immediate: [Int] = []
  }
  private var regions: [Region: RegionInfo] = [:]

  public init() {}

  /// Forgets what is known of a region whose blocks have changed.
  public func invalidate(_ region: Region) { regions[region] = nil }

  private func info(_ region: Region) -> RegionInfo {
    if let known = regions[region] { return known }
    let made = Dominance.compute(region)
    regions[region] = made
    return made
  }

  private static func compute(_ region: Region) -> RegionInfo {
    var info = RegionInfo()
    guard let entry = region.firstBlock else { return info }
    var order: [Block] = []
    var visited: Set<Block> = [entry]
    var stack: [(block: Block, next: Int)] = [(entry, 0)]
    while let top = stack.last {
      let successors = top.block.lastOperation?.successors
      if let successors, top.next < successors.count {
        stack[stack.count - 1].next += 1
        let successor = successors[top.next]
        if visited.insert(successor).inserted { stack.append((successor, 0)) }
      } else {
        order.append(top.block)
        stack.removeLast()
      }
    }
    order.reverse()
    info.order = order
    for (i, block) in order.enumerated() { info.number[block] = i }
    info.immediate = Array(repeating: -1, count: order.count)
    info.immediate[0] = 0
    var changed = true
    while changed {
      changed = false
      for i in order.indices.dropFirst() {
        var candidate = -1
        for predecessor in order[i].predecessors {
          guard let p = info.number[predecessor], info.immediate[p] >= 0 else { continue }
          candidate = candidate < 0 ? p : intersect(p, candidate, info.immediate)
        }
        if candidate >= 0, info.immediate[i] != candidate {
          info.immediate[i] = candidate
          changed = true
        }
      }
    }
    return info
  }

  private static func intersect(_ a: Int, _ b: Int, _ immediate: [Int]) -> Int {
    var (a, b) = (a, b)
    while a != b {
      while a > b { a = immediate[a] }
      while b > a { b = immediate[b] }
    }
    return a
  }

  /// The blocks of `region` that can be reached, in reverse post-order, and for each the position of its
  /// immediate dominator, which for the entry is its own.
  public func tree(of region: Region) -> (blocks: [Block], immediateDominators: [Int]) {
    let info = info(region)
    return (info.order, info.immediate)
  }

  public func isReachable(_ block: Block) -> Bool {
    guard let region = block.region else { return false }
    return region.firstBlock == block || info(region).number[block] != nil
  }

  /// Whether every path to `b` in their region goes through `a`. A block dominates itself, and
  /// everything dominates what cannot be reached.
  public func dominates(_ a: Block, _ b: Block) -> Bool {
    if a == b { return true }
    guard let region = a.region, b.region == region else { return false }
    let info = info(region)
    guard let target = info.number[b] else { return true }
    guard let source = info.number[a] else { return false }
    var current = target
    while current > source { current = info.immediate[current] }
    return current == source
  }

  /// Whether `a` comes before `b` on every path; they may lie in different regions, where `b`'s
  /// ancestor beside `a` counts. An operation does not properly dominate itself or what it contains.
  public func properlyDominates(_ a: Operation, _ b: Operation) -> Bool {
    guard let block = a.block, let region = block.region, let other = b.ancestor(in: region) else {
      return false
    }
    if other == a { return false }
    guard let otherBlock = other.block else { return false }
    if otherBlock == block {
      if region.parentOperation.has(.graphRegion) { return true }
      return a.isBefore(other)
    }
    return dominates(block, otherBlock)
  }

  /// Whether `value` is available at `user`.
  public func dominates(_ value: Value, user: Operation) -> Bool {
    if let definer = value.definingOperation {
      // Within one block, by far the most common case, order decides.
      if let block = definer.block, block == user.block, definer != user {
        if definer.isBefore(user) { return true }
        return block.parentOperation?.has(.graphRegion) ?? false || !isReachable(block)
      }
      if definer == user { return definer.block?.parentOperation?.has(.graphRegion) ?? false }
      return properlyDominates(definer, user)
    }
    guard let block = value.owningBlock, let region = block.region,
      let ancestor = user.ancestor(in: region), let other = ancestor.block
    else { return false }
    return dominates(block, other)
  }
}
