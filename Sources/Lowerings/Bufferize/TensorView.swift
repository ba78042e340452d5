import MartletDialects
import MartletIR

/// Operations on tensors whose result is the operand's elements under another type.
enum TensorView {
  static func isView(_ operation: Operation) -> Bool {
    operation.is(TensorDialect.extractSlice) || operation.is(TensorDialect.collapseShape)
      || operation.is(TensorDialect.expandShape) || operation.is(TensorDialect.cast)
  }

  /// The operand of a destination-style operation that becomes its result `i`; nil for others.
  static func destination(_ operation: Operation, _ result: Int) -> Int? {
    if let view = LinalgOp(operation) { return view.inputCount + result }
    if operation.is(TensorDialect.insert) || operation.is(TensorDialect.insertSlice) { return 1 }
    guard operation.has(.destinationStyle), operation.name.dialectName == "linalg" else {
      return nil
    }
    return operation.operandCount - operation.resultCount + result
  }
}

extension Type {
  /// The row-major memref type of a tensor type.
  var wholeMemRef: Type { context.memRef(shape, elementType) }

  /// Bytes an element takes in memory; nil for types that have no such size.
  public var storageByteCount: Int? {
    switch kind {
    case .index: return 8
    case .integer, .float:
      guard let width = bitWidth, width > 0 else { return nil }
      return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : (width + 63) / 64 * 8
    case .complex: return elementType.storageByteCount.map { $0 * 2 }
    case .vector:
      guard let count = elementCount, let size = elementType.storageByteCount else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      return overflow ? nil : product
    case .memRef, .rankedTensor:
      guard let count = elementCount, let size = elementType.storageByteCount else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      return overflow ? nil : product
    default: return nil
    }
  }
}
