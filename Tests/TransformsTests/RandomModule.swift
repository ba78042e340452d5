/// Writes random modules without undefined behaviour: integers, floats, memory, tensors, structured and
/// unstructured control flow, calls. `main` takes nothing and returns a hash of all it computes.
struct RandomModule {
  private var state: UInt64
  private var lines: [String] = []
  private var values: [String: [String]] = [:]
  private var functions: [(name: String, parameters: [String], result: String)] = []
  private var count = 0
  private var indent = 1
  /// Whether the region being written may have several blocks: it is a function's.
  private var usesBranches = false

  static func text(seed: Int) -> String {
    var module = RandomModule(
      state: UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1)
    return module.make()
  }

  private init(state: UInt64) { self.state = state }

  // MARK: Random choices

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
  @discardableResult
  private mutating func define(_ type: String, _ text: String) -> String {
    let made = name()
    emit("\(made) = \(text)")
    values[type, default: []].append(made)
    return made
  }

  private mutating func value(_ type: String) -> String {
    if let known = values[type], !known.isEmpty, random(5) > 0 { return pick(known) }
    return constant(type)
  }

  private mutating func constant(_ type: String) -> String {
    if type.hasPrefix("memref") { return define(type, "memref.alloc() : \(type)") }
    if type.hasPrefix("tensor") {
      let (size, element) = parts(type)
      if random(2) == 0 {
        return define(type, "arith.constant dense<\(literal(element))> : \(type)")
      }
      let list = (0..<size).map { _ in literal(element) }.joined(separator: ", ")
      return define(type, "arith.constant dense<[\(list)]> : \(type)")
    }
    if type == "i1" { return define(type, "arith.constant \(pick(["true", "false"]))") }
    return define(type, "arith.constant \(literal(type)) : \(type)")
  }

  private mutating func literal(_ type: String) -> String {
    switch type {
    case "f32", "f64": return pick(["0.0", "-0.0", "1.0", "2.0", "-1.5", "3.25", "1.0e10", "0.1"])
    case "i8": return String(pick([0, 1, -1, 2, 5, 127, -128]))
    default: return String(pick([0, 1, -1, 2, 3, 8, random(100), -random(1000)]))
    }
  }

  private func parts(_ shaped: String) -> (size: Int, element: String) {
    let inner = shaped.drop { $0 != "<" }.dropFirst().dropLast()
    let fields = inner.split(separator: "x", maxSplits: 1)
    return (Int(fields[0]) ?? 1, String(fields[1]))
  }

  // MARK: Operations

  private let integers = ["i8", "i32", "i64", "index"]
  private let floats = ["f32", "f64"]
  private let memrefs = ["memref<8xi32>", "memref<4xf64>"]
  private let tensors = ["tensor<8xi32>", "tensor<4xf64>"]
  private var scalars: [String] { ["i1"] + integers + floats }

  private mutating func step(_ depth: Int) {
    switch random(depth > 0 ? 24 : 15) {
    case 0, 1, 2: integerOperation()
    case 3: division()
    case 4: shift()
    case 5, 6: comparison()
    case 7, 8: floatOperation()
    case 9, 10: conversion()
    case 11: memory()
    case 12: tensor()
    case 13: repeatLast()
    case 14: identity()
    case 15, 16, 17: conditional(depth)
    case 18, 19: loop(depth)
    case 20: whileLoop(depth)
    case 21: executeRegion(depth)
    case 22: indexSwitch(depth)
    default: call()
    }
  }

  private mutating func integerOperation() {
    let type = pick(integers + ["i1"])
    let op = pick([
      "addi", "subi", "muli", "andi", "ori", "xori", "maxsi", "minsi", "maxui", "minui",
    ])
    define(type, "arith.\(op) \(value(type)), \(value(type)) : \(type)")
  }

  /// The divisor is odd and at most 63.
  private mutating func division() {
    let type = pick(integers)
    let mask = define(type, "arith.constant 63 : \(type)")
    let one = define(type, "arith.constant 1 : \(type)")
    let small = define(type, "arith.andi \(value(type)), \(mask) : \(type)")
    let divisor =
      random(3) == 0 ? one : define(type, "arith.ori \(small), \(one) : \(type)")
    let op = pick(["divsi", "divui", "remsi", "remui", "floordivsi", "ceildivsi", "ceildivui"])
    define(type, "arith.\(op) \(value(type)), \(divisor) : \(type)")
  }

