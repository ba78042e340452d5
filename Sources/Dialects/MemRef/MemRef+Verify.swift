import MartletIR
import MartletSupport

extension MemRef {
  static func verifyAllocation(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    let dynamic = type.shape.count { $0 == Type.dynamic }
    if operation.operandGroup(0).count != dynamic {
      throw operation.emitOpError(
        "incorrect number of dynamic sizes, has \(operation.operandGroup(0).count), expected \(dynamic)"
      )
    }
    let map = type.layout?.affineMap
    var symbols = map?.symbolCount ?? 0
    if let strided = type.layout?.strided {
      symbols = (strided.strides + [strided.offset]).count { $0 == Type.dynamic }
    }
    if operation.operandGroup(1).count != symbols {
      throw operation.emitOpError(
        "symbol operand count does not equal memref symbol count: expected \(symbols), got \(operation.operandGroup(1).count)"
      )
    }
  }

  /// Checks that something around frees what is allocated on the stack.
  static func verifyScope(_ operation: Operation) throws(Reported) {
    var parent = operation.parent
    while let one = parent {
      // An operation that is not known may be such a scope.
      if one.has(.allocationScope) || !one.isRegistered { return }
      parent = one.parent
    }
    throw operation.emitOpError(
      "requires an ancestor op with AutomaticAllocationScope trait")
  }

  static func verifyRealloc(_ operation: Operation) throws(Reported) {
    let (source, result) = (operation.operand(0).type, operation.result().type)
    if source.layout != nil {
      throw operation.emitError(
        "unsupported layout for source memref type '\(source)'")
    }
    if result.layout != nil {
      throw operation.emitError("unsupported layout for result memref type '\(result)'")
    }
    if source.memorySpace != result.memorySpace {
      throw operation.emitError(
        "different memory spaces specified for source memref type '\(source)' and result memref type '\(result)'"
      )
    }
    if source.elementType != result.elementType {
      throw operation.emitError(
        "different element types specified for source memref type '\(source)' and result memref type '\(result)'"
      )
    }
    let hasSize = operation.operandCount > 1
    if result.shape.contains(Type.dynamic), !hasSize {
      throw operation.emitError(
        "missing dimension operand for result type '\(result)'")
    }
    if !result.shape.contains(Type.dynamic), hasSize {
      throw operation.emitError(
        "unnecessary dimension operand for result type '\(result)'")
    }
  }

  static func verifyIndexCount(_ operation: Operation, memref: Int, _ what: String)
    throws(Reported)
  {
    let rank = operation.operand(memref).type.rank
    let count = operation.operandCount - memref - 1
    if count == rank { return }
    if what == "store" {
      throw operation.emitOpError("store index operand count not equal to memref rank")
    }
    throw operation.emitOpError(
      "incorrect number of indices for \(what), expected \(rank) but got \(count)")
  }

  static func verifyCopy(_ operation: Operation) throws(Reported) {
    let (source, target) = (operation.operand(0).type, operation.operand(1).type)
    if source.elementType != target.elementType {
      throw operation.emitOpError("requires the same element type for all operands")
    }
    guard source.kind == .memRef, target.kind == .memRef else { return }
    let fits =
      source.rank == target.rank
      && zip(source.shape, target.shape).allSatisfy {
        $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic
      }
    if !fits { throw operation.emitOpError("requires the same shape for all operands") }
  }

  static func verifyAtomicRMW(_ operation: Operation) throws(Reported) {
    let rank = operation.operand(1).type.rank
    if operation.operandCount - 2 != rank {
      throw operation.emitOpError(
        "expects the number of subscripts to be equal to memref rank")
    }
    guard let value = operation.attribute("kind")?.integerValue,
      let kind = rmwKinds.keyword(value)
    else { return }
    let type = operation.operand(0).type
    if kind.hasSuffix("f"), !type.isFloat {
      throw operation.emitOpError("with kind '\(kind)' expects a floating-point type")
    }
    if !kind.hasSuffix("f"), kind != "assign", !type.isInteger {
      throw operation.emitOpError("with kind '\(kind)' expects an integer type")
    }
  }

  static func verifyGlobal(_ operation: Operation) throws(Reported) {
    guard let type = operation.attribute("type")?.typeValue else { return }
    if !type.hasStaticShape {
      throw operation.emitOpError(
        "type should be static shaped memref, but got '\(type)'")
    }
    guard let value = operation.attribute("initial_value"), !value.isUnit else { return }
    guard AttributeConstraint.elements.accepts(value), let found = value.type else {
      throw operation.emitOpError(
        "initial value should be a unit or elements attribute, but got \(value)")
    }
    if found.elementType != type.elementType {
      throw operation.emitOpError(
        "initial value element expected to be of type '\(type.elementType)', but was of type '\(found.elementType)'"
      )
    }
    if found.shape != type.shape {
      let expected = operation.context.tensor(type.shape, type.elementType)
      throw operation.emitOpError(
        "initial value shape expected to be \(expected.shape) but was \(found.shape)")
    }
  }

