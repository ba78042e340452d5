import MartletDialects
import MartletIR
import MartletRewriting

/// Prints of vectors as loops around prints of their elements.
enum VectorPrinting {
  static let pattern = RewritePattern("print-by-elements", root: VectorDialect.print) {
    op, rewriter in
    guard let source = op.operands.first, source.type.isVector,
      source.type.rank <= 1 || source.type.scalableMask == 0,
      source.type.elementCount != nil
    else { return false }
    let context = op.context
    var value = source
    if source.type.elementType.isInteger { value = widened(source, rewriter) }
    let type = value.type
    let shape = type.rank == 0 ? [1] : type.shape
    if type.rank != 1 {
      value = rewriter.vectorShapeCast(
        value, to: context.vector([shape.reduce(1, *)], type.elementType))
    }
    var firstClose: Operation?
    var inductions: [Value] = []
    for (d, size) in shape.enumerated() {
      let lower = rewriter.indexConstant(0)
      var upper = rewriter.indexConstant(size)
      let step = rewriter.indexConstant(1)
      if type.rank > 0, type.isScalableDimension(d) {
        let scale = rewriter.create(VectorDialect.vscale, results: [context.index]).result()
        upper = rewriter.arith("muli", [upper, scale])
      }
      let last = rewriter.arith("subi", [upper, step])
      emit("open", rewriter)
      let loop = ForOp.create(rewriter, from: lower, to: upper, step: step) { _, iv, _ in
        inductions.append(iv)
        return []
      }
      let close = emit("close", rewriter)
      if firstClose == nil { firstClose = close }
      rewriter.insertionPoint = .atStart(of: loop.body)
      let isNotLast = rewriter.compareIntegers("ult", inductions[d], last)
      IfOp.create(
        rewriter, isNotLast,
        then: { _ in
          emit("comma", rewriter)
          return []
        })
      rewriter.insertionPoint = .atStart(of: loop.body)
    }
    var flat: Value?
    var stride = 1
    for d in shape.indices.reversed() {
      let factor = rewriter.indexConstant(stride)
      let part = rewriter.arith("muli", [factor, inductions[d]])
      flat = flat.map { rewriter.arith("addi", [$0, part]) } ?? part
      stride = stride &* shape[d]
    }
    guard let flat, let firstClose else { return false }
    let element = rewriter.vectorExtract(value, mixed: [.value(flat)])
    emit("no_punctuation", rewriter, [element])
    rewriter.setInsertionPoint(after: firstClose)
    rewriter.create(
      VectorDialect.print,
      attributes: op.attribute("punctuation").map { [("punctuation", $0)] } ?? [])
    rewriter.erase(op)
    return true
  }

  @discardableResult
  private static func emit(
    _ punctuation: String, _ rewriter: PatternRewriter, _ operands: [Value] = []
  ) -> Operation {
    let number = VectorDialect.punctuations.value(punctuation) ?? 0
    return rewriter.create(
      VectorDialect.print, operands,
      attributes: [
        ("punctuation", rewriter.context.attribute(VectorDialect.punctuation, [UInt64(number)]))
      ])
  }

  /// A vector of integers as one of the next width that is a power of two and at least 8; its signedness
  /// stays.
  private static func widened(_ source: Value, _ rewriter: PatternRewriter) -> Value {
    let context = rewriter.context
    let type = source.type
    let element = type.elementType
    guard let width = element.bitWidth else { return source }
    var legal = 8
    while legal < width { legal *= 2 }
    let target = type.cloned(elementType: context.integer(legal, element.signedness))
    func cast(_ value: Value, _ type: Type) -> Value {
      rewriter.create(VectorDialect.bitcast, [value], results: [type]).result()
    }
    var value = cast(source, type.cloned(elementType: context.integer(width)))
    let wide = type.cloned(elementType: context.integer(legal))
    if wide != value.type {
      let isUnsigned = width == 1 || element.signedness == .unsigned
      value = rewriter.arith(isUnsigned ? "extui" : "extsi", [value], wide)
    }
    return cast(value, target)
  }
}
