import MartletIR
import MartletSupport

extension Parser {
  /// `loc(...)` behind an operation, which replaces the place in this text.
  func parseTrailingLocation(_ operation: Operation) throws(Reported) {
    guard token.kind == .bareIdentifier, tokenIs("loc") else { return }
    let start = token.start
    advance()
    try parse(.leftParen)
    // An alias may be defined further down.
    if token.kind == .hashIdentifier {
      let name = String(decoding: bytes(token.start + 1, token.end), as: UTF8.self)
      if !name.contains("."), attributeAliases[name] == nil {
        advance()
        try parse(.rightParen)
        deferredLocations.append((operation, name, start))
        return
      }
    }
    operation.location = try parseLocationInstance()
    try parse(.rightParen)
  }

  /// `loc(...)` behind a block argument; nil too where its alias is defined further down.
  public func parseArgumentLocation() throws(Reported) -> Location? {
    guard token.kind == .bareIdentifier, tokenIs("loc") else { return nil }
    let start = token.start
    advance()
    try parse(.leftParen)
    var location: Location?
    let name =
      token.kind == .hashIdentifier
      ? String(decoding: bytes(token.start + 1, token.end), as: UTF8.self) : "."
    if !name.contains("."), attributeAliases[name] == nil {
      advance()
      deferredArgumentLocations.append((name, start))
    } else {
      location = try parseLocationInstance()
    }
    try parse(.rightParen)
    return location
  }

  func resolveDeferredLocations() throws(Reported) {
    for (operation, alias, offset) in deferredLocations {
      guard let attribute = attributeAliases[alias] else {
        throw error("operation location alias was never defined", at: offset)
      }
      guard attribute.isLocation else {
        throw error("expected location, but found '\(attribute)'", at: offset)
      }
      operation.location = attribute.asLocation
    }
    for (alias, offset) in deferredArgumentLocations where attributeAliases[alias] == nil {
      throw error("operation location alias was never defined", at: offset)
    }
  }

  public func parseOptionalLocation() throws(Reported) -> Location? {
    guard token.kind == .bareIdentifier, tokenIs("loc") else { return nil }
    advance()
    try parse(.leftParen)
    let location = try parseLocationInstance()
    try parse(.rightParen)
    return location
  }

  func parseLocationInstance() throws(Reported) -> Location {
    try nested { () throws(Reported) in
      switch token.kind {
      case .hashIdentifier:
        let start = token.start
        let attribute = try parseAttribute()
        guard attribute.isLocation else {
          throw error("expected location attribute", at: start)
        }
        return attribute.asLocation
      case .string: return try parseNameOrFileLocation()
      case .bareIdentifier:
        if parseOptionalKeyword("unknown") { return context.unknownLocation }
        if parseOptionalKeyword("callsite") { return try parseCallSite() }
        if parseOptionalKeyword("fused") { return try parseFused() }
        throw error("expected location instance")
      default: throw error("expected location instance")
      }
    }
  }

  private func parseNameOrFileLocation() throws(Reported) -> Location {
    let name = try parseString()
    guard parseOptional(.colon) else {
      guard parseOptional(.leftParen) else { return context.nameLocation(name) }
      let child = try parseLocationInstance()
      try parse(.rightParen)
      return context.nameLocation(name, child: child)
    }
    let line = try parsePlace("line")
    guard parseOptional(.colon) else {
      return context.fileLocation(name, line: line, column: 0)
    }
    let column = try parsePlace("column")
    guard parseOptionalKeyword("to") else {
      return context.fileLocation(name, line: line, column: column)
    }
    let endLine = token.kind == .integer ? try parsePlace("line") : nil
    try parse(.colon)
    return context.fileLocation(
      name, line: line, column: column, endLine: endLine ?? line,
      endColumn: try parsePlace("column"))
  }

  private func parsePlace(_ what: String) throws(Reported) -> Int {
    guard token.kind == .integer, let value = unsignedValue(token), value <= UInt64(UInt32.max)
    else { throw error("expected integer \(what) number in FileLineColRange") }
    advance()
    return Int(value)
  }

  private func parseCallSite() throws(Reported) -> Location {
    try parse(.leftParen)
    let callee = try parseLocationInstance()
    try parseKeyword("at")
    let caller = try parseLocationInstance()
    try parse(.rightParen)
    return context.callSiteLocation(callee: callee, caller: caller)
  }

  private func parseFused() throws(Reported) -> Location {
    var metadata: Attribute?
    if parseOptional(.less) {
      metadata = try parseAttribute()
      try parse(.greater)
    }
    let parts = try parseList(.square) { () throws(Reported) in try parseLocationInstance() }
    return context.fusedLocation(parts, metadata: metadata)
  }
}
