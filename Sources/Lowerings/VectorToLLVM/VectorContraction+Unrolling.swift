import MartletDialects
import MartletIR
import MartletRewriting

/// Contractions taken apart one dimension at a time.
extension Contraction {
  func unrolled() -> Value? {
    var batch: (Int, Int)?
    var contracted: [(lhs: Int, rhs: Int)] = []
    for (i, loop) in maps[0].enumerated() {
      guard let j = maps[1].firstIndex(of: loop) else { continue }
      if isReduction[loop] {
        contracted.append((i, j))
      } else if batch == nil {
        batch = (i, j)
      }
    }
    if let (i, j) = batch { return parallel(i, j) }
    if let i = (0..<lhs.type.rank).first(where: { i in !contracted.contains { $0.lhs == i } }) {
      return parallel(i, nil)
    }
    if let j = (0..<rhs.type.rank).first(where: { j in !contracted.contains { $0.rhs == j } }) {
      return parallel(nil, j)
    }
    return contracted.isEmpty ? nil : reductionLoop()
  }

  private func maps(without loop: Int) -> Attribute {
    context.array(
      maps.map { map in
        let kept = map.filter { $0 != loop }.map { $0 < loop ? $0 : $0 - 1 }
        return context.affineMapAttribute(
          context.projection(kept, of: isReduction.count - 1))
      })
  }

  private func iterators(without loop: Int) -> Attribute {
    var all = op.attribute("iterator_types")?.elements ?? []
    if all.indices.contains(loop) { all.remove(at: loop) }
    return context.array(all)
  }

  private func smaller(
    _ a: Value, _ b: Value, _ c: Value, _ maps: Attribute, _ iterators: Attribute, _ mask: Value?
  ) -> Value {
    let made = rewriter.create(
      VectorDialect.contract, [a, b, c], results: [c.type],
      attributes: [
        ("indexing_maps", maps), ("iterator_types", iterators),
        ("kind", context.attribute(VectorDialect.kind, [0])),
      ])
    return rewriter.masked(made, by: mask).result()
  }

  private func parallel(_ i: Int?, _ j: Int?) -> Value? {
    let loop: Int
    let size: Int
    if let i {
      loop = maps[0][i]
      size = lhs.type.shape[i]
      if lhs.type.isScalableDimension(i) { return nil }
    } else if let j {
      loop = maps[1][j]
      size = rhs.type.shape[j]
      if rhs.type.isScalableDimension(j) { return nil }
    } else {
      return nil
    }
    let place = maps[2].firstIndex(of: loop)
    if place == nil, size != 1 { return nil }
    // A scalar result has no dimension to take away.
    guard result.isVector, var value = rewriter.zeroConstant(result) else { return nil }
    let (lowMaps, lowIterators) = (maps(without: loop), iterators(without: loop))
    for d in 0..<size {
      let a = slice(lhs, i, d)
      let b = slice(rhs, j, d)
      let c = slice(acc, place, d)
      let part = mask.map { slice($0, loop, d) }
      let low = smaller(a, b, c, lowMaps, lowIterators, part)
      value = put(low, into: value, place, d)
    }
    return value
  }

  private func reductionLoop() -> Value? {
    guard !result.isVector, let i = maps[0].firstIndex(of: 0), let j = maps[1].firstIndex(of: 0),
      lhs.type.shape[i] == rhs.type.shape[j]
    else { return nil }
    if lhs.type.rank == 1 {
      guard rhs.type.rank == 1 else { return nil }
      let made = rewriter.create(
        VectorDialect.reduction, [product(lhs, rhs), acc], results: [lhs.type.elementType],
        attributes: [("kind", context.attribute(VectorDialect.kind, [0]))])
      return rewriter.masked(made, by: mask).result()
    }
    let (lowMaps, lowIterators) = (maps(without: 0), iterators(without: 0))
    var value = acc
    for d in 0..<lhs.type.shape[i] {
      let a = slice(lhs, i, d)
      let b = slice(rhs, j, d)
      let part = mask.map { slice($0, 0, d) }
      value = smaller(a, b, value, lowMaps, lowIterators, part)
    }
    return value
  }

  /// `value` at `position` of its dimension `dimension`; itself where there is none.
  private func slice(_ value: Value, _ dimension: Int?, _ position: Int) -> Value {
    guard let dimension, value.type.isVector else { return value }
    if dimension == 0 { return rewriter.vectorExtract(value, [position]) }
    let type = value.type.droppingDimension(dimension)
    guard var result = rewriter.zeroConstant(type) else { return value }
    for d in 0..<type.shape[0] {
      let row = rewriter.vectorExtract(value, [d])
      result = rewriter.vectorInsert(slice(row, dimension - 1, position), into: result, [d])
    }
    return result
  }

  private func put(
    _ part: Value, into whole: Value, _ dimension: Int?, _ position: Int
  ) -> Value {
    guard let dimension else { return part }
    if dimension == 0 { return rewriter.vectorInsert(part, into: whole, [position]) }
    var result = whole
    for d in 0..<whole.type.shape[0] {
      let row = rewriter.vectorExtract(result, [d])
      let inner = rewriter.vectorExtract(part, [d])
      result = rewriter.vectorInsert(
        put(inner, into: row, dimension - 1, position), into: result, [d])
    }
    return result
  }
}
