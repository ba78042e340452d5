import MartletIR
import MartletSupport
import MartletSyntax

/// Branches, calls and returns.
extension LLVM {
  static let control: [OpDefinition] = [
    br, condBr, `switch`, unreachable, `return`, call, callIntrinsic, inlineAsm,
  ]

  private static let loopAnnotationSlot = AttributeSlot.optional("loop_annotation", .any)

  public static let br: OpDefinition = OpDefinition(
    "llvm.br", "Branch", operands: [.variadic("destOperands", anyType)],
    attributes: [loopAnnotationSlot],
    successors: [SuccessorDefinition("dest")], traits: [.branch, .pure, .terminator],
    format: "$dest (`(` $destOperands^ `:` type($destOperands) `)`)? attr-dict",
    verify: verifyBranch)

  public static let condBr = OpDefinition(
    "llvm.cond_br", "Conditional branch",
    operands: [
      ValueDefinition("condition", .i1), .variadic("trueDestOperands", anyType),
      .variadic("falseDestOperands", anyType),
    ],
    attributes: [
      .optional("branch_weights", .denseI32Array), loopAnnotationSlot,
    ],
    successors: [SuccessorDefinition("trueDest"), SuccessorDefinition("falseDest")],
    traits: [.attrSizedOperandSegments, .branch, .pure, .terminator],
    format:
      "$condition ( `weights` `(` $branch_weights^ `)` )? `,` $trueDest (`(` $trueDestOperands^ `:` type($trueDestOperands) `)`)? `,` $falseDest (`(` $falseDestOperands^ `:` type($falseDestOperands) `)`)? attr-dict",
    verify: verifyBranch, interfaces: [ControlFlow.condBrChoice])

  public static let `switch` = OpDefinition(
    "llvm.switch", "Branch by value",
    operands: [
      ValueDefinition("value", integer), .variadic("defaultOperands", .any),
      .variadic("caseOperands", .any),
    ],
    attributes: [
      .optional("case_values", .elements), AttributeSlot("case_operand_segments", .denseI32Array),
      .optional("branch_weights", .denseI32Array),
    ],
    successors: [
      SuccessorDefinition("defaultDestination"),
      SuccessorDefinition("caseDestinations", arity: .variadic),
    ], traits: [.attrSizedOperandSegments, .branch, .pure, .terminator],
    verify: { (operation) throws(Reported) in
      let cases = operation.successors.count - 1
      let values = operation.attribute("case_values")?.type?.elementCount ?? 0
      if values != cases {
        throw operation.emitOpError(
          values == 0
            ? "expects case values to match number of case destinations"
            : "expects number of case values to match number of case destinations")
      }
      if let element = operation.attribute("case_values")?.type?.elementType,
        element != operation.operand(0).type
      {
        throw operation.emitError("expects case value type to match condition value type")
      }
      let segments = caseSegments(operation)
      if segments.count != cases || segments.contains(where: { $0 < 0 })
        || segments.reduce(0, &+) != operation.operandGroup(2).count
      {
        throw operation.emitOpError("case_operand_segments do not fit the case operands")
      }
      try verifyBranch(operation)
    },
    interfaces: [
      switchAssembly,
      BranchInterface(
        operandRange: { operation, i in
          let sizes = operation.operandSegments
          if i == 0 { return 1..<(1 + sizes[1]) }
          let cases = caseSegments(operation)
          let start = 1 + sizes[1] + cases.prefix(i - 1).reduce(0, +)
          return start..<(start + (i - 1 < cases.count ? cases[i - 1] : 0))
        },
        didResize: { operation, i, difference in
          var cases = caseSegments(operation)
          guard i > 0, i - 1 < cases.count else { return }
          cases[i - 1] += difference
          operation.setAttribute(
            "case_operand_segments", operation.context.denseI32Array(cases))
        }),
    ])

  private static func caseSegments(_ operation: Operation) -> [Int] {
    operation.attribute("case_operand_segments")?.integers ?? []
  }

  @Sendable static func verifyBranch(_ operation: Operation) throws(Reported) {
    try verifyWeights(operation)
    for (i, block) in operation.successors.enumerated() {
      guard let values = operation.successorOperands(i) else { continue }
      if values.count != block.argumentCount {
        throw operation.emitOpError(
          "branch has \(values.count) operands for successor #\(i), but target block has \(block.argumentCount)"
        )
      }
      for (k, (value, argument)) in zip(values, block.arguments).enumerated()
      where value.type != argument.type {
        throw operation.emitOpError("type mismatch for bb argument #\(k) of successor #\(i)")
      }
    }
  }

