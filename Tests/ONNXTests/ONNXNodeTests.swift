import Glibc
import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

@testable import MartletONNX

/// Runs a function of the `onnx` dialect by the operators' reference semantics.
func evaluate(_ function: Operation, _ inputs: [ONNXArray]) throws -> [ONNXArray] {
  var values: [Value: ONNXArray] = [:]
  for (argument, input) in zip(function.region(0).arguments, inputs) { values[argument] = input }
  for block in function.region(0).blocks {
    for operation in block.operations {
      guard var view = ONNXOperation(operation) else { continue }
      view.inputs = operation.operands.map { values[$0] }
      for (result, value) in zip(operation.results, try view.evaluated()) {
        values[result] = value
      }
    }
  }
  return try #require(function.region(0).lastBlock?.lastOperation).operands.map {
    try #require(values[$0])
  }
}

/// The largest difference, relative where values are large; infinity where shapes or types differ.
func difference(_ a: ONNXArray, _ b: ONNXArray) -> Double {
  guard a.shape == b.shape, a.element == b.element else { return .infinity }
  var worst = 0.0
  for i in 0..<a.count {
    let (x, y) = (a.double(i), b.double(i))
    if x == y || (x.isNaN && y.isNaN) { continue }
    let error = abs(x - y) / max(1, abs(y))
    worst = max(worst, error.isNaN ? .infinity : error)
  }
  return worst
}

/// A context that is never freed, so that handles into it may outlive every reference to it.
func keptContext() -> Context {
  let context = Unmanaged.passRetained(Context()).takeUnretainedValue()
  registerAllDialects(context)
  Printer.install(in: context)
  return context
}

/// The only function of a module.
func mainFunction(_ module: Operation) throws -> Operation {
  try #require(SymbolTable.lookup("main", in: module))
}

let nodeTestFolder = getenv("MARTLET_ONNX_NODE_TESTS").map { String(cString: $0) }

/// ONNX's own node tests as `Scripts/onnx_node_tests.py --dump` writes them.
@Suite(.enabled(if: nodeTestFolder != nil)) struct ONNXNodeTests {
  enum End: Equatable {
    case pass
    case unsupported(String)
    case fail(String)
  }

  /// What a model's own refusal says.
  static func isRefusal(_ message: String) -> Bool {
    ["not supported", "must be a constant", "is supported from", "newer than"].contains {
      message.contains($0)
    }
  }

  static func run(_ folder: String) throws -> End {
    let data = try ONNXModel(contentsOf: "\(folder)/data.onnx").graph.initializers
    var model: ONNXModel
    do {
      model = try ONNXModel(contentsOf: "\(folder)/model.onnx")
    } catch {
      return isRefusal(error.message) ? .unsupported(error.message) : .fail(error.message)
    }
    let context = keptContext()
    defer { Unmanaged.passUnretained(context).release() }
    var inputs: [ONNXArray] = []
    var outputs: [ONNXArray] = []
    for tensor in data {
      guard case .bytes(let content) = tensor.content,
        let element = try? ONNXDialect.elementType(Int(tensor.elementType.rawValue), context),
        let array = ONNXArray(
          context.dense(context.tensor(tensor.shape, element), bytes: content.bytes))
      else { return .unsupported("data of type \(tensor.elementType.name)") }
      if tensor.name.hasPrefix("in.") { inputs.append(array) } else { outputs.append(array) }
    }
    do throws(Diagnostic) {
      return try run(model, context, inputs, outputs)
    } catch {
      guard error.message.contains("must be a constant") else {
        return isRefusal(error.message) ? .unsupported(error.message) : .fail(error.message)
      }
    }
    // With short lists known beforehand, as exporters write them.
    var kept: [ONNXArray] = []
    for (i, (input, array)) in zip(model.graph.inputs, inputs).enumerated() {
      let isMain =
        i == 0
        && !["ConstantOfShape", "Range"].contains(
          model.graph.nodes.first?.operatorName)
      guard array.shape.count <= 1, !isMain else {
        kept.append(array)
        continue
      }
      var constant = data[i]
      constant.name = input.name
      model.graph.initializers.append(constant)
    }
    do throws(Diagnostic) {
      return try run(model, context, kept, outputs)
    } catch {
      return isRefusal(error.message) ? .unsupported(error.message) : .fail(error.message)
    }
  }

  static func run(
    _ model: ONNXModel, _ context: Context, _ inputs: [ONNXArray], _ outputs: [ONNXArray]
  ) throws(Diagnostic) -> End {
    let module = try importONNX(model: model, into: context)
    guard let function = SymbolTable.lookup("main", in: module) else { return .fail("no main") }
    try ONNXSpecialization.run(
      function, inputs: inputs.map { context.tensor($0.shape, $0.element) })
    let types = function.region(0).lastBlock?.lastOperation?.operands.map(\.type) ?? []
    for (i, (type, output)) in zip(types, outputs).enumerated() {
      let expected = context.tensor(output.shape, output.element)
      guard type == expected else {
        return .fail(
          "output \(i) is inferred as \(ONNXDialect.text(type)), not "
            + ONNXDialect.text(expected))
      }
    }
    do {
      for (i, (actual, output)) in zip(try evaluate(function, inputs), outputs).enumerated() {
        let error = difference(actual, output)
        let isCoarse = output.element.isFloat && (output.element.bitWidth ?? 0) < 32
        if error > (isCoarse ? 2e-2 : 1e-4) { return .fail("output \(i) is off by \(error)") }
      }
    } catch let error as ONNXError {
      return isRefusal(error.message) ? .unsupported(error.message) : .fail(error.message)
    } catch {
      return .fail("\(error)")
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
    print("\(passed) node tests pass, \(refused.count) are refused")
    if getenv("MARTLET_ONNX_NODE_TESTS_VERBOSE") != nil { refused.forEach { print($0) } }
    #expect(passed > 0)
  }
}
