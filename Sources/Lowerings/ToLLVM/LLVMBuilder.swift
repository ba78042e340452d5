import MartletDialects
import MartletIR

/// Makes operations of the llvm dialect, constants once per function.
final class LLVMBuilder {
  let context: Context
  let builder: Builder
  let ptr: Type
  let i1: Type
  let i8: Type
  let i32: Type
  let i64: Type
  private var names: [String: OperationName] = [:]
  /// Constants of the function being built, which lie at the start of its entry block.
  private var constants: [ConstantKey: Value] = [:]
  private var constantBlock: Block?

  private struct ConstantKey: Hashable {
    var name: String
    var value: Attribute?
    var type: Type
  }

  init(_ context: Context) {
    self.context = context
    builder = Builder(context)
    ptr = LLVM.pointer(context)
    i1 = context.i1
    i8 = context.i8
    i32 = context.i32
    i64 = context.i64
  }

  /// Sets the block constants are put in.
  func beginFunction(_ entry: Block) {
    constants.removeAll(keepingCapacity: true)
    constantBlock = entry
  }

  private func name(_ text: String) -> OperationName {
    if let known = names[text] { return known }
    let found = context.operationName("llvm." + text)
    names[text] = found
    return found
  }

  // MARK: Operations

  /// Makes `llvm.<text>` at the insertion point.
  @discardableResult
  func make(
    _ text: String, _ operands: [Value], _ results: [Type] = [],
    _ attributes: [(String, Attribute)] = [], successors: [Block] = [], regions: Int = 0
  ) -> Operation {
    builder.create(
      name(text), operands, results: results, attributes: attributes, successors: successors,
      regions: regions)
  }

  func value(
    _ text: String, _ operands: [Value], _ type: Type, _ attributes: [(String, Attribute)] = []
  ) -> Value {
    make(text, operands, [type], attributes).result()
  }

  /// An operation whose result has the type of its first operand.
  func same(_ text: String, _ operands: Value..., attributes: [(String, Attribute)] = []) -> Value {
    value(text, operands, operands[0].type, attributes)
  }

  private func entryConstant(_ text: String, _ value: Attribute?, _ type: Type) -> Value {
    let key = ConstantKey(name: text, value: value, type: type)
    if let known = constants[key] { return known }
    let attributes = value.map { [("value", $0)] } ?? []
    let made: Value
    if let block = constantBlock {
      made = builder.at(.atStart(of: block)) { self.value(text, [], type, attributes) }
    } else {
      made = self.value(text, [], type, attributes)
    }
    constants[key] = made
    return made
  }

  // MARK: Constants

  func constant(_ value: Attribute, _ type: Type) -> Value {
    entryConstant("mlir.constant", value, type)
  }
  func index(_ value: Int) -> Value { constant(context.integerAttribute(Int64(value), i64), i64) }
  func integer(_ value: Int, _ type: Type) -> Value {
    if type.isVector {
      let element = context.integerAttribute(Int64(value), type.elementType)
      return constant(context.splat(type, element), type)
    }
    return constant(context.integerAttribute(Int64(value), type), type)
  }
  func float(_ value: Double, _ type: Type) -> Value {
    if type.isVector {
      return constant(context.splat(type, context.floatAttribute(value, type.elementType)), type)
    }
    return constant(context.floatAttribute(value, type), type)
  }
  func zero(_ type: Type) -> Value { entryConstant("mlir.zero", nil, type) }
  func poison(_ type: Type) -> Value { entryConstant("mlir.poison", nil, type) }
  func undef(_ type: Type) -> Value { entryConstant("mlir.undef", nil, type) }

  /// The integer an index value is known to be.
  func known(_ value: Value) -> Int? { value.constantInteger ?? constantOf(value) }

  private func constantOf(_ value: Value) -> Int? {
    guard let definer = value.definingOperation, definer.name == name("mlir.constant") else {
      return nil
    }
    return definer.attribute("value")?.integerValue.map { Int($0) }
  }

  // MARK: Flags

  private lazy var fastMathDefinition = context.attributeDefinition(named: "llvm.fastmath")

