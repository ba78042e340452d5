/// Why something could not be measured.
struct BenchFailure: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// Work of a unit, in this process.
struct UnitWork {
  /// How many items (operations, tokens, uses) one run treats.
  var count: Int
  /// Kept as long as the unit: operations that the closures hold are nothing without their context.
  var owner: ParsedModule?
  /// Done before each run and not measured; nil where runs leave everything as it was.
  var prepare: (() throws -> Void)?
  var run: () throws -> Void
}

/// Work of a whole process.
struct ProgramWork: Sendable {
  /// What follows the program's name.
  var arguments: [String]
  /// How many items the run treats; nil where there is nothing to count.
  var count: Int?
  /// Folders emptied before each run.
  var emptied: [String] = []
  var environment: [String: String] = [:]
}

/// One thing that is measured.
struct Benchmark: Sendable {
  enum Body: Sendable {
    case unit(@Sendable (BenchInputs) throws -> UnitWork)
    case program(@Sendable (BenchInputs) throws -> ProgramWork)
  }

  /// Words with dots between, the first of which says what is done and the last to what:
  /// `parse.chain`. A name stays what it is, for results are compared by it.
  let name: String
  /// How large the input is, where there are several sizes.
  var size: Int?
  let summary: String
  /// What is counted.
  var item = "op"
  /// Whether `--quick` measures it.
  var isQuick = true
  /// What was published of MLIR for the same work, nanoseconds per item.
  var published: Double?
  let body: Body

  /// The name with the size: `parse.chain/1000`.
  var id: String { size.map { "\(name)/\($0)" } ?? name }

  var isProgram: Bool {
    if case .program = body { return true }
    return false
  }
}
