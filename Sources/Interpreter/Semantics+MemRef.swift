import MartletDialects
import MartletIR
import MartletSupport

/// memref: memory, loads and stores.
extension Semantics {
  mutating func addMemRef() {
    for name in ["memref.alloc", "memref.alloca"] {
      register(name) { (instruction, frame) throws(Reported) in
        let type = instruction.resultType()
        guard let format = ElementFormat(type.elementType), type.kind == .memRef else {
          throw frame.fail(instruction, "makes a \(type), whose elements are not interpreted")
        }
        let shape = try frame.mixed(instruction, type.shape, instruction.segment(0))
        guard type.layout == nil else {
          frame.set(instruction, 0, .memref(try frame.allocateStrided(instruction, format, shape)))
          return
        }
        let array = try frame.allocate(instruction, format, shape)
        frame.set(instruction, 0, .memref(MemRefValue(array.storage, shape: shape)))
      }
    }
    register("memref.dealloc") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      memref.storage.markFreed()
    }
    registerTerminator("memref.alloca_scope.return")
    prepare("memref.alloca_scope") { (instruction, compiler) throws(Reported) in
      let body = try compiler.region(instruction)
      return { (frame: Frame) throws(Reported) in try frame.yield(body, instruction) }
    }
    addLoadAndStore()
    register("memref.copy") { (instruction, frame) throws(Reported) in
      let contents = try frame.contents(instruction, 0)
      try frame.write(contents, to: try frame.memref(instruction, 1), instruction)
    }
    for name in ["memref.dim", "memref.rank"] {
      let isRank = name == "memref.rank"
      register(name) { (instruction, frame) throws(Reported) in
        let shape = try frame.shape(instruction, 0)
        if isRank {
          frame.set(instruction, 0, .index(shape.count))
          return
        }
        let i = frame.integer(instruction, 1)
        guard shape.indices.contains(i) else {
          throw frame.fail(instruction, "asks for dimension \(i) of a rank \(shape.count) memref")
        }
        frame.set(instruction, 0, .index(shape[i]))
      }
    }
    prepare("memref.get_global", Self.prepareGlobal)
    register("memref.assume_alignment") { (instruction, frame) throws(Reported) in
      if instruction.resultCount == 1 { frame.set(instruction, 0, frame.value(instruction, 0)) }
    }
    register("memref.prefetch") { (_, _) throws(Reported) in }
  }

  private mutating func addLoadAndStore() {
    prepare("memref.load") { (instruction, _) throws(Reported) in
      try instruction.requireScalar(instruction.results.first)
      return { (frame: Frame) throws(Reported) in
        let (storage, place) = try frame.place(instruction, 0, 1..<instruction.operandCount)
        frame.registers[instruction.results[0].index] = storage[place]
      }
    }
    prepare("memref.store") { (instruction, _) throws(Reported) in
      try instruction.requireScalar(instruction.operands.first)
      return { (frame: Frame) throws(Reported) in
        let (storage, place) = try frame.place(instruction, 1, 2..<instruction.operandCount)
        storage[place] = frame.bits(instruction, 0)
      }
    }
    register("memref.atomic_rmw") { (instruction, frame) throws(Reported) in
      let (storage, place) = try frame.place(instruction, 1, 2..<instruction.operandCount)
      let kind = try instruction.integer("kind")
      let old = storage[place]
      var new = frame.bits(instruction, 0)
      if kind != Semantics.atomicAssign {
        let request = KernelRequest(
          operands: [storage.format, storage.format], result: storage.format)
        guard Semantics.atomicKinds.indices.contains(kind),
          let kernel = ScalarKernels.kernel("arith.\(Semantics.atomicKinds[kind])", request),
          let result = kernel(old, new, 0)
        else { throw frame.fail(instruction, "is not interpreted for these types") }
        new = result
      }
      storage[place] = new
      frame.registers[instruction.results[0].index] = old
    }
  }

  /// arith operations by the number of the atomic kind; `assign` has none.
  private static let atomicKinds = [
    "addf", "addi", "andi", "", "maximumf", "maxnumf", "maxsi", "maxui", "minimumf", "minnumf",
    "minsi", "minui", "mulf", "muli", "ori", "xori",
  ]
  private static let atomicAssign = 3

  private static func prepareGlobal(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let operation = instruction.operation
    guard let name = instruction.attribute("name") else {
      throw operation.emitOpError("names no global")
    }
    let interpreter = compiler.interpreter
    guard
      let global = SymbolTable.resolve(name, from: operation)
        ?? interpreter.sibling(name, of: instruction),
      let type = global.attribute("type")?.typeValue, let format = ElementFormat(type.elementType)
    else { throw operation.emitOpError("refers to an unknown global \(name)") }
    return { (frame: Frame) throws(Reported) in
      let storage = try interpreter.global(global) { () throws(Reported) in
        if let initial = global.attribute("initial_value"), !initial.isUnit {
          // A tensor of the memref's shape gives the value.
          let tensor = type.context.tensor(type.shape, type.elementType)
          guard let array = try Constant.array(initial, tensor, global, interpreter) else {
            throw global.emitOpError("has an initial value that is not interpreted")
          }
          return array.storage
        }
        return try frame.allocate(instruction, format, type.shape).storage
      }
      frame.set(instruction, 0, .memref(MemRefValue(storage, shape: type.shape)))
    }
  }
}

