/// Writes random programs without undefined behaviour whose `main` returns a hash of all they compute.
struct RandomProgram {
  private var state: UInt64
  private var lines: [String] = []
  private var values: [String: [String]] = [:]
  private var count = 0
  private var indent = 1

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  static func text(seed: UInt64) -> String {
    var program = RandomProgram(seed: seed)
    return program.make()
  }

  // MARK: Random numbers and names

  private mutating func random(_ bound: Int) -> Int {
    state = state &+ 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
  private mutating func pick<T>(_ choices: [T]) -> T { choices[random(choices.count)] }

  private mutating func name() -> String {
    count += 1
    return "%v\(count)"
  }
  private mutating func emit(_ line: String) {
    lines.append(String(repeating: "  ", count: indent) + line)
  }
  private mutating func define(_ type: String, _ text: String) -> String {
    let made = name()
    emit("\(made) = \(text)")
    return made
  }
  private mutating func add(_ type: String, _ text: String) {
    let made = define(type, text)
    values[type, default: []].append(made)
  }
  private mutating func value(_ type: String) -> String {
    if let known = values[type], !known.isEmpty, random(6) > 0 { return pick(known) }
    return constant(type)
  }

  private mutating func constant(_ type: String) -> String {
    switch type {
    case "f32", "f64":
      let text = pick([
        "0.0", "-0.0", "1.0", "-1.5", "3.25", "1.0e10", "-7.0e-12", "0.1", "123456.789", "1.0e-40",
      ])
      return define(type, "arith.constant \(text) : \(type)")
    default:
      let limits = ["i1": 1, "i8": 127, "i16": 32767, "i32": 2_147_483_647, "i64": Int.max]
      let limit = limits[type] ?? 1000
      if type == "i1" { return define(type, "arith.constant \(pick(["true", "false"]))") }
      let number = pick([0, 1, -1, limit, -limit - 1, random(100), -random(100), random(limit)])
      return define(type, "arith.constant \(number) : \(type)")
    }
  }

  // MARK: Operations

  private let integers = ["i8", "i16", "i32", "i64"]
  private let floats = ["f32", "f64"]

  private mutating func step(depth: Int) {
    switch random(depth > 0 ? 11 : 8) {
    case 0, 1: integerOperation()
    case 2: division()
    case 3: comparison()
    case 4, 5: floatOperation()
    case 6, 7: conversion()
    case 8: conditional(depth)
    case 9: loop(depth)
    default: structured()
    }
  }

  private mutating func integerOperation() {
    let type = pick(integers)
    switch random(4) {
    case 0:
      let op = pick(["math.ctlz", "math.cttz", "math.ctpop", "math.absi"])
      add(type, "\(op) \(value(type)) : \(type)")
    case 1:
      let width = define(type, "arith.constant \((Int(type.dropFirst()) ?? 8) - 1) : \(type)")
      let amount = define(type, "arith.andi \(value(type)), \(width) : \(type)")
      let op = pick(["arith.shli", "arith.shrsi", "arith.shrui"])
      add(type, "\(op) \(value(type)), \(amount) : \(type)")
    default:
      let op = pick([
        "addi", "subi", "muli", "andi", "ori", "xori", "maxsi", "minsi", "maxui", "minui",
      ])
      add(type, "arith.\(op) \(value(type)), \(value(type)) : \(type)")
    }
  }

  /// The divisor is made positive, so that neither zero nor overflow can happen.
  private mutating func division() {
    let type = pick(integers)
    let mask = define(type, "arith.constant 63 : \(type)")
    let one = define(type, "arith.constant 1 : \(type)")
    let small = define(type, "arith.andi \(value(type)), \(mask) : \(type)")
    let divisor = define(type, "arith.ori \(small), \(one) : \(type)")
    let op = pick([
      "divsi", "divui", "remsi", "remui", "floordivsi", "ceildivsi", "ceildivui",
    ])
    add(type, "arith.\(op) \(value(type)), \(divisor) : \(type)")
  }

  private mutating func comparison() {
    if random(2) == 0 {
      let type = pick(integers)
      let predicate = pick(["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"])
      add("i1", "arith.cmpi \(predicate), \(value(type)), \(value(type)) : \(type)")
    } else {
      let type = pick(floats)
      let predicate = pick([
        "oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge", "ult", "ule", "une",
        "uno",
      ])
      add("i1", "arith.cmpf \(predicate), \(value(type)), \(value(type)) : \(type)")
    }
    let type = pick(integers + floats)
    add(type, "arith.select \(value("i1")), \(value(type)), \(value(type)) : \(type)")
  }

  private mutating func floatOperation() {
    let type = pick(floats)
    switch random(5) {
    case 0:
      let op = pick([
        "math.sqrt", "math.absf", "math.floor", "math.ceil", "math.trunc", "math.roundeven",
        "math.round", "arith.negf",
      ])
      add(type, "\(op) \(value(type)) : \(type)")
    case 1: add(type, "math.fma \(value(type)), \(value(type)), \(value(type)) : \(type)")
    case 2:
      // MLIR's expansion of these does not tell the zeros apart: adding 0 leaves only the positive one.
      let zero = define(type, "arith.constant 0.0 : \(type)")
      let a = define(type, "arith.addf \(value(type)), \(zero) : \(type)")
      let b = define(type, "arith.addf \(value(type)), \(zero) : \(type)")
      add(type, "arith.\(pick(["maximumf", "minimumf"])) \(a), \(b) : \(type)")
    default:
      let op = pick(["addf", "subf", "mulf", "divf", "remf"])
      add(type, "arith.\(op) \(value(type)), \(value(type)) : \(type)")
    }
  }

  private mutating func conversion() {
    switch random(6) {
    case 0: add("i64", "arith.\(pick(["extsi", "extui"])) \(value("i8")) : i8 to i64")
    case 1: add("i16", "arith.trunci \(value("i64")) : i64 to i16")
    case 2:
      let to = pick(floats)
      let from = pick(integers)
      add(to, "arith.\(pick(["sitofp", "uitofp"])) \(value(from)) : \(from) to \(to)")
    case 3:
      if random(2) == 0 {
        add("f64", "arith.extf \(value("f32")) : f32 to f64")
      } else {
        add("f32", "arith.truncf \(value("f64")) : f64 to f32")
      }
    case 4: add("f32", "arith.bitcast \(value("i32")) : i32 to f32")
    default:
      // Clamped first; maxnumf drops NaN.
      let low = define("f64", "arith.constant -100.0 : f64")
      let high = define("f64", "arith.constant 100.0 : f64")
      let a = define("f64", "arith.maxnumf \(value("f64")), \(low) : f64")
      let b = define("f64", "arith.minnumf \(a), \(high) : f64")
      add("i8", "arith.fptosi \(b) : f64 to i8")
    }
  }

  // MARK: Structure

  private mutating func nested(_ steps: Int, depth: Int, yield type: String) -> String {
    let saved = values
    indent += 1
    for _ in 0..<steps { step(depth: depth - 1) }
    let result = value(type)
    emit("scf.yield \(result) : \(type)")
    indent -= 1
    values = saved
    return result
  }

  private mutating func conditional(_ depth: Int) {
    let type = pick(integers + floats)
    let condition = value("i1")
    let made = name()
    emit("\(made) = scf.if \(condition) -> (\(type)) {")
    _ = nested(1 + random(4), depth: depth, yield: type)
    emit("} else {")
    _ = nested(1 + random(4), depth: depth, yield: type)
    emit("}")
    values[type, default: []].append(made)
  }

  private mutating func loop(_ depth: Int) {
    let type = pick(integers + floats)
    let start = value(type)
    let low = define("index", "arith.constant \(random(3)) : index")
    let high = define("index", "arith.constant \(random(9)) : index")
    let step = define("index", "arith.constant \(1 + random(3)) : index")
    let made = name()
    let variable = name()
    let carried = name()
    emit(
      "\(made) = scf.for \(variable) = \(low) to \(high) step \(step) iter_args(\(carried) = \(start)) -> (\(type)) {"
    )
    let saved = values
    indent += 1
    values[type, default: []].append(carried)
    add("i64", "arith.index_cast \(variable) : index to i64")
    indent -= 1
    _ = nested(1 + random(4), depth: depth, yield: type)
    emit("}")
    values = saved
    values[type, default: []].append(made)
  }

  /// A linalg operation on small tensors, one element of whose result is taken.
  private mutating func structured() {
    let type = pick(["i32", "f64"])
    let (m, n, k) = (1 + random(3), 1 + random(3), 1 + random(3))
    func shape(_ a: Int, _ b: Int) -> String { "tensor<\(a)x\(b)x\(type)>" }
    let isFloat = type == "f64"
    var tensors: [String] = []
    for (rows, columns) in [(m, k), (k, n), (m, n)] {
      let list = (0..<rows).map { _ in
        "["
          + (0..<columns).map { _ in isFloat ? "\(random(64) - 32).5" : "\(random(2000) - 1000)" }
          .joined(separator: ", ") + "]"
      }
      tensors.append(
        define(
          "", "arith.constant dense<[\(list.joined(separator: ", "))]> : \(shape(rows, columns))"))
    }
    let (add, mul) = isFloat ? ("addf", "mulf") : ("addi", "muli")
    let product: String
    if random(2) == 0 {
      product = define(
        "",
        "linalg.matmul ins(\(tensors[0]), \(tensors[1]) : \(shape(m, k)), \(shape(k, n))) "
          + "outs(\(tensors[2]) : \(shape(m, n))) -> \(shape(m, n))")
    } else {
      product = name()
      emit(
        "\(product) = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, "
          + "affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], "
          + "iterator_types = [\"parallel\", \"parallel\", \"reduction\"]} "
          + "ins(\(tensors[0]), \(tensors[1]) : \(shape(m, k)), \(shape(k, n))) "
          + "outs(\(tensors[2]) : \(shape(m, n))) {")
      emit("^bb0(%x: \(type), %y: \(type), %z: \(type)):")
      emit("  %p = arith.\(mul) %x, %y : \(type)")
      emit("  %i = linalg.index \(random(3)) : index")
      emit("  %j = arith.index_cast %i : index to i32")
      emit("  %w = \(isFloat ? "arith.sitofp %j : i32 to f64" : "arith.muli %j, %j : i32")")
      emit("  %q = arith.\(pick([add, mul])) %p, %w : \(type)")
      emit("  %s = arith.\(add) %q, %z : \(type)")
      emit("  linalg.yield %s : \(type)")
      emit("} -> \(shape(m, n))")
    }
    let row = define("", "arith.constant \(random(m)) : index")
    let column = define("", "arith.constant \(random(n)) : index")
    let scalar = value(type)
    let changed = define(
      "", "tensor.insert \(scalar) into \(product)[\(row), \(column)] : \(shape(m, n))")
    let slice = define(
      "",
      "tensor.extract_slice \(changed)[\(m - 1), 0] [1, \(n)] [1, 1] : \(shape(m, n)) to tensor<\(n)x\(type)>"
    )
    self.add(type, "tensor.extract \(slice)[\(column)] : tensor<\(n)x\(type)>")
    self.add(type, "tensor.extract \(product)[\(row), \(column)] : \(shape(m, n))")
  }

  // MARK: The program

  private mutating func make() -> String {
    for _ in 0..<40 { step(depth: 3) }
    var hash = define("i64", "arith.constant 1469598103934665603 : i64")
    let prime = define("i64", "arith.constant 1099511628211 : i64")
    for type in ["i1"] + integers + floats {
      for value in values[type] ?? [] {
        let bits = wide(value, type)
        let mixed = define("i64", "arith.xori \(hash), \(bits) : i64")
        hash = define("i64", "arith.muli \(mixed), \(prime) : i64")
      }
    }
    emit("return \(hash) : i64")
    return "func.func @main() -> i64 {\n" + lines.joined(separator: "\n") + "\n}\n"
  }

  /// A value as an i64; all NaNs are one, for their bits may be anything.
  private mutating func wide(_ value: String, _ type: String) -> String {
    switch type {
    case "i64": return value
    case "f32", "f64":
      let isNaN = define("i1", "arith.cmpf uno, \(value), \(value) : \(type)")
      let seven = define(type, "arith.constant 7.0 : \(type)")
      let clean = define(type, "arith.select \(isNaN), \(seven), \(value) : \(type)")
      if type == "f64" { return define("i64", "arith.bitcast \(clean) : f64 to i64") }
      let bits = define("i32", "arith.bitcast \(clean) : f32 to i32")
      return define("i64", "arith.extui \(bits) : i32 to i64")
    default: return define("i64", "arith.extsi \(value) : \(type) to i64")
    }
  }
}
