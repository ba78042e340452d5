import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

extension LLVMIRWriter {
  // MARK: Linkage

  /// The keyword of an enumeration kept as a dialect's attribute, as text, or as MLIR's number.
  private func keyword(_ attribute: Attribute?, _ cases: [String]) -> String? {
    guard let attribute else { return nil }
    if let word = attribute.enumKeyword { return word }
    if let text = attribute.stringValue { return text }
    guard let value = attribute.enumValue, value >= 0, value < cases.count else { return nil }
    return cases[Int(value)]
  }

  private static let linkages = [
    "private", "internal", "available_externally", "linkonce", "weak", "common", "appending",
    "extern_weak", "linkonce_odr", "weak_odr", "external",
  ]

  func linkage(_ operation: Operation) -> String {
    keyword(operation.attribute("linkage"), Self.linkages) ?? "external"
  }

  /// Writes the linkage's keyword and a blank, nothing for plain external ones.
  private func writeLinkage(_ operation: Operation, isDefinition: Bool) {
    var linkage = linkage(operation)
    let isPrivate = linkage == "private" || linkage == "internal"
    if isPrivate, options.exportsPrivateSymbols {
      out.append("hidden ")
      linkage = "external"
    } else if isPrivate, !isDefinition {
      linkage = "external"
    }
    if linkage == "external" || (!isDefinition && linkage != "extern_weak") { return }
    out.append(linkage)
    out.append(" ")
  }

  // MARK: Globals

  func writeGlobal(_ operation: Operation, isDefined: Bool) throws(Reported) {
    guard let name = SymbolTable.name(of: operation),
      let type = operation.attribute("global_type")?.typeValue
    else { throw operation.emitOpError("has no name or type") }
    let hasRegion = !(operation.regions.first?.isEmpty ?? true)
    let value = operation.attribute("value")
    let isDefinition = isDefined && (hasRegion || value != nil)
    symbol(name)
    out.append(" = ")
    if !isDefinition {
      out.append("external ")
      if options.exportsPrivateSymbols { out.append("hidden ") }
    } else {
      writeLinkage(operation, isDefinition: true)
    }
    if operation.hasAttribute("thread_local_") { out.append("thread_local ") }
    switch keyword(
      operation.attribute("unnamed_addr"), ["none", "local_unnamed_addr", "unnamed_addr"])
    {
    case "unnamed_addr", "global": out.append("unnamed_addr ")
    case "local_unnamed_addr", "local": out.append("local_unnamed_addr ")
    default: break
    }
    if let space = operation.attribute("addr_space")?.integerValue, space != 0 {
      out.append("addrspace(\(space)) ")
    }
    if operation.hasAttribute("externally_initialized") { out.append("externally_initialized ") }
    out.append(operation.hasAttribute("constant") ? "constant " : "global ")
    try self.type(type, at: operation)
    if isDefinition {
      out.append(" ")
      if hasRegion, let block = operation.region(0).firstBlock {
        guard let ret = block.lastOperation, ret.operandCount == 1 else {
          throw operation.emitOpError("has an initializer that does not return a value")
        }
        try initializer(ret.operand(0), operation)
      } else if let value {
        try constant(value, type, operation)
      }
    }
    if let section = operation.attribute("section")?.stringIdentifier {
      out.append(", section ")
      quoted(section.bytes)
    }
    if let alignment = operation.attribute("alignment")?.integerValue {
      out.append(", align \(alignment)")
    }
    out.append("\n")
  }

  /// Writes a value of a global's initializer region as a constant expression.
  private func initializer(_ value: Value, _ global: Operation) throws(Reported) {
    guard let operation = value.definingOperation else {
      throw global.emitOpError("has an initializer that is not constant")
    }
    let handler = try handler(operation)
    if case .constant(let kind) = handler { return try constant(operation, kind) }
    if case .insertValue = handler { return try initializerAggregate(value, global) }
    if case .gep = handler {
      out.append("getelementptr (")
      try gepBody(operation) { value throws(Reported) in
        try self.type(value.type, at: operation)
        self.out.append(" ")
        try self.initializer(value, global)
      }
      out.append(")")
      return
    }
    throw operation.emitOpError("cannot be part of a global's initializer in LLVM IR text")
  }

