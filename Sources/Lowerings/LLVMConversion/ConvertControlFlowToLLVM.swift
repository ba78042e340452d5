import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns branches into llvm's, and assertions into branches to blocks that print and stop.
  ///
  ///     cf.br ^bb1(%a : index)     ->   llvm.br ^bb1(%0 : i64)
  public static let convertControlFlowToLLVM = Pass(
    "convert-cf-to-llvm", name: "ConvertControlFlowToLLVMPass",
    "Convert ControlFlow operations to the LLVM dialect", anchor: "builtin.module",
    options: [indexBitwidthOption], dependentDialects: ["llvm"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(
      operation.context, indexBits: state.options.integer("index-bitwidth"))
    try applyLLVMConversion(operation, types, controlFlowToLLVMPatterns(types))
  }
}

func controlFlowToLLVMPatterns(_ types: LLVMTypes) -> [ConversionPattern] {
  [
    ConversionPattern("br-to-llvm", root: ControlFlow.br) { op, operands, rewriter in
      branch(op, "br", operands, rewriter, [])
    },
    ConversionPattern("cond-br-to-llvm", root: ControlFlow.condBr) { op, operands, rewriter in
      branch(
        op, "cond_br", operands, rewriter,
        ["operandSegmentSizes", "branch_weights"].compactMap { name in
          op.attribute(name).map { (name, $0) }
        })
    },
    ConversionPattern("switch-to-llvm", root: ControlFlow.switch) { op, operands, rewriter in
      branch(
        op, "switch", operands, rewriter,
        ["operandSegmentSizes", "case_values", "case_operand_segments"].compactMap { name in
          op.attribute(name).map { (name, $0) }
        })
    },
    ConversionPattern("assert-to-llvm", root: ControlFlow.assert) { op, operands, rewriter in
      lowerAssert(op, operands, rewriter)
    },
  ]
}

private func branch(
  _ op: Operation, _ name: String, _ operands: [Value], _ rewriter: ConversionRewriter,
  _ attributes: [(String, Attribute)]
) -> Bool {
  for (i, successor) in op.successors.enumerated() {
    guard let range = op.successorOperandRange(i) else { return false }
    let wanted = range.map { operands[$0].type }
    if successor.arguments.types == wanted { continue }
    guard rewriter.convertArguments(of: successor), successor.arguments.types == wanted else {
      return false
    }
  }
  rewriter.setInsertionPoint(before: op)
  let discardable = op.discardableAttributes.entries.map { ($0.name.string, $0.value) }
  rewriter.llvm(
    name, operands, [], attributes + discardable, successors: Array(op.successors))
  rewriter.erase(op)
  return true
}

/// Where the condition does not hold, control goes to a block at the end of the function.
private func lowerAssert(
  _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
) -> Bool {
  guard let block = op.block, let region = block.region,
    let module = op.ancestor(where: { $0.name.string == "builtin.module" }),
    let body = module.region(0).firstBlock, let message = op.attribute("msg")?.stringValue
  else { return false }
  let context = op.context
  let rest = rewriter.split(block, before: op)
  let failure = rewriter.createBlock(in: region)
  let symbols = SymbolDeclarations(body, rewriter)
  let pointer = LLVM.pointer(context)
  let void = LLVM.voidType(context)
  let (name, type) = symbols.addString(message, named: "assert_msg")
  symbols.declare("puts", LLVM.functionType(void, [pointer]))
  rewriter.insertionPoint = .atEnd(of: failure)
  let address = rewriter.llvm(
    "mlir.addressof", [], [pointer], [("global_name", context.symbolRef(name))])
  let start = rewriter.llvm(
    "getelementptr", [address.result()], [pointer],
    [
      ("elem_type", context.typeAttribute(type)),
      ("rawConstantIndices", context.denseI32Array([0])),
    ])
  rewriter.llvmCall("puts", [start.result()], [])
  symbols.declare("abort", LLVM.functionType(void, []))
  rewriter.insertionPoint = .atEnd(of: failure)
  rewriter.llvmCall("abort", [], [])
  rewriter.llvm("unreachable", [])
  rewriter.insertionPoint = .atEnd(of: block)
  rewriter.llvm(
    "cond_br", [operands[0]], [],
    [("operandSegmentSizes", context.denseI32Array([1, 0, 0]))], successors: [rest, failure])
  rewriter.erase(op)
  return true
}

/// Adds functions and strings of a module at its start.
struct SymbolDeclarations {
  private let body: Block
  private let rewriter: ConversionRewriter

  init(_ body: Block, _ rewriter: ConversionRewriter) {
    self.body = body
    self.rewriter = rewriter
  }

  private func find(_ name: String) -> Operation? {
    for operation in body.operations
    where operation.has(.symbol) && operation.attribute("sym_name")?.stringValue == name {
      return operation
    }
    return nil
  }

  /// Declares a function of that name, or of one made unique where the name is that of something else.
  /// - Returns: the name; nil where there is an llvm function of that name and another type.
  func declareUnique(_ base: String, _ type: Type) -> String? {
    var name = base
    var number = 0
    while let known = find(name) {
      if known.is(LLVM.func) {
        return known.attribute("function_type")?.typeValue == type ? name : nil
      }
      name = "\(base)_\(number)"
      number += 1
    }
    declare(name, type)
    return name
  }

  /// Declares a function unless there is a symbol of that name.
  func declare(_ name: String, _ type: Type) {
    if find(name) != nil { return }
    rewriter.insertionPoint = .atStart(of: body)
    let saved = rewriter.location
    rewriter.location = rewriter.context.unknownLocation
    rewriter.create(
      LLVM.func,
      attributes: [
        ("sym_name", rewriter.context.string(name)),
        ("function_type", rewriter.context.typeAttribute(type)),
      ])
    rewriter.location = saved
  }

  /// Adds a constant of the bytes of `text` and a zero.
  /// - Returns: its name, made unique, and its type.
  func addString(_ text: String, named base: String) -> (name: String, type: Type) {
    let context = rewriter.context
    var name = base
    var number = 0
    while find(name) != nil {
      name = "\(base)_\(number)"
      number += 1
    }
    let bytes = text.utf8.map { Int(Int8(bitPattern: $0)) } + [0]
    let type = LLVM.arrayType(context.i8, bytes.count)
    rewriter.insertionPoint = .atStart(of: body)
    rewriter.create(
      LLVM.global,
      attributes: [
        ("sym_name", context.string(name)),
        ("global_type", context.typeAttribute(type)), ("constant", context.unit),
        ("linkage", context.attribute(LLVM.linkage, [8])), ("addr_space", context.i32Attribute(0)),
        ("value", context.dense(context.tensor([bytes.count], context.i8), integers: bytes)),
      ])
    return (name, type)
  }
}

extension ConversionRewriter {
  /// Calls a function by name.
  @discardableResult
  func llvmCall(
    _ name: String, _ operands: [Value], _ results: [Type],
    _ attributes: [(String, Attribute)] = []
  ) -> Operation {
    llvm(
      "call", operands, results,
      [
        ("callee", context.symbolRef(name)),
        ("operandSegmentSizes", context.denseI32Array([operands.count, 0])),
        ("op_bundle_sizes", context.denseI32Array([])),
      ] + attributes)
  }
}
