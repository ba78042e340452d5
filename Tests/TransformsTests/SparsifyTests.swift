import MartletDialects
import MartletIR
import MartletInterpreter
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

@testable import MartletTransforms

/// Loops over stored entries compute what the interpreter makes of the sparse tensor itself.
@Suite struct SparsifyTests {
  static let encodings: [(name: String, text: String)] = [
    ("csr", "map = (i, j) -> (i : dense, j : compressed)"),
    ("csc", "map = (i, j) -> (j : dense, i : compressed)"),
    ("dcsr", "map = (i, j) -> (i : compressed, j : compressed)"),
    ("coo", "map = (i, j) -> (i : compressed(nonunique), j : singleton(soa))"),
    ("narrow", "map = (i, j) -> (i : dense, j : compressed), posWidth = 32, crdWidth = 16"),
  ]

  private static let bodies: [(maps: String, iterators: String, other: String, out: String)] = [
    (  // y(i) += A(i, j) x(j)
      "(i, j) -> (i, j); (i, j) -> (j); (i, j) -> (i)", "parallel,reduction", "7", "5"
    ),
    (  // y(j) += A(i, j) x(i)
      "(i, j) -> (i, j); (i, j) -> (i); (i, j) -> (j)", "reduction,parallel", "5", "7"
    ),
    (  // C(i, k) += A(i, j) B(j, k)
      "(i, j, k) -> (i, j); (i, j, k) -> (j, k); (i, j, k) -> (i, k)",
      "parallel,reduction,parallel", "7x3", "5x3"
    ),
    (  // s += A(i, j) B(i, j)
      "(i, j) -> (i, j); (i, j) -> (i, j); (i, j) -> ()", "reduction,reduction", "5x7", ""
    ),
    (  // C(i, j) = A(i, j) B(i, j)
      "(i, j) -> (i, j); (i, j) -> (i, j); (i, j) -> (i, j)", "parallel,parallel", "5x7", "5x7"
    ),
  ]

  private static func program(_ encoding: String, _ body: Int, filled: Bool) -> String {
    let (maps, iterators, other, out) = bodies[body]
    let written = body == 4
    let mapText = maps.split(separator: ";").map { "affine_map<\($0)>" }.joined(separator: ", ")
    let iteratorText = iterators.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ", ")
    let type = { (shape: String) in shape.isEmpty ? "tensor<f64>" : "tensor<\(shape)xf64>" }
    let start =
      filled
      ? "%start = linalg.fill ins(%zero : f64) outs(%o : \(type(out))) -> \(type(out))"
      : "%start = tensor.cast %o : \(type(out)) to \(type(out))"
    return """
      #S = #sparse_tensor.encoding<{ \(encoding) }>
      func.func @main(%A: tensor<5x7xf64, #S>, %x: \(type(other)), %o: \(type(out))) -> \(type(out)) {
        %zero = arith.constant 0.25 : f64
        \(start)
        %y = linalg.generic {indexing_maps = [\(mapText)], iterator_types = [\(iteratorText)]}
            ins(%A, %x : tensor<5x7xf64, #S>, \(type(other))) outs(%start : \(type(out))) {
        ^bb0(%a: f64, %b: f64, %s: f64):
          %p = arith.mulf %a, %b : f64
          \(written ? "" : "%t = arith.addf %s, %p : f64")
          linalg.yield \(written ? "%p" : "%t") : f64
        } -> \(type(out))
        return %y : \(type(out))
      }
      """
  }

  @Test(arguments: 0..<50) func agreesWithTheInterpreter(_ number: Int) throws {
    let encoding = Self.encodings[number / 10]
    let text = Self.program(encoding.text, number % 10 / 2, filled: number % 2 == 0)
    let module = try parse(text)
    let function = try mainView(module)
    var numbers = Numbers(number + 3)
    var entries: [([Int], UInt64)] = []
    for i in 0..<5 where i != 2 {
      for j in 0..<7 where numbers.below(3) == 0 {
        entries.append(([i, j], numbers.number().bitPattern))
      }
    }
    let inputs = function.type.inputs
    let layout = try layout(inputs[0])
    let sparse = try SparseTensorValue(
      shape: [5, 7], layout: layout, format: .f64, entries: entries)
    let dense = inputs.dropFirst().map { type -> RuntimeValue in
      let count = type.elementCount ?? 0
      return .tensor(
        ArrayValue(.f64, shape: type.shape, (0..<count).map { _ in numbers.number() }))
    }
    let before = try Interpreter(module: module).run(
      "main", arguments: [.sparse(sparse)] + dense)

    let counts = try sparsify(function.operation, entries: [entries.count])
    #expect(counts.parameters == 1 && counts.loops == 1)
    try Verifier().verify(module)
    var arrays: [RuntimeValue] = []
    for level in layout.levels.indices {
      for storage in [sparse.positions[level], sparse.coordinates[level]] {
        guard let storage, storage.count > 0 else { continue }
        arrays.append(.tensor(ArrayValue(shape: [storage.count], storage: storage)))
      }
    }
    arrays.append(.tensor(ArrayValue(shape: [entries.count], storage: sparse.values)))
    let after = try Interpreter(module: module).run("main", arguments: arrays + dense)
    expectEqual(after, before, "\(encoding.name) \(text)")
  }

  private func layout(_ type: Type) throws -> SparseLayout {
    let encoding = try #require(type.encoding)
    return try #require(SparseLayout(encoding, rank: type.rank))
  }

  private func message(_ text: String) throws -> String {
    let context = keptContext()
    let module = try parse(text, context)
    let function = try mainFunction(module)
    do {
      try sparsify(function)
      return ""
    } catch {
      return context.diagnostics.diagnostics.last?.message ?? ""
    }
  }

  @Test func saysWhatCannotBeLowered() throws {
    let csr = "#S = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed) }>\n"
    let exponential = try message(
      csr + """
        #all = affine_map<(i, j) -> (i, j)>
        func.func @main(%A: tensor<5x7xf64, #S>, %o: tensor<5x7xf64>) -> tensor<5x7xf64> {
          %y = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
              ins(%A : tensor<5x7xf64, #S>) outs(%o : tensor<5x7xf64>) {
          ^bb0(%a: f64, %s: f64):
            %e = math.exp %a : f64
            linalg.yield %e : f64
          } -> tensor<5x7xf64>
          return %y : tensor<5x7xf64>
        }
        """)
    #expect(exponential.contains("where the sparse operand is zero"))
    let extraction = try message(
      csr + """
        func.func @main(%A: tensor<5x7xf64, #S>) -> f64 {
          %c = arith.constant 0 : index
          %y = tensor.extract %A[%c, %c] : tensor<5x7xf64, #S>
          return %y : f64
        }
        """)
    #expect(extraction.contains("'tensor.extract' op cannot be lowered"))
    let shape = try message(
      csr + """
        func.func @main(%A: tensor<?x7xf64, #S>) { return }
        """)
    #expect(shape.contains("its shape is not static"))
  }
}
