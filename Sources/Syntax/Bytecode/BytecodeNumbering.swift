import MartletIR
import MartletSupport

/// Finds what a module's bytecode has to hold and numbers it: dialects, operation names, attributes, types,
/// values, blocks and resources.
struct BytecodeNumbering: ~Copyable {
  let context: Context
  let version: Int

  private(set) var dialects: [Identifier] = []
  private var dialectNumber: [UInt32: Int] = [:]
  private var builtinNumber: Int?
  /// Dialect numbers by kind of attribute or type.
  private var dialectOfAttributeKind: [UInt32: Int] = [:]
  private var dialectOfTypeKind: [UInt32: Int] = [:]

  var names: BytecodeTable
  var attributes: BytecodeTable
  var types: BytecodeTable
  /// By the raw number of an operation name.
  private var nameRecords: [BytecodeName?]

  /// By the raw number of a value.
  private(set) var valueNumbers: [UInt32]
  /// The place of an operation in a walk from outside in, by its raw number.
  private(set) var operationOrder: [UInt32]
  /// Whether nothing in an operation's regions uses a value from outside, by its raw number.
  private(set) var isIsolated: [Bool]
  /// The place of a block in its region, by its raw number.
  private(set) var blockNumbers: [UInt32]
  /// Blocks and values of a region, by its raw number.
  private(set) var regionCounts: [UInt32: (blocks: Int, values: Int)] = [:]
  private var nextValue: UInt32 = 0

  private(set) var resources: [Identifier] = []
  private var resourceSet: Set<Identifier> = []

  /// The text of attributes and types that have no encoding of their own, by raw number.
  private(set) var attributeTexts: [UInt32: String] = [:]
  private(set) var typeTexts: [UInt32: String] = [:]
  private var aliases = AliasTable()

  var lines: SourceLineCursor
  private var depth = 0
  /// Set where attributes or types are nested too deep to be written.
  private(set) var isTooDeep = false
  private static let maximumDepth = 512

  init(_ root: Operation, version: Int) {
    context = root.context
    self.version = version
    names = BytecodeTable(capacity: context.operationNameCount)
    attributes = BytecodeTable(capacity: context.attributeCount + 64)
    types = BytecodeTable(capacity: context.typeCount + 8)
    nameRecords = Array(repeating: nil, count: context.operationNameCount)
    valueNumbers = Array(repeating: .max, count: context.valueCapacity)
    operationOrder = Array(repeating: 0, count: context.operationCapacity)
    isIsolated = Array(repeating: false, count: context.operationCapacity)
    blockNumbers = Array(repeating: 0, count: context.blockCapacity)
    lines = SourceLineCursor(context)
    orderOperations(root)
    number(root)
    numberRegions(of: root)
    names.assignNumbers()
    attributes.assignNumbers()
    types.assignNumbers()
    let known = resources.filter { context.resource($0) != nil }
    resources = known + resources.filter { context.resource($0) == nil }
  }

  // MARK: Isolation

  private struct Frame {
    let operation: Operation
    /// Whether it, or an operation around it, may still turn out not to be isolated.
    var isOpen: Bool
    var isIsolated = true
    var region = 0
    var block: Block?
    var next: Operation?
  }

  /// Numbers operations from outside in and finds those whose regions use nothing from outside.
  private mutating func orderOperations(_ root: Operation) {
    var count: UInt32 = 0
    var stack: [Frame] = []
    func visit(
      _ operation: Operation, _ stack: inout [Frame], _ order: inout [UInt32]
    ) {
      if let top = stack.last, top.isOpen { Self.closeFrames(&stack, operation) }
      order[Int(operation.raw)] = count
      count += 1
      if operation.regionCount == 0 { return }
      let first = operation.region(0).firstBlock
      stack.append(
        Frame(
          operation: operation, isOpen: !operation.has(.isolatedFromAbove), block: first,
          next: first?.firstOperation))
    }
    visit(root, &stack, &operationOrder)
    while !stack.isEmpty {
      let top = stack.count - 1
      if let operation = stack[top].next {
        stack[top].next = operation.next
        visit(operation, &stack, &operationOrder)
      } else if let block = stack[top].block?.next {
        stack[top].block = block
        stack[top].next = block.firstOperation
      } else if stack[top].region + 1 < stack[top].operation.regionCount {
        stack[top].region += 1
        stack[top].block = stack[top].operation.region(stack[top].region).firstBlock
        stack[top].next = stack[top].block?.firstOperation
      } else {
        let frame = stack.removeLast()
        isIsolated[Int(frame.operation.raw)] = frame.isIsolated
      }
    }
  }

  /// Marks the operations between `operation` and those that define its operands as not isolated.
  private static func closeFrames(_ stack: inout [Frame], _ operation: Operation) {
    let region = operation.block?.region
    for operand in operation.operands where !operand.isDropped {
      guard let defining = operand.block?.region, defining != region else { continue }
      let container = defining.parentOperation
      let end = stack.lastIndex { !$0.isOpen || $0.operation == container } ?? 0
      for i in stack.indices where i > end {
        stack[i].isIsolated = false
        stack[i].isOpen = stack[end].isOpen
      }
    }
  }

  // MARK: Operations

