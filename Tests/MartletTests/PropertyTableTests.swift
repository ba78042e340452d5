import Foundation
import Martlet
import MartletIR
import MartletSyntax
import Testing

@testable import MartletSyntax

/// Bytecode keeps properties by their order, so that declarations must name the same ones as MLIR's do.
/// `properties.txt` is made from MLIR's headers by Scripts/make_property_table.py.
@Suite struct PropertyTableTests {
  @Test func declarationsHaveMLIRsProperties() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "properties.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count > 500)
    let context = Registration.makeContext()
    var checked = 0
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let name = context.operationName(words[0])
      guard name.isRegistered else { continue }
      checked += 1
      let expected = words.dropFirst().joined(separator: " ")
      #expect(properties(name) == expected, "\(words[0])")
    }
    #expect(checked > 200)
  }

  /// Operations that MLIR keeps no properties of have none here either.
  @Test func othersHaveNone() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "properties.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let known = Set(lines.map { String($0.prefix { $0 != " " }) })
    let dialects = Set(known.map { String($0.prefix { $0 != "." }) })
    let context = Registration.makeContext()
    for dialect in dialects.sorted() {
      for definition in context.dialect(dialect)?.operations ?? []
      where !known.contains(definition.name) {
        #expect(definition.attributes.isEmpty, "\(definition.name)")
      }
    }
  }

  private func properties(_ name: OperationName) -> String {
    let record = BytecodeName(name)
    let attributes = name.definition?.attributes ?? []
    return record.slots.map { slot in
      let mark =
        switch slot.kind {
        case .attribute: ""
        case .optionalAttribute: "?"
        case .integer: "#"
        case .flag: "*"
        case .segments: "[]"
        }
      return attributes[slot.index].name + mark
    }.joined(separator: " ")
  }
}
