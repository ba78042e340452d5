import Testing

/// What mlir-opt 22 says about wrong operations, each in a function with arguments to use.
@Suite struct DialectVerifierTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    let body: String
    let message: String
    var testDescription: String { body }
  }

  static let arguments =
    "%i: index, %n: i32, %x: f32, %c: i1, %t: tensor<?x4xf32>, %v: vector<4xf32>, "
    + "%m: memref<?x8xf32>"

  static let mistakes: [Mistake] = [
    Mistake(
      body: "%0 = arith.extsi %n : i32 to i16",
      message:
        "'arith.extsi' op operand type 'i32' and result type 'i16' are cast incompatible"),
    Mistake(
      body: "%0 = arith.constant 3 : si32",
      message: "'arith.constant' op integer return type must be signless"),
    Mistake(
      body: "%0 = \"arith.constant\"() <{value = 3 : i32}> : () -> i64",
      message: "'arith.constant' op failed to verify that all of {value, result} have same type"),
    Mistake(
      body: "%0 = arith.addi %x, %x : f32",
      message: "'arith.addi' op operand #0 must be signless-integer-like, but got 'f32'"),
    Mistake(
      body: "cf.br ^bb1(%n : i32) ^bb1(%y: f32):",
      message: "type mismatch for bb argument #0 of successor #0"),
    Mistake(
      body: "return %x : f32",
      message: "'func.return' op has 1 operands, but enclosing function (@f) returns 0"),
    Mistake(
      body: "func.call @f(%n) : (i32) -> ()",
      message: "'func.call' op incorrect number of operands for callee"),
    Mistake(
      body: """
        %0 = "scf.for"(%i, %i, %i, %x) ({
        ^bb0(%a: index, %b: f32): "scf.yield"(%n) : (i32) -> ()
        }) : (index, index, index, f32) -> f32
        """,
      message: "'scf.for' op 0-th region iter_arg and 0-th yielded value have different type: "
        + "'f32' != 'i32'"),
    Mistake(
      body: """
        "scf.for"(%i, %i, %i) ({
        ^bb0: "scf.yield"() : () -> ()
        }) : (index, index, index) -> ()
        """, message: "'scf.for' op expected the induction variable as the first body argument"),
    Mistake(
      body: "%0 = \"scf.if\"(%c) ({ \"scf.yield\"(%x) : (f32) -> () }, {}) : (i1) -> f32",
      message: "'scf.if' op must have an else block if defining values"),
    Mistake(
      body: """
        %0 = "scf.while"(%x) ({
        ^bb0(%j: f32): "scf.condition"(%c, %j) : (i1, f32) -> ()
        }, {
        ^bb0(%j: f32): "scf.yield"() : () -> ()
        }) : (f32) -> f32
        """,
      message: "'scf.while' op along control flow edge from Operation scf.yield to Region #0: "
        + "region branch point has 0 operands, but region successor needs 1 inputs"),
    Mistake(
      body: "%0 = tensor.extract %t[%i] : tensor<?x4xf32>",
      message: "'tensor.extract' op incorrect number of indices for extract_element"),
    Mistake(
      body: "%0 = tensor.cast %t : tensor<?x4xf32> to tensor<?x5xf32>",
      message: "'tensor.cast' op operand type 'tensor<?x4xf32>' and result type "
        + "'tensor<?x5xf32>' are cast incompatible"),
    Mistake(
      body: "%0 = tensor.extract_slice %t[0, 2] [1, 3] [1, 1] : tensor<?x4xf32> to tensor<1x3xf32>",
      message: "slice along dimension 1 runs out-of-bounds: 4 >= 4"),
    Mistake(
      body: "%0 = tensor.collapse_shape %t [[1, 0]] : tensor<?x4xf32> into tensor<?xf32>",
      message:
        "'tensor.collapse_shape' op expected reassociation map #0 to be valid and contiguous."),
    Mistake(
      body: "%0 = vector.extract %v[4] : f32 from vector<4xf32>",
      message: "'vector.extract' op expected position attribute #1 to be a non-negative integer "
        + "smaller than the corresponding vector dimension or poison (-1)"),
    Mistake(
      body: "%0 = vector.load %m[%i] : memref<?x8xf32>, vector<4xf32>",
      message: "'vector.load' op requires 2 indices"),
    Mistake(
      body: "%0 = vector.shuffle %v, %v [0, 8] : vector<4xf32>, vector<4xf32>",
      message: "'vector.shuffle' op mask index #2 out of range"),
  ]

  @Test(arguments: mistakes) func isReported(_ mistake: Mistake) {
    let text = "func.func @f(\(Self.arguments)) {\n\(mistake.body)\nreturn\n}\n"
    #expect(TextSupport.firstError(text) == mistake.message)
  }
}
