import MartletIR
import MartletSupport

/// How IR is written.
public struct PrintOptions: Sendable {
  /// Every operation in generic form.
  public var generic = false
  /// Locations behind operations.
  public var debugInfo = false
  /// Elements attributes with more elements than this are left out; nil writes all.
  public var elideElementsOver: Int?
  /// Elements attributes with more elements than this are written in hexadecimal; nil never.
  public var hexElementsOver: Int? = 100
  /// No aliases.
  public var localScope = false
  /// Locations without `loc(...)`.
  public var prettyDebugInfo = false
  /// Comments behind operations that name the users of their results.
  public var valueUsers = false
  /// Numbers of values that are unique over all regions.
  public var uniqueIDs = false
  /// Values are called by the names of their locations.
  public var nameLocations = false
  /// `{...}` for regions that are not empty.
  public var skipRegions = false
  /// In generic form, properties are written among the attributes.
  public var propertiesAsAttributes = false
  /// Resources whose text would have more characters than this are left out; nil writes all.
  public var elideResourcesOver: Int?
  /// Written behind the module.
  public var externalResources: [ExternalResources.Group] = []

  public init() {}
}

/// The texts of types, by the number of the type.
struct TypeTexts: ~Copyable {
  struct Place {
    var start = 0
    var length = 0
  }
  let text = TextBuffer(capacity: 256)
  var places = PlainBuffer<Place>()
}

/// Writes IR as MLIR's text.
public final class Printer {
  let out = TextBuffer()
  let context: Context
  let options: PrintOptions
  /// What is asked for with each operation.
  private struct State {
    var names: ValueNames?
    var indent = 0
    var defaultDialects: [String] = ["builtin"]
    var aliases = AliasTable()
  }
  private let state = HeapCell(State())
  var names: ValueNames? {
    @inline(__always) _read { yield state.value.names }
    @inline(__always) _modify { yield &state.value.names }
  }
  var indent: Int {
    @inline(__always) get { state.value.indent }
    @inline(__always) set { state.value.indent = newValue }
  }
  var defaultDialects: [String] {
    @inline(__always) _read { yield state.value.defaultDialects }
    @inline(__always) _modify { yield &state.value.defaultDialects }
  }
  var aliases: AliasTable {
    @inline(__always) _read { yield state.value.aliases }
    @inline(__always) _modify { yield &state.value.aliases }
  }
  let formats: FormatTable
  /// The values that dimensions and symbols are written as, while a map over SSA values is.
  var inlineAffine: (operands: [Value], dimensions: Int)?
  /// Texts of types written before.
  let typeTexts = HeapCell(TypeTexts())
  /// Keys of the resources written, in order.
  var resourceKeys: [Identifier] = []
  private var resourceSet: Set<Identifier> = []
  var watcher: (any PrintWatcher)?

  public init(_ context: Context, options: PrintOptions = PrintOptions()) {
    self.context = context
    self.options = options
    formats = FormatTable.of(context)
    Printer.install(in: context)
  }

  /// The text of `operation`, a line break at its end; with definitions of aliases and resources where it
  /// stands at the top.
  public static func text(_ operation: Operation, options: PrintOptions = PrintOptions()) -> String
  {
    let printer = Printer(operation.context, options: options)
    printer.printTop(operation)
    return printer.out.string
  }

  /// As `text`, handing out the bytes.
  public static func withText<Result>(
    _ operation: Operation, options: PrintOptions = PrintOptions(),
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let printer = Printer(operation.context, options: options)
    printer.printTop(operation)
    return try body(printer.out.bytes)
  }

  public static func text(_ type: Type) -> String {
    let printer = Printer(type.context)
    printer.type(type)
    return printer.out.string
  }

  public static func text(_ attribute: Attribute) -> String {
    let printer = Printer(attribute.context)
    printer.attribute(attribute)
    return printer.out.string
  }

  /// Lets messages of the IR room show types and attributes as text.
  public static func install(in context: Context) {
    if context.extensions[ObjectIdentifier(Printer.self)] != nil { return }
    context.extensions[ObjectIdentifier(Printer.self)] = context.diagnostics
    context.text.type = { Printer.text($0) }
    context.text.attribute = { Printer.text($0) }
    context.text.operation = { operation in
      var options = PrintOptions()
      options.generic = true
      options.localScope = true
      var text = Printer.text(operation, options: options)
      while text.utf8.last == 10 { text.removeLast() }
      return text
    }
  }

  func printTop(_ operation: Operation) {
    let isTop = operation.block == nil
    names = ValueNames(operation.ancestor { $0.has(.isolatedFromAbove) } ?? operation, options)
    if let watcher { names?.obey(watcher, operation) }
    if !options.localScope, isTop, options.debugInfo || AliasTable.mayBeNeeded(context) {
      let collector = Printer(context, options: options)
      collector.names = names
      collector.aliases.isCollecting = true
      collector.printOperation(operation)
      aliases = collector.aliases
      aliases.assign()
      aliases.writeDefinitions(self, deferred: false)
    }
    printOperation(operation)
    out.append(UInt8(ascii: "\n"))
    aliases.writeDefinitions(self, deferred: true)
    if isTop { writeResources() }
  }

  func noteResource(_ key: Identifier) {
    if resourceSet.insert(key).inserted { resourceKeys.append(key) }
  }

  // MARK: For custom assembly

  public func write(_ text: String) { out.append(text) }
  public func write(_ text: StaticString) { out.append(text) }
  public func write(_ value: Int) { out.append(Int64(value)) }
  public func newline() {
    out.append(UInt8(ascii: "\n"))
    out.append(repeating: UInt8(ascii: " "), indent)
  }
  public func increaseIndent() { indent += 2 }
  public func decreaseIndent() { indent -= 2 }

