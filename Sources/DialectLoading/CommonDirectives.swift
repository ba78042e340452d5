import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

/// Directives `custom<Name>` whose reading and printing functions belong to MLIR itself or are so common that
/// their text is known by their names.
enum CommonDirectives {
  static let interface = CustomDirectives(table)

  static let table: [String: CustomDirective] = [
    "DynamicIndexList": .dynamicIndexList,
    "SymbolVisibility": symbolVisibility,
    "DimensionList": dimensionList,
    "TypeOrAttr": typeOrAttribute,
    "SameOperandsAndResultType": sameTypes,
    "VariadicSameOperandsAndResultType": sameTypes,
    "CustomCallTarget": callTarget,
  ]

  /// `custom<SymbolVisibility>($sym_visibility)`: `public`, `private`, `nested` or nothing.
  private static let symbolVisibility = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      for word in ["public", "private", "nested"] where parser.parseOptionalKeyword(word) {
        parts.setAttribute(parts.arguments[0], parser.context.string(word))
        return
      }
    },
    print: { printer, operation, arguments in
      guard case .attribute(let slot)? = arguments.first,
        let word = operation.inherent(slot)?.stringValue
      else { return }
      printer.write(word)
    })

  /// `custom<DimensionList>($shape)`: `4x?x8`, or `[]` for rank 0.
  private static let dimensionList = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      if parser.parseOptional(.leftSquare) {
        try parser.parse(.rightSquare)
        parts.setAttribute(parts.arguments[0], parser.context.denseI64Array([]))
        return
      }
      let shape = try parser.parseDimensionList()
      parts.setAttribute(parts.arguments[0], parser.context.denseI64Array(shape))
    },
    print: { printer, operation, arguments in
      guard case .attribute(let slot)? = arguments.first,
        let shape = operation.inherent(slot)?.integers
      else { return }
      if shape.isEmpty { printer.write("[]") } else { printer.dimensionList(shape) }
    })

  /// `custom<TypeOrAttr>($type, $attr)`: `= attribute` or `: type`.
  private static let typeOrAttribute = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 2 else { return }
      if parser.parseOptional(.equal) {
        let value = try parser.parseAttribute()
        parts.setAttribute(parts.arguments[1], value)
        if let type = value.type {
          parts.setAttribute(parts.arguments[0], parser.context.typeAttribute(type))
        }
        return
      }
      parts.setAttribute(
        parts.arguments[0], parser.context.typeAttribute(try parser.parseColonType()))
    },
    print: { printer, operation, arguments in
      guard arguments.count >= 2, case .attribute(let type) = arguments[0],
        case .attribute(let value) = arguments[1]
      else { return }
      if let value = operation.inherent(value) {
        printer.write("= ")
        printer.attribute(value)
      } else if let type = operation.inherent(type)?.typeValue {
        printer.write(": ")
        printer.type(type)
      }
    })

  /// Types of operands and the result, the last: one type where all are the same, else `(a, b) -> c`.
  private static let sameTypes = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      let arguments = parts.arguments.filter(isType)
      guard let last = arguments.last else { return }
      let operands = arguments.dropLast()
      let start = parser.offset
      let type = try parser.parseType()
      func count(_ argument: FormatArgument) -> Int { parts.operandCount(ofTypes: argument) ?? 1 }
      guard type.isFunction else {
        for argument in operands {
          parts.setTypes(argument, Array(repeating: type, count: count(argument)))
        }
        parts.setTypes(last, [type])
        return
      }
      var inputs = type.inputs[...]
      for argument in operands {
        let group = inputs.prefix(count(argument))
        parts.setTypes(argument, Array(group))
        inputs = inputs.dropFirst(group.count)
      }
      guard inputs.isEmpty, type.results.count == 1 else {
        throw parser.error("expected a function type of the operands and the result", at: start)
      }
      parts.setTypes(last, type.results)
    },
    print: { printer, operation, arguments in
      let types = operation.operands.types + operation.results.types
      if let first = types.first, types.allSatisfy({ $0 == first }) {
        printer.type(first)
      } else {
        printer.functionalType(operation)
      }
    })

  private static func isType(_ argument: FormatArgument) -> Bool {
    switch argument {
    case .typeOfOperand, .typeOfResult: true
    default: false
    }
  }

  /// `@name`, kept as a string.
  private static let callTarget = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard let argument = parts.arguments.first else { return }
      parts.setAttribute(argument, parser.context.string(try parser.parseSymbolName()))
    },
    print: { printer, operation, arguments in
      guard case .attribute(let slot)? = arguments.first else { return }
      printer.symbolName(operation.inherent(slot)?.stringValue ?? "")
    })
}
