import MartletSupport

/// LLVM's texts as listings: line tables are taken out and lead each line to the operation it was made from.
struct MachineListing {
  /// What line `n` of the tables stands for is at `n - 1`.
  let origins: [(number: Int, location: Int)]

  private func line(_ text: Substring, _ number: Int) -> ListingLine {
    guard number > 0, number <= origins.count else { return ListingLine(text: String(text)) }
    let origin = origins[number - 1]
    return ListingLine(
      text: String(text), operation: origin.number, location: origin.location)
  }

  // MARK: LLVM IR

  /// LLVM IR less its debug information.
  func llvmIR(_ bytes: [UInt8]) -> [ListingLine] {
    let text = String(decoding: bytes, as: UTF8.self)
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    var numbers: [Substring: Int] = [:]
    for line in all where line.hasPrefix("!") {
      guard let (name, number) = debugLine(line) else { continue }
      numbers[name] = number
    }
    var lines: [ListingLine] = []
    for line in all {
      if line.hasPrefix("!") || line.hasPrefix("source_filename") || line.hasPrefix("; ModuleID") {
        continue
      }
      var shown = line
      var number = 0
      if let mark = line.firstRange(of: "!dbg !") {
        let name = line[mark.upperBound...].prefix { $0.isNumber }
        number = numbers[name] ?? 0
        var before = line[..<mark.lowerBound]
        while let last = before.last, last == " " || last == "," { before.removeLast() }
        shown = before + line[name.endIndex...]
      }
      if shown.isEmpty, lines.last.map({ $0.text.isEmpty }) ?? true { continue }
      lines.append(self.line(shown, number))
    }
    while lines.last?.text.isEmpty ?? false { lines.removeLast() }
    return lines
  }

  /// `!12 = !DILocation(line: 34, ...)` or `!12 = distinct !DISubprogram(... line: 34 ...)`.
  private func debugLine(_ line: Substring) -> (Substring, Int)? {
    guard let equal = line.firstRange(of: " = ") else { return nil }
    let node = line[equal.upperBound...]
    guard node.hasPrefix("!DILocation(") || node.hasPrefix("distinct !DISubprogram("),
      let mark = node.firstRange(of: "line: ")
    else { return nil }
    guard let number = Int(node[mark.upperBound...].prefix { $0.isNumber }) else { return nil }
    return (line[line.index(after: line.startIndex)..<equal.lowerBound], number)
  }

  // MARK: Assembly

  private static let dropped: Set<Substring> = [
    ".loc", ".file", ".cfi_startproc", ".cfi_endproc", ".cfi_def_cfa_offset", ".cfi_offset",
    ".cfi_def_cfa", ".cfi_def_cfa_register", ".cfi_escape", ".cfi_sections", ".cfi_restore",
    ".cfi_remember_state", ".cfi_restore_state", ".ident", ".addrsig", ".addrsig_sym",
  ]

  /// Assembly less what is only for debuggers.
  func assembly(_ bytes: [UInt8]) -> [ListingLine] {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines: [ListingLine] = []
    var number = 0
    var isDebugSection = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard let first = words.first else { continue }
      if first == ".section" || first == ".text" || first == ".data" {
        isDebugSection = words.count > 1 && words[1].hasPrefix(".debug")
      }
      if isDebugSection { continue }
      if first == ".loc", words.count > 2 { number = Int(words[2]) ?? 0 }
      if Self.dropped.contains(first) || Self.isMarker(first) { continue }
      let isInstruction = line.first == "\t" && first.first != "."
      // What precedes the first line of a function belongs to none.
      if !isInstruction, !first.hasPrefix("."), first.hasSuffix(":") { number = 0 }
      lines.append(self.line(Self.expanded(line), isInstruction ? number : 0))
    }
    return lines
  }

  /// Labels that only line tables and unwind tables use: `.Ltmp3:`, `.Lfunc_end0:`.
  private static func isMarker(_ word: Substring) -> Bool {
    ["Ltmp", "Lfunc_begin", "Lfunc_end", "Lsec_end", "Ldebug", "Lline"].contains {
      word.hasPrefix("." + $0)
    } && word.contains(":")
  }

  private static func expanded(_ line: Substring) -> Substring {
    guard line.contains("\t") else { return line }
    var text = ""
    for character in line {
      if character == "\t" {
        text += String(repeating: " ", count: 8 - text.count % 8)
      } else {
        text.append(character)
      }
    }
    return text[...]
  }
}

extension Substring {
  /// Where `text` first stands.
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    let wanted = Array(text.utf8)
    let bytes = utf8
    guard let first = wanted.first else { return nil }
    var start = bytes.startIndex
    while let i = bytes[start...].firstIndex(of: first) {
      if bytes[i...].starts(with: wanted),
        let end = bytes.index(i, offsetBy: wanted.count, limitedBy: bytes.endIndex)
      {
        return i..<end
      }
      start = bytes.index(after: i)
    }
    return nil
  }
}
