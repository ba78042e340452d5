import MartletIR
import MartletSupport

/// How much `applyPatternsGreedily` does to the blocks of regions between iterations.
public enum RegionSimplification: String, Sendable, CaseIterable {
  case disabled
  /// Removes unreachable blocks, dead operations and dead block arguments.
  case normal
  /// Also merges blocks that are alike and removes arguments that are always the same value.
  case aggressive
}

/// Settings of `applyPatternsGreedily`; the defaults are those of MLIR's canonicalizer.
public struct GreedyConfig: Sendable {
  /// How often the whole region is gone through; nil for no limit.
  public var maxIterations: Int? = 10
  /// How many patterns may apply in one iteration; nil for no limit.
  public var maxRewrites: Int?
  /// Whether the first operations of the text are tried first.
  public var isTopDown = true
  public var folds = true
  /// Whether equal constants are made one, at the start of the function around them.
  public var uniquesConstants = true
  public var regionSimplification = RegionSimplification.normal

  public init() {}
}

/// What became of a greedy rewrite.
public struct GreedyResult: Sendable {
  /// Whether the last iteration found nothing left to do.
  public var converged = true
  public var changed = false
  /// How many patterns were applied, operations folded and operations found dead.
  public var rewrites = 0
  public var folds = 0
  public var erased = 0
}

/// Folds operations and applies patterns everywhere inside `region` until nothing changes or a limit
/// of `config` is reached; the operation around the region stays as it is.
///
/// A worklist algorithm that does things in the order MLIR 22's greedy driver does, so that the
/// outcome is the same down to the order of constants.
@discardableResult
public func applyPatternsGreedily(
  to region: Region, _ patterns: FrozenPatternSet, _ config: GreedyConfig = GreedyConfig()
) -> GreedyResult {
  GreedyDriver(region, patterns, config).run()
}

/// As above, for each region of `operation`.
@discardableResult
public func applyPatternsGreedily(
  to operation: Operation, _ patterns: FrozenPatternSet, _ config: GreedyConfig = GreedyConfig()
) -> GreedyResult {
  var total = GreedyResult()
  for region in operation.regions where !region.isEmpty {
    let result = applyPatternsGreedily(to: region, patterns, config)
    total.converged = total.converged && result.converged
    total.changed = total.changed || result.changed
    total.rewrites += result.rewrites
    total.folds += result.folds
    total.erased += result.erased
  }
  return total
}

/// As above, starting from `operations` of `region` alone; what a change may have an influence on is
/// looked at too. Neither constants nor blocks are tidied.
@discardableResult
public func applyPatternsGreedily(
  to operations: [Operation], in region: Region, _ patterns: FrozenPatternSet,
  _ config: GreedyConfig = GreedyConfig()
) -> GreedyResult {
  GreedyDriver(region, patterns, config).run(from: operations)
}

final class GreedyDriver: PatternRewriter {
  private let region: Region
  private let patterns: FrozenPatternSet
  private let config: GreedyConfig
  /// Behind a pointer, so that an access costs no exclusivity check.
  private let worklist: UnsafeMutablePointer<Worklist>
  private var result = GreedyResult()
  private let watcher: RewriteWatcher?
  private let probe: PatternProbe?
  /// Whether anyone watches: only then are rewrites told of and timed.
  private let isObserved: Bool

  init(_ region: Region, _ patterns: FrozenPatternSet, _ config: GreedyConfig) {
    self.region = region
    self.patterns = patterns
    self.config = config
    watcher = region.context.rewriteWatcher
    probe = TraceRecorder.current?.patternProbe()
    isObserved = watcher != nil || probe != nil
    worklist = .allocate(capacity: 1)
    worklist.initialize(to: Worklist())
    super.init(region.context)
  }

  deinit {
    probe?.finish()
    worklist.deinitialize(count: 1)
    worklist.deallocate()
  }

  func run() -> GreedyResult {
    var iteration = 0
    var goesOn = true
    while goesOn {
      if let limit = config.maxIterations, iteration >= limit { break }
      iteration += 1
      seed()
      // What cannot be reached may use its own results, which patterns do not reckon with.
      let erased = eraseUnreachableBlocks(of: region, rewriter: self)
      goesOn = processWorklist() || erased
      if config.regionSimplification != .disabled {
        let level = config.regionSimplification
        if simplifyRegion(region, level, rewriter: self) { goesOn = true }
      }
      if goesOn { result.changed = true }
    }
    result.converged = !goesOn
    return result
  }

  func run(from operations: [Operation]) -> GreedyResult {
    for operation in operations { worklist.pointee.push(operation) }
    result.changed = processWorklist()
    return result
  }

  // MARK: Seeding

  /// Fills the worklist with all operations, and has equal constants made one on the way.
  private func seed() {
    worklist.pointee.removeAll()
    var constants = ConstantUniquer()
    if config.isTopDown {
      seedTopDown(region, &constants)
      worklist.pointee.reverse()
    } else {
      seedBottomUp(region, &constants)
    }
  }

  private func seedTopDown(_ region: Region, _ constants: inout ConstantUniquer) {
    for block in region.blocks {
      for operation in block.operations {
        if unique(operation, &constants) { continue }
        worklist.pointee.push(operation)
        if operation.regionCount > 0 {
          for inner in operation.regions { seedTopDown(inner, &constants) }
        }
      }
    }
  }

