import MartletDialects
import MartletIR
import MartletRewriting

/// The conversions of vector's operations to llvm's.
struct VectorToLLVM {
  let types: LLVMTypes
  let reassociates: Bool
  let force32BitIndices: Bool
  let usesVectorAlignment: Bool

  typealias Body = (Operation, [Value], ConversionRewriter) -> Bool

  var patterns: [ConversionPattern] {
    let bodies: [(String, Body)] = [
      ("reduction", reduction), ("create_mask", scalableMask), ("load", access),
      ("maskedload", access), ("store", access), ("maskedstore", access), ("gather", gather),
      ("scatter", scatter), ("bitcast", bitcast), ("shuffle", shuffle), ("extract", extract),
      ("fma", fma), ("insert", insert), ("print", print), ("type_cast", typeCast),
      ("vscale", vscale), ("expandload", expandLoad), ("compressstore", compressStore),
      ("broadcast", broadcast), ("scalable.insert", scalableInsert),
      ("scalable.extract", scalableExtract), ("mask", maskedReduction),
      ("interleave", interleave), ("deinterleave", deinterleave),
      ("from_elements", fromElements), ("to_elements", toElements), ("step", scalableStep),
    ]
    return bodies.map { name, body in
      ConversionPattern("vector.\(name)-to-llvm", root: "vector.\(name)", body)
    }
  }

  // MARK: Parts

  /// A constant written as an index.
  func index(_ value: Int, _ rewriter: ConversionRewriter) -> Value {
    rewriter.llvm(
      "mlir.constant", [], [types.indexType],
      [("value", rewriter.context.indexAttribute(value))]
    ).result()
  }

  private func element(
    _ vector: Value, _ position: Value, _ rewriter: ConversionRewriter
  ) -> Value {
    rewriter.llvm("extractelement", [vector, position], [vector.type.elementType]).result()
  }

  private func insertElement(
    _ value: Value, into vector: Value, _ position: Value, _ rewriter: ConversionRewriter
  ) -> Value {
    rewriter.llvm("insertelement", [vector, value, position], [vector.type]).result()
  }

  private func shuffled(
    _ a: Value, _ b: Value, _ mask: [Int], _ rewriter: ConversionRewriter
  ) -> Value {
    rewriter.llvm(
      "shufflevector", [a, b],
      [
        rewriter.context.vector(
          [mask.count], a.type.elementType, scalable: a.type.scalableMask)
      ],
      [("mask", rewriter.context.denseI32Array(mask))]
    ).result()
  }

  /// The entries of an extraction's or insertion's position, from operand `first` on.
  private func position(
    _ op: Operation, _ operands: [Value], from first: Int
  ) -> [MixedIndex] {
    MixedIndex.list(
      op.attribute("static_position")?.integers ?? [], operands.dropFirst(first))
  }

