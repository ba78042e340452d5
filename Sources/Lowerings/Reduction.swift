import MartletDialects
import MartletIR

/// An accumulation `acc = operation(acc, value)` with an associative operation.
struct Reduction {
  let operation: Operation
  /// What is combined with the accumulator.
  let value: Value
  /// Starting from it the result is that of the values alone.
  let neutral: Attribute
  /// As in `vector.reduction`.
  let kind: Kind

  /// Numbered as MLIR numbers vector.kind.
  enum Kind: UInt64 {
    case add, mul, minui, minsi, minnumf, maxui, maxsi, maxnumf, and, or, xor, minimumf, maximumf
  }

  /// Nil where `result` is computed from `accumulator` in any other way.
  init?(of accumulator: Value, into result: Value) {
    guard accumulator.hasOneUse, result.hasOneUse, let use = accumulator.firstUse,
      let operation = result.definingOperation, use.owner == operation,
      operation.block == accumulator.owningBlock, operation.operandCount == 2,
      operation.resultCount == 1, operation.regionCount == 0,
      let (kind, neutral) = Reduction.meaning(operation, result.type)
    else { return nil }
    self.operation = operation
    value = operation.operand(1 - use.index)
    self.kind = kind
    self.neutral = neutral
  }

  /// The attributes of a `vector.reduction` of this kind.
  func vectorAttributes(_ context: Context) -> [(String, Attribute)] {
    var attributes: [(String, Attribute)] = []
    if let definition = context.attributeDefinition(named: "vector.kind") {
      attributes.append(("kind", context.attribute(definition, [kind.rawValue])))
    }
    if kind == .add || kind == .mul, operation.result().type.isFloat {
      // The lanes hold no order of the sum any more; say so, or it is made one by one.
      attributes.append(("fastmath", context.attribute(Arith.fastMath, [1])))
    }
    return attributes
  }

  private static func meaning(_ operation: Operation, _ type: Type) -> (Kind, Attribute)? {
    let context = operation.context
    func integer(_ value: Int64) -> Attribute { context.integerAttribute(value, type) }
    func float(_ value: Double) -> Attribute { context.floatAttribute(value, type) }
    switch operation.name.string {
    case "arith.addf": return (.add, float(-0.0))
    case "arith.mulf": return (.mul, float(1))
    case "arith.maximumf": return (.maximumf, float(-.infinity))
    case "arith.minimumf": return (.minimumf, float(.infinity))
    case "arith.maxnumf": return (.maxnumf, float(.nan))
    case "arith.minnumf": return (.minnumf, float(.nan))
    default: break
    }
    let width = type.bitWidth ?? 64
    guard type.isSignlessIntOrIndex, width <= 64, width > 1 else { return nil }
    let smallest = Int64.min >> Int64(64 - width)
    switch operation.name.string {
    case "arith.addi": return (.add, integer(0))
    case "arith.muli": return (.mul, integer(1))
    case "arith.andi": return (.and, integer(-1))
    case "arith.ori": return (.or, integer(0))
    case "arith.xori": return (.xor, integer(0))
    case "arith.maxsi": return (.maxsi, integer(smallest))
    case "arith.minsi": return (.minsi, integer(~smallest))
    case "arith.maxui": return (.maxui, integer(0))
    case "arith.minui": return (.minui, integer(-1))
    default: return nil
    }
  }
}
