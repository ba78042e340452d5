import MartletIR
import MartletRewriting

/// The operations that split and merge dimensions, of tensors or of memrefs, and what both have in common.
enum ReshapeFamily: Sendable {
  case tensor, memref

  var expand: OpDefinition { self == .tensor ? TensorDialect.expandShape : MemRef.expandShape }
  var collapse: OpDefinition {
    self == .tensor ? TensorDialect.collapseShape : MemRef.collapseShape
  }
  var cast: OpDefinition { self == .tensor ? TensorDialect.cast : MemRef.cast }

  static func groups(_ op: Operation) -> [[Int]] { TensorShapes.groups(op.attribute("reassociation")) }

  /// The sizes of an expansion's result.
  static func sizes(_ op: Operation) -> [MixedIndex] {
    MixedIndex.list(
      op.attribute("static_output_shape")?.integers ?? [], op.operands.dropping(1))
  }

  func makeExpand(
    _ rewriter: PatternRewriter, _ source: Value, _ type: Type, _ groups: [[Int]],
    _ sizes: [MixedIndex]
  ) -> Operation {
    let (statics, dynamics) = MixedIndex.split(sizes)
    let context = rewriter.context
    return rewriter.create(
      expand, [source] + dynamics, results: [type],
      attributes: [
        ("reassociation", TensorShapes.attribute(context, groups)),
        ("static_output_shape", context.denseI64Array(statics)),
      ])
  }

  func makeCollapse(
    _ rewriter: PatternRewriter, _ source: Value, _ type: Type, _ groups: [[Int]]
  ) -> Operation {
    rewriter.create(
      collapse, [source], results: [type],
      attributes: [("reassociation", TensorShapes.attribute(rewriter.context, groups))])
  }

  // MARK: Folding

  /// Folds an expansion or a collapse of its inverse.
  func fold(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let type = op.result().type
    if source.type == type { return .value(source) }
    guard let inner = source.definingOperation, inner.is(op.is(expand) ? collapse : expand),
      inner.operand(0).type == type
    else { return .none }
    let groups = Self.groups(op)
    let dynamic = type.shape.count { $0 == Type.dynamic }
    if dynamic < 2 || groups == Self.groups(inner) && (op.is(collapse) || isUnique(type, groups)) {
      return .value(inner.operand(0))
    }
    return .none
  }

  /// Whether no group has two dynamic dimensions, so that sizes follow from the source.
  private func isUnique(_ type: Type, _ groups: [[Int]]) -> Bool {
    groups.allSatisfy { group in group.count { type.dimension($0) == Type.dynamic } < 2 }
  }

  // MARK: Patterns

  /// Whether a memref among the values lies otherwise than row-major.
  private func hasLayout(_ values: Value...) -> Bool {
    values.contains { value in
      guard value.type.kind == .memRef, let layout = value.type.layout else { return false }
      if let strided = layout.strided {
        return !(value.type.rank == 1 && strided.offset == 0 && strided.strides == [1])
      }
      return layout.affineMap?.isIdentity != true
    }
  }

  /// An expansion of an expansion is one, a collapse of a collapse too.
  func composeAlike(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let inner = op.operand(0).definingOperation, inner.name == op.name,
      inner.operand(0).type.hasRank, !hasLayout(inner.operand(0), op.operand(0), op.result())
    else { return false }
    let (first, second) = (Self.groups(inner), Self.groups(op))
    let composed =
      op.is(collapse) ? TensorShapes.compose(first, second) : TensorShapes.compose(second, first)
    guard first.count != second.count, let composed else { return false }
    let type = op.result().type
    rewriter.replace(
      op,
      with: op.is(collapse)
        ? makeCollapse(rewriter, inner.operand(0), type, composed)
        : makeExpand(rewriter, inner.operand(0), type, composed, Self.sizes(op)))
    return true
  }

  /// A collapse of an expansion is one of the two where groups of one lie within groups of the other.
  func composeCollapse(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let inner = op.operand(0).definingOperation, inner.is(expand),
      !hasLayout(op.operand(0), inner.operand(0), inner.result())
    else { return false }
    let (source, type) = (inner.operand(0), op.result().type)
    guard source.type.hasRank, type.hasRank, source.type != type else { return false }
    let collapses = source.type.rank > type.rank
    let (fine, coarse) =
      collapses
      ? (Self.groups(inner), Self.groups(op)) : (Self.groups(op), Self.groups(inner))
    var composed: [[Int]] = []
    var next = 0
    for group in coarse {
      guard let end = group.last else { return false }
      var joined: [Int] = []
      while next < fine.count, let last = fine[next].last {
        if last > end { return false }
        joined.append(next)
        next += 1
        if last == end { break }
      }
      composed.append(joined)
    }
    if collapses {
      rewriter.replace(op, with: makeCollapse(rewriter, source, type, composed))
    } else if source.type.rank == type.rank {
      guard TensorShapes.areCompatible(source.type.shape, type.shape) else { return false }
      rewriter.replace(op, with: rewriter.create(cast, [source], results: [type]))
    } else {
      let old = Self.sizes(inner)
      let sizes = Self.groups(op).map { group in product(group.map { old[$0] }, rewriter) }
      rewriter.replace(op, with: makeExpand(rewriter, source, type, composed, sizes))
    }
    return true
  }

