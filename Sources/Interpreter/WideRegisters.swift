import Glibc
import MartletIR

/// The values of f80 and f128, which do not fit in a register of 64 bits.
///
/// A register holds a value's number in this table: equal bits have one number, zero's is 0, and so
/// whatever moves elements about (memory, slices, loops) need not know how wide they are. Arrays hold the
/// bits themselves, as do `RuntimeValue`s; numbers live in the registers of running frames only, and are
/// forgotten when the outermost run of a thread ends.
final class WideRegisters {
  /// How many values a run may meet: the table takes some 300 MB then.
  static let limit = 1 << 22

  static let overflow = "meets more than \(limit) different values of f80 and f128"

  private var values: [UInt128] = [0]
  private var numbers: [UInt128: UInt64] = [0: 0]
  private var runs = 0
  /// Whether more values were met than there is room for, so that numbers no longer mean what they should.
  private(set) var hasOverflowed = false

  /// The thread's own table: a run stays on the thread that it starts on.
  static var current: WideRegisters {
    if let known = pthread_getspecific(key) {
      return Unmanaged<WideRegisters>.fromOpaque(known).takeUnretainedValue()
    }
    let made = WideRegisters()
    pthread_setspecific(key, Unmanaged.passRetained(made).toOpaque())
    return made
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let result = pthread_key_create(&key) { object in
      if let object { Unmanaged<WideRegisters>.fromOpaque(object).release() }
    }
    precondition(result == 0, "no thread-specific data left")
    return key
  }()

  /// The number that stands for `bits`.
  func register(_ bits: UInt128) -> UInt64 {
    if let known = numbers[bits] { return known }
    guard values.count < Self.limit else {
      hasOverflowed = true
      return 0
    }
    let number = UInt64(values.count)
    values.append(bits)
    numbers[bits] = number
    return number
  }

  func bits(_ register: UInt64) -> UInt128 {
    register < UInt64(values.count) ? values[Int(register)] : 0
  }

  // MARK: Runs

  func beginRun() { runs += 1 }

  func endRun() {
    runs -= 1
    guard runs == 0, values.count > 1 else { return }
    values = [0]
    numbers = [0: 0]
    hasOverflowed = false
  }
}

extension FloatKind {
  /// Whether the format has more bits than a register.
  var isWide: Bool { self == .f80 || self == .f128 }
}
