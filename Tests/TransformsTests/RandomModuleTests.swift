import Foundation
import MartletDialects
import MartletIR
import MartletInterpreter
import MartletPasses
import MartletSupport
import MartletSyntax
import MartletTransforms
import Testing

/// Random modules must mean the same after each pass, and read back as they were printed.
@Suite struct RandomModuleTests {
  static let seeds = Array(0..<60)

  static let pipelines = [
    "canonicalize", "canonicalize{region-simplify=aggressive}", "cse",
    "loop-invariant-code-motion", "symbol-dce", "inline", "sccp", "remove-dead-values",
    "control-flow-sink,topological-sort,strip-debuginfo,loop-invariant-subset-hoisting",
    "sroa,mem2reg,linalg-generalize-named-ops",
    "sccp,remove-dead-values,control-flow-sink,canonicalize,inline,sccp,remove-dead-values,cse",
    "canonicalize,cse,loop-invariant-code-motion,inline,symbol-dce,canonicalize,cse",
  ]

  @Test(arguments: seeds) func keepsMeaning(seed: Int) throws {
    let text = RandomModule.text(seed: seed)
    let expected = try Module(text).result()
    for pipeline in Self.pipelines {
      let module = try Module(text)
      try module.run(pipeline)
      let found = try module.result()
      #expect(found == expected, "seed \(seed) after \(pipeline):\n\(text)")
    }
  }

  @Test(arguments: seeds) func readsBack(seed: Int) throws {
    let module = try Module(RandomModule.text(seed: seed))
    let printed = Printer.text(module.operation)
    #expect(try Module(printed).text() == printed)
    var options = PrintOptions()
    options.generic = true
    let generic = Printer.text(module.operation, options: options)
    #expect(try Module(generic).text() == printed)
  }

  /// A pipeline run twice changes nothing the second time.
  @Test(arguments: seeds) func settles(seed: Int) throws {
    let module = try Module(RandomModule.text(seed: seed))
    try module.run("canonicalize,cse,canonicalize,cse")
    let once = Printer.text(module.operation)
    try module.run("canonicalize,cse")
    #expect(Printer.text(module.operation) == once, "seed \(seed)")
  }

  /// How many of the modules `canonicalize,cse` leaves as mlir-opt does, to the letter.
  @Test(.enabled(if: Self.mlirOpt != nil, "needs mlir-opt")) func isAsMLIROpt() throws {
    var equal = 0
    var different: [Int] = []
    for seed in Self.seeds {
      let text = RandomModule.text(seed: seed)
      let module = try Module(text)
      try module.run("canonicalize,cse")
      let found = Printer.text(module.operation)
      if try Self.optimise(text) == found.trimmingCharacters(in: .newlines) {
        equal += 1
      } else {
        different.append(seed)
      }
    }
    #expect(equal >= Self.seeds.count * 9 / 10, "different: \(different)")
  }

  static let mlirOpt: String? = [22].map { "/usr/lib/llvm-\($0)/bin/mlir-opt" }.first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private static func optimise(_ text: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "martlet-\(UUID().uuidString).mlir")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: mlirOpt ?? "")
    process.arguments = ["--canonicalize", "--cse", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}

/// A module made from text, to be rewritten and interpreted.
private final class Module {
  struct Failure: Error, CustomStringConvertible { let description: String }

  let context = Context()
  let operation: MartletIR.Operation

  func text() -> String {
    defer { withExtendedLifetime(context) {} }
    return Printer.text(operation)
  }

  init(_ text: String) throws {
    registerAllDialects(context)
    do {
      let source = SourceFile(name: "random.mlir", text: text)
      operation = try Parser(source, context: context).parseModule()
      try Verifier().verify(operation)
    } catch {
      throw Failure(description: "\(context.diagnostics.diagnostics)\n\(text)")
    }
  }

  func run(_ pipeline: String) throws {
    let registry = PassRegistry([
      .canonicalize, .controlFlowSink, .cse, .generalizeNamedOps, .inline,
      .loopInvariantCodeMotion, .loopInvariantSubsetHoisting, .mem2reg, .removeDeadValues, .sccp,
      .sroa, .stripDebugInfo, .symbolDCE, .topologicalSort,
    ])
    let parsed = try PipelineParser.parse(pipeline, registry)
    do {
      try PassManager(context, parsed).run(operation)
    } catch {
      throw Failure(description: "\(pipeline): \(context.diagnostics.diagnostics)")
    }
  }

  func result() throws -> Int64? {
    do {
      return try Interpreter(module: operation).run("main", arguments: [])[0].integer
    } catch {
      throw Failure(description: "\(context.diagnostics.diagnostics)")
    }
  }
}
