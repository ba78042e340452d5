import MartletDialects
import MartletIR

/// Constants rearranged while compiling: transposed weights, sums of biases.
struct ONNXConstants {
  let context: Context

  init(_ context: Context) { self.context = context }

  /// Memory of its own for a constant's bytes.
  private final class Buffer {
    let bytes: UnsafeMutableRawBufferPointer
    init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 64) }
    deinit { bytes.deallocate() }
  }

  /// The same bytes under another type of as many elements of the same size.
  func retyped(_ attribute: Attribute, _ type: Type) -> Attribute {
    if let key = attribute.resourceKey { return context.denseResource(type, key: key.string) }
    guard let dense = attribute.denseElements else { return attribute }
    return context.dense(type, bytes: dense.bytes, isSplat: dense.isSplat)
  }

  /// The attribute itself, or a copy where the file's bytes lie at an address that their elements may not be
  /// loaded from directly.
  func aligned(_ attribute: Attribute) throws -> Attribute {
    guard let key = attribute.resourceKey, let dense = attribute.denseElements,
      let type = attribute.type, let base = dense.bytes.baseAddress,
      Int(bitPattern: base) % max(dense.elementSize, 1) != 0
    else { return attribute }
    return resource(type, like: key.string + ".aligned") { $0.copyMemory(from: dense.bytes) }
  }

  /// Bytes of their own, as a resource where they are many.
  private func resource(
    _ type: Type, like name: String, fill: (UnsafeMutableRawBufferPointer) -> Void
  ) -> Attribute {
    let element = DenseElements.elementSize(type.elementType)
    let buffer = Buffer(byteCount: (type.elementCount ?? 0) * element)
    fill(buffer.bytes)
    if buffer.bytes.count <= 64 {
      return context.dense(type, bytes: UnsafeRawBufferPointer(buffer.bytes))
    }
    var key = name
    var number = 0
    while context.resource(context.intern(key)) != nil {
      number += 1
      key = "\(name)_\(number)"
    }
    context.addResource(
      key: key, bytes: UnsafeRawBufferPointer(buffer.bytes), alignment: 64, owner: buffer)
    return context.denseResource(type, key: key)
  }

  /// The elements from number `start` on, seen as a tensor of `shape`, with the dimensions in the order
  /// `permutation`.
  /// - Throws: where the attribute's bytes are not at hand.
  func transposed(
    _ attribute: Attribute, start: Int = 0, shape: [Int], permutation: [Int]
  ) throws -> Attribute {
    guard let dense = attribute.denseElements else {
      throw ONNXError("the bytes of a constant are not at hand")
    }
    let type = context.tensor(permutation.map { shape[$0] }, signlessType(dense.type.elementType))
    if dense.isSplat { return context.dense(type, bytes: dense.bytes, isSplat: true) }
    let strides = rowMajorStrides(shape)
    let name = (attribute.resourceKey?.string ?? "constant") + ".transposed"
    let extents = permutation.map { shape[$0] }
    let steps = permutation.map { strides[$0] }
    return resource(type, like: name) { target in
      switch dense.elementSize {
      case 1: gather(UInt8.self, dense.bytes, target, start, extents, steps)
      case 2: gather(UInt16.self, dense.bytes, target, start, extents, steps)
      case 4: gather(UInt32.self, dense.bytes, target, start, extents, steps)
      default: gather(UInt64.self, dense.bytes, target, start, extents, steps)
      }
    }
  }

  /// Writes the elements at `start` plus the dot product of each point of `extents` with `steps`.
  private func gather<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer,
    _ start: Int, _ extents: [Int], _ steps: [Int]
  ) {
    let size = MemoryLayout<T>.size
    let count = extents.reduce(1, *)
    guard count > 0 else { return }
    let inner = extents.last ?? 1
    let step = steps.last ?? 0
    var point = Array(repeating: 0, count: extents.count)
    var offset = start
    var written = 0
    while written < count {
      for i in 0..<inner {
        let value = source.loadUnaligned(fromByteOffset: (offset + i * step) * size, as: T.self)
        target.storeBytes(of: value, toByteOffset: written * size, as: T.self)
        written += 1
      }
      var axis = extents.count - 2
      while axis >= 0 {
        point[axis] += 1
        offset += steps[axis]
        if point[axis] < extents[axis] { break }
        offset -= steps[axis] * extents[axis]
        point[axis] = 0
        axis -= 1
      }
      if axis < 0 { break }
    }
  }

  /// An attribute of computed values, rounded to the element type.
  func floats(_ type: Type, _ values: [Double]) -> Attribute {
    context.dense(type, floats: values)
  }
}
