import MartletIR
import MartletSupport

/// What is wrong with one operation of the `onnx` dialect; who catches it says which one it is.
public struct ONNXError: Error {
  public let message: String
  public init(_ message: String) { self.message = message }
}

/// The declaration of an ONNX operator: its schema, as data, and its meaning.
///
/// The operation `onnx.<name>` is derived from it (`definition`). An operation has one operand for each
/// input the node lists; an input left out in the middle is the result of `onnx.NoValue`, of type `none`,
/// and inputs left out at the end are not there. Likewise a result for each listed output, of type `none`
/// where the output is not wanted. Attributes that are left out stay out: defaults, which may depend
/// on the operator set's version, are the schema's affair (`ONNXOperation.int` and friends).
public struct ONNXOperator: OpInterface {
  /// A declared input or output.
  public struct Port: Sendable {
    public enum Kind: Sendable { case required, optional, variadic }
    public let name: String
    public let kind: Kind
    /// The first operator set version that has it.
    public let since: Int
  }

  /// A declared attribute.
  public struct Parameter: Sendable {
    public enum Kind: String, Sendable {
      case int, float, string, ints, floats, strings, tensor
    }
    public enum Default: Sendable {
      case int(Int)
      case float(Double)
      case string(String)
      case floats([Double])
    }
    public let name: String
    public let kind: Kind
    public let defaultValue: Default?
    public let isRequired: Bool
    /// The operator set versions that have it.
    public let versions: Range<Int>

    public static func int(_ name: String, _ value: Int? = nil, in v: Range<Int> = all) -> Parameter
    {
      Parameter(
        name: name, kind: .int, defaultValue: value.map { .int($0) }, isRequired: false,
        versions: v)
    }
    public static func float(_ name: String, _ value: Double? = nil, in v: Range<Int> = all)
      -> Parameter
    {
      Parameter(
        name: name, kind: .float, defaultValue: value.map { .float($0) }, isRequired: false,
        versions: v)
    }
    public static func string(_ name: String, _ value: String? = nil, in v: Range<Int> = all)
      -> Parameter
    {
      Parameter(
        name: name, kind: .string, defaultValue: value.map { .string($0) }, isRequired: false,
        versions: v)
    }
    public static func of(_ kind: Kind, _ name: String, in v: Range<Int> = all) -> Parameter {
      Parameter(name: name, kind: kind, defaultValue: nil, isRequired: false, versions: v)
    }
    public static func ints(_ name: String, in v: Range<Int> = all) -> Parameter {
      of(.ints, name, in: v)
    }
    public func required() -> Parameter {
      Parameter(
        name: name, kind: kind, defaultValue: defaultValue, isRequired: true, versions: versions)
    }
    public static var all: Range<Int> { 1..<Int.max }
  }

  /// Which element types an operator's main inputs may have.
  public enum ElementClass: String, Sendable {
    case any
    case numeric = "a number"
    case float = "a floating-point number"
    case integer = "an integer"
    case bool = "a bool"
  }

  /// The element types of the results.
  public enum ResultElement: Sendable {
    case input(Int)
    case bool, int64
    /// Computed from the operation, one for each possible output.
    case computed(@Sendable (ONNXOperation) throws -> [Type])
  }

  public let name: String
  public let summary: String
  /// The versions of ONNX's operator set in which the operator changed, of those that are understood,
  /// ascending. Models of an operator set before the first are refused.
  public let since: [Int]
  public let inputs: [Port]
  public let outputs: [Port]
  public let attributes: [Parameter]
  public let elements: ElementClass
  /// Which inputs must have the element type of input 0; nil for all.
  public let uniform: [Int]?
  public let resultElement: ResultElement
  /// The shapes of the results that are there.
  public let infer: @Sendable (ONNXOperation) throws -> [[Int]]
  /// The reference semantics: the results, from the values in `ONNXOperation.inputs`.
  public let evaluate: @Sendable (ONNXOperation) throws -> [ONNXArray]

  /// - Parameters:
  ///   - inputs: names, each followed by `?` where optional or `*` where variadic and by `@n` where it came
  ///     with operator set n: `"data pads?@11"`.
  ///   - outputs: likewise.
  public init(
    _ name: String, _ summary: String, since: [Int], inputs: String, outputs: String = "Y",
    attributes: [Parameter] = [], elements: ElementClass = .any, uniform: [Int]? = nil,
    resultElement: ResultElement = .input(0),
    infer: @escaping @Sendable (ONNXOperation) throws -> [[Int]],
    evaluate: @escaping @Sendable (ONNXOperation) throws -> [ONNXArray]
  ) {
    self.name = name
    self.summary = summary
    self.since = since
    self.inputs = Self.ports(inputs)
    self.outputs = Self.ports(outputs)
    self.attributes = attributes
    self.elements = elements
    self.uniform = uniform
    self.resultElement = resultElement
    self.infer = infer
    self.evaluate = evaluate
  }

