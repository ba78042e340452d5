import MartletDialects
import MartletIR
import MartletLowerings
import MartletONNX
import MartletPasses
import MartletRuntime
import MartletSupport
import MartletSyntax
import MartletTransforms

/// The first half of a program's way: from its file to a module whose entry is called `main`.
struct Frontend {
  let source: ProgramSource
  let context: Context

  /// Reads the file and finds the entry.
  /// - Throws: diagnostics have been reported.
  func load(entry: String?) throws(Reported) -> (module: Operation, function: FuncOp) {
    let module = try read()
    return (module, try self.entry(entry, of: module))
  }

  /// Reads the file.
  func read() throws(Reported) -> Operation {
    switch source.kind {
    case .onnx:
      return try traced(.parse, "import onnx") { () throws(Reported) in
        let module = try importModel()
        tell(source.file.bytes.count)
        return module
      }
    case .mlir:
      let text = SourceFile(name: source.path, file: source.file)
      let module = try traced(.parse, text.isBytecode ? "read bytecode" : "lex and parse") {
        () throws(Reported) in
        let module = try text.readModule(into: context)
        tell(text.bytes.count)
        return module
      }
      if !text.isBytecode { TraceRecorder.current?.trace.attach(text) }
      try traced(.verify, "input") { () throws(Reported) in try Verifier().verify(module) }
      return module
    }
  }

  /// Counts what was read.
  private func tell(_ bytes: Int) {
    guard let recorder = TraceRecorder.current else { return }
    recorder.count("ops", context.operationCount)
    recorder.count("bytes", bytes)
  }

  /// Finds the entry.
  func entry(_ entry: String?, of module: Operation) throws(Reported) -> FuncOp {
    let function = try selectEntry(entry, in: module)
    keepNames(of: function)
    return function
  }

  private func importModel() throws(Reported) -> Operation {
    do throws(Diagnostic) {
      return try importONNX(model: ONNXModel(contentsOf: source.path), into: context)
    } catch {
      context.diagnostics.report(error)
      throw Reported()
    }
  }

  private func selectEntry(_ name: String?, in module: Operation) throws(Reported) -> FuncOp {
    let functions = module.region(0).blocks.flatMap { block in
      block.operations.compactMap { FuncOp($0) }
    }.filter { !$0.isDeclaration }
    let publicOnes = functions.filter { !$0.isPrivate }
    if let name {
      if let found = functions.first(where: { $0.name == name }) { return found }
      throw noEntry("there is no function '\(name)'", functions)
    }
    if let main = functions.first(where: { $0.name == "main" }) { return main }
    if publicOnes.count == 1 { return publicOnes[0] }
    throw noEntry(
      publicOnes.isEmpty
        ? "there is no public function to run"
        : "which function is to be run? name it with --entry", functions)
  }

  private func noEntry(_ message: String, _ functions: [FuncOp]) -> Reported {
    let names = functions.map(\.name).joined(separator: ", ")
    let hint = names.isEmpty ? "" : " (functions: \(names))"
    context.diagnostics.report(Diagnostic(.error, message + hint, subject: source.path))
    return Reported()
  }

  /// Names of parameters and results become attributes, which printing and parsing keep.
  private func keepNames(of function: FuncOp) {
    for i in function.arguments.indices
    where function.argumentAttribute(i, Signature.resultAttribute) == nil {
      let name = Signature.name(ofParameter: i, function)
      if name != "arg\(i)" {
        function.setArgumentAttribute(i, Signature.nameAttribute, context.string(name))
      }
      function.setArgumentAttribute(i, "onnx.name", nil)
    }
    for i in function.type.results.indices {
      let name = Signature.name(ofResult: i, function)
      if name != "result\(i)" {
        function.setResultAttribute(i, Signature.nameAttribute, context.string(name))
      }
      function.setResultAttribute(i, "onnx.name", nil)
    }
  }
}
