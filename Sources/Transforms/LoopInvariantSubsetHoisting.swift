import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Moves reads and writes of one part of a carried tensor out of the loop: the part is carried instead.
  ///
  ///     %r = scf.for ... iter_args(%t = %a) {   ->   %0 = tensor.extract_slice %a[0] [5] [1]
  ///       %0 = tensor.extract_slice %t[0] [5] [1]    %r:2 = scf.for ... iter_args(%t = %a, %s = %0) {
  ///       %1 = "f"(%0)                                 %1 = "f"(%s)
  ///       %2 = tensor.insert_slice %1 into %t[0]...    scf.yield %t, %1
  ///       scf.yield %2                               }
  ///     }                                            %2 = tensor.insert_slice %r#1 into %r#0[0] [5] [1]
  public static let loopInvariantSubsetHoisting = Pass(
    "loop-invariant-subset-hoisting", name: "LoopInvariantSubsetHoisting",
    "Hoist loop invariant subset ops outside of the loop"
  ) { (operation, state) throws(Reported) in
    let hoisting = SubsetHoisting(PatternRewriter(operation.context), state)
    operation.walk { inner in
      if let loop = ForOp(inner) { hoisting.run(loop) }
    }
    state.isUnchanged = !hoisting.changed
  }
}

/// A view of an operation that reads or writes a part of a tensor.
private struct SubsetOp {
  let operation: Operation
  let isInsertion: Bool

  init?(_ operation: Operation) {
    if operation.is(TensorDialect.extractSlice) || operation.is(TensorDialect.insertSlice) {
      isInsertion = operation.is(TensorDialect.insertSlice)
    } else if operation.is(VectorDialect.transferRead)
      || operation.is(VectorDialect.transferWrite)
    {
      isInsertion = operation.is(VectorDialect.transferWrite)
      let base = operation.operand(isInsertion ? 1 : 0)
      guard base.type.isTensor, operation.operand(named: "mask") == nil else { return nil }
    } else {
      return nil
    }
    self.operation = operation
  }

  var isTransfer: Bool { !operation.has(.pure) || operation.attribute("permutation_map") != nil }
  /// The position of the operand that is the whole tensor.
  var wholePosition: Int { isInsertion ? 1 : 0 }
  /// The type of the part.
  var partType: Type { isInsertion ? operation.operand(0).type : operation.result().type }

  /// Where the part lies, entry by entry; nil where it cannot be told.
  private var place: (offsets: [MixedIndex], sizes: [MixedIndex], strides: [MixedIndex])? {
    if operation.attribute("permutation_map") == nil {
      return (operation.mixedOffsets, operation.mixedSizes, operation.mixedStrides)
    }
    let indices = operation.operands(named: "indices").map { MixedIndex.value($0) }
    guard let map = operation.attribute("permutation_map")?.affineMap else { return nil }
    var vector = partType
    if !vector.isVector { vector = operation.operand(0).type }
    guard vector.isVector, map.results.count == vector.rank else { return nil }
    var sizes = indices.map { _ in MixedIndex.constant(1) }
    for (i, result) in map.results.enumerated() {
      guard result.kind == .dimension, sizes.indices.contains(result.position) else {
        return nil
      }
      sizes[result.position] = .constant(vector.shape[i])
    }
    return (indices, sizes, indices.map { _ in .constant(1) })
  }

  private static func areEqual(_ a: [MixedIndex], _ b: [MixedIndex]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { x, y in
        x == y || (x.constantValue != nil && x.constantValue == y.constantValue)
      }
  }

  func isSamePlace(as other: SubsetOp) -> Bool {
    guard let a = place, let b = other.place,
      operation.attribute("permutation_map") == other.operation.attribute("permutation_map")
    else { return false }
    return Self.areEqual(a.offsets, b.offsets) && Self.areEqual(a.sizes, b.sizes)
      && Self.areEqual(a.strides, b.strides)
  }

  /// Whether the parts have no element in common for sure.
  func isDisjoint(from other: SubsetOp) -> Bool {
    guard let a = place, let b = other.place, a.offsets.count == b.offsets.count else {
      return false
    }
    func range(_ place: ([MixedIndex], [MixedIndex], [MixedIndex]), _ i: Int) -> ClosedRange<Int>? {
      guard let offset = place.0[i].constantValue, let size = place.1[i].constantValue,
        let stride = place.2[i].constantValue, size > 0, stride > 0
      else { return nil }
      let (length, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (end, over) = offset.addingReportingOverflow(length)
      return overflow || over || end < offset ? nil : offset...end
    }
    for i in a.offsets.indices {
      if let x = range((a.offsets, a.sizes, a.strides), i),
        let y = range((b.offsets, b.sizes, b.strides), i), !x.overlaps(y)
      {
        return true
      }
    }
    return false
  }
}

private final class SubsetHoisting {
  private let rewriter: PatternRewriter
  var changed = false

  private let state: PassContext

  init(_ rewriter: PatternRewriter, _ state: PassContext) {
    self.rewriter = rewriter
    self.state = state
  }

  func run(_ loop: ForOp) {
    var loop = loop
    var i = 0
    // The loop carries more with each pair that is moved.
    while i < loop.iterArgs.count {
      loop = hoist(loop, i)
      i += 1
    }
  }

  private struct Subsets {
    var pairs: [(extraction: SubsetOp?, insertion: SubsetOp?)] = []
    var all: [SubsetOp] = []

