import MartletSupport

/// A model as its file says it (`ModelProto`), decoded and checked: names are defined once and
/// before they are used, weights have the sizes their shapes ask for.
public struct ONNXModel: Sendable {
  /// The file's name in diagnostics.
  public var path: String
  public var irVersion: Int
  public var operatorSets: [ONNXOperatorSet]
  public var producerName = ""
  public var producerVersion = ""
  public var domain = ""
  public var modelVersion = 0
  public var documentation = ""
  public var metadata: [ONNXMetadata] = []
  public var graph: ONNXGraph
  /// Operators the model defines by itself.
  public var functions: [ONNXFunction] = []
  /// Whether the model carries graphs for training, which are not decoded.
  public var hasTrainingInfo = false

  /// The version of the operator set that operators of `domain` are taken from; nil where the
  /// model imports none. `ai.onnx` is the empty domain's long name.
  public func operatorSetVersion(domain: String) -> Int? { operatorSets.version(of: domain) }

  /// How diagnostics name a node: `node '/conv1/Conv' (operator Conv, opset 18)`.
  /// - Parameter index: the node's position in its graph, said where the node has no name.
  public func label(_ node: ONNXNode, index: Int) -> String {
    node.label(index: index, operatorSets: operatorSets)
  }

  /// A diagnostic about the bytes at `offset` of the model's file.
  public func diagnostic(_ message: String, at offset: Int) -> Diagnostic {
    Diagnostic(.error, "at byte \(offset): \(message)", subject: path)
  }
}

/// Which version of a domain's operators is meant (`OperatorSetIdProto`).
public struct ONNXOperatorSet: Sendable, Equatable {
  /// Empty for ONNX's own operators.
  public var domain: String
  public var version: Int
}

extension [ONNXOperatorSet] {
  /// The imported version of `domain`, nil where it is not imported.
  func version(of domain: String) -> Int? {
    let wanted = canonicalDomain(domain)
    return first { $0.domain == wanted }?.version
  }
}

/// The empty string for `ai.onnx`, its alias; other domains as they are.
func canonicalDomain(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }

/// A key with a value, written by whatever made the model (`StringStringEntryProto`).
public struct ONNXMetadata: Sendable, Equatable {
  public var key: String
  public var value: String
}

/// A data-flow graph (`GraphProto`): nodes in topological order, joined by the names of values.
public struct ONNXGraph: Sendable {
  public var name = ""
  public var nodes: [ONNXNode] = []
  public var initializers: [ONNXTensor] = []
  /// A name that is also an initializer's is an input with a default value.
  public var inputs: [ONNXValueInfo] = []
  public var outputs: [ONNXValueInfo] = []
  /// What the file says about values that are neither inputs nor outputs.
  public var values: [ONNXValueInfo] = []
  public var metadata: [ONNXMetadata] = []
  /// Where in the file the graph begins.
  public var offset = 0
}

/// An application of an operator (`NodeProto`).
public struct ONNXNode: Sendable {
  /// May be empty, and need not be unique.
  public var name = ""
  public var operatorName = ""
  /// Empty for ONNX's own operators.
  public var domain = ""
  /// Tells apart functions of the same domain and name; mostly empty.
  public var overload = ""
  /// Values by name; the empty name stands for an optional input that is not given.
  public var inputs: [String] = []
  /// Values by name; the empty name stands for an optional output that is not wanted.
  public var outputs: [String] = []
  /// In the file's order; no two have the same name.
  public var attributes: [ONNXAttribute] = []
  public var metadata: [ONNXMetadata] = []
  /// Where in the file the node begins.
  public var offset = 0

  public func attribute(_ name: String) -> ONNXAttribute? { attributes.first { $0.name == name } }

  func label(index: Int, operatorSets: [ONNXOperatorSet]) -> String {
    let title = name.isEmpty ? "node \(index)" : "node '\(name)'"
    guard !operatorName.isEmpty else { return title }
    let qualified = domain.isEmpty ? operatorName : "\(domain).\(operatorName)"
    guard let version = operatorSets.version(of: domain) else {
      return "\(title) (operator \(qualified))"
    }
    return "\(title) (operator \(qualified), opset \(version))"
  }
}

/// A named constant of a node (`AttributeProto`).
public struct ONNXAttribute: Sendable {
  public indirect enum Value: Sendable {
    case float(Float)
    case int(Int64)
    /// Mostly, but not necessarily, UTF-8.
    case string([UInt8])
    case tensor(ONNXTensor)
    case graph(ONNXGraph)
    case type(ONNXType)
    case floats([Float])
    case ints([Int64])
    case strings([[UInt8]])
    case tensors([ONNXTensor])
    case graphs([ONNXGraph])
    case types([ONNXType])
    /// Inside a function: the attribute of this name of the node that calls the function.
    case reference(String)
  }

  public var name: String
  public var value: Value
  /// Where in the file the attribute begins.
  public var offset: Int

  public var float: Float? { if case .float(let value) = value { value } else { nil } }
  public var int: Int64? { if case .int(let value) = value { value } else { nil } }
  public var floats: [Float]? { if case .floats(let value) = value { value } else { nil } }
  public var ints: [Int64]? { if case .ints(let value) = value { value } else { nil } }
  public var tensor: ONNXTensor? { if case .tensor(let value) = value { value } else { nil } }
  public var graph: ONNXGraph? { if case .graph(let value) = value { value } else { nil } }
  /// The value of a string attribute; nil for other kinds and for bytes that are not UTF-8.
  public var text: String? {
    guard case .string(let bytes) = value else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// What kind of value it is, for diagnostics.
  public var kindName: String {
    switch value {
    case .float: "a float"
    case .int: "an int"
    case .string: "a string"
    case .tensor: "a tensor"
    case .graph: "a graph"
    case .type: "a type"
    case .floats: "a list of floats"
    case .ints: "a list of ints"
    case .strings: "a list of strings"
    case .tensors: "a list of tensors"
    case .graphs: "a list of graphs"
    case .types: "a list of types"
    case .reference: "a reference"
    }
  }

  /// The graphs in the value: one, several or none.
  var subgraphs: [ONNXGraph] {
    switch value {
    case .graph(let graph): [graph]
    case .graphs(let graphs): graphs
    default: []
    }
  }
}

/// An operator that the model defines as a graph of others (`FunctionProto`).
public struct ONNXFunction: Sendable {
  public var name = ""
  public var domain = ""
  public var overload = ""
  /// The names of the formal parameters.
  public var inputs: [String] = []
  public var outputs: [String] = []
  /// Attributes a caller must give.
  public var attributes: [String] = []
  /// Attributes a caller may leave out, with the values they have then.
  public var defaults: [ONNXAttribute] = []
  public var nodes: [ONNXNode] = []
  /// What the body's operators are taken from.
  public var operatorSets: [ONNXOperatorSet] = []
  public var values: [ONNXValueInfo] = []
  public var metadata: [ONNXMetadata] = []
  /// Where in the file the function begins.
  public var offset = 0
}