  private mutating func shift() {
    let type = pick(["i8", "i32", "i64"])
    let mask = define(type, "arith.constant 7 : \(type)")
    let amount = define(type, "arith.andi \(value(type)), \(mask) : \(type)")
    define(type, "arith.\(pick(["shli", "shrsi", "shrui"])) \(value(type)), \(amount) : \(type)")
  }

  private mutating func comparison() {
    if random(2) == 0 {
      let type = pick(integers)
      let predicate = pick(["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"])
      define("i1", "arith.cmpi \(predicate), \(value(type)), \(value(type)) : \(type)")
    } else {
      let type = pick(floats)
      let predicate = pick(["oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "une", "uno"])
      define("i1", "arith.cmpf \(predicate), \(value(type)), \(value(type)) : \(type)")
    }
    let type = pick(scalars)
    define(type, "arith.select \(value("i1")), \(value(type)), \(value(type)) : \(type)")
  }

  private mutating func floatOperation() {
    let type = pick(floats)
    if random(4) == 0 {
      define(type, "\(pick(["arith.negf", "math.absf", "math.floor"])) \(value(type)) : \(type)")
      return
    }
    let op = pick(["addf", "subf", "mulf", "divf"])
    define(type, "arith.\(op) \(value(type)), \(value(type)) : \(type)")
  }

  private mutating func conversion() {
    let pair = pick([("i8", "i32"), ("i32", "i64"), ("i8", "i64"), ("i1", "i32")])
    switch random(5) {
    case 0:
      let op = pick(["extsi", "extui"])
      define(pair.1, "arith.\(op) \(value(pair.0)) : \(pair.0) to \(pair.1)")
    case 1: define(pair.0, "arith.trunci \(value(pair.1)) : \(pair.1) to \(pair.0)")
    case 2: define("index", "arith.index_cast \(value("i64")) : i64 to index")
    case 3: define("i64", "arith.index_cast \(value("index")) : index to i64")
    default:
      let from = pick(["i8", "i32"])
      let to = pick(floats)
      define(to, "arith.\(pick(["sitofp", "uitofp"])) \(value(from)) : \(from) to \(to)")
    }
  }

  /// An index below `size`.
  private mutating func position(_ size: Int) -> String {
    if random(2) == 0 { return define("index", "arith.constant \(random(size)) : index") }
    let mask = define("index", "arith.constant \(size - 1) : index")
    return define("index", "arith.andi \(value("index")), \(mask) : index")
  }

  private mutating func memory() {
    let type = pick(memrefs)
    let (size, element) = parts(type)
    guard let known = values[type], !known.isEmpty else { return }
    let memref = pick(known)
    let index = position(size)
    switch random(5) {
    case 0, 1: define(element, "memref.load \(memref)[\(index)] : \(type)")
    case 2:
      let dynamic = define("", "memref.cast \(memref) : \(type) to memref<?x\(element)>")
      define(element, "memref.load \(dynamic)[\(index)] : memref<?x\(element)>")
      define("index", "memref.dim \(dynamic), \(zero()) : memref<?x\(element)>")
    default: emit("memref.store \(value(element)), \(memref)[\(index)] : \(type)")
    }
  }

  private mutating func zero() -> String { define("index", "arith.constant 0 : index") }

  private mutating func tensor() {
    let type = pick(tensors)
    let (size, element) = parts(type)
    let operand = value(type)
    switch random(6) {
    case 0:
      define(type, "tensor.insert \(value(element)) into \(operand)[\(position(size))] : \(type)")
    case 1:
      let list = (0..<size).map { _ in value(element) }.joined(separator: ", ")
      define(type, "tensor.from_elements \(list) : \(type)")
    case 2:
      let dynamic = define("", "tensor.cast \(operand) : \(type) to tensor<?x\(element)>")
      define("index", "tensor.dim \(dynamic), \(zero()) : tensor<?x\(element)>")
      define(type, "tensor.cast \(dynamic) : tensor<?x\(element)> to \(type)")
    case 3:
      let half = "tensor<\(size / 2)x\(element)>"
      let slice = define(
        "",
        "tensor.extract_slice \(operand)[\(random(size / 2))] [\(size / 2)] [1] : \(type) to \(half)"
      )
      define(
        type,
        "tensor.insert_slice \(slice) into \(value(type))[\(random(size / 2))] [\(size / 2)] [1] : "
          + "\(half) into \(type)")
    default: define(element, "tensor.extract \(operand)[\(position(size))] : \(type)")
    }
  }

  /// What was computed last, again.
  private mutating func repeatLast() {
    guard
      let line = lines.last(where: { $0.contains(" = arith.") || $0.contains(" = memref.load") }),
      let equal = line.firstIndex(of: "="),
      line.hasPrefix(String(repeating: "  ", count: indent) + "%"),
      line == lines.last
    else { return }
    let text = line[equal...].dropFirst(2)
    guard let type = text.split(separator: " ").last.map(String.init), scalars.contains(type) else {
      return
    }
    // A comparison's type is that of its operands.
    define(text.contains("cmp") ? "i1" : type, String(text))
  }

  /// Operations that folding should see through.
  private mutating func identity() {
    let type = pick(["i32", "i64", "index"])
    let x = value(type)
    let zero = define(type, "arith.constant 0 : \(type)")
    switch random(5) {
    case 0: define(type, "arith.addi \(zero), \(x) : \(type)")
    case 1: define(type, "arith.subi \(x), \(x) : \(type)")
    case 2:
      let sum = define(type, "arith.addi \(x), \(value(type)) : \(type)")
      define(type, "arith.subi \(sum), \(x) : \(type)")
    case 3: define("i1", "arith.cmpi eq, \(x), \(x) : \(type)")
    default:
      let y = define(type, "arith.xori \(x), \(value(type)) : \(type)")
      define(type, "arith.xori \(y), \(x) : \(type)")
    }
  }

  // MARK: Structure

  /// Writes steps into a region; `end` writes its last line.
  private mutating func region(_ depth: Int, _ end: (inout RandomModule) -> Void) {
    let saved = values
    let branches = usesBranches
    usesBranches = false
    indent += 1
    for _ in 0..<(1 + random(4)) { step(depth - 1) }
    end(&self)
    indent -= 1
    usesBranches = branches
    values = saved
  }

  private mutating func yield(_ types: [String]) {
    let list = types.map { value($0) }
    emit(
      types.isEmpty
        ? "scf.yield"
        : "scf.yield \(list.joined(separator: ", ")) : \(types.joined(separator: ", "))")
  }

  private mutating func results(_ types: [String]) -> (prefix: String, bind: [String]) {
    if types.isEmpty { return ("", []) }
    let made = name()
    if types.count == 1 { return ("\(made) = ", [made]) }
    return ("\(made):\(types.count) = ", types.indices.map { "\(made)#\($0)" })
  }

  private mutating func bind(_ types: [String], _ names: [String]) {
    for (type, name) in zip(types, names) { values[type, default: []].append(name) }
  }

  private mutating func someTypes(_ most: Int) -> [String] {
    (0..<random(most + 1)).map { _ in pick(scalars + ["tensor<8xi32>"]) }
  }

  private mutating func conditional(_ depth: Int) {
    let types = someTypes(2)
    let condition = value("i1")
    let (prefix, names) = results(types)
    let arrow = types.isEmpty ? "" : " -> (\(types.joined(separator: ", ")))"
    emit("\(prefix)scf.if \(condition)\(arrow) {")
    region(depth) { $0.yield(types) }
    if !types.isEmpty || random(2) == 0 {
      emit("} else {")
      region(depth) { $0.yield(types) }
    }
    emit("}")
    bind(types, names)
  }

  private mutating func loop(_ depth: Int) {
    let types = someTypes(3)
    let inits = types.map { value($0) }
    let low = define("index", "arith.constant \(random(3)) : index")
    let high: String
    if random(3) == 0 {
      let mask = define("index", "arith.constant 7 : index")
      high = define("index", "arith.andi \(value("index")), \(mask) : index")
    } else {
      high = define("index", "arith.constant \(random(6)) : index")
    }
    let step = define("index", "arith.constant \(1 + random(3)) : index")
    let (prefix, names) = results(types)
    let variable = name()
    let carried = types.map { _ in name() }
    var header = "\(prefix)scf.for \(variable) = \(low) to \(high) step \(step)"
    if !types.isEmpty {
      let list = zip(carried, inits).map { "\($0) = \($1)" }.joined(separator: ", ")
      header += " iter_args(\(list)) -> (\(types.joined(separator: ", ")))"
    }
    emit(header + " {")
    let saved = values
    bind(types, carried)
    values["index", default: []].append(variable)
    region(depth) { module in
      // Some are handed on as they came.
      let list = zip(types, carried).map { module.random(3) == 0 ? $1 : module.value($0) }
      module.emit(
        types.isEmpty
          ? "scf.yield"
          : "scf.yield \(list.joined(separator: ", ")) : \(types.joined(separator: ", "))")
    }
    emit("}")
    values = saved
    bind(types, names)
  }

  /// Counts to a limit, so that it ends.
  private mutating func whileLoop(_ depth: Int) {
    let type = pick(scalars)
    let start = value(type)
    let zero = zero()
    let one = define("index", "arith.constant 1 : index")
    let limit = define("index", "arith.constant \(random(5)) : index")
    let made = name()
    let (counter, carried) = (name(), name())
    emit(
      "\(made):2 = scf.while (\(counter) = \(zero), \(carried) = \(start)) : (index, \(type)) -> (index, \(type)) {"
    )
    let saved = values
    bind(["index", type], [counter, carried])
    region(depth) { module in
      let goesOn = module.define("i1", "arith.cmpi ult, \(counter), \(limit) : index")
      let passed = module.random(2) == 0 ? carried : module.value(type)
      module.emit("scf.condition(\(goesOn)) \(counter), \(passed) : index, \(type)")
    }
    values = saved
    emit("} do {")
    let (inner, argument) = (name(), name())
    emit("^bb0(\(inner): index, \(argument): \(type)):")
    bind(["index", type], [inner, argument])
    region(depth) { module in
      let next = module.define("index", "arith.addi \(inner), \(one) : index")
      let passed = module.random(2) == 0 ? argument : module.value(type)
      module.emit("scf.yield \(next), \(passed) : index, \(type)")
    }
    emit("}")
    values = saved
    bind(["index", type], ["\(made)#0", "\(made)#1"])
  }

  private mutating func executeRegion(_ depth: Int) {
    let type = pick(scalars)
    let made = name()
    emit("\(made) = scf.execute_region -> \(type) {")
    region(depth) { $0.yield([type]) }
    emit("}")
    bind([type], [made])
  }

  private mutating func indexSwitch(_ depth: Int) {
    let type = pick(scalars)
    let flag = value("index")
    let made = name()
    emit("\(made) = scf.index_switch \(flag) -> \(type)")
    for number in 0..<random(3) {
      emit("case \(number) {")
      region(depth) { $0.yield([type]) }
      emit("}")
    }
    emit("default {")
    region(depth) { $0.yield([type]) }
    emit("}")
    bind([type], [made])
  }

  private mutating func call() {
    guard !functions.isEmpty else { return }
    let function = pick(functions)
    let arguments = function.parameters.map { value($0) }
    define(
      function.result,
      "func.call @\(function.name)(\(arguments.joined(separator: ", "))) : "
        + "(\(function.parameters.joined(separator: ", "))) -> \(function.result)")
  }

  // MARK: Blocks

  /// Ends the block with a branch on a condition whose two ways join again.
  private mutating func diamond() {
    let type = pick(scalars)
    let number = count
    count += 1
    let condition = value("i1")
    let passed = value(type)
    let same = random(4) == 0
    emit(
      "cf.cond_br \(condition), ^yes\(number)(\(passed) : \(type)), ^\(same ? "join" : "no")\(number)\(same ? "(\(passed) : \(type))" : "")"
    )
    let argument = name()
    emit("^yes\(number)(\(argument): \(type)):")
    let saved = values
    bind([type], [argument])
    for _ in 0..<random(3) { step(1) }
    emit("cf.br ^join\(number)(\(value(type)) : \(type))")
    values = saved
    if !same {
      emit("^no\(number):")
      for _ in 0..<random(3) { step(1) }
      emit("cf.br ^join\(number)(\(value(type)) : \(type))")
      values = saved
    }
    let result = name()
    emit("^join\(number)(\(result): \(type)):")
    bind([type], [result])
  }

  /// A loop of blocks that counts to a limit.
  private mutating func blockLoop() {
    let type = pick(scalars)
    let number = count
    count += 1
    let zero = zero()
    let one = define("index", "arith.constant 1 : index")
    let limit = define("index", "arith.constant \(random(4)) : index")
    let (counter, carried) = (name(), name())
    emit("cf.br ^head\(number)(\(zero), \(value(type)) : index, \(type))")
    emit("^head\(number)(\(counter): index, \(carried): \(type)):")
    bind(["index", type], [counter, carried])
    let goesOn = define("i1", "arith.cmpi ult, \(counter), \(limit) : index")
    emit("cf.cond_br \(goesOn), ^body\(number), ^exit\(number)")
    emit("^body\(number):")
    let saved = values
    for _ in 0..<random(3) { step(1) }
    let next = define("index", "arith.addi \(counter), \(one) : index")
    emit("cf.br ^head\(number)(\(next), \(value(type)) : index, \(type))")
    values = saved
    emit("^exit\(number):")
  }

  // MARK: The module

  private mutating func function(_ number: Int) -> String {
    let parameters = (0..<random(4)).map { _ in pick(scalars) }
    let result = pick(scalars)
    let header = parameters.enumerated().map { "%p\($0): \($1)" }.joined(separator: ", ")
    let visibility = random(4) == 0 ? "" : "private "
    lines = []
    values = [:]
    bind(parameters, parameters.indices.map { "%p\($0)" })
    for _ in 0..<(2 + random(6)) { step(1) }
    if random(2) == 0 { diamond() }
    if random(3) == 0 { blockLoop() }
    for _ in 0..<random(4) { step(1) }
    emit("return \(value(result)) : \(result)")
    functions.append(("f\(number)", parameters, result))
    return "func.func \(visibility)@f\(number)(\(header)) -> \(result) {\n"
      + lines.joined(separator: "\n") + "\n}\n"
  }

  private mutating func make() -> String {
    var text = ""
    for number in 0..<random(4) { text += function(number) }
    lines = []
    values = [:]
    for type in memrefs { fill(type) }
    for _ in 0..<(6 + random(20)) {
      switch random(10) {
      case 0: diamond()
      case 1: blockLoop()
      default: step(3)
      }
    }
    var hash = define("", "arith.constant 1469598103934665603 : i64")
    let prime = define("", "arith.constant 1099511628211 : i64")
    for type in scalars {
      for value in (values[type] ?? []).suffix(6) {
        let bits = wide(value, type)
        let mixed = define("", "arith.xori \(hash), \(bits) : i64")
        hash = define("", "arith.muli \(mixed), \(prime) : i64")
      }
    }
    emit("return \(hash) : i64")
    return text + "func.func @main() -> i64 {\n" + lines.joined(separator: "\n") + "\n}\n"
  }

  private mutating func fill(_ type: String) {
    let (size, element) = parts(type)
    let memref = define(type, "memref.alloc() : \(type)")
    for i in 0..<size {
      let index = define("index", "arith.constant \(i) : index")
      let item = define(element, "arith.constant \(literal(element)) : \(element)")
      emit("memref.store \(item), \(memref)[\(index)] : \(type)")
    }
  }

  /// A value as an i64; all NaNs are one, for their bits may be anything.
  private mutating func wide(_ value: String, _ type: String) -> String {
    switch type {
    case "i64": return value
    case "index": return define("", "arith.index_cast \(value) : index to i64")
    case "f32", "f64":
      let isNaN = define("", "arith.cmpf uno, \(value), \(value) : \(type)")
      let seven = define("", "arith.constant 7.0 : \(type)")
      let clean = define("", "arith.select \(isNaN), \(seven), \(value) : \(type)")
      if type == "f64" { return define("", "arith.bitcast \(clean) : f64 to i64") }
      let bits = define("", "arith.bitcast \(clean) : f32 to i32")
      return define("", "arith.extui \(bits) : i32 to i64")
    default: return define("", "arith.extsi \(value) : \(type) to i64")
    }
  }
}
