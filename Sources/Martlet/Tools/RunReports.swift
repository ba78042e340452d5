import MartletRuntime
import MartletSupport

/// What `martlet run` can say of a result beyond writing it to a file.
enum RunReports {
  /// `accuracy 98.33 % (354 of 360)`: rows of `scores` whose largest value is at the label's place.
  static func accuracy(of scores: Tensor, name: String, labels: Tensor, from file: String)
    throws(Diagnostic) -> String
  {
    guard scores.shape.count == 2, let values = floats(scores) else {
      throw Diagnostic(
        .error, "labels need an output of rows of scores; '\(name)' is \(scores.typeText)")
    }
    guard labels.shape.count == 1, let expected = integers(labels) else {
      throw Diagnostic(
        .error, "labels must be a list of integers, not \(labels.typeText)", subject: file)
    }
    let rows = scores.shape[0]
    let columns = scores.shape[1]
    guard expected.count == rows else {
      throw Diagnostic(
        .error, "\(expected.count) labels for \(rows) rows of '\(name)'", subject: file)
    }
    guard rows > 0, columns > 0 else { throw Diagnostic(.error, "'\(name)' is empty") }
    var right = 0
    for row in 0..<rows {
      var best = 0
      for column in 1..<max(columns, 1)
      where values[row * columns + column] > values[row * columns + best] { best = column }
      if best == expected[row] { right += 1 }
    }
    let share = decimal(100 * Double(right) / Double(rows), 2)
    return "accuracy \(share) % (\(right) of \(rows))"
  }

  /// Where speech is, one line.
  static func speech(_ probabilities: Tensor, name: String) throws(Diagnostic) -> String {
    guard probabilities.shape.count == 1, let values = floats(probabilities) else {
      throw Diagnostic(
        .error,
        "speech needs an output with a probability for each window; '\(name)' is \(probabilities.typeText)"
      )
    }
    return SpeechSegments(values.map { Float($0) }).line
  }

  /// The largest values with their names, a line each: rank, value, name.
  static func top(_ count: Int, of tensor: Tensor, name: String, names: [String]?)
    throws(Diagnostic) -> String
  {
    guard tensor.shape.count == 1, let values = floats(tensor) else {
      throw Diagnostic(
        .error, "the largest values can be told of a list; '\(name)' is \(tensor.typeText)")
    }
    if let names, names.count != values.count {
      throw Diagnostic(
        .error, "\(names.count) names for the \(values.count) values of '\(name)'")
    }
    let order = values.indices.sorted {
      values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1
    }
    var lines: [String] = []
    for (rank, i) in order.prefix(count).enumerated() {
      let place = String(rank + 1)
      let pad = String(repeating: " ", count: max(0, 3 - place.utf8.count))
      lines.append("\(pad)\(place)  \(decimal(values[i], 6))  \(names?[i] ?? String(i))")
    }
    return lines.joined(separator: "\n")
  }

  /// The lines of a file of names.
  static func names(_ path: String) throws(Diagnostic) -> [String] {
    let source = try SourceFile.open(path)
    return withExtendedLifetime(source) {
      var lines = source.bytes.split(separator: 10, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
      if lines.last == "" { lines.removeLast() }
      return lines
    }
  }

  private static func floats(_ tensor: Tensor) -> [Double]? {
    switch tensor.elementType {
    case .f32: tensor.elements(as: Float.self)?.map(Double.init)
    case .f64: tensor.elements(as: Double.self)
    default: nil
    }
  }

  private static func integers(_ tensor: Tensor) -> [Int]? {
    switch tensor.elementType {
    case .i64: tensor.elements(as: Int64.self)?.map { Int($0) }
    case .i32: tensor.elements(as: Int32.self)?.map { Int($0) }
    case .u8: tensor.elements(as: UInt8.self)?.map { Int($0) }
    default: nil
    }
  }
}
