import MartletIR
import MartletSupport
import MartletSyntax

/// Insertion, and operations on entries by regions.
extension SparseTensor {
  private static let booleans = vectorMemRef("1-bit signless integer") { $0.isInteger(1) }
  private static let indices = vectorMemRef("index") { $0.isIndex }

  public static let expand = OpDefinition(
    "sparse_tensor.expand", "Dense buffers to insert a row through",
    operands: [ValueDefinition("tensor", anySparse)],
    results: [
      ValueDefinition("values", vectorMemRef), ValueDefinition("filled", booleans),
      ValueDefinition("added", indices), ValueDefinition("count", .index),
    ], effects: [.read, .write, .allocate],
    format:
      "$tensor attr-dict `:` type($tensor) `to` type($values) `,` type($filled) `,` type($added)")

  public static let compress = OpDefinition(
    "sparse_tensor.compress", "Inserts the row of expanded buffers",
    operands: [
      ValueDefinition("values", vectorMemRef), ValueDefinition("filled", booleans),
      ValueDefinition("added", indices), ValueDefinition("count", .index),
      ValueDefinition("tensor", anySparse), .variadic("lvlCoords", .index),
    ],
    results: [ValueDefinition("result", anySparse)], effects: [.read, .write, .free],
    relations: [.same(["tensor", "result"])],
    format:
      "$values `,` $filled `,` $added `,` $count `into` $tensor `[` $lvlCoords `]` attr-dict `:` type($values) `,` type($filled) `,` type($added) `,` type($tensor)",
    verify: { (operation) throws(Reported) in
      guard let encoding = operation.operand(4).type.sparseEncoding else { return }
      if encoding.levelRank != operation.operandCount - 4 {
        throw operation.emitOpError("incorrect number of coordinates")
      }
    })

  public static let pushBack = OpDefinition(
    "sparse_tensor.push_back", "Appends a value to a buffer that grows",
    operands: [
      ValueDefinition("curSize", .index), ValueDefinition("inBuffer", vectorMemRef),
      ValueDefinition("value", .any), .optional("n", .index),
    ],
    results: [ValueDefinition("outBuffer", vectorMemRef), ValueDefinition("newSize", .index)],
    attributes: [.optional("inbounds", .unit)], effects: [.read, .write, .allocate, .free],
    relations: [
      .same(["inBuffer", "outBuffer"]),
      .derived(
        target: "value", from: "inBuffer", summary: "value type matches element type of inBuffer"
      ) { $0.elementType },
    ],
    format:
      "(`inbounds` $inbounds^)? $curSize `,` $inBuffer `,` $value (`,` $n^ )? attr-dict `:` type($curSize) `,` type($inBuffer) `,` type($value) (`,` type($n)^ )?",
    verify: { (operation) throws(Reported) in
      if let n = operation.operands(named: "n").first?.constantInteger, n < 1 {
        throw operation.emitOpError("n must be not less than 1")
      }
    })

  // MARK: Regions on entries

  public static let foreach = OpDefinition(
    "sparse_tensor.foreach", "Runs its region on each stored entry",
    operands: [ValueDefinition("tensor", .rankedTensor), .variadic("initArgs", .any)],
    results: [.variadic("results", .any)], attributes: [.optional("order", .affineMap)],
    regions: [RegionDefinition("region", oneBlock: true)],
    traits: [.singleBlock, .recursiveMemoryEffects],
    format:
      "`in` $tensor (`init``(`$initArgs^`)`)? attr-dict `:` type($tensor) (`,` type($initArgs)^)? (`->` type($results)^)? `do` $region",
    implicitTerminator: "sparse_tensor.yield",
    verifyRegions: { (operation) throws(Reported) in
      let arguments = operation.region(0).arguments
      let rank = operation.operand(0).type.rank
      let expected = rank + 1 + operation.resultCount
      if arguments.count != expected {
        throw operation.emitError(
          "Unmatched number of arguments in the block")
      }
      if operation.operandCount - 1 != operation.resultCount {
        throw operation.emitError("Mismatch in number of init arguments and results")
      }
      for (i, argument) in arguments.prefix(rank).enumerated() where !argument.type.isIndex {
        throw operation.emitError("Expecting Index type for argument at index \(i)")
      }
      if arguments[rank].type != operation.operand(0).type.elementType {
        throw operation.emitError("Unmatched element type between input tensor and block argument")
      }
    })

