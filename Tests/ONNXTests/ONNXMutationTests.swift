import MartletDialects
import MartletIR
import MartletLowerings
import MartletSupport
import TestSupport
import Testing

@testable import MartletONNX

/// Models damaged at random end in a diagnostic or in linalg, never in a trap.
@Suite struct ONNXMutationTests {
  private func damaged(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0...2, using: &random) {
      let i = bytes.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0...3, using: &random) {
      case 0: bytes[i] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 1: bytes[i] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
      case 2: bytes[i] = bytes[i] &+ 1
      default: bytes[i] = UInt8.random(in: 0...255, using: &random)
      }
    }
    return bytes
  }

  private func compile(_ bytes: [UInt8]) throws(Diagnostic) {
    let model = try decode(bytes)
    let context = keptContext()
    defer { Unmanaged.passUnretained(context).release() }
    let module = try importONNX(model: model, into: context)
    guard let function = SymbolTable.lookup("main", in: module) else { return }
    let shapes = function.region(0).arguments.map { argument in
      argument.type.shape.map { $0 == Type.dynamic ? 2 : $0 }
    }
    try ONNXSpecialization.run(function, shapes: shapes)
    try lowerONNXToLinalg(module)
  }

  @Test func survivesDamage() {
    var random = Generator(state: 3)
    var refused = 0
    var compiled = 0
    for test in ONNXCase.all {
      let bytes = test.model()
      for _ in 0..<15 {
        do throws(Diagnostic) {
          try compile(damaged(bytes, &random))
          compiled += 1
        } catch {
          refused += 1
          #expect(!error.message.isEmpty)
        }
      }
    }
    // Most damage falls on weights and names, where it does no harm.
    #expect(refused > 500 && compiled > 100)
  }
}
