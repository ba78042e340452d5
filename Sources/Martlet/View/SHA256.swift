/// The digest of FIPS 180-4, to check that a file is the one that was meant.
enum SHA256 {
  static func hexadecimal(of message: [UInt8]) -> String {
    digest(message).map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 8 - text.utf8.count) + text
    }.joined()
  }

  private static func digest(_ message: [UInt8]) -> [UInt32] {
    var state = roots(8, cube: false)
    let constants = roots(64, cube: true)
    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    let bits = UInt64(message.count) * 8
    for shift in stride(from: 56, through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    var w = [UInt32](repeating: 0, count: 64)
    for start in stride(from: 0, to: padded.count, by: 64) {
      for t in 0..<16 {
        let i = start + 4 * t
        w[t] =
          UInt32(padded[i]) << 24 | UInt32(padded[i + 1]) << 16 | UInt32(padded[i + 2]) << 8
          | UInt32(padded[i + 3])
      }
      for t in 16..<64 {
        let a = w[t - 15]
        let b = w[t - 2]
        let s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)
        let s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10)
        w[t] = w[t - 16] &+ s0 &+ w[t - 7] &+ s1
      }
      var v = state
      for t in 0..<64 {
        let s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
        let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
        let first = v[7] &+ s1 &+ choice &+ constants[t] &+ w[t]
        let s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
        let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
        v = [first &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
      }
      for i in 0..<8 { state[i] = state[i] &+ v[i] }
    }
    return state
  }

  private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

  /// The first 32 bits of the fractions of the roots of the first primes, which is what the standard's constants
  /// are, by integer arithmetic.
  private static func roots(_ count: Int, cube: Bool) -> [UInt32] {
    var primes: [UInt64] = []
    var n: UInt64 = 2
    while primes.count < count {
      if primes.allSatisfy({ n % $0 != 0 }) { primes.append(n) }
      n += 1
    }
    return primes.map { prime in
      // The largest x with x^k <= prime * 2^(32 k), by bits from the top.
      var x: UInt64 = 0
      for bit in stride(from: 40, through: 0, by: -1) {
        let candidate = x | 1 << UInt64(bit)
        if isAtMost(candidate, prime, cube: cube) { x = candidate }
      }
      return UInt32(truncatingIfNeeded: x)
    }
  }

  private static func isAtMost(_ x: UInt64, _ prime: UInt64, cube: Bool) -> Bool {
    let wide = UInt128(x)
    return cube
      ? wide * wide * wide <= UInt128(prime) << 96 : wide * wide <= UInt128(prime) << 64
  }
}
