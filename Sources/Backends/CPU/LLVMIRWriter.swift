import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

/// Writes a module of the llvm dialect as LLVM IR text that LLVM 19 to 22 read.
///
/// Block arguments become phi nodes and constants are written where they are used; values are
/// numbered in the order of the text, as LLVM's reader is fastest on.
public final class LLVMIRWriter {
  /// What is known of how the text will be used.
  public struct Options: Sendable {
    /// The processor and features functions are compiled for; empty leaves them to the compiler.
    public var cpu = ""
    public var features = ""
    /// Bits of the vectors LLVM should prefer; nil leaves it to the processor's default.
    public var preferredVectorWidth: Int?
    /// Hints for loops that carry none of their own.
    public var defaultLoop: LoopHints?
    /// Whether symbols private to the module are visible to other objects of one program.
    public var exportsPrivateSymbols = false

    public init() {}
  }

  /// How LLVM should treat a loop; nil leaves it to LLVM.
  public struct LoopHints: Hashable, Sendable {
    public var vectorize: Bool?
    public var vectorWidth: Int?
    public var interleaveCount: Int?
    public var unroll: Bool?
    public var unrollCount: Int?
    public var isFullUnroll = false
    public var mustProgress = false

    public init(
      vectorize: Bool? = nil, vectorWidth: Int? = nil, interleaveCount: Int? = nil,
      unroll: Bool? = nil, unrollCount: Int? = nil
    ) {
      self.vectorize = vectorize
      self.vectorWidth = vectorWidth
      self.interleaveCount = interleaveCount
      self.unroll = unroll
      self.unrollCount = unrollCount
    }
  }

  let out: TextBuffer
  let options: Options
  let module: Operation
  let context: Context
  /// Number of each value, by its handle; valid within the function being written.
  var numbers: [UInt32]
  /// Position of each block in the function being written.
  var blockNumbers: [Block: Int] = [:]
  /// Handlers by operation name number.
  private var handlers: [Handler?] = []
  /// Texts of types met, by handle.
  var typeTexts: [UInt32: [UInt8]] = [:]
  var flagTexts: [Attribute: String] = [:]
  var namedStructs: [(name: String, type: Type)] = []
  var namedStructSet: Set<String> = []
  /// Declarations of intrinsics and functions of libraries, in order of first use.
  private var declarations: [String] = []
  private var declared: Set<String> = []
  /// Attribute groups, in order of first use.
  private var groups: [String] = []
  /// Metadata nodes, in order.
  var metadata: [String] = []
  var loopPropertyNodes: [String: Int] = [:]
  /// Symbols the module defines or declares.
  private var symbols: Set<String> = []
  /// Functions called that are in the module, where only a part of it is written.
  private var referenced: Set<String> = []
  /// Extra blocks of the function being written: edges that need a block of their own.
  var edges: [(from: Int, to: Block, successor: Int, terminator: Operation)] = []
  /// Lines that operations count as in debug information; nil for none.
  let lines: [Operation: Int]?
  /// Metadata node of the function being written, for the locations in it.
  var subprogram = 0

  private init(_ module: Operation, _ options: Options, _ lines: [Operation: Int]?) {
    self.module = module
    self.options = options
    self.lines = lines
    context = module.context
    out = TextBuffer(capacity: 1 << 16)
    numbers = Array(repeating: 0, count: module.context.valueCapacity)
  }

  /// The text of `module`, an operation whose region holds functions and globals.
  /// - Parameter selection: names of the functions to define; others are declared as far as the
  ///   chosen ones use them, and globals are defined only with `definesGlobals`. Nil defines all.
  /// - Parameter lines: the line each instruction gets in line tables, by which what LLVM makes of
  ///   it is found again. Nil writes no debug information.
  /// - Throws: where an operation or type has no form in LLVM IR; the diagnostic names it.
  public static func write(
    _ module: Operation, options: Options = Options(), only selection: Set<String>? = nil,
    definesGlobals: Bool = true, lines: [Operation: Int]? = nil
  ) throws(Reported) -> [UInt8] {
    let writer = LLVMIRWriter(module, options, lines)
    try writer.writeModule(selection, definesGlobals)
    return Array(writer.out.bytes)
  }

  // MARK: Module