  private func initializerAggregate(_ value: Value, _ global: Operation) throws(Reported) {
    var parts: [Int: Value] = [:]
    var base = value
    while let operation = base.definingOperation, operation.name.string == "llvm.insertvalue" {
      guard let position = operation.attribute("position")?.integers, position.count == 1 else {
        throw operation.emitOpError("has a nested position in a global's initializer")
      }
      let isContainerFirst = operation.operand(0).type == operation.result().type
      if parts[position[0]] == nil {
        parts[position[0]] = operation.operand(isContainerFirst ? 1 : 0)
      }
      base = operation.operand(isContainerFirst ? 0 : 1)
    }
    let type = value.type
    let count = type.llvmArray?.count ?? type.llvmStruct?.elements?.count ?? 0
    let isArray = type.llvmArray != nil
    let isPacked = type.llvmStruct?.isPacked ?? false
    out.append(isArray ? "[" : isPacked ? "<{ " : "{ ")
    for i in 0..<count {
      if i > 0 { out.append(", ") }
      if let element = type.llvmElement(at: [i]) { try self.type(element, at: global) }
      out.append(" ")
      if let part = parts[i] {
        try initializer(part, global)
      } else if base.definingOperation?.name.string == "llvm.mlir.zero" {
        out.append("zeroinitializer")
      } else {
        out.append("undef")
      }
    }
    out.append(isArray ? "]" : isPacked ? " }>" : " }")
  }

  // MARK: Functions

  private static let parameterWords: [String: String] = [
    "llvm.noalias": "noalias", "llvm.nonnull": "nonnull", "llvm.readonly": "readonly",
    "llvm.readnone": "readnone", "llvm.writeonly": "writeonly", "llvm.noundef": "noundef",
    "llvm.zeroext": "zeroext", "llvm.signext": "signext", "llvm.inreg": "inreg",
    "llvm.nofree": "nofree", "llvm.returned": "returned", "llvm.nest": "nest",
    "llvm.immarg": "immarg", "llvm.swiftself": "swiftself", "llvm.noext": "noext",
  ]

  /// Writes the attributes of parameter or result `i` that LLVM knows.
  private func attributes(_ list: Attribute?, _ i: Int, _ operation: Operation) throws(Reported) {
    guard let dictionaries = list?.elements, i < dictionaries.count else { return }
    for (name, value) in dictionaries[i].entries {
      let name = name.string
      if let word = Self.parameterWords[name] {
        out.append(" ")
        out.append(word)
        continue
      }
      switch name {
      case "llvm.align": out.append(" align \(value.integerValue ?? 1)")
      case "llvm.dereferenceable": out.append(" dereferenceable(\(value.integerValue ?? 0))")
      case "llvm.dereferenceable_or_null":
        out.append(" dereferenceable_or_null(\(value.integerValue ?? 0))")
      case "llvm.alignstack": out.append(" alignstack(\(value.integerValue ?? 1))")
      case "llvm.byval", "llvm.sret", "llvm.byref", "llvm.elementtype":
        guard let type = value.typeValue else { continue }
        out.append(" ")
        out.append(String(name.dropFirst(5)))
        out.append("(")
        try self.type(type, at: operation)
        out.append(")")
      default: continue
      }
    }
  }

