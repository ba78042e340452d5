import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

/// Rewrites a function on tensors as one on memrefs, in the places a `BufferAnalysis` found.
///
/// New operations are made beside the old ones, which go at the end.
final class BufferEmitter {
  let analysis: BufferAnalysis
  let function: FuncOp
  let context: Context
  let builder: Builder
  let globals: BufferGlobals
  /// The memref each tensor lies in.
  var memrefs: [Value: Value] = [:]
  /// The memory of each root, where it is at hand.
  var rootMemrefs: [Int: Value] = [:]
  /// Scalars that took the place of others.
  var scalars: [Value: Value] = [:]
  /// Insertions of what lies in its place already.
  private(set) var idleSlices: Set<Operation> = []
  /// Operations on tensors, to be erased: users come after what they use.
  private var replaced: [Operation] = []
  /// Blocks whose arguments of tensor type are to be erased.
  private var blocks: [Block] = []
  private(set) var copyCount = 0
  private(set) var allocationCount = 0

  private let remarks: PassContext

  init(_ analysis: BufferAnalysis, _ globals: BufferGlobals, remarks: PassContext) {
    self.remarks = remarks
    self.analysis = analysis
    self.globals = globals
    function = analysis.function
    context = analysis.context
    builder = Builder(context)
  }

  // MARK: The function

  func run() throws(Reported) {
    guard let entry = function.entry else { return }
    let old = function.type
    let isEntry = !function.isPrivate
    var inputs: [Type] = []
    for (i, argument) in Array(entry.arguments).enumerated() {
      inputs.append(parameterType(old.inputs[i], isEntry))
      if argument.type.isTensor || inputs[i] != old.inputs[i] {
        try replaceParameter(argument, inputs[i])
      }
    }
    var results: [Type] = []
    var outputs: [Value?] = []
    for (i, type) in old.results.enumerated() {
      let parameter = parameterType(type, isEntry)
      // What is no memory stays a result, as do memrefs that the function has by other means.
      guard parameter != type else {
        results.append(type)
        outputs.append(nil)
        continue
      }
      let argument = entry.addArgument(parameter)
      argument.nameHint = resultName(i, count: old.results.count)
      if let root = analysis.outputs[i] { rootMemrefs[root] = argument }
      inputs.append(parameter)
      outputs.append(argument)
    }
    moveAttributes(inputs: old.inputs.count, results: old.results, outputs: outputs)
    function.setType(inputs: inputs, results: results)
    for insertion in function.operation.operations(TensorDialect.insertSlice)
    where analysis.isInPlace(insertion, 1)
      && analysis.areEquivalent(
        analysis.place(insertion.operand(0)), analysis.slicePlace(insertion))
    {
      idleSlices.insert(insertion)
    }
    try emitFunction(entry, outputs)
    erase()
    for argument in Array(entry.arguments).reversed() where argument.type.isTensor {
      entry.eraseArgument(argument.index)
    }
  }

  /// Parameters of a public function are all memory; those of others keep scalars.
  func parameterType(_ type: Type, _ isEntry: Bool) -> Type {
    if type.isTensor { return type.wholeMemRef }
    return isEntry && (type.isIntOrIndex || type.isFloat) ? context.memRef([], type) : type
  }

  /// Puts a memref parameter in the place of `argument`.
  private func replaceParameter(_ argument: Value, _ type: Type) throws(Reported) {
    guard let entry = function.entry else { return }
    if argument.type.isTensor {
      // The tensor argument stays behind as a value that has no uses in the end.
      let place = analysis.place(argument)
      let memref = entry.insertArgument(argument.index, type)
      memref.nameHint = argument.nameHint
      rootMemrefs[place.root] = memref
      memrefs[argument] = memref
      return
    }
    let scalarType = argument.type
    argument.type = type
    builder.setInsertionPoint(atStart: entry)
    let uses = Array(argument.uses)
    let load = builder.create(MemRef.load, [argument], results: [scalarType])
    for use in uses { use.set(load.result()) }
  }

  private func resultName(_ i: Int, count: Int) -> String {
    for name in ["martlet.name", "onnx.name"] {
      if let text = function.resultAttribute(i, name)?.stringValue { return text }
    }
    return count == 1 ? "out" : "out\(i)"
  }

  private func moveAttributes(inputs: Int, results: [Type], outputs: [Value?]) {
    let old = function.operation.attribute("res_attrs")?.elements ?? []
    let empty = context.dictionary([(String, Attribute)]())
    var all = function.operation.attribute("arg_attrs")?.elements ?? []
    while all.count < inputs { all.append(empty) }
    var kept: [Attribute] = []
    for (i, output) in outputs.enumerated() {
      let entries = i < old.count ? old[i].entries : []
      guard output != nil else {
        kept.append(context.dictionary(entries))
        continue
      }
      let mark = (name: context.intern("martlet.result"), value: context.i64Attribute(i))
      all.append(context.dictionary(entries + [mark]))
    }
    let isEmpty = { (list: [Attribute]) in list.allSatisfy { $0.words.isEmpty } }
    function.operation.setAttribute("arg_attrs", isEmpty(all) ? nil : context.array(all))
    function.operation.setAttribute("res_attrs", isEmpty(kept) ? nil : context.array(kept))
  }

