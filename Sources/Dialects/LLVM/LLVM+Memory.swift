import MartletIR
import MartletSupport
import MartletSyntax

/// Memory access, addresses and atomics.
extension LLVM {
  static let memory: [OpDefinition] = [
    alloca, load, store, getElementPtr, fence, atomicRMW, cmpXchg,
  ]

  private static let accessGroups = AttributeConstraint(
    "LLVM dialect access group metadata array"
  ) { value in
    value.elements?.allSatisfy { $0.definition?.name == "llvm.access_group" } ?? false
  }

  static let aliasSlots: [AttributeSlot] = [
    .optional("access_groups", accessGroups), .optional("alias_scopes", .array),
    .optional("noalias_scopes", .array), .optional("tbaa", .array),
  ]
  private static let accessSlots: [AttributeSlot] =
    [
      .optional("alignment", .i64), .optional("volatile_", .unit),
      .optional("nontemporal", .unit), .optional("invariantGroup", .unit),
      AttributeSlot(
        "ordering", .enumeration(orderings, width: 64), default: { $0.i64Attribute(0) }),
      .optional("syncscope", .string),
    ] + aliasSlots

  public static let alloca: OpDefinition = OpDefinition(
    "llvm.alloca", "Memory of the function's frame",
    operands: [ValueDefinition("arraySize", integer)], results: [ValueDefinition("res", pointer)],
    attributes: [
      .optional("alignment", .i64), AttributeSlot("elem_type", .type),
      .optional("inalloca", .unit),
    ], effects: .allocate,
    interfaces: [allocaAssembly, allocaPromotion, allocaDestruction])

  public static let load: OpDefinition = OpDefinition(
    "llvm.load", "Reads memory", operands: [ValueDefinition("addr", pointer)],
    results: [ValueDefinition("res", loadable)],
    attributes: accessSlots + [
      .optional("invariant", .unit), dereferenceableSlot,
    ],
    format:
      "(`volatile` $volatile_^)? $addr (`atomic` (`syncscope` `(` $syncscope^ `)`)? $ordering^)? (`invariant` $invariant^)? (`invariant_group` $invariantGroup^)? (`dereferenceable` `` $dereferenceable^)? attr-dict `:` qualified(type($addr)) `->` type($res)",
    verify: { (operation) throws(Reported) in
      if operation.hasAttribute("dereferenceable"), !operation.result().type.isLLVMPointer {
        throw operation.emitOpError("expected op to return a single LLVM pointer type")
      }
      try verifyAtomic(operation, type: operation.result().type, forbidden: [5, 6], "load")
    },
    interfaces: [
      OwnEffects { operation in
        isPlain(operation) ? .read : [.read, .write]
      }, loadPromotion, loadDestruction,
    ])

  public static let store: OpDefinition = OpDefinition(
    "llvm.store", "Writes memory",
    operands: [ValueDefinition("value", loadable), ValueDefinition("addr", pointer)],
    attributes: accessSlots,
    format:
      "(`volatile` $volatile_^)? $value `,` $addr (`atomic` (`syncscope` `(` $syncscope^ `)`)? $ordering^)? (`invariant_group` $invariantGroup^)? attr-dict `:` type($value) `,` qualified(type($addr))",
    verify: { (operation) throws(Reported) in
      try verifyAtomic(operation, type: operation.operand(0).type, forbidden: [4, 6], "store")
    },
    interfaces: [
      OwnEffects { isPlain($0) ? .write : [.read, .write] }, storePromotion, storeDestruction,
    ])

  /// Neither volatile nor atomic.
  private static func isPlain(_ operation: Operation) -> Bool {
    !operation.hasAttribute("volatile_")
      && (operation.attribute("ordering")?.integerValue ?? 0) == 0
  }