  private mutating func numberRegions(of root: Operation) {
    var waiting: [(region: Region, first: UInt32)] = []
    func push(_ operation: Operation, _ isIsolated: Bool, _ next: UInt32) {
      for region in operation.regions { waiting.append((region, isIsolated ? 0 : next)) }
    }
    push(root, isIsolated[Int(root.raw)], nextValue)
    while let (region, first) = waiting.popLast() {
      nextValue = first
      var blocks: UInt32 = 0
      for block in region.blocks {
        blockNumbers[Int(block.raw)] = blocks
        blocks += 1
        for argument in block.arguments {
          valueNumbers[Int(argument.raw)] = nextValue
          nextValue += 1
          numberLocation(argument.argumentLocationNumber)
          number(argument.type)
        }
        for operation in block.operations { number(operation) }
      }
      if blocks > 0 { regionCounts[region.raw] = (Int(blocks), Int(nextValue - first)) }
      for block in region.blocks {
        for operation in block.operations where operation.regionCount > 0 {
          push(operation, isIsolated[Int(operation.raw)], nextValue)
        }
      }
    }
  }

  private mutating func number(_ operation: Operation) {
    numberName(operation.name)
    for result in operation.results {
      valueNumbers[Int(result.raw)] = nextValue
      nextValue += 1
      number(result.type)
    }
    if version >= Bytecode.Since.properties {
      let discardable = operation.discardableNumber
      if discardable != .max { number(context.attribute(number: discardable)) }
      if let name = nameRecords[Int(operation.name.raw)] {
        name.encodeProperties(of: operation, version: version, into: &self)
      }
    } else {
      let merged = operation.mergedAttributes
      if !merged.words.isEmpty { number(merged) }
    }
    numberLocation(operation.locationNumber)
  }

  func record(_ name: OperationName) -> BytecodeName? { nameRecords[Int(name.raw)] }

  @inline(__always) private mutating func numberName(_ name: OperationName) {
    if names.count(name.raw) { return }
    let record = BytecodeName(name)
    nameRecords[Int(name.raw)] = record
    names.append(name.raw, dialect: numberDialect(record.dialect))
  }

  /// The number of the builtin dialect, which is met with the first location at the latest.
  private var builtin: Int {
    mutating get {
      if let known = builtinNumber { return known }
      let number = numberDialect("builtin")
      builtinNumber = number
      return number
    }
  }

  private mutating func numberDialect(_ name: String) -> Int {
    let id = context.intern(name)
    if let known = dialectNumber[id.raw] { return known }
    dialectNumber[id.raw] = dialects.count
    dialects.append(id)
    return dialects.count - 1
  }

  private mutating func numberLocation(_ raw: UInt32) {
    guard raw & BytecodeTable.placeFlag != 0 else {
      number(context.attribute(number: raw))
      return
    }
    if attributes.count(raw) { return }
    attributes.append(raw, dialect: builtin)
    guard lines.seek(raw) else { return }
    number(context.string(context.identifier(number: lines.file)))
  }

  // MARK: Attributes and types

  private mutating func number(_ attribute: Attribute) {
    if attributes.count(attribute.raw) { return }
    attributes.append(attribute.raw, dialect: dialect(of: attribute))
    guard depth < Self.maximumDepth else {
      isTooDeep = true
      return
    }
    depth += 1
    defer { depth -= 1 }
    if encode(attribute) { return }
    let printer = Printer(context)
    // One distinct attribute has one number in all texts.
    printer.aliases = aliases
    printer.attribute(attribute)
    aliases = printer.aliases
    attributeTexts[attribute.raw] = printer.out.string
    for key in printer.resourceKeys { resource(key) }
  }

  private mutating func number(_ type: Type) {
    if types.count(type.raw) { return }
    types.append(type.raw, dialect: dialect(of: type))
    guard depth < Self.maximumDepth else {
      isTooDeep = true
      return
    }
    depth += 1
    defer { depth -= 1 }
    if encode(type) { return }
    let printer = Printer(context)
    printer.type(type)
    typeTexts[type.raw] = printer.out.string
    for key in printer.resourceKeys { resource(key) }
  }

  private mutating func dialect(of attribute: Attribute) -> Int {
    if attribute.kind == .opaque { return numberDialect(attribute.identifierWord(0).string) }
    if attribute.kind != nil { return builtin }
    let kind = attribute.kindNumber
    if let known = dialectOfAttributeKind[kind] { return known }
    let number = numberDialect(attribute.definition?.dialectName ?? "builtin")
    dialectOfAttributeKind[kind] = number
    return number
  }

  private mutating func dialect(of type: Type) -> Int {
    if type.kind == .opaque { return numberDialect(type.opaqueDialect) }
    if type.kind != nil { return builtin }
    let kind = type.kindNumber
    if let known = dialectOfTypeKind[kind] { return known }
    let number = numberDialect(type.definition?.dialectName ?? "builtin")
    dialectOfTypeKind[kind] = number
    return number
  }
}

/// Numbering needs only what is referred to.
extension BytecodeNumbering: BytecodeSink {
  mutating func attribute(_ attribute: Attribute) { number(attribute) }
  mutating func optionalAttribute(_ attribute: Attribute?) {
    if let attribute { number(attribute) }
  }
  mutating func type(_ type: Type) { number(type) }
  mutating func resource(_ key: Identifier) {
    _ = builtin
    if resourceSet.insert(key).inserted { resources.append(key) }
  }
  mutating func integer(_ value: UInt64) {}
  mutating func byte(_ value: UInt8) {}
  mutating func string(_ text: Identifier) {}
  mutating func blob(_ bytes: UnsafeRawBufferPointer) {}
}
