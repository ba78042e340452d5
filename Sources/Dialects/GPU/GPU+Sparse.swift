import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Handles of and products with sparse matrices.
extension GPU {
  private static func modeSlot(_ name: String) -> AttributeSlot {
    AttributeSlot(name, transposeMode, default: { $0.enumAttribute(transposeModeAttribute, 0) })
  }

  public static let create2To4SpMat = asynchronous(
    "create_2to4_spmat", "makes a handle of a matrix with two of four entries stored",
    operands: [
      ValueDefinition("rows", .index), ValueDefinition("cols", .index),
      ValueDefinition("memref", .anyMemRef),
    ],
    results: [ValueDefinition("spMat", spMat)],
    attributes: [
      AttributeSlot(
        "pruneFlag", pruneFlag, default: { $0.enumAttribute(pruneFlagAttribute, 2) })
    ],
    format: """
      `{` $pruneFlag `}` \
      $rows `,` $cols `,` $memref attr-dict `:` type($memref)
      """)

  public static let createBsr = asynchronous(
    "create_bsr", "makes a handle of a block sparse row matrix",
    operands: [
      ValueDefinition("brows", .index), ValueDefinition("bcols", .index),
      ValueDefinition("bnnz", .index), ValueDefinition("rBlockSize", .index),
      ValueDefinition("cBlockSize", .index), ValueDefinition("bRowPos", .anyMemRef),
      ValueDefinition("bColIdxs", .anyMemRef), ValueDefinition("values", .anyMemRef),
    ],
    results: [ValueDefinition("spmat", spMat)],
    format: """
      $brows `,` $bcols \
      `,` $bnnz `,` $rBlockSize `,` $cBlockSize `,` $bRowPos `,` $bColIdxs `,` $values \
      attr-dict `:` type($bRowPos) `,` type($bColIdxs) `,` type($values)
      """)

  public static let createCooAos = asynchronous(
    "create_coo_aos", "makes a handle of a coordinate matrix, indices interleaved",
    operands: [
      ValueDefinition("rows", .index), ValueDefinition("cols", .index),
      ValueDefinition("nnz", .index), ValueDefinition("idxs", .anyMemRef),
      ValueDefinition("values", .anyMemRef),
    ],
    results: [ValueDefinition("spmat", spMat)],
    format: """
      $rows `,` $cols `,` \
      $nnz `,` $idxs `,` $values attr-dict `:` type($idxs) `,` type($values)
      """)

  public static let createCoo = asynchronous(
    "create_coo", "makes a handle of a coordinate matrix",
    operands: [
      ValueDefinition("rows", .index), ValueDefinition("cols", .index),
      ValueDefinition("nnz", .index), ValueDefinition("rowIdxs", .anyMemRef),
      ValueDefinition("colIdxs", .anyMemRef), ValueDefinition("values", .anyMemRef),
    ],
    results: [ValueDefinition("spmat", spMat)],
    format: """
      $rows `,` $cols `,` \
      $nnz `,` $rowIdxs `,` $colIdxs `,` $values attr-dict `:` type($rowIdxs) `,` \
      type($colIdxs) `,` type($values)
      """)

  public static let createCsc = asynchronous(
    "create_csc", "makes a handle of a compressed sparse column matrix",
    operands: [
      ValueDefinition("rows", .index), ValueDefinition("cols", .index),
      ValueDefinition("nnz", .index), ValueDefinition("colPos", .anyMemRef),
      ValueDefinition("rowIdxs", .anyMemRef), ValueDefinition("values", .anyMemRef),
    ],
    results: [ValueDefinition("spmat", spMat)],
    format: """
      $rows `,` $cols `,` \
      $nnz `,` $colPos `,` $rowIdxs `,` $values attr-dict `:` type($colPos) `,` \
      type($rowIdxs) `,` type($values)
      """)

  public static let createCsr = asynchronous(
    "create_csr", "makes a handle of a compressed sparse row matrix",
    operands: [
      ValueDefinition("rows", .index), ValueDefinition("cols", .index),
      ValueDefinition("nnz", .index), ValueDefinition("rowPos", .anyMemRef),
      ValueDefinition("colIdxs", .anyMemRef), ValueDefinition("values", .anyMemRef),
    ],
    results: [ValueDefinition("spmat", spMat)],
    format: """
      $rows `,` $cols `,` \
      $nnz `,` $rowPos `,` $colIdxs `,` $values attr-dict `:` type($rowPos) `,` \
      type($colIdxs) `,` type($values)
      """)

