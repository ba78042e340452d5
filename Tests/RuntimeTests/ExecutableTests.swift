import Glibc
import MartletSupport
import Testing

@testable import MartletRuntime

private typealias Arguments = UnsafeMutablePointer<UnsafeMutableRawPointer?>
private typealias Entry = @convention(c) (Arguments) -> Int32

/// Code that is in the process already.
private final class KnownCode: LoadedCode {
  let entry: Entry
  init(_ entry: @escaping Entry) { self.entry = entry }

  func address(of symbol: String) -> UnsafeRawPointer? {
    symbol == "main" ? unsafeBitCast(entry, to: UnsafeRawPointer.self) : nil
  }
}

/// y = 2 x + constants, by way of the arena; status 1 where x[0] is negative.
private let affine: Entry = { arguments in
  guard let arena = arguments[0]?.assumingMemoryBound(to: Float.self),
    let constants = arguments[1]?.assumingMemoryBound(to: Float.self),
    let x = arguments[2]?.assumingMemoryBound(to: Float.self),
    let y = arguments[3]?.assumingMemoryBound(to: Float.self)
  else { return 9 }
  if x[0] < 0 { return 1 }
  for i in 0..<4 { arena[i] = 2 * x[i] }
  for i in 0..<4 { y[i] = arena[i] + constants[i] }
  return 0
}

private func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

private func affinePlan(
  _ source: Plan.Constants.Source = .inline(bytes([10, 20, 30, 40]))
) -> Plan {
  Plan(
    entry: "main", inputs: [.init(name: "x", elementType: .f32, shape: [4])],
    outputs: [.init(name: "y", elementType: .f32, shape: [4])],
    constants: [.init(name: "c", source: source, alignment: 4)], arenaByteCount: 16,
    slots: [.init(name: "t", offset: 0, byteCount: 16, firstStep: 0, lastStep: 1)],
    steps: ["double", "add"], intermediateByteCount: 16, failures: ["x starts below zero"])
}

@Suite struct ExecutableTests {
  private let input: Tensor

  init() throws { input = try Tensor([1, 2, 3, 4] as [Float]) }

