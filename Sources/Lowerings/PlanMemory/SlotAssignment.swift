/// Finds places in one memory for buffers that live for a while each, such that buffers alive at the same
/// time do not overlap and the memory is small.
///
/// The problem is dynamic storage allocation, which is NP-hard; the heuristic is best fit in order of size,
/// the order that Pisarchyk and Lee ("Efficient Memory Management for Deep Neural Net Inference", 2020)
/// found best for networks, with two other orders tried as well and the smallest result taken.
public struct SlotAssignment: Sendable {
  public struct Buffer: Sendable {
    public let byteCount: Int
    /// The first and last step at which the content is needed.
    public let firstStep: Int
    public let lastStep: Int

    public init(byteCount: Int, firstStep: Int, lastStep: Int) {
      self.byteCount = byteCount
      self.firstStep = firstStep
      self.lastStep = lastStep
    }

    func overlaps(_ other: Buffer) -> Bool {
      firstStep <= other.lastStep && other.firstStep <= lastStep
    }
  }

  /// Where each buffer begins, in bytes.
  public let offsets: [Int]
  /// The size of the memory.
  public let byteCount: Int

  /// Every offset is a multiple of `alignment`.
  public init(_ buffers: [Buffer], alignment: Int = 64) {
    let bySize = buffers.indices.sorted {
      (buffers[$1].byteCount, $0) < (buffers[$0].byteCount, $1)
    }
    let byStart = buffers.indices.sorted {
      (buffers[$0].firstStep, -buffers[$0].byteCount, $0)
        < (buffers[$1].firstStep, -buffers[$1].byteCount, $1)
    }
    let length = { (i: Int) in buffers[i].lastStep - buffers[i].firstStep }
    let byLength = buffers.indices.sorted {
      (length($1), buffers[$1].byteCount, $0) < (length($0), buffers[$0].byteCount, $1)
    }
    var best: (offsets: [Int], size: Int)?
    for order in [bySize, byStart, byLength] {
      let found = SlotAssignment.place(buffers, order, alignment)
      if found.size < best?.size ?? .max { best = found }
    }
    offsets = best?.offsets ?? []
    byteCount = best?.size ?? 0
  }

  /// Puts each buffer, in the order given, into the smallest gap it fits between those that live at the
  /// same time, or behind them all.
  private static func place(_ buffers: [Buffer], _ order: [Int], _ alignment: Int)
    -> (offsets: [Int], size: Int)
  {
    var offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [Int] = []
    var size = 0
    for i in order {
      let needed = aligned(buffers[i].byteCount, alignment)
      let others = placed.filter { buffers[$0].overlaps(buffers[i]) }
        .sorted { offsets[$0] < offsets[$1] }
      var end = 0
      var best: (offset: Int, gap: Int)?
      for other in others {
        let gap = offsets[other] - end
        if gap >= needed, gap < best?.gap ?? .max { best = (end, gap) }
        end = max(end, offsets[other] + aligned(buffers[other].byteCount, alignment))
      }
      offsets[i] = best?.offset ?? end
      size = max(size, offsets[i] + needed)
      placed.append(i)
    }
    return (offsets, size)
  }

  private static func aligned(_ count: Int, _ alignment: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }
}
