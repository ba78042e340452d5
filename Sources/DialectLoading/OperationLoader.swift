import MartletIR
import MartletSupport
import MartletSyntax

/// Makes an operation's declaration from its record.
struct OperationLoader {
  let library: DialectLibrary
  private(set) var constraints: ConstraintLoader
  /// Names of operations by the names of their classes in C++.
  private let classes: [String: String]
  /// Operations whose text is generic, being read and printed by C++.
  private(set) var genericOnly: [String] = []
  /// Operations with checks written in C++.
  private(set) var uncheckedCount = 0

  init(_ library: DialectLibrary) {
    self.library = library
    constraints = ConstraintLoader(library)
    var classes: [String: String] = [
      "ModuleOp": "builtin.module", "func::FuncOp": "func.func", "FuncOp": "func.func",
    ]
    for store in library.stores {
      for record in store.instances(of: "Op") {
        guard let name = Self.name(of: record) else { continue }
        let className = Self.className(of: record)
        classes[className] = classes[className] ?? name
        classes["\(name.prefix { $0 != "." }).\(className)"] = name
      }
    }
    self.classes = classes
  }

  /// `tosa.add`.
  static func name(of record: Record) -> String? {
    guard let dialect = record.record("opDialect")?.text("name"),
      let name = record.filled("opName")
    else { return nil }
    return dialect.isEmpty ? name : "\(dialect).\(name)"
  }

  /// `AddOp` of the record `Tosa_AddOp`.
  static func className(of record: Record) -> String {
    guard let mark = record.name.firstIndex(of: "_"), mark != record.name.startIndex else {
      return record.name
    }
    return String(record.name[record.name.index(after: mark)...])
  }

  mutating func operation(_ record: Record) -> OpDefinition? {
    guard let name = Self.name(of: record) else { return nil }
    var operands: [ValueDefinition] = []
    var attributes: [AttributeSlot] = []
    var decorators: [Record] = []
    for argument in record.arguments("arguments") {
      guard case .record(let number) = argument.value,
        let entry = record.store.record(number)
      else { continue }
      let inner = entry.record("constraint").flatMap { entry.isA("OpVariable") ? $0 : nil } ?? entry
      decorators += entry.records("decorators")
      if inner.isA("Attr") || inner.isA("Property") {
        attributes.append(constraints.slot(inner, argument.name))
      } else if inner.isA("TypeConstraint") || inner.isA("Variadic") || inner.isA("Optional") {
        let (constraint, arity) = constraints.value(inner)
        operands.append(ValueDefinition(argument.name, constraint, arity))
      }
    }
    let results = record.arguments("results").compactMap { result -> ValueDefinition? in
      guard case .record(let number) = result.value, let entry = record.store.record(number) else {
        return nil
      }
      decorators += entry.records("decorators")
      let (constraint, arity) = constraints.value(entry)
      return ValueDefinition(result.name, constraint, arity)
    }
    let regions = record.arguments("regions").map { region -> RegionDefinition in
      guard case .record(let number) = region.value, let entry = record.store.record(number) else {
        return RegionDefinition(region.name)
      }
      return RegionDefinition(
        region.name, arity: entry.isA("VariadicRegion") ? .variadic : .one,
        oneBlock: entry.integer("blocks") == 1 && entry.isA("SizedRegion"))
    }
    let successors = record.arguments("successors").map { successor -> SuccessorDefinition in
      guard case .record(let number) = successor.value,
        let entry = record.store.record(number)
      else { return SuccessorDefinition(successor.name) }
      return SuccessorDefinition(
        successor.name, arity: entry.isA("VariadicSuccessor") ? .variadic : .one)
    }
    var traits = TraitLoader(library, name, classes, operands.map(\.name), results.map(\.name))
    traits.addAll(record.records("traits"), &constraints)
    for decorator in decorators { traits.addEffect(decorator) }
    if traits.derivesResultFromFirstAttribute, let first = attributes.first, results.count == 1 {
      traits.relations.append(
        .inferred(target: results[0].name, from: first.name) { $0 })
    }
    if record.flag("hasVerifier") || record.flag("hasRegionVerifier") { uncheckedCount += 1 }
    let supplement = library.supplement(name)
    var format = record.text("assemblyFormat")
    var assembly: CustomAssembly?
    if format == nil, record.flag("hasCustomAssemblyFormat") {
      format = supplement?.formats[name]
      assembly = supplement?.assemblies[name]
      if format == nil, assembly == nil, traits.isFunction { assembly = .function }
      if format == nil, assembly == nil { genericOnly.append(name) }
    }
    if supplement?.sameTypes.contains(name) ?? false {
      traits.relations.append(.same(operands.map(\.name) + results.map(\.name)))
    }
    let checks = traits.checks
    var verify: (@Sendable (Operation) throws(Reported) -> Void)?
    if !checks.isEmpty {
      verify = { (operation) throws(Reported) in
        for check in checks { try check.verify(operation) }
      }
    }
    return OpDefinition(
      name, record.text("summary") ?? "", operands: operands, results: results,
      attributes: attributes, regions: regions, successors: successors, traits: traits.traits,
      effects: traits.effects, relations: traits.relations, format: format,
      implicitTerminator: traits.implicitTerminator, parents: traits.parents,
      verify: verify, inferResultTypes: supplement?.inferences[name],
      interfaces: interfaces(record, supplement, assembly))
  }

