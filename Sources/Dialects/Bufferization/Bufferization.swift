import MartletIR
import MartletSupport
import MartletSyntax

/// The bufferization dialect: between tensors, which are values, and memrefs, which are memory.
public enum Bufferization {
  public static let dialect = Dialect(
    "bufferization", summary: "Between tensors and memory",
    operations: [
      allocTensor, clone, dealloc, deallocTensor, materializeInDestination, toBuffer, toTensor,
    ])

  /// A tensor whose elements are unknown, or a copy of `copy`; it will have memory of its own.
  public static let allocTensor: OpDefinition = OpDefinition(
    "bufferization.alloc_tensor", "A tensor with memory of its own",
    operands: [
      .variadic("dynamic_sizes", .index), .optional("copy", .anyTensor),
      .optional("size_hint", .index),
    ],
    results: [ValueDefinition("result", .anyTensor)],
    attributes: [.optional("memory_space", .any)], traits: .attrSizedOperandSegments,
    effects: .allocate,
    verify: { (operation) throws(Reported) in try verifyAllocTensor(operation) },
    interfaces: [allocTensorAssembly, allocTensorPatterns])

  public static let clone: OpDefinition = OpDefinition(
    "bufferization.clone", "A copy, or the same memory where neither is written again",
    operands: [ValueDefinition("input", .rankedOrUnrankedMemRef)],
    results: [ValueDefinition("output", .rankedOrUnrankedMemRef)],
    effects: [.read, .write, .allocate],
    format: "$input attr-dict `:` type($input) `to` type($output)",
    fold: { operation in MemRef.foldAnyCasts(operation) }, interfaces: [clonePatterns])

  /// Not "buildable": how many results there are follows from the operands.
  private static let condition = TypeConstraint("1-bit signless integer") { $0.isInteger(1) }

  /// Frees the memrefs whose conditions hold and that none of the retained ones is part of.
  public static let dealloc: OpDefinition = OpDefinition(
    "bufferization.dealloc", "Frees memory that is no longer owned",
    operands: [
      .variadic("memrefs", .rankedOrUnrankedMemRef), .variadic("conditions", .i1),
      .variadic("retained", .rankedOrUnrankedMemRef),
    ],
    results: [.variadic("updatedConditions", condition)], traits: .attrSizedOperandSegments,
    effects: .free,
    format:
      "(` ``(` $memrefs^ `:` type($memrefs) `)` `if` ` ` `(` $conditions `)` )? (`retain` ` ` `(` $retained^ `:` type($retained) `)` )? attr-dict",
    verify: { (operation) throws(Reported) in
      let segments = operation.operandSegments
      if segments[0] != segments[1] {
        throw operation.emitOpError(
          "must have the same number of conditions as memrefs to deallocate")
      }
      if operation.resultCount != segments[2] {
        throw operation.emitOpError(
          "must have the same number of updated conditions (results) as retained operands")
      }
    },
    inferResultTypes: { input in
      let sizes = input.attributes("operandSegmentSizes")?.integers ?? []
      return sizes.count == 3 ? Array(repeating: input.context.i1, count: max(0, sizes[2])) : nil
    }, interfaces: [deallocPatterns])

  public static let deallocTensor: OpDefinition = OpDefinition(
    "bufferization.dealloc_tensor", "Frees a tensor's memory",
    operands: [ValueDefinition("tensor", .anyTensor)], effects: .free,
    format: "$tensor attr-dict `:` type($tensor)")

  public static let materializeInDestination: OpDefinition = OpDefinition(
    "bufferization.materialize_in_destination", "Puts a tensor into the memory of a destination",
    operands: [ValueDefinition("source", .anyTensor), ValueDefinition("dest", .anyShaped)],
    results: [.optional("result", .anyTensor)],
    attributes: [.optional("restrict", .unit), .optional("writable", .unit)],
    traits: .destinationStyle,
    format:
      "$source `in` (`restrict` $restrict^)? (`writable` $writable^)? $dest attr-dict `:` functional-type(operands, results)",
    verify: { (operation) throws(Reported) in try verifyMaterialize(operation) },
    interfaces: [OwnEffects { $0.operand(1).type.isMemRef ? .write : [] }])

  public static let toBuffer: OpDefinition = OpDefinition(
    "bufferization.to_buffer", "The memory a tensor lies in",
    operands: [ValueDefinition("tensor", .anyTensor)],
    results: [ValueDefinition("buffer", .rankedOrUnrankedMemRef)],
    attributes: [.optional("read_only", .unit)],
    traits: .pure,
    format: "$tensor (`read_only` $read_only^)? attr-dict `:` type($tensor) `to` type($buffer)",
    verify: { (operation) throws(Reported) in try verifyPair(operation) },
    fold: { operation in
      guard let inner = operation.operand(0).definingOperation, inner.is(toTensor),
        inner.operand(0).type == operation.result().type
      else { return .none }
      return .value(inner.operand(0))
    }, interfaces: [toBufferPatterns])

