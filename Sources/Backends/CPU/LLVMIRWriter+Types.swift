import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

extension LLVMIRWriter {
  /// Writes a type.
  func type(_ type: Type, at operation: Operation) throws(Reported) {
    if let known = typeTexts[type.raw] {
      known.withUnsafeBufferPointer { out.append($0) }
      return
    }
    let text = try captured { () throws(Reported) in try spell(type, operation) }
    let bytes = Array(text.utf8)
    typeTexts[type.raw] = bytes
    out.append(text)
  }

  private func spell(_ type: Type, _ operation: Operation) throws(Reported) {
    switch type.kind {
    case .integer: out.append("i\(type.words[0])")
    case .index: out.append("i64")
    case .float: out.append(try Self.floatName(type, operation))
    case .vector:
      guard type.rank == 1 else { throw Self.unsupported(type, operation) }
      out.append(type.scalableMask != 0 ? "<vscale x " : "<")
      out.append("\(type.dimension(0)) x ")
      try self.type(type.elementType, at: operation)
      out.append(">")
    default: try spellDialectType(type, operation)
    }
  }

  private func spellDialectType(_ type: Type, _ operation: Operation) throws(Reported) {
    if let space = type.llvmAddressSpace {
      out.append(space == 0 ? "ptr" : "ptr addrspace(\(space))")
    } else if let (element, count) = type.llvmArray {
      out.append("[\(count) x ")
      try self.type(element, at: operation)
      out.append("]")
    } else if let structure = type.llvmStruct {
      if let name = structure.name {
        if namedStructSet.insert(name).inserted { namedStructs.append((name, type)) }
        symbol(name, prefix: "%")
      } else {
        try body(structure, operation)
      }
    } else if let function = type.llvmFunction {
      try self.type(function.result, at: operation)
      out.append(" (")
      for (i, input) in function.inputs.enumerated() {
        if i > 0 { out.append(", ") }
        try self.type(input, at: operation)
      }
      if function.isVariadic { out.append(function.inputs.isEmpty ? "..." : ", ...") }
      out.append(")")
    } else if let name = type.definition?.name {
      switch name {
      case "llvm.void", "llvm.token", "llvm.label", "llvm.metadata", "llvm.x86_amx",
        "llvm.ppc_fp128":
        out.append(String(name.dropFirst(5)))
      default: throw Self.unsupported(type, operation)
      }
    } else {
      throw Self.unsupported(type, operation)
    }
  }

  private func body(_ structure: LLVMStructType, _ operation: Operation) throws(Reported) {
    guard let elements = structure.elements else {
      out.append("opaque")
      return
    }
    out.append(structure.isPacked ? "<{ " : "{ ")
    for (i, element) in elements.enumerated() {
      if i > 0 { out.append(", ") }
      try type(element, at: operation)
    }
    out.append(structure.isPacked ? " }>" : " }")
  }

  func writeNamedStruct(_ name: String, _ type: Type) throws(Reported) {
    guard let structure = type.llvmStruct else { return }
    symbol(name, prefix: "%")
    out.append(" = type ")
    try body(structure, module)
    out.append("\n")
  }

  static func unsupported(_ type: Type, _ operation: Operation) -> Reported {
    operation.emitOpError("has type '\(type)', which LLVM IR does not have")
  }

  static func floatName(_ type: Type, _ operation: Operation) throws(Reported) -> String {
    switch type.floatKind {
    case .f16: return "half"
    case .bf16: return "bfloat"
    case .f32: return "float"
    case .f64: return "double"
    case .f80: return "x86_fp80"
    case .f128: return "fp128"
    default: throw unsupported(type, operation)
    }
  }

  /// What intrinsics' names say of a type: `f32`, `v4i32`, `p0`.
  func mangled(_ type: Type, at operation: Operation) throws(Reported) -> String {
    switch type.kind {
    case .integer: return "i\(type.words[0])"
    case .index: return "i64"
    case .float: return type.floatKind.map(\.name) ?? ""
    case .vector:
      return "v\(type.dimension(0))" + (try mangled(type.elementType, at: operation))
    default:
      if let space = type.llvmAddressSpace { return "p\(space)" }
      throw Self.unsupported(type, operation)
    }
  }

