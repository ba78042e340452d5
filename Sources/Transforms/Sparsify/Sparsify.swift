import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Takes sparse tensors apart into the arrays that hold them, and makes loops over stored entries of the
  /// structured operations that read them.
  ///
  ///     func.func @main(%A: tensor<9x9xf64, #CSR>, %x: tensor<9xf64>) -> tensor<9xf64> {
  ///       ...
  ///       %y = linalg.generic {... A(i, j), x(j), y(i)} ins(%A, %x) outs(%zero) {
  ///       ^bb0(%a: f64, %b: f64, %s: f64):
  ///         %p = arith.mulf %a, %b : f64
  ///         %t = arith.addf %s, %p : f64
  ///         linalg.yield %t : f64
  ///       }
  /// becomes
  ///
  ///     func.func @main(%A_positions: tensor<10xindex>, %A_coordinates: tensor<?xindex>,
  ///                     %A_values: tensor<?xf64>, %x: tensor<9xf64>) -> tensor<9xf64> {
  ///       ...
  ///       %y = scf.for %i = %c0 to %c9 step %c1 iter_args(%out = %empty) -> (tensor<9xf64>) {
  ///         %first = tensor.extract %A_positions[%i] : tensor<10xindex>
  ///         %end = tensor.extract %A_positions[%i + 1] : tensor<10xindex>
  ///         %sum = scf.for %p = %first to %end step %c1 iter_args(%s = %zero) -> (f64) {
  ///           %j = tensor.extract %A_coordinates[%p] : tensor<?xindex>
  ///           ... %s + A_values[%p] * x[%j]
  ///         }
  ///         %new = tensor.insert %sum into %out[%i] : tensor<9xf64>
  ///         scf.yield %new : tensor<9xf64>
  ///       }
  ///
  /// The arrays' parameters carry `martlet.sparse = {input = "A", part = "positions", level = 1}`.
  public static let sparsify = Pass(
    "sparsify", name: "Sparsify", "Make loops over the stored entries of sparse tensors",
    anchor: "func.func",
    options: [
      .list(
        "entries", of: .integer,
        "How many entries each sparse parameter has, in order; -1 where that is not known")
    ],
    statistics: [
      PassStatistic("num-parameters", "Number of sparse parameters taken apart"),
      PassStatistic("num-loops", "Number of structured operations made loops"),
    ], dependentDialects: ["arith", "scf", "tensor", "linalg"]
  ) { (operation, state) throws(Reported) in
    let entries = state.options.integers("entries").map { $0 < 0 ? Type.dynamic : $0 }
    let counts = try MartletTransforms.sparsify(operation, entries: entries, remarks: state)
    state.count("num-parameters", by: counts.parameters)
    state.count("num-loops", by: counts.loops)
    state.isUnchanged = counts.parameters == 0 && counts.loops == 0
  }
}

/// Replaces the sparse parameters of `function` by the arrays that hold them and lowers what reads sparse
/// tensors. Shapes have to be static, see `specializeShapes`.
/// - Parameter entries: the number of stored entries of each sparse parameter, in order,
///   `Type.dynamic` where not known; missing ones count as not known.
/// - Returns: how many parameters were taken apart and structured operations made loops.
/// - Throws: where a sparse tensor is used in a way that cannot be lowered; the diagnostic names the operation
///   and says why.
@discardableResult
public func sparsify(_ function: Operation, entries: [Int] = [], remarks: PassContext? = nil)
  throws(Reported) -> (parameters: Int, loops: Int)
{
  guard let view = FuncOp(function), let entry = view.entry else { return (0, 0) }
  return try Sparsifier(view, entry, remarks).run(entries)
}

private final class Sparsifier {
  private let function: FuncOp
  private let entry: Block
  private let context: Context
  private let rewriter: PatternRewriter
  private var storages: [Value: SparseStorage] = [:]
  private var loops = 0
  private let remarks: PassContext?

  init(_ function: FuncOp, _ entry: Block, _ remarks: PassContext?) {
    self.remarks = remarks
    self.function = function
    self.entry = entry
    context = function.operation.context
    rewriter = PatternRewriter(context)
  }

  func run(_ entries: [Int]) throws(Reported) -> (parameters: Int, loops: Int) {
    let sparse = entry.arguments.filter { $0.type.isSparseTensor }
    let assembled = function.operation.operations(SparseTensor.assemble)
    if sparse.isEmpty && assembled.isEmpty { return (0, 0) }
    for argument in sparse { try check(argument, function.operation) }
    addArrays(sparse, entries)
    for operation in assembled { try takeApart(operation) }
    for value in sparse { try lowerUses(of: value) }
    for operation in assembled {
      try lowerUses(of: operation.result())
      rewriter.erase(operation)
    }
    removeParameters(sparse)
    return (sparse.count, loops)
  }

  private func check(_ value: Value, _ operation: Operation) throws(Reported) {
    guard let obstacle = SparseStorage.obstacle(value.type) else { return }
    let name = value.nameHint.map { "'\($0)'" } ?? "#\(value.index)"
    throw operation.emitError(
      "sparse tensor \(name) of type \(value.type) cannot be taken apart: \(obstacle)")
  }

  // MARK: Parameters

