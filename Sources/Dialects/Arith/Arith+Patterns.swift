import MartletIR
import MartletRewriting

/// Canonicalisations that make new operations.
extension Arith {
  /// x and c where `value` is `definition`(x, c) with a constant c, or (c, x) where `constantLeft`.
  private static func match(
    _ value: Value, _ definition: OpDefinition, constantLeft: Bool = false
  ) -> (x: Value, constant: Attribute, operation: Operation)? {
    guard let op = value.definingOperation, op.is(definition) else { return nil }
    let (c, x) = constantLeft ? (op.operand(0), op.operand(1)) : (op.operand(1), op.operand(0))
    guard let constant = c.constant, ConstantElements(constant) != nil else { return nil }
    return (x, constant, op)
  }

  /// The constant `combine`(a, b), made at the rewriter's place; nil where the shapes do not allow it.
  private static func combined(
    _ a: Attribute, _ b: Attribute, _ rewriter: PatternRewriter,
    _ combine: (Int64, Int64) -> Int64
  ) -> Value? {
    guard let x = ConstantElements(a), let y = ConstantElements(b), x.type == y.type,
      let value = ElementwiseFolding.map(
        [x, y], to: x.type,
        {
          UInt64(bitPattern: combine(x.integer($0), y.integer($0)))
        })
    else { return nil }
    return ConstantOp.create(rewriter, value)
  }

  /// Replaces `op` by `definition`(a, b), which promises nothing about overflow: promises about partial
  /// results say little of their combination.
  private static func replace(
    _ op: Operation, _ definition: OpDefinition, _ a: Value, _ b: Value,
    _ rewriter: PatternRewriter
  ) {
    rewriter.replace(
      op, with: rewriter.create(definition, [a, b], results: [op.result().type]))
  }

  /// A rewrite of `outer`(`inner`(x, c0), c1), with constants on the sides named. The declarations are
  /// asked for when the rewrite runs, as they are still in the making when their patterns are.
  private static func reassociate(
    _ name: String, _ inner: @escaping @autoclosure @Sendable () -> OpDefinition,
    innerLeft: Bool = false, outerLeft: Bool = false,
    to result: @escaping @autoclosure @Sendable () -> OpDefinition, resultLeft: Bool = false,
    _ combine: @escaping @Sendable (_ inner: Int64, _ outer: Int64) -> Int64
  ) -> RewritePattern {
    RewritePattern(name) { op, rewriter in
      let (c, value) =
        outerLeft ? (op.operand(0), op.operand(1)) : (op.operand(1), op.operand(0))
      guard let outer = c.constant,
        let (x, constant, _) = match(value, inner(), constantLeft: innerLeft),
        let sum = combined(constant, outer, rewriter, combine)
      else { return false }
      replace(op, result(), resultLeft ? sum : x, resultLeft ? x : sum, rewriter)
      return true
    }
  }

  static let addPatterns: CanonicalizationPatterns = .init(
    // (x + c0) + c1, (x - c0) + c1, (c0 - x) + c1
    reassociate("add-of-add", addi, to: addi) { $0 &+ $1 },
    reassociate("add-of-sub", subi, to: addi) { $1 &- $0 },
    reassociate("add-of-sub-from", subi, innerLeft: true, to: subi, resultLeft: true) { $0 &+ $1 },
    RewritePattern("add-of-negated") { op, rewriter in
      // x + y * -1 is x - y.
      for (x, y) in [(op.operand(0), op.operand(1)), (op.operand(1), op.operand(0))] {
        if let (factor, constant, _) = match(y, muli), let c = ConstantElements(constant),
          c.isUniform, c.integer(0) == -1, !x.type.elementType.isInteger(1)
        {
          replace(op, subi, x, factor, rewriter)
          return true
        }
      }
      return false
    })

  static let subPatterns: CanonicalizationPatterns = .init(
    // (x + c0) - c1, (x - c0) - c1, (c0 - x) - c1
    reassociate("sub-of-add", addi, to: addi) { $0 &- $1 },
    reassociate("sub-of-sub", subi, to: subi) { $0 &+ $1 },
    reassociate("sub-of-sub-from", subi, innerLeft: true, to: subi, resultLeft: true) { $0 &- $1 },
    // c1 - (x + c0), c1 - (x - c0), c1 - (c0 - x)
    reassociate("sub-from-add", addi, outerLeft: true, to: subi, resultLeft: true) { $1 &- $0 },
    reassociate("sub-from-sub", subi, outerLeft: true, to: subi, resultLeft: true) { $1 &+ $0 },
    reassociate("sub-from-sub-from", subi, innerLeft: true, outerLeft: true, to: addi) {
      $1 &- $0
    },
    RewritePattern("sub-of-minuend") { op, rewriter in
      // (a - b) - a is 0 - b.
      guard let inner = op.operand(0).definingOperation, inner.is(subi),
        inner.operand(0) == op.operand(1),
        let zero = ElementwiseFolding.constant(op.result().type, integer: 0)
      else { return false }
      replace(op, subi, ConstantOp.create(rewriter, zero), inner.operand(1), rewriter)
      return true
    })

  static let mulPatterns: CanonicalizationPatterns = .init(
    reassociate("mul-of-mul", muli, to: muli) { $0 &* $1 })

