import MartletPasses

/// The list `martlet opt --list-passes` prints, laid out as mlir-opt's.
enum PassListing {
  static func text(_ registry: PassRegistry) -> String {
    var text = "Passes:\n"
    for pass in registry.passes {
      text += line("  --\(pass.argument)", "-   \(pass.summary)")
      text += options(pass.options)
    }
    if registry.pipelines.isEmpty { return text }
    text += "Pass Pipelines:\n"
    for pipeline in registry.pipelines {
      text += line("  --\(pipeline.argument)", "-   \(pipeline.summary)")
      text += options(pipeline.options)
    }
    return text
  }

  private static func options(_ options: [PassOption]) -> String {
    var text = ""
    for option in options.sorted(by: { $0.name < $1.name }) {
      let form = option.valueForm.map { "=<\($0)>" } ?? ""
      text += line("    --\(option.name)\(form)", "- \(option.summary)")
      guard case .keyword(let words) = option.kind else { continue }
      for word in words { text += "    =\(word)\n" }
    }
    return text
  }

  private static func line(_ name: String, _ summary: String) -> String {
    let width = 58
    return name + String(repeating: " ", count: max(1, width - name.utf8.count)) + summary + "\n"
  }
}

extension PassOption {
  /// What stands for the value of the option in help; nil for a flag.
  var valueForm: String? { PassOption.form(kind) }

  private static func form(_ kind: Kind) -> String? {
    switch kind {
    case .bool: nil
    case .integer: "int"
    case .double: "number"
    case .string: "string"
    case .keyword: "value"
    case .list(let element): form(element) ?? "bool"
    }
  }
}
