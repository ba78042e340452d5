import MartletIR

/// An operation of the `onnx` dialect seen through its operator's schema.
///
/// The same view serves shape inference, where only constant operands have values, and evaluation, where
/// `inputs` gives them all.
public struct ONNXOperation {
  public let operation: Operation
  public let schema: ONNXOperator
  /// The version of ONNX's operator set the model was written for.
  public let opset: Int
  /// The operands' values while evaluating, nil for an absent one; nil as a whole otherwise.
  public var inputs: [ONNXArray?]?

  /// Nil where `operation` is not one of the dialect's operators.
  public init?(_ operation: Operation, inputs: [ONNXArray?]? = nil) {
    guard let schema = operation.interface(ONNXOperator.self) else { return nil }
    self.operation = operation
    self.schema = schema
    self.inputs = inputs
    opset = ONNXDialect.opset(of: operation)
  }

  public var context: Context { operation.context }
  public var inputCount: Int { operation.operandCount }
  public var outputCount: Int { operation.resultCount }

  // MARK: Inputs

  /// Whether input `i` is given.
  public func has(_ i: Int) -> Bool {
    i < inputCount && operation.operand(i).type.kind != BuiltinTypeKind.none
  }

  /// Whether output `i` is wanted.
  public func wants(_ i: Int) -> Bool {
    i < outputCount && operation.result(i).type.kind != BuiltinTypeKind.none
  }

  private func portName(_ i: Int) -> String { schema.input(i).map { "'\($0.name)'" } ?? "\(i)" }

  /// The shape of input `i`, which must be given and have a static shape.
  public func shape(_ i: Int) throws -> [Int] {
    if let value = inputs?[i] { return value.shape }
    guard has(i) else { throw ONNXError("the input \(portName(i)) is missing") }
    let type = operation.operand(i).type
    guard type.hasStaticShape else {
      throw ONNXError("the shape of the input \(portName(i)) is not known")
    }
    let shape = type.shape
    _ = try elementCount(shape)
    return shape
  }

  public func element(_ i: Int) throws -> Type {
    if let value = inputs?[i] { return value.element }
    guard has(i) else { throw ONNXError("the input \(portName(i)) is missing") }
    return operation.operand(i).type.elementType
  }

  /// The value of input `i` where it is known; nil where it is absent or computed at run time.
  public func value(_ i: Int) -> ONNXArray? {
    if let inputs { return i < inputs.count ? inputs[i] : nil }
    guard has(i) else { return nil }
    return ONNXDialect.constant(operation.operand(i)).flatMap(ONNXArray.init)
  }

  /// The integers of input `i`, which must be known when the model is compiled; nil where it is absent.
  public func integers(_ i: Int) throws -> [Int]? {
    guard i < inputCount, has(i) else { return nil }
    guard let value = value(i) else {
      throw ONNXError(
        "the input \(portName(i)) must be a constant or follow from the shapes of the inputs")
    }
    guard let integers = value.integers, value.shape.count <= 1 else {
      throw ONNXError("the input \(portName(i)) must be a list of integers")
    }
    return integers
  }

  /// The only number of input `i`; nil where the input is absent.
  public func scalar(_ i: Int) throws -> Double? {
    guard i < inputCount, has(i) else { return nil }
    guard let value = value(i) else {
      throw ONNXError("the input \(portName(i)) must be a constant")
    }
    guard value.count == 1 else {
      throw ONNXError("the input \(portName(i)) must have one element, not \(value.count)")
    }
    return value.double(0)
  }

  // MARK: Attributes

  /// The value or the schema's default, which the caller knows to exist.
  public func int(_ name: String) -> Int {
    if let value = optionalInt(name) { return value }
    if case .int(let value) = schema.parameter(name)?.defaultValue { return value }
    return 0
  }
  public func optionalInt(_ name: String) -> Int? {
    operation.attribute(name)?.integerValue.map { Int($0) }
  }
  public func flag(_ name: String) -> Bool { int(name) != 0 }

  public func float(_ name: String) -> Double {
    if let value = operation.attribute(name)?.floatValue { return value }
    if case .float(let value) = schema.parameter(name)?.defaultValue { return value }
    return 0
  }
  public func string(_ name: String) -> String {
    if let value = operation.attribute(name)?.stringValue { return value }
    if case .string(let value) = schema.parameter(name)?.defaultValue { return value }
    return ""
  }
  public func ints(_ name: String) -> [Int]? { operation.attribute(name)?.integers }
  public func strings(_ name: String) -> [String]? {
    operation.attribute(name)?.elements?.compactMap(\.stringValue)
  }
  public func floats(_ name: String) -> [Double]? {
    operation.attribute(name)?.denseArrayWords.map {
      Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))
    }
  }

  // MARK: Shapes

  /// `axis` counted from the front, for a tensor of `rank` dimensions.
  public func axis(_ axis: Int, rank: Int) throws -> Int {
    guard axis >= -rank, axis < rank else {
      throw ONNXError("axis \(axis) is not one of a tensor of rank \(rank)")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Distinct axes counted from the front, in the order given.
  public func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let found = try axes.map { try axis($0, rank: rank) }
    for (i, axis) in found.enumerated() where found[..<i].contains(axis) {
      throw ONNXError("axis \(axis) is given twice")
    }
    return found
  }

  /// The axes in an attribute before operator set `version` and in input `i` from then on.
  public func axesParameter(input i: Int, from version: Int) throws -> [Int]? {
    opset >= version ? try integers(i) : ints("axes")
  }
}

/// The shape two or more shapes broadcast to, by numpy's rules.
/// - Throws: an `ONNXError` that names the extents that differ.
public func broadcastShape(_ shapes: [[Int]]) throws -> [Int] {
  var result: [Int] = []
  for shape in shapes {
    if shape.count > result.count {
      result = Array(repeating: 1, count: shape.count - result.count) + result
    }
    let skip = result.count - shape.count
    for (i, extent) in shape.enumerated() where extent != 1 {
      guard result[skip + i] == 1 || result[skip + i] == extent else {
        let text = shapes.map { "\($0)" }.joined(separator: " and ")
        throw ONNXError("the shapes \(text) do not broadcast together")
      }
      result[skip + i] = extent
    }
  }
  return result
}

/// The product of extents.
/// - Throws: where it is too large for any memory, or would be but for an extent of 0: so the product of
///   some of the extents of a shape that passes never overflows.
public func elementCount(_ shape: [Int]) throws -> Int {
  var count = 1
  for extent in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
    guard !overflow, product < 1 << 56, extent >= 0 else {
      throw ONNXError("a tensor of shape \(shape) is too large")
    }
    count = product
  }
  return shape.contains(0) ? 0 : count
}
