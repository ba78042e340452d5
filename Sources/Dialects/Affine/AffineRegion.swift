import MartletAnalysis
import MartletIR

/// The part of a memref that an access touches in all iterations of the loops further in than some depth: a system
/// whose dimensions are those of the memref, and whose symbols are induction variables of the loops further out
/// and other values.
public struct AffineRegion {
  public let memref: Value
  public let isWrite: Bool
  public private(set) var constraints: AffineConstraints

  public var rank: Int { memref.type.rank }

  /// The region of `access` as a function of the `depth` outermost loops around it. Nil where bounds or
  /// positions are not affine.
  ///
  /// `slice` says, for some induction variables, what other bounds they have.
  public init?(
    _ access: AffineAccess, depth: Int, slice: AffineSlice? = nil, addsSizes: Bool = true
  ) {
    memref = access.memref
    isWrite = access.isStore
    let rank = access.memref.type.rank
    let around = Affine.inductionVariables(around: access.operation)
    guard depth <= around.count else { return nil }
    if rank == 0 {
      constraints = AffineConstraints(symbols: around.prefix(depth).map { $0 })
      return
    }
    let index = access.composedIndex
    var system = AffineConstraints(
      dimensions: index.dimensions.map { $0 }, symbols: index.symbols.map { $0 })
    for operand in slice?.operands ?? [] where system.position(operand) == nil {
      system.addSymbol(operand)
    }
    for value in system.values.compactMap({ $0 }) {
      if let loop = AffineForOp(inductionVariable: value) {
        if !system.addDomain(of: loop) { return nil }
      } else if let loop = AffineParallelOp(inductionVariable: value) {
        if !system.addDomain(of: loop) { return nil }
      } else if Affine.isSymbol(value) {
        if let constant = value.constantInteger, let position = system.position(value) {
          system.polyhedron.fix(position, to: constant)
        }
      } else {
        return nil
      }
    }
    if let slice, !system.add(slice) { return nil }
    guard let rows = system.rows(index.map, index.operands) else { return nil }
    system.polyhedron.insertVariables(.dimension, at: 0, count: rank)
    system.values.insert(contentsOf: Array(repeating: nil, count: rank), at: 0)
    for (i, row) in rows.enumerated() {
      var equality = Array(repeating: 0, count: rank) + row
      equality[i] = -1
      system.polyhedron.addEquality(equality)
    }
    system.polyhedron.separate(symbols: system.values.count - rank)
    let kept = around.prefix(depth)
    for value in system.values.compactMap({ $0 })
    where Affine.isInductionVariable(value) && !kept.contains(value) {
      if let position = system.position(value) { system.projectOut(position) }
    }
    system.polyhedron.projectOut(
      system.polyhedron.firstLocal, count: system.polyhedron.localCount)
    system.foldConstants(from: rank)
    constraints = system
    if addsSizes { addSizes() }
    constraints.polyhedron.removeTrivialRedundancy()
  }

  /// Bounds by the sizes of the memref.
  private mutating func addSizes() {
    for (i, size) in memref.type.shape.enumerated() {
      constraints.polyhedron.addLowerBound(i, 0)
      if size != Type.dynamic { constraints.polyhedron.addUpperBound(i, size - 1) }
    }
  }

  /// The extent in each dimension as a constant and where it starts, as a row over the symbols and the constant
  /// that is divided, rounding down, by `divisor`. Nil where an extent is not bounded.
  public struct Box {
    public var sizes: [Int]
    public var starts: [(row: [Int], divisor: Int)]
  }

  public var boundingBox: Box? {
    var bounded = self
    bounded.addSizes()
    var box = Box(sizes: [], starts: [])
    for (i, size) in memref.type.shape.enumerated() {
      if let extent = bounded.constraints.polyhedron.constantExtent(i) {
        box.sizes.append(extent.size)
        box.starts.append(bounded.start(i, extent))
        continue
      }
      if size == Type.dynamic { return nil }
      box.sizes.append(size)
      box.starts.append((Array(repeating: 0, count: constraints.symbolCount + 1), 1))
    }
    return box
  }

  /// Where dimension `i` starts.
  private func start(_ i: Int, _ extent: IntegerPolyhedron.Extent) -> (row: [Int], divisor: Int) {
    let factor = extent.lower[i]
    var row = Array(extent.lower.dropFirst(rank).prefix(constraints.symbolCount))
    row.append(extent.lower[extent.lower.count - 1])
    let negated = factor > 0 ? row.map { 0 &- $0 } : row
    if extent.isEquality { return (negated, 1) }
    var start = negated
    start[start.count - 1] &+= factor - 1
    return (start, factor)
  }

  /// How many elements the bounding box has; nil where it has no constant size.
  public var elementCount: Int? {
    guard let box = boundingBox else { return nil }
    var count = 1
    for size in box.sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// The size of the bounding box in bytes.
  public var byteCount: Int? {
    guard let count = elementCount, let width = AffineRegion.elementBytes(memref.type) else {
      return nil
    }
    let (product, overflow) = count.multipliedReportingOverflow(by: width)
    return overflow ? nil : product
  }

  /// The bytes of an element of numbers or of vectors of such; nil for others.
  public static func elementBytes(_ type: Type) -> Int? {
    var element = type.elementType
    var count = 1
    if element.isVector {
      count = element.elementCount ?? 1
      element = element.elementType
    }
    guard let width = element.bitWidth else { return nil }
    let (bits, overflow) = width.multipliedReportingOverflow(by: count)
    return overflow ? nil : (bits + 7) / 8
  }

  /// Grows the region to the box around it and another of the same memref. False where extents are not constant
  /// or bounds cannot be compared.
  public mutating func formUnion(_ other: AffineRegion) -> Bool {
    constraints.formBoundingBox(other.constraints)
  }
}

extension AffineConstraints {
  /// Takes out variables from `start` on that an equality fixes to a constant.
  mutating func foldConstants(from start: Int) {
    var position = start
    while position < values.count {
      let row = polyhedron.equalities.first { row in
        row[position].magnitude == 1
          && row.dropLast().enumerated().allSatisfy { $0 == position || $1 == 0 }
      }
      guard let row else {
        position += 1
        continue
      }
      polyhedron.substitute(position, -row[row.count - 1] / row[position])
      values.remove(at: position)
    }
  }
}
