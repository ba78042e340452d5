import MartletDialects
import MartletIR
import MartletRewriting
import MartletSupport

/// Finds the most static type of every tensor and the constant value of integers, going forward through
/// structured control flow: loops are gone through until nothing changes, starting from the types of what they
/// are given first.
final class ShapeInference {
  struct OperandPlace: Hashable {
    let operation: Operation
    let index: Int
  }

  private var types: [Value: Type] = [:]
  private var integers: [Value: Int] = [:]
  /// Types that operands have to be cast to where their own differ.
  private var wanted: [OperandPlace: Type] = [:]

  func type(_ value: Value) -> Type { types[value] ?? value.type }
  func setType(_ value: Value, _ type: Type) { types[value] = type }
  func integer(_ value: Value) -> Int? { integers[value] ?? value.constantInteger }

  func want(_ operation: Operation, _ index: Int, _ type: Type) {
    wanted[OperandPlace(operation: operation, index: index)] = type
  }

  func size(_ entry: MixedIndex) -> Int {
    switch entry {
    case .constant(let size): size
    case .value(let value): integer(value) ?? Type.dynamic
    }
  }

  /// What is known of a value that has either type.
  static func join(_ a: Type, _ b: Type) -> Type {
    guard a != b, a.isRankedTensor, b.isRankedTensor, a.rank == b.rank else { return a }
    return a.cloned(shape: zip(a.shape, b.shape).map { $0 == $1 ? $0 : Type.dynamic })
  }

  /// Sets the type of a result to its declared one with dynamic dimensions as in `shape`.
  /// - Throws: where a static dimension disagrees.
  func refine(_ value: Value, _ shape: [Int], of operation: Operation) throws(Reported) {
    types[value] = try merged(value.type, shape, operation)
  }

  func merged(_ declared: Type, _ shape: [Int], _ operation: Operation) throws(Reported) -> Type {
    guard declared.isRankedTensor, declared.rank == shape.count else { return declared }
    var merged = declared.shape
    for (i, size) in shape.enumerated() where size != Type.dynamic {
      if size < 0 { throw operation.emitOpError("would have a dimension of size \(size)") }
      if merged[i] != Type.dynamic, merged[i] != size {
        throw operation.emitOpError(
          "has size \(merged[i]) in dimension \(i) of \(declared), but the given shapes make it \(size)"
        )
      }
      merged[i] = size
    }
    return declared.cloned(shape: merged)
  }

  // MARK: Regions

  func visit(_ region: Region) throws(Reported) {
    for block in RegionOrder.postOrder(region, includingUnreachable: true).reversed() {
      try visit(block)
    }
  }

  private func visit(_ block: Block) throws(Reported) {
    for operation in block.operations { try visit(operation) }
  }

  private func visit(_ operation: Operation) throws(Reported) {
    if let loop = ForOp(operation) { return try visit(loop) }
    if let loop = WhileOp(operation) { return try visit(loop) }
    if let branch = IfOp(operation) { return try visit(branch) }
    if let loop = ForallOp(operation) { return try visit(loop) }
    if try ShapeTransfer(self).visit(operation) { return }
    keepTypes(operation)
    for region in operation.regions { try visit(region) }
  }

  /// An operation of which nothing is known takes and makes the types it is written with; so do the
  /// terminators in it.
  private func keepTypes(_ operation: Operation) {
    for (i, operand) in operation.operands.enumerated() where operand.type.isTensor {
      want(operation, i, operand.type)
    }
  }

  private func visit(_ loop: ForOp) throws(Reported) {
    let operation = loop.operation
    try iterate(operation, loop.iterArgs, Array(loop.inits), initial: 3) {
      () throws(Reported) in
      try visit(loop.region)
      return loop.yield
    }
    for (result, argument) in zip(operation.results, loop.iterArgs) {
      copy(argument, to: result)
    }
  }

