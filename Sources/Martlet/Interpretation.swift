import MartletDialects
import MartletIR
import MartletInterpreter
import MartletRuntime
import MartletSupport

/// Runs an entry in the reference interpreter, between the tensors of the runtime and its values.
struct Interpretation {
  let module: Operation
  let function: FuncOp

  /// Calls the function with `inputs` in the order of its signature.
  /// - Returns: the outputs in order, results and parameters written to alike.
  func run(_ inputs: [Argument]) throws(Reported) -> [Tensor] {
    var values: [RuntimeValue] = []
    var written: [(position: Int, value: MemRefValue)] = []
    var remaining = inputs[...]
    for (i, argument) in function.arguments.enumerated() {
      if function.argumentAttribute(i, Signature.resultAttribute) != nil {
        let buffer = try makeBuffer(argument.type)
        written.append((i, buffer))
        values.append(.memref(buffer))
      } else if let input = remaining.popFirst() {
        values.append(try value(input, argument.type))
      }
    }
    let results = try Interpreter(module: module).run(function.name, arguments: values)
    var outputs: [Tensor] = []
    for buffer in written {
      outputs.append(try tensor(.memref(buffer.value), function.arguments[buffer.position].type))
    }
    for (result, type) in zip(results, function.type.results) {
      outputs.append(try tensor(result, type))
    }
    return outputs
  }

  private func fail(_ message: String) -> Reported { function.operation.emitError(message) }

  private func makeBuffer(_ type: Type) throws(Reported) -> MemRefValue {
    guard type.hasStaticShape, let format = ElementFormat(type.elementType),
      let count = type.elementCount, let storage = try? ArrayStorage(format, count: count)
    else { throw fail("cannot have a buffer of type \(type)") }
    return MemRefValue(storage, shape: type.shape)
  }

  // MARK: In

  private func value(_ argument: Argument, _ type: Type) throws(Reported) -> RuntimeValue {
    switch argument {
    case .dense(let tensor):
      guard let format = ElementFormat(type.elementType) else {
        throw fail("cannot pass \(tensor.typeText) for \(type)")
      }
      let storage = try copy(tensor, format)
      if !type.isShaped { return RuntimeValue(bits: storage[0], format: format) }
      if type.isMemRef { return .memref(MemRefValue(storage, shape: tensor.shape)) }
      return .tensor(ArrayValue(shape: tensor.shape, storage: storage))
    case .sparse(let matrix):
      guard let encoding = type.encoding, let sparse = type.sparseEncoding,
        let layout = SparseLayout(encoding, rank: 2),
        let element = ElementFormat(type.elementType)
      else { throw fail("cannot pass a sparse matrix for \(type)") }
      guard let index = ElementFormat(sparse.positionType) else {
        throw fail("cannot pass a sparse matrix for \(type)")
      }
      return .sparse(
        SparseTensorValue(
          shape: [matrix.rows, matrix.columns], layout: layout,
          positions: [nil, try copy(matrix.positions, index)],
          coordinates: [nil, try copy(matrix.coordinates, index)],
          values: try copy(matrix.values, element)))
    }
  }

  private func copy(_ tensor: Tensor, _ format: ElementFormat) throws(Reported) -> ArrayStorage {
    guard format.byteCount == tensor.elementType.byteSize,
      let storage = try? ArrayStorage(format, count: tensor.elementCount)
    else { throw fail("cannot pass \(tensor.typeText) in elements of \(format.byteCount) bytes") }
    tensor.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress {
        storage.base.copyMemory(from: base, byteCount: bytes.count)
      }
    }
    return storage
  }

  // MARK: Out

  private func tensor(_ value: RuntimeValue, _ type: Type) throws(Reported) -> Tensor {
    guard let element = ElementType(signless: type.elementType) else {
      throw fail("cannot take out a result of type \(type)")
    }
    var shape: [Int] = []
    var bits: [UInt64] = []
    switch value {
    case .tensor(let array):
      shape = array.shape
      bits = (0..<array.count).map { array.storage[$0] }
    case .memref(let buffer):
      guard let array = try? buffer.dense() else { throw fail("no memory for a result") }
      shape = array.shape
      bits = (0..<array.count).map { array.storage[$0] }
    default:
      guard let scalar = value.scalarBits else {
        throw fail("cannot take out a result of type \(type)")
      }
      bits = [scalar]
    }
    do throws(Diagnostic) {
      var tensor = try Tensor(zeros: element, shape: shape)
      let size = element.byteSize
      tensor.withUnsafeMutableBytes { bytes in
        for (i, word) in bits.enumerated() {
          for byte in 0..<size {
            bytes[i * size + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
          }
        }
      }
      return tensor
    } catch {
      context.diagnostics.report(error)
      throw Reported()
    }
  }

  private var context: Context { module.context }
}
