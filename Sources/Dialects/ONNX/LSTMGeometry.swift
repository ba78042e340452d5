import MartletIR

/// Sizes and options of `LSTM`.
public struct LSTMGeometry {
  public enum Activation: String { case sigmoid = "Sigmoid", tanh = "Tanh", relu = "Relu" }

  public var steps: Int
  public var batch: Int
  public var inputSize: Int
  public var hidden: Int
  public var directions: Int
  /// For each direction whether it runs from the last step to the first.
  public var reversed: [Bool]
  /// For each direction the functions f, g and h.
  public var activations: [[Activation]]
  public var clip: Double?
  public var couplesInputAndForget: Bool
  /// Whether the batch comes before the steps in X and Y (`layout` 1).
  public var isBatchFirst: Bool

  public init(_ op: ONNXOperation) throws {
    let x = try op.shape(0)
    let w = try op.shape(1)
    let r = try op.shape(2)
    guard x.count == 3, w.count == 3, r.count == 3 else {
      throw ONNXError("X, W and R must have 3 dimensions")
    }
    isBatchFirst = op.flag("layout")
    steps = isBatchFirst ? x[1] : x[0]
    batch = isBatchFirst ? x[0] : x[1]
    inputSize = x[2]
    hidden = op.optionalInt("hidden_size") ?? r[2]
    switch op.string("direction") {
    case "forward": reversed = [false]
    case "reverse": reversed = [true]
    case "bidirectional": reversed = [false, true]
    case let other: throw ONNXError("the attribute 'direction' has the unknown value '\(other)'")
    }
    directions = reversed.count
    guard hidden > 0, hidden < 1 << 31, w == [directions, 4 * hidden, inputSize],
      r == [directions, 4 * hidden, hidden]
    else {
      throw ONNXError(
        "W of shape \(w) and R of shape \(r) do not fit \(directions) directions of \(hidden) "
          + "hidden and \(inputSize) input values")
    }
    let state = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
    let expected: [(Int, String, [Int])] = [
      (3, "B", [directions, 8 * hidden]), (4, "sequence_lens", [batch]), (5, "initial_h", state),
      (6, "initial_c", state), (7, "P", [directions, 3 * hidden]),
    ]
    for (input, name, shape) in expected where op.has(input) {
      let actual = try op.shape(input)
      guard actual == shape else { throw ONNXError("\(name) has shape \(actual), not \(shape)") }
    }
    clip = op.operation.attribute("clip") == nil ? nil : op.float("clip")
    couplesInputAndForget = op.flag("input_forget")
    activations = try Self.activations(op, directions)
  }

  private static func activations(_ op: ONNXOperation, _ directions: Int) throws
    -> [[Activation]]
  {
    guard let names = op.strings("activations") else {
      return Array(repeating: [.sigmoid, .tanh, .tanh], count: directions)
    }
    guard names.count == 3 * directions else {
      throw ONNXError("there are \(names.count) activations, not \(3 * directions)")
    }
    let found = try names.map { name in
      let title = name.prefix(1).uppercased() + name.dropFirst().lowercased()
      guard let activation = Activation(rawValue: title) else {
        throw ONNXError("the activation '\(name)' is not supported")
      }
      return activation
    }
    return (0..<directions).map { Array(found[3 * $0..<3 * $0 + 3]) }
  }

  public var outputShapes: [[Int]] {
    isBatchFirst
      ? [
        [batch, steps, directions, hidden], [batch, directions, hidden],
        [batch, directions, hidden],
      ]
      : [
        [steps, directions, batch, hidden], [directions, batch, hidden],
        [directions, batch, hidden],
      ]
  }
}
