import MartletDialects
import MartletIR
import MartletSupport

extension Rewrites {
  /// An instruction of the same operands, `flags` saying which attributes go along.
  private static func plain(_ name: String, fastMath: Bool = false) -> Rewrite {
    { (f, op) throws(Reported) in
      let flags = fastMath ? f.llvm.fastMath(op.attribute("fastmath")) : f.integerFlags(op)
      try f.elementwise(op) { operands throws(Reported) in
        f.llvm.value(name, operands, operands[0].type, flags)
      }
    }
  }

  private static func cast(_ name: String, fastMath: Bool = false) -> Rewrite {
    { (f, op) throws(Reported) in
      let type = try f.partType(op.result().type, op)
      let flags = fastMath ? f.llvm.fastMath(op.attribute("fastmath")) : []
      try f.elementwise(op) { operands throws(Reported) in
        operands[0].type == type ? operands[0] : f.llvm.value(name, operands, type, flags)
      }
    }
  }

  private static func each(
    _ make: @escaping @Sendable (FunctionToLLVM, [Value], Operation) throws(Reported) -> Value
  ) -> Rewrite {
    { (f, op) throws(Reported) in
      try f.elementwise(op) { operands throws(Reported) in try make(f, operands, op) }
    }
  }

  static let arithmetic: [(String, Rewrite)] = integers + floats + casts + indices

  private static let integers: [(String, Rewrite)] = [
    ("arith.constant", { (f, op) throws(Reported) in try f.lowerConstant(op) }),
    ("arith.addi", plain("add")), ("arith.subi", plain("sub")), ("arith.muli", plain("mul")),
    ("arith.divsi", plain("sdiv")), ("arith.divui", plain("udiv")), ("arith.remsi", plain("srem")),
    ("arith.remui", plain("urem")), ("arith.andi", plain("and")), ("arith.ori", plain("or")),
    ("arith.xori", plain("xor")), ("arith.shli", plain("shl")), ("arith.shrsi", plain("ashr")),
    ("arith.shrui", plain("lshr")), ("arith.maxsi", plain("intr.smax")),
    ("arith.maxui", plain("intr.umax")), ("arith.minsi", plain("intr.smin")),
    ("arith.minui", plain("intr.umin")),
    ("arith.ceildivui", each { (f, v, _) throws(Reported) in f.ceilDivideUnsigned(v[0], v[1]) }),
    (
      "arith.ceildivsi",
      each { (f, v, _) throws(Reported) in f.divideRounding(v[0], v[1], up: true) }
    ),
    (
      "arith.floordivsi",
      each { (f, v, _) throws(Reported) in f.divideRounding(v[0], v[1], up: false) }
    ),
    ("arith.addui_extended", { (f, op) throws(Reported) in try f.addExtended(op) }),
    ("arith.mulsi_extended", { (f, op) throws(Reported) in try f.multiplyExtended(op, "sext") }),
    ("arith.mului_extended", { (f, op) throws(Reported) in try f.multiplyExtended(op, "zext") }),
    (
      "arith.cmpi",
      each { (f, v, op) throws(Reported) in
        f.compare("icmp", v, Int(op.attribute("predicate")?.enumValue ?? 0))
      }
    ),
    ("arith.select", { (f, op) throws(Reported) in try f.lowerSelect(op) }),
  ]

  private static let floats: [(String, Rewrite)] = [
    ("arith.addf", plain("fadd", fastMath: true)), ("arith.subf", plain("fsub", fastMath: true)),
    ("arith.mulf", plain("fmul", fastMath: true)), ("arith.divf", plain("fdiv", fastMath: true)),
    ("arith.remf", plain("frem", fastMath: true)), ("arith.negf", plain("fneg", fastMath: true)),
    ("arith.maximumf", plain("intr.maximum", fastMath: true)),
    ("arith.minimumf", plain("intr.minimum", fastMath: true)),
    ("arith.maxnumf", plain("intr.maxnum", fastMath: true)),
    ("arith.minnumf", plain("intr.minnum", fastMath: true)),
    (
      "arith.cmpf",
      each { (f, v, op) throws(Reported) in
        f.compare(
          "fcmp", v, Int(op.attribute("predicate")?.enumValue ?? 0),
          f.llvm.fastMath(op.attribute("fastmath")))
      }
    ),
  ]

