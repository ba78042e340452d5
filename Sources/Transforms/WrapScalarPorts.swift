import MartletAnalysis
import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Makes scalar parameters and results of public functions tensors of rank 0, so that everything a program takes and
  /// gives is an array in memory. A function that the module itself refers to stays as it is.
  ///
  ///     func.func @main(%n: i64) -> f32 {
  ///       ...
  ///       return %s : f32
  ///     }
  /// becomes
  ///
  ///     func.func @main(%n: tensor<i64>) -> tensor<f32> {
  ///       %0 = tensor.extract %n[] : tensor<i64>
  ///       ...
  ///       %1 = tensor.from_elements %s : tensor<f32>
  ///       return %1 : tensor<f32>
  ///     }
  public static let wrapScalarPorts = Pass(
    "wrap-scalar-ports", name: "WrapScalarPorts", "Pass scalars in and out as tensors of rank 0",
    anchor: "func.func", dependentDialects: ["tensor"]
  ) { (operation, state) throws(Reported) in
    guard let function = FuncOp(operation), let entry = function.entry, !function.isPrivate else {
      state.isUnchanged = true
      return
    }
    let ports = function.type.inputs + function.type.results
    if ports.contains(where: isScalar), SymbolUses.mayBeUsed(operation) {
      state.remark(.missed, "CalledInModule", "calls in the module pass scalars", at: operation)
      state.isUnchanged = true
      return
    }
    for (kind, types) in [("parameter", function.type.inputs), ("result", function.type.results)] {
      for (i, type) in types.enumerated() where isScalar(type) {
        state.remark(
          .passed, "Wrapped",
          "\(kind) \(i, as: "Number") of type \(type, as: "Type") is passed as a tensor of rank 0",
          at: operation)
      }
    }
    let changed = wrapParameters(function, entry)
    state.isUnchanged = !wrapResults(function) && !changed
  }
}

private func isScalar(_ type: Type) -> Bool { type.isIntOrFloat || type.isIndex }

private func wrapParameters(_ function: FuncOp, _ entry: Block) -> Bool {
  let context = function.operation.context
  let rewriter = PatternRewriter(context)
  rewriter.insertionPoint = .atStart(of: entry)
  rewriter.location = function.operation.location
  var inputs = function.type.inputs
  var changed = false
  for (i, argument) in entry.arguments.enumerated() where isScalar(argument.type) {
    let scalar = argument.type
    argument.type = context.tensor([], scalar)
    inputs[i] = argument.type
    let value = rewriter.create(TensorDialect.extract, [argument], results: [scalar])
    argument.replaceUses(with: value.result()) { $0.owner != value }
    changed = true
  }
  function.setType(inputs: inputs, results: function.type.results)
  return changed
}

private func wrapResults(_ function: FuncOp) -> Bool {
  let context = function.operation.context
  var results = function.type.results
  guard results.contains(where: isScalar) else { return false }
  let rewriter = PatternRewriter(context)
  for terminator in function.returns {
    rewriter.setInsertionPoint(before: terminator)
    for (i, operand) in terminator.operands.enumerated() where isScalar(operand.type) {
      let wrapped = rewriter.create(
        TensorDialect.fromElements, [operand], results: [context.tensor([], operand.type)])
      terminator.setOperand(i, wrapped.result())
    }
  }
  for i in results.indices where isScalar(results[i]) {
    results[i] = context.tensor([], results[i])
  }
  function.setType(inputs: function.type.inputs, results: results)
  return true
}
