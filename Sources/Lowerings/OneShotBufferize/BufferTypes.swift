import MartletDialects
import MartletIR

/// Memref types for tensors.
enum BufferTypes {
  static func identity(_ tensor: Type, _ memorySpace: Attribute?) -> Type {
    let context = tensor.context
    if !tensor.hasRank {
      return context.unrankedMemRef(tensor.elementType, memorySpace: memorySpace)
    }
    return context.memRef(tensor.shape, tensor.elementType, memorySpace: memorySpace)
  }

  /// A layout of which offset and strides are not known.
  static func fullyDynamic(_ tensor: Type, _ memorySpace: Attribute?) -> Type {
    let context = tensor.context
    if !tensor.hasRank {
      return context.unrankedMemRef(tensor.elementType, memorySpace: memorySpace)
    }
    let layout = context.stridedLayout(
      offset: Type.dynamic, strides: tensor.shape.map { _ in Type.dynamic })
    return context.memRef(
      tensor.shape, tensor.elementType, layout: layout, memorySpace: memorySpace)
  }

  static func make(
    _ tensor: Type, _ layout: OneShotOptions.Layout, _ memorySpace: Attribute?
  ) -> Type {
    layout == .identity ? identity(tensor, memorySpace) : fullyDynamic(tensor, memorySpace)
  }

  /// Whether memory can hold elements of a type; of types of other dialects that is their affair.
  static func isElement(_ type: Type) -> Bool {
    !type.isTensor && !type.isFunction && type.kind != .tuple && type.kind != BuiltinTypeKind.none
  }

  /// Whether dimensions of memory can be merged without a copy, whatever the sizes are at run time.
  static func isCollapsible(_ type: Type, _ groups: [[Int]]) -> Bool {
    guard let layout = type.stridedLayout else { return false }
    if type.layout == nil { return true }
    let shape = type.shape
    for group in groups {
      // From the inside out, each stride is that of the next times its size.
      var inner: Int?
      for d in group.reversed() where shape[d] != 1 {
        if let inner {
          let expected = MemRefLayout.multiply(layout.strides[inner], shape[inner])
          if expected == Type.dynamic || expected != layout.strides[d] { return false }
        }
        inner = d
      }
    }
    return true
  }

  /// The type of memory with dimensions merged.
  static func collapsed(_ type: Type, _ shape: [Int], _ groups: [[Int]]) -> Type? {
    let context = type.context
    if type.layout == nil {
      return context.memRef(shape, type.elementType, memorySpace: type.memorySpace)
    }
    guard let layout = MemRef.collapsedLayout(type, groups) else { return nil }
    return context.memRef(
      shape, type.elementType,
      layout: context.stridedLayout(offset: layout.offset, strides: layout.strides),
      memorySpace: type.memorySpace)
  }

  /// The type of memory with dimensions split.
  static func expanded(_ type: Type, _ shape: [Int], _ groups: [[Int]]) -> Type? {
    let context = type.context
    if type.layout == nil {
      return context.memRef(shape, type.elementType, memorySpace: type.memorySpace)
    }
    guard let layout = MemRef.expandedLayout(type, shape, groups) else { return nil }
    return context.memRef(
      shape, type.elementType,
      layout: context.stridedLayout(offset: layout.offset, strides: layout.strides),
      memorySpace: type.memorySpace)
  }
}
