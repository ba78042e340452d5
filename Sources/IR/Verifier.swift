import MartletSupport

/// Checks that operations are well formed: structure, declared constraints, types, dominance, symbols.
///
/// Messages follow MLIR's wording.
public struct Verifier {
  private let dominance = Dominance()

  public init() {}

  /// Verifies `operation` and everything in it; what is wrong is reported to the context.
  public func verify(_ operation: Operation) throws(Reported) {
    try verifyStructure(operation)
    try verifyDominance(operation)
  }

  // MARK: Structure

  private func verifyStructure(_ operation: Operation) throws(Reported) {
    let definition = operation.definition
    let traits = operation.traits
    if let definition { try verifyDeclared(operation, definition) }
    if definition == nil, !operation.context.allowsUnregisteredDialects {
      let name = operation.name
      if operation.context.dialect(name.dialectName) != nil || name.dialectName.isEmpty {
        throw operation.emitError("unregistered operation '\(name)' found")
      }
    }
    if traits.contains(.symbol) { try verifyVisibility(operation) }
    if let verify = definition?.verify { try verify(operation) }
    if operation.regionCount > 0 {
      for region in operation.regions { try verifyRegion(region, operation) }
    }
    if let verify = definition?.verifyRegions { try verify(operation) }
    if traits.contains(.symbolTable) { try verifySymbols(operation) }
  }

  private func verifyVisibility(_ operation: Operation) throws(Reported) {
    guard let word = operation.attribute("sym_visibility")?.stringValue else { return }
    if !["public", "private", "nested"].contains(word) {
      throw operation.emitOpError(
        "visibility expected to be one of [\"public\", \"private\", \"nested\"], but got \"\(word)\""
      )
    }
  }

  private func verifyRegion(_ region: Region, _ operation: Operation) throws(Reported) {
    guard let first = region.firstBlock else { return }
    if first.hasPredecessors {
      throw operation.emitOpError("entry block of region may not have predecessors")
    }
    let needsTerminator = operation.isRegistered && !operation.has(.noTerminator)
    for block in region.blocks {
      for inner in block.operations {
        try verifyStructure(inner)
        if let next = inner.next, inner.has(.terminator) {
          throw inner.emitOpError(
            "must be the last operation in the parent block",
            notes: [next.hint("this operation follows it")])
        }
        if inner.next == nil {
          try verifySuccessors(inner)
        } else if inner.successors.count > 0 {
          throw inner.emitError("operation with block successors must terminate its parent block")
        }
      }
      if block.isEmpty {
        if needsTerminator || !region.hasOneBlock {
          throw operation.emitError("empty block: expect at least a terminator")
        }
        continue
      }
      if needsTerminator, let last = block.lastOperation, block.terminator == nil {
        throw last.emitError(
          "block with no terminator, has \(OperationExcerpt(last))",
          notes: [operation.hint("blocks of this operation need one")])
      }
    }
  }

  private func verifySuccessors(_ operation: Operation) throws(Reported) {
    for successor in operation.successors where successor.region != operation.block?.region {
      throw operation.emitOpError("reference to block defined in another region")
    }
  }

  // MARK: The declaration

