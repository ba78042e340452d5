import MartletIR

/// A view of a constant whose elements fit 64 bits: a scalar integer or float attribute, a splat, or
/// dense elements. Folders read operands through it.
public struct ConstantElements {
  /// The attribute's type: scalar or shaped.
  public let type: Type
  private let scalar: UInt64
  private let dense: DenseElements?

  /// Nil where the attribute is something else or its elements are wider than 64 bits.
  public init?(_ attribute: Attribute?) {
    guard let attribute, let type = attribute.type else { return nil }
    let element = type.elementType
    guard element.isIntOrIndex || element.isFloat, (element.bitWidth ?? 65) <= 64 else {
      return nil
    }
    self.type = type
    switch attribute.kind {
    case .integer:
      scalar = UInt64(bitPattern: attribute.integerValue ?? 0)
      dense = nil
    case .float:
      scalar = attribute.floatBits.first ?? 0
      dense = nil
    case .denseElements:
      guard let elements = attribute.denseElements, type.isShaped else { return nil }
      scalar = 0
      dense = elements
    default: return nil
    }
  }

  /// Whether all elements are the same: a scalar or a splat.
  public var isUniform: Bool { dense?.isSplat ?? true }

  /// Element `i`: a sign-extended integer or the float's bits.
  public func bits(_ i: Int) -> UInt64 {
    guard let dense else { return scalar }
    return type.elementType.isFloat ? dense.bits(i) : UInt64(bitPattern: dense.integer(i))
  }

  public func integer(_ i: Int) -> Int64 { Int64(bitPattern: bits(i)) }

  public func double(_ i: Int) -> Double? {
    type.elementType.floatKind.flatMap { FloatFormat.decode(bits(i), $0) }
  }
}

/// Folding of elementwise operations on constants.
public enum ElementwiseFolding {
  /// The constant of `type` whose element i is `element(i)` (a sign-extended integer or float bits); one
  /// element is asked for where all operands are uniform. Nil where an element is nil, or the shape
  /// is not static.
  public static func map(
    _ operands: [ConstantElements], to type: Type, _ element: (Int) -> UInt64?
  ) -> Attribute? {
    let scalarType = type.elementType
    guard scalarType.isIntOrIndex || scalarType.isFloat, (scalarType.bitWidth ?? 65) <= 64 else {
      return nil
    }
    if operands.allSatisfy(\.isUniform) {
      guard let bits = element(0) else { return nil }
      return constant(type, bits: bits)
    }
    guard type.isShaped, let count = type.elementCount else { return nil }
    let size = DenseElements.elementSize(scalarType)
    let mask: UInt64 = scalarType.isInteger(1) ? 1 : .max
    var bytes = [UInt8](repeating: 0, count: count * size)
    for i in 0..<count {
      guard let bits = element(i) else { return nil }
      for byte in 0..<size {
        bytes[i * size + byte] = UInt8(truncatingIfNeeded: (bits & mask) >> UInt64(8 * byte))
      }
    }
    return bytes.withUnsafeBytes { type.context.dense(type, bytes: $0) }
  }

  /// The scalar or splat constant of `type`; nil where a shape is not static.
  public static func constant(_ type: Type, bits: UInt64) -> Attribute? {
    let context = type.context
    let element = type.elementType
    guard (element.bitWidth ?? 65) <= 64 else { return nil }
    let scalar: Attribute
    if element.isFloat {
      scalar = context.floatAttribute(bits: [bits], element)
    } else if element.isIntOrIndex {
      scalar = context.integerAttribute(Int64(bitPattern: bits), element)
    } else {
      return nil
    }
    if !type.isShaped { return scalar }
    guard !type.isMemRef, type.hasStaticShape, type.scalableMask == 0 else { return nil }
    return context.splat(type, scalar)
  }

  /// The integer constant of `type`, every element `value`.
  public static func constant(_ type: Type, integer value: Int64) -> Attribute? {
    constant(type, bits: UInt64(bitPattern: value))
  }

  /// The float constant of `type`, every element `value` rounded to the format.
  public static func constant(_ type: Type, float value: Double) -> Attribute? {
    guard let kind = type.elementType.floatKind, kind.width <= 64 else { return nil }
    return constant(type, bits: FloatFormat.encode(value, kind)[0])
  }

