import MartletIR
import MartletSupport

extension TensorDialect {
  static func verifyDynamicSizes(_ op: Operation, _ count: Int) throws(Reported) {
    let expected = op.result().type.shape.count { $0 == Type.dynamic }
    if count != expected {
      throw op.emitOpError(
        "incorrect number of dynamic sizes, has \(count), expected \(expected)")
    }
  }

  // MARK: Casts

  static func areCastCompatible(_ from: Type, _ to: Type) -> Bool {
    guard from.elementType == to.elementType else { return false }
    guard from.hasRank, to.hasRank else { return true }
    return TensorShapes.areCompatible(from.shape, to.shape)
  }

  static func verifyCast(_ op: Operation) throws(Reported) {
    if !areCastCompatible(op.operand(0).type, op.result().type) { throw Arith.incompatible(op) }
  }

  static func verifyBitcast(_ op: Operation) throws(Reported) {
    let (from, to) = (op.operand(0).type, op.result().type)
    let fits =
      from.elementType.bitWidth == to.elementType.bitWidth && from.hasRank == to.hasRank
      && (!from.hasRank || TensorShapes.areCompatible(from.shape, to.shape))
    if !fits { throw Arith.incompatible(op) }
  }

  // MARK: Elements

  static func verifyFromElements(_ op: Operation) throws(Reported) {
    let type = op.result().type
    if op.operands.contains(where: { $0.type != type.elementType })
      || type.elementCount != op.operandCount
    {
      throw op.emitOpError("failed to verify that operand types match result element type")
    }
  }

  static func verifyGenerate(_ op: Operation) throws(Reported) {
    guard let body = op.region().firstBlock else { return }
    let type = op.result().type
    if body.argumentCount != type.rank {
      throw op.emitError("must have one body argument per input dimension")
    }
    if body.arguments.contains(where: { !$0.type.isIndex }) {
      throw op.emitError("all body arguments must be index")
    }
    guard let last = body.terminator, last.is(yield), last.operand(0).type == type.elementType
    else {
      throw op.emitOpError(
        "body must be terminated with a `yield` operation of the tensor element type")
    }
  }

  // MARK: Slices

  /// Checks that lists of static entries and dynamic values fit the rank.
  static func verifySliceLists(_ op: Operation, rank: Int) throws(Reported) {
    for name in ["offset", "size", "stride"] {
      let entries = op.attribute("static_\(name)s")?.integers ?? []
      if entries.count != rank {
        throw op.emitError("expected \(rank) \(name) values, got \(entries.count)")
      }
      if entries.count(where: { $0 == Type.dynamic }) != op.operands(named: "\(name)s").count {
        throw op.emitError("expected a dynamic \(name) value for each dynamic position")
      }
      if name != "stride", let bad = entries.first(where: { $0 < 0 && $0 != Type.dynamic }) {
        throw op.emitError("expected \(name)s to be non-negative, but got \(bad)")
      }
    }
  }

  /// The type of a slice of `source` before dimensions are dropped.
  public static func sliceType(_ op: Operation, of source: Type) -> Type {
    source.context.tensor(
      op.attribute("static_sizes")?.integers ?? [], source.elementType, encoding: source.encoding)
  }

  private static func verifyReduced(_ op: Operation, _ actual: Type, _ full: Type)
    throws(Reported)
  {
    if actual.rank > full.rank {
      throw op.emitError("expected rank to be smaller or equal to the other rank. ")
    }
    if actual.elementType != full.elementType {
      throw op.emitError("expected element type to be '\(full.elementType)'")
    }
    if TensorShapes.droppedDimensions(full.shape, actual.shape) == nil {
      throw op.emitError(
        "expected type to be '\(full)' or a rank-reduced version. (size mismatch) ")
    }
  }

  /// Checks what can be known of a slice staying inside `shape`.
  private static func verifyBounds(_ op: Operation, _ shape: [Int]) throws(Reported) {
    let offsets = op.attribute("static_offsets")?.integers ?? []
    let sizes = op.attribute("static_sizes")?.integers ?? []
    let strides = op.attribute("static_strides")?.integers ?? []
    for (i, size) in shape.enumerated() where size != Type.dynamic {
      let offset = offsets[i]
      if offset == Type.dynamic { continue }
      if offset >= size, !(sizes[i] == 0 && offset == size) {
        throw op.emitError(
          "offset \(i) is out-of-bounds: \(offset) >= \(size)")
      }
      if sizes[i] == Type.dynamic || strides[i] == Type.dynamic || sizes[i] == 0 { continue }
      let (span, overflow) = (sizes[i] - 1).multipliedReportingOverflow(by: strides[i])
      let (last, overflow2) = span.addingReportingOverflow(offset)
      if overflow || overflow2 || last >= size {
        throw op.emitError("slice along dimension \(i) runs out-of-bounds: \(last) >= \(size)")
      }
    }
  }

  static func verifyExtractSlice(_ op: Operation) throws(Reported) {
    let source = op.operand(0).type
    try verifySliceLists(op, rank: source.rank)
    try verifyReduced(op, op.result().type, sliceType(op, of: source))
    try verifyBounds(op, source.shape)
  }