  static func verifyGetGlobal(_ operation: Operation) throws(Reported) {
    guard let name = operation.attribute("name"), operation.parent != nil else { return }
    guard let found = SymbolTable.resolve(name, from: operation), found.is(global) else {
      throw operation.emitOpError(
        "'\(name.rootReference?.string ?? "")' does not reference a valid global memref")
    }
    guard let type = found.attribute("type")?.typeValue else { return }
    if operation.result().type != type {
      throw operation.emitOpError(
        "result type '\(operation.result().type)' does not match type '\(type)' of the global memref @\(name.rootReference?.string ?? "")"
      )
    }
  }

  // MARK: Views

  static func verifySubview(_ operation: Operation) throws(Reported) {
    let (source, result) = (operation.operand(0).type, operation.result().type)
    let rank = source.rank
    try operation.verifyMixedIndices(ranks: (rank, rank, rank))
    if source.memorySpace != result.memorySpace {
      throw operation.emitError(
        "different memory spaces specified for base memref type '\(source)' and subview memref type '\(result)'"
      )
    }
    if source.stridedLayout == nil {
      throw operation.emitError("base type '\(source)' is not strided")
    }
    let sizes = operation.staticIndices("static_sizes")
    guard
      let expected = subviewType(
        source, offsets: operation.staticIndices("static_offsets"), sizes: sizes,
        strides: operation.staticIndices("static_strides"))
    else { return }
    func mismatch(_ what: String) -> Reported {
      operation.emitError(
        "expected result type to be '\(expected)' or a rank-reduced version. (mismatch of result \(what)), but got '\(result)'"
      )
    }
    if expected.elementType != result.elementType {
      throw operation.emitError(
        "expected result element type to be '\(expected.elementType)', but got '\(result)'")
    }
    guard let kept = keptDimensions(of: sizes, in: result.shape) else { throw mismatch("sizes") }
    guard let wanted = expected.stridedLayout, let found = result.stridedLayout else {
      throw mismatch("layout")
    }
    // Dimensions of size 1 may be dropped in several ways; any that fits the strides will do.
    let strides = kept.map { wanted.strides[$0] }
    let isReduced = kept.count < rank
    if wanted.offset != found.offset { throw mismatch("layout") }
    if strides != found.strides, !isReduced || !someReduction(sizes, wanted.strides, result, found)
    {
      throw mismatch("layout")
    }
    try verifyBounds(operation, source)
  }

  /// Checks that a subview whose numbers are known lies within its source.
  private static func verifyBounds(_ operation: Operation, _ source: Type) throws(Reported) {
    let offsets = operation.staticIndices("static_offsets")
    let sizes = operation.staticIndices("static_sizes")
    let strides = operation.staticIndices("static_strides")
    for i in 0..<source.rank {
      let extent = source.dimension(i)
      if extent == Type.dynamic || offsets[i] == Type.dynamic { continue }
      if offsets[i] < 0 || offsets[i] >= extent, sizes[i] != 0 {
        throw operation.emitError(
          "offset \(i) is out-of-bounds: \(offsets[i]) >= \(extent)")
      }
      if sizes[i] == Type.dynamic || strides[i] == Type.dynamic || sizes[i] == 0 { continue }
      let last = MemRefLayout.sum(offsets[i], MemRefLayout.multiply(sizes[i] - 1, strides[i]))
      if last < 0 || last >= extent {
        throw operation.emitError(
          "slice along dimension \(i) runs out-of-bounds: \(last) >= \(extent)")
      }
    }
  }

  /// Whether dropping dimensions of size 1 can give the shape and strides of `result`.
  private static func someReduction(
    _ sizes: [Int], _ strides: [Int], _ result: Type, _ layout: MemRefLayout
  ) -> Bool {
    // Position i of the full list against j of the reduced one, by dynamic programming.
    var reachable = Set([0])
    for i in sizes.indices {
      var next: Set<Int> = []
      for j in reachable {
        if sizes[i] == 1 { next.insert(j) }
        if j < result.rank, sizes[i] == result.dimension(j), strides[i] == layout.strides[j] {
          next.insert(j + 1)
        }
      }
      reachable = next
    }
    return reachable.contains(result.rank)
  }

