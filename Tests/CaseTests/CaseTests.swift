import Foundation
import Martlet
import MartletSupport
import Testing

/// Every `.mlir` file below Tests/Cases is a test: its `// RUN:` lines are run in this process.
@Suite struct CaseTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Cases")

  static let cases: [String] = {
    guard let all = FileManager.default.enumerator(atPath: folder.path()) else { return [] }
    return all.compactMap { $0 as? String }.filter { $0.hasSuffix(".mlir") }.sorted()
  }()

  @Test(arguments: cases) func runs(_ name: String) throws {
    let path = CaseTests.folder.appending(path: name).path()
    let source = try String(contentsOfFile: path, encoding: .utf8)
    let lines = source.split(separator: "\n").compactMap { line -> String? in
      guard let range = line.firstRange(of: "RUN:") else { return nil }
      return String(line[range.upperBound...])
    }
    #expect(!lines.isEmpty, "\(name) has no RUN line")
    for line in lines { try CaseRunner(path: path, source: source).run(line) }
  }

  @Test func thereAreCases() { #expect(CaseTests.cases.count > 10) }
}

/// Runs one RUN line: `[not] martlet TOOL ... [2>&1] [| FileCheck %s [--check-prefix=P]]`.
struct CaseRunner {
  let path: String
  let source: String

  func run(_ line: String) throws {
    let stages = line.split(separator: "|").map { words(String($0)) }
    guard var command = stages.first else { return }
    let expectsFailure = command.first == "not"
    if expectsFailure { command.removeFirst() }
    let joins = command.contains("2>&1")
    command.removeAll { $0 == "2>&1" }
    try #require(command.count >= 2 && command[0] == "martlet", "unknown command: \(line)")
    var output: [UInt8] = []
    var messages = ""
    let streams = ToolStreams(
      out: { output.append(contentsOf: $0) },
      error: {
        messages += $0
        if joins { output.append(contentsOf: $0.utf8) }
      })
    let status = try runTool(command[1], Array(command.dropFirst(2)), streams)
    #expect(
      (status != .success) == expectsFailure,
      "\(line) ended with \(status)\n\(messages)")
    guard stages.count > 1 else { return }
    let check = stages[1]
    try #require(check.first == "FileCheck", "unknown command: \(check)")
    var prefixes = ["CHECK"]
    for word in check {
      for option in ["--check-prefix=", "--check-prefixes=", "-check-prefix=", "-check-prefixes="]
      where word.hasPrefix(option) {
        prefixes = word.dropFirst(option.count).split(separator: ",").map(String.init)
      }
    }
    do {
      try FileCheck(source, prefixes: prefixes).check(String(decoding: output, as: UTF8.self))
    } catch let failure as FileCheck.Failure {
      Issue.record("\(path): \(failure)\n\(messages)")
    }
  }

  private func runTool(_ tool: String, _ arguments: [String], _ streams: ToolStreams) throws
    -> ToolStatus
  {
    MartletTool.run([tool] + arguments, streams)
  }

  /// Words as a shell splits them, with `%s` and `%S` replaced.
  private func words(_ text: String) -> [String] {
    var words: [String] = []
    var current = ""
    var quote: Character?
    var isOpen = false
    for c in text {
      if let q = quote {
        if c == q { quote = nil } else { current.append(c) }
      } else if c == "'" || c == "\"" {
        quote = c
        isOpen = true
      } else if c == " " || c == "\t" || c == "\r" {
        if isOpen || !current.isEmpty { words.append(current) }
        current = ""
        isOpen = false
      } else {
        current.append(c)
      }
    }
    if isOpen || !current.isEmpty { words.append(current) }
    return words.map {
      $0.replacingOccurrences(of: "%s", with: path).replacingOccurrences(
        of: "%S", with: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    }
  }
}
