/// Where speech is, from the probabilities a detector gives for windows of sound. The rules are those of
/// `get_speech_timestamps_from_probs` of the Python package silero-vad 6.2 with its defaults.
struct SpeechSegments {
  static let sampleRate = 16_000
  static let window = 512
  static let threshold: Float = 0.5
  static let silenceThreshold: Float = 0.35
  /// In samples: 250 ms, 100 ms and 30 ms.
  static let shortestSpeech = 4000
  static let shortestSilence = 1600
  static let padding = 480

  /// Ranges of samples in which somebody speaks.
  private(set) var segments: [Range<Int>]

  init(_ probabilities: [Float]) {
    let length = probabilities.count * SpeechSegments.window
    var found: [Range<Int>] = []
    var start: Int?
    var quiet: Int?
    for (i, probability) in probabilities.enumerated() {
      let here = i * SpeechSegments.window
      if probability >= SpeechSegments.threshold {
        quiet = nil
        start = start ?? here
      } else if probability < SpeechSegments.silenceThreshold, let begin = start {
        let end = quiet ?? here
        quiet = end
        if here - end >= SpeechSegments.shortestSilence {
          if end - begin > SpeechSegments.shortestSpeech { found.append(begin..<end) }
          start = nil
          quiet = nil
        }
      }
    }
    if let begin = start, length - begin > SpeechSegments.shortestSpeech {
      found.append(begin..<length)
    }
    segments = SpeechSegments.padded(found, length)
  }

  /// Widens each range at both ends, by half of the gap where two are near each other.
  private static func padded(_ found: [Range<Int>], _ length: Int) -> [Range<Int>] {
    var starts = found.map(\.lowerBound)
    var ends = found.map(\.upperBound)
    guard let last = ends.indices.last else { return [] }
    starts[0] = max(0, starts[0] - padding)
    ends[last] = min(length, ends[last] + padding)
    for i in ends.indices.dropLast() {
      let gap = starts[i + 1] - ends[i]
      let share = gap < 2 * padding ? gap / 2 : padding
      ends[i] += share
      starts[i + 1] -= share
    }
    return zip(starts, ends).map { $0..<$1 }
  }

  /// `speech 0.48-1.82 s, 2.50-3.93 s`, or `no speech`.
  var line: String {
    if segments.isEmpty { return "no speech" }
    return "speech "
      + segments.map { "\(seconds($0.lowerBound))-\(seconds($0.upperBound)) s" }.joined(
        separator: ", ")
  }

  private func seconds(_ sample: Int) -> String {
    decimal(Double(sample) / Double(SpeechSegments.sampleRate), 2)
  }
}

/// `value` with `digits` decimals.
func decimal(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = (value.magnitude * scale).rounded(.toNearestOrEven)
  guard scaled < 1e18 else { return "\(value)" }
  let units = UInt64(scaled)
  let part = String(units % UInt64(scale))
  let sign = value < 0 && units > 0 ? "-" : ""
  if digits == 0 { return "\(sign)\(units)" }
  return "\(sign)\(units / UInt64(scale))."
    + String(repeating: "0", count: digits - part.utf8.count) + part
}
