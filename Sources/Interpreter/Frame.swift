import MartletIR
import MartletSupport

/// The values of one running call.
public final class Frame {
  public let interpreter: Interpreter
  let function: CompiledFunction
  /// The call that made this frame and the frame it ran in.
  let caller: (instruction: Instruction, frame: Frame)?
  let depth: Int
  let registers: UnsafeMutablePointer<UInt64>
  let objects: UnsafeMutablePointer<RuntimeValue>

  init(
    _ interpreter: Interpreter, _ function: CompiledFunction,
    caller: (instruction: Instruction, frame: Frame)?
  ) {
    self.interpreter = interpreter
    self.function = function
    self.caller = caller
    depth = (caller?.frame.depth ?? 0) + 1
    registers = .allocate(capacity: max(function.slotCount, 1))
    registers.initialize(repeating: 0, count: function.slotCount)
    objects = .allocate(capacity: max(function.slotCount, 1))
    objects.initialize(repeating: .none, count: function.slotCount)
  }

  deinit {
    registers.deallocate()
    objects.deinitialize(count: function.slotCount)
    objects.deallocate()
  }

  // MARK: Values

  func read(_ slot: Slot) -> RuntimeValue {
    guard let format = slot.format else { return objects[slot.index] }
    return RuntimeValue(bits: registers[slot.index], format: format)
  }

  func write(_ value: RuntimeValue, to slot: Slot) {
    if slot.isObject {
      objects[slot.index] = value
    } else {
      registers[slot.index] = value.scalarBits ?? 0
    }
  }

  /// Operand `i`.
  public func value(_ instruction: Instruction, _ i: Int) -> RuntimeValue {
    read(instruction.operands[i])
  }

  /// Operand `i`, which is forgotten where nothing else uses it, so that its array can be changed in
  /// place.
  public func take(_ instruction: Instruction, _ i: Int) -> RuntimeValue {
    let slot = instruction.operands[i]
    defer {
      if instruction.isLastUse[i], slot.isObject { objects[slot.index] = .none }
    }
    return read(slot)
  }

  public func set(_ instruction: Instruction, _ i: Int = 0, _ value: RuntimeValue) {
    write(value, to: instruction.results[i])
  }

  /// Register form of operand `i`, a scalar.
  public func bits(_ instruction: Instruction, _ i: Int) -> UInt64 {
    registers[instruction.operands[i].index]
  }
  /// Operand `i`, an integer or index.
  public func integer(_ instruction: Instruction, _ i: Int) -> Int {
    Int(Int64(bitPattern: registers[instruction.operands[i].index]))
  }
  public func integers(_ instruction: Instruction, _ range: Range<Int>) -> [Int] {
    range.map { integer(instruction, $0) }
  }

  /// Operand `i` as a dense array.
  /// - Throws: where it is none.
  public func array(_ instruction: Instruction, _ i: Int) throws(Reported) -> ArrayValue {
    let value = self.value(instruction, i)
    if let array = value.array { return array }
    if case .sparse(let sparse) = value {
      do { return try sparse.dense(limit: interpreter.options.memoryLimit) } catch {
        throw fail(instruction, error.message)
      }
    }
    throw fail(instruction, "operand #\(i) is a \(value.kindName) where an array is expected")
  }

  public func takeArray(_ instruction: Instruction, _ i: Int) throws(Reported) -> ArrayValue {
    if case .sparse = value(instruction, i) { return try array(instruction, i) }
    let value = take(instruction, i)
    guard let array = value.array else {
      throw fail(instruction, "operand #\(i) is a \(value.kindName) where an array is expected")
    }
    return array
  }

  /// Operand `i` as a memref whose memory is live.
  public func memref(_ instruction: Instruction, _ i: Int) throws(Reported) -> MemRefValue {
    let value = self.value(instruction, i)
    guard let memref = value.memref else {
      throw fail(instruction, "operand #\(i) is a \(value.kindName) where a memref is expected")
    }
    if memref.storage.isFreed {
      throw fail(instruction, "operand #\(i) is memory that was deallocated")
    }
    return memref
  }

  /// A new array of zeros, held to the memory limit.
  public func allocate(_ instruction: Instruction, _ format: ElementFormat, _ shape: [Int])
    throws(Reported) -> ArrayValue
  {
    for size in shape where size < 0 { throw fail(instruction, "has a negative size \(size)") }
    do {
      return try ArrayValue(format, shape: shape, limit: interpreter.options.memoryLimit)
    } catch { throw fail(instruction, error.message) }
  }

