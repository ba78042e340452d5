/// What a recording holds, for reports and files. Times are nanoseconds from its start.
public struct TraceSnapshot: Sendable {
  /// Spans of one name under one parent, summed.
  public struct Node: Sendable {
    public var category: TraceCategory
    public var name: String
    /// The index of the node around it.
    public var parent: Int?
    public var calls: Int
    public var nanoseconds: Double
    public var allocations: Int
    public var allocatedBytes: Int
    /// What the spans counted.
    public var counts: [(key: String, value: Int)]

    public subscript(count key: String) -> Int? { counts.first { $0.key == key }?.value }
  }

  /// A span by itself.
  public struct Event: Sendable {
    public var node: Int
    public var start: Double
    public var end: Double
    public var details: [(key: String, value: String)]
  }

  /// The value of something at a time.
  public struct Sample: Sendable {
    public var name: String
    public var time: Double
    public var value: Int
  }

  public struct Thread: Sendable {
    public var name: String
    /// A node comes after the one around it.
    public var nodes: [Node]
    /// In order of their starts, the outer of two that begin together first.
    public var events: [Event]
    public var samples: [Sample]
    public var start: Double
    public var end: Double
    /// Why processor counters could not be read, where they were asked for.
    public var counterProblem: String?
  }

  public var threads: [Thread]
  public var processID: Int
}

extension TraceSnapshot.Thread {
  /// The time of each node less that of the nodes inside it. Patterns' times are estimates, so that a little
  /// less than nothing may be left, which counts as nothing.
  public var selfNanoseconds: [Double] {
    var own = nodes.map(\.nanoseconds)
    for node in nodes {
      if let parent = node.parent { own[parent] -= node.nanoseconds }
    }
    return own.map { max(0, $0) }
  }
}