  private static func verifyAtomic(
    _ operation: Operation, type: Type, forbidden: [Int64], _ what: String
  ) throws(Reported) {
    let ordering = operation.attribute("ordering")?.integerValue ?? 0
    if ordering == 0 {
      if operation.hasAttribute("syncscope") {
        throw operation.emitOpError("expected syncscope to be null for non-atomic access")
      }
      return
    }
    if forbidden.contains(ordering) {
      throw operation.emitOpError(
        "unsupported ordering '\(orderings.keyword(ordering) ?? "")'")
    }
    if !(type.isInteger || type.isFloat || type.isLLVMPointer) {
      throw operation.emitOpError("unsupported type '\(type)' for atomic access")
    }
    if !operation.hasAttribute("alignment") {
      throw operation.emitOpError("expected alignment for atomic access")
    }
  }

  public static let getElementPtr: OpDefinition = OpDefinition(
    "llvm.getelementptr", "The address of a part",
    operands: [ValueDefinition("base", pointers), .variadic("dynamicIndices", integers)],
    results: [ValueDefinition("res", pointers)],
    attributes: [
      AttributeSlot("elem_type", .type), AttributeSlot("rawConstantIndices", .denseI32Array),
      AttributeSlot(
        "noWrapFlags", .enumeration(noWrapFlags, width: 32), encoding: .integer,
        default: { $0.i32Attribute(0) }),
    ], traits: .pure,
    verify: { (operation) throws(Reported) in try verifyGEP(operation) },
    fold: { operation in
      // gep %p[0] is %p.
      guard operation.attribute("rawConstantIndices")?.integers == [0],
        operation.operand(0).type == operation.result().type
      else { return .none }
      return .value(operation.operand(0))
    }, interfaces: [gepAssembly, gepPromotion, gepDestruction])

  static let noWrapFlags = EnumDefinition(
    "GEPNoWrapFlags",
    [("none", 0), ("inbounds_flag", 1), ("nusw", 2), ("nuw", 4), ("inbounds", 3)],
    isBitEnum: true, separator: "|")

  /// In `rawConstantIndices`, an index given by the next dynamic operand.
  public static let dynamicIndex = Int(Int32.min)

  private static func verifyGEP(_ operation: Operation) throws(Reported) {
    let raw = operation.attribute("rawConstantIndices")?.integers ?? []
    let dynamic = raw.count { $0 == dynamicIndex }
    if dynamic != operation.operandCount - 1 {
      throw operation.emitOpError(
        "expected as many dynamic indices as specified in 'rawConstantIndices'")
    }
    if (operation.attribute("noWrapFlags")?.integerValue ?? 0) & 3 == 1 {
      throw operation.emitOpError("'inbounds_flag' cannot be used directly.")
    }
    guard var type = operation.attribute("elem_type")?.typeValue else { return }
    for (i, index) in raw.enumerated().dropFirst() {
      if let elements = type.llvmStruct?.elements {
        if index == dynamicIndex {
          throw operation.emitOpError("expected index \(i) indexing a struct to be constant")
        }
        guard elements.indices.contains(index) else {
          throw operation.emitOpError("index \(i) indexing a struct is out of bounds")
        }
        type = elements[index]
      } else if let (element, _) = type.llvmArray {
        type = element
      } else if type.isVector {
        type = type.elementType
      } else {
        throw operation.emitOpError(
          "type '\(type)' cannot be indexed (index #\(i))")
      }
    }
  }

  // MARK: Atomics

  static let atomicOperations = EnumDefinition(
    "AtomicBinOp",
    numbered([
      "xchg", "add", "sub", "_and", "nand", "_or", "_xor", "max", "min", "umax", "umin", "fadd",
      "fsub", "fmax", "fmin", "uinc_wrap", "udec_wrap", "usub_cond", "usub_sat", "fmaximum",
      "fminimum",
    ]))

