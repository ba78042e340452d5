import Martlet
import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// What is run on each input. A trap, a report of the sanitizer, a hang, or a module that is not what it must be is a
/// find; the last of these is what the functions return.
///
/// The tests of the main package replay the inputs in Fuzzing/Inputs through this same file.
enum FuzzTarget: String, CaseIterable {
  case text, bytecode, passes

  /// What is wrong with what becomes of the input; nil where nothing is.
  func problem(_ input: UnsafeBufferPointer<UInt8>) -> String? {
    switch self {
    case .text: textProblem(input)
    case .bytecode: bytecodeProblem(input)
    case .passes: passProblem(input)
    }
  }

  static func makeContext() -> Context {
    let context = Registration.makeContext()
    context.allowsUnregisteredDialects = true
    return context
  }
}

private func messages(_ context: Context) -> String {
  context.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
}

/// What `body` returns; nil where it ended in a diagnosed error.
private func accepted(_ body: () throws(Reported) -> String?) -> String?? {
  do throws(Reported) {
    return .some(try body())
  } catch {
    return nil
  }
}

private func text(_ module: MartletIR.Operation) -> String {
  var options = PrintOptions()
  options.generic = true
  return Printer.text(module, options: options)
}

// MARK: Text

/// Text: read, verified, printed in both forms; what is printed in generic form is read again and gives the same.
private func textProblem(_ input: UnsafeBufferPointer<UInt8>) -> String? {
  let context = FuzzTarget.makeContext()
  defer { withExtendedLifetime(context) {} }
  return accepted { () throws(Reported) in
    let source = SourceFile(name: "input", bytes: Array(input))
    let module = try Parser(source, context: context).parseModule()
    try Verifier().verify(module)
    _ = Printer.text(module)
    return rereadingProblem(text(module))
  } ?? nil
}

private func rereadingProblem(_ printed: String) -> String? {
  let context = FuzzTarget.makeContext()
  defer { withExtendedLifetime(context) {} }
  let again = accepted { () throws(Reported) in
    let source = SourceFile(name: "printed", text: printed)
    return text(try Parser(source, context: context).parseModule())
  }
  guard let again else { return "what was printed is not accepted:\n\(messages(context))" }
  return again == printed ? nil : "what was printed reads differently:\n\(printed)\n\(again ?? "")"
}

// MARK: Bytecode

/// Bytecode: read, verified, printed; written again and read again, it gives the same.
private func bytecodeProblem(_ input: UnsafeBufferPointer<UInt8>) -> String? {
  let context = FuzzTarget.makeContext()
  defer { withExtendedLifetime(context) {} }
  return accepted { () throws(Reported) in
    let module = try BytecodeReader.read(
      SourceFile(name: "input", bytes: Array(input)), context: context)
    try Verifier().verify(module)
    _ = Printer.text(module)
    return rereadingProblem(try BytecodeWriter.bytes(module), text(module))
  } ?? nil
}

private func rereadingProblem(_ bytes: [UInt8], _ printed: String) -> String? {
  let context = FuzzTarget.makeContext()
  defer { withExtendedLifetime(context) {} }
  let again = accepted { () throws(Reported) in
    text(try BytecodeReader.read(SourceFile(name: "written", bytes: bytes), context: context))
  }
  guard let again else { return "what was written is not accepted:\n\(messages(context))" }
  return again == printed ? nil : "what was written reads differently:\n\(printed)\n\(again ?? "")"
}

// MARK: Passes

/// Passes: the first line names a pipeline for the text behind it; after each pass the verifier is the judge. A line
/// that is no pipeline chooses one pass by its bytes.
private func passProblem(_ input: UnsafeBufferPointer<UInt8>) -> String? {
  let end = input.firstIndex(of: UInt8(ascii: "\n")) ?? 0
  guard let pipeline = pipeline(Array(input[..<end])) else { return nil }
  let context = FuzzTarget.makeContext()
  defer { withExtendedLifetime(context) {} }
  return accepted { () throws(Reported) in
    let source = SourceFile(name: "input", bytes: Array(input[end...]))
    let module = try Parser(source, context: context).parseModule()
    try Verifier().verify(module)
    for element in pipeline.elements {
      var one = Pipeline()
      one.elements = [element]
      let manager = PassManager(context, one)
      manager.verifiesEachPass = false
      try manager.run(module)
      do throws(Reported) {
        try Verifier().verify(module)
      } catch {
        return "'\(one.text)' left a module that is not valid:\n\(messages(context))"
      }
    }
    return rereadingProblem(text(module))
  } ?? nil
}

private func pipeline(_ line: [UInt8]) -> Pipeline? {
  let text = String(decoding: line, as: UTF8.self)
  if !line.isEmpty, let known = try? PipelineParser.parse(text, Registration.passes) {
    // A mutation may write the same pass many times.
    return known.elements.count <= 8 ? known : nil
  }
  let passes = Registration.passes.passes
  let sum = line.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff }
  return try? PipelineParser.parse(passes[sum % passes.count].argument, Registration.passes)
}

// MARK: Seeds

/// Writes the parts of MLIR files as inputs for each target; each part goes through `passCount` of the passes, in
/// turn.
func writeSeeds(to folder: String, from files: [String], passCount: Int) {
  let passes = Registration.passes.passes.map(\.argument)
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
      for i in 0..<min(passCount, passes.count) {
        let pass = passes[(number * passCount + i) % passes.count]
        write("\(folder)/passes/\(number)-\(pass)", Array("\(pass)\n".utf8) + bytes)
      }
      let context = FuzzTarget.makeContext()
      defer { withExtendedLifetime(context) {} }
      _ = accepted { () throws(Reported) in
        let module = try Parser(SourceFile(name: "seed", bytes: bytes), context: context)
          .parseModule()
        for version in [6, 5, number % 5] {
          var options = BytecodeOptions()
          options.version = version
          write(
            "\(folder)/bytecode/\(number)-\(version)",
            try BytecodeWriter.bytes(module, options: options))
        }
        return nil
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
