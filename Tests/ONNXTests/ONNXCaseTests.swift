import Glibc
import MartletDialects
import MartletIR
import MartletLowerings
import MartletSupport
import TestSupport
import Testing

@testable import MartletONNX

/// A model of one operator with its inputs and ONNX Runtime's results, as `Scripts/make_onnx_cases.py` writes
/// them to `cases.txt` beside this file.
struct ONNXCase: Sendable, CustomTestStringConvertible {
  struct Array: Sendable {
    let name: String
    let type: String
    let shape: [Int]
    let values: [String]
  }

  var name = ""
  var opset = 18
  var operatorName = ""
  var inputs: [String] = []
  var outputs: [String] = []
  /// Name, kind and values.
  var attributes: [[String]] = []
  var arguments: [Array] = []
  var constants: [Array] = []
  var expected: [Array] = []

  var testDescription: String { name }

  static let all: [ONNXCase] = {
    let path = "\(packageFolder)Tests/ONNXTests/cases.txt"
    guard let file = try? MappedFile(path: path) else { return [] }
    let text = String(decoding: file.bytes, as: UTF8.self)
    var cases: [ONNXCase] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ").map(String.init)
      if words[0] == "case" {
        cases.append(ONNXCase(name: words[1], opset: Int(words[2]) ?? 0))
      } else {
        cases[cases.count - 1].read(words)
      }
    }
    return cases
  }()

  private mutating func read(_ words: [String]) {
    switch words[0] {
    case "node":
      operatorName = words[1]
      let arrow = words.firstIndex(of: "->") ?? words.count
      func names(_ part: ArraySlice<String>) -> [String] { part.map { $0 == "-" ? "" : $0 } }
      inputs = names(words[2..<arrow])
      outputs = names(words[(arrow + 1)...])
    case "attr": attributes.append(Swift.Array(words[1...]))
    case "in": arguments.append(Self.array(words))
    case "const": constants.append(Self.array(words))
    default: expected.append(Self.array(words))
    }
  }

  private static func array(_ words: [String]) -> Array {
    let shape = words[3] == "scalar" ? [] : words[3].split(separator: "x").compactMap { Int($0) }
    return Array(name: words[1], type: words[2], shape: shape, values: Swift.Array(words[4...]))
  }

  // MARK: The model

  private static let typeNumbers = [
    "f32": 1, "f64": 11, "i64": 7, "i32": 6, "i8": 3, "ui8": 2, "i1": 9,
  ]

  private static func content(_ array: Array) -> [UInt8] {
    func all<T>(_ convert: (String) -> T?) -> [UInt8] { raw(array.values.compactMap(convert)) }
    return switch array.type {
    case "f32": all { Float($0) }
    case "f64": all { Double($0) }
    case "i64": all { Int64($0) }
    case "i32": all { Int32($0) }
    case "i8": all { Int8($0) }
    default: all { UInt8($0) }
    }
  }

  private static func message(_ array: Array) -> Message {
    tensor(array.name, type: typeNumbers[array.type] ?? 0, shape: array.shape) {
      $0.data(9, content(array))
    }
  }

  private static func message(_ words: [String]) -> Message {
    let values = words[2...]
    switch words[1] {
    case "int": return attribute(words[0], kind: 2) { $0.int(3, Int(values[2]) ?? 0) }
    case "float": return attribute(words[0], kind: 1) { $0.float(2, Float(values[2]) ?? 0) }
    case "string": return attribute(words[0], kind: 3) { $0.text(4, values[2]) }
    case "ints": return attribute(words[0], kind: 7) { $0.packed(8, values.compactMap { Int($0) }) }
    case "strings":
      return attribute(words[0], kind: 8) { for value in values { $0.text(9, value) } }
    default:
      let value = array(["", ""] + values)
      return attribute(words[0], kind: 4) { $0.message(5, message(value)) }
    }
  }

  /// A `ValueInfoProto`; no shape for an output.
  private static func info(_ array: Array, hasShape: Bool) -> Message {
    let extents = Message {
      for extent in array.shape { $0.message(1, Message { $0.int(1, extent) }) }
    }
    let dense = Message {
      $0.int(1, typeNumbers[array.type] ?? 0)
      if hasShape { $0.message(2, extents) }
    }
    return Message {
      $0.text(1, array.name)
      $0.message(2, Message { $0.message(1, dense) })
    }
  }

  func model() -> [UInt8] {
    let graph = graph(
      nodes: [
        node("case", operatorName, inputs, outputs, attributes: attributes.map(Self.message))
      ],
      initializers: constants.map { Self.message($0) },
      inputs: arguments.map { Self.info($0, hasShape: true) },
      outputs: expected.map { Self.info($0, hasShape: false) })
    return Message {
      $0.int(1, 8)
      $0.message(7, graph)
      $0.message(8, operatorSet("", opset))
    }.bytes
  }

  // MARK: Values

  static func value(_ array: Array, _ context: Context) throws -> ONNXArray {
    let element = try ONNXDialect.elementType(typeNumbers[array.type] ?? 0, context)
    if element.isFloat {
      return ONNXArray(element, array.shape, floats: array.values.compactMap { Double($0) })
    }
    return ONNXArray(element, array.shape, ints: array.values.compactMap { Int64($0) })
  }
}

@Suite struct ONNXCaseTests {
  @Test func thereAreCases() { #expect(ONNXCase.all.count > 150) }

  /// Inference gives ONNX Runtime's shapes; the operator interpreted and its lowering interpreted give
  /// ONNX Runtime's values.
  @Test(arguments: ONNXCase.all) func agreesWithONNXRuntime(_ test: ONNXCase) throws {
    let context = keptContext()
    defer { Unmanaged.passUnretained(context).release() }
    let inputs = try test.arguments.map { try ONNXCase.value($0, context) }
    let expected = try test.expected.map { try ONNXCase.value($0, context) }
    let module = try importONNX(model: try decode(test.model()), into: context)
    let function = try mainFunction(module)
    try Verifier().verify(module)
    // Before shapes are known.
    check(try interpret(module, inputs, expected.map(\.element)), expected)
    try ONNXSpecialization.run(
      function, inputs: inputs.map { context.tensor($0.shape, $0.element) })
    let types = try #require(function.attribute("function_type")?.typeValue).results
    #expect(types == expected.map { context.tensor($0.shape, $0.element) })
    check(try interpret(module, inputs), expected)
    try lowerONNXToLinalg(module)
    try Verifier().verify(module)
    let left = try #require(function.region(0).firstBlock).operations.filter {
      $0.name.dialectName == "onnx"
    }
    #expect(left.isEmpty)
    check(try interpret(module, inputs), expected)
  }

  private func check(_ results: [ONNXArray], _ expected: [ONNXArray]) {
    #expect(results.count == expected.count)
    for (result, reference) in zip(results, expected) {
      #expect(difference(result, reference) < 1e-5)
    }
  }
}
