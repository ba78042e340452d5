import MartletIR
import MartletSupport

/// scf: structured control flow. Parallel loops run one iteration after another.
extension Semantics {
  mutating func addSCF() {
    for name in ["scf.yield", "scf.condition", "scf.reduce.return"] { registerTerminator(name) }
    prepare("scf.if", Self.prepareIf)
    prepare("scf.for", Self.prepareFor)
    prepare("scf.while", Self.prepareWhile)
    prepare("scf.execute_region") { (instruction, compiler) throws(Reported) in
      let body = try compiler.region(instruction)
      return { (frame: Frame) throws(Reported) in try frame.yield(body, instruction) }
    }
    prepare("scf.index_switch", Self.prepareSwitch)
    prepare("scf.parallel", Self.prepareParallel)
    registerTerminator("scf.reduce") { (instruction, compiler) throws(Reported) in
      let regions = try compiler.regions(instruction)
      let accumulators = compiler.reductionSlots.last ?? []
      guard regions.count == instruction.operandCount, regions.count == accumulators.count else {
        throw instruction.operation.emitOpError("needs a region for each initial value")
      }
      return { (frame: Frame) throws(Reported) in
        for (i, region) in regions.enumerated() {
          frame.write(frame.read(accumulators[i]), to: region.arguments[0])
          frame.write(frame.value(instruction, i), to: region.arguments[1])
          let end = try frame.runToTerminator(region, for: instruction)
          frame.write(frame.value(end, 0), to: accumulators[i])
        }
      }
    }
    prepare("scf.forall", Self.prepareForall)
    registerTerminator("scf.forall.in_parallel") { (instruction, compiler) throws(Reported) in
      let body = try compiler.region(instruction)
      return { (frame: Frame) throws(Reported) in try frame.run(body, for: instruction) }
    }
  }

  private static func prepareIf(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let regions = try compiler.regions(instruction)
    return { (frame: Frame) throws(Reported) in
      let chosen = frame.bits(instruction, 0) != 0 ? 0 : 1
      guard regions.indices.contains(chosen), !regions[chosen].isEmpty else { return }
      try frame.yield(regions[chosen], instruction)
    }
  }

  private static func prepareFor(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let body = try compiler.region(instruction)
    let count = instruction.operandCount - 3
    guard body.arguments.count == count + 1, instruction.resultCount == count else {
      throw instruction.operation.emitOpError("has as many iteration arguments as initial values")
    }
    let variable = body.arguments[0]
    guard let format = variable.format else {
      throw instruction.operation.emitOpError("needs an integer induction variable")
    }
    let width = format.width
    let isUnsigned = instruction.attribute("unsignedCmp") != nil
    let carried = body.arguments[1...]
    return { (frame: Frame) throws(Reported) in
      var i = frame.bits(instruction, 0)
      let end = frame.bits(instruction, 1)
      let step = frame.bits(instruction, 2)
      let isPositive = isUnsigned ? step != 0 : Int64(bitPattern: step) > 0
      guard isPositive else {
        throw frame.fail(
          instruction, "has a step of \(Int64(bitPattern: step)), not a positive one")
      }
      frame.transfer(instruction, 3..<instruction.operandCount, to: carried)
      while isUnsigned ? i < end : Int64(bitPattern: i) < Int64(bitPattern: end) {
        frame.registers[variable.index] = i
        let yield = try frame.runToTerminator(body, for: instruction)
        guard yield.operandCount == count else {
          throw frame.fail(instruction, "yields \(yield.operandCount) values of \(count)")
        }
        frame.transfer(yield, 0..<count, to: carried)
        let next = ScalarKernels.extended(i &+ step, width)
        // The variable wrapped around: there is no next iteration.
        if isUnsigned ? next <= i : Int64(bitPattern: next) <= Int64(bitPattern: i) { break }
        i = next
      }
      frame.move(carried, to: instruction.results)
    }
  }

  private static func prepareWhile(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let before = try compiler.region(instruction, 0)
    let after = try compiler.region(instruction, 1)
    return { (frame: Frame) throws(Reported) in
      guard before.arguments.count == instruction.operandCount else {
        throw frame.fail(instruction, "passes the wrong number of arguments to its region")
      }
      frame.transfer(instruction, 0..<instruction.operandCount, to: before.arguments[...])
      while true {
        let condition = try frame.runToTerminator(before, for: instruction)
        let passed = 1..<condition.operandCount
        if frame.bits(condition, 0) == 0 {
          guard passed.count == instruction.resultCount else {
            throw frame.fail(instruction, "has \(instruction.resultCount) results")
          }
          frame.transfer(condition, passed, to: instruction.results[...])
          return
        }
        guard passed.count == after.arguments.count else {
          throw frame.fail(instruction, "passes the wrong number of arguments to its region")
        }
        frame.transfer(condition, passed, to: after.arguments[...])
        let yield = try frame.runToTerminator(after, for: instruction)
        guard yield.operandCount == before.arguments.count else {
          throw frame.fail(instruction, "yields the wrong number of values")
        }
        frame.transfer(yield, 0..<yield.operandCount, to: before.arguments[...])
      }
    }
  }

  private static func prepareSwitch(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let cases = instruction.attribute("cases")?.integers ?? []
    let regions = try compiler.regions(instruction)
    guard regions.count == cases.count + 1 else {
      throw instruction.operation.emitOpError("needs a region for each case and the default")
    }
    return { (frame: Frame) throws(Reported) in
      let chosen = cases.firstIndex(of: frame.integer(instruction, 0)).map { $0 + 1 } ?? 0
      try frame.yield(regions[chosen], instruction)
    }
  }

