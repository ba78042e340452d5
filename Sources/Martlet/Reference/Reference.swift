import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// The reference of everything registered, derived from the declarations.
struct Reference {
  let context: Context
  let passes: PassRegistry

  init(
    _ context: Context = Registration.makeContext(), _ passes: PassRegistry = Registration.passes
  ) {
    self.context = context
    self.passes = passes
  }

  /// What there is to read about, in the order of a table of contents.
  enum Topic {
    case dialect(Dialect)
    case operation(OpDefinition)
    case type(TypeDefinition)
    case attribute(AttributeDefinition)
    case pass(Pass)
    case pipeline(PassRegistry.NamedPipeline)

    /// As it is asked for.
    var name: String {
      switch self {
      case .dialect(let dialect): dialect.name
      case .operation(let definition): definition.name
      case .type(let definition): "!" + definition.name
      case .attribute(let definition): "#" + definition.name
      case .pass(let pass): pass.argument
      case .pipeline(let pipeline): pipeline.argument
      }
    }

    var summary: String {
      switch self {
      case .dialect(let dialect): dialect.summary
      case .operation(let definition): definition.summary
      case .type(let definition): definition.summary
      case .attribute(let definition): definition.summary
      case .pass(let pass): pass.summary
      case .pipeline(let pipeline): pipeline.summary
      }
    }

    /// The page it is on, below the reference's folder: types and attributes are on their dialect's.
    var file: String {
      switch self {
      case .dialect(let dialect): "dialects/\(dialect.name).md"
      case .operation(let definition): "ops/\(definition.name).md"
      case .type(let definition): "dialects/\(definition.dialectName).md"
      case .attribute(let definition): "dialects/\(definition.dialectName).md"
      case .pass(let pass): "passes/\(pass.argument).md"
      case .pipeline(let pipeline): "passes/\(pipeline.argument).md"
      }
    }
  }

  var dialects: [Dialect] { context.dialectNames.compactMap { context.dialect($0) } }

  var topics: [Topic] {
    var topics: [Topic] = []
    for dialect in dialects {
      topics.append(.dialect(dialect))
      topics += dialect.operations.sorted { $0.name < $1.name }.map { .operation($0) }
      topics += dialect.types.sorted { $0.name < $1.name }.map { .type($0) }
      topics += dialect.attributes.sorted { $0.name < $1.name }.map { .attribute($0) }
    }
    topics += passes.passes.map { .pass($0) }
    topics += passes.pipelines.map { .pipeline($0) }
    return topics
  }

  /// Everything called `name`: `scf`, `scf.for`, `!llvm.ptr`, `cse`, `--cse`.
  func topics(named name: String) -> [Topic] {
    var wanted = name
    if wanted.hasPrefix("--") { wanted = String(wanted.dropFirst(2)) }
    let found = topics.filter { $0.name == wanted }
    if !found.isEmpty { return found }
    // Types and attributes without their sigil.
    return topics.filter { $0.name == "!" + wanted || $0.name == "#" + wanted }
  }

  func suggestion(for name: String) -> String? {
    nearestWord(to: name, among: topics.map(\.name))
  }

  /// The page of a topic; a type's or attribute's is a short one of its own.
  func page(_ topic: Topic) -> ReferencePage {
    switch topic {
    case .dialect(let dialect): return page(dialect)
    case .operation(let definition): return page(definition)
    case .pass(let pass): return page(pass)
    case .pipeline(let pipeline):
      return page(
        pipeline.argument, pipeline.summary, anchor: nil, pipeline.options,
        pipeline: pipeline.build(PassOptions(pipeline.options)))
    case .type, .attribute:
      var page = ReferencePage(topic.name)
      page.paragraph(sentence(topic.summary))
      return page
    }
  }

  // MARK: Dialects

  private func page(_ dialect: Dialect) -> ReferencePage {
    var page = ReferencePage("The \(dialect.name) dialect")
    page.paragraph(sentence(dialect.summary))
    page.table(
      "Operations", ["operation", "what it is"],
      dialect.operations.sorted { $0.name < $1.name }.map {
        ["[`\($0.name)`](../ops/\($0.name).md)", $0.summary]
      })
    page.table(
      "Types", ["type", "what it is"],
      dialect.types.sorted { $0.name < $1.name }.map { ["`!\($0.name)`", $0.summary] })
    page.table(
      "Attributes", ["attribute", "what it is"],
      dialect.attributes.sorted { $0.name < $1.name }.map { ["`#\($0.name)`", $0.summary] })
    return page
  }

  // MARK: Passes

  private func page(_ pass: Pass) -> ReferencePage {
    var page = page(pass.argument, pass.summary, anchor: pass.anchor, pass.options)
    page.table(
      "Statistics", ["name", "what it counts"],
      pass.statistics.map { ["`\($0.name)`", $0.summary] })
    if !pass.dependentDialects.isEmpty {
      page.heading("Dialects")
      page.paragraph(
        "It makes operations of "
          + pass.dependentDialects.map { "[`\($0)`](../dialects/\($0).md)" }
          .joined(separator: ", ") + ".")
    }
    return page
  }

  private func page(
    _ name: String, _ summary: String, anchor: String?, _ options: [PassOption],
    pipeline: Pipeline? = nil
  ) -> ReferencePage {
    var page = ReferencePage(name)
    page.paragraph(sentence(summary))
    let example = options.first.map { "=\"\($0.name)=\($0.defaultValue)\"" } ?? ""
    page.code("martlet opt --\(name)\(example) FILE", language: "sh")
    page.paragraph(
      anchor.map { "It runs on `\($0)`." }
        ?? "It runs on any operation that is isolated from above.")
    if let pipeline {
      page.heading("Passes")
      page.code(pipeline.lines(), language: "")
    }
    page.table(
      "Options", ["option", "value", "default", "what it does"],
      options.sorted { $0.name < $1.name }.map { option in
        [
          "`\(option.name)`", option.expectation, ReferencePage.code("\(option.defaultValue)"),
          sentence(option.summary),
        ]
      })
    return page
  }
}
