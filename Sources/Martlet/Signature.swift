import MartletDialects
import MartletIR
import MartletLowerings
import MartletRuntime
import MartletSupport

/// What a program takes and gives, before it is specialised: sizes may be open.
public struct Signature: Sendable {
  /// An input or output.
  public struct Port: Sendable {
    /// As the model names it; for MLIR the argument's name without `%`.
    public let name: String
    public let elementType: ElementType
    /// Sizes; nil for those that each run chooses.
    public let shape: [Int?]
    /// Of a sparse matrix, the type of its positions and coordinates; nil where the port is dense.
    public let indexType: ElementType?

    /// Whether the input is a sparse matrix.
    public var isSparse: Bool { indexType != nil }

    /// `tensor<?x1x8x8xf32>`-like text: `?x1x8x8xf32`.
    public var typeText: String {
      (shape.map { $0.map(String.init) ?? "?" } + [elementType.name]).joined(separator: "x")
        + (indexType.map { " (sparse, \($0.name) indices)" } ?? "")
    }
  }

  public let inputs: [Port]
  public let outputs: [Port]

  /// Which input `name` means: by name, or by position written in digits.
  public func inputIndex(_ name: String) -> Int? { Signature.index(name, inputs) }
  public func outputIndex(_ name: String) -> Int? { Signature.index(name, outputs) }

  private static func index(_ name: String, _ ports: [Port]) -> Int? {
    if let i = ports.firstIndex(where: { $0.name == name }) { return i }
    guard let position = Int(name), ports.indices.contains(position) else { return nil }
    return position
  }
}

extension Signature {
  /// The attribute that keeps the name of a parameter or result through all levels.
  static let nameAttribute = "martlet.name"
  /// The attribute of a parameter that a result is written to.
  static let resultAttribute = "martlet.result"

  /// The attribute of the parameters that hold the parts of a sparse matrix.
  static let sparseAttribute = "martlet.sparse"

  /// The input that the parts of a sparse matrix stand for, at the first of them.
  private static func sparsePort(_ part: Attribute, _ type: Type, _ function: FuncOp)
    throws(Reported) -> Port?
  {
    let name = part["input"]?.stringValue ?? "sparse"
    guard part["part"]?.stringValue == "positions" else { return nil }
    let values = function.arguments.indices.first {
      function.argumentAttribute($0, sparseAttribute).map {
        $0["input"]?.stringValue == name && $0["part"]?.stringValue == "values"
      } ?? false
    }
    guard let values,
      let element = ElementType(signless: function.arguments[values].type.elementType)
    else { throw function.operation.emitError("sparse input '\(name)' has no values") }
    let rows = type.rank == 1 && type.dimension(0) > 0 ? type.dimension(0) - 1 : nil
    guard let index = ElementType(signless: type.elementType) else {
      throw function.operation.emitError("positions of sparse input '\(name)' have type \(type)")
    }
    return Port(name: name, elementType: element, shape: [rows, nil], indexType: index)
  }

  /// Reads the signature of a function, at any level down to loops.
  init(_ function: FuncOp) throws(Reported) {
    var inputs: [Port] = []
    var outputs: [Port] = []
    for (i, argument) in function.arguments.enumerated() {
      // What the compiler itself has added.
      if function.argumentAttribute(i, constantParameterAttribute) != nil
        || function.argumentAttribute(i, arenaParameterAttribute) != nil
      {
        continue
      }
      if let sparse = function.argumentAttribute(i, Signature.sparseAttribute) {
        if let port = try Signature.sparsePort(sparse, argument.type, function) {
          inputs.append(port)
        }
        continue
      }
      let port = try Signature.port(
        argument.type, name: Signature.name(ofParameter: i, function), function)
      if let position = function.argumentAttribute(i, Signature.resultAttribute) {
        let name = function.argumentAttribute(i, Signature.nameAttribute)?.stringValue
        outputs.append(
          Port(
            name: name ?? "result\(position.integerValue ?? 0)", elementType: port.elementType,
            shape: port.shape,
            indexType: nil))
      } else {
        inputs.append(port)
      }
    }
    for (i, type) in function.type.results.enumerated() {
      outputs.append(
        try Signature.port(type, name: Signature.name(ofResult: i, function), function))
    }
    self.init(inputs: inputs, outputs: outputs)
  }

  /// The name of parameter `i`: the one kept as an attribute, else the one in the text.
  static func name(ofParameter i: Int, _ function: FuncOp) -> String {
    for attribute in [nameAttribute, "onnx.name"] {
      if let name = function.argumentAttribute(i, attribute)?.stringValue { return name }
    }
    return function.arguments[i].nameHint ?? "arg\(i)"
  }

  static func name(ofResult i: Int, _ function: FuncOp) -> String {
    for attribute in [nameAttribute, "onnx.name"] {
      if let name = function.resultAttribute(i, attribute)?.stringValue { return name }
    }
    return "result\(i)"
  }

  private static func port(_ type: Type, name: String, _ function: FuncOp) throws(Reported) -> Port
  {
    guard type.hasRank || type.isIntOrFloat || type.isIndex,
      let element = ElementType(name: type.elementType.description)
        ?? ElementType(signless: type.elementType)
    else {
      throw function.operation.emitError(
        "'\(name)' has type \(type), which cannot be passed in or out of a program")
    }
    let shape = type.shape.map { $0 == Type.dynamic ? nil : Int?($0) }
    var index: ElementType?
    if type.encoding != nil {
      guard let encoding = type.sparseEncoding,
        encoding.positionType == encoding.coordinateType,
        let element = ElementType(signless: encoding.positionType)
      else {
        throw function.operation.emitError(
          "'\(name)' has type \(type): a sparse matrix has positions and coordinates of one width")
      }
      index = element
    }
    return Port(name: name, elementType: element, shape: shape, indexType: index)
  }
}

extension ElementType {
  /// The element type of a number type of the IR.
  init?(signless type: Type) {
    if type.isIndex {
      self = .i64
      return
    }
    guard let width = type.bitWidth else { return nil }
    self.init(name: (type.isInteger ? "i" : "f") + String(width))
  }
}

extension Signature {
  /// What a compiled program takes and gives.
  init(_ plan: Plan) {
    let ports = { (ports: [Plan.Port]) in
      ports.map { port in
        var index: ElementType?
        if case .compressedRows(let type) = port.layout { index = type }
        return Port(
          name: port.name, elementType: port.elementType, shape: port.shape.map { Int?($0) },
          indexType: index)
      }
    }
    self.init(inputs: ports(plan.inputs), outputs: ports(plan.outputs))
  }
}
