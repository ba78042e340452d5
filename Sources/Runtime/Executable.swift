import Glibc
import MartletSupport

/// What a program is given for an input.
public enum Argument: Sendable {
  case dense(Tensor)
  case sparse(SparseMatrix)

  /// `2x3xf32`, as a plan writes the type of an input.
  var typeText: String {
    switch self {
    case .dense(let tensor): return tensor.typeText
    case .sparse(let matrix):
      return Plan.Port(
        name: "", elementType: matrix.values.elementType, shape: [matrix.rows, matrix.columns],
        layout: .compressedRows(matrix.positions.elementType)
      ).typeText
    }
  }
}

/// A compiled program ready to run: its plan, its code in memory and its constants.
///
/// Several threads may run one executable at once: each run works in an arena of its own, which is
/// kept for later runs.
public final class Executable: Sendable {
  public let plan: Plan
  private let code: any LoadedCode
  private typealias Entry =
    @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> Int32
  private let entry: Entry
  private let constants: [BoundConstants]
  private let arenas: ArenaPool

  /// Binds the plan's constants and finds its entry in the code.
  /// - Throws: a diagnostic where the plan is unsound, the code lacks the entry, or a file of
  ///   constants cannot be mapped or is too short.
  public init(plan: Plan, code: any LoadedCode) throws(Diagnostic) {
    if let problem = plan.problem() { throw Diagnostic(.error, "unsound plan: \(problem)") }
    guard let address = code.address(of: plan.entry) else {
      throw Diagnostic(.error, "the compiled code has no entry '\(plan.entry)'")
    }
    self.plan = plan
    self.code = code
    entry = unsafeBitCast(address, to: Entry.self)
    constants = try BoundConstants.bind(plan.constants)
    arenas = ArenaPool(byteCount: plan.arenaByteCount)
  }

  /// Tensors of zeros for the outputs, in their order.
  public func makeOutputs() throws(Diagnostic) -> [Tensor] {
    var outputs: [Tensor] = []
    for port in plan.outputs {
      outputs.append(try Tensor(zeros: port.elementType, shape: port.shape))
    }
    return outputs
  }

  /// Runs the program once and returns its outputs in new memory.
  /// - Throws: as `run(inputs:outputs:)`.
  public func run(inputs: [Argument]) throws(Diagnostic) -> [Tensor] {
    var outputs = try makeOutputs()
    try run(inputs: inputs, outputs: &outputs)
    return outputs
  }

  /// Runs the program once: one call of its entry.
  /// - Parameters:
  ///   - inputs: in the plan's order, of the plan's types.
  ///   - outputs: in the plan's order; written in place. A tensor that views the caller's memory
  ///     writes there.
  /// - Throws: a diagnostic that names the input or output that does not fit, or tells which check
  ///   the program made has failed; the outputs then hold nothing of use.
  public func run(inputs: [Argument], outputs: inout [Tensor]) throws(Diagnostic) {
    try check(inputs)
    try check(outputs)
    guard let arena = arenas.take() else {
      throw Diagnostic(.error, "cannot have \(plan.arenaByteCount) bytes for intermediates")
    }
    defer { arenas.giveBack(arena) }

    var addresses: [UnsafeMutableRawPointer?] = [arena.start]
    addresses.reserveCapacity(1 + constants.count + 3 * inputs.count + outputs.count)
    for block in constants { addresses.append(block.start) }
    for input in inputs {
      switch input {
      case .dense(let tensor): addresses.append(tensor.address)
      case .sparse(let matrix):
        addresses.append(matrix.positions.address)
        addresses.append(matrix.coordinates.address)
        addresses.append(matrix.values.address)
      }
    }
    for index in outputs.indices { addresses.append(outputs[index].makeWritable()) }
    try checkApart(inputs, outputs)

    let recorder = TraceRecorder.current
    let span = recorder?.begin(.run, "run")
    recorder?.prepareKernels(of: self, plan.steps, live: plan.liveBytes)
    defer {
      if let recorder, let span {
        recorder.finishKernels()
        recorder.end(span)
      }
    }
    let status = withExtendedLifetime((arena, inputs, outputs)) {
      addresses.withUnsafeMutableBufferPointer { buffer in
        // The list is never empty: the arena is in it.
        buffer.baseAddress.map { entry($0) } ?? 0
      }
    }
    guard status == 0 else { throw failure(status) }
  }

  private func failure(_ status: Int32) -> Diagnostic {
    let index = Int(status) - 1
    guard plan.failures.indices.contains(index) else {
      return Diagnostic(.error, "the program ended with status \(status)")
    }
    return Diagnostic(.error, plan.failures[index])
  }

  /// Arenas kept for later runs.
  var idleArenas: Int { arenas.idleCount }

