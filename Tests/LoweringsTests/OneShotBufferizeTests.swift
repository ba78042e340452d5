import MartletDialects
import MartletIR
import MartletInterpreter
import MartletLowerings
import MartletPasses
import Testing

/// One-Shot Bufferize keeps what programs compute, by the interpreter.
@Suite struct OneShotBufferizeTests {
  static let variants: [[(String, PassOptionValue)]] = [
    [], [("analysis-heuristic", .string("top-down"))],
    [("analysis-heuristic", .string("bottom-up-from-terminators"))],
    [("analysis-heuristic", .string("fuzzer")), ("analysis-fuzzer-seed", .integer(17))],
    [("copy-before-write", .bool(true))],
    [
      ("function-boundary-type-conversion", .string("identity-layout-map")),
      ("unknown-type-conversion", .string("identity-layout-map")),
    ],
  ]

  @Test(arguments: 0..<6) func randomPrograms(_ block: Int) throws {
    for seed in 0..<25 {
      let text = RandomTensorProgram.make(UInt64(block * 977 + seed))
      try expectSame(text, Self.variants[(block + seed) % Self.variants.count])
    }
  }

  private func expectSame(_ text: String, _ options: [(String, PassOptionValue)]) throws {
    let program = try BufferProgram(text)
    let inputs = try program.inputs(7)
    let expected = try program.interpret(inputs)
    try program.run(
      .oneShotBufferize,
      options: options + [
        ("bufferize-function-boundaries", .bool(true)),
        ("allow-return-allocs-from-loops", .bool(true)),
      ])
    let note = Comment(rawValue: "\(options)\n" + text + "\n" + program.text)
    #expect(!program.hasTensors, note)
    #expect(try program.interpretReturned(inputs) == expected, note)
  }

  /// A write that nothing else sees is in place; one that an older tensor is read after takes a copy.
  @Test func copiesWhereOldTensorsAreRead() throws {
    func copies(_ read: String) throws -> Int {
      let program = try BufferProgram(
        """
        func.func @main(%t: tensor<4xi32>, %v: i32) -> (tensor<4xi32>, i32) {
          %c1 = arith.constant 1 : index
          %new = tensor.insert %v into %t[%c1] : tensor<4xi32>
          %x = tensor.extract \(read)[%c1] : tensor<4xi32>
          return %new, %x : tensor<4xi32>, i32
        }
        """)
      try program.run(
        .oneShotBufferize, options: [("bufferize-function-boundaries", .bool(true))])
      return program.count(MemRef.copy)
    }
    #expect(try copies("%t") == 1)
    #expect(try copies("%new") == 0)
  }

  @Test func unknownOperationsAreReported() throws {
    let program = try BufferProgram(
      """
      func.func @main(%t: tensor<4xi32>) -> tensor<4xi32> {
        %r = arith.addi %t, %t : tensor<4xi32>
        return %r : tensor<4xi32>
      }
      """)
    #expect(throws: (any Error).self) {
      try program.run(
        .oneShotBufferize, options: [("bufferize-function-boundaries", .bool(true))])
    }
    #expect(program.messages.contains("op was not bufferized"))
  }
}

extension BufferProgram {
  /// Runs `main` on memrefs, which it may change, and takes what it returns.
  func interpretReturned(_ inputs: [ArrayValue]) throws -> [[Int]] {
    guard let main else { throw Failure(description: "no main") }
    let arguments = zip(inputs, main.type.inputs).map { input, type -> RuntimeValue in
      guard type.isMemRef else { return .integer(Int64(input.integers[0])) }
      let copy = ArrayValue(input.format, shape: type.shape, integers: input.integers)
      return .memref(MemRefValue(copy.storage, shape: type.shape))
    }
    do {
      return try Interpreter(module: module).run("main", arguments: arguments).map { value in
        if case .memref(let memory) = value { return try memory.dense().integers }
        return [Int(value.integer ?? 0)]
      }
    } catch {
      throw Failure(description: messages + "\n\(error)\n" + text)
    }
  }
}
