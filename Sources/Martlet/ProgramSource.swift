import MartletONNX
import MartletSupport
import MartletSyntax

/// The file a program comes from, mapped, and what kind it is.
struct ProgramSource: Sendable {
  enum Kind: Sendable { case onnx, mlir }

  let path: String
  let kind: Kind
  let file: MappedFile

  /// Opens `path`; what it is follows from its name, or from its content where the name does not tell.
  init(_ path: String) throws(Diagnostic) {
    self.path = path
    file = path == "-" ? try MappedFile.standardInput() : try MappedFile(path: path)
    if path.hasSuffix(".onnx") {
      kind = .onnx
    } else if path.hasSuffix(".mlir") || Bytecode.isBytecode(file.bytes.bindMemory(to: UInt8.self))
    {
      kind = .mlir
    } else {
      // Text holds no bytes below a tab; a protobuf file always does.
      kind = file.bytes.prefix(4096).contains { $0 < 9 } ? .onnx : .mlir
    }
  }

  /// A digest of the file's content, and of the files that hold its weights.
  func digest(into hasher: inout ContentHasher) throws(Diagnostic) {
    hasher.combine(kind == .onnx ? "onnx" : "mlir")
    // Weights in the file are used in place, so that its name is part of what is compiled.
    hasher.combine(path)
    hasher.combine(bytes: file.bytes)
    guard kind == .onnx else { return }
    let model = try ONNXModel(contentsOf: path)
    for tensor in model.graph.initializers {
      guard let bytes = tensor.bytes, let start = bytes.baseAddress else { continue }
      if let own = file.bytes.baseAddress, start >= own, start < own + file.bytes.count { continue }
      hasher.combine(tensor.name)
      hasher.combine(bytes: bytes)
    }
  }
}
