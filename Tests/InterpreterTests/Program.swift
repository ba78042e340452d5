import MartletDialects
import MartletIR
import MartletInterpreter
import MartletSupport
import MartletSyntax

/// A module made from text, ready to be interpreted.
final class Program {
  let context = Context()
  let module: Operation

  init(_ text: String) throws {
    registerAllDialects(context)
    do {
      let source = SourceFile(name: "test.mlir", text: text)
      module = try Parser(source, context: context).parseModule()
      try Verifier().verify(module)
    } catch {
      throw Failure(
        message: context.diagnostics.diagnostics.map(\.description).joined(separator: "\n"))
    }
  }

  /// Runs a function.
  func run(
    _ name: String = "main", _ arguments: [RuntimeValue] = [],
    options: Interpreter.Options = Interpreter.Options()
  ) throws -> [RuntimeValue] {
    do {
      return try Interpreter(module: module, options: options).run(name, arguments: arguments)
    } catch {
      throw Failure(message: context.diagnostics.diagnostics.map(\.description).joined())
    }
  }

  /// The message of the error a run ends in; nil where it does not fail.
  func failure(
    _ name: String = "main", _ arguments: [RuntimeValue] = [],
    options: Interpreter.Options = Interpreter.Options()
  ) -> String? {
    do {
      let results = try Interpreter(module: module, options: options).run(
        name, arguments: arguments)
      withExtendedLifetime(results) {}
      return nil
    } catch {
      return context.diagnostics.diagnostics.last?.message
    }
  }

  struct Failure: Error { let message: String }
}
