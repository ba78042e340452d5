import MartletIR
import MartletSupport
import MartletSyntax

/// The text of `#sparse_tensor.encoding<{ map = (d0, d1) -> (d0 : dense, d1 : compressed) }>`.
extension SparseEncoding {
  static let assembly = AttributeAssembly(
    alias: "sparse",
    parse: { (parser, type) throws(Reported) in
      var reader = EncodingReader(parser)
      return try reader.read()
    },
    print: { printer, attribute in
      guard let encoding = SparseEncoding(attribute) else { return }
      printer.write("<{ map = ")
      encoding.printMap(printer)
      if encoding.positionWidth > 0 { printer.write(", posWidth = \(encoding.positionWidth)") }
      if encoding.coordinateWidth > 0 {
        printer.write(", crdWidth = \(encoding.coordinateWidth)")
      }
      if let value = encoding.explicitValue {
        printer.write(", explicitVal = ")
        printer.attribute(value)
      }
      if let value = encoding.implicitValue {
        printer.write(", implicitVal = ")
        printer.attribute(value)
      }
      printer.write(" }>")
    })

  /// What a tensor's type with this encoding must fulfil.
  static let check = EncodingCheck { attribute, shape, element in
    guard let encoding = SparseEncoding(attribute) else { return nil }
    if encoding.dimensionRank != shape.count {
      return
        "dimension-rank mismatch between encoding and tensor shape: \(encoding.dimensionRank) != \(shape.count)"
    }
    if let type = encoding.explicitValue?.type, type != element {
      return
        "explicit value type mismatch between encoding and tensor element type: '\(type)' != '\(element)'"
    }
    if let value = encoding.implicitValue, let type = value.type {
      if type != element {
        return
          "implicit value type mismatch between encoding and tensor element type: '\(type)' != '\(element)'"
      }
      let isZero = value.integerValue == 0 || value.floatValue == 0
      if !isZero, value.kind == .integer || value.kind == .float {
        return "implicit value must be zero"
      }
    }
    return nil
  }

  private func printMap(_ printer: Printer) {
    let slices = slices
    let dimensions = (0..<dimensionRank).map { i in
      i < slices.count ? "d\(i) : #sparse_tensor<\(slices[i].text)>" : "d\(i)"
    }
    let map = dimToLvl
    let levels = zip(map.results, levels).map { expr, level in
      "\(text(expr, of: map)) : \(level.description)"
    }
    let symbols = (0..<map.symbolCount).map { "s\($0)" }
    if !symbols.isEmpty { printer.write("[\(symbols.joined(separator: ", "))]") }
    printer.write(
      "(\(dimensions.joined(separator: ", "))) -> (\(levels.joined(separator: ", ")))")
  }

  /// One expression as an affine map writes it.
  private func text(_ expr: AffineExpr, of map: AffineMap) -> String {
    let single = context.affineMap(
      dimensions: map.dimensionCount, symbols: map.symbolCount, [expr])
    let whole = context.text.attribute(context.affineMapAttribute(single))
    guard let arrow = whole.firstRange(of: "-> (") else { return whole }
    return String(whole[arrow.upperBound...].dropLast(2))
  }
}

extension SparseEncoding.Slice {
  /// `slice(0, ?, 1)`.
  var text: String {
    let parts = [offset, size, stride].map { $0 == Type.dynamic ? "?" : String($0) }
    return "slice(\(parts.joined(separator: ", ")))"
  }
}

/// Reads the text between `<` and `>`.
private struct EncodingReader {
  let parser: Parser
  private var dimToLvl: AffineMap?
  private var levels: [LevelType] = []
  private var slices: [SparseEncoding.Slice] = []
  private var positionWidth = 0
  private var coordinateWidth = 0
  private var explicitValue: Attribute?
  private var implicitValue: Attribute?
  /// Whether the text gives dimensions as expressions of levels.
  private var hasInverse = false

  init(_ parser: Parser) { self.parser = parser }

