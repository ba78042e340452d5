import MartletIR
import MartletSupport
import MartletSyntax

/// Operations of linalg that are not structured: softmax and the layout changes.
extension Linalg {
  /// exp(x - max) / sum(exp(x - max)) along one dimension.
  public static let softmax = OpDefinition(
    "linalg.softmax", "Softmax along a dimension",
    operands: [ValueDefinition("input", .anyShaped), ValueDefinition("output", .anyShaped)],
    results: [.variadic("result", .rankedTensor)],
    attributes: [AttributeSlot("dimension", .i64)], traits: .destinationStyle,
    format:
      "attr-dict `dimension` `(` $dimension `)` `ins` `(` $input `:` type($input) `)` `outs` `(` $output `:` type($output) `)` (`->` type($result)^)?",
    verify: { (operation) throws(Reported) in
      let (input, output) = (operation.operand(0).type, operation.operand(1).type)
      if input.elementType != output.elementType {
        throw operation.emitOpError(
          "failed to verify that input and output have same element type")
      }
      let isCompatible =
        input.rank == output.rank
        && zip(input.shape, output.shape).allSatisfy { (a: Int, b: Int) in
          a == b || a == Type.dynamic || b == Type.dynamic
        }
      if !isCompatible { throw operation.emitOpError("incompatible output shape") }
      let dimension = operation.attribute("dimension")?.integerValue ?? 0
      if dimension < 0 || dimension >= input.rank {
        throw operation.emitOpError("incorrect dimension specified")
      }
    },
    interfaces: [
      OwnEffects { operation in
        let isBuffer = operation.operands.contains { $0.type.isMemRef }
        return isBuffer ? [.read, .write] : []
      }
    ])

  // MARK: Winograd

  public static let winogradFilterTransform = winograd("filter", "filter", ranks: (4, 4))
  public static let winogradInputTransform = winograd("input", "input", ranks: (4, 6))
  public static let winogradOutputTransform = winograd("output", "value", ranks: (6, 4))

  private static let winogradSizes = EnumDefinition(
    "WinogradConv2DFmr", [("F_2_3", 0), ("F_4_3", 1), ("F_2_5", 2)])

  /// A step of Winograd's convolution F(m x m, r x r): a transform of the filter, the input or the products.
  private static func winograd(_ name: String, _ operand: String, ranks: (Int, Int))
    -> OpDefinition
  {
    func ranked(_ rank: Int) -> TypeConstraint {
      TypeConstraint("\(rank)D tensor of any type values") { $0.isRankedTensor && $0.rank == rank }
    }
    return OpDefinition(
      "linalg.winograd_\(name)_transform", "Winograd \(name) transform",
      operands: [
        ValueDefinition(operand, ranked(ranks.0)), ValueDefinition("output", ranked(ranks.1)),
      ], results: [ValueDefinition("result", ranked(ranks.1))],
      attributes: [AttributeSlot("fmr", .enumeration(winogradSizes, width: 32))],
      traits: [.noMemoryEffect, .destinationStyle],
      format:
        "attr-dict `fmr` `(` $fmr `)` `ins` `(` $\(operand) `:` type($\(operand)) `)` `outs` `(` $output `:` type($output) `)` `->` type($result)",
      verify: { (operation) throws(Reported) in try verifyWinograd(operation, name) })
  }

  // MARK: Packing

  /// Splits dimensions `inner_dims_pos` into tiles, which become the last dimensions.
  public static let pack: OpDefinition = OpDefinition(
    "linalg.pack", "Moves tiles of dimensions innermost",
    operands: [
      ValueDefinition("source", .rankedTensor), ValueDefinition("dest", .rankedTensor),
      .optional("padding_value", .any), .variadic("inner_tiles", .index),
    ],
    results: [ValueDefinition("result", .rankedTensor)],
    attributes: [
      .optional("outer_dims_perm", .denseI64Array), AttributeSlot("inner_dims_pos", .denseI64Array),
      AttributeSlot("static_inner_tiles", .denseI64Array),
    ],
    traits: [.attrSizedOperandSegments, .noMemoryEffect, .destinationStyle],
    relations: [.same(["result", "dest"])],
    format:
      "$source (`padding_value` `(` $padding_value^ `:` type($padding_value) `)`)? (`outer_dims_perm` `=` $outer_dims_perm^)? `inner_dims_pos` `=` $inner_dims_pos `inner_tiles` `=` custom<DynamicIndexList>($inner_tiles, $static_inner_tiles) `into` $dest attr-dict `:` type($source) `->` type($dest)",
    verify: { (operation) throws(Reported) in
      try verifyRelayout(operation, packed: 1)
      try verifyPadding(operation)
    },
    fold: foldRelayout, inferResultTypes: { [$0.operands[1].type] },
    interfaces: [
      CustomDirectives.indexLists, AsmResultNames("pack"), packPatterns,
      Speculation { !$0.operandGroup(2).isEmpty || hasStaticShapes($0) },
    ])

  /// The inverse of `pack`.
  public static let unpack: OpDefinition = OpDefinition(
    "linalg.unpack", "Puts tiles back into their dimensions",
    operands: [
      ValueDefinition("source", .rankedTensor), ValueDefinition("dest", .rankedTensor),
      .variadic("inner_tiles", .index),
    ],
    results: [ValueDefinition("result", .rankedTensor)],
    attributes: [
      .optional("outer_dims_perm", .denseI64Array), AttributeSlot("inner_dims_pos", .denseI64Array),
      AttributeSlot("static_inner_tiles", .denseI64Array),
    ],
    traits: [.noMemoryEffect, .destinationStyle], relations: [.same(["result", "dest"])],
    format:
      "$source (`outer_dims_perm` `=` $outer_dims_perm^)? `inner_dims_pos` `=` $inner_dims_pos `inner_tiles` `=` custom<DynamicIndexList>($inner_tiles, $static_inner_tiles) `into` $dest attr-dict `:` type($source) `->` type($dest)",
    verify: { (operation) throws(Reported) in try verifyRelayout(operation, packed: 0) },
    fold: foldRelayout, inferResultTypes: { [$0.operands[1].type] },
    interfaces: [
      CustomDirectives.indexLists, AsmResultNames("unpack"), Speculation { hasStaticShapes($0) },
      unpackPatterns,
    ])

