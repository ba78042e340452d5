import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Functions and calls.
public enum Func {
  public static let dialect = Dialect(
    "func", summary: "functions and calls",
    operations: [call, callIndirect, constant, `func`, `return`],
    materializeConstant: { builder, value, type in
      guard value.kind == .symbolRef, value.words.count == 1, type.isFunction else { return nil }
      return builder.create(constant, results: [type], attributes: [("value", value)])
    })

  public static let `func` = OpDefinition(
    "func.func", "An operation with a name containing a single `SSACFG` region",
    attributes: [
      AttributeSlot("sym_name", .symbolName), AttributeSlot("function_type", .functionType),
      .optional("sym_visibility", .string), .optional("arg_attrs", .dictionaryArray),
      .optional("res_attrs", .dictionaryArray), .optional("no_inline", .unit),
    ], regions: [RegionDefinition("body")],
    traits: [.affineScope, .allocationScope, .isolatedFromAbove, .symbol, .callable],
    verify: verifyFunction, interfaces: [functionAssembly, DefaultDialect("func")])

  public static let `return` = OpDefinition(
    "func.return", "Function return operation", operands: [.variadic("operands", .any)],
    traits: [.pure, .returnLike, .terminator],
    format: "attr-dict ($operands^ `:` type($operands))?",
    parents: ["func.func"], verify: verifyReturn)

  public static let call = OpDefinition(
    "func.call", "call operation", operands: [.variadic("operands", .any)],
    results: [.variadic("", .any)],
    attributes: [
      AttributeSlot("callee", .flatSymbolRef), .optional("arg_attrs", .dictionaryArray),
      .optional("res_attrs", .dictionaryArray), .optional("no_inline", .unit),
    ], traits: [.call],
    format: "$callee `(` $operands `)` attr-dict `:` functional-type($operands, results)",
    verify: verifyCall)

  public static let callIndirect = OpDefinition(
    "func.call_indirect", "indirect call operation",
    operands: [ValueDefinition("callee", .function), .variadic("callee_operands", .any)],
    results: [.variadic("results", .any)],
    attributes: [
      .optional("arg_attrs", .dictionaryArray), .optional("res_attrs", .dictionaryArray),
    ], traits: [.call],
    verify: verifyCallIndirect,
    inferResultTypes: { $0.operands.first.map { $0.type.results } },
    interfaces: [callIndirectAssembly, callIndirectPatterns])

  /// An indirect call of a function constant is a call.
  private static let callIndirectPatterns = CanonicalizationPatterns(
    RewritePattern("known-callee") { op, rewriter in
      guard let callee = op.operand(0).constant, callee.kind == .symbolRef else { return false }
      var attributes = [("callee", callee)]
      for name in ["arg_attrs", "res_attrs"] {
        if let value = op.attribute(name) { attributes.append((name, value)) }
      }
      rewriter.replace(
        op, with: call, Array(op.operands.dropFirst()), attributes: attributes)
      return true
    })

  public static let constant = OpDefinition(
    "func.constant", "constant", results: [ValueDefinition("", .any)],
    attributes: [AttributeSlot("value", .flatSymbolRef)], traits: [.constantLike, .pure],
    format: "attr-dict $value `:` type(results)", verify: verifyConstant,
    fold: { operation in operation.attribute("value").map { .attribute($0) } ?? .none },
    interfaces: [AsmResultNames("f")])

  // MARK: Verification

  private static func verifyReturn(_ operation: Operation) throws(Reported) {
    guard let function = FuncOp(operation.parent) else { return }
    let expected = function.type.results
    if expected.count != operation.operandCount {
      throw operation.emitOpError(
        "has \(operation.operandCount) operands, but enclosing function (@\(function.name)) returns "
          + "\(expected.count)", notes: [declaration(function)])
    }
    for (i, (value, type)) in zip(operation.operands, expected).enumerated()
    where value.type != type {
      throw operation.emitError(
        "type of return operand \(i) ('\(value.type)') doesn't match function result type "
          + "('\(type)') in function @\(function.name)", notes: [declaration(function)])
    }
  }

