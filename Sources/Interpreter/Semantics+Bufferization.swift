import MartletIR
import MartletSupport

/// bufferization: between tensors, which are values, and memrefs, which are places. A tensor never shares
/// memory with a memref here: both directions copy.
extension Semantics {
  mutating func addBufferization() {
    register("bufferization.to_tensor") { (instruction, frame) throws(Reported) in
      frame.set(instruction, 0, .tensor(try frame.contents(instruction, 0)))
    }
    register("bufferization.to_buffer") { (instruction, frame) throws(Reported) in
      let array = try frame.array(instruction, 0)
      let copy = try frame.copied(instruction, array)
      frame.set(instruction, 0, .memref(MemRefValue(copy.storage, shape: copy.shape)))
    }
    register("bufferization.clone") { (instruction, frame) throws(Reported) in
      let copy = try frame.contents(instruction, 0)
      frame.set(instruction, 0, .memref(MemRefValue(copy.storage, shape: copy.shape)))
    }
    register("bufferization.alloc_tensor") { (instruction, frame) throws(Reported) in
      if let source = instruction.segment(1).first {
        frame.set(instruction, 0, frame.value(instruction, source))
        return
      }
      try frame.setNew(instruction, dynamic: instruction.segment(0))
    }
    register("bufferization.materialize_in_destination") { (instruction, frame) throws(Reported) in
      let source = try frame.contents(instruction, 0)
      if frame.value(instruction, 1).memref != nil {
        try frame.write(source, to: try frame.memref(instruction, 1), instruction)
      }
      if instruction.resultCount == 1 { frame.set(instruction, 0, .tensor(source)) }
    }
    register("bufferization.dealloc_tensor") { (_, _) throws(Reported) in }
    register("bufferization.dealloc") { (instruction, frame) throws(Reported) in
      try frame.deallocate(instruction)
    }
  }
}

extension Frame {
  func copied(_ instruction: Instruction, _ array: ArrayValue) throws(Reported) -> ArrayValue {
    do {
      return ArrayValue(
        shape: array.shape,
        storage: try array.storage.copy(limit: interpreter.options.memoryLimit))
    } catch { throw fail(instruction, error.message) }
  }

  /// `bufferization.dealloc`: frees each memref whose condition holds unless a retained one shares its
  /// memory; a retained memref's result says whether one that shares its memory was to be freed.
  fileprivate func deallocate(_ instruction: Instruction) throws(Reported) {
    let conditions = instruction.segment(1)
    var freed: [ArrayStorage] = []
    for (i, condition) in zip(instruction.segment(0), conditions)
    where bits(instruction, condition) != 0 {
      freed.append(try memref(instruction, i).storage)
    }
    var retained: [ArrayStorage] = []
    for i in instruction.segment(2) { retained.append(try memref(instruction, i).storage) }
    for (i, storage) in retained.enumerated() where i < instruction.resultCount {
      set(instruction, i, .bool(freed.contains { $0 === storage }))
    }
    for storage in freed where !retained.contains(where: { $0 === storage }) {
      storage.markFreed()
    }
  }
}
