import Glibc
import MartletDialects
import MartletIR
import MartletInterpreter
import MartletLowerings
import MartletONNX
import MartletPasses
import Testing

@testable import MartletTransforms

private let packageFolder =
  String(#filePath.dropLast("Tests/TransformsTests/ModelTests.swift".count))

/// Whole models: what fuses, and that the answer stays the same.
@Suite struct ModelTests {
  static let passes: [Pass] = [
    .canonicalize, .propagateTransposes, .canonicalize, .fuseElementwise, .canonicalize, .cse,
  ]

  private func lowered(_ path: String, _ shapes: [[Int]]) throws -> Operation {
    let context = keptContext()
    context.allowsUnregisteredDialects = true
    let module = try importONNX(model: try ONNXModel(contentsOf: path), into: context)
    try ONNXSpecialization.run(try mainFunction(module), shapes: shapes)
    try lowerONNXToLinalg(module)
    return module
  }

  private func check(_ module: Operation) throws {
    let arguments = try randomArguments(module, 5)
    let before = try Interpreter(module: module).run("main", arguments: arguments)
    try run(Self.passes, on: module)
    let after = try Interpreter(module: module).run("main", arguments: arguments)
    expectEqual(after, before)
    #expect(module.operations(Linalg.transpose).isEmpty)
  }

  @Test func fusesTheDigitsModel() throws {
    let module = try lowered("\(packageFolder)Examples/digits/cnn.onnx", [[2, 1, 8, 8]])
    try check(module)
    // The rectifier between the dense layers; the biases are broadcasts, the others are in the pooling.
    #expect(module.operations(Linalg.generic).count <= 3)
  }

  static let speechPath = (getenv("MARTLET_TEST_MODELS").map { String(cString: $0) } ?? "")
    .split(separator: ":").map(String.init).first { $0.hasSuffix("silero_vad_16k_sequence.onnx") }

  @Test(.enabled(if: speechPath != nil)) func fusesTheSpeechModel() throws {
    let module = try lowered(
      try #require(Self.speechPath), [[2, 576], [1, 1, 128], [1, 1, 128]])
    try check(module)
    #expect(module.operations(Linalg.generic).count <= 9)
  }
}