  /// `overflowFlags` of an integer operation.
  func overflow(nsw: Bool, nuw: Bool) -> [(String, Attribute)] {
    let bits = (nsw ? 1 : 0) | (nuw ? 2 : 0)
    return bits == 0 ? [] : [("overflowFlags", context.i32Attribute(bits))]
  }

  /// `fastmathFlags` from arith's, by the flags' names.
  func fastMath(_ attribute: Attribute?) -> [(String, Attribute)] {
    guard let attribute, let value = attribute.enumValue, value != 0,
      let definition = fastMathDefinition,
      let cases = definition.interface(EnumAttribute.self)?.cases
    else { return [] }
    var bits: Int64 = 0
    for entry in Arith.fastMathFlags.cases
    where entry.value.nonzeroBitCount == 1 && value & entry.value != 0 {
      bits |= cases.value(entry.name) ?? 0
    }
    return [("fastmathFlags", context.attribute(definition, [UInt64(bitPattern: bits)]))]
  }

  // MARK: Arithmetic on indices

  func add(_ a: Value, _ b: Value) -> Value {
    if known(a) == 0 { return b }
    if known(b) == 0 { return a }
    if let x = known(a), let y = known(b) { return index(x &+ y) }
    return value("add", [a, b], i64, overflow(nsw: true, nuw: false))
  }
  func subtract(_ a: Value, _ b: Value) -> Value {
    if known(b) == 0 { return a }
    if let x = known(a), let y = known(b) { return index(x &- y) }
    return value("sub", [a, b], i64, overflow(nsw: true, nuw: false))
  }
  func multiply(_ a: Value, _ b: Value) -> Value {
    if known(a) == 1 || known(b) == 0 { return b }
    if known(b) == 1 || known(a) == 0 { return a }
    if let x = known(a), let y = known(b) { return index(x &* y) }
    return value("mul", [a, b], i64, overflow(nsw: true, nuw: false))
  }

  // MARK: Memory

  /// The address of element `offset`, counted in elements of `element`.
  func address(_ base: Value, _ offset: Value, _ element: Type) -> Value {
    if known(offset) == 0 { return base }
    return value(
      "getelementptr", [base, offset], ptr,
      [
        ("rawConstantIndices", context.denseI32Array([Int(Int32.min)])),
        ("elem_type", context.typeAttribute(element)), ("noWrapFlags", inbounds),
      ])
  }

  /// `inbounds` in the form the dialect keeps it.
  private lazy var inbounds: Attribute = context.integerAttribute(3, i32)

  func load(_ address: Value, _ type: Type, alignment: Int?, nontemporal: Bool = false) -> Value {
    value("load", [address], type, access(alignment, nontemporal))
  }
  func store(_ value: Value, _ address: Value, alignment: Int?, nontemporal: Bool = false) {
    make("store", [value, address], [], access(alignment, nontemporal))
  }
  private func access(_ alignment: Int?, _ nontemporal: Bool) -> [(String, Attribute)] {
    var list: [(String, Attribute)] = []
    if let alignment { list.append(("alignment", context.i64Attribute(alignment))) }
    if nontemporal { list.append(("nontemporal", context.unit)) }
    return list
  }

  // MARK: Calls and control

  /// Calls `callee`; `result` nil for a function that returns nothing.
  @discardableResult
  func call(_ callee: String, _ arguments: [Value], _ result: Type?) -> Operation {
    make(
      "call", arguments, result.map { [$0] } ?? [],
      [
        ("callee", context.symbolRef(callee)),
        ("operandSegmentSizes", context.denseI32Array([arguments.count, 0])),
        ("op_bundle_sizes", context.denseI32Array([])),
      ])
  }

  func branch(_ block: Block, _ arguments: [Value] = []) {
    make("br", arguments, successors: [block])
  }
  func branch(
    _ condition: Value, _ yes: Block, _ yesArguments: [Value] = [], _ no: Block,
    _ noArguments: [Value] = []
  ) {
    make(
      "cond_br", [condition] + yesArguments + noArguments, [],
      [
        (
          "operandSegmentSizes",
          context.denseI32Array([1, yesArguments.count, noArguments.count])
        )
      ], successors: [yes, no])
  }
}