  // MARK: Checks

  private func check(_ inputs: [Argument]) throws(Diagnostic) {
    guard inputs.count == plan.inputs.count else {
      throw Diagnostic(
        .error, "\(inputs.count) inputs given to a program that takes \(plan.inputs.count)")
    }
    for (input, port) in zip(inputs, plan.inputs) where !fits(input, port) {
      throw Diagnostic(
        .error, "input '\(port.name)' must be \(port.typeText), not \(input.typeText)")
    }
  }

  private func fits(_ input: Argument, _ port: Plan.Port) -> Bool {
    switch (input, port.layout) {
    case (.dense(let tensor), .dense):
      return tensor.elementType == port.elementType && tensor.shape == port.shape
    case (.sparse(let matrix), .compressedRows(let index)):
      return matrix.values.elementType == port.elementType
        && matrix.positions.elementType == index && port.shape == [matrix.rows, matrix.columns]
    default: return false
    }
  }

  private func check(_ outputs: [Tensor]) throws(Diagnostic) {
    guard outputs.count == plan.outputs.count else {
      throw Diagnostic(
        .error, "\(outputs.count) outputs given to a program that has \(plan.outputs.count)")
    }
    for (tensor, port) in zip(outputs, plan.outputs) {
      guard tensor.elementType == port.elementType, tensor.shape == port.shape else {
        throw Diagnostic(
          .error, "output '\(port.name)' must be \(port.typeText), not \(tensor.typeText)")
      }
    }
  }

  /// The code may read an input after it has written an output: their memory must be apart.
  private func checkApart(_ inputs: [Argument], _ outputs: [Tensor]) throws(Diagnostic) {
    for (index, output) in outputs.enumerated() {
      let name = plan.outputs[index].name
      for (number, other) in outputs[..<index].enumerated() where output.overlaps(other) {
        throw Diagnostic(
          .error, "outputs '\(plan.outputs[number].name)' and '\(name)' share memory")
      }
      for (input, port) in zip(inputs, plan.inputs) {
        let parts =
          switch input {
          case .dense(let tensor): [tensor]
          case .sparse(let matrix): [matrix.positions, matrix.coordinates, matrix.values]
          }
        for part in parts where output.overlaps(part) {
          throw Diagnostic(.error, "input '\(port.name)' and output '\(name)' share memory")
        }
      }
    }
  }
}

extension Tensor {
  fileprivate func overlaps(_ other: Tensor) -> Bool {
    address < other.address + other.byteCount && other.address < address + byteCount
  }
}

/// A block of constants in memory, and what keeps it there.
private struct BoundConstants: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  let owner: AnyObject

  static func bind(_ blocks: [Plan.Constants]) throws(Diagnostic) -> [BoundConstants] {
    // Blocks of one file share its mapping.
    var files: [String: MappedFile] = [:]
    var bound: [BoundConstants] = []
    for block in blocks {
      switch block.source {
      case .inline(let bytes):
        bound.append(
          try bytes.withUnsafeBytes { bytes in
            Result { () throws(Diagnostic) in try copy(bytes, block) }
          }.get())
      case .file(let path, let offset, let byteCount):
        let file: MappedFile
        if let mapped = files[path] {
          file = mapped
        } else {
          file = try MappedFile(path: path)
          files[path] = file
        }
        guard offset >= 0, byteCount >= 0, byteCount <= file.bytes.count,
          offset <= file.bytes.count - byteCount
        else {
          throw Diagnostic(
            .error, "constants '\(block.name)' lie outside the file of \(file.bytes.count) bytes",
            subject: path)
        }
        let part = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<(offset + byteCount)])
        bound.append(
          try withExtendedLifetime(file) { () throws(Diagnostic) in try view(part, block, file) })
      }
    }
    return bound
  }

  private static func view(
    _ bytes: UnsafeRawBufferPointer, _ block: Plan.Constants, _ file: MappedFile
  ) throws(Diagnostic) -> BoundConstants {
    guard let start = bytes.baseAddress, Int(bitPattern: start) % block.alignment == 0 else {
      return try copy(bytes, block)
    }
    return BoundConstants(start: UnsafeMutableRawPointer(mutating: start), owner: file)
  }

  private static func copy(
    _ bytes: UnsafeRawBufferPointer, _ block: Plan.Constants
  ) throws(Diagnostic) -> BoundConstants {
    guard let memory = AlignedMemory(byteCount: bytes.count, alignment: block.alignment) else {
      throw Diagnostic(.error, "cannot have \(bytes.count) bytes for constants '\(block.name)'")
    }
    if let source = bytes.baseAddress {
      memory.start.copyMemory(from: source, byteCount: bytes.count)
    }
    return BoundConstants(start: memory.start, owner: memory)
  }
}
