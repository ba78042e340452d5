import MartletIR
import MartletSupport
import MartletSyntax

/// The llvm dialect: LLVM IR as operations.
public enum LLVM {
  public static let dialect = Dialect(
    "llvm", summary: "LLVM IR",
    operations: arithmetic + casts + memory + aggregates + control + exceptions + symbols
      + aliases + intrinsics + moreIntrinsics,
    types: types,
    attributes: [
      fastMath, overflow, linkage, callingConvention, tailCallKind, framePointer, zero, undef,
      poison, comdatAttribute,
    ] + debugInfo + metadataAttributes, materializeConstant: materialize)

  // MARK: Attributes

  static let fastMathFlags = EnumDefinition(
    "FastmathFlags",
    [
      ("none", 0), ("nnan", 1), ("ninf", 2), ("nsz", 4), ("arcp", 8), ("contract", 16),
      ("afn", 32), ("reassoc", 64), ("fast", 127),
    ], isBitEnum: true)
  public static let fastMath = EnumAttribute.define("llvm.fastmath", fastMathFlags)
  static let overflowFlags = EnumDefinition(
    "IntegerOverflowFlags", [("none", 0), ("nsw", 1), ("nuw", 2)], isBitEnum: true)
  public static let overflow = EnumAttribute.define("llvm.overflow", overflowFlags)

  static let linkages = EnumDefinition(
    "Linkage",
    numbered([
      "external", "available_externally", "linkonce", "linkonce_odr", "weak", "weak_odr",
      "appending", "internal", "private", "extern_weak", "common",
    ]))
  public static let linkage = EnumAttribute.define("llvm.linkage", linkages)

  static let callingConventions = EnumDefinition(
    "CConv",
    [
      ("ccc", 0), ("fastcc", 8), ("coldcc", 9), ("cc_10", 10), ("cc_11", 11), ("anyregcc", 13),
      ("preserve_mostcc", 14), ("preserve_allcc", 15), ("swiftcc", 16), ("cxx_fast_tlscc", 17),
      ("tailcc", 18), ("cfguard_checkcc", 19), ("swifttailcc", 20), ("x86_stdcallcc", 64),
      ("x86_fastcallcc", 65), ("arm_apcscc", 66), ("arm_aapcscc", 67), ("arm_aapcs_vfpcc", 68),
      ("msp430_intrcc", 69), ("x86_thiscallcc", 70), ("ptx_kernelcc", 71), ("ptx_devicecc", 72),
      ("spir_funccc", 75), ("spir_kernelcc", 76), ("intel_ocl_bicc", 77), ("x86_64_sysvcc", 78),
      ("win64cc", 79), ("x86_vectorcallcc", 80), ("hhvmcc", 81), ("hhvm_ccc", 82),
      ("x86_intrcc", 83), ("avr_intrcc", 84), ("avr_builtincc", 86), ("amdgpu_vscc", 87),
      ("amdgpu_gscc", 88), ("amdgpu_cscc", 90), ("amdgpu_kernelcc", 91), ("x86_regcallcc", 92),
      ("amdgpu_hscc", 93), ("msp430_builtincc", 94), ("amdgpu_lscc", 95), ("amdgpu_escc", 96),
      ("aarch64_vectorcallcc", 97), ("aarch64_sve_vectorcallcc", 98),
      ("wasm_emscripten_invokecc", 99), ("amdgpu_gfxcc", 100), ("m68k_intrcc", 101),
    ])
  public static let callingConvention = EnumAttribute.define("llvm.cconv", callingConventions)

  static let tailCallKinds = EnumDefinition(
    "TailCallKind", [("none", 0), ("notail", 3), ("musttail", 2), ("tail", 1)])
  public static let tailCallKind = EnumAttribute.define("llvm.tailcallkind", tailCallKinds)
  public static let framePointer = EnumAttribute.define(
    "llvm.framePointerKind",
    EnumDefinition(
      "FramePointerKind", numbered(["none", "non-leaf", "all", "reserved", "non-leaf-no-reserve"])
    ))

  static let comdats = EnumDefinition(
    "Comdat", numbered(["any", "exactmatch", "largest", "nodeduplicate", "samesize"]))
  /// `#llvm<comdat any>`.
  private static let comdatAttribute: AttributeDefinition = AttributeDefinition(
    "llvm.comdat", "How a comdat group is chosen",
    interfaces: [
      AttributeAssembly(
        isNested: true,
        parse: { (parser, _) throws(Reported) in
          parser.context.attribute(
            comdatAttribute, [try AttributeParameter.Kind.keyword(comdats).parse(parser)])
        },
        print: { printer, attribute in
          printer.write(" ")
          AttributeParameter.Kind.keyword(comdats).print(printer, attribute, 0)
        })
    ])

