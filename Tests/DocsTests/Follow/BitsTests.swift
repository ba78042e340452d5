import Martlet
import MartletIR
import MartletInterpreter
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

@Suite struct BitsTests {
  private let text = """
    func.func @main(%x: i32) -> i32 {
      %0 = bits.rotate %x by 3
      %1 = bits.rotate %0 by 5
      return %1 : i32
    }
    """

  /// Reads and verifies `text`, runs `passes`, hands what comes of it to `body`.
  private func transform<Result>(_ passes: String, _ body: (Operation) throws -> Result) throws
    -> Result
  {
    let context = Registration.makeContext()
    context.register("bits") { Bits.dialect }
    let module = try Parser(SourceFile(name: "test", text: text), context: context).parseModule()
    try Verifier().verify(module)
    var registry = Registration.passes
    registry.register(Pass.expandRotates)
    try PassManager(context, try PipelineParser.parse(passes, registry)).run(module)
    return try withExtendedLifetime(context) { try body(module) }
  }

  private func run(_ module: Operation, _ x: Int64) throws -> Int64? {
    var semantics = Semantics.standard
    semantics.addBits()
    let interpreter = Interpreter(module: module, semantics: semantics)
    guard case .integer(let value) = try interpreter.run("main", arguments: [.integer(x)]).first
    else { return nil }
    return value
  }

  @Test func rotationsBecomeOne() throws {
    let merged = try transform("canonicalize") { Printer.text($0) }
    #expect(merged.contains("bits.rotate %arg0 by 8\n"))
    #expect(merged.split(separator: "\n").count { $0.contains("bits.rotate") } == 1)
  }

  @Test(arguments: ["", "canonicalize", "expand-rotates", "canonicalize,expand-rotates"])
  func theResultStaysTheSame(_ passes: String) throws {
    for (x, expected) in [(1, 256), (-1, -1), (0x1234_5678, 0x3456_7812)] as [(Int64, Int64)] {
      #expect(try transform(passes) { try run($0, x) } == expected)
    }
  }

  @Test func shiftsRemain() throws {
    let shifts = try transform("canonicalize,expand-rotates") { Printer.text($0) }
    #expect(!shifts.contains("bits."))
    #expect(shifts.contains("arith.shrui"))
  }
}
