import MartletDialects
import MartletIR
import MartletSupport

/// What each operation becomes, by the number of its name.
struct Rewrites {
  typealias Rewrite = @Sendable (FunctionToLLVM, Operation) throws(Reported) -> Void

  private var table: [UInt32: Rewrite] = [:]

  init(_ context: Context) {
    for group in [Self.functions, Self.arithmetic, Self.math, Self.memory, Self.vectors] {
      for (name, rewrite) in group {
        table[context.operationName(name).raw] = rewrite
      }
    }
  }

  func rewrite(_ operation: Operation) -> Rewrite? { table[operation.name.raw] }

  // MARK: Functions and branches

  private static let functions: [(String, Rewrite)] = [
    ("func.return", { (f, op) throws(Reported) in try f.lowerReturn(op) }),
    ("func.call", { (f, op) throws(Reported) in try f.lowerCall(op) }),
    ("func.call_indirect", { (f, op) throws(Reported) in try f.lowerIndirectCall(op) }),
    (
      "func.constant",
      { (f, op) throws(Reported) in
        guard let name = op.attribute("value")?.rootReference?.string else {
          throw op.emitOpError("names no function")
        }
        f.set(op.result(), f.addressOf(name))
      }
    ),
    ("cf.br", { (f, op) throws(Reported) in try f.lowerBranch(op) }),
    ("cf.cond_br", { (f, op) throws(Reported) in try f.lowerConditionalBranch(op) }),
    ("cf.switch", { (f, op) throws(Reported) in try f.lowerSwitch(op) }),
    ("cf.assert", { (f, op) throws(Reported) in try f.lowerAssert(op) }),
    (
      "ub.poison",
      { (f, op) throws(Reported) in
        let type = op.result().type
        let part = try f.partType(type, op)
        let count = f.types.rows(type)?.count ?? 1
        f.set(op.result(), parts: Array(repeating: f.llvm.poison(part), count: count))
      }
    ),
    ("ub.unreachable", { (f, _) throws(Reported) in f.llvm.make("unreachable", []) }),
    ("builtin.unrealized_conversion_cast", { (f, op) throws(Reported) in try f.lowerCast(op) }),
  ]
}

extension FunctionToLLVM {
  func addressOf(_ symbol: String) -> Value {
    llvm.value(
      "mlir.addressof", [], llvm.ptr, [("global_name", context.symbolRef(symbol))])
  }

  /// A cast between a type and what stands for it: a memref's pointer or descriptor structure, an index's i64.
  func lowerCast(_ operation: Operation) throws(Reported) {
    if operation.results.allSatisfy({ !$0.hasUses }) { return }
    guard operation.operandCount == 1, operation.resultCount == 1 else {
      throw operation.emitOpError("converts several values at once")
    }
    let (source, result) = (operation.operand(0), operation.result())
    switch try lowered(source, operation) {
    case .memref(let descriptor):
      if result.type.kind == .memRef {
        var copy = descriptor
        copy.type = result.type
        set(result, .memref(copy))
      } else if result.type.isLLVMPointer {
        set(
          result,
          llvm.address(descriptor.base, descriptor.offset, try storage(source.type, operation)))
      } else {
        set(result, try structure(descriptor, result.type, operation))
      }
    case .rows(let rows): set(result, parts: rows)
    case .value(let value):
      guard result.type.kind == .memRef else {
        guard value.type == types.single(result.type) else {
          throw operation.emitOpError("cannot be lowered")
        }
        set(result, value)
        return
      }
      set(result, .memref(try descriptor(value, result.type, operation)))
    }
  }

  /// MLIR's descriptor: allocated and aligned pointer, offset, sizes, strides.
  private func structure(_ descriptor: MemRefDescriptor, _ type: Type, _ user: Operation)
    throws(Reported) -> Value
  {
    guard let elements = type.llvmStruct?.elements, elements.count == 3 || elements.count == 5
    else { throw user.emitOpError("cannot be lowered") }
    var packed = llvm.poison(type)
    func put(_ value: Value, _ position: [Int]) {
      packed = llvm.value(
        "insertvalue", [packed, value], type, [("position", context.denseI64Array(position))])
    }
    put(descriptor.base, [0])
    put(descriptor.base, [1])
    put(descriptor.offset, [2])
    for (i, size) in descriptor.sizes.enumerated() { put(size, [3, i]) }
    for (i, stride) in descriptor.strides.enumerated() { put(stride, [4, i]) }
    return packed
  }

  private func descriptor(_ value: Value, _ type: Type, _ user: Operation) throws(Reported)
    -> MemRefDescriptor
  {
    func get(_ position: [Int]) throws(Reported) -> Value {
      guard let element = value.type.llvmElement(at: position) else {
        throw user.emitOpError("cannot be lowered")
      }
      return llvm.value(
        "extractvalue", [value], element, [("position", context.denseI64Array(position))])
    }
    guard let layout = type.stridedLayout else { throw user.emitOpError("cannot be lowered") }
    if value.type.isLLVMPointer {
      guard types.flattened(type)?.count == 1 else { throw user.emitOpError("cannot be lowered") }
      return MemRefDescriptor(
        type: type, base: value, offset: llvm.index(layout.offset),
        sizes: type.shape.map { llvm.index($0) }, strides: layout.strides.map { llvm.index($0) })
    }
    func entry(_ known: Int, _ position: [Int]) throws(Reported) -> Value {
      known == Type.dynamic ? try get(position) : llvm.index(known)
    }
    var sizes: [Value] = []
    var strides: [Value] = []
    for (i, size) in type.shape.enumerated() { sizes.append(try entry(size, [3, i])) }
    for (i, stride) in layout.strides.enumerated() { strides.append(try entry(stride, [4, i])) }
    return MemRefDescriptor(
      type: type, base: try get([1]), offset: try entry(layout.offset, [2]), sizes: sizes,
      strides: strides)
  }

  /// The type of a memref's element in memory.
  func storage(_ memref: Type, _ user: Operation) throws(Reported) -> Type {
    guard let type = types.storage(memref.elementType) else {
      throw user.emitOpError(
        "has elements of type '\(memref.elementType)', which cannot be lowered")
    }
    return type
  }

  // MARK: Elementwise operations

  /// Lowers an operation of one result part by part.
  func elementwise(_ operation: Operation, _ make: ([Value]) throws(Reported) -> Value)
    throws(Reported)
  {
    var operands: [[Value]] = []
    for operand in operation.operands { operands.append(try parts(operand, operation)) }
    let count = operands.map(\.count).max() ?? 1
    var results: [Value] = []
    for i in 0..<count {
      results.append(try make(operands.map { $0.count == 1 ? $0[0] : $0[i] }))
    }
    set(operation.result(), parts: results)
  }
}
