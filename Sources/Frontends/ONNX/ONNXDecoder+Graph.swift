extension ONNXDecoder {
  mutating func graph(_ message: ProtobufReader) throws(DecodingError) -> ONNXGraph {
    guard graphDepth < Self.graphDepthLimit else {
      throw DecodingError(
        offset: message.startOffset,
        message: "graphs are nested more than \(Self.graphDepthLimit) deep")
    }
    graphDepth += 1
    defer { graphDepth -= 1 }
    var reader = message
    var graph = ONNXGraph()
    graph.offset = message.startOffset
    while let field = try reader.nextField() {
      switch field.number {
      case 1: graph.nodes.append(try node(reader.message(field), index: graph.nodes.count))
      case 2: graph.name = try reader.string(field)
      case 5:
        let place = "initializer \(graph.initializers.count)"
        graph.initializers.append(try initializer(reader.message(field), place: place))
      case 11: graph.inputs.append(try valueInfo(reader.message(field)))
      case 12: graph.outputs.append(try valueInfo(reader.message(field)))
      case 13: graph.values.append(try valueInfo(reader.message(field)))
      case 15:
        throw DecodingError(
          offset: field.offset, message: "sparse initializers are not supported")
      case 16: graph.metadata.append(try metadata(reader.message(field)))
      default: try reader.skip(field)
      }
    }
    return graph
  }

  private mutating func initializer(_ message: ProtobufReader, place: String)
    throws(DecodingError) -> ONNXTensor
  {
    let tensor = try tensor(message, place: place)
    guard !tensor.name.isEmpty else {
      throw DecodingError(offset: tensor.offset, message: "\(place) has no name")
    }
    return tensor
  }

  /// - Parameter index: the node's position among its graph's, for diagnostics.
  private mutating func node(_ message: ProtobufReader, index: Int) throws(DecodingError)
    -> ONNXNode
  {
    var node = ONNXNode()
    node.offset = message.startOffset
    do throws(DecodingError) {
      try read(message, into: &node)
      try check(node)
      return node
    } catch {
      throw error.within(node.label(index: index, operatorSets: operatorSets))
    }
  }

  private mutating func read(_ message: ProtobufReader, into node: inout ONNXNode)
    throws(DecodingError)
  {
    var attributes: [ProtobufReader] = []
    var reader = message
    while let field = try reader.nextField() {
      switch field.number {
      case 1: node.inputs.append(try reader.string(field))
      case 2: node.outputs.append(try reader.string(field))
      case 3: node.name = try reader.string(field)
      case 4: node.operatorName = try reader.string(field)
      // Decoded when the node's name and operator are known, for the diagnostics' sake.
      case 5: attributes.append(try reader.message(field))
      case 7: node.domain = canonicalDomain(try reader.string(field))
      case 8: node.overload = try reader.string(field)
      case 9: node.metadata.append(try metadata(reader.message(field)))
      default: try reader.skip(field)
      }
    }
    for message in attributes { node.attributes.append(try attribute(message)) }
  }

  private func check(_ node: ONNXNode) throws(DecodingError) {
    guard !node.operatorName.isEmpty else {
      throw DecodingError(offset: node.offset, message: "the node names no operator")
    }
    guard operatorSets.version(of: node.domain) != nil else {
      throw DecodingError(
        offset: node.offset,
        message: "the model imports no operator set for the domain '\(node.domain)'")
    }
    var seen: Set<String> = []
    for attribute in node.attributes where !seen.insert(attribute.name).inserted {
      throw DecodingError(
        offset: attribute.offset, message: "attribute '\(attribute.name)' is given twice")
    }
  }

  mutating func function(_ message: ProtobufReader) throws(DecodingError) -> ONNXFunction {
    let importedByModel = operatorSets
    defer { operatorSets = importedByModel }
    var function = ONNXFunction()
    function.offset = message.startOffset
    var nodes: [ProtobufReader] = []
    var defaults: [ProtobufReader] = []
    var reader = message
    while let field = try reader.nextField() {
      switch field.number {
      case 1: function.name = try reader.string(field)
      case 4: function.inputs.append(try reader.string(field))
      case 5: function.outputs.append(try reader.string(field))
      case 6: function.attributes.append(try reader.string(field))
      case 7: nodes.append(try reader.message(field))
      case 9: function.operatorSets.append(try operatorSet(reader.message(field)))
      case 10: function.domain = canonicalDomain(try reader.string(field))
      case 11: defaults.append(try reader.message(field))
      case 12: function.values.append(try valueInfo(reader.message(field)))
      case 13: function.overload = try reader.string(field)
      case 14: function.metadata.append(try metadata(reader.message(field)))
      default: try reader.skip(field)
      }
    }
    if !function.operatorSets.isEmpty { operatorSets = function.operatorSets }
    do throws(DecodingError) {
      for message in defaults { function.defaults.append(try attribute(message)) }
      for (index, message) in nodes.enumerated() {
        function.nodes.append(try node(message, index: index))
      }
    } catch {
      throw error.within("function '\(function.name)'")
    }
    guard !function.name.isEmpty else {
      throw DecodingError(offset: function.offset, message: "a function has no name")
    }
    return function
  }

  func valueInfo(_ message: ProtobufReader) throws(DecodingError) -> ONNXValueInfo {
    var reader = message
    var info = ONNXValueInfo(name: "", type: nil, offset: message.startOffset)
    var typeReader: ProtobufReader?
    while let field = try reader.nextField() {
      switch field.number {
      case 1: info.name = try reader.string(field)
      case 2: typeReader = try reader.message(field)
      default: try reader.skip(field)
      }
    }
    guard !info.name.isEmpty else {
      throw DecodingError(offset: info.offset, message: "a value has no name")
    }
    do throws(DecodingError) {
      if let typeReader { info.type = try type(typeReader) }
    } catch {
      throw error.within("value '\(info.name)'")
    }
    return info
  }
}