  public static let fence = OpDefinition(
    "llvm.fence", "Orders memory accesses",
    attributes: [
      AttributeSlot("ordering", .enumeration(orderings, width: 64)),
      .optional("syncscope", .string),
    ], effects: [.read, .write],
    format: "(`syncscope` `(` $syncscope^ `)`)? $ordering attr-dict",
    verify: { (operation) throws(Reported) in
      if (operation.attribute("ordering")?.integerValue ?? 0) <= 2 {
        throw operation.emitOpError(
          "can be given only acquire, release, acq_rel, and seq_cst orderings")
      }
    })

  private static let atomicValue = TypeConstraint(
    "floating point LLVM type or LLVM pointer type or signless integer"
  ) { $0.isFloat || $0.isLLVMPointer || $0.isSignlessInteger || $0.isVector }

  public static let atomicRMW = OpDefinition(
    "llvm.atomicrmw", "Atomically combines memory with a value; gives the old one",
    operands: [ValueDefinition("ptr", pointer), ValueDefinition("val", atomicValue)],
    results: [ValueDefinition("res", atomicValue)],
    attributes: [
      AttributeSlot("bin_op", .enumeration(atomicOperations, width: 64)),
      AttributeSlot("ordering", .enumeration(orderings, width: 64)),
      .optional("syncscope", .string), .optional("alignment", .i64),
      .optional("volatile_", .unit),
    ] + aliasSlots, effects: [.read, .write],
    relations: [.same(["val", "res"])],
    format:
      "(`volatile` $volatile_^)? $bin_op $ptr `,` $val (`syncscope` `(` $syncscope^ `)`)? $ordering attr-dict `:` qualified(type($ptr)) `,` type($val)",
    verify: { (operation) throws(Reported) in
      if (operation.attribute("ordering")?.integerValue ?? 0) < 2 {
        throw operation.emitOpError("expected at least 'monotonic' ordering")
      }
    })

  public static let cmpXchg = OpDefinition(
    "llvm.cmpxchg", "Atomically replaces memory that holds an expected value",
    operands: [
      ValueDefinition("ptr", pointer), ValueDefinition("cmp", atomicValue),
      ValueDefinition("val", atomicValue),
    ],
    results: [ValueDefinition("res", anyStruct)],
    attributes: [
      AttributeSlot("success_ordering", .enumeration(orderings, width: 64)),
      AttributeSlot("failure_ordering", .enumeration(orderings, width: 64)),
      .optional("syncscope", .string), .optional("alignment", .i64), .optional("weak", .unit),
      .optional("volatile_", .unit),
    ] + aliasSlots, effects: [.read, .write],
    relations: [
      .same(["cmp", "val"]),
      .derived(
        target: "res", from: "val",
        summary:
          "result #0 has an LLVM struct type consisting of the type of operand #2 and a bool"
      ) { LLVM.structType($0.context, [$0, $0.context.i1]) },
    ],
    format:
      "(`weak` $weak^)? (`volatile` $volatile_^)? $ptr `,` $cmp `,` $val (`syncscope` `(` $syncscope^ `)`)? $success_ordering $failure_ordering attr-dict `:` qualified(type($ptr)) `,` type($val)",
    verify: { (operation) throws(Reported) in
      let failure = operation.attribute("failure_ordering")?.integerValue ?? 0
      let success = operation.attribute("success_ordering")?.integerValue ?? 0
      let type = operation.operand(1).type
      let isAtomic =
        type.isLLVMPointer || type.isFloat
        || type.isInteger && [8, 16, 32, 64, 128].contains(type.bitWidth ?? 0)
      if !isAtomic { throw operation.emitOpError("unexpected LLVM IR type") }
      if success < 2 || failure < 2 {
        throw operation.emitOpError("ordering must be at least 'monotonic'")
      }
      if failure == 5 || failure == 6 {
        throw operation.emitOpError("failure ordering cannot be 'release' or 'acq_rel'")
      }
    })

  // MARK: Text

