import MartletIR
import MartletSupport
import MartletSyntax

/// Types of the dialect.
extension GPU {
  /// What an asynchronous operation gives for others to wait for.
  public static let asyncToken = bare("gpu.async.token", "the end of an asynchronous operation")
  static let dnTensorHandle = bare("gpu.sparse.dntensor_handle", "handle of a dense tensor")
  static let spMatHandle = bare("gpu.sparse.spmat_handle", "handle of a sparse matrix")
  static let spGEMMHandle = bare(
    "gpu.sparse.spgemmop_handle", "descriptor of a product of sparse matrices")

  private static func bare(_ name: String, _ summary: String) -> TypeDefinition {
    TypeDefinition(
      name, summary,
      interfaces: [
        TypeAssembly(
          parse: { (parser) throws(Reported) in
            guard let definition = parser.context.typeDefinition(named: name) else {
              throw parser.error("unknown type '\(name)'")
            }
            return parser.context.type(definition)
          }, print: { _, _ in })
      ])
  }

  /// `!gpu.mma_matrix<16x8xf16, "AOp">`; its words are rows, columns, the element type and which operand
  /// of a product it is.
  public static let mmaMatrixType = TypeDefinition(
    "gpu.mma_matrix", "a matrix that the threads of a subgroup hold together",
    interfaces: [
      TypeAssembly(
        parse: { (parser) throws(Reported) in
          let offset = parser.offset
          try parser.parse(.less)
          let shape = try parser.parseDimensionList(allowDynamic: false)
          let element = try parser.parseType()
          try parser.parse(.comma)
          let word = parser.parseOptionalString() ?? ""
          try parser.parse(.greater)
          guard let operand = MMAMatrix.operands.firstIndex(of: word) else {
            throw parser.error("operand expected to be one of AOp, BOp or COp", at: offset)
          }
          if shape.count != 2 {
            throw parser.error("MMAMatrixType must have exactly two dimensions", at: offset)
          }
          if !["f16", "f32", "f64", "ui8", "si8", "i32"].contains("\(element)") {
            throw parser.error(
              "MMAMatrixType elements must be SI8, UI8, I32, F16, F32, or F64", at: offset)
          }
          guard let definition = parser.context.typeDefinition(named: "gpu.mma_matrix") else {
            throw parser.error("unknown type 'gpu.mma_matrix'", at: offset)
          }
          return parser.context.type(
            definition,
            shape.map { UInt64(bitPattern: Int64($0)) } + [UInt64(element.raw), UInt64(operand)])
        },
        print: { printer, type in
          guard let matrix = MMAMatrix(type) else { return }
          printer.write("<\(matrix.rows)x\(matrix.columns)x")
          printer.type(matrix.element)
          printer.write(", \"\(matrix.operand)\">")
        })
    ])
}

/// A view of a `!gpu.mma_matrix`.
struct MMAMatrix {
  static let operands = ["AOp", "BOp", "COp"]

  let rows: Int
  let columns: Int
  let element: Type
  let operand: String

  init?(_ type: Type) {
    guard type.is(GPU.mmaMatrixType), type.words.count == 4, type.words[3] < 3 else { return nil }
    rows = Int(Int64(bitPattern: type.words[0]))
    columns = Int(Int64(bitPattern: type.words[1]))
    element = type.typeWord(2)
    operand = MMAMatrix.operands[Int(type.words[3])]
  }
}
