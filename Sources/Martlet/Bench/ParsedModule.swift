import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// A module with the context it lives in.
struct ParsedModule {
  let context: Context
  let module: Operation
  private let diagnostics: DiagnosticEngine

  /// Reads text or bytecode.
  init(_ source: SourceFile) throws {
    diagnostics = DiagnosticEngine()
    context = Registration.makeContext(diagnostics)
    context.allowsUnregisteredDialects = true
    do throws(Reported) {
      module = try source.readModule(into: context)
    } catch {
      throw ParsedModule.failure(source.name, diagnostics)
    }
  }

  private static func failure(_ name: String, _ diagnostics: DiagnosticEngine) -> BenchFailure {
    let first = diagnostics.diagnostics.first?.message ?? "an error that was not reported"
    return BenchFailure("\(name): \(first)")
  }

  /// Runs `body`, making an error of what it reports.
  func checked(_ body: () throws(Reported) -> Void) throws {
    do throws(Reported) { try body() } catch {
      throw ParsedModule.failure("module", diagnostics)
    }
  }

  /// Operations in the module, itself included.
  var operationCount: Int {
    var count = 0
    module.walk { _ in count += 1 }
    return count
  }

  /// The operations of the first function's first block.
  var body: Block {
    get throws {
      guard let function = module.region().firstBlock?.firstOperation,
        function.regionCount > 0, let block = function.region().firstBlock
      else { throw BenchFailure("the module holds no function") }
      return block
    }
  }

  /// A runner of `pipeline` that verifies nothing.
  func manager(_ pipeline: String) throws -> PassManager {
    do throws(Diagnostic) {
      let manager = PassManager(
        context, try PipelineParser.parse(pipeline, Registration.passes, anchor: "builtin.module"))
      manager.verifiesEachPass = false
      return manager
    } catch {
      throw BenchFailure(error.message)
    }
  }
}
