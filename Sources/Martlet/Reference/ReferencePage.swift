/// A page of the reference, built part by part and written as Markdown.
struct ReferencePage {
  let title: String
  private(set) var text: String

  init(_ title: String) {
    self.title = title
    text = "# \(title)\n"
  }

  mutating func heading(_ title: String) { text += "\n## \(title)\n" }

  mutating func paragraph(_ paragraph: String) {
    if !paragraph.isEmpty { text += "\n\(paragraph)\n" }
  }

  mutating func code(_ code: String, language: String = "mlir") {
    text += "\n```\(language)\n\(code)\n```\n"
  }

  mutating func list(_ items: [String]) {
    if items.isEmpty { return }
    text += "\n" + items.map { "- \($0)\n" }.joined()
  }

  /// A table; nothing where there are no rows.
  mutating func table(_ title: String, _ columns: [String], _ rows: [[String]]) {
    if rows.isEmpty { return }
    heading(title)
    text += "\n|" + columns.map { " \($0) |" }.joined() + "\n"
    text += "|" + columns.map { _ in "---|" }.joined() + "\n"
    for row in rows { text += "|" + row.map { " \(ReferencePage.cell($0)) |" }.joined() + "\n" }
  }

  /// `text` as code; nothing for an empty one.
  static func code(_ text: String) -> String {
    if text.isEmpty { return "" }
    return text.contains("`") ? "`` \(text) ``" : "`\(text)`"
  }

  private static func cell(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : $0 == "\n" ? " " : String($0) }.joined()
  }
}

/// `text` with its first letter in upper case and a full stop.
func sentence(_ text: String) -> String {
  guard let first = text.first else { return "" }
  let whole = first.uppercased() + text.dropFirst()
  return ".!?".contains(whole.last ?? ".") ? whole : whole + "."
}
