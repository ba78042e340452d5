import Glibc
import MartletSupport

extension SourceFile {
  /// The parts between the places that hold `marker`, and a warning for each place that nearly does: where
  /// all but the marker's last two characters are there.
  func chunks(_ marker: String) -> (chunks: [SourceFile], nearMisses: [Diagnostic]) {
    let marker = Array(marker.utf8)
    let prefix = max(1, marker.count - 2)
    let suffix = marker[prefix...]
    var chunks: [SourceFile] = []
    var misses: [Diagnostic] = []
    var start = 0
    var position = 0
    while let found = firstIndex(of: marker[..<prefix], from: position) {
      position = found + prefix
      // Nothing behind the marker, not even a line break: no marker.
      if bytes[position...].starts(with: suffix), position + suffix.count < bytes.count {
        chunks.append(SourceFile(part: start..<found, of: self))
        start = position + suffix.count
        // A longer rule parts as well.
        if marker.last == UInt8(ascii: "-") {
          while start < bytes.count, bytes[start] == UInt8(ascii: "-") { start += 1 }
        }
        position = start
      } else if misses.count < 20 {
        misses.append(
          Diagnostic(.warning, "near miss with file split marker", at: self.position(at: position)))
      }
    }
    chunks.append(SourceFile(part: start..<bytes.count, of: self))
    return (chunks, misses)
  }

  private func firstIndex(of pattern: ArraySlice<UInt8>, from start: Int) -> Int? {
    guard let base = bytes.baseAddress, let first = pattern.first else { return nil }
    var position = start
    while position + pattern.count <= bytes.count {
      guard let found = memchr(base + position, Int32(first), bytes.count - position) else {
        return nil
      }
      position = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if bytes[position...].starts(with: pattern) { return position }
      position += 1
    }
    return nil
  }
}