  public static let toTensor: OpDefinition = OpDefinition(
    "bufferization.to_tensor", "The tensor a memref holds at this point",
    operands: [ValueDefinition("buffer", .rankedOrUnrankedMemRef)],
    results: [ValueDefinition("result", .anyTensor)],
    attributes: [.optional("restrict", .unit), .optional("writable", .unit)],
    effects: .read,
    format:
      "$buffer (`restrict` $restrict^)? (`writable` $writable^)? attr-dict `:` type($buffer) `to` type($result)",
    verify: { (operation) throws(Reported) in try verifyPair(operation) }, fold: foldToTensor,
    inferResultTypes: { input in
      guard let type = input.operands.first?.type else { return nil }
      let element = type.elementType
      return [
        type.kind == .memRef
          ? input.context.tensor(type.shape, element) : input.context.unrankedTensor(element)
      ]
    }, interfaces: [toTensorPatterns])

  /// A tensor put into memory and read back at once, with nothing in between, is that tensor.
  @Sendable private static func foldToTensor(_ operation: Operation) -> FoldResult {
    guard let inner = operation.operand(0).definingOperation,
      inner.name.string == "bufferization.to_buffer", inner.block == operation.block,
      inner == operation.previous, inner.operand(0).type == operation.result().type
    else { return .none }
    return .value(inner.operand(0))
  }

  // MARK: Verification

  private static func verifyAllocTensor(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    let hasCopy = !operation.operandGroup(1).isEmpty
    let sizes = operation.operandGroup(0).count
    if hasCopy, sizes > 0 {
      throw operation.emitError("dynamic sizes not needed when copying a tensor")
    }
    let dynamic = type.shape.count { $0 == Type.dynamic }
    if !hasCopy, sizes != dynamic {
      throw operation.emitOpError(
        "incorrect number of dynamic sizes, has \(sizes), expected \(dynamic)")
    }
    if let copy = operation.operandGroup(1).first, copy.type != type {
      throw operation.emitError("expected that `copy` and return type match")
    }
  }

  /// Checks that a tensor and a memref have the same elements and shape.
  private static func verifyPair(_ operation: Operation) throws(Reported) {
    let (from, to) = (operation.operand(0).type, operation.result().type)
    if from.elementType != to.elementType {
      throw operation.emitError("element types do not match")
    }
    let isRanked = from.isRankedTensor || from.kind == .memRef
    if isRanked != (to.isRankedTensor || to.kind == .memRef) || from.shape != to.shape {
      throw operation.emitError("shapes do not match")
    }
  }

  private static func verifyMaterialize(_ operation: Operation) throws(Reported) {
    let (source, dest) = (operation.operand(0).type, operation.operand(1).type)
    if !dest.isTensor, !dest.isMemRef {
      throw operation.emitOpError("'dest' must be a tensor or a memref")
    }
    if dest.isTensor {
      if operation.resultCount == 0 {
        throw operation.emitOpError("tensor 'dest' implies exactly one tensor result")
      }
    } else {
      if operation.resultCount != 0 {
        throw operation.emitOpError("memref 'dest' implies zero results")
      }
    }
    if dest.isMemRef != operation.hasAttribute("writable") {
      throw operation.emitOpError(
        "'writable' must be specified if and only if the destination is of memref type")
    }
    if dest.isTensor, operation.hasAttribute("restrict") {
      throw operation.emitOpError(
        "'restrict' is valid only for memref destinations")
    }
    if source.elementType != dest.elementType {
      throw operation.emitOpError(
        "failed to verify that all of {source, dest} have same element type")
    }
    guard source.hasRank, dest.hasRank else { return }
    if source.rank != dest.rank {
      throw operation.emitOpError("rank mismatch between source and destination shape")
    }
    if !zip(source.shape, dest.shape).allSatisfy({
      $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic
    }) {
      throw operation.emitOpError("source/destination shapes are incompatible")
    }
  }

  // MARK: Text

  /// `bufferization.alloc_tensor(%n) copy(%t) size_hint=%k : type`.
  private static let allocTensorAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let index = parser.context.index
      try parser.parse(.leftParen)
      let sizes = try parser.parseOperandList()
      try parser.parse(.rightParen)
      var copy: Parser.OperandReference?
      if parser.parseOptionalKeyword("copy") {
        try parser.parse(.leftParen)
        copy = try parser.parseOperand()
        try parser.parse(.rightParen)
      }
      var hint: Parser.OperandReference?
      if parser.parseOptionalKeyword("size_hint") {
        try parser.parse(.equal)
        hint = try parser.parseOperand()
      }
      try parser.parseOptionalAttributeDictionary(&operation)
      let type = try parser.parseColonType()
      operation.operands = try parser.resolve(sizes, index)
      if let copy { operation.operands.append(try parser.resolve(copy, type)) }
      if let hint { operation.operands.append(try parser.resolve(hint, index)) }
      operation.resultTypes = [type]
      operation.add(
        "operandSegmentSizes",
        parser.context.denseI32Array([sizes.count, copy == nil ? 0 : 1, hint == nil ? 0 : 1]))
    },
    print: { printer, operation in
      printer.write("(")
      printer.operands(operation.operandGroup(0))
      printer.write(")")
      if let copy = operation.operandGroup(1).first {
        printer.write(" copy(")
        printer.operand(copy)
        printer.write(")")
      }
      if let hint = operation.operandGroup(2).first {
        printer.write(" size_hint=")
        printer.operand(hint)
      }
      printer.optionalAttributeDictionary(operation, excluding: ["operandSegmentSizes"])
      printer.write(" : ")
      printer.type(operation.result().type)
    })
}
