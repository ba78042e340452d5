import MartletIR
import MartletSupport

/// Applies scalar kernels to vectors and tensors.
enum Elementwise {
  /// The action of an elementwise operation; scalar operands (a select's condition) serve all elements.
  static func action(_ kernel: ScalarKernel, _ instruction: Instruction) throws(Reported)
    -> Semantics.Action
  {
    guard let format = ElementFormat(instruction.resultType().elementType) else {
      throw instruction.operation.emitOpError("is not interpreted for these types")
    }
    let isTensor = instruction.resultType().isTensor
    let count = instruction.operandCount
    return { (frame: Frame) throws(Reported) in
      var arrays: [ArrayValue?] = []
      var shape: [Int]?
      for i in 0..<count {
        if instruction.operands[i].isObject {
          let array = try frame.array(instruction, i)
          if let known = shape, known != array.shape {
            throw frame.fail(
              instruction,
              "operands differ in shape: \(Shape.text(known)) and \(Shape.text(array.shape))")
          }
          shape = array.shape
          arrays.append(array)
        } else {
          arrays.append(nil)
        }
      }
      let result = try frame.allocate(instruction, format, shape ?? [])
      try frame.spend(result.count, instruction)
      try apply(kernel, arrays, result, instruction, frame)
      frame.set(instruction, 0, isTensor ? .tensor(result) : .vector(result))
    }
  }

  private static func apply(
    _ kernel: ScalarKernel, _ arrays: [ArrayValue?], _ result: ArrayValue,
    _ instruction: Instruction, _ frame: Frame
  ) throws(Reported) {
    var fetched: (UInt64, UInt64, UInt64) = (0, 0, 0)
    if arrays.count > 0, arrays[0] == nil { fetched.0 = frame.bits(instruction, 0) }
    if arrays.count > 1, arrays[1] == nil { fetched.1 = frame.bits(instruction, 1) }
    if arrays.count > 2, arrays[2] == nil { fetched.2 = frame.bits(instruction, 2) }
    let first = arrays.count > 0 ? arrays[0]?.storage : nil
    let second = arrays.count > 1 ? arrays[1]?.storage : nil
    let third = arrays.count > 2 ? arrays[2]?.storage : nil
    let storage = result.storage
    for i in 0..<result.count {
      if let first { fetched.0 = first[i] }
      if let second { fetched.1 = second[i] }
      if let third { fetched.2 = third[i] }
      guard let bits = kernel(fetched.0, fetched.1, fetched.2) else {
        throw frame.fail(instruction, kernel.fault(fetched.0, fetched.1))
      }
      storage[i] = bits
    }
  }
}

extension Frame {
  /// Counts `steps` and stops the run where a limit is reached.
  func spend(_ steps: Int, _ instruction: Instruction) throws(Reported) {
    if interpreter.spend(steps) { try checkLimits(instruction) }
  }
}
