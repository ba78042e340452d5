import Glibc

/// Knows how much of the thread's stack is left, so that deep recursion ends in a diagnostic.
enum StackGuard {
  /// Whether less than 256 KiB (a quarter of a smaller stack) are left.
  static var isLow: Bool { leaves(0) }

  /// Whether a call, which looks before it takes what its body needs, had better not be made.
  static var isLowForCall: Bool { leaves(64 << 10) }

  private static func leaves(_ margin: UInt) -> Bool {
    var marker: UInt8 = 0
    let here = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    return here < floor(here) + margin
  }

  /// The lowest address to be used; the bounds of a thread are asked for once.
  private static func floor(_ here: UInt) -> UInt {
    if let known = pthread_getspecific(key) { return UInt(bitPattern: known) }
    let floor = bounds().map { $0.address + min(256 << 10, $0.size / 4) } ?? here - (256 << 10)
    pthread_setspecific(key, UnsafeRawPointer(bitPattern: floor))
    return floor
  }

  private typealias GetAttributes =
    @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32

  /// The C library's `pthread_getattr_np`, which its Swift module leaves out, being a GNU extension.
  private static func bounds() -> (address: UInt, size: UInt)? {
    guard let symbol = dlsym(nil, "pthread_getattr_np") else { return nil }
    let getAttributes = unsafeBitCast(symbol, to: GetAttributes.self)
    var attributes = pthread_attr_t()
    guard getAttributes(pthread_self(), &attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    var address: UnsafeMutableRawPointer?
    var size = 0
    guard pthread_attr_getstack(&attributes, &address, &size) == 0 else { return nil }
    return (UInt(bitPattern: address), UInt(size))
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()
}
