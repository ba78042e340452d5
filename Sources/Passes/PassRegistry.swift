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
    return nearestWord(to: argument, among: names, least: 2)
  }
}
