import Foundation
import Martlet
import Testing

/// The pages of Docs/ are kept true: their code is that of files that are compiled and tested here.
@Suite struct DocsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

  private static func read(_ path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  /// A block between fences: what stands after the opening fence, and the text.
  private struct CodeBlock {
    var info: String
    var text: String
  }

  private static func blocks(of page: String) -> [CodeBlock] {
    var blocks: [CodeBlock] = []
    var open: CodeBlock?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = CodeBlock(info: String(line.dropFirst(3)), text: "")
        }
      } else {
        open?.text += line + "\n"
      }
    }
    return blocks
  }

  /// Each Swift block names the file it is: ```` ```swift Bits.swift ````.
  @Test(arguments: ["AddADialect.md", "AddAnOp.md", "AddAPass.md"])
  func codeIsThatOfTheFollowedFiles(_ page: String) throws {
    let blocks = Self.blocks(of: try Self.read("Docs/\(page)")).filter {
      $0.info.hasPrefix("swift")
    }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let words = block.info.split(separator: " ")
      try #require(words.count == 2, "a Swift block of \(page) names no file")
      let source = try Self.read("Tests/DocsTests/Follow/\(words[1])")
      if words[1] == "BitsTests.swift" {
        #expect(source.contains(block.text), "\(page): not part of \(words[1])")
      } else {
        #expect(block.text == source, "\(page): differs from \(words[1])")
      }
    }
  }

  /// Before and after of each pass page are what the pass does.
  @Test func passPagesShowWhatPassesDo() throws {
    let folder = "\(Self.root)/Docs/passes"
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(pages.count > 3)
    for page in pages {
      var before: String?
      var options: [String] = []
      for block in Self.blocks(of: try Self.read("Docs/passes/\(page)")) {
        let words = block.info.split(separator: " ").map(String.init)
        guard words.first == "mlir" else { continue }
        if words.dropFirst().first == "before" {
          before = block.text
          options = Array(words.dropFirst(2))
          continue
        }
        let input = try #require(before, "\(page): no block before")
        // Pages are filled without the blanks that MLIR leaves at the ends of some lines.
        let found = try opt(input, options, page).split(
          separator: "\n", omittingEmptySubsequences: false
        ).map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
        #expect(found == block.text.trimmingCharacters(in: .newlines), "\(page)")
      }
    }
  }

  /// Every pass has a page.
  @Test func everyPassHasItsPage() {
    for pass in Registration.passes.passes {
      let page = "\(Self.root)/Docs/passes/\(pass.argument).md"
      #expect(FileManager.default.fileExists(atPath: page), "no page for \(pass.argument)")
    }
  }

  /// Relative links lead to files.
  @Test func linksLeadSomewhere() throws {
    let pages =
      (FileManager.default.enumerator(atPath: "\(Self.root)/Docs")?.compactMap { $0 as? String }
      ?? []).filter { $0.hasSuffix(".md") }.map { "Docs/\($0)" } + ["README.md"]
    let link = /\]\(([^)#:]+)(#[^)]*)?\)/
    for page in pages.sorted() {
      let folder = URL(filePath: "\(Self.root)/\(page)").deletingLastPathComponent()
      for match in try Self.read(page).matches(of: link) {
        let target = folder.appending(path: String(match.1)).path(percentEncoded: false)
        #expect(FileManager.default.fileExists(atPath: target), "\(page): \(match.1)")
      }
    }
  }

  private func opt(_ text: String, _ options: [String], _ page: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "martlet-docs-\(UUID().uuidString).mlir")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    var out: [UInt8] = []
    var messages = ""
    let streams = ToolStreams(
      out: { out.append(contentsOf: $0) }, error: { messages += $0 })
    let status = OptTool.run([file.path(percentEncoded: false)] + options, streams)
    #expect(status == .success, "\(page): \(messages)")
    return String(decoding: out, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
