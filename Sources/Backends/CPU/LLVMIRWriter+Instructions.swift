import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

extension LLVMIRWriter {
  // MARK: Operands

  /// Writes a value: its number, or the constant it is.
  func value(_ value: Value) throws(Reported) {
    if let definer = value.definingOperation, definer.operandCount == 0,
      case .constant(let kind) = try handler(definer)
    {
      return try constant(definer, kind)
    }
    out.append(UInt8(ascii: "%"))
    out.append(UInt64(numbers[Int(value.raw)]))
  }

  /// Writes a value behind its type.
  func typed(_ value: Value, _ operation: Operation) throws(Reported) {
    try type(value.type, at: operation)
    out.append(UInt8(ascii: " "))
    try self.value(value)
  }

  func list(_ values: some Sequence<Value>, _ operation: Operation) throws(Reported) {
    var isFirst = true
    for value in values {
      if !isFirst { out.append(", ") }
      isFirst = false
      try typed(value, operation)
    }
  }

  func begin(_ operation: Operation) {
    out.append("  ")
    guard operation.resultCount > 0, !operation.result().type.isLLVMVoid else { return }
    out.append(UInt8(ascii: "%"))
    out.append(UInt64(numbers[Int(operation.result().raw)]))
    out.append(" = ")
  }

  // MARK: Flags

  func fastMath(_ operation: Operation) {
    guard let flags = operation.attribute("fastmathFlags"), flags.enumValue != 0 else { return }
    if let known = flagTexts[flags] {
      out.append(known)
      return
    }
    var text = ""
    for word in (flags.enumKeyword ?? "").split(whereSeparator: {
      $0 == "," || $0 == " " || $0 == "|"
    })
    where word != "none" {
      text += word + " "
    }
    flagTexts[flags] = text
    out.append(text)
  }

  func flags(_ operation: Operation, _ flags: Handler.Flags) {
    switch flags {
    case .none: break
    case .fastMath: fastMath(operation)
    case .exact: if operation.hasAttribute("isExact") { out.append("exact ") }
    case .disjoint: if operation.hasAttribute("isDisjoint") { out.append("disjoint ") }
    case .overflow:
      let bits = operation.attribute("overflowFlags")?.enumValue ?? 0
      if bits & 2 != 0 { out.append("nuw ") }
      if bits & 1 != 0 { out.append("nsw ") }
    }
  }

  private static let integerPredicates = [
    "eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge",
  ]
  private static let floatPredicates = [
    "false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge", "ult", "ule",
    "une", "uno", "true",
  ]

  func predicate(_ operation: Operation, _ names: [String]) throws(Reported) -> String {
    guard let value = operation.attribute("predicate")?.enumValue, value >= 0,
      value < names.count
    else { throw operation.emitOpError("has no valid 'predicate'") }
    return names[Int(value)]
  }

  // MARK: Instructions

  func instruction(_ operation: Operation) throws(Reported) {
    let handler = try handler(operation)
    if case .constant = handler { return }
    begin(operation)
    switch handler {
    case .constant: break
    case .binary(let name, let flags):
      out.append(name)
      out.append(UInt8(ascii: " "))
      self.flags(operation, flags)
      try typed(operation.operand(0), operation)
      out.append(", ")
      try value(operation.operand(1))
    case .cast(let name):
      out.append(name)
      out.append(UInt8(ascii: " "))
      if operation.hasAttribute("nonNeg") { out.append("nneg ") }
      if operation.hasAttribute("overflowFlags") { flags(operation, .overflow) }
      try typed(operation.operand(0), operation)
      out.append(" to ")
      try type(operation.result().type, at: operation)
    case .icmp:
      out.append("icmp ")
      out.append(try predicate(operation, Self.integerPredicates))
      out.append(UInt8(ascii: " "))
      try typed(operation.operand(0), operation)
      out.append(", ")
      try value(operation.operand(1))
    case .fcmp:
      out.append("fcmp ")
      fastMath(operation)
      out.append(try predicate(operation, Self.floatPredicates))
      out.append(UInt8(ascii: " "))
      try typed(operation.operand(0), operation)
      out.append(", ")
      try value(operation.operand(1))
    case .fneg:
      out.append("fneg ")
      fastMath(operation)
      try typed(operation.operand(0), operation)
    case .select:
      out.append("select ")
      fastMath(operation)
      try list(operation.operands, operation)
    case .freeze:
      out.append("freeze ")
      try typed(operation.operand(0), operation)
    case .extractElement:
      out.append("extractelement ")
      try list(operation.operands, operation)
    case .insertElement: try insertElement(operation)
    case .shuffle: try shuffle(operation)
    case .extractValue:
      out.append("extractvalue ")
      try typed(operation.operand(0), operation)
      position(operation)
    case .insertValue: try insertValue(operation)
    default: try otherInstruction(operation, handler)
    }
    if let lines { debugLocation(operation, lines) }
    out.append(UInt8(ascii: "\n"))
  }

