import MartletIR
import MartletSupport
import MartletSyntax

/// A named structured operation as data: how its operands are indexed and what it computes.
///
/// The subscripts are written like an einsum, one group per operand, outputs last, in the order of the
/// loops: `"nhwfyxc": "n h.y w.x c; y x c f; n h w f"` is `conv_2d_nhwc_hwcf`. A letter is a loop; `h.y`
/// is `h * strides[i] + y * dilations[i]` for the i-th such pair. Loops that do not appear in the
/// output are reductions.
public struct NamedStructuredOp: Sendable {
  public let name: String
  public let summary: String
  public let inputCount: Int
  public let body: ScalarBody
  /// How many window dimensions take strides and dilations; 0 where the operation has no such attributes.
  public let windowRank: Int
  /// Subscripts by operand; nil for an elementwise operation, whose loops are its output's dimensions.
  let subscripts: [[Subscript]]?
  let loopCount: Int
  /// Whether the `indexing_maps` may be given, and are always stored.
  public let hasMapsAttribute: Bool
  /// Whether the attribute `cast` says how operands are converted.
  public let hasCast: Bool

  struct Subscript: Sendable {
    let loop: Int
    /// The loop over the window and the number of the window dimension.
    let window: (loop: Int, number: Int)?
  }

  /// An operation that applies `body` at each element of operands of one shape; scalars are broadcast.
  init(elementwise name: String, _ summary: String, inputs: Int, _ body: ScalarBody) {
    self.name = name
    self.summary = summary
    self.body = body
    inputCount = inputs
    windowRank = 0
    subscripts = nil
    loopCount = 0
    hasMapsAttribute = false
    if case .copy = body { hasCast = true } else { hasCast = false }
  }

  init(
    _ name: String, _ summary: String, loops: String, _ text: String, _ body: ScalarBody,
    windows: Int = 0, hasMapsAttribute: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.body = body
    windowRank = windows
    let letters = Array(loops)
    let groups = text.split(separator: ";", omittingEmptySubsequences: false)
    func loop(_ letter: Character?) -> Int { letters.firstIndex { $0 == letter } ?? 0 }
    subscripts = groups.map { group in
      var number = 0
      return group.split(separator: " ").map { word in
        guard word.count == 3 else { return Subscript(loop: loop(word.first), window: nil) }
        defer { number += 1 }
        return Subscript(loop: loop(word.first), window: (loop(word.last), number))
      }
    }
    inputCount = groups.count - 1
    loopCount = letters.count
    self.hasMapsAttribute = hasMapsAttribute
    hasCast = hasMapsAttribute
  }

  // MARK: Maps and iterators

  /// The maps of `operation`, or of one whose output has the given rank.
  func indexingMaps(_ operation: Operation) -> [AffineMap] {
    if hasMapsAttribute, let maps = operation.attribute("indexing_maps")?.elements {
      return maps.compactMap(\.affineMap)
    }
    return indexingMaps(
      operation.context, operandRanks: operation.operands.map { $0.type.rank },
      strides: operation.attribute("strides")?.integers ?? [],
      dilations: operation.attribute("dilations")?.integers ?? [])
  }

  /// The default maps of operands of the given ranks.
  public func indexingMaps(
    _ context: Context, operandRanks: [Int], strides: [Int] = [], dilations: [Int] = []
  ) -> [AffineMap] {
    guard let subscripts else {
      let rank = operandRanks.last ?? 0
      let scalar = context.affineMap(dimensions: rank, symbols: 0, [])
      return operandRanks.map { $0 == 0 ? scalar : context.identityMap(rank) }
    }
    return subscripts.map { operand in
      let results = operand.map { subscripted in
        let dimension = context.affineDimension(subscripted.loop)
        guard let window = subscripted.window else { return dimension }
        let i = window.number
        let stride = i < strides.count ? strides[i] : 1
        let dilation = i < dilations.count ? dilations[i] : 1
        return dimension * stride + context.affineDimension(window.loop) * dilation
      }
      return context.affineMap(dimensions: loopCount, symbols: 0, results)
    }
  }

  func iteratorTypes(_ operation: Operation) -> [IteratorType] {
    guard let subscripts else {
      return Array(repeating: .parallel, count: operation.operands.last?.type.rank ?? 0)
    }
    let output = Set((subscripts.last ?? []).map(\.loop))
    return (0..<loopCount).map { output.contains($0) ? .parallel : .reduction }
  }

  // MARK: Declaration

  var definition: OpDefinition {
    var attributes: [AttributeSlot] = []
    if hasCast { attributes.append(.optional("cast", Linalg.typeFunctionConstraint)) }
    if hasMapsAttribute { attributes.append(.optional("indexing_maps", .affineMapArray)) }
    if windowRank > 0 {
      let constraint = Self.windowConstraint(windowRank)
      attributes += [.optional("strides", constraint), .optional("dilations", constraint)]
    }
    return Linalg.structured(
      "linalg.\(name)", summary, attributes: attributes,
      structure: StructuredOp(
        named: self, indexingMaps: { self.indexingMaps($0) },
        iteratorTypes: { self.iteratorTypes($0) },
        buildBody: { (attribute, block, builder) throws(Reported) in
          try self.body.build(
            in: block, builder, isUnsigned: Linalg.castsUnsigned(attribute("cast")))
        }),
      verify: { (view) throws(Reported) in
        if self.hasMapsAttribute { try self.verifyMaps(view.operation) }
        if self.name == "fill" { try Linalg.verifyFill(view) }
      },
      fold: { MemRef.foldAnyCasts($0) },
      interfaces: [hasMapsAttribute ? Linalg.contractionAssembly : Linalg.namedAssembly]
        + (name == "fill" ? [Linalg.fillPatterns] : [])
        + (name == "copy" ? [Linalg.copyPatterns] : []))
  }

  private static func windowConstraint(_ rank: Int) -> AttributeConstraint {
    AttributeConstraint("64-bit signless int elements attribute of shape [\(rank)]") {
      guard $0.kind == .denseElements else { return false }
      return $0.typeWord(0).shape == [rank] && $0.typeWord(0).elementType.isInteger(64)
    }
  }
}
