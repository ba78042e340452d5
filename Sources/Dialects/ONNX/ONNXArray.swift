import MartletIR

/// A tensor's value in the reference semantics: plain arrays, row-major. Floats are held as doubles that
/// are rounded to the element type after each operator, integers and bools (0 or 1) in 64 bits.
public struct ONNXArray {
  public let element: Type
  public let shape: [Int]
  /// Empty for floats.
  public private(set) var ints: [Int64]
  /// Empty for integers.
  public private(set) var floats: [Double]

  public var isFloat: Bool { element.isFloat }
  public var count: Int { isFloat ? floats.count : ints.count }
  public var context: Context { element.context }

  /// Integers are wrapped to the element type's width.
  public init(_ element: Type, _ shape: [Int], ints: [Int64]) {
    self.element = element
    self.shape = shape
    self.ints = ints.map { ONNXArray.wrap($0, element) }
    floats = []
  }

  /// Floats are rounded to the element type.
  public init(_ element: Type, _ shape: [Int], floats: [Double]) {
    self.element = element
    self.shape = shape
    ints = []
    let kind = element.floatKind ?? .f64
    switch kind {
    case .f64: self.floats = floats
    case .f32: self.floats = floats.map { Double(Float($0)) }
    default:
      self.floats = floats.map { FloatFormat.decode(FloatFormat.encode($0, kind)[0], kind) ?? 0 }
    }
  }

  /// The values of an elements attribute; nil where its bytes are not at hand or its elements are not
  /// integers or floats of up to 64 bits.
  public init?(_ attribute: Attribute) {
    guard let dense = attribute.denseElements, let width = dense.type.elementType.bitWidth,
      width <= 64, dense.type.hasStaticShape, dense.type.elementCount != nil
    else { return nil }
    let element = dense.type.elementType
    self.element = element
    shape = dense.type.shape
    ints = []
    floats = []
    if element.isFloat(.f32), !dense.isSplat {
      floats = (0..<dense.count).map {
        Double(dense.bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self))
      }
    } else if element.isFloat {
      floats = (0..<dense.count).map { dense.double($0) ?? 0 }
    } else {
      ints = (0..<dense.count).map { ONNXArray.wrap(dense.integer($0), element) }
    }
  }

  /// As a `dense` attribute.
  public var attribute: Attribute {
    let type = context.tensor(shape, element)
    return isFloat
      ? context.dense(type, floats: floats) : context.dense(type, integers: ints.map { Int($0) })
  }

  public var integers: [Int]? { isFloat ? nil : ints.map { Int($0) } }

  /// Element `i` as a double, whatever its type.
  public func double(_ i: Int) -> Double {
    if isFloat { return floats[i] }
    return element.signedness == .unsigned
      ? Double(UInt64(bitPattern: ints[i])) : Double(ints[i])
  }

  static func wrap(_ value: Int64, _ element: Type) -> Int64 {
    guard let width = element.bitWidth, width < 64 else { return value }
    if width == 1 { return value & 1 }
    let shift = Int64(64 - width)
    if element.signedness == .unsigned {
      return Int64(bitPattern: (UInt64(bitPattern: value) << UInt64(shift)) >> UInt64(shift))
    }
    return (value << shift) >> shift
  }

  // MARK: Moving elements

  /// The same elements in another shape of as many.
  public func reshaped(_ shape: [Int]) -> ONNXArray { selecting(shape, nil) }

  /// The array whose element `i` is element `source[i]` of this one, or `fill` where that is negative.
  public func selecting(_ shape: [Int], _ source: [Int]?, fill: Double = 0) -> ONNXArray {
    guard let source else {
      return isFloat
        ? ONNXArray(element, shape, floats: floats) : ONNXArray(element, shape, ints: ints)
    }
    if isFloat {
      return ONNXArray(element, shape, floats: source.map { $0 < 0 ? fill : floats[$0] })
    }
    let filling = ONNXArray.saturated(fill)
    return ONNXArray(element, shape, ints: source.map { $0 < 0 ? filling : ints[$0] })
  }

  /// A double as an integer: truncated, NaN as 0, and held to the range of 64 bits.
  static func saturated(_ value: Double) -> Int64 {
    if value.isNaN { return 0 }
    if value >= 0x1p63 { return .max }
    if value <= -0x1p63 { return .min }
    return Int64(value)
  }

  /// An array filled with one value.
  public static func filled(_ element: Type, _ shape: [Int], _ value: Double) throws -> ONNXArray {
    let count = try elementCount(shape)
    return element.isFloat
      ? ONNXArray(element, shape, floats: Array(repeating: value, count: count))
      : ONNXArray(element, shape, ints: Array(repeating: saturated(value), count: count))
  }

  /// For each element of the broadcast `shape`, the element of this array it is.
  func broadcastIndices(to shape: [Int]) throws -> [Int] {
    let padded = Array(repeating: 1, count: shape.count - self.shape.count) + self.shape
    let steps = zip(padded, rowMajorStrides(padded)).map { $0 == 1 ? 0 : $1 }
    return try stridedIndices(shape, steps: steps)
  }

  public func broadcast(to shape: [Int]) throws -> ONNXArray {
    if shape == self.shape { return self }
    return selecting(shape, try broadcastIndices(to: shape))
  }

  public func transposed(_ permutation: [Int]) throws -> ONNXArray {
    let strides = rowMajorStrides(shape)
    let result = permutation.map { shape[$0] }
    return selecting(result, try stridedIndices(result, steps: permutation.map { strides[$0] }))
  }
}

/// Row-major strides, in elements.
public func rowMajorStrides(_ shape: [Int]) -> [Int] {
  var strides = Array(repeating: 1, count: shape.count)
  for i in strides.indices.dropLast().reversed() { strides[i] = strides[i + 1] &* shape[i + 1] }
  return strides
}

/// For each point of `shape` in row-major order, `start` plus the dot product with `steps`.
func stridedIndices(_ shape: [Int], steps: [Int], start: Int = 0) throws -> [Int] {
  let count = try elementCount(shape)
  var result: [Int] = []
  result.reserveCapacity(count)
  if count == 0 { return result }
  var point = Array(repeating: 0, count: shape.count)
  var offset = start
  while true {
    result.append(offset)
    var axis = shape.count - 1
    while axis >= 0 {
      point[axis] += 1
      offset += steps[axis]
      if point[axis] < shape[axis] { break }
      offset -= steps[axis] * shape[axis]
      point[axis] = 0
      axis -= 1
    }
    if axis < 0 { return result }
  }
}

/// Visits the points of `shape` in row-major order.
func forEachPoint(_ shape: [Int], _ body: ([Int]) throws -> Void) rethrows {
  if shape.contains(0) { return }
  var point = Array(repeating: 0, count: shape.count)
  while true {
    try body(point)
    var axis = shape.count - 1
    while axis >= 0 {
      point[axis] += 1
      if point[axis] < shape[axis] { break }
      point[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}
