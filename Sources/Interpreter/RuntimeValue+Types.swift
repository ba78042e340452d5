import MartletIR

extension RuntimeValue {
  /// Why this is not a value of `type`; nil where it is one.
  func mismatch(_ type: Type) -> String? {
    switch self {
    case .integer(let value):
      guard let format = ElementFormat(type), !format.isFloat else { return "it is an integer" }
      return format.canonical(UInt64(bitPattern: value)) == UInt64(bitPattern: value)
        ? nil : "\(value) does not fit"
    case .float(let value): return type.floatKind == value.kind ? nil : "it is a \(value.kind)"
    case .vector(let array):
      return type.isVector
        ? RuntimeValue.mismatch(array.shape, array.format, type) : "it is a vector"
    case .tensor(let array):
      return type.isTensor
        ? RuntimeValue.mismatch(array.shape, array.format, type) : "it is a tensor"
    case .sparse(let array):
      return type.isTensor
        ? RuntimeValue.mismatch(array.shape, array.values.format, type) : "it is a sparse tensor"
    case .memref(let memref):
      return type.isMemRef
        ? RuntimeValue.mismatch(memref.sizes, memref.format, type) : "it is a memref"
    case .function: return type.isFunction ? nil : "it is a function"
    case .tuple(let elements):
      guard type.kind == .tuple, type.inputs.count == elements.count else { return "it is a tuple" }
      for (element, type) in zip(elements, type.inputs) {
        if let reason = element.mismatch(type) { return reason }
      }
      return nil
    case .object: return type.kind == nil ? nil : "it is an object"
    case .none: return type.kind == BuiltinTypeKind.none ? nil : "there is no value"
    }
  }

  private static func mismatch(_ shape: [Int], _ format: ElementFormat, _ type: Type) -> String? {
    if ElementFormat(type.elementType) != format { return "its elements are \(format)" }
    guard type.hasRank else { return nil }
    let matches =
      type.rank == shape.count
      && zip(type.shape, shape).allSatisfy { $0 == Type.dynamic || $0 == $1 }
    return matches ? nil : "its shape is \(shape.isEmpty ? "that of a scalar" : Shape.text(shape))"
  }
}
