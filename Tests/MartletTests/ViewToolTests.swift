import Foundation
import MartletIR
import MartletRuntime
import MartletSupport
import Testing

@testable import Martlet

/// `martlet view`, up to the page's text; Scripts/test_view_page.py uses the page in a browser.
struct ViewToolTests {
  private static let examples = packageFolder + "Examples/"

  private func compile(_ path: String, _ arguments: String...) throws -> ViewedCompilation {
    let options = try ViewOptions([path, "--measure=false"] + arguments)
    let compilation = ViewedCompilation(try ProgramSource(path), options)
    try compilation.run()
    return compilation
  }

  // MARK: Origins

  /// No pass of the way to machine code may drop where an operation comes from.
  @Test(arguments: ["digits/cnn.onnx", "mlp.mlir", "pagerank.mlir"])
  func operationsKeepTheirPlaces(_ program: String) throws {
    let compilation = try compile(Self.examples + program)
    #expect(!compilation.hasFailed)
    let recorder = compilation.recorder
    #expect(recorder.stages.count > 25)
    for loss in recorder.lost {
      Issue.record("\(loss.step): \(loss.count) operations without a place, e.g. \(loss.example)")
    }
    let stages = listings(recorder)
    let first = try #require(recorder.stages.firstIndex { $0.kind == .mlir })
    // Whatever is the origin of an operation was in the program as it was read.
    let known = recorder.locations.union(stages[first].map(\.location))
    for (stage, lines) in zip(recorder.stages, stages).dropFirst(first) {
      let leaves = recorder.locations.union(lines.map(\.location))
      #expect(leaves.isSubset(of: known), "\(stage.title) has places the program has not")
    }
    for stage in recorder.stages.suffix(3) { #expect(stage.kind != .mlir) }
    let instructions = try #require(stages.last).filter { $0.text.hasPrefix("        v") }
    let traced = instructions.count { $0.operation >= 0 && $0.location > 0 }
    #expect(traced * 10 > instructions.count * 9, "\(traced) of \(instructions.count) traced")
  }

  @Test func aFusedOperationHasThePlacesOfAll() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      "two.mlir",
      """
      #map = affine_map<(d0) -> (d0)>
      func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
        %e = tensor.empty() : tensor<8xf32>
        %a = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
          ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
        ^bb0(%in: f32, %out: f32):
          %0 = arith.mulf %in, %in : f32
          linalg.yield %0 : f32
        } -> tensor<8xf32>
        %b = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
          ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) {
        ^bb0(%in: f32, %out: f32):
          %0 = math.sqrt %in : f32
          linalg.yield %0 : f32
        } -> tensor<8xf32>
        return %b : tensor<8xf32>
      }
      """)
    let recorder = try compile(path, "-p", "linalg-fuse-elementwise-ops").recorder
    let lines = try #require(listings(recorder).last).filter { $0.text.contains("linalg.generic") }
    #expect(lines.count == 1)
    let places = recorder.locations.sets[lines[0].location].map { recorder.locations.leaves[$0] }
    #expect(
      places == [
        .place(file: path, line: 4, column: 8), .place(file: path, line: 10, column: 8),
      ])
  }

  /// What the page shows is what `martlet run` makes: following operations changes nothing.
  @Test(arguments: ["mlp.mlir", "pagerank.mlir"])
  func assemblyIsTheOneThatRuns(_ program: String) throws {
    let compilation = try compile(Self.examples + program)
    let shown = try #require(listings(compilation.recorder).last).map(\.text)
    var settings = CompileOptions()
    settings.cacheDirectory = nil
    let compiler = Compiler(source: compilation.source, options: settings)
    let signature = try Program(contentsOf: Self.examples + program, options: settings).signature()
    var report = CompilationReport()
    let inputs = try signature.inputs.map { ($0.name, try MadeUpInput.make($0)) }
    let plain = try compiler.emit(.asm, inputs, &report)
    let expected = MachineListing(origins: []).assembly(plain).map(\.text)
    #expect(instructions(shown) == instructions(expected))
  }

  /// Instructions, without labels, whose numbers debug information shifts.
  private func instructions(_ lines: [String]) -> [String] {
    lines.filter { $0.hasPrefix("        ") && !$0.hasPrefix("        .") }
      .map { $0.replacing(/\.L[A-Za-z_]+[0-9_]*/, with: ".L") }
  }

  // MARK: Listings

  /// The listings the page will show.
  private func listings(_ recorder: CompilationRecorder) -> [[ListingLine]] {
    var before: [ListingLine] = []
    return recorder.stages.map { stage in
      before = apply(stage.delta, to: before)
      return before
    }
  }

  private func apply(_ delta: ListingDelta, to old: [ListingLine]) -> [ListingLine] {
    var lines: [ListingLine] = []
    var added = delta.added[...]
    for i in stride(from: 0, to: delta.runs.count, by: 2) {
      let (start, count) = (delta.runs[i], delta.runs[i + 1])
      if start < 0 {
        lines += added.prefix(count)
        added = added.dropFirst(count)
      } else {
        lines += old[start..<(start + count)]
      }
    }
    #expect(added.isEmpty)
    return lines
  }

  @Test func deltasLeadToTheListing() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let old = (0..<Int.random(in: 0...30, using: &random)).map {
        ListingLine(text: "line \($0)", operation: $0 % 20, location: $0 % 3)
      }
      var new = old.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
      for i in new.indices where Int.random(in: 0..<5, using: &random) == 0 {
        new[i].text += " changed"
      }
      if !new.isEmpty, Bool.random(using: &random) { new.swapAt(0, new.count / 2) }
      new.append(ListingLine(text: "}"))
      let delta = ListingDelta(from: old, to: new)
      #expect(apply(delta, to: old) == new)
    }
    let same = [ListingLine(text: "a", operation: 1), ListingLine(text: "b", operation: 2)]
    #expect(ListingDelta(from: same, to: same).added.isEmpty)
  }

  /// Values keep their names while passes remove others, so that only what changed differs.
  @Test func namesStay() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      "names.mlir",
      """
      func.func @main(%a: i32, %b: i32) -> (i32, i32) {
        %dead = arith.subi %a, %b : i32
        %0 = arith.addi %a, %b : i32
        %1 = arith.addi %a, %b : i32
        %kept = arith.muli %1, %a : i32
        return %0, %kept : i32, i32
      }
      """)
    let recorder = try compile(path, "-p", "canonicalize,cse").recorder
    let texts = listings(recorder).map { $0.map(\.text) }
    #expect(texts[1].contains("    %dead = arith.subi %a, %b : i32"))
    #expect(!texts[2].contains { $0.contains("%dead") })
    #expect(texts[2].contains("    %kept = arith.muli %1, %a : i32"))
    #expect(texts[3].contains("    %kept = arith.muli %0, %a : i32"))
    // The sum that is left has the place of the other too; all else is as it was.
    #expect(
      recorder.stages[3].delta.added.map(\.text) == [
        "    %0 = arith.addi %a, %b : i32", "    %kept = arith.muli %0, %a : i32",
      ])
  }

  @Test func longListingsAreCut() throws {
    let compilation = try compile(Self.examples + "mlp.mlir", "--max-lines=20", "-p", "cse")
    let stage = try #require(compilation.recorder.stages.last)
    #expect(stage.keptCount == 20)
    #expect(stage.lineCount > 50)
    #expect(listings(compilation.recorder).allSatisfy { $0.count <= 20 })
  }

  // MARK: The page

  @Test func thePageIsTheOneInItsFiles() throws {
    let folder = packageFolder + "Sources/Martlet/View/Page/"
    for (name, text) in [
      ("page.html", ViewPageTexts.frame), ("page.css", ViewPageTexts.style),
      ("page.js", ViewPageTexts.script),
    ] {
      let file = try String(contentsOfFile: folder + name, encoding: .utf8)
      #expect(
        file == text + "\n", "\(name) has changed: run Scripts/embed_view_page.py")
    }
  }

  @Test func textsCannotEndTheScript() {
    let value = JSONValue.object([("a", .string("</script><!--\u{1}\"\\\n"))])
    #expect(value.compactText == #"{"a":"\u003c/script>\u003c!--\u0001\"\\\n"}"#)
  }

  @Test func thePageStandsAlone() throws {
    let folder = try ScratchFolder()
    let page = folder.path + "/page.html"
    let run = ToolRun.run(
      ViewTool.run,
      [Self.examples + "mlp.mlir", "-p", "canonicalize,cse", "-q", "-o", page])
    #expect(run.status == .success, "\(run.messages)")
    #expect(run.out.isEmpty)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.hasPrefix("<!doctype html>"))
    #expect(!text.contains("@@"))
    #expect(!text.contains("src=\"http") && !text.contains("href=\"http"))
    let data = try #require(text.firstMatch(of: /id="data">(.*?)<\/script>/))
    let object = try JSONSerialization.jsonObject(with: Data(String(data.1).utf8))
    let stages = try #require((object as? [String: Any])?["stages"] as? [[String: Any]])
    #expect(stages.map { $0["title"] as? String }.suffix(3) == ["parse", "canonicalize", "cse"])
  }

  @Test func aFailingPassIsShown() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      "fails.mlir",
      """
      func.func @main(%x: tensor<*xf32>) -> tensor<*xf32> {
        return %x : tensor<*xf32>
      }
      """)
    let page = folder.path + "/page.html"
    let run = ToolRun.run(ViewTool.run, [path, "-p", "cse,bufferize,cse", "-o", page])
    #expect(run.status == .failure)
    #expect(run.messages.contains("error: "))
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.contains("\"failed\":true"))
  }

  @Test func wrongUseIsSaid() throws {
    #expect(ToolRun.run(ViewTool.run, []).status == .usage)
    #expect(ToolRun.run(ViewTool.run, ["--help"]).out.contains("usage: martlet view"))
    ToolRun.run(ViewTool.run, ["/nowhere/none.mlir"]).expectFailure("none.mlir")
    let mlp = Self.examples + "mlp.mlir"
    ToolRun.run(ViewTool.run, [mlp, "-p", "no-such-pass"]).expectFailure("no-such-pass")
    let folder = try ScratchFolder()
    let broken = try folder.write("broken.mlir", "func.func @main( {")
    let page = folder.path + "/page.html"
    ToolRun.run(ViewTool.run, [broken, "-o", page]).expectFailure("broken.mlir:1")
    #expect(!FileManager.default.fileExists(atPath: page))
  }

  // MARK: Parts

  @Test func digests() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(SHA256.hexadecimal(of: []) == empty)
    #expect(SHA256.hexadecimal(of: Array("abc".utf8)) == abc)
    #expect(SHA256.hexadecimal(of: Array(repeating: 97, count: 1_000_000)) == million)
  }

  @Test func onlyTheReleaseNamedIsEmbedded() throws {
    let folder = try ScratchFolder()
    let other = try folder.write("d3.min.js", "alert(1)")
    let found = try #require(PlotLibrary.read(other))
    #expect(found.text == nil)
    #expect(found.problem?.contains("is not the d3.min.js of D3") ?? false)
    #expect(PlotLibrary.read(folder.path + "/none.js") == nil)
  }

  @Test func passesRemarksAreKept() throws {
    let recorder = try compile(Self.examples + "mlp.mlir", "-p", "bufferize,canonicalize").recorder
    #expect(!recorder.remarks.isEmpty)
    for (remark, stage, _) in recorder.remarks {
      #expect(recorder.stages[stage].title == remark.pass)
    }
  }
}