  static let xorPatterns: CanonicalizationPatterns = .init(
    RewritePattern("not-of-comparison") { op, rewriter in
      guard isOne(op.operand(1)), op.result().type.elementType.isInteger(1),
        let compare = op.operand(0).definingOperation, compare.is(cmpi),
        let predicate = predicate(of: compare)
      else { return false }
      rewriter.replace(
        op,
        with: rewriter.create(
          cmpi, Array(compare.operands), results: [op.result().type],
          attributes: [
            ("predicate", op.context.i64Attribute(Int(predicate.inverted.rawValue)))
          ]))
      return true
    })

  // MARK: Casts

  /// The product and the quotient of two negations are those of what is negated.
  static let negatedOperandPatterns: CanonicalizationPatterns = .init(
    RewritePattern("of-two-negations") { op, rewriter in
      guard let a = op.operand(0).definingOperation, let b = op.operand(1).definingOperation,
        a.is(negf), b.is(negf)
      else { return false }
      let made = rewriter.create(
        op.name, [a.operand(0), b.operand(0)], results: op.results.types,
        attributes: op.attribute("fastmath").map { [("fastmath", $0)] } ?? [])
      rewriter.replace(op, with: made)
      return true
    })

  static let truncationPatterns: CanonicalizationPatterns = .init(
    RewritePattern("truncation-of-extension") { op, rewriter in
      // Only bits that the extension made go.
      guard let inner = op.operand(0).definingOperation, inner.is(extsi) || inner.is(extui),
        let from = inner.operand(0).type.elementType.bitWidth,
        let to = op.result().type.elementType.bitWidth, to > from
      else { return false }
      rewriter.replace(op, with: inner.is(extsi) ? extsi : extui, [inner.operand(0)])
      return true
    })

  static let bitcastPatterns: CanonicalizationPatterns = .init(
    RewritePattern("bitcast-of-bitcast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(bitcast) else { return false }
      rewriter.replace(op, with: bitcast, [inner.operand(0)])
      return true
    })

  static let extsiPatterns: CanonicalizationPatterns = .init(
    RewritePattern("extsi-of-extui") { op, rewriter in
      // The sign of what was zero-extended is clear.
      guard let inner = op.operand(0).definingOperation, inner.is(extui) else { return false }
      rewriter.replace(
        op, with: rewriter.create(extui, [inner.operand(0)], results: [op.result().type]))
      return true
    })

  /// Casts of casts between index and integers that give the first type back.
  private static func castBack(_ definition: @escaping @autoclosure @Sendable () -> OpDefinition)
    -> RewritePattern
  {
    RewritePattern("cast-back") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(definition()),
        inner.operand(0).type == op.result().type
      else { return false }
      // Through a type that is narrower the value would lose bits; index counts as 64 here.
      let width = { (type: Type) in type.elementType.bitWidth ?? 0 }
      guard width(inner.result().type) >= width(op.result().type) else { return false }
      rewriter.replace(op, with: inner.operand(0))
      return true
    }
  }

  static let indexCastPatterns: CanonicalizationPatterns = .init(
    castBack(indexCast),
    RewritePattern("index-cast-of-extension") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(extsi) else { return false }
      rewriter.replace(
        op, with: rewriter.create(indexCast, [inner.operand(0)], results: [op.result().type]))
      return true
    })
  static let indexCastUIPatterns: CanonicalizationPatterns = .init(
    castBack(indexCastUI),
    RewritePattern("index-cast-of-extension") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(extui) else { return false }
      rewriter.replace(
        op, with: rewriter.create(indexCastUI, [inner.operand(0)], results: [op.result().type]))
      return true
    })

  // MARK: select

  static let selectPatterns: CanonicalizationPatterns = .init(
    RewritePattern("select-of-not") { op, rewriter in
      guard let xor = op.operand(0).definingOperation, xor.is(xori),
        equals(xor.operand(1), -1)
      else { return false }
      rewriter.replace(
        op,
        with: rewriter.create(
          select, [xor.operand(0), op.operand(2), op.operand(1)], results: [op.result().type]))
      return true
    },
    RewritePattern("redundant-nested-select") { op, rewriter in
      // Inside a branch of the same condition the inner select is decided.
      for i in 1...2 {
        if let inner = op.operand(i).definingOperation, inner.is(select),
          inner.operand(0) == op.operand(0)
        {
          rewriter.modifyInPlace(op) { op.setOperand(i, inner.operand(i)) }
          return true
        }
      }
      return false
    },
    RewritePattern("select-to-extension") { op, rewriter in
      guard let type = op.result().type.bitWidth, type > 1, op.result().type.isInteger,
        equals(op.operand(2), 0), isOne(op.operand(1))
      else { return false }
      rewriter.replace(
        op, with: rewriter.create(extui, [op.operand(0)], results: [op.result().type]))
      return true
    },
    RewritePattern("select-to-not") { op, rewriter in
      // select c, false, true
      guard op.result().type.isInteger(1), equals(op.operand(1), 0), equals(op.operand(2), -1)
      else { return false }
      replace(op, xori, op.operand(0), op.operand(2), rewriter)
      return true
    })
}
