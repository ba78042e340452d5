import MartletDialects
import MartletIR
import MartletSupport

/// onnx: every operator of the dialect, by the reference semantics of its declaration. Shapes may still be
/// unknown: they are those of the values.
extension Semantics {
  mutating func addONNX() {
    register("onnx.NoValue") { instruction, frame in frame.set(instruction, 0, .none) }
    for schema in ONNXDialect.operators {
      register("onnx.\(schema.name)") { (instruction, frame) throws(Reported) in
        try Self.runONNX(instruction, frame)
      }
    }
  }

  private static func runONNX(_ instruction: Instruction, _ frame: Frame) throws(Reported) {
    var inputs: [ONNXArray?] = []
    for i in 0..<instruction.operandCount {
      inputs.append(try input(instruction, frame, i))
    }
    guard let view = ONNXOperation(instruction.operation, inputs: inputs) else {
      throw frame.fail(instruction, "is not an operator of the onnx dialect")
    }
    let results: [ONNXArray]
    do {
      // Evaluation takes eight bytes for each element, whatever its type.
      let limit = frame.interpreter.options.memoryLimit / 8
      for shape in try view.schema.infer(view) where try elementCount(shape) > limit {
        throw ONNXError("a tensor of shape \(shape) exceeds the memory limit")
      }
      results = try view.evaluated()
    } catch let error as ONNXError {
      throw frame.fail(instruction, error.message)
    } catch {
      throw frame.fail(instruction, "\(error)")
    }
    for i in 0..<instruction.resultCount {
      guard view.wants(i), i < results.count else {
        frame.set(instruction, i, .none)
        continue
      }
      frame.set(instruction, i, .tensor(try array(results[i], instruction, frame)))
    }
  }

  /// Operand `i`; nil where it is not given.
  private static func input(_ instruction: Instruction, _ frame: Frame, _ i: Int)
    throws(Reported) -> ONNXArray?
  {
    let type = instruction.operandType(i)
    if type.kind == BuiltinTypeKind.none { return nil }
    let array = try frame.array(instruction, i)
    let element = type.elementType
    return element.isFloat
      ? ONNXArray(element, array.shape, floats: array.doubles)
      : ONNXArray(element, array.shape, ints: array.integers.map { Int64($0) })
  }

  private static func array(_ value: ONNXArray, _ instruction: Instruction, _ frame: Frame)
    throws(Reported) -> ArrayValue
  {
    guard let format = ElementFormat(value.element) else {
      throw frame.fail(instruction, "has elements that are not interpreted")
    }
    let array = try frame.allocate(instruction, format, value.shape)
    for i in 0..<value.count {
      array.storage[i] =
        value.isFloat
        ? format.encode(value.floats[i])
        : format.canonical(UInt64(bitPattern: value.ints[i]))
    }
    return array
  }
}