  func writeSignature(_ operation: Operation, isDefinition: Bool) throws(Reported) {
    guard let name = SymbolTable.name(of: operation),
      let type = operation.attribute("function_type")?.typeValue?.llvmFunction
    else { throw operation.emitOpError("has no name or no llvm function type") }
    out.append(isDefinition ? "define " : "declare ")
    writeLinkage(operation, isDefinition: isDefinition)
    if operation.hasAttribute("dso_local") { out.append("dso_local ") }
    try callingConvention(operation)
    let result = try captured { () throws(Reported) in
      try attributes(operation.attribute("res_attrs"), 0, operation)
    }
    if !result.isEmpty {
      out.append(String(result.dropFirst()))
      out.append(" ")
    }
    try self.type(type.result, at: operation)
    out.append(" ")
    symbol(name)
    out.append("(")
    let list = operation.attribute("arg_attrs")
    for (i, input) in type.inputs.enumerated() {
      if i > 0 { out.append(", ") }
      try self.type(input, at: operation)
      try attributes(list, i, operation)
      if isDefinition { out.append(" %\(i)") }
    }
    if type.isVariadic { out.append(type.inputs.isEmpty ? "..." : ", ...") }
    out.append(")")
    let text = functionAttributes(operation, isDefinition: isDefinition)
    if !text.isEmpty { out.append(" #\(group(text))") }
    if let section = operation.attribute("section")?.stringIdentifier, isDefinition {
      out.append(" section ")
      quoted(section.bytes)
    }
    if let alignment = operation.attribute("alignment")?.integerValue {
      out.append(" align \(alignment)")
    }
    if !isDefinition { out.append("\n") }
  }

  private func callingConvention(_ operation: Operation) throws(Reported) {
    guard let attribute = operation.attribute("CConv") else { return }
    switch attribute.enumKeyword ?? attribute.stringValue ?? "ccc" {
    case "ccc", "c": break
    case "fastcc": out.append("fastcc ")
    case "coldcc": out.append("coldcc ")
    case let other:
      throw operation.emitOpError("has calling convention '\(other)', which is not supported")
    }
  }

  private static let functionWords = [
    ("no_unwind", "nounwind"), ("will_return", "willreturn"), ("always_inline", "alwaysinline"),
    ("no_inline", "noinline"), ("noreturn", "noreturn"), ("optimize_none", "optnone"),
    ("inline_hint", "inlinehint"), ("convergent", "convergent"), ("cold", "cold"), ("hot", "hot"),
    ("returns_twice", "returns_twice"),
  ]

  private func functionAttributes(_ operation: Operation, isDefinition: Bool) -> String {
    var words: [String] = []
    for (name, word) in Self.functionWords where operation.hasAttribute(name) {
      words.append(word)
    }
    var strings: [(key: String, value: String)] = []
    for entry in operation.attribute("passthrough")?.elements ?? [] {
      if let pair = entry.elements, pair.count == 2, let key = pair[0].stringValue,
        let value = pair[1].stringValue
      {
        if key == "align" || key == "alignstack" {
          words.append("\(key)=\(value)")
        } else {
          strings.append((key, value))
        }
      } else if let word = entry.stringValue {
        words.append(word.contains("-") ? "\"\(word)\"" : word)
      }
    }
    if isDefinition { addTarget(operation, &strings) }
    for (key, value) in strings {
      let text = try? captured { () throws(Reported) in
        quoted(Array(key.utf8))
        if !value.isEmpty {
          out.append("=")
          quoted(Array(value.utf8))
        }
      }
      if let text { words.append(text) }
    }
    var unique: [String] = []
    for word in words where !unique.contains(word) { unique.append(word) }
    return unique.joined(separator: " ")
  }

  private func addTarget(_ operation: Operation, _ strings: inout [(key: String, value: String)]) {
    func add(_ key: String, _ value: String) {
      if !value.isEmpty, !strings.contains(where: { $0.key == key }) {
        strings.append((key, value))
      }
    }
    add("target-cpu", operation.attribute("target_cpu")?.stringValue ?? options.cpu)
    add(
      "target-features",
      operation.discardableAttributes["target_features"]?.stringValue ?? options.features)
    let own = operation.attribute("prefer_vector_width")?.stringValue
    add("prefer-vector-width", own ?? options.preferredVectorWidth.map(String.init) ?? "")
    if let width = operation.attribute("min_legal_vector_width")?.integerValue {
      add("min-legal-vector-width", String(width))
    }
  }

