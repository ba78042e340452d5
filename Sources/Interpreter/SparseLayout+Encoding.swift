import MartletIR

extension SparseLayout {
  /// The layout an encoding attribute of a tensor type stands for; nil where its levels are not one for
  /// each dimension or of a kind that is not interpreted.
  ///
  /// The attribute's text is read (`#sparse_tensor.encoding<{ map = (i, j) -> (i : dense, ...) }>`), so
  /// that it makes no difference whether the dialect is loaded.
  public init?(_ encoding: Attribute, rank: Int) {
    let text = encoding.description.filter { !$0.isWhitespace }
    guard let start = SparseLayout.after("map=(", in: text) else { return nil }
    guard let close = start.firstIndex(of: ")") else { return nil }
    let names = start[..<close].split(separator: ",").map(String.init)
    guard names.count == rank, let body = SparseLayout.after("->(", in: start[close...]) else {
      return nil
    }
    var levels: [Level] = []
    var dimensions: [Int] = []
    for part in SparseLayout.splitTopLevel(body) {
      let pieces = part.split(separator: ":")
      guard pieces.count == 2 else { return nil }
      // A level may be named: `l0 = d0 : dense`.
      let name = pieces[0].split(separator: "=").last.map(String.init) ?? ""
      guard let d = names.firstIndex(of: name), !dimensions.contains(d),
        let level = SparseLayout.level(String(pieces[1]))
      else { return nil }
      dimensions.append(d)
      levels.append(level)
    }
    guard levels.count == rank else { return nil }
    self.init(
      levels, dimensions: dimensions, positionFormat: SparseLayout.width("posWidth=", text),
      coordinateFormat: SparseLayout.width("crdWidth=", text))
  }

  private static func after<S: StringProtocol>(_ mark: String, in text: S) -> String? {
    var rest = Substring(text)
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return String(rest.dropFirst(mark.count)) }
      rest.removeFirst()
    }
    return nil
  }

  /// The parts between commas outside parentheses, up to the parenthesis that closes the list.
  private static func splitTopLevel(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" {
        if depth == 0 { break }
        depth -= 1
      }
      if character == ",", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.filter { !$0.isEmpty }
  }

  private static func level(_ text: String) -> Level? {
    let kind: LevelKind
    switch text.prefix(while: { $0 != "(" }) {
    case "dense": kind = .dense
    case "compressed": kind = .compressed
    case "loose_compressed": kind = .looseCompressed
    case "singleton": kind = .singleton
    default: return nil
    }
    return Level(
      kind, isUnique: after("nonunique", in: text) == nil,
      isOrdered: after("nonordered", in: text) == nil)
  }

  private static func width(_ key: String, _ text: String) -> ElementFormat {
    guard let rest = after(key, in: text), let width = Int(rest.prefix(while: \.isNumber)),
      [8, 16, 32, 64].contains(width)
    else { return .index }
    return .integer(width: width, isUnsigned: false)
  }
}
