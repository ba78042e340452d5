import MartletIR
import MartletSupport

extension IRDL {
  /// What is wrong with a name that declarations may not have; nil where it is good.
  static func problem(ofName name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name.utf8.contains(where: { $0 >= 65 && $0 <= 90 }) {
      return "should not contain uppercase letters"
    }
    let isPlain = name.utf8.allSatisfy {
      ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == UInt8(ascii: "_")
    }
    if !isPlain { return "must contain only lowercase letters, digits and underscores" }
    if name.hasPrefix("_") || name.contains("__") {
      return "should not contain leading or double underscores"
    }
    return nil
  }

  static func verifyDialect(_ operation: Operation) throws(Reported) {
    let name = operation.attribute("sym_name")?.stringValue ?? ""
    if let problem = problem(ofName: name) {
      throw operation.emitError("name of dialect \(problem)")
    }
  }

  /// Checks a definition's name, and that each of `children` occurs once at most.
  static func verifyDefinition(_ operation: Operation, children: [String]) throws(Reported) {
    let kind = operation.name.string.drop { $0 != "." }.dropFirst()
    // Names of operations may have dots.
    let name = operation.attribute("sym_name")?.stringValue ?? ""
    for part in name.split(separator: ".", omittingEmptySubsequences: false) {
      if let problem = problem(ofName: String(part)) {
        throw operation.emitError("name of \(kind) \(problem)")
      }
    }
    let inner = Array(operation.region(0).firstBlock.map { Array($0.operations) } ?? [])
    for child in children where inner.count(where: { $0.name.string == "irdl.\(child)" }) > 1 {
      throw operation.emitError(
        "failed to verify AtMostOneChildOf trait: the operation contains at least two operations of type irdl.\(child)"
      )
    }
    func names(_ child: String) -> [String] {
      inner.first { $0.name.string == "irdl.\(child)" }?.attribute("names")?.elements?
        .compactMap(\.stringValue) ?? []
    }
    for (first, second) in [
      ("operands", "results"), ("regions", "results"), ("regions", "operands"),
    ]
    where children.contains(first) {
      let others = names(second)
      for name in names(first) where others.contains(name) {
        throw operation.emitError(
          "contains a value named '\(name)' for both its \(first) and \(second)")
      }
    }
  }

  /// Checks the names of operands, results, regions or parameters.
  static func verifyNames(_ operation: Operation, _ what: String) throws(Reported) {
    let names = operation.attribute("names")?.elements?.map { $0.stringValue ?? "" } ?? []
    if names.count != operation.operandCount {
      throw operation.emitOpError(
        "the number of \(what)s and their names must be the same, but got \(operation.operandCount) and \(names.count) respectively"
      )
    }
    var first: [String: Int] = [:]
    for (i, name) in names.enumerated() {
      if let problem = problem(ofName: name) {
        throw operation.emitOpError("name of \(what) #\(i) \(problem)")
      }
      if let earlier = first[name] {
        throw operation.emitOpError(
          "name of \(what) #\(i) is a duplicate of the name of \(what) #\(earlier)")
      }
      first[name] = i
    }
  }

  static func verifyBase(_ operation: Operation) throws(Reported) {
    let (reference, name) = (operation.attribute("base_ref"), operation.attribute("base_name"))
    guard (reference == nil) != (name == nil) else {
      throw operation.emitOpError(
        "the base type or attribute should be specified by either a name or a reference")
    }
    if let text = name?.stringValue {
      guard let first = text.utf8.first, first == UInt8(ascii: "!") || first == UInt8(ascii: "#")
      else {
        throw operation.emitOpError(
          "the base type or attribute name should start with '!' or '#'")
      }
    }
    if let reference { try verifyReference(operation, reference) }
  }

  /// The definition a constraint refers to.
  public static func resolve(_ reference: Attribute, from operation: Operation) -> Operation? {
    // The tables to look in are the module around the dialect and what is outside of it; a dialect
    // itself is one too.
    var place: Operation? = operation
    while let current = place {
      if let found = SymbolTable.resolve(reference, from: current) { return found }
      place = current.parent
    }
    return nil
  }

  static func verifyReference(_ operation: Operation, _ reference: Attribute) throws(Reported) {
    let text = ([reference.rootReference].compactMap { $0 } + reference.nestedReferences)
      .map { "@\($0)" }.joined(separator: "::")
    guard let found = resolve(reference, from: operation) else {
      throw operation.emitOpError("symbol '\(text)' not found")
    }
    guard found.name.string == "irdl.type" || found.name.string == "irdl.attribute" else {
      throw operation.emitOpError(
        "symbol '\(text)' does not refer to a type or attribute definition")
    }
  }
}
