import MartletSupport

/// What benchmarks read: made by the program itself, the same in every run and on every machine.
final class BenchInputs {
  /// Kinds of generated text.
  enum Kind: String, Sendable, CaseIterable {
    /// A constant, then pairs of a constant and a sum, in one function: all of it folds away.
    case chain
    /// Sums of arguments, none of which folds or is dead.
    case sums
    /// Functions of 28 operations: loops in loops, conditions, loads and stores, a call.
    case nested
    /// Operations, types and attributes of no known dialect, in generic form.
    case unregistered
    /// One function of blocks that branch to one another.
    case blocks
    /// A square of floats as a list; the size is its side.
    case denseList = "dense_list"
    /// The same in hexadecimal.
    case denseHex = "dense_hex"

    /// What the text mostly consists of.
    var item: String { self == .denseList || self == .denseHex ? "element" : "op" }

    /// About how many of them there are.
    func itemCount(_ size: Int) -> Int { item == "element" ? size * size : size }
  }

  /// Where files are written.
  let folder: String
  /// The checkout, whose examples are run.
  let root: String
  private var sources: [String: SourceFile] = [:]

  init(folder: String, root: String) {
    self.folder = folder
    self.root = root
  }

  /// The text of `kind` with about `size` operations.
  func source(_ kind: Kind, _ size: Int) -> SourceFile {
    let key = "\(kind.rawValue)-\(size)"
    if let known = sources[key] { return known }
    // One large text at a time is enough.
    if sources.values.contains(where: { $0.bytes.count > 1 << 22 }) { sources = [:] }
    let made = SourceFile(name: key + ".mlir", text: BenchInputs.text(kind, size))
    sources[key] = made
    return made
  }

  /// The path of a file with the text, which is written where it is missing.
  func file(_ kind: Kind, _ size: Int) throws -> String {
    let path = "\(folder)/\(kind.rawValue)-\(size).mlir"
    let text = source(kind, size)
    if let known = try? SourceFile.open(path), known.bytes.elementsEqual(text.bytes) { return path }
    try write(path, Array(text.bytes))
    return path
  }

  func write(_ path: String, _ bytes: [UInt8]) throws {
    try makeFolders(folder)
    try writeFileAtomically(path, bytes)
  }

  // MARK: Text

  static func text(_ kind: Kind, _ size: Int) -> String {
    var generator = SplitMix64(seed: 0x6d61_7274_6c65_7400)
    switch kind {
    case .chain: return chain(size, &generator)
    case .sums: return sums(size, &generator)
    case .nested: return nested(size)
    case .unregistered: return unregistered(size, &generator)
    case .blocks: return blocks(size, &generator)
    case .denseList: return dense(size, list(size, &generator))
    case .denseHex: return dense(size, hex(size, &generator))
    }
  }

  private static func chain(_ size: Int, _ generator: inout SplitMix64) -> String {
    if size == 0 { return "builtin.module {\n}\n" }
    var text = "builtin.module {\n  func.func @main() -> i32 {\n"
    text += "    %0 = arith.constant \(generator.next(in: 1...1000)) : i32\n"
    var lines = 1
    var last = 0
    while lines + 2 <= size {
      text += "    %\(lines) = arith.constant \(generator.next(in: 1...1000)) : i32\n"
      text += "    %\(lines + 1) = arith.addi %\(lines), %\(last) : i32\n"
      last = lines + 1
      lines += 2
    }
    return text + "    func.return %\(last) : i32\n  }\n}\n"
  }

  private static func sums(_ size: Int, _ generator: inout SplitMix64) -> String {
    var text = "builtin.module {\n  func.func @main(%a: i32, %b: i32) -> i32 {\n"
    text += "    %0 = arith.addi %a, %b : i32\n"
    for i in 1..<max(size, 2) {
      text += "    %\(i) = arith.\(i % 3 == 0 ? "muli" : "addi") %\(i - 1), "
      text += generator.next() & 1 == 0 ? "%a : i32\n" : "%b : i32\n"
    }
    return text + "    func.return %\(max(size, 2) - 1) : i32\n  }\n}\n"
  }

