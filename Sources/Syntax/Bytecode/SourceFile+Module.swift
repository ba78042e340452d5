import MartletIR
import MartletSupport

extension SourceFile {
  public var isBytecode: Bool { Bytecode.isBytecode(bytes) }

  /// Reads the file's module, text or bytecode, into `context`.
  /// - Throws: what is wrong has been reported to the context.
  public func readModule(into context: Context) throws(Reported) -> Operation {
    isBytecode
      ? try BytecodeReader.read(self, context: context)
      : try Parser(self, context: context).parseModule()
  }
}
