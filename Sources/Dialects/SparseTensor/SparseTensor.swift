import MartletIR
import MartletSupport
import MartletSyntax

/// The sparse_tensor dialect: tensors whose encoding says which entries are stored and how.
public enum SparseTensor {
  public static let dialect = Dialect(
    "sparse_tensor", summary: "Tensors that store some of their entries",
    operations: [
      assemble, binary, coiterate, compress, concatenate, convert, coordinates, coordinatesBuffer,
      crdTranslate, disassemble, expand, extractIterationSpace, extractValue, foreach,
      hasRuntimeLibrary, iterate, load, lvl, new, numberOfEntries, out, positions, print, pushBack,
      reduce, reinterpretMap, reorderCOO, select, sliceOffset, sliceStride, sort, specifierGet,
      specifierInit, specifierSet, unary, values, yield,
    ], types: [iterSpace, iterator, storageSpecifier],
    attributes: [encoding, slice, specifierKind, sortAlgorithm, translationDirection])

  // MARK: Attributes

  /// How a tensor is stored; `SparseEncoding` is its view.
  public static let encoding: AttributeDefinition = AttributeDefinition(
    "sparse_tensor.encoding", "How a tensor's entries are stored",
    interfaces: [SparseEncoding.assembly, SparseEncoding.check])

