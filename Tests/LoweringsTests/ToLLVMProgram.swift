import MartletCPU
import MartletDialects
import MartletIR
import MartletInterpreter
import MartletLowerings
import MartletPasses
import MartletRuntime
import MartletSupport
import MartletSyntax

/// A module whose `main` takes static memrefs, to be run compiled and interpreted on the same bytes.
final class ToLLVMProgram {
  let context = Context()
  let module: Operation
  /// Element type and shape of each parameter.
  let parameters: [Type]
  private let text: String

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(_ text: String) throws {
    self.text = text
    registerAllDialects(context)
    Printer.install(in: context)
    do {
      let source = SourceFile(name: "test.mlir", text: text)
      module = try Parser(source, context: context).parseModule()
      try Verifier().verify(module)
    } catch {
      throw Failure(description: Self.problems(context) + "\n" + text)
    }
    let main = module.region().firstBlock.flatMap { block in
      block.operations.first { SymbolTable.name(of: $0) == "main" }
    }
    parameters = FuncOp(main)?.type.inputs ?? []
  }

  private static func problems(_ context: Context) -> String {
    context.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
  }

  // MARK: Memory

  static func byteCount(_ type: Type) -> Int {
    (type.elementCount ?? 0) * DenseElements.elementSize(type.elementType)
  }

  /// Bytes for each parameter: small random integers, or floats of moderate size.
  func randomInputs(seed: UInt64) -> [[UInt8]] {
    var random = SplitMix(seed)
    return parameters.map { type in
      var bytes: [UInt8] = []
      for _ in 0..<(type.elementCount ?? 0) {
        let element = type.elementType
        var word: UInt64
        if let kind = element.floatKind {
          word = FloatFormat.encode(random.float(), kind)[0]
        } else if element.isInteger(1) {
          word = random.next() & 1
        } else {
          word = random.next() >> (random.next() % 64)
          if random.next() & 1 == 1 { word = 0 &- word }
          if element.isIndex { word = random.next() % 8 }
        }
        let size = DenseElements.elementSize(element)
        for i in 0..<size { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * i))) }
      }
      return bytes
    }
  }

  // MARK: Running

  /// The parameters' bytes after the interpreter ran `main` on these.
  func interpret(_ inputs: [[UInt8]]) throws -> [[UInt8]] {
    var arguments: [RuntimeValue] = []
    var storages: [ArrayStorage] = []
    for (type, bytes) in zip(parameters, inputs) {
      guard let format = ElementFormat(type.elementType) else {
        throw Failure(description: "no format for \(type)")
      }
      let storage = try ArrayStorage(format, count: type.elementCount ?? 0)
      bytes.withUnsafeBytes { from in
        if let start = from.baseAddress {
          storage.base.copyMemory(from: start, byteCount: from.count)
        }
      }
      storages.append(storage)
      arguments.append(.memref(MemRefValue(storage, shape: type.shape)))
    }
    do {
      _ = try Interpreter(module: module).run("main", arguments: arguments)
    } catch {
      throw Failure(description: Self.problems(context) + "\n" + text)
    }
    return zip(storages, inputs).map { storage, bytes in
      Array(UnsafeRawBufferPointer(start: storage.base, count: bytes.count))
    }
  }

  /// Runs passes, then the conversion, and verifies.
  func lower(_ passes: [Pass] = []) throws {
    do {
      for pass in passes + [.convertToLLVM] {
        try pass.run(on: module)
        try Verifier().verify(module)
      }
    } catch {
      throw Failure(description: Self.problems(context) + "\n" + printed())
    }
  }

  func printed() -> String { Printer.text(module) }

  /// The module, lowered before, as LLVM IR text.
  func llvmIR() throws -> String {
    do {
      return String(decoding: try LLVMIRWriter.write(module), as: UTF8.self)
    } catch {
      throw Failure(description: Self.problems(context) + "\n" + printed())
    }
  }

  /// Compiles the module, lowered before.
  func compile(pipeline: String = "default<O1>", threads: Int = 1) throws -> LoadedObject {
    var options = CPUCompiler.Options()
    options.pipeline = pipeline
    options.threads = threads
    options.splitThreshold = 1
    let compiler = try CPUCompiler(options)
    do {
      let objects = try compiler.compile(module).objects
      return try ObjectLoader.load(
        objects: objects.enumerated().map { (name: "o\($0)", bytes: $1) })
    } catch {
      let ir = (try? llvmIR()) ?? ""
      throw Failure(description: "\(error)\n\(Self.problems(context))\n\(text)\n\(ir)")
    }
  }

  /// Calls `martlet_entry` on copies of these bytes.
  /// - Returns: the status and the bytes afterwards.
  static func run(_ code: LoadedObject, _ inputs: [[UInt8]]) throws -> (Int32, [[UInt8]]) {
    guard let address = code.address(of: "martlet_entry") else {
      throw Failure(description: "no entry")
    }
    typealias Entry =
      @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> Int32
    let entry = unsafeBitCast(address, to: Entry.self)
    var pointers: [UnsafeMutableRawPointer?] = []
    for bytes in inputs {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
      bytes.withUnsafeBytes { from in
        if let start = from.baseAddress { memory.copyMemory(from: start, byteCount: from.count) }
      }
      pointers.append(memory)
    }
    pointers.append(nil)
    defer { for pointer in pointers { pointer?.deallocate() } }
    let status = pointers.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { entry($0) } ?? -1
    }
    let results = zip(pointers, inputs).map { pointer, bytes in
      Array(UnsafeRawBufferPointer(start: pointer, count: bytes.count))
    }
    return (status, results)
  }

  /// Where compiled and interpreted results differ; nil where they are the same bytes (NaN being equal to NaN).
  static func difference(_ text: String, passes: [Pass] = [], seed: UInt64 = 1, threads: Int = 1)
    throws -> String?
  {
    let program = try ToLLVMProgram(text)
    let inputs = program.randomInputs(seed: seed)
    let wanted = try program.interpret(inputs)
    let types = program.parameters
    try program.lower(passes)
    let code = try program.compile(threads: threads)
    let (status, found) = try run(code, inputs)
    if status != 0 { return "status \(status)" }
    for (k, type) in types.enumerated() where wanted[k] != found[k] {
      let size = DenseElements.elementSize(type.elementType)
      for i in 0..<(type.elementCount ?? 0) {
        let a = word(wanted[k], i * size, size)
        let b = word(found[k], i * size, size)
        if a == b { continue }
        if let kind = type.elementType.floatKind,
          FloatFormat.decode(a, kind)?.isNaN ?? false, FloatFormat.decode(b, kind)?.isNaN ?? false
        {
          continue
        }
        return "parameter \(k), element \(i): interpreted \(a), compiled \(b)\n\(text)"
      }
    }
    return nil
  }

  private static func word(_ bytes: [UInt8], _ start: Int, _ size: Int) -> UInt64 {
    var word: UInt64 = 0
    for i in 0..<size { word |= UInt64(bytes[start + i]) << UInt64(8 * i) }
    return word
  }
}

/// Steele and others' generator: small, and the same everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func float() -> Double {
    let unit = Double(next() >> 11) * 0x1p-53
    return (unit - 0.5) * [1, 8, 1000][below(3)]
  }
}