  private func erase() {
    for operation in replaced.reversed() { operation.erase() }
    for block in blocks {
      for argument in Array(block.arguments).reversed() where argument.type.isTensor {
        block.eraseArgument(argument.index)
      }
    }
    // Memory and views that nothing came to use.
    var dead: [Operation] = []
    function.operation.walk { if $0.name.dialectName == "memref" { dead.append($0) } }
    for operation in dead.reversed() where operation.isTriviallyDead { operation.erase() }
  }

  func markReplaced(_ operation: Operation) { replaced.append(operation) }
  func markArguments(_ block: Block) { blocks.append(block) }

  // MARK: Memory

  /// The memref `value` lies in.
  @discardableResult
  func memref(_ value: Value) throws(Reported) -> Value {
    if let known = memrefs[value] { return known }
    let made = try materialize(analysis.place(value), value.type, at: value)
    memrefs[value] = made
    return made
  }

  /// The memory of a root, made before the statement of the entry block that is being rewritten.
  func rootMemref(_ number: Int, at value: Value?) throws(Reported) -> Value {
    if let known = rootMemrefs[number] { return known }
    let root = analysis.roots[number]
    let made: Value
    switch root.kind {
    case .constant(let attribute):
      made = try at(function.entry.map { .atStart(of: $0) }) { () throws(Reported) in
        try globals.get(attribute, builder)
      }
    case .external(let memref): made = memref
    case .allocation:
      guard root.isStatic else {
        throw function.operation.emitError("memory of dynamic shape is used before it is made")
      }
      made = try at(topPoint) { () throws(Reported) in
        try allocate(root.type, [], owner: root.owner)
      }
    case .argument, .output:
      throw function.operation.emitError("a parameter's memory is missing")
    }
    rootMemrefs[number] = made
    return made
  }

  func allocate(_ type: Type, _ sizes: [Value], owner: Value?) throws(Reported) -> Value {
    let saved = builder.location
    if let source = owner?.definingOperation ?? owner?.owningBlock?.parentOperation {
      builder.location = source.location
    }
    defer { builder.location = saved }
    let alloc = builder.create(
      MemRef.alloc, sizes, results: [type.wholeMemRef],
      attributes: [
        ("operandSegmentSizes", context.denseI32Array([sizes.count, 0])),
        ("alignment", context.i64Attribute(64)),
      ])
    alloc.result().nameHint = owner?.nameHint
    allocationCount += 1
    remarks.remark(
      .analysis, "Allocated", "memory for \(type, as: "Type")", at: builder.location)
    return alloc.result()
  }

  /// Memory for a scalar that a call hands over in memory.
  func scalarCell(_ type: Type) throws(Reported) -> Value {
    try at(topPoint) { () throws(Reported) in
      try allocate(context.tensor([], type), [], owner: nil)
    }
  }

  /// Before the operation of the function's entry block that holds the insertion point.
  private var topPoint: InsertionPoint? {
    var point = builder.insertionPoint
    while let block = point?.block, block != function.entry, let parent = block.parentOperation {
      point = .before(parent)
    }
    return point
  }

  private func at(
    _ point: InsertionPoint?, _ make: () throws(Reported) -> Value
  ) throws(Reported) -> Value {
    let saved = builder.insertionPoint
    builder.insertionPoint = point
    defer { builder.insertionPoint = saved }
    return try make()
  }

  /// A memref for a tensor of `type` that lies at `place`.
  func materialize(_ place: BufferPlace, _ type: Type, at value: Value?) throws(Reported) -> Value {
    let root = analysis.roots[place.root]
    let base = try rootMemref(place.root, at: value)
    guard var layout = place.layout else { return base }
    layout.terms = layout.terms.map {
      BufferLayout.Term(value: scalars[$0.value] ?? $0.value, factor: $0.factor)
    }
    if base.type.shape == type.shape,
      layout == BufferLayout(contiguous: root.type.shape)
    {
      return base
    }
    if let view = subview(base, layout, type) { return view }
    return reinterpret(base, layout, type)
  }

