import MartletIR

extension ScalarKernels {
  /// arith's integer operations: results wrap at the width.
  static func addIntegerKernels(_ table: inout [String: Maker]) {
    wrapping("arith.addi", &table) { $0 &+ $1 }
    wrapping("arith.subi", &table) { $0 &- $1 }
    wrapping("arith.muli", &table) { $0 &* $1 }
    // Registers are sign-extended, so these need no reduction.
    plain("arith.andi", &table) { $0 & $1 }
    plain("arith.ori", &table) { $0 | $1 }
    plain("arith.xori", &table) { $0 ^ $1 }
    plain("arith.maxsi", &table) { signed($0) >= signed($1) ? $0 : $1 }
    plain("arith.minsi", &table) { signed($0) <= signed($1) ? $0 : $1 }
    // Sign extension keeps the unsigned order too.
    plain("arith.maxui", &table) { $0 >= $1 ? $0 : $1 }
    plain("arith.minui", &table) { $0 <= $1 ? $0 : $1 }
    addDivisions(&table)
    addShifts(&table)
    table["arith.cmpi"] = { request in
      request.width == nil ? nil : request.attribute("predicate")?.integerValue.flatMap(comparison)
    }
    table["arith.select"] = { _ in .ternary { $0 != 0 ? $1 : $2 } }
  }

  /// `arith.cmpi` with predicate number `predicate`.
  static func comparison(_ predicate: Int64) -> ScalarKernel? {
    switch predicate {
    case 0: .binary { flag($0 == $1) }
    case 1: .binary { flag($0 != $1) }
    case 2: .binary { flag(signed($0) < signed($1)) }
    case 3: .binary { flag(signed($0) <= signed($1)) }
    case 4: .binary { flag(signed($0) > signed($1)) }
    case 5: .binary { flag(signed($0) >= signed($1)) }
    case 6: .binary { flag($0 < $1) }
    case 7: .binary { flag($0 <= $1) }
    case 8: .binary { flag($0 > $1) }
    case 9: .binary { flag($0 >= $1) }
    default: nil
    }
  }

  private static func plain(
    _ name: String, _ table: inout [String: Maker],
    _ f: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) {
    table[name] = { $0.width == nil ? nil : .binary(f) }
  }

  private static func wrapping(
    _ name: String, _ table: inout [String: Maker],
    _ f: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) {
    table[name] = { request in
      guard let width = request.width else { return nil }
      return width == 64 ? .binary(f) : .binary { extended(f($0, $1), width) }
    }
  }

  private static func addDivisions(_ table: inout [String: Maker]) {
    signedDivision("arith.divsi", &table) { $0 / $1 }
    signedDivision("arith.floordivsi", &table) { a, b in
      let quotient = a / b
      return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
    }
    signedDivision("arith.ceildivsi", &table) { a, b in
      let quotient = a / b
      return a % b != 0 && (a < 0) == (b < 0) ? quotient + 1 : quotient
    }
    // The remainder of the lowest number by -1 is 0, though the quotient overflows.
    table["arith.remsi"] = { request in
      guard request.width != nil else { return nil }
      return .checkedBinary(
        { a, b in
          if b == 0 { return nil }
          return signed(b) == -1 ? 0 : UInt64(bitPattern: signed(a) % signed(b))
        }, { _, _ in divisionByZero })
    }
    unsignedDivision("arith.divui", &table) { $0 / $1 }
    unsignedDivision("arith.remui", &table) { $0 % $1 }
    unsignedDivision("arith.ceildivui", &table) { $0 / $1 + ($0 % $1 == 0 ? 0 : 1) }
  }

  static let divisionByZero = "division by zero"

  private static func signedDivision(
    _ name: String, _ table: inout [String: Maker],
    _ f: @escaping @Sendable (Int64, Int64) -> Int64
  ) {
    table[name] = { request in
      guard let width = request.width else { return nil }
      let lowest = Int64.min >> Int64(64 - width)
      return .checkedBinary(
        { a, b in
          if b == 0 || (signed(b) == -1 && signed(a) == lowest) { return nil }
          return UInt64(bitPattern: f(signed(a), signed(b)))
        }, { _, b in b == 0 ? divisionByZero : "signed division overflows" })
    }
  }

  private static func unsignedDivision(
    _ name: String, _ table: inout [String: Maker],
    _ f: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) {
    table[name] = { request in
      guard let width = request.width else { return nil }
      return .checkedBinary(
        { a, b in
          if b == 0 { return nil }
          return extended(f(unsigned(a, width), unsigned(b, width)), width)
        }, { _, _ in divisionByZero })
    }
  }

  private static func addShifts(_ table: inout [String: Maker]) {
    shift("arith.shli", &table) { a, count, width in extended(a &<< count, width) }
    shift("arith.shrsi", &table) { a, count, _ in
      UInt64(bitPattern: signed(a) &>> Int64(bitPattern: count))
    }
    shift("arith.shrui", &table) { a, count, width in
      extended(unsigned(a, width) &>> count, width)
    }
  }

  private static func shift(
    _ name: String, _ table: inout [String: Maker],
    _ f: @escaping @Sendable (UInt64, UInt64, Int) -> UInt64
  ) {
    table[name] = { request in
      guard let width = request.width else { return nil }
      return .checkedBinary(
        { a, b in
          let count = unsigned(b, width)
          return count >= UInt64(width) ? nil : f(a, count, width)
        },
        { _, b in
          "shift by \(unsigned(b, width)) is not less than the width of \(width) bits"
        })
    }
  }
}
