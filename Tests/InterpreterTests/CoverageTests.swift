import MartletDialects
import MartletIR
import MartletInterpreter
import Testing

/// Every operation of the dialects the interpreter is the reference for has semantics, but for those
/// named here.
@Suite struct CoverageTests {
  static let dialects = [
    "affine", "arith", "bufferization", "builtin", "cf", "complex", "func", "linalg", "math",
    "memref", "scf", "tensor", "ub",
  ]

  /// Operations without semantics, each with the reason.
  static let exceptions: [String: String] = [
    "linalg.winograd_filter_transform": winograd, "linalg.winograd_input_transform": winograd,
    "linalg.winograd_output_transform": winograd,
  ]
  private static let winograd =
    "parts of one algorithm for convolutions, whose matrices the operation only names"

  @Test(arguments: dialects) func everyOperationHasSemantics(dialect: String) throws {
    let context = Context()
    registerAllDialects(context)
    let declared = try #require(context.dialect(dialect)).operations.map(\.name)
    #expect(!declared.isEmpty)
    let missing = declared.filter { !Semantics.standard.interprets($0) }
    #expect(missing.filter { Self.exceptions[$0] == nil } == [])
  }

  @Test func exceptionsAreDeclaredAndHaveNone() throws {
    let context = Context()
    registerAllDialects(context)
    for (name, reason) in Self.exceptions {
      let dialect = try #require(context.dialect(String(name.prefix { $0 != "." })))
      #expect(dialect.operations.contains { $0.name == name } && !reason.isEmpty)
      #expect(!Semantics.standard.interprets(name))
    }
  }
}
