import MartletDialects
import MartletIR

/// Where the elements of a tensor lie in the buffer at its root: element `i` of the tensor is element
/// `offset + sum(term.value * term.factor) + sum(i[d] * strides[d])` of the buffer.
///
/// Sizes are static. The stride of a dimension of size 1 is kept as 0, so that equal places are equal.
struct BufferLayout: Equatable {
  struct Term: Equatable {
    let value: Value
    let factor: Int
  }

  var offset = 0
  /// Sorted by value, no factor is 0.
  var terms: [Term] = []
  var sizes: [Int]
  var strides: [Int]

  /// Row-major without gaps.
  init(contiguous sizes: [Int]) {
    self.init(sizes: sizes, strides: MemRefLayout(contiguous: sizes).strides)
  }

  init(offset: Int = 0, terms: [Term] = [], sizes: [Int], strides: [Int]) {
    self.offset = offset
    self.terms = terms
    self.sizes = sizes
    self.strides = zip(sizes, strides).map { $0 == 1 ? 0 : $1 }
  }

  var isEmpty: Bool { sizes.contains(0) }

  /// Without the dimensions of size 1.
  var squeezed: BufferLayout {
    let kept = sizes.indices.filter { sizes[$0] != 1 }
    return BufferLayout(
      offset: offset, terms: terms, sizes: kept.map { sizes[$0] }, strides: kept.map { strides[$0] }
    )
  }

  /// Whether both hold the same elements in the same order, but for dimensions of size 1.
  func coincides(with other: BufferLayout) -> Bool { squeezed == other.squeezed }

  /// Whether elements lie one after another in row-major order.
  var isContiguous: Bool {
    coincides(
      with: BufferLayout(
        offset: offset, terms: terms, sizes: sizes,
        strides: MemRefLayout(contiguous: sizes).strides))
  }

  // MARK: Views

  /// The part a slice takes; nil where sizes or strides are not static or numbers overflow.
  /// - Parameter kept: the dimensions that remain in the result.
  func slice(
    offsets: [MixedIndex], sizes: [MixedIndex], strides: [MixedIndex], kept: [Int]
  ) -> BufferLayout? {
    guard offsets.count == self.sizes.count, sizes.count == offsets.count,
      strides.count == offsets.count
    else { return nil }
    var start = offset
    var terms = self.terms
    var steps: [Int] = []
    var extents: [Int] = []
    for d in offsets.indices {
      guard let step = strides[d].constantValue, let size = sizes[d].constantValue,
        let stride = BufferLayout.product(step, self.strides[d])
      else { return nil }
      steps.append(stride)
      extents.append(size)
      if let constant = offsets[d].constantValue {
        guard let move = BufferLayout.product(constant, self.strides[d]) else { return nil }
        let (sum, overflow) = start.addingReportingOverflow(move)
        if overflow { return nil }
        start = sum
      } else if case .value(let value) = offsets[d], self.strides[d] != 0 {
        terms = BufferLayout.adding(Term(value: value, factor: self.strides[d]), to: terms)
      }
    }
    return BufferLayout(
      offset: start, terms: terms, sizes: kept.map { extents[$0] }, strides: kept.map { steps[$0] })
  }

  private static func adding(_ term: Term, to terms: [Term]) -> [Term] {
    var all = terms
    if let i = all.firstIndex(where: { $0.value == term.value }) {
      let factor = all[i].factor &+ term.factor
      if factor == 0 { all.remove(at: i) } else { all[i] = Term(value: term.value, factor: factor) }
    } else {
      let place = all.firstIndex { $0.value.raw > term.value.raw } ?? all.count
      all.insert(term, at: place)
    }
    return all
  }

  private static func product(_ a: Int, _ b: Int) -> Int? {
    if a == Type.dynamic || b == Type.dynamic { return nil }
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : product
  }

  /// The same elements in the same order under another shape; nil where strides cannot say that.
  func reshaped(to shape: [Int]) -> BufferLayout? {
    if isEmpty || shape.contains(0) {
      var empty = BufferLayout(contiguous: shape)
      (empty.offset, empty.terms) = (offset, terms)
      return empty
    }
    let old = squeezed
    var strides = shape.map { _ in 0 }
    var (i, j) = (0, 0)
    while i < old.sizes.count {
      while j < shape.count, shape[j] == 1 { j += 1 }
      guard j < shape.count else { return nil }
      // A group of old dimensions that has as many elements as a group of new ones.
      let (iStart, jStart) = (i, j)
      var (oldCount, newCount) = (old.sizes[i], shape[j])
      while oldCount != newCount {
        if oldCount < newCount {
          i += 1
          guard i < old.sizes.count else { return nil }
          oldCount &*= old.sizes[i]
        } else {
          j += 1
          guard j < shape.count else { return nil }
          newCount &*= shape[j]
        }
      }
      for d in iStart..<i where old.strides[d] != old.strides[d + 1] &* old.sizes[d + 1] {
        return nil
      }
      var stride = old.strides[i]
      for d in (jStart...j).reversed() {
        strides[d] = stride
        stride &*= shape[d]
      }
      i += 1
      j += 1
    }
    guard shape[j...].allSatisfy({ $0 == 1 }) else { return nil }
    return BufferLayout(offset: offset, terms: terms, sizes: shape, strides: strides)
  }

