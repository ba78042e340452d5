import MartletSupport

/// A recording in the processed format of the Firefox Profiler, version 48: samples whose weights are the
/// times of their stacks, a thread each, and a memory counter.
enum FirefoxProfile {
  static func text(_ snapshot: TraceSnapshot, command: String) -> [UInt8] {
    var json = JSONText()
    json.object {
      $0.object("meta") { meta(&$0, command) }
      $0.array("libs") { _ in }
      $0.array("pages") { _ in }
      $0.array("counters") { json in
        for (number, thread) in snapshot.threads.enumerated() where !thread.samples.isEmpty {
          counter(&json, thread, number, snapshot.processID)
        }
      }
      $0.array("profilerOverhead") { _ in }
      $0.array("threads") { json in
        for (number, thread) in snapshot.threads.enumerated() {
          FirefoxThread(thread).write(&json, number: number, process: snapshot.processID)
        }
      }
    }
    return json.bytes
  }

  /// The profiler wants a category of the colour grey.
  static let colors: [TraceCategory: String] = [
    .other: "grey", .read: "lightgreen", .parse: "blue", .verify: "purple", .pass: "orange",
    .pattern: "yellow", .lowering: "green", .llvm: "magenta", .load: "lightblue", .run: "darkgray",
    .kernel: "red", .print: "brown",
  ]

  private static func meta(_ json: inout JSONText, _ command: String) {
    json.field("interval", 1)
    json.field("startTime", 0)
    json.field("processType", 0)
    json.field("product", "martlet \(command)")
    json.field("importedFrom", "martlet profile")
    json.field("stackwalk", 0)
    json.field("debug", false)
    json.field("version", 29)
    json.field("preprocessedProfileVersion", 48)
    json.field("symbolicated", true)
    json.field("usesOnlyOneStackType", true)
    json.field("doesNotUseFrameImplementation", true)
    json.field("sourceCodeIsNotOnSearchfox", true)
    json.array("markerSchema") { _ in }
    json.array("categories") { json in
      for category in TraceCategory.allCases {
        json.object {
          $0.field("name", category.name)
          $0.field("color", colors[category] ?? "grey")
          $0.array("subcategories") { $0.field(nil, "Other") }
        }
      }
    }
  }

  private static func counter(
    _ json: inout JSONText, _ thread: TraceSnapshot.Thread, _ number: Int, _ process: Int
  ) {
    json.object {
      $0.field("name", thread.samples.first?.name ?? "")
      $0.field("category", "Memory")
      $0.field("description", "Bytes of the plan's slots in use")
      $0.field("pid", "\(process)")
      $0.field("mainThreadIndex", number)
      $0.object("samples") { json in
        json.array("time") { json in
          for sample in thread.samples { json.milliseconds(nil, sample.time) }
        }
        // Counts are changes.
        var last = 0
        json.list(
          "count",
          thread.samples.map { sample -> Int in
            defer { last = sample.value }
            return sample.value - last
          })
        json.field("length", thread.samples.count)
      }
    }
  }
}

/// The tables of one thread.
private struct FirefoxThread {
  private let thread: TraceSnapshot.Thread
  private var strings: [String] = []
  private var stringNumbers: [String: Int] = [:]
  /// A function and a frame per title and category.
  private var functions: [(name: Int, category: Int)] = []
  private var functionNumbers: [String: Int] = [:]
  /// Stacks by frame and the stack below.
  private var stacks: [(frame: Int, prefix: Int?)] = []
  private var stackNumbers: [[Int]: Int] = [:]
  /// A sample for each stretch of time in which one stack was at work.
  private var samples: [(stack: Int?, time: Double, weight: Double)] = []

  init(_ thread: TraceSnapshot.Thread) {
    self.thread = thread
    var open: [Int] = []
    var last = thread.start
    var samples: [(stack: Int?, time: Double, weight: Double)] = []
    var changes: [TraceSnapshot.Thread.Change] = []
    thread.visitNested { changes.append($0) }
    for change in changes {
      if change.time > last { samples.append((open.last, last, change.time - last)) }
      last = max(last, change.time)
      if change.opens {
        open.append(stack(change.node, open.last))
      } else {
        open.removeLast()
      }
    }
    if thread.end > last { samples.append((nil, last, thread.end - last)) }
    self.samples = samples
  }

