import Glibc
import MartletCPU
import MartletRuntime
import MartletSupport

/// What one core of the machine can do at best, as measured: the ends of a roofline plot.
public struct Roofline: Sendable, Equatable {
  /// GFLOP/s of fused products and sums in f32 and f64.
  public var peak32: Double
  public var peak64: Double
  /// GB/s of reading two arrays and writing one, for arrays of so many bytes together, in order of size.
  public var bandwidths: [Bandwidth]

  public struct Bandwidth: Sendable, Equatable {
    public var bytes: Int
    public var gigabytesPerSecond: Double
  }

  /// What memory gives a kernel that moves so many bytes: that of the next larger size measured.
  public func bandwidth(forBytes bytes: Int) -> Double {
    let fitting = bandwidths.first { $0.bytes >= bytes } ?? bandwidths.last
    return fitting?.gigabytesPerSecond ?? .nan
  }

  /// `120.1 GB/s up to 24.6 kB, ..., 20.0 GB/s beyond`.
  var bandwidthText: String {
    bandwidths.enumerated().map { i, entry in
      let speed = "\(decimal(entry.gigabytesPerSecond, 1)) GB/s"
      return i == bandwidths.count - 1
        ? "\(speed) beyond" : "\(speed) up to \(ProfileText.bytes(entry.bytes))"
    }.joined(separator: ", ")
  }

  // MARK: Keeping

  private static let heading = "martlet machine 1"

  /// The file of measurements for this processor, in the folder compiled code is kept in.
  static func path(in directory: String) -> String {
    var hasher = ContentHasher()
    hasher.combine(HostCPU.identity)
    return "\(directory)/machine-\(hasher.finalize()).txt"
  }

  /// What was measured before on this processor; nil where nothing was.
  public static func load(from directory: String? = CompileCache.defaultDirectory) -> Roofline? {
    guard let directory, let file = try? MappedFile(path: path(in: directory)) else { return nil }
    return withExtendedLifetime(file) {
      Roofline(text: String(decoding: file.bytes, as: UTF8.self))
    }
  }

  func store(in directory: String) throws(Diagnostic) {
    mkdir(directory, 0o700)
    try writeFileAtomically(Roofline.path(in: directory), Array(text.utf8))
  }

  var text: String {
    var text = "\(Roofline.heading)\nf32 \(peak32)\nf64 \(peak64)\n"
    for entry in bandwidths { text += "bytes \(entry.bytes) \(entry.gigabytesPerSecond)\n" }
    return text
  }

  init(peak32: Double, peak64: Double, bandwidths: [Bandwidth]) {
    self.peak32 = peak32
    self.peak64 = peak64
    self.bandwidths = bandwidths
  }

  init?(text: String) {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    guard lines.first?.joined(separator: " ") == Roofline.heading else { return nil }
    self.init(peak32: 0, peak64: 0, bandwidths: [])
    for line in lines.dropFirst() {
      if line.count == 2, line[0] == "f32", let value = Double(line[1]) { peak32 = value }
      if line.count == 2, line[0] == "f64", let value = Double(line[1]) { peak64 = value }
      if line.count == 3, line[0] == "bytes", let bytes = Int(line[1]),
        let value = Double(line[2])
      {
        bandwidths.append(Bandwidth(bytes: bytes, gigabytesPerSecond: value))
      }
    }
    guard peak32 > 0, peak64 > 0, bandwidths.allSatisfy({ $0.gigabytesPerSecond > 0 }),
      !bandwidths.isEmpty
    else { return nil }
  }
}

// MARK: - Measuring

/// Measures the machine with kernels generated for it.
struct MachineMeasurement {
  /// Chains of products and sums side by side: enough to fill two units of a latency of four.
  private static let chains = 14

  private typealias Peak = @convention(c) (UnsafeMutableRawPointer, Int) -> Void
  private typealias Stream =
    @convention(c) (
      UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer, Int
    ) -> Void

  /// - Parameter largest: bytes of the largest arrays together.
  static func run(largest: Int = 288 << 20) throws(Diagnostic) -> Roofline {
    var compiler = try ObjectCompiler()
    compiler.pipeline = ""
    let output = try compiler.compile(Array(module.utf8), name: "machine.ll")
    let code = try ObjectLoader.load(output.bytes)
    func function(_ name: String) throws(Diagnostic) -> UnsafeRawPointer {
      guard let address = code.address(of: name) else {
        throw Diagnostic(.error, "the measuring code has no '\(name)'")
      }
      return address
    }
    let peak32 = try unsafeBitCast(function("peak_f32"), to: Peak.self)
    let peak64 = try unsafeBitCast(function("peak_f64"), to: Peak.self)
    let stream = try unsafeBitCast(function("stream"), to: Stream.self)
    return try withExtendedLifetime(code) { () throws(Diagnostic) in
      Roofline(
        peak32: measure(peak32, lanes: HostCPU.vectorBytes / 4),
        peak64: measure(peak64, lanes: HostCPU.vectorBytes / 8),
        bandwidths: try [24 << 10, 384 << 10, 6 << 20, largest].map { bytes throws(Diagnostic) in
          Roofline.Bandwidth(
            bytes: bytes, gigabytesPerSecond: try measure(stream, bytes: bytes))
        })
    }
  }