  /// This place in a buffer of shape `shape`, after that buffer became the part `place` of another; nil
  /// where strides cannot say that.
  func moved(from shape: [Int], to place: BufferLayout) -> BufferLayout? {
    if place.isContiguous {
      var result = self
      let (sum, overflow) = offset.addingReportingOverflow(place.offset)
      if overflow { return nil }
      result.offset = sum
      for term in place.terms { result.terms = BufferLayout.adding(term, to: result.terms) }
      return result
    }
    if coincides(with: BufferLayout(contiguous: shape)) { return place.reshaped(to: sizes) }
    let steps = MemRefLayout(contiguous: shape).strides
    guard !isEmpty, place.sizes == shape, let dimensions = rootDimensions(in: shape),
      terms.isEmpty == false || box(in: shape) != nil
    else { return nil }
    var result = BufferLayout(
      offset: place.offset, terms: place.terms, sizes: sizes, strides: strides)
    var rest = offset
    for d in shape.indices {
      guard steps[d] > 0 else { return nil }
      result.offset &+= rest / steps[d] &* place.strides[d]
      rest %= steps[d]
    }
    for (i, d) in dimensions.enumerated() {
      guard let d else { continue }
      result.strides[i] = strides[i] / steps[d] &* place.strides[d]
    }
    for term in terms {
      let d = shape.indices.first {
        shape[$0] != 1 && term.factor >= steps[$0] && term.factor % steps[$0] == 0
      }
      guard let d else { return nil }
      let factor = term.factor / steps[d] &* place.strides[d]
      result.terms = BufferLayout.adding(Term(value: term.value, factor: factor), to: result.terms)
    }
    return result
  }

  // MARK: Overlap

  /// Whether the two certainly share no element; `shape` is the buffer's.
  func isDisjoint(from other: BufferLayout, in shape: [Int]) -> Bool {
    if isEmpty || other.isEmpty { return true }
    guard terms == other.terms else { return false }
    if let a = interval, let b = other.interval,
      a.upperBound < b.lowerBound || b.upperBound < a.lowerBound
    {
      return true
    }
    guard terms.isEmpty, let a = box(in: shape), let b = other.box(in: shape) else { return false }
    return zip(a, b).contains { $0.upperBound < $1.lowerBound || $1.upperBound < $0.lowerBound }
  }

  /// Whether every element is one of `other`'s, as far as can be told.
  func isInside(_ other: BufferLayout, in shape: [Int]) -> Bool {
    if isEmpty || coincides(with: other) { return true }
    guard terms == other.terms, let dimensions = other.rootDimensions(in: shape) else {
      return false
    }
    // The other one takes all of its box: its steps are those of the buffer.
    let steps = MemRefLayout(contiguous: shape).strides
    for (i, dimension) in dimensions.enumerated() {
      if let d = dimension, other.strides[i] != steps[d] { return false }
    }
    guard terms.isEmpty, let inner = box(in: shape), let outer = other.box(in: shape) else {
      return false
    }
    return zip(inner, outer).allSatisfy {
      $1.lowerBound <= $0.lowerBound && $0.upperBound <= $1.upperBound
    }
  }

  /// First and last element, terms left out.
  private var interval: ClosedRange<Int>? {
    var last = offset
    for (size, stride) in zip(sizes, strides) {
      guard stride >= 0 else { return nil }
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, carried) = last.addingReportingOverflow(reach)
      if overflow || carried { return nil }
      last = sum
    }
    return offset...last
  }

  /// The ranges of the buffer's subscripts it stays in; nil where it runs across a dimension's end.
  private func box(in shape: [Int]) -> [ClosedRange<Int>]? {
    guard let dimensions = rootDimensions(in: shape) else { return nil }
    let steps = MemRefLayout(contiguous: shape).strides
    var rest = offset
    var ranges: [ClosedRange<Int>] = []
    for d in shape.indices {
      guard steps[d] > 0 else { return nil }
      let start = rest / steps[d]
      rest -= start * steps[d]
      var last = start
      for (i, place) in dimensions.enumerated() where place == d && sizes[i] > 1 {
        last += (sizes[i] - 1) * (strides[i] / steps[d])
      }
      guard start >= 0, last < shape[d] else { return nil }
      ranges.append(start...last)
    }
    return rest == 0 ? ranges : nil
  }

  /// The dimension of the buffer each of these dimensions runs along; nil where one runs along none.
  func rootDimensions(in shape: [Int]) -> [Int?]? {
    let steps = MemRefLayout(contiguous: shape).strides
    var found: [Int?] = []
    for (size, stride) in zip(sizes, strides) {
      if size == 1 {
        found.append(nil)
        continue
      }
      // The outermost dimension whose step divides the stride.
      let place = shape.indices.first {
        shape[$0] != 1 && steps[$0] > 0 && stride >= steps[$0] && stride % steps[$0] == 0
      }
      guard let place else { return nil }
      found.append(place)
    }
    return found
  }
}
