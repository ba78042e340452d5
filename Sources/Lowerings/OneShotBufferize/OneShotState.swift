import MartletDialects
import MartletIR
import MartletSupport

/// Sets of values that are merged, each set in the order in which values came to it.
struct ValueClasses {
  private var leaders: [Value: Value] = [:]
  private var sets: [Value: [Value]] = [:]

  mutating func insert(_ value: Value) {
    if leaders[value] != nil { return }
    leaders[value] = value
    sets[value] = [value]
  }

  mutating func merge(_ a: Value, _ b: Value) {
    insert(a)
    insert(b)
    guard let first = leaders[a], let second = leaders[b], first != second else { return }
    let moved = sets.removeValue(forKey: second) ?? []
    for value in moved { leaders[value] = first }
    sets[first, default: []] += moved
  }

  func members(_ value: Value) -> [Value] { leaders[value].flatMap { sets[$0] } ?? [] }

  func areMerged(_ a: Value, _ b: Value) -> Bool {
    if a == b { return true }
    guard let first = leaders[a], let second = leaders[b] else { return false }
    return first == second
  }
}

/// What is known and was decided about tensors, and the questions about it. Without an analysis operands that are
/// written are out of place and nothing is known to be equivalent.
final class OneShotState {
  let options: OneShotOptions
  /// Whether decisions are recorded; else only what operations themselves say is known.
  let isAnalysis: Bool
  private(set) var aliasSets = ValueClasses()
  private(set) var equivalentSets = ValueClasses()
  private(set) var inPlace: Set<TensorUse> = []
  private(set) var inPlaceCount = 0
  private(set) var outOfPlaceCount = 0
  var undefinedUses: Set<TensorUse> = []
  private var definitions: [Value: [Value]] = [:]
  var functions = FunctionFacts()
  let dominance = Dominance()
  /// Numbers of conflicts in annotations.
  var conflictCount = 0
  var unwritableCount = 0

  init(_ options: OneShotOptions, isAnalysis: Bool = false) {
    self.options = options
    self.isAnalysis = isAnalysis
  }

  // MARK: Operations

  func model(_ operation: Operation) -> BufferizableModel? {
    guard let model = BufferizableModels.model(of: operation), options.allows(operation) else {
      return nil
    }
    return model
  }

  static func owner(of value: Value) -> Operation? {
    value.definingOperation ?? value.owningBlock?.parentOperation
  }

  static func tensorUses(of operation: Operation) -> [TensorUse] {
    operation.operands.indices.compactMap {
      operation.operand($0).type.isTensor ? TensorUse(operation, $0) : nil
    }
  }

  static func hasTensorTypes(_ operation: Operation) -> Bool {
    for region in operation.regions {
      for block in region.blocks where block.arguments.contains(where: { $0.type.isTensor }) {
        return true
      }
    }
    return operation.results.contains { $0.type.isTensor }
      || operation.operands.contains { $0.type.isTensor }
  }

  static func hasTensors(_ operation: Operation) -> Bool {
    BufferizableModels.model(of: operation)?.hasTensors(operation) ?? hasTensorTypes(operation)
  }

  // MARK: Setting up

  /// Enters all tensors below `root`, and decides what must be in place.
  func enter(_ root: Operation) {
    root.walk { operation in
      for result in operation.results where result.type.isTensor { enter(result) }
      for region in operation.regions {
        for block in region.blocks {
          for argument in block.arguments where argument.type.isTensor { enter(argument) }
        }
      }
    }
    root.walk { operation in
      guard let model = model(operation) else { return }
      for use in Self.tensorUses(of: operation) where model.mustBeInPlace(use, self) {
        decideInPlace(use)
      }
    }
  }

  private func enter(_ value: Value) {
    aliasSets.insert(value)
    equivalentSets.insert(value)
  }

  func decideInPlace(_ use: TensorUse) {
    if !inPlace.insert(use).inserted { return }
    for alias in aliases(of: use) { aliasSets.merge(alias.place, use.value) }
    inPlaceCount += 1
  }