  /// The quickest of some runs, in nanoseconds.
  private static func quickest(_ body: () -> Void) -> Double {
    var best = Double.infinity
    let watch = Stopwatch()
    var runs = 0
    // The first runs bring the clock up.
    while runs < 5 || (watch.seconds < 0.4 && runs < 1000) {
      let one = Stopwatch()
      body()
      best = min(best, one.seconds * 1e9)
      runs += 1
    }
    return best
  }

  private static func measure(_ peak: Peak, lanes: Int) -> Double {
    let steps = 200_000
    var sink = [UInt8](repeating: 0, count: HostCPU.vectorBytes * 2)
    let time = sink.withUnsafeMutableBytes { buffer in
      quickest { buffer.baseAddress.map { peak($0, steps) } }
    }
    return Double(steps * chains * lanes * 2) / time
  }

  private static func measure(_ stream: Stream, bytes: Int) throws(Diagnostic) -> Double {
    let part = bytes / 3 / 256 * 256
    let size = part * 3 + 512
    guard let memory = aligned_alloc(64, (size + 63) / 64 * 64) else {
      throw Diagnostic(.error, "cannot have \(bytes) bytes to measure memory with")
    }
    defer { free(memory) }
    // Pages are had when they are first written.
    memset(memory, 1, size)
    // Short arrays are gone through often, so that the clock's own time is small.
    let repetitions = max(1, (1 << 20) / part)
    let time = quickest {
      for _ in 0..<repetitions { stream(memory, memory + part, memory + 2 * part, part / 4) }
    }
    return Double(3 * part * repetitions) / time
  }

  // MARK: Code

  private static var attributes: String {
    let bits = HostCPU.vectorBytes * 8
    return "{ nounwind \"prefer-vector-width\"=\"\(bits)\" \"min-legal-vector-width\"=\"\(bits)\" }"
  }

  /// Two loops of nothing but products and sums, and one that reads two arrays and writes one.
  static var module: String {
    peak("f32", "float", HostCPU.vectorBytes / 4) + peak("f64", "double", HostCPU.vectorBytes / 8)
      + stream(HostCPU.vectorBytes / 4) + "attributes #0 = \(attributes)\n"
  }

  private static func peak(_ name: String, _ element: String, _ lanes: Int) -> String {
    let vector = "<\(lanes) x \(element)>"
    let fma = "@llvm.fma.v\(lanes)\(name)"
    var text = "declare \(vector) \(fma)(\(vector), \(vector), \(vector))\n"
    text += "define void @peak_\(name)(ptr %p, i64 %n) #0 {\nentry:\n"
    text += "  %x = load \(vector), ptr %p, align 1\n  br label %loop\nloop:\n"
    text += "  %i = phi i64 [ 0, %entry ], [ %next, %loop ]\n"
    for k in 0..<chains {
      text += "  %a\(k) = phi \(vector) [ %x, %entry ], [ %b\(k), %loop ]\n"
    }
    for k in 0..<chains {
      text += "  %b\(k) = call \(vector) \(fma)(\(vector) %a\(k), \(vector) %x, \(vector) %x)\n"
    }
    text += "  %next = add i64 %i, 1\n  %more = icmp ult i64 %next, %n\n"
    text += "  br i1 %more, label %loop, label %end\nend:\n"
    var sum = "%b0"
    for k in 1..<chains {
      text += "  %s\(k) = fadd \(vector) \(sum), %b\(k)\n"
      sum = "%s\(k)"
    }
    return text + "  store \(vector) \(sum), ptr %p, align 1\n  ret void\n}\n"
  }

  private static func stream(_ lanes: Int) -> String {
    let vector = "<\(lanes) x float>"
    var text = "define void @stream(ptr %a, ptr %b, ptr %c, i64 %n) #0 {\nentry:\n"
    text += "  br label %loop\nloop:\n  %i = phi i64 [ 0, %entry ], [ %next, %loop ]\n"
    for k in 0..<2 {
      text += "  %j\(k) = add i64 %i, \(k * lanes)\n"
      for array in ["a", "b", "c"] {
        text += "  %p\(array)\(k) = getelementptr float, ptr %\(array), i64 %j\(k)\n"
      }
      text += "  %b\(k) = load \(vector), ptr %pb\(k), align 4\n"
      text += "  %c\(k) = load \(vector), ptr %pc\(k), align 4\n"
      text += "  %r\(k) = fadd \(vector) %b\(k), %c\(k)\n"
      text += "  store \(vector) %r\(k), ptr %pa\(k), align 4\n"
    }
    text += "  %next = add i64 %i, \(2 * lanes)\n  %more = icmp ult i64 %next, %n\n"
    return text + "  br i1 %more, label %loop, label %end\nend:\n  ret void\n}\n"
  }
}
