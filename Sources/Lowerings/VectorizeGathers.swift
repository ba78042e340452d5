import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Gives reductions over stored entries vector lanes: loops whose elements are found through other arrays,
  /// as in the product of a sparse row and a vector.
  ///
  ///     %r = scf.for %k = %lo to %hi step %c1 iter_args(%s = %init) -> (f64) {
  ///       %j = memref.load %coordinates[%k] ; %a = memref.load %values[%k] ; %x = memref.load %v[%j]
  ///       %p = arith.mulf %a, %x ; %t = arith.addf %s, %p
  ///       scf.yield %t
  ///     }
  ///     ->
  ///     %n = arith.subi %hi, %lo ; %m = vector.create_mask %n : vector<4xi1>
  ///     %j = vector.maskedload %coordinates[%lo], %m, ... ; %x = vector.gather %v[%c0] [%j], %m, ...
  ///     %first = arith.select %m, ..., %neutral
  ///     %s = scf.for %k = %lo + 4 to %hi step %c4 iter_args(%s = %first) -> (vector<4xf64>) { ... }
  ///     %r = vector.reduction <add>, %s, %init
  ///
  /// The first vector is done before the loop, without a branch: most rows of a sparse matrix are shorter
  /// than a vector, and how long the next one is cannot be predicted. Sums are added up in another order.
  public static let vectorizeGathers = Pass(
    "vectorize-gathers", name: "VectorizeGathers",
    "Give reductions over gathered elements vector lanes",
    options: [
      .integer("vector-width-bytes", default: 64, "Bytes of a vector register"),
      .integer(
        "lanes", default: 0,
        "Lanes of a vector; 0 chooses by the average length of rows where it is known"),
    ],
    statistics: [PassStatistic("num-vectorized", "Number of loops vectorized")],
    dependentDialects: ["arith", "vector"]
  ) { (operation, state) throws(Reported) in
    let width = state.options.integer("vector-width-bytes")
    let lanes = state.options.integer("lanes")
    guard width >= 8, width <= 256, width & (width - 1) == 0 else {
      throw operation.emitError("vector-width-bytes must be a power of two from 8 to 256")
    }
    guard lanes >= 0, lanes <= 64, lanes & (lanes - 1) == 0, lanes != 1 else {
      throw operation.emitError("lanes must be 0 or a power of two from 2 to 64")
    }
    var loops: [GatherLoop] = []
    operation.walk { inner in
      if let loop = GatherLoop(inner) {
        loops.append(loop)
      } else if state.wantsRemarks, GatherLoop.mightGather(inner) {
        state.remark(
          .missed, "NotVectorized",
          "the loop loads by loaded positions, but does more than load, compute elementwise and add up in steps of 1",
          at: inner)
      }
    }
    let builder = Builder(state.context)
    for loop in loops {
      let chosen = lanes == 0 ? loop.lanes(vectorBytes: width) : lanes
      state.remark(
        .passed, "Vectorized", "the loop gathers \(chosen, as: "Lanes") elements at a time",
        at: loop.loop.operation)
      GatherEmitter(loop, chosen, builder).emit()
    }
    state.count("num-vectorized", by: loops.count)
    state.isUnchanged = loops.isEmpty
  }
}

/// A loop with step 1 that only loads, computes elementwise and reduces, and gathers at least once.
private struct GatherLoop {
  let loop: ForOp
  let reductions: [Reduction]
  /// The widest element that is loaded or computed on.
  private(set) var elementBytes = 1

