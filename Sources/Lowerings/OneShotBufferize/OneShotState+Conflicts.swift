import MartletDialects
import MartletIR

/// Whether writing in place would be seen by a read that should not see it.
///
/// A read R should get what a definition D wrote. It conflicts with a write W to the same memory if W may come
/// after D and before R.
extension OneShotState {
  /// Whether the operand cannot be bufferized in place; with `onlyChecking` whether what is decided is
  /// inconsistent already.
  func hasConflict(_ use: TensorUse, onlyChecking: Bool = false) -> Bool {
    var reading: [TensorUse] = []
    var writing: [TensorUse] = []
    for value in [use.value] + aliases(of: use).map(\.place) {
      addReads(value, &reading)
      addWrites(value, &writing)
    }
    if !onlyChecking, writes(use), !writing.contains(use) { writing.append(use) }
    return hasInterference(reading, writing)
  }

  /// Whether in place the operand would make something writable that is not.
  func writesToUnwritable(_ use: TensorUse, onlyChecking: Bool = false) -> Bool {
    var isWritten = !onlyChecking && writes(use)
    let values = [use.value] + aliases(of: use).map(\.place)
    if !isWritten {
      var writing: [TensorUse] = []
      for value in values { addWrites(value, &writing) }
      isWritten = !writing.isEmpty
    }
    if !isWritten { return false }
    var isReadOnly = false
    for value in values {
      for alias in aliases(of: value) where !isWritable(alias) {
        isReadOnly = true
        if options.printsConflicts { annotateUnwritable(alias) }
      }
    }
    return isReadOnly
  }

  private func addReads(_ root: Value, _ found: inout [TensorUse]) {
    var known = Set(found)
    for alias in aliases(of: root) {
      for operand in alias.uses {
        let use = TensorUse(operand)
        if known.contains(use) { continue }
        if !reads(use) {
          // What neither reads nor writes passes on to what may read.
          guard !writes(use), aliases(of: use).contains(where: { isRead($0.place) }) else {
            continue
          }
        }
        known.insert(use)
        found.append(use)
      }
    }
  }

  private func addWrites(_ root: Value, _ found: inout [TensorUse]) {
    var known = Set(found)
    for alias in aliases(of: root) {
      for operand in alias.uses {
        let use = TensorUse(operand)
        if !known.contains(use), writes(use), isInPlace(use) {
          known.insert(use)
          found.append(use)
        }
      }
    }
  }

  private func hasInterference(_ reading: [TensorUse], _ writing: [TensorUse]) -> Bool {
    if options.checksParallelRegions, !reading.isEmpty {
      for write in writing where needsPrivateBuffer(write) { return true }
    }
    for read in reading {
      let definitions = definitions(of: read)
      if definitions.isEmpty { continue }
      for write in writing where conflicts(read, write, definitions) { return true }
    }
    return false
  }

  /// Whether a write happens in another parallel region than where the buffer comes from.
  private func needsPrivateBuffer(_ write: TensorUse) -> Bool {
    let region = parallelRegion(write.owner.block?.region)
    return sources(of: write) { isWritten($0) }.contains {
      parallelRegion($0.block?.region) != region
    }
  }

  private func conflicts(
    _ read: TensorUse, _ write: TensorUse, _ definitions: [Value]
  ) -> Bool {
    let (reader, writer) = (read.owner, write.owner)
    if canOrder(read, write, definitions) {
      if happensBefore(reader, writer) || write == read { return false }
      if areExclusive(reader, writer) { return false }
      if reader == writer, let model = model(reader),
        model.isElementwise([read, write], self),
        hasEquivalent(write.value, behind: read) || hasEquivalent(read.value, behind: write)
      {
        return false
      }
    }
    if areSeparateSubsets(read, write) { return false }
    if let model = model(reader), model.isNotConflicting(read, write, self) { return false }
    if reader != writer, let model = model(writer), model.isNotConflicting(read, write, self) {
      return false
    }
    for definition in definitions {
      if let made = definition.definingOperation {
        if happensBefore(writer, made) || made != writer && made.isAncestor(of: writer) {
          continue
        }
      } else if let block = definition.owningBlock, let region = block.region,
        writer.ancestor(in: region)?.block != block
      {
        continue
      }
      let aliases = aliases(of: write)
      if aliases.count == 1, aliases[0].place == definition { continue }
      if options.printsConflicts { annotateConflict(read, write, definition) }
      return true
    }
    return false
  }

  // MARK: Order

  private func happensBefore(_ a: Operation, _ b: Operation) -> Bool {
    var current: Operation? = a
    while let operation = current {
      if operation != b, operation.isAncestor(of: b) { return false }
      // In a graph nothing comes after anything else, an operation not even after itself.
      if let block = operation.block, block == b.block,
        block.parentOperation?.has(.graphRegion) ?? false
      {
        return true
      }
      if dominance.properlyDominates(operation, b) { return true }
      current = operation.parent
    }
    return false
  }

  /// Whether the order of operations in the text says in which order they happen, which in loops it does not.
  private func canOrder(
    _ read: TensorUse, _ write: TensorUse, _ definitions: [Value]
  ) -> Bool {
    for definition in definitions {
      var region = repetitiveRegion(read.owner.block?.region)
      let home = repetitiveRegion(definition.block?.region)
      if region == home { continue }
      while let current = region {
        let next = repetitiveRegion(current.parentOperation.block?.region)
        if next == home { break }
        region = next
      }
      guard let loop = region else { continue }
      if loop.parentOperation.isAncestor(of: write.owner) { return false }
    }
    guard let from = read.owner.block, let to = write.owner.block, from.region == to.region else {
      return true
    }
    for definition in definitions {
      guard let home = definition.block else { continue }
      if Self.reaches(from, to, avoiding: home), Self.reaches(to, from, avoiding: home) {
        return false
      }
    }
    return true
  }

