import MartletIR
import MartletSupport
import MartletSyntax

/// Kernels, their launch, and what runs inside them.
public enum GPU {
  public static let dialect = Dialect(
    "gpu", summary: "kernels, their launch, and what runs inside them",
    operations: [
      `func`, `return`, allReduce, alloc, barrier, binary, blockDim, blockId, clusterBlockId,
      clusterDim, clusterDimBlocks, clusterId, create2To4SpMat, createBsr, createCoo, createCooAos,
      createCsc, createCsr, createDnTensor, dealloc, destroyDnTensor, destroySpMat,
      dynamicSharedMemory, globalId, gridDim, hostRegister, hostUnregister, laneId, launch,
      launchFunc, memcpy, memset, module, numSubgroups, printf, rotate, sddmm, sddmmBufferSize,
      setCsrPointers, setDefaultDevice, shuffle, spgemmCopy, spgemmCreateDescr, spgemmDestroyDescr,
      spgemmWorkEstimationOrCompute, spmatGetSize, spmm, spmmBufferSize, spmv, spmvBufferSize,
      subgroupBroadcast, subgroupId, subgroupMmaCompute, subgroupMmaConstantMatrix,
      subgroupMmaElementwise, subgroupMmaExtractThreadLocal, subgroupMmaInsertThreadLocal,
      subgroupMmaLoadMatrix, subgroupMmaStoreMatrix, subgroupReduce, subgroupSize, terminator,
      threadId, wait, warpExecuteOnLane0, yield,
    ],
    types: [asyncToken, mmaMatrixType, dnTensorHandle, spMatHandle, spGEMMHandle],
    attributes: [
      addressSpace, allReduceOperationAttribute, blockMapping, broadcastAttribute,
      dimensionAttribute, kernelMetadata, kernelTable, laneMapping, loopDimMap, mask,
      memorySpaceMapping, mmaElementwiseAttribute, object, pruneFlagAttribute, selectObject,
      shuffleModeAttribute, threadMapping, transposeModeAttribute, warpMapping, warpgroupMapping,
      workKindAttribute,
    ],
    materializeConstant: { builder, value, type in
      Arith.materializeConstant(builder, value, type)
    })

  // MARK: Families

  /// A position or size along a dimension.
  static func position(_ name: String, _ summary: String) -> OpDefinition {
    OpDefinition(
      "gpu." + name, summary, results: [ValueDefinition("", .index)],
      attributes: [AttributeSlot("dimension", dimension), .optional("upper_bound", .index)],
      traits: [.pure], format: "$dimension (`upper_bound` $upper_bound^)? attr-dict",
      interfaces: [
        AsmResultNames { operation in
          [operation.attribute("dimension")?.enumKeyword.map { "\(name)_\($0)" }]
        }
      ])
  }

  /// A number that has no dimension.
  static func count(
    _ name: String, _ summary: String,
    format: String = "(`upper_bound` $upper_bound^)? attr-dict `:` type($result)"
  ) -> OpDefinition {
    OpDefinition(
      "gpu." + name, summary, results: [ValueDefinition("result", .index)],
      attributes: [.optional("upper_bound", .index)], traits: [.pure], format: format)
  }

  /// An operation of the host that may wait for tokens and, marked `async`, gives one.
  static func asynchronous(
    _ name: String, _ summary: String, operands: [ValueDefinition] = [],
    results: [ValueDefinition] = [], attributes: [AttributeSlot] = [], traits: OpTraits = [],
    effects: MemoryEffects? = nil, relations: [TypeRelation] = [], format: String,
    verify: (@Sendable (Operation) throws(Reported) -> Void)? = nil,
    fold: (@Sendable (Operation) -> FoldResult)? = nil,
    interfaces: [any OpInterface] = [asyncDirectives]
  ) -> OpDefinition {
    OpDefinition(
      "gpu." + name, summary, operands: [.variadic("asyncDependencies", token)] + operands,
      results: results + [.optional("asyncToken", token)], attributes: attributes, traits: traits,
      effects: effects, relations: relations,
      format: "custom<AsyncDependencies>(type($asyncToken), $asyncDependencies) " + format,
      verify: verify, fold: fold, interfaces: interfaces)
  }

  // MARK: Constraints

