import Foundation
import Martlet
import MartletSupport
import Testing

/// What one run of a tool gave.
struct ToolRun {
  var status: ToolStatus
  var out: String
  var messages: String

  /// Runs `martlet opt` in this process.
  static func opt(_ arguments: String...) -> ToolRun { run(OptTool.run, arguments) }

  static func run(_ tool: ([String], ToolStreams) -> ToolStatus, _ arguments: [String]) -> ToolRun {
    var out: [UInt8] = []
    var messages = ""
    let streams = ToolStreams(
      out: { out.append(contentsOf: $0) }, error: { messages += $0 })
    let status = tool(arguments, streams)
    return ToolRun(status: status, out: String(decoding: out, as: UTF8.self), messages: messages)
  }

  /// Expects a diagnosed error: status 1, `text` among the messages, nothing on standard output.
  func expectFailure(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == .failure, "\(messages)", sourceLocation: sourceLocation)
    #expect(out.isEmpty, sourceLocation: sourceLocation)
    #expect(messages.contains("error: "), sourceLocation: sourceLocation)
    #expect(
      messages.contains(text), "no '\(text)' in: \(messages.prefix(2000))",
      sourceLocation: sourceLocation)
  }
}

/// The package's root folder.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

/// A folder for one test, removed with the value.
final class ScratchFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "martlet-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