  mutating func read() throws(Reported) -> Attribute {
    let start = parser.offset
    try parser.parse(.less)
    try parser.parse(.leftBrace)
    while !parser.isAt(.rightBrace) {
      let offset = parser.offset
      let key = try parser.parseKeyword()
      try parser.parse(.equal)
      switch key {
      case "map": try readMap()
      case "posWidth": positionWidth = try readWidth("position")
      case "crdWidth": coordinateWidth = try readWidth("coordinate")
      case "explicitVal": explicitValue = try readNumber("explicitVal")
      case "implicitVal": implicitValue = try readNumber("implicitVal")
      default: throw parser.error("unexpected key: \(key)", at: offset)
      }
      if !parser.parseOptional(.comma) { break }
    }
    try parser.parse(.rightBrace)
    try parser.parse(.greater)
    guard let dimToLvl else {
      throw parser.error("expected a non-empty array for lvlTypes", at: start)
    }
    try check(at: start)
    return SparseEncoding(
      parser.context, dimToLvl: dimToLvl, levels: levels, positionWidth: positionWidth,
      coordinateWidth: coordinateWidth, explicitValue: explicitValue,
      implicitValue: implicitValue, slices: slices
    ).attribute
  }

  private func readWidth(_ what: String) throws(Reported) -> Int {
    let offset = parser.offset
    let width = try parser.parseInteger()
    guard [0, 8, 16, 32, 64].contains(width) else {
      throw parser.error("unexpected \(what) bitwidth: \(width)", at: offset)
    }
    return width
  }

  private func readNumber(_ key: String) throws(Reported) -> Attribute {
    let offset = parser.offset
    let value = try parser.parseAttribute()
    guard value.kind == .integer || value.kind == .float else {
      throw parser.error("expected a numeric value for \(key)", at: offset)
    }
    return value
  }

  // MARK: The map

  /// `{l0, l1} (d0 : slice, d1 = expr) -> (l0 = expr : type, expr : type)`; names of levels and
  /// inverse expressions are optional and follow from the rest.
  private mutating func readMap() throws(Reported) {
    let symbols = try parser.parseList(.optionalSquare) { () throws(Reported) in
      try parser.parseKeyword()
    }
    let declared = try parser.parseList(.optionalBrace) { () throws(Reported) in
      try parser.parseKeyword()
    }
    var dimensions: [String] = []
    var slices: [SparseEncoding.Slice] = []
    try parser.parse(.leftParen)
    if !parser.isAt(.rightParen) {
      repeat {
        dimensions.append(try parser.parseKeyword())
        if parser.parseOptional(.equal) {
          let expr = try parser.parseAffineExpr(dimensions: declared, symbols: symbols)
          hasInverse = true
          if expr.isSymbolicOrConstant { throw parser.error("expected an expression of levels") }
        }
        if parser.parseOptional(.colon) { slices.append(try readSlice()) }
      } while parser.parseOptional(.comma)
    }
    try parser.parse(.rightParen)
    if !slices.isEmpty, slices.count != dimensions.count {
      throw parser.error("expected slices for all dimensions or none")
    }
    self.slices = slices
    try parser.parse(.arrow)
    var results: [AffineExpr] = []
    try parser.parse(.leftParen)
    if !parser.isAt(.rightParen) {
      repeat {
        results.append(try readLevel(declared, dimensions, symbols, number: results.count))
      } while parser.parseOptional(.comma)
    }
    if !declared.isEmpty, declared.count != results.count {
      throw parser.error(
        "Level-rank mismatch between forward-declarations and specifiers. Declared \(declared.count) level-variables; but got \(results.count) level-specifiers."
      )
    }
    try parser.parse(.rightParen)
    dimToLvl = parser.context.affineMap(
      dimensions: dimensions.count, symbols: symbols.count, results)
  }

  private mutating func readLevel(
    _ declared: [String], _ dimensions: [String], _ symbols: [String], number: Int
  ) throws(Reported) -> AffineExpr {
    if !declared.isEmpty {
      let offset = parser.offset
      let name = try parser.parseKeyword()
      guard number < declared.count, declared[number] == name else {
        throw parser.error("level-variable '\(name)' is not declared in this place", at: offset)
      }
      try parser.parse(.equal)
    }
    let expr = try parser.parseAffineExpr(dimensions: dimensions, symbols: symbols)
    try parser.parse(.colon)
    levels.append(try readLevelType())
    return expr
  }

