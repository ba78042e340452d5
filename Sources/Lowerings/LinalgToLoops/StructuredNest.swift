import MartletDialects
import MartletIR
import MartletSupport

/// A structured operation on memrefs seen as a loop nest: loops with their extents, and per operand
/// how the loops index its memory.
struct StructuredNest {
  struct Loop {
    /// Nil where it is not known at compile time.
    var extent: Int?
    var kind: IteratorType
    /// Whether more than one iteration may run.
    var isReal: Bool { extent != 1 }
  }

  enum Index {
    case linear(LinearForm)
    case affine(AffineExpr)
  }

  /// How an operand is read or written: a memref with an index per dimension.
  struct Access {
    var memref: Value
    var indices: [Index]
    /// Whether the next value of the last index is the next element in memory.
    var isContiguous: Bool
    let element: Type

    /// The change of the last index per iteration of `loop`, 0 or 1; nil where the access moves in any other
    /// way.
    func unitStride(_ loop: Int) -> Int? {
      var stride = 0
      for (i, index) in indices.enumerated() {
        guard case .linear(let form) = index else { return nil }
        let coefficient = form.coefficients[loop]
        if coefficient == 0 { continue }
        guard i == indices.count - 1, coefficient == 1, isContiguous else { return nil }
        stride = 1
      }
      return stride
    }

    /// Whether the place depends on `loop`.
    func uses(_ loop: Int) -> Bool {
      indices.contains { index in
        switch index {
        case .linear(let form): form.coefficients[loop] != 0
        case .affine(let expression): expression.contains(dimension: loop)
        }
      }
    }

    var isLinear: Bool {
      indices.allSatisfy { if case .linear = $0 { true } else { false } }
    }
  }

  let view: LinalgOp
  var loops: [Loop]
  /// One per operand, inputs first; nil for a scalar operand.
  var accesses: [Access?]
  let inputCount: Int
  /// Whether each output element belongs to one point of the parallel loops, so that these may run in
  /// any order and the reduction loops inside them.
  let ownsOutputs: Bool

  var outputCount: Int { accesses.count - inputCount }
  /// Loops whose extent is 0 make the whole operation do nothing.
  var isEmpty: Bool { loops.contains { $0.extent == 0 } }

  /// - Throws: where an operand is no memref of known layout, reported at the operation.
  init(_ view: LinalgOp) throws(Reported) {
    self.view = view
    inputCount = view.inputCount
    let ranges = view.staticLoopRanges
    loops = zip(ranges, view.iteratorTypes).map { Loop(extent: $0, kind: $1) }
    accesses = []
    let maps = view.indexingMaps
    guard maps.count == view.operation.operandCount else {
      throw view.operation.emitOpError("has no indexing map for each operand")
    }
    ownsOutputs = maps[view.inputCount...].allSatisfy { [loops] in
      StructuredNest.isOwned($0, loops)
    }
    for (operand, map) in zip(view.operation.operands, maps) {
      guard operand.type.isMemRef else {
        accesses.append(nil)
        continue
      }
      let indices = map.results.map { (result: AffineExpr) -> Index in
        guard var form = LinearForm(result, loops: ranges.count) else { return .affine(result) }
        for (i, range) in ranges.enumerated() where range == 1 { form.coefficients[i] = 0 }
        return .linear(form)
      }
      accesses.append(
        Access(
          memref: operand, indices: indices,
          isContiguous: operand.type.stridedLayout?.strides.last == 1,
          element: operand.type.elementType))
    }
  }

  private static func isOwned(_ map: AffineMap, _ loops: [Loop]) -> Bool {
    guard let dimensions = map.projectedDimensions else { return false }
    var isSeen = loops.map { !$0.isReal || $0.kind == .reduction }
    for dimension in dimensions where loops[dimension].isReal {
      if isSeen[dimension] { return false }
      isSeen[dimension] = true
    }
    return isSeen.allSatisfy { $0 }
  }

  // MARK: Simplification

  /// Replaces accesses to memory without gaps by accesses to the same memory in one dimension.
  /// - Parameter builder: stands where the views of the memory go.
  mutating func flatten(_ builder: Builder) {
    var known: [Value: Value] = [:]
    for i in accesses.indices {
      guard let access = accesses[i], access.indices.count > 1, access.isLinear,
        let layout = access.memref.type.stridedLayout,
        let form = StructuredNest.linearised(access, layout, loops.count)
      else { continue }
      let flat = known[access.memref] ?? StructuredNest.collapse(access.memref, builder)
      known[access.memref] = flat
      accesses[i]?.memref = flat
      accesses[i]?.indices = [.linear(form)]
      accesses[i]?.isContiguous = true
    }
  }

  private static func linearised(_ access: Access, _ layout: MemRefLayout, _ loops: Int)
    -> LinearForm?
  {
    let type = access.memref.type
    guard type.elementCount != nil, layout.strides == MemRefLayout(contiguous: type.shape).strides
    else { return nil }
    var sum = LinearForm(coefficients: Array(repeating: 0, count: loops))
    for (index, stride) in zip(access.indices, layout.strides) {
      guard case .linear(let form) = index, sum.add(form, times: stride) else { return nil }
    }
    return sum
  }

  private static func collapse(_ memref: Value, _ builder: Builder) -> Value {
    let (type, context) = (memref.type, builder.context)
    var layout: Attribute?
    if type.layout != nil, let strided = type.stridedLayout {
      layout = context.stridedLayout(offset: strided.offset, strides: [1])
    }
    let flat = context.memRef(
      [type.elementCount ?? 0], type.elementType, layout: layout, memorySpace: type.memorySpace)
    let group = context.array((0..<type.rank).map(context.i64Attribute))
    return builder.create(
      MemRef.collapseShape, [memref], results: [flat],
      attributes: [("reassociation", context.array([group]))]
    ).result()
  }

  /// Merges loops that every access runs through as through one: `i` and `j` where stepping `i` is
  /// stepping `j` as often as its extent.
  /// - Parameter usesIndex: whether the body asks for the number of a loop's iteration.
  mutating func mergeLoops(usesIndex: [Bool]) {
    guard ownsOutputs else { return }
    var isChanged = true
    while isChanged {
      isChanged = false
      for outer in loops.indices {
        for inner in loops.indices where outer != inner {
          if usesIndex[outer] || usesIndex[inner] { continue }
          if merge(outer, into: inner) { isChanged = true }
        }
      }
    }
  }

  private mutating func merge(_ outer: Int, into inner: Int) -> Bool {
    guard loops[outer].kind == loops[inner].kind, let count = loops[outer].extent,
      let extent = loops[inner].extent, count > 1, extent > 1
    else { return false }
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    if overflow { return false }
    for case let access? in accesses {
      for index in access.indices {
        guard case .linear(let form) = index else { return false }
        let (step, overflow) = form.coefficients[inner].multipliedReportingOverflow(by: extent)
        if overflow || form.coefficients[outer] != step { return false }
      }
    }
    for i in accesses.indices {
      guard let indices = accesses[i]?.indices else { continue }
      accesses[i]?.indices = indices.map { index in
        guard case .linear(var form) = index else { return index }
        form.coefficients[outer] = 0
        return .linear(form)
      }
    }
    loops[inner].extent = product
    loops[outer].extent = 1
    return true
  }
}
