import MartletIR
import MartletSupport
import MartletSyntax

/// The types of `quant`, which are wholly in C++. An instance holds its text in canonical form: ranges that
/// are the storage type's own and zero points of 0 are left out.
extension DialectSupplement {
  static let quant: DialectSupplement = {
    var quant = DialectSupplement()
    quant.types = [
      type("any", "a quantized type of which only the types are known") {
        (parser) throws(Reported) in
        var text = try storage(parser)
        if parser.parseOptional(.colon) { text += ":" + (try expressed(parser)) }
        return text
      },
      type("calibrated", "a float type with the range its values were seen in") {
        (parser) throws(Reported) in
        var text = try expressed(parser)
        try parser.parse(.less)
        text += "<" + DialectSupplement.text(try number(parser), parser)
        try parser.parse(.colon)
        text += ":" + DialectSupplement.text(try number(parser), parser) + ">"
        try parser.parse(.greater)
        return text
      },
      type("uniform", "an affinely quantized type", uniform),
    ]
    return quant
  }()

  private static func type(
    _ name: String, _ summary: String,
    _ parse: @escaping @Sendable (Parser) throws(Reported) -> String
  ) -> TypeDefinition {
    let fullName = "quant.\(name)"
    return TypeDefinition(
      fullName, summary,
      interfaces: [
        TypeAssembly(
          parse: { (parser) throws(Reported) in
            try parser.parse(.less)
            let text = try parse(parser)
            try parser.parse(.greater)
            guard let definition = parser.context.typeDefinition(named: fullName) else {
              throw parser.error("unknown type '\(fullName)'")
            }
            return parser.context.type(definition, [UInt64(parser.context.intern(text).raw)])
          },
          print: { printer, type in printer.write("<\(type.identifierWord(0).string)>") })
      ])
  }

  /// `i8`, `u8`, `i8<-127:127>`.
  private static func storage(_ parser: Parser) throws(Reported) -> String {
    let start = parser.offset
    guard let word = parser.parseOptionalKeyword(), let first = word.utf8.first,
      let width = Int(word.dropFirst()), first == UInt8(ascii: "i") || first == UInt8(ascii: "u")
    else { throw parser.error("illegal storage type prefix", at: start) }
    guard (1...32).contains(width) else {
      throw parser.error("illegal storage type size: \(width)", at: start)
    }
    let isSigned = first == UInt8(ascii: "i")
    guard parser.parseOptional(.less) else { return word }
    let low = try parser.parseInteger()
    try parser.parse(.colon)
    let high = try parser.parseInteger()
    try parser.parse(.greater)
    let least = isSigned ? -(1 << (width - 1)) : 0
    let most = isSigned ? (1 << (width - 1)) - 1 : (1 << width) - 1
    guard low < high else {
      throw parser.error("illegal storage min and storage max: (\(low):\(high))", at: start)
    }
    guard low >= least else {
      throw parser.error("illegal storage type minimum: \(low)", at: start)
    }
    guard high <= most else {
      throw parser.error("illegal storage type maximum: \(high)", at: start)
    }
    return low == least && high == most ? word : "\(word)<\(low):\(high)>"
  }

  private static func expressed(_ parser: Parser) throws(Reported) -> String {
    let start = parser.offset
    let type = try parser.parseType()
    guard type.isFloat else {
      throw parser.error("expressed type must be floating point", at: start)
    }
    return "\(type)"
  }

  private static func number(_ parser: Parser) throws(Reported) -> Double {
    let start = parser.offset
    let isNegative = parser.parseOptional(.minus)
    guard let value = try parser.parseOptionalAttribute(type: parser.context.f64)?.floatValue else {
      throw parser.error("expected floating point literal", at: start)
    }
    return isNegative ? -value : value
  }

  /// As an attribute of type f64 is printed.
  private static func text(_ value: Double, _ parser: Parser) -> String {
    let text = Printer.text(parser.context.floatAttribute(value, parser.context.f64))
    return String(text.prefix { $0 != " " })
  }

  /// `scale` or `scale:zeroPoint`.
  private static func parameters(_ parser: Parser) throws(Reported) -> String {
    let scale = DialectSupplement.text(try number(parser), parser)
    guard parser.parseOptional(.colon) else { return scale }
    let zeroPoint = try parser.parseInteger()
    return zeroPoint == 0 ? scale : "\(scale):\(zeroPoint)"
  }

  private static let uniform: @Sendable (Parser) throws(Reported) -> String = {
    (parser) throws(Reported) in
    var text = try storage(parser)
    try parser.parse(.colon)
    text += ":" + (try expressed(parser))
    var isList = false
    var hasBlocks = false
    if parser.parseOptional(.colon) {
      isList = true
      text += ":"
      if parser.isAt(.leftBrace) {
        hasBlocks = true
        let blocks = try parser.parseList(.brace) { () throws(Reported) in
          let axis = try parser.parseInteger()
          try parser.parse(.colon)
          return "\(axis):\(try parser.parseInteger())"
        }
        text += "{" + blocks.joined(separator: ", ") + "}"
      } else {
        text += String(try parser.parseInteger())
      }
    }
    try parser.parse(.comma)
    text += ", "
    if !isList { return text + (try parameters(parser)) }
    return text + (try list(parser, separator: hasBlocks ? ", " : ","))
  }

  /// Parameters in braces, nested as the blocks are.
  private static func list(_ parser: Parser, separator: String) throws(Reported) -> String {
    try parser.nested { () throws(Reported) in
      let entries = try parser.parseList(.brace) { () throws(Reported) in
        parser.isAt(.leftBrace)
          ? try list(parser, separator: separator) : try parameters(parser)
      }
      return "{" + entries.joined(separator: separator) + "}"
    }
  }
}