  func writeFunction(_ operation: Operation) throws(Reported) {
    try writeSignature(operation, isDefinition: true)
    if let lines { beginDebugInformation(operation, lines) }
    out.append(" {\n")
    try number(operation)
    let region = operation.region(0)
    for (index, block) in region.blocks.enumerated() {
      out.append("b")
      out.append(Int64(index))
      out.append(":\n")
      if index > 0 { try phis(block, operation) }
      for inner in block.operations { try instruction(inner) }
    }
    for (index, edge) in edges.enumerated() {
      out.append("e")
      out.append(Int64(index))
      out.append(":\n  br label %b")
      out.append(Int64(blockNumbers[edge.to] ?? 0))
      out.append("\n")
    }
    out.append("}\n")
  }

  /// Gives numbers to the values and blocks of a function, in the order of the text.
  private func number(_ function: Operation) throws(Reported) {
    blockNumbers.removeAll(keepingCapacity: true)
    edges.removeAll()
    var next: UInt32 = 0
    for (index, block) in function.region(0).blocks.enumerated() {
      blockNumbers[block] = index
      for argument in block.arguments {
        numbers[Int(argument.raw)] = next
        next += 1
      }
      for operation in block.operations {
        guard operation.resultCount > 0 else {
          if operation.successors.count > 1 { collectEdges(operation, index) }
          continue
        }
        if case .constant = try handler(operation) { continue }
        if operation.resultCount > 1 {
          throw operation.emitOpError("has several results, which LLVM IR has no form for")
        }
        numbers[Int(operation.result().raw)] = next
        next += 1
      }
    }
  }

  /// A terminator that reaches one block twice with different values needs a block for each further edge.
  private func collectEdges(_ terminator: Operation, _ index: Int) {
    let successors = Array(terminator.successors)
    for i in successors.indices.dropFirst() {
      let block = successors[i]
      if block.argumentCount > 0, successors[..<i].contains(block) {
        edges.append((index, block, i, terminator))
      }
    }
  }

  /// Phi nodes for a block's arguments.
  private func phis(_ block: Block, _ function: Operation) throws(Reported) {
    guard block.argumentCount > 0 else { return }
    var sources: [(label: String, values: OperandList)] = []
    var seen: Set<Operation> = []
    for terminator in block.predecessorTerminators where seen.insert(terminator).inserted {
      guard let from = terminator.block, let index = blockNumbers[from] else { continue }
      for (i, successor) in terminator.successors.enumerated() where successor == block {
        guard let values = terminator.successorOperands(i), values.count == block.argumentCount
        else {
          throw terminator.emitOpError("does not say what it passes to successor #\(i)")
        }
        let edge = edges.firstIndex { $0.terminator == terminator && $0.successor == i }
        sources.append((edge.map { "e\($0)" } ?? "b\(index)", values))
      }
    }
    if sources.isEmpty {
      // An unreachable block: its arguments are anything.
      for argument in block.arguments {
        out.append("  %\(numbers[Int(argument.raw)]) = freeze ")
        try type(argument.type, at: function)
        out.append(" poison\n")
      }
      return
    }
    for (i, argument) in block.arguments.enumerated() {
      out.append("  %")
      out.append(UInt64(numbers[Int(argument.raw)]))
      out.append(" = phi ")
      try type(argument.type, at: function)
      for (k, source) in sources.enumerated() {
        out.append(k == 0 ? " [ " : ", [ ")
        try value(source.values[i])
        out.append(", %")
        out.append(source.label)
        out.append(" ]")
      }
      // What moves values between blocks belongs to what follows.
      if let lines, let first = block.firstOperation { debugLocation(first, lines) }
      out.append("\n")
    }
  }
}