  public static let unary = OpDefinition(
    "sparse_tensor.unary", "A value where an entry is present and one where it is absent",
    operands: [ValueDefinition("x", .any)], results: [ValueDefinition("output", .any)],
    regions: [RegionDefinition("presentRegion"), RegionDefinition("absentRegion")], traits: .pure,
    format:
      "$x attr-dict `:` type($x) `to` type($output) `\\n` `present` `=` $presentRegion `\\n` `absent` `=` $absentRegion",
    verify: { (operation) throws(Reported) in
      let output = operation.result().type
      try verifyRegion(
        operation, 0, "present", [operation.operand(0).type], output)
      try verifyRegion(operation, 1, "absent", [], output)
      guard let absent = operation.region(1).firstBlock,
        let value = absent.lastOperation?.operands.first
      else { return }
      // Only what does not change from point to point may be yielded.
      if let definer = value.definingOperation {
        if !definer.is(Arith.constant),
          definer.block == absent || definer.block == operation.block
        {
          throw operation.emitError("absent region cannot yield locally computed value")
        }
      } else if operation.block?.arguments.contains(value) ?? false {
        throw operation.emitError("absent region cannot yield linalg argument")
      }
    })

  public static let binary = OpDefinition(
    "sparse_tensor.binary", "A value where both entries are present, or only one",
    operands: [ValueDefinition("x", .any), ValueDefinition("y", .any)],
    results: [ValueDefinition("output", .any)],
    attributes: [.optional("left_identity", .unit), .optional("right_identity", .unit)],
    regions: [
      RegionDefinition("overlapRegion"), RegionDefinition("leftRegion"),
      RegionDefinition("rightRegion"),
    ], traits: .pure,
    format:
      "$x `,` $y `:` attr-dict type($x) `,` type($y) `to` type($output) `\\n` `overlap` `=` $overlapRegion `\\n` `left` `=` (`identity` $left_identity^):($leftRegion)? `\\n` `right` `=` (`identity` $right_identity^):($rightRegion)?",
    verify: { (operation) throws(Reported) in
      let (x, y) = (operation.operand(0).type, operation.operand(1).type)
      let output = operation.result().type
      try verifyRegion(operation, 0, "overlap", [x, y], output)
      for (i, name, type) in [(1, "left", x), (2, "right", y)] {
        guard operation.region(i).isEmpty else {
          try verifyRegion(operation, i, name, [type], output)
          continue
        }
        if operation.hasAttribute("\(name)_identity"), type != output {
          throw operation.emitError(
            "\(name)=identity requires first argument to have the same type as the output")
        }
      }
    })

  public static let reduce = OpDefinition(
    "sparse_tensor.reduce", "Combines a value with what has been accumulated",
    operands: [
      ValueDefinition("x", .any), ValueDefinition("y", .any), ValueDefinition("identity", .any),
    ],
    results: [ValueDefinition("output", .any)],
    regions: [RegionDefinition("region", oneBlock: true)],
    traits: [.pure, .sameOperandsAndResultType],
    format: "$x `,` $y `,` $identity attr-dict `:` type($output) $region",
    verify: { (operation) throws(Reported) in
      let type = operation.operand(0).type
      try verifyRegion(operation, 0, "reduce", [type, type], type)
    })

  public static let select = OpDefinition(
    "sparse_tensor.select", "Keeps an entry where its region says so",
    operands: [ValueDefinition("x", .any)], results: [ValueDefinition("output", .any)],
    regions: [RegionDefinition("region", oneBlock: true)],
    traits: [.pure, .sameOperandsAndResultType],
    format: "$x attr-dict `:` type($x) $region",
    verify: { (operation) throws(Reported) in
      try verifyRegion(
        operation, 0, "select", [operation.operand(0).type], operation.context.i1)
    })

  public static let yield = OpDefinition(
    "sparse_tensor.yield", "Ends a region of a sparse_tensor operation",
    operands: [.variadic("results", .any)], traits: [.pure, .terminator],
    format: "$results attr-dict `:` type($results)",
    parents: [
      "sparse_tensor.binary", "sparse_tensor.unary", "sparse_tensor.reduce",
      "sparse_tensor.select", "sparse_tensor.foreach", "sparse_tensor.iterate",
      "sparse_tensor.coiterate",
    ])

  private static func verifyRegion(
    _ operation: Operation, _ index: Int, _ name: String, _ inputs: [Type], _ output: Type
  ) throws(Reported) {
    let region = operation.region(index)
    if region.isEmpty { return }
    if region.arguments.count != inputs.count {
      throw operation.emitError("\(name) region must have exactly \(inputs.count) arguments")
    }
    for (i, type) in inputs.enumerated() where region.arguments[i].type != type {
      throw operation.emitError("\(name) region argument \(i + 1) type mismatch")
    }
    guard let last = region.firstBlock?.lastOperation, last.is(yield) else {
      throw operation.emitError("\(name) region must end with sparse_tensor.yield")
    }
    if last.operandCount != 1 || last.operand(0).type != output {
      throw operation.emitError("\(name) region yield type mismatch")
    }
  }
}
