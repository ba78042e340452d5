import MartletDialects
import MartletIR

/// What running a kernel once takes, counted in its IR: the floating-point operations of its loops and the
/// bytes of the buffers it reads and writes.
public struct KernelCost: Sendable, Equatable {
  /// Additions, subtractions, products, quotients, minima, maxima and elementary functions count one each, a
  /// fused product and sum two, a vector operation as many as it has lanes. nil where a loop's number of
  /// iterations depends on data.
  public var flops: Int?
  /// Bytes of what is read and of what is written, each once, whatever the caches do; nil where a size is not
  /// known.
  public var bytesRead: Int?
  public var bytesWritten: Int?
  /// Bits of the widest numbers computed with; 0 where there are none.
  public var floatBits = 0

  /// Counts a function whose parameters are what its kernel works on.
  public init(_ function: FuncOp) {
    var counter = FlopCounter()
    let total = counter.count(function.body)
    flops = counter.isKnown ? total : nil
    floatBits = counter.floatBits
    var read: Int? = 0
    var written: Int? = 0
    for argument in function.arguments where argument.type.isMemRef {
      let traffic = BufferTraffic(argument)
      if traffic.isRead { read = KernelCost.add(read, traffic.byteCount) }
      if traffic.isWritten { written = KernelCost.add(written, traffic.byteCount) }
    }
    bytesRead = read
    bytesWritten = written
  }

  private static func add(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return nil }
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : sum
  }
}

/// Floating-point operations of nested loops.
private struct FlopCounter {
  /// Whether every loop's number of iterations was known.
  var isKnown = true
  var floatBits = 0

  mutating func count(_ region: Region) -> Int {
    var total = 0
    for block in region.blocks {
      for operation in block.operations { total = sum(total, count(operation)) }
    }
    return total
  }

  private mutating func count(_ operation: Operation) -> Int {
    if operation.regionCount == 0 {
      let flops = FlopCounter.flops(operation)
      if flops > 0 {
        let type = operation.result().type
        floatBits = max(floatBits, (type.isVector ? type.elementType : type).bitWidth ?? 0)
      }
      return flops
    }
    if operation.is(SCF.if) {
      // The side that takes more.
      return operation.regions.map { count($0) }.max() ?? 0
    }
    let inner = operation.regions.reduce(0) { sum($0, count($1)) }
    if inner == 0 { return 0 }
    guard let trips = trips(operation) else {
      isKnown = false
      return inner
    }
    return product(inner, trips)
  }

  private func trips(_ operation: Operation) -> Int? {
    if let loop = ForOp(operation) { return loop.constantTripCount }
    if operation.is(SCF.parallel) {
      let rank = operation.operands(named: "lowerBound").count
      var total = 1
      for i in 0..<rank {
        guard let low = operation.operands(named: "lowerBound")[i].constantInteger,
          let high = operation.operands(named: "upperBound")[i].constantInteger,
          let step = operation.operands(named: "step")[i].constantInteger, step > 0
        else { return nil }
        total *= max(0, (high - low + step - 1) / step)
      }
      return total
    }
    return nil
  }

  private mutating func sum(_ a: Int, _ b: Int) -> Int {
    let (result, overflow) = a.addingReportingOverflow(b)
    if overflow { isKnown = false }
    return overflow ? 0 : result
  }

  private mutating func product(_ a: Int, _ b: Int) -> Int {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { isKnown = false }
    return overflow ? 0 : result
  }

  private static func lanes(_ type: Type) -> Int {
    type.isVector ? type.elementCount ?? 1 : 1
  }

  private static func isFloat(_ type: Type) -> Bool {
    (type.isVector ? type.elementType : type).isFloat
  }

  private static let single: Set<String> = [
    "arith.addf", "arith.subf", "arith.mulf", "arith.divf", "arith.remf", "arith.negf",
    "arith.maximumf", "arith.minimumf", "arith.maxnumf", "arith.minnumf",
  ]

  static func flops(_ operation: Operation) -> Int {
    guard operation.resultCount == 1, isFloat(operation.result().type) else { return 0 }
    let lanes = lanes(operation.result().type)
    switch operation.name.string {
    case let name where single.contains(name): return lanes
    case "math.fma", "vector.fma": return 2 * lanes
    case "vector.reduction":
      return FlopCounter.lanes(operation.operand(0).type) - (operation.operandCount > 1 ? 0 : 1)
    case "vector.multi_reduction": return FlopCounter.lanes(operation.operand(0).type)
    case "vector.outerproduct": return (operation.operandCount > 2 ? 2 : 1) * lanes
    case "vector.contract":
      // Every point of the iteration space, which the largest operand or the result may not show whole.
      let maps = operation.attribute("indexing_maps")?.elements?.compactMap(\.affineMap) ?? []
      var extents: [Int: Int] = [:]
      for (map, operand) in zip(maps, operation.operands) where operand.type.isVector {
        for (i, result) in map.results.enumerated() where result.kind == .dimension {
          extents[result.position] = operand.type.shape[i]
        }
      }
      return 2 * extents.values.reduce(1, *)
    case let name where name.hasPrefix("math."): return lanes
    default: return 0
    }
  }
}

/// How a buffer is used, by itself or through views.
private struct BufferTraffic {
  var isRead = false
  var isWritten = false
  /// Bytes of the part that is used; nil where not known.
  var byteCount: Int?

  init(_ buffer: Value) {
    let whole = BufferTraffic.size(buffer.type)
    var used: Int? = 0
    var pending = [buffer]
    while let value = pending.popLast() {
      for use in value.uses {
        let user = use.owner
        if user.isSinkableView {
          // A part at a fixed place is a part; one in a loop may be any.
          if user.is(MemRef.subview), user.parent?.has(.callable) ?? false,
            let size = BufferTraffic.size(user.result().type), let sum = used
          {
            used = sum + size
            collect(user.result())
          } else {
            pending.append(user.result())
          }
        } else {
          note(user, use.index)
          used = nil
        }
      }
    }
    // What was used directly, or through views of the whole, is all of it.
    byteCount = used.map { part in whole.map { min(part, $0) } ?? part } ?? whole
  }

  /// Notes how a part is used, however deep in views.
  private mutating func collect(_ part: Value) {
    var pending = [part]
    while let value = pending.popLast() {
      for use in value.uses {
        if use.owner.isSinkableView {
          pending.append(use.owner.result())
        } else {
          note(use.owner, use.index)
        }
      }
    }
  }

  private mutating func note(_ user: Operation, _ index: Int) {
    switch user.name.string {
    case "memref.store", "vector.store", "vector.scatter", "vector.maskedstore",
      "vector.compressstore", "vector.transfer_write":
      isWritten = true
    case "memref.load", "vector.load", "vector.gather", "vector.maskedload",
      "vector.expandload", "vector.transfer_read":
      isRead = true
    case "memref.copy":
      if index == 0 { isRead = true } else { isWritten = true }
    case "memref.dim", "memref.dealloc": break
    default:
      isRead = true
      isWritten = true
    }
  }

  private static func size(_ type: Type) -> Int? {
    guard let count = type.elementCount else { return nil }
    let (size, overflow) = count.multipliedReportingOverflow(
      by: DenseElements.elementSize(type.elementType))
    return overflow ? nil : size
  }
}
