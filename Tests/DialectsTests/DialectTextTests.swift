import Foundation
import Testing

/// The files in Texts are what mlir-opt 22 prints: `name.mlir` in custom, `name.generic.mlir` in generic form.
@Suite struct DialectTextTests {
  static let names = ["functions", "scalar", "scf", "tensor_vector"]

  @Test(arguments: names) func customTextStaysAsItIs(_ name: String) throws {
    let text = try TextSupport.read("\(name).mlir")
    #expect(try TextSupport.roundTrip(text) == text)
  }

  @Test(arguments: names) func genericTextStaysAsItIs(_ name: String) throws {
    let text = try TextSupport.read("\(name).generic.mlir")
    #expect(try TextSupport.roundTrip(text, generic: true) == text)
  }

  @Test(arguments: names) func formsAreTheSameModule(_ name: String) throws {
    let custom = try TextSupport.read("\(name).mlir")
    let generic = try TextSupport.read("\(name).generic.mlir")
    #expect(try TextSupport.roundTrip(custom, generic: true) == generic)
    #expect(try TextSupport.roundTrip(generic) == custom)
  }

  /// Where mlir-opt is installed, it still prints the files so.
  @Test(arguments: names) func filesAreWhatMLIRPrints(_ name: String) throws {
    for (file, flags) in [
      ("\(name).mlir", []), ("\(name).generic.mlir", ["--mlir-print-op-generic"]),
    ] {
      let path = TextSupport.folder.appending(path: file).path()
      guard let data = try TextSupport.run("mlir-opt", flags + [path]) else { return }
      let printed = String(decoding: data, as: UTF8.self)
      #expect(
        printed.trimmingCharacters(in: .newlines)
          == (try TextSupport.read(file)).trimmingCharacters(in: .newlines))
    }
  }

  /// `folding.mlir` canonicalised is `folding.expected.mlir`, as mlir-opt 22 has it.
  @Test func foldingGivesWhatMLIRGives() throws {
    let inputs = try TextSupport.read("folding.mlir").components(separatedBy: "\n// -----\n")
    let expected = try TextSupport.read("folding.expected.mlir")
      .components(separatedBy: "\n// -----\n")
    #expect(inputs.count == expected.count && inputs.count > 100)
    for (input, output) in zip(inputs, expected) {
      let found = try TextSupport.roundTrip(input, canonicalize: true)
      #expect(
        found.trimmingCharacters(in: .newlines) == output.trimmingCharacters(in: .newlines))
    }
  }
}
