import MartletIR
import MartletSupport

/// Rewrites all operations in and including `operation` that `target` does not allow.
///
/// Operations are gone through in order of the text, an operation before what it contains; what a pattern
/// makes is made legal at once. Changes are made as they come and not taken back: on failure the IR is
/// left between the dialects, to be discarded.
/// - Throws: where an operation remains that `target` forbids; the diagnostic names it.
public func applyPartialConversion(
  _ operation: Operation, _ target: ConversionTarget, _ patterns: [ConversionPattern],
  _ converter: TypeConverter? = nil
) throws(Reported) {
  try ConversionRewriter(operation.context, target, patterns, converter, isFull: false)
    .convert(operation)
}

/// As `applyPartialConversion`, but all operations have to be legal in the end, not only those of which
/// `target` says something.
public func applyFullConversion(
  _ operation: Operation, _ target: ConversionTarget, _ patterns: [ConversionPattern],
  _ converter: TypeConverter? = nil
) throws(Reported) {
  try ConversionRewriter(operation.context, target, patterns, converter, isFull: true)
    .convert(operation)
}

/// The rewriter of a dialect conversion: replacements may have other types than what they replace.
public final class ConversionRewriter: PatternRewriter {
  public let typeConverter: TypeConverter?
  private let target: ConversionTarget
  private let patterns: [ConversionPattern]
  private let isFull: Bool
  private var patternsByName: [UInt32: [ConversionPattern]] = [:]
  /// Operations made or changed by the pattern being applied, in order.
  private var touched: [Operation] = []
  /// Casts made by the conversion, to be removed where they cancel.
  private var casts: [Operation] = []
  /// Erased operations, kept until the end so that no new operation gets the handle of an old one.
  private var graveyard: [Operation] = []
  private var isErased = OperationTable()
  private let castName: OperationName
  private struct ConvertedKey: Hashable {
    let value: Value
    let type: Type
  }
  /// Casts made of values to types that stand for theirs.
  private var conversions: [ConvertedKey: (value: Value, cast: Operation?)] = [:]
  private var depth = 0
  private let watcher: RewriteWatcher?
  private let probe: PatternProbe?

  static let maximumDepth = 128

  init(
    _ context: Context, _ target: ConversionTarget, _ patterns: [ConversionPattern],
    _ converter: TypeConverter?, isFull: Bool
  ) {
    self.target = target
    self.patterns = patterns
    self.isFull = isFull
    typeConverter = converter
    castName = context.operationName("builtin.unrealized_conversion_cast")
    watcher = context.rewriteWatcher
    probe = TraceRecorder.current?.patternProbe()
    super.init(context)
  }

  // MARK: The driver

  func convert(_ root: Operation) throws(Reported) {
    var pending: [Operation] = []
    collect(root, &pending)
    defer {
      for operation in graveyard { operation.erase() }
      probe?.finish()
    }
    for operation in pending where !isGone(operation) { try legalize(operation) }
    reconcileCasts(casts.filter { !isGone($0) })
  }

  private func isGone(_ operation: Operation) -> Bool { isErased[operation.raw] != 0 }

  private func collect(_ operation: Operation, _ pending: inout [Operation]) {
    pending.append(operation)
    if operation.regionCount == 0 { return }
    if target.isRecursivelyLegal(operation), target.legality(of: operation) == true { return }
    for region in operation.regions {
      // Reachable blocks in an order in which definitions come before uses; the rest is left.
      for block in RegionOrder.postOrder(region, includingUnreachable: false).reversed() {
        for inner in block.operations { collect(inner, &pending) }
      }
    }
  }

  private func legalize(_ operation: Operation) throws(Reported) {
    let legality = target.legality(of: operation)
    if legality == true || isCast(operation) { return }
    if depth > Self.maximumDepth {
      throw operation.emitError(
        "failed to legalize operation '\(operation.name)': patterns apply to one another's results without end"
      )
    }
    depth += 1
    defer { depth -= 1 }
    if try fold(operation) { return }
    let candidates = patterns(for: operation.name)
    // The first counter is of folds, which conversions do not time.
    let first = probe?.counters(
      of: Int(operation.name.raw), operation.name.string, candidates.map(\.name))
    for (i, pattern) in candidates.enumerated() {
      if try apply(pattern, operation, counter: (first ?? 0) + 1 + i) { return }
    }
    if legality == nil, !isFull { return }
    let why = legality == false ? " that was explicitly marked illegal" : ""
    throw operation.emitError("failed to legalize operation '\(operation.name)'\(why)")
  }

