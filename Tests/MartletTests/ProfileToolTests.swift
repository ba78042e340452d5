import Foundation
import Martlet
import MartletRuntime
import Testing

/// `martlet profile`: its tables, its files, and that what it runs goes on as ever.
@Suite struct ProfileToolTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  private func profile(_ arguments: String...) -> ToolRun {
    ToolRun.run(ProfileTool.run, arguments)
  }

  private func chain(_ count: Int = 300) throws -> String {
    var text = "func.func @f(%a: i32) -> i32 {\n  %c = arith.constant 3 : i32\n"
    var last = "%a"
    for i in 0..<count {
      text += "  %v\(i) = arith.addi \(last), %c : i32\n"
      last = "%v\(i)"
    }
    return try scratch.write("chain.mlir", text + "  return \(last) : i32\n}\n")
  }

  private func program() throws -> [String] {
    let x = scratch.path + "/x.npy"
    try NPY.write(try Tensor((0..<1024).map { Float($0) }, shape: [32, 32]), to: x)
    let model = try scratch.write(
      "m.mlir",
      """
      func.func @main(%x: tensor<32x32xf32>) -> tensor<32x32xf32> {
        %zero = arith.constant 0.0 : f32
        %e = tensor.empty() : tensor<32x32xf32>
        %z = linalg.fill ins(%zero : f32) outs(%e : tensor<32x32xf32>) -> tensor<32x32xf32>
        %p = linalg.matmul ins(%x, %x : tensor<32x32xf32>, tensor<32x32xf32>)
            outs(%z : tensor<32x32xf32>) -> tensor<32x32xf32>
        %q = linalg.matmul ins(%p, %x : tensor<32x32xf32>, tensor<32x32xf32>)
            outs(%z : tensor<32x32xf32>) -> tensor<32x32xf32>
        return %q : tensor<32x32xf32>
      }
      """)
    return ["run", "--no-cache", "--quiet", "--repeat=4", model, "-i", "x=\(x)"]
  }

  // MARK: Tables

  @Test func tellsWhereOptSpendsItsTime() throws {
    let file = try chain()
    let plain = ToolRun.opt("-p", "canonicalize,cse", file)
    let run = profile("opt", "-p", "canonicalize,cse", file)
    try #require(run.status == .success, "\(run.messages)")
    #expect(run.out == plain.out)
    for line in ["wall ", "parse ", "verify ", "rewrite ", "print ", "tokens, measured by lexing"] {
      #expect(run.messages.contains(line), "no '\(line)' in \(run.messages)")
    }
    for span in ["parse lex and parse", "pass canonicalize", "pass cse", "print print text"] {
      #expect(run.messages.contains(span), "no '\(span)' in \(run.messages)")
    }
    // 300 additions become one, by 299 applications.
    let pattern = try #require(
      run.messages.split(separator: "\n").first { $0.hasSuffix("arith.addi: add-of-add") })
    let fields = pattern.split(separator: " ")
    #expect(fields[3] == "299", "\(pattern)")
    #expect(run.messages.contains("304 ops, "))
  }

  @Test func tellsOfKernelsAndMemory() throws {
    let command = try program()
    let run = ToolRun.run(ProfileTool.run, command)
    try #require(run.status == .success, "\(run.messages)")
    #expect(run.out == "result0: 32x32xf32\n")
    for span in [
      "llvm llvm optimise", "llvm llvm codegen", "load load code", "lowering plan-memory",
    ] {
      #expect(run.messages.contains(span), "no '\(span)' in \(run.messages)")
    }
    // Two products of 32 x 32 x 32, the first run and four after it; the zeros are part of them or kernels.
    let products = run.messages.split(separator: "\n").filter {
      $0.hasSuffix("_contraction") && !$0.contains("###")
    }
    #expect(products.count == 2, "\(run.messages)")
    for product in products {
      let fields = product.split(separator: " ").map(String.init)
      #expect(fields[2] == "5", "calls: \(product)")
      #expect(fields[3] == "65536", "FLOP: \(product)")
    }
    #expect(run.messages.contains("memory: 4.1 kB in use at most"), "\(run.messages)")
    #expect(run.messages.contains("<- peak"))
  }

  @Test func aSelectionIsAllThatIsRecorded() throws {
    let run = profile("--only", "pass:canonicalize", "opt", "-p", "canonicalize,cse", try chain())
    #expect(run.status == .success)
    #expect(run.messages.contains("pass canonicalize"))
    #expect(!run.messages.contains("pass cse"))
    #expect(!run.messages.contains("parse lex"))
    #expect(!run.messages.contains("tried"))
    let patterns = profile("--only=pattern:arith.*", "opt", "-p", "canonicalize", try chain())
    #expect(patterns.messages.contains("arith.addi: add-of-add"))
    #expect(!patterns.messages.contains("func.return: fold"))
  }

  @Test func theCommandsStatusIsKept() throws {
    let wrong = try scratch.write("wrong.mlir", "func.func @f( {")
    let run = profile("opt", wrong)
    #expect(run.status == .failure)
    #expect(run.messages.contains("error: "))
    #expect(run.messages.contains("profile of martlet opt"))
  }

  @Test func usageIsChecked() {
    for (arguments, words) in [
      (["opt2", "x"], "did you mean 'opt'"), ([], "no command"),
      (["--only", "pas:x", "opt"], "pass"),
      (["--min-duration", "10", "opt"], "10us"),
      (["--trce", "f", "opt"], "did you mean '--trace'"),
      (["profile", "opt"], "does not profile itself"),
    ] {
      let run = ToolRun.run(ProfileTool.run, arguments)
      #expect(run.status == .usage)
      #expect(run.messages.contains(words), "\(arguments): \(run.messages)")
    }
  }

  @Test func countersAreReadOrTheReasonIsSaid() throws {
    let run = ToolRun.run(ProfileTool.run, ["--counters"] + (try program()))
    #expect(run.status == .success)
    #expect(
      run.messages.contains("instructions") || run.messages.contains("perf_event_open says"),
      "\(run.messages)")
  }

  @Test func theMachineIsMeasuredAndKept() throws {
    let roofline = Roofline(
      text: "martlet machine 1\nf32 100.5\nf64 50\nbytes 1000 80.0\nbytes 9000 20\n")
    let known = try #require(roofline)
    #expect(known.peak32 == 100.5)
    #expect(known.bandwidth(forBytes: 500) == 80)
    #expect(known.bandwidth(forBytes: 5000) == 20)
    #expect(known.bandwidth(forBytes: 50_000) == 20)
    #expect(Roofline(text: known.text) == known)
    #expect(Roofline(text: "martlet machine 1\nf32 0\n") == nil)
    #expect(Roofline(text: "something else") == nil)
  }

  /// The measuring kernels run, and give numbers that hang together.
  @Test func theMeasurementIsSound() throws {
    let measured = try Roofline.measure(largest: 48 << 20)
    #expect(measured.peak32 > 1 && measured.peak32 < 5000)
    // A vector holds half as many f64.
    #expect(measured.peak64 > measured.peak32 * 0.25 && measured.peak64 < measured.peak32 * 1.1)
    #expect(measured.bandwidths.map(\.bytes) == measured.bandwidths.map(\.bytes).sorted())
    #expect(measured.bandwidths.allSatisfy { $0.gigabytesPerSecond > 0.1 })
  }

  // MARK: Files

  private func files(_ command: [String]) throws -> (
    trace: Any, speedscope: Any, firefox: Any, svg: String
  ) {
    let path = scratch.path
    let run = ToolRun.run(
      ProfileTool.run,
      [
        "--trace", path + "/t.json", "--speedscope", path + "/s.json", "--firefox",
        path + "/f.json",
        "--flamegraph", path + "/g.svg", "-o", path + "/table.txt",
      ] + command)
    try #require(run.status == .success, "\(run.messages)")
    #expect(run.messages.isEmpty)
    func json(_ name: String) throws -> Any {
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(path)/\(name)")))
    }
    return (
      try json("t.json"), try json("s.json"), try json("f.json"),
      try String(contentsOfFile: path + "/g.svg", encoding: .utf8)
    )
  }

  @Test func filesAreOfTheirFormats() throws {
    let made = try files(try program())
    try checkTraceEvents(made.trace)
    try checkSpeedscope(made.speedscope)
    try checkFirefox(made.firefox)
    let parser = XMLChecker()
    #expect(parser.isWellFormed(made.svg))
    #expect(
      !made.svg.contains("http://") || made.svg.contains("xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(!made.svg.contains("src="), "the picture needs something beside itself")
  }

  /// The Trace Event format: every event has a name, phase, process, thread; complete events have a start and a
  /// duration, and those of one thread lie in one another or apart.
  private func checkTraceEvents(_ json: Any) throws {
    let root = try #require(json as? [String: Any])
    let events = try #require(root["traceEvents"] as? [[String: Any]])
    var spans: [Int: [(Double, Double)]] = [:]
    var names: Set<String> = []
    for event in events {
      let name = try #require(event["name"] as? String)
      let phase = try #require(event["ph"] as? String)
      #expect(event["pid"] is Int)
      let thread = try #require(event["tid"] as? Int)
      switch phase {
      case "X":
        let start = try #require(event["ts"] as? Double)
        let duration = try #require(event["dur"] as? Double)
        #expect(start >= 0 && duration >= 0)
        #expect(event["cat"] is String)
        spans[thread, default: []].append((start, start + duration))
        names.insert(name)
      case "C":
        #expect(event["ts"] is Double)
        let arguments = try #require(event["args"] as? [String: Any])
        #expect(arguments.values.allSatisfy { $0 is Int })
        names.insert(name)
      case "M":
        #expect(["process_name", "thread_name"].contains(name))
        #expect((event["args"] as? [String: Any])?["name"] is String)
      default: Issue.record("phase '\(phase)'")
      }
    }
    for name in ["run", "lex and parse", "llvm codegen", "canonicalize", "live bytes"] {
      #expect(names.contains(name), "no '\(name)' in \(names.sorted())")
    }
    for list in spans.values {
      var open: [Double] = []
      for (start, end) in list.sorted(by: { ($0.0, $1.1) < ($1.0, $0.1) }) {
        while let last = open.last, last <= start + 0.0005 { open.removeLast() }
        if let last = open.last { #expect(end <= last + 0.002, "spans overlap") }
        open.append(end)
      }
    }
  }

  /// speedscope's schema: frames with names, evented profiles whose events are balanced and in order.
  private func checkSpeedscope(_ json: Any) throws {
    let root = try #require(json as? [String: Any])
    #expect(root["$schema"] as? String == "https://www.speedscope.app/file-format-schema.json")
    let shared = try #require(root["shared"] as? [String: Any])
    let frames = try #require(shared["frames"] as? [[String: Any]])
    #expect(frames.allSatisfy { $0["name"] is String })
    let profiles = try #require(root["profiles"] as? [[String: Any]])
    #expect(!profiles.isEmpty)
    #expect((root["activeProfileIndex"] as? Int).map { profiles.indices.contains($0) } == true)
    for profile in profiles {
      #expect(profile["type"] as? String == "evented")
      #expect(profile["name"] is String)
      #expect(profile["unit"] as? String == "nanoseconds")
      var last = try #require(profile["startValue"] as? Int)
      let end = try #require(profile["endValue"] as? Int)
      var open: [Int] = []
      for event in try #require(profile["events"] as? [[String: Any]]) {
        let at = try #require(event["at"] as? Int)
        let frame = try #require(event["frame"] as? Int)
        #expect(frames.indices.contains(frame))
        #expect(at >= last)
        last = at
        switch event["type"] as? String {
        case "O": open.append(frame)
        case "C": #expect(open.popLast() == frame)
        default: Issue.record("an event of type \(event["type"] ?? "none")")
        }
      }
      #expect(open.isEmpty)
      #expect(last <= end)
    }
  }

  /// The Firefox Profiler's processed format, version 48: tables whose columns are as long as they say and whose
  /// indices lead somewhere.
  private func checkFirefox(_ json: Any) throws {
    let root = try #require(json as? [String: Any])
    let meta = try #require(root["meta"] as? [String: Any])
    #expect(meta["preprocessedProfileVersion"] as? Int == 48)
    for key in ["interval", "startTime", "processType", "stackwalk", "version"] {
      #expect(meta[key] is Int, "meta.\(key)")
    }
    #expect(meta["product"] is String)
    #expect(meta["markerSchema"] is [Any])
    let categories = try #require(meta["categories"] as? [[String: Any]])
    #expect(categories.contains { $0["color"] as? String == "grey" })
    let colors = [
      "transparent", "purple", "green", "orange", "yellow", "lightblue", "blue", "brown", "magenta",
      "red", "lightred", "darkgrey", "grey", "lightgreen",
    ]
    for category in categories {
      #expect(category["name"] is String)
      #expect(colors.contains(category["color"] as? String ?? ""))
      #expect((category["subcategories"] as? [String])?.first == "Other")
    }
    #expect(root["libs"] is [Any])
    let threads = try #require(root["threads"] as? [[String: Any]])
    #expect(threads.first?["isMainThread"] as? Bool == true)
    for thread in threads {
      #expect(thread["name"] is String && thread["pid"] is String && thread["tid"] is Int)
      let strings = try #require(thread["stringArray"] as? [String])
      func table(_ name: String, _ columns: [String]) throws -> (Int, [String: [Any]]) {
        let table = try #require(thread[name] as? [String: Any], "no \(name)")
        let length = try #require(table["length"] as? Int)
        var found: [String: [Any]] = [:]
        for column in columns {
          let values = try #require(table[column] as? [Any], "no \(name).\(column)")
          #expect(values.count == length, "\(name).\(column)")
          found[column] = values
        }
        return (length, found)
      }
      let (functions, functionTable) = try table(
        "funcTable",
        [
          "name", "isJS", "relevantForJS", "resource", "fileName", "lineNumber", "columnNumber",
        ])
      for name in functionTable["name"] ?? [] {
        #expect(strings.indices.contains(name as? Int ?? -1))
      }
      let (frames, frameTable) = try table(
        "frameTable",
        [
          "address", "inlineDepth", "category", "subcategory", "func", "nativeSymbol",
          "innerWindowID", "implementation", "line", "column",
        ])
      for function in frameTable["func"] ?? [] {
        #expect((0..<functions).contains(function as? Int ?? -1))
      }
      let (stacks, stackTable) = try table(
        "stackTable", ["frame", "prefix", "category", "subcategory"])
      for (i, prefix) in (stackTable["prefix"] ?? []).enumerated() where !(prefix is NSNull) {
        #expect((0..<i).contains(prefix as? Int ?? -1), "a stack comes after the one below it")
      }
      for frame in stackTable["frame"] ?? [] { #expect((0..<frames).contains(frame as? Int ?? -1)) }
      for category in stackTable["category"] ?? [] {
        #expect(categories.indices.contains(category as? Int ?? -1))
      }
      let (_, samples) = try table("samples", ["stack", "time", "weight"])
      for stack in samples["stack"] ?? [] where !(stack is NSNull) {
        #expect((0..<stacks).contains(stack as? Int ?? -1))
      }
      let times = try #require(samples["time"] as? [Double])
      #expect(times == times.sorted())
      #expect((thread["samples"] as? [String: Any])?["weightType"] as? String == "tracing-ms")
      _ = try table("markers", ["data", "name", "startTime", "endTime", "phase", "category"])
      _ = try table("resourceTable", ["lib", "name", "host", "type"])
      _ = try table("nativeSymbols", ["libIndex", "address", "name", "functionSize"])
    }
    let counters = try #require(root["counters"] as? [[String: Any]])
    for counter in counters {
      #expect(counter["category"] as? String == "Memory" && counter["pid"] is String)
      let samples = try #require(counter["samples"] as? [String: Any])
      let counts = try #require(samples["count"] as? [Int])
      #expect(counts.count == samples["length"] as? Int)
      #expect(counts.reduce(0, +) == 0, "what is taken is given back")
    }
    #expect(!counters.isEmpty)
  }

  // MARK: In a browser

  /// Chromium runs the picture's script: a frame that is zoomed to is as wide as the picture, frames that are
  /// searched for are marked, and nothing is complained of.
  @Test func aBrowserOpensTheFlameGraph() throws {
    guard let browser = Chromium() else {
      print(
        "skipped: no Chromium here (chromium-headless-shell; Scripts/setup.sh --test installs it)")
      return
    }
    let file = scratch.path + "/g.svg"
    let run = profile("--flamegraph", file, "opt", "-p", "cse,canonicalize", try chain(3000))
    try #require(run.status == .success)
    func widths(_ dom: String) -> [String: Double] {
      var found: [String: Double] = [:]
      for group in dom.components(separatedBy: "<g data-x=").dropFirst() {
        guard !group.contains("display: none"),
          let title = group.components(separatedBy: "data-t=\"").last?.split(separator: "\"").first,
          let width = group.components(separatedBy: "width=\"").dropFirst().first?
            .split(separator: "\"").first
        else { continue }
        found[String(title)] = Double(width)
      }
      return found
    }
    let whole = widths(try browser.dom(of: file))
    #expect(whole.count > 5)
    let narrow = try #require(whole["pass cse"])
    #expect(narrow < 1199)
    let zoomed = widths(try browser.dom(of: file, fragment: "zoom=pass cse"))
    #expect(zoomed["pass cse"] == 1200)
    #expect(zoomed["lex and parse"] == nil)
    let searched = try browser.dom(of: file, fragment: "search=^pass c")
    #expect(searched.components(separatedBy: "frame found").count == 3, "two frames are marked")
    #expect(searched.contains("marked: "))
    let wrong = try browser.dom(of: file, fragment: "search=(")
    #expect(wrong.contains("not a regular expression"))
  }
}

/// Whether a text is XML.
private final class XMLChecker: NSObject {
  /// Tags are closed in the order in which they were opened.
  func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
      rest = rest[start...]
      if rest.hasPrefix("<![CDATA[") {
        guard let end = rest.range(of: "]]>") else { return false }
        rest = rest[end.upperBound...]
        continue
      }
      guard let end = rest.firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
      let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace }
      if tag.hasPrefix("/") {
        guard open.popLast() == name else { return false }
      } else {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}

/// A headless Chromium, where the machine has one.
struct Chromium {
  private let program: String

  init?() {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    for name in ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"] {
      for folder in folders {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) {
          program = path
          return
        }
      }
    }
    return nil
  }

  /// The document after its scripts have run.
  func dom(of file: String, fragment: String = "") throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    let allowed = CharacterSet.urlFragmentAllowed
    let hash = fragment.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
      "file://\(file)" + (hash.isEmpty ? "" : "#\(hash)"),
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