  // MARK: Constants

  /// Writes the constant an operation without operands stands for.
  func constant(_ operation: Operation, _ kind: Handler.Constant) throws(Reported) {
    switch kind {
    case .undef: out.append("undef")
    case .poison: out.append("poison")
    case .none: out.append("none")
    case .zero: zero(operation.result().type)
    case .address:
      guard let name = operation.attribute("global_name")?.rootReference?.string else {
        throw operation.emitOpError("has no 'global_name'")
      }
      refer(to: name)
      symbol(name)
    case .value:
      guard let value = operation.attribute("value") else {
        throw operation.emitOpError("has no 'value'")
      }
      try constant(value, operation.result().type, operation)
    }
  }

  private func zero(_ type: Type) {
    if type.isLLVMPointer {
      out.append("null")
    } else if type.isIntOrIndex {
      out.append(type.isInteger(1) ? "false" : "0")
    } else if type.floatKind == .f32 || type.floatKind == .f64 {
      out.append("0.0")
    } else {
      out.append("zeroinitializer")
    }
  }

  /// Writes `value` as a constant of `type`, the type itself not included.
  func constant(_ value: Attribute, _ type: Type, _ operation: Operation) throws(Reported) {
    switch value.kind {
    case .integer: integer(value, type)
    case .float:
      if type.isIntOrIndex, let bits = value.floatBits.first {
        out.append(Int64(bitPattern: bits))
      } else {
        try float(value.floatBits, value.type ?? type, operation)
      }
    case .string:
      guard let bytes = value.stringIdentifier?.bytes else { break }
      out.append("c")
      quoted(bytes)
    case .denseElements, .denseResource: try elements(value, type, operation)
    case .array: try aggregate(value.elements ?? [], type, operation)
    case .symbolRef: symbol(value.rootReference?.string ?? "")
    case .unit: zero(type)
    default:
      if value.definition?.name == "llvm.undef" {
        out.append("undef")
      } else if value.definition?.name == "llvm.poison" || value.definition?.name == "ub.poison" {
        out.append("poison")
      } else if value.definition?.name == "llvm.zero" {
        zero(type)
      } else {
        throw operation.emitOpError("has a constant that LLVM IR has no form for: \(value)")
      }
    }
  }

