import MartletIR
import MartletSupport

extension AssemblyFormat {
  func print(_ printer: Printer, _ operation: Operation) {
    var place = 0
    let end = program.writing.count
    while place < end {
      let instruction = program.writing[place]
      place += 1
      switch instruction.opcode {
      case .text:
        let bytes = program.pool.elements
        printer.out.append(
          UnsafeBufferPointer(
            rebasing: bytes[Int(instruction.place)..<Int(instruction.place + instruction.length)]))
      case .newline: printer.newline()
      case .writeOperand: printer.operand(operation.operand(Int(instruction.place)))
      case .writeAttributeOfAnyForm:
        if let value = operation.inherent(Int(instruction.place)) { printer.attribute(value) }
      case .writeAttribute: printAttribute(Int(instruction.place), false, printer, operation)
      case .writeTypeOfOperand:
        printer.type(operation.operand(Int(instruction.place)).type)
      case .writeTypeOfResult: printer.type(operation.result(Int(instruction.place)).type)
      case .writeAttributeDictionary:
        if hasDictionary(operation) {
          print(program.elements[Int(instruction.element)], printer, operation)
        }
      case .attributeElse:
        if !isPresent(slot: Int(instruction.place), operation) { place = Int(instruction.target) }
      case .attributeOtherwise:
        if isPresent(slot: Int(instruction.place), operation) { place = Int(instruction.target) }
      case .anchorElse:
        if !isPresent(program.anchors[Int(instruction.place)], operation) {
          place = Int(instruction.target)
        }
      case .anchorOtherwise:
        if isPresent(program.anchors[Int(instruction.place)], operation) {
          place = Int(instruction.target)
        }
      case .jump: place = Int(instruction.target)
      default: print(program.elements[Int(instruction.place)], printer, operation)
      }
    }
  }

  /// Whether there is an attribute that only the dictionary can tell.
  private func hasDictionary(_ operation: Operation) -> Bool {
    if operation.hasDiscardableAttributes { return true }
    for slot in dictionarySlots where isPresent(slot: slot, operation) { return true }
    return false
  }

  private func isPresent(slot: Int, _ operation: Operation) -> Bool {
    let number = operation.inherentNumber(slot)
    return number != .max && number != defaultNumbers[slot]
  }

  private func print(_ element: FormatElement, _ printer: Printer, _ operation: Operation) {
    switch element {
    case .literal(let literal, let space):
      if space { printer.out.append(UInt8(ascii: " ")) }
      printer.out.append(literal.text)
    case .whitespace(let text):
      if text == "\n" { printer.newline() } else { printer.out.append(text) }
    case .variable(let argument, let qualified, let space):
      if space { printer.out.append(UInt8(ascii: " ")) }
      printVariable(argument, qualified, printer, operation)
    case .type(let argument, let qualified, let space):
      if space { printer.out.append(UInt8(ascii: " ")) }
      if !qualified, printShortType(argument, printer, operation) { return }
      printTypes(argument, printer, operation)
    case .functionalType(let inputs, let results, let space):
      if space { printer.out.append(UInt8(ascii: " ")) }
      printer.functionalType(types(inputs, operation), types(results, operation))
    case .attributeDictionary(let withKeyword):
      let excluded = excludedNames(operation)
      if withKeyword {
        printer.optionalAttributeDictionaryWithKeyword(operation, excluding: excluded)
      } else {
        printer.optionalAttributeDictionary(operation, excluding: excluded)
      }
    case .propertyDictionary:
      let excluded = excludedNames(operation)
      let entries = definition.attributes.enumerated().compactMap { i, slot in
        excluded.contains(slot.name)
          ? nil
          : operation.inherent(i).map { (name: operation.context.intern(slot.name), value: $0) }
      }
      if entries.isEmpty { return }
      printer.out.append(" <")
      printer.dictionary(entries)
      printer.out.append(">")
    case .custom(let directive, let arguments, let space):
      if space { printer.out.append(UInt8(ascii: " ")) }
      directive.print(printer, operation, arguments)
    case .optional(let group):
      let isPresent = isPresent(group.anchor, operation) != group.isInverted
      for element in isPresent ? group.then : group.otherwise { print(element, printer, operation) }
    case .clauses(let clauses):
      for clause in clauses where clause.dropFirst().allSatisfy({ isPresent($0, operation) }) {
        for element in clause {
          if case .variable(.attribute(let slot), _, _) = element,
            case .unit = definition.attributes[slot].constraint.form
          {
            continue
          }
          print(element, printer, operation)
        }
      }
    }
  }

