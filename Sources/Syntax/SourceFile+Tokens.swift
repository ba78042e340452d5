import MartletSupport

extension SourceFile {
  /// The number of tokens in the text: the work of the lexer alone, for reports of where parsing's time goes.
  public var tokenCount: Int {
    withExtendedLifetime(self) {
      var lexer = Lexer(bytes)
      var count = 0
      while true {
        let kind = lexer.next().kind
        if kind == .end || kind == .error { return count }
        count += 1
      }
    }
  }
}