  private func patterns(for name: OperationName) -> [ConversionPattern] {
    if let known = patternsByName[name.raw] { return known }
    let found = patterns.enumerated().filter { $0.element.applies(to: name) }.sorted {
      ($1.element.benefit, $0.offset) < ($0.element.benefit, $1.offset)
    }.map(\.element)
    patternsByName[name.raw] = found
    return found
  }

  private func apply(
    _ pattern: ConversionPattern, _ operation: Operation, counter: Int
  ) throws(Reported) -> Bool {
    setInsertionPoint(before: operation)
    guard let operands = convertedOperands(of: operation) else { return false }
    let saved = touched
    touched = []
    setInsertionPoint(before: operation)
    let site = watcher == nil ? nil : RewriteSite(operation)
    probe?.begin(counter)
    let applied = pattern.matchAndRewrite(operation, operands, self)
    probe?.end(counter, applied: applied)
    let made = touched
    touched = saved
    guard applied else { return false }
    if let site { watcher?.didApply(pattern.name, site) }
    if !isGone(operation), target.legality(of: operation) == false {
      throw operation.emitError(
        "pattern '\(pattern.name)' left operation '\(operation.name)' in place, which is illegal")
    }
    for new in made where new != operation && !isGone(new) {
      try legalize(new)
    }
    return true
  }

  /// Replaces an operation that folds to values that exist or to constants that are legal or can
  /// become so.
  private func fold(_ operation: Operation) throws(Reported) -> Bool {
    if operation.has(.constantLike) || operation.resultCount == 0 { return false }
    guard let folded = Folding.fold(operation).replacements else { return false }
    setInsertionPoint(before: operation)
    let saved = touched
    touched = []
    let site = watcher == nil ? nil : RewriteSite(operation)
    let values = materialize(folded, for: operation)
    let made = touched
    touched = saved
    guard let values else { return false }
    if made.contains(where: { target.legality(of: $0) != true && patterns(for: $0.name).isEmpty }) {
      for new in made { erase(new) }
      return false
    }
    replace(operation, with: values)
    if let site { watcher?.didFold(site) }
    for new in made where !isGone(new) { try legalize(new) }
    return true
  }

  // MARK: Values of other types

  /// `operands` of `operation` as patterns get them; nil where a type cannot be converted.
  private func convertedOperands(of operation: Operation) -> [Value]? {
    guard let typeConverter else { return Array(operation.operands) }
    var values: [Value] = []
    values.reserveCapacity(operation.operandCount)
    for operand in operation.operands {
      guard let type = typeConverter.convert(operand.type) else { return nil }
      values.append(converted(operand, to: type))
    }
    return values
  }

  /// `value` as one of `type`, which stands for its type: what it was cast from, or a cast of it, which
  /// stands right behind the definition of `value`.
  public func converted(_ value: Value, to type: Type) -> Value {
    if value.type == type { return value }
    if let definer = value.definingOperation, isCast(definer), definer.operandCount == 1,
      definer.operand(0).type == type
    {
      return definer.operand(0)
    }
    let key = ConvertedKey(value: value, type: type)
    if let known = conversions[key],
      known.cast.map({ !isGone($0) && $0.operand(0) == value }) ?? false
    {
      return known.value
    }
    let saved = (insertionPoint, location)
    defer { (insertionPoint, location) = saved }
    if let definer = value.definingOperation {
      insertionPoint = .after(definer)
      location = definer.location
    } else if let block = value.owningBlock {
      insertionPoint = .atStart(of: block)
    }
    if let made = typeConverter?.materialize(target: type, from: [value], self) { return made }
    let made = cast(value, to: type)
    conversions[key] = (made, made.definingOperation)
    return made
  }

  /// `value`, of a converted type, as one of the type it stands for.
  public func original(_ value: Value, as type: Type) -> Value {
    if value.type == type { return value }
    let key = ConvertedKey(value: value, type: type)
    if let known = conversions[key],
      known.cast.map({ !isGone($0) && $0.operand(0) == value }) ?? false
    {
      return known.value
    }
    let saved = (insertionPoint, location)
    defer { (insertionPoint, location) = saved }
    if let definer = value.definingOperation {
      insertionPoint = .after(definer)
    } else if let block = value.owningBlock {
      insertionPoint = .atStart(of: block)
    }
    if let made = typeConverter?.materialize(source: type, from: [value], self) { return made }
    let made = cast(value, to: type)
    conversions[key] = (made, made.definingOperation)
    return made
  }

  private func cast(_ value: Value, to type: Type) -> Value {
    let made = context.createOperation(
      castName, location: location, operands: [value], resultTypes: [type])
    if let point = insertionPoint {
      if let before = point.before { made.move(before: before) } else { point.block.append(made) }
    }
    casts.append(made)
    return made.result()
  }

