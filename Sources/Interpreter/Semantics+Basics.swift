import MartletIR
import MartletSupport

/// builtin, func and arith (what is not a scalar kernel).
extension Semantics {
  mutating func addBuiltin() {
    register("builtin.unrealized_conversion_cast") { (instruction, frame) throws(Reported) in
      guard instruction.operandCount == instruction.resultCount else {
        throw frame.fail(instruction, "is interpreted only with as many results as operands")
      }
      for i in 0..<instruction.resultCount {
        let value = frame.value(instruction, i)
        guard value.mismatch(instruction.resultType(i)) == nil else {
          throw frame.fail(
            instruction, "cannot turn a \(value.kindName) into \(instruction.resultType(i))")
        }
        frame.set(instruction, i, value)
      }
    }
    // Declarations among the operations of a body do nothing when they are reached.
    for name in ["builtin.module", "func.func", "memref.global"] {
      register(name) { (_, _) throws(Reported) in }
    }
  }

  mutating func addFunc() {
    registerTerminator("func.return")
    prepare("func.call") { (instruction, compiler) throws(Reported) in
      guard let callee = instruction.attribute("callee") else {
        throw instruction.operation.emitOpError("has no callee")
      }
      let interpreter = compiler.interpreter
      let resolved = SymbolTable.resolve(callee, from: instruction.operation)
      guard let function = resolved ?? interpreter.sibling(callee, of: instruction) else {
        throw instruction.operation.emitOpError("calls an unknown function \(callee)")
      }
      return { (frame: Frame) throws(Reported) in
        try frame.call(function, instruction, arguments: 0..<instruction.operandCount)
      }
    }
    prepare("func.constant") { (instruction, _) throws(Reported) in
      guard let name = instruction.attribute("value")?.rootReference?.string else {
        throw instruction.operation.emitOpError("names no function")
      }
      return { (frame: Frame) throws(Reported) in frame.set(instruction, 0, .function(name)) }
    }
    register("func.call_indirect") { (instruction, frame) throws(Reported) in
      guard case .function(let name) = frame.value(instruction, 0),
        let function = SymbolTable.resolve(
          instruction.context.symbolRef(name), from: instruction.operation)
          ?? frame.interpreter.sibling(instruction.context.symbolRef(name), of: instruction)
      else { throw frame.fail(instruction, "calls a value that is no function") }
      try frame.call(function, instruction, arguments: 1..<instruction.operandCount)
    }
  }

  mutating func addArith() {
    // Any value will do; zeros are the same each time.
    prepare("ub.poison") { (instruction, compiler) throws(Reported) in
      let type = instruction.resultType()
      var made: RuntimeValue?
      if let format = ElementFormat(type) {
        made = RuntimeValue(bits: 0, format: format)
      } else if type.hasRank, type.hasStaticShape, let format = ElementFormat(type.elementType) {
        let limit = compiler.interpreter.options.memoryLimit
        guard let array = try? ArrayValue(format, shape: type.shape, limit: limit) else {
          throw instruction.operation.emitOpError("is too large to be interpreted")
        }
        if type.isTensor { made = .tensor(array) }
        if type.isVector { made = .vector(array) }
      }
      guard let value = made else {
        throw instruction.operation.emitOpError("has a type of which no value is interpreted")
      }
      return { (frame: Frame) throws(Reported) in frame.set(instruction, 0, value) }
    }
    prepare("arith.constant") { (instruction, compiler) throws(Reported) in
      let value = try Constant.value(instruction, compiler.interpreter)
      return { (frame: Frame) throws(Reported) in frame.set(instruction, 0, value) }
    }
    // Conditions on values that are not scalars.
    register("arith.select") { (instruction, frame) throws(Reported) in
      guard !instruction.operands[0].isObject else {
        throw frame.fail(instruction, "is not interpreted for these types")
      }
      let chosen = frame.bits(instruction, 0) != 0 ? 1 : 2
      frame.set(instruction, 0, frame.value(instruction, chosen))
    }
    addTwoResults("arith.addui_extended") { a, b, width in
      let sum = ScalarKernels.extended(a &+ b, width)
      let carry = ScalarKernels.unsigned(sum, width) < ScalarKernels.unsigned(a, width)
      return (sum, ScalarKernels.flag(carry))
    }
    addTwoResults("arith.mulsi_extended") { a, b, width in
      let product = Int64(bitPattern: a).multipliedFullWidth(by: Int64(bitPattern: b))
      return Self.split(UInt64(bitPattern: product.high), product.low, width)
    }
    addTwoResults("arith.mului_extended") { a, b, width in
      let product = ScalarKernels.unsigned(a, width)
        .multipliedFullWidth(by: ScalarKernels.unsigned(b, width))
      return Self.split(product.high, product.low, width)
    }
    addSineAndCosine()
  }

