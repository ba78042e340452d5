import MartletIR
import MartletSupport

/// Checks beyond what the declarations say.
extension GPU {
  // MARK: Reductions

  private static func isCompatible(_ reduction: String, _ type: Type) -> Bool {
    switch reduction {
    case "minnumf", "maxnumf", "minimumf", "maximumf": type.isFloat
    case "minsi", "minui", "maxsi", "maxui", "and", "or", "xor": type.isInteger
    default: true
    }
  }

  private static func verifyReduction(_ operation: Operation, _ element: Type) throws(Reported) {
    guard let name = operation.attribute("op")?.enumKeyword, !isCompatible(name, element) else {
      return
    }
    throw operation.emitError(
      "`\(name)` reduction operation is not compatible with type '\(operation.result().type)'")
  }

  static func verifyAllReduce(_ operation: Operation) throws(Reported) {
    let body = operation.region()
    let type = operation.result().type
    if body.isEmpty != operation.hasAttribute("op") {
      throw operation.emitError("expected either an op attribute or a non-empty body")
    }
    if body.isEmpty {
      try verifyReduction(operation, type)
      return
    }
    if body.arguments.count != 2 { throw operation.emitError("expected two region arguments") }
    if !body.arguments.allSatisfy({ $0.type == type }) {
      throw operation.emitError("incorrect region argument type")
    }
    var count = 0
    for block in body.blocks {
      guard let end = block.lastOperation, end.is(yield) else { continue }
      if end.operandCount != 1 { throw operation.emitError("expected one gpu.yield operand") }
      if end.operand(0).type != type { throw operation.emitError("incorrect gpu.yield type") }
      count += 1
    }
    if count == 0 { throw operation.emitError("expected gpu.yield op in region") }
  }

  static func verifySubgroupReduce(_ operation: Operation) throws(Reported) {
    var type = operation.result().type
    if type.isVector {
      if type.scalableMask != 0 {
        throw operation.emitOpError("is not compatible with scalable vector types")
      }
      type = type.elementType
    }
    try verifyReduction(operation, type)
    let size = operation.attribute("cluster_size")?.integerValue
    if let size, !isPowerOfTwo(size) {
      throw operation.emitOpError("cluster size \(size) is not a power of two")
    }
    let stride = operation.attribute("cluster_stride")?.integerValue ?? 1
    if stride != 1, size == nil {
      throw operation.emitOpError(
        "cluster stride can only be specified if cluster size is specified")
    }
    if !isPowerOfTwo(stride) {
      throw operation.emitOpError("cluster stride \(stride) is not a power of two")
    }
  }

  private static func isPowerOfTwo(_ value: Int64) -> Bool {
    value > 0 && value & (value - 1) == 0
  }

  static func verifyBroadcast(_ operation: Operation) throws(Reported) {
    let isSpecific = operation.attribute("broadcast_type")?.enumKeyword == "specific_lane"
    let hasLane = operation.operandCount == 2
    if hasLane, !isSpecific {
      throw operation.emitOpError("lane can only be specified for `specific_lane` broadcast")
    }
    if !hasLane, isSpecific {
      throw operation.emitOpError("lane must be specified for `specific_lane` broadcast")
    }
  }

  static func verifyRotate(_ operation: Operation) throws(Reported) {
    let offset = operation.attribute("offset")?.integerValue ?? 0
    let width = operation.attribute("width")?.integerValue ?? 0
    if offset >= width {
      throw operation.emitOpError("offset must be in the range [0, \(width))")
    }
  }

  // MARK: Memory

  static func verifyAlloc(_ operation: Operation) throws(Reported) {
    let type = operation.result(0).type
    let dynamic = type.shape.count { $0 == Type.dynamic }
    let sizes = operation.operands(named: "dynamicSizes").count
    if dynamic != sizes {
      throw operation.emitOpError(
        "dimension operand count does not equal memref dynamic dimension count")
    }
    let symbols = type.layout?.affineMap?.symbolCount ?? 0
    if operation.operands(named: "symbolOperands").count != symbols {
      throw operation.emitOpError("symbol operand count does not equal memref symbol count")
    }
  }

  static func verifyMemcpy(_ operation: Operation) throws(Reported) {
    guard let to = operation.operand(named: "dst")?.type,
      let from = operation.operand(named: "src")?.type
    else { return }
    if from.elementType != to.elementType {
      throw operation.emitOpError("arguments have incompatible element type")
    }
    let isCompatible =
      from.rank == to.rank
      && zip(from.shape, to.shape).allSatisfy {
        $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic
      }
    if !isCompatible { throw operation.emitOpError("arguments have incompatible shape") }
  }

  static func verifyMemset(_ operation: Operation) throws(Reported) {
    guard let to = operation.operand(named: "dst")?.type,
      let value = operation.operand(named: "value")?.type
    else { return }
    if to.elementType != (value.isShaped ? value.elementType : value) {
      throw operation.emitOpError(
        "failed to verify that all of {dst, value} have same element type")
    }
  }

