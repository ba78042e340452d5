import MartletDialectLoading
import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

/// Dialects declared in irdl.
@Suite struct IRDLTests {
  static let declarations = """
    irdl.dialect @shop {
      irdl.type @box {
        %0 = irdl.any
        %1 = irdl.is i32
        %2 = irdl.is i64
        %3 = irdl.any_of(%1, %2)
        irdl.parameters(content: %0, size: %3)
      }
      irdl.attribute @tag {
        %0 = irdl.base "#builtin.string"
        irdl.parameters(text: %0)
      }
      irdl.operation @open {
        %0 = irdl.any
        %1 = irdl.is i32
        %2 = irdl.parametric @shop::@box<%0, %1>
        %3 = irdl.base @shop::@tag
        irdl.operands(box: %2)
        irdl.results(content: %0)
        irdl.attributes {"tag" = %3}
      }
      irdl.operation @pack {
        %0 = irdl.is f32
        %1 = irdl.base "!builtin.integer"
        irdl.operands(first: %0, rest: variadic %0, key: optional %1)
      }
      irdl.operation @shelf {
        %0 = irdl.is index
        %1 = irdl.region(%0) with size 1
        irdl.regions(body: %1)
      }
    }
    """

  private func load(_ text: String) throws -> (IRDLLoader?, [String]) {
    let engine = DiagnosticEngine()
    let context = Context(diagnostics: engine)
    registerAllDialects(context)
    do throws(Reported) {
      return (try IRDLLoader(SourceFile(name: "shop.irdl", text: text), context: context), [])
    } catch {
      return (nil, engine.diagnostics.map(\.message))
    }
  }

  private func outcome(_ line: String) throws -> LoadingSupport.Outcome {
    let (loader, problems) = try load(Self.declarations)
    #expect(problems == [])
    let text = """
      func.func @f(%b: !shop.box<f64, i32>, %x: f32, %k: i8) {
        \(line)
        return
      }
      """
    return LoadingSupport.run(text) { loader?.register(in: $0) }
  }

  @Test(arguments: [
    "%0 = \"shop.open\"(%b) {tag = #shop.tag<\"t\">} : (!shop.box<f64, i32>) -> f64",
    "\"shop.pack\"(%x, %x, %k) {operandSegmentSizes = array<i32: 1, 1, 1>} : (f32, f32, i8) -> ()",
    "\"shop.pack\"(%x) {operandSegmentSizes = array<i32: 1, 0, 0>} : (f32) -> ()",
    "\"shop.shelf\"() ({\n^bb0(%i: index):\n}) : () -> ()",
  ]) func rightTextIsAccepted(_ line: String) throws {
    let outcome = try outcome(line)
    #expect(outcome.errors == [])
    #expect(outcome.text.contains("!shop.box<f64, i32>"))
  }

  static let wrong: [(String, String)] = [
    (
      "%0 = \"shop.open\"(%b) : (!shop.box<f64, i32>) -> f64",
      "'shop.open' op attribute \"tag\" is expected but not provided"
    ),
    (
      "%0 = \"shop.open\"(%b) {tag = 1} : (!shop.box<f64, i32>) -> f64",
      "expected base attribute 'shop.tag' but got 'builtin.integer'"
    ),
    (
      "%0 = \"shop.open\"(%b) {tag = #shop.tag<\"t\">} : (!shop.box<f64, i32>) -> f32",
      "expected 'f64' but got 'f32'"
    ),
    (
      "%0 = \"shop.open\"(%k) {tag = #shop.tag<\"t\">} : (i8) -> f64",
      "expected base type 'shop.box' but got 'i8'"
    ),
    (
      "%0 = \"shop.open\"() {tag = #shop.tag<\"t\">} : () -> f64",
      "op expects exactly 1 operands, but got 0"
    ),
    (
      "%0 = \"builtin.unrealized_conversion_cast\"() : () -> !shop.box<f32>",
      "expected 2 type arguments, but had 1"
    ),
    (
      "%0 = \"builtin.unrealized_conversion_cast\"() : () -> !shop.box<f32, i8>",
      "'i8' does not satisfy the constraint"
    ),
    (
      "\"shop.pack\"(%x) {operandSegmentSizes = array<i32: 0, 1, 0>} : (f32) -> ()",
      "'shop.pack' op element 0 in 'operandSegmentSizes' attribute must be equal to 1"
    ),
    (
      "\"shop.shelf\"() ({\n^bb0:\n}) : () -> ()",
      "expected region 0 to have 1 arguments but got 0"
    ),
  ]

  @Test(arguments: wrong) func whatIsWrongIsReported(_ line: String, _ message: String) throws {
    #expect(try outcome(line).errors.first == message)
  }

  @Test func wrongDeclarationsAreReported() throws {
    let (loader, problems) = try load("irdl.dialect @Shop {}")
    #expect(loader == nil)
    #expect(problems == ["name of dialect should not contain uppercase letters"])
  }
}
