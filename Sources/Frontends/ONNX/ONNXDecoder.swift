import MartletSupport

extension ONNXModel {
  /// Maps and decodes the model in the file at `path`; `-` reads standard input. Weights are
  /// views of the mapped file, whose pages are read when the weights are used.
  /// - Throws: a diagnostic that names the file, and the byte, node or tensor at fault.
  public init(contentsOf path: String) throws(Diagnostic) {
    let file = path == "-" ? try MappedFile.standardInput() : try MappedFile(path: path)
    let folder = path == "-" ? nil : ONNXExternalFiles(besideModelAt: path)
    self = try ONNXModel(
      decoding: ONNXBytes(file.bytes, ownedBy: file), named: file.path, externalFiles: folder)
  }

  /// Decodes a model held in memory, which may not refer to external data.
  /// - Parameter name: what diagnostics call the model.
  /// - Throws: a diagnostic that names the byte, node or tensor at fault.
  public init(decoding bytes: ONNXBytes, named name: String) throws(Diagnostic) {
    self = try ONNXModel(decoding: bytes, named: name, externalFiles: nil)
  }

  private init(decoding bytes: ONNXBytes, named name: String, externalFiles: ONNXExternalFiles?)
    throws(Diagnostic)
  {
    var decoder = ONNXDecoder(file: bytes, name: name, externalFiles: externalFiles)
    let outline = try decoder.outline()
    do throws(DecodingError) {
      self = try decoder.model(outline)
      try ONNXVerifier(model: self).verify()
    } catch {
      throw decoder.diagnostic(error)
    }
  }
}

/// Turns the bytes of a `ModelProto` into an `ONNXModel`. Field numbers are those of ONNX's public
/// `onnx.proto`; fields it does not know are passed over, as protobuf asks.
struct ONNXDecoder {
  /// How deeply the bodies of `If`, `Loop` and the like may be nested.
  static let graphDepthLimit = 32

  let file: ONNXBytes
  let name: String
  var externalFiles: ONNXExternalFiles?
  /// What operators are taken from where the decoder stands; differs inside functions.
  var operatorSets: [ONNXOperatorSet] = []
  var graphDepth = 0

  init(file: ONNXBytes, name: String, externalFiles: ONNXExternalFiles?) {
    self.file = file
    self.name = name
    self.externalFiles = externalFiles
  }

  /// The model's own fields, with the graph and the functions still undecoded: they need the
  /// operator sets, which the file names after them.
  struct Outline {
    var irVersion: Int64?
    var operatorSets: [ONNXOperatorSet] = []
    var producerName = ""
    var producerVersion = ""
    var domain = ""
    var modelVersion: Int64 = 0
    var documentation = ""
    var metadata: [ONNXMetadata] = []
    var hasTrainingInfo = false
    var graph: ProtobufReader?
    var functions: [ProtobufReader] = []
    /// How many of the fields read so far are fields a model has.
    var knownFieldCount = 0
  }

  func diagnostic(_ error: DecodingError) -> Diagnostic {
    let context = error.context.reversed().map { "\($0): " }.joined()
    return Diagnostic(.error, "at byte \(error.offset): \(context)\(error.message)", subject: name)
  }

  /// Reads the fields of the model itself, which is enough to tell whether it is one.
  func outline() throws(Diagnostic) -> Outline {
    guard file.bytes.count > 0 else {
      throw Diagnostic(.error, "not an ONNX file: it is empty", subject: name)
    }
    var outline = Outline()
    do throws(DecodingError) {
      try read(&outline)
    } catch {
      guard outline.knownFieldCount >= 2, foreignFormat(of: file.bytes) == nil else {
        throw notONNX(because: error)
      }
      let note = "the file may be truncated"
      var diagnostic = diagnostic(error.within("model"))
      diagnostic.notes = [Diagnostic(.note, note, subject: name)]
      throw diagnostic
    }
    guard outline.graph != nil else {
      if outline.knownFieldCount < 2 { throw notONNX(because: nil) }
      throw Diagnostic(.error, "the model has no graph; the file may be truncated", subject: name)
    }
    return outline
  }

  private func notONNX(because error: DecodingError?) -> Diagnostic {
    if let format = foreignFormat(of: file.bytes) {
      return Diagnostic(.error, "not an ONNX file: it looks like \(format)", subject: name)
    }
    guard let error else {
      return Diagnostic(.error, "not an ONNX file: it holds no graph", subject: name)
    }
    let note = Diagnostic(.note, "at byte \(error.offset): \(error.message)", subject: name)
    return Diagnostic(.error, "not an ONNX file", subject: name, notes: [note])
  }

