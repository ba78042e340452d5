import MartletIR

/// A view of a `func.func`.
public struct FuncOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(Func.func) else { return nil }
    self.operation = operation
  }

  public var name: String { operation.attribute("sym_name")?.stringValue ?? "" }

  /// The function's type; `() -> ()` for a function that failed verification.
  public var type: Type {
    operation.attribute("function_type")?.typeValue ?? operation.context.function([], [])
  }

  public var body: Region { operation.region() }
  public var entry: Block? { body.firstBlock }
  public var arguments: ArgumentList { body.arguments }
  public var isDeclaration: Bool { body.isEmpty }
  public var isPrivate: Bool { SymbolTable.isPrivate(operation) }
  /// `public` (also where none is given), `private` or `nested`.
  public var visibility: String {
    operation.attribute("sym_visibility")?.stringValue ?? "public"
  }

  /// The returns in the body, in order of the blocks.
  public var returns: [Operation] {
    body.blocks.compactMap(\.terminator).filter { $0.is(Func.return) }
  }

  /// Attribute `name` of parameter `i`.
  public func argumentAttribute(_ i: Int, _ name: String) -> Attribute? {
    attributes("arg_attrs", i)?[name]
  }

  /// Attribute `name` of result `i`.
  public func resultAttribute(_ i: Int, _ name: String) -> Attribute? {
    attributes("res_attrs", i)?[name]
  }

  public func setArgumentAttribute(_ i: Int, _ name: String, _ value: Attribute?) {
    set("arg_attrs", i, type.inputs.count, name, value)
  }

  public func setResultAttribute(_ i: Int, _ name: String, _ value: Attribute?) {
    set("res_attrs", i, type.results.count, name, value)
  }

  private func attributes(_ slot: String, _ i: Int) -> Attribute? {
    guard let all = operation.attribute(slot)?.elements, i < all.count else { return nil }
    return all[i]
  }

  private func set(_ slot: String, _ i: Int, _ count: Int, _ name: String, _ value: Attribute?) {
    let context = operation.context
    let empty = context.dictionary([(String, Attribute)]())
    var all = operation.attribute(slot)?.elements ?? []
    while all.count < count { all.append(empty) }
    let id = context.intern(name)
    var entries = all[i].entries.filter { $0.name != id }
    if let value { entries.append((id, value)) }
    all[i] = context.dictionary(entries)
    let isEmpty = all.allSatisfy { $0.words.isEmpty }
    operation.setAttribute(slot, isEmpty ? nil : context.array(all))
  }

  /// Changes the type; body and attributes are the caller's affair.
  public func setType(inputs: [Type], results: [Type]) {
    let context = operation.context
    operation.setAttribute(
      "function_type", context.typeAttribute(context.function(inputs, results)))
  }

  /// Makes a function; with `withBody` it gets an entry block with an argument per parameter.
  public static func create(
    _ builder: Builder, _ name: String, inputs: [Type], results: [Type],
    visibility: String? = nil, withBody: Bool = true
  ) -> FuncOp {
    let context = builder.context
    var attributes = [
      ("sym_name", context.string(name)),
      ("function_type", context.typeAttribute(context.function(inputs, results))),
    ]
    if let visibility { attributes.append(("sym_visibility", context.string(visibility))) }
    let operation = builder.create(Func.func, attributes: attributes)
    if withBody { operation.region().addBlock(arguments: inputs) }
    return FuncOp(unchecked: operation)
  }

  private init(unchecked operation: Operation) { self.operation = operation }
}
