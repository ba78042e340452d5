import MartletIR
import MartletSupport

/// The names that values and blocks have in printed text, numbered as MLIR numbers them: region by region,
/// all operations of a region before what is nested in them.
final class ValueNames {
  /// For each value: 0 for no name, an even number for a plain number, an odd one for a text.
  private let table: UnsafeMutableBufferPointer<UInt32>
  private let texts = HeapCell(Texts())
  private var blockNumbers: [Block: Int] = [:]
  /// Results of an operation that begin a group of their own, beyond the first.
  private var groups: [Operation: [Int]] = [:]

  /// The texts that are names.
  private struct Texts: ~Copyable {
    var strings = StringInterner()
    var isTaken = PlainBuffer<Bool>()
    /// The texts taken in the open scopes.
    var taken = PlainBuffer<UInt32>()
    /// The texts of constants by the number of their attribute, with the operation's name; 0 for none yet.
    var ofConstants = PlainBuffer<UInt64>()
    /// Where the names of an operation's results come from, by the number of its name; nil where that has not
    /// been asked.
    var sources = PlainBuffer<Source?>()
    let scratch = TextBuffer(capacity: 64)

    func has(_ text: UInt32) -> Bool { text < isTaken.count && isTaken[Int(text)] }

    mutating func take(_ text: UInt32) {
      while isTaken.count <= Int(text) { isTaken.append(false) }
      isTaken[Int(text)] = true
      taken.append(text)
    }

    mutating func release(to mark: Int) {
      while taken.count > mark {
        isTaken[Int(taken[taken.count - 1])] = false
        taken.removeLast()
      }
    }
  }

  private struct Source {
    enum Kind: UInt8 { case number, constant, fixed, suggested }
    var kind = Kind.number
    /// The text of a fixed name.
    var text: UInt32 = 0
  }

  private struct Counters {
    var value: UInt32 = 0
    var argument: UInt64 = 0
    var conflict: UInt64 = 0
  }
  private struct Pending {
    let region: Region
    let counters: Counters
    let scope: Int
  }
  private var counters = Counters()
  /// In generic form numbers are unique over all regions and operations suggest no names.
  private let isGeneric: Bool
  private let options: PrintOptions
  /// Who may name values otherwise.
  private var watcher: (any PrintWatcher)?
  /// Numbers of operations without results, where users are written.
  private var operationNumbers: [Operation: UInt32] = [:]

  init(_ root: Operation, _ options: PrintOptions) {
    isGeneric = options.generic
    self.options = options
    table = .allocate(capacity: root.context.valueCapacity)
    table.initialize(repeating: 0)
    var pending: [Pending] = []
    var scopes: [Int] = [0]
    push(root, scope: 0, &pending)
    name(root)
    while let next = pending.popLast() {
      if !isGeneric, !options.uniqueIDs { counters = next.counters }
      while scopes.count > next.scope + 1 {
        let mark = scopes.removeLast()
        texts.value.release(to: mark)
      }
      scopes.append(texts.value.taken.count)
      let scope = scopes.count - 1
      name(next.region)
      for block in next.region.blocks {
        for operation in block.operations where operation.regionCount > 0 {
          push(operation, scope: scope, &pending)
        }
      }
    }
  }

  deinit { table.deallocate() }

  private func push(_ operation: Operation, scope: Int, _ pending: inout [Pending]) {
    for region in operation.regions {
      pending.append(Pending(region: region, counters: counters, scope: scope))
    }
  }

  private func name(_ region: Region) {
    var blockNumber = 0
    for block in region.blocks {
      blockNumbers[block] = blockNumber
      let isEntry = blockNumber == 0
      blockNumber += 1
      if block.argumentCount > 0 {
        let suggested =
          isEntry && !isGeneric
          ? region.parentOperation.interface(AsmArgumentNames.self)?.names(
            region.parentOperation, region)
          : nil
        for (i, argument) in block.arguments.enumerated() {
          if let suggested, i < suggested.count, let text = suggested[i] {
            set(argument, unique(text))
          } else if isEntry {
            set(argument, unique("arg", counters.argument))
            counters.argument += 1
          } else {
            setNumber(argument)
          }
        }
      }
      for operation in block.operations { name(operation) }
    }
  }

