import MartletDialects
import MartletIR
import MartletSupport

/// Constants, casts and choices.
extension BufferizableModels {
  static let arith: [(OpDefinition, BufferizableModel)] = [
    (Arith.constant, ConstantModel()), (Arith.indexCast, IndexCastModel()),
    (Arith.select, SelectModel()),
  ]
}

/// A constant tensor becomes a global, which nothing may write to.
private final class ConstantModel: BufferizableModel, @unchecked Sendable {
  override func isWritable(_ value: Value, _ state: OneShotState) -> Bool { false }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let type = operation.result().type
    guard type.isRankedTensor, let value = operation.attribute("value") else { throw Reported() }
    guard let space = buffers.options.defaultMemorySpace(type) else {
      throw operation.emitError("could not infer memory space")
    }
    let global = try global(operation, value, type, space, buffers)
    guard let name = global.attribute("sym_name")?.stringValue,
      let memory = global.attribute("type")?.typeValue
    else { throw Reported() }
    let made = buffers.create(
      MemRef.getGlobal, [], results: [memory],
      attributes: [("name", buffers.context.symbolRef(name))])
    buffers.replace(operation, withBuffers: [made.result()])
  }

  /// The global of the value, made at the start of the module where there is none.
  private func global(
    _ operation: Operation, _ value: Attribute, _ type: Type, _ space: Attribute?,
    _ buffers: Bufferizer
  ) throws(Reported) -> Operation {
    guard let module = operation.parent?.ancestor(where: { $0.is(Builtin.module) }),
      let block = module.region().firstBlock
    else { throw Reported() }
    let alignment = buffers.options.alignment
    var names: Set<String> = []
    for other in block.operations {
      if let name = other.attribute("sym_name")?.stringValue { names.insert(name) }
      if other.is(MemRef.global), other.attribute("initial_value") == value,
        Int(other.attribute("alignment")?.integerValue ?? 0) == alignment
      {
        return other
      }
    }
    let context = buffers.context
    let shape = type.shape.map { "\($0)" }.joined(separator: "x")
    let base = "__constant_\(shape)x\(type.elementType)"
    var name = base
    var number = 0
    while names.contains(name) {
      name = "\(base)_\(number)"
      number += 1
    }
    var attributes = [
      ("sym_name", context.string(name)), ("sym_visibility", context.string("private")),
      ("type", context.typeAttribute(BufferTypes.identity(type, space))),
      ("initial_value", value), ("constant", context.unit),
    ]
    if alignment > 0 { attributes.append(("alignment", context.i64Attribute(alignment))) }
    return buffers.at(.atStart(of: block)) {
      buffers.create(MemRef.global, [], attributes: attributes)
    }
  }
}

private final class IndexCastModel: ViewModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let source = try buffers.buffer(operation.operand(0))
    let element = operation.result().type.elementType
    let type =
      source.type.kind == .memRef
      ? source.type.cloned(elementType: element)
      : buffers.context.unrankedMemRef(element, memorySpace: source.type.memorySpace)
    let made = buffers.create(Arith.indexCast, [source], results: [type])
    buffers.replace(operation, withBuffers: [made.result()])
  }
}

private final class SelectModel: BufferizableModel, @unchecked Sendable {
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { false }
  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    [ValueAlias(use.owner.result(), isEquivalent: true, isDefinite: false)]
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    let yes = try buffers.bufferType(operation.operand(1), &stack)
    let no = try buffers.bufferType(operation.operand(2), &stack)
    if yes == no { return yes }
    if yes.memorySpace != no.memorySpace {
      throw operation.emitError("inconsistent memory space on true/false operands")
    }
    return BufferTypes.fullyDynamic(value.type, yes.memorySpace)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    if !operation.operand(0).type.isInteger(1) {
      throw operation.emitOpError("only i1 condition values are supported")
    }
    var yes = try buffers.buffer(operation.operand(1))
    var no = try buffers.buffer(operation.operand(2))
    if yes.type != no.type {
      let type = try buffers.bufferType(operation.result())
      yes = buffers.cast(yes, to: type)
      no = buffers.cast(no, to: type)
    }
    let made = buffers.create(
      Arith.select, [operation.operand(0), yes, no], results: [yes.type])
    buffers.replace(operation, withBuffers: [made.result()])
  }
}
