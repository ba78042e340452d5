import MartletDialects
import MartletIR
import MartletRewriting

/// Transfers row by row in loops, through a buffer on the stack that holds the vector.
///
/// A transfer is first given its buffers and marked; marked ones are then taken apart one dimension at a time,
/// the buffers' types losing the dimension with each.
enum TransferLoops {
  static func patterns(_ options: TransferOptions) -> [RewritePattern] {
    [
      RewritePattern("buffer-read", root: VectorDialect.transferRead) { op, rewriter in
        bufferRead(op, options, rewriter)
      },
      RewritePattern("buffer-write", root: VectorDialect.transferWrite) { op, rewriter in
        bufferWrite(op, options, rewriter)
      },
      RewritePattern("loop-over-read", root: VectorDialect.transferRead) { op, rewriter in
        loop(op, options, rewriter)
      },
      RewritePattern("loop-over-write", root: VectorDialect.transferWrite) { op, rewriter in
        loop(op, options, rewriter)
      },
    ]
  }

  private static let label = "__vector_to_scf_lowering__"

  // MARK: Buffers

  private static func unmarked(_ op: Operation, _ options: TransferOptions) -> VectorTransfer? {
    guard let transfer = VectorTransfer(op), !op.hasAttribute(label),
      transfer.vectorType.rank > options.targetRank, transfer.transferRank > 0,
      !transfer.vectorType.isScalableDimension(0), !VectorTransferLowering.isMasked(op),
      !transfer.isTensor || options.lowersTensors,
      transfer.vectorType.elementType == transfer.shapedType.elementType
    else { return nil }
    return transfer
  }

  /// The start of the nearest region at whose end the stack is freed.
  private static func allocationPoint(_ op: Operation) -> InsertionPoint? {
    guard let scope = op.ancestor(where: { $0 != op && $0.has(.allocationScope) }),
      scope.regionCount == 1, let entry = scope.region(0).firstBlock
    else { return nil }
    return .atStart(of: entry)
  }

  /// Buffers for the vector and, holding it already, for the mask.
  private static func buffers(
    _ transfer: VectorTransfer, _ rewriter: PatternRewriter
  ) -> (data: Value, mask: Value?)? {
    guard let point = allocationPoint(transfer.operation) else { return nil }
    let context = transfer.context
    let saved = rewriter.insertionPoint
    defer { rewriter.insertionPoint = saved }
    rewriter.insertionPoint = point
    func allocate(_ type: Type) -> Value {
      rewriter.create(
        MemRef.alloca, results: [context.memRef([], type)],
        attributes: [("operandSegmentSizes", context.denseI32Array([0, 0]))]
      ).result()
    }
    let data = allocate(transfer.vectorType)
    guard let mask = transfer.mask else { return (data, nil) }
    let buffer = allocate(mask.type)
    rewriter.insertionPoint = .before(transfer.operation)
    rewriter.create(MemRef.store, [mask, buffer])
    return (data, rewriter.create(MemRef.load, [buffer], results: [mask.type]).result())
  }

  private static func bufferRead(
    _ op: Operation, _ options: TransferOptions, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let read = unmarked(op, options), let (data, mask) = buffers(read, rewriter) else {
      return false
    }
    let copy = rewriter.clone(op)
    copy.setAttribute(label, op.context.unit)
    if let mask { VectorTransfer(copy)?.setMask(mask) }
    rewriter.create(MemRef.store, [copy.result(), data])
    rewriter.replace(
      op, with: rewriter.create(MemRef.load, [data], results: [read.vectorType]))
    return true
  }

  private static func bufferWrite(
    _ op: Operation, _ options: TransferOptions, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let write = unmarked(op, options), let value = write.value,
      let (data, mask) = buffers(write, rewriter)
    else { return false }
    rewriter.create(MemRef.store, [value, data])
    let loaded = rewriter.create(MemRef.load, [data], results: [value.type]).result()
    rewriter.modifyInPlace(op) {
      op.setOperand(0, loaded)
      op.setAttribute(label, op.context.unit)
      if let mask { write.setMask(mask) }
    }
    return true
  }

  // MARK: Loops