  static func verifyReinterpretCast(_ operation: Operation) throws(Reported) {
    let (source, result) = (operation.operand(0).type, operation.result().type)
    try operation.verifyMixedIndices(ranks: (1, result.rank, result.rank))
    if source.memorySpace != result.memorySpace {
      throw operation.emitError(
        "different memory spaces specified for source type '\(source)' and result memref type '\(result)'"
      )
    }
    if source.elementType != result.elementType {
      throw operation.emitError(
        "different element types specified for source type '\(source)' and result memref type '\(result)'"
      )
    }
    let sizes = operation.staticIndices("static_sizes")
    for (i, (given, size)) in zip(sizes, result.shape).enumerated()
    where given != Type.dynamic && size != Type.dynamic && given != size {
      throw operation.emitError(
        "expected result type with size = \(given) instead of \(size) in dim = \(i)")
    }
    guard let layout = result.stridedLayout else {
      throw operation.emitError(
        "expected result type to have strided layout but found '\(result)'")
    }
    let fits = { (given: Int, found: Int) in
      given == found || given == Type.dynamic || found == Type.dynamic
    }
    let offset = operation.staticIndices("static_offsets")[0]
    if offset == Type.dynamic ? layout.offset != Type.dynamic : !fits(offset, layout.offset) {
      throw operation.emitError(
        "expected result type with offset = \(text(offset)) instead of \(layout.offset)")
    }
    for (i, (given, found)) in zip(operation.staticIndices("static_strides"), layout.strides)
      .enumerated() where !fits(given, found)
    {
      throw operation.emitError(
        "expected result type with stride = \(given) instead of \(found) in dim = \(i)")
    }
  }

  private static func text(_ size: Int) -> String { size == Type.dynamic ? "?" : String(size) }

  static func verifyView(_ operation: Operation) throws(Reported) {
    let (source, result) = (operation.operand(0).type, operation.result().type)
    if source.layout != nil {
      throw operation.emitError("unsupported map for base memref type '\(source)'")
    }
    if result.layout != nil {
      throw operation.emitError("unsupported map for result memref type '\(result)'")
    }
    if source.memorySpace != result.memorySpace {
      throw operation.emitError(
        "different memory spaces specified for base memref type '\(source)' and view memref type '\(result)'"
      )
    }
    let dynamic = result.shape.count { $0 == Type.dynamic }
    if operation.operandCount - 2 != dynamic {
      throw operation.emitOpError(
        "incorrect number of dynamic sizes, has \(operation.operandCount - 2), expected \(dynamic)")
    }
  }

  static func verifyReshape(_ operation: Operation) throws(Reported) {
    let (source, result) = (operation.operand(0).type, operation.result().type)
    let shape = operation.operand(1).type
    if source.elementType != result.elementType {
      throw operation.emitOpError(
        "element types of source and destination memref types should be the same")
    }
    if source.kind == .memRef, source.layout != nil {
      throw operation.emitOpError("source memref type should have identity affine map")
    }
    let size = shape.dimension(0)
    guard result.kind == .memRef else { return }
    if result.layout != nil {
      throw operation.emitOpError("result memref type should have identity affine map")
    }
    if size == Type.dynamic {
      throw operation.emitOpError(
        "cannot use shape operand with dynamic length to reshape to statically-ranked memref type")
    }
    if size != result.rank {
      throw operation.emitOpError(
        "length of shape operand differs from the result's memref rank")
    }
  }

  static func verifyTranspose(_ operation: Operation) throws(Reported) {
    guard let map = operation.attribute("permutation")?.affineMap else { return }
    let source = operation.operand(0).type
    if !map.isPermutation { throw operation.emitOpError("expected a permutation map") }
    if map.dimensionCount != source.rank {
      throw operation.emitOpError(
        "expected a permutation map of same rank as the input")
    }
    guard let expected = transposeType(source, map) else { return }
    let result = operation.result().type
    if !areSameLayout(expected, result) {
      throw operation.emitOpError(
        "result type '\(result)' is not equivalent to the canonical transposed input type '\(expected)'"
      )
    }
  }

  static func areSameLayout(_ a: Type, _ b: Type) -> Bool {
    a.shape == b.shape && a.elementType == b.elementType && a.memorySpace == b.memorySpace
      && a.stridedLayout == b.stridedLayout
  }

  static func groups(_ operation: Operation) -> [[Int]] {
    (operation.attribute("reassociation")?.elements ?? []).map { $0.integers ?? [] }
  }