  private func product(_ sizes: [MixedIndex], _ rewriter: PatternRewriter) -> MixedIndex {
    var constant = 1
    var result: Value?
    func multiply(_ a: Value, _ b: Value) -> Value {
      rewriter.create(Arith.muli, [a, b], results: [a.type]).result()
    }
    for size in sizes {
      if let value = size.constantValue {
        constant = MemRefLayout.multiply(constant, value)
      } else if case .value(let value) = size {
        result = result.map { multiply($0, value) } ?? value
      }
    }
    guard let result else { return .constant(constant) }
    return .value(
      constant == 1 ? result : multiply(result, ConstantOp.index(rewriter, constant)))
  }

  /// An expansion of a collapse is one of the two where the one shape can be made of the other.
  func composeExpand(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let inner = op.operand(0).definingOperation, inner.is(collapse),
      !hasLayout(op.operand(0), inner.operand(0), inner.result())
    else { return false }
    let (source, type) = (inner.operand(0), op.result().type)
    guard source.type.hasRank, type.hasRank, source.type.rank != type.rank else { return false }
    let (from, to) = (source.type.shape, type.shape)
    if from.count > to.count {
      guard
        let composed = Self.refine(Self.groups(inner), Self.groups(op), from, to)
      else { return false }
      rewriter.replace(op, with: makeCollapse(rewriter, source, type, composed))
    } else {
      guard
        let composed = Self.refine(Self.groups(op), Self.groups(inner), to, from)
      else { return false }
      rewriter.replace(op, with: makeExpand(rewriter, source, type, composed, Self.sizes(op)))
    }
    return true
  }

  /// The groups that collapse `large` to `small` where both collapse to the same shape by groups of their own.
  private static func refine(
    _ largeGroups: [[Int]], _ smallGroups: [[Int]], _ large: [Int], _ small: [Int]
  ) -> [[Int]]? {
    if largeGroups.isEmpty { return collapsing(large[...], small[...]) }
    guard largeGroups.count == smallGroups.count else { return nil }
    var result: [[Int]] = []
    for (a, b) in zip(largeGroups, smallGroups) {
      guard let i = a.first, let j = b.first else { return nil }
      let (from, to) = (large[i..<i + a.count], small[j..<j + b.count])
      let isOpen = { (shape: ArraySlice<Int>) in shape.count { $0 == Type.dynamic } >= 2 }
      if isOpen(from), isOpen(to) { return nil }
      if from.count == to.count {
        guard from.elementsEqual(to) else { return nil }
        result += a.map { [$0] }
      } else {
        guard let part = collapsing(from, to) else { return nil }
        result += part
      }
    }
    return result
  }

  /// The groups of dimensions of `from` that are those of `to`; nil where there are none or it is not
  /// clear which. A group found from the left and from the right may differ in dimensions of size 1.
  static func collapsing(_ from: ArraySlice<Int>, _ to: ArraySlice<Int>) -> [[Int]]? {
    guard from.count > to.count else { return nil }
    if to.isEmpty { return from.allSatisfy({ $0 == 1 || $0 == Type.dynamic }) ? [] : nil }
    let ones = from.indices.filter { from[$0] == 1 }
    guard let left = walk(Array(from.indices), from, Array(to)),
      let reversed = walk(from.indices.reversed(), from, to.reversed())
    else { return nil }
    let right = reversed.reversed().map { Array($0.reversed()) }
    for (a, b) in zip(left, right) {
      if Set(a).symmetricDifference(b).contains(where: { !ones.contains($0) }) { return nil }
    }
    return left
  }

  /// Groups of `positions`, taken in order, each with the next size of `to`.
  private static func walk(_ positions: [Int], _ from: ArraySlice<Int>, _ to: [Int]) -> [[Int]]? {
    var groups: [[Int]] = []
    var next = 0
    for size in to {
      var group: [Int] = []
      var product = 1
      var isDone = false
      while next < positions.count, !isDone {
        let dimension = from[positions[next]]
        group.append(positions[next])
        next += 1
        if size == Type.dynamic {
          isDone = dimension == Type.dynamic
        } else {
          if dimension == Type.dynamic { return nil }
          product = MemRefLayout.multiply(product, dimension)
          if product > size { return nil }
          isDone = product == size
        }
      }
      if !isDone { return nil }
      groups.append(group)
    }
    // What is left belongs to the last group: anything where that is dynamic, else dimensions of size 1.
    for position in positions[next...] {
      if to.last != Type.dynamic, from[position] != 1 { return nil }
      groups[groups.count - 1].append(position)
    }
    return groups
  }
}