  /// The value all elements of an integer constant have.
  public static func uniformInteger(_ value: Value) -> Int64? {
    guard let constant = value.constant else { return nil }
    // By far most constants are scalars, which need no view.
    if let scalar = constant.integerValue { return scalar }
    guard let elements = ConstantElements(constant), elements.isUniform,
      elements.type.elementType.isIntOrIndex
    else { return nil }
    return elements.integer(0)
  }

  /// The value all elements of a float constant have.
  public static func uniformFloat(_ value: Value) -> Double? {
    guard let elements = ConstantElements(value.constant), elements.isUniform else { return nil }
    return elements.double(0)
  }

  /// Folds integer operands; `combine` gets sign-extended values and the operands' width in bits and returns
  /// nil where the result is undefined (then nothing folds).
  public static func integers(
    _ operation: Operation, to type: Type, _ combine: (Int64, Int64, Int) -> Int64?
  ) -> Attribute? {
    guard let first = operation.operand(0).constant, let second = operation.operand(1).constant
    else { return nil }
    if let x = first.integerValue, let y = second.integerValue,
      let width = first.typeWord(0).bitWidth, type.isIntOrIndex
    {
      return combine(x, y, width).map { type.context.integerAttribute($0, type) }
    }
    guard let a = ConstantElements(first), let b = ConstantElements(second),
      let width = a.type.elementType.bitWidth, !a.type.elementType.isFloat
    else { return nil }
    return map([a, b], to: type) { i in
      combine(a.integer(i), b.integer(i), width).map { UInt64(bitPattern: $0) }
    }
  }

  /// Folds one integer operand.
  public static func integer(
    _ operation: Operation, to type: Type, _ apply: (Int64, Int) -> Int64?
  ) -> Attribute? {
    guard let a = ConstantElements(operation.operand(0).constant),
      let width = a.type.elementType.bitWidth, !a.type.elementType.isFloat
    else { return nil }
    return map([a], to: type) { i in
      apply(a.integer(i), width).map { UInt64(bitPattern: $0) }
    }
  }

  /// Folds float operands. A double holds sums, products and quotients of formats up to f32 with enough
  /// bits that rounding its result again gives the correctly rounded one (53 >= 2 * 24 + 2).
  public static func floats(
    _ operation: Operation, _ combine: (Double, Double) -> Double?
  ) -> Attribute? {
    let type = operation.result().type
    guard let a = ConstantElements(operation.operand(0).constant),
      let b = ConstantElements(operation.operand(1).constant),
      let kind = type.elementType.floatKind, a.type.elementType.isFloat
    else { return nil }
    return map([a, b], to: type) { i in
      guard let x = a.double(i), let y = b.double(i), let value = combine(x, y) else { return nil }
      if value.isNaN {
        // A NaN operand is passed on; one that arises is the positive quiet one on any machine.
        return x.isNaN ? a.bits(i) : y.isNaN ? b.bits(i) : FloatFormat.encode(.nan, kind)[0]
      }
      return FloatFormat.encode(value, kind)[0]
    }
  }
}

/// Integer helpers at a given width.
enum IntegerMath {
  /// `value` with its low `width` bits zero-extended.
  static func unsigned(_ value: Int64, _ width: Int) -> UInt64 {
    let bits = UInt64(bitPattern: value)
    return width >= 64 ? bits : bits & ((UInt64(1) << UInt64(max(width, 0))) - 1)
  }

  static func signed(_ bits: UInt64, _ width: Int) -> Int64 {
    if width >= 64 { return Int64(bitPattern: bits) }
    if width <= 0 { return 0 }
    let shift = Int64(64 - width)
    return (Int64(bitPattern: bits) << shift) >> shift
  }

  static func smallest(_ width: Int) -> Int64 {
    width >= 64 ? .min : width <= 0 ? 0 : -(Int64(1) << Int64(width - 1))
  }

  static func largest(_ width: Int) -> Int64 { ~smallest(width) }

  /// Whether the signed quotient is defined: no division by zero, no overflow.
  static func canDivide(_ a: Int64, _ b: Int64, _ width: Int) -> Bool {
    b != 0 && !(b == -1 && a == smallest(width))
  }

  static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient
  }

  static func ceilDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder != 0 && (remainder < 0) == (b < 0) ? quotient + 1 : quotient
  }
}
