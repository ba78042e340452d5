import Glibc

/// Writes results as a table.
enum BenchReport {
  static let header =
    pad("", 30) + "CPU: median   minimum    IQR     ±   per item      wall     peak  runs\n"

  static func line(_ result: BenchResult) -> String {
    let cpu = result.samples.cpu
    var text = pad(result.id, 30)
    text += right(time(cpu.median), 11) + right(time(cpu.minimum), 10)
    text += right(percent(cpu.median > 0 ? cpu.interquartileRange / cpu.median : 0), 7)
    text += right(percent(cpu.uncertainty), 6)
    let each = result.count.map { cpu.median / Double(max($0, 1)) }
    text += right(each.map(time) ?? "", 11)
    text += right(time(result.samples.wall.median), 10)
    text += right(result.samples.peak.map { bytes($0.median) } ?? "", 9)
    return text + right("\(result.samples.costs.count)", 6) + "\n"
  }

  /// What a reader has to know of the figures.
  static func footer(_ results: [BenchResult], isolatesMemory: Bool) -> String {
    if results.isEmpty { return "" }
    var text = """
      IQR: from the first to the third quartile. ±: half of the median's 95% interval. Both as parts of it.

      """
    if let counted = results.first(where: { $0.samples.instructions != nil }) {
      let count = counted.samples.instructions?.median ?? 0
      text += "Instructions are in --json: \(counted.id) has \(digits(count / 1e6)) M.\n"
    } else {
      text += "Instructions: none, the kernel gives no counter here.\n"
    }
    if !isolatesMemory, results.contains(where: \.isProgram) {
      text += "Peak memory is at least that of the process measuring.\n"
    }
    return text
  }

  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Nanoseconds in a unit that fits, three digits of them.
  static func time(_ nanoseconds: Double) -> String {
    for (unit, scale) in [("ns", 1.0), ("us", 1e3), ("ms", 1e6)] where nanoseconds < 999.5 * scale {
      return digits(nanoseconds / scale) + " " + unit
    }
    return digits(nanoseconds / 1e9) + " s"
  }

  static func bytes(_ count: Double) -> String { digits(count / 1e6) + " MB" }

  static func percent(_ part: Double) -> String { fixed(part * 100, 1) + "%" }

  /// Three significant digits, or the whole number.
  static func digits(_ value: Double) -> String {
    fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
  }

  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    let scale = pow(10.0, Double(decimals))
    let units = Int64((min(abs(value), 1e15) * scale).rounded())
    let sign = value < 0 && units > 0 ? "-" : ""
    if decimals == 0 { return "\(sign)\(units)" }
    let part = String(units % Int64(scale))
    return "\(sign)\(units / Int64(scale))."
      + String(repeating: "0", count: decimals - part.utf8.count) + part
  }
}
