import MartletIR
import MartletSupport

/// Shape arithmetic of tensor operations.
public enum TensorShapes {
  /// Dimension groups of a reassociation attribute.
  public static func groups(_ attribute: Attribute?) -> [[Int]] {
    attribute?.elements?.map { $0.integers ?? [] } ?? []
  }

  /// The reassociation attribute for `groups`.
  public static func attribute(_ context: Context, _ groups: [[Int]]) -> Attribute {
    context.array(groups.map { context.array($0.map { context.i64Attribute($0) }) })
  }

  /// The shape `shape` collapsed by `groups`; a dynamic dimension makes its group dynamic.
  public static func collapse(_ shape: [Int], _ groups: [[Int]]) -> [Int] {
    groups.map { group in
      var size = 1
      for i in group {
        guard shape.indices.contains(i), shape[i] != Type.dynamic else { return Type.dynamic }
        let (product, overflow) = size.multipliedReportingOverflow(by: shape[i])
        if overflow { return Type.dynamic }
        size = product
      }
      return size
    }
  }

  /// Whether `reduced` is `shape` with some dimensions of size 1 left out; the positions left out are
  /// returned. Nil where it is not.
  public static func droppedDimensions(_ shape: [Int], _ reduced: [Int]) -> Set<Int>? {
    var dropped: Set<Int> = []
    var next = 0
    for (i, size) in shape.enumerated() {
      if next < reduced.count, size == reduced[next] {
        next += 1
      } else if size == 1 {
        dropped.insert(i)
      } else {
        return nil
      }
    }
    return next == reduced.count ? dropped : nil
  }

  /// Whether two shapes agree where both are static.
  public static func areCompatible(_ a: [Int], _ b: [Int]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic }
  }

  /// The groups that make one reassociation of two, `outer` of the dimensions that `inner` gives; both collapse.
  public static func compose(_ inner: [[Int]], _ outer: [[Int]]) -> [[Int]]? {
    var result: [[Int]] = []
    for group in outer {
      var joined: [Int] = []
      for i in group {
        guard inner.indices.contains(i) else { return nil }
        joined += inner[i]
      }
      result.append(joined)
    }
    return result
  }
}

extension Type {
  /// Whether a tensor type says at least as much of the shape as `other`, in which a dimension may be
  /// dynamic instead; element types and encodings are the same.
  public func isMoreStatic(than other: Type) -> Bool {
    guard isRankedTensor, other.isRankedTensor, elementType == other.elementType,
      encoding == other.encoding, rank == other.rank
    else { return false }
    return zip(shape, other.shape).allSatisfy { $0 == $1 || $1 == Type.dynamic }
  }
}
