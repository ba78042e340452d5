import MartletDialects
import MartletIR
import MartletInterpreter
import MartletLowerings
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// A module on tensors that can be bufferized and planned, and run at each stage.
final class BufferProgram {
  struct Failure: Error, CustomStringConvertible { let description: String }

  let context = Context()
  let module: Operation

  init(_ text: String) throws {
    registerAllDialects(context)
    Printer.install(in: context)
    do {
      module = try Parser(SourceFile(name: "test.mlir", text: text), context: context).parseModule()
      try Verifier().verify(module)
    } catch {
      let messages = context.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
      throw Failure(description: messages + "\n" + text)
    }
  }

  var messages: String {
    context.diagnostics.diagnostics.map(\.description).joined(separator: "\n")
  }

  var text: String { Printer.text(module) }

  func run(_ pass: Pass, options: [(String, PassOptionValue)] = []) throws {
    do {
      let isOnFunction = pass.anchor == "func.func"
      try pass.run(on: isOnFunction ? main?.operation ?? module : module, options: options)
      try Verifier().verify(module)
    } catch {
      throw Failure(description: messages + "\n" + text)
    }
  }

  var main: FuncOp? { FuncOp(SymbolTable.lookup("main", in: module)) }

  /// Runs `main` on tensors before it was bufferized.
  func interpret(_ inputs: [ArrayValue]) throws -> [[Int]] {
    do {
      let results = try Interpreter(module: module).run(
        "main",
        arguments: zip(inputs, main?.type.inputs ?? []).map { input, type in
          type.isTensor ? .tensor(input) : .integer(Int64(input.integers[0]))
        })
      return results.map { value in
        value.array?.integers ?? [Int(value.integer ?? 0)]
      }
    } catch {
      throw Failure(description: messages + "\n" + text)
    }
  }

  /// Runs `main` on memrefs: the arena and constants where it was planned, inputs, then results.
  func interpretBuffers(_ inputs: [ArrayValue]) throws -> [[Int]] {
    guard let main else { throw Failure(description: "no main") }
    var arguments: [RuntimeValue] = []
    var results: [MemRefValue] = []
    var next = 0
    for (i, type) in main.type.inputs.enumerated() {
      guard let format = ElementFormat(type.elementType) else {
        throw Failure(description: "no format for \(type)")
      }
      var array = ArrayValue(
        format, shape: type.shape,
        integers: Array(repeating: -77, count: type.elementCount ?? 0))
      if main.argumentAttribute(i, arenaParameterAttribute) != nil {
        // Stale bytes, so that a read before a write shows.
        array = ArrayValue(
          format, shape: type.shape,
          integers: (0..<(type.elementCount ?? 0)).map { ($0 &* 37) & 127 })
      } else if let name = main.argumentAttribute(i, constantParameterAttribute),
        let value = SymbolTable.resolve(name, from: main.operation)?.attribute("initial_value")
      {
        let elements = value.denseElements
        let count = type.elementCount ?? 0
        array = ArrayValue(
          format, shape: type.shape,
          integers: (0..<count).map {
            Int(elements?.integer(value.isSplat ? 0 : $0) ?? 0)
          })
      } else if main.argumentAttribute(i, "martlet.result") == nil {
        array = inputs[next]
        next += 1
      }
      let copy = ArrayValue(format, shape: type.shape, integers: array.integers)
      let memref = MemRefValue(copy.storage, shape: type.shape)
      if main.argumentAttribute(i, "martlet.result") != nil { results.append(memref) }
      arguments.append(.memref(memref))
    }
    do {
      let returned = try Interpreter(module: module).run("main", arguments: arguments)
      guard returned.isEmpty else { throw Failure(description: "main returns values") }
      return try results.map { try $0.dense().integers }
    } catch {
      throw Failure(description: messages + "\n\(error)\n" + text)
    }
  }

  /// Inputs of small numbers that follow from `seed`.
  func inputs(_ seed: UInt64) throws -> [ArrayValue] {
    var random = SplitMix(seed)
    return try (main?.type.inputs ?? []).map { type in
      guard let format = ElementFormat(type.elementType) else {
        throw Failure(description: "no format for \(type)")
      }
      return ArrayValue(
        format, shape: type.shape,
        integers: (0..<(type.isShaped ? type.elementCount ?? 0 : 1)).map { _ in Int(random.next() % 19) - 9 })
    }
  }

  /// Bufferizes and plans, and expects the same results all along.
  func expectSame(
    _ comment: Comment? = nil, options: [(String, PassOptionValue)] = []
  ) throws {
    let inputs = try inputs(7)
    let expected = try interpret(inputs)
    let before = text
    try run(.bufferize, options: options)
    let note = Comment(rawValue: (comment?.rawValue ?? "") + "\n" + before + "\n" + text)
    #expect(!hasTensors, note)
    let bufferized = try interpretBuffers(inputs)
    #expect(bufferized == expected, note)
    try run(.exposeBuffers)
    try run(.planMemory)
    let planned = try interpretBuffers(inputs)
    #expect(planned == expected, Comment(rawValue: note.rawValue + "\n" + text))
  }

  var hasTensors: Bool {
    module.walkPreOrder { operation in
      operation.results.contains { $0.type.isTensor }
        || operation.operands.contains { $0.type.isTensor } ? .interrupt : .advance
    } == .interrupt
  }

  func count(_ definition: OpDefinition) -> Int { module.operations(definition).count }
}