  private mutating func addSineAndCosine() {
    register("math.sincos") { (instruction, frame) throws(Reported) in
      for (i, name) in ["math.sin", "math.cos"].enumerated() {
        let format = ElementFormat(instruction.resultType(i).elementType) ?? .f64
        let request = KernelRequest(operands: [format], result: format)
        guard !format.isWide, let kernel = ScalarKernels.kernel(name, request) else {
          throw frame.fail(instruction, "is not interpreted for these types")
        }
        try frame.map(instruction, result: i) { x, _ in kernel(x, 0, 0) ?? 0 }
      }
    }
  }

  /// The low and high half of a product of two `width`-bit numbers.
  private static func split(_ high: UInt64, _ low: UInt64, _ width: Int) -> (UInt64, UInt64) {
    if width == 64 { return (low, high) }
    // A product of numbers of at most 32 bits lies in the low word; wider ones reach into the high one.
    let upper = (low >> UInt64(width)) | (high << UInt64(64 - width))
    return (ScalarKernels.extended(low, width), ScalarKernels.extended(upper, width))
  }

  private mutating func addTwoResults(
    _ name: String, _ f: @escaping @Sendable (UInt64, UInt64, Int) -> (UInt64, UInt64)
  ) {
    register(name) { (instruction, frame) throws(Reported) in
      guard let width = ElementFormat(instruction.operandType(0).elementType)?.width else {
        throw frame.fail(instruction, "is not interpreted for these types")
      }
      try frame.map(instruction, result: 0) { f($0, $1, width).0 }
      try frame.map(instruction, result: 1) { f($0, $1, width).1 }
    }
  }
}

extension Interpreter {
  /// A function found in the module being run, for modules whose operations are not registered.
  func sibling(_ callee: Attribute, of instruction: Instruction) -> Operation? {
    guard let name = callee.rootReference?.string, callee.nestedReferences.isEmpty else {
      return nil
    }
    if SymbolTable.name(of: module) == name { return module }
    return SymbolTable.lookup(name, in: module)
  }
}

extension Frame {
  /// Calls `function` with operands of the instruction and sets its results.
  func call(_ function: Operation, _ instruction: Instruction, arguments: Range<Int>)
    throws(Reported)
  {
    if depth >= interpreter.options.callDepthLimit || StackGuard.isLowForCall {
      throw fail(instruction, "calls nest too deeply (\(depth) calls)")
    }
    let compiled = try interpreter.compiled(function)
    guard compiled.body.arguments.count == arguments.count else {
      throw fail(instruction, "passes the wrong number of arguments to '\(compiled.name)'")
    }
    let values = arguments.map { take(instruction, $0) }
    let results = try interpreter.call(compiled, values, from: (instruction, self))
    guard results.count == instruction.resultCount else {
      throw fail(instruction, "gets \(results.count) results from '\(compiled.name)'")
    }
    for (i, result) in results.enumerated() { set(instruction, i, result) }
  }

