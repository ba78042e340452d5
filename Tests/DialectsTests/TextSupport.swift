import Foundation
import MartletDialects
import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Reading, verifying and printing modules in tests.
enum TextSupport {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Texts")

  static func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Reads, verifies and prints a module.
  static func roundTrip(_ text: String, generic: Bool = false, canonicalize: Bool = false) throws
    -> String
  {
    let context = Context()
    context.allowsUnregisteredDialects = true
    registerAllDialects(context)
    Printer.install(in: context)
    let parser = try Parser(SourceFile(name: "test.mlir", text: text), context: context)
    let module = try parser.parseModule()
    try Verifier().verify(module)
    if canonicalize {
      applyPatternsGreedily(to: module, FrozenPatternSet.canonicalization(context))
      try Verifier().verify(module)
    }
    var options = PrintOptions()
    options.generic = generic
    return Printer.text(module, options: options)
  }

  /// The first error that reading and verifying `text` reports; nil where there is none.
  static func firstError(_ text: String) -> String? {
    let context = Context()
    registerAllDialects(context)
    Printer.install(in: context)
    do {
      let parser = try Parser(SourceFile(name: "test.mlir", text: text), context: context)
      try Verifier().verify(try parser.parseModule())
    } catch {}
    return context.diagnostics.diagnostics.first { $0.severity == .error }?.message
  }

  /// The output of a tool of an LLVM 22 installation; nil where it is not installed.
  static func run(_ tool: String, _ arguments: [String]) throws -> Data? {
    let places = ["/usr/lib/llvm-22/bin/", "/usr/local/bin/", "/opt/llvm-22/bin/"]
    guard
      let path = places.map({ $0 + tool }).first(where: {
        FileManager.default.isExecutableFile(atPath: $0)
      })
    else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = Pipe()
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data : nil
  }
}
