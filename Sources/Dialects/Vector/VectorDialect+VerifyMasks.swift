import MartletIR
import MartletSupport

/// Checks of masks, scans and what else the declarations do not say.
extension VectorDialect {
  /// Operations that `vector.mask` may predicate.
  private static let maskable: Set<String> = [
    "vector.contract", "vector.gather", "vector.multi_reduction", "vector.outerproduct",
    "vector.reduction", "vector.transfer_read", "vector.transfer_write",
  ]

  static func verifyMask(_ op: Operation) throws(Reported) {
    guard let block = op.region(0).firstBlock, let yield = block.lastOperation else {
      throw op.emitOpError("expects a terminator within the mask region")
    }
    guard let inner = block.firstOperation, inner != yield else {
      if op.operandCount > 1, yield.operandCount == 0 {
        throw op.emitOpError("expects a non-empty region if passthru operand is provided")
      }
      return
    }
    if inner.next != yield { throw op.emitOpError("expects only one operation to mask") }
    if !maskable.contains(inner.name.string) {
      throw op.emitOpError("expects a MaskableOpInterface within the mask region")
    }
    if op.resultCount != inner.resultCount {
      throw op.emitOpError(
        "expects number of results to match maskable operation number of results")
    }
    if !zip(yield.operands, inner.results).allSatisfy({ $0 == $1 }) {
      throw op.emitOpError(
        "expects all the results from the MaskableOpInterface to match all the values returned by the terminator"
      )
    }
    if op.results.types != inner.results.types {
      throw op.emitOpError("expects result type to match maskable operation result type")
    }
    if let expected = maskType(of: inner), expected != op.operand(0).type {
      throw op.emitOpError("expects a '\(expected)' mask for the maskable operation")
    }
    guard op.operandCount > 1 else { return }
    if op.resultCount != 1 || op.operand(1).type != op.result().type {
      throw op.emitOpError(
        "expects passthru type to match result type")
    }
  }

  /// The type of the mask of a maskable operation, where it follows from one operand.
  private static func maskType(of op: Operation) -> Type? {
    let source: Type
    if op.is(transferRead) || op.is(transferWrite) {
      source = op.is(transferRead) ? op.result().type : op.operand(0).type
      guard let map = op.attribute("permutation_map")?.affineMap else { return nil }
      return inferredMask(map, source)
    }
    if op.is(reduction) || op.is(multiReduction) {
      source = op.operand(0).type
    } else if op.is(gather) || op.is(outerproduct) {
      source = op.result().type
    } else {
      return nil
    }
    return source.isVector ? source.cloned(elementType: op.context.i1) : nil
  }

  static func verifyScan(_ op: Operation) throws(Reported) {
    let (source, initial) = (op.operand(0).type, op.operand(1).type)
    let dimension = Int(op.attribute("reduction_dim")?.integerValue ?? 0)
    if dimension >= source.rank {
      throw op.emitOpError("reduction dimension \(dimension) has to be less than \(source.rank)")
    }
    if initial.rank != source.rank - 1 {
      throw op.emitOpError(
        "initial value rank \(initial.rank) has to be equal to \(source.rank - 1)")
    }
    var kept = source.shape
    if kept.indices.contains(dimension) { kept.remove(at: dimension) }
    if kept != initial.shape { throw op.emitOpError("incompatible input/initial value shapes") }
    try verifyKind(op, initial.elementType)
  }

  static func verifyDeinterleave(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result(0).type)
    let size = source.shape.last ?? 0
    if size % 2 != 0 {
      throw op.emitOpError(
        "failed to verify that the trailing dimension of the source vector has an even number of elements"
      )
    }
    if result.shape.last != size / 2 {
      throw op.emitOpError(
        "failed to verify that the trailing dimension of the results is half the width of source trailing dimension"
      )
    }
  }

  /// Checks scalable dimensions of a slice against those of the vector it is of; `lead` dimensions of that
  /// have no counterpart.
  static func verifyScalableSlice(_ op: Operation, _ slice: Type, _ whole: Type, lead: Int)
    throws(Reported)
  {
    for i in 0..<min(slice.rank, 63) where i + lead < min(whole.rank, 63) {
      let isScalable = slice.scalableMask >> UInt64(i) & 1 == 1
      if isScalable != (whole.scalableMask >> UInt64(i + lead) & 1 == 1) {
        throw op.emitOpError("mismatching scalable flags (at source vector idx=\(i))")
      }
      if isScalable, slice.dimension(i) != whole.dimension(i + lead) {
        throw op.emitOpError(
          "expected size at idx=\(i) to match the corresponding base size from the input vector (\(slice.dimension(i)) vs \(whole.dimension(i + lead)))"
        )
      }
    }
  }

  static func verifyPrint(_ op: Operation) throws(Reported) {
    guard op.hasAttribute("stringLiteral") else { return }
    if op.operandCount > 0 || op.attribute("punctuation")?.enumValue != 1 {
      throw op.emitOpError(
        "failed to verify that `source` or `punctuation` are not set when printing strings")
    }
  }
}