  static func verifyDynamicSharedMemory(_ operation: Operation) throws(Reported) {
    if operation.parent?.ancestor(where: { $0.has(.symbolTable) }) == nil {
      throw operation.emitOpError("must be inside an op with symbol table")
    }
    let type = operation.result().type
    if spaceKeyword(type) != "workgroup" {
      throw operation.emitOpError("address space must be address_space<workgroup>")
    }
    if type.hasStaticShape {
      throw operation.emitOpError(
        "result memref type must be memref<?xi8, #gpu.address_space<workgroup>>")
    }
  }

  /// The keyword of a memref's `#gpu.address_space`.
  private static func spaceKeyword(_ type: Type) -> String? {
    guard let space = type.memorySpace, space.is(addressSpace) else { return nil }
    return space.enumKeyword
  }

  // MARK: Matrices of a subgroup

  private static func hasUnitLastStride(_ type: Type) -> Bool {
    if type.rank == 0 { return true }
    return type.stridedLayout?.strides.last == 1
  }

  static func verifyMatrixLoad(_ operation: Operation) throws(Reported) {
    if !hasUnitLastStride(operation.operand(0).type) {
      throw operation.emitError(
        "expected source memref most minor dim must have unit stride")
    }
  }

  static func verifyMatrixStore(_ operation: Operation) throws(Reported) {
    if !hasUnitLastStride(operation.operand(1).type) {
      throw operation.emitError(
        "expected destination memref most minor dim must have unit stride")
    }
    if MMAMatrix(operation.operand(0).type)?.operand != "COp" {
      throw operation.emitError(
        "expected the operand matrix being stored to have 'COp' operand type")
    }
  }

  static func verifyMatrixProduct(_ operation: Operation) throws(Reported) {
    guard let a = MMAMatrix(operation.operand(0).type),
      let b = MMAMatrix(operation.operand(1).type),
      let c = MMAMatrix(operation.operand(2).type)
    else { return }
    if [a.operand, b.operand, c.operand] != MMAMatrix.operands {
      throw operation.emitError("operands must be in the order AOp, BOp, COp")
    }
    if a.columns != b.rows || a.rows != c.rows || b.columns != c.columns {
      throw operation.emitError("operand shapes do not satisfy matmul constraints")
    }
  }

  // MARK: Launch

  static func verifyLaunch(_ operation: Operation) throws(Reported) {
    let given = (7...9).count { !operation.operandGroup($0).isEmpty }
    if given != 0, given != 3 {
      throw operation.emitOpError("cluster size must be all present")
    }
  }

  static func verifyLaunchRegions(_ operation: Operation) throws(Reported) {
    guard let launch = LaunchOp(operation) else { return }
    let body = launch.body
    if !body.isEmpty, body.arguments.count < 12 + max(0, launch.workgroupCount) {
      throw operation.emitOpError("unexpected number of region arguments")
    }
    try verifyAttributions(operation, launch.workgroupAttributions, "workgroup")
    try verifyAttributions(operation, launch.privateAttributions, "private")
    for block in body.blocks {
      guard let end = block.lastOperation, end.successors.isEmpty, !end.is(terminator) else {
        continue
      }
      throw end.emitError(
        "expected 'gpu.terminator' or a terminator with successors",
        notes: [operation.note("in 'gpu.launch' body region")])
    }
  }

  private static func verifyAttributions(
    _ operation: Operation, _ values: [Value], _ space: String
  ) throws(Reported) {
    for value in values {
      guard value.type.kind == .memRef else {
        throw operation.emitOpError("expected memref type in attribution")
      }
      if let found = spaceKeyword(value.type), found != space {
        throw operation.emitOpError("expected memory space \(space) in attribution")
      }
    }
  }

  static func verifyLaunchFunc(_ operation: Operation) throws(Reported) {
    guard let module = operation.ancestor(where: { $0.is(Builtin.module) }) else {
      throw operation.emitOpError("expected to belong to a module")
    }
    guard module.attribute("gpu.container_module")?.isUnit ?? false else {
      throw operation.emitOpError(
        "expected the closest surrounding module to have the 'gpu.container_module' attribute")
    }
    let clusters = (7...9).compactMap { operation.operandGroup($0).first?.type }
    if let first = clusters.first, !clusters.allSatisfy({ $0 == first }) {
      throw operation.emitOpError("expects types of the cluster dimensions must be the same")
    }
    if operation.parent?.parent == module { try verifyKernel(operation, module) }
  }