  private mutating func string(_ text: String) -> Int {
    if let known = stringNumbers[text] { return known }
    stringNumbers[text] = strings.count
    strings.append(text)
    return strings.count - 1
  }

  private mutating func stack(_ node: Int, _ prefix: Int?) -> Int {
    let title = thread.nodes[node].title
    let category = Int(thread.nodes[node].category.rawValue)
    let key = "\(category) \(title)"
    let function: Int
    if let known = functionNumbers[key] {
      function = known
    } else {
      function = functions.count
      functions.append((string(title), category))
      functionNumbers[key] = function
    }
    if let known = stackNumbers[[function, prefix ?? -1]] { return known }
    stacks.append((function, prefix))
    stackNumbers[[function, prefix ?? -1]] = stacks.count - 1
    return stacks.count - 1
  }

  func write(_ json: inout JSONText, number: Int, process: Int) {
    json.object {
      $0.field("processType", "default")
      $0.field("processName", "martlet")
      $0.field("processStartupTime", 0)
      $0.null("processShutdownTime")
      $0.milliseconds("registerTime", thread.start)
      $0.milliseconds("unregisterTime", thread.end)
      $0.array("pausedRanges") { _ in }
      $0.field("name", number == 0 ? "GeckoMain" : thread.name)
      $0.field("isMainThread", number == 0)
      $0.field("pid", "\(process)")
      $0.field("tid", number == 0 ? process : process + number)
      $0.object("samples") { json in
        json.field("weightType", "tracing-ms")
        json.list("stack", samples.map(\.stack))
        json.array("time") { json in for s in samples { json.milliseconds(nil, s.time) } }
        json.array("weight") { json in for s in samples { json.milliseconds(nil, s.weight) } }
        json.field("length", samples.count)
      }
      $0.object("markers") { json in
        for name in ["data", "name", "startTime", "endTime", "phase", "category"] {
          json.array(name) { _ in }
        }
        json.field("length", 0)
      }
      $0.object("stackTable") { json in
        json.list("frame", stacks.map(\.frame))
        json.list("prefix", stacks.map(\.prefix))
        json.list("category", stacks.map { functions[$0.frame].category })
        json.list("subcategory", stacks.map { _ in 0 })
        json.field("length", stacks.count)
      }
      $0.object("frameTable") { json in
        let none = functions.map { _ in Int?.none }
        json.list("address", functions.map { _ in -1 })
        json.list("inlineDepth", functions.map { _ in 0 })
        json.list("category", functions.map(\.category))
        json.list("subcategory", functions.map { _ in 0 })
        json.list("func", Array(functions.indices))
        for name in ["nativeSymbol", "innerWindowID", "implementation", "line", "column"] {
          json.list(name, none)
        }
        json.field("length", functions.count)
      }
      $0.object("funcTable") { json in
        let none = functions.map { _ in Int?.none }
        json.list("name", functions.map(\.name))
        json.array("isJS") { json in for _ in functions { json.field(nil, false) } }
        json.array("relevantForJS") { json in for _ in functions { json.field(nil, false) } }
        json.list("resource", functions.map { _ in -1 })
        for name in ["fileName", "lineNumber", "columnNumber"] { json.list(name, none) }
        json.field("length", functions.count)
      }
      $0.object("resourceTable") { json in
        for name in ["lib", "name", "host", "type"] { json.array(name) { _ in } }
        json.field("length", 0)
      }
      $0.object("nativeSymbols") { json in
        for name in ["libIndex", "address", "name", "functionSize"] { json.array(name) { _ in } }
        json.field("length", 0)
      }
      $0.array("stringArray") { json in for text in strings { json.field(nil, text) } }
    }
  }
}
