import MartletIR
import MartletRewriting
import MartletSupport

/// Checks, folders and canonicalisations.
extension Complex {
  // MARK: Constants

  /// The two parts of a constant's attribute.
  public static func parts(of value: Attribute?) -> (real: Attribute, imaginary: Attribute)? {
    guard let parts = value?.elements, parts.count == 2 else { return nil }
    return (parts[0], parts[1])
  }

  static func isConstant(_ value: Attribute, _ type: Type) -> Bool {
    guard type.kind == .complex, let parts = parts(of: value),
      parts.real.kind == parts.imaginary.kind,
      parts.real.kind == .float || parts.real.kind == .integer
    else { return false }
    return parts.real.type == type.elementType && parts.imaginary.type == type.elementType
  }

  static func verifyConstant(_ operation: Operation) throws(Reported) {
    guard let parts = parts(of: operation.attribute("value")) else {
      throw operation.emitOpError(
        "requires 'value' to be a complex constant, represented as array of two values")
    }
    let all = [parts.real, parts.imaginary]
    if !all.allSatisfy({ $0.kind == .float || $0.kind == .integer }) {
      throw operation.emitOpError(
        "requires attribute's elements to be float or integer attributes")
    }
    let element = operation.result().type.elementType
    guard let real = parts.real.type, let imaginary = parts.imaginary.type,
      real == element, imaginary == element
    else {
      let types = all.map { $0.type.map { "'\($0)'" } ?? "none" }.joined(separator: ", ")
      throw operation.emitOpError(
        "requires attribute's element types (\(types)) to match the element type of the op's "
          + "return type ('\(element)')")
    }
  }

  static func verifyBitcast(_ operation: Operation) throws(Reported) {
    let (from, to) = (operation.operand(0).type, operation.result().type)
    if from == to { return }
    if !from.isIntOrFloat, from.kind != .complex {
      throw operation.emitOpError("operand must be int/float/complex")
    }
    if !to.isIntOrFloat, to.kind != .complex {
      throw operation.emitOpError("result must be int/float/complex")
    }
    if (from.kind == .complex) == (to.kind == .complex) {
      throw operation.emitOpError("requires that either input or output has a complex type")
    }
    let (complex, other) = from.kind == .complex ? (from, to) : (to, from)
    guard let part = complex.elementType.bitWidth, let width = other.bitWidth, part * 2 == width
    else { throw operation.emitOpError("casting bitwidths do not match") }
  }

  // MARK: Folding

  private static func definer(_ value: Value, _ definition: OpDefinition) -> Operation? {
    guard let operation = value.definingOperation, operation.is(definition) else { return nil }
    return operation
  }

  /// Whether a value is the constant of these two floats; a zero may have either sign.
  private static func isConstant(_ value: Value, _ real: Double, _ imaginary: Double) -> Bool {
    guard let parts = parts(of: value.constant) else { return false }
    func equals(_ part: Attribute, _ float: Double) -> Bool {
      guard part.kind == .float, let type = part.type else { return false }
      if part == type.context.floatAttribute(float, type) { return true }
      return float == 0 && part == type.context.floatAttribute(-0.0, type)
    }
    return equals(parts.real, real) && equals(parts.imaginary, imaginary)
  }

  /// What `inverse` was applied to, for an operation that undoes it.
  static func undo(_ operation: Operation, _ inverse: OpDefinition) -> FoldResult {
    definer(operation.operand(0), inverse).map { .value($0.operand(0)) } ?? .none
  }

  static func foldCreate(_ operation: Operation) -> FoldResult {
    guard let real = definer(operation.operand(0), re),
      let imaginary = definer(operation.operand(1), im), real.operand(0) == imaginary.operand(0)
    else { return .none }
    return .value(real.operand(0))
  }

  static func foldComponent(_ operation: Operation, _ component: Int) -> FoldResult {
    if let parts = parts(of: operation.operand(0).constant) {
      return .attribute(component == 0 ? parts.real : parts.imaginary)
    }
    guard let made = definer(operation.operand(0), create) else { return .none }
    return .value(made.operand(component))
  }

  static func foldAdd(_ operation: Operation) -> FoldResult {
    let (a, b) = (operation.operand(0), operation.operand(1))
    if let difference = definer(a, sub), difference.operand(1) == b {
      return .value(difference.operand(0))
    }
    if let difference = definer(b, sub), difference.operand(1) == a {
      return .value(difference.operand(0))
    }
    return isZero(b) ? .value(a) : .none
  }

  static func foldSub(_ operation: Operation) -> FoldResult {
    let (a, b) = (operation.operand(0), operation.operand(1))
    if let sum = definer(a, add), sum.operand(1) == b { return .value(sum.operand(0)) }
    return isZero(b) ? .value(a) : .none
  }

  private static func isZero(_ value: Value) -> Bool { isConstant(value, 0, 0) }

  /// A product with, or a quotient by, one.
  static func foldByOne(_ operation: Operation) -> FoldResult {
    isConstant(operation.operand(1), 1, 0) ? .value(operation.operand(0)) : .none
  }

  // MARK: Patterns

  /// re(neg(create(a, b))) -> negf(a), and the same of im and b.
  static func componentOfNegation(_ component: Int) -> RewritePattern {
    RewritePattern("component-of-negation") { operation, rewriter in
      guard let negation = definer(operation.operand(0), neg),
        let made = definer(negation.operand(0), create)
      else { return false }
      let negated = rewriter.create(
        Arith.negf, [made.operand(component)], results: [operation.result().type])
      rewriter.replace(operation, with: negated)
      return true
    }
  }

  static let mergeBitcasts = RewritePattern("merge-bitcasts") { operation, rewriter in
    let type = operation.result().type
    guard let inner = operation.operand(0).definingOperation,
      inner.is(bitcast) || inner.is(Arith.bitcast)
    else { return false }
    let source = inner.operand(0)
    let staysComplex =
      inner.is(Arith.bitcast) || type.kind == .complex || source.type.kind == .complex
    rewriter.replace(
      operation,
      with: rewriter.create(staysComplex ? bitcast : Arith.bitcast, [source], results: [type]))
    return true
  }

  static let mergeIntoArithBitcast = RewritePattern(
    "merge-complex-into-arith-bitcast", root: Arith.bitcast
  ) { operation, rewriter in
    guard let inner = definer(operation.operand(0), bitcast) else { return false }
    rewriter.replace(
      operation,
      with: rewriter.create(bitcast, [inner.operand(0)], results: [operation.result().type]))
    return true
  }
}