    mutating func insert(_ op: SubsetOp, isHoistable: Bool) {
      all.append(op)
      guard isHoistable else { return }
      for i in pairs.indices {
        let other = op.isInsertion ? pairs[i].extraction : pairs[i].insertion
        guard let other, other.isSamePlace(as: op) else { continue }
        if op.isInsertion { pairs[i].insertion = op } else { pairs[i].extraction = op }
        return
      }
      pairs.append(op.isInsertion ? (nil, op) : (op, nil))
    }

    func areDisjoint(_ extraction: SubsetOp, _ insertion: SubsetOp) -> Bool {
      all.allSatisfy { other in
        other.operation == extraction.operation || other.operation == insertion.operation
          || (other.isDisjoint(from: extraction) && other.isDisjoint(from: insertion))
      }
    }
  }

  /// Follows a carried value from the argument to the yield through operations on parts alone.
  private func collect(
    _ loop: ForOp, _ number: Int, _ subsets: inout Subsets, isHoistable: Bool
  ) -> Bool {
    guard let yield = loop.yield, number < loop.iterArgs.count else { return false }
    var value = loop.iterArgs[number]
    while true {
      if value.hasOneUse, let use = value.firstUse, use.owner.has(.terminator) {
        return use.owner == yield && use.index == number
      }
      var next: Value?
      for use in value.uses {
        if let inner = ForOp(use.owner) {
          guard use.index >= 3 else { return false }
          let k = use.index - 3
          guard collect(inner, k, &subsets, isHoistable: false) else { return false }
          next = inner.operation.result(k)
          continue
        }
        guard let subset = SubsetOp(use.owner), use.index == subset.wholePosition else {
          return false
        }
        subsets.insert(subset, isHoistable: isHoistable)
        if subset.isInsertion {
          if next != nil { return false }
          next = use.owner.result()
        }
      }
      guard let following = next else { return false }
      value = following
    }
  }

  private func isInvariant(_ subset: SubsetOp, _ loop: ForOp) -> Bool {
    for (i, operand) in subset.operation.operands.enumerated() {
      if i == subset.wholePosition || (subset.isInsertion && i == 0) { continue }
      guard let home = operand.block?.region else { return false }
      if loop.region.isAncestor(of: home) { return false }
    }
    return true
  }

  private func hoist(_ start: ForOp, _ number: Int) -> ForOp {
    var subsets = Subsets()
    guard collect(start, number, &subsets, isHoistable: true) else { return start }
    var loop = start
    for pair in subsets.pairs {
      guard let extraction = pair.extraction, let insertion = pair.insertion else { continue }
      if let why = obstacle(extraction, insertion, subsets, loop) {
        state.remark(
          .missed, "NotHoisted",
          "\(extraction.operation.name.string, as: "Operation") and what is written back stay in the loop: \(why, as: "Reason")",
          at: extraction.operation)
        continue
      }
      state.remark(
        .passed, "Hoisted",
        "\(extraction.operation.name.string, as: "Operation") and \(insertion.operation.name.string, as: "Insertion") moved out of the loop, which carries the part",
        at: extraction.operation)
      guard let made = move(extraction.operation, insertion.operation, loop, number) else {
        continue
      }
      loop = made
      changed = true
    }
    return loop
  }

  /// Why a pair stays in the loop; nil where it can leave it.
  private func obstacle(
    _ extraction: SubsetOp, _ insertion: SubsetOp, _ subsets: Subsets, _ loop: ForOp
  ) -> String? {
    if extraction.partType != insertion.partType { return "the parts have different types" }
    if !isInvariant(extraction, loop) || !isInvariant(insertion, loop) {
      return "the place of the part changes from iteration to iteration"
    }
    if !subsets.areDisjoint(extraction, insertion) { return "another part may overlap it" }
    return nil
  }

  private func move(
    _ extraction: Operation, _ insertion: Operation, _ loop: ForOp, _ number: Int
  ) -> ForOp? {
    guard let yield = loop.yield else { return nil }
    let old = loop.operation
    let part = extraction.result()
    rewriter.setInsertionPoint(before: old)
    let made = rewriter.create(
      SCF.for, Array(old.operands) + [part], results: old.results.types + [part.type],
      attributes: old.inherentAttributes.map { ($0.name, $0.value) })
    made.setDiscardableAttributes(old.discardableAttributes)
    let body = loop.body
    let types = body.arguments.types + [part.type]
    let block = rewriter.createBlock(in: made.region(), arguments: types)
    rewriter.mergeBlocks(body, into: block, arguments: Array(block.arguments.dropLast()))
    let values = Array(yield.operands) + [insertion.operand(0)]
    rewriter.modifyInPlace(yield) { yield.setOperands(values) }
    let carried = block.argument(types.count - 1)
    rewriter.replaceUses(of: part, with: carried) { use in
      use.owner != made && made.isAncestor(of: use.owner)
    }
    for i in old.results.indices {
      rewriter.replaceAllUses(of: old.result(i), with: made.result(i))
    }
    rewriter.erase(old)
    guard let new = ForOp(made) else { return nil }
    let whole = made.result(number)
    extraction.move(before: made)
    insertion.move(after: made)
    let destination = insertion.operand(1)
    rewriter.replaceAllUses(of: insertion.result(), with: destination)
    extraction.setOperand(0, new.inits[number])
    rewriter.replaceAllUses(of: whole, with: insertion.result())
    insertion.setOperand(0, made.result(made.resultCount - 1))
    insertion.setOperand(1, whole)
    return new
  }
}
