import MartletIR
import MartletSupport

/// Checks of sequences, handles and parameters.
extension Transform {
  // MARK: Sequences

  private static func verifyTopLevel(_ operation: Operation) throws(Reported) {
    if operation.regionCount == 0 {
      throw operation.emitOpError("expects at least one region")
    }
    let region = operation.region()
    guard let body = region.firstBlock, body.next == nil else {
      throw operation.emitOpError("expects a single-block region")
    }
    guard body.argumentCount > 0 else {
      throw operation.emitOpError("expects the entry block to have at least one argument")
    }
    let first = body.argument(0).type
    if role(first) != .operations {
      throw operation.emitOpError(
        "expects the first entry block argument to be of type implementing "
          + "TransformHandleTypeInterface")
    }
    if operation.operandCount > 0, first != operation.operand(0).type {
      throw operation.emitOpError(
        "expects the type of the block argument to match the type of the operand")
    }
    for argument in body.arguments where role(argument.type) == nil {
      throw operation.emitOpError(
        "expects trailing entry block arguments to be of type implementing "
          + "TransformHandleTypeInterface, TransformValueHandleTypeInterface or "
          + "TransformParamTypeInterface")
    }
    if let parent = operation.parent?.ancestor(where: isPossibleTopLevel),
      operation.operandCount != body.argumentCount
    {
      throw operation.emitOpError(
        "expects operands to be provided for a nested op",
        notes: [parent.note("nested in another possible top-level op")])
    }
  }

  static func verifySequence(_ operation: Operation) throws(Reported) {
    try verifyTopLevel(operation)
    guard let body = operation.region().firstBlock else { return }
    if operation.operandGroup(0).isEmpty, operation.operandCount > 0 {
      throw operation.emitOpError("does not expect extra operands when used as top-level")
    }
    for (i, argument) in body.arguments.enumerated() {
      try checkConsumption(argument) { text, notes in
        operation.emitOpError("block argument #\(i)" + text, notes: notes)
      }
    }
    guard let last = body.lastOperation, last.has(.terminator) || !last.isRegistered else {
      throw operation.emitOpError("expects to have a terminator in the body")
    }
    for child in body.operations {
      if child != last, !isTransform(child) {
        throw operation.emitOpError(
          "expected children ops to implement TransformOpInterface",
          notes: [child.note("op without interface")])
      }
      for (i, result) in child.results.enumerated() {
        try checkConsumption(result) { text, notes in
          child.emitError("result #\(i)" + text, notes: notes)
        }
      }
    }
    if last.operands.map(\.type) != operation.results.map(\.type) {
      throw operation.emitOpError(
        "expects the types of the terminator operands to match the types of the result",
        notes: [last.note("terminator")])
    }
  }

  static func verifyNamedSequence(_ operation: Operation) throws(Reported) {
    if let table = operation.parent?.ancestor(where: { $0.has(.symbolTable) }),
      !table.hasAttribute("transform.with_named_sequence")
    {
      throw operation.emitError(
        "expects the parent symbol table to have the 'transform.with_named_sequence' attribute",
        notes: [table.note("symbol table operation")])
    }
    if let outer = operation.parent?.ancestor(where: { isTransform($0) }) {
      throw operation.emitError(
        "cannot be defined inside another transform op",
        notes: [outer.note("ancestor transform op")])
    }
    let type = operation.attribute("function_type")?.typeValue
    try FunctionSyntax.verify(
      operation, inputs: type?.inputs ?? [], results: type?.results ?? [])
    guard let body = operation.region().firstBlock else {
      try verifyAnnotations(operation)
      return
    }
    guard let last = body.lastOperation else {
      throw operation.emitError("expected a non-empty body block")
    }
    if !last.is(yield) {
      throw operation.emitError(
        "expected 'transform.yield' as terminator", notes: [last.note("terminator")])
    }
    try verifyYield(last, type?.results ?? [])
    try verifyAnnotations(operation)
  }

  private static func verifyYield(_ end: Operation, _ results: [Type]) throws(Reported) {
    if end.operandCount != results.count {
      throw end.emitError(
        "expected terminator to have as many operands as the parent op has results")
    }
    for (i, (operand, result)) in zip(end.operands, results).enumerated()
    where operand.type != result {
      throw end.emitError(
        "the type of the terminator operand #\(i) must match the type of the corresponding "
          + "parent op result ('\(operand.type)' vs '\(result)')")
    }
  }

