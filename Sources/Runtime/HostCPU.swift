import Glibc
import MartletSupport

/// The processor the program runs on, as far as a cache key needs to know it.
public enum HostCPU {
  /// Vendor, family, model, stepping and feature flags of the first processor as the system lists
  /// them: code generated for one identity runs on every machine of the same identity. Found
  /// without opening libLLVM, in some tens of microseconds.
  public static let identity: String = {
    let descriptor = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "unknown" }
    defer { close(descriptor) }
    // The first processor's block is some 3 KiB; the file grows with the number of processors.
    var bytes = [UInt8](repeating: 0, count: 8192)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      }
      if got <= 0 { break }
      count += got
    }
    return identity(ofListing: String(decoding: bytes[..<count], as: UTF8.self))
  }()

  /// Bytes of the widest vector registers.
  public static let vectorBytes = vectorBytes(ofIdentity: identity)

  /// Whether single lanes of loads can be left out, and gathered: AVX-512 with its forms for all widths.
  public static let hasMaskedLanes = flags(ofIdentity: identity).contains("avx512vl")

  static func vectorBytes(ofIdentity identity: String) -> Int {
    let flags = flags(ofIdentity: identity)
    if flags.contains("avx512f") { return 64 }
    return flags.contains("avx2") ? 32 : 16
  }

  private static func flags(ofIdentity identity: String) -> [Substring] {
    identity.split(separator: ";").last?.split(separator: " ") ?? []
  }

  static func identity(ofListing text: String) -> String {
    let wanted = ["vendor_id", "cpu family", "model", "stepping", "flags"]
    var found: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty { break }
      let name = line.prefix { $0 != "\t" && $0 != ":" }
      guard wanted.contains(String(name)), let colon = line.firstIndex(of: ":") else { continue }
      found.append(String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
    return found.isEmpty ? "unknown" : found.joined(separator: ";")
  }
}
