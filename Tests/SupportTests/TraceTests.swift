import MartletSupport
import Testing

/// The recording under `martlet profile`.
@Suite struct TraceTests {
  private func spin(_ nanoseconds: UInt64) {
    let start = Stopwatch.now
    while Stopwatch.now &- start < nanoseconds {}
  }

  @Test func nothingIsRecordedOutside() {
    #expect(TraceRecorder.current == nil)
    #expect(Trace.current == nil)
    var named = false
    func name() -> String {
      named = true
      return "x"
    }
    #expect(traced(.pass, name()) { 7 } == 7)
    #expect(!named, "the name of a span nobody wants is made")
  }

  @Test func spansNestAndSum() throws {
    let trace = Trace(TraceFilter(), keepsEvents: true)
    trace.record {
      for _ in 0..<3 {
        traced(.pass, "outer") {
          traced(.verify, "inner") { spin(200_000) }
          TraceRecorder.current?.count("ops", 5)
        }
      }
    }
    #expect(TraceRecorder.current == nil)
    let thread = try #require(trace.snapshot().threads.first)
    #expect(thread.nodes.map(\.name) == ["outer", "inner"])
    #expect(thread.nodes.map(\.calls) == [3, 3])
    #expect(thread.nodes[1].parent == 0)
    #expect(thread.nodes[0][count: "ops"] == 15)
    // At least what was spun, and no more than the whole.
    #expect(thread.nodes[1].nanoseconds >= 590_000)
    #expect(thread.nodes[0].nanoseconds >= thread.nodes[1].nanoseconds)
    #expect(thread.end - thread.start >= thread.nodes[0].nanoseconds)
    #expect(thread.selfNanoseconds[0] < thread.nodes[0].nanoseconds - 500_000)
    #expect(thread.events.count == 6)
    for (a, b) in zip(thread.events, thread.events.dropFirst()) { #expect(a.start <= b.start) }
  }

  @Test func anErrorEndsTheSpan() throws {
    struct Oops: Error {}
    let trace = Trace()
    trace.record {
      try? traced(.pass, "fails") { throw Oops() }
      traced(.pass, "next") {}
    }
    let thread = try #require(trace.snapshot().threads.first)
    #expect(thread.nodes.map(\.name) == ["fails", "next"])
    #expect(thread.nodes.allSatisfy { $0.parent == nil && $0.calls == 1 })
  }

  @Test func onlyWhatIsAskedForIsRecorded() throws {
    let trace = Trace(try TraceFilter("pass:c*,kernel:k?"))
    trace.record {
      traced(.pass, "outer") { traced(.pass, "canonicalize") { traced(.verify, "x") {} } }
      traced(.kernel, "k1") {}
      traced(.kernel, "k12") {}
    }
    let thread = try #require(trace.snapshot().threads.first)
    #expect(thread.nodes.map(\.name) == ["canonicalize", "k1"])
    #expect(thread.nodes[0].parent == nil)
    #expect(throws: Diagnostic.self) { try TraceFilter("pas:x") }
  }

  @Test func shortSpansAreSummedButNotKept() throws {
    var filter = TraceFilter()
    filter.minimumNanoseconds = 100_000
    let trace = Trace(filter, keepsEvents: true)
    trace.record {
      for i in 0..<50 {
        traced(.pass, "p") {
          if i == 7 { spin(300_000) }
          TraceRecorder.current?.detail("number", "\(i)")
        }
      }
    }
    let thread = try #require(trace.snapshot().threads.first)
    #expect(thread.nodes[0].calls == 50)
    #expect(thread.events.count >= 1 && thread.events.count < 50)
    #expect(thread.events.contains { $0.details.map(\.value) == ["7"] })
    #expect(thread.events.allSatisfy { $0.details.count == 1 })
  }

  @Test func patternsAreCountedExactlyAndTimedByTheSample() throws {
    let trace = Trace()
    let tries = 20_000
    var spent = 0.0
    try trace.record {
      try traced(.pass, "p") {
        let probe = try #require(TraceRecorder.current?.patternProbe())
        let first = probe.counters(of: 3, "a.op", ["one", "two"])
        #expect(probe.counters(of: 3, "never", []) == first)
        let watch = Stopwatch()
        for i in 0..<tries {
          probe.begin(first + 1)
          var x = i
          for _ in 0..<200 { x = x &* 31 &+ 7 }
          probe.end(first + 1, applied: x == .min || i % 10 == 0)
        }
        spent = watch.seconds * 1e9
        probe.finish()
      }
    }
    let thread = try #require(trace.snapshot().threads.first)
    let one = try #require(thread.nodes.first { $0.name == "a.op: one" })
    #expect(one.calls == tries)
    #expect(one[count: "applied"] == tries / 10)
    #expect(one.category == .pattern && one.parent == 0)
    // An estimate from a sample: of the right size.
    #expect(one.nanoseconds > spent * 0.2 && one.nanoseconds < spent * 2)
    #expect(thread.nodes.allSatisfy { $0.name != "a.op: two" || $0.calls == 0 })
  }

  @Test func allocationsAreCounted() throws {
    let trace = Trace(countsAllocations: true)
    trace.record {
      traced(.pass, "makes") {
        for i in 0..<100 { withExtendedLifetime([UInt8](repeating: UInt8(i), count: 1000)) {} }
        for _ in 0..<10 {
          UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8).deallocate()
        }
      }
      traced(.pass, "makes nothing") {}
    }
    let thread = try #require(trace.snapshot().threads.first)
    // In debug builds every allocation is there; optimisers may take some away.
    #expect(thread.nodes[0].allocations >= 10)
    #expect(thread.nodes[0].allocatedBytes >= 640)
    #expect(thread.nodes[1].allocations <= 10)
  }

  @Test func globsMatch() throws {
    let filter = try TraceFilter("pattern:arith.*: add-*,*:x")
    #expect(filter.records(.pattern, "arith.addi: add-of-add"))
    #expect(!filter.records(.pattern, "arith.addi: fold"))
    #expect(filter.records(.run, "x") && !filter.records(.run, "xx"))
    #expect(filter.mayRecord(.kernel))
    #expect(try !TraceFilter("pass:*").mayRecord(.kernel))
  }
}
