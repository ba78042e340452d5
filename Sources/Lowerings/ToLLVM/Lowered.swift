import MartletDialects
import MartletIR

/// What stands for a value of the upper dialects in the llvm dialect.
enum Lowered {
  /// A scalar, or a vector of one dimension.
  case value(Value)
  /// The rows of a vector of several dimensions, each a vector of one, in row-major order.
  case rows([Value])
  case memref(MemRefDescriptor)
}

/// A memref in the making of code: what is known of it at compile time stays out of the program.
///
/// Where LLVM IR has to hold it (block arguments, parameters) it is the pointer, then an `i64` for each of
/// offset, sizes and strides that the type does not say, in this order.
struct MemRefDescriptor {
  var type: Type
  /// The pointer that offset and strides count from.
  var base: Value
  /// In elements, each an `i64`.
  var offset: Value
  var sizes: [Value]
  var strides: [Value]
  /// Bytes that `base` is known to be a multiple of; 1 where only the element's alignment is.
  var alignment = 1
}

/// The types of the llvm dialect that stand for a type.
struct LoweredTypes {
  let builder: LLVMBuilder
  private var context: Context { builder.context }

  init(_ builder: LLVMBuilder) { self.builder = builder }

  /// The type of a scalar or one-dimensional vector; nil where it has none.
  func single(_ type: Type) -> Type? {
    switch type.kind {
    case .index: return builder.i64
    case .integer: return type.isSignlessInteger ? type : context.integer(Int(type.words[0]))
    case .float:
      switch type.floatKind {
      case .f16, .bf16, .f32, .f64, .f80, .f128: return type
      // Small formats are their bits.
      case .tf32, nil: return nil
      default: return context.integer(type.bitWidth ?? 8)
      }
    case .vector:
      guard type.rank <= 1, type.scalableMask == 0, let element = single(type.elementType) else {
        return nil
      }
      return context.vector([type.rank == 0 ? 1 : type.dimension(0)], element)
    case .function: return builder.ptr
    default: return type.isLLVMCompatible ? type : nil
    }
  }

  /// The rows of a vector of several dimensions: their number and type.
  func rows(_ type: Type) -> (count: Int, type: Type)? {
    guard type.isVector, type.rank > 1, type.scalableMask == 0,
      let element = single(type.elementType)
    else { return nil }
    let shape = type.shape
    let count = shape.dropLast().reduce(1, &*)
    return (count, context.vector([shape[shape.count - 1]], element))
  }

  /// The types a value of `type` is passed as; nil where it cannot be.
  func flattened(_ type: Type) -> [Type]? {
    if let (count, row) = rows(type) { return Array(repeating: row, count: count) }
    if type.kind == .memRef {
      guard let layout = type.stridedLayout, storage(type.elementType) != nil else { return nil }
      let dynamic =
        [layout.offset].count { $0 == Type.dynamic } + type.shape.count { $0 == Type.dynamic }
        + layout.strides.count { $0 == Type.dynamic }
      return [builder.ptr] + Array(repeating: builder.i64, count: dynamic)
    }
    return single(type).map { [$0] }
  }

  func flattened(_ types: some Sequence<Type>) -> [Type]? {
    var all: [Type] = []
    for type in types {
      guard let list = flattened(type) else { return nil }
      all += list
    }
    return all
  }

  /// The type an element has in memory: narrow integers take a byte.
  func storage(_ element: Type) -> Type? {
    guard let type = single(element) else { return nil }
    if type.isInteger, let width = type.bitWidth, width < 8 { return builder.i8 }
    if type.isVector, let width = type.elementType.bitWidth, type.elementType.isInteger, width < 8 {
      return context.vector(type.shape, builder.i8)
    }
    return type
  }

  /// Bytes between elements in memory; nil for types without a size.
  func byteSize(_ element: Type) -> Int? {
    guard let type = storage(element) else { return nil }
    if type.isVector {
      guard let size = byteSize(type.elementType) else { return nil }
      // LLVM lays vectors out in the next power of two.
      var total = size * type.dimension(0)
      var power = 1
      while power < total { power *= 2 }
      if total & (total - 1) != 0 { total = power }
      return total
    }
    if type.isLLVMPointer { return 8 }
    if type.isFloat { return type.floatKind == .f80 ? 16 : (type.bitWidth ?? 8) / 8 }
    guard let width = type.bitWidth else { return nil }
    if width <= 8 { return 1 }
    if width <= 16 { return 2 }
    if width <= 32 { return 4 }
    return (width + 63) / 64 * 8
  }

  func alignment(_ element: Type) -> Int {
    guard let type = storage(element) else { return 1 }
    if type.isVector { return alignment(type.elementType) }
    return min(byteSize(type) ?? 1, 16)
  }
}