  private func problem(
    _ executable: Executable, _ inputs: [Argument], _ outputs: [Tensor]? = nil
  ) throws -> String {
    var outputs = try outputs ?? executable.makeOutputs()
    return try #require(throws: Diagnostic.self) {
      try executable.run(inputs: inputs, outputs: &outputs)
    }.message
  }

  @Test func runsItsEntry() throws {
    let executable = try Executable(plan: affinePlan(), code: KnownCode(affine))
    let outputs = try executable.run(inputs: [.dense(input)])
    #expect(outputs.map { $0.elements(as: Float.self) } == [[12, 24, 36, 48]])
  }

  @Test func writesToTheCallersMemory() throws {
    let executable = try Executable(plan: affinePlan(), code: KnownCode(affine))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 64)
    defer { memory.deallocate() }
    var outputs = [try Tensor(viewing: memory, elementType: .f32, shape: [4], owner: nil)]
    try executable.run(inputs: [.dense(input)], outputs: &outputs)
    #expect(Array(memory.bindMemory(to: Float.self)) == [12, 24, 36, 48])
  }

  @Test func copiesOfOutputsKeepTheirContent() throws {
    let executable = try Executable(plan: affinePlan(), code: KnownCode(affine))
    var outputs = try executable.run(inputs: [.dense(input)])
    let before = outputs
    try executable.run(inputs: [.dense(try Tensor([0, 0, 0, 0] as [Float]))], outputs: &outputs)
    #expect(outputs[0].elements(as: Float.self) == [10, 20, 30, 40])
    #expect(before[0].elements(as: Float.self) == [12, 24, 36, 48])
    // An output that shares the input's memory by being a copy of it gets memory of its own.
    var aliased = [input]
    try executable.run(inputs: [.dense(input)], outputs: &aliased)
    #expect(aliased[0].elements(as: Float.self) == [12, 24, 36, 48])
    #expect(input.elements(as: Float.self) == [1, 2, 3, 4])
  }

  @Test func constantsMayLieInFiles() throws {
    let scratch = TemporaryDirectory()
    let content = [0, 0, 0, 0, 7] + bytes([1, 1, 2, 2])
    let path = try scratch.write("weights", content)
    // Both aligned and not: at 5 the block is copied.
    for offset in [4, 5] {
      let source = Plan.Constants.Source.file(path: path, offset: offset, byteCount: 16)
      let executable = try Executable(plan: affinePlan(source), code: KnownCode(affine))
      let output = try executable.run(inputs: [.dense(input)])[0]
      if offset == 5 { #expect(output.elements(as: Float.self) == [3, 5, 8, 10]) }
    }
    let beyond = Plan.Constants.Source.file(path: path, offset: 6, byteCount: 16)
    let error = try #require(throws: Diagnostic.self) {
      try Executable(plan: affinePlan(beyond), code: KnownCode(affine))
    }
    #expect(error.message.contains("outside the file"))
    let missing = Plan.Constants.Source.file(path: path + "x", offset: 0, byteCount: 16)
    #expect(throws: Diagnostic.self) {
      try Executable(plan: affinePlan(missing), code: KnownCode(affine))
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let executable = try Executable(plan: affinePlan(), code: KnownCode(affine))
    #expect(try problem(executable, []).contains("0 inputs given to a program that takes 1"))
    let shape = try Tensor([1, 2, 3] as [Float])
    #expect(
      try problem(executable, [.dense(shape)]) == "input 'x' must be 4xf32, not 3xf32")
    let type = try Tensor([1, 2, 3, 4] as [Double])
    #expect(
      try problem(executable, [.dense(type)]) == "input 'x' must be 4xf32, not 4xf64")
    let rank = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    #expect(try problem(executable, [.dense(rank)]).contains("not 2x2xf32"))
    #expect(try problem(executable, [.dense(input)], []).contains("0 outputs"))
    #expect(
      try problem(executable, [.dense(input)], [shape]) == "output 'y' must be 4xf32, not 3xf32")
    let matrix = try MatrixMarket.read(
      SourceFile(name: "m", text: "%%MatrixMarket matrix coordinate real general\n2 2 0\n"))
    #expect(
      try problem(executable, [.sparse(matrix)])
        == "input 'x' must be 4xf32, not 2x2xf64 compressed rows, i64 indices")
  }

  @Test func sharedMemoryIsDiagnosed() throws {
    let executable = try Executable(plan: affinePlan(), code: KnownCode(affine))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 20, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    let whole = try Tensor(viewing: memory, elementType: .f32, shape: [4], owner: nil)
    let rest = UnsafeMutableRawBufferPointer(rebasing: memory[4...])
    let shifted = try Tensor(viewing: rest, elementType: .f32, shape: [4], owner: nil)
    #expect(
      try problem(executable, [.dense(whole)], [shifted])
        == "input 'x' and output 'y' share memory")
  }

  @Test func failedChecksOfTheProgramAreTold() throws {
    let executable = try Executable(plan: affinePlan(), code: KnownCode(affine))
    let negative = try Tensor([-1, 0, 0, 0] as [Float])
    #expect(try problem(executable, [.dense(negative)]) == "x starts below zero")
    let unknown = try Executable(plan: affinePlan(), code: KnownCode { _ in 77 })
    #expect(try problem(unknown, [.dense(input)]).contains("status 77"))
    // The arena came back after the failure.
    #expect(executable.idleArenas == 1)
  }

  @Test func unsoundPlansAndCodeAreDiagnosed() throws {
    var plan = affinePlan()
    plan.entry = "other"
    #expect(throws: Diagnostic.self) { try Executable(plan: plan, code: KnownCode(affine)) }
    plan = affinePlan()
    plan.arenaByteCount = 8
    #expect(throws: Diagnostic.self) { try Executable(plan: plan, code: KnownCode(affine)) }
    plan = affinePlan()
    plan.arenaByteCount = 1 << 60
    let executable = try Executable(plan: plan, code: KnownCode(affine))
    #expect(try problem(executable, [.dense(input)]).contains("intermediates"))
  }

  @Test func sparseInputsArriveInParts() throws {
    let sum: Entry = { arguments in
      guard let positions = arguments[1]?.assumingMemoryBound(to: Int64.self),
        let coordinates = arguments[2]?.assumingMemoryBound(to: Int64.self),
        let values = arguments[3]?.assumingMemoryBound(to: Double.self),
        let y = arguments[4]?.assumingMemoryBound(to: Double.self)
      else { return 9 }
      for row in 0..<2 {
        y[row] = 0
        for entry in Int(positions[row])..<Int(positions[row + 1]) {
          y[row] += Double(coordinates[entry]) * values[entry]
        }
      }
      return 0
    }
    let plan = Plan(
      entry: "main",
      inputs: [
        .init(name: "A", elementType: .f64, shape: [2, 3], layout: .compressedRows(.i64))
      ], outputs: [.init(name: "y", elementType: .f64, shape: [2])])
    let matrix = try MatrixMarket.read(
      SourceFile(
        name: "m",
        text: "%%MatrixMarket matrix coordinate real general\n2 3 3\n1 3 5\n2 2 7\n2 3 1\n"))
    let executable = try Executable(plan: plan, code: KnownCode(sum))
    let outputs = try executable.run(inputs: [.sparse(matrix)])
    #expect(outputs[0].elements(as: Double.self) == [10, 9])
    #expect(try problem(executable, [.dense(input)]).contains("compressed rows"))
  }

  @Test func severalThreadsRunAtOnce() throws {
    let executable = try Executable(plan: affinePlan(), code: KnownCode(affine))
    let lock = Lock()
    nonisolated(unsafe) var wrong = 0
    onThreads(8) { thread in
      for round in 0..<500 {
        let base = Float(thread * 1000 + round)
        let outputs = (try? Tensor([base, base, base, base]))
          .flatMap { try? executable.run(inputs: [.dense($0)]) }
        let expected = [10, 20, 30, 40].map { 2 * base + $0 }
        if outputs?[0].elements(as: Float.self) != expected { lock.withLock { wrong += 1 } }
      }
    }
    #expect(wrong == 0)
    #expect((1...8).contains(executable.idleArenas))
  }
}
