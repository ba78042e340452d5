import Foundation
import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

/// An input below Tests/Cases with what mlir-opt prints for it beside it: `name.custom.txt` and
/// `name.generic.txt`.
struct TextCase: CustomTestStringConvertible {
  let name: String
  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Cases")

  private func read(_ suffix: String) throws -> String {
    try String(
      contentsOfFile: TextCase.folder.appending(path: name + suffix).path(), encoding: .utf8)
  }

  /// Compares both forms with the references, then reads each back and compares again.
  func check() throws {
    for (suffix, isGeneric) in [(".custom.txt", false), (".generic.txt", true)] {
      let expected = lines(try read(suffix))
      let first = try IRText.print(try read(".mlir"), generic: isGeneric)
      compare(lines(first), expected, "\(name)\(suffix)")
      let second = try IRText.print(first, generic: isGeneric)
      compare(lines(second), expected, "\(name)\(suffix), read back")
    }
  }

  private func lines(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }

  private func compare(_ found: [Substring], _ expected: [Substring], _ what: String) {
    for (i, (a, b)) in zip(found, expected).enumerated() where a != b {
      Issue.record("\(what), line \(i + 1):\nexpected \(b)\nfound    \(a)")
      return
    }
    #expect(found.count == expected.count, "\(what): number of lines")
  }
}

/// Reading, checking and writing texts of IR.
enum IRText {
  static func makeContext() -> Context {
    let context = Context(diagnostics: DiagnosticEngine())
    registerAllDialects(context)
    Printer.install(in: context)
    return context
  }

  /// The verified module of `text`.
  static func parse(_ text: String, _ context: Context) throws -> MartletIR.Operation {
    let parser = try Parser(SourceFile(name: "test.mlir", text: text), context: context)
    let module = try parser.parseModule()
    try Verifier().verify(module)
    return module
  }

  static func print(_ text: String, generic: Bool = false) throws -> String {
    let context = makeContext()
    do {
      let module = try parse(text, context)
      var options = PrintOptions()
      options.generic = generic
      return Printer.text(module, options: options)
    } catch {
      Issue.record("\(context.diagnostics.diagnostics)")
      throw error
    }
  }

  /// The first message of reading and verifying a text that is wrong; nil where it is not.
  static func message(_ text: String) -> String? {
    let context = makeContext()
    _ = try? parse(text, context)
    return context.diagnostics.diagnostics.first?.message
  }

  /// The operations of `text` called `name`, in order.
  static func operations(_ name: String, in module: MartletIR.Operation) -> [MartletIR.Operation] {
    var found: [MartletIR.Operation] = []
    module.walkPreOrder { operation in
      if operation.name.string == name { found.append(operation) }
      return .advance
    }
    return found
  }
}
