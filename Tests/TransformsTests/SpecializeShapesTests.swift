import MartletDialects
import MartletIR
import MartletInterpreter
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

@testable import MartletTransforms

@Suite struct SpecializeShapesTests {
  private let program = """
    func.func @main(%x: tensor<?x?xf32>, %n: index, %flag: i1) -> (tensor<?x?xf32>, tensor<?xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %zero = arith.constant 0.0 : f32
      %rows = tensor.dim %x, %c0 : tensor<?x?xf32>
      %columns = tensor.dim %x, %c1 : tensor<?x?xf32>
      %half = arith.divsi %columns, %c2 : index
      %slice = tensor.extract_slice %x[0, %half] [%rows, %half] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
      %padded = tensor.pad %slice low[0, %c1] high[1, 0] {
      ^bb0(%i: index, %j: index):
        tensor.yield %zero : f32
      } : tensor<?x?xf32> to tensor<?x?xf32>
      %r = tensor.dim %padded, %c0 : tensor<?x?xf32>
      %c = tensor.dim %padded, %c1 : tensor<?x?xf32>
      %e = tensor.empty(%r, %c) : tensor<?x?xf32>
      %loop = scf.for %i = %c0 to %n step %c1 iter_args(%a = %padded) -> (tensor<?x?xf32>) {
        %1 = linalg.add ins(%a, %padded : tensor<?x?xf32>, tensor<?x?xf32>) outs(%e : tensor<?x?xf32>)
            -> tensor<?x?xf32>
        scf.yield %1 : tensor<?x?xf32>
      }
      %size = arith.muli %r, %c : index
      %flat = tensor.collapse_shape %loop [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
      %chosen = scf.if %flag -> (tensor<?xf32>) {
        scf.yield %flat : tensor<?xf32>
      } else {
        %f = tensor.empty(%size) : tensor<?xf32>
        %z = linalg.fill ins(%zero : f32) outs(%f : tensor<?xf32>) -> tensor<?xf32>
        scf.yield %z : tensor<?xf32>
      }
      return %loop, %chosen : tensor<?x?xf32>, tensor<?xf32>
    }
    """

  @Test func makesEverythingStatic() throws {
    let module = try parse(program)
    let array = ArrayValue(.f32, shape: [3, 8], (0..<24).map { Double($0) })
    let arguments: [RuntimeValue] = [.tensor(array), .index(4), .bool(true)]
    let before = try Interpreter(module: module).run("main", arguments: arguments)
    let function = try mainFunction(module)
    let context = module.context
    try specializeShapes(of: function, to: [context.tensor([3, 8], context.f32)])
    try Verifier().verify(module)
    module.walk { operation in
      for result in operation.results where result.type.isRankedTensor {
        #expect(result.type.hasStaticShape, "\(operation.name)")
      }
    }
    let type = try #require(FuncOp(function)).type
    #expect(type.results.map(\.shape) == [[4, 5], [20]])
    let after = try Interpreter(module: module).run("main", arguments: arguments)
    expectEqual(after, before)
  }

  @Test func keepsWhatGrowsInALoopDynamic() throws {
    let module = try parse(
      """
      func.func @main(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (tensor<?xf32>) {
          %b = tensor.concat dim(0) %a, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
          scf.yield %b : tensor<?xf32>
        }
        return %r : tensor<?xf32>
      }
      """)
    let function = try mainFunction(module)
    let context = module.context
    try specializeShapes(of: function, to: [context.tensor([3], context.f32)])
    try Verifier().verify(module)
    #expect(try mainView(module).type.results[0].shape == [Type.dynamic])
    let array = ArrayValue(.f32, shape: [3], [1, 2, 3])
    let results = try Interpreter(module: module).run(
      "main", arguments: [.tensor(array), .index(2)])
    #expect(elements(results[0]) == [1, 2, 3, 1, 2, 3, 1, 2, 3])
  }

  private func message(_ shape: [Int], _ element: (Context) -> Type) throws -> String {
    let context = keptContext()
    let module = try parse(
      "func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> { return %x : tensor<?x4xf32> }",
      context)
    let function = try mainFunction(module)
    do {
      try specializeShapes(of: function, to: [context.tensor(shape, element(context))])
      return ""
    } catch {
      return context.diagnostics.diagnostics.last?.message ?? ""
    }
  }

  @Test func namesTheArgumentThatDoesNotFit() throws {
    #expect(
      try message([3, 5]) { $0.f32 }
        == "argument 'x' is expected to be of type tensor<?x4xf32>, got tensor<3x5xf32>: dimension 1 differs"
    )
    #expect(try message([3]) { $0.f32 }.contains("ranks differ"))
    #expect(try message([3, 4]) { $0.f64 }.contains("element types differ"))
  }
}
