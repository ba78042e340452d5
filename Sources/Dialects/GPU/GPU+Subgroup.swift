import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Operations of the threads of a subgroup or workgroup together.
extension GPU {
  public static let allReduce: OpDefinition = OpDefinition(
    "gpu.all_reduce", "combines the values of all threads of a workgroup",
    operands: [ValueDefinition("value", integerOrFloat)],
    results: [ValueDefinition("result", integerOrFloat)],
    attributes: [.optional("op", allReduceOperation), .optional("uniform", .unit)],
    regions: [RegionDefinition("body")],
    traits: [.sameOperandsAndResultType, .isolatedFromAbove],
    format: """
      custom<AllReduceOperation>($op) $value (`uniform` $uniform^)? $body attr-dict `:` \
      functional-type(operands, results)
      """,
    verifyRegions: verifyAllReduce, fold: makeUniform, interfaces: [reductionDirectives])

  public static let rotate: OpDefinition = OpDefinition(
    "gpu.rotate", "gives each thread the value of another at a distance",
    operands: [ValueDefinition("value", integerOrFloatOrVector)],
    results: [
      ValueDefinition("rotateResult", integerOrFloatOrVector), ValueDefinition("valid", .i1),
    ],
    attributes: [AttributeSlot("offset", nonNegative), AttributeSlot("width", powerOfTwo)],
    traits: [.pure],
    relations: [.same(["value", "rotateResult"])],
    format: "$value `,` $offset `,` $width attr-dict `:` type($value)",
    verify: verifyRotate)

  public static let shuffle = OpDefinition(
    "gpu.shuffle", "exchanges values between the threads of a subgroup",
    operands: [
      ValueDefinition("value", integerOrFloatOrVector), ValueDefinition("offset", .i32),
      ValueDefinition("width", .i32),
    ],
    results: [
      ValueDefinition("shuffleResult", integerOrFloatOrVector), ValueDefinition("valid", .i1),
    ],
    attributes: [AttributeSlot("mode", shuffleMode)],
    traits: [.pure],
    relations: [.same(["value", "shuffleResult"])],
    format: "$mode $value `,` $offset `,` $width attr-dict `:` type($value)")

  public static let subgroupBroadcast: OpDefinition = OpDefinition(
    "gpu.subgroup_broadcast", "gives the value of one thread to its subgroup",
    operands: [ValueDefinition("src", .any), .optional("lane", .i32)],
    results: [ValueDefinition("result", .any)],
    attributes: [AttributeSlot("broadcast_type", broadcastType)],
    traits: [.noMemoryEffect, .elementwise],
    relations: [.same(["result", "src"])],
    format: "$src `,` $broadcast_type ($lane^)? attr-dict `:` type($result)",
    verify: verifyBroadcast, fold: foldBroadcast, interfaces: [broadcastSpeculation])

  public static let subgroupMmaCompute: OpDefinition = OpDefinition(
    "gpu.subgroup_mma_compute", "multiplies and accumulates matrices held by a subgroup",
    operands: [
      ValueDefinition(
        "opA",
        mmaMatrix(
          of:
            "8-bit signed integer or 8-bit unsigned integer or 16-bit float or 32-bit float or 64-bit float values"
        )),
      ValueDefinition(
        "opB",
        mmaMatrix(
          of:
            "8-bit signed integer or 8-bit unsigned integer or 16-bit float or 32-bit float or 64-bit float"
        )),
      ValueDefinition(
        "opC",
        mmaMatrix(
          of:
            "gpu.mma_matrix of 32-bit signless integer or 16-bit float or 32-bit float or 64-bit float"
        )),
    ],
    results: [ValueDefinition("res", mmaMatrix)],
    attributes: [.optional("a_transpose", .unit), .optional("b_transpose", .unit)],
    traits: [.pure],
    relations: [.same(["opC", "res"])],
    format: "$opA`,` $opB`,` $opC attr-dict `:` type($opA)`,` type($opB) `->` type($res)",
    verify: verifyMatrixProduct)

  public static let subgroupMmaConstantMatrix = OpDefinition(
    "gpu.subgroup_mma_constant_matrix", "a matrix held by a subgroup, all of one value",
    operands: [ValueDefinition("value", mmaElement)],
    results: [ValueDefinition("res", mmaMatrix)],
    traits: [.pure],
    relations: [elementOf("value", "res", "value type matches element type of mma_matrix")],
    format: "$value attr-dict `:` type($res)")

