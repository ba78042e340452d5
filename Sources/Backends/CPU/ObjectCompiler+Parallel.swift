import Glibc
import MartletSupport

extension ObjectCompiler {
  /// A module to compile: its LLVM IR text and what to call it in diagnostics.
  public struct Module: Sendable {
    public var name: String
    public var text: [UInt8]

    public init(name: String, text: [UInt8]) {
      self.name = name
      self.text = text
    }
  }

  /// Compiles several modules on up to `threads` threads; the outputs are in the modules' order.
  /// - Throws: the diagnostic of the first module, in order, that cannot be compiled.
  public func compile(_ modules: [Module], to product: Product = .object, threads: Int)
    throws(Diagnostic) -> [Output]
  {
    let trace = Trace.current
    let crew = Crew(modules) { module in
      Trace.join(trace, threadName: "LLVM \(module.name)") {
        Result { () throws(Diagnostic) in
          try compile(module.text, name: module.name, to: product)
        }
      }
    }
    crew.work(threads: min(threads, modules.count))
    var outputs: [Output] = []
    for result in crew.results() { outputs.append(try result.get()) }
    return outputs
  }
}

/// Threads that take the next piece of work from a common list until none is left.
private final class Crew<Work: Sendable, Answer: Sendable>: @unchecked Sendable {
  private let work: [Work]
  private let perform: (Work) -> Answer
  private var answers: [Answer?]
  private var next = 0
  private let lock: UnsafeMutablePointer<pthread_mutex_t>

  init(_ work: [Work], _ perform: @escaping (Work) -> Answer) {
    self.work = work
    self.perform = perform
    answers = Array(repeating: nil, count: work.count)
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }

  /// The calling thread is one of the crew, so the work is done even where no thread can be made.
  func work(threads: Int) {
    var helpers: [pthread_t] = []
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    // LLVM recurses deeply on large functions.
    pthread_attr_setstacksize(&attributes, 64 << 20)
    for _ in 1..<max(threads, 1) {
      var thread = pthread_t()
      let member = Unmanaged.passRetained(CrewMember { self.takeAll() })
      let status = pthread_create(
        &thread, &attributes,
        { argument in
          guard let argument else { return nil }
          Unmanaged<CrewMember>.fromOpaque(argument).takeRetainedValue().run()
          return nil
        }, member.toOpaque())
      if status != 0 { member.release() }
      if status == 0 { helpers.append(thread) }
    }
    pthread_attr_destroy(&attributes)
    takeAll()
    for helper in helpers { pthread_join(helper, nil) }
  }

  private func takeAll() {
    while true {
      let index = locked { () -> Int? in
        guard next < work.count else { return nil }
        defer { next += 1 }
        return next
      }
      guard let index else { return }
      let answer = perform(work[index])
      locked { answers[index] = answer }
    }
  }

  func results() -> [Answer] { answers.compactMap { $0 } }
}

private final class CrewMember {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
