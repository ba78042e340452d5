import MartletDialects
import MartletIR
import MartletRewriting

/// Transfers row by row, without loops.
enum TransferUnrolling {
  static func patterns(_ options: TransferOptions) -> [RewritePattern] {
    [
      RewritePattern("unroll-read", root: VectorDialect.transferRead) { op, rewriter in
        guard let read = transfer(op, options) else { return false }
        return unrollRead(read, rewriter)
      },
      RewritePattern("unroll-write", root: VectorDialect.transferWrite) { op, rewriter in
        guard let write = transfer(op, options) else { return false }
        return unrollWrite(write, rewriter)
      },
    ]
  }

  private static func transfer(_ op: Operation, _ options: TransferOptions) -> VectorTransfer? {
    guard let transfer = VectorTransfer(op), transfer.vectorType.rank > options.targetRank,
      transfer.transferRank > 0, transfer.vectorType.canBeUnrolled,
      !transfer.isTensor || options.lowersTensors, !VectorTransferLowering.isMasked(op),
      transfer.vectorType.elementType == transfer.shapedType.elementType,
      !transfer.vectorType.isScalableDimension(0)
    else { return nil }
    return transfer
  }

  private static func position(_ op: Operation, from first: Int) -> [MixedIndex] {
    MixedIndex.list(
      op.attribute("static_position")?.integers ?? [], op.operands.dropFirst(first))
  }

  /// The mask of a row, made before it.
  private static func rowMask(
    _ transfer: VectorTransfer, _ i: Int, _ rewriter: PatternRewriter
  ) -> Value? {
    guard let mask = transfer.mask else { return nil }
    if transfer.isBroadcast(0) { return mask }
    return mask.type.rank > 1 ? rewriter.vectorExtract(mask, [i]) : nil
  }

  private static func unrollRead(_ read: VectorTransfer, _ rewriter: PatternRewriter) -> Bool {
    guard let padding = read.padding else { return false }
    let op = read.operation
    let type = read.vectorType
    // A read that is only inserted in a vector reads into that.
    var insertion: Operation?
    let uses = Array(op.result().uses)
    if uses.count == 1, uses[0].owner.is(VectorDialect.insert), uses[0].index == 0,
      uses[0].owner.block == op.block
    {
      insertion = uses[0].owner
    }
    let before = insertion.map { position($0, from: 2) } ?? []
    // What is inserted into has to be there already.
    if let insertion,
      [insertion.operand(1)].contains(where: { !isAvailable($0, before: op) })
        || before.contains(where: { entry in
          if case .value(let value) = entry { return !isAvailable(value, before: op) }
          return false
        })
    {
      return false
    }
    var result = insertion?.operand(1) ?? rewriter.vectorBroadcast(padding, to: type)
    let row = type.droppingDimension(0)
    for i in 0..<type.shape[0] {
      let iv = rewriter.indexConstant(i)
      let old = result
      result =
        read.checked(
          iv, results: [old.type], rewriter,
          inside: {
            let indices = read.rowIndices(iv, rewriter)
            let mask = rowMask(read, i, rewriter)
            var value = VectorTransfer.read(
              row, read.base, indices, read.rowMap, padding: padding, mask: mask,
              inBounds: Array(read.inBounds.dropFirst()), rewriter
            ).result()
            if row.rank == 0 { value = rewriter.vectorExtract(value, []) }
            return [rewriter.vectorInsert(value, into: old, mixed: before + [.constant(i)])]
          }, outside: { [old] })[0]
    }
    if let insertion {
      rewriter.replace(insertion, with: result)
      rewriter.erase(op)
    } else {
      rewriter.replace(op, with: result)
    }
    return true
  }

  /// Whether `value` is defined before `op`, in its block or around it.
  private static func isAvailable(_ value: Value, before op: Operation) -> Bool {
    guard let definer = value.definingOperation, definer.block == op.block else { return true }
    var next = definer.next
    while let current = next {
      if current == op { return true }
      next = current.next
    }
    return false
  }

  private static func unrollWrite(_ write: VectorTransfer, _ rewriter: PatternRewriter) -> Bool {
    guard var source = write.value else { return false }
    let op = write.operation
    let type = write.vectorType
    var before: [MixedIndex] = []
    if let extraction = source.definingOperation, extraction.is(VectorDialect.extract) {
      before = position(extraction, from: 1)
      source = extraction.operand(0)
    }
    var target = write.base
    for i in 0..<type.shape[0] {
      let iv = rewriter.indexConstant(i)
      let old = target
      let results = write.checked(
        iv, results: write.isTensor ? [write.shapedType] : [], rewriter,
        inside: {
          let indices = write.rowIndices(iv, rewriter)
          var value = rewriter.vectorExtract(source, mixed: before + [.constant(i)])
          if type.rank == 1 {
            value = rewriter.vectorBroadcast(value, to: op.context.vector([], value.type))
          }
          let mask = rowMask(write, i, rewriter)
          let made = VectorTransfer.write(
            value, old, indices, write.rowMap, mask: mask,
            inBounds: Array(write.inBounds.dropFirst()), rewriter)
          return Array(made.results)
        }, outside: { write.isTensor ? [old] : [] })
      if let new = results.first { target = new }
    }
    if write.isTensor {
      rewriter.replace(op, with: target)
    } else {
      rewriter.erase(op)
    }
    return true
  }
}
