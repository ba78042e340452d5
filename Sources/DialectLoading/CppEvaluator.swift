import MartletIR

/// Evaluates expressions of records over types, attributes and operations.
///
/// What it does not know comes out as `.unknown`, which the logical operators treat as a third truth
/// value, so that one unknown part does not hide what the others say.
struct CppEvaluator {
  let library: DialectLibrary
  let context: Context
  /// What `$_self` stands for.
  var me: CppValue = .unknown
  /// What `$_op` stands for.
  var operation: Operation?
  /// What other variables of an operation's predicates (`$lhs`) stand for.
  var lookUp: ((String) -> CppValue?)?
  var locals: [(name: String, value: CppValue)] = []

  func evaluate(_ expression: CppExpression) -> CppValue {
    switch expression {
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let value): return .string(value)
    case .boolean(let value): return .boolean(value)
    case .null: return .null
    case .variable(let name): return variable(name)
    case .name(let path): return library.enumerator(path).map { .integer($0) } ?? .unknown
    case .call(let path, let templates, let arguments):
      return call(path, templates, arguments)
    case .method(let base, let name, let templates, let arguments):
      return method(evaluate(base), name, templates, arguments.map(evaluate))
    case .lambda(let names, let body): return .closure(names, body)
    case .invoke(let callee, let arguments):
      guard case .closure(let names, let body) = evaluate(callee) else { return .unknown }
      return apply(names, body, arguments.map(evaluate))
    case .element(let list, let index):
      guard case .list(let values) = evaluate(list), let index = evaluate(index).integer,
        values.indices.contains(Int(index))
      else { return .unknown }
      return values[Int(index)]
    case .not(let inner): return .truth(evaluate(inner).truth.map { !$0 })
    case .negate(let inner):
      switch evaluate(inner) {
      case .integer(let value): return .integer(0 &- value)
      case .float(let value): return .float(-value)
      default: return .unknown
      }
    case .complement(let inner):
      return evaluate(inner).integer.map { .integer(~$0) } ?? .unknown
    case .binary(let symbol, let left, let right): return binary(symbol, left, right)
    case .conditional(let condition, let first, let second):
      guard let truth = evaluate(condition).truth else { return .unknown }
      return evaluate(truth ? first : second)
    case .list(let elements): return .list(elements.map(evaluate))
    }
  }

  private func variable(_ name: String) -> CppValue {
    switch name {
    case "$_self": return me
    case "$_op": return operation.map { .operation($0) } ?? .unknown
    case "$_builder", "$_ctxt": return .builder
    default: break
    }
    if let local = locals.last(where: { $0.name == name }) { return local.value }
    guard name.utf8.first == UInt8(ascii: "$") else { return .unknown }
    return lookUp?(String(name.dropFirst())) ?? .unknown
  }

  private func apply(_ names: [String], _ body: CppExpression, _ values: [CppValue]) -> CppValue {
    guard names.count == values.count, locals.count < 32 else { return .unknown }
    var inner = self
    inner.locals += zip(names, values).map { (name: $0, value: $1) }
    return inner.evaluate(body)
  }

  private func binary(_ symbol: String, _ left: CppExpression, _ right: CppExpression) -> CppValue {
    switch symbol {
    case "&&":
      let first = evaluate(left).truth
      if first == false { return .boolean(false) }
      let second = evaluate(right).truth
      if second == false { return .boolean(false) }
      return first == nil || second == nil ? .unknown : .boolean(true)
    case "||":
      let first = evaluate(left).truth
      if first == true { return .boolean(true) }
      let second = evaluate(right).truth
      if second == true { return .boolean(true) }
      return first == nil || second == nil ? .unknown : .boolean(false)
    default: break
    }
    let (first, second) = (evaluate(left), evaluate(right))
    switch symbol {
    case "==": return .truth(CppValue.equal(first, second))
    case "!=": return .truth(CppValue.equal(first, second).map { !$0 })
    default: break
    }
    guard let a = first.integer, let b = second.integer else { return .unknown }
    switch symbol {
    case "<": return .boolean(a < b)
    case ">": return .boolean(a > b)
    case "<=": return .boolean(a <= b)
    case ">=": return .boolean(a >= b)
    case "&": return .integer(a & b)
    case "|": return .integer(a | b)
    case "^": return .integer(a ^ b)
    case "+": return .integer(a &+ b)
    case "-": return .integer(a &- b)
    case "*": return .integer(a &* b)
    case "<<": return .integer(a << b)
    case ">>": return .integer(a >> b)
    case "/" where b != 0 && !(a == .min && b == -1): return .integer(a / b)
    case "%" where b != 0 && b != -1: return .integer(a % b)
    default: return .unknown
    }
  }

  // MARK: Functions

  private func call(_ path: [String], _ templates: [String], _ arguments: [CppExpression])
    -> CppValue
  {
    let name = path.last ?? ""
    switch name {
    case "isa", "isa_and_nonnull", "isa_and_present":
      guard let argument = arguments.first else { return .unknown }
      return isa(evaluate(argument), templates)
    case "cast", "cast_or_null", "cast_if_present", "static_cast":
      guard let argument = arguments.first else { return .unknown }
      return evaluate(argument)
    case "dyn_cast", "dyn_cast_or_null", "dyn_cast_if_present":
      guard let argument = arguments.first else { return .unknown }
      let value = evaluate(argument)
      switch isa(value, templates).truth {
      case true?: return value
      case false?: return .null
      case nil: return .unknown
      }
    case "all_of": return quantify(arguments, all: true)
    case "any_of": return quantify(arguments, all: false)
    case "none_of": return .truth(quantify(arguments, all: false).truth.map { !$0 })
    default: return function(name, path, arguments.map(evaluate))
    }
  }

  /// Names of casts and of the tests for classes.
  static let casts: Set<String> = [
    "isa", "isa_and_nonnull", "isa_and_present", "cast", "cast_or_null", "cast_if_present",
    "dyn_cast", "dyn_cast_or_null", "dyn_cast_if_present",
  ]

  /// Names of functions that are evaluated.
  static let functions: Set<String> = [
    "static_cast", "all_of", "any_of", "none_of", "getElementTypeOrSelf", "getElementType",
    "getElementTypeOrComplexSelf", "getI1SameShape", "getUnaryOpResultType", "equal_to",
    "is_contained", "all_equal", "hasNItems", "hasSingleElement", "size", "APInt", "ArrayRef",
    "SmallVector", "APFloat", "makeArrayRef", "vector", "optional",
  ]

  private func isa(_ value: CppValue, _ templates: [String]) -> CppValue {
    if case .unknown = value { return .unknown }
    if case .null = value { return .boolean(false) }
    var isKnown = true
    for name in templates {
      switch library.classTest(name)(value) {
      case true?: return .boolean(true)
      case false?: break
      case nil: isKnown = false
      }
    }
    return isKnown ? .boolean(false) : .unknown
  }

  private func quantify(_ arguments: [CppExpression], all: Bool) -> CppValue {
    guard arguments.count == 2, case .list(let values) = elements(evaluate(arguments[0])),
      case .closure(let names, let body) = evaluate(arguments[1])
    else { return .unknown }
    var isKnown = true
    for value in values {
      switch apply(names, body, [value]).truth {
      case nil: isKnown = false
      case let truth?: if truth != all { return .boolean(!all) }
      }
    }
    return isKnown ? .boolean(all) : .unknown
  }

  private func elements(_ value: CppValue) -> CppValue {
    if case .attribute(let attribute) = value { return attributeMethod(attribute, "getValue", []) }
    return value
  }

  private func function(_ name: String, _ path: [String], _ arguments: [CppValue]) -> CppValue {
    let first = arguments.first ?? .unknown
    switch name {
    case "getElementTypeOrSelf", "getElementType":
      if case .attribute(let attribute) = first {
        return attribute.type.map { .type($0.elementType) } ?? .unknown
      }
      return first.type.map { .type($0.kind == .complex ? $0 : $0.elementType) } ?? .unknown
    case "getElementTypeOrComplexSelf": return first.type.map { .type($0.elementType) } ?? .unknown
    case "getI1SameShape", "getUnaryOpResultType":
      guard let type = first.type else { return .unknown }
      return .type(
        type.isVector || type.isTensor ? type.cloned(elementType: context.i1) : context.i1)
    case "equal_to":
      guard arguments.count == 2 else { return .closure(["a", "b"], Self.equality) }
      return .truth(CppValue.equal(first, arguments[1]))
    case "is_contained":
      guard arguments.count == 2, case .list(let values) = elements(first) else { return .unknown }
      var isKnown = true
      for value in values {
        switch CppValue.equal(value, arguments[1]) {
        case true?: return .boolean(true)
        case false?: break
        case nil: isKnown = false
        }
      }
      return isKnown ? .boolean(false) : .unknown
    case "all_equal":
      guard case .list(let values) = first else { return .unknown }
      for value in values.dropFirst() {
        guard let same = CppValue.equal(values[0], value) else { return .unknown }
        if !same { return .boolean(false) }
      }
      return .boolean(true)
    case "hasNItems", "hasSingleElement", "size":
      guard case .list(let values) = elements(first) else { return .unknown }
      if name == "size" { return .integer(Int64(values.count)) }
      let wanted = name == "hasNItems" ? arguments.dropFirst().first?.integer : 1
      return .truth(wanted.map { $0 == Int64(values.count) })
    case "APInt":
      return arguments.count >= 2 ? arguments[1] : .unknown
    case "ArrayRef", "SmallVector", "APFloat", "makeArrayRef", "vector", "optional":
      if case .list = first { return first }
      return arguments.isEmpty ? .list([]) : arguments.count == 1 ? first : .list(arguments)
    case "isValidShapedType", "emptyOk": return .unknown
    case "get" where path.count > 1: return instance(of: path[path.count - 2], arguments)
    case "getF32", "getF64": return .type(name == "getF32" ? context.f32 : context.f64)
    default:
      // An enumeration's conversion, `Kind(3)`, or a null made by `Attribute()`.
      if path.last.map(library.isEnumeration) ?? false, arguments.count == 1 { return first }
      if arguments.isEmpty, name.hasSuffix("Attr") || name == "Attribute" || name == "Type" {
        return .null
      }
      return .unknown
    }
  }

  private static let equality = CppExpression.binary("==", .variable("a"), .variable("b"))

  /// `Class::get(...)` of builtin types.
  func instance(of name: String, _ arguments: [CppValue]) -> CppValue {
    let rest = arguments.filter {
      if case .builder = $0 { return false }
      return true
    }
    switch name {
    case "IntegerType":
      guard let width = rest.first?.integer, (0...16_777_215).contains(width) else {
        return .unknown
      }
      return .type(context.integer(Int(width)))
    case "IndexType": return .type(context.index)
    case "Float32Type": return .type(context.f32)
    case "Float64Type": return .type(context.f64)
    case "NoneType": return .type(context.noneType)
    case "UnitAttr": return .attribute(context.unit)
    case "RankedTensorType", "VectorType", "MemRefType":
      guard rest.count >= 2, let shape = dimensions(rest[0]), let element = rest[1].type else {
        return .unknown
      }
      switch name {
      case "VectorType":
        guard shape.allSatisfy({ $0 > 0 }) else { return .unknown }
        return .type(context.vector(shape, element))
      case "MemRefType": return .type(context.memRef(shape, element))
      default: return .type(context.tensor(shape, element))
      }
    case "UnrankedTensorType":
      return rest.first?.type.map { .type(context.unrankedTensor($0)) } ?? .unknown
    default:
      guard let found = library.definition(ofClass: name), found.isType,
        let definition = context.typeDefinition(named: found.name)
      else { return .unknown }
      if rest.isEmpty { return .type(context.type(definition)) }
      // A container's element of its own dialect is written by its mnemonic.
      guard library.isContainer(found), rest.count == 1, let element = rest[0].type else {
        return .unknown
      }
      let isShort = element.definition?.dialectName == definition.dialectName
      return .type(
        context.type(
          definition, [UInt64(context.typeAttribute(element).raw), isShort ? 1 : 0]))
    }
  }

  func dimensions(_ value: CppValue) -> [Int]? {
    guard case .list(let values) = value else { return nil }
    let sizes = values.compactMap { $0.integer.map { Int($0) } }
    return sizes.count == values.count ? sizes : nil
  }
}
