import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// Shrinks a module while a test finds it interesting: each reduction is tried at all its places at once, then
/// at half of them, and so on down to each alone (after Zeller and Hildebrandt's ddmin, 2002), until none
/// of the reductions is accepted any more. Every candidate tested reads back and verifies.
struct Reducer {
  let isInteresting: (String) throws(Diagnostic) -> Bool
  let allowsUnregistered: Bool
  /// Runs of the test at most.
  var maximumTests = 5000
  /// Told of each smaller module.
  var progress: (_ text: String, _ operations: Int, _ what: String) throws(Diagnostic) -> Void = {
    (_, _, _) throws(Diagnostic) in
  }

  private(set) var tests = 0
  private var tried: Set<UInt64> = []

  init(
    allowsUnregistered: Bool,
    isInteresting: @escaping (String) throws(Diagnostic) -> Bool
  ) {
    self.isInteresting = isInteresting
    self.allowsUnregistered = allowsUnregistered
  }

  /// A module with its text and size.
  struct State {
    var text: String
    var measure: Reduction.Measure
    var operations: Int
  }

  /// The state `source` is in.
  /// - Throws: where it does not parse or verify, or is not interesting.
  mutating func start(_ source: SourceFile) throws(Diagnostic) -> State {
    let engine = DiagnosticEngine()
    guard let (context, module) = read(source, engine) else {
      throw engine.diagnostics.first ?? Diagnostic(.error, "cannot be read", subject: source.name)
    }
    defer { withExtendedLifetime(context) {} }
    let text = Printer.text(module)
    tests += 1
    guard try isInteresting(text) else {
      throw Diagnostic(
        .error, "the test does not find this module interesting; there is nothing to reduce",
        subject: source.name)
    }
    return state(module, text)
  }

  private func state(_ module: Operation, _ text: String) -> State {
    State(
      text: text,
      measure: .init(operations: Reduction.weight(module), characters: text.utf8.count),
      operations: Reduction.operationCount(module))
  }

  /// The module and its context, without which it is nothing.
  private func read(_ source: SourceFile, _ engine: DiagnosticEngine = DiagnosticEngine())
    -> (context: Context, module: Operation)?
  {
    let context = Registration.makeContext(engine)
    context.allowsUnregisteredDialects = allowsUnregistered
    do throws(Reported) {
      let module = try Parser(source, context: context).parseModule()
      try Verifier().verify(module)
      return (context, module)
    } catch {
      return nil
    }
  }

  /// The smallest module found, starting from `state`.
  mutating func reduce(_ start: State) throws(Diagnostic) -> State {
    var state = start
    while true {
      let before = state.measure
      for pipeline in ["symbol-dce", "canonicalize", "cse"] { try run(pipeline, &state) }
      for reduction in Reduction.all { try apply(reduction, &state) }
      if state.measure == before || tests >= maximumTests { return state }
    }
  }

  private mutating func apply(_ reduction: Reduction, _ state: inout State) throws(Diagnostic) {
    var count = places(reduction, state)
    var chunk = count
    while chunk >= 1, tests < maximumTests {
      var start = 0
      while start < count, tests < maximumTests {
        let range = start..<min(start + chunk, count)
        if try change(
          &state, reduction.name,
          { module in
            let places = reduction.places(module)
            for i in range where i < places.count { places[i]() }
          })
        {
          // What comes next has moved to here.
          count = places(reduction, state)
        } else {
          start += chunk
        }
      }
      chunk = chunk > 1 ? (chunk + 1) / 2 : 0
      chunk = min(chunk, max(count, 1))
      if count == 0 { return }
    }
  }

  private func places(_ reduction: Reduction, _ state: State) -> Int {
    guard let (context, module) = read(SourceFile(name: "<reduced>", text: state.text)) else {
      return 0
    }
    defer { withExtendedLifetime(context) {} }
    return reduction.places(module).count
  }

  private mutating func run(_ pass: String, _ state: inout State) throws(Diagnostic) {
    guard tests < maximumTests,
      let pipeline = try? PipelineParser.parse(pass, Registration.passes)
    else { return }
    _ = try change(&state, pass) { module in
      try? PassManager(module.context, pipeline).run(module)
    }
  }

  /// Makes `edit` on a copy and takes that where it is smaller, verifies and is interesting.
  private mutating func change(
    _ state: inout State, _ what: String, _ edit: (Operation) -> Void
  ) throws(Diagnostic) -> Bool {
    guard let (context, module) = read(SourceFile(name: "<reduced>", text: state.text)) else {
      return false
    }
    defer { withExtendedLifetime(context) {} }
    edit(module)
    Reduction.clean(module)
    do throws(Reported) { try Verifier().verify(module) } catch { return false }
    let text = Printer.text(module)
    let candidate = self.state(module, text)
    guard candidate.measure < state.measure else { return false }
    var hash: UInt64 = 0
    for byte in text.utf8 { hash = StableHasher.mix(hash, UInt64(byte)) }
    guard tried.insert(hash).inserted,
      read(SourceFile(name: "<reduced>", text: text)) != nil
    else { return false }
    tests += 1
    guard try isInteresting(text) else { return false }
    state = candidate
    try progress(text, candidate.operations, what)
    return true
  }
}