  /// Sets a result to f of the first two operands (the first twice where there is one), element by
  /// element where they are arrays.
  func map(_ instruction: Instruction, result: Int, _ f: (UInt64, UInt64) -> UInt64)
    throws(Reported)
  {
    let second = min(1, instruction.operandCount - 1)
    guard instruction.operands[0].isObject else {
      let bits = f(self.bits(instruction, 0), self.bits(instruction, second))
      registers[instruction.results[result].index] = bits
      return
    }
    let a = try array(instruction, 0)
    let b = try array(instruction, second)
    guard a.shape == b.shape,
      let format = ElementFormat(instruction.resultType(result).elementType)
    else { throw fail(instruction, "operands differ in shape") }
    let made = try allocate(instruction, format, a.shape)
    for i in 0..<made.count { made.storage[i] = f(a.storage[i], b.storage[i]) }
    set(
      instruction, result, instruction.resultType(result).isTensor ? .tensor(made) : .vector(made))
  }
}

/// Values of constants.
enum Constant {
  static func value(_ instruction: Instruction, _ interpreter: Interpreter) throws(Reported)
    -> RuntimeValue
  {
    guard let attribute = instruction.attribute("value") else {
      throw instruction.operation.emitOpError("has no value")
    }
    let type = instruction.resultType()
    if let format = ElementFormat(type), let bits = format.bits(of: attribute) {
      return RuntimeValue(bits: bits, format: format)
    }
    if type.isShaped, let array = try array(attribute, type, instruction.operation, interpreter) {
      return type.isTensor ? .tensor(array) : .vector(array)
    }
    throw instruction.operation.emitOpError("has a value that is not interpreted: \(attribute)")
  }

  /// The elements of an elements attribute; nil where it is none that can be read.
  static func array(
    _ attribute: Attribute, _ type: Type, _ operation: Operation, _ interpreter: Interpreter
  ) throws(Reported) -> ArrayValue? {
    guard let format = ElementFormat(type.elementType), type.hasRank else { return nil }
    do {
      if attribute.kind == .sparseElements {
        return try sparse(attribute, format, type, interpreter)
      }
      guard let elements = attribute.denseElements else { return nil }
      let array = try ArrayValue(
        format, shape: type.shape, limit: interpreter.options.memoryLimit)
      if elements.isSplat {
        if array.count > 0 { array.storage.fill(bits(elements, 0, format)) }
      } else {
        for i in 0..<array.count { array.storage[i] = bits(elements, i, format) }
      }
      return array
    } catch { throw operation.emitOpError(error.message) }
  }

  private static func bits(_ elements: DenseElements, _ i: Int, _ format: ElementFormat) -> UInt64 {
    if format.isWide {
      var bits: UInt128 = 0
      let size = elements.elementSize
      let start = elements.isSplat ? 0 : i * size
      for byte in 0..<size { bits |= UInt128(elements.bytes[start + byte]) << UInt128(8 * byte) }
      return WideRegisters.current.register(bits)
    }
    return format.isRaw ? elements.bits(i) : UInt64(bitPattern: elements.integer(i))
  }

  /// `sparse<indices, values>` as a dense array.
  private static func sparse(
    _ attribute: Attribute, _ format: ElementFormat, _ type: Type, _ interpreter: Interpreter
  ) throws(ArrayStorage.AllocationFailure) -> ArrayValue? {
    let array = try ArrayValue(format, shape: type.shape, limit: interpreter.options.memoryLimit)
    guard let indices = attribute.attributeWord(1)?.denseElements,
      let values = attribute.attributeWord(2)?.denseElements, type.rank > 0
    else { return nil }
    let strides = Shape.strides(type.shape)
    for i in 0..<values.count {
      var offset = 0
      for d in 0..<type.rank {
        let coordinate = Int(indices.integer(i * type.rank + d))
        guard coordinate >= 0, coordinate < type.shape[d] else { return nil }
        offset += coordinate * strides[d]
      }
      array.storage[offset] = bits(values, i, format)
    }
    return array
  }
}
