import Martlet
import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// What is run on each input. A trap, a report of the sanitizer, a hang, or a module that is not what it must be is a find.

private func makeContext() -> Context {
  let context = Registration.makeContext()
  context.allowsUnregisteredDialects = true
  return context
}

/// Whether `body` ended without a diagnosed error.
private func succeeds(_ body: () throws(Reported) -> Void) -> Bool {
  do throws(Reported) {
    try body()
    return true
  } catch {
    return false
  }
}

private func text(_ module: MartletIR.Operation) -> String {
  var options = PrintOptions()
  options.generic = true
  return Printer.text(module, options: options)
}

/// Text: read, verified, printed in both forms; what is printed in generic form is read again and gives the same.
func fuzzText(_ input: UnsafeBufferPointer<UInt8>) {
  let context = makeContext()
  defer { withExtendedLifetime(context) {} }
  _ = succeeds { () throws(Reported) in
    let source = SourceFile(name: "input", bytes: Array(input))
    let module = try Parser(source, context: context).parseModule()
    try Verifier().verify(module)
    _ = Printer.text(module)
    checkText(text(module))
  }
}

private func checkText(_ printed: String) {
  let context = makeContext()
  defer { withExtendedLifetime(context) {} }
  var again = ""
  let isAccepted = succeeds { () throws(Reported) in
    let module = try Parser(SourceFile(name: "printed", text: printed), context: context)
      .parseModule()
    again = text(module)
  }
  guard isAccepted else {
    let messages = context.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
    fatalError("what was printed is not accepted:\n\(messages)")
  }
  guard again == printed else {
    fatalError("what was printed reads differently:\n\(printed)\n\(again)")
  }
}

/// Bytecode: read, verified, printed; written again and read again, it gives the same.
func fuzzBytecode(_ input: UnsafeBufferPointer<UInt8>) {
  let context = makeContext()
  defer { withExtendedLifetime(context) {} }
  _ = succeeds { () throws(Reported) in
    let module = try BytecodeReader.read(
      SourceFile(name: "input", bytes: Array(input)), context: context)
    try Verifier().verify(module)
    _ = Printer.text(module)
    let printed = text(module)
    let bytes = try BytecodeWriter.bytes(module)
    let other = makeContext()
    defer { withExtendedLifetime(other) {} }
    var again = ""
    let isAccepted = succeeds { () throws(Reported) in
      again = text(
        try BytecodeReader.read(SourceFile(name: "written", bytes: bytes), context: other))
    }
    guard isAccepted else {
      let messages = other.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
      fatalError("what was written is not accepted:\n\(messages)")
    }
    guard again == printed else {
      fatalError("what was written reads differently:\n\(printed)\n\(again)")
    }
  }
}

/// What the first byte of an input for `fuzzPasses` chooses from.
private let pipelines = [
  "canonicalize,cse", "inline,canonicalize", "loop-invariant-code-motion", "symbol-dce",
  "bufferize", "convert-scf-to-cf,canonicalize", "linalg-to-loops",
  "linalg-fuse-elementwise-ops,canonicalize", "math-expand", "sparsify", "convert-to-llvm",
  "specialize-shapes", "propagate-transposes",
]

/// Passes: the first byte chooses a pipeline for the text behind it; after each pass the verifier is the judge.
func fuzzPasses(_ input: UnsafeBufferPointer<UInt8>) {
  guard let first = input.first else { return }
  let context = makeContext()
  defer { withExtendedLifetime(context) {} }
  let chosen = pipelines[Int(first) % pipelines.count]
  guard let pipeline = try? PipelineParser.parse(chosen, Registration.passes) else { return }
  _ = succeeds { () throws(Reported) in
    let source = SourceFile(name: "input", bytes: Array(input.dropFirst()))
    let module = try Parser(source, context: context).parseModule()
    try Verifier().verify(module)
    for element in pipeline.elements {
      var one = Pipeline()
      one.elements = [element]
      let manager = PassManager(context, one)
      manager.verifiesEachPass = false
      try manager.run(module)
      guard succeeds({ () throws(Reported) in try Verifier().verify(module) }) else {
        let messages = context.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
        fatalError("'\(one.text)' of '\(chosen)' left a module that is not valid:\n\(messages)")
      }
    }
    _ = Printer.text(module)
  }
}

/// Writes the parts of MLIR files as inputs for each target.
func writeSeeds(to folder: String, from files: [String]) {
  var number = 0
  for file in files {
    guard let source = try? SourceFile.open(file) else { continue }
    let lines = String(decoding: source.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    for part in lines.split(whereSeparator: { $0.hasPrefix("// -----") }) {
      let text = part.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
      if text.utf8.count > 8192 || text.allSatisfy(\.isWhitespace) { continue }
      number += 1
      let bytes = Array(text.utf8)
      write("\(folder)/text/\(number)", bytes)
      write("\(folder)/passes/\(number)", [UInt8(number % pipelines.count)] + bytes)
      let context = makeContext()
      defer { withExtendedLifetime(context) {} }
      _ = succeeds { () throws(Reported) in
        let module = try Parser(SourceFile(name: "seed", bytes: bytes), context: context)
          .parseModule()
        for version in [6, 5, number % 5] {
          var options = BytecodeOptions()
          options.version = version
          write(
            "\(folder)/bytecode/\(number)-\(version)",
            try BytecodeWriter.bytes(module, options: options))
        }
      }
    }
  }
}

private func write(_ path: String, _ bytes: [UInt8]) {
  do throws(Diagnostic) {
    try writeFileAtomically(path, bytes)
  } catch {
    fatalError("\(error)")
  }
}
