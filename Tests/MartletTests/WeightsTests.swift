import Foundation
import Martlet
import MartletRuntime
import TestSupport
import Testing

/// Where a compiled program has its weights.
@Suite struct WeightsTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  /// `y = x + w` with 2,048 weights in a file beside the model, from byte `offset` on.
  private func model(offset: Int) throws -> String {
    let weights = (0..<2048).map { Float($0) }
    _ = try scratch.write("w.bin", [UInt8](repeating: 7, count: offset) + raw(weights))
    let weight = tensor("w", shape: [2048]) {
      for (key, text) in [("location", "w.bin"), ("offset", "\(offset)"), ("length", "8192")] {
        $0.message(
          13,
          Message { entry in
            entry.text(1, key)
            entry.text(2, text)
          })
      }
      $0.int(14, 1)
    }
    let graph = graph(
      nodes: [node("add", "Add", ["x", "w"], ["y"])], initializers: [weight],
      inputs: [value("x", [2048])], outputs: [value("y", [2048])])
    return try scratch.write("m.onnx", TestSupport.model(graph).bytes)
  }

  private func run(_ program: Program) throws -> [Float] {
    var x = try Tensor(zeros: .f32, shape: [2048])
    x.withUnsafeMutableBytes { $0.bindMemory(to: Float.self)[3] = 0.5 }
    let y = try #require(try program.run(["x": x])["y"])
    return y.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  /// In the file itself where they are aligned there; with and without the compiled code from the cache.
  @Test(arguments: [0, 64, 4, 3]) func weightsStayInTheirFile(_ offset: Int) throws {
    var options = CompileOptions()
    options.cacheDirectory = scratch.path + "/cache"
    let path = try model(offset: offset)
    for _ in 0..<2 {
      let program = try Program(contentsOf: path, options: options)
      let values = try run(program)
      #expect(values[3] == 3.5 && values[2047] == 2047)
      let executable = try program.executable(
        for: [("x", .dense(try Tensor(zeros: .f32, shape: [2048])))])
      let constants = try #require(executable.plan.constants.first)
      if case .file(let file, offset, 8192) = constants.source {
        #expect(file.hasSuffix("w.bin") && offset % 4 == 0)
      } else {
        #expect(offset % 4 != 0, "\(constants.source)")
      }
    }
    // Other weights of the same name are other weights.
    _ = try scratch.write("w.bin", [UInt8](repeating: 0, count: offset + 8192))
    #expect(try run(try Program(contentsOf: path, options: options))[2047] == 0)
  }
}