  public static let unreachable = OpDefinition(
    "llvm.unreachable", "Cannot be reached", traits: .terminator, format: "attr-dict")

  public static let `return`: OpDefinition = OpDefinition(
    "llvm.return", "Returns from a function", operands: [.optional("arg", anyType)],
    traits: [.pure, .terminator, .returnLike], format: "attr-dict ($arg^ `:` type($arg))?",
    verify: { (operation) throws(Reported) in
      guard let parent = operation.parent, parent.is(LLVM.func),
        let type = parent.attribute("function_type")?.typeValue?.llvmFunction
      else { return }
      if type.result.isLLVMVoid {
        if operation.operandCount > 0 { throw operation.emitOpError("expected no operands") }
        return
      }
      if operation.operandCount == 0 { throw operation.emitOpError("expected 1 operand") }
      if operation.operand(0).type != type.result {
        throw operation.emitOpError("mismatching result types")
      }
    }, interfaces: [inlinedReturn])

  // MARK: Calls

  static let bundleSlots: [AttributeSlot] = [
    AttributeSlot(
      "op_bundle_sizes", .denseI32Array, encoding: .presentAttribute,
      default: { $0.denseI32Array([]) }),
    .optional("op_bundle_tags", .array), .optional("arg_attrs", .dictionaryArray),
    .optional("res_attrs", .dictionaryArray),
  ]

  /// A call; the first operand is the callee where no symbol is given.
  public static let call = OpDefinition(
    "llvm.call", "Calls a function",
    operands: [
      .variadic("callee_operands", anyType), .variadic("op_bundle_operands", anyType),
    ],
    results: [.optional("result", anyType)],
    attributes: [
      .optional("var_callee_type", functionTypeConstraint), .optional("callee", .flatSymbolRef),
      fastMathSlot, flags("CConv", callingConvention), flags("TailCallKind", tailCallKind),
      .optional("memory_effects", .any), .optional("convergent", .unit),
      .optional("no_unwind", .unit), .optional("will_return", .unit),
      .optional("no_inline", .unit), .optional("always_inline", .unit),
      .optional("inline_hint", .unit),
    ] + bundleSlots + aliasSlots, traits: [.attrSizedOperandSegments, .call],
    verify: { (operation) throws(Reported) in try verifyCall(operation) },
    interfaces: [callAssembly])

  /// Checks that the sizes of operand bundles fit the operands.
  @Sendable static func verifyBundles(_ operation: Operation) throws(Reported) {
    let sizes = operation.attribute("op_bundle_sizes")?.integers ?? []
    let count = operation.operandGroup(operation.operandSegments.count - 1).count
    let tags = operation.attribute("op_bundle_tags")?.words.count ?? 0
    if sizes.contains(where: { $0 < 0 }) || sizes.reduce(0, &+) != count {
      throw operation.emitOpError("operand bundle sizes do not fit the bundle operands")
    }
    if tags != sizes.count {
      throw operation.emitOpError(
        "expected \(sizes.count) operand bundle tags, but actually got \(tags)")
    }
  }

  private static func verifyCall(_ operation: Operation) throws(Reported) {
    try verifyBundles(operation)
    var operands = Array(operation.operandGroup(0).types)
    var type = operation.attribute("var_callee_type")?.typeValue?.llvmFunction
    if let callee = operation.attribute("callee") {
      guard operation.parent != nil else { return }
      let name = callee.rootReference?.string ?? ""
      guard let found = SymbolTable.resolve(callee, from: operation) else {
        throw operation.emitOpError(
          "'\(name)' does not reference a symbol in the current scope")
      }
      if found.is(ifunc) || found.is(alias) { return }
      guard found.is(LLVM.func) else {
        throw operation.emitOpError(
          "'\(name)' does not reference a valid LLVM function or IFunc")
      }
      type = found.attribute("function_type")?.typeValue?.llvmFunction ?? type
      if type?.isVariadic ?? false, operation.attribute("var_callee_type") == nil {
        throw operation.emitOpError("missing var_callee_type attribute for vararg call")
      }
    } else {
      guard let first = operands.first else {
        throw operation.emitOpError("must have either a `callee` attribute or at least an operand")
      }
      if !first.isLLVMPointer {
        throw operation.emitOpError("indirect call expects a pointer as callee: '\(first)'")
      }
      operands.removeFirst()
    }
    guard let type else { return }
    try verifyVariadicType(operation, type)
    if operands.count < type.inputs.count
      || (!type.isVariadic && operands.count != type.inputs.count)
    {
      throw operation.emitOpError(
        "incorrect number of operands (\(operands.count)) for callee (expecting: \(type.inputs.count))"
      )
    }
    for (i, (found, expected)) in zip(operands, type.inputs).enumerated() where found != expected {
      throw operation.emitOpError(
        "operand type mismatch for operand \(i): '\(found)' != '\(expected)'")
    }
    if operation.resultCount == 0, !type.result.isLLVMVoid {
      throw operation.emitOpError("expected function call to produce a value")
    }
    if operation.resultCount > 0 {
      if type.result.isLLVMVoid {
        throw operation.emitOpError("calling function with void result must not produce values")
      }
      if operation.result().type != type.result {
        throw operation.emitOpError(
          "result type mismatch: '\(operation.result().type)' != '\(type.result)'")
      }
    }
  }