  static func verifyPDLPatterns(_ operation: Operation) throws(Reported) {
    try verifyTopLevel(operation)
    var top: Operation?
    for child in children(operation.region()) {
      if child.name.string == "pdl.pattern" { continue }
      guard isPossibleTopLevel(child) else {
        throw operation.emitOpError(
          "expects only pattern and top-level transform ops in its body",
          notes: [child.note("offending op")])
      }
      if let top {
        throw operation.emitOpError(
          "expects only one non-pattern op in its body",
          notes: [top.note("first non-pattern op"), child.note("second non-pattern op")])
      }
      top = child
    }
    if top == nil { throw operation.emitOpError("expects at least one non-pattern op") }
    if let outer = operation.parent?.ancestor(where: { $0.is(withPdlPatterns) }) {
      throw operation.emitOpError("cannot be nested", notes: [outer.note("parent operation")])
    }
  }

  static func verifyAlternatives(_ operation: Operation) throws(Reported) {
    try verifyTopLevel(operation)
    for region in operation.regions {
      guard let end = region.firstBlock?.lastOperation else { continue }
      if end.operands.map(\.type) != operation.results.map(\.type) {
        throw operation.emitOpError(
          "expects terminator operands to have the same type as results of the operation",
          notes: [end.note("terminator")])
      }
    }
  }

  static func verifyTuneAlternatives(_ operation: Operation) throws(Reported) {
    for region in operation.regions {
      guard let end = region.firstBlock?.lastOperation, end.is(yield) else {
        throw operation.emitOpError("expected 'transform.yield' as terminator")
      }
      try verifyYield(end, operation.results.map(\.type))
    }
    let selected = operation.attribute("selected_region_attr")?.integerValue
    if let selected, selected < 0 || selected >= Int64(operation.regionCount) {
      throw operation.emitOpError(
        "'selected_region' attribute specifies region at index \(selected) while op has only "
          + "\(operation.regionCount) regions")
    }
    if selected != nil, operation.operandCount > 0 {
      throw operation.emitOpError(
        "'selected_region' attribute and param must not be both specified")
    }
  }

  static func verifyForeach(_ operation: Operation) throws(Reported) {
    guard let body = operation.region().firstBlock, let end = body.lastOperation else { return }
    if operation.operandCount != body.argumentCount {
      throw operation.emitOpError(
        "expects the same number of targets as the body has block arguments")
    }
    if !zip(operation.operands, body.arguments).allSatisfy({ $0.type == $1.type }) {
      throw operation.emitOpError(
        "expects co-indexed targets and the body's block arguments to have the same "
          + "op/value/param type")
    }
    if operation.resultCount != end.operandCount {
      throw operation.emitOpError(
        "expects the same number of results as the yield terminator has operands")
    }
    if !zip(operation.results, end.operands).allSatisfy({ $0.type == $1.type }) {
      throw operation.emitOpError(
        "expects co-indexed results and yield operands to have the same op/value/param type")
    }
  }

  // MARK: Patterns and passes

  static func verifyPatterns(_ operation: Operation) throws(Reported) {
    for child in children(operation.region())
    where !isPatternDescriptor(child) {
      throw operation.emitOpError(
        "expected children ops to implement PatternDescriptorOpInterface",
        notes: [child.note("op without interface")])
    }
  }

  static func verifyConversionPatterns(_ operation: Operation) throws(Reported) {
    if operation.regionCount != 1, operation.regionCount != 2 {
      throw operation.emitOpError("expected 1 or 2 regions")
    }
    for child in children(operation.region())
    where !isConversionDescriptor(child) {
      throw operation.emitOpError(
        "expected pattern children ops to implement ConversionPatternDescriptorOpInterface",
        notes: [child.note("op without interface")])
    }
    guard operation.regionCount == 2, let body = operation.region(1).firstBlock else { return }
    guard let only = body.firstOperation, only.next == nil else {
      throw operation.emitOpError("expected exactly one op in default type converter region")
    }
    if !isTypeConverter(only) {
      throw operation.emitOpError(
        "expected default converter child op to implement TypeConverterBuilderOpInterface",
        notes: [only.note("op without interface")])
    }
  }

  /// Dialects that say how they are converted to llvm.
  private static let convertible: Set<String> = [
    "arith", "cf", "complex", "func", "gpu", "index", "math", "memref", "mpi", "nvvm", "openmp",
    "ub", "vector",
  ]

  static func verifyDialectToLLVM(_ operation: Operation) throws(Reported) {
    let name = operation.attribute("dialect_name")?.stringValue ?? ""
    if convertible.contains(name) { return }
    if operation.context.dialect(name) == nil {
      throw operation.emitOpError("unknown dialect or dialect not loaded: \(name)")
    }
    throw operation.emitOpError(
      "dialect does not implement ConvertToLLVMPatternInterface or extension was not loaded: "
        + name)
  }

