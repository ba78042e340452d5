import MartletDialects
import MartletIR
import MartletSupport

/// Values that take the place of those a reduction removes.
enum StandIns {
  /// A value of `type` that is there before `operation`: one of its operands, or an argument of a block
  /// around it.
  static func existing(_ type: Type, at operation: Operation) -> Value? {
    for operand in operation.operands
    where operand.type == type && operand.definingOperation != operation { return operand }
    var current = operation
    while let block = current.block {
      for argument in block.arguments where argument.type == type { return argument }
      guard let parent = block.parentOperation, !parent.has(.isolatedFromAbove) else { return nil }
      current = parent
    }
    return nil
  }

  /// An existing value, or else a constant of `type` made at the start of the region that is isolated.
  static func value(_ type: Type, at operation: Operation) -> Value? {
    existing(type, at: operation) ?? constant(type, at: operation)
  }

  /// Zero for a number, poison for anything else; one for all of a type in a region.
  static func constant(_ type: Type, at operation: Operation) -> Value? {
    var current = operation
    var home: Block?
    while let block = current.block {
      home = block.region?.firstBlock
      guard let parent = block.parentOperation, !parent.has(.isolatedFromAbove) else { break }
      current = parent
    }
    guard let home else { return nil }
    let context = operation.context
    let zero: Attribute? =
      type.isSignlessIntOrIndex
      ? context.integerAttribute(0, type) : type.isFloat ? context.floatAttribute(0, type) : nil
    var first = home.firstOperation
    while let known = first, isStandIn(known) {
      if known.result().type == type { return known.result() }
      first = known.next
    }
    let builder = Builder(
      context, at: first.map { InsertionPoint(block: home, before: $0) } ?? .atEnd(of: home),
      location: operation.location)
    if let zero {
      return builder.create(Arith.constant, results: [type], attributes: [("value", zero)]).result()
    }
    let poison = context.attribute(UB.poisonAttribute)
    return builder.create(UB.poison, results: [type], attributes: [("value", poison)]).result()
  }

  /// Whether an operation could have been made here.
  static func isStandIn(_ operation: Operation) -> Bool {
    operation.is(UB.poison) || operation.is(Arith.constant)
  }
}
