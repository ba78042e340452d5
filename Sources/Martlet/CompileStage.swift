/// The levels a program passes through, in order, any of which can be printed.
public enum CompileStage: String, Sendable, CaseIterable, Comparable {
  /// The ONNX operators, one to one.
  case onnx
  /// Structured operations on tensors, fused.
  case linalg
  /// Structured operations on buffers.
  case bufferized
  /// Loops and vectors over buffers.
  case loops
  case llvmDialect = "llvm-dialect"
  /// LLVM IR text.
  case llvm
  /// Assembly of the host.
  case asm
  /// The plan: ports, slots, steps.
  case plan

  private var order: Int { CompileStage.allCases.firstIndex(of: self) ?? 0 }
  public static func < (a: CompileStage, b: CompileStage) -> Bool { a.order < b.order }
}
