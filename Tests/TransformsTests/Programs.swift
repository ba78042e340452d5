import MartletDialects
import MartletIR
import MartletInterpreter
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

@testable import MartletTransforms

/// A context that is never freed, so that handles into it may outlive every reference to it.
func keptContext() -> Context {
  let context = Unmanaged.passRetained(Context()).takeUnretainedValue()
  registerAllDialects(context)
  Printer.install(in: context)
  return context
}

/// Parses and verifies a module.
func parse(_ text: String, _ context: Context = keptContext()) throws -> Operation {
  let module = try Parser(SourceFile(name: "test", text: text), context: context).parseModule()
  try Verifier().verify(module)
  return module
}

func mainFunction(_ module: Operation) throws -> Operation {
  try #require(SymbolTable.lookup("main", in: module))
}

func mainView(_ module: Operation) throws -> FuncOp {
  let function = try mainFunction(module)
  return try #require(FuncOp(function))
}

/// Runs passes, in order, on the functions of a module or, where `onModule` holds, on the module; verifies after
/// each.
func run(_ passes: [Pass], on module: Operation) throws {
  for pass in passes {
    if pass.anchor == nil {
      try pass.run(on: module)
    } else {
      for function in module.operations(Func.func) { try pass.run(on: function) }
    }
    try Verifier().verify(module)
  }
}

/// A small, fast generator: results do not depend on the machine.
struct Numbers {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
  mutating func below(_ n: Int) -> Int { Int(next() >> 33) % n }
  /// Between -2 and 2, in eighths.
  mutating func number() -> Double { Double(below(33) - 16) / 8 }
  mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
}

/// Random arguments for the parameters of `main`.
func randomArguments(_ module: Operation, _ seed: Int) throws -> [RuntimeValue] {
  var numbers = Numbers(seed)
  return try mainView(module).type.inputs.map { type in
    let format = try #require(ElementFormat(type.elementType))
    let count = try #require(type.elementCount)
    let values = (0..<count).map { _ in numbers.number() }
    return type.elementType.isFloat
      ? .tensor(ArrayValue(format, shape: type.shape, values))
      : .tensor(ArrayValue(format, shape: type.shape, integers: values.map { Int($0) }))
  }
}

/// The elements of a tensor or a scalar.
func elements(_ value: RuntimeValue) -> [Double] {
  if let array = value.array {
    if case .float = array.format { return array.doubles }
    return array.integers.map { Double($0) }
  }
  return [value.double ?? value.integer.map { Double($0) } ?? .nan]
}

func expectEqual(_ a: [RuntimeValue], _ b: [RuntimeValue], _ note: String = "") {
  #expect(a.count == b.count)
  for (x, y) in zip(a, b) {
    let (xs, ys) = (elements(x), elements(y))
    #expect(x.array?.shape == y.array?.shape, "\(note)")
    guard xs.count == ys.count else {
      Issue.record("\(xs.count) elements and \(ys.count): \(note)")
      continue
    }
    let isSame = zip(xs, ys).allSatisfy {
      $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= 1e-5 * max(1, abs($1))
    }
    #expect(isSame, "\(xs.prefix(12)) and \(ys.prefix(12)): \(note)")
  }
}

/// Checks that passes leave what a module computes as it was.
@discardableResult
func expectUnchangedMeaning(_ text: String, _ passes: [Pass], seed: Int = 1) throws -> Operation {
  let module = try parse(text)
  let arguments = try randomArguments(module, seed)
  let before = try Interpreter(module: module).run("main", arguments: arguments)
  try run(passes, on: module)
  let after = try Interpreter(module: module).run("main", arguments: arguments)
  expectEqual(after, before, text)
  return module
}
