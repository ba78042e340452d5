/// A 64-bit hash that is the same in every process and on every machine, for tables whose order
/// is visible and for keys kept on disk. The mixing step is that of wyhash (Wang Yi, public domain
/// description): a 64x64 to 128-bit product, folded.
public struct StableHasher: Sendable {
  @usableFromInline var state: UInt64

  @inlinable public init(seed: UInt64 = 0x9e37_79b9_7f4a_7c15) { state = seed }

  @inlinable @inline(__always)
  public static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: b ^ 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }

  @inlinable @inline(__always)
  public mutating func combine(_ word: UInt64) { state = Self.mix(state, word) }

  @inlinable
  public mutating func combine(bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 8 <= bytes.count {
      combine(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count {
      tail |= UInt64(bytes[offset]) << shift
      shift += 8
      offset += 1
    }
    combine(tail)
    combine(UInt64(bytes.count))
  }

  public mutating func combine(_ text: String) {
    var copy = text
    copy.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  @inlinable public var value: UInt64 { Self.mix(state, 0x8ebc_6af0_9c88_c6e3) }
}

/// A 128-bit digest of content, printed as 32 hexadecimal digits: the key of files kept on disk.
public struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public var description: String { hexadecimal(high) + hexadecimal(low) }

  private func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Collects content into a `ContentDigest`: two independently seeded `StableHasher` lanes.
public struct ContentHasher: Sendable {
  private var first = StableHasher(seed: 0x243f_6a88_85a3_08d3)
  private var second = StableHasher(seed: 0x1319_8a2e_0370_7344)

  public init() {}

  public mutating func combine(_ text: String) {
    first.combine(text)
    second.combine(text)
  }

  public mutating func combine(_ word: UInt64) {
    first.combine(word)
    second.combine(word)
  }

  public mutating func combine(bytes: UnsafeRawBufferPointer) {
    first.combine(bytes: bytes)
    second.combine(bytes: bytes)
  }

  public func finalize() -> ContentDigest {
    ContentDigest(high: first.value, low: second.value)
  }
}