  static func verifyRegisteredPass(_ operation: Operation) throws(Reported) {
    let count = operation.operands(named: "dynamic_options").count
    var used: Set<Int64> = []
    func check(_ value: Attribute, _ depth: Int) throws(Reported) {
      if let elements = value.elements, depth < 64 {
        for element in elements { try check(element, depth + 1) }
      }
      guard value.is(paramOperand), let index = value.attributeWord(0)?.integerValue else {
        return
      }
      if index < 0 || index >= Int64(count) {
        throw operation.emitOpError(
          "dynamic option index \(index) is out of bounds for the number of dynamic options: "
            + "\(count)")
      }
      if !used.insert(index).inserted {
        throw operation.emitOpError("dynamic option index \(index) is already used in options")
      }
    }
    for entry in operation.attribute("options")?.entries ?? [] { try check(entry.value, 0) }
    if used.count != count {
      throw operation.emitOpError(
        "a param operand does not have a corresponding param_operand attr in the options dict")
    }
  }

  // MARK: Handles

  static func foldMerge(_ operation: Operation) -> FoldResult {
    guard operation.operandCount == 1 else { return .none }
    return .value(operation.operand(0))
  }

  static func verifySplitHandle(_ operation: Operation) throws(Reported) {
    if let overflow = operation.attribute("overflow_result")?.integerValue,
      overflow >= Int64(operation.resultCount)
    {
      throw operation.emitOpError("overflow_result is not a valid result index")
    }
    let wanted = role(operation.operand(0).type)
    if !operation.results.allSatisfy({ role($0.type) == wanted }) {
      throw operation.emitOpError(
        "expects result types to implement the same transform interface as the operand type")
    }
  }

  static func verifyNumAssociations(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    if type.is(anyParamType) { return }
    guard type.is(paramType), type.typeWord(0).isInteger(64) else {
      throw operation.emitError(
        "expected the type of the parameter attribute ('i64') to match the parameter type ('\(type)')"
      )
    }
  }

  static func verifyMatchDimensions(_ operation: Operation) throws(Reported) {
    let list =
      (operation.attribute("raw_position_list") ?? operation.attribute("raw_dim_list"))?.integers
      ?? []
    let isAll = operation.hasAttribute("is_all")
    if isAll {
      if operation.hasAttribute("is_inverted") {
        throw operation.emitOpError(
          "cannot request both 'all' and 'inverted' values in the list")
      }
      if !list.isEmpty {
        throw operation.emitOpError(
          "cannot both request 'all' and specific values in the list")
      }
    } else if list.isEmpty {
      throw operation.emitOpError(
        "must request specific values in the list if 'all' is not specified")
    }
    // As MLIR has it, only neighbours are compared.
    if zip(list, list.dropFirst()).contains(where: { $0 == $1 }) {
      throw operation.emitOpError("expected the listed values to be unique")
    }
  }

  static func verifyKnob(_ operation: Operation) throws(Reported) {
    guard let selected = operation.attribute("selected"),
      let options = operation.attribute("options")?.elements, !options.contains(selected)
    else { return }
    throw operation.emitOpError(
      "provided `selected` attribute is not an element of `options` array of attributes")
  }

  // MARK: Named sequences in use

  private static func sequence(_ symbol: Attribute?, from operation: Operation) -> Operation? {
    guard let symbol, let found = SymbolTable.resolve(symbol, from: operation),
      found.is(namedSequence)
    else { return nil }
    return found
  }

  /// Whether `target` is included by `origin`, directly or through others.
  private static func reaches(
    _ target: Operation, from origin: Operation, _ reached: inout Set<Operation>
  ) -> Bool {
    var waiting = [origin]
    while let function = waiting.popLast() {
      if function == target { return true }
      guard reached.insert(function).inserted else { continue }
      function.walk { inner in
        guard inner.is(include),
          let callee = sequence(inner.attribute("target"), from: inner)
        else { return }
        waiting.append(callee)
      }
    }
    return false
  }

  private static func signature(_ function: Operation) -> (inputs: [Type], results: [Type]) {
    let type = function.attribute("function_type")?.typeValue
    return (type?.inputs ?? [], type?.results ?? [])
  }