  private func visit(_ loop: WhileOp) throws(Reported) {
    let operation = loop.operation
    let before = Array(loop.before.arguments)
    try iterate(operation, before, Array(loop.inits), initial: 0) { () throws(Reported) in
      try visit(operation.region(0))
      if let condition = loop.condition {
        for (passed, argument) in zip(condition.operands.dropFirst(), loop.after.arguments) {
          copy(passed, to: argument)
        }
      }
      try visit(operation.region(1))
      return loop.yield
    }
    if let condition = loop.condition {
      for (passed, result) in zip(condition.operands.dropFirst(), operation.results) {
        copy(passed, to: result)
      }
    }
  }

  /// Goes through a loop until the types of what it carries are those of the initial values and of what its
  /// body hands on.
  private func iterate(
    _ operation: Operation, _ arguments: [Value], _ inits: [Value], initial: Int,
    _ body: () throws(Reported) -> Operation?
  ) throws(Reported) {
    for (argument, value) in zip(arguments, inits) { copy(value, to: argument) }
    var isStable = false
    while !isStable {
      isStable = true
      guard let yield = try body() else { return }
      for (argument, value) in zip(arguments, yield.operands) {
        let joined = Self.join(type(argument), type(value))
        if joined != type(argument) {
          types[argument] = joined
          isStable = false
        }
        if let known = integers[argument], integer(value) != known {
          integers[argument] = nil
          isStable = false
        }
      }
      guard isStable else { continue }
      for (i, argument) in arguments.enumerated() where argument.type.isTensor {
        want(yield, i, type(argument))
        want(operation, initial + i, type(argument))
      }
    }
  }

  private func visit(_ branch: IfOp) throws(Reported) {
    for region in branch.operation.regions where !region.isEmpty { try visit(region) }
    guard let yes = branch.thenYield, let no = branch.elseYield else { return }
    for (i, result) in branch.results.enumerated() {
      guard i < yes.operandCount, i < no.operandCount else { continue }
      if result.type.isTensor {
        let joined = Self.join(type(yes.operand(i)), type(no.operand(i)))
        types[result] = joined
        want(yes, i, joined)
        want(no, i, joined)
      } else {
        let value = integer(yes.operand(i))
        integers[result] = value == integer(no.operand(i)) ? value : nil
      }
    }
  }

  private func visit(_ loop: ForallOp) throws(Reported) {
    let outputs = loop.body.arguments.dropFirst(loop.rank)
    for ((output, argument), result) in zip(zip(loop.outputs, outputs), loop.operation.results) {
      copy(output, to: argument)
      copy(output, to: result)
    }
    try visit(loop.operation.region())
  }

  private func copy(_ from: Value, to value: Value) {
    if from.type.isTensor { types[value] = type(from) }
    integers[value] = integer(from)
  }

  func setInteger(_ value: Value, _ constant: Int?) { integers[value] = constant }

  // MARK: Applying

  /// Gives values the types found, makes sizes that are known attributes, and casts operands where their
  /// users want other types.
  func apply(to function: Operation) {
    var operations: [Operation] = []
    function.walk { inner in
      for region in inner.regions {
        for block in region.blocks {
          for argument in block.arguments { retype(argument) }
        }
      }
      if inner != function { operations.append(inner) }
    }
    let builder = Builder(function.context)
    for operation in operations {
      ShapeTransfer(self).makeSizesStatic(operation)
      for result in operation.results { retype(result) }
    }
    for operation in operations {
      for (i, operand) in operation.operands.enumerated() {
        guard let type = wanted[OperandPlace(operation: operation, index: i)],
          type != operand.type
        else { continue }
        builder.setInsertionPoint(before: operation)
        let cast = builder.create(TensorDialect.cast, [operand], results: [type])
        operation.setOperand(i, cast.result())
      }
    }
  }

  private func retype(_ value: Value) {
    if let type = types[value], type != value.type { value.type = type }
  }
}
