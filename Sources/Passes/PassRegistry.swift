import MartletSupport

/// The passes and named pipelines a program knows, by their arguments.
public struct PassRegistry: Sendable {
  /// A pipeline with a name, which stands for a longer one.
  public struct NamedPipeline: Sendable {
    public let argument: String
    public let summary: String
    public let options: [PassOption]
    /// The elements it stands for.
    public let build: @Sendable (PassOptions) -> Pipeline

    public init(
      _ argument: String, _ summary: String, options: [PassOption] = [],
      build: @escaping @Sendable (PassOptions) -> Pipeline
    ) {
      self.argument = argument
      self.summary = summary
      self.options = options
      self.build = build
    }
  }

  private var passByArgument: [String: Pass] = [:]
  private var pipelineByArgument: [String: NamedPipeline] = [:]

  public init(_ passes: [Pass] = []) { for pass in passes { register(pass) } }

  public mutating func register(_ pass: Pass) {
    precondition(
      passByArgument[pass.argument] == nil, "pass '\(pass.argument)' is registered twice")
    passByArgument[pass.argument] = pass
  }

  public mutating func register(_ pipeline: NamedPipeline) {
    pipelineByArgument[pipeline.argument] = pipeline
  }

  public subscript(argument: String) -> Pass? { passByArgument[argument] }
  public func pipeline(_ argument: String) -> NamedPipeline? { pipelineByArgument[argument] }

  /// All passes, sorted by argument.
  public var passes: [Pass] { passByArgument.values.sorted { $0.argument < $1.argument } }
  public var pipelines: [NamedPipeline] {
    pipelineByArgument.values.sorted { $0.argument < $1.argument }
  }

  /// The argument nearest to a mistyped one, nil where none is near.
  public func suggestion(for argument: String) -> String? {
    let names = (Array(passByArgument.keys) + Array(pipelineByArgument.keys)).sorted()
    return nearestWord(to: argument, among: names)
  }
}

/// The word of `candidates` that takes the fewest edits to reach from `word`; nil where all are far.
func nearestWord(to word: String, among candidates: [String]) -> String? {
  var best: (word: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(Array(word.utf8), Array(candidate.utf8))
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  guard let best, best.distance <= max(2, word.utf8.count / 3) else { return nil }
  return best.word
}

/// Levenshtein's distance.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let cost = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(cost, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
