import MartletIR
import MartletSupport

/// vector: reductions and contractions. Elements are combined one after another in row-major order.
extension Semantics {
  mutating func addVectorContraction() {
    prepare("vector.reduction") { (instruction, _) throws(Reported) in
      let kernel = try Self.combining(instruction)
      return { (frame: Frame) throws(Reported) in
        let source = try frame.array(instruction, 0)
        var elements = (0..<source.count).map { source.storage[$0] }
        if instruction.operandCount > 1 { elements.insert(frame.bits(instruction, 1), at: 0) }
        guard var result = elements.first else {
          throw frame.fail(instruction, "reduces a vector without elements")
        }
        for bits in elements.dropFirst() { result = kernel(result, bits, 0) ?? 0 }
        frame.registers[instruction.results[0].index] = result
      }
    }
    prepare("vector.multi_reduction", Self.prepareMultiReduction)
    prepare("vector.contract", Self.prepareContract)
    prepare("vector.outerproduct") { (instruction, _) throws(Reported) in
      let kernel = try Self.combining(instruction)
      guard let format = ElementFormat(instruction.resultType().elementType),
        let multiply = Self.multiplication(format)
      else { throw instruction.operation.emitOpError("is not interpreted for these types") }
      return { (frame: Frame) throws(Reported) in
        let left = try frame.array(instruction, 0)
        let right = instruction.operands[1].isObject ? try frame.array(instruction, 1) : nil
        let result = try frame.newResult(instruction, dynamic: 0..<0)
        let old = instruction.operandCount > 2 ? try frame.array(instruction, 2) : nil
        let columns = right?.count ?? 1
        guard result.count == left.count * columns else {
          throw frame.fail(instruction, "has operands that do not fit its result")
        }
        for i in 0..<result.count {
          let b = right?.storage[i % columns] ?? frame.bits(instruction, 1)
          let product = multiply(left.storage[i / columns], b, 0) ?? 0
          result.storage[i] = old.map { kernel($0.storage[i], product, 0) ?? 0 } ?? product
        }
        frame.set(instruction, 0, .vector(result))
      }
    }
  }

  private static func multiplication(_ format: ElementFormat) -> ScalarKernel? {
    ScalarKernels.kernel(
      format.isFloat ? "arith.mulf" : "arith.muli",
      KernelRequest(operands: [format, format], result: format))
  }

  private static let kinds = [
    "add", "mul", "minui", "minsi", "minnumf", "maxui", "maxsi", "maxnumf", "and", "or", "xor",
    "minimumf", "maximumf",
  ]

  /// The number of a combining kind: an integer, the word of an enumeration attribute, or its text where
  /// the dialect is not loaded.
  private static func kindNumber(_ attribute: Attribute?) -> Int {
    guard let attribute else { return 0 }
    if let value = attribute.integerValue { return Int(value) }
    if attribute.kind == nil { return Int(truncatingIfNeeded: attribute.words.first ?? 0) }
    let keyword = attribute.description.split(separator: "<").last?.prefix { $0 != ">" } ?? ""
    return kinds.firstIndex(of: String(keyword)) ?? -1
  }

  /// The kernel of the attribute `kind`, `add` where there is none.
  private static func combining(_ instruction: Instruction) throws(Reported) -> ScalarKernel {
    let number = kindNumber(instruction.attribute("kind"))
    let integers = [
      "addi", "muli", "minui", "minsi", "", "maxui", "maxsi", "", "andi", "ori", "xori", "", "",
    ]
    let floats = [
      "addf", "mulf", "", "", "minnumf", "", "", "maxnumf", "", "", "", "minimumf", "maximumf",
    ]
    if let format = ElementFormat(instruction.resultType().elementType) {
      let names = format.isFloat ? floats : integers
      let request = KernelRequest(operands: [format, format], result: format)
      if names.indices.contains(number),
        let kernel = ScalarKernels.kernel("arith.\(names[number])", request)
      {
        return kernel
      }
    }
    throw instruction.operation.emitOpError("has a kind that is not interpreted for its types")
  }

