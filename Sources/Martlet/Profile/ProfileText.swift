import MartletSupport

/// How numbers are written in reports.
enum ProfileText {
  /// `12.3 ms`, in the unit that leaves one to three digits before the point.
  static func time(_ nanoseconds: Double) -> String {
    switch nanoseconds {
    case ..<1e3: "\(decimal(nanoseconds, 0)) ns"
    case ..<1e6: "\(decimal(nanoseconds / 1e3, 1)) us"
    case ..<1e9: "\(decimal(nanoseconds / 1e6, 1)) ms"
    default: "\(decimal(nanoseconds / 1e9, 2)) s"
    }
  }

  static func milliseconds(_ nanoseconds: Double) -> String { decimal(nanoseconds / 1e6, 3) }

  static func share(_ part: Double, of whole: Double) -> String {
    decimal(whole > 0 ? 100 * part / whole : 0, 1)
  }

  /// `1.4 MB`; decimal units.
  static func bytes(_ count: Int) -> String { scaled(count, ["B", "kB", "MB", "GB", "TB"]) }

  /// `1.4 M`.
  static func count(_ count: Int) -> String {
    count.magnitude < 100_000 ? "\(count)" : scaled(count, ["", "k", "M", "G", "T"])
  }

  private static func scaled(_ count: Int, _ units: [String]) -> String {
    var value = Double(count)
    var unit = 0
    while value.magnitude >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let number = unit == 0 ? "\(count)" : decimal(value.magnitude, 1)
    return (value < 0 && unit > 0 ? "-" : "") + number + (units[unit].isEmpty ? "" : " ")
      + units[unit]
  }

  /// A part of a whole as a bar of at most `width` characters.
  static func bar(_ part: Double, of whole: Double, width: Int = 30) -> String {
    let length = whole > 0 ? Int((part / whole * Double(width)).rounded()) : 0
    return String(repeating: "#", count: max(0, min(width, length)))
  }

  /// Columns under headings, numbers to the right, the columns of `left` to the left.
  static func table(_ heading: [String], _ rows: [[String]], left: Set<Int>) -> String {
    var widths = heading.map(\.count)
    for row in rows {
      for (i, cell) in row.enumerated() { widths[i] = max(widths[i], cell.count) }
    }
    var text = ""
    for row in [heading] + rows {
      var line = " "
      for (i, cell) in row.enumerated() {
        let pad = String(repeating: " ", count: widths[i] - cell.count)
        line += " " + (left.contains(i) ? cell + pad : pad + cell) + (i < row.count - 1 ? " " : "")
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}
