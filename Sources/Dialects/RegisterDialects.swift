import MartletIR

/// Makes all dialects known to `context`; each is loaded when its name is first met.
public func registerAllDialects(_ context: Context) {
  context.register("affine") { Affine.dialect }
  context.register("arith") { Arith.dialect }
  context.register("bufferization") { Bufferization.dialect }
  context.register("builtin") { Builtin.dialect }
  context.register("cf") { ControlFlow.dialect }
  context.register("complex") { Complex.dialect }
  context.register("dlti") { DLTI.dialect }
  context.register("func") { Func.dialect }
  context.register("gpu") { GPU.dialect }
  context.register("index") { Index.dialect }
  context.register("irdl") { IRDL.dialect }
  context.register("linalg") { Linalg.dialect }
  context.register("llvm") { LLVM.dialect }
  context.register("math") { Math.dialect }
  context.register("memref") { MemRef.dialect }
  context.register("nvvm") { GPUTarget.nvvm }
  context.register("onnx") { ONNXDialect.make() }
  context.register("rocdl") { GPUTarget.rocdl }
  context.register("scf") { SCF.dialect }
  context.register("sparse_tensor") { SparseTensor.dialect }
  context.register("tensor") { TensorDialect.dialect }
  context.register("transform") { Transform.dialect }
  context.register("ub") { UB.dialect }
  context.register("vector") { VectorDialect.dialect }
  context.register("xevm") { GPUTarget.xevm }
}
