import MartletIR
import MartletSupport

extension Linalg {
  /// Checks the shapes of a step of Winograd's convolution. With tiles of m results and a filter of r, a
  /// transformed tile has m + r - 1 elements; a dimension that is not transformed has one.
  static func verifyWinograd(_ operation: Operation, _ step: String) throws(Reported) {
    let sizes = [(2, 3), (4, 3), (2, 5)]
    let number = Int(operation.attribute("fmr")?.integerValue ?? 0)
    guard sizes.indices.contains(number) else { return }
    let (m, r) = sizes[number]
    let tile = m + r - 1
    let input = operation.operand(0).type.shape
    let output = operation.operand(1).type.shape
    let expected: [Int]
    switch step {
    case "filter":
      for (size, what) in [(input[1], "height"), (input[2], "width")] where size != r && size != 1 {
        throw operation.emitOpError("expect filter \(what) either equals to r or 1")
      }
      if input[1] == 1, input[2] == 1 {
        throw operation.emitOpError("expect either filter height or width equals to r")
      }
      expected = [input[1] == 1 ? 1 : tile, input[2] == 1 ? 1 : tile, input[3], input[0]]
    case "input":
      let parts = [(input[1], output[0] != 1), (input[2], output[1] != 1)].map {
        (size, isTransformed) -> (Int, Int) in
        if size == Type.dynamic { return (tile, Type.dynamic) }
        return isTransformed ? (tile, (size - (r - 1)) / m) : (1, size)
      }
      expected = [parts[0].0, parts[1].0, parts[0].1, parts[1].1, input[0], input[3]]
    default:
      var extents: [Int] = []
      for (size, count, what) in [
        (input[0], input[2], "height"), (input[1], input[3], "width"),
      ] {
        if size == Type.dynamic || count == Type.dynamic {
          extents.append(Type.dynamic)
          continue
        }
        if size != 1, size != tile {
          throw operation.emitOpError("expect input \(what) equals to input tile size")
        }
        extents.append((size == 1 ? 1 : m) * count)
      }
      expected = [input[4], extents[0], extents[1], input[5]]
    }
    let isCompatible = zip(expected, output).allSatisfy { (a: Int, b: Int) in
      a == b || a == Type.dynamic || b == Type.dynamic
    }
    if !isCompatible { throw operation.emitOpError("the output shape is not expected") }
  }
}
