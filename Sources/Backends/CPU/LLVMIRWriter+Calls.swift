import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

extension LLVMIRWriter {
  // MARK: Calls

  func call(_ operation: Operation) throws(Reported) {
    var arguments = Array(operation.operands)
    if operation.has(.attrSizedOperandSegments),
      let sizes = operation.attribute("operandSegmentSizes")?.integers,
      sizes.count > 1, sizes[1...].contains(where: { $0 > 0 })
    {
      throw operation.emitOpError("has operand bundles, which are not supported")
    }
    out.append("call ")
    fastMath(operation)
    let callee = operation.attribute("callee")?.rootReference?.string
    if callee == nil, arguments.isEmpty { throw operation.emitOpError("calls nothing") }
    let pointer = callee == nil ? arguments.removeFirst() : nil
    let explicit = operation.attribute("var_callee_type")?.typeValue
    if let explicit {
      try type(explicit, at: operation)
    } else if operation.resultCount == 0 {
      out.append("void")
    } else {
      try type(operation.result().type, at: operation)
    }
    out.append(" ")
    if let callee {
      refer(to: callee)
      symbol(callee)
    } else if let pointer {
      try value(pointer)
    }
    out.append("(")
    try list(arguments, operation)
    out.append(")")
    var words: [String] = []
    for (name, word) in [
      ("no_unwind", "nounwind"), ("will_return", "willreturn"), ("convergent", "convergent"),
      ("no_inline", "noinline"), ("always_inline", "alwaysinline"),
    ] where operation.hasAttribute(name) {
      words.append(word)
    }
    for word in words {
      out.append(" ")
      out.append(word)
    }
  }

  func callIntrinsic(_ operation: Operation) throws(Reported) {
    guard let name = operation.attribute("intrin")?.stringValue else {
      throw operation.emitOpError("names no intrinsic")
    }
    let result = operation.resultCount == 0 ? nil : operation.result().type
    try declare(name, operation, result, operation.operands.types, [])
    out.append("call ")
    fastMath(operation)
    try callee(name, result, operation)
    try list(operation.operands, operation)
    out.append(")")
  }

  func callee(_ name: String, _ result: Type?, _ operation: Operation) throws(Reported) {
    if let result { try type(result, at: operation) } else { out.append("void") }
    out.append(" ")
    symbol(name)
    out.append("(")
  }

  /// Declares an intrinsic: result, operands, then constant integers of these widths.
  func declare(
    _ name: String, _ operation: Operation, _ result: Type?, _ operands: [Type], _ widths: [Int]
  ) throws(Reported) {
    try declare(name) { () throws(Reported) in
      try captured { () throws(Reported) in
        out.append("declare ")
        try callee(name, result, operation)
        var isFirst = true
        for operand in operands {
          if !isFirst { out.append(", ") }
          isFirst = false
          try type(operand, at: operation)
        }
        for width in widths {
          if !isFirst { out.append(", ") }
          isFirst = false
          out.append("i\(width)")
        }
        out.append(")\n")
      }
    }
  }

  func call(_ intrinsic: Handler.Intrinsic, _ operation: Operation) throws(Reported) {
    var name = intrinsic.name
    let result = operation.resultCount == 0 ? nil : operation.result().type
    for overload in intrinsic.overloads {
      let type: Type?
      switch overload {
      case .result: type = result
      case .operand(let i): type = i < operation.operandCount ? operation.operand(i).type : nil
      }
      guard let type else { throw operation.emitOpError("has too few operands or results") }
      name += "." + (try mangled(type, at: operation))
    }
    try declare(
      name, operation, result, operation.operands.types, intrinsic.immediates.map(\.width))
    out.append("call ")
    if intrinsic.hasFastMath { fastMath(operation) }
    try callee(name, result, operation)
    try list(operation.operands, operation)
    for (i, immediate) in intrinsic.immediates.enumerated() {
      if i > 0 || operation.operandCount > 0 { out.append(", ") }
      let value = operation.attribute(immediate.name)?.integerValue ?? 0
      out.append("i\(immediate.width) ")
      if immediate.width == 1 {
        out.append(value != 0 ? "true" : "false")
      } else {
        out.append(value)
      }
    }
    out.append(")")
  }

  /// Masked access in the form of LLVM 19 to 21, alignment as an argument, which LLVM 22 still reads.
  func masked(_ operation: Operation, _ handler: Handler) throws(Reported) {
    let isStore: Bool
    var name: String
    switch handler {
    case .maskedLoad: (name, isStore) = ("llvm.masked.load", false)
    case .maskedStore: (name, isStore) = ("llvm.masked.store", true)
    case .gather: (name, isStore) = ("llvm.masked.gather", false)
    default: (name, isStore) = ("llvm.masked.scatter", true)
    }
    let operands = Array(operation.operands)
    let vector = isStore ? operands[0].type : operation.result().type
    let address = operands[isStore ? 1 : 0].type
    name += "." + (try mangled(vector, at: operation))
    name += "." + (try mangled(address, at: operation))
    let result = isStore ? nil : vector
    let position = isStore ? 2 : 1
    let passThrough = isStore ? nil : (operands.count > 2 ? operands[2] : nil)
    try declare(name) { () throws(Reported) in
      try captured { () throws(Reported) in
        out.append("declare ")
        try callee(name, result, operation)
        for operand in operands[..<position] {
          try type(operand.type, at: operation)
          out.append(", ")
        }
        out.append("i32, ")
        try type(operands[position].type, at: operation)
        if !isStore {
          out.append(", ")
          try type(vector, at: operation)
        }
        out.append(")\n")
      }
    }
    out.append("call ")
    try callee(name, result, operation)
    try list(operands[..<position], operation)
    out.append(", i32 \(operation.attribute("alignment")?.integerValue ?? 1), ")
    try typed(operands[position], operation)
    if !isStore {
      out.append(", ")
      if let passThrough {
        try typed(passThrough, operation)
      } else {
        try type(vector, at: operation)
        out.append(" poison")
      }
    }
    out.append(")")
  }
}
