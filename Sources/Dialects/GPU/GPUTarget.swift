import MartletIR
import MartletSupport
import MartletSyntax

/// `#nvvm.target<chip = "sm_90">` and the like: what device code is compiled for. Of the dialects they
/// belong to, nothing else is declared here.
enum GPUTarget {
  /// A parameter and its value where it is left out; a nil value is one that may be absent.
  struct Parameter: Sendable {
    let name: String
    let value: Value?

    enum Value: Sendable {
      case integer(Int)
      case string(String)
      case bool(Bool)
    }

    func defaultValue(_ context: Context) -> Attribute? {
      switch value {
      case nil: nil
      case .integer(let value): context.i64Attribute(value)
      case .string(let value): context.string(value)
      case .bool(let value): context.boolAttribute(value)
      }
    }
  }

  static let nvvm = dialect(
    "nvvm", "kernels of NVIDIA devices",
    [
      Parameter(name: "O", value: .integer(2)),
      Parameter(name: "triple", value: .string("nvptx64-nvidia-cuda")),
      Parameter(name: "chip", value: .string("sm_50")),
      Parameter(name: "features", value: .string("")), Parameter(name: "flags", value: nil),
      Parameter(name: "link", value: nil), Parameter(name: "verifyTarget", value: .bool(true)),
    ])

  static let rocdl = dialect(
    "rocdl", "kernels of AMD devices",
    [
      Parameter(name: "O", value: .integer(2)),
      Parameter(name: "triple", value: .string("amdgcn-amd-amdhsa")),
      Parameter(name: "chip", value: .string("gfx900")),
      Parameter(name: "features", value: .string("")),
      Parameter(name: "abi", value: .string("600")),
      Parameter(name: "flags", value: nil), Parameter(name: "link", value: nil),
    ])

  static let xevm = dialect(
    "xevm", "kernels of Intel devices",
    [
      Parameter(name: "O", value: .integer(2)),
      Parameter(name: "triple", value: .string("spirv64-unknown-unknown")),
      Parameter(name: "chip", value: .string("bmg")), Parameter(name: "flags", value: nil),
      Parameter(name: "linkFiles", value: nil),
    ])

  private static func dialect(_ name: String, _ summary: String, _ parameters: [Parameter])
    -> Dialect
  {
    Dialect(name, summary: summary, attributes: [target("\(name).target", parameters)])
  }

  /// The words of the attribute are those of its parameters, in order.
  private static func target(_ name: String, _ parameters: [Parameter]) -> AttributeDefinition {
    AttributeDefinition(
      name, "what device code is compiled for",
      interfaces: [
        AttributeAssembly(
          parse: { (parser, _) throws(Reported) in try parse(parser, name, parameters) },
          print: { printer, attribute in print(printer, attribute, parameters) })
      ])
  }

  private static func parse(_ parser: Parser, _ name: String, _ parameters: [Parameter])
    throws(Reported) -> Attribute
  {
    var values = parameters.map { $0.defaultValue(parser.context) }
    if parser.parseOptional(.less) {
      var seen: Set<Int> = []
      repeat {
        let offset = parser.offset
        let word = try parser.parseKeyword()
        guard let i = parameters.firstIndex(where: { $0.name == word }) else {
          throw parser.error("unknown parameter name: \(word)", at: offset)
        }
        if !seen.insert(i).inserted {
          throw parser.error("duplicate struct parameter name: \(word)", at: offset)
        }
        try parser.parse(.equal)
        let place = parser.offset
        let value = try parser.parseAttribute()
        let fits =
          switch parameters[i].value {
          case .integer: value.kind == .integer && value.boolValue == nil
          case .string: value.kind == .string
          case .bool: value.boolValue != nil
          case nil: word == "flags" ? value.kind == .dictionary : value.kind == .array
          }
        if !fits {
          throw parser.error("invalid value of parameter '\(word)' of '#\(name)'", at: place)
        }
        if word == "O", !(0...3).contains(value.integerValue ?? -1) {
          throw parser.error(
            "The optimization level must be a number between 0 and 3.", at: offset)
        }
        values[i] = value
      } while parser.parseOptional(.comma)
      try parser.parse(.greater)
    }
    return try GPU.make(parser, name, values.map { UInt64($0?.raw ?? .max) })
  }

  private static func print(
    _ printer: Printer, _ attribute: Attribute, _ parameters: [Parameter]
  ) {
    var isFirst = true
    for (i, parameter) in parameters.enumerated() where i < attribute.words.count {
      guard let value = attribute.attributeWord(i),
        value != parameter.defaultValue(attribute.context)
      else { continue }
      printer.write(isFirst ? "<" : ", ")
      isFirst = false
      printer.write(parameter.name + " = ")
      printer.attributeWithoutType(value)
    }
    if !isFirst { printer.write(">") }
  }
}
