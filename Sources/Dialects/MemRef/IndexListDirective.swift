import MartletIR
import MartletSupport
import MartletSyntax

extension CustomDirective {
  /// `custom<DynamicIndexList>($operands, $attribute)`: `[%a, 4, %b]`.
  public static let dynamicIndexList = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      let list = try DynamicIndexList.parse(parser)
      guard parts.arguments.count >= 2 else { return }
      parts.setOperands(parts.arguments[0], list.operands)
      parts.setAttribute(parts.arguments[1], parser.context.denseI64Array(list.statics))
    },
    print: { printer, operation, arguments in
      guard arguments.count >= 2, case .operand(let group) = arguments[0],
        case .attribute(let slot) = arguments[1]
      else { return }
      DynamicIndexList.print(
        printer, operation.inherent(slot)?.integers ?? [], operation.operandGroup(group))
    })

  /// `custom<GlobalMemrefOpTypeAndInitialValue>($type, $initial_value)`: `memref<2xf32> = dense<0.0>`.
  static let globalTypeAndValue = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      let type = try parser.parseType()
      parts.setAttribute(parts.arguments[0], parser.context.typeAttribute(type))
      guard parser.parseOptional(.equal) else { return }
      if parser.parseOptionalKeyword("uninitialized") {
        parts.setAttribute(parts.arguments[1], parser.context.unit)
        return
      }
      let shape = parser.context.tensor(type.shape, type.elementType)
      parts.setAttribute(parts.arguments[1], try parser.parseAttribute(type: shape))
    },
    print: { printer, operation, _ in
      guard let type = operation.attribute("type")?.typeValue else { return }
      printer.type(type)
      guard let value = operation.attribute("initial_value") else { return }
      if value.isUnit {
        printer.write(" = uninitialized")
      } else {
        printer.write(" = ")
        printer.attributeWithoutType(value)
      }
    })
}

extension CustomDirectives {
  /// For formats that use `custom<DynamicIndexList>`.
  static let indexLists = CustomDirectives(["DynamicIndexList": .dynamicIndexList])
}