  static func verifyInsertSlice(_ op: Operation) throws(Reported) {
    let dest = op.operand(1).type
    try verifySliceLists(op, rank: dest.rank)
    try verifyReduced(op, op.operand(0).type, sliceType(op, of: dest))
    try verifyBounds(op, dest.shape)
  }

  // MARK: pad, concat

  static func verifyPad(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result().type)
    let low = op.attribute("static_low")?.integers ?? []
    let high = op.attribute("static_high")?.integers ?? []
    for (name, entries) in [("low", low), ("high", high)] {
      if entries.count != source.rank
        || entries.count(where: { $0 == Type.dynamic }) != op.operands(named: name).count
      {
        throw op.emitError("expected \(source.rank) \(name) values")
      }
    }
    var inferred: [Int] = []
    for (i, size) in source.shape.enumerated() {
      if [size, low[i], high[i]].contains(Type.dynamic) {
        inferred.append(Type.dynamic)
        continue
      }
      let (a, o1) = size.addingReportingOverflow(low[i])
      let (b, o2) = a.addingReportingOverflow(high[i])
      inferred.append(o1 || o2 ? Type.dynamic : b)
    }
    let fits =
      result.rank == inferred.count
      && zip(result.shape, inferred).allSatisfy { $0 == $1 || $1 == Type.dynamic }
    if !fits || result.elementType != source.elementType {
      let expected = op.context.tensor(inferred, source.elementType)
      throw op.emitError(
        "specified type '\(result)' does not match the inferred type '\(expected)'")
    }
  }

  static func verifyPadRegion(_ op: Operation) throws(Reported) {
    guard let body = op.region().firstBlock else { return }
    let rank = op.result().type.rank
    if body.argumentCount != rank {
      throw op.emitError("expected the block to have \(rank) arguments")
    }
    for (i, argument) in body.arguments.enumerated() where !argument.type.isIndex {
      throw op.emitOpError("expected block argument \(i + 1) to be an index")
    }
    guard let last = body.terminator, last.is(yield),
      last.operand(0).type == op.result().type.elementType
    else { throw op.emitOpError("expected yield type to match shape element type") }
  }

  static func verifyConcat(_ op: Operation) throws(Reported) {
    if op.operandCount < 1 { throw op.emitOpError("requires at least one input") }
    let types = op.operands.types
    let result = op.result().type
    let dim = op.attribute("dim")?.integerValue.map { Int($0) } ?? 0
    if types.contains(where: { $0.rank != types[0].rank }) {
      throw op.emitOpError("rank of concatenated inputs must match")
    }
    if result.rank != types[0].rank {
      throw op.emitOpError("rank of concatenated inputs must match result rank")
    }
    if dim < 0 || dim >= result.rank {
      throw op.emitOpError("concatenation dim must be less than the tensor rank")
    }
    if types.contains(where: { $0.elementType != result.elementType }) {
      throw op.emitOpError("inputs and result element type must match")
    }
    var inferred = Array(repeating: Type.dynamic, count: result.rank)
    for i in 0..<result.rank {
      if i == dim {
        var sum: Int? = 0
        for type in types {
          let size = type.dimension(i)
          sum = sum.flatMap { total in
            guard size != Type.dynamic else { return nil }
            let (next, overflow) = total.addingReportingOverflow(size)
            return overflow ? nil : next
          }
        }
        inferred[i] = sum ?? Type.dynamic
        continue
      }
      for type in types where type.dimension(i) != Type.dynamic {
        if inferred[i] != Type.dynamic, inferred[i] != type.dimension(i) {
          throw op.emitOpError(
            "static concatenation size mismatch along non-concatenated dimension \(i)")
        }
        inferred[i] = type.dimension(i)
      }
    }
    if !TensorShapes.areCompatible(inferred, result.shape) {
      let expected = op.context.tensor(inferred, result.elementType)
      throw op.emitOpError(
        "result type '\(result)'does not match inferred shape '\(expected)' static sizes")
    }
  }

  // MARK: Shapes

  /// Checks the groups that relate an expanded and a collapsed type.
  private static func verifyReassociation(_ op: Operation, _ expanded: Type, _ collapsed: Type)
    throws(Reported)
  {
    guard expanded.hasRank, collapsed.hasRank else { return }
    if expanded.elementType != collapsed.elementType {
      throw op.emitOpError("expected the same element type for source and result")
    }
    let groups = TensorShapes.groups(op.attribute("reassociation"))
    if groups.count != collapsed.rank {
      throw op.emitOpError(
        "expected rank of the collapsed type(\(collapsed.rank)) to be the number of "
          + "reassociation maps(\(groups.count))")
    }
    // A scalar has no groups; its one element is all there is.
    if groups.isEmpty { return }
    var next = 0
    for (i, group) in groups.enumerated() {
      for dim in group {
        if dim != next {
          throw op.emitOpError(
            "expected reassociation map #\(i) to be valid and contiguous.")
        }
        next += 1
      }
    }
    if next != expanded.rank {
      throw op.emitOpError(
        "expected reassociation map #\(max(groups.count - 1, 0)) to have size equal to the "
          + "expanded rank (\(expanded.rank)), but it is  \(next).")
    }
    for (i, group) in groups.enumerated() {
      let size = TensorShapes.collapse(expanded.shape, [group])[0]
      let actual = collapsed.dimension(i)
      if size == actual { continue }
      if size == Type.dynamic {
        throw op.emitOpError(
          "expected dimension \(i) of collapsed type to be dynamic since one or more of the "
            + "corresponding dimensions in the expanded type is dynamic")
      }
      throw op.emitOpError(
        "expected dimension \(i) of collapsed type to be static value of \(size)")
    }
  }

  static func verifyCollapse(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result().type)
    if source.hasRank, result.hasRank, source.rank < result.rank {
      throw op.emitOpError("expected the source rank to be at least the result rank")
    }
    try verifyReassociation(op, source, result)
  }

  static func verifyExpand(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result().type)
    let statics = op.attribute("static_output_shape")?.integers ?? []
    if statics.count != result.rank {
      throw op.emitOpError(
        "expected number of static shape dims to be equal to the output rank (\(result.rank)) "
          + "but found \(statics.count) inputs instead")
    }
    let dynamic = statics.count { $0 == Type.dynamic }
    if dynamic != op.operandCount - 1 {
      throw op.emitOpError(
        "mismatch in dynamic dims in output_shape and static_output_shape: "
          + "static_output_shape has \(dynamic) dynamic dims while output_shape has "
          + "\(op.operandCount - 1) values")
    }
    try verifyReassociation(op, result, source)
  }

  static func verifyReshape(_ op: Operation) throws(Reported) {
    let (source, shape, result) = (op.operand(0).type, op.operand(1).type, op.result().type)
    if source.elementType != result.elementType {
      throw op.emitOpError(
        "element types of source and destination tensor types should be the same")
    }
    let size = shape.dimension(0)
    if !result.hasRank { return }
    if size == Type.dynamic {
      throw op.emitOpError(
        "cannot use shape operand with dynamic length to reshape to statically-ranked tensor type")
    }
    if size != result.rank {
      throw op.emitOpError("length of shape operand differs from the result's tensor rank")
    }
    if source.hasRank, let a = source.elementCount, let b = result.elementCount, a != b {
      throw op.emitOpError("source and destination tensor should have the same number of elements")
    }
  }

  // MARK: Gathering

  /// Checks the dimensions a gather or scatter indexes.
  private static func verifyGatheredDims(
    _ op: Operation, _ name: String, _ rank: Int, _ indices: Type
  ) throws(Reported) -> [Int] {
    let dims = op.attribute("\(name)_dims")?.integers ?? []
    if dims.isEmpty { throw op.emitOpError("\(name)_dims must be non-empty") }
    if indices.rank == 0 || indices.dimension(indices.rank - 1) != dims.count {
      throw op.emitOpError(
        "\(name)_dims length must match the size of last dimension of indices")
    }
    if dims.count > rank {
      throw op.emitOpError("\(name)_dims overflow \(name == "gather" ? "source" : "dest") rank")
    }
    for (i, dim) in dims.enumerated() {
      if dim < 0 { throw op.emitOpError("\(name)_dims value must be non-negative") }
      if dim >= rank {
        throw op.emitOpError(
          "\(name)_dims value must be smaller than \(name == "gather" ? "source" : "dest") rank")
      }
      if i > 0, dims[i - 1] >= dim {
        throw op.emitOpError("\(name)_dims values must be strictly increasing")
      }
    }
    return dims
  }

  private static func gatheredType(
    _ source: Type, _ indices: Type, _ dims: [Int], reduced: Bool
  ) -> Type {
    var shape = Array(indices.shape.dropLast())
    for (i, size) in source.shape.enumerated() {
      if dims.contains(i) {
        if !reduced { shape.append(1) }
      } else {
        shape.append(size)
      }
    }
    return source.context.tensor(shape, source.elementType)
  }

  private static func verifyGathered(
    _ op: Operation, _ name: String, _ base: Type, _ indices: Type, _ found: Type, _ what: String
  ) throws(Reported) {
    let dims = try verifyGatheredDims(op, name, base.rank, indices)
    let full = gatheredType(base, indices, dims, reduced: false)
    let reduced = gatheredType(base, indices, dims, reduced: true)
    if found != full, found != reduced {
      throw op.emitOpError(
        "\(what) type mismatch: expected '\(full)' or its rank-reduced variant '\(reduced)' "
          + "(got: '\(found)')")
    }
  }

  static func verifyGather(_ op: Operation) throws(Reported) {
    try verifyGathered(
      op, "gather", op.operand(0).type, op.operand(1).type, op.result().type, "result")
  }

  static func verifyScatter(_ op: Operation) throws(Reported) {
    if !op.hasAttribute("unique") { throw op.emitOpError("requires 'unique' attribute to be set") }
    try verifyGathered(
      op, "scatter", op.operand(1).type, op.operand(2).type, op.operand(0).type, "source")
  }
}