  init?(_ operation: Operation) {
    guard let loop = ForOp(operation), loop.constantStep == 1, !loop.isUnsigned,
      loop.inductionVariable.type.isIndex, let yield = loop.yield, !loop.inits.isEmpty
    else { return nil }
    self.loop = loop
    var found: [Reduction] = []
    for (i, argument) in loop.iterArgs.enumerated() {
      guard let reduction = Reduction(of: argument, into: yield.operand(i)),
        GatherLoop.isElement(argument.type)
      else { return nil }
      found.append(reduction)
    }
    reductions = found
    var gathers = false
    for inner in loop.body.operations where inner != yield {
      guard inner.regionCount == 0, inner.resultCount == 1 else { return nil }
      let type = inner.result().type
      if inner.is(MemRef.load) {
        guard let access = access(inner), GatherLoop.isElement(type), type.bitWidth != 1 else {
          return nil
        }
        if access == .gathered { gathers = true }
      } else if !inner.has(.constantLike) {
        guard inner.has(.elementwise), type.isSignlessIntOrIndex || type.isFloat,
          inner.operands.allSatisfy({ $0.type.isSignlessIntOrIndex || $0.type.isFloat })
        else { return nil }
      }
      if type.isFloat { elementBytes = max(elementBytes, (type.bitWidth ?? 8) / 8) }
    }
    if !gathers { return nil }
    if elementBytes == 1 { elementBytes = 8 }
  }

  /// Whether a loop loads from places that it loaded.
  static func mightGather(_ operation: Operation) -> Bool {
    guard let loop = ForOp(operation) else { return false }
    return loop.body.operations.contains { load in
      load.is(MemRef.load)
        && load.operands.dropping(1).contains { index in
          var index = index
          while let cast = index.definingOperation, cast.block == loop.body,
            cast.is(Arith.indexCast) || cast.is(Arith.indexCastUI)
          {
            index = cast.operand(0)
          }
          return index.block == loop.body && index.definingOperation?.is(MemRef.load) ?? false
        }
    }
  }

  private static func isElement(_ type: Type) -> Bool {
    if type.isIndex { return true }
    guard type.isSignlessIntOrIndex || type.isFloat, let width = type.bitWidth else { return false }
    return width >= 8 && width <= 64 && width & (width - 1) == 0
  }

  enum Access { case consecutive, gathered }

  /// How an iteration's element is found; nil where it is in another way, or the same for all (which a loop
  /// without iterations must not read).
  func access(_ load: Operation) -> Access? {
    let indices = load.operands.dropping(1)
    let memref = load.operand(0)
    guard indices.count == 1, indices[0].block == loop.body, memref.type.isGapless,
      memref.block != loop.body
    else { return nil }
    return indices[0] == loop.inductionVariable ? .consecutive : .gathered
  }

  /// The vector that the average row fills, if its length is known, else half of the widest.
  func lanes(vectorBytes: Int) -> Int {
    let widest = max(2, vectorBytes / elementBytes)
    guard let average = averageTripCount else { return max(2, widest / 2) }
    var lanes = 2
    while lanes < widest, 3 * Double(lanes) < 2 * average { lanes *= 2 }
    return lanes
  }

  /// Of the rows of a compressed level: as many entries as the arrays the loop runs along have, over as many
  /// rows as the array of positions that bounds it tells.
  private var averageTripCount: Double? {
    var bound = loop.upperBound
    while let cast = bound.definingOperation, cast.is(Arith.indexCast) || cast.is(Arith.indexCastUI)
    {
      bound = cast.operand(0)
    }
    guard let load = bound.definingOperation, load.is(MemRef.load),
      let positions = load.operand(0).type.elementCount, positions > 1
    else { return nil }
    for inner in loop.body.operations where inner.is(MemRef.load) && access(inner) == .consecutive {
      if let entries = inner.operand(0).type.elementCount {
        return Double(entries) / Double(positions - 1)
      }
    }
    return nil
  }
}

/// Writes the vector form of a loop and erases it.
private struct GatherEmitter {
  private let source: GatherLoop
  private let lanes: Int
  private let builder: Builder
  private let context: Context

  init(_ source: GatherLoop, _ lanes: Int, _ builder: Builder) {
    self.source = source
    self.lanes = lanes
    self.builder = builder
    context = builder.context
  }