  /// Adds the parameters of the arrays behind each sparse parameter.
  private func addArrays(_ sparse: [Value], _ entries: [Int]) {
    for (k, tensor) in sparse.enumerated() {
      guard let encoding = tensor.type.sparseEncoding else { continue }
      let count = k < entries.count ? entries[k] : Type.dynamic
      let parts = SparseStorage.parts(tensor.type, encoding, entries: count)
      let name = tensor.nameHint ?? "arg\(k)"
      var arrays: [Value] = []
      for (i, part) in parts.enumerated() {
        let array = entry.insertArgument(tensor.index + 1 + i, part.type)
        let isOnly = parts.count { $0.kind == part.kind } == 1
        let suffix = isOnly ? "" : "_\(part.level ?? 0)"
        array.nameHint = "\(name)_\(part.kind.rawValue)\(suffix)"
        arrays.append(array)
        attributes[array] = attribute(name, part)
      }
      storages[tensor] = SparseStorage(tensor.type, encoding, parts: parts, arrays: arrays)
      remarks?.remark(
        .passed, "TakenApart",
        "sparse parameter '\(name, as: "Parameter")' became \(parts.count, as: "Arrays") arrays",
        at: function.operation)
    }
  }

  private var attributes: [Value: Attribute] = [:]

  private func attribute(_ name: String, _ part: SparseStorage.Part) -> Attribute {
    var entries = [("input", context.string(name)), ("part", context.string(part.kind.rawValue))]
    if let level = part.level { entries.append(("level", context.i64Attribute(level))) }
    return context.dictionary(entries)
  }

  private func removeParameters(_ sparse: [Value]) {
    if sparse.isEmpty { return }
    // Attributes of parameters are kept by number, which changes.
    let empty = context.dictionary([(String, Attribute)]())
    let old = function.operation.attribute("arg_attrs")?.elements ?? []
    var kept = old.makeIterator()
    var all: [Attribute] = []
    let isRemoved = Set(sparse)
    for argument in entry.arguments {
      if let attribute = attributes[argument] {
        all.append(context.dictionary([("martlet.sparse", attribute)]))
      } else {
        let own = kept.next() ?? empty
        if !isRemoved.contains(argument) { all.append(own) }
      }
    }
    for argument in sparse.reversed() { entry.eraseArgument(argument.index) }
    let results = function.type.results
    function.setType(inputs: entry.arguments.types, results: results)
    function.operation.setAttribute("arg_attrs", context.array(all))
  }

  private func takeApart(_ operation: Operation) throws(Reported) {
    let tensor = operation.result()
    try check(tensor, operation)
    guard let encoding = tensor.type.sparseEncoding else { return }
    let parts = SparseStorage.parts(tensor.type, encoding, entries: Type.dynamic)
    let arrays = Array(operation.operands)
    guard arrays.count == parts.count else {
      throw operation.emitOpError("has \(arrays.count) arrays, \(parts.count) are expected")
    }
    storages[tensor] = SparseStorage(tensor.type, encoding, parts: parts, arrays: arrays)
  }

  // MARK: Uses

  private func lowerUses(of tensor: Value) throws(Reported) {
    guard let storage = storages[tensor] else { return }
    // In order of the text.
    var users: [Operation] = []
    function.operation.walkPreOrder { operation in
      if operation.operands.contains(tensor) { users.append(operation) }
      return .advance
    }
    for user in users where user.isLive { try lower(user, tensor, storage) }
  }

  private func lower(_ user: Operation, _ tensor: Value, _ storage: SparseStorage)
    throws(Reported)
  {
    rewriter.setInsertionPoint(before: user)
    if let linalg = LinalgOp(user) {
      remarks?.remark(
        .passed, "Loops",
        "\(user.name.string, as: "Operation") goes through the stored entries of \(tensor.type, as: "Type") alone",
        at: user)
      var loop = try SparseLoops(linalg, rewriter, storages)
      try loop.run()
      loops += 1
    } else if user.is(TensorDialect.dim) {
      try replaceSize(user, tensor.type.shape)
    } else if user.is(SparseTensor.lvl) {
      try replaceSize(user, storage.encoding.levelShape(tensor.type.shape))
    } else if user.is(SparseTensor.numberOfEntries) {
      let zero = ConstantOp.index(rewriter, 0)
      let count = rewriter.create(
        TensorDialect.dim, [storage.values, zero], results: [context.index])
      rewriter.replace(user, with: count)
    } else if user.is(SparseTensor.values) {
      replaceByBuffer(user, storage.values)
    } else if user.is(SparseTensor.positions) || user.is(SparseTensor.coordinates) {
      let arrays = user.is(SparseTensor.positions) ? storage.positions : storage.coordinates
      let level = Int(user.attribute("level")?.integerValue ?? -1)
      guard arrays.indices.contains(level), let array = arrays[level] else {
        throw user.emitOpError("asks for an array that level \(level) does not have")
      }
      replaceByBuffer(user, array)
    } else {
      throw user.emitOpError(
        "cannot be lowered: it uses the sparse tensor of type \(tensor.type), and only structured operations of linalg, tensor.dim and queries of sparse_tensor may"
      )
    }
  }

  private func replaceSize(_ user: Operation, _ sizes: [Int]) throws(Reported) {
    guard let i = user.operand(1).constantInteger else {
      throw user.emitOpError("of a sparse tensor needs a constant dimension")
    }
    guard sizes.indices.contains(i) else {
      throw user.emitOpError("asks for dimension \(i) of a tensor that has \(sizes.count)")
    }
    rewriter.replace(user, with: ConstantOp.index(rewriter, sizes[i]))
  }

  private func replaceByBuffer(_ user: Operation, _ array: Value) {
    let type = context.memRef(array.type.shape, array.type.elementType)
    var buffer = rewriter.create(
      Bufferization.toBuffer, [array], results: [type],
      attributes: [("read_only", context.unit)])
    if type != user.result().type {
      buffer = rewriter.create(MemRef.cast, [buffer.result()], results: [user.result().type])
    }
    rewriter.replace(user, with: buffer)
  }
}
