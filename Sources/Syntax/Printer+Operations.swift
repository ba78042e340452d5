import MartletIR
import MartletSupport

extension Printer {
  func printOperation(_ operation: Operation) {
    watcher?.willWrite(operation, at: out.count)
    if operation.resultCount > 0 { names?.writeResults(operation, to: out) }
    operationWithoutResults(operation)
    watcher?.didWrite(operation, at: out.count)
  }

  /// Writes an operation from its name on, at the present column.
  public func operationWithoutResults(_ operation: Operation) {
    if options.debugInfo, aliases.isCollecting { collectTrailing(operation.location.attribute) }
    if options.generic {
      generic(operation)
    } else {
      switch formats.entry(operation.name) {
      case .none: generic(operation)
      case .format(let format):
        name(operation)
        within(format.defaultDialect, operation) { format.print(self, operation) }
      case .custom(let assembly, let dialect):
        name(operation)
        within(dialect, operation) { assembly.print(self, operation) }
      }
    }
    if options.debugInfo, !aliases.isCollecting {
      out.append(" ")
      locationInstance(operation.location)
    }
    if options.valueUsers { users(of: operation) }
  }

  private func within(_ dialect: String?, _ operation: Operation, _ body: () -> Void) {
    if operation.regionCount == 0 {
      body()
      return
    }
    defaultDialects.append(dialect ?? "")
    body()
    defaultDialects.removeLast()
  }

  /// The name without the prefix that is understood here.
  private func name(_ operation: Operation) {
    let full = operation.name.bytes
    let implied = defaultDialects[defaultDialects.count - 1]
    let length = implied.utf8.count
    if length > 0, full.count > length + 1, full[length] == UInt8(ascii: "."),
      full.prefix(length).elementsEqual(implied.utf8),
      !full[(length + 1)...].contains(UInt8(ascii: "."))
    {
      out.append(UnsafeBufferPointer(rebasing: full[(length + 1)...]))
    } else {
      out.append(full)
    }
  }

  // MARK: Generic form

  func generic(_ operation: Operation) {
    if aliases.isCollecting {
      collectGeneric(operation)
      return
    }
    out.append(UInt8(ascii: "\""))
    out.append(operation.name.bytes)
    out.append("\"(")
    operands(operation.operands)
    out.append(")")
    if !operation.successors.isEmpty {
      out.append("[")
      for (i, block) in operation.successors.enumerated() {
        if i > 0 { out.append(", ") }
        successor(block)
      }
      out.append("]")
    }
    if !options.propertiesAsAttributes { properties(operation) }
    if operation.regionCount > 0 {
      out.append(" (")
      defaultDialects.append("")
      for (i, region) in operation.regions.enumerated() {
        if i > 0 { out.append(", ") }
        self.region(region, emptyBlock: true)
      }
      defaultDialects.removeLast()
      out.append(")")
    }
    if options.propertiesAsAttributes {
      optionalAttributeDictionary(operation)
    } else if operation.hasDiscardableAttributes {
      out.append(" ")
      dictionary(operation.discardableAttributes.entries)
    }
    out.append(" : ")
    functionalType(operation)
  }

  /// What the generic form mentions, in the order that MLIR numbers aliases by: regions, types, attributes.
  private func collectGeneric(_ operation: Operation) {
    for region in operation.regions { self.region(region, emptyBlock: true) }
    for operand in operation.operands { type(operand.type) }
    for result in operation.results { type(result.type) }
    for entry in dictionaryEntries(operation, []) { attribute(entry.value) }
    if operation.definition == nil, let value = operation.unregisteredProperties {
      attribute(value)
    }
  }

  private func properties(_ operation: Operation) {
    if let definition = operation.definition {
      var entries: [(name: Identifier, value: Attribute)] = []
      for (i, slot) in definition.attributes.enumerated() {
        if let value = operation.inherent(i) { entries.append((context.intern(slot.name), value)) }
      }
      if entries.isEmpty { return }
      out.append(" <")
      dictionary(entries)
      out.append(">")
    } else if let value = operation.unregisteredProperties {
      out.append(" <")
      attribute(value)
      out.append(">")
    }
  }

  // MARK: Regions

  /// `{ ... }`. Without entry arguments the entry block has no header (its arguments are written by the
  /// operation); without terminators the last operation of blocks is left out.
  public func region(
    _ region: Region, entryArguments: Bool = true, terminators: Bool = true,
    emptyBlock: Bool = false
  ) {
    out.append("{")
    if options.skipRegions {
      out.append("...}")
      return
    }
    if let entry = region.firstBlock {
      indent += 2
      var isFirst = true
      for block in region.blocks {
        if isFirst {
          let needsHeader =
            (entryArguments && block.argumentCount > 0)
            || (emptyBlock && block.isEmpty) && (!region.hasOneBlock || entryArguments)
          printBlock(block, header: needsHeader && entryArguments || block != entry, terminators)
        } else {
          printBlock(block, header: true, terminators)
        }
        isFirst = false
      }
      indent -= 2
    }
    newline()
    out.append("}")
  }

  private func printBlock(_ block: Block, header: Bool, _ terminators: Bool) {
    if header {
      indent -= 2
      newline()
      names?.writeBlock(block, to: out)
      if block.argumentCount > 0 {
        out.append("(")
        for (i, value) in block.arguments.enumerated() {
          if i > 0 { out.append(", ") }
          argument(value)
        }
        out.append(")")
      }
      out.append(":")
      if !block.isEntry { predecessors(block) }
      indent += 2
    }
    if options.valueUsers { users(ofArgumentsOf: block) }
    let last = terminators ? nil : block.lastOperation.flatMap { $0.has(.terminator) ? $0 : nil }
    for operation in block.operations {
      if let last, operation == last { break }
      newline()
      printOperation(operation)
    }
  }

  /// `  // pred: ^bb0`.
  private func predecessors(_ block: Block) {
    guard let region = block.region else { return }
    var order: [Block: Int] = [:]
    for (i, other) in region.blocks.enumerated() { order[other] = i }
    let found = block.predecessors.sorted { order[$0, default: 0] < order[$1, default: 0] }
    if found.isEmpty {
      out.append("  // no predecessors")
    } else if found.count == 1 {
      out.append("  // pred: ")
      successor(found[0])
    } else {
      out.append("  // ")
      out.append(UInt64(found.count))
      out.append(" preds: ")
      for (i, other) in found.enumerated() {
        if i > 0 { out.append(", ") }
        successor(other)
      }
    }
  }
}