  static let visibilities = EnumDefinition("Visibility", numbered(["", "hidden", "protected"]))
  static let unnamedAddresses = EnumDefinition(
    "UnnamedAddr", numbered(["", "local_unnamed_addr", "unnamed_addr"]))
  static let orderings = EnumDefinition(
    "AtomicOrdering",
    [
      ("not_atomic", 0), ("unordered", 1), ("monotonic", 2), ("acquire", 4), ("release", 5),
      ("acq_rel", 6), ("seq_cst", 7),
    ])

  public static let zero = plainAttribute("zero")
  public static let undef = plainAttribute("undef")
  public static let poison = plainAttribute("poison")

  private static func plainAttribute(_ name: String) -> AttributeDefinition {
    AttributeDefinition(
      "llvm.\(name)", "llvm's \(name)",
      interfaces: [
        AttributeAssembly(
          parse: { (parser, _) throws(Reported) in
            guard let definition = parser.context.attributeDefinition(named: "llvm.\(name)") else {
              throw parser.error("unknown attribute")
            }
            return parser.context.attribute(definition)
          }, print: { _, _ in })
      ])
  }

  static func numbered(_ names: [String]) -> [(name: String, value: Int64)] {
    names.enumerated().map { (name: $1, value: Int64($0)) }
  }

  /// The slot of an enumeration kept in a dialect's attribute.
  static func flags(
    _ name: String, _ definition: AttributeDefinition, _ initial: UInt64 = 0
  ) -> AttributeSlot {
    AttributeSlot(
      name, .dialect("\(definition.summary)", definition),
      default: { $0.attribute(definition, [initial]) })
  }

  static let fastMathSlot = flags("fastmathFlags", fastMath)

  // MARK: Constraints

  /// `scalar` or a vector of it.
  static func orVector(_ summary: String, _ test: @escaping @Sendable (Type) -> Bool)
    -> TypeConstraint
  {
    TypeConstraint("\(summary) or LLVM dialect-compatible vector of \(summary)") {
      $0.isVector ? $0.rank == 1 && test($0.elementType) : test($0)
    }
  }
  static let integers = orVector("signless integer") { $0.isSignlessInteger }
  static let floats = orVector("floating point LLVM type") { $0.isFloat }
  static let pointers = orVector("LLVM pointer type") { $0.isLLVMPointer }
  static let bools = orVector("1-bit signless integer") { $0.isInteger(1) }
  static let comparable = TypeConstraint(
    "signless integer or LLVM dialect-compatible vector of signless integer or LLVM pointer type or LLVM dialect-compatible vector of LLVM pointer type"
  ) { integers.accepts($0) || pointers.accepts($0) }
  static let anyType = TypeConstraint("LLVM dialect-compatible type") { $0.isLLVMCompatible }
  static let pointer = TypeConstraint("LLVM pointer type") { $0.isLLVMPointer }
  static let integer = TypeConstraint.signlessInteger
  static let vector = TypeConstraint("LLVM dialect-compatible vector type") {
    $0.isVector && $0.rank == 1
  }
  static let aggregate = TypeConstraint("LLVM aggregate type") {
    $0.llvmStruct != nil || $0.llvmArray != nil
  }
  static let primitive = TypeConstraint("primitive LLVM type") {
    $0.isLLVMCompatible && !$0.isLLVMVoid && !$0.is(function)
  }
  static let anyStruct = TypeConstraint("LLVM structure type") { $0.llvmStruct != nil }
  static let functionTypeConstraint = AttributeConstraint(
    "type attribute of LLVM function type", form: .type
  ) { $0.typeValue?.llvmFunction != nil }

  /// Sized types of values that memory holds.
  static let loadable = TypeConstraint("LLVM type with size") {
    $0.isLLVMCompatible && !$0.isLLVMVoid && !$0.is(function) && !$0.is(token) && !$0.is(label)
      && !$0.is(metadata)
  }

  @Sendable private static func materialize(
    _ builder: Builder, _ value: Attribute, _ type: Type
  ) -> Operation? {
    if value.is(zero) { return builder.create(zeroValue, results: [type]) }
    if value.is(undef) { return builder.create(undefValue, results: [type]) }
    if value.is(poison) { return builder.create(poisonValue, results: [type]) }
    if value.is(dsoLocalEquivalentAttribute), let name = value.attributeWord(0) {
      return builder.create(
        dsoLocalEquivalent, results: [type], attributes: [("function_name", name)])
    }
    if value.is(blockAddressAttribute) {
      return builder.create(blockAddress, results: [type], attributes: [("block_addr", value)])
    }
    if value.kind == .symbolRef {
      return builder.create(addressOf, results: [type], attributes: [("global_name", value)])
    }
    guard value.kind == .integer || value.kind == .float || value.kind == .denseElements else {
      return nil
    }
    return builder.create(constant, results: [type], attributes: [("value", value)])
  }
}