  private static let casts: [(String, Rewrite)] = [
    ("arith.extui", cast("zext")), ("arith.extsi", cast("sext")), ("arith.trunci", cast("trunc")),
    ("arith.extf", cast("fpext", fastMath: true)),
    (
      "arith.truncf",
      { (f, op) throws(Reported) in
        if let mode = op.attribute("roundingmode")?.enumValue, mode != 0 {
          throw op.emitOpError("has a rounding mode other than to nearest, which is not supported")
        }
        let type = try f.partType(op.result().type, op)
        try f.elementwise(op) { v throws(Reported) in f.truncate(v[0], to: type) }
      }
    ), ("arith.sitofp", cast("sitofp")), ("arith.uitofp", cast("uitofp")),
    ("arith.fptosi", cast("fptosi")), ("arith.fptoui", cast("fptoui")),
    ("arith.bitcast", cast("bitcast")), ("arith.index_cast", indexCast("sext")),
    ("arith.index_castui", indexCast("zext")),
  ]

  private static func indexCast(_ extend: String) -> Rewrite {
    { (f, op) throws(Reported) in
      let type = try f.partType(op.result().type, op)
      try f.elementwise(op) { v throws(Reported) in f.resize(v[0], to: type, extend) }
    }
  }

  private static let indices: [(String, Rewrite)] = [
    ("index.constant", { (f, op) throws(Reported) in try f.lowerConstant(op) }),
    ("index.bool.constant", { (f, op) throws(Reported) in try f.lowerConstant(op) }),
    ("index.add", plain("add")), ("index.sub", plain("sub")), ("index.mul", plain("mul")),
    ("index.divs", plain("sdiv")), ("index.divu", plain("udiv")), ("index.rems", plain("srem")),
    ("index.remu", plain("urem")), ("index.and", plain("and")), ("index.or", plain("or")),
    ("index.xor", plain("xor")), ("index.shl", plain("shl")), ("index.shrs", plain("ashr")),
    ("index.shru", plain("lshr")), ("index.maxs", plain("intr.smax")),
    ("index.maxu", plain("intr.umax")), ("index.mins", plain("intr.smin")),
    ("index.minu", plain("intr.umin")), ("index.casts", indexCast("sext")),
    ("index.castu", indexCast("zext")),
    ("index.ceildivu", each { (f, v, _) throws(Reported) in f.ceilDivideUnsigned(v[0], v[1]) }),
    (
      "index.ceildivs",
      each { (f, v, _) throws(Reported) in f.divideRounding(v[0], v[1], up: true) }
    ),
    (
      "index.floordivs",
      each { (f, v, _) throws(Reported) in f.divideRounding(v[0], v[1], up: false) }
    ), ("index.sizeof", { (f, op) throws(Reported) in f.set(op.result(), f.llvm.index(64)) }),
    (
      "index.cmp",
      each { (f, v, op) throws(Reported) in
        guard let word = op.attribute("pred")?.enumKeyword,
          let number = f.integerPredicate(word)
        else { throw op.emitOpError("has no known predicate") }
        return f.compare("icmp", v, number)
      }
    ),
  ]
}

extension FunctionToLLVM {
  func integerPredicate(_ word: String) -> Int? {
    Arith.integerPredicates.value(word).map { Int($0) }
  }

  func integerFlags(_ operation: Operation) -> [(String, Attribute)] {
    if let flags = operation.attribute("overflowFlags")?.enumValue, flags != 0 {
      return llvm.overflow(nsw: flags & 1 != 0, nuw: flags & 2 != 0)
    }
    return operation.hasAttribute("isExact") ? [("isExact", context.unit)] : []
  }

  /// `i1` in the shape of `type`.
  func boolType(_ type: Type) -> Type {
    type.isVector ? context.vector(type.shape, llvm.i1) : llvm.i1
  }

  func compare(
    _ name: String, _ operands: [Value], _ number: Int, _ flags: [(String, Attribute)] = []
  ) -> Value {
    llvm.value(name, operands, boolType(operands[0].type), predicate(number) + flags)
  }