  func decideOutOfPlace(_ use: TensorUse) { outOfPlaceCount += 1 }

  func merge(equivalent a: Value, _ b: Value) { equivalentSets.merge(a, b) }

  // MARK: Operands and values

  func aliases(of use: TensorUse) -> [ValueAlias] {
    if let model = model(use.owner) { return model.aliases(of: use, self) }
    return Self.unknownAliases(of: use)
  }

  /// Of an operation nothing is known of, any result and any argument of an entry block.
  static func unknownAliases(of use: TensorUse) -> [ValueAlias] {
    var values = use.owner.results.filter { $0.type.isTensor }
    for region in use.owner.regions {
      values += region.arguments.filter { $0.type.isTensor }
    }
    return values.map { ValueAlias($0, isEquivalent: false, isDefinite: false) }
  }

  func aliasingOperands(_ value: Value) -> [OperandAlias] {
    guard let owner = Self.owner(of: value) else { return [] }
    if let model = model(owner) { return model.aliasingOperands(value, self) }
    if let block = value.owningBlock, !block.isEntry { return [] }
    return Self.tensorUses(of: owner).map {
      OperandAlias($0, isEquivalent: false, isDefinite: false)
    }
  }

  func reads(_ use: TensorUse) -> Bool { model(use.owner)?.reads(use, self) ?? true }
  func writes(_ use: TensorUse) -> Bool { model(use.owner)?.writes(use, self) ?? true }

  /// Whether the operand is neither read nor written, but shared with a result.
  func onlyAliases(_ use: TensorUse) -> Bool {
    guard let model = model(use.owner) else { return false }
    return !model.reads(use, self) && !model.writes(use, self)
      && !model.aliases(of: use, self).isEmpty
  }

  func isWritten(_ value: Value) -> Bool {
    guard let owner = value.definingOperation, let model = model(owner) else { return true }
    return model.resultIsWritten(value, self)
  }

  func isInPlace(_ use: TensorUse) -> Bool {
    if isAnalysis { return inPlace.contains(use) }
    if use.owner.is(Bufferization.toBuffer) { return true }
    return !writes(use)
  }

  func areEquivalent(_ a: Value, _ b: Value) -> Bool {
    isAnalysis && equivalentSets.areMerged(a, b)
  }
  func mayAlias(_ a: Value, _ b: Value) -> Bool { !isAnalysis || aliasSets.areMerged(a, b) }
  func aliases(of value: Value) -> [Value] { aliasSets.members(value) }

  func isWritable(_ value: Value) -> Bool {
    guard let owner = Self.owner(of: value), let model = model(owner) else { return false }
    return model.isWritable(value, self)
  }

  /// Whether something reads the value, through views of it too.
  func isRead(_ value: Value) -> Bool {
    var waiting = value.uses.map(TensorUse.init)
    var seen: Set<TensorUse> = []
    while let use = waiting.popLast() {
      if !seen.insert(use).inserted { continue }
      if onlyAliases(use) {
        for alias in aliases(of: use) { waiting += alias.place.uses.map(TensorUse.init) }
      }
      if reads(use) { return true }
    }
    return false
  }

  /// Whether an alias of the value is written in place.
  func isWrittenThroughAlias(_ value: Value) -> Bool {
    aliases(of: value).contains { alias in
      alias.uses.contains { isInPlace(TensorUse($0)) && writes(TensorUse($0)) }
    }
  }

  /// Whether a copy of an operand that is not in place may leave out the elements.
  func canOmitCopy(_ use: TensorUse) -> Bool {
    if undefinedUses.contains(use) { return true }
    let isRead = reads(use)
    if writes(use), !isRead { return true }
    return !isRead && !aliases(of: use).contains { self.isRead($0.place) }
  }

  // MARK: Where values come from