  private static func ports(_ text: String) -> [Port] {
    text.split(separator: " ").map { word in
      let parts = word.split(separator: "@")
      var name = parts[0]
      var kind = Port.Kind.required
      if name.hasSuffix("?") { kind = .optional }
      if name.hasSuffix("*") { kind = .variadic }
      if kind != .required { name = name.dropLast() }
      return Port(
        name: String(name), kind: kind, since: parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }
  }

  /// How many inputs an operation must have, and may have.
  public var inputCounts: ClosedRange<Int> { Self.counts(inputs) }
  public var outputCounts: ClosedRange<Int> { Self.counts(outputs) }

  private static func counts(_ ports: [Port]) -> ClosedRange<Int> {
    let minimum = (ports.lastIndex { $0.kind == .required } ?? -1) + 1
    let isOpen = ports.last?.kind == .variadic
    return minimum...(isOpen ? Int.max : ports.count)
  }

  /// The input declared for position `i`.
  public func input(_ i: Int) -> Port? {
    if i < inputs.count { return inputs[i] }
    return inputs.last?.kind == .variadic ? inputs.last : nil
  }

  public func parameter(_ name: String) -> Parameter? { attributes.first { $0.name == name } }

  /// The version of the operator that a model of operator set `opset` means; nil before the first.
  public func version(in opset: Int) -> Int? { since.last { $0 <= opset } }
}

// MARK: The declaration of the operation

extension ONNXOperator {
  private static let tensorOrNone = TypeConstraint("tensor of any type values or none type") {
    $0.isTensor || $0.kind == BuiltinTypeKind.none
  }

  /// The declaration of `onnx.<name>`.
  public func definition() -> OpDefinition {
    OpDefinition(
      "onnx.\(name)", summary, operands: Self.values(inputs), results: Self.values(outputs),
      attributes: attributes.map { AttributeSlot($0.name, $0.constraint, optional: true) },
      traits: name == "Constant" ? [.pure, .constantLike] : [.pure],
      verify: { operation throws(Reported) in try verifyCounts(operation) },
      interfaces: [self])
  }

  /// Required ports by name, then one variadic group for the rest.
  private static func values(_ ports: [Port]) -> [ValueDefinition] {
    let required = (ports.lastIndex { $0.kind == .required } ?? -1) + 1
    var values = ports[..<required].map { ValueDefinition($0.name, tensorOrNone) }
    if required < ports.count {
      let name = ports.count == required + 1 ? ports[required].name : "optionals"
      values.append(.variadic(name, tensorOrNone))
    }
    return values
  }

  private func verifyCounts(_ operation: Operation) throws(Reported) {
    guard operation.operandCount <= inputCounts.upperBound else {
      throw operation.emitOpError(
        "has \(operation.operandCount) operands, at most \(inputCounts.upperBound) are allowed")
    }
    guard operation.resultCount <= outputCounts.upperBound else {
      throw operation.emitOpError(
        "has \(operation.resultCount) results, at most \(outputCounts.upperBound) are allowed")
    }
    for (i, port) in inputs.enumerated()
    where port.kind == .required && operation.operand(i).type.kind == BuiltinTypeKind.none {
      throw operation.emitOpError("lacks its input '\(port.name)'")
    }
  }
}

extension ONNXOperator.Parameter {
  var constraint: AttributeConstraint {
    switch kind {
    case .int: .i64
    case .float:
      AttributeConstraint("32-bit float attribute", form: .typed { $0.f32 }) {
        $0.type?.isFloat(.f32) ?? false
      }
    case .string: .string
    case .ints: .denseI64Array
    case .floats:
      AttributeConstraint("f32 dense array attribute", form: .denseArray { $0.f32 }) {
        $0.denseArrayElementType?.isFloat(.f32) ?? false
      }
    case .strings:
      AttributeConstraint("string array attribute") {
        $0.elements?.allSatisfy { $0.kind == .string } ?? false
      }
    case .tensor: .elements
    }
  }
}
