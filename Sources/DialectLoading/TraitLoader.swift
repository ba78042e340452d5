import MartletIR

/// What the traits of an operation's record come to.
struct TraitLoader {
  private let library: DialectLibrary
  private let dialect: Substring
  private let classes: [String: String]
  private let operandNames: [String]
  private let resultNames: [String]

  private(set) var traits: OpTraits = []
  private(set) var effects: MemoryEffects?
  var relations: [TypeRelation] = []
  private(set) var checks: [OperationCheck] = []
  private(set) var implicitTerminator: String?
  private(set) var parents: [String] = []
  private(set) var isFunction = false
  private(set) var derivesResultFromFirstAttribute = false

  init(
    _ library: DialectLibrary, _ operation: String, _ classes: [String: String],
    _ operandNames: [String],
    _ resultNames: [String]
  ) {
    self.library = library
    dialect = operation.prefix { $0 != "." }
    self.classes = classes
    self.operandNames = operandNames
    self.resultNames = resultNames
  }

  /// Traits of C++ by the names of their classes.
  static let known: [String: OpTraits] = [
    "IsTerminator": .terminator, "IsIsolatedFromAbove": .isolatedFromAbove,
    "SymbolOpInterface": .symbol, "SymbolTable": .symbolTable, "IsCommutative": .commutative,
    "ConstantLike": .constantLike, "DestinationStyleOpInterface": .destinationStyle,
    "LoopLikeOpInterface": .loopLike, "SameOperandsAndResultType": .sameOperandsAndResultType,
    "SameOperandsAndResultShape": .sameOperandsAndResultShape,
    "SameOperandsAndResultElementType": .sameOperandsAndResultElementType,
    "SameTypeOperands": .sameTypeOperands, "Elementwise": .elementwise,
    "AttrSizedOperandSegments": .attrSizedOperandSegments,
    "AttrSizedResultSegments": .attrSizedResultSegments, "SingleBlock": .singleBlock,
    "NoTerminator": .noTerminator, "HasRecursiveMemoryEffects": .recursiveMemoryEffects,
    "ReturnLike": .returnLike, "BranchOpInterface": .branch, "CallOpInterface": .call,
    "CallableOpInterface": .callable, "FunctionOpInterface": [.callable, .symbol],
    "IsIdempotent": .idempotent, "IsInvolution": .involution, "HasOnlyGraphRegion": .graphRegion,
    "AlwaysSpeculatableImplTrait": .speculatable, "AffineScope": .affineScope,
    "AutomaticAllocationScope": .allocationScope, "NoRegionArguments": .noRegionArguments,
    "SameOperandsShape": .sameOperandsShape, "SameOperandsElementType": .sameOperandsElementType,
    "RecursivelySpeculatableImplTrait": .recursivelySpeculatable,
    "HasParallelRegion": .parallelRegion,
  ]

  mutating func addAll(_ records: [Record], _ constraints: inout ConstraintLoader, depth: Int = 0) {
    guard depth < 16 else { return }
    for record in records {
      if record.isA("TraitList") {
        if record.name == "Pure" { traits.formUnion([.pure, .noMemoryEffect]) }
        addAll(record.records("traits"), &constraints, depth: depth + 1)
      } else {
        add(record, &constraints)
        addAll(record.records("dependentTraits"), &constraints, depth: depth + 1)
      }
    }
  }

  private mutating func add(_ record: Record, _ constraints: inout ConstraintLoader) {
    if record.isA("PredTrait") {
      addPredicate(record, &constraints)
      return
    }
    if record.isA("MemoryEffects") || record.isA("MemoryEffectsOpInterface") {
      if record.name == "NoMemoryEffect" { traits.insert(.noMemoryEffect) }
      if record.isA("MemoryEffects"), record.name != "NoMemoryEffect" {
        effects = effects ?? []
        for effect in record.records("effects") { addEffect(effect) }
      }
      return
    }
    guard let text = record.filled("trait") else { return }
    let arguments = text.firstIndex(of: "<").map { text[text.index(after: $0)...] }
    let head = text.prefix { $0 != "<" }
    let name = head.split(separator: ":").filter { $0 != "Trait" && $0 != "Impl" }.last ?? head
    if let known = Self.known[String(name)] { traits.formUnion(known) }
    let list = (arguments?.prefix { $0 != ">" } ?? "").split(separator: ",").map {
      $0.filter { $0 != " " }
    }
    switch name {
    case "FunctionOpInterface": isFunction = true
    case "HasParent": parents += list.compactMap(operationName)
    case "SingleBlockImplicitTerminator":
      implicitTerminator = list.first.flatMap(operationName)
      traits.insert(.singleBlock)
    case "FirstAttrDerivedResultType": derivesResultFromFirstAttribute = true
    default: break
    }
  }

  /// The operation a class of C++ stands for.
  private func operationName(_ text: String) -> String? {
    let name = CppName(text)
    return classes["\(dialect).\(name.last)"] ?? classes[text] ?? classes[name.last]
  }

  mutating func addEffect(_ record: Record) {
    guard let effect = record.text("effect") else { return }
    switch CppName(effect).last {
    case "Read": effects = (effects ?? []).union(.read)
    case "Write": effects = (effects ?? []).union(.write)
    case "Allocate": effects = (effects ?? []).union(.allocate)
    case "Free": effects = (effects ?? []).union(.free)
    default: break
    }
  }

  private mutating func addPredicate(_ record: Record, _ constraints: inout ConstraintLoader) {
    if record.isA("AllTypesMatch") {
      let names = record.list("values").compactMap { value -> String? in
        if case .text(let text) = value { return text }
        return nil
      }
      relations.append(.same(names))
      return
    }
    if record.isA("TypesMatchWith"), let source = record.text("lhs"),
      let target = record.text("rhs"), let text = record.text("transformer"),
      let expression = CppExpression(parsing: text)
    {
      let library = library
      relations.append(
        .inferred(target: target, from: source) { type in
          CppEvaluator(library: library, context: type.context, me: .type(type))
            .evaluate(expression).type
        })
    }
    if let inner = record.record("predicate") {
      checks.append(
        OperationCheck(
          predicate: constraints.predicate(inner), summary: record.text("summary") ?? "",
          library: library))
    }
  }
}
