import MartletIR
import MartletSupport

/// Rules beyond what the declarations say.
extension Arith {
  static func verifyConstant(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    if type.isInteger, !type.isSignlessInteger {
      throw operation.emitOpError("integer return type must be signless")
    }
    guard let value = operation.attribute("value") else { return }
    switch value.kind {
    case .integer, .float, .denseElements, .denseResource, .sparseElements, .denseString: break
    default:
      // Dialects may bring constants of their own types.
      if value.kind == nil { break }
      throw operation.emitOpError(
        "value must be an integer, float, or elements attribute")
    }
    if type.isVector, type.scalableMask != 0, value.kind == .denseElements, !value.isSplat {
      throw operation.emitOpError(
        "intializing scalable vectors with elements attribute is not supported unless it's a "
          + "vector splat")
    }
  }

  static func verifySelect(_ operation: Operation) throws(Reported) {
    let condition = operation.operand(0).type
    let result = operation.result().type
    if condition == operation.context.i1 { return }
    if !(result.isVector || result.isTensor) || condition != boolType(like: result) {
      throw operation.emitOpError(
        "failed to verify that condition is signless i1 or has matching shape")
    }
  }

  // MARK: Casts

  /// Element types where input and output have the same kind of shape; nil where they cannot be cast.
  private static func castElements(_ operation: Operation) -> (from: Type, to: Type)? {
    let from = operation.operand(0).type
    let to = operation.result().type
    guard from.isShaped == to.isShaped else { return nil }
    if from.isRankedTensor, to.isRankedTensor, from.encoding != to.encoding { return nil }
    if from.isShaped {
      if from.isVector != to.isVector || from.isMemRef != to.isMemRef { return nil }
      if from.isVector, from.shape != to.shape || from.scalableMask != to.scalableMask {
        return nil
      }
    }
    return (from.elementType, to.elementType)
  }

  static func incompatible(_ operation: Operation) -> Reported {
    operation.emitOpError(
      "operand type '\(operation.operand(0).type)' and result type "
        + "'\(operation.result().type)' are cast incompatible")
  }

  private static func verifyCast(
    _ operation: Operation, _ accepts: (_ from: Type, _ to: Type) -> Bool
  ) throws(Reported) {
    guard let (from, to) = castElements(operation), accepts(from, to) else {
      throw incompatible(operation)
    }
    let (input, output) = (operation.operand(0).type, operation.result().type)
    if input.isRankedTensor, output.isRankedTensor, input.shape != output.shape {
      throw operation.emitOpError(
        "failed to verify that input and output have the same tensor dimensions")
    }
  }

  static func verifyCast(_ operation: Operation) throws(Reported) {
    try verifyCast(operation) { _, _ in true }
  }

  static func verifyIntegerExtension(_ operation: Operation) throws(Reported) {
    try verifyCast(operation) { ($1.bitWidth ?? 0) > ($0.bitWidth ?? 0) }
  }
  static func verifyIntegerTruncation(_ operation: Operation) throws(Reported) {
    try verifyCast(operation) { ($1.bitWidth ?? 0) < ($0.bitWidth ?? 0) }
  }
  static func verifyFloatExtension(_ operation: Operation) throws(Reported) {
    try verifyCast(operation) { ($1.bitWidth ?? 0) > ($0.bitWidth ?? 0) }
  }
  static func verifyFloatTruncation(_ operation: Operation) throws(Reported) {
    try verifyCast(operation) { ($1.bitWidth ?? 0) < ($0.bitWidth ?? 0) }
  }

  static func verifyIndexCast(_ operation: Operation) throws(Reported) {
    try verifyCast(operation) { $0.isIndex != $1.isIndex }
  }

  static func verifyBitcast(_ operation: Operation) throws(Reported) {
    try verifyCast(operation) { from, to in
      if from == to { return true }
      guard from.isIntOrFloat, to.isIntOrFloat else { return false }
      return from.bitWidth == to.bitWidth
    }
  }
}
