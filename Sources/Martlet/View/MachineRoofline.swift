import MartletCPU
import MartletRuntime
import MartletSupport

/// What one core of this machine can do at most: measured with loops made for nothing else.
struct MachineRoofline {
  /// Operations on f32 in a second.
  let flops: Double
  /// Bytes read and written in a second, from and to memory.
  let bytes: Double

  static func measure() throws(Diagnostic) -> MachineRoofline {
    let lanes = HostCPU.vectorBytes / 4
    let compiler = try ObjectCompiler()
    let object = try compiler.compile(Array(text(lanes).utf8))
    let code = try ObjectLoader.load(object.bytes)
    typealias Loop = @convention(c) (UnsafeMutableRawPointer, Int) -> Void
    guard let fma = code.address(of: "peak"), let copy = code.address(of: "stream") else {
      throw Diagnostic(.error, "the loops that measure the machine are not to be had")
    }
    let peak = unsafeBitCast(fma, to: Loop.self)
    let stream = unsafeBitCast(copy, to: Loop.self)
    // Larger than any cache it could stay in.
    let size = 1 << 26
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let turns = 50_000
    let work = Double(turns * chains * lanes * 2)
    let half = size / 2
    return withExtendedLifetime(code) {
      let fastest = best(of: 40) { peak(memory, turns) }
      stream(memory, half)
      let moved = best(of: 8) { stream(memory, half) }
      return MachineRoofline(flops: work / fastest, bytes: Double(size) / moved)
    }
  }

  /// Of short runs the fastest, as others may be using the processor too.
  private static func best(of runs: Int, _ body: () -> Void) -> Double {
    var least = Double.infinity
    for _ in 0..<runs {
      let watch = Stopwatch()
      body()
      least = min(least, watch.seconds)
    }
    return least
  }

  /// Chains of multiply-adds that do not wait for each other.
  private static let chains = 12

  private static func text(_ lanes: Int) -> String {
    let vector = "<\(lanes) x float>"
    var text = """
      declare \(vector) @llvm.fma.v\(lanes)f32(\(vector), \(vector), \(vector))
      define void @peak(ptr %p, i64 %n) {
      entry:
        %x = load \(vector), ptr %p

      """
    // Each chain starts from memory, so that no two are known to be the same.
    for k in 0..<chains {
      text += "  %p\(k) = getelementptr i8, ptr %p, i64 \(k * lanes * 4)\n"
      text += "  %x\(k) = load \(vector), ptr %p\(k)\n"
    }
    text += """
        br label %loop
      loop:
        %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]

      """
    for k in 0..<chains { text += "  %a\(k) = phi \(vector) [ %x\(k), %entry ], [ %b\(k), %loop ]\n" }
    for k in 0..<chains {
      text += "  %b\(k) = call \(vector) @llvm.fma.v\(lanes)f32(\(vector) %a\(k), \(vector) %x, "
      text += "\(vector) %x)\n"
    }
    text += """
        %i.next = add i64 %i, 1
        %more = icmp slt i64 %i.next, %n
        br i1 %more, label %loop, label %end
      end:
        %s0 = fadd \(vector) %b0, %b0

      """
    for k in 1..<chains { text += "  %s\(k) = fadd \(vector) %s\(k - 1), %b\(k)\n" }
    text += """
        store \(vector) %s\(chains - 1), ptr %p
        ret void
      }
      define void @stream(ptr %p, i64 %n) {
      entry:
        %to = getelementptr i8, ptr %p, i64 %n
        br label %loop
      loop:
        %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
        %from.i = getelementptr i8, ptr %p, i64 %i
        %to.i = getelementptr i8, ptr %to, i64 %i
        %v = load \(vector), ptr %from.i, align \(lanes * 4)
        %w = fadd \(vector) %v, %v
        store \(vector) %w, ptr %to.i, align \(lanes * 4)
        %i.next = add i64 %i, \(lanes * 4)
        %more = icmp slt i64 %i.next, %n
        br i1 %more, label %loop, label %end
      end:
        ret void
      }

      """
    return text
  }
}
