import MartletDialects
import MartletIR
import MartletSupport

/// What is known of a structured operation's body: whether it can be computed on vectors, which
/// outputs it reduces into and how.
struct StructuredBody {
  let block: Block
  let yield: Operation
  /// Whether every operation of the body works the same on vectors of its operands.
  let isElementwise: Bool
  /// Which loops' iteration numbers are asked for.
  private(set) var usesIndex: [Bool]
  /// Per output the operation that combines the old element with a new value, where it does only that.
  let combiners: [Reduction?]
  /// Additions `acc + a * b` to an output's element that become fused multiply-adds: the product's
  /// operation by the addition's.
  private(set) var fusedProducts: [Operation: Operation] = [:]
  /// The number of operations computed at each point.
  let cost: Int
  /// The largest element in bytes among what is computed.
  let widestElement: Int

  init(_ view: LinalgOp) throws(Reported) {
    guard let block = view.body, let yield = block.lastOperation else {
      throw view.operation.emitOpError("has no body to lower")
    }
    self.block = block
    self.yield = yield
    var usesIndex = Array(repeating: false, count: view.loopCount)
    for operation in block.operations {
      operation.walk { inner in
        guard inner.is(Linalg.index), let i = inner.attribute("dim")?.integerValue else { return }
        if usesIndex.indices.contains(Int(i)) { usesIndex[Int(i)] = true }
      }
    }
    self.usesIndex = usesIndex
    isElementwise = block.operations.allSatisfy {
      $0 == yield || StructuredBody.worksOnVectors($0)
    }
    let inputCount = view.inputCount
    combiners = (0..<view.outputCount).map { output in
      let i = inputCount + output
      guard i < block.argumentCount, output < yield.operandCount else { return nil }
      return Reduction(of: block.argument(i), into: yield.operand(output))
    }
    var widest = 1
    for operation in block.operations {
      for result in operation.results {
        if let width = result.type.bitWidth, !result.type.isIndex {
          widest = max(widest, (width + 7) / 8)
        }
      }
    }
    widestElement = widest
    cost = block.operations.count { $0 != yield && !$0.has(.constantLike) }
    for case let reduction? in combiners where reduction.operation.is(Arith.addf) {
      let element = reduction.value.type
      guard element.isFloat(.f32) || element.isFloat(.f64),
        let product = reduction.value.definingOperation, product.is(Arith.mulf),
        product.block == block, reduction.value.hasOneUse
      else { continue }
      fusedProducts[reduction.operation] = product
    }
  }

  private static func worksOnVectors(_ operation: Operation) -> Bool {
    if operation.is(Linalg.index) { return true }
    if operation.has(.constantLike) {
      return operation.resultCount == 1 && isVectorElement(operation.result().type)
        && operation.result().constant?.kind != .none
    }
    return operation.has(.elementwise) && operation.regionCount == 0
      && operation.results.allSatisfy { isVectorElement($0.type) }
      && operation.operands.allSatisfy { isVectorElement($0.type) }
  }

  /// Whether vectors of `type` are computed on as its scalars are.
  static func isVectorElement(_ type: Type) -> Bool {
    type.isSignlessIntOrIndex || type.isFloat
  }

  /// Whether a vector of `type` lies in memory as its elements do one after another.
  static func isVectorMemory(_ type: Type) -> Bool {
    guard isVectorElement(type), let width = type.bitWidth else { return false }
    return width >= 8 && width <= 64 && width & (width - 1) == 0
  }
}