  private func name(_ operation: Operation) {
    guard operation.resultCount > 0 else {
      if options.valueUsers {
        operationNumbers[operation] = counters.value
        counters.value += 1
      }
      return
    }
    if options.nameLocations, nameByLocation(operation) { return }
    if isGeneric {
      setNumber(operation.result(0))
      return
    }
    let source = source(of: operation)
    switch source.kind {
    case .fixed: set(operation.result(0), unique(text: source.text))
    case .number: setNumber(operation.result(0))
    case .constant: set(operation.result(0), unique(ofConstant: operation))
    case .suggested: nameAsSuggested(operation)
    }
  }

  private func source(of operation: Operation) -> Source {
    let name = Int(operation.name.raw)
    if name < texts.value.sources.count, let known = texts.value.sources[name] { return known }
    var source = Source()
    if let definition = operation.definition {
      if let names = definition.interface(AsmResultNames.self) {
        source.kind = names.ofConstant == nil ? .suggested : .constant
        if let text = names.fixed {
          source.kind = .fixed
          source.text = texts.value.strings.intern(sanitized(text))
        }
      } else if definition.results.count > 1 {
        source.kind = .suggested
      }
    }
    texts.value.sources.append(repeating: nil, count: name + 1 - texts.value.sources.count)
    texts.value.sources[name] = source
    return source
  }

  private func unique(ofConstant operation: Operation) -> UInt32 {
    let attribute = operation.inherentNumber(0)
    if attribute == .max { return unique(constantName(operation)) }
    let index = Int(attribute)
    let name = UInt64(operation.name.raw) << 32
    if index >= texts.value.ofConstants.count {
      texts.value.ofConstants.append(
        repeating: 0,
        count: operation.context.attributeCount - texts.value.ofConstants.count)
    }
    let known = texts.value.ofConstants[index]
    if known != 0, (known >> 32) << 32 == name {
      return unique(text: UInt32(truncatingIfNeeded: known) - 1)
    }
    let text = texts.value.strings.intern(sanitized(constantName(operation)))
    texts.value.ofConstants[index] = name | UInt64(text + 1)
    return unique(text: text)
  }

  private func constantName(_ operation: Operation) -> String {
    operation.interface(AsmResultNames.self)?.names(operation).first.flatMap { $0 } ?? ""
  }

  private func nameAsSuggested(_ operation: Operation) {
    if let definition = operation.definition,
      let names = definition.interface(AsmResultNames.self)?.names(operation)
        ?? defaultNames(operation, definition)
    {
      var starts: [Int] = []
      for (i, text) in names.enumerated() where text != nil && i < operation.resultCount {
        if i > 0 { starts.append(i) }
        if let text { set(operation.result(i), unique(text)) }
      }
      if !starts.isEmpty { groups[operation] = starts }
      if names.first ?? nil != nil { return }
    }
    setNumber(operation.result(0))
  }

  /// Names the first result as the operation's location is named, if it is.
  private func nameByLocation(_ operation: Operation) -> Bool {
    guard let name = operation.location.subject else { return false }
    set(operation.result(0), unique(name))
    return true
  }

  /// An operation declared with several results suggests the names they have in the declaration.
  private func defaultNames(_ operation: Operation, _ definition: OpDefinition) -> [String?]? {
    guard definition.results.count > 1 else { return nil }
    var names: [String?] = []
    for (result, size) in zip(definition.results, operation.resultSegments) where size > 0 {
      names.append(result.name.isEmpty ? nil : result.name)
      names += Array(repeating: nil, count: size - 1)
    }
    return names
  }

  private func setNumber(_ value: Value) {
    table[Int(value.raw)] = counters.value * 2 + 2
    counters.value += 1
  }

  private func set(_ value: Value, _ text: UInt32) { table[Int(value.raw)] = text * 2 + 1 }

  /// The number of `text`, with a suffix where it is taken already.
  private func unique(_ text: String) -> UInt32 {
    unique(text: texts.value.strings.intern(sanitized(text)))
  }

  /// As `unique` for a text and a number behind it.
  private func unique(_ text: StaticString, _ number: UInt64) -> UInt32 {
    let scratch = texts.value.scratch
    scratch.removeAll()
    scratch.append(text)
    scratch.append(number)
    return unique(text: texts.value.strings.intern(scratch.elements))
  }