  private static func verifyGroups(_ operation: Operation, collapsed: Type, expanded: Type)
    throws(Reported)
  {
    let groups = groups(operation)
    if groups.count != collapsed.rank {
      throw operation.emitOpError(
        "invalid number of reassociation groups: found \(groups.count), expected \(collapsed.rank)")
    }
    if groups.isEmpty {
      if expanded.shape.contains(where: { $0 != 1 }) {
        throw operation.emitOpError(
          "invalid to reshape tensor/memref with non-unit extent dimensions to zero-rank tensor/memref"
        )
      }
      return
    }
    var next = 0
    for (i, group) in groups.enumerated() {
      for dimension in group {
        if dimension != next {
          throw operation.emitOpError("reassociation indices must be contiguous")
        }
        next += 1
      }
      guard !group.isEmpty, group.allSatisfy({ $0 < expanded.rank }) else {
        throw operation.emitOpError("reassociation index \(group.last ?? 0) is out of bounds")
      }
      let sizes = group.map { expanded.dimension($0) }
      let size = collapsed.dimension(i)
      let product = sizes.reduce(1, MemRefLayout.multiply)
      if (size == Type.dynamic) != sizes.contains(Type.dynamic) {
        throw operation.emitOpError(
          "collapsed dim (\(i)) must be dynamic if and only if reassociation group is dynamic")
      }
      if size == Type.dynamic { continue }
      if product != size {
        throw operation.emitOpError(
          "collapsed dim size (\(size)) must equal reassociation group size (\(product))")
      }
    }
    if next != expanded.rank {
      throw operation.emitOpError(
        "expanded rank (\(expanded.rank)) inconsistent with number of reassociation indices (\(next))"
      )
    }
  }

  static func verifyCollapse(_ operation: Operation) throws(Reported) {
    let (source, result) = (operation.operand(0).type, operation.result().type)
    try verifyGroups(operation, collapsed: result, expanded: source)
    guard let wanted = collapsedLayout(source, groups(operation)), let found = result.stridedLayout
    else { return }
    let expected = source.layout == nil ? MemRefLayout(contiguous: result.shape) : wanted
    if !agree(expected, found) {
      let type = source.context.memRef(
        result.shape, source.elementType,
        layout: source.layout == nil
          ? nil : source.context.stridedLayout(offset: expected.offset, strides: expected.strides),
        memorySpace: source.memorySpace)
      throw operation.emitOpError(
        "expected collapsed type to be '\(type)' but found '\(result)'")
    }
  }

  static func verifyExpand(_ operation: Operation) throws(Reported) {
    let (source, result) = (operation.operand(0).type, operation.result().type)
    try verifyGroups(operation, collapsed: source, expanded: result)
    let entries = operation.staticIndices("static_output_shape")
    if entries.count != result.rank {
      throw operation.emitOpError(
        "expected number of static shape bounds to be equal to the output rank (\(result.rank)) but found \(entries.count) inputs instead"
      )
    }
    if entries.count(where: { $0 == Type.dynamic }) != operation.operandCount - 1 {
      throw operation.emitOpError(
        "mismatch in dynamic dims in output_shape and static_output_shape: static_output_shape has \(entries.count { $0 == Type.dynamic }) dynamic dims while output_shape has \(operation.operandCount - 1) values"
      )
    }
    for (i, (given, size)) in zip(entries, result.shape).enumerated()
    where given != Type.dynamic && given != size {
      throw operation.emitOpError("invalid output shape provided at pos \(i)")
    }
    guard let wanted = expandedLayout(source, result.shape, groups(operation)),
      let found = result.stridedLayout
    else { return }
    let expected = source.layout == nil ? MemRefLayout(contiguous: result.shape) : wanted
    if !agree(expected, found) {
      throw operation.emitOpError(
        "expected expanded type to have offset \(expected.offset) and strides \(expected.strides) but found '\(result)'"
      )
    }
  }

  private static func agree(_ a: MemRefLayout, _ b: MemRefLayout) -> Bool {
    let fits = { (x: Int, y: Int) in x == y || x == Type.dynamic || y == Type.dynamic }
    return fits(a.offset, b.offset) && zip(a.strides, b.strides).allSatisfy(fits)
  }
}

extension MemRef {
  /// `memref.dma_start`: source, destination, count and tag, each memref with its indices; a stride or none.
  static func verifyTransfer(_ operation: Operation) throws(Reported) {
    let operands = operation.operands
    var expected = 4
    if operands.count < expected {
      throw operation.emitOpError("expected at least \(expected) operands")
    }
    var next = 0
    for name in ["source", "destination", "tag"] {
      if name == "tag" {
        if !operands[next].type.isIndex {
          throw operation.emitOpError("expected num elements to be of index type")
        }
        next += 1
      }
      let type = operands[next].type
      guard type.kind == .memRef else {
        throw operation.emitOpError("expected \(name) to be of memref type")
      }
      expected += type.rank
      if operands.count < expected {
        throw operation.emitOpError("expected at least \(expected) operands")
      }
      for i in 0..<type.rank where !operands[next + 1 + i].type.isIndex {
        throw operation.emitOpError("expected \(name) indices to be of index type")
      }
      next += 1 + type.rank
    }
    if operands.count != expected, operands.count != expected + 2 {
      throw operation.emitOpError("incorrect number of operands")
    }
    for i in next..<operands.count where !operands[i].type.isIndex {
      throw operation.emitOpError(
        "expected stride and num elements per stride to be of type index")
    }
  }
}
