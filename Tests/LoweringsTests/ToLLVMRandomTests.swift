import MartletLowerings
import Testing

/// Random programs of arith and scf, compiled beside interpreted.
@Suite struct ToLLVMRandomTests {
  @Test(arguments: 1...40) func agrees(seed: Int) throws {
    var generator = ProgramGenerator(UInt64(seed))
    let text = generator.program()
    let difference = try ToLLVMProgram.difference(
      text, seed: UInt64(seed), threads: seed % 2 + 1)
    #expect(difference == nil)
  }
}

/// Writes a program without undefined behaviour: shifts and divisors are made safe.
struct ProgramGenerator {
  private var random: SplitMix
  private var lines: [String] = []
  private var names = 0
  private var values: [String: [String]] = [:]
  private var depth = 1

  private static let types = ["i1", "i8", "i16", "i32", "i64", "index", "f32", "f64"]

  init(_ seed: UInt64) { random = SplitMix(seed) }

  private mutating func pick<T>(_ list: [T]) -> T { list[random.below(list.count)] }

  private mutating func emit(_ line: String) {
    lines.append(String(repeating: "  ", count: depth) + line)
  }

  private mutating func name() -> String {
    names += 1
    return "%v\(names)"
  }

  @discardableResult
  private mutating func define(_ type: String, _ text: String) -> String {
    let made = name()
    emit("\(made) = \(text)")
    values[type, default: []].append(made)
    return made
  }

  private mutating func value(_ type: String) -> String {
    if let known = values[type], !known.isEmpty, random.below(8) > 0 { return pick(known) }
    switch type {
    case "i1": return define(type, "arith.constant \(pick(["true", "false"]))")
    case "f32", "f64":
      return define(
        type, "arith.constant \(pick(["0.0", "-1.5", "3.25", "1.0e10", "-7.0e-12"])) : \(type)")
    default: return define(type, "arith.constant \(pick([0, 1, -1, 7, 100, -128, 127])) : \(type)")
    }
  }

  private static let widths = ["i1": 1, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "index": 64]

  private mutating func integer() {
    let type = pick(["i8", "i16", "i32", "i64", "index"])
    let (a, b) = (value(type), value(type))
    switch random.below(8) {
    case 0...2:
      let op = pick([
        "addi", "subi", "muli", "andi", "ori", "xori", "maxsi", "minui", "minsi", "maxui",
      ])
      define(type, "arith.\(op) \(a), \(b) : \(type)")
    case 3:
      let mask = define(type, "arith.constant \((Self.widths[type] ?? 8) - 1) : \(type)")
      let amount = define(type, "arith.andi \(b), \(mask) : \(type)")
      define(type, "arith.\(pick(["shli", "shrsi", "shrui"])) \(a), \(amount) : \(type)")
    case 4:
      // Divisors between 1 and 16: neither zero nor the overflow of -1.
      let mask = define(type, "arith.constant 15 : \(type)")
      let one = define(type, "arith.constant 1 : \(type)")
      let low = define(type, "arith.andi \(b), \(mask) : \(type)")
      let divisor = define(type, "arith.addi \(low), \(one) : \(type)")
      let op = pick([
        "divsi", "divui", "remsi", "remui", "ceildivsi", "floordivsi", "ceildivui",
      ])
      define(type, "arith.\(op) \(a), \(divisor) : \(type)")
    case 5:
      let p = pick(["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"])
      define("i1", "arith.cmpi \(p), \(a), \(b) : \(type)")
    case 6:
      let c = value("i1")
      define(type, "arith.select \(c), \(a), \(b) : \(type)")
    default:
      if type == "index" {
        define("i64", "arith.index_cast \(a) : index to i64")
      } else if type == "i64" {
        define("index", "arith.index_cast \(a) : i64 to index")
        define("i16", "arith.trunci \(a) : i64 to i16")
      } else {
        define("i64", "arith.\(pick(["extsi", "extui"])) \(a) : \(type) to i64")
        define("f64", "arith.\(pick(["sitofp", "uitofp"])) \(a) : \(type) to f64")
      }
    }
  }

  private mutating func float() {
    let type = pick(["f32", "f64"])
    let (a, b) = (value(type), value(type))
    switch random.below(6) {
    case 0...2:
      let op = pick(["addf", "subf", "mulf", "divf", "maximumf", "minimumf"])
      define(type, "arith.\(op) \(a), \(b) : \(type)")
    case 3:
      let p = pick(["oeq", "ogt", "olt", "one", "ord", "ueq", "ule", "une", "uno"])
      define("i1", "arith.cmpf \(p), \(a), \(b) : \(type)")
    case 4: define(type, "arith.negf \(a) : \(type)")
    default:
      if type == "f32" {
        define("f64", "arith.extf \(a) : f32 to f64")
      } else {
        define("f32", "arith.truncf \(a) : f64 to f32")
      }
    }
  }

  /// Runs `body` in a nested scope, whose values are forgotten, and returns one of this type.
  private mutating func scope(_ type: String, _ body: (inout ProgramGenerator) -> Void) -> String {
    let saved = values
    depth += 1
    body(&self)
    let result = value(type)
    emit("scf.yield \(result) : \(type)")
    depth -= 1
    values = saved
    return result
  }

  private mutating func structured(_ level: Int) {
    let type = pick(Self.types)
    let made = name()
    if random.below(2) == 0 {
      let condition = value("i1")
      emit("\(made) = scf.if \(condition) -> (\(type)) {")
      _ = scope(type) { $0.statements(4, level + 1) }
      emit("} else {")
      _ = scope(type) { $0.statements(3, level + 1) }
      emit("}")
    } else {
      let start = value(type)
      let (lower, upper, step) = (
        define("index", "arith.constant \(random.below(3)) : index"),
        define("index", "arith.constant \(random.below(7)) : index"),
        define("index", "arith.constant \(1 + random.below(3)) : index")
      )
      let (index, carried) = (name(), name())
      emit(
        "\(made) = scf.for \(index) = \(lower) to \(upper) step \(step) iter_args(\(carried) = \(start)) -> (\(type)) {"
      )
      _ = scope(type) {
        $0.values["index", default: []].append(index)
        $0.values[type, default: []].append(carried)
        $0.statements(5, level + 1)
      }
      emit("}")
    }
    values[type, default: []].append(made)
  }

  private mutating func statements(_ count: Int, _ level: Int) {
    for _ in 0..<count {
      switch random.below(10) {
      case 0...4: integer()
      case 5...7: float()
      default: if level < 3 { structured(level) } else { integer() }
      }
    }
  }

  mutating func program() -> String {
    let parameters = Self.types.map { "%\($0)s: memref<4x\($0)>" }.joined(separator: ", ")
    emit("%k = arith.constant 2 : index")
    emit("%z = arith.constant 0 : index")
    for type in Self.types {
      define(type, "memref.load %\(type)s[%z] : memref<4x\(type)>")
      define(type, "memref.load %\(type)s[%k] : memref<4x\(type)>")
    }
    statements(30, 0)
    for type in Self.types {
      let result = value(type)
      emit("memref.store \(result), %\(type)s[%k] : memref<4x\(type)>")
      let other = value(type)
      emit("memref.store \(other), %\(type)s[%z] : memref<4x\(type)>")
    }
    return "func.func @main(\(parameters)) {\n" + lines.joined(separator: "\n") + "\n  return\n}\n"
  }
}