  private func interfaces(
    _ record: Record, _ supplement: DialectSupplement?, _ assembly: CustomAssembly?
  ) -> [any OpInterface] {
    var interfaces: [any OpInterface] = []
    if let own = supplement?.directives, !own.isEmpty {
      interfaces.append(
        CustomDirectives(CommonDirectives.table.merging(own, uniquingKeysWith: { $1 })))
    } else {
      interfaces.append(CommonDirectives.interface)
    }
    if let assembly { interfaces.append(assembly) }
    let dialect = record.record("opDialect")?.text("name") ?? ""
    if let name = record.text("defaultDialect") {
      interfaces.append(DefaultDialect(name.isEmpty ? dialect : name))
    } else if overridesDefaultDialect(record.records("traits"), 0) {
      // What such a method returns is written in C++; nobody has been seen to name another dialect.
      interfaces.append(DefaultDialect(dialect))
    }
    return interfaces
  }

  private func overridesDefaultDialect(_ traits: [Record], _ depth: Int) -> Bool {
    traits.contains { trait in
      trait.list("alwaysOverriddenMethods").contains {
        if case .text("getDefaultDialect") = $0 { return true }
        return false
      } || (depth < 8 && overridesDefaultDialect(trait.records("traits"), depth + 1))
    }
  }
}

/// A predicate over a whole operation, from a trait.
struct OperationCheck: Sendable {
  let predicate: RecordPredicate
  let summary: String
  let library: DialectLibrary

  func verify(_ operation: Operation) throws(Reported) {
    let evaluator = CppEvaluator(
      library: library, context: operation.context, operation: operation,
      lookUp: { OperationCheck.value($0, operation) })
    guard predicate.holds(evaluator) == false else { return }
    throw operation.emitOpError("failed to verify that \(summary)")
  }

  /// What `$name` stands for in an operation's predicates.
  static func value(_ name: String, _ operation: Operation) -> CppValue? {
    guard let definition = operation.definition else { return nil }
    if let i = definition.operands.firstIndex(where: { $0.name == name }) {
      let group = operation.operandGroup(i)
      switch definition.operands[i].arity {
      case .one: return group.first.map { .value($0) } ?? .unknown
      case .optional: return group.first.map { .value($0) } ?? .null
      case .variadic: return .list(group.map { .value($0) })
      }
    }
    if let i = definition.results.firstIndex(where: { $0.name == name }) {
      let segments = operation.resultSegments
      let start = segments[..<i].reduce(0, +)
      let values = (start..<(start + segments[i])).map { CppValue.value(operation.result($0)) }
      switch definition.results[i].arity {
      case .one: return values.first ?? .unknown
      case .optional: return values.first ?? .null
      case .variadic: return .list(values)
      }
    }
    if let slot = definition.slot(name) {
      return operation.inherent(slot).map { .attribute($0) } ?? .null
    }
    return nil
  }
}