  /// `llvm.alloca %n x f32 {alignment = 8 : i64} : (i64) -> !llvm.ptr`.
  private static let allocaAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      if parser.parseOptionalKeyword("inalloca") {
        operation.add("inalloca", parser.context.unit)
      }
      let size = try parser.parseOperand()
      try parser.parseKeyword("x")
      let element = try parser.parseType()
      operation.add("elem_type", parser.context.typeAttribute(element))
      try parser.parseOptionalAttributeDictionary(&operation)
      operation.attributes.removeAll {
        $0.name.string == "alignment" && $0.value.integerValue == 0
      }
      let offset = parser.offset
      let type = try parser.parseColonType()
      guard type.inputs.count == 1, type.results.count == 1 else {
        throw parser.error(
          "expected trailing function type with one argument and one result", at: offset)
      }
      operation.operands = [try parser.resolve(size, type.inputs[0])]
      operation.resultTypes = type.results
    },
    print: { printer, operation in
      if operation.hasAttribute("inalloca") { printer.write(" inalloca") }
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write(" x ")
      if let type = operation.attribute("elem_type")?.typeValue { printer.type(type) }
      var excluded = ["elem_type", "inalloca"]
      if operation.attribute("alignment")?.integerValue == 0 { excluded.append("alignment") }
      printer.optionalAttributeDictionary(operation, excluding: excluded)
      printer.write(" : ")
      printer.functionalType(operation)
    })

  /// `llvm.getelementptr inbounds %p[0, %i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>`.
  private static let gepAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      var flags: Int64 = 0
      while let word = parser.parseOptionalKeyword() {
        guard let value = noWrapFlags.value(word) else {
          throw parser.error("expected no-wrap flags, got '\(word)'")
        }
        flags |= value
        if !parser.parseOptional(.bar) { break }
      }
      operation.add("noWrapFlags", context.i32Attribute(Int(flags)))
      let base = try parser.parseOperand()
      var references = [base]
      var raw: [Int] = []
      try parser.parse(.leftSquare)
      if !parser.isAt(.rightSquare) {
        repeat {
          if let reference = try parser.parseOptionalOperand() {
            references.append(reference)
            raw.append(dynamicIndex)
          } else {
            let offset = parser.offset
            let value = try parser.parseInteger()
            guard Int(Int32.min)...Int(Int32.max) ~= value else {
              throw parser.error("integer value too large", at: offset)
            }
            raw.append(value)
          }
        } while parser.parseOptional(.comma)
      }
      try parser.parse(.rightSquare)
      operation.add("rawConstantIndices", context.denseI32Array(raw))
      try parser.parseOptionalAttributeDictionary(&operation)
      let offset = parser.offset
      let type = try parser.parseColonType()
      guard type.isFunction, type.results.count == 1 else {
        throw parser.error("expected function type with one result", at: offset)
      }
      try parser.parse(.comma)
      operation.add("elem_type", context.typeAttribute(try parser.parseType()))
      operation.operands = try parser.resolve(references, type.inputs)
      operation.resultTypes = type.results
    },
    print: { printer, operation in
      let flags = operation.attribute("noWrapFlags")?.integerValue ?? 0
      if flags != 0, let words = noWrapFlags.keyword(flags) { printer.write(" \(words)") }
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write("[")
      var next = 1
      for (i, index) in (operation.attribute("rawConstantIndices")?.integers ?? []).enumerated() {
        if i > 0 { printer.write(", ") }
        if index == dynamicIndex, next < operation.operandCount {
          printer.operand(operation.operand(next))
          next += 1
        } else {
          printer.write(index)
        }
      }
      printer.write("]")
      printer.optionalAttributeDictionary(
        operation, excluding: ["elem_type", "rawConstantIndices", "noWrapFlags"])
      printer.write(" : ")
      printer.functionalType(operation)
      printer.write(", ")
      if let type = operation.attribute("elem_type")?.typeValue { printer.type(type) }
    })
}