  /// What a declaration says hangs, but for the parent and the blocks of regions, on the counts, types and
  /// attributes alone. Programs have few different ones of an operation, so those that were found to fit
  /// are remembered in the context.
  private func verifyDeclared(_ operation: Operation, _ definition: OpDefinition) throws(Reported) {
    if !definition.parents.isEmpty { try verifyParent(operation, definition) }
    let record = operation.record
    let length =
      1 + Int(record.operandCount) + Int(record.resultCount) + Int(record.inherentCount)
    guard length <= 64 else {
      try verifySignature(operation, definition)
      return
    }
    let state = operation.state
    let isKnown = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: length) { words in
      fillSignature(operation, definition, words)
      return state.pointee.fitting.contains(record.name, UnsafeBufferPointer(words))
    }
    if isKnown {
      if record.regionCount > 0, !definition.traits.contains(.checksOwnCounts) {
        try verifyRegionForms(operation, definition)
      }
      return
    }
    try verifySignature(operation, definition)
    if state.pointee.fitting.entries.count >= 1 << 16 { return }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: length) { words in
      fillSignature(operation, definition, words)
      _ = state.pointee.fitting.unique(record.name, UnsafeBufferPointer(words))
    }
  }

  @inline(__always)
  private func fillSignature(
    _ operation: Operation, _ definition: OpDefinition, _ words: UnsafeMutableBufferPointer<UInt64>
  ) {
    let state = operation.state
    let record = operation.record
    words[0] =
      UInt64(record.operandCount) << 48 | UInt64(record.resultCount) << 32
      | UInt64(record.regionCount) << 16 | UInt64(record.successorCount)
    var i = 1
    for k in 0..<record.operandCount {
      words[i] = UInt64(
        state.pointee.values[state.pointee.operands[record.firstOperand + k].used].type)
      i += 1
    }
    for k in 0..<UInt32(record.resultCount) {
      words[i] = UInt64(state.pointee.values[record.firstResult + k].type)
      i += 1
    }
    for k in 0..<UInt32(record.inherentCount) {
      let number = state.pointee.inherents[record.firstInherent + k]
      words[i] = UInt64(number)
      i += 1
      if number == none || k >= 64 || definition.typeOnlySlots >> UInt64(k) & 1 == 0 { continue }
      let value = Attribute(state, number)
      let kind = value.kindNumber
      if kind == BuiltinAttributeKind.integer.rawValue
        || kind == BuiltinAttributeKind.float.rawValue
      {
        words[i - 1] = UInt64(kind + 1) << 32 | value.words[0]
      }
    }
  }

  private func verifySignature(_ operation: Operation, _ definition: OpDefinition) throws(Reported)
  {
    try verifyAttributes(operation, definition)
    if definition.traits.contains(.checksOwnCounts) { return }
    try verifyCounts(operation, definition)
    try verifyValues(operation, definition.operands, operation.operandSegments, "operand") {
      operation.operand($0).type
    }
    try verifyValues(operation, definition.results, operation.resultSegments, "result") {
      operation.result($0).type
    }
    try verifyTraits(operation, definition)
    try verifyRelations(operation, definition)
  }

  private func verifyParent(_ operation: Operation, _ definition: OpDefinition) throws(Reported) {
    if definition.parents.isEmpty { return }
    guard let parent = operation.parent else { return }
    if definition.parents.contains(where: { parent.name.string == $0 }) { return }
    let names = definition.parents.joined(separator: ", ")
    throw operation.emitOpError(
      "expects parent op \(definition.parents.count > 1 ? "to be one of " : "")'\(names)'",
      notes: [parent.hint("its parent is this operation")])
  }

  private func verifyAttributes(_ operation: Operation, _ definition: OpDefinition)
    throws(Reported)
  {
    for (i, slot) in definition.attributes.enumerated() {
      guard let value = operation.inherent(i) else {
        if slot.isOptional || slot.defaultValue != nil { continue }
        if slot.name.hasSuffix("SegmentSizes") { continue }
        throw operation.emitOpError("requires attribute '\(slot.name)'")
      }
      if !slot.constraint.accepts(value) {
        throw operation.emitOpError(
          "attribute '\(slot.name)' failed to satisfy constraint: \(slot.constraint.summary)")
      }
    }
  }

  private func verifyCounts(_ operation: Operation, _ definition: OpDefinition) throws(Reported) {
    try verifyCount(
      operation, definition.operands.map(\.arity), operation.operandCount, "operand",
      sized: definition.traits.contains(.attrSizedOperandSegments) ? "operandSegmentSizes" : nil)
    try verifyCount(
      operation, definition.results.map(\.arity), operation.resultCount, "result",
      sized: definition.traits.contains(.attrSizedResultSegments) ? "resultSegmentSizes" : nil)
    try verifyCount(
      operation, definition.regions.map(\.arity), operation.regionCount, "region", sized: nil)
    try verifyCount(
      operation, definition.successors.map(\.arity), operation.successors.count, "successor",
      sized: nil)
    try verifyRegionForms(operation, definition)
  }

  private func verifyRegionForms(_ operation: Operation, _ definition: OpDefinition)
    throws(Reported)
  {
    for (i, region) in operation.regions.enumerated() {
      let declared = i < definition.regions.count ? definition.regions[i] : definition.regions.last
      guard let declared else { continue }
      let isMandatory = declared.hasOneBlock && declared.arity == .one
      if isMandatory
        ? !region.hasOneBlock : (declared.hasOneBlock && !region.isEmpty && !region.hasOneBlock)
      {
        throw operation.emitOpError(
          "region #\(i) ('\(declared.name)') failed to verify constraint: region with 1 blocks")
      }
      if definition.traits.contains(.singleBlock), !region.isEmpty, !region.hasOneBlock {
        throw operation.emitOpError("expects region #\(i) to have 0 or 1 blocks")
      }
      if definition.traits.contains(.noRegionArguments), !region.arguments.isEmpty {
        throw operation.emitOpError("region should have no arguments")
      }
    }
  }

  private func verifyCount(
    _ operation: Operation, _ arities: [Arity], _ count: Int, _ what: String, sized: String?
  ) throws(Reported) {
    if let sized {
      guard let sizes = operation.attribute(sized)?.integers, sizes.count == arities.count else {
        throw operation.emitOpError(
          "'\(sized)' attribute for specifying \(what) segments must have \(arities.count) elements, but got \(operation.attribute(sized)?.integers?.count ?? 0)"
        )
      }
      if sizes.contains(where: { $0 < 0 }) || sizes.reduce(0, { $0 &+ $1 }) != count {
        throw operation.emitOpError(
          "\(what) count (\(count)) does not match with the total size (\(sizes.reduce(0, { $0 &+ $1 }))) specified in attribute '\(sized)'"
        )
      }
      for (size, arity) in zip(sizes, arities)
      where arity == .one && size != 1
        || arity == .optional && size > 1
      {
        throw operation.emitOpError(
          "\(what) group size \(size) in '\(sized)' does not fit the declaration")
      }
      return
    }
    let fixed = arities.count { $0 == .one }
    let variable = arities.count - fixed
    if variable == 0 {
      if count == fixed { return }
      throw operation.emitOpError(countMessage(what, fixed, atLeast: false, found: count))
    }
    if count < fixed {
      throw operation.emitOpError(countMessage(what, fixed, atLeast: true, found: count))
    }
    if !arities.contains(.variadic), count > arities.count || (count - fixed) % variable != 0 {
      throw operation.emitOpError("expected at most \(arities.count) \(what)s, but found \(count)")
    }
  }

  private func countMessage(_ what: String, _ expected: Int, atLeast: Bool, found: Int) -> String {
    let least = atLeast ? "at least " : ""
    switch (what, expected) {
    case ("operand", 0): return "requires zero operands"
    case ("operand", 1) where !atLeast: return "requires a single operand"
    case ("operand", _):
      return "expected \(expected)\(atLeast ? " or more" : "") operands, but found \(found)"
    case ("result", 0): return "requires zero results"
    case ("result", 1) where !atLeast: return "requires one result"
    case ("result", _): return "requires \(least)\(expected) results"
    case ("region", 0): return "requires zero regions"
    case ("region", 1) where !atLeast: return "requires one region"
    case ("successor", 0): return "requires 0 successors but found \(found)"
    case ("successor", _):
      return "requires \(expected) \(what)\(expected == 1 ? "" : "s") but found \(found)"
    default: return "requires \(least)\(expected) \(what)s"
    }
  }

  private func verifyValues(
    _ operation: Operation, _ declared: [ValueDefinition], _ segments: [Int], _ what: String,
    _ type: (Int) -> Type
  ) throws(Reported) {
    var position = 0
    for (definition, size) in zip(declared, segments) {
      for i in position..<(position + size) {
        let found = type(i)
        if definition.constraint.accepts(found) { continue }
        let group =
          definition.arity == .one
          ? "" : definition.arity == .variadic ? "variadic of " : "optional of "
        throw operation.emitOpError(
          "\(what) #\(i) must be \(group)\(definition.constraint.summary), but got '\(found)'",
          notes: what == "operand" ? operation.operand(i).definitionHint : [])
      }
      position += size
    }
  }

  private func verifyTraits(_ operation: Operation, _ definition: OpDefinition) throws(Reported) {
    let traits = definition.traits
    if traits.contains(.sameOperandsAndResultType) {
      try requireSame(operation, operands: true, results: true) { $0 }
    }
    if traits.contains(.sameTypeOperands) {
      guard let first = operation.operands.first?.type else { return }
      if operation.operands.contains(where: { $0.type != first }) {
        throw operation.emitOpError("requires all operands to have the same type")
      }
    }
    if traits.contains(.sameOperandsAndResultElementType) {
      let types = operation.operands.types + operation.results.types
      if let first = types.first, types.contains(where: { $0.elementType != first.elementType }) {
        throw operation.emitOpError(
          "requires the same element type for all operands and results")
      }
    }
    if traits.contains(.sameOperandsAndResultShape) {
      try requireCompatibleShapes(
        operation, operation.operands.types + operation.results.types,
        "requires the same shape for all operands and results")
    }
    if traits.contains(.elementwise) { try verifyElementwise(operation) }
  }

  private func requireSame(
    _ operation: Operation, operands: Bool, results: Bool, _ part: (Type) -> Type
  ) throws(Reported) {
    guard let first = operation.results.first?.type ?? operation.operands.first?.type else {
      return
    }
    let isSame = { (type: Type) in type == first || Verifier.areCompatible(type, first) }
    if !operation.operands.allSatisfy({ isSame($0.type) })
      || !operation.results.allSatisfy({ isSame($0.type) })
    {
      throw operation.emitOpError("requires the same type for all operands and results")
    }
  }

  /// Tensors whose known dimensions agree.
  static func areCompatible(_ a: Type, _ b: Type) -> Bool {
    guard a.kind == b.kind, a.isRankedTensor, a.elementType == b.elementType,
      a.encoding == b.encoding, a.rank == b.rank
    else { return false }
    return zip(a.shape, b.shape).allSatisfy { $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic }
  }

  private func requireCompatibleShapes(
    _ operation: Operation, _ types: [Type], _ message: String
  ) throws(Reported) {
    let ranked = types.filter(\.hasRank)
    guard let first = ranked.first else { return }
    for type in types {
      let fits =
        type.hasRank
        ? type.rank == first.rank
          && zip(type.shape, first.shape).allSatisfy {
            $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic
          } : type.isShaped
      if !fits { throw operation.emitOpError(message) }
    }
  }

  private func verifyElementwise(_ operation: Operation) throws(Reported) {
    let shapedResults = operation.results.types.filter { $0.isVector || $0.isTensor }
    let shapedOperands = operation.operands.types.filter { $0.isVector || $0.isTensor }
    if shapedOperands.isEmpty, !shapedResults.isEmpty {
      throw operation.emitOpError(
        "if a result is non-scalar, then at least one operand must be non-scalar")
    }
    if shapedOperands.isEmpty { return }
    if shapedResults.count != operation.resultCount {
      throw operation.emitOpError(
        "if an operand is non-scalar, then all results must be non-scalar")
    }
    try requireCompatibleShapes(
      operation, shapedOperands + shapedResults,
      "all non-scalar operands/results must have the same shape and base type")
  }

  private func verifyRelations(_ operation: Operation, _ definition: OpDefinition)
    throws(Reported)
  {
    for relation in definition.relations {
      switch relation {
      case .same(let names):
        var first: Type?
        for name in names {
          guard let type = type(of: name, operation, definition) else { continue }
          if let first, first != type, !Verifier.areCompatible(first, type) {
            throw operation.emitOpError(
              "failed to verify that all of {\(names.joined(separator: ", "))} have same type")
          }
          first = type
        }
      case .derived(let target, let source, let summary, let transform):
        guard let from = type(of: source, operation, definition),
          let to = type(of: target, operation, definition)
        else { continue }
        if transform(from) != to {
          throw operation.emitOpError("failed to verify that \(summary)")
        }
      case .inferred: continue
      }
    }
  }

  private func type(of name: String, _ operation: Operation, _ definition: OpDefinition) -> Type? {
    if let i = definition.operands.firstIndex(where: { $0.name == name }) {
      return operation.operandGroup(i).first?.type
    }
    if let i = definition.results.firstIndex(where: { $0.name == name }) {
      let segments = operation.resultSegments
      let start = segments[..<i].reduce(0, +)
      return segments[i] > 0 ? operation.result(start).type : nil
    }
    return operation.attribute(name)?.type
  }

  // MARK: Symbols

  private func verifySymbols(_ table: Operation) throws(Reported) {
    guard let block = table.region(0).firstBlock else { return }
    var seen: [Identifier: Operation] = [:]
    for operation in block.operations {
      guard let name = SymbolTable.identifier(of: operation) else { continue }
      if let earlier = seen[name] {
        throw operation.emitError(
          "redefinition of symbol named '\(name)'",
          notes: [earlier.note("see existing symbol definition here")])
      }
      seen[name] = operation
    }
  }

  // MARK: Dominance

  private func verifyDominance(_ operation: Operation) throws(Reported) {
    for region in operation.regions {
      for block in region.blocks {
        let isReachable = dominance.isReachable(block)
        for inner in block.operations {
          if isReachable { try verifyOperands(inner) }
          if inner.regionCount > 0 { try verifyDominance(inner) }
        }
      }
    }
    if operation.has(.isolatedFromAbove) { try verifyIsolation(operation) }
  }

  private func verifyOperands(_ operation: Operation) throws(Reported) {
    for (i, operand) in operation.operands.enumerated()
    where !dominance.dominates(operand, user: operation) {
      var notes: [Diagnostic] = []
      if let definer = operand.definingOperation {
        let place = definer.block == operation.block ? "op is in the same block" : nil
        notes.append(
          definer.note(
            "operand defined here" + (place.map { " (\($0))" } ?? "")))
      } else {
        notes.append(
          Diagnostic(.note, "operand defined as a block argument", at: operation.location.position))
      }
      throw operation.emitError("operand #\(i) does not dominate this use", notes: notes)
    }
  }

  private func verifyIsolation(_ operation: Operation) throws(Reported) {
    for region in operation.regions {
      let outcome = region.parentOperation.walkPreOrder { inner in
        if inner == operation { return .advance }
        for (i, operand) in inner.operands.enumerated() {
          guard let home = operand.block?.region else { continue }
          if !region.isAncestor(of: home),
            !operation.regions.contains(where: { $0.isAncestor(of: home) })
          {
            inner.emitOpError(
              "using value defined outside the region",
              notes: [operation.note("required by region isolation constraints")])
            _ = i
            return .interrupt
          }
        }
        return inner.has(.isolatedFromAbove) ? .skip : .advance
      }
      if outcome == .interrupt { throw Reported() }
      break
    }
  }
}

/// An operation in a message: its name in generic form, which needs no printer.
struct OperationExcerpt: CustomStringConvertible {
  let operation: Operation
  init(_ operation: Operation) { self.operation = operation }
  var description: String { "\"\(operation.name)\"" }
}
