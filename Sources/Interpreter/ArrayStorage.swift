import Glibc
import MartletIR

/// A typed raw buffer: what tensors, vectors and memrefs hold their elements in.
public final class ArrayStorage {
  public let format: ElementFormat
  /// Number of elements.
  public let count: Int
  /// The first element; elements lie one after another in the format's byte count.
  public let base: UnsafeMutableRawPointer
  let access: ElementAccess
  /// Keeps memory that is not this object's own alive.
  private let owner: AnyObject?
  private var freed = false

  /// Why an array could not be made.
  public enum AllocationFailure: Error, Sendable {
    case sizeOverflows
    case exceedsLimit(bytes: Int, limit: Int)
    case outOfMemory(bytes: Int)

    public var message: String {
      switch self {
      case .sizeOverflows: "the size of the array in bytes does not fit in 64 bits"
      case .exceedsLimit(let bytes, let limit):
        "an array of \(bytes) bytes exceeds the memory limit of \(limit) bytes"
      case .outOfMemory(let bytes): "out of memory: cannot allocate \(bytes) bytes"
      }
    }
  }

  /// An array of zeros.
  /// - Parameter limit: the largest size in bytes that is allowed.
  public init(_ format: ElementFormat, count: Int, limit: Int = .max)
    throws(AllocationFailure)
  {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: format.byteCount)
    if overflow || count < 0 { throw .sizeOverflows }
    if bytes > limit { throw .exceedsLimit(bytes: bytes, limit: limit) }
    guard let memory = calloc(max(bytes, 1), 1) else { throw .outOfMemory(bytes: bytes) }
    self.format = format
    self.count = count
    base = memory
    access = format.access
    owner = nil
  }

  /// A view of memory that `owner` keeps alive.
  public init(
    _ format: ElementFormat, viewing base: UnsafeMutableRawPointer, count: Int, owner: AnyObject
  ) {
    self.format = format
    self.count = count
    self.base = base
    access = format.access
    self.owner = owner
  }

  deinit { if owner == nil { free(base) } }

  /// Number of bytes.
  public var byteCount: Int { count * format.byteCount }
  public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: byteCount)
  }
  /// Whether the program deallocated the memory (it stays readable to the interpreter).
  public var isFreed: Bool { freed || ((owner as? ArrayStorage)?.isFreed ?? false) }
  func markFreed() { freed = true }
  /// Whether this is a part of another array's memory.
  var isView: Bool { owner is ArrayStorage }
  /// The array this is a part of.
  var whole: ArrayStorage? { owner as? ArrayStorage }

  /// Element `i` in register form.
  public subscript(i: Int) -> UInt64 {
    get {
      precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "element index out of range")
      return access.load(base, i)
    }
    set {
      precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "element index out of range")
      access.store(newValue, base, i)
    }
  }

  /// Element `i` as a number.
  public func double(_ i: Int) -> Double { format.decode(self[i]) }

  func copy(limit: Int = .max) throws(AllocationFailure) -> ArrayStorage {
    let new = try ArrayStorage(format, count: count, limit: limit)
    memcpy(new.base, base, byteCount)
    return new
  }

  func fill(_ bits: UInt64) {
    for i in 0..<count { access.store(bits, base, i) }
  }
}
