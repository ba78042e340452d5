import Glibc
import MartletDialects
import MartletIR
import MartletInterpreter
import MartletLowerings
import MartletSupport
import Testing

@testable import MartletONNX

/// Runs a module's function in the interpreter.
/// - Parameter elements: the results' element types; nil for those the function's type says.
func interpret(
  _ module: Operation, _ inputs: [ONNXArray], _ elements: [Type]? = nil
) throws -> [ONNXArray] {
  let arguments = try inputs.map { input -> RuntimeValue in
    let format = try #require(ElementFormat(input.element))
    let array =
      input.isFloat
      ? ArrayValue(format, shape: input.shape, input.floats)
      : ArrayValue(format, shape: input.shape, integers: input.ints.map { Int($0) })
    return .tensor(array)
  }
  let function = try #require(SymbolTable.lookup("main", in: module))
  let results = try Interpreter(module: module).run("main", arguments: arguments)
  let types = try #require(function.attribute("function_type")?.typeValue).results
  return try zip(results, elements ?? types.map(\.elementType)).map { result, element in
    let array = try #require(result.array)
    if element.isFloat { return ONNXArray(element, array.shape, floats: array.doubles) }
    return ONNXArray(element, array.shape, ints: array.integers.map { Int64($0) })
  }
}

/// ONNX's own node tests, as `Scripts/onnx_node_tests.py --dump` writes them, lowered and interpreted.
@Suite(.enabled(if: nodeTestFolder != nil)) struct ONNXToLinalgNodeTests {
  enum End {
    case pass
    case unsupported(String)
    case fail(String)
  }

  private static func end(_ diagnostic: Diagnostic) -> End {
    let refusals = [
      "not supported", "must be a constant", "is supported from", "newer than",
      "cannot be lowered",
    ]
    return refusals.contains { diagnostic.message.contains($0) }
      ? .unsupported(diagnostic.message) : .fail(diagnostic.message)
  }

  static func run(_ folder: String) throws -> End {
    let context = keptContext()
    defer { Unmanaged.passUnretained(context).release() }
    var model: ONNXModel
    var inputs: [(tensor: ONNXTensor, array: ONNXArray)] = []
    var outputs: [ONNXArray] = []
    do throws(Diagnostic) {
      let data = try ONNXModel(contentsOf: "\(folder)/data.onnx").graph.initializers
      model = try ONNXModel(contentsOf: "\(folder)/model.onnx")
      for tensor in data {
        guard case .bytes(let content) = tensor.content,
          let element = try? ONNXDialect.elementType(Int(tensor.elementType.rawValue), context),
          let array = ONNXArray(
            context.dense(context.tensor(tensor.shape, element), bytes: content.bytes))
        else { return .unsupported("data of type \(tensor.elementType.name)") }
        if tensor.name.hasPrefix("in.") {
          inputs.append((tensor, array))
        } else {
          outputs.append(array)
        }
      }
    } catch {
      return end(error)
    }
    do throws(Diagnostic) {
      return try run(model, context, inputs.map(\.array), outputs)
    } catch {
      guard error.message.contains("must be a constant") else { return end(error) }
    }
    // With short lists known beforehand, as exporters write them.
    var kept: [ONNXArray] = []
    for (i, (input, given)) in zip(model.graph.inputs, inputs).enumerated() {
      let isMain =
        i == 0
        && !["ConstantOfShape", "Range"].contains(model.graph.nodes.first?.operatorName)
      guard given.array.shape.count <= 1, !isMain else {
        kept.append(given.array)
        continue
      }
      var constant = given.tensor
      constant.name = input.name
      model.graph.initializers.append(constant)
    }
    do throws(Diagnostic) {
      return try run(model, context, kept, outputs)
    } catch {
      return end(error)
    }
  }

  private static func run(
    _ model: ONNXModel, _ context: Context, _ inputs: [ONNXArray], _ outputs: [ONNXArray]
  ) throws(Diagnostic) -> End {
    let module = try importONNX(model: model, into: context)
    guard let function = SymbolTable.lookup("main", in: module) else { return .fail("no main") }
    try ONNXSpecialization.run(
      function, inputs: inputs.map { context.tensor($0.shape, $0.element) })
    try lowerONNXToLinalg(module)
    do {
      try Verifier().verify(module)
      for (i, (actual, output)) in zip(try interpret(module, inputs), outputs).enumerated() {
        let error = difference(actual, output)
        let isCoarse = output.element.isFloat && (output.element.bitWidth ?? 0) < 32
        if error > (isCoarse ? 2e-2 : 1e-4) { return .fail("output \(i) is off by \(error)") }
      }
    } catch {
      let said = context.diagnostics.diagnostics.map(\.message).joined(separator: "; ")
      return .fail("\(error): \(said)")
    }
    return .pass
  }

  @Test func nodeTests() throws {
    let folder = try #require(nodeTestFolder)
    var names: [String] = []
    let listing = try #require(opendir(folder))
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix("test_") { names.append(name) }
    }
    closedir(listing)
    var passed = 0
    var refused: [String] = []
    for name in names.sorted() {
      switch try Self.run("\(folder)/\(name)") {
      case .pass: passed += 1
      case .unsupported(let reason): refused.append("\(name): \(reason)")
      case .fail(let reason): Issue.record("\(name): \(reason)")
      }
    }
    print("\(passed) node tests pass lowered, \(refused.count) are refused")
    if getenv("MARTLET_ONNX_NODE_TESTS_VERBOSE") != nil { refused.forEach { print($0) } }
    #expect(passed > 0)
  }
}