  private static func nested(_ size: Int) -> String {
    var text = "builtin.module {\n"
    for number in 0..<max(size / 28, 1) {
      text += """
          func.func @f\(number)(%A: memref<64x64xf32>, %B: memref<64x64xf32>, %n: index, %c: i1) -> f32 {
            %c0 = arith.constant 0 : index
            %c1 = arith.constant 1 : index
            %one = arith.constant 1 : index
            %offset = arith.constant \(number % 997) : index
            %zero = arith.constant 0.0 : f32
            %sum = scf.for %i = %c0 to %n step %c1 iter_args(%outer = %zero) -> (f32) {
              %row = scf.for %j = %c0 to %n step %one iter_args(%inner = %outer) -> (f32) {
                %x = memref.load %A[%i, %j] : memref<64x64xf32>
                %y = memref.load %B[%i, %j] : memref<64x64xf32>
                %p = arith.mulf %x, %y : f32
                %q = arith.mulf %x, %y : f32
                %ii = arith.addi %i, %c0 : index
                %jj = arith.addi %j, %offset : index
                %less = arith.cmpi slt, %ii, %jj : index
                %s = scf.if %less -> (f32) {
                  %t = arith.addf %inner, %p : f32
                  scf.yield %t : f32
                } else {
                  %t = arith.subf %inner, %q : f32
                  scf.yield %t : f32
                }
                memref.store %s, %A[%ii, %j] : memref<64x64xf32>
                scf.yield %s : f32
              }
              scf.yield %row : f32
            }
            scf.if %c {
              %u = func.call @f\(max(number - 1, 0))(%A, %B, %n, %c)
                  : (memref<64x64xf32>, memref<64x64xf32>, index, i1) -> f32
              memref.store %u, %B[%c0, %c1] : memref<64x64xf32>
            }
            func.return %sum : f32
          }

        """
    }
    return text + "}\n"
  }

  private static func unregistered(_ size: Int, _ generator: inout SplitMix64) -> String {
    let types = ["i32", "i64", "f32", "!stranger.ptr", "!stranger.pair<i32, f64>", "index"]
    let names = ["load", "store", "getelementptr", "call", "icmp", "select", "cast"]
    var kinds: [Int] = []
    var text = "builtin.module {\n"
    for i in 0..<size {
      let kind = generator.next(in: 0...types.count - 1)
      let operands = (0..<generator.next(in: 0...3)).compactMap { _ in
        i == 0 ? nil : generator.next(in: max(0, i - 50)...i - 1)
      }
      text += "  %\(i) = \"stranger.\(names[generator.next(in: 0...names.count - 1)])\"("
      text += operands.map { "%\($0)" }.joined(separator: ", ") + ") "
      if generator.next() & 3 == 0 {
        text += "{alignment = \(1 << generator.next(in: 0...6)) : i64, "
        text += "callee = @f\(generator.next(in: 0...99)), tag = #stranger.tag<\"x\">} "
      }
      text += ": (" + operands.map { types[kinds[$0]] }.joined(separator: ", ")
      text += ") -> \(types[kind])\n"
      kinds.append(kind)
    }
    return text + "}\n"
  }

  private static func blocks(_ size: Int, _ generator: inout SplitMix64) -> String {
    var text = "builtin.module {\n  func.func @main(%c: i1, %x: i32) {\n"
    // Entered by falling in: no block branches to the entry.
    text += "    cf.br ^bb0\n"
    for i in 0..<max(size, 2) {
      // Mostly a little forward, sometimes back to a loop's head.
      let far = min(i + generator.next(in: 1...20), max(size, 2) - 1)
      let back = max(0, i - generator.next(in: 0...30))
      text += "  ^bb\(i):\n    %v\(i) = arith.addi %x, %x : i32\n"
      if i >= max(size, 2) - 1 {
        text += "    func.return\n"
      } else {
        let other = generator.next() & 3 == 0 ? back : far
        text += "    cf.cond_br %c, ^bb\(i + 1), ^bb\(other)\n"
      }
    }
    return text + "  }\n}\n"
  }

  private static func dense(_ side: Int, _ elements: String) -> String {
    let type = "tensor<\(side)x\(side)xf32>"
    return """
      builtin.module {
        func.func @main() -> \(type) {
          %0 = arith.constant dense<\(elements)> : \(type)
          func.return %0 : \(type)
        }
      }

      """
  }

  private static func list(_ side: Int, _ generator: inout SplitMix64) -> String {
    var text = "["
    for row in 0..<side {
      text += row == 0 ? "[" : ", ["
      for column in 0..<side {
        let digits = String(1_000_000 + generator.next(in: 0...999_999))
        if column > 0 { text += ", " }
        text += "\(generator.next(in: 1...9)).\(digits.dropFirst())e-01"
      }
      text += "]"
    }
    return text + "]"
  }

  private static func hex(_ side: Int, _ generator: inout SplitMix64) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes = Array("\"0x".utf8)
    for _ in 0..<side * side {
      // In the range from 1 to 2, least significant byte first.
      let bits = 0x3f80_0000 | UInt32(truncatingIfNeeded: generator.next()) & 0x7f_ffff
      for shift in [4, 0, 12, 8, 20, 16, 28, 24] as [UInt32] {
        bytes.append(digits[Int(bits >> shift & 15)])
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The generator of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014): the same
/// numbers everywhere, which the standard library's own does not promise.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func next(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }
}