  public func operand(_ value: Value) {
    guard let names else {
      out.append("%?")
      return
    }
    names.write(value, to: out)
  }

  public func operands(_ values: some Sequence<Value>) {
    var isFirst = true
    for value in values {
      if !isFirst { out.append(", ") }
      isFirst = false
      operand(value)
    }
  }

  /// The types of `values`, with commas between them.
  public func types(of values: OperandList) {
    for i in 0..<values.count {
      if i > 0 { out.append(", ") }
      type(values[i].type)
    }
  }

  public func operands(_ values: OperandList) {
    for i in 0..<values.count {
      if i > 0 { out.append(", ") }
      operand(values[i])
    }
  }

  public func types(_ types: some Sequence<Type>) {
    var isFirst = true
    for type in types {
      if !isFirst { out.append(", ") }
      isFirst = false
      self.type(type)
    }
  }

  public func symbolName(_ name: String) {
    out.append(UInt8(ascii: "@"))
    keywordOrString(name)
  }

  /// A bare identifier where `text` is one, else in quotes.
  public func keywordOrString(_ text: String) {
    if Printer.isBareIdentifier(text) {
      out.append(text)
    } else {
      quoted(Array(text.utf8))
    }
  }

  static func isBareIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, Lexer.isLetter(first) || first == UInt8(ascii: "_") else {
      return false
    }
    return text.utf8.allSatisfy { Lexer.isBareTail($0) }
  }

  func quoted(_ bytes: some Sequence<UInt8>) {
    out.append(UInt8(ascii: "\""))
    for byte in bytes {
      if byte == UInt8(ascii: "\\") {
        out.append("\\\\")
      } else if byte >= 32, byte < 127, byte != UInt8(ascii: "\"") {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "\\"))
        let hex = Array("0123456789ABCDEF".utf8)
        out.append(hex[Int(byte >> 4)])
        out.append(hex[Int(byte & 15)])
      }
    }
    out.append(UInt8(ascii: "\""))
  }

  public func string(_ text: String) { quoted(Array(text.utf8)) }

  public func successor(_ block: Block) { names?.writeBlock(block, to: out) }

  public func successorAndOperands(_ block: Block, _ values: some Collection<Value>) {
    successor(block)
    if values.isEmpty { return }
    out.append("(")
    operands(values)
    out.append(" : ")
    types(values.map(\.type))
    out.append(")")
  }

  /// `(t, u) -> v` of an operation's operands and results.
  public func functionalType(_ operation: Operation) {
    functionalType(operation.operands.types, operation.results.types)
  }

  public func functionalType(_ inputs: [Type], _ results: [Type]) {
    out.append("(")
    types(inputs)
    out.append(") -> ")
    functionResults(results)
  }

  func functionResults(_ results: [Type]) {
    if results.count == 1, !results[0].isFunction {
      type(results[0])
    } else {
      out.append("(")
      types(results)
      out.append(")")
    }
  }

  /// ` -> t` or ` -> (t, u)`.
  public func arrowTypes(_ results: [Type]) {
    out.append(" -> ")
    functionResults(results)
  }

  public func optionalArrowTypes(_ results: [Type]) {
    if !results.isEmpty { arrowTypes(results) }
  }

  /// `%arg0: i32`, with the attributes of a function's argument.
  public func argument(_ value: Value, attributes: Attribute? = nil) {
    operand(value)
    out.append(": ")
    type(value.type)
    // As in MLIR, the attributes of an entry argument are written with aliases that others need, but
    // need none themselves.
    if let attributes, !attributes.words.isEmpty, !aliases.isCollecting {
      out.append(" ")
      attribute(attributes)
    }
    if options.debugInfo {
      out.append(" ")
      locationInstance(value.argumentLocation)
    }
  }

  // MARK: Attribute dictionaries

  /// ` {a = 1}` of all attributes, inherent ones too, that are not excluded; nothing where none are left.
  public func optionalAttributeDictionary(_ operation: Operation, excluding: [String] = []) {
    let entries = dictionaryEntries(operation, excluding)
    if entries.isEmpty { return }
    out.append(" ")
    dictionary(entries)
  }

  public func optionalAttributeDictionaryWithKeyword(
    _ operation: Operation, excluding: [String] = []
  ) {
    let entries = dictionaryEntries(operation, excluding)
    if entries.isEmpty { return }
    out.append(" attributes ")
    dictionary(entries)
  }

  func dictionaryEntries(_ operation: Operation, _ excluding: [String]) -> [(
    name: Identifier, value: Attribute
  )] {
    var entries: [(name: Identifier, value: Attribute)] = []
    if let definition = operation.definition {
      for (i, slot) in definition.attributes.enumerated() {
        guard let value = operation.inherent(i), !excluding.contains(slot.name) else { continue }
        entries.append((context.intern(slot.name), value))
      }
    }
    if operation.hasDiscardableAttributes {
      for entry in operation.discardableAttributes.entries
      where !excluding.contains(entry.name.string) { entries.append(entry) }
    }
    if entries.count > 1 {
      entries.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    }
    return entries
  }

  func dictionary(_ entries: [(name: Identifier, value: Attribute)]) {
    out.append("{")
    var isFirst = true
    for entry in entries {
      if !isFirst { out.append(", ") }
      isFirst = false
      keywordOrString(entry.name.string)
      if entry.value.isUnit { continue }
      out.append(" = ")
      attribute(entry.value)
    }
    out.append("}")
  }
}
