import MartletSupport

/// A recording in the Trace Event format, which Perfetto and chrome://tracing open.
enum ChromeTrace {
  static func text(_ snapshot: TraceSnapshot, command: String) -> [UInt8] {
    var json = JSONText()
    json.object {
      $0.field("displayTimeUnit", "ms")
      $0.object("otherData") { $0.field("command", command) }
      $0.array("traceEvents") { json in
        metadata(&json, snapshot)
        for (number, thread) in snapshot.threads.enumerated() {
          for event in thread.events {
            span(&json, event, thread.nodes[event.node], snapshot.processID, number + 1)
          }
          for sample in thread.samples {
            json.object {
              $0.field("name", sample.name)
              $0.field("ph", "C")
              $0.microseconds("ts", sample.time)
              $0.field("pid", snapshot.processID)
              $0.field("tid", number + 1)
              $0.object("args") { $0.field("value", sample.value) }
            }
          }
        }
      }
    }
    return json.bytes
  }

  private static func metadata(_ json: inout JSONText, _ snapshot: TraceSnapshot) {
    func entry(_ json: inout JSONText, _ name: String, _ value: String, _ thread: Int) {
      json.object {
        $0.field("name", name)
        $0.field("ph", "M")
        $0.field("pid", snapshot.processID)
        $0.field("tid", thread)
        $0.object("args") { $0.field("name", value) }
      }
    }
    entry(&json, "process_name", "martlet", 1)
    for (number, thread) in snapshot.threads.enumerated() {
      entry(&json, "thread_name", thread.name, number + 1)
    }
  }

  private static func span(
    _ json: inout JSONText, _ event: TraceSnapshot.Event, _ node: TraceSnapshot.Node,
    _ process: Int, _ thread: Int
  ) {
    json.object {
      $0.field("name", node.name)
      $0.field("cat", node.category.name)
      $0.field("ph", "X")
      $0.microseconds("ts", event.start)
      $0.microseconds("dur", event.end - event.start)
      $0.field("pid", process)
      $0.field("tid", thread)
      if event.details.isEmpty, node.calls > 1 || node.counts.isEmpty { return }
      $0.object("args") { json in
        for (key, value) in event.details { json.field(key, value) }
        // Sums are those of this span only where there is no other.
        if node.calls == 1 { for (key, value) in node.counts { json.field(key, value) } }
      }
    }
  }
}

/// A recording in speedscope's format: a profile of opened and closed frames for each thread.
enum Speedscope {
  static func text(_ snapshot: TraceSnapshot, command: String) -> [UInt8] {
    var frames: [String] = []
    var frameNumbers: [String: Int] = [:]
    func frame(_ node: TraceSnapshot.Node) -> Int {
      let name = node.title
      if let known = frameNumbers[name] { return known }
      frameNumbers[name] = frames.count
      frames.append(name)
      return frames.count - 1
    }
    var profiles = JSONText()
    for thread in snapshot.threads {
      profiles.object {
        $0.field("type", "evented")
        $0.field("name", thread.name)
        $0.field("unit", "nanoseconds")
        $0.field("startValue", Int(thread.start))
        $0.field("endValue", Int(thread.end.rounded(.up)))
        $0.array("events") { json in
          thread.visitNested { change in
            json.object {
              $0.field("type", change.opens ? "O" : "C")
              $0.field("frame", frame(thread.nodes[change.node]))
              $0.field("at", Int(change.time))
            }
          }
        }
      }
    }
    var json = JSONText()
    json.object {
      $0.field("$schema", "https://www.speedscope.app/file-format-schema.json")
      $0.field("exporter", "martlet@\(martletVersion)")
      $0.field("name", "martlet \(command)")
      $0.field("activeProfileIndex", 0)
      $0.object("shared") {
        $0.array("frames") { json in
          for name in frames { json.object { $0.field("name", name) } }
        }
      }
      $0.array("profiles") { $0.raw(profiles.bytes) }
    }
    return json.bytes
  }
}

extension TraceSnapshot.Node {
  /// As flame graphs show it: `pass canonicalize`.
  var title: String {
    switch category {
    case .pass, .verify, .pattern, .kernel: "\(category.name) \(name)"
    default: name
    }
  }
}

extension TraceSnapshot.Thread {
  /// A frame opened or closed.
  struct Change {
    var opens: Bool
    var node: Int
    var time: Double
  }

  /// Goes through the spans as frames that open and close in order and lie in one another, whatever the
  /// rounding of the clocks: a frame ends where the one around it does, at the latest.
  func visitNested(_ body: (Change) -> Void) {
    var stack: [(node: Int, end: Double)] = []
    var now = start
    func close(_ limit: Double) {
      while let top = stack.last, top.end <= limit {
        now = max(now, top.end)
        body(Change(opens: false, node: top.node, time: now))
        stack.removeLast()
      }
    }
    for event in events {
      close(event.start)
      now = max(now, event.start)
      let end = max(now, min(event.end, stack.last?.end ?? self.end))
      body(Change(opens: true, node: event.node, time: now))
      stack.append((event.node, end))
    }
    close(.infinity)
  }
}
