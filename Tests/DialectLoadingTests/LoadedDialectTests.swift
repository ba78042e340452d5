import MartletDialectLoading
import MartletIR
import MartletRuntime
import MartletSupport
import Testing

/// A dialect loaded from records reads, prints and verifies as its declarations say.
@Suite struct LoadedDialectTests {
  static let program = """
    module {
      func.func @f(%arg0: index, %arg1: i1, %arg2: i32, %arg3: tensor<4x?xf32>) -> f32 {
        %0 = gauge.read @a : <f32>
        %1 = gauge.read @b in <low = 1, high = 4, label = "x", marks = 1, 2> unit <celsius> quiet {note = #gauge.pair<true, "hi">} : <f32>
        %2 = gauge.add %0, %1 : <f32>
        %3 = gauge.value %2 : !gauge.reading<f32>
        %4 = gauge.select slow[%arg0, %arg0] if %arg1 else %arg2 width 3 flags <noisy|stale> : i32
        %5 = gauge.select fast[] else %arg2 width 8 : i32
        gauge.scope(%0 : !gauge.reading<f32>) {
          %6 = gauge.slice %arg3 [4, %arg0] order [1, 0] : (tensor<4x?xf32>) -> tensor<4x?xf32>
        } attributes {b = !gauge.box<token>, hint = #gauge<hint celsius>, k = !gauge.reading<f64, celsius>, o = !gauge.opaque<f32, 3>}
        gauge.jump ^bb1 or ^bb2, ^bb3
      ^bb1:  // pred: ^bb0
        return %3 : f32
      ^bb2:  // pred: ^bb0
        return %3 : f32
      ^bb3:  // pred: ^bb0
        return %3 : f32
      }
    }

    """

  @Test func textIsReadAndWrittenAlike() throws {
    let outcome = try LoadingSupport.gauge(Self.program)
    #expect(outcome.errors == [])
    #expect(outcome.text == Self.program)
  }

  @Test func genericTextMeansTheSame() throws {
    let generic = try LoadingSupport.gauge(Self.program, generic: true)
    #expect(generic.errors == [])
    #expect(generic.text.contains("operandSegmentSizes = array<i32: 2, 1, 1>"))
    #expect(generic.text.contains("unit = #gauge.unit<kelvin>"))
    #expect(generic.text.contains("\"gauge.end\"() : () -> ()"))
    let back = try LoadingSupport.gauge(generic.text)
    #expect(back.errors == [])
    #expect(back.text == Self.program)
  }

  /// A line of a function's body and what is wrong with it.
  static let wrong: [(String, String)] = [
    (
      "%0 = \"gauge.read\"() : () -> !gauge.reading<f32>",
      "'gauge.read' op requires attribute 'name'"
    ),
    (
      "%0 = gauge.read @a : i32",
      "'gauge.read' op result #0 must be reading of an instrument, but got 'i32'"
    ),
    (
      "%0 = gauge.read @a unit <miles> : <f32>",
      "expected one of [kelvin, celsius] for 'Unit', got: miles"
    ),
    (
      "%0 = gauge.read @a in <low = 1> : <f32>",
      "struct is missing required parameter: high"
    ),
    (
      "%0 = gauge.read @a in <low = 1, low = 2> : <f32>",
      "duplicate struct parameter name: low"
    ),
    (
      "%0 = \"gauge.select\"(%n) <{mode = 3 : i64, operandSegmentSizes = array<i32: 0, 0, 1>, width = 1 : i64}> : (i32) -> i32",
      "'gauge.select' op attribute 'mode' failed to satisfy constraint: a mode"
    ),
    (
      "%0 = gauge.select fast[] else %n width 9 : i32",
      "'gauge.select' op attribute 'width' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1 whose maximum value is 8"
    ),
    (
      "%0 = gauge.select fast[%i, %i, %i, %i] else %n width 1 : i32",
      "'gauge.select' op failed to verify that at most two choices"
    ),
    (
      "%0 = \"gauge.value\"(%r) : (!gauge.reading<f32>) -> f64",
      "'gauge.value' op failed to verify that the value is what the reading holds"
    ),
    ("gauge.end", "'gauge.end' op expects parent op 'gauge.scope'"),
    (
      "\"gauge.raw\"() <{values = [1 : i32, 2 : i64]}> : () -> ()",
      "'gauge.raw' op attribute 'values' failed to satisfy constraint: 32-bit integers"
    ),
    (
      "%0 = \"gauge.slice\"(%t) <{static_sizes = array<i64: 1>}> : (tensor<4xf32>) -> tensor<4xf32>",
      "'gauge.slice' op result #0 must be 2D tensor of 32-bit float or 64-bit float values, but got 'tensor<4xf32>'"
    ),
    ("gauge.raw", "custom op 'gauge.raw' has no custom assembly form"),
    ("gauge.reed", "custom op 'gauge.reed' is unknown; did you mean 'gauge.read'?"),
  ]

  @Test(arguments: wrong) func whatIsWrongIsReported(_ line: String, _ message: String) throws {
    let text = """
      func.func @f(%n: i32, %i: index, %r: !gauge.reading<f32>, %t: tensor<4xf32>) {
        \(line)
        return
      }
      """
    let outcome = try LoadingSupport.gauge(text)
    #expect(outcome.errors.first == message)
  }

  @Test func whatIsInCppIsNamed() throws {
    let gauge = try #require(LoadingSupport.gauge).dialect("gauge")
    #expect(gauge.genericOnly == ["gauge.raw"])
    #expect(gauge.remarks.contains { $0.contains("someFunction") })
    #expect(gauge.remarks.contains { $0.contains("'gauge.opaque' is kept as text") })
    // What is not understood is not checked.
    let outcome = try LoadingSupport.gauge("func.func @f(%a: i7) { gauge.checked %a : i7  return }")
    #expect(outcome.errors == [])
  }

  @Test func declarationsAreData() throws {
    let dialect = try #require(LoadingSupport.gauge).dialect("gauge").dialect
    let add = try #require(dialect.operations.first { $0.name == "gauge.add" })
    #expect(add.traits.isSuperset(of: [.pure, .commutative, .sameOperandsAndResultType]))
    let select = try #require(dialect.operations.first { $0.name == "gauge.select" })
    #expect(select.operands.map(\.arity) == [.variadic, .optional, .one])
    #expect(select.traits.contains(.attrSizedOperandSegments))
    let scope = try #require(dialect.operations.first { $0.name == "gauge.scope" })
    #expect(scope.implicitTerminator == "gauge.end")
    let jump = try #require(dialect.operations.first { $0.name == "gauge.jump" })
    #expect(jump.successors.map(\.arity) == [.one, .variadic])
    #expect(jump.traits.contains(.terminator))
    #expect(dialect.summary == "readings of instruments")
  }

  /// A dialect that the context has keeps its declarations and gets those it lacks.
  @Test func dialectsInSwiftAreExtended() throws {
    let context = Context()
    let own = OpDefinition("gauge.add", "in Swift")
    context.register("gauge") { Dialect("gauge", summary: "another", operations: [own]) }
    try #require(LoadingSupport.gauge).register(in: context)
    let dialect = try #require(context.dialect("gauge"))
    #expect(dialect.summary == "another")
    #expect(dialect.operations.filter { $0.name == "gauge.add" }.map(\.summary) == ["in Swift"])
    #expect(dialect.operations.contains { $0.name == "gauge.read" })
    #expect(dialect.types.contains { $0.name == "gauge.reading" })
  }
}