  private func readSlice() throws(Reported) -> SparseEncoding.Slice {
    let offset = parser.offset
    let attribute = try parser.parseAttribute()
    guard attribute.is(SparseTensor.slice) else {
      throw parser.error("expected a slice attribute", at: offset)
    }
    let values = attribute.words.map { Int(Int64(bitPattern: $0)) }
    return SparseEncoding.Slice(offset: values[0], size: values[1], stride: values[2])
  }

  private func readLevelType() throws(Reported) -> LevelType {
    let offset = parser.offset
    let word = try parser.parseKeyword()
    guard let format = LevelType.Format.allCases.first(where: { $0.keyword == word }) else {
      throw parser.error("unknown level format: \(word)", at: offset)
    }
    var level = LevelType(format)
    if format == .structured {
      try parser.parse(.leftSquare)
      level.n = try parser.parseInteger()
      try parser.parse(.comma)
      level.m = try parser.parseInteger()
      try parser.parse(.rightSquare)
      guard 1...255 ~= level.n, 1...255 ~= level.m, level.n <= level.m else {
        throw parser.error("expected n <= m in n_out_of_m", at: offset)
      }
    }
    guard parser.parseOptional(.leftParen) else { return level }
    repeat {
      let place = parser.offset
      switch try parser.parseKeyword() {
      case "nonunique": level.isUnique = false
      case "nonordered": level.isOrdered = false
      case "soa": level.isSoA = true
      case let other: throw parser.error("unknown level property: \(other)", at: place)
      }
    } while parser.parseOptional(.comma)
    try parser.parse(.rightParen)
    if !level.hasCoordinates || format == .structured {
      throw parser.error("invalid level type", at: offset)
    }
    return level
  }

  /// What no encoding may break, with MLIR's messages.
  private func check(at offset: Int) throws(Reported) {
    if levels.isEmpty { throw parser.error("expected a non-empty array for lvlTypes", at: offset) }
    for (i, level) in levels.enumerated() where level.isSingleton {
      let above = i > 0 ? levels[i - 1] : nil
      guard let above, above.isSingleton || above.hasPositions else {
        throw parser.error(
          "expected compressed or loose_compressed level before singleton level", at: offset)
      }
      let run = levels[i...].prefix { $0.isSingleton }
      if run.contains(where: { $0.isSoA != level.isSoA }) {
        throw parser.error(
          "expected all singleton lvlTypes stored in the same memory layout (SoA vs AoS).",
          at: offset)
      }
    }
    if let last = levels.lastIndex(where: { $0.format == .batch }),
      levels[...last].contains(where: { $0.format != .batch })
    {
      throw parser.error("Batch lvlType can only be leading levels.", at: offset)
    }
    if levels.contains(where: { $0.isSoA && !$0.isSingleton }) {
      throw parser.error("SoA is only applicable to singleton lvlTypes.", at: offset)
    }
    for (i, level) in levels.enumerated() where level.format == .structured {
      if i + 1 != levels.count {
        throw parser.error("expected structured level to be the last level", at: offset)
      }
      try checkBlocks(level, at: offset)
    }
    guard let map = dimToLvl, map.symbolCount == 0, !hasInverse else { return }
    let known = SparseEncoding(parser.context, dimToLvl: map, levels: levels)
    if known.lvlToDim == nil {
      throw parser.error("failed to infer lvlToDim from dimToLvl", at: offset)
    }
  }

  /// What an n-out-of-m level asks of those before it.
  private func checkBlocks(_ level: LevelType, at offset: Int) throws(Reported) {
    if !levels.dropLast().allSatisfy({ $0.isDense || $0.format == .batch }) {
      throw parser.error("expected all dense lvlTypes before a n_out_of_m level", at: offset)
    }
    guard let map = dimToLvl, map.dimensionCount != map.resultCount else { return }
    let known = SparseEncoding(parser.context, dimToLvl: map, levels: levels)
    if known.lvlToDim == nil || !known.hasConsistentBlocks {
      throw parser.error("expected 1xm block structure for n_out_of_m level", at: offset)
    }
    let sizes = map.results.filter { $0.kind == .mod }.compactMap { $0.right.constantValue }
    if Set(sizes).count > 1 {
      throw parser.error(
        "expected only one blocked level with the same coefficients", at: offset)
    }
    if sizes.first != level.m {
      throw parser.error(
        "expected coeffiencts of Affine expressions to be equal to m of n_out_of_m level",
        at: offset)
    }
  }
}
