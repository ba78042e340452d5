import MartletIR
import MartletSupport

/// Affine maps, integer sets and their expressions.
extension Parser {
  /// Names of dimensions and symbols while a map is read.
  struct AffineNames {
    var dimensions: [String] = []
    var symbols: [String] = []
    /// Where expressions are over SSA values, those met so far.
    var operands: InlineAffineOperands?
  }

  /// The SSA values of an inline map: `%i` is a dimension and `symbol(%n)` a symbol.
  final class InlineAffineOperands {
    var entries: [(reference: OperandReference, expr: AffineExpr)] = []
    var dimensions: [OperandReference] = []
    var symbols: [OperandReference] = []

    /// The expression of a value, the one it had if it was met before.
    func expr(_ reference: OperandReference, isSymbol: Bool, _ context: Context) -> AffineExpr {
      if let known = entries.first(where: {
        $0.reference.name == reference.name && $0.reference.number == reference.number
      }) {
        return known.expr
      }
      let made =
        isSymbol
        ? context.affineSymbol(symbols.count) : context.affineDimension(dimensions.count)
      if isSymbol { symbols.append(reference) } else { dimensions.append(reference) }
      entries.append((reference, made))
      return made
    }
  }

  /// Affine expressions over SSA values and the values in their order, dimensions first.
  public struct InlineAffineMap {
    public let map: AffineMap
    public let operands: [OperandReference]
  }

  /// `[%i + 1, symbol(%n) * 2]`.
  public func parseInlineAffineMap(_ delimiter: Delimiter = .square) throws(Reported)
    -> InlineAffineMap
  {
    let operands = InlineAffineOperands()
    let names = AffineNames(operands: operands)
    let results = try parseList(delimiter) { () throws(Reported) in
      try parseAffineExpr(names)
    }
    return InlineAffineMap(
      map: context.affineMap(
        dimensions: operands.dimensions.count, symbols: operands.symbols.count, results),
      operands: operands.dimensions + operands.symbols)
  }

  /// One expression over SSA values.
  public func parseInlineAffineExpr() throws(Reported) -> InlineAffineMap {
    let operands = InlineAffineOperands()
    let result = try parseAffineExpr(AffineNames(operands: operands))
    return InlineAffineMap(
      map: context.affineMap(
        dimensions: operands.dimensions.count, symbols: operands.symbols.count, [result]),
      operands: operands.dimensions + operands.symbols)
  }

  /// `(d0, d1)[s0] -> (expr, ...)`.
  public func parseAffineMap() throws(Reported) -> AffineMap {
    let names = try parseAffineNames()
    try parse(.arrow)
    let results = try parseList(.paren) { () throws(Reported) in
      try parseAffineExpr(names)
    }
    return context.affineMap(
      dimensions: names.dimensions.count, symbols: names.symbols.count, results)
  }

  /// `(d0, d1)[s0] : (expr == 0, expr >= 0)`.
  public func parseIntegerSet() throws(Reported) -> IntegerSet {
    let names = try parseAffineNames()
    try parse(.colon)
    var constraints: [(expr: AffineExpr, isEquality: Bool)] = []
    try parse(.leftParen)
    if !parseOptional(.rightParen) {
      repeat { constraints.append(try parseConstraint(names)) } while parseOptional(.comma)
      try parse(.rightParen)
    }
    // The set without constraints holds everything.
    if constraints.isEmpty { constraints.append((context.affineConstant(0), true)) }
    return context.integerSet(
      dimensions: names.dimensions.count, symbols: names.symbols.count, constraints)
  }

  private func parseAffineNames() throws(Reported) -> AffineNames {
    var names = AffineNames()
    names.dimensions = try parseList(.paren) { () throws(Reported) in try parseAffineName() }
    names.symbols = try parseList(.optionalSquare) { () throws(Reported) in
      try parseAffineName()
    }
    let all = names.dimensions + names.symbols
    if Set(all).count != all.count { throw error("redefinition of identifier in affine map") }
    return names
  }

  private func parseAffineName() throws(Reported) -> String {
    guard let name = parseOptionalKeyword() else { throw error("expected bare identifier") }
    return name
  }

