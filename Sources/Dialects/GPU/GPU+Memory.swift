import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Memory of the device.
extension GPU {
  public static let alloc: OpDefinition = asynchronous(
    "alloc", "allocates device memory",
    operands: [.variadic("dynamicSizes", .index), .variadic("symbolOperands", .index)],
    results: [ValueDefinition("memref", .anyMemRef)],
    attributes: [.optional("hostShared", .unit)],
    traits: [.attrSizedOperandSegments],
    effects: .allocate,
    format: """
      (` ` `host_shared` \
      $hostShared^)? ` ` `(` $dynamicSizes `)` (`` `[` $symbolOperands^ `]`)? attr-dict `:` \
      type($memref)
      """,
    verify: verifyAlloc,
    interfaces: [
      asyncDirectives,
      AsmResultNames { $0.resultCount == 2 ? ["memref", "asyncToken"] : ["memref"] }, dimOfAlloc,
    ])

  public static let dealloc: OpDefinition = asynchronous(
    "dealloc", "frees device memory",
    operands: [ValueDefinition("memref", .anyMemRef)],
    effects: .free,
    format: """
      $memref attr-dict \
      `:` type($memref)
      """)

  public static let dynamicSharedMemory: OpDefinition = OpDefinition(
    "gpu.dynamic_shared_memory", "the memory shared by a workgroup whose size the launch gives",
    results: [ValueDefinition("resultMemref", bytes)],
    traits: [.pure],
    format: "attr-dict `:` type($resultMemref)",
    verify: verifyDynamicSharedMemory)

  public static let hostRegister = OpDefinition(
    "gpu.host_register", "makes host memory accessible to the device",
    operands: [ValueDefinition("value", unrankedMemRef)],
    format: "$value attr-dict `:` type($value)")

  public static let hostUnregister = OpDefinition(
    "gpu.host_unregister", "ends access of the device to host memory",
    operands: [ValueDefinition("value", unrankedMemRef)],
    format: "$value attr-dict `:` type($value)")

  public static let memcpy: OpDefinition = asynchronous(
    "memcpy", "copies memory from, to or on the device",
    operands: [ValueDefinition("dst", .anyMemRef), ValueDefinition("src", .anyMemRef)],
    effects: [.read, .write],
    format: """
      $dst`,` $src `:` \
      type($dst)`,` type($src) attr-dict
      """,
    verify: verifyMemcpy, fold: { operation in MemRef.foldCasts(operation) },
    interfaces: [asyncDirectives, trivialCopies])

  public static let memset: OpDefinition = asynchronous(
    "memset", "fills memory with a value",
    operands: [ValueDefinition("dst", .anyMemRef), ValueDefinition("value", .any)],
    effects: .write,
    format: """
      $dst`,` $value `:` \
      type($dst)`,` type($value) attr-dict
      """,
    verify: verifyMemset, fold: { operation in MemRef.foldCasts(operation) })

  public static let setDefaultDevice: OpDefinition = OpDefinition(
    "gpu.set_default_device", "chooses the device that operations run on",
    operands: [ValueDefinition("devIndex", .i32)],
    effects: .write,
    format: "attr-dict $devIndex")

  public static let wait: OpDefinition = asynchronous(
    "wait", "waits for asynchronous operations",
    format: "attr-dict",
    interfaces: [asyncDirectives, redundantWaits])
}
