import Glibc
import MartletIR
import MartletSupport

/// Times of a run as a tree of named phases; phases of one name in one place are summed.
public final class TimingTree {
  final class Node {
    let name: String
    /// What tells this phase from others of its name; nil where the name does.
    let id: ObjectIdentifier?
    /// Whether its children are shown in its place.
    let isHidden: Bool
    var nanoseconds: UInt64 = 0
    var children: [Node] = []
    var started: UInt64 = 0

    init(_ name: String, _ id: ObjectIdentifier? = nil, isHidden: Bool = false) {
      self.name = name
      self.id = id
      self.isHidden = isHidden
    }

    func child(_ name: String, _ id: ObjectIdentifier?, isHidden: Bool) -> Node {
      if let known = children.first(where: { $0.id == id && $0.name == name }) { return known }
      let node = Node(name, id, isHidden: isHidden)
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

  /// Begins a phase inside the present one; phases of one name count apart where `id` differs. In a tree the
  /// children of a hidden phase are shown in its place.
  public func begin(_ name: String, id: AnyObject? = nil, isHidden: Bool = false) {
    let node = stack[stack.count - 1].child(
      name, id.map(ObjectIdentifier.init), isHidden: isHidden)
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
    /// Sums by name, the longest first.
    case list
    /// Phases under the ones that contain them.
    case tree
  }

  public enum Format: String, Sendable, CaseIterable { case text, json }

  /// The report, laid out as MLIR's: wall time in seconds and share of the whole.
  public func report(_ layout: Layout = .tree, _ format: Format = .text) -> String {
    let total = max(1, Stopwatch.now &- root.started)
    let timed = root.children.reduce(0) { $0 + $1.nanoseconds }
    let rest = total > timed ? total - timed : 0
    root.nanoseconds = total
    var lines: [Line] = []
    switch layout {
    case .tree:
      for child in root.children { flatten(child, depth: 0, &lines) }
    case .list:
      collect(root, &lines)
      // The order of first appearance among equals.
      let order = lines.indices.sorted {
        lines[$0].time != lines[$1].time ? lines[$0].time > lines[$1].time : $0 < $1
      }
      lines = order.map { lines[$0] }
    }
    return format == .json
      ? json(lines, rest, total, isTree: layout == .tree) : text(lines, rest, total)
  }

  private struct Line {
    let name: String
    var time: UInt64
    let depth: Int
  }

  private func text(_ lines: [Line], _ rest: UInt64, _ total: UInt64) -> String {
    let rule = "===" + String(repeating: "-", count: 73) + "==="
    var text = """
      \(rule)
                               ... Execution time report ...
      \(rule)
        Total Execution Time: \(seconds(total)) seconds

        ----Wall Time----  ----Name----

      """
    for item in lines {
      text += line(item.time, total, String(repeating: "  ", count: item.depth) + item.name)
    }
    text += line(rest, total, "Rest")
    text += line(total, total, "Total")
    return text
  }

  /// As MLIR writes it: objects nested as the phases of a tree are, each list ended by an empty object.
  private func json(_ lines: [Line], _ rest: UInt64, _ total: UInt64, isTree: Bool) -> String {
    func entry(_ name: String, _ time: UInt64) -> String {
      let share = fixed(Double(time) * 100 / Double(total), 1)
      return
        "{\"wall\": {\"duration\": \(pad(seconds(time), 8)), \"percentage\": \(pad(share, 5))}, "
        + "\"name\": \"\(name)\""
    }
    var text = "[\n"
    var open = 0
    func close(to depth: Int) {
      while open > depth {
        open -= 1
        text += String(repeating: "  ", count: open) + "{}]},\n"
      }
    }
    for item in lines {
      close(to: item.depth)
      text += String(repeating: "  ", count: item.depth) + entry(item.name, item.time)
      if !isTree {
        text += "},\n"
        continue
      }
      text += ", \"passes\": [\n"
      open = item.depth + 1
    }
    close(to: 0)
    return text + entry("Rest", rest) + "},\n" + entry("Total", total) + "}\n]\n"
  }

  private func flatten(_ node: Node, depth: Int, _ lines: inout [Line]) {
    if !node.isHidden { lines.append(Line(name: node.name, time: node.nanoseconds, depth: depth)) }
    for child in node.children {
      flatten(child, depth: node.isHidden ? depth : depth + 1, &lines)
    }
  }

  private func collect(_ node: Node, _ lines: inout [Line]) {
    if let i = lines.firstIndex(where: { $0.name == node.name }) {
      lines[i].time += node.nanoseconds
    } else {
      lines.append(Line(name: node.name, time: node.nanoseconds, depth: 0))
    }
    for child in node.children { collect(child, &lines) }
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

  public func willRun(_ nested: NestedPlans, in operation: Operation) {
    tree.begin(nested.title, id: nested, isHidden: nested.plans.count == 1)
  }
  public func didRun(_ nested: NestedPlans, in operation: Operation) { tree.end() }
  public func willRun(_ plan: PipelinePlan, on operation: Operation) {
    tree.begin(plan.title, id: plan)
  }
  public func didRun(_ plan: PipelinePlan, on operation: Operation) { tree.end() }
  public func willRun(_ site: PassSite, on operation: Operation) {
    tree.begin(site.pass.name, id: site)
  }
  public func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext) { tree.end() }
  public func didFail(_ site: PassSite, on operation: Operation) { tree.end() }
}