  public static let createDnTensor = asynchronous(
    "create_dn_tensor", "makes a handle of a dense tensor",
    operands: [ValueDefinition("memref", .anyMemRef), .variadic("dims", .index)],
    results: [ValueDefinition("dnTensor", dnTensor)],
    traits: [.attrSizedOperandSegments],
    format: """
      $memref `,` $dims \
      attr-dict `:` type($dims) `into` type($memref)
      """)

  public static let destroyDnTensor = asynchronous(
    "destroy_dn_tensor", "releases the handle of a dense tensor",
    operands: [ValueDefinition("dnTensor", dnTensor)],
    format: """
      $dnTensor attr-dict
      """)

  public static let destroySpMat = asynchronous(
    "destroy_sp_mat", "releases the handle of a sparse matrix",
    operands: [ValueDefinition("spmat", spMat)],
    format: """
      $spmat attr-dict
      """)

  public static let sddmmBufferSize = asynchronous(
    "sddmm_buffer_size", "size of the buffer a sampled dense product needs",
    operands: [
      ValueDefinition("dnmatA", dnTensor), ValueDefinition("dnmatB", dnTensor),
      ValueDefinition("spmatC", spMat),
    ],
    results: [ValueDefinition("bufferSz", .index)],
    attributes: [
      modeSlot("modeA"), modeSlot("modeB"),
      AttributeSlot("computeType", .type),
    ],
    format: """
      $dnmatA (`{` $modeA^ \
      `}`)? `,` $dnmatB (`{` $modeB^ `}`)? `,` $spmatC attr-dict `into` $computeType
      """)

  public static let sddmm = asynchronous(
    "sddmm", "product of dense matrices where a sparse one has entries",
    operands: [
      ValueDefinition("dnmatA", dnTensor), ValueDefinition("dnmatB", dnTensor),
      ValueDefinition("spmatC", spMat), ValueDefinition("buffer", .anyMemRef),
    ],
    attributes: [
      modeSlot("modeA"), modeSlot("modeB"),
      AttributeSlot("computeType", .type),
    ],
    format: """
      $dnmatA (`{` $modeA^ \
      `}`)? `,` $dnmatB (`{` $modeB^ `}`)? `,` $spmatC `,` $buffer attr-dict `:` \
      type($buffer) `into` $computeType
      """)

  public static let setCsrPointers = asynchronous(
    "set_csr_pointers", "sets the arrays of a compressed sparse row matrix",
    operands: [
      ValueDefinition("spmat", spMat), ValueDefinition("positions", .anyMemRef),
      ValueDefinition("coordinates", .anyMemRef), ValueDefinition("values", .anyMemRef),
    ],
    format: """
      $spmat `,` \
      $positions `,` $coordinates `,` $values attr-dict `:` type($positions) `,` \
      type($coordinates) `,` type($values)
      """)

  public static let spgemmCopy = asynchronous(
    "spgemm_copy", "copies the result of a product of sparse matrices",
    operands: [
      ValueDefinition("desc", spGEMM), ValueDefinition("spmatA", spMat),
      ValueDefinition("spmatB", spMat), ValueDefinition("spmatC", spMat),
    ],
    attributes: [
      modeSlot("modeA"), modeSlot("modeB"),
      AttributeSlot("computeType", .type),
    ],
    format: """
      $spmatA (`{` $modeA^ \
      `}`)? `,` $spmatB (`{` $modeB^ `}`)? `,` $spmatC `,` $desc attr-dict `:` $computeType
      """)

  public static let spgemmCreateDescr = asynchronous(
    "spgemm_create_descr", "makes the descriptor of a product of sparse matrices",
    results: [ValueDefinition("desc", spGEMM)],
    format: "attr-dict")

  public static let spgemmDestroyDescr = asynchronous(
    "spgemm_destroy_descr", "releases the descriptor of a product of sparse matrices",
    operands: [ValueDefinition("desc", spGEMM)],
    format: "$desc attr-dict")

