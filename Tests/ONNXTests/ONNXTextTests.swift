import Glibc
import MartletDialects
import MartletIR
import MartletLowerings
import MartletSupport
import MartletSyntax
import TestSupport
import Testing

@testable import MartletONNX

/// The text of models, as `onnx` and as linalg, can be read back.
@Suite struct ONNXTextTests {
  private func check(_ module: Operation) throws {
    let text = Printer.text(module)
    let context = keptContext()
    defer { Unmanaged.passUnretained(context).release() }
    let source = SourceFile(name: "model.mlir", text: text)
    let again: Operation
    do throws(Reported) {
      again = try Parser(source, context: context).parseModule()
    } catch {
      let said = context.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
      Issue.record("\(said)")
      return
    }
    try Verifier().verify(again)
    #expect(Printer.text(again) == text)
  }

  @Test func digitsRoundTrip() throws {
    let path = "\(packageFolder)Examples/digits/cnn.onnx"
    let module = try importONNX(model: try ONNXModel(contentsOf: path), into: keptContext())
    try check(module)
    try ONNXSpecialization.run(try mainFunction(module), shapes: [[5, 1, 8, 8]])
    try check(module)
    try lowerONNXToLinalg(module)
    try check(module)
  }

  @Test(arguments: ONNXCase.all) func casesRoundTrip(_ test: ONNXCase) throws {
    let module = try importONNX(model: try decode(test.model()), into: keptContext())
    try check(module)
    let function = try mainFunction(module)
    try ONNXSpecialization.run(function, shapes: test.arguments.map(\.shape))
    try lowerONNXToLinalg(module)
    try check(module)
  }
}
