import MartletIR
import MartletSupport

/// Checks of what transforms and matches structured operations, and of what other dialects add.
extension Transform {
  private static func integers(_ operation: Operation, _ name: String) -> [Int] {
    operation.attribute(name)?.integers ?? []
  }

  private static func isPermutation(_ list: [Int]) -> Bool {
    list.sorted() == Array(0..<list.count)
  }

  // MARK: Matching

  static func verifyMatchStructured(_ operation: Operation) throws(Reported) {
    guard let body = operation.region().firstBlock else { return }
    if body.argumentCount != 1 { throw operation.emitOpError("expected one body argument") }
    if role(body.argument(0).type) != .operations {
      throw operation.emitOpError(
        "expected body argument to implement TransformHandleTypeInterface")
    }
    for child in body.operations where !child.has(.terminator) {
      if child.name.string.contains(".match.") || child.is(paramConstant) { continue }
      throw operation.emitOpError(
        "expects nested operations to implement MatchOpInterface",
        notes: [child.note("offending operation")])
    }
  }

  static func verifyMatchBody(_ operation: Operation) throws(Reported) {
    let names = ["reduction_position", "passthrough", "elementwise", "contraction"]
    if names.count(where: { operation.hasAttribute($0) }) > 1 {
      let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
      throw operation.emitOpError("only one of {\(list)} is allowed")
    }
    if let contraction = operation.attribute("contraction")?.elements, contraction.count != 2 {
      throw operation.emitOpError("expects \"contraction\" to contain two elements")
    }
  }

  static func verifyMatchDim(_ operation: Operation) throws(Reported) {
    if operation.hasAttribute("parallel"), operation.hasAttribute("reduction") {
      throw operation.emitOpError(
        "cannot request the same dimension to be both parallel and reduction")
    }
    try verifyMatchDimensions(operation)
  }

  static func verifyMatchOperand(_ operation: Operation) throws(Reported) {
    if operation.hasAttribute("permutation"), operation.hasAttribute("projected_permutation") {
      throw operation.emitOpError(
        "\"permutation\" and \"projected_permutation\" are mutually exclusive")
    }
    if integers(operation, "raw_position_list").count > 1, operation.resultCount > 0 {
      throw operation.emitOpError("cannot bind multiple inputs/inits to the same value")
    }
    try verifyMatchDimensions(operation)
  }

  static func verifyMatchResult(_ operation: Operation) throws(Reported) {
    let (any, single) = (operation.hasAttribute("any"), operation.hasAttribute("single"))
    if (any || single) != (role(operation.result().type) == .operations) {
      throw operation.emitOpError(
        "expects either the any/single keyword or the type value handle result type")
    }
    if any, single {
      throw operation.emitOpError("'any' and 'single' are mutually exclusive")
    }
  }

  // MARK: Tiling

  static func verifyFuse(_ operation: Operation) throws(Reported) {
    let sizes = integers(operation, "static_tile_sizes")
    let interchange = integers(operation, "static_tile_interchange")
    if interchange.count > sizes.count {
      throw operation.emitOpError(
        "interchange length exceeds iteration space dimensions (\(sizes.count)), found ")
    }
    var seen: Set<Int> = []
    for value in interchange where value != Type.dynamic {
      if value < 0 || value >= sizes.count {
        throw operation.emitOpError(
          "expects interchange values to be in range [0, \(sizes.count)), found: \(value)")
      }
      if !seen.insert(value).inserted {
        throw operation.emitOpError("found duplicate interchange value: \(value)")
      }
    }
    let loops = operation.hasAttribute("use_forall") ? 1 : sizes.count { $0 != 0 }
    if loops != operation.resultCount - 1 {
      throw operation.emitOpError("expects \(loops) loop results")
    }
  }

  static func verifyTileUsingFor(_ operation: Operation) throws(Reported) {
    let sizes = integers(operation, "static_sizes")
    let flags = operation.attribute("scalable_sizes")?.denseArrayWords.count ?? 0
    if sizes.count != flags {
      throw operation.emitOpError(
        "expected same number of sizes (\(sizes.count)) and scalable sizes (\(flags))")
    }
    let expected = sizes.count { $0 != 0 }
    if operation.resultCount - 1 != expected {
      throw operation.emitOpError(
        "expected number of loops to tile (\(expected)) to match number of `loops` results "
          + "(\(operation.resultCount - 1))")
    }
  }

