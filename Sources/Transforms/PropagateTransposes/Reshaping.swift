import MartletDialects
import MartletIR
import MartletRewriting

/// Row-major reshapes between static shapes, as `tensor.collapse_shape` and `tensor.expand_shape`.
enum Reshaping {
  /// For each dimension of `small` the dimensions of `large` it is the product of; nil where `small` is
  /// not `large` collapsed.
  static func groups(_ large: [Int], _ small: [Int]) -> [[Int]]? {
    if large.contains(where: { $0 <= 0 }) || small.contains(where: { $0 <= 0 }) { return nil }
    var groups: [[Int]] = []
    var next = 0
    for size in small {
      var group: [Int] = []
      var product = 1
      while next < large.count, group.isEmpty || product < size {
        let (scaled, overflow) = product.multipliedReportingOverflow(by: large[next])
        if overflow { return nil }
        product = scaled
        group.append(next)
        next += 1
      }
      if group.isEmpty || product != size { return nil }
      groups.append(group)
    }
    while next < large.count {
      if large[next] != 1 { return nil }
      if groups.isEmpty {
        next += 1
        continue
      }
      groups[groups.count - 1].append(next)
      next += 1
    }
    return groups
  }

  /// Whether one operation or none makes a tensor of shape `to` of one of shape `from`.
  static func takesOneStep(_ from: [Int], _ to: [Int]) -> Bool {
    from == to || from.count > to.count && groups(from, to) != nil
      || from.count < to.count && groups(to, from) != nil
  }

  /// Whether the shapes differ in dimensions of size 1 alone.
  static func differInUnits(_ a: [Int], _ b: [Int]) -> Bool {
    a.filter { $0 != 1 } == b.filter { $0 != 1 }
  }

  /// `value` with dimensions of size 1 added, moved or taken away.
  static func moveUnits(_ rewriter: PatternRewriter, _ value: Value, to shape: [Int]) -> Value {
    let from = value.type.shape
    if from == shape { return value }
    if takesOneStep(from, shape) { return step(rewriter, value, shape) }
    return step(rewriter, step(rewriter, value, from.filter { $0 != 1 }), shape)
  }

  /// One collapse or expansion; the shapes allow it.
  static func step(_ rewriter: PatternRewriter, _ value: Value, _ shape: [Int]) -> Value {
    let from = value.type.shape
    if from == shape { return value }
    let context = rewriter.context
    let type = context.tensor(shape, value.type.elementType)
    if from.count > shape.count, let groups = groups(from, shape) {
      return rewriter.create(
        TensorDialect.collapseShape, [value], results: [type],
        attributes: [("reassociation", TensorShapes.attribute(context, groups))]
      ).result()
    }
    return rewriter.create(
      TensorDialect.expandShape, [value], results: [type],
      attributes: [
        ("reassociation", TensorShapes.attribute(context, groups(shape, from) ?? [])),
        ("static_output_shape", context.denseI64Array(shape)),
      ]
    ).result()
  }
}

extension Operation {
  /// Whether this collapses or expands a tensor of static shape without an encoding.
  var isStaticReshape: Bool {
    (self.is(TensorDialect.collapseShape) || self.is(TensorDialect.expandShape))
      && operand(0).type.isRankedTensor && operand(0).type.hasStaticShape
      && result().type.hasStaticShape && operand(0).type.encoding == nil
  }
}