  private func parseConstraint(_ names: AffineNames) throws(Reported)
    -> (expr: AffineExpr, isEquality: Bool)
  {
    let left = try parseAffineExpr(names)
    let isEquality: Bool
    var isReversed = false
    if parseOptional(.equal) {
      try parse(.equal)
      isEquality = true
    } else if parseOptional(.greater) {
      try parse(.equal)
      isEquality = false
    } else if parseOptional(.less) {
      try parse(.equal)
      isEquality = false
      isReversed = true
    } else {
      throw error("expected '== affine-expr' or '>= affine-expr' at end of affine constraint")
    }
    let right = try parseAffineExpr(names)
    if right.constantValue == 0, !isReversed { return (left, isEquality) }
    if isReversed { return (right + left * -1, isEquality) }
    return (left + right * -1, isEquality)
  }

  /// An expression over dimensions and symbols of the given names.
  public func parseAffineExpr(dimensions: [String], symbols: [String] = []) throws(Reported)
    -> AffineExpr
  {
    try parseAffineExpr(AffineNames(dimensions: dimensions, symbols: symbols))
  }

  /// Sums of products, with the precedence of MLIR: `*`, `floordiv`, `ceildiv` and `mod` bind tighter.
  func parseAffineExpr(_ names: AffineNames) throws(Reported) -> AffineExpr {
    try nested { () throws(Reported) in
      var left = try parseAffineTerm(names)
      while true {
        if parseOptional(.plus) {
          left = left + (try parseAffineTerm(names))
        } else if parseOptional(.minus) {
          left = left + (try parseAffineTerm(names)) * -1
        } else {
          return left
        }
      }
    }
  }

  private func parseAffineTerm(_ names: AffineNames) throws(Reported) -> AffineExpr {
    var left = try parseAffineOperand(names)
    while true {
      let start = offset
      let kind: AffineExpr.Kind
      if isAt(.star) {
        kind = .mul
      } else if isAtKeyword("floordiv") {
        kind = .floorDiv
      } else if isAtKeyword("ceildiv") {
        kind = .ceilDiv
      } else if isAtKeyword("mod") {
        kind = .mod
      } else {
        return left
      }
      advance()
      let right = try parseAffineOperand(names)
      if kind == .mul {
        guard left.isSymbolicOrConstant || right.isSymbolicOrConstant else {
          throw error(
            "non-affine expression: at least one of the multiply operands has to be either a constant or symbolic",
            at: start)
        }
      } else {
        guard right.isSymbolicOrConstant else {
          throw error(
            "non-affine expression: right operand of \(kind == .mod ? "mod" : kind == .floorDiv ? "floordiv" : "ceildiv") has to be either a constant or symbolic",
            at: start)
        }
      }
      left = context.affineBinary(kind, left, right)
    }
  }

  private func parseAffineOperand(_ names: AffineNames) throws(Reported) -> AffineExpr {
    switch token.kind {
    case .integer:
      return context.affineConstant(try parseInteger())
    case .minus:
      advance()
      return try nested { () throws(Reported) in try parseAffineOperand(names) * -1 }
    case .leftParen:
      advance()
      let inner = try parseAffineExpr(names)
      try parse(.rightParen)
      return inner
    case .percentIdentifier:
      guard let operands = names.operands else { throw error("expected affine expression") }
      return operands.expr(try parseOperand(), isSymbol: false, context)
    case .bareIdentifier:
      let name = text(token)
      if let operands = names.operands, name == "symbol" {
        advance()
        try parse(.leftParen)
        let reference = try parseOperand()
        try parse(.rightParen)
        return operands.expr(reference, isSymbol: true, context)
      }
      if let i = names.dimensions.firstIndex(of: name) {
        advance()
        return context.affineDimension(i)
      }
      if let i = names.symbols.firstIndex(of: name) {
        advance()
        return context.affineSymbol(i)
      }
      if name == "symbol" { throw error("symbol() is allowed only in inline affine operands") }
      throw error("use of undeclared identifier")
    default:
      throw error("expected affine expression")
    }
  }
}
