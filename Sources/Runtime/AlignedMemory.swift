import Glibc

/// Memory of its own, aligned, not initialised, freed with the object.
final class AlignedMemory: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  let byteCount: Int

  private static let hugePage = 2 << 20

  /// Nil where there is no such memory.
  init?(byteCount: Int, alignment: Int = 64) {
    let isLarge = byteCount >= Self.hugePage
    let alignment = max(alignment, isLarge ? Self.hugePage : 64)
    var memory: UnsafeMutableRawPointer?
    guard byteCount <= TensorStorage.physicalMemory,
      posix_memalign(&memory, alignment, max(byteCount, 1)) == 0, let memory
    else { return nil }
    // Fewer page faults in the first run, fewer misses of the address cache in all.
    if isLarge { madvise(memory, byteCount & ~(Self.hugePage - 1), 14) }
    start = memory
    self.byteCount = byteCount
  }

  deinit { free(start) }
}

/// Arenas of one size, handed out to one run at a time each and kept for the next.
final class ArenaPool: Sendable {
  private let byteCount: Int
  private let lock = Lock()
  nonisolated(unsafe) private var idle: [AlignedMemory] = []

  init(byteCount: Int) { self.byteCount = byteCount }

  func take() -> AlignedMemory? {
    lock.withLock { idle.popLast() } ?? AlignedMemory(byteCount: byteCount)
  }

  func giveBack(_ arena: AlignedMemory) { lock.withLock { idle.append(arena) } }

  /// Arenas no run is using.
  var idleCount: Int { lock.withLock { idle.count } }
}
