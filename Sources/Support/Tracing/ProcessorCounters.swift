import CTrace
import Glibc

/// The processor's counters of the calling thread, by perf_event_open. Where the processor's are not to be
/// had, as in most virtual machines, the system's own counters of page faults and switches still are.
final class ProcessorCounters {
  private struct Counter {
    let name: String
    let descriptor: Int32
    let leader: Int32
  }

  private var counters: [Counter] = []
  /// Groups read together: a descriptor and the names behind it.
  private var groups: [(descriptor: Int32, names: [String])] = []
  /// Why something is missing; nil where nothing is.
  private(set) var problem: String?
  private var before: [[UInt64]] = []

  private static let hardware: [(name: String, config: UInt64)] = [
    ("cycles", 0), ("instructions", 1), ("cache references", 2), ("cache misses", 3),
    ("branch misses", 5),
  ]
  private static let software: [(name: String, config: UInt64)] = [
    ("page faults", 2), ("context switches", 3),
  ]

  init() {
    if let reason = open(type: 0, Self.hardware) {
      problem = "no hardware counters here: perf_event_open says '\(reason)'\(Self.advice)"
    }
    if let reason = open(type: 1, Self.software), groups.isEmpty {
      problem = "no counters here: perf_event_open says '\(reason)'\(Self.advice)"
    }
  }

  deinit { for counter in counters { close(counter.descriptor) } }

  private static var advice: String {
    let descriptor = Glibc.open("/proc/sys/kernel/perf_event_paranoid", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var byte = [UInt8](repeating: 0, count: 8)
    let count = read(descriptor, &byte, byte.count)
    let text = String(decoding: byte.prefix(max(count, 0)), as: UTF8.self)
      .filter { !$0.isWhitespace }
    return " (kernel.perf_event_paranoid is \(text))"
  }

  /// - Returns: why not even the group's first could be opened; nil where it was.
  private func open(type: UInt32, _ wanted: [(name: String, config: UInt64)]) -> String? {
    var leader: Int32 = -1
    var names: [String] = []
    var reason = "no such counter"
    for (name, config) in wanted {
      let descriptor = martlet_perf_open(type, config, leader)
      if descriptor < 0 {
        reason = String(cString: strerror(errno))
        continue
      }
      if leader < 0 { leader = descriptor }
      counters.append(Counter(name: name, descriptor: descriptor, leader: leader))
      names.append(name)
    }
    if names.isEmpty { return reason }
    groups.append((leader, names))
    return nil
  }

  private func values() -> [[UInt64]] {
    groups.map { group in
      var words = [UInt64](repeating: 0, count: 1 + group.names.count)
      let size = words.count * 8
      let got = words.withUnsafeMutableBytes { read(group.descriptor, $0.baseAddress, size) }
      return got == size ? Array(words.dropFirst()) : []
    }
  }

  func begin() { before = values() }

  func end() -> [(name: String, value: Int)] {
    let after = values()
    var found: [(String, Int)] = []
    for (g, group) in groups.enumerated() where before.indices.contains(g) {
      for (i, name) in group.names.enumerated()
      where after[g].indices.contains(i) && before[g].indices.contains(i) {
        found.append((name, Int(truncatingIfNeeded: after[g][i] &- before[g][i])))
      }
    }
    return found
  }
}
