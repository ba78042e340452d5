import Foundation
import Martlet
import MartletDialectLoading
import Testing

/// The commands of Docs/LoadADialect.md print what the page says.
@Suite struct LoadADialectTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Docs/LoadADialect.md")

  /// The fenced blocks: the words behind the fence, and the text.
  private static func blocks() throws -> [(info: [String], text: String)] {
    var blocks: [(info: [String], text: String)] = []
    var open: (info: [String], text: String)?
    for line in try String(contentsOf: page, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = (line.dropFirst(3).split(separator: " ").map(String.init), "")
        }
      } else {
        open?.text += line + "\n"
      }
    }
    return blocks
  }

  @Test func commandsPrintWhatThePageSays() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "martlet-load-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let blocks = try Self.blocks()
    let names = blocks.compactMap {
      $0.info.count > 1 && $0.info[0] != "console" ? $0.info[1] : nil
    }
    let hasTool = (try? TableGenTool.find())?.includeDirectory != nil
    var commands = 0
    for block in blocks {
      if block.info.first == "console" {
        commands += 1
        if block.info.contains("needs-tablegen"), !hasTool { continue }
        let lines = block.text.split(separator: "\n", maxSplits: 1).map(String.init)
        var words = lines[0].split(separator: " ").map(String.init)
        #expect(Array(words.prefix(3)) == ["$", "martlet", "opt"])
        for i in words.indices {
          for name in names where words[i].hasSuffix(name) {
            let path = folder.appending(path: name).path(percentEncoded: false)
            words[i] = words[i].dropLast(name.count) + path
          }
        }
        var printed: [UInt8] = []
        var messages = ""
        let streams = ToolStreams(
          out: { printed.append(contentsOf: $0) }, error: { messages += $0 })
        _ = OptTool.run(Array(words.dropFirst(3)), streams)
        let found = (String(decoding: printed, as: UTF8.self) + messages)
          .replacingOccurrences(of: folder.path(percentEncoded: false) + "/", with: "")
          .replacingOccurrences(of: folder.path(percentEncoded: false), with: "")
        #expect(
          found.trimmingCharacters(in: .newlines)
            == (lines.count > 1 ? lines[1].trimmingCharacters(in: .newlines) : ""))
      } else if block.info.count > 1 {
        try block.text.write(
          to: folder.appending(path: block.info[1]), atomically: true, encoding: .utf8)
      }
    }
    #expect(commands == 3)
  }
}
