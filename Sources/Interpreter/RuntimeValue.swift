import MartletIR
import MartletSupport

/// A value of a running program.
public enum RuntimeValue {
  /// An integer of up to 64 bits, sign-extended from its width (i1 `true` is -1), or an index.
  case integer(Int64)
  case float(FloatValue)
  case vector(ArrayValue)
  case tensor(ArrayValue)
  case memref(MemRefValue)
  case sparse(SparseTensorValue)
  /// A reference to a function, by symbol name.
  case function(String)
  case tuple([RuntimeValue])
  /// A value of another dialect's type.
  case object(AnyObject)
  case none

  public static func f32(_ value: Float) -> RuntimeValue {
    .float(FloatValue(kind: .f32, bits: UInt128(value.bitPattern)))
  }
  public static func f64(_ value: Double) -> RuntimeValue {
    .float(FloatValue(kind: .f64, bits: UInt128(value.bitPattern)))
  }
  /// `value` rounded to `kind`.
  public static func float(_ value: Double, _ kind: FloatKind) -> RuntimeValue {
    .float(FloatValue(kind: kind, register: FloatCoding.encode(value, kind)))
  }
  public static func index(_ value: Int) -> RuntimeValue { .integer(Int64(value)) }
  public static func bool(_ value: Bool) -> RuntimeValue { .integer(value ? -1 : 0) }

  /// The register form of a scalar.
  public var scalarBits: UInt64? {
    switch self {
    case .integer(let value): UInt64(bitPattern: value)
    case .float(let value): value.register
    default: nil
    }
  }

  /// The scalar whose register form is `bits`.
  public init(bits: UInt64, format: ElementFormat) {
    switch format {
    case .float(let kind): self = .float(FloatValue(kind: kind, register: bits))
    default: self = .integer(Int64(bitPattern: bits))
    }
  }

  /// The array of a vector or dense tensor.
  public var array: ArrayValue? {
    switch self {
    case .vector(let array), .tensor(let array): array
    default: nil
    }
  }
  public var memref: MemRefValue? {
    if case .memref(let value) = self { return value }
    return nil
  }
  public var integer: Int64? {
    if case .integer(let value) = self { return value }
    return nil
  }
  public var double: Double? {
    if case .float(let value) = self { return value.double }
    return nil
  }

  /// What kind of value this is, for messages.
  public var kindName: String {
    switch self {
    case .integer: "integer"
    case .float: "float"
    case .vector: "vector"
    case .tensor: "tensor"
    case .memref: "memref"
    case .sparse: "sparse tensor"
    case .function: "function"
    case .tuple: "tuple"
    case .object: "object"
    case .none: "none"
    }
  }
}

/// A float in the bits of its own format.
public struct FloatValue: Hashable, Sendable {
  public var kind: FloatKind
  public var bits: UInt128

  public init(kind: FloatKind, bits: UInt128) {
    self.kind = kind
    self.bits = bits
  }

  /// The value a register holds.
  init(kind: FloatKind, register: UInt64) {
    let bits = kind.isWide ? WideRegisters.current.bits(register) : UInt128(register)
    self.init(kind: kind, bits: bits)
  }

  /// The register form.
  var register: UInt64 {
    kind.isWide
      ? WideRegisters.current.register(bits) : UInt64(truncatingIfNeeded: bits)
  }

  /// The value, exact for every format of up to 64 bits and the nearest double of the wider ones.
  public var double: Double { FloatCoding.decode(register, kind) }
}

/// A dense array with value semantics: the elements of a tensor or vector, in row-major order.
public struct ArrayValue {
  public let shape: [Int]
  /// Shared until written; see `mutate`.
  public private(set) var storage: ArrayStorage

  /// - Precondition: `storage` has exactly the shape's number of elements.
  public init(shape: [Int], storage: ArrayStorage) {
    precondition(Shape.count(shape) == storage.count, "shape and storage disagree")
    self.shape = shape
    self.storage = storage
  }

  /// An array of zeros.
  public init(_ format: ElementFormat, shape: [Int], limit: Int = .max)
    throws(ArrayStorage.AllocationFailure)
  {
    guard let count = Shape.count(shape) else { throw .sizeOverflows }
    self.shape = shape
    storage = try ArrayStorage(format, count: count, limit: limit)
  }