  func otherInstruction(_ operation: Operation, _ handler: Handler) throws(Reported) {
    switch handler {
    case .gep:
      out.append("getelementptr ")
      try gepBody(operation) { value throws(Reported) in try typed(value, operation) }
    case .load: try load(operation)
    case .store: try store(operation)
    case .alloca: try alloca(operation)
    case .call: try call(operation)
    case .callIntrinsic: try callIntrinsic(operation)
    case .intrinsic(let intrinsic): try call(intrinsic, operation)
    case .maskedLoad, .maskedStore, .gather, .scatter: try masked(operation, handler)
    case .br, .condBr, .switchTo: try branch(operation, handler)
    case .ret:
      out.append("ret ")
      if operation.operandCount == 0 {
        out.append("void")
      } else {
        try typed(operation.operand(0), operation)
      }
    case .unreachable: out.append("unreachable")
    case .fence, .atomicRMW, .cmpxchg: try atomic(operation, handler)
    default: throw operation.emitOpError("has no form in LLVM IR")
    }
  }

  // MARK: Vectors and aggregates

  /// The container and the value of an insertion, whichever order the declaration has them in.
  func insertion(_ operation: Operation) -> (container: Value, value: Value) {
    let isContainerFirst = operation.operand(0).type == operation.result().type
    return isContainerFirst
      ? (operation.operand(0), operation.operand(1)) : (operation.operand(1), operation.operand(0))
  }

  func insertElement(_ operation: Operation) throws(Reported) {
    let (container, value) = insertion(operation)
    out.append("insertelement ")
    try list([container, value, operation.operand(2)], operation)
  }

  func insertValue(_ operation: Operation) throws(Reported) {
    let (container, value) = insertion(operation)
    out.append("insertvalue ")
    try list([container, value], operation)
    position(operation)
  }

  func position(_ operation: Operation) {
    for index in operation.attribute("position")?.integers ?? [] {
      out.append(", ")
      out.append(Int64(index))
    }
  }

  func shuffle(_ operation: Operation) throws(Reported) {
    guard let mask = operation.attribute("mask")?.integers else {
      throw operation.emitOpError("has no 'mask'")
    }
    out.append("shufflevector ")
    try list(operation.operands, operation)
    out.append(", <\(mask.count) x i32> ")
    if let first = mask.first, first >= 0, mask.allSatisfy({ $0 == first }) {
      out.append(first == 0 ? "zeroinitializer" : "splat (i32 \(first))")
      return
    }
    out.append("<")
    for (i, lane) in mask.enumerated() {
      out.append(i == 0 ? "i32 " : ", i32 ")
      out.append(lane < 0 ? "poison" : "\(lane)")
    }
    out.append(">")
  }

  // MARK: Memory

  /// Writes what follows `getelementptr`, each operand by way of `operand`.
  func gepBody(_ operation: Operation, _ operand: (Value) throws(Reported) -> Void)
    throws(Reported)
  {
    guard let element = operation.attribute("elem_type")?.typeValue,
      let indices = operation.attribute("rawConstantIndices")?.integers
    else { throw operation.emitOpError("has no element type or indices") }
    let flags = operation.attribute("noWrapFlags")?.enumValue ?? 0
    if flags & 1 != 0 {
      out.append("inbounds ")
    } else if flags & 2 != 0 {
      out.append("nusw ")
    }
    if flags & 4 != 0 { out.append("nuw ") }
    try type(element, at: operation)
    out.append(", ")
    try operand(operation.operand(0))
    var dynamic = 1
    for index in indices {
      out.append(", ")
      if index == Int(Int32.min) {
        guard dynamic < operation.operandCount else {
          throw operation.emitOpError("has fewer dynamic indices than its constant ones ask for")
        }
        try operand(operation.operand(dynamic))
        dynamic += 1
      } else {
        out.append("i32 ")
        out.append(Int64(index))
      }
    }
  }

  func ordering(_ attribute: Attribute?) -> StaticString? {
    switch attribute?.enumValue ?? 0 {
    case 1: "unordered"
    case 2: "monotonic"
    case 4: "acquire"
    case 5: "release"
    case 6: "acq_rel"
    case 7: "seq_cst"
    default: nil
    }
  }

  func scopeAndOrdering(_ operation: Operation, _ names: [String]) throws(Reported) {
    if let scope = operation.attribute("syncscope")?.stringIdentifier {
      out.append(" syncscope(")
      quoted(scope.bytes)
      out.append(")")
    }
    for name in names {
      guard let ordering = ordering(operation.attribute(name)) else { continue }
      out.append(" ")
      out.append(ordering)
    }
  }

