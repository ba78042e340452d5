import MartletDialects
import MartletIR
import MartletSupport
import Testing

@Suite struct SparseTensorTests {
  @Test func text() throws { try TextCase(name: "sparse_tensor/encodings").check() }

  private func encoding(_ text: String) throws -> SparseEncoding {
    let context = IRText.makeContext()
    let module = try IRText.parse(
      "func.func private @f(tensor<8x9xf32, #sparse_tensor.encoding<{ \(text) }>>)", context)
    let function = IRText.operations("func.func", in: module)[0]
    // The view holds a handle into the context, which must outlive it.
    contexts.keep(context)
    return try #require(
      function.attribute("function_type")?.typeValue?.inputs[0].sparseEncoding)
  }

  private final class Contexts {
    var all: [Context] = []
    func keep(_ context: Context) { all.append(context) }
  }
  private let contexts = Contexts()

  @Test func compressedRows() throws {
    let csr = try encoding("map = (i, j) -> (i : dense, j : compressed), posWidth = 32")
    #expect(csr.levels == [LevelType(.dense), LevelType(.compressed)])
    #expect(csr.isIdentity && csr.positionType.isInteger(32) && csr.coordinateType.isIndex)
    #expect(csr.interleavedStart == 2)
    #expect(csr.levelShape([8, 9]) == [8, 9])
  }

  @Test func compressedColumnsPermute() throws {
    let csc = try encoding("map = (i, j) -> (j : dense, i : compressed)")
    #expect(!csc.isIdentity && csc.isPermutation)
    #expect(csc.levelShape([8, 9]) == [9, 8])
  }

  @Test func coordinateLists() throws {
    let coo = try encoding("map = (i, j) -> (i : compressed(nonunique), j : singleton)")
    #expect(coo.interleavedStart == 0)
    let soa = try encoding("map = (i, j) -> (i : compressed(nonunique), j : singleton(soa))")
    #expect(soa.interleavedStart == 2)
  }

  @Test func blocksInvert() throws {
    let bsr = try encoding(
      "map = (i, j) -> (i floordiv 2 : dense, j floordiv 3 : compressed, i mod 2 : dense, j mod 3 : dense)"
    )
    #expect(bsr.levelShape([8, 9]) == [4, 3, 2, 3])
    let inverse = try #require(bsr.lvlToDim)
    let point = try #require(bsr.dimToLvl.evaluate([5, 7]))
    #expect(inverse.evaluate(point) == [5, 7])
  }

  @Test func levelBitsRoundTrip() {
    for format in LevelType.Format.allCases {
      var level = LevelType(format, isUnique: false, isOrdered: false)
      level.n = 2
      level.m = 4
      #expect(LevelType(bits: level.bits) == level)
    }
    #expect(LevelType(bits: 0) == nil)
  }

  @Test(arguments: [
    ("posWidth = 42, map = (i, j) -> (i : dense, j : dense)", "unexpected position bitwidth: 42"),
    (
      "map = (i, j) -> (i : dense, j : singleton)",
      "expected compressed or loose_compressed level before singleton level"
    ),
    ("map = (i, j) -> (i : dense, j : other)", "unknown level format: other"),
    ("what = 1", "unexpected key: what"),
    ("posWidth = 8", "expected a non-empty array for lvlTypes"),
    ("map = (i, j) -> (i : dense, j : structured[5, 4])", "expected n <= m in n_out_of_m"),
  ])
  func badEncodings(_ text: String, _ expected: String) {
    let module = "func.func private @f(tensor<8x9xf32, #sparse_tensor.encoding<{ \(text) }>>)"
    #expect(IRText.message(module) == expected)
  }

  @Test func levelsAreChecked() {
    let message = IRText.message(
      """
      #CSR = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed) }>
      func.func @f(%a: tensor<8x9xf32, #CSR>) {
        %p = sparse_tensor.positions %a {level = 2 : index} : tensor<8x9xf32, #CSR> to memref<?xindex>
        return
      }
      """)
    #expect(message == "requested level is out of bounds")
  }
}
