import MartletSupport

/// One option of a command: how it is written, what it takes, what help says of it and what it sets.
/// What the command accepts and what its help shows are made from the same list.
struct CommandOption<Target>: Sendable {
  /// What may stand behind the name.
  enum Value: Sendable {
    /// Nothing, or `=true` and `=false`.
    case flag
    /// A value, behind `=` or as the next word; the text stands for it in the help.
    case required(String)
    /// Nothing, or a value behind `=`.
    case optional(String)
  }

  /// Without dashes; the first is the one messages use, those after it other spellings.
  let names: [String]
  let value: Value
  let help: String
  /// Takes the value; nil where an optional one is left out.
  let apply: @Sendable (inout Target, String?) throws(UsageError) -> Void

  /// An option that is on or off.
  static func flag(
    _ names: String..., help: String, set: @escaping @Sendable (inout Target, Bool) -> Void
  ) -> CommandOption {
    let shown = CommandOption.dashed(names[0])
    return CommandOption(names: names, value: .flag, help: help) {
      (target, text) throws(UsageError) in
      switch text {
      case nil, "true", "1", "TRUE", "True": set(&target, true)
      case "false", "0", "FALSE", "False": set(&target, false)
      default: throw UsageError("option '\(shown)' takes true or false, not '\(text ?? "")'")
      }
    }
  }

  /// An option with a text as its value.
  static func value(
    _ names: String..., as form: String, help: String,
    set: @escaping @Sendable (inout Target, String) throws(UsageError) -> Void
  ) -> CommandOption {
    CommandOption(names: names, value: .required(form), help: help) {
      (target, text) throws(UsageError) in try set(&target, text ?? "")
    }
  }

  /// An option whose value may be left out.
  static func optionalValue(
    _ names: String..., as form: String, help: String,
    set: @escaping @Sendable (inout Target, String?) throws(UsageError) -> Void
  ) -> CommandOption {
    CommandOption(names: names, value: .optional(form), help: help, apply: set)
  }

  /// An option that takes a whole number of at least `least`.
  static func number(
    _ names: String..., as form: String = "N", atLeast least: Int = 0, help: String,
    set: @escaping @Sendable (inout Target, Int) -> Void
  ) -> CommandOption {
    let shown = CommandOption.dashed(names[0])
    return CommandOption(names: names, value: .required(form), help: help) {
      (target, text) throws(UsageError) in
      guard let number = text.flatMap({ Int($0) }), number >= least else {
        throw UsageError("option '\(shown)' takes a number, not '\(text ?? "")'")
      }
      set(&target, number)
    }
  }

  /// An option that takes one of some words.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ names: String..., of type: Choice.Type, help: String,
    set: @escaping @Sendable (inout Target, Choice) -> Void
  ) -> CommandOption {
    let shown = CommandOption.dashed(names[0])
    let words = Choice.allCases.map(\.rawValue)
    return CommandOption(names: names, value: .required(words.joined(separator: "|")), help: help) {
      (target, text) throws(UsageError) in
      guard let choice = Choice(rawValue: text ?? "") else {
        let hint =
          nearestWord(to: text ?? "", among: words).map { "; did you mean '\($0)'?" } ?? ""
        throw UsageError(
          "option '\(shown)' takes one of \(words.joined(separator: ", ")); not '\(text ?? "")'\(hint)"
        )
      }
      set(&target, choice)
    }
  }

  /// `-o` or `--output`.
  static func dashed(_ name: String) -> String { (name.utf8.count == 1 ? "-" : "--") + name }
}

/// A command's options under headings.
struct CommandOptions<Target>: Sendable {
  struct Group: Sendable {
    let title: String
    let options: [CommandOption<Target>]
  }

  let groups: [Group]

  init(_ groups: [(title: String, options: [CommandOption<Target>])]) {
    self.groups = groups.map { Group(title: $0.title, options: $0.options) }
  }

  var all: [CommandOption<Target>] { groups.flatMap(\.options) }

  func option(named name: String) -> CommandOption<Target>? {
    for group in groups {
      for option in group.options where option.names.contains(name) { return option }
    }
    return nil
  }

  /// The option nearest to a mistyped one, as it would be written, among these and `others`.
  func suggestion(for name: String, others: [String] = []) -> String? {
    nearestWord(to: name, among: all.flatMap(\.names) + others)
      .map(CommandOption<Target>.dashed)
  }

  /// Reads `arguments` into `target`.
  /// - Parameters:
  ///   - operand: takes what is no option.
  ///   - unknown: takes an option not declared here, with the text behind its `=`; false where it is
  ///     none of its own either.
  func parse(
    _ arguments: [String], into target: inout Target,
    operand: (inout Target, String) throws(UsageError) -> Void,
    unknown: (inout Target, _ name: String, _ value: String?) throws(UsageError) -> Bool = {
      (_, _, _) throws(UsageError) in false
    },
    otherNames: () -> [String] = { [] }
  ) throws(UsageError) {
    var arguments = arguments[...]
    while let argument = arguments.popFirst() {
      guard argument.utf8.first == UInt8(ascii: "-"), argument != "-" else {
        try operand(&target, argument)
        continue
      }
      if argument == "--" {
        for rest in arguments { try operand(&target, rest) }
        return
      }
      var body = argument.dropFirst()
      if body.utf8.first == UInt8(ascii: "-") { body = body.dropFirst() }
      var name = String(body)
      var value: String?
      if let equal = body.utf8.firstIndex(of: UInt8(ascii: "=")) {
        name = String(body[..<equal])
        value = String(body[body.index(after: equal)...])
      }
      guard let option = option(named: name) else {
        if try unknown(&target, name, value) { continue }
        let near = suggestion(for: name, others: otherNames())
        let hint = near.map { "; did you mean '\($0)'?" } ?? ""
        throw UsageError("unknown option '\(argument)'\(hint)")
      }
      if case .required = option.value, value == nil {
        guard let next = arguments.popFirst() else {
          throw UsageError("option '\(argument)' needs a value")
        }
        value = next
      }
      try option.apply(&target, value)
    }
  }

  // MARK: Help

  /// The options with what they do, in two columns, under the groups' titles.
  var help: String {
    var text = ""
    for group in groups {
      text += group.title.isEmpty ? "\n" : "\n\(group.title):\n"
      for option in group.options { text += help(option) }
    }
    return text
  }

  private func help(_ option: CommandOption<Target>) -> String {
    var written = option.names.map(CommandOption<Target>.dashed).joined(separator: ", ")
    switch option.value {
    case .flag: break
    case .required(let form): written += option.names[0].utf8.count == 1 ? " \(form)" : "=\(form)"
    case .optional(let form): written += "[=\(form)]"
    }
    let width = 40
    var text = "  \(written)"
    var column = 2 + written.utf8.count
    if column + 2 > width {
      text += "\n"
      column = 0
    }
    text += String(repeating: " ", count: width - column)
    column = width
    for (i, word) in option.help.split(separator: " ").enumerated() {
      if i > 0, column + 1 + word.utf8.count > 100 {
        text += "\n" + String(repeating: " ", count: width)
        column = width
      } else if i > 0 {
        text += " "
        column += 1
      }
      text += word
      column += word.utf8.count
    }
    return text + "\n"
  }
}
