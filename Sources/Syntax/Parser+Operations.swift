import MartletIR
import MartletSupport

extension Parser {
  /// Reads a whole text. A single module at the top is the result; anything else is put into a new one.
  /// - Parameter implicit: false to get that new module in any case.
  public func parseModule(implicit: Bool = true) throws(Reported) -> Operation {
    let location = context.fileLocation(source.name, line: 0, column: 0)
    let module = context.createOperation(
      context.operationName("builtin.module"), location: location,
      operands: EmptyCollection<Value>(), resultTypes: EmptyCollection<Type>(), regionCount: 1)
    let block = module.region().addBlock()
    // What an error leaves behind may be used from parts that are in no region yet; it goes with the context.
    try parseTopLevel(block)
    if recovery.count > 0 { throw Reported() }
    if implicit, let only = block.firstOperation, only.next == nil,
      only.name.string == "builtin.module"
    {
      only.remove()
      module.erase()
      return only
    }
    return module
  }

  private func parseTopLevel(_ block: Block) throws(Reported) {
    while token.kind != .end {
      let start = token.start
      do throws(Reported) {
        switch token.kind {
        case .hashIdentifier: try parseAttributeAlias()
        case .exclamationIdentifier: try parseTypeAlias()
        case .metadataBegin: try parseFileMetadata()
        default: try parseOperation(into: block)
        }
      } catch {
        try resume(after: start, error)
      }
    }
    try reportUndefined(names.takeAllForward())
    try resolveDeferredLocations()
  }

  private func parseAttributeAlias() throws(Reported) {
    let name = String(decoding: bytes(token.start + 1, token.end), as: UTF8.self)
    if attributeAliases[name] != nil {
      throw error("redefinition of attribute alias id '\(name)'")
    }
    if name.contains(".") {
      throw error("attribute names with a '.' are reserved for dialect-defined names")
    }
    advance()
    try parse(.equal)
    attributeAliases[name] = try parseAttribute()
  }

  private func parseTypeAlias() throws(Reported) {
    let name = String(decoding: bytes(token.start + 1, token.end), as: UTF8.self)
    if typeAliases[name] != nil { throw error("redefinition of type alias id '\(name)'") }
    if name.contains(".") {
      throw error("type names with a '.' are reserved for dialect-defined names")
    }
    advance()
    try parse(.equal)
    typeAliases[name] = try parseType()
  }

  // MARK: Operations

  struct ResultGroup {
    let name: Int
    let count: Int
    let offset: Int
  }

  func parseOperation(into block: Block) throws(Reported) {
    let start = token.start
    if token.kind == .percentIdentifier {
      try parseOperationWithResults(into: block, start)
      return
    }
    let operation = try parseOperationBody(start)
    block.append(operation)
    try parseTrailingLocation(operation)
  }

  private func parseOperationWithResults(into block: Block, _ start: Int) throws(Reported) {
    // One name for one result is by far the most common.
    let first = try parseResultGroup()
    var more: [ResultGroup] = []
    while parseOptional(.comma) { more.append(try parseResultGroup()) }
    try parse(.equal)
    let operationStart = token.start
    let operation = try parseOperationBody(operationStart)
    block.append(operation)
    let expected = more.reduce(first.count) { $0 + $1.count }
    if operation.resultCount == 0 {
      throw error("cannot name an operation with no results", at: start)
    }
    if operation.resultCount != expected {
      throw error(
        "operation defines \(operation.resultCount) results but was provided \(expected) to bind",
        at: start)
    }
    try define(first.name, operation.result(0), count: first.count, offset: first.offset)
    var position = first.count
    for group in more {
      try define(group.name, operation.result(position), count: group.count, offset: group.offset)
      position += group.count
    }
    try parseTrailingLocation(operation)
  }

  private func parseResultGroup() throws(Reported) -> ResultGroup {
    guard token.kind == .percentIdentifier else { throw error("expected valid ssa identifier") }
    let start = token.start
    let name = names.number(of: bytes(token.start + 1, token.end))
    advance()
    guard parseOptional(.colon) else { return ResultGroup(name: name, count: 1, offset: start) }
    guard token.kind == .integer, let count = unsignedValue(token), count > 0, count <= 0xffff
    else { throw error("expected named operation to have at least 1 result") }
    advance()
    return ResultGroup(name: name, count: Int(count), offset: start)
  }

  private func parseOperationBody(_ start: Int) throws(Reported) -> Operation {
    switch token.kind {
    case .bareIdentifier: return try parseCustomOperation(start)
    case .string: return try parseGenericOperation(start)
    default: throw error("expected operation name in quotes")
    }
  }