  /// A copy of an array that nothing else shares; the array itself where it is not shared.
  func unique(_ instruction: Instruction, _ array: consuming ArrayValue) throws(Reported)
    -> ArrayValue
  {
    do {
      try array.makeUnique()
      return array
    } catch { throw fail(instruction, error.message) }
  }

  // MARK: Errors

  /// Reports an error at the instruction, with the calls that led to it.
  public func fail(_ instruction: Instruction, _ message: String) -> Reported {
    var notes: [Diagnostic] = []
    var call = caller
    while let (instruction, frame) = call, notes.count < 8 {
      notes.append(instruction.operation.note("called from here"))
      call = frame.caller
    }
    return instruction.operation.emitOpError(message, notes: notes)
  }

  // MARK: Running

  /// Copies values between slots; all are read before any is written.
  func transfer(from: ArraySlice<Slot>, to: ArraySlice<Slot>) {
    if from.count == 1, let source = from.first, let target = to.first {
      copy(source, target)
      return
    }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: from.count) { bits in
      var held: [RuntimeValue] = []
      for (i, slot) in from.enumerated() {
        if slot.isObject {
          held.append(objects[slot.index])
        } else {
          bits[i] = registers[slot.index]
        }
      }
      var next = 0
      for (i, slot) in to.enumerated() {
        if slot.isObject {
          objects[slot.index] = held[next]
          next += 1
        } else {
          registers[slot.index] = bits[i]
        }
      }
    }
  }

  /// Transfers operands of an instruction; those used for the last time are forgotten.
  func transfer(_ instruction: Instruction, _ range: Range<Int>, to: ArraySlice<Slot>) {
    transfer(from: instruction.operands[range], to: to)
    for i in range where instruction.isLastUse[i] && instruction.operands[i].isObject {
      let slot = instruction.operands[i].index
      if to.contains(where: { $0.index == slot }) { continue }
      objects[slot] = .none
    }
  }

  private func copy(_ source: Slot, _ target: Slot) {
    if source.isObject {
      objects[target.index] = objects[source.index]
    } else {
      registers[target.index] = registers[source.index]
    }
  }

  /// Runs a region from its entry, whose arguments are set, until a terminator leaves it.
  /// - Returns: the terminator; nil where the block has none.
  @discardableResult
  func run(_ region: CompiledRegion, for instruction: Instruction) throws(Reported)
    -> Instruction?
  {
    if StackGuard.isLow { throw fail(instruction, "runs out of stack") }
    guard var block = region.blocks.first else { return nil }
    while true {
      try run(block, for: instruction)
      switch block.exit {
      case .leave: return block.terminator
      case .branch(let choose): block = region.blocks[try choose(self)]
      }
    }
  }

  /// Runs a region and returns its terminator, which must be there.
  func runToTerminator(_ region: CompiledRegion, for instruction: Instruction)
    throws(Reported) -> Instruction
  {
    guard let end = try run(region, for: instruction) else {
      throw fail(instruction, "has a region without a terminator")
    }
    return end
  }

  @inline(__always)
  func run(_ block: CompiledBlock, for instruction: Instruction) throws(Reported) {
    if interpreter.spend(block.steps.count &+ 1) { try checkLimits(instruction) }
    let registers = registers
    let steps = block.steps
    for i in 0..<steps.count {
      switch steps[i] {
      case .binary(let f, let a, let b, let to): registers[to] = f(registers[a], registers[b])
      case .unary(let f, let a, let to): registers[to] = f(registers[a])
      case .ternary(let f, let a, let b, let c, let to):
        registers[to] = f(registers[a], registers[b], registers[c])
      case .copy(let a, let to): registers[to] = registers[a]
      case .act(let instruction): try instruction.action(self)
      case .checked(let kernel, let a, let b, let to, let instruction):
        guard let result = kernel(registers[a], registers[b], 0) else {
          throw fail(instruction, kernel.fault(registers[a], registers[b]))
        }
        registers[to] = result
      case .release(let slot): objects[slot] = .none
      }
    }
  }

  func checkLimits(_ instruction: Instruction) throws(Reported) {
    if let message = interpreter.limitReached() { throw fail(instruction, message) }
  }
}
