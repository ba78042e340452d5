import MartletDialects
import MartletIR
import MartletSupport

/// Structured operations: generic ones and all named ones.
final class StructuredModel: DestinationModel, @unchecked Sendable {
  override func isDestination(_ use: TensorUse) -> Bool {
    guard let view = LinalgOp(use.owner) else { return true }
    return use.index >= view.inputCount
  }

  override func tiedResult(_ use: TensorUse) -> Value? {
    guard let view = LinalgOp(use.owner), use.index >= view.inputCount else { return nil }
    var position = 0
    for i in view.inputCount..<use.index where use.owner.operand(i).type.isTensor {
      position += 1
    }
    return position < use.owner.resultCount ? use.owner.result(position) : nil
  }

  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool {
    guard let view = LinalgOp(use.owner) else { return true }
    return view.bodyArgument(use.index)?.hasUses ?? true
  }

  override func isElementwise(_ uses: [TensorUse], _ state: OneShotState) -> Bool {
    guard let first = uses.first, let view = LinalgOp(first.owner) else { return false }
    if view.operation.operands.contains(where: { $0.type.encoding != nil }) { return false }
    if view.parallelLoops.count != view.loopCount { return false }
    let maps = view.indexingMaps
    return uses.allSatisfy { $0.index < maps.count && maps[$0.index].isIdentity }
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let view = LinalgOp(operation) else { throw Reported() }
    if view.hasBufferSemantics { return }
    if operation.operands.contains(where: { $0.type.isMemRef }) {
      throw operation.emitError("op does not have pure tensor semantics")
    }
    var operands: [Value] = []
    for value in operation.operands {
      operands.append(value.type.isTensor ? try buffers.buffer(value) : value)
    }
    let outputs = Array(operands[view.inputCount...])
    buffers.setInsertionPoint(before: operation)
    let made = operation.context.createOperation(
      operation.name, location: operation.location, operands: operands,
      resultTypes: EmptyCollection<Type>(), regionCount: operation.regionCount)
    for attribute in operation.inherentAttributes {
      made.setAttribute(attribute.name, attribute.value)
    }
    made.setDiscardableAttributes(operation.discardableAttributes)
    for (old, new) in zip(operation.regions, made.regions) { new.takeBody(of: old) }
    buffers.insert(made)
    buffers.replace(operation, withBuffers: outputs)
  }
}
