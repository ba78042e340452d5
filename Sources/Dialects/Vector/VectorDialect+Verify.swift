import MartletIR
import MartletSupport

extension VectorDialect {
  /// Checks that both have one element type (a scalar is its own).
  private static func verifyElements(_ op: Operation, _ a: Type, _ b: Type, _ what: String)
    throws(Reported)
  {
    if a.elementType != b.elementType {
      throw op.emitOpError("failed to verify that \(what) have same element type")
    }
  }

  static func verifyBroadcast(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result().type)
    try verifyElements(op, source, result, "source operand and result")
    guard source.isVector else { return }
    if source.rank > result.rank {
      throw op.emitOpError("source rank higher than destination rank")
    }
    let lead = result.rank - source.rank
    for (i, size) in source.shape.enumerated()
    where size != 1 && size != result.dimension(lead + i) {
      throw op.emitOpError("dimension mismatch (\(size) vs. \(result.dimension(lead + i)))")
    }
  }

  // MARK: Positions

  private static func verifyPosition(
    _ op: Operation, _ vector: Type, _ part: Type, isInsert: Bool
  ) throws(Reported) {
    let position = op.attribute("static_position")?.integers ?? []
    let dynamic = op.operands(named: "dynamic_position").count
    if position.count(where: { $0 == Type.dynamic }) != dynamic {
      throw op.emitOpError("expected a dynamic position for each dynamic entry")
    }
    if position.count > vector.rank {
      throw op.emitOpError(
        isInsert
          ? "expected position attribute of rank no greater than dest vector rank"
          : "expected position attribute of rank no greater than vector rank")
    }
    let left = Array(vector.shape.dropFirst(position.count))
    if isInsert {
      let rank = part.isVector ? part.rank : 0
      if part.isVector ? position.count + rank != vector.rank : position.count != vector.rank {
        throw op.emitOpError(
          part.isVector
            ? "expected position attribute rank + source rank to match dest vector rank"
            : "expected position attribute rank to match the dest vector rank")
      }
    }
    if part.isVector {
      // An extracted or inserted vector of rank 0 or 1 may stand for one element.
      let fits = part.shape == left || (left.isEmpty && part.elementCount == 1)
      if !fits { throw op.emitOpError("expected type to be the rest of the vector's shape") }
    } else if !left.isEmpty {
      throw op.emitOpError("expected a position for each dimension of the vector")
    }
    for (i, entry) in position.enumerated() where entry != Type.dynamic && entry != -1 {
      if entry < 0 || entry >= vector.dimension(i) {
        throw op.emitOpError(
          "expected position attribute #\(i + 1) to be a non-negative integer smaller than the "
            + "corresponding \(isInsert ? "dest vector dimension" : "vector dimension or poison (-1)")"
        )
      }
    }
  }

  static func verifyExtract(_ op: Operation) throws(Reported) {
    try verifyElements(op, op.operand(0).type, op.result().type, "operand and result")
    try verifyPosition(op, op.operand(0).type, op.result().type, isInsert: false)
  }

  static func verifyInsert(_ op: Operation) throws(Reported) {
    try verifyElements(op, op.operand(0).type, op.result().type, "source operand and result")
    try verifyPosition(op, op.operand(1).type, op.operand(0).type, isInsert: true)
  }

  // MARK: Slices

  static func verifyExtractStridedSlice(_ op: Operation) throws(Reported) {
    let source = op.operand(0).type
    let offsets = op.attribute("offsets")?.integers ?? []
    let sizes = op.attribute("sizes")?.integers ?? []
    let strides = op.attribute("strides")?.integers ?? []
    if offsets.count != sizes.count || offsets.count != strides.count {
      throw op.emitOpError("expected offsets, sizes and strides attributes of same size")
    }
    if offsets.count > source.rank {
      throw op.emitOpError("expected offsets attribute of rank no greater than vector rank")
    }
    for i in offsets.indices {
      let size = source.dimension(i)
      if offsets[i] < 0 || offsets[i] >= size {
        throw op.emitOpError("expected offsets dimension \(i) to be confined to [0, \(size))")
      }
      if sizes[i] < 1 || sizes[i] > size {
        throw op.emitOpError("expected sizes dimension \(i) to be confined to [1, \(size + 1))")
      }
      if strides[i] != 1 { throw op.emitOpError("expected strides to be confined to [1, 2)") }
      if offsets[i] + sizes[i] > size {
        throw op.emitOpError(
          "expected sum(offsets, sizes) dimension \(i) to be confined to [1, \(size + 1))")
      }
    }
    for (i, size) in sizes.enumerated()
    where i < 63 && source.scalableMask >> UInt64(i) & 1 == 1 && size != source.dimension(i) {
      throw op.emitOpError(
        "expected size at idx=\(i) to match the corresponding base size from the input vector (\(size) vs \(source.dimension(i)))"
      )
    }
    let expected = source.cloned(shape: sizes + source.shape.dropFirst(sizes.count))
    if op.result().type != expected {
      throw op.emitOpError("expected result type to be '\(expected)'")
    }
  }

  static func verifyInsertStridedSlice(_ op: Operation) throws(Reported) {
    let (source, dest) = (op.operand(0).type, op.operand(1).type)
    try verifyElements(op, source, dest, "operand #0 and result")
    let offsets = op.attribute("offsets")?.integers ?? []
    let strides = op.attribute("strides")?.integers ?? []
    if offsets.count != dest.rank {
      throw op.emitOpError("expected offsets of same size as destination vector rank")
    }
    if strides.count != source.rank {
      throw op.emitOpError("expected strides of same size as source vector rank")
    }
    if source.rank > dest.rank {
      throw op.emitOpError("expected source rank to be no greater than destination rank")
    }
    if strides.contains(where: { $0 != 1 }) {
      throw op.emitOpError("expected strides to be confined to [1, 2)")
    }
    let lead = dest.rank - source.rank
    for i in offsets.indices {
      let size = dest.dimension(i)
      if offsets[i] < 0 || offsets[i] >= size {
        throw op.emitOpError("expected offsets dimension \(i) to be confined to [0, \(size))")
      }
      if i >= lead, offsets[i] + source.dimension(i - lead) > size {
        throw op.emitOpError(
          "expected sum(offsets, source vector shape) dimension \(i) to be confined to "
            + "[1, \(size + 1))")
      }
    }
    try verifyScalableSlice(op, source, dest, lead: lead)
  }

  static func verifyFromElements(_ op: Operation) throws(Reported) {
    let type = op.result().type
    if type.elementCount != op.operandCount
      || op.operands.contains(where: { $0.type != type.elementType })
    {
      throw op.emitOpError(
        "failed to verify that shaped type 'dest' matches 'elements' element count and types")
    }
  }

  static func verifyToElements(_ op: Operation) throws(Reported) {
    let type = op.operand(0).type
    if type.elementCount != op.resultCount
      || op.results.contains(where: { $0.type != type.elementType })
    {
      throw op.emitOpError(
        "failed to verify that shaped type 'source' matches 'elements' element count and types")
    }
  }

  // MARK: Shapes

  static func verifyShuffle(_ op: Operation) throws(Reported) {
    let (a, b, result) = (op.operand(0).type, op.operand(1).type, op.result().type)
    let mask = op.attribute("mask")?.integers ?? []
    if a.rank != b.rank || max(a.rank, 1) != result.rank { throw op.emitOpError("rank mismatch") }
    for i in 1..<max(a.rank, 1)
    where a.dimension(i) != b.dimension(i) || a.dimension(i) != result.dimension(i) {
      throw op.emitOpError("dimension mismatch")
    }
    if mask.isEmpty { throw op.emitOpError("invalid mask length") }
    if result.dimension(0) != mask.count { throw op.emitOpError("mask length mismatch") }
    let limit = (a.rank == 0 ? 1 : a.dimension(0)) + (b.rank == 0 ? 1 : b.dimension(0))
    for (i, entry) in mask.enumerated() where entry != -1 && (entry < 0 || entry >= limit) {
      throw op.emitOpError("mask index #\(i + 1) out of range")
    }
  }

  static func verifyShapeCast(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result().type)
    if source.elementType != result.elementType {
      throw op.emitOpError("has different source and result element types")
    }
    if source.elementCount != result.elementCount {
      throw op.emitOpError(
        "has different number of elements at source (\(source.elementCount ?? 0)) and result "
          + "(\(result.elementCount ?? 0))")
    }
  }

  static func verifyBitcast(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result().type)
    if source.rank != result.rank {
      throw op.emitOpError("failed to verify that all of {source, result} have same rank")
    }
    for i in 0..<max(source.rank - 1, 0) where source.dimension(i) != result.dimension(i) {
      throw op.emitOpError("dimension size mismatch at: \(i)")
    }
    let bits = { (type: Type) -> Int? in
      guard let width = type.elementType.bitWidth else { return nil }
      let (size, overflow) = width.multipliedReportingOverflow(by: type.shape.last ?? 1)
      return overflow ? nil : size
    }
    if bits(source) != bits(result) {
      throw op.emitOpError("source/result bitwidth of the minor 1-D vectors must be equal")
    }
  }

  static func verifyTranspose(_ op: Operation) throws(Reported) {
    let (source, result) = (op.operand(0).type, op.result().type)
    try verifyElements(op, source, result, "operand and result")
    if source.rank != result.rank {
      throw op.emitOpError("vector result rank mismatch: \(result.rank)")
    }
    let permutation = op.attribute("permutation")?.integers ?? []
    if permutation.count != source.rank {
      throw op.emitOpError("transposition length mismatch: \(permutation.count)")
    }
    var seen = Array(repeating: false, count: source.rank)
    for (i, p) in permutation.enumerated() {
      if p < 0 || p >= source.rank {
        throw op.emitOpError("position index out of range: \(p)")
      }
      if seen[p] { throw op.emitOpError("duplicate position index: \(p)") }
      seen[p] = true
      if result.dimension(i) != source.dimension(p) {
        throw op.emitOpError("dimension size mismatch at: \(p)")
      }
    }
  }

  // MARK: Reductions

  /// Whether values of `element` can be combined by the `kind` in the operation.
  static func verifyKind(_ op: Operation, _ element: Type) throws(Reported) {
    guard let word = op.attribute("kind")?.enumKeyword else { return }
    let isSupported: Bool
    switch word {
    case "add", "mul": isSupported = element.isIntOrIndex || element.isFloat
    case "minnumf", "maxnumf", "minimumf", "maximumf": isSupported = element.isFloat
    default: isSupported = element.isIntOrIndex
    }
    if !isSupported {
      throw op.emitOpError("unsupported reduction type '\(element)' for kind '\(word)'")
    }
  }

  static func verifyReduction(_ op: Operation) throws(Reported) {
    let (source, dest) = (op.operand(0).type, op.result().type)
    try verifyElements(op, source, dest, "source operand and result")
    if source.rank > 1 { throw op.emitOpError("unsupported reduction rank: \(source.rank)") }
    try verifyKind(op, dest)
  }

  static func verifyMultiReduction(_ op: Operation) throws(Reported) {
    let (source, dest) = (op.operand(0).type, op.result().type)
    try verifyElements(op, source, dest, "source operand and result")
    let dims = op.attribute("reduction_dims")?.integers ?? []
    let kept = source.shape.indices.filter { !dims.contains($0) }.map { source.dimension($0) }
    let fits = kept.isEmpty ? !dest.isVector || dest.rank == 0 : dest.shape == kept
    if !fits {
      throw op.emitOpError(
        "destination type '\(dest)' is incompatible with source type '\(source)'")
    }
    try verifyKind(op, dest.elementType)
  }

  static func verifyOuterproduct(_ op: Operation) throws(Reported) {
    let (lhs, rhs, result) = (op.operand(0).type, op.operand(1).type, op.result().type)
    try verifyElements(op, lhs, result, "lhs operand and result")
    try verifyElements(op, rhs, result, "rhs operand and result")
    if lhs.rank != 1 { throw op.emitOpError("expected 1-d vector for operand #1") }
    if rhs.isVector {
      if lhs.scalableMask != 0, rhs.scalableMask == 0 {
        throw op.emitOpError("expected either both or only #2 operand dim to be scalable")
      }
      if rhs.rank != 1 { throw op.emitOpError("expected 1-d vector for operand #2") }
      if result.rank != 2 { throw op.emitOpError("expected 2-d vector result") }
      if lhs.dimension(0) != result.dimension(0) {
        throw op.emitOpError("expected #1 operand dim to match result dim #1")
      }
      if rhs.dimension(0) != result.dimension(1) {
        throw op.emitOpError("expected #2 operand dim to match result dim #2")
      }
    } else {
      if result.rank != 1 { throw op.emitOpError("expected 1-d vector result") }
      if lhs.dimension(0) != result.dimension(0) {
        throw op.emitOpError("expected #1 operand dim to match result dim #1")
      }
    }
    if op.operandCount > 2, op.operand(2).type != result {
      throw op.emitOpError("expected operand #3 of same type as result type")
    }
    try verifyKind(op, result.elementType)
  }

  static func verifyContract(_ op: Operation) throws(Reported) {
    let maps = op.attribute("indexing_maps")?.elements?.compactMap(\.affineMap) ?? []
    let iterators = op.attribute("iterator_types")?.elements ?? []
    if maps.count != 3 { throw op.emitOpError("expected an indexing map for each vector operand") }
    let (lhs, rhs, acc) = (op.operand(0).type, op.operand(1).type, op.operand(2).type)
    if acc != op.result().type {
      throw op.emitOpError("failed to verify that third operand acc and result have same type")
    }
    try verifyElements(op, lhs, rhs, "lhs and rhs")
    if [lhs, rhs, acc].contains(where: {
      $0.elementType.isInteger && !$0.elementType.isSignlessInteger
    }) {
      throw op.emitOpError("only supports signless integer types")
    }
    var sizes: [Int?] = Array(repeating: nil, count: iterators.count)
    for (i, (map, type)) in zip(maps, [lhs, rhs, acc]).enumerated() {
      if map.symbolCount != 0 {
        throw op.emitOpError("expected indexing map \(i) to have no symbols")
      }
      if map.dimensionCount != iterators.count {
        throw op.emitOpError(
          "expected indexing map \(i) to have \(iterators.count) number of inputs")
      }
      let rank = type.isVector ? type.rank : 0
      if map.results.count != rank {
        throw op.emitOpError("expected indexing map \(i) to have \(rank) number of outputs")
      }
      for (k, result) in map.results.enumerated() {
        guard result.kind == .dimension else {
          throw op.emitOpError("expected indexing map \(i) to be a projected permutation")
        }
        if let known = sizes[result.position], known != type.dimension(k) {
          throw op.emitOpError("invalid contracting dimension map")
        }
        sizes[result.position] = type.dimension(k)
      }
    }
    let used = Set(maps.prefix(2).flatMap { $0.results.map(\.position) })
    if iterators.indices.contains(where: { !used.contains($0) }) {
      throw op.emitOpError("expected all dimensions to be either a LHS or a RHS dimension")
    }
    try verifyKind(op, acc.elementType)
  }

  static func verifyConstantMask(_ op: Operation) throws(Reported) {
    let type = op.result().type
    let sizes = op.attribute("mask_dim_sizes")?.integers ?? []
    if type.rank == 0 {
      if sizes.count != 1 { throw op.emitError("array attr must have length 1 for 0-D vectors") }
      if sizes[0] != 0 && sizes[0] != 1 {
        throw op.emitError("mask dim size must be either 0 or 1 for 0-D vectors")
      }
      return
    }
    if sizes.count != type.rank {
      throw op.emitOpError("must specify array attr of size equal vector result rank")
    }
    for (size, bound) in zip(sizes, type.shape) where size < 0 || size > bound {
      throw op.emitOpError("array attr of size out of bounds of vector result dimension size")
    }
    if sizes.contains(0), !sizes.allSatisfy({ $0 == 0 }) {
      throw op.emitOpError(
        "expected all mask dim sizes to be zeros, as a result of conjunction with zero mask dim")
    }
  }

  // MARK: Memory

  private static func verifyAccess(_ op: Operation, _ base: Type, _ vector: Type) throws(Reported) {
    let element = base.elementType
    if element.isVector {
      if element != vector {
        throw op.emitOpError("base memref and result vector types should match")
      }
    } else if element != vector.elementType {
      throw op.emitOpError("base and result element types should match")
    }
    let indices = op.operands(named: "indices").count
    if indices != base.rank { throw op.emitOpError("requires \(base.rank) indices") }
    // One element has no neighbours.
    if base.isMemRef, base.rank > 0, vector.scalableMask != 0 || vector.elementCount != 1,
      let layout = base.stridedLayout,
      layout.strides.last != 1
    {
      throw op.emitOpError("most minor memref dim must have unit stride")
    }
    if vector.rank > base.rank, !element.isVector {
      throw op.emitOpError("destination memref has lower rank than the vector")
    }
  }

  static func verifyLoad(_ op: Operation) throws(Reported) {
    try verifyAccess(op, op.operand(0).type, op.result().type)
  }

  static func verifyStore(_ op: Operation) throws(Reported) {
    try verifyAccess(op, op.operand(1).type, op.operand(0).type)
  }

  /// Masked loads and stores, expandload, compressstore, gather and scatter.
  static func verifyMasked(_ op: Operation) throws(Reported) {
    guard let base = op.operand(named: "base")?.type, let mask = op.operand(named: "mask")?.type,
      let value = (op.operand(named: "pass_thru") ?? op.operand(named: "valueToStore"))?.type
    else { return }
    if base.elementType != value.elementType {
      throw op.emitOpError("base element type should match vector element type")
    }
    let hasOffsets = op.is(gather) || op.is(scatter)
    let positions = op.operands(named: hasOffsets ? "offsets" : "indices").count
    if positions != base.rank { throw op.emitOpError("requires \(base.rank) indices") }
    if mask.shape != value.shape {
      throw op.emitOpError("expected mask shape to match vector shape")
    }
    if hasOffsets, let indices = op.operand(named: "indices")?.type, indices.shape != value.shape {
      throw op.emitOpError("expected indices dim to match vector dim")
    }
    if op.operand(named: "pass_thru") != nil, op.resultCount > 0, op.result().type != value {
      throw op.emitOpError("expected pass_thru of same type as result type")
    }
  }

  // MARK: Transfers

  private static func verifyTransfer(_ op: Operation, _ base: Type, _ vector: Type)
    throws(Reported)
  {
    guard base.kind == .memRef || base.isRankedTensor else {
      throw op.emitOpError("requires source to be a memref or ranked tensor type")
    }
    let element = base.elementType
    if element.isVector {
      if element.rank > vector.rank {
        throw op.emitOpError("requires memref element and vector result ranks to match.")
      }
    } else if element != vector.elementType {
      throw op.emitOpError("requires the same element type for source and vector")
    }
    if op.operands(named: "indices").count != base.rank {
      throw op.emitOpError("requires \(base.rank) indices")
    }
    guard let map = op.attribute("permutation_map")?.affineMap else { return }
    if map.symbolCount != 0 { throw op.emitOpError("requires permutation_map without symbols") }
    let elementRank = element.isVector ? element.rank : 0
    let isRank0 = vector.rank == 0 && map.results.isEmpty
    if !isRank0, map.results.count != vector.rank - elementRank {
      throw op.emitOpError(
        "requires a permutation_map with result dims of the same rank as the vector type")
    }
    if map.dimensionCount != base.rank {
      throw op.emitOpError(
        "requires a permutation_map with input dims of the same rank as the source type")
    }
    var seen: Set<Int> = []
    for result in map.results {
      if result.kind == .constant, result.constantValue == 0 { continue }
      guard result.kind == .dimension, seen.insert(result.position).inserted else {
        throw op.emitOpError(
          "requires a projected permutation_map (at most one dim or the zero constant can appear "
            + "in each result)")
      }
    }
    let bounds = op.attribute("in_bounds")?.elements?.count ?? 0
    if bounds != map.results.count {
      throw op.emitOpError(
        "expects the in_bounds attr of same rank as permutation_map results: "
          + "\(op.context.affineMapAttribute(map)) vs inBounds of size: \(bounds)")
    }
    if let mask = op.operand(named: "mask")?.type {
      if element.isVector {
        throw op.emitOpError("does not support masks with vector element type")
      }
      let expected = inferredMask(map, vector)
      if mask != expected {
        throw op.emitOpError(
          "inferred mask type ('\(expected)') and mask operand type ('\(mask)') don't match")
      }
    }
  }

  static func verifyTransferRead(_ op: Operation) throws(Reported) {
    let base = op.operand(0).type
    try verifyTransfer(op, base, op.result().type)
    if let padding = op.operand(named: "padding")?.type, padding != base.elementType {
      throw op.emitOpError("requires formal padding and source of the same elemental type")
    }
  }

  static func verifyTransferWrite(_ op: Operation) throws(Reported) {
    try verifyTransfer(op, op.operand(1).type, op.operand(0).type)
    if let map = op.attribute("permutation_map")?.affineMap,
      map.results.contains(where: { $0.kind == .constant })
    {
      throw op.emitOpError("should not have broadcast dimensions")
    }
  }
}
