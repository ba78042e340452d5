import Foundation
import MartletDialectLoading
import MartletDialects
import MartletIR
import MartletSupport
import Testing

/// Holds the dialects declared in Swift against MLIR's own records, as the loader reads them. Needs
/// llvm-tblgen and MLIR's files.
///
/// What differs on purpose stands in Files/differences.txt. After a deliberate change, run the test with
/// MARTLET_WRITE_DIFFERENCES=1 and read what the file's diff says.
@Suite struct DeclarationTests {
  /// Where each dialect is declared, below `mlir/Dialect/` or, with a slash in front, below `mlir/`.
  static let files: [String: [String]] = [
    "affine": ["Affine/IR/AffineOps.td"], "arith": ["Arith/IR/ArithOps.td"],
    "bufferization": ["Bufferization/IR/BufferizationOps.td"], "builtin": ["/IR/BuiltinOps.td"],
    "cf": ["ControlFlow/IR/ControlFlowOps.td"], "complex": ["Complex/IR/ComplexOps.td"],
    "func": ["Func/IR/FuncOps.td"], "gpu": ["GPU/IR/GPUOps.td"], "index": ["Index/IR/IndexOps.td"],
    "irdl": ["IRDL/IR/IRDLOps.td"],
    "linalg": [
      "Linalg/IR/LinalgOps.td", "Linalg/IR/LinalgStructuredOps.td",
      "Linalg/IR/LinalgRelayoutOps.td",
    ],
    "llvm": ["LLVMIR/LLVMOps.td", "LLVMIR/LLVMIntrinsicOps.td"], "math": ["Math/IR/MathOps.td"],
    "memref": ["MemRef/IR/MemRefOps.td"], "scf": ["SCF/IR/SCFOps.td"],
    "sparse_tensor": ["SparseTensor/IR/SparseTensorOps.td"], "tensor": ["Tensor/IR/TensorOps.td"],
    "transform": ["Transform/IR/TransformOps.td"], "ub": ["UB/IR/UBOps.td"],
    "vector": ["Vector/IR/VectorOps.td"],
  ]

  /// Dialects of Martlet's own.
  static let own: Set<String> = ["onnx"]
  /// Dialects of which Swift declares some attributes alone.
  static let partial: Set<String> = ["nvvm", "rocdl", "xevm"]
  /// Dialects whose differences have not been listed yet.
  static let unlisted: Set<String> = [
    "affine", "complex", "dlti", "gpu", "transform",
  ]

  private static func word(_ arity: Arity) -> String {
    switch arity {
    case .one: "one"
    case .optional: "optional"
    case .variadic: "variadic"
    }
  }

  /// Traits whose absence or presence matters to passes and verification.
  static let traits: [(String, OpTraits)] = [
    ("Pure", .pure), ("NoMemoryEffect", .noMemoryEffect), ("Commutative", .commutative),
    ("Terminator", .terminator), ("ConstantLike", .constantLike), ("Elementwise", .elementwise),
    ("SameOperandsAndResultType", .sameOperandsAndResultType),
    ("SameTypeOperands", .sameTypeOperands), ("IsolatedFromAbove", .isolatedFromAbove),
    ("AttrSizedOperandSegments", .attrSizedOperandSegments),
    ("AttrSizedResultSegments", .attrSizedResultSegments), ("ReturnLike", .returnLike),
    ("RecursiveMemoryEffects", .recursiveMemoryEffects), ("SymbolTable", .symbolTable),
    ("SingleBlock", .singleBlock), ("NoTerminator", .noTerminator),
    ("AutomaticAllocationScope", .allocationScope), ("Idempotent", .idempotent),
    ("Involution", .involution),
  ]

  /// One line for each part of a declaration.
  private static func describe(_ definition: OpDefinition) -> [String] {
    var lines = definition.operands.map { "operand \($0.name) \(word($0.arity))" }
    lines += definition.results.map { "result \($0.name) \(word($0.arity))" }
    lines += definition.attributes.filter { !$0.name.hasSuffix("SegmentSizes") }.map {
      let kind = $0.isOptional ? "optional" : $0.defaultValue != nil ? "default" : "required"
      return "attribute \($0.name) \(kind)"
    }
    lines += definition.regions.map { "region \($0.name) \(word($0.arity))" }
    lines += definition.successors.map { "successor \($0.name) \(word($0.arity))" }
    // What is Pure has no effect on memory, whether that is said or not.
    let known =
      definition.traits.contains(.pure)
      ? definition.traits.union(.noMemoryEffect) : definition.traits
    lines += traits.filter { known.contains($0.1) }.map { "trait \($0.0)" }
    if let terminator = definition.implicitTerminator { lines.append("terminator \(terminator)") }
    for parent in definition.parents { lines.append("parent \(parent)") }
    if let format = definition.format {
      lines.append("format " + format.split { $0 == " " || $0 == "\n" }.joined())
    }
    return lines
  }

  @Test func declarationsAreThoseOfMLIR() throws {
    guard let tool = try? TableGenTool.find(), let include = tool.includeDirectory else { return }
    let context = Context()
    registerAllDialects(context)
    var found: [String] = []
    for name in context.dialectNames
    where !Self.own.union(Self.partial).union(Self.unlisted).contains(name) {
      let paths = try #require(Self.files[name], "no files are named for the dialect \(name)")
      let loader = try DialectLoader(
        paths.map {
          RecordFile(
            "\(include)/mlir/" + ($0.hasPrefix("/") ? String($0.dropFirst()) : "Dialect/\($0)"))
        })
      let theirs = loader.dialect(name).dialect
      let ours = try #require(context.dialect(name))
      let table = Dictionary(
        theirs.operations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      for operation in ours.operations {
        guard let record = table[operation.name] else {
          found.append("\(operation.name): not in MLIR")
          continue
        }
        let (left, right) = (Self.describe(operation), Self.describe(record))
        // A text of the operation's own in Swift stands for a format there, and the other way round.
        let difference = right.difference(from: left).inferringMoves()
        for change in difference {
          switch change {
          case .insert(_, let line, nil): found.append("\(operation.name): only in MLIR: \(line)")
          case .remove(_, let line, nil): found.append("\(operation.name): only here: \(line)")
          case .insert(_, let line, _): found.append("\(operation.name): in another place: \(line)")
          default: break
          }
        }
      }
      let known = Set(ours.operations.map(\.name))
      let missing = theirs.operations.filter { !known.contains($0.name) }
      for operation in missing { found.append("\(operation.name): not here") }
    }
    let path = LoadingSupport.path("differences.txt")
    if ProcessInfo.processInfo.environment["MARTLET_WRITE_DIFFERENCES"] != nil {
      try (found.sorted().joined(separator: "\n") + "\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      return
    }
    let listed = Set(
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init))
    let unlisted = found.filter { !listed.contains($0) }
    #expect(unlisted == [], "declarations differ from MLIR's records; see Files/differences.txt")
  }
}
