import MartletIR
import MartletSupport
import MartletSyntax

/// Checks of functions and of the attributes of their parameters and results.
extension LLVM {
  private static let pointerUnits: Set<String> = [
    "noalias", "readonly", "writeonly", "readnone", "nest", "nocapture", "nofree", "nonnull",
    "allocptr", "returned_pointer",
  ]
  private static let pointerTypes: Set<String> = [
    "sret", "byval", "byref", "inalloca", "preallocated",
  ]
  private static let integerUnits: Set<String> = ["signext", "zeroext"]
  private static let pointerIntegers: Set<String> = [
    "align", "dereferenceable", "dereferenceable_or_null",
  ]
  private static let plainUnits: Set<String> = ["noundef", "inreg", "returned", "allocalign"]
  private static let notOnResults: Set<String> = [
    "allocalign", "allocptr", "byval", "byref", "inalloca", "nest", "nocapture", "nofree",
    "preallocated", "readnone", "readonly", "alignstack", "sret", "writeonly",
  ]

  /// Checks the `llvm.` attributes of a function's parameters and results, whatever dialect's function it
  /// is.
  static func verifyParameterAttributes(_ operation: Operation, inputs: [Type], results: [Type])
    throws(Reported)
  {
    for (dictionary, type) in zip(operation.attribute("arg_attrs")?.elements ?? [], inputs) {
      for entry in dictionary.entries {
        try verifyParameter(operation, entry.name.string, entry.value, type)
      }
    }
    for (i, dictionary) in (operation.attribute("res_attrs")?.elements ?? []).enumerated() {
      for entry in dictionary.entries where entry.name.string.hasPrefix("llvm.") {
        let name = entry.name.string
        if notOnResults.contains(String(name.dropFirst(5))) {
          throw operation.emitError("\"\(name)\" is not a valid result attribute")
        }
        if i < results.count { try verifyParameter(operation, name, entry.value, results[i]) }
      }
    }
  }

  private static func verifyParameter(
    _ operation: Operation, _ name: String, _ value: Attribute, _ type: Type
  ) throws(Reported) {
    guard name.hasPrefix("llvm.") else { return }
    let word = String(name.dropFirst(5))
    func require(_ condition: Bool, _ what: String) throws(Reported) {
      if !condition { throw operation.emitError("\"\(name)\" \(what)") }
    }
    let isPointer = !type.isLLVMCompatible || type.isLLVMPointer
    let isInteger = !type.isLLVMCompatible || type.isInteger
    if pointerUnits.contains(word) {
      try require(value.isUnit, "should be a unit attribute")
      try require(isPointer, "attribute attached to non-pointer LLVM type")
    } else if pointerTypes.contains(word) {
      try require(value.kind == .type, "should be a type attribute")
      try require(isPointer, "attribute attached to non-pointer LLVM type")
    } else if integerUnits.contains(word) {
      try require(value.isUnit, "should be a unit attribute")
      try require(isInteger, "attribute attached to non-integer LLVM type")
    } else if pointerIntegers.contains(word) {
      try require(value.kind == .integer, "should be an integer attribute")
      try require(isPointer, "attribute attached to non-pointer LLVM type")
    } else if word == "alignstack" {
      try require(value.kind == .integer, "should be an integer attribute")
    } else if plainUnits.contains(word) {
      try require(value.isUnit, "should be a unit attribute")
    }
  }

  /// Checks that what `comdat` names is a comdat selector.
  static func verifyComdat(_ operation: Operation) throws(Reported) {
    guard let name = operation.attribute("comdat"), operation.parent != nil else { return }
    guard let found = SymbolTable.resolve(name, from: operation), found.is(comdatSelector) else {
      throw operation.emitError("expected comdat symbol")
    }
  }

  static func verifyFunction(_ operation: Operation) throws(Reported) {
    guard let type = operation.attribute("function_type")?.typeValue?.llvmFunction else { return }
    let kind = operation.attribute("linkage")?.enumKeyword ?? "external"
    if kind == "common" {
      throw operation.emitOpError("functions cannot have '\(kind)' linkage")
    }
    let results = type.result.isLLVMVoid ? [] : [type.result]
    for (name, types, what) in [
      ("arg_attrs", type.inputs, "argument"), ("res_attrs", results, "result"),
    ] {
      if let found = operation.attribute(name)?.elements?.count, found != types.count {
        throw operation.emitOpError(
          "expects \(what) attribute array to have the same number of elements as the number of "
            + "function \(what)s, got \(found), but expected \(types.count)")
      }
    }
    try verifyParameterAttributes(operation, inputs: type.inputs, results: results)
    try verifyComdat(operation)
    if operation.hasAttribute("no_inline"), operation.hasAttribute("always_inline") {
      throw operation.emitError("no_inline and always_inline attributes are incompatible")
    }
    if operation.hasAttribute("optimize_none"), !operation.hasAttribute("no_inline") {
      throw operation.emitOpError("with optimize_none must also be no_inline")
    }
    let body = operation.region(0)
    guard let entry = body.firstBlock else {
      if kind != "external", kind != "extern_weak" {
        throw operation.emitOpError(
          "external functions must have 'external' or 'extern_weak' linkage")
      }
      return
    }
    if entry.argumentCount != type.inputs.count {
      throw operation.emitOpError(
        "entry block must have \(type.inputs.count) arguments to match function signature")
    }
    for (i, (argument, expected)) in zip(entry.arguments, type.inputs).enumerated()
    where argument.type != expected {
      throw operation.emitOpError(
        "type of entry block argument #\(i)('\(argument.type)') must match the type of the corresponding argument in function signature('\(expected)')"
      )
    }
    try verifyUnwinding(operation)
  }

  /// Checks what all landing pads, resumptions and block tags of a function have in common.
  private static func verifyUnwinding(_ function: Operation) throws(Reported) {
    var landing: Type?
    var tags: [Attribute] = []
    for block in function.region(0).blocks {
      for operation in block.operations {
        if operation.is(blockTagOp), let tag = operation.attribute("tag") {
          if tags.contains(tag) {
            throw operation.emitError(
              "duplicate block tag '\(tag.words.first ?? 0)' in the same function: ")
          }
          tags.append(tag)
        }
        guard operation.is(landingpad) || operation.is(resume) else { continue }
        let type = operation.is(landingpad) ? operation.result().type : operation.operand(0).type
        if landing ?? type != type {
          let what = operation.is(landingpad) ? "result" : "input"
          throw function.emitError(
            "'\(operation.name)' should have a consistent \(what) type inside a function")
        }
        landing = type
      }
    }
  }
}
