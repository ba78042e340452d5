import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

/// What passes over affine loops have in common.
enum AffineLoops {
  /// Makes an application of a map of one result.
  static func apply(_ builder: Builder, _ map: AffineMap, _ operands: [Value]) -> Value {
    builder.create(
      Affine.apply, operands, results: [builder.context.index],
      attributes: [("map", builder.context.affineMapAttribute(map))]
    ).result()
  }

  static func constant(_ builder: Builder, _ value: Int) -> Value {
    builder.create(
      Arith.constant, results: [builder.context.index],
      attributes: [("value", builder.context.indexAttribute(value))]
    ).result()
  }

  /// `(d0) -> (d0 + offset)`.
  static func shift(_ context: Context, _ offset: Int) -> AffineMap {
    context.affineMap(dimensions: 1, symbols: 0, [context.affineDimension(0) + offset])
  }

  /// A builder before `operation`.
  static func builder(before operation: Operation) -> Builder {
    let builder = Builder(operation.context)
    builder.setInsertionPoint(before: operation)
    return builder
  }

  /// Puts the body of a loop known to run once in its place.
  /// - Returns: whether it was.
  @discardableResult
  static func promoteSingleIteration(_ loop: AffineForOp) -> Bool {
    guard loop.knownTripCount == 1, loop.lower.map.resultCount == 1, let end = loop.yield else {
      return false
    }
    let operation = loop.operation
    let variable = loop.inductionVariable
    if variable.hasUses {
      let builder = builder(before: operation)
      let value: Value
      if let start = loop.constantLower {
        let function = operation.parent?.ancestor { $0.has(.callable) }
        if let entry = function?.regions.first?.firstBlock {
          builder.setInsertionPoint(atStart: entry)
        }
        value = constant(builder, start)
      } else if loop.lower.map == loop.context.identityMap(1) {
        value = loop.lower.operands[0]
      } else {
        value = apply(builder, loop.lower.map, loop.lower.operands)
      }
      variable.replaceAllUses(with: value)
    }
    for (argument, initial) in zip(loop.iterArgs, loop.inits) {
      argument.replaceAllUses(with: initial)
    }
    operation.replaceAllUses(with: Array(end.operands))
    end.erase()
    for inner in loop.body.operations { inner.move(before: operation) }
    operation.erase()
    return true
  }

  /// The operations of a loop's body before its end.
  static func bodyOperations(_ loop: AffineForOp) -> [Operation] {
    Array(Array(loop.body.operations).dropLast())
  }
}
