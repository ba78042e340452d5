import MartletSupport

/// `martlet doc`: pages about dialects, operations and passes, made from their declarations.
public struct DocTool {
  private var names: [String] = []
  private var lists = false
  private var folder: String?
  private var showsHelp = false

  static let table = CommandOptions<DocTool>([
    (
      "",
      [
        .flag("list", help: "list everything there is a page about") { $0.lists = $1 },
        .value("all", as: "DIR", help: "write all pages and an index below DIR as Markdown") {
          $0.folder = $1
        },
        .flag("h", "help", help: "print this and exit") { $0.showsHelp = $1 },
      ]
    )
  ])

  static var help: String {
    """
    usage: martlet doc [options] NAME...

    Prints the reference page of a dialect (scf), an operation (scf.for), a type (!llvm.ptr), an attribute
    (#arith.fastmath) or a pass (cse) as Markdown.

    """ + table.help
  }

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    var tool = DocTool()
    do throws(UsageError) {
      try table.parse(arguments, into: &tool) { (tool, name) throws(UsageError) in
        tool.names.append(name)
      }
      if tool.names.isEmpty, !tool.lists, tool.folder == nil, !tool.showsHelp {
        throw UsageError("no name given; --list shows what there is")
      }
    } catch {
      streams.report("martlet doc: \(error.message)\nTry 'martlet doc --help'.\n")
      return .usage
    }
    do throws(Diagnostic) {
      return try tool.run(streams)
    } catch {
      streams.report(error)
      return .failure
    }
  }

  private func run(_ streams: ToolStreams) throws(Diagnostic) -> ToolStatus {
    if showsHelp {
      streams.write(DocTool.help)
      return .success
    }
    let reference = Reference()
    if lists {
      for topic in reference.topics {
        let gap = String(repeating: " ", count: max(1, 40 - topic.name.utf8.count))
        let line = topic.summary.isEmpty ? topic.name : topic.name + gap + topic.summary
        streams.write(line + "\n")
      }
    }
    if let folder { try reference.write(below: folder) }
    var pages: [String] = []
    for name in names {
      let topics = reference.topics(named: name)
      if topics.isEmpty {
        let hint = reference.suggestion(for: name).map { "; did you mean '\($0)'?" } ?? ""
        throw Diagnostic(
          .error, "there is no dialect, operation, type, attribute or pass '\(name)'\(hint)")
      }
      pages += topics.map { reference.page($0).text }
    }
    streams.write(pages.joined(separator: "\n"))
    return .success
  }
}

extension Reference {
  /// Writes every page and an index below `folder`, which is made where it is missing.
  func write(below folder: String) throws(Diagnostic) {
    try makeFolder(folder)
    for name in ["dialects", "ops", "passes"] { try makeFolder("\(folder)/\(name)") }
    var index = ReferencePage("Reference")
    index.paragraph("Made from the declarations by `martlet doc --all`.")
    var dialects: [[String]] = []
    var passes: [[String]] = []
    for topic in topics {
      switch topic {
      case .type, .attribute: continue
      case .dialect: dialects.append(["[`\(topic.name)`](\(topic.file))", topic.summary])
      case .pass, .pipeline: passes.append(["[`\(topic.name)`](\(topic.file))", topic.summary])
      case .operation: break
      }
      try writeFileAtomically("\(folder)/\(topic.file)", Array(page(topic).text.utf8))
    }
    index.table("Dialects", ["dialect", "what it is"], dialects)
    index.table("Passes", ["pass", "what it does"], passes)
    try writeFileAtomically("\(folder)/index.md", Array(index.text.utf8))
  }
}