  /// An array of numbers, each rounded to the format.
  public init(_ format: ElementFormat, shape: [Int], _ values: [Double]) {
    precondition(Shape.count(shape) == values.count, "shape and values disagree")
    guard let made = try? ArrayValue(format, shape: shape) else {
      preconditionFailure("no memory for literal values")
    }
    self = made
    for (i, value) in values.enumerated() { storage[i] = format.encode(value) }
  }

  /// An array of integers, each reduced to the format's width.
  public init(_ format: ElementFormat, shape: [Int], integers: [Int]) {
    precondition(Shape.count(shape) == integers.count, "shape and values disagree")
    guard let made = try? ArrayValue(format, shape: shape) else {
      preconditionFailure("no memory for literal values")
    }
    self = made
    for (i, value) in integers.enumerated() {
      storage[i] = format.canonical(UInt64(bitPattern: Int64(value)))
    }
  }

  public var format: ElementFormat { storage.format }
  public var count: Int { storage.count }
  public var rank: Int { shape.count }

  /// All elements as numbers.
  public var doubles: [Double] { (0..<count).map { storage.double($0) } }
  /// All elements of an integer array.
  public var integers: [Int] { (0..<count).map { Int(Int64(bitPattern: storage[$0])) } }

  /// The same elements in another shape of as many elements.
  public func reshaped(_ shape: [Int]) -> ArrayValue { ArrayValue(shape: shape, storage: storage) }

  /// Makes the storage this value's own, copying it where it is shared.
  mutating func makeUnique() throws(ArrayStorage.AllocationFailure) {
    if isKnownUniquelyReferenced(&storage), !storage.isView { return }
    storage = try storage.copy()
  }
}

/// A reference to memory: a buffer seen through an offset, sizes and strides, all in elements.
public struct MemRefValue {
  public let storage: ArrayStorage
  public let offset: Int
  public let sizes: [Int]
  public let strides: [Int]

  public init(storage: ArrayStorage, offset: Int, sizes: [Int], strides: [Int]) {
    self.storage = storage
    self.offset = offset
    self.sizes = sizes
    self.strides = strides
  }

  /// All of a buffer, in row-major order.
  public init(_ storage: ArrayStorage, shape: [Int]) {
    self.init(storage: storage, offset: 0, sizes: shape, strides: Shape.strides(shape))
  }

  public var format: ElementFormat { storage.format }

  /// Whether every element lies inside the buffer.
  var isInBounds: Bool {
    if sizes.contains(0) { return true }
    var low = offset
    var high = offset
    for (size, stride) in zip(sizes, strides) {
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      if overflow || size < 0 { return false }
      let (sum, carried) = (reach < 0 ? low : high).addingReportingOverflow(reach)
      if carried { return false }
      if reach < 0 { low = sum } else { high = sum }
    }
    return low >= 0 && high < storage.count
  }

  /// A copy of the elements as a dense array.
  public func dense() throws(ArrayStorage.AllocationFailure) -> ArrayValue {
    let result = try ArrayValue(format, shape: sizes)
    var target = 0
    Shape.forEachOffset(sizes, [(offset, strides)]) { offsets in
      result.storage[target] = storage[offsets[0]]
      target += 1
    }
    return result
  }
}

/// Arithmetic on shapes.
enum Shape {
  /// The number of elements; nil where it overflows or a size is negative.
  static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      if size < 0 { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// Row-major strides in elements.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for i in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[i] = strides[i + 1] &* max(shape[i + 1], 1)
    }
    return strides
  }

  /// Calls `body` for each point of a box in row-major order with the linear offset it has in each
  /// of several strided arrays.
  static func forEachOffset<E: Error>(
    _ sizes: [Int], _ arrays: [(offset: Int, strides: [Int])],
    _ body: ([Int]) throws(E) -> Void
  ) throws(E) {
    if sizes.contains(where: { $0 <= 0 }) { return }
    var point = [Int](repeating: 0, count: sizes.count)
    var offsets = arrays.map(\.offset)
    while true {
      try body(offsets)
      var d = sizes.count - 1
      while d >= 0 {
        point[d] += 1
        for k in offsets.indices { offsets[k] &+= arrays[k].strides[d] }
        if point[d] < sizes[d] { break }
        for k in offsets.indices { offsets[k] &-= arrays[k].strides[d] &* sizes[d] }
        point[d] = 0
        d -= 1
      }
      if d < 0 { return }
    }
  }

  static func text(_ shape: [Int]) -> String {
    shape.map { $0 == Type.dynamic ? "?" : String($0) }.joined(separator: "x")
  }
}