  /// Checks tiles, positions and ranks; operand `packed` is the tiled tensor.
  private static func verifyRelayout(_ operation: Operation, packed: Int) throws(Reported) {
    let plain = operation.operand(1 - packed).type
    let tiled = operation.operand(packed).type
    let positions = operation.attribute("inner_dims_pos")?.integers ?? []
    let permutation = operation.attribute("outer_dims_perm")?.integers ?? []
    let tiles = operation.attribute("static_inner_tiles")?.integers ?? []
    let dynamicCount = operation.operands(named: "inner_tiles").count
    if tiles.count(where: { $0 == Type.dynamic }) != dynamicCount {
      throw operation.emitOpError(
        "expected \(tiles.count { $0 == Type.dynamic }) dynamic inner tile values")
    }
    if tiles.contains(0) { throw operation.emitOpError("invalid zero tile factor") }
    let isValid = { (p: [Int]) in p.allSatisfy { 0..<plain.rank ~= $0 } && Set(p).count == p.count }
    if !isValid(positions) { throw operation.emitOpError("invalid inner_dims_pos vector") }
    if !permutation.isEmpty, permutation.count != plain.rank || !isValid(permutation) {
      throw operation.emitOpError("invalid outer_dims_perm vector")
    }
    if tiles.count != positions.count {
      throw operation.emitOpError(
        "tiling factors must equal the number of dimensions to tile")
    }
    if plain.rank + positions.count != tiled.rank {
      let name = packed == 1 ? "packed" : "unpacked"
      let rank = packed == 1 ? tiled.rank : plain.rank
      let expected = packed == 1 ? plain.rank + positions.count : tiled.rank - positions.count
      throw operation.emitOpError(
        "\(name) rank != (unpacked rank + num tiling factors), got \(rank) != \(expected)")
    }
    let outer = packedShape(operation, plain.shape)
    let inner = tiled.shape.suffix(tiles.count)
    if !zip(inner, tiles).allSatisfy({ $0 == $1 }) {
      throw operation.emitError(
        "mismatch in inner tile sizes specified and shaped of tiled dimension in the packed type")
    }
    let expected = operation.context.tensor(outer + tiles, tiled.elementType)
    let isCompatible = zip(expected.shape, tiled.shape).allSatisfy {
      $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic
    }
    if !isCompatible {
      throw operation.emitError(
        "expected '\(expected)' for the packed domain value, got '\(tiled)'")
    }
  }

  /// The outer dimensions of the packed form of a tensor of `shape`.
  private static func packedShape(_ operation: Operation, _ shape: [Int]) -> [Int] {
    let positions = operation.attribute("inner_dims_pos")?.integers ?? []
    let tiles = operation.attribute("static_inner_tiles")?.integers ?? []
    var outer = shape
    for (position, tile) in zip(positions, tiles) where outer[position] != Type.dynamic {
      let size = outer[position]
      outer[position] =
        tile == Type.dynamic || tile <= 0 ? Type.dynamic : size / tile + (size % tile == 0 ? 0 : 1)
    }
    let permutation = operation.attribute("outer_dims_perm")?.integers ?? []
    return permutation.isEmpty ? outer : permutation.map { outer[$0] }
  }

  /// Checks that nothing is left over where there is no value to pad with.
  private static func verifyPadding(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0).type
    if let padding = operation.operands(named: "padding_value").first {
      if padding.type != source.elementType {
        throw operation.emitOpError(
          "expected padding_value has '\(source.elementType)' but got: '\(padding.type)'")
      }
      return
    }
    var outer = Array(operation.operand(1).type.shape.prefix(source.rank))
    let permutation = operation.attribute("outer_dims_perm")?.integers ?? []
    if !permutation.isEmpty {
      let permuted = outer
      for (i, p) in permutation.enumerated() { outer[p] = permuted[i] }
    }
    let positions = operation.attribute("inner_dims_pos")?.integers ?? []
    let tiles = operation.attribute("static_inner_tiles")?.integers ?? []
    var dynamic = operation.operands(named: "inner_tiles").makeIterator()
    for (position, tile) in zip(positions, tiles) {
      let known = tile == Type.dynamic ? dynamic.next()?.constantInteger : tile
      let size = source.dimension(position)
      if size == Type.dynamic { continue }
      // Where the tile is not known, the number of tiles may be.
      let divisor = known ?? outer[position]
      if divisor > 0, divisor != Type.dynamic, size % divisor != 0 {
        throw operation.emitOpError(
          "invalid tile factor or output size provided. Only full tiles are supported when padding_value is not set"
        )
      }
    }
  }
}

extension Linalg {
  /// Whether source and destination, and so all tiles, are of known sizes.
  fileprivate static func hasStaticShapes(_ op: Operation) -> Bool {
    op.operand(0).type.hasStaticShape && op.operand(1).type.hasStaticShape
  }
}

extension Speculation {
  /// A size may be asked for where the dimension is known to exist.
  static let dimension = Speculation { op in
    guard let i = op.operand(1).constantInteger, op.operand(0).type.hasRank else { return false }
    return i >= 0 && i < op.operand(0).type.rank
  }
}
