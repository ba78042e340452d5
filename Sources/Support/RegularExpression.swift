import Glibc

/// A POSIX extended regular expression, as LLVM's tools read them.
public final class RegularExpression {
  /// Why an expression cannot be used.
  public struct Invalid: Error, Sendable { public let reason: String }

  private var compiled = regex_t()

  public init(_ pattern: String) throws(Invalid) {
    if pattern.utf8.contains(0) { throw Invalid(reason: "null character") }
    let status = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB)
    if status == 0 { return }
    var buffer = [CChar](repeating: 0, count: 256)
    regerror(status, &compiled, &buffer, buffer.count)
    let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    throw Invalid(reason: String(decoding: text, as: UTF8.self))
  }

  /// Plain text with expressions in double braces.
  public convenience init(mixed text: String) throws(Invalid) {
    var pattern = ""
    var rest = text[...]
    while let open = rest.utf8Range(of: "{{") {
      pattern += RegularExpression.escaped(rest[..<open.lowerBound])
      rest = rest[open.upperBound...]
      guard let close = rest.utf8Range(of: "}}") else {
        throw Invalid(reason: "found start of regex with no end '}}'")
      }
      pattern += "(\(rest[..<close.lowerBound]))"
      rest = rest[close.upperBound...]
    }
    try self.init(pattern + RegularExpression.escaped(rest))
  }

  /// The deinitialiser runs for a failed initialisation too; `regfree` takes an unset one.
  deinit { regfree(&compiled) }

  /// Whether the expression matches somewhere in `text`.
  public func matches(_ text: String) -> Bool { regexec(&compiled, text, 0, nil, 0) == 0 }

  private static func escaped(_ text: Substring) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if "()^$|*+?.[]\\{}".unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}

extension Substring {
  /// The first place of an ASCII text.
  fileprivate func utf8Range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].utf8.starts(with: text.utf8) {
        return start..<utf8.index(start, offsetBy: text.utf8.count)
      }
      start = utf8.index(after: start)
    }
    return nil
  }
}