  static let token = TypeConstraint("async token type", buildable: { $0.type(asyncToken) }) {
    $0.is(asyncToken)
  }
  static let dnTensor = TypeConstraint(
    "dense tensor handle type", buildable: { $0.type(dnTensorHandle) }
  ) { $0.is(dnTensorHandle) }
  static let spMat = TypeConstraint(
    "sparse matrix handle type", buildable: { $0.type(spMatHandle) }
  ) { $0.is(spMatHandle) }
  static let spGEMM = TypeConstraint(
    "SpGEMM operation handle type", buildable: { $0.type(spGEMMHandle) }
  ) { $0.is(spGEMMHandle) }
  static let unrankedMemRef = TypeConstraint("unranked.memref of any type values") {
    $0.kind == .unrankedMemRef
  }
  static let launchIndex = TypeConstraint(
    "index or 32-bit signless integer or 64-bit signless integer"
  ) { $0.isIndex || $0.isSignlessInteger && ($0.isInteger(32) || $0.isInteger(64)) }
  static let integerOrFloat = TypeConstraint("Integer or Float") {
    $0.isSignlessInteger || $0.isFloat
  }
  static let integerOrFloatOrVector = TypeConstraint(
    "Integer or Float or fixed-length vector of Integer or Float values of ranks 1"
  ) { type in
    if type.isVector, type.rank != 1 || type.scalableMask != 0 { return false }
    let element = type.isVector ? type.elementType : type
    return element.isSignlessInteger || element.isFloat
  }
  static let printable = TypeConstraint("integer or index or floating-point") {
    $0.isIntOrIndex || $0.isFloat
  }
  static let bytes = TypeConstraint("1D memref of 8-bit signless integer values") {
    $0.kind == .memRef && $0.rank == 1 && $0.elementType.isInteger(8)
  }

  static let mmaMatrix = TypeConstraint("MMAMatrix type") { $0.is(mmaMatrixType) }
  static let mmaElement = TypeConstraint(
    "8-bit signed integer or 8-bit unsigned integer or 32-bit signless integer or 16-bit float or "
      + "32-bit float"
  ) { ["si8", "ui8", "i32", "f16", "f32"].contains("\($0)") }
  /// A matrix of one of the elements named, as the verifier's message names them.
  static func mmaMatrix(of elements: String) -> TypeConstraint {
    TypeConstraint("gpu.mma_matrix of \(elements) values") { type in
      guard let matrix = MMAMatrix(type) else { return false }
      return elements.contains(elementName(matrix.element))
    }
  }
  static let mmaMemRef: TypeConstraint = {
    let elements =
      "8-bit signless integer or 32-bit signless integer or 16-bit float or 32-bit float or "
      + "64-bit float"
    return TypeConstraint(
      "memref of \(elements) or vector of \(elements) values of ranks 1 values"
    ) { type in
      guard type.kind == .memRef else { return false }
      let element = type.elementType
      if element.isVector, element.rank != 1 { return false }
      return elements.contains(elementName(element.isVector ? element.elementType : element))
    }
  }()

  private static func elementName(_ type: Type) -> String {
    guard let width = type.bitWidth else { return "none" }
    if type.isFloat { return type.isFloat(.bf16) ? "none" : "\(width)-bit float" }
    switch type.signedness {
    case .signless: return "\(width)-bit signless integer"
    case .signed: return "\(width)-bit signed integer"
    case .unsigned: return "\(width)-bit unsigned integer"
    }
  }

  /// The type of `part` is the element type of the matrix `matrix`.
  static func elementOf(_ part: String, _ matrix: String, _ summary: String) -> TypeRelation {
    .derived(target: part, from: matrix, summary: summary) { MMAMatrix($0)?.element }
  }

  static let sizeHint = AttributeConstraint(
    "i32 dense array attribute with 3 elements (if present)",
    form: AttributeConstraint.denseI32Array.form
  ) { AttributeConstraint.denseI32Array.accepts($0) && $0.integers?.count == 3 }
  static let nonNegative = AttributeConstraint(
    "32-bit signless integer attribute whose minimum value is 0",
    form: AttributeConstraint.i32.form
  ) { AttributeConstraint.i32.accepts($0) && ($0.integerValue ?? -1) >= 0 }
  static let powerOfTwo = AttributeConstraint(
    "32-bit signless integer attribute whose value is a power of two > 0",
    form: AttributeConstraint.i32.form
  ) {
    guard AttributeConstraint.i32.accepts($0), let value = $0.integerValue else { return false }
    return value > 0 && value & (value - 1) == 0
  }
  static let offloadingHandler = AttributeConstraint(
    "any attribute with the `OffloadingTranslationAttrTrait` trait."
  ) { $0.is(selectObject) }
  static let targetArray = AttributeConstraint(
    "array of GPU target attributes with at least 1 elements"
  ) { $0.elements.map { !$0.isEmpty && $0.allSatisfy(isTarget) } ?? false }
  static let objectArray = AttributeConstraint(
    "an array of GPU object attributes with at least 1 elements"
  ) { $0.elements.map { !$0.isEmpty && $0.allSatisfy { $0.is(object) } } ?? false }

  /// Whether an attribute names what device code is compiled for.
  static func isTarget(_ attribute: Attribute) -> Bool {
    guard let name = attribute.definition?.name else { return attribute.kind == .opaque }
    return name.hasSuffix(".target") || name == "spirv.target_env"
  }
}
