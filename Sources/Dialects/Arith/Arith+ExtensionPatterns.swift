import MartletIR
import MartletRewriting

/// Canonicalisations of operations on extended and truncated values. They name their roots and are all
/// offered by `arith.cmpi`.
extension Arith {
  static let extensionPatterns = CanonicalizationPatterns(
    ["arith.andi", "arith.ori", "arith.xori"].flatMap { root in
      ["arith.extui", "arith.extsi"].map { logicOfExtensions(root, $0) }
    } + [
      compareOfExtensions, truncationOfShift, floatTruncation("arith.sitofp"),
      floatTruncation("arith.uitofp"), plainIfUnused("arith.addui_extended", addi),
      plainIfUnused("arith.mulsi_extended", muli), plainIfUnused("arith.mului_extended", muli),
      quotientOfProduct("arith.divui", 2), quotientOfProduct("arith.divsi", 1),
    ])

  /// What `value` extends, where `name` defines it.
  private static func extended(_ value: Value, _ name: String) -> Value? {
    guard let definer = value.definingOperation, definer.name.string == name else { return nil }
    return definer.operand(0)
  }

  /// `f(ext a, ext b)` is `ext f(a, b)` for bitwise `f`.
  private static func logicOfExtensions(_ root: String, _ name: String) -> RewritePattern {
    RewritePattern("logic-of-extensions", root: root) { op, rewriter in
      guard let a = extended(op.operand(0), name), let b = extended(op.operand(1), name),
        a.type == b.type
      else { return false }
      let narrow = rewriter.create(op.name, [a, b], results: [a.type])
      rewriter.replace(
        op,
        with: rewriter.create(
          rewriter.context.operationName(name), [narrow.result()], results: op.results.types))
      return true
    }
  }

  /// Equality does not depend on an extension done on both sides.
  private static let compareOfExtensions = RewritePattern(
    "equality-of-extensions", root: "arith.cmpi"
  ) {
    op, rewriter in
    guard let predicate = op.attribute("predicate"),
      predicate.enumValue == 0 || predicate.enumValue == 1
    else { return false }
    for name in ["arith.extsi", "arith.extui"] {
      guard let a = extended(op.operand(0), name), let b = extended(op.operand(1), name),
        a.type == b.type
      else { continue }
      rewriter.replace(
        op,
        with: rewriter.create(
          cmpi, [a, b], results: op.results.types, attributes: [("predicate", predicate)]))
      return true
    }
    return false
  }

  private static func width(_ type: Type) -> Int? {
    (type.isShaped ? type.elementType : type).bitWidth
  }

  /// The constant every element of `value` is.
  private static func splatInteger(_ value: Value) -> Int64? {
    guard let constant = value.constant else { return nil }
    if let elements = constant.denseElements {
      return elements.isSplat ? elements.element(0).integerValue : nil
    }
    return constant.integerValue
  }

  /// Where only the upper bits are kept, what is shifted in makes no difference.
  private static let truncationOfShift = RewritePattern("truncation-of-shift", root: "arith.trunci")
  { op, rewriter in
    guard let shift = op.operand(0).definingOperation, shift.name.string == "arith.shrsi",
      let from = width(op.operand(0).type), let to = width(op.result().type),
      let amount = splatInteger(shift.operand(1)), amount == Int64(from - to),
      let constant = shift.operand(1).definingOperation, constant.has(.constantLike)
    else { return false }
    let attributes = shift.inherentAttributes.map { ($0.name, $0.value) }
    let copy = rewriter.clone(constant)
    let unsigned = rewriter.create(
      rewriter.context.operationName("arith.shrui"), [shift.operand(0), copy.result()],
      results: shift.results.types, attributes: attributes)
    rewriter.replace(
      op,
      with: rewriter.create(
        op.name, [unsigned.result()], results: op.results.types,
        attributes: op.inherentAttributes.map { ($0.name, $0.value) }))
    return true
  }

  /// An integer made a wide float and then a narrow one is made a narrow one at once.
  private static func floatTruncation(_ source: String) -> RewritePattern {
    RewritePattern("truncation-of-integer", root: "arith.truncf") { op, rewriter in
      guard op.attribute("roundingmode") == nil, let integer = extended(op.operand(0), source)
      else { return false }
      rewriter.replace(
        op,
        with: rewriter.create(
          rewriter.context.operationName(source), [integer], results: op.results.types))
      return true
    }
  }

  /// An operation whose second result nobody uses is the plain one.
  private static func plainIfUnused(_ root: String, _ plain: OpDefinition) -> RewritePattern {
    RewritePattern("unused-extension", root: root) { op, rewriter in
      guard !op.result(1).hasUses else { return false }
      let made = rewriter.create(
        plain, [op.operand(0), op.operand(1)], results: [op.result(0).type])
      // The second value only has to be there.
      let other = op.result(1).type == op.operand(0).type ? op.operand(0) : nil
      rewriter.replaceAllUses(of: op.result(0), with: made.result())
      if let other { rewriter.replaceAllUses(of: op.result(1), with: other) }
      rewriter.erase(op)
      return true
    }
  }

  /// `a * b / a` is `b` where the product does not wrap around.
  private static func quotientOfProduct(_ root: String, _ flag: Int64) -> RewritePattern {
    RewritePattern("quotient-of-product", root: root) { op, rewriter in
      guard let product = op.operand(0).definingOperation, product.is(muli),
        (product.attribute("overflowFlags")?.enumValue ?? 0) & flag != 0
      else { return false }
      for i in 0..<2 where product.operand(i) == op.operand(1) {
        rewriter.replace(op, with: product.operand(1 - i))
        return true
      }
      return false
    }
  }
}