  public static let subgroupMmaElementwise = OpDefinition(
    "gpu.subgroup_mma_elementwise", "elementwise operation on matrices held by a subgroup",
    operands: [.variadic("args", mmaMatrix)],
    results: [ValueDefinition("res", mmaMatrix)],
    attributes: [AttributeSlot("opType", mmaElementwise)],
    traits: [.pure],
    relations: [.same(["args"])],
    format: "$opType $args attr-dict `:` functional-type($args, $res)")

  public static let subgroupMmaExtractThreadLocal = OpDefinition(
    "gpu.subgroup_mma_extract_thread_local",
    "an element of the part of a matrix that a thread holds",
    operands: [ValueDefinition("matrix", mmaMatrix), .variadic("indices", .index)],
    results: [ValueDefinition("res", integerOrFloat)],
    traits: [.pure],
    relations: [elementOf("res", "matrix", "value type matches element type of mma_matrix")],
    format: "$matrix`[`$indices`]` attr-dict `:` type($matrix) `->` type($res)")

  public static let subgroupMmaInsertThreadLocal = OpDefinition(
    "gpu.subgroup_mma_insert_thread_local",
    "replaces an element of the part of a matrix that a thread holds",
    operands: [
      ValueDefinition("value", integerOrFloat), ValueDefinition("matrix", mmaMatrix),
      .variadic("indices", .index),
    ],
    results: [ValueDefinition("res", mmaMatrix)],
    traits: [.pure],
    relations: [
      elementOf("value", "matrix", "value type matches element type of mma_matrix"),
      .same(["matrix", "res"]),
    ],
    format: """
      $value`,` $matrix`[`$indices`]` attr-dict `:` type($value)`,` type($matrix) `->` \
      type($res)
      """)

  public static let subgroupMmaLoadMatrix: OpDefinition = OpDefinition(
    "gpu.subgroup_mma_load_matrix", "loads a matrix to be held by a subgroup",
    operands: [ValueDefinition("srcMemref", mmaMemRef), .variadic("indices", .index)],
    results: [ValueDefinition("res", mmaMatrix)],
    attributes: [AttributeSlot("leadDimension", .index), .optional("transpose", .unit)],
    effects: .read,
    format: "$srcMemref`[`$indices`]` attr-dict `:` type($srcMemref) `->` type($res)",
    verify: verifyMatrixLoad)

  public static let subgroupMmaStoreMatrix: OpDefinition = OpDefinition(
    "gpu.subgroup_mma_store_matrix", "stores a matrix held by a subgroup",
    operands: [
      ValueDefinition(
        "src",
        mmaMatrix(
          of:
            "8-bit signed integer or 8-bit unsigned integer or 32-bit signless integer or 16-bit float or 32-bit float or 64-bit float"
        )), ValueDefinition("dstMemref", mmaMemRef), .variadic("indices", .index),
    ],
    attributes: [AttributeSlot("leadDimension", .index), .optional("transpose", .unit)],
    effects: .write,
    format: "$src`,` $dstMemref`[`$indices`]` attr-dict `:` type($src)`,` type($dstMemref)",
    verify: verifyMatrixStore)

  public static let subgroupReduce: OpDefinition = OpDefinition(
    "gpu.subgroup_reduce", "combines the values of the threads of a subgroup",
    operands: [ValueDefinition("value", integerOrFloatOrVector)],
    results: [ValueDefinition("result", integerOrFloatOrVector)],
    attributes: [
      AttributeSlot("op", allReduceOperation), .optional("uniform", .unit),
      .optional("cluster_size", .i32),
      AttributeSlot("cluster_stride", .i32, default: { $0.i32Attribute(1) }),
    ],
    traits: [.sameOperandsAndResultType],
    format: """
      custom<AllReduceOperation>($op) $value (`uniform` $uniform^)? (`cluster` `(` `size` \
      `=` $cluster_size^ (`,` `stride` `=` $cluster_stride^)? `)`)? attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifySubgroupReduce, fold: foldSubgroupReduce, interfaces: [reductionDirectives])

  public static let warpExecuteOnLane0: OpDefinition = OpDefinition(
    "gpu.warp_execute_on_lane_0", "runs its region on the first thread of a warp",
    operands: [ValueDefinition("laneid", .index), .variadic("args", .any)],
    results: [.variadic("results", .any)],
    attributes: [AttributeSlot("warp_size", .i64)],
    regions: [RegionDefinition("warpRegion", oneBlock: true)],
    traits: [.recursiveMemoryEffects, .singleBlock], implicitTerminator: "gpu.yield",
    verifyRegions: verifyWarpExecute, interfaces: [warpExecuteAssembly])
}