  /// Checks the type a variadic call says its callee has against the one it has.
  private static func verifyVariadicType(_ operation: Operation, _ type: LLVMFunctionType)
    throws(Reported)
  {
    guard let written = operation.attribute("var_callee_type")?.typeValue?.llvmFunction else {
      return
    }
    if !written.isVariadic {
      throw operation.emitOpError("expected var_callee_type to be a variadic function type")
    }
    if written.inputs.count > type.inputs.count {
      throw operation.emitOpError(
        "expected var_callee_type to have at most \(type.inputs.count) parameters")
    }
    for (found, expected) in zip(written.inputs, type.inputs) where found != expected {
      throw operation.emitOpError(
        "var_callee_type parameter type mismatch: '\(found)' != '\(expected)'")
    }
    if operation.resultCount == 0, !written.result.isLLVMVoid {
      throw operation.emitOpError("expected var_callee_type to return void")
    }
    if operation.resultCount > 0, written.result != operation.result().type {
      throw operation.emitOpError(
        "var_callee_type return type mismatch: '\(written.result)' != '\(operation.result().type)'"
      )
    }
  }

  /// Checks that there is a weight for each successor.
  static func verifyWeights(_ operation: Operation) throws(Reported) {
    guard let weights = operation.attribute("branch_weights")?.integers else { return }
    if weights.count != operation.successors.count {
      throw operation.emitError(
        "expects number of branch weights to match number of successors: \(weights.count) vs \(operation.successors.count)"
      )
    }
    if weights.allSatisfy({ $0 == 0 }) {
      throw operation.emitError("branch weights cannot all be zero")
    }
  }

  public static let callIntrinsic = OpDefinition(
    "llvm.call_intrinsic", "Calls an LLVM intrinsic by its name",
    operands: [.variadic("args", anyType), .variadic("op_bundle_operands", anyType)],
    results: [.optional("results", anyType)],
    attributes: [AttributeSlot("intrin", .string), fastMathSlot] + bundleSlots,
    traits: .attrSizedOperandSegments,
    verify: { (operation) throws(Reported) in
      if operation.attribute("intrin")?.stringValue?.hasPrefix("llvm.") != true {
        throw operation.emitOpError("intrinsic name must start with 'llvm.'")
      }
      try verifyBundles(operation)
    },
    interfaces: [callIntrinsicAssembly])

  public static let inlineAsm = OpDefinition(
    "llvm.inline_asm", "Inline assembly", operands: [.variadic("operands", anyType)],
    results: [.optional("res", anyType)],
    attributes: [
      AttributeSlot("asm_string", .string), AttributeSlot("constraints", .string),
      .optional("has_side_effects", .unit), .optional("is_align_stack", .unit),
      flags("tail_call_kind", tailCallKind),
      .optional(
        "asm_dialect",
        .enumeration(EnumDefinition("AsmDialect", [("att", 0), ("intel", 1)]), width: 64)),
      .optional("operand_attrs", .array),
    ],
    format:
      "(`has_side_effects` $has_side_effects^)? (`is_align_stack` $is_align_stack^)? (`tail_call_kind` `=` $tail_call_kind^)? (`asm_dialect` `=` $asm_dialect^)? (`operand_attrs` `=` $operand_attrs^)? attr-dict $asm_string `,` $constraints operands `:` functional-type(operands, results)",
    verify: { (operation) throws(Reported) in
      if operation.attribute("tail_call_kind")?.enumKeyword == "musttail" {
        throw operation.emitOpError(
          "tail call kind 'musttail' is not supported by this operation")
      }
    },
    interfaces: [
      OwnEffects { $0.hasAttribute("has_side_effects") ? [.read, .write] : [] }
    ])
}