  public static let spgemmWorkEstimationOrCompute = asynchronous(
    "spgemm_work_estimation_or_compute", "a step of a product of sparse matrices",
    operands: [
      ValueDefinition("desc", spGEMM), ValueDefinition("spmatA", spMat),
      ValueDefinition("spmatB", spMat), ValueDefinition("spmatC", spMat),
      ValueDefinition("bufferSz", .index), ValueDefinition("buffer", .anyMemRef),
    ],
    results: [ValueDefinition("bufferSzNew", .index)],
    attributes: [
      modeSlot("modeA"), modeSlot("modeB"),
      AttributeSlot("computeType", .type), AttributeSlot("kind", workKind),
    ],
    format: """
      `{` $kind `}` \
      $spmatA (`{` $modeA^ `}`)? `,` $spmatB (`{` $modeB^ `}`)? `,` $spmatC `,` $desc `,` \
      $bufferSz `,` $buffer attr-dict `:` $computeType `into` type($buffer)
      """)

  public static let spmmBufferSize: OpDefinition = OpDefinition(
    "gpu.spmm_buffer_size", "size of the buffer a product of a sparse and a dense matrix needs",
    operands: [
      .variadic("asyncDependencies", token), ValueDefinition("spmatA", spMat),
      ValueDefinition("dnmatB", dnTensor), ValueDefinition("dnmatC", dnTensor),
    ],
    results: [.variadic("bufferSzs", .index), .optional("asyncToken", token)],
    attributes: [
      modeSlot("modeA"), modeSlot("modeB"),
      AttributeSlot("computeType", .type),
    ],
    traits: [.attrSizedResultSegments],
    format: """
      custom<AsyncDependencies>(type($asyncToken), $asyncDependencies) $spmatA (`{` $modeA^ \
      `}`)? `,` $dnmatB (`{` $modeB^ `}`)? `,` $dnmatC attr-dict `:` type($bufferSzs) \
      `into` $computeType
      """, interfaces: [asyncDirectives])

  public static let spmm = asynchronous(
    "spmm", "product of a sparse and a dense matrix",
    operands: [
      ValueDefinition("spmatA", spMat), ValueDefinition("dnmatB", dnTensor),
      ValueDefinition("dnmatC", dnTensor), .variadic("buffers", .anyMemRef),
    ],
    attributes: [
      modeSlot("modeA"), modeSlot("modeB"),
      AttributeSlot("computeType", .type),
    ],
    traits: [.attrSizedOperandSegments],
    format: """
      $spmatA (`{` $modeA^ \
      `}`)? `,` $dnmatB (`{` $modeB^ `}`)? `,` $dnmatC `,` $buffers attr-dict `:` \
      type($buffers) `into` $computeType
      """)

  public static let spmvBufferSize = asynchronous(
    "spmv_buffer_size", "size of the buffer a product of a sparse matrix and a vector needs",
    operands: [
      ValueDefinition("spmatA", spMat), ValueDefinition("dnX", dnTensor),
      ValueDefinition("dnY", dnTensor),
    ],
    results: [ValueDefinition("bufferSz", .index)],
    attributes: [modeSlot("modeA"), AttributeSlot("computeType", .type)],
    format: """
      $spmatA (`{` $modeA^ \
      `}`)? `,` $dnX `,` $dnY attr-dict `into` $computeType
      """)

  public static let spmv = asynchronous(
    "spmv", "product of a sparse matrix and a vector",
    operands: [
      ValueDefinition("spmatA", spMat), ValueDefinition("dnX", dnTensor),
      ValueDefinition("dnY", dnTensor), ValueDefinition("buffer", .anyMemRef),
    ],
    attributes: [modeSlot("modeA"), AttributeSlot("computeType", .type)],
    format: """
      $spmatA (`{` $modeA^ \
      `}`)? `,` $dnX `,` $dnY `,` $buffer attr-dict `:` type($buffer) `into` $computeType
      """)

  public static let spmatGetSize = asynchronous(
    "spmat_get_size", "rows, columns and entries of a sparse matrix",
    operands: [ValueDefinition("spmat", spMat)],
    results: [
      ValueDefinition("rows", .index), ValueDefinition("cols", .index),
      ValueDefinition("nnz", .index),
    ],
    format: """
      $spmat attr-dict
      """)
}