  private func isCast(_ operation: Operation) -> Bool { operation.name == castName }

  /// Replaces `operation`; values of other types than its results reach their users through casts.
  public override func replace(_ operation: Operation, with values: [Value]) {
    precondition(values.count == operation.resultCount, "as many values as results")
    let saved = (insertionPoint, location)
    location = operation.location
    insertionPoint = .before(operation)
    let bridged = zip(operation.results, values).map { result, value in
      result.hasUses ? original(value, as: result.type) : value
    }
    (insertionPoint, location) = saved
    willReplace(operation, with: bridged)
    for (result, value) in zip(operation.results, bridged) where result.hasUses {
      result.replaceAllUses(with: value)
    }
    erase(operation)
  }

  // MARK: Blocks

  /// Gives the arguments of `block` the types that stand for theirs; what uses them does so through casts.
  /// - Returns: false, with nothing changed, where a type cannot be converted.
  @discardableResult
  public func convertArguments(of block: Block, _ converter: TypeConverter? = nil) -> Bool {
    guard let converter = converter ?? typeConverter,
      let types = converter.convert(block.arguments.types)
    else { return false }
    convertArguments(of: block, to: types)
    return true
  }

  /// Gives the arguments of `block` these types.
  public func convertArguments(of block: Block, to types: [Type]) {
    precondition(types.count == block.argumentCount, "as many types as block arguments")
    let saved = insertionPoint
    defer { insertionPoint = saved }
    for (i, type) in types.enumerated() where block.argument(i).type != type {
      let old = block.argument(i)
      insertionPoint = .atStart(of: block)
      let new = block.insertArgument(i + 1, type)
      new.nameHint = old.nameHint
      if old.hasUses { old.replaceAllUses(with: original(new, as: old.type)) }
      block.eraseArgument(i)
    }
  }

  /// Converts the arguments of all blocks of `region`.
  /// - Returns: false, with nothing changed, where a type cannot be converted.
  @discardableResult
  public func convertTypes(of region: Region, _ converter: TypeConverter? = nil) -> Bool {
    guard let converter = converter ?? typeConverter else { return false }
    for block in region.blocks where converter.convert(block.arguments.types) == nil {
      return false
    }
    for block in region.blocks { convertArguments(of: block, converter) }
    return true
  }

  // MARK: Watching

  public override func didInsert(_ operation: Operation) {
    touched.append(operation)
    for region in operation.regions where !region.isEmpty {
      for block in region.blocks { for inner in block.operations { didInsert(inner) } }
    }
  }
  public override func didMove(_ operation: Operation) {}

  override func dispose(of operation: Operation) {
    isErased[operation.raw] = 1
    operation.remove()
    operation.dropAllReferences()
    graveyard.append(operation)
  }
}

/// Removes every `builtin.unrealized_conversion_cast` in `operation` that nothing uses, that keeps its
/// types, or that takes back another's conversion.
public func reconcileUnrealizedCasts(in operation: Operation) {
  let name = operation.context.operationName("builtin.unrealized_conversion_cast")
  var casts: [Operation] = []
  operation.walkPreOrder { inner in
    if inner.name == name { casts.append(inner) }
    return .advance
  }
  reconcileCasts(casts)
}

/// Removes casts of `casts`, which stand in order of the text, the last first: one that a chain of casts
/// brings back to the types it started from is replaced by the start, and those nothing but casts uses go.
private func reconcileCasts(_ casts: [Operation]) {
  guard let name = casts.first?.name else { return }
  func inputCast(_ cast: Operation) -> Operation? {
    guard let source = cast.operands.first?.definingOperation, source.name == name,
      Array(source.results) == Array(cast.operands)
    else { return nil }
    return source
  }
  for cast in casts.reversed() {
    let wanted = cast.results.types
    var next: Operation? = cast
    var steps = 0
    while let current = next, steps <= casts.count {
      steps += 1
      if current.operands.types == wanted {
        if current.operands.contains(where: { $0.definingOperation == cast }) { break }
        cast.replaceAllUses(with: Array(current.operands))
        break
      }
      next = inputCast(current)
    }
  }
  let own = Set(casts)
  var live: Set<Operation> = []
  for cast in casts {
    let isUsed = cast.results.contains { $0.uses.contains { !own.contains($0.owner) } }
    if !isUsed { continue }
    var pending = [cast]
    while let operation = pending.popLast() {
      guard live.insert(operation).inserted else { continue }
      for operand in operation.operands {
        if let source = operand.definingOperation, own.contains(source) { pending.append(source) }
      }
    }
  }
  let dead = casts.filter { !live.contains($0) }
  for cast in dead { cast.dropAllReferences() }
  for cast in dead { cast.erase() }
}