  private func integer(_ value: Attribute, _ type: Type) {
    if let small = value.integerValue {
      if type.isInteger(1) {
        out.append(small != 0 ? "true" : "false")
      } else {
        out.append(small)
      }
      return
    }
    // LLVM reads wide constants in hexadecimal, the sign being the highest bit of the type.
    out.append("u0x")
    var isLeading = true
    for word in value.integerWords.reversed() {
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
        if isLeading, digit == 0 { continue }
        isLeading = false
        out.append(Self.hexDigit(digit))
      }
    }
    if isLeading { out.append("0") }
  }

  private func hex(_ word: UInt64, digits: Int) {
    for i in (0..<digits).reversed() {
      out.append(Self.hexDigit(UInt8(truncatingIfNeeded: word >> UInt64(4 * i)) & 15))
    }
  }

  /// LLVM's exact forms of floats: f32 and f64 by the bits of the double.
  func float(_ bits: [UInt64], _ type: Type, _ operation: Operation) throws(Reported) {
    let low = bits.first ?? 0
    switch type.floatKind {
    case .f32:
      out.append("0x")
      hex(Self.widened(UInt32(truncatingIfNeeded: low)), digits: 16)
    case .f64:
      out.append("0x")
      hex(low, digits: 16)
    case .f16:
      out.append("0xH")
      hex(low, digits: 4)
    case .bf16:
      out.append("0xR")
      hex(low, digits: 4)
    case .f80:
      out.append("0xK")
      hex(bits.count > 1 ? bits[1] : 0, digits: 4)
      hex(low, digits: 16)
    case .f128:
      out.append("0xL")
      hex(low, digits: 16)
      hex(bits.count > 1 ? bits[1] : 0, digits: 16)
    default: throw Self.unsupported(type, operation)
    }
  }

  /// The bits of a float as a double's, without quieting a signalling NaN.
  private static func widened(_ bits: UInt32) -> UInt64 {
    let value = Float(bitPattern: bits)
    guard value.isNaN else { return Double(value).bitPattern }
    let sign = UInt64(bits >> 31) << 63
    return sign | 0x7ff0_0000_0000_0000 | UInt64(bits & 0x7f_ffff) << 29
  }

  private func element(_ elements: DenseElements, _ i: Int, _ operation: Operation)
    throws(Reported)
  {
    let type = elements.type.elementType
    if type.isFloat {
      try float([elements.bits(i)], type, operation)
    } else if type.isInteger(1) {
      out.append(elements.bits(i) & 1 != 0 ? "true" : "false")
    } else {
      out.append(elements.integer(i))
    }
  }

  private func elements(_ value: Attribute, _ type: Type, _ operation: Operation)
    throws(Reported)
  {
    guard let elements = value.denseElements, (elements.type.elementType.bitWidth ?? 128) <= 64
    else { throw operation.emitOpError("has a constant whose elements are not at hand") }
    if elements.isSplat, elements.bits(0) == 0 {
      out.append("zeroinitializer")
      return
    }
    var next = 0
    try nested(elements, type, &next, operation)
  }

  /// Nested arrays and vectors take elements in row-major order.
  private func nested(
    _ elements: DenseElements, _ type: Type, _ next: inout Int, _ operation: Operation
  ) throws(Reported) {
    if let (inner, count) = type.llvmArray {
      if inner.isInteger(8), count > 0, !elements.isSplat {
        out.append("c")
        quoted((0..<count).map { UInt8(truncatingIfNeeded: elements.bits(next + $0)) })
        next += count
        return
      }
      try list("[", "]", inner, count, operation) { () throws(Reported) in
        try nested(elements, inner, &next, operation)
      }
    } else if type.isVector {
      let inner = type.elementType
      if elements.isSplat {
        out.append("splat (")
        try self.type(inner, at: operation)
        out.append(" ")
        try element(elements, 0, operation)
        out.append(")")
        next += type.dimension(0)
        return
      }
      try list("<", ">", inner, type.dimension(0), operation) { () throws(Reported) in
        try element(elements, next, operation)
        next += 1
      }
    } else {
      guard next < elements.count else {
        throw operation.emitOpError("has fewer constant elements than its type")
      }
      try element(elements, next, operation)
      next += 1
    }
  }

  private func list(
    _ open: StaticString, _ close: StaticString, _ inner: Type, _ count: Int,
    _ operation: Operation, _ write: () throws(Reported) -> Void
  ) throws(Reported) {
    out.append(open)
    for i in 0..<count {
      if i > 0 { out.append(", ") }
      try type(inner, at: operation)
      out.append(" ")
      try write()
    }
    out.append(close)
  }

  private func aggregate(_ values: [Attribute], _ type: Type, _ operation: Operation)
    throws(Reported)
  {
    let isArray = type.llvmArray != nil
    let isPacked = type.llvmStruct?.isPacked ?? false
    out.append(isArray ? "[" : isPacked ? "<{ " : "{ ")
    for (i, value) in values.enumerated() {
      guard let element = type.llvmElement(at: [i]) else {
        throw operation.emitOpError("has more constants than its type has elements")
      }
      if i > 0 { out.append(", ") }
      try self.type(element, at: operation)
      out.append(" ")
      try constant(value, element, operation)
    }
    out.append(isArray ? "]" : isPacked ? " }>" : " }")
  }
}
