import MartletIR

/// What may be a dimension and what a symbol of an affine map or set.
extension Affine {
  /// The region in which symbols are what is defined at its top: that of the closest operation around that
  /// is a scope, such as a function.
  public static func scope(of operation: Operation) -> Region? {
    var current = operation
    while let parent = current.parent {
      if parent.has(.affineScope) { return current.block?.region }
      current = parent
    }
    return nil
  }

  private static func region(of value: Value) -> Region? { value.block?.region }

  /// Whether a value is defined at the top of a scope.
  private static func isTopLevel(_ value: Value) -> Bool {
    guard let region = region(of: value) else { return false }
    return region.parentOperation.has(.affineScope)
  }

  /// Whether a value is defined at the top of `scope` or, where it may be used inside, further out.
  private static func isTopLevelOrAbove(_ value: Value, _ scope: Region) -> Bool {
    guard let home = region(of: value) else { return false }
    var current = scope
    while true {
      if current == home { return true }
      let owner = current.parentOperation
      guard !owner.has(.isolatedFromAbove), let outer = owner.block?.region else { return false }
      current = outer
    }
  }

  public static func isDimension(_ value: Value) -> Bool {
    guard value.type.isIndex else { return false }
    if let definer = value.definingOperation {
      return isDimension(value, scope(of: definer))
    }
    guard let owner = value.owningBlock?.parentOperation else { return false }
    return owner.has(.affineScope) || owner.is(`for`) || owner.is(parallel)
  }

  /// Whether `value` may be a dimension in `scope`: a symbol, an induction variable, or an application of a map
  /// to dimensions.
  public static func isDimension(_ value: Value, _ scope: Region?, depth: Int = 0) -> Bool {
    guard value.type.isIndex, depth < 128 else { return false }
    if isSymbol(value, scope, depth: depth) { return true }
    guard let definer = value.definingOperation else {
      guard let owner = value.owningBlock?.parentOperation else { return false }
      return owner.is(`for`) || owner.is(parallel)
    }
    if definer.is(apply) || definer.is(delinearizeIndex) || definer.is(linearizeIndex) {
      return definer.operands.allSatisfy { isDimension($0, scope, depth: depth + 1) }
    }
    if definer.is(MemRef.dim) || definer.is(TensorDialect.dim) {
      return isTopLevel(definer.operand(0))
    }
    return false
  }

  public static func isSymbol(_ value: Value) -> Bool {
    guard value.type.isIndex else { return false }
    if isTopLevel(value) { return true }
    return value.definingOperation.map { isSymbol(value, scope(of: $0)) } ?? false
  }

  /// Whether `value` may be a symbol in `scope`: a constant, defined at the scope's top or around it, a size of
  /// a memref of such sizes, or computed from symbols without side effects.
  public static func isSymbol(_ value: Value, _ scope: Region?, depth: Int = 0) -> Bool {
    guard value.type.isIndex, depth < 128 else { return false }
    if let scope, isTopLevelOrAbove(value, scope) { return true }
    guard let definer = value.definingOperation else { return false }
    if definer.constantValue != nil { return true }
    if definer.isMemoryEffectFree, definer.isSpeculatable, definer.regionCount == 0,
      definer.operands.allSatisfy({ isSymbol($0, scope, depth: depth + 1) })
    {
      return true
    }
    guard definer.is(MemRef.dim) || definer.is(TensorDialect.dim) else { return false }
    return isSizeSymbol(definer, scope, depth)
  }

  /// Whether a size is a symbol because that of the view or allocation is.
  private static func isSizeSymbol(_ dim: Operation, _ scope: Region?, _ depth: Int) -> Bool {
    let shaped = dim.operand(0)
    if isTopLevel(shaped) { return true }
    guard let made = shaped.definingOperation, let i = dim.operand(1).constantInteger,
      shaped.type.hasRank, i >= 0, i < shaped.type.rank
    else { return false }
    let group: String
    if made.is(MemRef.view) || made.is(MemRef.subview) {
      group = "sizes"
    } else if made.is(MemRef.alloc) {
      group = "dynamicSizes"
    } else {
      return false
    }
    if shaped.type.dimension(i) != Type.dynamic { return true }
    let position = shaped.type.shape[..<i].count { $0 == Type.dynamic }
    let sizes = Array(made.operands(named: group))
    return position < sizes.count && isSymbol(sizes[position], scope, depth: depth + 1)
  }
}
