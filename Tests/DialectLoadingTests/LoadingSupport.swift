import Foundation
import MartletDialectLoading
import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

/// What the tests of loaded dialects share.
enum LoadingSupport {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Files").path(percentEncoded: false)

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The dialect of the tests' own, from records kept with the tests.
  static let gauge: DialectLoader? = try? DialectLoader(
    [RecordFile(path("gauge.json"))], cache: nil)

  /// The outcome of reading, verifying and printing a text.
  struct Outcome {
    var text: String
    var errors: [String]
  }

  static func run(
    _ text: String, generic: Bool = false, _ register: (Context) -> Void
  ) -> Outcome {
    let engine = DiagnosticEngine()
    let context = Context(diagnostics: engine)
    registerAllDialects(context)
    register(context)
    var options = PrintOptions()
    options.generic = generic
    do {
      let source = SourceFile(name: "test.mlir", text: text)
      let module = try Parser(source, context: context).parseModule()
      try Verifier().verify(module)
      return Outcome(text: Printer.text(module, options: options), errors: [])
    } catch {
      return Outcome(
        text: "", errors: engine.diagnostics.filter { $0.severity == .error }.map(\.message))
    }
  }

  static func gauge(_ body: String, generic: Bool = false) throws -> Outcome {
    let loader = try #require(gauge)
    return run(body, generic: generic) { loader.register(in: $0) }
  }
}
