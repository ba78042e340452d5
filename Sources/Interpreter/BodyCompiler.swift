import MartletIR
import MartletSupport

/// Numbers the values of one function and makes its operations ready to run.
public final class BodyCompiler {
  let interpreter: Interpreter
  private var slots: [Value: Slot] = [:]
  private(set) var slotCount = 0
  /// The iteration registers of the structured operations around the one being compiled.
  var iterators: [[Slot]] = []
  /// Where the results of the `scf.forall` around are gathered, by the block argument that names them.
  var parallelDestinations: [Value: Slot] = [:]
  /// Where the reductions of the `scf.parallel` around are gathered.
  var reductionSlots: [[Slot]] = []

  init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  // MARK: Slots

  func slot(of value: Value) -> Slot {
    if let known = slots[value] { return known }
    let made = freshSlot(ElementFormat(value.type))
    slots[value] = made
    return made
  }

  /// A new place: a register for a format, an object for nil.
  func freshSlot(_ format: ElementFormat?) -> Slot {
    defer { slotCount += 1 }
    return Slot(index: slotCount, format: format)
  }

  // MARK: Regions

  /// Region `i` of the instruction's operation, made ready to run.
  func region(_ instruction: Instruction, _ i: Int = 0) throws(Reported) -> CompiledRegion {
    guard i < instruction.operation.regionCount else {
      throw instruction.operation.emitOpError("needs \(i + 1) regions to be interpreted")
    }
    return try compile(instruction.operation.region(i))
  }

  func compile(_ region: Region) throws(Reported) -> CompiledRegion {
    if StackGuard.isLow {
      throw region.parentOperation.emitOpError("is nested too deeply to be interpreted")
    }
    let compiled = CompiledRegion()
    var numbers: [Block: Int] = [:]
    for (i, block) in region.blocks.enumerated() { numbers[block] = i }
    var blocks: [CompiledBlock] = []
    for block in region.blocks { blocks.append(try compile(block, numbers, in: region)) }
    compiled.setBlocks(blocks)
    return compiled
  }

  private func compile(_ block: Block, _ numbers: [Block: Int], in region: Region)
    throws(Reported) -> CompiledBlock
  {
    let arguments = block.arguments.map { slot(of: $0) }
    var steps: [Step] = []
    var terminator: Instruction?
    var exit = BlockExit.leave
    var lastUses = LastUses(block)
    for operation in block.operations {
      let instruction = Instruction(
        operation, operands: operation.operands.map { slot(of: $0) },
        results: operation.results.map { slot(of: $0) })
      lastUses.mark(instruction)
      let isLast = operation.next == nil
      if isLast, let end = try compileEnd(instruction, numbers) {
        terminator = instruction
        exit = end
        continue
      }
      try compile(instruction, &steps)
      if !isLast { appendReleases(instruction, &steps) }
    }
    return CompiledBlock(
      arguments: arguments, steps: steps, terminator: terminator, exit: exit)
  }

  /// The exit where the instruction is a terminator; nil where it is not.
  private func compileEnd(_ instruction: Instruction, _ numbers: [Block: Int])
    throws(Reported) -> BlockExit?
  {
    let operation = instruction.operation
    switch interpreter.semantics.entries[operation.name.string] {
    case .terminator(let prepare):
      if let prepare { instruction.action = try prepare(instruction, self) }
      return .leave
    case .branch(let choose):
      var targets: [(number: Int, arguments: [Slot])] = []
      for successor in operation.successors {
        guard let number = numbers[successor] else {
          throw operation.emitOpError("branches out of its region")
        }
        targets.append((number, successor.arguments.map { slot(of: $0) }))
      }
      return .branch { (frame: Frame) throws(Reported) in
        let (successor, operands) = try choose(instruction, frame)
        guard targets.indices.contains(successor) else {
          throw frame.fail(instruction, "has no successor \(successor)")
        }
        let target = targets[successor]
        guard target.arguments.count == operands.count else {
          throw frame.fail(instruction, "gives a block the wrong number of arguments")
        }
        frame.transfer(from: instruction.operands[operands], to: target.arguments[...])
        return target.number
      }
    case .operation, nil: return nil
    }
  }

  private func appendReleases(_ instruction: Instruction, _ steps: inout [Step]) {
    for (slot, isLast) in zip(instruction.operands, instruction.isLastUse)
    where isLast && slot.isObject {
      steps.append(.release(slot.index))
    }
    // A result nothing uses.
    for (slot, result) in zip(instruction.results, instruction.operation.results)
    where slot.isObject && !result.hasUses {
      steps.append(.release(slot.index))
    }
  }

