/// Writes protobuf messages, well-formed or not, for the decoder's tests.
package struct Message {
  package var bytes: [UInt8] = []

  package init(_ build: (inout Message) -> Void = { _ in }) { build(&self) }

  private mutating func number(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  package mutating func tag(_ field: Int, _ wireType: Int) { number(UInt64(field << 3 | wireType)) }

  package mutating func int(_ field: Int, _ value: Int) {
    tag(field, 0)
    number(UInt64(bitPattern: Int64(value)))
  }

  package mutating func float(_ field: Int, _ value: Float) {
    tag(field, 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  package mutating func double(_ field: Int, _ value: Double) {
    tag(field, 1)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  package mutating func data(_ field: Int, _ value: [UInt8]) {
    tag(field, 2)
    number(UInt64(value.count))
    bytes += value
  }

  package mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }
  package mutating func message(_ field: Int, _ value: Message) { data(field, value.bytes) }

  package mutating func packed(_ field: Int, _ values: [Int]) {
    var inner = Message()
    for value in values { inner.number(UInt64(bitPattern: Int64(value))) }
    data(field, inner.bytes)
  }
}

/// The little-endian bytes of `values`, as `raw_data` has them.
package func raw<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

/// A `TensorProto`.
package func tensor(
  _ name: String, type: Int = 1, shape: [Int], _ build: (inout Message) -> Void = { _ in }
) -> Message {
  Message {
    $0.packed(1, shape)
    $0.int(2, type)
    $0.text(8, name)
    build(&$0)
  }
}

/// A `NodeProto`.
package func node(
  _ name: String, _ operatorName: String, _ inputs: [String], _ outputs: [String],
  domain: String = "", attributes: [Message] = []
) -> Message {
  Message {
    for input in inputs { $0.text(1, input) }
    for output in outputs { $0.text(2, output) }
    $0.text(3, name)
    $0.text(4, operatorName)
    if !domain.isEmpty { $0.text(7, domain) }
    for attribute in attributes { $0.message(5, attribute) }
  }
}

/// An `AttributeProto` of the kind that has the number `kind`.
package func attribute(_ name: String, kind: Int, _ build: (inout Message) -> Void) -> Message {
  Message {
    $0.text(1, name)
    build(&$0)
    $0.int(20, kind)
  }
}

/// A `ValueInfoProto` of a tensor of floats; text among the extents names a parameter.
package func value(_ name: String, _ shape: [Any]) -> Message {
  let extents = Message {
    for extent in shape {
      let dimension = Message {
        if let number = extent as? Int { $0.int(1, number) }
        if let name = extent as? String { $0.text(2, name) }
      }
      $0.message(1, dimension)
    }
  }
  let dense = Message {
    $0.int(1, 1)
    $0.message(2, extents)
  }
  return Message {
    $0.text(1, name)
    $0.message(2, Message { $0.message(1, dense) })
  }
}

/// A `GraphProto`.
package func graph(
  nodes: [Message] = [], initializers: [Message] = [], inputs: [Message] = [],
  outputs: [Message] = [], _ build: (inout Message) -> Void = { _ in }
) -> Message {
  Message {
    for node in nodes { $0.message(1, node) }
    $0.text(2, "main")
    for tensor in initializers { $0.message(5, tensor) }
    for input in inputs { $0.message(11, input) }
    for output in outputs { $0.message(12, output) }
    build(&$0)
  }
}

/// An `OperatorSetIdProto`.
package func operatorSet(_ domain: String, _ version: Int) -> Message {
  Message {
    $0.text(1, domain)
    $0.int(2, version)
  }
}

/// A `ModelProto` that takes its operators from operator set 18.
package func model(_ graph: Message, _ build: (inout Message) -> Void = { _ in }) -> Message {
  Message {
    $0.int(1, 8)
    $0.text(2, "test")
    $0.message(7, graph)
    $0.message(8, operatorSet("", 18))
    build(&$0)
  }
}

/// A small model of the usual make-up: `y = Relu(x * w + b)`, with an attribute of each kind.
package func sampleModel() -> Message {
  let attributes = [
    attribute("alpha", kind: 1) { $0.float(2, 0.5) },
    attribute("axis", kind: 2) { $0.int(3, -1) },
    attribute("mode", kind: 3) { $0.text(4, "reflect") },
    attribute("value", kind: 4) {
      $0.message(5, tensor("", type: 7, shape: [2]) { $0.packed(7, [3, -4]) })
    },
    attribute("scales", kind: 6) {
      $0.float(7, 1)
      $0.float(7, 2)
    },
    attribute("pads", kind: 7) { $0.packed(8, [1, 2, -3]) },
    attribute("names", kind: 8) {
      $0.text(9, "a")
      $0.text(9, "b")
    },
  ]
  return model(
    graph(
      nodes: [
        node("mul", "MatMul", ["x", "w"], ["xw"]),
        node("add", "Add", ["xw", "b"], ["sum"], attributes: attributes),
        node("relu", "Relu", ["sum"], ["y"]),
      ],
      initializers: [
        tensor("w", shape: [2, 3]) { $0.data(9, raw([1, 2, 3, 4, 5, 6] as [Float])) },
        tensor("b", shape: [3]) { $0.data(4, raw([0.5, 1.5, 2.5] as [Float])) },
      ],
      inputs: [value("x", ["batch", 2])], outputs: [value("y", ["batch", 3])]))
}
