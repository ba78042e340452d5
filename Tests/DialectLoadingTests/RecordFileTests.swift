import Foundation
import MartletDialectLoading
import MartletRuntime
import MartletSupport
import Testing

/// Reading records, and keeping them.
@Suite struct RecordFileTests {
  private func temporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "martlet-records-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path(percentEncoded: false)
  }

  @Test(arguments: [
    "", "{", "[]", "{}", "{\"a\": 1}", "{\"!instanceof\": {}, \"A\": {\"!superclasses\": [",
    "{\"!instanceof\": {}, \"A\": {\"summary\": \"\\u12\"}}",
    "{\"!instanceof\": {}, \"A\": {\"summary\": nonsense}}",
    "{\"!instanceof\": {}, \"A\": {\"arguments\": \(String(repeating: "[", count: 5000))",
    "{\"!instanceof\": {}, \"A\": {\"x\": \(String(repeating: "[", count: 5000))",
    "{\"!instanceof\": ]}", "{\"!instanceof\": {}, \"A\": {\"summary\": \"open",
  ]) func brokenRecordsAreDiagnosed(_ text: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/broken.json"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: Diagnostic.self) { try RecordFile(path).load(nil) }
  }

  /// Whatever becomes of a byte, reading ends in records or a diagnostic.
  @Test func alteredRecordsDoNotTrap() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bytes = try Data(contentsOf: URL(filePath: LoadingSupport.path("gauge.json")))
    let path = "\(folder)/altered.json"
    var generator = SplitMix(state: 7)
    for _ in 0..<60 {
      var copy = bytes
      for _ in 0..<4 {
        copy[Int(generator.next() % UInt64(copy.count))] = UInt8(
          truncatingIfNeeded: generator.next())
      }
      if generator.next() % 4 == 0 {
        copy = copy.prefix(Int(generator.next() % UInt64(copy.count)))
      }
      try copy.write(to: URL(filePath: path))
      guard let store = try? RecordFile(path).load(nil) else { continue }
      let loader = DialectLoader([store])
      for name in loader.dialectNames { _ = loader.dialect(name) }
      _ = LoadingSupport.run(LoadedDialectTests.program) { loader.register(in: $0) }
    }
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
  }

  @Test func recordsAreKeptByContent() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = CompileCache(directory: "\(folder)/cache")
    let file = RecordFile(LoadingSupport.path("gauge.json"))
    let fresh = try file.load(cache)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache").count == 1)
    let kept = try file.load(cache)
    #expect(kept.recordCount == fresh.recordCount)
    #expect(kept.instances(of: "Op").map(\.name) == fresh.instances(of: "Op").map(\.name))
  }

  /// A change of an included file is seen; needs llvm-tblgen.
  @Test func changedFilesAreReadAgain() throws {
    guard let tool = try? TableGenTool.find(), tool.includeDirectory != nil else { return }
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = CompileCache(directory: "\(folder)/cache")
    func write(_ name: String) throws {
      try """
      def Small : Dialect { let name = "small"; let cppNamespace = "::small"; }
      def Small_Op : Op<Small, "\(name)"> { let assemblyFormat = "attr-dict"; }
      """.write(toFile: "\(folder)/inner.td", atomically: true, encoding: .utf8)
    }
    try "include \"mlir/IR/OpBase.td\"\ninclude \"inner.td\"\n".write(
      toFile: "\(folder)/outer.td", atomically: true, encoding: .utf8)
    let file = RecordFile("\(folder)/outer.td", includes: [folder])
    for name in ["first", "first", "second"] {
      try write(name)
      let loader = try DialectLoader([file], cache: cache)
      #expect(loader.dialectNames == ["small"])
      #expect(loader.dialect("small").dialect.operations.map(\.name) == ["small.\(name)"])
    }
  }

  /// What llvm-tblgen makes of the file is what is kept as JSON.
  @Test func tableGenGivesTheSameDialect() throws {
    guard let tool = try? TableGenTool.find(), tool.includeDirectory != nil else { return }
    let loader = try DialectLoader([RecordFile(LoadingSupport.path("gauge.td"))], cache: nil)
    let outcome = LoadingSupport.run(LoadedDialectTests.program) { loader.register(in: $0) }
    #expect(outcome.errors == [])
    #expect(outcome.text == LoadedDialectTests.program)
  }

  @Test func mistakesInFilesAreShown() throws {
    guard (try? TableGenTool.find()) != nil else { return }
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "def X : Nothing;".write(
      toFile: "\(folder)/wrong.td", atomically: true, encoding: .utf8)
    do {
      _ = try RecordFile("\(folder)/wrong.td").load(nil)
      Issue.record("the file was accepted")
    } catch {
      #expect(error.message == "llvm-tblgen cannot read the file")
      #expect(error.notes.contains { $0.message.contains("Nothing") })
    }
    #expect(throws: Diagnostic.self) { try RecordFile("\(folder)/absent.td").load(nil) }
  }
}