  // MARK: Operations

  private func compile(_ instruction: Instruction, _ steps: inout [Step]) throws(Reported) {
    let operation = instruction.operation
    let name = operation.name.string
    if name == "linalg.index" {
      steps.append(try compileIndex(instruction))
      return
    }
    if ScalarKernels.table[name] != nil, operation.resultCount == 1 {
      if let step = try scalarStep(instruction, name) {
        steps.append(step)
        return
      }
    }
    guard case .operation(let prepare) = interpreter.semantics.entries[name] else {
      throw operation.emitOpError("has no interpretation")
    }
    instruction.action = try prepare(instruction, self)
    steps.append(.act(instruction))
  }

  private func compileIndex(_ instruction: Instruction) throws(Reported) -> Step {
    let dimension = try instruction.integer("dim")
    guard let around = iterators.last, around.indices.contains(dimension) else {
      throw instruction.operation.emitOpError("has no iteration dimension \(dimension) around it")
    }
    return .copy(a: around[dimension].index, to: instruction.results[0].index)
  }

  /// The step of a scalar operation, or the elementwise action of a shaped one.
  private func scalarStep(_ instruction: Instruction, _ name: String) throws(Reported) -> Step? {
    let operation = instruction.operation
    let types = operation.operands.map(\.type)
    if name == "arith.select", instruction.results[0].isObject,
      !types[types.count - 1].isShaped || types[types.count - 1].isMemRef
    {
      return nil
    }
    var formats: [ElementFormat] = []
    for type in types {
      guard let format = ElementFormat(type.elementType) else { return nil }
      formats.append(format)
    }
    guard let result = ElementFormat(operation.result().type.elementType) else { return nil }
    let request = KernelRequest(
      operands: formats, result: result, attribute: { operation.attribute($0) })
    guard let kernel = ScalarKernels.kernel(name, request),
      kernel.operandCount == types.count
    else {
      throw operation.emitOpError("is not interpreted for these types")
    }
    if types.contains(where: \.isShaped) || operation.result().type.isShaped {
      instruction.action = try Elementwise.action(kernel, instruction)
      return .act(instruction)
    }
    return step(kernel, instruction)
  }

  private func step(_ kernel: ScalarKernel, _ instruction: Instruction) -> Step {
    Self.step(
      kernel, instruction.operands.map(\.index), to: instruction.results[0].index, instruction)
  }

  static func step(
    _ kernel: ScalarKernel, _ operands: [Int], to result: Int, _ instruction: Instruction
  ) -> Step {
    switch kernel {
    case .unary(let f): .unary(f, a: operands[0], to: result)
    case .binary(let f): .binary(f, a: operands[0], b: operands[1], to: result)
    case .ternary(let f):
      .ternary(f, a: operands[0], b: operands[1], c: operands[2], to: result)
    case .checkedUnary: .checked(kernel, a: operands[0], b: operands[0], to: result, instruction)
    case .checkedBinary: .checked(kernel, a: operands[0], b: operands[1], to: result, instruction)
    }
  }
}

/// Finds the last use, in a block, of each object that is defined there and used nowhere else.
private struct LastUses {
  /// The operation of the block that uses a value last; values used outside the block are absent.
  private var last: [Value: Operation] = [:]

  init(_ block: Block) {
    for argument in block.arguments { note(argument, block) }
    for operation in block.operations {
      for result in operation.results { note(result, block) }
    }
  }

  private mutating func note(_ value: Value, _ block: Block) {
    guard ElementFormat(value.type) == nil, let region = block.region else { return }
    var latest: Operation?
    for use in value.uses {
      guard let user = use.owner.ancestor(in: region), user.block == block else { return }
      if let known = latest, !known.isBefore(user) { continue }
      latest = user
    }
    last[value] = latest
  }

  /// Marks operands whose last use is this instruction, provided they are used here directly and once.
  mutating func mark(_ instruction: Instruction) {
    let operation = instruction.operation
    for (i, operand) in operation.operands.enumerated() {
      guard last[operand] == operation else { continue }
      let uses = operand.uses.filter { use in
        operation.isAncestor(of: use.owner)
      }
      instruction.isLastUse[i] = uses.count == 1
    }
  }
}
