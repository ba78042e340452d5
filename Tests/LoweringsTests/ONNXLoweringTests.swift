import MartletDialects
import MartletIR
import Testing

@testable import MartletLowerings

@Suite struct ONNXLoweringTests {
  private func groups(_ a: [Int], _ b: [Int]) -> String? {
    ONNXOpLowering.reassociation(a, b).map { groups in
      groups.map { "\($0.from)->\($0.to)" }.joined(separator: " ")
    }
  }

  @Test func groupsDimensionsThatHoldTheSameElements() {
    #expect(groups([2, 3, 4], [6, 4]) == "[0, 1]->[0] [2]->[1]")
    #expect(groups([6, 4], [2, 3, 4]) == "[0]->[0, 1] [1]->[2]")
    #expect(groups([2, 3, 4], [4, 6]) == "[0, 1, 2]->[0, 1]")
    #expect(groups([1, 128], [128]) == "[0, 1]->[0]")
    #expect(groups([128], [128, 1, 1]) == "[0]->[0, 1, 2]")
    #expect(groups([2, 1, 3], [2, 3]) == "[0]->[0] [1, 2]->[1]")
    #expect(groups([1, 1], []) == "")
    #expect(groups([2, 3], [5]) == nil)
  }

  @Test func transposesConstants() throws {
    let context = Context()
    let type = context.tensor([2, 3], context.f32)
    let matrix = context.dense(type, floats: [1, 2, 3, 4, 5, 6])
    let constants = ONNXConstants(context)
    let transposed = try constants.transposed(matrix, shape: [2, 3], permutation: [1, 0])
    #expect(transposed.type == context.tensor([3, 2], context.f32))
    #expect(ONNXArray(transposed)?.floats == [1, 4, 2, 5, 3, 6])
    let row = try constants.transposed(matrix, start: 3, shape: [3, 1], permutation: [1, 0])
    #expect(ONNXArray(row)?.floats == [4, 5, 6])
    let splat = context.dense(type, floats: [7, 7, 7, 7, 7, 7])
    #expect(
      try constants.transposed(splat, shape: [2, 3], permutation: [1, 0])
        == context.dense(context.tensor([3, 2], context.f32), floats: [7, 7, 7, 7, 7, 7]))
    withExtendedLifetime(context) {}
  }

  @Test func transposesLargeConstantsInMemoryOfTheirOwn() throws {
    let context = Context()
    let shape = [3, 5, 7, 2]
    let values = (0..<210).map { Double($0) }
    let array = ONNXArray(context.f32, shape, floats: values)
    let bytes = values.map { Float($0) }
    let attribute = bytes.withUnsafeBytes { buffer in
      context.addResource(key: "w", copying: buffer)
      return context.denseResource(context.tensor(shape, context.f32), key: "w")
    }
    let permutation = [2, 3, 1, 0]
    let transposed = try ONNXConstants(context).transposed(
      attribute, shape: shape, permutation: permutation)
    #expect(transposed.resourceKey?.string == "w.transposed")
    let expected = try array.transposed(permutation)
    #expect(ONNXArray(transposed)?.floats == expected.floats)
    withExtendedLifetime(context) {}
  }

  @Test func copiesConstantsThatAreNotAligned() throws {
    let context = Context()
    let bytes: [UInt8] =
      [0]
      + [Float](repeating: 1.5, count: 20).flatMap { value in
        withUnsafeBytes(of: value) { Array($0) }
      }
    let type = context.tensor([20], context.f32)
    try bytes.withUnsafeBytes { buffer in
      // Whether the array starts at an odd address or not, one of the two views is not aligned.
      for start in 0...1 {
        let view = UnsafeRawBufferPointer(rebasing: buffer[start..<start + 80])
        context.addResource(key: "b\(start)", bytes: view, owner: nil)
        let aligned = try ONNXConstants(context).aligned(
          context.denseResource(type, key: "b\(start)"))
        let address = try #require(aligned.denseElements?.bytes.baseAddress)
        #expect(Int(bitPattern: address) % 4 == 0)
      }
    }
    withExtendedLifetime(context) {}
  }
}
