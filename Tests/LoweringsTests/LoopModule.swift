import MartletDialects
import MartletIR
import MartletInterpreter
import MartletLowerings
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// A module with a function `main` on memrefs, to be run before and after a pass.
final class LoopModule {
  let context = Context()
  let module: Operation

  init(_ text: String) throws {
    registerAllDialects(context)
    Printer.install(in: context)
    do {
      module = try Parser(SourceFile(name: "test.mlir", text: text), context: context).parseModule()
      try Verifier().verify(module)
    } catch {
      throw Failure(message: context.diagnostics.diagnostics.map(\.description).joined() + text)
    }
  }

  struct Failure: Error { let message: String }

  /// The operations called `name`, counted.
  func count(_ name: String) -> Int {
    var count = 0
    module.walk { if $0.name.string == name { count += 1 } }
    return count
  }

  func verify() throws {
    do {
      try Verifier().verify(module)
    } catch {
      throw Failure(message: context.diagnostics.diagnostics.map(\.description).joined())
    }
  }

  func run(_ pass: Pass, options: [(String, PassOptionValue)] = []) throws {
    do {
      try pass.run(on: module, options: options)
      try Verifier().verify(module)
    } catch {
      throw Failure(message: context.diagnostics.diagnostics.map(\.description).joined())
    }
  }

  /// Runs `main` on small whole numbers made from `seed`, so that sums are exact in any order.
  /// - Returns: what its memref arguments hold afterwards.
  func results(seed: UInt64) throws -> [[Double]] {
    var random = SmallNumbers(seed)
    guard let main = SymbolTable.lookup("main", in: module).flatMap(FuncOp.init) else { return [] }
    var memory: [ArrayStorage] = []
    var arguments: [RuntimeValue] = []
    for type in main.arguments.types {
      let element = type.elementType
      let format = try #require(ElementFormat(element))
      guard type.isMemRef else {
        let value = random.next()
        arguments.append(
          element.floatKind.map { .float(Double(value), $0) } ?? .integer(Int64(value)))
        continue
      }
      let values = (0..<(type.elementCount ?? 0)).map { _ in random.next() }
      let array =
        format.isFloat
        ? ArrayValue(format, shape: type.shape, values.map(Double.init))
        : ArrayValue(format, shape: type.shape, integers: values)
      memory.append(array.storage)
      arguments.append(.memref(MemRefValue(array.storage, shape: type.shape)))
    }
    do {
      let end = try Interpreter(module: module).run("main", arguments: arguments)
      withExtendedLifetime(end) {}
    } catch {
      throw Failure(message: context.diagnostics.diagnostics.map(\.description).joined())
    }
    return memory.map { storage in (0..<storage.count).map { storage.double($0) } }
  }
}

/// Whole numbers from -4 to 4.
struct SmallNumbers {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func bits() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func below(_ n: Int) -> Int { Int(bits() >> 33) % n }
  mutating func next() -> Int { below(9) - 4 }
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}