  /// A value in an integer type of another width.
  func resize(_ value: Value, to type: Type, _ extend: String) -> Value {
    let (from, to) = (value.type.elementType.bitWidth ?? 64, type.elementType.bitWidth ?? 64)
    if from == to { return value }
    return llvm.value(from < to ? extend : "trunc", [value], type)
  }

  // MARK: Constants

  func lowerConstant(_ operation: Operation) throws(Reported) {
    guard let value = operation.attribute("value") else {
      throw operation.emitOpError("has no value")
    }
    let type = operation.result().type
    let part = try partType(type, operation)
    guard type.isVector else {
      set(operation.result(), llvm.constant(scalar(value, part), part))
      return
    }
    guard let elements = value.denseElements else {
      throw operation.emitOpError("has a value that is not at hand")
    }
    let row = part.dimension(0)
    let count = types.rows(type)?.count ?? 1
    var parts: [Value] = []
    for i in 0..<count { parts.append(llvm.constant(slice(elements, i * row, part), part)) }
    set(operation.result(), parts: parts)
  }

  /// A scalar constant as one of the lowered type: indices and small floats become integers.
  private func scalar(_ value: Attribute, _ type: Type) -> Attribute {
    if value.type == type { return value }
    if value.kind == .float, type.isInteger {
      return context.integerAttribute(Int64(bitPattern: value.floatBits.first ?? 0), type)
    }
    return context.integerAttribute(value.integerValue ?? 0, type)
  }

  private func slice(_ elements: DenseElements, _ start: Int, _ type: Type) -> Attribute {
    let count = type.dimension(0)
    let element = type.elementType
    if elements.isSplat {
      return context.splat(type, scalar(elements.element(0), element))
    }
    if elements.type.elementType == element {
      let size = elements.elementSize
      let bytes = elements.bytes[(start * size)..<((start + count) * size)]
      return context.dense(type, bytes: UnsafeRawBufferPointer(rebasing: bytes))
    }
    let integers = (0..<count).map { i in
      elements.type.elementType.isFloat
        ? Int(truncatingIfNeeded: elements.bits(start + i)) : Int(elements.integer(start + i))
    }
    return context.dense(type, integers: integers)
  }

  // MARK: Integers

  /// 0 where a is, else (a - 1) / b + 1.
  func ceilDivideUnsigned(_ a: Value, _ b: Value) -> Value {
    let zero = llvm.zero(a.type)
    let isZero = compare("icmp", [a, zero], 0)
    let one = llvm.integer(1, a.type)
    let quotient = llvm.same("udiv", llvm.same("sub", a, one), b)
    return llvm.value("select", [isZero, zero, llvm.same("add", quotient, one)], a.type)
  }

  /// The quotient towards zero, put right where it was not exact and lies on the other side.
  func divideRounding(_ a: Value, _ b: Value, up: Bool) -> Value {
    let quotient = llvm.same("sdiv", a, b)
    let product = llvm.same("mul", quotient, b)
    let isInexact = compare("icmp", [a, product], 1)
    let zero = llvm.zero(a.type)
    let aNegative = compare("icmp", [a, zero], 2)
    let bNegative = compare("icmp", [b, zero], 2)
    let differs = llvm.same("xor", aNegative, bNegative)
    let side = up ? llvm.same("xor", differs, llvm.integer(-1, differs.type)) : differs
    let needed = llvm.same("and", isInexact, side)
    let corrected = llvm.same("add", quotient, llvm.integer(up ? 1 : -1, a.type))
    return llvm.value("select", [needed, corrected, quotient], a.type)
  }

  func addExtended(_ operation: Operation) throws(Reported) {
    let (a, b) = (
      try parts(operation.operand(0), operation), try parts(operation.operand(1), operation)
    )
    var sums: [Value] = []
    var carries: [Value] = []
    for (x, y) in zip(a, b) {
      let sum = llvm.same("add", x, y)
      sums.append(sum)
      carries.append(compare("icmp", [sum, x], 6))
    }
    set(operation.result(0), parts: sums)
    set(operation.result(1), parts: carries)
  }