  /// Makes the operation once all its parts are known.
  func make(_ parsed: ParsedOperation, offset: Int) throws(Reported) -> Operation {
    guard parsed.resultTypes.count <= 0xffff, parsed.regions.count <= 0xffff else {
      throw error("operation has too many results or regions", at: offset)
    }
    let operation = context.createOperation(
      parsed.name, location: parsed.location, operands: parsed.operands,
      resultTypes: parsed.resultTypes, successors: parsed.successors,
      regionCount: parsed.regions.count)
    for (i, region) in parsed.regions.enumerated() {
      operation.region(i).takeBody(of: region)
      context.releaseDetachedRegion(region)
    }
    if let properties = parsed.properties {
      try setProperties(operation, properties, offset)
    }
    if parsed.attributes.isEmpty { return operation }
    let definition = operation.definition
    var discardable: [(name: Identifier, value: Attribute)] = []
    for (name, value) in parsed.attributes {
      if let definition, let slot = definition.slot(interned: name) {
        operation.setInherent(slot, value)
      } else {
        discardable.append((name, value))
      }
    }
    if !discardable.isEmpty {
      operation.setDiscardableAttributes(context.dictionary(discardable))
    }
    return operation
  }

  private func setProperties(_ operation: Operation, _ properties: Attribute, _ offset: Int)
    throws(Reported)
  {
    guard let definition = operation.definition else {
      operation.setInherent(0, properties)
      return
    }
    guard properties.kind == .dictionary else {
      throw error("expected DictionaryAttr to set properties", at: offset)
    }
    for (name, value) in properties.entries {
      guard let slot = definition.slot(interned: name) else {
        throw error(
          "'\(definition.name)' op has no property called '\(name)'", at: offset)
      }
      operation.setInherent(slot, value)
    }
  }

  // MARK: Generic form

  private func parseGenericOperation(_ start: Int) throws(Reported) -> Operation {
    let nameBytes = bytes(token.start + 1, token.end - 1)
    if nameBytes.isEmpty { throw error("empty operation name is invalid") }
    if nameBytes.contains(0) { throw error("null character not allowed in operation name") }
    let name = context.operationName(nameBytes)
    try checkRegistered(name, start)
    advance()
    var parsed = ParsedOperation(name: name, location: location(at: start))
    let operands = try parseOperandList(.paren)
    if isAt(.leftSquare) {
      parsed.successors = try parseList(.square) { () throws(Reported) in try parseSuccessor() }
    }
    if parseOptional(.less) {
      parsed.properties = try parseAttribute()
      try parse(.greater)
    }
    if isAt(.leftParen) {
      let isIsolated = name.traits.contains(.isolatedFromAbove)
      _ = try parseList(.paren) { () throws(Reported) in
        let region = context.createDetachedRegion()
        parsed.regions.append(region)
        try parseRegionBody(region, isIsolated: isIsolated, arguments: [])
      }
    }
    if isAt(.leftBrace) {
      parsed.attributes = try parseAttributeDictionary().map { ($0.0, $0.1) }
    }
    try parse(.colon)
    let typeOffset = token.start
    guard isAt(.leftParen) else { throw error("expected function type") }
    let type = try parseFunctionType()
    let inputs = type.inputs
    if inputs.count != operands.count {
      throw error(
        "expected \(operands.count) operand type\(operands.count == 1 ? "" : "s") but had \(inputs.count)",
        at: typeOffset)
    }
    parsed.operands = try resolve(operands, inputs)
    parsed.resultTypes = type.results
    return try make(parsed, offset: start)
  }

  private func checkRegistered(_ name: OperationName, _ offset: Int) throws(Reported) {
    if name.isRegistered || context.allowsUnregisteredDialects { return }
    let dialect = name.dialectName
    if context.dialect(dialect) != nil {
      throw error(
        "unregistered operation '\(name)' found in dialect ('\(dialect)')\(suggestion(name.string, dialect))",
        at: offset)
    }
    throw error(
      "operation being parsed with an unregistered dialect. If this is intended, please use -allow-unregistered-dialect with the MLIR tool used",
      at: offset, notes: [unknownDialect(dialect)])
  }

  /// `; did you mean 'arith.addi'?` where a name of the dialect is near.
  func suggestion(_ name: String, _ dialect: String) -> String {
    // The dialect's name says nothing about how near the rest is.
    let prefix = dialect.utf8.count + 1
    let words = context.dialect(dialect)?.operations.map { String($0.name.dropFirst(prefix)) }
    guard let near = nearestWord(to: String(name.dropFirst(prefix)), among: words ?? []) else {
      return ""
    }
    return "; did you mean '\(dialect).\(near)'?"
  }

  // MARK: Custom form

