import MartletIR
import MartletSupport

/// What operations do when they run, by operation name.
///
/// An operation's semantics is given in two steps: `prepare` reads attributes and types once, when a
/// function is first called, and returns the action that is taken each time the operation runs.
/// Scalar operations of arith and math are not here but in `ScalarKernels`.
public struct Semantics: Sendable {
  public typealias Action = (Frame) throws(Reported) -> Void
  public typealias Prepare = @Sendable (Instruction, BodyCompiler) throws(Reported) -> Action
  /// Chooses a successor: its number among the operation's successors and the operands it is given.
  typealias Choose = @Sendable (Instruction, Frame) throws(Reported) -> (Int, Range<Int>)

  enum Entry: Sendable {
    case operation(Prepare)
    case terminator(Prepare?)
    case branch(Choose)
  }

  private(set) var entries: [String: Entry] = [:]

  /// Whether the operation called `name` has semantics, its own or a scalar operation's.
  public func interprets(_ name: String) -> Bool {
    entries[name] != nil || ScalarKernels.table[name] != nil || name == "linalg.index"
  }

  /// No operations at all.
  public init() {}

  /// Gives the operation `name` its semantics, replacing what it had.
  public mutating func prepare(_ name: String, _ prepare: @escaping Prepare) {
    entries[name] = .operation(prepare)
  }

  /// As `prepare` for an operation that needs no preparation and has no regions.
  public mutating func register(
    _ name: String, _ run: @escaping @Sendable (Instruction, Frame) throws(Reported) -> Void
  ) {
    entries[name] = .operation { (instruction, _) throws(Reported) in
      { (frame: Frame) throws(Reported) in try run(instruction, frame) }
    }
  }

  /// Makes `name` an operation that ends a region and whose operands its parent reads.
  public mutating func registerTerminator(_ name: String, prepare: Prepare? = nil) {
    entries[name] = .terminator(prepare)
  }

  mutating func registerBranch(_ name: String, _ choose: @escaping Choose) {
    entries[name] = .branch(choose)
  }

  /// The dialects this room knows: builtin, func, arith, math, cf, scf, affine, complex, tensor,
  /// linalg, memref, bufferization, vector, sparse_tensor and onnx.
  public static let standard: Semantics = {
    var table = Semantics()
    table.addBuiltin()
    table.addFunc()
    table.addArith()
    table.addControlFlow()
    table.addAffine()
    table.addComplex()
    table.addSCF()
    table.addTensor()
    table.addTensorSlices()
    table.addTensorShapes()
    table.addLinalg()
    table.addMemRef()
    table.addMemRefAtomics()
    table.addMemRefViews()
    table.addMemRefTransfers()
    table.addBufferization()
    table.addVector()
    table.addVectorTransfer()
    table.addVectorContraction()
    table.addSparseTensor()
    table.addONNX()
    return table
  }()
}