  func alignment(_ operation: Operation) {
    guard let alignment = operation.attribute("alignment")?.integerValue else { return }
    out.append(", align ")
    out.append(alignment)
  }

  func hints(_ operation: Operation) {
    if operation.hasAttribute("nontemporal") { out.append(", !nontemporal !\(node("!{i32 1}"))") }
    if operation.hasAttribute("invariant") { out.append(", !invariant.load !\(node("!{}"))") }
  }

  func load(_ operation: Operation) throws(Reported) {
    let isAtomic = ordering(operation.attribute("ordering")) != nil
    out.append("load ")
    if isAtomic { out.append("atomic ") }
    if operation.hasAttribute("volatile_") { out.append("volatile ") }
    try type(operation.result().type, at: operation)
    out.append(", ")
    try typed(operation.operand(0), operation)
    if isAtomic { try scopeAndOrdering(operation, ["ordering"]) }
    alignment(operation)
    hints(operation)
  }

  func store(_ operation: Operation) throws(Reported) {
    let isAtomic = ordering(operation.attribute("ordering")) != nil
    out.append("store ")
    if isAtomic { out.append("atomic ") }
    if operation.hasAttribute("volatile_") { out.append("volatile ") }
    try list(operation.operands, operation)
    if isAtomic { try scopeAndOrdering(operation, ["ordering"]) }
    alignment(operation)
    hints(operation)
  }

  func alloca(_ operation: Operation) throws(Reported) {
    guard let element = operation.attribute("elem_type")?.typeValue else {
      throw operation.emitOpError("has no element type")
    }
    out.append(operation.hasAttribute("inalloca") ? "alloca inalloca " : "alloca ")
    try type(element, at: operation)
    out.append(", ")
    try typed(operation.operand(0), operation)
    alignment(operation)
    if let space = operation.result().type.llvmAddressSpace, space != 0 {
      out.append(", addrspace(\(space))")
    }
  }

  private static let readModifyWrites = [
    "xchg", "add", "sub", "and", "nand", "or", "xor", "max", "min", "umax", "umin", "fadd",
    "fsub", "fmax", "fmin", "uinc_wrap", "udec_wrap", "usub_cond", "usub_sat",
  ]

  func atomic(_ operation: Operation, _ handler: Handler) throws(Reported) {
    switch handler {
    case .fence:
      out.append("fence")
      try scopeAndOrdering(operation, ["ordering"])
    case .atomicRMW:
      guard let kind = operation.attribute("bin_op")?.enumValue, kind >= 0,
        kind < Self.readModifyWrites.count
      else { throw operation.emitOpError("has no known operation") }
      out.append("atomicrmw ")
      if operation.hasAttribute("volatile_") { out.append("volatile ") }
      out.append(Self.readModifyWrites[Int(kind)])
      out.append(" ")
      try list(operation.operands, operation)
      try scopeAndOrdering(operation, ["ordering"])
      alignment(operation)
    default:
      out.append("cmpxchg ")
      if operation.hasAttribute("weak") { out.append("weak ") }
      if operation.hasAttribute("volatile_") { out.append("volatile ") }
      try list(operation.operands, operation)
      try scopeAndOrdering(operation, ["success_ordering", "failure_ordering"])
      alignment(operation)
    }
  }

  // MARK: Branches

  func label(_ operation: Operation, _ i: Int) {
    out.append("label %")
    if let edge = edges.firstIndex(where: { $0.terminator == operation && $0.successor == i }) {
      out.append("e\(edge)")
      return
    }
    out.append("b")
    out.append(Int64(blockNumbers[operation.successors[i]] ?? 0))
  }

  func branch(_ operation: Operation, _ handler: Handler) throws(Reported) {
    switch handler {
    case .br:
      out.append("br ")
      label(operation, 0)
    case .condBr:
      out.append("br i1 ")
      try value(operation.operand(0))
      out.append(", ")
      label(operation, 0)
      out.append(", ")
      label(operation, 1)
    default:
      out.append("switch ")
      try typed(operation.operand(0), operation)
      out.append(", ")
      label(operation, 0)
      out.append(" [")
      let cases = operation.attribute("case_values")?.denseElements
      for i in operation.successors.indices.dropFirst() {
        guard let cases, i - 1 < cases.count else {
          throw operation.emitOpError("has fewer case values than destinations")
        }
        out.append(" ")
        try type(operation.operand(0).type, at: operation)
        out.append(" ")
        out.append(cases.integer(i - 1))
        out.append(", ")
        label(operation, i)
      }
      out.append(" ]")
    }
    if let weights = operation.attribute("branch_weights")?.integers, !weights.isEmpty {
      let list = weights.map { "i32 \($0)" }.joined(separator: ", ")
      out.append(", !prof !\(node("!{!\"branch_weights\", \(list)}"))")
    }
    loopMetadata(operation)
  }
}