  private func parseCustomOperation(_ start: Int) throws(Reported) -> Operation {
    let name = try customName(start)
    let nameOffset = token.start
    advance()
    let entry = formats.entry(name)
    let enclosing = customOperation
    customOperation = name
    defer { customOperation = enclosing }
    switch entry {
    case .none:
      throw error("custom op '\(name)' has no custom assembly form", at: nameOffset)
    case .format(let format):
      return try format.parse(self, name, location: location(at: start), offset: nameOffset)
    case .custom(let assembly, let dialect):
      var parsed = ParsedOperation(name: name, location: location(at: start))
      parsed.nameOffset = nameOffset
      if let dialect {
        defaultDialects.append(dialect)
      } else {
        defaultDialects.append(defaultDialects[defaultDialects.count - 1])
      }
      defer { defaultDialects.removeLast() }
      try assembly.parse(self, &parsed)
      return try make(parsed, offset: nameOffset)
    }
  }

  /// The name at the current token, completed by the default dialect where it has no dot.
  private func customName(_ start: Int) throws(Reported) -> OperationName {
    let nameBytes = bytes(token.start, token.end)
    if nameBytes.contains(UInt8(ascii: ".")) {
      let name = context.operationName(nameBytes)
      if name.isRegistered { return name }
      let text = name.string
      // Inside llvm.func and the like, `intr.fma` stands for `llvm.intr.fma`.
      let local = context.operationName("\(defaultDialects[defaultDialects.count - 1]).\(text)")
      if local.isRegistered { return local }
      let dialect = name.dialectName
      if context.dialect(dialect) == nil {
        throw error(
          "custom op '\(text)' is unknown (tried '\(text)' as well): dialect '\(dialect)' is not registered",
          at: start, notes: [unknownDialect(dialect)])
      }
      throw error("custom op '\(text)' is unknown\(suggestion(text, dialect))", at: start)
    }
    let text = String(decoding: nameBytes, as: UTF8.self)
    let preferred = context.operationName("\(defaultDialects[defaultDialects.count - 1]).\(text)")
    if preferred.isRegistered { return preferred }
    let builtin = context.operationName("builtin.\(text)")
    if builtin.isRegistered { return builtin }
    throw error(
      "custom op '\(text)' is unknown (tried '\(preferred)' as well)", at: start,
      notes: nearbyOperation(text).map { [hint("did you mean '\($0)'?")] } ?? [])
  }

  /// An operation, as it could be written here, with a name near to `text`.
  private func nearbyOperation(_ text: String) -> String? {
    let here = defaultDialects[defaultDialects.count - 1]
    var words: [String] = []
    for name in [here, "builtin"] {
      for operation in context.dialect(name)?.operations ?? [] {
        words.append(String(operation.name.dropFirst(name.utf8.count + 1)))
      }
    }
    return nearestWord(to: text, among: words)
  }

  /// What helps where a dialect is not known.
  private func unknownDialect(_ name: String) -> Diagnostic {
    if let near = nearestWord(to: name, among: context.dialectNames) {
      return hint("dialect '\(name)' is not registered; did you mean '\(near)'?")
    }
    return hint(
      "dialect '\(name)' is not registered; --allow-unregistered-dialect accepts its operations in generic form"
    )
  }

  /// A note beyond what MLIR reports.
  func hint(_ message: String, at offset: Int? = nil) -> Diagnostic {
    .hint(message, at: offset.map { source.position(at: $0) })
  }

  // MARK: Regions and blocks

  /// `{ ... }` with the given entry arguments; adds the terminator the operation implies.
  public func parseRegion(
    _ parsed: inout ParsedOperation, arguments: [ParsedArgument] = []
  ) throws(Reported) {
    let region = context.createDetachedRegion()
    parsed.regions.append(region)
    try parseRegionBody(
      region, isIsolated: parsed.name.traits.contains(.isolatedFromAbove), arguments: arguments)
    addImplicitTerminator(region, parsed)
  }

  /// As `parseRegion` where a `{` stands here.
  public func parseOptionalRegion(
    _ parsed: inout ParsedOperation, arguments: [ParsedArgument] = []
  ) throws(Reported) -> Bool {
    guard isAt(.leftBrace) else { return false }
    try parseRegion(&parsed, arguments: arguments)
    return true
  }

  public func addEmptyRegion(_ parsed: inout ParsedOperation) {
    parsed.regions.append(context.createDetachedRegion())
  }

  /// Gives each block that lacks it the terminator that the operation's declaration implies; an empty
  /// region gets a block.
  public func addImplicitTerminator(_ region: Region, _ parsed: ParsedOperation) {
    guard let terminator = parsed.name.definition?.implicitTerminator else {
      // `module {}` still has its one block.
      if region.isEmpty, parsed.name.traits.contains([.singleBlock, .noTerminator]) {
        region.addBlock()
      }
      return
    }
    if region.isEmpty { region.addBlock() }
    for block in region.blocks {
      if block.lastOperation?.has(.terminator) == true { continue }
      block.append(
        context.createOperation(
          context.operationName(terminator), location: parsed.location,
          operands: EmptyCollection<Value>(), resultTypes: EmptyCollection<Type>()))
    }
  }