  /// Offset, size and stride of a dimension that is part of a larger one: its three words.
  public static let slice: AttributeDefinition = AttributeDefinition(
    "sparse_tensor.slice", "A part of a dimension",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, type) throws(Reported) in
          try parser.parse(.leftParen)
          var values: [UInt64] = []
          repeat {
            let offset = parser.offset
            let value = parser.parseOptional(.question) ? Type.dynamic : try parser.parseInteger()
            if value < 0, value != Type.dynamic {
              throw parser.error(
                "expect positive value or ? for slice offset/size/stride", at: offset)
            }
            values.append(UInt64(bitPattern: Int64(value)))
          } while parser.parseOptional(.comma)
          try parser.parse(.rightParen)
          guard values.count == 3 else { throw parser.error("expected offset, size and stride") }
          return parser.context.attribute(slice, values)
        },
        print: { printer, attribute in
          let values = attribute.words.map { Int(Int64(bitPattern: $0)) }
          let slice = SparseEncoding.Slice(offset: values[0], size: values[1], stride: values[2])
          printer.write(String(slice.text.dropFirst("slice".count)))
        })
    ])

  // MARK: Constraints

  static let anySparse = TypeConstraint("sparse tensor of any type values") { $0.isSparseTensor }
  static let anySlice = TypeConstraint("sparse tensor slice of any type values") {
    !($0.sparseEncoding?.slices.isEmpty ?? true)
  }
  static let indexTensor = TypeConstraint("ranked tensor of signless integer or index values") {
    $0.isRankedTensor && $0.elementType.isSignlessIntOrIndex
  }
  static let vectorMemRef = TypeConstraint("1D memref of any type values") {
    $0.kind == .memRef && $0.rank == 1
  }
  static func vectorMemRef(_ what: String, _ test: @escaping @Sendable (Type) -> Bool)
    -> TypeConstraint
  {
    TypeConstraint("1D memref of \(what) values") {
      $0.kind == .memRef && $0.rank == 1 && test($0.elementType)
    }
  }
  static let scalarLike = TypeConstraint("signless integer or index") {
    $0.isSignlessIntOrIndex
      || $0.isRankedTensor && $0.rank == 0 && $0.elementType.isSignlessIntOrIndex
  }

  private static let tensor = ValueDefinition("tensor", anySparse)

  // MARK: Storage

  /// Where the entries of each parent's segment start, at a compressed level.
  public static let positions = storage(
    "positions", "The positions of a level", level: true,
    verify: { (operation, encoding, level) throws(Reported) in
      try requireElement(
        operation, encoding.positionType, "unexpected type for positions")
      if !encoding.levels[level].hasPositions {
        throw operation.emitError("requested level has no positions")
      }
    },
    infer: { encoding, _, _ in vector(encoding.positionType) })

  /// The coordinates of the entries of a level.
  public static let coordinates = storage(
    "coordinates", "The coordinates of a level", level: true,
    verify: { (operation, encoding, level) throws(Reported) in
      try requireElement(
        operation, encoding.coordinateType, "unexpected type for coordinates")
    },
    infer: { encoding, _, level in
      let type = encoding.coordinateType
      guard level >= encoding.interleavedStart else { return vector(type) }
      let layout = encoding.context.stridedLayout(offset: Type.dynamic, strides: [Type.dynamic])
      return encoding.context.memRef([Type.dynamic], type, layout: layout)
    })

  /// The interleaved coordinates of the trailing singleton levels.
  public static let coordinatesBuffer = storage(
    "coordinates_buffer", "Coordinates of several levels, interleaved", level: false,
    verify: { (operation, encoding, _) throws(Reported) in
      if encoding.interleavedStart >= encoding.levelRank {
        throw operation.emitError("expected sparse tensor with a COO region")
      }
    },
    infer: { encoding, _, _ in vector(encoding.coordinateType) })

  /// The values of the stored entries.
  public static let values = storage(
    "values", "The stored values", level: false,
    verify: { (operation, encoding, _) throws(Reported) in
      try requireElement(
        operation, operation.operand(0).type.elementType,
        "unexpected mismatch in element types")
    },
    infer: { _, tensor, _ in vector(tensor.elementType) })

  private static func vector(_ element: Type) -> Type {
    element.context.memRef([Type.dynamic], element)
  }

  private static func requireElement(_ operation: Operation, _ type: Type, _ message: String)
    throws(Reported)
  {
    if operation.result().type.elementType != type { throw operation.emitError(message) }
  }

  static let levelAttribute = AttributeConstraint("level attribute", form: .typed { $0.index }) {
    $0.kind == .integer && $0.typeWord(0).isIndex
  }

  private static func storage(
    _ name: String, _ summary: String, level: Bool,
    verify: @escaping @Sendable (Operation, SparseEncoding, Int) throws(Reported) -> Void,
    infer: @escaping @Sendable (SparseEncoding, Type, Int) -> Type
  ) -> OpDefinition {
    OpDefinition(
      "sparse_tensor.\(name)", summary, operands: [tensor],
      results: [
        ValueDefinition(
          "result",
          TypeConstraint("non-0-ranked.memref of any type values") {
            $0.kind == .memRef && $0.rank > 0
          })
      ], attributes: level ? [AttributeSlot("level", levelAttribute)] : [], traits: .pure,
      format: "$tensor attr-dict `:` type($tensor) `to` type($result)",
      verify: { (operation) throws(Reported) in
        guard let encoding = operation.operand(0).type.sparseEncoding else { return }
        let level = Int(operation.attribute("level")?.integerValue ?? 0)
        if level < 0 || level >= encoding.levelRank {
          throw operation.emitError("requested level is out of bounds")
        }
        try verify(operation, encoding, level)
      },
      inferResultTypes: { input in
        guard let type = input.operands.first?.type, let encoding = type.sparseEncoding else {
          return nil
        }
        return [infer(encoding, type, Int(input.attributes("level")?.integerValue ?? 0))]
      })
  }

  public static let numberOfEntries = OpDefinition(
    "sparse_tensor.number_of_entries", "How many entries are stored", operands: [tensor],
    results: [ValueDefinition("result", .index)], traits: .pure,
    format: "$tensor attr-dict `:` type($tensor)", inferResultTypes: { [$0.context.index] })

  public static let assemble = OpDefinition(
    "sparse_tensor.assemble", "A sparse tensor from its positions, coordinates and values",
    operands: [.variadic("levels", indexTensor), ValueDefinition("values", .rankedTensor)],
    results: [ValueDefinition("result", anySparse)], traits: .pure,
    format:
      "` ` `(` $levels `)` `,` $values attr-dict `:` `(` type($levels) `)` `,` type($values) `to` type($result)",
    verify: { (operation) throws(Reported) in
      guard let encoding = operation.result().type.sparseEncoding else { return }
      if !operation.result().type.hasStaticShape {
        throw operation.emitError("the sparse-tensor must have static shape")
      }
      try verifyBuffers(
        operation, encoding, levels: operation.operandGroup(0).types,
        values: operation.operandGroup(1).types.first, of: operation.result().type)
    })

  public static let disassemble = OpDefinition(
    "sparse_tensor.disassemble", "Positions, coordinates and values of a sparse tensor",
    operands: [
      tensor, .variadic("out_levels", indexTensor), ValueDefinition("out_values", .rankedTensor),
    ],
    results: [
      .variadic("ret_levels", indexTensor), ValueDefinition("ret_values", .rankedTensor),
      .variadic("lvl_lens", scalarLike), ValueDefinition("val_len", scalarLike),
    ], traits: .pure,
    format:
      "$tensor attr-dict `:` type($tensor)`out_lvls` `(` $out_levels `:` type($out_levels) `)` `out_vals` `(` $out_values `:` type($out_values) `)` `->``(` type($ret_levels) `)` `,` type($ret_values) `,` `(` type($lvl_lens) `)` `,` type($val_len)",
    verify: { (operation) throws(Reported) in
      let groups = operation.operandGroup(1).types
      let count = (operation.resultCount - 2) / 2
      if groups.count != count
        || groups != Array(operation.results.types.prefix(count))
      {
        throw operation.emitError("output levels and return levels type mismatch")
      }
      guard let encoding = operation.operand(0).type.sparseEncoding else { return }
      try verifyBuffers(
        operation, encoding, levels: groups, values: operation.operandGroup(2).types.first,
        of: operation.operand(0).type)
    })

  /// Checks number and element types of a tensor's arrays.
  private static func verifyBuffers(
    _ operation: Operation, _ encoding: SparseEncoding, levels: [Type], values: Type?,
    of tensor: Type
  ) throws(Reported) {
    let expected = storedArrays(of: encoding)
    if levels.count != expected.count {
      throw operation.emitError(
        "inconsistent number of fields between input/output")
    }
    let start = encoding.interleavedStart
    if start < encoding.levelRank, let last = levels.last, last.rank == 2,
      last.dimension(1) != Type.dynamic, last.dimension(1) != encoding.levelRank - start
    {
      throw operation.emitError("input/output trailing COO level-ranks don't match")
    }
    for (found, wanted) in zip(levels, expected) where found.elementType != wanted {
      throw operation.emitError("input/output element-types don't match")
    }
    if values?.elementType != tensor.elementType {
      throw operation.emitError("input/output element-types don't match")
    }
  }

  /// Element types of the arrays of positions and coordinates of an encoding, in storage order.
  public static func storedArrays(of encoding: SparseEncoding) -> [Type] {
    var types: [Type] = []
    let interleaved = encoding.interleavedStart
    for (i, level) in encoding.levels.enumerated() {
      if level.hasPositions { types.append(encoding.positionType) }
      if level.hasCoordinates, i <= interleaved { types.append(encoding.coordinateType) }
    }
    return types
  }

  // MARK: Whole tensors

  public static let new = OpDefinition(
    "sparse_tensor.new", "Reads a sparse tensor from what `source` names",
    operands: [ValueDefinition("source", .any)], results: [ValueDefinition("result", anySparse)],
    traits: .pure, format: "$source attr-dict `:` type($source) `to` type($result)")

  public static let out = OpDefinition(
    "sparse_tensor.out", "Writes a sparse tensor to what `dest` names",
    operands: [tensor, ValueDefinition("dest", .any)], effects: [.read, .write],
    format: "$tensor `,` $dest attr-dict `:` type($tensor) `,` type($dest)")

  public static let print = OpDefinition(
    "sparse_tensor.print", "Writes a sparse tensor to standard output", operands: [tensor],
    effects: [.read, .write], format: "$tensor attr-dict `:` type($tensor)")

  public static let convert: OpDefinition = OpDefinition(
    "sparse_tensor.convert", "The same tensor under another encoding",
    operands: [ValueDefinition("source", .rankedTensor)],
    results: [ValueDefinition("dest", .rankedTensor)], traits: .pure,
    format: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: { (operation) throws(Reported) in
      let (source, dest) = (operation.operand(0).type, operation.result().type)
      if source.rank != dest.rank {
        throw operation.emitError("unexpected conversion mismatch in rank")
      }
      for i in 0..<source.rank {
        let (a, b) = (source.dimension(i), dest.dimension(i))
        if a != b, b != Type.dynamic {
          throw operation.emitError("unexpected conversion mismatch in dimension \(i)")
        }
      }
    },
    fold: { operation in
      operation.operand(0).type == operation.result().type
        ? .value(operation.operand(0)) : .none
    })

  public static let reinterpretMap: OpDefinition = OpDefinition(
    "sparse_tensor.reinterpret_map", "The same storage seen through other dimensions",
    operands: [ValueDefinition("source", anySparse)],
    results: [ValueDefinition("dest", anySparse)], traits: .noMemoryEffect,
    format: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: { (operation) throws(Reported) in
      let (source, dest) = (operation.operand(0).type, operation.result().type)
      guard let a = source.sparseEncoding, let b = dest.sparseEncoding else { return }
      if a.levelRank != b.levelRank {
        throw operation.emitError("Level rank mismatch between source/dest tensors")
      }
      if a.levels != b.levels {
        throw operation.emitError("Level type mismatch between source/dest tensors")
      }
      if a.levelShape(source.shape) != b.levelShape(dest.shape) {
        throw operation.emitError("Level size mismatch between source/dest tensors")
      }
      if a.positionWidth != b.positionWidth || a.coordinateWidth != b.coordinateWidth {
        throw operation.emitError("Crd/Pos width mismatch between source/dest tensors")
      }
      if source.elementType != dest.elementType {
        throw operation.emitError("Element type mismatch between source/dest tensors")
      }
    },
    fold: foldReinterpretMap)

  @Sendable private static func foldReinterpretMap(_ operation: Operation) -> FoldResult {
    let source = operation.operand(0)
    if source.type == operation.result().type { return .value(source) }
    guard let inner = source.definingOperation, inner.name == operation.name,
      inner.operand(0).type == operation.result().type
    else { return .none }
    return .value(inner.operand(0))
  }

  public static let load = OpDefinition(
    "sparse_tensor.load", "Ends the insertions into a tensor", operands: [tensor],
    results: [ValueDefinition("result", .anyTensor)],
    attributes: [.optional("hasInserts", .unit)], traits: .sameOperandsAndResultType,
    format: "$tensor (`hasInserts` $hasInserts^)? attr-dict `:` type($tensor)")

  public static let concatenate = OpDefinition(
    "sparse_tensor.concatenate", "Tensors one behind the other along a dimension",
    operands: [.variadic("inputs", .rankedTensor)],
    results: [ValueDefinition("result", .rankedTensor)],
    attributes: [AttributeSlot("dimension", .index)], traits: .pure,
    format: "$inputs attr-dict `:` type($inputs) `to` type($result)",
    verify: { (operation) throws(Reported) in
      let result = operation.result().type
      let dimension = Int(operation.attribute("dimension")?.integerValue ?? -1)
      if operation.operandCount < 2 {
        throw operation.emitError("Need at least two tensors to concatenate.")
      }
      if dimension < 0 || dimension >= result.rank {
        throw operation.emitError(
          "Concat-dimension is out of bounds for dimension-rank (\(dimension) >= \(result.rank))")
      }
      for (i, type) in operation.operands.types.enumerated() where type.rank != result.rank {
        throw operation.emitError(
          "Input tensor $\(i) has a different rank (rank=\(type.rank)) from the output tensor (rank=\(result.rank))."
        )
      }
      for (i, type) in operation.operands.types.enumerated() where !type.hasStaticShape {
        throw operation.emitError("Input tensor $\(i) has dynamic shape")
      }
      for d in 0..<result.rank where result.dimension(d) != Type.dynamic {
        let sizes = operation.operands.map { $0.type.dimension(d) }
        if d == dimension {
          if sizes.reduce(0, &+) != result.dimension(d) {
            throw operation.emitError(
              "The concatenation dimension of the output tensor should be the sum of all the concatenation dimensions of the input tensors."
            )
          }
        } else if sizes.contains(where: { $0 != result.dimension(d) }) {
          throw operation.emitError(
            "All dimensions (expect for the concatenating one) should be equal.")
        }
      }
    })

  public static let lvl = OpDefinition(
    "sparse_tensor.lvl", "The size of a level",
    operands: [ValueDefinition("source", anySparse), ValueDefinition("index", .index)],
    results: [ValueDefinition("result", .index)], traits: .noMemoryEffect,
    format: "attr-dict $source `,` $index `:` type($source)",
    verify: { (operation) throws(Reported) in
      guard let index = operation.operand(1).constantInteger,
        let encoding = operation.operand(0).type.sparseEncoding
      else { return }
      if index < 0 || index >= encoding.levelRank {
        throw operation.emitError("Level index exceeds the rank of the input sparse tensor")
      }
    },
    fold: { operation in
      let type = operation.operand(0).type
      guard let index = operation.operand(1).constantInteger,
        let sizes = type.sparseEncoding?.levelShape(type.shape), sizes.indices.contains(index),
        sizes[index] != Type.dynamic
      else { return .none }
      return .attribute(operation.context.indexAttribute(sizes[index]))
    },
    inferResultTypes: { [$0.context.index] })

  public static let hasRuntimeLibrary = OpDefinition(
    "sparse_tensor.has_runtime_library", "Whether a runtime library is linked",
    results: [ValueDefinition("result", .i1)], effects: .read, format: "attr-dict",
    inferResultTypes: { [$0.context.i1] })

  public static let sliceOffset = slicePart("offset")
  public static let sliceStride = slicePart("stride")

  private static func slicePart(_ name: String) -> OpDefinition {
    OpDefinition(
      "sparse_tensor.slice.\(name)", "The \(name) of a slice's dimension",
      operands: [ValueDefinition("slice", anySlice)], results: [ValueDefinition(name, .index)],
      attributes: [AttributeSlot("dim", .index)], traits: .pure,
      format: "$slice `at` $dim attr-dict `:` type($slice)",
      verify: { (operation) throws(Reported) in
        let dimension = operation.attribute("dim")?.integerValue ?? 0
        if dimension < 0 || dimension >= operation.operand(0).type.rank {
          throw operation.emitError("requested dimension out of bound")
        }
      },
      inferResultTypes: { [$0.context.index] })
  }
}