  private static func prepareMultiReduction(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let kernel = try Self.combining(instruction)
    let reduced = try instruction.integers("reduction_dims")
    return { (frame: Frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      let kept = source.shape.indices.filter { !reduced.contains($0) }
      let shape = kept.map { source.shape[$0] }
      let isScalar = !instruction.results[0].isObject
      let result = try frame.allocate(instruction, source.format, shape)
      if isScalar {
        result.storage.fill(frame.bits(instruction, 1))
      } else {
        let old = try frame.array(instruction, 1)
        guard old.shape == shape else {
          throw frame.fail(instruction, "has an accumulator of another shape")
        }
        for i in 0..<old.count { result.storage[i] = old.storage[i] }
      }
      var strides = [Int](repeating: 0, count: source.rank)
      for (d, stride) in zip(kept, Shape.strides(shape)) { strides[d] = stride }
      var next = 0
      Shape.forEachOffset(source.shape, [(0, strides)]) { offsets in
        let bits = kernel(result.storage[offsets[0]], source.storage[next], 0)
        result.storage[offsets[0]] = bits ?? 0
        next += 1
      }
      if isScalar {
        frame.registers[instruction.results[0].index] = result.storage[0]
      } else {
        frame.set(instruction, 0, .vector(result))
      }
    }
  }

  private static func prepareContract(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let operation = instruction.operation
    let kernel = try Self.combining(instruction)
    let maps = (instruction.attribute("indexing_maps")?.elements ?? []).compactMap(\.affineMap)
    let formats = (0..<3).compactMap { ElementFormat(instruction.operandType($0).elementType) }
    guard maps.count == 3, formats.count == 3, instruction.operandCount == 3,
      let multiply = Self.multiplication(formats[2])
    else { throw operation.emitOpError("is not interpreted for these types") }
    let projections = maps.compactMap(\.projectedDimensions)
    guard projections.count == 3 else {
      throw operation.emitOpError("has maps that are no projections")
    }
    // Narrower operands are widened first.
    let widen = formats[..<2].map { format -> ScalarKernel? in
      if format == formats[2] { return .unary { $0 } }
      return ScalarKernels.kernel(
        format.isFloat ? "arith.extf" : "arith.extsi",
        KernelRequest(operands: [format], result: formats[2]))
    }
    guard let widenLeft = widen[0], let widenRight = widen[1] else {
      throw operation.emitOpError("is not interpreted for these types")
    }
    let rank = maps[0].dimensionCount
    return { (frame: Frame) throws(Reported) in
      let left = try frame.array(instruction, 0)
      let right = try frame.array(instruction, 1)
      let isScalar = !instruction.results[0].isObject
      let result: ArrayValue
      if isScalar {
        result = try frame.allocate(instruction, formats[2], [])
        result.storage[0] = frame.bits(instruction, 2)
      } else {
        result = try frame.copied(instruction, try frame.array(instruction, 2))
      }
      let arrays = [left, right, result]
      var extents = [Int](repeating: 1, count: rank)
      var steps: [(offset: Int, strides: [Int])] = []
      for (array, projection) in zip(arrays, projections) {
        guard projection.count == array.rank else {
          throw frame.fail(instruction, "has maps that do not fit its operands")
        }
        var strides = [Int](repeating: 0, count: rank)
        for (j, (d, stride)) in zip(projection, Shape.strides(array.shape)).enumerated() {
          strides[d] += stride
          extents[d] = array.shape[j]
        }
        steps.append((0, strides))
      }
      for (array, projection) in zip(arrays, projections)
      where projection.map({ extents[$0] }) != array.shape {
        throw frame.fail(instruction, "has operands that differ in size")
      }
      try frame.spend(Shape.count(extents) ?? 0, instruction)
      Shape.forEachOffset(extents, steps) { offsets in
        let a = widenLeft(left.storage[offsets[0]], 0, 0) ?? 0
        let b = widenRight(right.storage[offsets[1]], 0, 0) ?? 0
        let product = multiply(a, b, 0) ?? 0
        result.storage[offsets[2]] = kernel(result.storage[offsets[2]], product, 0) ?? 0
      }
      if isScalar {
        frame.registers[instruction.results[0].index] = result.storage[0]
      } else {
        frame.set(instruction, 0, .vector(result))
      }
    }
  }
}