  /// The entries as numbers; nil where one is a value, or stands for poison.
  private func constants(_ entries: some Sequence<MixedIndex>) -> [Int]? {
    var numbers: [Int] = []
    for entry in entries {
      guard case .constant(let number) = entry, number >= 0 else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  private func value(_ entry: MixedIndex, _ rewriter: ConversionRewriter) -> Value {
    switch entry {
    case .value(let value): value
    case .constant(let number): rewriter.llvmConstant(number, rewriter.context.i64)
    }
  }

  // MARK: Elements

  private func extract(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let source = op.operand(0).type
    guard types.convert(op.result().type) != nil else { return false }
    var entries = position(op, operands, from: 1)
    let isScalar = entries.count == source.rank
    if source.rank == 0 { entries.append(.constant(0)) }
    var value = operands[0]
    if source.rank >= 2 {
      guard let place = constants(isScalar ? entries.dropLast() : entries[...]) else {
        return false
      }
      value = rewriter.extractValue(value, place)
    }
    if isScalar, let last = entries.last {
      value = element(value, self.value(last, rewriter), rewriter)
    }
    rewriter.replace(op, with: value)
    return true
  }

  private func insert(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard types.convert(type) != nil else { return false }
    let entries = position(op, operands, from: 2)
    let isNested = type.rank >= 2
    let isScalar = entries.count == type.rank
    // Where the row lies in the array of rows.
    let rows = isScalar ? Array(entries.dropLast()) : entries
    guard let place = constants(rows) else { return false }
    var value = operands[0]
    if isScalar {
      let row = isNested ? rewriter.extractValue(operands[1], place) : operands[1]
      let last = self.value(
        type.rank == 0 ? .constant(0) : entries[entries.count - 1], rewriter)
      value = insertElement(operands[0], into: row, last, rewriter)
    }
    if isNested { value = rewriter.insertValue(value, into: operands[1], place) }
    rewriter.replace(op, with: value)
    return true
  }

  private func fromElements(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard type.rank <= 1, let converted = types.convert(type) else { return false }
    var result = rewriter.llvm("mlir.poison", [], [converted]).result()
    for (i, operand) in operands.enumerated() {
      let place = rewriter.llvmConstant(i, types.indexType)
      result = insertElement(operand, into: result, place, rewriter)
    }
    rewriter.replace(op, with: result)
    return true
  }

  /// Elements that nothing uses are not taken out.
  private func toElements(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard operands[0].type.isVector else { return false }
    var last: Value?
    var results: [Value?] = []
    for (i, result) in op.results.enumerated() {
      guard result.hasUses else {
        results.append(nil)
        continue
      }
      let place = rewriter.llvmConstant(i, types.indexType)
      last = element(operands[0], place, rewriter)
      results.append(last)
    }
    // Values for the unused ones are wanted too; nothing will use them.
    let unused = last ?? operands[0]
    rewriter.replace(op, with: results.map { $0 ?? unused })
    return true
  }

  // MARK: Moving elements

  private func bitcast(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard op.result().type.rank <= 1, let type = types.convert(op.result().type) else {
      return false
    }
    rewriter.replace(op, with: rewriter.llvm("bitcast", operands, [type]))
    return true
  }

  private func shuffle(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard let converted = types.convert(type), let mask = op.attribute("mask")?.integers else {
      return false
    }
    if type.rank <= 1, op.operand(0).type == op.operand(1).type {
      rewriter.replace(op, with: shuffled(operands[0], operands[1], mask, rewriter))
      return true
    }
    let first = op.operand(0).type.shape.first ?? 1
    var result = rewriter.llvm("mlir.poison", [], [converted]).result()
    for (i, place) in mask.enumerated() {
      if place < 0 { return false }
      let source = operands[place < first ? 0 : 1]
      let k = place < first ? place : place - first
      if type.rank <= 1 {
        let part = element(source, index(k, rewriter), rewriter)
        result = insertElement(part, into: result, index(i, rewriter), rewriter)
      } else {
        let part = rewriter.extractValue(source, [k])
        result = rewriter.insertValue(part, into: result, [i])
      }
    }
    rewriter.replace(op, with: result)
    return true
  }

  /// A scalar is put in the first element, from which a shuffle spreads it.
  private func broadcast(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard !op.operand(0).type.isVector, let converted = types.convert(type) else { return false }
    let context = op.context
    if type.rank > 1 {
      return broadcastRows(op, operands[0], converted, rewriter)
    }
    let poison = rewriter.llvm("mlir.poison", [], [converted]).result()
    let zero = rewriter.llvmConstant(0, context.i32)
    let one = insertElement(operands[0], into: poison, zero, rewriter)
    if type.rank == 0 || type.shape[0] == 1 {
      rewriter.replace(op, with: one)
      return true
    }
    guard type.canBeUnrolled else { return false }
    let mask = Array(repeating: 0, count: type.shape[0])
    rewriter.replace(op, with: shuffled(one, poison, mask, rewriter))
    return true
  }

  private func broadcastRows(
    _ op: Operation, _ value: Value, _ converted: Type, _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard type.canBeUnrolled, let row = types.convert(type.vectorPart(at: type.rank - 1)) else {
      return false
    }
    var result = rewriter.llvm("mlir.poison", [], [converted]).result()
    let poison = rewriter.llvm("mlir.poison", [], [row]).result()
    let zero = rewriter.llvmConstant(0, op.context.i32)
    let one = insertElement(value, into: poison, zero, rewriter)
    let spread = shuffled(
      one, one, Array(repeating: 0, count: type.shape[type.rank - 1]), rewriter)
    for position in rowMajorPositions(Array(type.shape.dropLast())) {
      result = rewriter.insertValue(spread, into: result, position)
    }
    rewriter.replace(op, with: result)
    return true
  }

  private func interleave(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard type.rank == 1, let converted = types.convert(type) else { return false }
    if type.scalableMask != 0 {
      rewriter.replace(
        op, with: rewriter.llvm("intr.vector.interleave2", operands, [converted]))
      return true
    }
    guard type.canBeUnrolled else { return false }
    let half = type.shape[0] / 2
    let mask = (0..<half).flatMap { [$0, half + $0] }
    rewriter.replace(op, with: shuffled(operands[0], operands[1], mask, rewriter))
    return true
  }

  private func deinterleave(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result(0).type
    guard type.rank == 1, let converted = types.convert(type) else { return false }
    if type.scalableMask != 0 {
      let both = rewriter.llvm(
        "intr.vector.deinterleave2", operands,
        [LLVM.structType(op.context, [converted, converted])]
      ).result()
      let even = rewriter.extractValue(both, [0])
      rewriter.replace(op, with: [even, rewriter.extractValue(both, [1])])
      return true
    }
    guard operands[0].type.canBeUnrolled else { return false }
    let poison = rewriter.llvm("mlir.poison", [], [operands[0].type]).result()
    let count = operands[0].type.shape[0]
    let parts = (0..<2).map { k in
      shuffled(operands[0], poison, Array(stride(from: k, to: count, by: 2)), rewriter)
    }
    rewriter.replace(op, with: parts)
    return true
  }

  private func scalableInsert(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let position = op.attribute("pos") else { return false }
    rewriter.replace(
      op,
      with: rewriter.llvm(
        "intr.vector.insert", [operands[1], operands[0]], [operands[1].type], [("pos", position)]))
    return true
  }

  private func scalableExtract(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let position = op.attribute("pos"), let type = types.convert(op.result().type) else {
      return false
    }
    rewriter.replace(
      op, with: rewriter.llvm("intr.vector.extract", operands, [type], [("pos", position)]))
    return true
  }

  // MARK: Arithmetic and masks

  private func fma(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    if op.result().type.rank > 1 { return false }
    rewriter.replace(op, with: rewriter.llvm("intr.fmuladd", operands, [operands[0].type]))
    return true
  }

  private func vscale(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    rewriter.replace(op, with: rewriter.llvm("intr.vscale", [], [types.indexType]))
    return true
  }

  private func scalableStep(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard op.result().type.scalableMask != 0, let type = types.convert(op.result().type) else {
      return false
    }
    rewriter.replace(op, with: rewriter.llvm("intr.stepvector", [], [type]))
    return true
  }

  /// The others are materialized inside vector.
  private func scalableMask(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard type.rank == 1, type.scalableMask != 0 else { return false }
    let index = force32BitIndices ? op.context.i32 : op.context.i64
    let steps = rewriter.llvm(
      "intr.stepvector", [], [op.context.vector(type.shape, index, scalable: 1)]
    ).result()
    let bound = rewriter.castIndexLike(op.operand(0), to: index)
    let bounds = rewriter.vectorBroadcast(bound, to: steps.type)
    rewriter.replace(op, with: rewriter.compareIntegers("slt", steps, bounds))
    return true
  }

  // MARK: Memory as vectors

  /// Strides of memory whose elements lie one behind another; nil where they do not.
  private func contiguousStrides(_ type: Type) -> [Int]? {
    guard let layout = type.stridedLayout else { return nil }
    let strides = layout.strides
    if let last = strides.last, last != 1 { return nil }
    if layout.isContiguous(type.shape) { return strides }
    for i in strides.indices.dropLast() {
      let parts = [type.shape[i + 1], strides[i], strides[i + 1]]
      if parts.contains(Type.dynamic) || strides[i] != strides[i + 1] &* type.shape[i + 1] {
        return nil
      }
    }
    return strides
  }

  private func typeCast(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let (from, to) = (op.operand(0).type, op.result().type)
    guard from.hasStaticShape, to.hasStaticShape, let target = types.convert(to),
      contiguousStrides(from) != nil, let strides = contiguousStrides(to),
      !strides.contains(Type.dynamic)
    else { return false }
    func constant(_ value: Int) -> Value {
      rewriter.llvm(
        "mlir.constant", [], [op.context.i64], [("value", op.context.indexAttribute(value))]
      ).result()
    }
    var value = rewriter.llvm("mlir.poison", [], [target]).result()
    for part in [DescriptorValue.allocated, DescriptorValue.aligned] {
      value = rewriter.insertValue(
        rewriter.extractValue(operands[0], part), into: value, part)
    }
    value = rewriter.insertValue(constant(0), into: value, DescriptorValue.offset)
    for i in 0..<to.rank {
      value = rewriter.insertValue(constant(to.shape[i]), into: value, DescriptorValue.size(i))
      value = rewriter.insertValue(constant(strides[i]), into: value, DescriptorValue.stride(i))
    }
    rewriter.replace(op, with: value)
    return true
  }
}
