import MartletDialects
import MartletIR
import MartletInterpreter
import MartletLowerings
import MartletPasses
import MartletSupport
import MartletSyntax
import MartletTransforms
import Testing

/// Random programs on memory of the stack mean the same once it is split and made values.
@Suite struct MemorySlotTests {
  /// Each element is stored to before anything is read; then loads, stores, branches and loops follow.
  private static func program(_ seed: Int) -> String {
    var random = SlotRandom(state: UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9 &+ 7)
    var lines: [String] = []
    var count = 0
    func name() -> String {
      count += 1
      return "%v\(count)"
    }
    for i in 0..<4 { lines.append("%c\(i) = arith.constant \(i) : index") }
    var slots: [String] = []
    for i in 0..<3 {
      lines.append("%s\(i) = memref.alloca() : memref<i64>")
      slots.append("%s\(i)[] : memref<i64>")
      lines.append("%w\(i) = memref.alloca() : memref<2xi64>")
      for k in 0..<2 { slots.append("%w\(i)[%c\(k)] : memref<2xi64>") }
    }
    for (i, slot) in slots.enumerated() {
      let value = name()
      lines.append("\(value) = arith.constant \(i * 37 - 5) : i64")
      lines.append("memref.store \(value), \(slot)")
    }
    func read(_ random: inout SlotRandom) -> String {
      let value = name()
      lines.append("\(value) = memref.load \(slots[random.below(slots.count)])")
      return value
    }
    func steps(_ random: inout SlotRandom, _ depth: Int) {
      for _ in 0..<(2 + random.below(4)) {
        switch random.below(depth < 3 ? 5 : 3) {
        case 0...2:
          let (a, b) = (read(&random), read(&random))
          let value = name()
          let op = ["addi", "subi", "muli", "xori"][random.below(4)]
          lines.append("\(value) = arith.\(op) \(a), \(b) : i64")
          lines.append("memref.store \(value), \(slots[random.below(slots.count)])")
        case 3:
          let (a, b) = (read(&random), read(&random))
          let condition = name()
          lines.append("\(condition) = arith.cmpi slt, \(a), \(b) : i64")
          lines.append("scf.if \(condition) {")
          steps(&random, depth + 1)
          lines.append("} else {")
          steps(&random, depth + 1)
          lines.append("}")
        default:
          lines.append("scf.for \(name()) = %c0 to %c\(random.below(4)) step %c1 {")
          steps(&random, depth + 1)
          lines.append("}")
        }
      }
    }
    steps(&random, 0)
    var sum = read(&random)
    for _ in 0..<6 {
      let other = read(&random)
      let value = name()
      lines.append("\(value) = arith.addi \(sum), \(other) : i64")
      sum = value
    }
    lines.append("return \(sum) : i64")
    return "func.func @main() -> i64 {\n" + lines.joined(separator: "\n") + "\n}\n"
  }

  private struct SlotRandom {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }

  @Test(arguments: 0..<30) func keepsMeaning(seed: Int) throws {
    let text = Self.program(seed)
    let module = try parse(text)
    let expected = try Interpreter(module: module).run("main", arguments: [])[0].integer
    for pass in [Pass.convertSCFToCF, .sroa, .mem2reg, .sccp, .canonicalize] {
      try pass.run(on: module)
      try Verifier().verify(module)
      let found = try Interpreter(module: module).run("main", arguments: [])[0].integer
      #expect(found == expected, "seed \(seed) after \(pass.argument):\n\(text)")
    }
    #expect(!Printer.text(module).contains("memref.alloca"), "seed \(seed)")
  }
}