  private func read(_ outline: inout Outline) throws(DecodingError) {
    var reader = ProtobufReader(file.bytes)
    while let field = try reader.nextField() {
      switch field.number {
      case 1: outline.irVersion = try reader.int64(field)
      case 2: outline.producerName = try reader.string(field)
      case 3: outline.producerVersion = try reader.string(field)
      case 4: outline.domain = try reader.string(field)
      case 5: outline.modelVersion = try reader.int64(field)
      case 6: outline.documentation = try reader.string(field)
      case 7:
        guard outline.graph == nil else {
          throw DecodingError(offset: field.offset, message: "the model has two graphs")
        }
        outline.graph = try reader.message(field)
      case 8: outline.operatorSets.append(try operatorSet(reader.message(field)))
      case 14: outline.metadata.append(try metadata(reader.message(field)))
      case 20:
        try reader.skip(field)
        outline.hasTrainingInfo = true
      case 25: outline.functions.append(try reader.message(field))
      default:
        try reader.skip(field)
        continue
      }
      outline.knownFieldCount += 1
    }
  }

  /// Decodes what `outline` left.
  mutating func model(_ outline: Outline) throws(DecodingError) -> ONNXModel {
    guard let irVersion = outline.irVersion, irVersion >= 1, irVersion <= Int64(Int32.max) else {
      throw DecodingError(
        offset: 0,
        message: "the model's ir_version is "
          + (outline.irVersion.map { "\($0)" } ?? "missing"))
    }
    guard let graphReader = outline.graph else {
      throw DecodingError(offset: 0, message: "the model has no graph")
    }
    // Before IR version 3 models named no operator sets; the first was meant.
    let implied = irVersion < 3 ? [ONNXOperatorSet(domain: "", version: 1)] : []
    operatorSets = outline.operatorSets.isEmpty ? implied : outline.operatorSets
    guard !operatorSets.isEmpty else {
      throw DecodingError(offset: 0, message: "the model imports no operator set")
    }
    var model = ONNXModel(
      path: name, irVersion: Int(irVersion), operatorSets: operatorSets,
      graph: try graph(graphReader))
    model.producerName = outline.producerName
    model.producerVersion = outline.producerVersion
    model.domain = outline.domain
    model.modelVersion = Int(outline.modelVersion)
    model.documentation = outline.documentation
    model.metadata = outline.metadata
    model.hasTrainingInfo = outline.hasTrainingInfo
    for reader in outline.functions { model.functions.append(try function(reader)) }
    return model
  }

  func operatorSet(_ message: ProtobufReader) throws(DecodingError) -> ONNXOperatorSet {
    var reader = message
    var domain = ""
    var version: Int64 = 0
    while let field = try reader.nextField() {
      switch field.number {
      case 1: domain = try reader.string(field)
      case 2: version = try reader.int64(field)
      default: try reader.skip(field)
      }
    }
    guard version >= 1, version <= Int64(Int32.max) else {
      throw DecodingError(
        offset: message.startOffset,
        message: "version \(version) of operator set '\(domain)' is not allowed")
    }
    return ONNXOperatorSet(domain: canonicalDomain(domain), version: Int(version))
  }

  func metadata(_ message: ProtobufReader) throws(DecodingError) -> ONNXMetadata {
    var reader = message
    var entry = ONNXMetadata(key: "", value: "")
    while let field = try reader.nextField() {
      switch field.number {
      case 1: entry.key = try reader.string(field)
      case 2: entry.value = try reader.string(field)
      default: try reader.skip(field)
      }
    }
    return entry
  }
}

/// What a file that is not an ONNX model seems to be, by how it begins; nil where that is unknown.
private func foreignFormat(of bytes: UnsafeRawBufferPointer) -> String? {
  let signatures: [(offset: Int, bytes: [UInt8], format: String)] = [
    (0, [0x89, 0x50, 0x4e, 0x47], "a PNG image"),
    (0, [0xff, 0xd8, 0xff], "a JPEG image"),
    (0, [0x7f, 0x45, 0x4c, 0x46], "an ELF program or library"),
    (0, [0x50, 0x4b, 0x03, 0x04], "a zip archive, as PyTorch's .pt and numpy's .npz files are"),
    (0, [0x1f, 0x8b], "a gzip archive; unpack it first"),
    (0, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "a numpy array"),
    (0, [0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    (0, [0x4d, 0x4c, 0xef, 0x52], "MLIR bytecode"),
    (0, [0x25, 0x50, 0x44, 0x46], "a PDF document"),
    (0, Array("GGUF".utf8), "a GGUF model"),
    (4, Array("TFL3".utf8), "a TensorFlow Lite model"),
    (4, Array("ORTM".utf8), "a model in ONNX Runtime's own .ort format"),
    (8, Array("{\"".utf8), "a safetensors file"),
  ]
  for signature in signatures
  where bytes.dropFirst(signature.offset).starts(with: signature.bytes) {
    return signature.format
  }
  let start = bytes.prefix(512)
  let isText = start.allSatisfy { $0 >= 0x20 && $0 != 0x7f || (9...13).contains($0) }
  if isText {
    return start.starts(with: Array("version https://git-lfs".utf8))
      ? "a Git LFS pointer; fetch the file it stands for" : "text"
  }
  return nil
}
