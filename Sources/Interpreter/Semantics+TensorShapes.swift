import MartletIR
import MartletSupport

/// tensor: changes of shape, and the same for memrefs where it is a matter of shape alone.
extension Semantics {
  mutating func addTensorShapes() {
    register("tensor.cast") { (instruction, frame) throws(Reported) in
      let value = frame.take(instruction, 0)
      if let reason = value.mismatch(instruction.resultType()) {
        throw frame.fail(instruction, "cannot be cast to \(instruction.resultType()): \(reason)")
      }
      frame.set(instruction, 0, value)
    }
    register("tensor.collapse_shape") { (instruction, frame) throws(Reported) in
      let array = try frame.takeArray(instruction, 0)
      let groups = try instruction.reassociation()
      // Extents of 1 alone collapse to a scalar, which has no groups.
      let isScalar = groups.isEmpty && array.count == 1
      guard isScalar || groups.flatMap({ $0 }) == Array(array.shape.indices) else {
        throw frame.fail(
          instruction, "reassociation does not list the source's dimensions in order")
      }
      let shape = groups.compactMap { group in Shape.count(group.map { array.shape[$0] }) }
      guard shape.count == groups.count, Shape.count(shape) == array.count else {
        throw frame.fail(instruction, "has a size that overflows")
      }
      frame.set(instruction, 0, .tensor(array.reshaped(shape)))
    }
    register("tensor.expand_shape") { (instruction, frame) throws(Reported) in
      let array = try frame.takeArray(instruction, 0)
      let shape = try frame.expandedShape(instruction, array.shape)
      guard Shape.count(shape) == array.count else {
        throw frame.fail(instruction, "has a size that overflows")
      }
      frame.set(instruction, 0, .tensor(array.reshaped(shape)))
    }
    register("tensor.reshape") { (instruction, frame) throws(Reported) in
      let array = try frame.takeArray(instruction, 0)
      let shape = try frame.array(instruction, 1).integers
      guard Shape.count(shape) == array.count else {
        throw frame.fail(
          instruction, "cannot give \(array.count) elements the shape \(Shape.text(shape))")
      }
      frame.set(instruction, 0, .tensor(array.reshaped(shape)))
    }
  }
}

extension Instruction {
  /// Groups of dimensions, from `reassociation = [[0, 1], [2]]`.
  func reassociation() throws(Reported) -> [[Int]] {
    let groups = attribute("reassociation")?.elements?.compactMap(\.integers)
    guard let groups, groups.count == attribute("reassociation")?.elements?.count else {
      throw operation.emitOpError("needs a reassociation to be interpreted")
    }
    return groups
  }
}

extension Frame {
  /// The result shape of `expand_shape`: static sizes of its type or `static_output_shape`, dynamic ones
  /// from operands or, one to a group, from what is left.
  func expandedShape(_ instruction: Instruction, _ source: [Int]) throws(Reported) -> [Int] {
    let groups = try instruction.reassociation()
    let declared =
      instruction.attribute("static_output_shape")?.integers ?? instruction.resultType().shape
    var shape = declared
    let dynamic = 1..<instruction.operandCount
    if !dynamic.isEmpty { shape = try mixed(instruction, declared, dynamic) }
    if source.isEmpty, groups.isEmpty, Shape.count(shape) == 1 { return shape }
    guard groups.count == source.count, groups.flatMap({ $0 }) == Array(shape.indices) else {
      throw fail(instruction, "reassociation does not list the result's dimensions in order")
    }
    for (group, size) in zip(groups, source) {
      let unknown = group.filter { shape[$0] == Type.dynamic }
      guard let known = Shape.count(group.filter { shape[$0] != Type.dynamic }.map { shape[$0] })
      else { throw fail(instruction, "has a size that overflows") }
      if let d = unknown.first {
        guard unknown.count == 1, known > 0, size % known == 0 else {
          throw fail(instruction, "cannot split a dimension of size \(size) by \(known)")
        }
        shape[d] = size / known
      } else if known != size {
        throw fail(instruction, "splits a dimension of size \(size) into \(known)")
      }
    }
    return shape
  }
}
