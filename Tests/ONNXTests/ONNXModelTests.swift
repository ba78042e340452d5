import Glibc
import MartletDialects
import MartletIR
import MartletLowerings
import MartletRuntime
import MartletSupport
import Testing

@testable import MartletONNX

/// A model of the `onnx` dialect for inputs of the given shapes.
private func specialised(_ path: String, _ shapes: [[Int]]) throws -> Operation {
  let context = keptContext()
  let module = try importONNX(model: try ONNXModel(contentsOf: path), into: context)
  let function = try #require(SymbolTable.lookup("main", in: module))
  try ONNXSpecialization.run(function, shapes: shapes)
  return module
}

/// Whole models, as the `onnx` dialect and lowered to linalg, interpreted.
@Suite struct ONNXModelTests {
  @Test func classifiesDigitsAsONNXRuntimeDoes() throws {
    let count = 2
    let folder = "\(packageFolder)Examples/digits"
    let images = try NPY.read("\(folder)/test_images.npy")
    let logits = try NPY.read("\(folder)/test_logits.npy")
    let pixels = try #require(images.elements(as: Float.self)).prefix(count * 64)
    let expected = try #require(logits.elements(as: Float.self)).prefix(count * 10)
    let module = try specialised("\(folder)/cnn.onnx", [[count, 1, 8, 8]])
    let f32 = module.context.f32
    let input = ONNXArray(f32, [count, 1, 8, 8], floats: pixels.map { Double($0) })
    let reference = ONNXArray(f32, [count, 10], floats: expected.map { Double($0) })
    #expect(difference(try interpret(module, [input])[0], reference) < 1e-4)
    try lowerONNXToLinalg(module)
    #expect(module.operations(ONNXDialect.constant).isEmpty)
    #expect(difference(try interpret(module, [input])[0], reference) < 1e-4)
  }

  static let speechPath = (getenv("MARTLET_TEST_MODELS").map { String(cString: $0) } ?? "")
    .split(separator: ":").map(String.init).first { $0.hasSuffix("silero_vad_16k_sequence.onnx") }

  /// Expected values are ONNX Runtime's.
  @Test(.enabled(if: speechPath != nil)) func hearsSpeechAsONNXRuntimeDoes() throws {
    let module = try specialised(
      try #require(Self.speechPath), [[3, 576], [1, 1, 128], [1, 1, 128]])
    let f32 = module.context.f32
    var samples: [Double] = []
    for n in 0..<3 {
      let loudness = 0.5 * Double(1 + n) / 3
      for i in 0..<576 { samples.append(loudness * sin(0.05 * Double(i) + Double(n))) }
    }
    let h = (0..<128).map { 0.01 * Double($0 % 7 - 3) }
    let c = (0..<128).map { 0.02 * Double($0 % 5 - 2) }
    let inputs = [
      ONNXArray(f32, [3, 576], floats: samples),
      ONNXArray(f32, [1, 1, 128], floats: h),
      ONNXArray(f32, [1, 1, 128], floats: c),
    ]
    let expected: [[Double]] = [
      [0.12411126494407654, 0.19687950611114502, 0.1981772780418396],
      [0.08223007619380951, -0.10003956407308578, 0.35074666142463684, 0.031754154711961746],
      [0.08624047785997391, -0.39747363328933716, 0.43603116273880005, 0.1490115523338318],
    ]
    func check(_ results: [ONNXArray]) {
      for (result, values) in zip(results, expected) {
        for (x, y) in zip(result.floats, values) { #expect(abs(x - y) < 1e-4) }
      }
      #expect(results.map(\.shape) == [[3], [1, 1, 128], [1, 1, 128]])
    }
    check(try interpret(module, inputs))
    try lowerONNXToLinalg(module)
    check(try interpret(module, inputs))
  }
}