  private func writeModule(_ selection: Set<String>?, _ definesGlobals: Bool) throws(Reported) {
    let operations = module.regions.first?.firstBlock.map { Array($0.operations) } ?? []
    for operation in operations {
      if let name = SymbolTable.name(of: operation) { symbols.insert(name) }
    }
    for operation in operations {
      switch operation.name.string {
      case "llvm.mlir.global": try writeGlobal(operation, isDefined: definesGlobals)
      case "llvm.func", "llvm.module_flags", "llvm.comdat": break
      case "llvm.mlir.alias", "llvm.mlir.ifunc", "llvm.mlir.global_ctors",
        "llvm.mlir.global_dtors":
        throw operation.emitOpError("has no translation to LLVM IR text yet")
      default:
        throw operation.emitOpError("is not of the llvm dialect and has no form in LLVM IR")
      }
    }
    var undefined: [(name: String, operation: Operation)] = []
    for operation in operations where operation.name.string == "llvm.func" {
      let name = SymbolTable.name(of: operation) ?? ""
      let isChosen = selection.map { $0.contains(name) } ?? true
      if operation.regions.first?.isEmpty ?? true || !isChosen {
        undefined.append((name, operation))
      } else {
        try writeFunction(operation)
      }
    }
    for (name, operation) in undefined
    where selection == nil || referenced.contains(name) {
      try writeSignature(operation, isDefinition: false)
    }
    for text in declarations { out.append(text) }
    for (name, type) in namedStructs { try writeNamedStruct(name, type) }
    for (number, text) in groups.enumerated() {
      out.append("attributes #")
      out.append(Int64(number))
      out.append(" = { ")
      out.append(text)
      out.append(" }\n")
    }
    if lines != nil { writeDebugRoots() }
    for (number, text) in metadata.enumerated() {
      out.append("!")
      out.append(Int64(number))
      out.append(" = ")
      out.append(text)
      out.append("\n")
    }
  }

  /// Declares a function of another library, once, unless the module has it.
  func declare(_ name: String, _ make: () throws(Reported) -> String) throws(Reported) {
    if symbols.contains(name) { return }
    guard declared.insert(name).inserted else { return }
    declarations.append(try make())
  }

  func refer(to name: String) { referenced.insert(name) }

  /// The number of the attribute group with this content.
  func group(_ text: String) -> Int {
    if let known = groups.firstIndex(of: text) { return known }
    groups.append(text)
    return groups.count - 1
  }

  /// The number of a metadata node with this content.
  func node(_ text: String) -> Int {
    if let known = loopPropertyNodes[text] { return known }
    metadata.append(text)
    loopPropertyNodes[text] = metadata.count - 1
    return metadata.count - 1
  }

  // MARK: Handlers

  func handler(_ operation: Operation) throws(Reported) -> Handler {
    let index = Int(operation.name.raw)
    if index < handlers.count, let known = handlers[index] { return known }
    guard let found = Handler(operation.name.string) else {
      throw operation.emitOpError("has no form in LLVM IR")
    }
    while handlers.count <= index { handlers.append(nil) }
    handlers[index] = found
    return found
  }

  // MARK: Names

  /// `@name`, quoted where LLVM's syntax asks for it.
  func symbol(_ name: String, prefix: StaticString = "@") {
    out.append(prefix)
    identifier(name)
  }

  func identifier(_ name: String) {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy {
        ($0 >= 97 && $0 <= 122) || ($0 >= 65 && $0 <= 90) || ($0 >= 48 && $0 <= 57)
          || $0 == 95 || $0 == 46 || $0 == 36 || $0 == 45
      } && !(name.utf8.first.map { $0 >= 48 && $0 <= 57 } ?? true)
    if isPlain {
      out.append(name)
    } else {
      quoted(Array(name.utf8))
    }
  }

  /// The bytes in quotes, those that are not printable as `\XX`.
  func quoted(_ bytes: some Sequence<UInt8>) {
    out.append("\"")
    for byte in bytes {
      if byte >= 32, byte < 127, byte != 34, byte != 92 {
        out.append(byte)
      } else {
        out.append("\\")
        out.append(Self.hexDigit(byte >> 4))
        out.append(Self.hexDigit(byte & 15))
      }
    }
    out.append("\"")
  }

  static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }

  /// The text `body` writes, taken out of the buffer.
  func captured(_ body: () throws(Reported) -> Void) throws(Reported) -> String {
    let start = out.count
    try body()
    let text = String(
      decoding: UnsafeRawBufferPointer(rebasing: out.bytes[start...]), as: UTF8.self)
    out.truncate(to: start)
    return text
  }
}
