import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Turns tensors, which are values, into memrefs, which are memory: each operation writes into the memory
  /// of its destination where nothing needs what was there before, and results are made in the memory the
  /// caller gives for them.
  ///
  ///     func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  ///       %e = tensor.empty() : tensor<4xf32>
  ///       %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  ///       return %y : tensor<4xf32>
  ///     }
  ///     ->
  ///     func.func @main(%x: memref<4xf32>, %out: memref<4xf32> {martlet.result = 0 : i64}) {
  ///       linalg.exp ins(%x : memref<4xf32>) outs(%out : memref<4xf32>)
  ///       return
  ///     }
  ///
  /// Parameters are read only; results become parameters behind them, of public functions also scalars
  /// (as memrefs of rank 0). Constants become globals. Memory of static size is allocated in the function's
  /// entry block and not freed, `plan-memory` places it.
  public static let bufferize = Pass(
    "bufferize", name: "Bufferize", "Turn tensors into memrefs", anchor: "builtin.module",
    options: [
      .integer(
        "exchange-bytes", default: 4096,
        "The least size of what a loop hands on by exchanging buffers rather than by a copy")
    ],
    statistics: [
      PassStatistic("num-allocations", "Number of allocations made"),
      PassStatistic("num-copies", "Number of copies made"),
    ],
    dependentDialects: ["arith", "bufferization", "linalg", "memref", "scf", "tensor"]
  ) { (module, state) throws(Reported) in
    let globals = BufferGlobals(module)
    let functions = module.operations(Func.func).compactMap { FuncOp($0) }
    for function in functions {
      if function.isDeclaration {
        if (function.type.inputs + function.type.results).contains(where: \.isTensor) {
          throw function.operation.emitOpError("without a body takes or gives tensors")
        }
        continue
      }
      guard function.body.hasOneBlock else {
        throw function.operation.emitOpError("of several blocks cannot be bufferized")
      }
      for type in function.type.inputs + function.type.results where type.isTensor {
        if !type.isRankedTensor || type.encoding != nil {
          throw function.operation.emitOpError("takes or gives '\(type)', which has no memref")
        }
      }
      try BufferizePreparation(function).run()
      let analysis = BufferAnalysis(
        function, leastExchange: state.options.integer("exchange-bytes"))
      try analysis.run()
      let emitter = BufferEmitter(analysis, globals)
      try emitter.run()
      state.count("num-allocations", by: emitter.allocationCount)
      state.count("num-copies", by: emitter.copyCount)
      state.remark(
        .analysis, "Buffers",
        "\(emitter.allocationCount, as: "Allocations") allocations, \(emitter.copyCount, as: "Copies") copies",
        at: function.operation)
    }
  }
}