  static func verifyTileUsingForall(_ operation: Operation) throws(Reported) {
    func count(_ list: String, _ packed: String) -> Int {
      (integers(operation, list).isEmpty ? 0 : 1)
        + (operation.operands(named: packed).isEmpty ? 0 : 1)
    }
    let threads = count("static_num_threads", "packed_num_threads")
    let sizes = count("static_tile_sizes", "packed_tile_sizes")
    if threads > 1 {
      throw operation.emitOpError("num_threads and packed_num_threads are mutually exclusive")
    }
    if sizes > 1 {
      throw operation.emitOpError("tile_sizes and packed_tile_sizes are mutually exclusive")
    }
    if threads == 0, sizes == 0 {
      throw operation.emitOpError(
        "either (packed_)num_threads or (packed_)tile_sizes must be specified")
    }
  }

  static func verifyVectorize(_ operation: Operation) throws(Reported) {
    let sizes = integers(operation, "static_vector_sizes").count
    let flags = operation.attribute("scalable_sizes")?.denseArrayWords.count ?? 0
    if sizes != flags {
      throw operation.emitOpError(
        "expected same number of vector sizes (\(sizes)) and scalable sizes (\(flags))")
    }
  }

  static func verifySplit(_ operation: Operation) throws(Reported) {
    let isDynamic = operation.attribute("static_chunk_sizes")?.integerValue == Int64(Type.dynamic)
    if isDynamic != (operation.operandCount > 1) {
      throw operation.emitOpError(
        "expects either a dynamic or a static split point to be provided")
    }
  }

  static func verifyMultitileSizes(_ operation: Operation) throws(Reported) {
    if !operation.results.allSatisfy({ $0.type == operation.result(0).type }) {
      throw operation.emitOpError("expects all results type to be the same")
    }
  }

  static func verifyContinuousTileSizes(_ operation: Operation) throws(Reported) {
    try verifyMultitileSizes(operation)
  }

  // MARK: Rewriting

  static func verifyBufferizeToAllocation(_ operation: Operation) throws(Reported) {
    let copies = ["bufferization.materialize_in_destination", "memref.copy", "linalg.copy"]
    if !copies.contains(operation.attribute("memcpy_op")?.stringValue ?? "") {
      throw operation.emitOpError("unsupported memcpy op")
    }
    let allocations = ["memref.alloc", "memref.alloca"]
    if !allocations.contains(operation.attribute("alloc_op")?.stringValue ?? "") {
      throw operation.emitOpError("unsupported alloc op")
    }
  }

  static func verifyInterchange(_ operation: Operation) throws(Reported) {
    let list = integers(operation, "iterator_interchange")
    if !isPermutation(list) {
      throw operation.emitOpError(
        "expects iterator_interchange to be a permutation, found "
          + list.map(String.init).joined(separator: ", "))
    }
  }

  static func verifyTranspose(_ operation: Operation) throws(Reported) {
    let list = integers(operation, "transpose")
    if !isPermutation(list) {
      throw operation.emitOpError(
        "expects transpose to be a permutation, found "
          + list.map(String.init).joined(separator: ", "))
    }
  }

  static func verifyPackGreedily(_ operation: Operation) throws(Reported) {
    if !isPermutation(integers(operation, "matmul_inner_dims_order")) {
      throw operation.emitOpError("\"matmul_inner_dims_order\" is not a valid permutation")
    }
    let sizes = integers(operation, "static_matmul_packed_sizes")
    let multiples = integers(operation, "matmul_padded_sizes_next_multiple_of")
    for (size, multiple) in zip(sizes, multiples) where multiple != 0 && size != 0 {
      throw operation.emitOpError(
        "at most one of the packed_size and the padded_sizes_next_multiple_of can be nonzero "
          + "for the matmul strategy")
    }
  }