  private static func verifyKernel(_ operation: Operation, _ module: Operation) throws(Reported) {
    guard let kernel = operation.attribute("kernel"), let root = kernel.rootReference?.string
    else { return }
    guard let container = SymbolTable.lookup(root, in: module) else {
      throw operation.emitOpError("kernel container '\(root)' is undefined")
    }
    if container.is(binary) { return }
    if !container.is(Self.module) {
      throw operation.emitOpError("kernel module '\(root)' is undefined")
    }
    var found: Operation? = container
    for name in kernel.nestedReferences {
      found = found.flatMap { SymbolTable.lookup(name.string, in: $0) }
    }
    guard let function = found else {
      throw operation.emitOpError("kernel function '\(kernel)' is undefined")
    }
    guard function.has(.callable) else {
      throw operation.emitOpError(
        "referenced kernel '\(kernel)' is not a function",
        notes: [function.note("see the kernel definition here")])
    }
    if !function.hasAttribute("gpu.kernel") {
      throw operation.emitOpError("kernel function is missing the 'gpu.kernel' attribute")
    }
    guard let device = DeviceFunction(function) else { return }
    let operands = operation.operands(named: "kernelOperands")
    let inputs = device.type.inputs
    if operands.count != inputs.count {
      throw operation.emitOpError(
        "got \(operands.count) kernel operands but expected \(inputs.count)")
    }
    for (i, (operand, type)) in zip(operands, inputs).enumerated() where operand.type != type {
      throw operation.emitOpError("type of function argument \(i) does not match")
    }
  }

  // MARK: Functions

  static func verifyFunction(_ operation: Operation) throws(Reported) {
    guard let function = DeviceFunction(operation) else { return }
    let type = function.type
    if function.isKernel, !type.results.isEmpty {
      throw operation.emitOpError("expected void return type for kernel function")
    }
    guard let entry = function.body.firstBlock else {
      throw operation.emitOpError("expected body with at least one block")
    }
    let least = type.inputs.count + function.workgroupCount
    if entry.argumentCount < least {
      throw operation.emitOpError("expected at least \(least) arguments to body region")
    }
    for (i, (argument, input)) in zip(entry.arguments, type.inputs).enumerated()
    where argument.type != input {
      throw operation.emitOpError(
        "expected body region argument #\(i) to be of type '\(input)', got '\(argument.type)'")
    }
    try verifyAttributions(operation, function.workgroupAttributions, "workgroup")
    try verifyAttributions(operation, function.privateAttributions, "private")
  }

  static func verifyReturn(_ operation: Operation) throws(Reported) {
    guard let function = DeviceFunction(operation.parent) else { return }
    let results = function.type.results
    if results.count != operation.operandCount {
      throw operation.emitOpError(
        "expected \(results.count) result operands",
        notes: [function.operation.note("return type declared here")])
    }
    for (i, (type, operand)) in zip(results, operation.operands).enumerated()
    where type != operand.type {
      throw operation.emitOpError("unexpected type `\(operand.type)' for operand #\(i)")
    }
  }

  // MARK: Warps

  static func verifyWarpExecute(_ operation: Operation) throws(Reported) {
    let body = operation.region()
    let inputs = operation.operandGroup(1)
    if inputs.count != body.arguments.count {
      throw operation.emitOpError("expected same number op arguments and block arguments.")
    }
    guard let end = body.firstBlock?.lastOperation, end.is(yield) else {
      throw operation.emitOpError("expects its region to end in 'gpu.yield'")
    }
    if end.operandCount != operation.resultCount {
      throw operation.emitOpError(
        "expected same number of yield operands and return values.")
    }
    let size = operation.attribute("warp_size")?.integerValue ?? 1
    for (inside, outside) in zip(body.arguments, inputs) {
      try verifyDistribution(operation, inside.type, outside.type, size)
    }
    for (inside, outside) in zip(end.operands, operation.results) {
      try verifyDistribution(operation, inside.type, outside.type, size)
    }
  }

  /// Outside the region each thread holds its part of a vector.
  private static func verifyDistribution(
    _ operation: Operation, _ whole: Type, _ part: Type, _ warpSize: Int64
  ) throws(Reported) {
    if whole == part { return }
    guard whole.isVector, part.isVector else {
      throw operation.emitOpError("expected vector type for distributed operands.")
    }
    if whole.rank != part.rank || whole.elementType != part.elementType {
      throw operation.emitOpError(
        "expected distributed vectors to have same rank and element type.")
    }
    var factor: Int64 = 1
    for (i, (all, some)) in zip(whole.shape, part.shape).enumerated() {
      if all == some { continue }
      if some == 0 || all % some != 0 {
        throw operation.emitOpError(
          "expected expanded vector dimension #\(i) (\(all)) to be a multipler of the distributed "
            + "vector dimension (\(some))")
      }
      let (product, overflow) = factor.multipliedReportingOverflow(by: Int64(all / some))
      if overflow { break }
      factor = product
    }
    if factor != warpSize {
      throw operation.emitOpError(
        "incompatible distribution dimensions from '\(whole)' to '\(part)' with warp size = "
          + "\(warpSize)")
    }
  }
}