  private static func reaches(_ from: Block, _ to: Block, avoiding: Block) -> Bool {
    if to == avoiding { return false }
    var seen: Set<Block> = [avoiding]
    var waiting = from.successors
    while let block = waiting.popLast() {
      if block == to { return true }
      if seen.insert(block).inserted { waiting += block.successors }
    }
    return false
  }

  /// Whether of both operations only one is executed, since they lie in branches of one conditional.
  private func areExclusive(_ a: Operation, _ b: Operation) -> Bool {
    var current = a.parent
    while let around = current {
      current = around.parent
      guard let branch = around.regionBranch, around.isAncestor(of: b), around != b else {
        continue
      }
      func region(of operation: Operation) -> Region? {
        around.regions.first { operation.ancestor(in: $0) != nil }
      }
      return branch.executesRegionsAtMostOnce && region(of: a) != region(of: b)
    }
    return false
  }

  private func hasEquivalent(_ value: Value, behind use: TensorUse) -> Bool {
    var traversal = Traversal()
    traversal.followsEquivalentOnly = true
    traversal.includesLeaves = false
    traversal.followsSameTypeOrCastsOnly = true
    return !sources(of: use, traversal) { $0 == value }.isEmpty
  }

  // MARK: Subsets

  /// The positions of source and destination of an operation that puts a tensor into a part of another.
  static func insertion(_ operation: Operation) -> (source: TensorUse, destination: TensorUse)? {
    if operation.is(TensorDialect.insertSlice) || operation.is(TensorDialect.parallelInsertSlice)
      || operation.is(Bufferization.materializeInDestination)
    {
      return (TensorUse(operation, 0), TensorUse(operation, 1))
    }
    if operation.name.string == "linalg.copy", operation.operandCount == 2 {
      return (TensorUse(operation, 0), TensorUse(operation, 1))
    }
    return nil
  }

  /// Whether `candidate` is, or is taken from, just the part that the insertion puts something into.
  private func isInserted(_ candidate: Value, _ operation: Operation) -> Bool {
    guard let insertion = Self.insertion(operation) else { return false }
    let destination = insertion.destination.value
    if !operation.is(TensorDialect.insertSlice), !operation.is(TensorDialect.parallelInsertSlice) {
      return areEquivalent(destination, candidate)
    }
    guard let slice = candidate.definingOperation, slice.is(TensorDialect.extractSlice),
      areEquivalent(destination, slice.operand(0))
    else { return false }
    return Self.areEqual(operation.mixedOffsets, slice.mixedOffsets)
      && Self.areEqual(operation.mixedSizes, slice.mixedSizes)
      && Self.areEqual(operation.mixedStrides, slice.mixedStrides)
  }

  private static func areEqual(_ a: [MixedIndex], _ b: [MixedIndex]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { areEqual($0, $1) }
  }

  private static func areEqual(_ a: MixedIndex, _ b: MixedIndex) -> Bool {
    if let x = a.constantValue, let y = b.constantValue { return x == y }
    guard case .value(let x) = a, case .value(let y) = b else { return false }
    if x == y { return true }
    let identity = x.context.identityMap(1)
    let difference = AffineBound.difference(
      AffineBound(map: identity, operands: [x]), AffineBound(map: identity, operands: [y]))
    return difference.map.results[0].constantValue == 0
  }

  /// Whether all that an operand comes from is the part an insertion writes.
  private func comesFromInserted(_ use: TensorUse, _ operation: Operation) -> Bool {
    func matches(_ value: Value) -> Bool {
      !value.isBlockArgument && isInserted(value, operation)
    }
    return sources(of: use, where: matches).allSatisfy(matches)
  }

  private func areSeparateSubsets(_ read: TensorUse, _ write: TensorUse) -> Bool {
    if let insertion = Self.insertion(read.owner) {
      // What is overwritten is not read.
      if read == insertion.destination, comesFromInserted(write, read.owner) { return true }
      // What is inserted lies there already.
      if read == insertion.source, write == insertion.destination,
        comesFromInserted(read, read.owner)
      {
        return true
      }
    }
    if let insertion = Self.insertion(write.owner), write == insertion.destination,
      areEquivalent(read.value, insertion.source.value),
      comesFromInserted(insertion.source, write.owner)
    {
      return true
    }
    return false
  }

  // MARK: Annotations

  private func annotate(_ operation: Operation, _ name: String) {
    operation.setAttribute(name, operation.context.unit)
  }

  private func annotateConflict(_ read: TensorUse, _ write: TensorUse, _ definition: Value) {
    let id = "C_\(conflictCount)"
    conflictCount += 1
    annotate(write.owner, "\(id)[CONFL-WRITE: \(write.index)]")
    annotate(read.owner, "\(id)[READ: \(read.index)]")
    guard let owner = Self.owner(of: definition) else { return }
    let kind = definition.isBlockArgument ? "bbArg" : "result"
    annotate(owner, "\(id)[DEF: \(kind) \(definition.index)]")
  }

  private func annotateUnwritable(_ value: Value) {
    let id = "W_\(unwritableCount)"
    unwritableCount += 1
    guard let owner = Self.owner(of: value) else { return }
    let kind = value.isBlockArgument ? "bbArg" : "result"
    annotate(owner, "\(id)[NOT-WRITABLE: \(kind) \(value.index)]")
  }
}
