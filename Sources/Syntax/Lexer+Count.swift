import MartletSupport

extension SourceFile {
  /// How many tokens the text has, up to its end or to the first that is none. For measuring the lexer
  /// by itself, which nothing else has a use for.
  public var tokenCount: Int {
    var lexer = Lexer(bytes)
    var count = 0
    while true {
      let token = lexer.next()
      if token.kind == .end || token.kind == .error { return count }
      count += 1
    }
  }
}