  private func unique(text: UInt32) -> UInt32 {
    var id = text
    if texts.value.has(text) {
      let scratch = texts.value.scratch
      scratch.removeAll()
      scratch.append(texts.value.strings.bytes(text))
      scratch.append(UInt8(ascii: "_"))
      let length = scratch.count
      repeat {
        scratch.truncate(to: length)
        scratch.append(counters.conflict)
        counters.conflict += 1
        id = texts.value.strings.intern(scratch.elements)
      } while texts.value.has(id)
    }
    texts.value.take(id)
    return id
  }

  private func sanitized(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { Lexer.isSuffix($0) }
    let startsWithDigit = text.utf8.first.map(Lexer.isDigit) ?? true
    if isPlain, !startsWithDigit { return text }
    let safe = text.map {
      $0.utf8.allSatisfy { Lexer.isSuffix($0) }
        ? String($0)
        : $0 == " " ? "_" : String($0.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
    }.joined()
    return startsWithDigit ? "_" + safe : safe
  }

  // MARK: Writing

  func write(_ value: Value, to out: TextBuffer) {
    out.append(UInt8(ascii: "%"))
    guard !value.isBlockArgument, let operation = value.definingOperation,
      operation.resultCount > 1
    else {
      writeName(value, to: out)
      return
    }
    let (start, length) = group(of: value.index, operation)
    writeName(operation.result(start), to: out)
    if length > 1 {
      out.append(UInt8(ascii: "#"))
      out.append(UInt64(value.index - start))
    }
  }

  /// First result and length of the group that result `index` belongs to.
  private func group(of index: Int, _ operation: Operation) -> (start: Int, length: Int) {
    guard let starts = groups[operation] else { return (0, operation.resultCount) }
    var first = 0
    for start in starts {
      if start > index { return (first, start - first) }
      first = start
    }
    return (first, operation.resultCount - first)
  }

  /// Lets `watcher` name the values of `root`.
  func obey(_ watcher: any PrintWatcher, _ root: Operation) {
    let buffer = TextBuffer(capacity: 64)
    watcher.willPrint(root) { value in
      buffer.removeAll()
      writeName(value, to: buffer)
      return buffer.string
    }
    self.watcher = watcher
  }

  private func writeName(_ value: Value, to out: TextBuffer) {
    if let name = watcher?.name(of: value) {
      out.append(name)
      return
    }
    let entry = Int(value.raw) < table.count ? table[Int(value.raw)] : 0
    if entry == 0 {
      out.append("<<UNKNOWN SSA VALUE>>")
    } else if entry & 1 == 1 {
      out.append(texts.value.strings.bytes(entry >> 1))
    } else {
      out.append(UInt64(entry / 2 - 1))
    }
  }

  /// `%0:2, %c = `.
  func writeResults(_ operation: Operation, to out: TextBuffer) {
    let count = operation.resultCount
    if count == 1 {
      out.append(UInt8(ascii: "%"))
      writeName(operation.result(0), to: out)
      out.append(" = ")
      return
    }
    var first = 0
    for start in (groups[operation] ?? []) + [count] {
      if first > 0 { out.append(", ") }
      out.append(UInt8(ascii: "%"))
      writeName(operation.result(first), to: out)
      if start - first > 1 {
        out.append(UInt8(ascii: ":"))
        out.append(UInt64(start - first))
      }
      first = start
    }
    out.append(" = ")
  }

  /// What users are called by: the results, or the number of an operation without any.
  func writeUser(_ operation: Operation, to out: TextBuffer) {
    if operation.resultCount == 0 {
      out.append(UInt8(ascii: "%"))
      out.append(UInt64(operationNumbers[operation] ?? 0))
    }
    for (i, result) in operation.results.enumerated() {
      if i > 0 { out.append(", ") }
      write(result, to: out)
    }
  }

  func writeBlock(_ block: Block, to out: TextBuffer) {
    if let number = blockNumbers[block] {
      out.append("^bb")
      out.append(UInt64(number))
    } else {
      out.append("^INVALIDBLOCK")
    }
  }
}
