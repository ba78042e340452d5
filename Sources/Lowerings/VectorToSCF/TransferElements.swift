import MartletDialects
import MartletIR
import MartletRewriting

/// Transfers of vectors of one dimension whose elements do not lie side by side, element by element.
enum TransferElements {
  static let patterns = [VectorDialect.transferRead, VectorDialect.transferWrite].map {
    RewritePattern("transfer-by-elements", root: $0) { op, rewriter in lower(op, rewriter) }
  }

  private static func lower(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let transfer = VectorTransfer(op), transfer.transferRank == 1,
      transfer.shapedType.kind == .memRef, transfer.vectorType.rank == 1,
      !VectorTransferLowering.isMasked(op),
      transfer.shapedType.elementType == transfer.vectorType.elementType
    else { return false }
    if transfer.map.isMinorIdentity,
      VectorTransferLowering.unitStride(transfer.shapedType) == true
    {
      return false
    }
    let type = transfer.vectorType
    let lower = rewriter.indexConstant(0)
    var upper = rewriter.indexConstant(type.shape[0])
    if type.scalableMask != 0 {
      let scale = rewriter.create(VectorDialect.vscale, results: [op.context.index]).result()
      upper = rewriter.arith("muli", [upper, scale])
    }
    let step = rewriter.indexConstant(1)
    let inits = transfer.padding.map { [rewriter.vectorBroadcast($0, to: type)] } ?? []
    let loop = ForOp.create(rewriter, from: lower, to: upper, step: step, inits: inits) {
      _, iv, carried in
      let indices = transfer.rowIndices(iv, rewriter)
      return transfer.checked(
        iv, results: inits.map(\.type), rewriter,
        inside: {
          if let value = transfer.value {
            let element = rewriter.vectorExtract(value, mixed: [.value(iv)])
            rewriter.create(MemRef.store, [element, transfer.base] + indices)
            return []
          }
          let element = rewriter.create(
            MemRef.load, [transfer.base] + indices, results: [type.elementType]
          ).result()
          return [rewriter.vectorInsert(element, into: carried[0], mixed: [.value(iv)])]
        }, outside: { carried })
    }
    rewriter.replace(op, with: loop.operation)
    return true
  }
}