extension Instruction {
  func requireScalar(_ slot: Slot?) throws(Reported) {
    if slot?.isObject ?? true {
      throw operation.emitOpError("is interpreted only for elements that are numbers")
    }
  }
}

extension Frame {
  /// The buffer and place of the element of memref operand `i` at the indices of operands `range`.
  func place(_ instruction: Instruction, _ i: Int, _ range: Range<Int>) throws(Reported)
    -> (ArrayStorage, Int)
  {
    guard case .memref(let memref) = objects[instruction.operands[i].index],
      !memref.storage.isFreed
    else {
      // Reports what is wrong.
      let memref = try self.memref(instruction, i)
      return (memref.storage, 0)
    }
    guard range.count == memref.sizes.count else {
      throw fail(instruction, "has \(range.count) indices for rank \(memref.sizes.count)")
    }
    var place = memref.offset
    for d in 0..<range.count {
      let index = integer(instruction, range.lowerBound + d)
      guard index >= 0, index < memref.sizes[d] else {
        throw outOfBounds(instruction, integers(instruction, range), memref.sizes)
      }
      place &+= index &* memref.strides[d]
    }
    guard place >= 0, place < memref.storage.count else {
      throw fail(instruction, "reaches element \(place) of a buffer of \(memref.storage.count)")
    }
    return (memref.storage, place)
  }

  /// Memory for a memref type with a layout of its own.
  func allocateStrided(_ instruction: Instruction, _ format: ElementFormat, _ shape: [Int])
    throws(Reported) -> MemRefValue
  {
    let type = instruction.resultType()
    guard let layout = type.stridedLayout, layout.offset != Type.dynamic,
      !layout.strides.contains(Type.dynamic), layout.offset >= 0,
      layout.strides.allSatisfy({ $0 >= 0 })
    else { throw fail(instruction, "has a layout that is not interpreted") }
    var last = layout.offset
    var overflows = false
    for (size, stride) in zip(shape, layout.strides) {
      let (reach, a) = max(size - 1, 0).multipliedReportingOverflow(by: stride)
      let (sum, b) = last.addingReportingOverflow(reach)
      overflows = overflows || a || b
      last = sum
    }
    if overflows || last == .max { throw fail(instruction, "has a size that overflows") }
    let array = try allocate(instruction, format, [last + 1])
    return MemRefValue(
      storage: array.storage, offset: layout.offset, sizes: shape, strides: layout.strides)
  }
}