  func multiplyExtended(_ operation: Operation, _ extend: String) throws(Reported) {
    let (a, b) = (
      try parts(operation.operand(0), operation), try parts(operation.operand(1), operation)
    )
    var lows: [Value] = []
    var highs: [Value] = []
    for (x, y) in zip(a, b) {
      let width = x.type.elementType.bitWidth ?? 64
      let element = context.integer(2 * width)
      let wide = x.type.isVector ? context.vector(x.type.shape, element) : element
      let product = llvm.same(
        "mul", llvm.value(extend, [x], wide), llvm.value(extend, [y], wide))
      lows.append(llvm.value("trunc", [product], x.type))
      let shifted = llvm.same("lshr", product, llvm.integer(width, wide))
      highs.append(llvm.value("trunc", [shifted], x.type))
    }
    set(operation.result(0), parts: lows)
    set(operation.result(1), parts: highs)
  }

  // MARK: Floats

  /// Rounds to a narrower format. Rounding to bf16 is written out in integers: without AVX512-BF16 LLVM would
  /// call a function of its own runtime library.
  func truncate(_ value: Value, to type: Type) -> Value {
    guard type.elementType.floatKind == .bf16 else {
      return llvm.value("fptrunc", [value], type)
    }
    func like(_ element: Type) -> Type {
      type.isVector ? context.vector(type.shape, element) : element
    }
    let single: Value
    switch value.type.elementType.floatKind {
    case .f32: single = value
    case .f64: single = roundToOdd(value, like(context.f32))
    default: single = llvm.value("fpext", [value], like(context.f32))
    }
    let (word, half) = (like(llvm.i32), like(context.integer(16)))
    let bits = llvm.value("bitcast", [single], word)
    let last = llvm.same(
      "and", llvm.same("lshr", bits, llvm.integer(16, word)), llvm.integer(1, word))
    let rounded = llvm.same(
      "add", llvm.same("add", bits, llvm.integer(0x7fff, word)), last)
    let quiet = llvm.same("or", bits, llvm.integer(0x40_0000, word))
    let isNaN = compare("fcmp", [single, single], 14)
    let chosen = llvm.value("select", [isNaN, quiet, rounded], word)
    let top = llvm.value(
      "trunc", [llvm.same("lshr", chosen, llvm.integer(16, word))], half)
    return llvm.value("bitcast", [top], type)
  }

  /// f64 to f32 so that a second rounding gives what one would have: inexact results get an odd last bit.
  private func roundToOdd(_ value: Value, _ type: Type) -> Value {
    let word = type.isVector ? context.vector(type.shape, llvm.i32) : llvm.i32
    let nearest = llvm.value("fptrunc", [value], type)
    let back = llvm.value("fpext", [nearest], value.type)
    let bits = llvm.value("bitcast", [nearest], word)
    let isExact = compare("fcmp", [back, value], 8)
    let magnitude = llvm.value("intr.fabs", [value], value.type)
    let isAway = compare(
      "fcmp", [llvm.value("intr.fabs", [back], value.type), magnitude], 2)
    let toward = llvm.same("sub", bits, llvm.integer(1, word))
    let truncated = llvm.value("select", [isAway, toward, bits], word)
    let odd = llvm.same("or", truncated, llvm.integer(1, word))
    let chosen = llvm.value("select", [isExact, bits, odd], word)
    return llvm.value("bitcast", [chosen], type)
  }

  // MARK: Select

  func lowerSelect(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    guard type.kind == .memRef else {
      let condition = try parts(operation.operand(0), operation)
      let yes = try parts(operation.operand(1), operation)
      let no = try parts(operation.operand(2), operation)
      let results = yes.indices.map { i in
        llvm.value(
          "select", [condition[condition.count == 1 ? 0 : i], yes[i], no[i]], yes[i].type)
      }
      set(operation.result(), parts: results)
      return
    }
    let condition = try value(operation.operand(0), operation)
    let yes = try flatten(operation.operand(1), operation)
    let no = try flatten(operation.operand(2), operation)
    let chosen = zip(yes, no).map { llvm.value("select", [condition, $0, $1], $0.type) }
    var next = 0
    set(operation.result(), try unflatten(type, chosen, &next, operation))
  }
}