  func parseRegionBody(
    _ region: Region, isIsolated: Bool, arguments: [ParsedArgument]
  ) throws(Reported) {
    try nested { () throws(Reported) in
      if isIsolated { isolatedStarts.append(token.start) }
      defer { if isIsolated { isolatedStarts.removeLast() } }
      try parse(.leftBrace)
      names.pushRegion(isIsolated: isIsolated)
      blockScopes.append(BlockScope())
      var failure: Reported?
      do throws(Reported) {
        try parseBlocks(region, arguments)
      } catch { failure = error }
      let scope = blockScopes.removeLast()
      let forward = names.popRegion(isIsolated: isIsolated)
      if failure == nil {
        for (name, entry) in scope.blocks.sorted(by: { $0.value.offset < $1.value.offset })
        where !entry.isDefined {
          let near = nearestWord(
            to: name, among: scope.blocks.filter(\.value.isDefined).keys.sorted())
          failure = error(
            "reference to an undefined block '\(name)'", at: entry.offset,
            notes: near.map { [hint("did you mean '\($0)'?", at: scope.blocks[$0]?.offset)] } ?? [])
        }
      }
      if failure == nil || isRecovering {
        do throws(Reported) { try reportUndefined(forward) } catch { failure = error }
      }
      if let failure { throw failure }
      try parse(.rightBrace)
    }
  }

  private func parseBlocks(_ region: Region, _ arguments: [ParsedArgument]) throws(Reported) {
    if isAt(.rightBrace), arguments.isEmpty { return }
    if !arguments.isEmpty || token.kind != .caretIdentifier {
      let block = region.addBlock()
      for argument in arguments {
        guard let type = argument.type else {
          throw error("region argument has no type", at: argument.reference.offset)
        }
        let value = block.addArgument(type)
        value.argumentLocation = argument.location ?? location(at: argument.reference.offset)
        try define(argument.reference.name, value, count: 1, offset: argument.reference.offset)
      }
      if !arguments.isEmpty, token.kind == .caretIdentifier {
        throw error("invalid block name in region with named arguments")
      }
      try parseOperations(block)
    }
    while token.kind == .caretIdentifier { try parseBlock(region) }
  }

  private func parseOperations(_ block: Block) throws(Reported) {
    while token.kind != .rightBrace, token.kind != .caretIdentifier {
      if token.kind == .end { throw error("expected operation name in quotes") }
      let start = token.start
      do throws(Reported) {
        try parseOperation(into: block)
      } catch {
        try resume(after: start, error)
      }
    }
  }

  private func parseBlock(_ region: Region) throws(Reported) {
    let name = text(token)
    let start = token.start
    advance()
    let block: Block
    if let known = blockScopes[blockScopes.count - 1].blocks[name] {
      if known.isDefined {
        throw error(
          "redefinition of block '\(name)'", at: start,
          notes: [hint("previously defined here", at: known.offset)])
      }
      block = known.block
    } else {
      block = context.createBlock()
    }
    blockScopes[blockScopes.count - 1].blocks[name] = (block, start, true)
    region.append(block)
    if isAt(.leftParen) {
      _ = try parseList(.paren) { () throws(Reported) in
        let argument = try parseArgument(allowType: true)
        guard let type = argument.type else { return }
        let value = block.addArgument(type)
        value.argumentLocation = argument.location ?? location(at: argument.reference.offset)
        try define(
          argument.reference.name, value, count: 1,
          offset: argument.reference.offset)
      }
    }
    try parse(.colon)
    try parseOperations(block)
  }

  public func parseSuccessor() throws(Reported) -> Block {
    guard token.kind == .caretIdentifier else { throw error("expected block name") }
    guard !blockScopes.isEmpty else { throw error("successor outside of a region") }
    let name = text(token)
    defer { advance() }
    if let known = blockScopes[blockScopes.count - 1].blocks[name] { return known.block }
    let block = context.createBlock()
    blockScopes[blockScopes.count - 1].blocks[name] = (block, token.start, false)
    return block
  }

  /// `^bb1(%a, %b : t, u)`.
  public func parseSuccessorAndOperands() throws(Reported) -> (Block, [Value]) {
    let block = try parseSuccessor()
    guard parseOptional(.leftParen) else { return (block, []) }
    let references = try parseOperandList()
    try parse(.colon)
    let types = try parseTypeList()
    try parse(.rightParen)
    return (block, try resolve(references, types))
  }
}