  /// A subview of `base`, a row-major memref; nil where the place is none.
  private func subview(_ base: Value, _ layout: BufferLayout, _ type: Type) -> Value? {
    let shape = base.type.shape
    guard let steps = base.type.stridedLayout?.strides,
      let dimensions = layout.rootDimensions(in: shape)
    else { return nil }
    var offsets = shape.map { _ in MixedIndex.constant(0) }
    var sizes = shape.map { _ in 1 }
    var strides = shape.map { _ in 1 }
    var rest = layout.offset
    for d in shape.indices where steps[d] > 0 && shape[d] != 1 {
      offsets[d] = .constant(rest / steps[d])
      rest %= steps[d]
    }
    for term in layout.terms {
      guard
        let d = shape.indices.first(where: { shape[$0] != 1 && steps[$0] == term.factor }),
        offsets[d] == .constant(0)
      else { return nil }
      offsets[d] = .value(term.value)
    }
    var last = -1
    for (i, dimension) in dimensions.enumerated() {
      guard let d = dimension else { continue }
      guard d > last, layout.sizes[i] <= shape[d] else { return nil }
      last = d
      sizes[d] = layout.sizes[i]
      strides[d] = layout.strides[i] / steps[d]
    }
    let split = MixedIndex.split(offsets)
    guard rest == 0,
      let result = MemRef.rankReducedSubviewType(
        base.type, shape: type.shape, offsets: split.statics, sizes: sizes, strides: strides)
    else { return nil }
    return builder.create(
      MemRef.subview, [base] + split.dynamics, results: [result],
      attributes: [
        ("static_offsets", context.denseI64Array(split.statics)),
        ("static_sizes", context.denseI64Array(sizes)),
        ("static_strides", context.denseI64Array(strides)),
        ("operandSegmentSizes", context.denseI32Array([1, split.dynamics.count, 0, 0])),
      ]
    ).result()
  }

  private func reinterpret(_ base: Value, _ layout: BufferLayout, _ type: Type) -> Value {
    // A dimension of size 1 may have any stride: that of a row-major layout where it can be.
    var strides = layout.strides
    for d in strides.indices.reversed() where layout.sizes[d] == 1 {
      strides[d] = d + 1 < strides.count ? strides[d + 1] &* layout.sizes[d + 1] : 1
    }
    var offset = layout.terms.isEmpty ? nil : ConstantOp.index(builder, layout.offset)
    for term in layout.terms {
      let factor = ConstantOp.index(builder, term.factor)
      let product = builder.create(
        Arith.muli, [term.value, factor], results: [context.index]
      ).result()
      offset = offset.map {
        builder.create(Arith.addi, [$0, product], results: [context.index]).result()
      }
    }
    let start = offset == nil ? layout.offset : Type.dynamic
    let strided = context.stridedLayout(offset: start, strides: strides)
    let isWhole = start == 0 && strides == MemRefLayout(contiguous: type.shape).strides
    let result = context.memRef(type.shape, type.elementType, layout: isWhole ? nil : strided)
    return builder.create(
      MemRef.reinterpretCast, [base] + (offset.map { [$0] } ?? []), results: [result],
      attributes: [
        ("static_offsets", context.denseI64Array([start])),
        ("static_sizes", context.denseI64Array(type.shape)),
        ("static_strides", context.denseI64Array(strides)),
        ("operandSegmentSizes", context.denseI32Array([1, offset == nil ? 0 : 1, 0, 0])),
      ]
    ).result()
  }

  /// `memref`, which is all of a buffer, under the type that says so.
  func whole(_ memref: Value, _ type: Type) -> Value {
    if memref.type == type.wholeMemRef { return memref }
    return reinterpret(memref, BufferLayout(contiguous: type.shape), type)
  }

  func copy(_ source: Value, to target: Value) {
    if source == target { return }
    builder.create(MemRef.copy, [source, target])
    copyCount += 1
    remarks.remark(
      .missed, "Copied",
      "\(source.type, as: "Type") is copied: its place cannot be written, or what it holds is needed again",
      at: builder.location)
  }

}

/// The constants of a module that tensors lie in.
final class BufferGlobals {
  private let module: Operation
  private let context: Context
  private var known: [Attribute: String] = [:]
  private var names: Set<String> = []

  init(_ module: Operation) {
    self.module = module
    context = module.context
    for block in module.region().blocks {
      for operation in block.operations {
        if let name = SymbolTable.name(of: operation) { names.insert(name) }
      }
    }
  }

  /// A read of the global that holds `value`, which is made at the start of the module where needed.
  func get(_ value: Attribute, _ builder: Builder) throws(Reported) -> Value {
    guard let type = value.type?.wholeMemRef else {
      throw module.emitError("a constant has no type")
    }
    let name = known[value] ?? declare(value, type, builder)
    known[value] = name
    return builder.create(
      MemRef.getGlobal, results: [type], attributes: [("name", context.symbolRef(name))]
    ).result()
  }

  private func declare(_ value: Attribute, _ type: Type, _ builder: Builder) -> String {
    let shape = type.shape.map { "\($0)x" }.joined()
    let stem = "__constant_\(shape)\(type.elementType)"
    var name = stem
    var next = 0
    while !names.insert(name).inserted {
      name = "\(stem)_\(next)"
      next += 1
    }
    builder.at(module.region().firstBlock.map { .atStart(of: $0) }) {
      _ = builder.create(
        MemRef.global,
        attributes: [
          ("sym_name", context.string(name)), ("sym_visibility", context.string("private")),
          ("type", context.typeAttribute(type)), ("initial_value", value),
          ("constant", context.unit), ("alignment", context.i64Attribute(64)),
        ])
    }
    return name
  }
}
