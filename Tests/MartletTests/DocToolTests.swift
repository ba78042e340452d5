import Foundation
import MartletIR
import Testing

@testable import Martlet

/// `martlet doc`: every declaration has a page that tells what it declares.
@Suite struct DocToolTests {
  private func doc(_ arguments: String...) -> ToolRun { ToolRun.run(DocTool.run, arguments) }

  @Test func tellsOfAnOperation() {
    let page = doc("scf.for").out
    #expect(page.hasPrefix("# scf.for\n"))
    for row in [
      "| `lowerBound` | signless integer or index | one |",
      "| `initArgs` | any type | any number |",
      "| `unsignedCmp` | unit attribute | nothing |", "| `region` | one block |",
      "- `scf.yield` ends its blocks where the text leaves it out.",
      "- It executes its region repeatedly.",
    ] { #expect(page.contains(row), "\(row) in \(page)") }
    let add = doc("arith.addi").out
    #expect(add.contains("arith.addi $lhs `,` $rhs"))
    #expect(add.contains("- Its operands may be swapped."))
    #expect(
      add.contains("| `overflowFlags` | Integer overflow arith flags | `#arith.overflow<none>` |"))
    #expect(doc("scf.yield").out.contains("[`scf.while`](scf.while.md)"))
  }

  @Test func tellsOfAPass() {
    let page = doc("canonicalize").out
    #expect(page == doc("--", "--canonicalize").out)
    #expect(page.contains("| `max-iterations` | an integer | `10` |"))
    #expect(page.contains("one of disabled, normal, aggressive | `normal`"))
    #expect(page.contains("`num-folded`"))
  }

  @Test func tellsOfADialectAndItsTypes() {
    let page = doc("llvm").out
    #expect(page.contains("[`llvm.add`](../ops/llvm.add.md)"))
    #expect(page.contains("`!llvm.ptr`"))
    #expect(doc("llvm.ptr").out == doc("!llvm.ptr").out)
    #expect(doc("scf", "cse").out.contains("# cse"))
  }

  @Test func everythingListedHasAPage() {
    let reference = Reference()
    let listed = doc("--list").out.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    #expect(listed == reference.topics.map(\.name))
    #expect(listed.count > 300)
    for topic in reference.topics {
      let page = reference.page(topic).text
      #expect(page.hasPrefix("# ") && page.hasSuffix("\n"), "\(topic.name)")
      guard case .operation(let definition) = topic else { continue }
      // Every declared part is on it.
      let parts =
        definition.operands.map(\.name) + definition.results.map(\.name)
        + definition.attributes.map(\.name) + definition.regions.map(\.name)
        + definition.successors.map(\.name)
      for part in parts { #expect(page.contains("| `\(part)` |"), "\(topic.name): \(part)") }
    }
  }

  @Test func everyTraitHasAMeaning() {
    let described = OpTraits.described.map(\.trait.rawValue)
    #expect(Set(described).count == described.count)
    var used: UInt64 = 0
    for dialect in Reference().dialects {
      for operation in dialect.operations { used |= operation.traits.rawValue }
    }
    #expect(used & ~described.reduce(0, |) == 0)
  }

  @Test func writesAllPages() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/reference"
    #expect(doc("--all", folder).status == .success)
    let index = try String(contentsOfFile: folder + "/index.md", encoding: .utf8)
    // Every link leads to a page.
    for match in index.matches(of: /\]\(([^)]+)\)/) {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(match.1)"))
    }
    #expect(index.contains("(dialects/scf.md)") && index.contains("(passes/cse.md)"))
    for page in try FileManager.default.contentsOfDirectory(atPath: folder + "/dialects") {
      let text = try String(contentsOfFile: "\(folder)/dialects/\(page)", encoding: .utf8)
      for match in text.matches(of: /\]\(([^)]+)\)/) {
        #expect(
          FileManager.default.fileExists(atPath: "\(folder)/dialects/\(match.1)"), "\(match.1)")
      }
    }
  }

  @Test func tellsUsageAndErrors() {
    #expect(doc().status == .usage)
    #expect(doc("--nope").status == .usage)
    let unknown = doc("scf.fro")
    #expect(unknown.status == .failure)
    #expect(unknown.messages.contains("did you mean 'scf.for'?"))
    #expect(doc("--all", "/no/such/place").status == .failure)
  }
}