  /// The type of a buffer with the first dimension of its vectors made one of its own.
  private static func unpacked(_ type: Type) -> Type? {
    let vector = type.elementType
    guard vector.isVector, vector.rank > 0, !vector.isScalableDimension(0) else { return nil }
    return type.context.memRef(
      type.shape + [vector.shape[0]], vector.droppingDimension(0))
  }

  /// The access to the buffer: the store of what is read, or the load of what is written.
  private static func bufferAccess(_ transfer: VectorTransfer) -> (
    operation: Operation, buffer: Value, indices: [Value]
  )? {
    if let value = transfer.value {
      guard let load = value.definingOperation, load.is(MemRef.load) else { return nil }
      return (load, load.operand(0), Array(load.operands.dropFirst()))
    }
    let uses = Array(transfer.operation.result().uses)
    guard uses.count == 1, uses[0].owner.is(MemRef.store), uses[0].index == 0 else { return nil }
    let store = uses[0].owner
    return (store, store.operand(1), Array(store.operands.dropFirst(2)))
  }

  private static func loop(
    _ op: Operation, _ options: TransferOptions, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let transfer = VectorTransfer(op), op.hasAttribute(label), transfer.transferRank > 0,
      let access = bufferAccess(transfer), let rows = unpacked(access.buffer.type)
    else { return false }
    var maskBuffer: Value?
    if let mask = transfer.mask {
      guard let load = mask.definingOperation, load.is(MemRef.load) else { return false }
      maskBuffer = load.operand(0)
    }
    // Masks of one dimension are checked by element, others are loaded row by row.
    let takesRows = transfer.mask.map { transfer.isBroadcast(0) || $0.type.rank > 1 } ?? false
    let keepsMask = transfer.mask.map { transfer.isBroadcast(0) || $0.type.rank == 1 } ?? true
    if let maskBuffer, !keepsMask, unpacked(maskBuffer.type) == nil { return false }

    let data = rewriter.create(VectorDialect.typeCast, [access.buffer], results: [rows]).result()
    var maskRows = maskBuffer
    if let maskBuffer, !keepsMask, let type = unpacked(maskBuffer.type) {
      maskRows = rewriter.create(VectorDialect.typeCast, [maskBuffer], results: [type]).result()
    }
    let lower = rewriter.indexConstant(0)
    let upper = rewriter.indexConstant(rows.shape[rows.rank - 1])
    let step = rewriter.indexConstant(1)
    let inits = !transfer.isRead && transfer.isTensor ? [transfer.base] : []
    let loop = ForOp.create(rewriter, from: lower, to: upper, step: step, inits: inits) {
      _, iv, carried in
      transfer.checked(
        iv, results: inits.map(\.type), rewriter,
        inside: {
          let mask = {
            takesRows
              ? maskRows.map { loadMask(transfer, $0, iv, rewriter) } : nil
          }
          return row(
            transfer, data, access.indices + [iv], iv, carried.first, options, rewriter, mask)
        },
        outside: {
          if let padding = transfer.padding {
            let fill = rewriter.vectorBroadcast(padding, to: rows.elementType)
            rewriter.create(MemRef.store, [fill, data] + access.indices + [iv])
          }
          return carried
        })
    }
    if transfer.isRead {
      rewriter.erase(access.operation)
      rewriter.erase(op)
    } else {
      rewriter.replace(op, with: loop.operation)
    }
    return true
  }

  /// The mask of row `iv` from the buffer of masks.
  private static func loadMask(
    _ transfer: VectorTransfer, _ buffer: Value, _ iv: Value, _ rewriter: PatternRewriter
  ) -> Value {
    var indices: [Value] = []
    if let load = transfer.mask?.definingOperation {
      indices = Array(load.operands.dropFirst())
    }
    if !transfer.isBroadcast(0) { indices.append(iv) }
    return rewriter.create(
      MemRef.load, [buffer] + indices, results: [buffer.type.elementType]
    ).result()
  }

