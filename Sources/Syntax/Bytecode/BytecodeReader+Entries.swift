import MartletIR
import MartletSupport

extension BytecodeReader {
  /// Attributes or types, each read when it is first referred to.
  struct EntryTable {
    struct Entry {
      var start: Int
      var end: Int
      var dialect: Int
      var isEncoded: Bool
    }
    var entries: [Entry] = []
    /// Numbers of what was read; `unread` and `underWay` otherwise.
    var numbers: [UInt32] = []
    var weights: [UInt32] = []

    static let unread = UInt32.max
    static let underWay = UInt32.max - 1
  }

  mutating func readEntries(_ section: ByteCursor, offsets: ByteCursor) throws(Reported) {
    var cursor = offsets
    let attributeCount = try count(&cursor, "attributes")
    let typeCount = try count(&cursor, "types")
    var position = section.position
    attributes = try readEntries(attributeCount, &cursor, &position, section.end)
    types = try readEntries(typeCount, &cursor, &position, section.end)
    if !cursor.isAtEnd {
      throw error("there are bytes behind the offsets of attributes and types", at: cursor.position)
    }
  }

  private mutating func readEntries(
    _ number: Int, _ cursor: inout ByteCursor, _ position: inout Int, _ end: Int
  ) throws(Reported) -> EntryTable {
    var table = EntryTable()
    table.entries.reserveCapacity(number)
    while table.entries.count < number {
      let start = cursor.position
      let (dialect, length) = try group(&cursor)
      if length > number - table.entries.count {
        throw error("there are more attributes or types than announced", at: start)
      }
      for _ in 0..<length {
        let place = cursor.position
        let (bytes, isEncoded) = try flagged(&cursor)
        if bytes > UInt64(end - position) {
          throw error("an attribute or type ends behind its section", at: place)
        }
        table.entries.append(
          EntryTable.Entry(
            start: position, end: position + Int(bytes), dialect: dialect,
            isEncoded: isEncoded))
        position += Int(bytes)
      }
    }
    table.numbers = Array(repeating: EntryTable.unread, count: number)
    table.weights = Array(repeating: 0, count: number)
    return table
  }

  // MARK: References

  /// The number of the attribute referred to.
  @inline(__always) mutating func attributeNumber(_ cursor: inout ByteCursor) throws(Reported)
    -> UInt32
  {
    let position = cursor.position
    return try attributeNumber(try variable(&cursor), at: position)
  }

  @inline(__always) mutating func attributeNumber(_ index: UInt64, at position: Int)
    throws(Reported) -> UInt32
  {
    guard index < UInt64(attributes.numbers.count) else {
      throw error(
        "there is no attribute \(index), only \(attributes.numbers.count)", at: position)
    }
    let number = attributes.numbers[Int(index)]
    if number < EntryTable.underWay {
      weight &+= Int(attributes.weights[Int(index)])
      return number
    }
    return try readAttribute(Int(index), at: position)
  }

  @inline(__always) mutating func typeNumber(_ cursor: inout ByteCursor) throws(Reported)
    -> UInt32
  {
    let position = cursor.position
    return try typeNumber(try variable(&cursor), at: position)
  }

  @inline(__always) mutating func typeNumber(_ index: UInt64, at position: Int)
    throws(Reported) -> UInt32
  {
    guard index < UInt64(types.numbers.count) else {
      throw error("there is no type \(index), only \(types.numbers.count)", at: position)
    }
    let number = types.numbers[Int(index)]
    if number < EntryTable.underWay {
      weight &+= Int(types.weights[Int(index)])
      return number
    }
    return try readType(Int(index), at: position)
  }

  mutating func attribute(_ cursor: inout ByteCursor) throws(Reported) -> Attribute {
    context.attribute(number: try attributeNumber(&cursor))
  }

  mutating func type(_ cursor: inout ByteCursor) throws(Reported) -> Type {
    context.type(number: try typeNumber(&cursor))
  }

  /// A reference with a flag that says whether there is one.
  mutating func optionalAttributeNumber(_ cursor: inout ByteCursor) throws(Reported) -> UInt32? {
    let position = cursor.position
    let (index, isPresent) = try flagged(&cursor)
    return isPresent ? try attributeNumber(index, at: position) : nil
  }

  // MARK: Reading

  private mutating func readAttribute(_ index: Int, at position: Int) throws(Reported) -> UInt32 {
    if attributes.numbers[index] == EntryTable.underWay {
      throw error("attribute \(index) contains itself", at: position)
    }
    let outer = try enter(at: position)
    attributes.numbers[index] = EntryTable.underWay
    let entry = attributes.entries[index]
    var cursor = ByteCursor(position: entry.start, end: entry.end)
    let number =
      entry.isEncoded
      ? try decodeAttribute(&cursor, entry.dialect)
      : try parse(&cursor, "attribute") { (parser) throws(Reported) in
        try parser.parseAttribute().raw
      }
    try leave(cursor, "attribute")
    attributes.numbers[index] = number
    attributes.weights[index] = UInt32(clamping: weight)
    weight &+= outer
    return number
  }

  private mutating func readType(_ index: Int, at position: Int) throws(Reported) -> UInt32 {
    if types.numbers[index] == EntryTable.underWay {
      throw error("type \(index) contains itself", at: position)
    }
    let outer = try enter(at: position)
    types.numbers[index] = EntryTable.underWay
    let entry = types.entries[index]
    var cursor = ByteCursor(position: entry.start, end: entry.end)
    let number =
      entry.isEncoded
      ? try decodeType(&cursor, entry.dialect)
      : try parse(&cursor, "type") { (parser) throws(Reported) in try parser.parseType().raw }
    try leave(cursor, "type")
    types.numbers[index] = number
    types.weights[index] = UInt32(clamping: weight)
    weight &+= outer
    return number
  }

  /// Begins an entry; returns the weight of what is around it.
  private mutating func enter(at position: Int) throws(Reported) -> Int {
    if depth >= Self.maximumDepth {
      throw error(
        "attributes and types are nested deeper than \(Self.maximumDepth) levels", at: position)
    }
    depth += 1
    defer { weight = 1 }
    return depth == 1 ? 0 : weight
  }

  private mutating func leave(_ cursor: ByteCursor, _ what: StaticString) throws(Reported) {
    if !cursor.isAtEnd { throw error("there are bytes behind the \(what)", at: cursor.position) }
    if weight > maximumWeight {
      throw error(
        "the \(what) is out of all proportion when its parts are written out", at: cursor.position)
    }
    depth -= 1
  }

  /// An entry kept as text.
  private mutating func parse(
    _ cursor: inout ByteCursor, _ what: StaticString,
    _ body: (Parser) throws(Reported) -> UInt32
  ) throws(Reported) -> UInt32 {
    let start = cursor.position
    let text = try terminatedText(&cursor)
    weight += text.count / 8
    let parser = try Parser(
      SourceFile(
        name: "\(source.name) (\(what) at byte \(start))",
        text: String(decoding: text, as: UTF8.self)), context: context)
    // The text is as deep as the entries around it say.
    parser.depth = depth
    // Our own writer numbers distinct attributes over all texts, others each text by itself.
    if isOurs { parser.distinctIDs = distinctIDs }
    let number = try body(parser)
    if isOurs { distinctIDs = parser.distinctIDs }
    if parser.token.kind != .end {
      throw parser.error("unexpected text behind the \(what)")
    }
    return number
  }
}