  static func verifyPackTranspose(_ operation: Operation) throws(Reported) {
    for name in ["inner_perm", "outer_perm"] where !isPermutation(integers(operation, name)) {
      throw operation.emitOpError("\"\(name)\" is not a valid permutation")
    }
    if integers(operation, "inner_perm").isEmpty, integers(operation, "outer_perm").isEmpty {
      throw operation.emitOpError(
        " at least one of \"inner_perm\" or \"outer_perm\" must be specified")
    }
  }

  static func verifyPad(_ operation: Operation) throws(Reported) {
    func text(_ name: String) -> String { operation.attribute(name).map { "\($0)" } ?? "[]" }
    if !integers(operation, "nofold_flags").allSatisfy({ $0 == 0 || $0 == 1 }) {
      throw operation.emitOpError(
        "expects nofold_flags to contain booleans (0/1), found \(text("nofold_flags"))")
    }
    let dimensions = integers(operation, "padding_dimensions")
    if !dimensions.allSatisfy({ $0 >= 0 }) {
      throw operation.emitOpError(
        "expects padding_dimensions to contain positive integers, found "
          + text("padding_dimensions"))
    }
    let multiples = integers(operation, "static_pad_to_multiple_of")
    if !multiples.isEmpty, multiples.count != dimensions.count {
      throw operation.emitOpError("expects as many multiples as padding_dimensions")
    }
    for transpose in operation.attribute("transpose_paddings")?.elements ?? []
    where !isPermutation(transpose.integers ?? []) {
      throw operation.emitOpError(
        "expects transpose_paddings to be a permutation, found \(transpose)")
    }
    let copies = ["bufferization.materialize_in_destination", "linalg.copy", "none"]
    if !copies.contains(operation.attribute("copy_back_op")?.stringValue ?? "") {
      throw operation.emitOpError("invalid copy_back_op")
    }
  }

  static func verifyReplace(_ operation: Operation) throws(Reported) {
    guard let body = operation.region().firstBlock, body.next == nil else {
      throw operation.emitOpError("expected one block")
    }
    guard let replacement = body.firstOperation, replacement.next == nil else {
      throw operation.emitOpError("expected one operation in block")
    }
    if replacement.operandCount > 0 {
      throw replacement.emitOpError("expected replacement without operands")
    }
    if !replacement.has(.isolatedFromAbove), replacement.regionCount > 0 {
      throw replacement.emitOpError("expect op that is isolated from above")
    }
  }

  // MARK: Other dialects

  static func verifyCastAndCall(_ operation: Operation) throws(Reported) {
    for child in children(operation.region())
    where !isTypeConverter(child) {
      throw operation.emitOpError(
        "expected children ops to implement TypeConverterBuilderOpInterface",
        notes: [child.note("op without interface")])
    }
    let hasHandle = !operation.operands(named: "function").isEmpty
    let hasName = operation.hasAttribute("function_name")
    if !hasHandle, !hasName {
      throw operation.emitOpError("expected a function handle or name to call")
    }
    if hasHandle, hasName {
      throw operation.emitOpError("function handle and name are mutually exclusive")
    }
  }

  static func verifyMapForall(_ operation: Operation) throws(Reported) {
    let count = integers(operation, "grid_dims").count
    if count != 0, count != 3 {
      throw operation.emitOpError("transform requires empty or size-3 grid_dims")
    }
  }

  static func verifyOneShotBufferize(_ operation: Operation) throws(Reported) {
    let copies = ["memref.copy", "linalg.copy"]
    if !copies.contains(operation.attribute("memcpy_op")?.stringValue ?? "") {
      throw operation.emitOpError("unsupported memcpy op")
    }
    if operation.attribute("test_analysis_only")?.boolValue == true { return }
    for name in ["print_conflicts", "dump_alias_sets"]
    where operation.attribute(name)?.boolValue == true {
      throw operation.emitOpError("'\(name)' requires 'test_analysis_only'")
    }
  }

  static func verifyBoundedAffine(_ operation: Operation) throws(Reported) {
    let count = operation.operands(named: "bounded_values").count
    for (name, word) in [("lower_bounds", "lower"), ("upper_bounds", "upper")] {
      let found = integers(operation, name).count
      if found != count {
        throw operation.emitOpError(
          "incorrect number of \(word) bounds, expected \(count) but found \(found)")
      }
    }
  }
}
