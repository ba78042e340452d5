import Glibc
import MartletIR
import MartletSupport

/// Times of a run as a tree of named phases; phases of one name in one place are summed.
public final class TimingTree {
  final class Node {
    let name: String
    var nanoseconds: UInt64 = 0
    var children: [Node] = []
    var started: UInt64 = 0

    init(_ name: String) { self.name = name }

    func child(_ name: String) -> Node {
      if let known = children.first(where: { $0.name == name }) { return known }
      let node = Node(name)
      children.append(node)
      return node
    }
  }

  private let root = Node("root")
  private var stack: [Node]

  public init() {
    stack = [root]
    root.started = Stopwatch.now
  }

  /// Begins a phase inside the present one.
  public func begin(_ name: String) {
    let node = stack[stack.count - 1].child(name)
    stack.append(node)
    node.started = Stopwatch.now
  }

  /// Ends the phase begun last.
  public func end() {
    guard stack.count > 1, let node = stack.popLast() else { return }
    node.nanoseconds += Stopwatch.now &- node.started
  }

  /// Times `body` as a phase.
  public func time<Result, Failure>(
    _ name: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    begin(name)
    defer { end() }
    return try body()
  }

  public enum Layout: String, Sendable, CaseIterable {
    /// Phases under the ones that contain them, in order of time.
    case tree
    /// Sums by name, the longest first.
    case list
  }

  /// The report, laid out as MLIR's: wall time in seconds and share of the whole.
  public func report(_ layout: Layout = .tree) -> String {
    let total = max(1, Stopwatch.now &- root.started)
    let rule = "===" + String(repeating: "-", count: 73) + "==="
    var text = """
      \(rule)
                               ... Execution time report ...
      \(rule)
        Total Execution Time: \(seconds(total)) seconds

        ----Wall Time----  ----Name----

      """
    let timed = root.children.reduce(0) { $0 + $1.nanoseconds }
    switch layout {
    case .tree:
      for child in root.children { write(child, depth: 0, total, &text) }
    case .list:
      var sums: [(name: String, time: UInt64)] = []
      collect(root, &sums)
      sums.sort { $0.time > $1.time }
      for sum in sums { text += line(sum.time, total, sum.name) }
    }
    text += line(total > timed ? total - timed : 0, total, "Rest")
    text += line(total, total, "Total")
    return text
  }

  private func write(_ node: Node, depth: Int, _ total: UInt64, _ text: inout String) {
    text += line(node.nanoseconds, total, String(repeating: "  ", count: depth) + node.name)
    for child in node.children { write(child, depth: depth + 1, total, &text) }
  }

  private func collect(_ node: Node, _ sums: inout [(name: String, time: UInt64)]) {
    for child in node.children {
      if let i = sums.firstIndex(where: { $0.name == child.name }) {
        sums[i].time += child.nanoseconds
      } else {
        sums.append((child.name, child.nanoseconds))
      }
      collect(child, &sums)
    }
  }

  private func line(_ time: UInt64, _ total: UInt64, _ name: String) -> String {
    let share = fixed(Double(time) * 100 / Double(total), 1)
    return "  " + pad(seconds(time), 8) + " (" + pad(share, 5) + "%)  " + name + "\n"
  }

  private func seconds(_ nanoseconds: UInt64) -> String { fixed(Double(nanoseconds) * 1e-9, 4) }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }

  /// `value`, not negative, with `digits` decimals.
  private func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = pow(10.0, Double(digits))
    let units = UInt64(min((value * scale).rounded(), 1e18))
    let whole = units / UInt64(scale)
    let part = String(units % UInt64(scale))
    return "\(whole)." + String(repeating: "0", count: digits - part.utf8.count) + part
  }
}

/// Times pipelines and passes into a tree.
public final class PassTiming: PassInstrumentation {
  private let tree: TimingTree

  public init(_ tree: TimingTree) { self.tree = tree }

  public func willRun(_ pipeline: Pipeline, on operation: Operation) {
    tree.begin("'\(pipeline.anchor ?? "any")' Pipeline")
  }
  public func didRun(_ pipeline: Pipeline, on operation: Operation) { tree.end() }
  public func willRun(_ pass: Pass, on operation: Operation) { tree.begin(pass.name) }
  public func didRun(_ pass: Pass, on operation: Operation, _ state: PassContext) { tree.end() }
  public func didFail(_ pass: Pass, on operation: Operation) { tree.end() }
}
