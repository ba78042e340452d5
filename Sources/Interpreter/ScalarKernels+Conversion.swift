import MartletIR

extension ScalarKernels {
  static func addConversionKernels(_ table: inout [String: Maker]) {
    let same: Maker = { request in
      request.width == nil || request.result.isFloat ? nil : .unary { $0 }
    }
    table["arith.extsi"] = same
    table["arith.extui"] = { request in
      guard let width = request.width, !request.result.isFloat else { return nil }
      let result = request.result.width
      return .unary { extended(unsigned($0, width), result) }
    }
    table["arith.trunci"] = { request in
      guard request.width != nil, !request.result.isFloat else { return nil }
      let result = request.result.width
      return .unary { extended($0, result) }
    }
    // Sign-extends or truncates: a register already is sign-extended.
    table["arith.index_cast"] = table["arith.trunci"]
    table["arith.index_castui"] = table["arith.extui"]
    table["arith.bitcast"] = { request in
      guard let from = request.operands.first, from.width == request.result.width else {
        return nil
      }
      let format = request.result
      return .unary { format.canonical($0) }
    }
    for name in ["arith.scaling_extf", "arith.scaling_truncf"] {
      table[name] = { request in scaling(name, request) }
    }
    for name in ["arith.extf", "arith.truncf", "arith.convertf"] {
      table[name] = { request in
        if request.attribute("roundingmode") != nil { return conversion(request) }
        guard let from = request.floatKind, case .float(let to) = request.result else {
          return nil
        }
        return .unary { FloatCoding.encode(FloatCoding.decode($0, from), to) }
      }
    }
    addIntegerFloatConversions(&table)
  }

  private static func addIntegerFloatConversions(_ table: inout [String: Maker]) {
    table["arith.sitofp"] = { request in
      guard request.width != nil, case .float(let kind) = request.result else { return nil }
      return kind == .f32
        ? .unary { UInt64(Float(signed($0)).bitPattern) }
        : .unary { FloatCoding.encode(narrowed(signed($0), kind), kind) }
    }
    table["arith.uitofp"] = { request in
      guard let width = request.width, case .float(let kind) = request.result else { return nil }
      return kind == .f32
        ? .unary { UInt64(Float(unsigned($0, width)).bitPattern) }
        : .unary { FloatCoding.encode(narrowed(unsigned($0, width), kind), kind) }
    }
    table["arith.fptosi"] = { request in
      guard let kind = request.floatKind, !request.result.isFloat else { return nil }
      let width = request.result.width
      let lowest = Int64.min >> Int64(64 - width)
      return .checkedUnary(
        {
          let value = FloatCoding.decode($0, kind).rounded(.towardZero)
          guard let whole = Int64(exactly: value), whole >= lowest, whole <= ~lowest else {
            return nil
          }
          return UInt64(bitPattern: whole)
        }, { "\(FloatCoding.decode($0, kind)) does not fit in a signed integer of \(width) bits" })
    }
    table["arith.fptoui"] = { request in
      guard let kind = request.floatKind, !request.result.isFloat else { return nil }
      let width = request.result.width
      return .checkedUnary(
        {
          let value = FloatCoding.decode($0, kind).rounded(.towardZero)
          guard let whole = UInt64(exactly: value), whole == unsigned(whole, width) else {
            return nil
          }
          return extended(whole, width)
        },
        { "\(FloatCoding.decode($0, kind)) does not fit in an unsigned integer of \(width) bits" })
    }
  }

  /// The double to round to a format: exact or nearest for f64; for narrower formats an inexact double
  /// gets an odd last bit, so that rounding a second time is right.
  private static func narrowed<I: FixedWidthInteger>(_ value: I, _ kind: FloatKind) -> Double {
    let nearest = Double(value)
    if kind == .f64 || value.magnitude <= 1 << 53 || nearest.bitPattern & 1 == 1 { return nearest }
    guard let back = I(exactly: nearest) else { return nearest.nextDown }
    if back == value { return nearest }
    return back > value ? nearest.nextDown : nearest.nextUp
  }
}