  private func seedBottomUp(_ region: Region, _ constants: inout ConstantUniquer) {
    for block in region.blocks {
      for operation in block.operations {
        for inner in operation.regions { seedBottomUp(inner, &constants) }
        if !unique(operation, &constants) { enqueue(operation) }
      }
    }
  }

  /// - Returns: whether `operation` was a constant there is already and is gone.
  private func unique(_ operation: Operation, _ constants: inout ConstantUniquer) -> Bool {
    guard config.uniquesConstants, operation.has(.constantLike), operation.resultCount == 1,
      let value = operation.constantValue, let kept = constants.keep(operation, value)
    else { return false }
    operation.result().replaceAllUses(with: kept.result())
    erase(operation)
    return true
  }

  // MARK: The worklist

  /// - Returns: whether anything changed.
  private func processWorklist() -> Bool {
    var changed = false
    var rewrites = 0
    while let operation = worklist.pointee.pop() {
      if let limit = config.maxRewrites, rewrites >= limit { break }
      if operation.isTriviallyDead {
        erase(operation)
        result.erased += 1
        changed = true
        continue
      }
      if config.folds, !operation.has(.constantLike),
        isObserved ? foldObserved(operation) : fold(operation)
      {
        result.folds += 1
        changed = true
        continue
      }
      let list = patterns.listNumber(operation.name)
      if list != 0,
        isObserved
          ? applyOneObserved(patterns.list(list), operation)
          : applyOne(patterns.list(list), operation)
      {
        rewrites += 1
        result.rewrites += 1
        changed = true
      }
    }
    return changed
  }

  private func fold(_ operation: Operation) -> Bool {
    switch Folding.fold(operation) {
    case .none: return false
    case .inPlace:
      didModify(operation)
      return true
    case .one(.value(let value)):
      guard value.type == operation.result().type else { return false }
      replaceAllUses(of: operation.result(), with: value)
      erase(operation)
      return true
    case .one(.attribute(let attribute)):
      setInsertionPoint(before: operation)
      guard
        let constant = materialize(
          attribute, operation.result().type, dialect: operation.name.dialect)
      else { return false }
      replaceAllUses(of: operation.result(), with: constant.result())
      erase(operation)
      return true
    case .replaced(let folded):
      setInsertionPoint(before: operation)
      guard let values = materialize(folded, for: operation) else { return false }
      replace(operation, with: values)
      return true
    }
  }

  private func applyOne(_ list: [RewritePattern], _ operation: Operation) -> Bool {
    for pattern in list {
      setInsertionPoint(before: operation)
      if pattern.matchAndRewrite(operation, self) { return true }
    }
    return false
  }

  // MARK: Rewriting under observation

  /// The counters of what is tried on operations called as `operation` is.
  private func counters(_ operation: Operation, _ probe: PatternProbe) -> Int {
    let name = operation.name
    return probe.counters(of: Int(name.raw), name.string, patterns.patterns(for: name).map(\.name))
  }

  private func foldObserved(_ operation: Operation) -> Bool {
    let site = watcher == nil ? nil : RewriteSite(operation)
    let folded: Bool
    if let probe {
      let counter = counters(operation, probe)
      probe.begin(counter)
      folded = fold(operation)
      probe.end(counter, applied: folded)
    } else {
      folded = fold(operation)
    }
    if folded, let site { watcher?.didFold(site) }
    return folded
  }

  private func applyOneObserved(_ list: [RewritePattern], _ operation: Operation) -> Bool {
    let site = watcher == nil ? nil : RewriteSite(operation)
    // Behind the counter of the fold.
    var counter = probe.map { counters(operation, $0) } ?? 0
    for pattern in list {
      counter += 1
      setInsertionPoint(before: operation)
      probe?.begin(counter)
      let applied = pattern.matchAndRewrite(operation, self)
      probe?.end(counter, applied: applied)
      if applied {
        if let site { watcher?.didApply(pattern.name, site) }
        return true
      }
    }
    return false
  }

  /// Adds `operation` and the operations around it up to the region being rewritten, if it is inside.
  private func enqueue(_ operation: Operation) {
    var outermost = operation
    while let home = outermost.block?.region, home != region { outermost = home.parentOperation }
    guard outermost.block?.region == region else { return }
    var current = operation
    worklist.pointee.push(current)
    while current != outermost, let parent = current.parent {
      worklist.pointee.push(parent)
      current = parent
    }
  }

  // MARK: Watching

  override func didInsert(_ operation: Operation) {
    enqueue(operation)
    for region in operation.regions where !region.isEmpty {
      for block in region.blocks { for inner in block.operations { didInsert(inner) } }
    }
  }

  override func didModify(_ operation: Operation) { enqueue(operation) }

  override func willErase(_ operation: Operation) {
    enqueueDefiners(operation)
    worklist.pointee.remove(operation)
  }

  /// Looks again at what defines the operands, where at most one user will be left: it may be dead
  /// or fit a pattern that wants a single user.
  private func enqueueDefiners(_ operation: Operation) {
    for operand in operation.operands {
      guard !operand.isDropped, let definer = operand.definingOperation else { continue }
      var other: Operation?
      var hasMore = false
      for use in operand.uses {
        let user = use.owner
        if user == operation || user == other { continue }
        if other != nil {
          hasMore = true
          break
        }
        other = user
      }
      if !hasMore { enqueue(definer) }
    }
  }
}