  struct Traversal {
    var includesLeaves = true
    var followsInPlaceOnly = false
    var followsEquivalentOnly = false
    var followsUnknownOperations = false
    var followsSameTypeOrCastsOnly = false
  }

  /// Follows what may share memory with an operand back until `condition` holds.
  func sources(
    of use: TensorUse, _ traversal: Traversal = Traversal(), where condition: (Value) -> Bool
  ) -> [Value] {
    var visited: Set<Value> = []
    var found: [Value] = []
    var isFound: Set<Value> = []
    func add(_ value: Value) { if isFound.insert(value).inserted { found.append(value) } }
    func addLeaf(_ value: Value) { if traversal.includesLeaves { add(value) } }
    var waiting = [use.value]
    while let value = waiting.popLast() {
      if !visited.insert(value).inserted {
        addLeaf(value)
        continue
      }
      if condition(value) {
        add(value)
        continue
      }
      let owner = Self.owner(of: value)
      if !traversal.followsUnknownOperations, owner.flatMap({ model($0) }) == nil {
        addLeaf(value)
        continue
      }
      let aliases = aliasingOperands(value)
      if aliases.isEmpty {
        addLeaf(value)
        continue
      }
      for alias in aliases {
        let operand = alias.place.value
        let isCast = value.definingOperation.map { Self.isCast($0) } ?? false
        if traversal.followsEquivalentOnly && !alias.isEquivalent
          || traversal.followsInPlaceOnly && !isInPlace(alias.place)
          || traversal.followsSameTypeOrCastsOnly && operand.type != value.type && !isCast
        {
          addLeaf(value)
          continue
        }
        if !waiting.contains(operand) { waiting.append(operand) }
      }
    }
    return found
  }

  private static func isCast(_ operation: Operation) -> Bool {
    operation.is(TensorDialect.cast) || operation.is(Arith.indexCast)
  }

  /// The values whose writing gave the operand what it holds.
  func definitions(of use: TensorUse) -> [Value] {
    if let known = definitions[use.value] { return known }
    var traversal = Traversal()
    traversal.includesLeaves = false
    let found = sources(of: use, traversal) { isWritten($0) }
    definitions[use.value] = found
    return found
  }

  func defaultResultIsWritten(_ value: Value) -> Bool {
    guard let operation = value.definingOperation else { return true }
    let operands = aliasingOperands(value)
    if operands.isEmpty { return true }
    if operands.contains(where: { writes($0.place) }) { return true }
    var traversal = Traversal()
    traversal.includesLeaves = false
    return operands.contains { alias in
      !sources(of: alias.place, traversal) { inner in
        guard let owner = Self.owner(of: inner), operation.isAncestor(of: owner) else {
          return false
        }
        return isWritten(inner)
      }.isEmpty
    }
  }

  // MARK: Regions

  func isRepetitive(_ region: Region) -> Bool {
    model(region.parentOperation)?.isRepetitive(region) ?? false
  }

  /// The innermost repetitive region around, `region` included.
  func repetitiveRegion(_ region: Region?) -> Region? {
    var current = region
    while let region = current {
      if isRepetitive(region) { return region }
      current = region.parentOperation.block?.region
    }
    return nil
  }

  func parallelRegion(_ region: Region?) -> Region? {
    var current = region
    while let region = current {
      if model(region.parentOperation)?.isParallel(region) ?? false { return region }
      current = region.parentOperation.block?.region
    }
    return nil
  }
}

/// What was found out about functions.
struct FunctionFacts {
  /// Functions whose analysis is complete.
  var analyzed: Set<Operation> = []
  /// For each function and result the argument that is the same buffer.
  var equivalentArguments: [Operation: [Int: Int]] = [:]
  /// For each function and argument the results that may share its memory.
  var aliasingResults: [Operation: [Int: [Int]]] = [:]
  var readArguments: [Operation: Set<Int>] = [:]
  var writtenArguments: [Operation: Set<Int>] = [:]
}