  private static func prepareParallel(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let accumulators = instruction.results.map { compiler.freshSlot($0.format) }
    compiler.reductionSlots.append(accumulators)
    let body = try compiler.region(instruction)
    compiler.reductionSlots.removeLast()
    return { (frame: Frame) throws(Reported) in
      let box = try IterationBox(
        lower: frame.integers(instruction, instruction.segment(0)),
        upper: frame.integers(instruction, instruction.segment(1)),
        step: frame.integers(instruction, instruction.segment(2)), instruction, frame)
      guard instruction.segment(3).count == accumulators.count,
        body.arguments.count >= box.lower.count
      else { throw frame.fail(instruction, "needs an initial value for each result") }
      frame.transfer(instruction, instruction.segment(3), to: accumulators[...])
      try box.forEach { (point) throws(Reported) in
        for (slot, value) in zip(body.arguments, point) {
          frame.registers[slot.index] = UInt64(bitPattern: Int64(value))
        }
        if let end = try frame.run(body, for: instruction) { try end.action(frame) }
      }
      frame.move(accumulators[...], to: instruction.results)
    }
  }

  private static func prepareForall(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let operation = instruction.operation
    guard operation.regionCount > 0 else {
      throw operation.emitOpError("has no region")
    }
    // Iterations see the shared outputs as they were before the loop; what they insert gathers here.
    let outputs = instruction.results.map { _ in compiler.freshSlot(nil) }
    let arguments = operation.region(0).arguments
    guard arguments.count >= outputs.count else {
      throw operation.emitOpError("needs an argument for each shared output")
    }
    let rank = arguments.count - outputs.count
    for (i, slot) in outputs.enumerated() {
      compiler.parallelDestinations[arguments[rank + i]] = slot
    }
    let body = try compiler.region(instruction)
    let lower = try instruction.integers("staticLowerBound")
    let upper = try instruction.integers("staticUpperBound")
    let step = try instruction.integers("staticStep")
    return { (frame: Frame) throws(Reported) in
      let box = try IterationBox(
        lower: frame.mixed(instruction, lower, instruction.segment(0)),
        upper: frame.mixed(instruction, upper, instruction.segment(1)),
        step: frame.mixed(instruction, step, instruction.segment(2)), instruction, frame)
      let shared = instruction.segment(3)
      guard shared.count == outputs.count, box.lower.count == rank else {
        throw frame.fail(instruction, "needs an operand for each shared output")
      }
      frame.transfer(from: instruction.operands[shared], to: outputs[...])
      frame.transfer(instruction, shared, to: body.arguments[rank...])
      try box.forEach { (point) throws(Reported) in
        for (slot, value) in zip(body.arguments, point) {
          frame.registers[slot.index] = UInt64(bitPattern: Int64(value))
        }
        if let end = try frame.run(body, for: instruction) { try end.action(frame) }
      }
      frame.move(outputs[...], to: instruction.results)
    }
  }
}

/// The points of a nest of loops.
struct IterationBox {
  let lower: [Int]
  let upper: [Int]
  let step: [Int]

  init(lower: [Int], upper: [Int], step: [Int], _ instruction: Instruction, _ frame: Frame)
    throws(Reported)
  {
    guard lower.count == upper.count, lower.count == step.count else {
      throw frame.fail(instruction, "has bounds that differ in number")
    }
    for value in step where value <= 0 {
      throw frame.fail(instruction, "has a step of \(value), not a positive one")
    }
    self.lower = lower
    self.upper = upper
    self.step = step
  }

  func forEach(_ body: ([Int]) throws(Reported) -> Void) throws(Reported) {
    if zip(lower, upper).contains(where: { $0 >= $1 }) { return }
    var point = lower
    while true {
      try body(point)
      var d = point.count - 1
      while d >= 0 {
        let (next, overflow) = point[d].addingReportingOverflow(step[d])
        if !overflow, next < upper[d] {
          point[d] = next
          break
        }
        point[d] = lower[d]
        d -= 1
      }
      if d < 0 { return }
    }
  }
}

extension BodyCompiler {
  func regions(_ instruction: Instruction) throws(Reported) -> [CompiledRegion] {
    var compiled: [CompiledRegion] = []
    for region in instruction.operation.regions { compiled.append(try compile(region)) }
    return compiled
  }
}

extension Frame {
  /// Runs a region and makes what it yields the instruction's results.
  func yield(_ region: CompiledRegion, _ instruction: Instruction) throws(Reported) {
    let end = try run(region, for: instruction)
    guard (end?.operandCount ?? 0) == instruction.resultCount else {
      throw fail(instruction, "yields the wrong number of values")
    }
    if let end { transfer(end, 0..<end.operandCount, to: instruction.results[...]) }
  }

  /// Moves values between slots; objects are forgotten at their old place.
  func move(_ from: ArraySlice<Slot>, to: [Slot]) {
    transfer(from: from, to: to[...])
    for slot in from where slot.isObject { objects[slot.index] = .none }
  }

  /// Static values with operands in place of the dynamic ones.
  func mixed(_ instruction: Instruction, _ values: [Int], _ operands: Range<Int>)
    throws(Reported) -> [Int]
  {
    var next = operands.lowerBound
    var result = values
    for i in result.indices where result[i] == Type.dynamic {
      guard next < operands.upperBound else {
        throw fail(instruction, "has fewer operands than dynamic values")
      }
      result[i] = integer(instruction, next)
      next += 1
    }
    return result
  }
}
