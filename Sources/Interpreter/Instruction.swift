import MartletIR
import MartletSupport

/// Where a value is kept in a frame: scalars in a register, all else as an object.
struct Slot {
  let index: Int
  /// The format of a scalar; nil for an object.
  let format: ElementFormat?
  var isObject: Bool { format == nil }
}

/// An operation made ready to run: its operands and results are numbered places of a frame.
public final class Instruction {
  public let operation: Operation
  let operands: [Slot]
  let results: [Slot]
  /// For each operand, whether nothing uses the value afterwards, so that it may be taken over.
  var isLastUse: [Bool] = []
  var action: Semantics.Action = { (_: Frame) throws(Reported) in }
  /// The operands of each declared group.
  public let segments: [Range<Int>]

  init(_ operation: Operation, operands: [Slot], results: [Slot]) {
    self.operation = operation
    self.operands = operands
    self.results = results
    isLastUse = operands.map { _ in false }
    segments = Instruction.segments(operation)
  }

  private static func segments(_ operation: Operation) -> [Range<Int>] {
    let sizes =
      operation.attribute("operandSegmentSizes")?.integers ?? operation.operandSegments
    var start = 0
    return sizes.map { size in
      let end = min(start + max(size, 0), operation.operandCount)
      defer { start = end }
      return start..<end
    }
  }

  public var operandCount: Int { operands.count }
  public var resultCount: Int { results.count }
  public func operandType(_ i: Int) -> Type { operation.operand(i).type }
  public func resultType(_ i: Int = 0) -> Type { operation.result(i).type }
  public func attribute(_ name: String) -> Attribute? { operation.attribute(name) }
  public var context: Context { operation.context }

  /// The operands of declared group `i`; empty where there is no such group.
  public func segment(_ i: Int) -> Range<Int> {
    segments.indices.contains(i) ? segments[i] : operands.count..<operands.count
  }

  /// The integers of an array attribute.
  /// - Throws: where it is missing.
  public func integers(_ name: String) throws(Reported) -> [Int] {
    guard let values = attribute(name)?.integers else {
      throw operation.emitOpError("needs an integer array attribute '\(name)' to be interpreted")
    }
    return values
  }

  public func integer(_ name: String) throws(Reported) -> Int {
    guard let value = attribute(name)?.integerValue else {
      throw operation.emitOpError("needs an integer attribute '\(name)' to be interpreted")
    }
    return Int(value)
  }
}

/// One thing a block does. Scalar operations act on registers directly.
enum Step {
  case unary(@Sendable (UInt64) -> UInt64, a: Int, to: Int)
  case binary(@Sendable (UInt64, UInt64) -> UInt64, a: Int, b: Int, to: Int)
  case ternary(@Sendable (UInt64, UInt64, UInt64) -> UInt64, a: Int, b: Int, c: Int, to: Int)
  case checked(ScalarKernel, a: Int, b: Int, to: Int, Instruction)
  case copy(a: Int, to: Int)
  case act(Instruction)
  /// Lets go of an object nothing uses any more.
  case release(Int)
}

/// How a block ends.
enum BlockExit {
  /// The region is left; its operation looks at the terminator.
  case leave
  /// Goes on at the block whose number is returned.
  case branch((Frame) throws(Reported) -> Int)
}

final class CompiledBlock {
  let arguments: [Slot]
  private(set) var steps: UnsafeMutableBufferPointer<Step>
  /// Nil where the block has none.
  let terminator: Instruction?
  let exit: BlockExit

  init(arguments: [Slot], steps: [Step], terminator: Instruction?, exit: BlockExit) {
    self.arguments = arguments
    self.steps = .allocate(capacity: max(steps.count, 1))
    self.steps = UnsafeMutableBufferPointer(rebasing: self.steps[0..<steps.count])
    for (i, step) in steps.enumerated() { self.steps.initializeElement(at: i, to: step) }
    self.terminator = terminator
    self.exit = exit
  }

  deinit {
    steps.deinitialize()
    steps.deallocate()
  }
}

final class CompiledRegion {
  fileprivate(set) var blocks: [CompiledBlock] = []
  /// The entry block's arguments.
  var arguments: [Slot] { blocks.first?.arguments ?? [] }
}

extension CompiledRegion {
  func setBlocks(_ blocks: [CompiledBlock]) { self.blocks = blocks }
  var isEmpty: Bool { blocks.isEmpty }
}

/// A function made ready to run.
final class CompiledFunction {
  let operation: Operation
  let name: String
  let body: CompiledRegion
  let slotCount: Int

  init(_ operation: Operation, name: String, body: CompiledRegion, slotCount: Int) {
    self.operation = operation
    self.name = name
    self.body = body
    self.slotCount = slotCount
  }
}
