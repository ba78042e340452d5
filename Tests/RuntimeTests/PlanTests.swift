import MartletSupport
import Testing

@testable import MartletRuntime

private let sample: Plan = {
  var plan = bare
  var half = Plan.Cost(bytesRead: 0, bytesWritten: 7)
  half.floatBits = 64
  plan.costs = [Plan.Cost(flops: 12, bytesRead: 256, bytesWritten: 64), Plan.Cost(), half]
  return plan
}()

private let bare = Plan(
  entry: "main",
  inputs: [
    .init(name: "A", elementType: .f64, shape: [10, 12], layout: .compressedRows(.i64)),
    .init(name: "x", elementType: .f32, shape: [3]),
  ],
  outputs: [.init(name: "y", elementType: .i1, shape: [])],
  constants: [
    .init(name: "small", source: .inline([1, 2, 3]), alignment: 16),
    .init(name: "weights", source: .file(path: "m.onnx", offset: 66, byteCount: 400)),
  ],
  arenaByteCount: 256,
  slots: [
    .init(name: "t0", offset: 0, byteCount: 128, firstStep: 0, lastStep: 1),
    .init(name: "t1", offset: 128, byteCount: 64, firstStep: 1, lastStep: 2),
    .init(name: "t2", offset: 0, byteCount: 128, firstStep: 2, lastStep: 2),
  ],
  steps: ["k0", "k1", "k2"], intermediateByteCount: 320, failures: ["index out of bounds"])

private func decode(_ bytes: [UInt8]) throws -> ProgramImage {
  try bytes.withUnsafeBytes { try ProgramImage($0) }
}

@Suite struct PlanTests {
  @Test func survivesCoding() throws {
    let image = ProgramImage(plan: sample, objects: [[1, 2], [], [3]])
    #expect(try decode(image.encoded()) == image)
  }

  @Test func codedBytesCutOffAnywhereAreDiagnosed() {
    let bytes = ProgramImage(plan: sample, objects: [[1, 2], [3]]).encoded()
    for length in 0..<bytes.count {
      #expect(throws: Diagnostic.self) { try decode(Array(bytes[..<length])) }
    }
    #expect(throws: Diagnostic.self) { try decode(bytes + [0]) }
  }

  @Test func alteredBytesNeverTrap() {
    let bytes = ProgramImage(plan: sample, objects: [[1, 2], [3]]).encoded()
    for index in bytes.indices {
      for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff] {
        var altered = bytes
        altered[index] = value
        guard let image = try? decode(altered) else { continue }
        #expect(image.plan.problem() == nil)
        #expect(!image.plan.description.isEmpty)
      }
    }
  }

  @Test func liveBytesAreThoseOfTheSlots() {
    #expect(sample.liveBytes == [128, 192, 192])
    #expect(sample.liveBytes.max() == sample.largestLiveByteCount)
    #expect(Plan(entry: "main").liveBytes == [])
  }

  @Test func costsBelongToSteps() {
    var plan = sample
    plan.costs.removeLast()
    #expect(plan.problem() == "2 costs for 3 steps")
    #expect(sample.costs[0].bytes == 320)
    #expect(sample.costs[1].bytes == nil)
  }

  @Test func anotherVersionIsDiagnosed() throws {
    var bytes = ProgramImage(plan: sample, objects: []).encoded()
    bytes[0] += 1
    let error = try #require(throws: Diagnostic.self) { try decode(bytes) }
    #expect(error.message.contains("version"))
  }

  @Test func countsMemory() {
    #expect(sample.largestLiveByteCount == 192)
    #expect(Plan(entry: "e").largestLiveByteCount == 0)
  }

  @Test func printsEverything() {
    #expect(
      sample.description == """
        plan main
          input A: 10x12xf64 compressed rows, i64 indices
          input x: 3xf32
          output y: i1
          constants small: 3 bytes
          constants weights: 400 bytes of m.onnx at 66
          memory: 256 bytes planned, largest live set 192, all intermediates 320
          slot t0: bytes 0..<128, steps 0...1
          slot t1: bytes 128..<192, steps 1...2
          slot t2: bytes 0..<128, steps 2...2
          step 0: k0
          step 1: k1
          step 2: k2
          failure 1: index out of bounds

        """)
  }

  @Test func unsoundPlansAreFound() {
    #expect(sample.problem() == nil)
    func problem(_ change: (inout Plan) -> Void) -> String? {
      var plan = sample
      change(&plan)
      return plan.problem()
    }
    #expect(problem { $0.slots[1].offset = 64 } == "slots 't0' and 't1' overlap")
    #expect(problem { $0.slots[2].lastStep = 3 }?.contains("'t2' lies outside") == true)
    #expect(problem { $0.slots[2].offset = .max }?.contains("'t2' lies outside") == true)
    #expect(problem { $0.arenaByteCount = 191 }?.contains("'t1' lies outside") == true)
    #expect(problem { $0.constants[0].alignment = 3 }?.contains("alignment 3") == true)
    #expect(problem { $0.inputs[1].shape = [.max, 2] }?.contains("'x'") == true)
    #expect(problem { $0.inputs[0].shape = [4] }?.contains("'A'") == true)
    #expect(problem { $0.outputs[0].layout = .compressedRows(.i64) } != nil)
  }
}
