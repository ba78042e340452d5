import MartletIR
import MartletSupport
import MartletSyntax

extension LLVM {
  /// Checks that the value of an `llvm.mlir.constant` fits its type.
  static func verifyConstant(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    guard let value = operation.attribute("value") else { return }
    if value.kind == .string {
      let count = value.stringIdentifier?.bytes.count ?? 0
      guard let (element, length) = type.llvmArray, element.isInteger(8), count == length else {
        throw operation.emitOpError(
          "expected array type of \(count) i8 elements for the string constant")
      }
      return
    }
    if let structure = type.llvmStruct {
      try verifyStructure(operation, value, structure.elements ?? [])
      return
    }
    if type.is(targetType) {
      throw operation.emitOpError("does not support target extension type.")
    }
    switch value.kind {
    case .integer:
      if !type.isInteger { throw operation.emitOpError("expected integer type") }
    case .float:
      if let element = value.type { try verifyFloat(operation, element, type) }
    case .denseElements, .denseResource, .sparseElements, .denseString:
      try verifyElements(operation, value, type)
    case .array:
      guard let array = type.llvmArray else {
        throw operation.emitOpError("expected array or struct type for array attribute")
      }
      try verifyArray(operation, value, array, dimension: 0)
    default:
      throw operation.emitOpError(
        "only supports integer, float, string or elements attributes")
    }
  }

  private static func verifyStructure(
    _ operation: Operation, _ value: Attribute, _ types: [Type]
  ) throws(Reported) {
    guard let values = value.elements, values.count == types.count else {
      throw operation.emitOpError("expected array attribute of size \(types.count)")
    }
    for (i, (value, type)) in zip(values, types).enumerated() {
      if !type.isSignlessIntOrIndex, !type.isFloat {
        throw operation.emitOpError(
          "expected struct element types to be floating point type or integer type")
      }
      if value.kind != .integer, value.kind != .float {
        throw operation.emitOpError(
          "expected element of array attribute to be floating point or integer")
      }
      if value.type != type {
        throw operation.emitOpError("struct element at index \(i) is of wrong type")
      }
    }
  }

  /// A float may stand for an integer of as many bits: some formats are none of LLVM's.
  private static func verifyFloat(_ operation: Operation, _ element: Type, _ type: Type)
    throws(Reported)
  {
    if type.isFloat, type != element {
      throw operation.emitOpError("attribute and type have different float semantics")
    }
    if type.isInteger, type.bitWidth != element.bitWidth {
      throw operation.emitOpError("expected integer type of width \(element.bitWidth ?? 0)")
    }
  }

  private static func verifyElements(_ operation: Operation, _ value: Attribute, _ type: Type)
    throws(Reported)
  {
    if type.isVector, type.scalableMask != 0 {
      if !value.isSplat {
        throw operation.emitOpError("scalable vector type requires a splat attribute")
      }
      return
    }
    if !type.isVector, type.llvmArray == nil {
      throw operation.emitOpError("expected vector or array type")
    }
    var count = 1
    var element = type
    while let (inner, length) = element.llvmArray {
      count = count.multipliedReportingOverflow(by: length).partialValue
      element = inner
    }
    if element.isVector {
      count = count.multipliedReportingOverflow(by: element.elementCount ?? 0).partialValue
      element = element.elementType
    }
    guard let elements = value.type else { return }
    let found = elements.elementCount ?? 0
    if found != count {
      throw operation.emitOpError(
        "type and attribute have a different number of elements: \(count) vs. \(found)")
    }
    if elements.elementType.isFloat {
      try verifyFloat(operation, elements.elementType, element)
    } else if elements.elementType.isInteger, !element.isInteger {
      throw operation.emitOpError(
        "expected integer element type for integer elements attribute")
    }
  }

  private static func verifyArray(
    _ operation: Operation, _ value: Attribute, _ type: (element: Type, count: Int), dimension: Int
  ) throws(Reported) {
    let values = value.elements ?? []
    if values.count != type.count {
      throw operation.emitOpError(
        "array attribute size does not match array type size in dimension \(dimension): \(values.count) vs. \(type.count)"
      )
    }
    let isPlain = { (value: Attribute) in value.is(zero) || value.is(undef) }
    if let inner = type.element.llvmArray {
      for (i, value) in values.enumerated() where !isPlain(value) {
        guard value.kind == .array, dimension < 64 else {
          throw operation.emitOpError(
            "nested attribute for sub-array in dimension \(dimension) at index \(i) must be a zero, or undef, or array attribute"
          )
        }
        try verifyArray(operation, value, inner, dimension: dimension + 1)
      }
      return
    }
    guard let structure = type.element.llvmStruct else {
      throw operation.emitOpError(
        "for array with an array attribute must have a struct element type")
    }
    let size = structure.elements?.count ?? 0
    for (i, value) in values.enumerated() where !isPlain(value) {
      guard let parts = value.elements else {
        throw operation.emitOpError(
          "nested attribute for struct element at index \(i) must be a zero, or undef, or array attribute"
        )
      }
      if parts.count != size {
        throw operation.emitOpError(
          "nested array attribute size for struct element at index \(i) must match struct size: \(parts.count) vs. \(size)"
        )
      }
    }
  }
}