  /// Names not to be repeated in the attribute dictionary: those written elsewhere, and defaults.
  private func excludedNames(_ operation: Operation) -> [String] {
    if !definition.hasDefaultAttributes { return elidedNames }
    var excluded = elidedNames
    for (i, slot) in definition.attributes.enumerated()
    where operation.inherent(i) != nil && !isPresent(slot: i, operation) {
      excluded.append(slot.name)
    }
    return excluded
  }

  // MARK: Anchors

  private func isPresent(_ anchor: FormatElement, _ operation: Operation) -> Bool {
    switch anchor {
    case .variable(let argument, _, _), .type(let argument, _, _): isPresent(argument, operation)
    case .custom(_, let arguments, _): arguments.contains { isPresent($0, operation) }
    case .functionalType(let inputs, _, _): isPresent(inputs, operation)
    case .attributeDictionary: operation.hasDiscardableAttributes
    default: true
    }
  }

  private func isPresent(_ argument: FormatArgument, _ operation: Operation) -> Bool {
    switch argument {
    case .operand(let i), .typeOfOperand(let i): return operation.operandSegments[i] > 0
    case .result(let i), .typeOfResult(let i): return operation.resultSegments[i] > 0
    case .attribute(let slot):
      return isPresent(slot: slot, operation)
    case .region(let i):
      return i < operation.regionCount && !operation.region(i).isEmpty
    case .successor(let i): return i < operation.successors.count
    case .operands, .typeOfOperands: return operation.operandCount > 0
    case .results, .typeOfResults: return operation.resultCount > 0
    case .attributeDictionary, .text: return false
    }
  }

  // MARK: Variables

  private func printVariable(
    _ argument: FormatArgument, _ qualified: Bool, _ printer: Printer, _ operation: Operation
  ) {
    switch argument {
    case .operand(let i):
      if isSimple {
        printer.operand(operation.operand(i))
      } else {
        printer.operands(operation.operandGroup(i))
      }
    case .operands: printer.operands(operation.operands)
    case .attribute(let slot): printAttribute(slot, qualified, printer, operation)
    case .region(let i):
      let declared = i < definition.regions.count ? definition.regions[i].arity : .one
      let last = declared == .variadic ? operation.regionCount : min(i + 1, operation.regionCount)
      for k in i..<max(i, last) {
        if k > i { printer.out.append(", ") }
        printer.region(operation.region(k), terminators: printsTerminators(operation.region(k)))
      }
    case .successor(let i):
      let declared = i < definition.successors.count ? definition.successors[i].arity : .one
      let last = declared == .variadic ? operation.successors.count : i + 1
      for k in i..<max(i, last) {
        if k > i { printer.out.append(", ") }
        printer.successor(operation.successors[k])
      }
    default: break
    }
  }

  /// Whether groups and operands are the same thing.
  private var isSimple: Bool { definition.isFixedArity }

  /// An implied terminator without operands or attributes is left out.
  private func printsTerminators(_ region: Region) -> Bool {
    guard let implied = definition.implicitTerminator,
      let last = region.lastBlock?.lastOperation, last.name.string == implied
    else { return true }
    return last.operandCount > 0 || last.hasDiscardableAttributes
  }

  private func printAttribute(
    _ slot: Int, _ qualified: Bool, _ printer: Printer, _ operation: Operation
  ) {
    guard let value = operation.inherent(slot) else { return }
    printer.attribute(
      value, as: definition.attributes[slot].constraint.form, qualified: qualified)
  }

  private func types(_ argument: FormatArgument, _ operation: Operation) -> [Type] {
    switch argument {
    case .operand(let i): return operation.operandGroup(i).types
    case .result(let i):
      let segments = operation.resultSegments
      let start = segments[..<i].reduce(0, +)
      return (start..<(start + segments[i])).map { operation.result($0).type }
    case .operands: return operation.operands.types
    case .results: return operation.results.types
    default: return []
    }
  }

  /// Writes the type of a single value without `!dialect.mnemonic` where its declaration allows; whether it did.
  private func printShortType(
    _ argument: FormatArgument, _ printer: Printer, _ operation: Operation
  ) -> Bool {
    let declared: ValueDefinition
    switch argument {
    case .operand(let i): declared = definition.operands[i]
    case .result(let i): declared = definition.results[i]
    default: return false
    }
    guard let name = declared.constraint.shortForm, declared.arity == .one,
      let type = types(argument, operation).first, let known = type.definition,
      known.name == name, let assembly = known.interface(TypeAssembly.self)
    else { return false }
    assembly.print(printer, type)
    return true
  }

  private func printTypes(
    _ argument: FormatArgument, _ printer: Printer, _ operation: Operation
  ) {
    if isSimple {
      switch argument {
      case .operand(let i):
        printer.type(operation.operand(i).type)
        return
      case .result(let i) where definition.hasFixedResults:
        printer.type(operation.result(i).type)
        return
      default: break
      }
    }
    printer.types(types(argument, operation))
  }
}