  /// The transfer of one row between memory and the buffer.
  private static func row(
    _ transfer: VectorTransfer, _ data: Value, _ place: [Value], _ iv: Value, _ target: Value?,
    _ options: TransferOptions, _ rewriter: PatternRewriter, _ mask: () -> Value?
  ) -> [Value] {
    let type = data.type.elementType
    let indices = transfer.rowIndices(iv, rewriter)
    let inBounds = Array(transfer.inBounds.dropFirst())
    if let padding = transfer.padding {
      let made = VectorTransfer.read(
        type, transfer.base, indices, transfer.rowMap, padding: padding, mask: mask(),
        inBounds: inBounds, rewriter)
      if type.rank > options.targetRank { made.setAttribute(label, rewriter.context.unit) }
      rewriter.create(MemRef.store, [made.result(), data] + place)
      return []
    }
    let value = rewriter.create(MemRef.load, [data] + place, results: [type]).result()
    let made = VectorTransfer.write(
      value, target ?? transfer.base, indices, transfer.rowMap, mask: mask(), inBounds: inBounds,
      rewriter)
    if type.rank > options.targetRank { made.setAttribute(label, rewriter.context.unit) }
    return Array(made.results)
  }

  // MARK: Scalable vectors

  /// The write of a transposed vector whose first dimension is scalable, by a loop over that.
  static func scalableTranspose(_ options: TransferOptions) -> RewritePattern {
    RewritePattern("write-of-scalable-transpose", root: VectorDialect.transferWrite) {
      op, rewriter in
      guard let write = VectorTransfer(op), !write.isTensor || options.lowersTensors,
        !VectorTransferLowering.isMasked(op), let value = write.value,
        value.type.rank == 2, value.type.scalableMask == 1, write.map.isIdentity,
        write.isInBounds(0), let transposition = value.definingOperation,
        transposition.is(VectorDialect.transpose),
        transposition.attribute("permutation")?.integers == [1, 0],
        let sizes = maskSizes(write.mask)
      else { return false }
      let type = value.type
      let index = op.context.index
      var scale: Value?
      func scaled(_ number: Int) -> Value {
        let factor = scale ?? rewriter.create(VectorDialect.vscale, results: [index]).result()
        scale = factor
        return rewriter.arith("muli", [factor, rewriter.indexConstant(number)])
      }
      // Entries of the mask that are a multiple of the scale come first.
      let known = sizes.enumerated().map { i, entry -> MixedIndex in
        if case .constant(let number) = entry, type.isScalableDimension(i) {
          return .value(scaled(number))
        }
        return entry
      }
      func made(_ entry: MixedIndex) -> Value {
        switch entry {
        case .constant(let number): rewriter.indexConstant(number)
        case .value(let value): value
        }
      }
      let source = transposition.operand(0)
      let slices = (0..<type.shape[1]).map { rewriter.vectorExtract(source, [$0]) }
      let lower = rewriter.indexConstant(0)
      let upper = known.first.map(made) ?? scaled(type.shape[0])
      let step = rewriter.indexConstant(1)
      let row = type.droppingDimension(0)
      var mask: Value?
      if !known.isEmpty {
        mask =
          rewriter.create(
            VectorDialect.createMask, known.dropFirst().map(made),
            results: [row.cloned(elementType: op.context.i1)]
          ).result()
      }
      let inits = write.isTensor ? [write.base] : []
      let loop = ForOp.create(rewriter, from: lower, to: upper, step: step, inits: inits) {
        _, iv, carried in
        let indices = write.rowIndices(iv, rewriter)
        let elements = slices.map { rewriter.vectorExtract($0, mixed: [.value(iv)]) }
        let vector = rewriter.create(VectorDialect.fromElements, elements, results: [row]).result()
        let count = write.indices.count
        let made = VectorTransfer.write(
          vector, carried.first ?? write.base, indices,
          op.context.projection([count - 1], of: count), mask: mask,
          inBounds: Array(write.inBounds.dropFirst()), rewriter)
        return Array(made.results)
      }
      rewriter.replace(op, with: loop.operation)
      return true
    }
  }

  /// The sizes of a mask's set part; none without a mask, nil where they are not known.
  private static func maskSizes(_ mask: Value?) -> [MixedIndex]? {
    guard let mask else { return [] }
    guard let definer = mask.definingOperation else { return nil }
    if definer.is(VectorDialect.createMask) { return definer.operands.map { .value($0) } }
    if definer.is(VectorDialect.constantMask) {
      return definer.attribute("mask_dim_sizes")?.integers?.map { .constant($0) }
    }
    return nil
  }
}
