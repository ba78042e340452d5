import MartletDialects
import MartletIR
import MartletRewriting

/// Patterns that replace an operation by one of llvm, vectors of several dimensions row by row.
struct OneToOneLowering {
  let types: LLVMTypes

  /// How attributes of the original become those of the new operation.
  enum Attributes { case passThrough, fastMath, none }

  typealias Make = (ConversionRewriter, _ type: Type, _ operands: [Value]) -> Value

  func pattern(
    _ source: String, to target: String, _ attributes: Attributes = .passThrough,
    anyFloat: Bool = false
  ) -> ConversionPattern {
    ConversionPattern("\(source)-to-llvm", root: source) {
      op, operands, rewriter in
      guard anyFloat || self.supportsFloats(op) else { return false }
      let kept = Self.attributes(op, attributes)
      return self.lower(op, operands, rewriter) { rewriter, type, operands in
        rewriter.llvm(target, operands, [type], kept).result()
      }
    }
  }

  /// Replaces `op` by what `make` makes of its operands, row by row for arrays of vectors.
  func lower(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter, _ make: Make
  ) -> Bool {
    guard op.resultCount == 1, let type = types.convert(op.result().type),
      operands.allSatisfy({ $0.type.isLLVMCompatible })
    else { return false }
    guard let first = operands.first, first.type.llvmArray != nil else {
      rewriter.replace(op, with: make(rewriter, type, operands))
      return true
    }
    guard op.result().type.isVector else { return false }
    return lowerRows(op, type, operands, rewriter, make)
  }

  private func lowerRows(
    _ op: Operation, _ type: Type, _ operands: [Value], _ rewriter: ConversionRewriter,
    _ make: Make
  ) -> Bool {
    var sizes: [Int] = []
    var row = type
    while let (element, count) = row.llvmArray {
      sizes.append(count)
      row = element
    }
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      // Every row becomes an operation.
      if overflow || product > 1 << 16 { return false }
      count = product
    }
    var result = rewriter.llvm("mlir.poison", [], [type]).result()
    for number in 0..<count {
      var position: [Int] = []
      var rest = number
      for size in sizes.reversed() {
        position.append(rest % size)
        rest /= size
      }
      position.reverse()
      let parts = operands.map { rewriter.extractValue($0, position) }
      result = rewriter.insertValue(make(rewriter, row, parts), into: result, position)
    }
    rewriter.replace(op, with: result)
    return true
  }

  /// Whether all floats are of formats LLVM has.
  func supportsFloats(_ op: Operation) -> Bool {
    func isSupported(_ type: Type) -> Bool {
      let element = type.isVector ? type.elementType : type
      return !element.isFloat || types.convert(element) == element
    }
    return op.operands.allSatisfy { isSupported($0.type) }
      && op.results.allSatisfy { isSupported($0.type) }
  }

  // MARK: Attributes

  static func attributes(_ op: Operation, _ mode: Attributes) -> [(String, Attribute)] {
    if mode == .none { return [] }
    var found: [(String, Attribute)] = []
    for (name, value) in op.inherentAttributes {
      if name == "operandSegmentSizes" { continue }
      if name == "overflowFlags" {
        let flags = UInt64(bitPattern: value.enumValue ?? 0)
        if flags != 0 {
          found.append(("overflowFlags", op.context.i32Attribute(Int(flags))))
        }
      } else if name == "fastmath" {
        if mode == .fastMath { found += fastMath(op) }
      } else {
        found.append((name, value))
      }
    }
    for entry in op.discardableAttributes.entries {
      found.append((entry.name.string, entry.value))
    }
    return found
  }

  /// The flags of `op` as llvm's: the same bits in another order.
  static func fastMath(_ op: Operation) -> [(String, Attribute)] {
    let flags = UInt64(bitPattern: op.attribute("fastmath")?.enumValue ?? 0)
    if flags == 0 { return [] }
    let moved = (flags >> 1) | ((flags & 1) << 6)
    return [("fastmathFlags", op.context.attribute(LLVM.fastMath, [moved & 127]))]
  }
}