  private static func declaration(_ function: FuncOp) -> Diagnostic {
    function.operation.hint("@\(function.name) is declared here, with type '\(function.type)'")
  }

  /// The function a call or constant names; the error where there is none.
  private static func callee(_ operation: Operation, _ attribute: String) -> FuncOp? {
    operation.attribute(attribute).flatMap {
      FuncOp(SymbolTable.resolve($0, from: operation))
    }
  }

  private static func verifyCall(_ operation: Operation) throws(Reported) {
    guard let name = operation.attribute("callee")?.rootReference?.string else { return }
    guard let function = callee(operation, "callee") else {
      throw operation.emitOpError(
        "'\(name)' does not reference a valid function", notes: nearby(name, from: operation))
    }
    let (inputs, results) = (function.type.inputs, function.type.results)
    if inputs.count != operation.operandCount {
      throw operation.emitOpError(
        "incorrect number of operands for callee", notes: [declaration(function)])
    }
    for (i, (value, type)) in zip(operation.operands, inputs).enumerated() where value.type != type
    {
      throw operation.emitOpError(
        "operand type mismatch: expected operand type '\(type)', but provided '\(value.type)' for "
          + "operand number \(i)", notes: [declaration(function)])
    }
    if results.count != operation.resultCount {
      throw operation.emitOpError(
        "incorrect number of results for callee", notes: [declaration(function)])
    }
    for (i, (value, type)) in zip(operation.results, results).enumerated() where value.type != type
    {
      throw operation.emitOpError(
        "result type mismatch at index \(i)",
        notes: [
          operation.note("      op result types: \(list(operation.results.types))"),
          operation.note("function result types: \(list(results))"),
        ])
    }
  }

  /// A note that points at a function with a name near to `name`.
  private static func nearby(_ name: String, from operation: Operation) -> [Diagnostic] {
    guard let block = SymbolTable.nearest(to: operation)?.region().firstBlock else { return [] }
    let functions = block.operations.filter { $0.is(Func.func) }
    let names = functions.map { SymbolTable.name(of: $0) ?? "" }
    guard let near = nearestWord(to: name, among: names), let i = names.firstIndex(of: near) else {
      return []
    }
    return [functions[i].hint("did you mean '@\(near)'?")]
  }

  private static func list(_ types: [Type]) -> String {
    types.map { "'\($0)'" }.joined(separator: ", ")
  }

  private static func verifyCallIndirect(_ operation: Operation) throws(Reported) {
    let type = operation.operand(0).type
    if type.inputs != Array(operation.operands.types.dropFirst()) {
      throw operation.emitOpError("failed to verify that callee input types match argument types")
    }
    if type.results != operation.results.types {
      throw operation.emitOpError("failed to verify that callee result types match result types")
    }
  }

  private static func verifyConstant(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    guard let name = operation.attribute("value")?.rootReference?.string else { return }
    if !type.isFunction {
      throw operation.emitOpError("requires 'value' to be a function reference of function type")
    }
    guard let function = callee(operation, "value") else {
      throw operation.emitOpError("reference to undefined function '\(name)'")
    }
    if function.type != type {
      throw operation.emitOpError("reference to function with mismatched type")
    }
  }

  private static let callIndirectAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let callee = try parser.parseOperand()
      let operands = try parser.parseOperandList(.paren)
      try parser.parseOptionalAttributeDictionary(&op)
      let offset = parser.offset
      let type = try parser.parseColonType()
      guard type.isFunction else {
        throw parser.error("'callee' must be function type, but got '\(type)'", at: offset)
      }
      op.operands = [try parser.resolve(callee, type)]
      op.operands += try parser.resolve(operands, type.inputs)
      op.resultTypes = type.results
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write("(")
      printer.operands(operation.operands.dropFirst())
      printer.write(")")
      printer.optionalAttributeDictionary(operation)
      printer.write(" : ")
      printer.type(operation.operand(0).type)
    })
}
