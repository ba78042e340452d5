/// Colours MLIR text for a terminal: values, symbols, blocks, types, strings, numbers, operations and comments.
enum SyntaxHighlighter {
  private enum Color: String {
    case value = "\u{1b}[36m"
    case symbol = "\u{1b}[33m"
    case block = "\u{1b}[35m"
    case type = "\u{1b}[32m"
    case text = "\u{1b}[31m"
    case number = "\u{1b}[34m"
    case operation = "\u{1b}[1m"
    case comment = "\u{1b}[2m"
  }

  /// `text` with escape sequences around its tokens.
  static func colored(_ text: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.count * 2)
    var i = 0
    /// Whether nothing but results stood on this line so far.
    var isLineStart = true
    while i < text.count {
      let start = i
      let color: Color?
      (i, color) = token(text, start, isLineStart)
      let byte = text[start]
      if byte == 10 {
        isLineStart = true
      } else if color == .operation {
        isLineStart = false
      } else if color != .value, !" =,:#\"".utf8.contains(byte), color != .number {
        isLineStart = false
      }
      if let color { result += Array(color.rawValue.utf8) }
      result += text[start..<i]
      if color != nil { result += Array("\u{1b}[0m".utf8) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The end and colour of the token at `start`.
  private static func token(_ text: [UInt8], _ start: Int, _ isLineStart: Bool) -> (Int, Color?) {
    func end(from: Int, while condition: (UInt8) -> Bool) -> Int {
      var i = from
      while i < text.count, condition(text[i]) { i += 1 }
      return i
    }
    let byte = text[start]
    switch byte {
    case UInt8(ascii: "%"): return (end(from: start + 1) { isName($0) || $0 == 35 }, .value)
    case UInt8(ascii: "@"): return (end(from: start + 1, while: isName), .symbol)
    case UInt8(ascii: "^"): return (end(from: start + 1, while: isName), .block)
    case UInt8(ascii: "!"): return (end(from: start + 1, while: isName), .type)
    case UInt8(ascii: "#"): return (end(from: start + 1, while: isName), .symbol)
    case UInt8(ascii: "\""):
      var i = start + 1
      while i < text.count, text[i] != UInt8(ascii: "\""), text[i] != 10 {
        i += text[i] == UInt8(ascii: "\\") ? 2 : 1
      }
      return (min(i + 1, text.count), isLineStart ? .operation : .text)
    case UInt8(ascii: "/") where start + 1 < text.count && text[start + 1] == byte:
      return (end(from: start) { $0 != 10 }, .comment)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return (end(from: start) { isName($0) }, .number)
    case _ where isName(byte):
      let stop = end(from: start, while: isName)
      if isLineStart { return (stop, .operation) }
      return (stop, isType(text[start..<stop]) ? .type : nil)
    default: return (start + 1, nil)
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "$"):
      true
    default: false
    }
  }

  private static let shaped = ["tensor", "memref", "vector", "tuple", "complex", "index", "none"]

  private static func isType(_ word: ArraySlice<UInt8>) -> Bool {
    if shaped.contains(where: { word.elementsEqual($0.utf8) }) { return true }
    var rest = word
    for prefix in ["si", "ui", "bf", "tf", "i", "f"] where rest.starts(with: prefix.utf8) {
      rest = rest.dropFirst(prefix.utf8.count)
      return rest.first.map { (48...57).contains($0) } ?? false
    }
    return false
  }
}
