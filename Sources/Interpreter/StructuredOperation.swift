import MartletIR
import MartletSupport

/// A result of an indexing map, ready to be evaluated: `constant + sum of coefficient * dimension`
/// where it is linear.
enum IndexExpression {
  case linear(coefficients: [Int], constant: Int)
  case general(AffineExpr)

  init(_ expression: AffineExpr, dimensions: Int) {
    var coefficients = [Int](repeating: 0, count: dimensions)
    var constant = 0
    if IndexExpression.add(expression, 1, &coefficients, &constant) {
      self = .linear(coefficients: coefficients, constant: constant)
    } else {
      self = .general(expression)
    }
  }

  /// The dimension this is, where it is a plain one.
  var dimension: Int? {
    guard case .linear(let coefficients, 0) = self,
      let d = coefficients.firstIndex(where: { $0 != 0 }), coefficients[d] == 1,
      coefficients[(d + 1)...].allSatisfy({ $0 == 0 })
    else { return nil }
    return d
  }

  /// Adds `factor * expression`; false where that is not linear or overflows.
  private static func add(
    _ expression: AffineExpr, _ factor: Int, _ coefficients: inout [Int], _ constant: inout Int
  ) -> Bool {
    func accumulate(_ target: inout Int, _ value: Int) -> Bool {
      let (sum, overflow) = target.addingReportingOverflow(value)
      target = sum
      return !overflow
    }
    switch expression.kind {
    case .dimension:
      guard coefficients.indices.contains(expression.position) else { return false }
      return accumulate(&coefficients[expression.position], factor)
    case .constant:
      let (product, overflow) = (expression.constantValue ?? 0)
        .multipliedReportingOverflow(by: factor)
      return !overflow && accumulate(&constant, product)
    case .add:
      return add(expression.left, factor, &coefficients, &constant)
        && add(expression.right, factor, &coefficients, &constant)
    case .mul:
      let (inner, scale) =
        expression.right.constantValue.map { (expression.left, $0) }
        ?? (expression.right, expression.left.constantValue ?? 0)
      guard expression.right.constantValue != nil || expression.left.constantValue != nil else {
        return false
      }
      let (product, overflow) = factor.multipliedReportingOverflow(by: scale)
      return !overflow && add(inner, product, &coefficients, &constant)
    default: return false
    }
  }
}

/// A structured operation made ready to run: a loop nest whose body maps elements of operands to
/// elements of outputs.
final class StructuredOperation {
  struct Operand {
    let slot: Slot
    let expressions: [IndexExpression]
    /// The register the body finds the element in; nil where it does not look at it.
    let argument: Int?
  }

  let instruction: Instruction
  let rank: Int
  /// Inputs, then outputs.
  let operands: [Operand]
  let inputCount: Int
  /// The iteration registers, and whether the body reads them.
  let iterators: [Slot]
  let usesIterators: Bool
  let body: CompiledBlock
  /// The register each output's new element is in.
  let yields: [Slot]
  /// Which input is sparse and makes the body leave its outputs as they are where it is zero.
  let sparseDriver: Int?

  init(
    instruction: Instruction, rank: Int, operands: [Operand], inputCount: Int, iterators: [Slot],
    usesIterators: Bool, body: CompiledBlock, yields: [Slot], sparseDriver: Int?
  ) {
    self.instruction = instruction
    self.rank = rank
    self.operands = operands
    self.inputCount = inputCount
    self.iterators = iterators
    self.usesIterators = usesIterators
    self.body = body
    self.yields = yields
    self.sparseDriver = sparseDriver
  }

  // MARK: Making ready

  /// - Parameter maps: one per operand; a map of fewer operands than the region has arguments leaves
  ///   outputs out of the region.
  static func prepare(
    _ instruction: Instruction, _ compiler: BodyCompiler, maps: [AffineMap], inputCount: Int,
    body region: Region
  ) throws(Reported) -> Semantics.Action {
    let operation = instruction.operation
    let rank = maps.first?.dimensionCount ?? 0
    let iterators = (0..<rank).map { _ in compiler.freshSlot(.index) }
    compiler.iterators.append(iterators)
    let compiled = try compiler.compile(region)
    compiler.iterators.removeLast()
    guard let block = compiled.blocks.first, compiled.blocks.count == 1,
      let yield = block.terminator, let source = region.firstBlock
    else { throw operation.emitOpError("needs a body of one block to be interpreted") }
    var uses = false
    operation.walkPreOrder { inner in
      if inner.name.string == "linalg.index" { uses = true }
      return .advance
    }
    let arguments = zip(source.arguments, block.arguments).map { value, slot in
      value.hasUses ? slot : nil
    }
    return try prepare(
      instruction, maps: maps, inputCount: inputCount, iterators: iterators, usesIterators: uses,
      body: block, arguments: arguments, argumentCount: source.argumentCount,
      yields: yield.operands, sparseDriver: SparseDriver.find(operation, source, inputCount))
  }

  static func prepare(
    _ instruction: Instruction, maps: [AffineMap], inputCount: Int, iterators: [Slot],
    usesIterators: Bool, body: CompiledBlock, arguments: [Slot?], argumentCount: Int,
    yields: [Slot], sparseDriver: Int?
  ) throws(Reported) -> Semantics.Action {
    let operation = instruction.operation
    let count = instruction.operandCount
    guard maps.count == count, inputCount <= count, yields.count == count - inputCount,
      argumentCount == count || argumentCount == inputCount
    else {
      throw operation.emitOpError(
        "needs an indexing map and a body argument for each of its \(count) operands")
    }
    var operands: [Operand] = []
    for (i, map) in maps.enumerated() {
      guard map.symbolCount == 0, map.dimensionCount == iterators.count else {
        throw operation.emitOpError("has indexing maps that differ in their dimensions")
      }
      if i < arguments.count, let argument = arguments[i], argument.isObject {
        throw operation.emitOpError("has elements that are not interpreted")
      }
      operands.append(
        Operand(
          slot: instruction.operands[i],
          expressions: map.results.map { IndexExpression($0, dimensions: iterators.count) },
          argument: i < arguments.count ? arguments[i]?.index : nil))
    }
    let made = StructuredOperation(
      instruction: instruction, rank: iterators.count, operands: operands, inputCount: inputCount,
      iterators: iterators, usesIterators: usesIterators, body: body, yields: yields,
      sparseDriver: sparseDriver)
    return { (frame: Frame) throws(Reported) in try made.run(frame) }
  }

  // MARK: Running

  /// The outputs: memrefs are written in place, tensors copied unless this is their last use.
  func run(_ frame: Frame) throws(Reported) {
    var outputs: [ArrayValue?] = []
    var sparseOutputs: [SparseLayout?] = []
    for i in inputCount..<operands.count {
      let value = frame.value(instruction, i)
      if case .sparse(let sparse) = value {
        sparseOutputs.append(sparse.layout)
      } else {
        sparseOutputs.append(nil)
      }
      if value.memref != nil {
        outputs.append(nil)
      } else {
        let array = try frame.takeArray(instruction, i)
        outputs.append(try frame.unique(instruction, array))
      }
    }
    let loop = try StructuredLoop(self, frame, outputs)
    try loop.run()
    var next = 0
    for (i, output) in outputs.enumerated() {
      guard let output else { continue }
      if next < instruction.resultCount {
        if let layout = sparseOutputs[i] {
          frame.set(instruction, next, .sparse(try frame.sparse(instruction, output, layout)))
        } else {
          frame.set(instruction, next, .tensor(output))
        }
      }
      next += 1
    }
  }
}