  static func verifyInclude(_ operation: Operation) throws(Reported) {
    guard let target = sequence(operation.attribute("target"), from: operation) else {
      throw operation.emitOpError("does not reference a named transform sequence")
    }
    var reached: Set<Operation> = []
    if let outer = operation.parent?.ancestor(where: { $0.is(namedSequence) }),
      reaches(outer, from: target, &reached)
    {
      throw outer.emitError(
        "recursion not allowed in named sequences",
        notes: [target.note("operation on recursion stack")])
    }
    let (inputs, results) = signature(target)
    if inputs.count != operation.operandCount {
      throw operation.emitError("incorrect number of operands for callee")
    }
    for (i, (operand, input)) in zip(operation.operands, inputs).enumerated()
    where operand.type != input {
      throw operation.emitOpError(
        "operand type mismatch: expected operand type '\(input)', but provided "
          + "'\(operand.type)' for operand number \(i)")
    }
    if results.count != operation.resultCount {
      throw operation.emitError("incorrect number of results for callee")
    }
    for (i, (result, type)) in zip(operation.results, results).enumerated()
    where role(result.type) != role(type) {
      throw operation.emitOpError(
        "type of result #\(i) must implement the same transform dialect interface as the "
          + "corresponding callee result")
    }
    try verifyAnnotations(target, isCalled: true)
  }

  static func verifyCollectMatching(_ operation: Operation) throws(Reported) {
    let name = operation.attribute("matcher")
    guard let matcher = sequence(name, from: operation) else {
      throw operation.emitError("unresolved matcher symbol \(name.map { "\($0)" } ?? "")")
    }
    let (inputs, results) = signature(matcher)
    if inputs.count != 1 || role(inputs[0]) != .operations {
      throw operation.emitError("expected the matcher to take one operation handle argument")
    }
    if argumentAttribute(matcher, 0, "transform.readonly") == nil {
      throw operation.emitError("expected the matcher argument to be marked readonly")
    }
    if results.count != operation.resultCount {
      throw operation.emitError(
        "expected the matcher to yield as many values as op has results "
          + "(\(operation.resultCount)), got \(results.count)")
    }
    for (i, (type, result)) in zip(results, operation.results).enumerated()
    where role(type) != role(result.type) {
      throw operation.emitError(
        "mismatching type interfaces for matcher result and op result #\(i)")
    }
  }

  static func verifyForeachMatch(_ operation: Operation) throws(Reported) {
    let matchers = operation.attribute("matchers")?.elements ?? []
    let actions = operation.attribute("actions")?.elements ?? []
    if matchers.count != actions.count {
      throw operation.emitOpError("expected the same number of matchers and actions")
    }
    if matchers.isEmpty {
      throw operation.emitOpError("expected at least one match/action pair")
    }
    for (matcher, action) in zip(matchers, actions) {
      try verifyPair(operation, matcher, action)
    }
  }

  private static func verifyPair(
    _ operation: Operation, _ matcherName: Attribute, _ actionName: Attribute
  ) throws(Reported) {
    guard let matcher = sequence(matcherName, from: operation) else {
      throw operation.emitError("unresolved matcher symbol \(matcherName)")
    }
    guard let action = sequence(actionName, from: operation) else {
      throw operation.emitError("unresolved action symbol \(actionName)")
    }
    try verifyAnnotations(matcher, isCalled: true)
    try verifyAnnotations(action, isCalled: true)
    let (inputs, matched) = signature(matcher)
    let (needed, results) = signature(action)
    let operands = operation.operands.map(\.type)
    let declaration = [matcher.note("symbol declaration")]
    if operands.count != inputs.count {
      throw operation.emitError(
        "the number of operands (\(operands.count)) doesn't match the number of matcher "
          + "arguments (\(inputs.count)) for \(matcherName)", notes: declaration)
    }
    for (i, (operand, input)) in zip(operands, inputs).enumerated() {
      if argumentAttribute(matcher, i, "transform.consumed") != nil {
        throw operation.emitOpError(
          "does not expect matcher symbol to consume its operand #\(i)", notes: declaration)
      }
      if role(operand) != role(input) {
        throw operation.emitError(
          "mismatching type interfaces for operand and matcher argument #\(i) of matcher "
            + "\(matcherName)", notes: declaration)
      }
    }
    if matched.count != needed.count {
      throw operation.emitError(
        "mismatching number of matcher results and action arguments between \(matcherName) "
          + "(\(matched.count)) and \(actionName) (\(needed.count))")
    }
    for (i, (from, to)) in zip(matched, needed).enumerated() where role(from) != role(to) {
      throw operation.emitError(
        "mismatching type interfaces for matcher result and action argument #\(i)of matcher "
          + "\(matcherName) and action \(actionName)")
    }
    let forwarded = operation.results.dropFirst().map(\.type)
    if results.count != forwarded.count {
      throw operation.emitError(
        "the number of action results (\(results.count)) for \(actionName) doesn't match the "
          + "number of extra op results (\(forwarded.count))")
    }
    for (i, (from, to)) in zip(results, forwarded).enumerated() where role(from) != role(to) {
      throw operation.emitError(
        "mismatching type interfaces for action result #\(i) of action \(actionName) and op "
          + "result")
    }
  }
}
