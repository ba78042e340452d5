import Glibc
import MartletSupport

/// A dense tensor in memory: element type, shape, and elements in row-major order without gaps.
///
/// A tensor that owns its memory is a value: copies share the memory until one of them is written.
/// A tensor that views the caller's memory writes through to it, unless the view is read-only, in
/// which case writing copies first.
public struct Tensor: Sendable {
  public let elementType: ElementType
  /// The extents, outermost first; empty for a scalar.
  public let shape: [Int]
  @usableFromInline private(set) var storage: TensorStorage

  /// Elements in the tensor: the product of the extents.
  public let elementCount: Int

  /// Bytes the elements take.
  public var byteCount: Int { elementCount * elementType.byteSize }

  // MARK: Making

  /// A tensor of zeros in memory of its own, aligned to 64 bytes.
  /// - Throws: a diagnostic where an extent is negative, or the size overflows or cannot be had.
  public init(zeros elementType: ElementType, shape: [Int]) throws(Diagnostic) {
    let (count, bytes) = try Self.size(elementType, shape)
    self.elementType = elementType
    self.shape = shape
    elementCount = count
    storage = try TensorStorage(byteCount: bytes)
  }

  /// A tensor with `elements`, in row-major order.
  /// - Throws: a diagnostic where their number is not that of the shape.
  public init<Element: TensorElement>(_ elements: [Element], shape: [Int]) throws(Diagnostic) {
    try self.init(zeros: Element.elementType, shape: shape)
    guard elements.count == elementCount else {
      throw Diagnostic(
        .error, "\(elements.count) elements for a tensor of shape \(Self.text(shape))")
    }
    let target = storage.base
    elements.withUnsafeBytes { source in
      if let start = source.baseAddress { target.copyMemory(from: start, byteCount: source.count) }
    }
  }

  /// A vector of `elements`.
  public init<Element: TensorElement>(_ elements: [Element]) throws(Diagnostic) {
    try self.init(elements, shape: [elements.count])
  }

  /// A view of memory that is kept alive by `owner` and may be written through the tensor.
  /// - Parameter owner: kept for the life of the tensor and its copies. With nil, the caller answers
  ///   for the memory outliving them.
  /// - Throws: a diagnostic where the memory is too small or not aligned for its elements.
  public init(
    viewing bytes: UnsafeMutableRawBufferPointer, elementType: ElementType, shape: [Int],
    owner: AnyObject?
  ) throws(Diagnostic) {
    try self.init(
      bytes.baseAddress, bytes.count, elementType, shape, owner: owner, isWritable: true)
  }

  /// A read-only view of memory that is kept alive by `owner`; writing the tensor copies first.
  /// - Throws: a diagnostic where the memory is too small or not aligned for its elements.
  public init(
    viewing bytes: UnsafeRawBufferPointer, elementType: ElementType, shape: [Int],
    owner: AnyObject?
  ) throws(Diagnostic) {
    let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    try self.init(start, bytes.count, elementType, shape, owner: owner, isWritable: false)
  }

  private init(
    _ start: UnsafeMutableRawPointer?, _ available: Int, _ elementType: ElementType,
    _ shape: [Int], owner: AnyObject?, isWritable: Bool
  ) throws(Diagnostic) {
    let (count, bytes) = try Self.size(elementType, shape)
    guard bytes <= available else {
      throw Diagnostic(
        .error,
        "a tensor \(Self.text(shape)) of \(elementType.name) takes \(bytes) bytes, but the memory "
          + "has \(available)")
    }
    self.elementType = elementType
    self.shape = shape
    elementCount = count
    guard bytes > 0, let start else {
      storage = try TensorStorage(byteCount: 0)
      return
    }
    guard Int(bitPattern: start) % elementType.byteSize == 0 else {
      throw Diagnostic(.error, "memory is not aligned for elements of type \(elementType.name)")
    }
    storage = TensorStorage(viewing: start, byteCount: bytes, owner: owner, isWritable: isWritable)
  }

  /// The number of elements and of bytes of a tensor.
  /// - Throws: a diagnostic where an extent is negative or a number does not fit.
  public static func size(
    _ elementType: ElementType, _ shape: [Int]
  ) throws(Diagnostic) -> (elements: Int, bytes: Int) {
    var count = 1
    var overflow = false
    for extent in shape {
      guard extent >= 0 else {
        throw Diagnostic(.error, "a tensor cannot have shape \(text(shape))")
      }
      let (product, over) = count.multipliedReportingOverflow(by: extent)
      overflow = overflow || over
      count = product
    }
    // An extent of zero makes the tensor empty, whatever the others come to.
    if shape.contains(0) { return (0, 0) }
    let (bytes, over) = count.multipliedReportingOverflow(by: elementType.byteSize)
    guard !overflow, !over else {
      throw Diagnostic(
        .error, "a tensor \(text(shape)) of \(elementType.name) is too large for memory")
    }
    return (count, bytes)
  }

