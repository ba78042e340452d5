import MartletDialects
import MartletIR

/// The least a kernel has to do: floating-point operations, and bytes of its buffers moved once. Counted from
/// its loops; nil where those depend on the data.
struct KernelCost {
  let name: String
  let flops: Double?
  let bytes: Double?
  /// Seconds of one run where it was run.
  var seconds: Double?

  static func kernels(of module: Operation) -> [KernelCost] {
    var costs: [KernelCost] = []
    for block in module.regions.first.map({ Array($0.blocks) }) ?? [] {
      for operation in block.operations {
        guard let function = FuncOp(operation), function.isPrivate, !function.isDeclaration,
          function.name.hasPrefix("kernel_")
        else { continue }
        costs.append(
          KernelCost(name: function.name, flops: flops(function), bytes: bytes(function)))
      }
    }
    return costs
  }

  // MARK: Operations

  private static func flops(_ function: FuncOp) -> Double? {
    var sum = 0.0
    for block in function.body.blocks {
      guard let count = flops(block) else { return nil }
      sum += count
    }
    return sum
  }

  private static func flops(_ block: Block) -> Double? {
    var sum = 0.0
    for operation in block.operations {
      guard let count = flops(operation) else { return nil }
      sum += count
    }
    return sum
  }

  private static let fused: Set<String> = ["vector.fma", "math.fma"]

  private static func flops(_ operation: Operation) -> Double? {
    if operation.regionCount == 0 {
      let name = operation.name.string
      if name == "vector.reduction" {
        let type = operation.operand(0).type
        return type.elementType.isFloat ? Double((type.elementCount ?? 1) - 1) : 0
      }
      guard operation.resultCount == 1, fused.contains(name) || counts(operation) else { return 0 }
      let type = operation.result().type
      let lanes = type.isVector ? Double(type.elementCount ?? 1) : 1
      return fused.contains(name) ? 2 * lanes : lanes
    }
    var inside: [Double] = []
    for region in operation.regions {
      var sum = 0.0
      for block in region.blocks {
        guard let count = flops(block) else { return nil }
        sum += count
      }
      inside.append(sum)
    }
    let most = inside.max() ?? 0
    if most == 0 { return 0 }
    switch operation.name.string {
    case "scf.for":
      guard let low = operation.operand(0).constantInteger,
        let high = operation.operand(1).constantInteger,
        let step = operation.operand(2).constantInteger, step > 0
      else { return nil }
      return most * Double(max(0, (high - low + step - 1) / step))
    case "scf.if": return most
    default: return nil
    }
  }

  /// Whether it computes with floats: arithmetic and functions, not moves, choices and comparisons.
  private static func counts(_ operation: Operation) -> Bool {
    let dialect = operation.name.dialectName
    guard dialect == "arith" || dialect == "math" else { return false }
    let type = operation.result().type
    let element = type.isVector ? type.elementType : type
    guard element.isFloat, !operation.has(.constantLike) else { return false }
    let name = operation.name.string
    return !["arith.select", "arith.bitcast", "arith.extf", "arith.truncf", "arith.sitofp",
      "arith.uitofp", "math.absf", "math.copysign"].contains(name)
  }

  // MARK: Bytes

  private static func bytes(_ function: FuncOp) -> Double? {
    var sum = 0.0
    for argument in function.arguments where argument.type.isMemRef {
      let (isRead, isWritten) = uses(argument)
      if !isRead, !isWritten { continue }
      guard let count = argument.type.elementCount else { return nil }
      let size = Double(count * DenseElements.elementSize(argument.type.elementType))
      sum += (isRead ? size : 0) + (isWritten ? size : 0)
    }
    return sum
  }

  /// Whether a buffer is read and written, through whatever views.
  private static func uses(_ buffer: Value) -> (isRead: Bool, isWritten: Bool) {
    var isRead = false
    var isWritten = false
    var seen: Set<Value> = [buffer]
    var work = [buffer]
    while let value = work.popLast() {
      for use in value.uses {
        let user = use.owner
        let views = user.results.filter { $0.type.isMemRef }
        if !views.isEmpty {
          for view in views where seen.insert(view).inserted { work.append(view) }
          continue
        }
        let name = user.name.string
        if name.hasSuffix("store") || name == "vector.transfer_write" || name == "vector.scatter"
          || name == "memref.copy" && user.operand(1) == value
        {
          isWritten = true
        } else {
          isRead = true
        }
      }
    }
    return (isRead, isWritten)
  }
}
