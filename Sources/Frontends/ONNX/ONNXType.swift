/// A value with the type the file gives it (`ValueInfoProto`).
public struct ONNXValueInfo: Sendable {
  public var name: String
  /// Nil where the file does not say.
  public var type: ONNXType?
  /// Where in the file the value is described.
  public var offset: Int
}

/// The type of a value (`TypeProto`).
public enum ONNXType: Sendable, Equatable {
  /// A dense tensor; nil for the shape where not even the rank is given.
  case tensor(ONNXElementType, shape: [ONNXDimension]?)
  /// Anything else, as ONNX's documents write it, e.g. `sequence(tensor(float))`.
  case unsupported(String)
}

extension ONNXType: CustomStringConvertible {
  /// As ONNX's documents write it, with the shape: `tensor(float)[batch,1,8,8]`.
  public var description: String {
    switch self {
    case .unsupported(let name): name
    case .tensor(let element, nil): "tensor(\(element.name))"
    case .tensor(let element, let shape?):
      "tensor(\(element.name))[\(shape.map(\.description).joined(separator: ","))]"
    }
  }
}

/// One extent of a tensor's shape (`TensorShapeProto.Dimension`).
public enum ONNXDimension: Sendable, Equatable {
  /// At least 0.
  case value(Int)
  /// Known only when the model runs; equal names mean equal extents.
  case parameter(String)
  case unknown
}

extension ONNXDimension: CustomStringConvertible {
  public var description: String {
    switch self {
    case .value(let extent): "\(extent)"
    case .parameter(let name): name
    case .unknown: "?"
    }
  }
}
