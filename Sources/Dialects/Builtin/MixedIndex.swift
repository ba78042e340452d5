import MartletIR
import MartletSupport
import MartletSyntax

/// An index that is a constant or a value: an entry of `[%a, 4, %b]`.
public enum MixedIndex: Hashable {
  case constant(Int)
  case value(Value)

  /// The constant, also of a value defined by a constant operation.
  public var constantValue: Int? {
    switch self {
    case .constant(let constant): constant
    case .value(let value): value.constantInteger
    }
  }

  /// Entries of `statics`, with values in place of dynamic ones. Missing values leave the entry dynamic.
  public static func list(_ statics: [Int], _ dynamics: some Collection<Value>) -> [MixedIndex] {
    var values = dynamics.makeIterator()
    return statics.map { entry in
      guard entry == Type.dynamic, let value = values.next() else { return .constant(entry) }
      return .value(value)
    }
  }

  /// The static entries and the values of the dynamic ones.
  public static func split(_ entries: [MixedIndex]) -> (statics: [Int], dynamics: [Value]) {
    var dynamics: [Value] = []
    let statics = entries.map { entry in
      switch entry {
      case .constant(let constant): return constant
      case .value(let value):
        dynamics.append(value)
        return Type.dynamic
      }
    }
    return (statics, dynamics)
  }
}

/// The text of lists that mix constants and index values.
public enum DynamicIndexList {
  /// References to the values, and the constants with `Type.dynamic` in the values' places.
  public struct Parsed {
    public var operands: [Parser.OperandReference] = []
    public var statics: [Int] = []
  }

  /// Reads `[%a, 4, ...]`, or in parentheses for that delimiter.
  public static func parse(_ parser: Parser, _ delimiter: Parser.Delimiter = .square)
    throws(Reported) -> Parsed
  {
    let entries = try parser.parseList(delimiter) {
      () throws(Reported) -> (operand: Parser.OperandReference?, constant: Int) in
      if let operand = try parser.parseOptionalOperand() { return (operand, Type.dynamic) }
      guard let value = try parser.parseOptionalInteger() else {
        throw parser.error("expected SSA value or integer")
      }
      return (nil, value)
    }
    return Parsed(
      operands: entries.compactMap(\.operand), statics: entries.map(\.constant))
  }

  /// Writes the list with its brackets.
  public static func print(
    _ printer: Printer, _ statics: [Int], _ dynamics: some Collection<Value>,
    open: String = "[", close: String = "]"
  ) {
    printer.write(open)
    var values = dynamics.makeIterator()
    for (i, entry) in statics.enumerated() {
      if i > 0 { printer.write(", ") }
      if entry == Type.dynamic, let value = values.next() {
        printer.operand(value)
      } else {
        printer.write(String(entry))
      }
    }
    printer.write(close)
  }

  /// `custom<DynamicIndexList>($dynamics, $statics)` of declarative formats.
  public static let directives = CustomDirectives([
    "DynamicIndexList": CustomDirective(
      parse: { (parser, parts, op) throws(Reported) in
        guard parts.arguments.count >= 2 else { return }
        let parsed = try parse(parser)
        parts.setOperands(parts.arguments[0], parsed.operands)
        parts.setAttribute(parts.arguments[1], parser.context.denseI64Array(parsed.statics))
      },
      print: { printer, operation, arguments in
        guard arguments.count >= 2, case .operand(let group) = arguments[0],
          case .attribute(let slot) = arguments[1]
        else { return }
        print(
          printer, operation.inherent(slot)?.integers ?? [], operation.operandGroup(group))
      })
  ])
}
