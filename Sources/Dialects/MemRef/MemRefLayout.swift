import MartletIR
import MartletSupport

/// Where the elements of a memref lie: `offset + sum(index[i] * strides[i])`, in elements, with
/// `Type.dynamic` for what is not known at compile time.
public struct MemRefLayout: Equatable, Sendable {
  public var offset: Int
  public var strides: [Int]

  public init(offset: Int, strides: [Int]) {
    self.offset = offset
    self.strides = strides
  }

  /// The row-major layout without gaps of `shape`.
  public init(contiguous shape: [Int]) {
    var strides = shape.map { _ in 1 }
    var running = 1
    for i in shape.indices.reversed() {
      strides[i] = running
      running = MemRefLayout.multiply(running, shape[i])
    }
    self.init(offset: 0, strides: strides)
  }

  /// The layout of a memref type; nil where its affine map is not strided.
  public init?(_ type: Type) {
    guard type.kind == .memRef else { return nil }
    guard let layout = type.layout else {
      self.init(contiguous: type.shape)
      return
    }
    if let strided = layout.strided {
      self.init(offset: strided.offset, strides: strided.strides)
      return
    }
    guard let map = layout.affineMap, let found = MemRefLayout.linear(map, type.rank) else {
      return nil
    }
    self = found
  }

  /// The coefficients of a map with one linear result.
  private static func linear(_ map: AffineMap, _ rank: Int) -> MemRefLayout? {
    if map.isIdentity, rank == map.dimensionCount, rank == 1 {
      return MemRefLayout(offset: 0, strides: [1])
    }
    guard map.resultCount == 1 else { return nil }
    var layout = MemRefLayout(offset: 0, strides: Array(repeating: 0, count: rank))
    guard let result = map.results.first, layout.add(result, times: 1) else { return nil }
    return layout
  }

  /// Adds `factor * expr`; false where that is not linear in the dimensions.
  private mutating func add(_ expr: AffineExpr, times factor: Int) -> Bool {
    switch expr.kind {
    case .add: return add(expr.left, times: factor) && add(expr.right, times: factor)
    case .dimension:
      guard strides.indices.contains(expr.position) else { return false }
      strides[expr.position] = MemRefLayout.sum(strides[expr.position], factor)
      return true
    case .constant:
      let value = MemRefLayout.multiply(expr.constantValue ?? 0, factor)
      offset = MemRefLayout.sum(offset, value)
      return true
    case .symbol:
      offset = Type.dynamic
      return true
    case .mul:
      let (left, right) = (expr.left, expr.right)
      if let value = right.constantValue {
        return add(left, times: MemRefLayout.multiply(value, factor))
      }
      return right.isSymbolicOrConstant && add(left, times: Type.dynamic)
    default: return false
    }
  }

  /// Whether it is row-major without gaps and starts at the first element.
  public func isContiguous(_ shape: [Int]) -> Bool { self == MemRefLayout(contiguous: shape) }

  /// Whether offset and strides are all known.
  public var isKnown: Bool { offset != Type.dynamic && !strides.contains(Type.dynamic) }

  /// Product and sum where either may be unknown; what overflows is unknown too.
  public static func multiply(_ a: Int, _ b: Int) -> Int {
    if a == 0 || b == 0 { return 0 }
    if a == Type.dynamic || b == Type.dynamic { return Type.dynamic }
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? Type.dynamic : product
  }

  public static func sum(_ a: Int, _ b: Int) -> Int {
    if a == Type.dynamic || b == Type.dynamic { return Type.dynamic }
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? Type.dynamic : sum
  }
}

extension Type {
  /// Offset and strides of a memref type; nil for other types and layouts that are not strided.
  public var stridedLayout: MemRefLayout? { MemRefLayout(self) }
}

extension Operation {
  /// The list written `[%i, 4, %j]`: the array attribute `attribute`, whose dynamic entries are the
  /// operands of the group `group` in order.
  public func mixedIndices(_ group: String, _ attribute: String) -> [MixedIndex] {
    MixedIndex.list(self.attribute(attribute)?.integers ?? [], operands(named: group))
  }

  public var mixedOffsets: [MixedIndex] { mixedIndices("offsets", "static_offsets") }
  public var mixedSizes: [MixedIndex] { mixedIndices("sizes", "static_sizes") }
  public var mixedStrides: [MixedIndex] { mixedIndices("strides", "static_strides") }

  /// The attributes `static_offsets`, `static_sizes`, `static_strides`.
  public func staticIndices(_ attribute: String) -> [Int] {
    self.attribute(attribute)?.integers ?? []
  }

  /// Checks that the numbers of static entries and dynamic operands of offsets, sizes and strides fit.
  func verifyMixedIndices(ranks: (offsets: Int, sizes: Int, strides: Int)) throws(Reported) {
    let expected = [ranks.offsets, ranks.sizes, ranks.strides]
    let counts = ["offset", "size", "stride"].map { staticIndices("static_\($0)s").count }
    if counts[0] != counts[1], ranks.offsets == ranks.sizes {
      throw emitError(
        "expected mixed offsets rank to match mixed sizes rank (\(counts[0]) vs \(counts[1])) so the rank of the result type is well-formed."
      )
    }
    if counts[1] != counts[2] {
      throw emitError(
        "expected mixed sizes rank to match mixed strides rank (\(counts[1]) vs \(counts[2])) so the rank of the result type is well-formed."
      )
    }
    for (name, rank) in zip(["offset", "size", "stride"], expected) {
      let entries = staticIndices("static_\(name)s")
      if entries.count != rank {
        throw emitOpError("expected \(rank) \(name) values, got \(entries.count)")
      }
      let dynamic = entries.count { $0 == Type.dynamic }
      if dynamic != operands(named: "\(name)s").count {
        throw emitOpError("expected \(dynamic) dynamic \(name) values")
      }
    }
    for (name, least) in [("offset", 0), ("size", 0)] {
      for entry in staticIndices("static_\(name)s") where entry != Type.dynamic && entry < least {
        throw emitOpError("expected \(name)s to be non-negative, but got \(entry)")
      }
    }
  }
}