  static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }

  /// `3x4xf32`
  public var typeText: String {
    (shape.map(String.init) + [elementType.name]).joined(separator: "x")
  }

  // MARK: Access

  /// The elements' bytes, in row-major order.
  public func withUnsafeBytes<Result, Failure>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(storage) { () throws(Failure) in
      try body(UnsafeRawBufferPointer(start: storage.base, count: byteCount))
    }
  }

  /// The elements' bytes, to be written. Memory shared with a copy is copied first.
  public mutating func withUnsafeMutableBytes<Result, Failure>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = makeWritable()
    return try withExtendedLifetime(storage) { () throws(Failure) in
      try body(UnsafeMutableRawBufferPointer(start: start, count: byteCount))
    }
  }

  /// A copy of the elements, or nil where they are not of the Swift type.
  public func elements<Element: TensorElement>(as type: Element.Type) -> [Element]? {
    guard Element.elementType == elementType else { return nil }
    // Bytes other than 0 and 1 would not be sound values of `Bool`.
    if elementType == .i1 { return withUnsafeBytes { $0.map { $0 != 0 } } as? [Element] }
    return withUnsafeBytes { Array($0.bindMemory(to: Element.self)) }
  }

  /// Where the elements start, for reading; valid while a copy of the tensor lives.
  var address: UnsafeMutableRawPointer { storage.base }

  /// Where the elements start, for writing: in memory that no other tensor shares, or in the
  /// memory the tensor views.
  mutating func makeWritable() -> UnsafeMutableRawPointer {
    if storage.isView ? !storage.isWritable : !isKnownUniquelyReferenced(&storage) {
      storage = TensorStorage(copying: storage)
    }
    return storage.base
  }
}

/// The memory of a tensor: allocated, or the caller's.
@usableFromInline final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  let isView: Bool
  let isWritable: Bool
  private let isMapped: Bool
  private let owner: AnyObject?

  /// Rows and vectors start at a cache line.
  static let alignment = 64

  /// Memory of zeros.
  init(byteCount: Int) throws(Diagnostic) {
    guard let (memory, mapped) = Self.allocate(byteCount) else {
      throw Diagnostic(
        .error,
        "cannot have \(byteCount) bytes of memory for a tensor: the machine has "
          + "\(Self.physicalMemory)")
    }
    base = memory
    isMapped = mapped
    self.byteCount = byteCount
    isView = false
    isWritable = true
    owner = nil
  }

  init(
    viewing start: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject?, isWritable: Bool
  ) {
    base = start
    isMapped = false
    self.byteCount = byteCount
    isView = true
    self.isWritable = isWritable
    self.owner = owner
  }

  init(copying other: TensorStorage) {
    // Where memory is out, this stops the program as Swift's own arrays do.
    (base, isMapped) = Self.allocate(other.byteCount) ?? (Self.insist(other.byteCount), false)
    base.copyMemory(from: other.base, byteCount: other.byteCount)
    byteCount = other.byteCount
    isView = false
    isWritable = true
    owner = nil
  }

  deinit {
    if isMapped {
      munmap(base, byteCount)
    } else if !isView {
      free(base)
    }
  }

  /// Bytes of memory the machine has.
  static let physicalMemory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

  /// Memory of zeros: large pieces are mapped, so that pages nobody writes are never touched.
  private static func allocate(
    _ byteCount: Int
  ) -> (memory: UnsafeMutableRawPointer, isMapped: Bool)? {
    guard byteCount <= physicalMemory else { return nil }
    if byteCount >= 1 << 20 {
      let flags = MAP_PRIVATE | MAP_ANONYMOUS
      guard let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
        memory != MAP_FAILED
      else { return nil }
      return (memory, true)
    }
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, alignment, max(byteCount, 1)) == 0, let memory else { return nil }
    memset(memory, 0, byteCount)
    return (memory, false)
  }

  private static func insist(_ byteCount: Int) -> UnsafeMutableRawPointer {
    .allocate(byteCount: byteCount, alignment: 16)
  }
}