  func emit() {
    let loop = source.loop
    builder.location = loop.operation.location
    builder.setInsertionPoint(before: loop.operation)
    let starts = source.reductions.map { splat($0.neutral) }
    let count = create(Arith.subi, [loop.upperBound, loop.lowerBound], context.index)
    let first = step(loop.lowerBound, count, starts)
    let width = index(lanes)
    let second = create(Arith.addi, [loop.lowerBound, width], context.index)
    let rest = ForOp.create(
      builder, from: second, to: loop.upperBound, step: width, inits: first
    ) { _, position, carried in
      let count = create(Arith.subi, [loop.upperBound, position], context.index)
      return step(position, count, carried)
    }
    for (i, reduction) in source.reductions.enumerated() {
      let sum = horizontal(reduction, rest.results[i], loop.inits[i])
      loop.results[i].replaceAllUses(with: sum)
    }
    loop.operation.erase()
  }

  /// One vector of iterations from `position`, of which `count` or all are to be done.
  private func step(_ position: Value, _ count: Value, _ carried: [Value]) -> [Value] {
    let mask = create(
      VectorDialect.createMask, [count], context.vector([lanes], context.integer(1)))
    var values: [Value: Value] = [:]
    for (argument, value) in zip(source.loop.iterArgs, carried) { values[argument] = value }
    for operation in source.loop.body.operations where operation != source.loop.yield {
      values[operation.result()] =
        operation.is(MemRef.load)
        ? load(operation, position, mask, &values) : compute(operation, position, &values)
    }
    return zip(source.loop.yield?.operands.map { $0 } ?? [], carried).map { next, before in
      create(
        Arith.select, [mask, vector(next, position, &values), before], before.type)
    }
  }

  private func load(
    _ operation: Operation, _ position: Value, _ mask: Value, _ values: inout [Value: Value]
  ) -> Value {
    let memref = operation.operand(0)
    let type = context.vector([lanes], operation.result().type)
    if source.access(operation) == .consecutive {
      return create(VectorDialect.maskedload, [memref, position, mask, zero(type)], type)
    }
    let indices = vector(operation.operand(1), position, &values)
    return create(VectorDialect.gather, [memref, index(0), indices, mask, zero(type)], type)
  }

  private func compute(
    _ operation: Operation, _ position: Value, _ values: inout [Value: Value]
  ) -> Value {
    var mapping = IRMapping()
    for operand in operation.operands {
      mapping.values[operand] = vector(operand, position, &values)
    }
    if operation.has(.constantLike), let value = operation.result().constant {
      return splat(value)
    }
    let copy = operation.clone(&mapping)
    for result in copy.results { result.type = context.vector([lanes], result.type) }
    builder.insert(copy)
    return copy.result()
  }

  /// A scalar of the loop as a vector.
  private func vector(
    _ value: Value, _ position: Value, _ values: inout [Value: Value]
  ) -> Value {
    if let known = values[value] { return known }
    let type = context.vector([lanes], value.type)
    let made: Value
    if value == source.loop.inductionVariable {
      let steps = context.dense(type, integers: Array(0..<lanes))
      let start = create(VectorDialect.broadcast, [position], type)
      made = create(Arith.addi, [start, constant(steps)], type)
    } else {
      made = create(VectorDialect.broadcast, [value], type)
    }
    values[value] = made
    return made
  }

  private func horizontal(_ reduction: Reduction, _ value: Value, _ start: Value) -> Value {
    builder.create(
      VectorDialect.reduction, [value, start], results: [start.type],
      attributes: reduction.vectorAttributes(context)
    ).result()
  }

  // MARK: Making operations

  private func create(_ definition: OpDefinition, _ operands: [Value], _ type: Type) -> Value {
    builder.create(definition, operands, results: [type]).result()
  }

  private func constant(_ value: Attribute) -> Value {
    builder.create(
      Arith.constant, results: [value.type ?? context.noneType], attributes: [("value", value)]
    ).result()
  }

  private func index(_ value: Int) -> Value { constant(context.indexAttribute(value)) }

  private func splat(_ value: Attribute) -> Value {
    let type = context.vector([lanes], value.type ?? context.noneType)
    if let dense = context.splat(value, type) { return constant(dense) }
    return create(VectorDialect.broadcast, [constant(value)], type)
  }

  private func zero(_ type: Type) -> Value {
    let element = type.elementType
    return splat(
      element.isFloat ? context.floatAttribute(0, element) : context.integerAttribute(0, element))
  }
}
