/// The element types of tensors in memory. `index` is `i64`; `i1` takes a byte of 0 or 1.
public enum ElementType: UInt8, Sendable, CaseIterable {
  case i1 = 1
  case i8, u8, i16, u16, i32, u32, i64, u64, f16, bf16, f32, f64

  /// Bytes an element takes.
  @inlinable public var byteSize: Int {
    switch self {
    case .i1, .i8, .u8: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .i64, .u64, .f64: 8
    }
  }

  /// MLIR's name of the type (`f32`, `ui8`, `i64`).
  public var name: String {
    switch self {
    case .i1: "i1"
    case .i8: "i8"
    case .u8: "ui8"
    case .i16: "i16"
    case .u16: "ui16"
    case .i32: "i32"
    case .u32: "ui32"
    case .i64: "i64"
    case .u64: "ui64"
    case .f16: "f16"
    case .bf16: "bf16"
    case .f32: "f32"
    case .f64: "f64"
    }
  }

  /// The type MLIR calls `name`; `index` and the explicitly signed names are understood too.
  public init?(name: String) {
    if let type = Self.allCases.first(where: { $0.name == name }) {
      self = type
      return
    }
    switch name {
    case "index", "si64": self = .i64
    case "si8": self = .i8
    case "si16": self = .i16
    case "si32": self = .i32
    default: return nil
    }
  }
}

/// A Swift type that is laid out as an element type of tensors.
public protocol TensorElement: BitwiseCopyable, Sendable {
  static var elementType: ElementType { get }
}

extension Int8: TensorElement { public static var elementType: ElementType { .i8 } }
extension UInt8: TensorElement { public static var elementType: ElementType { .u8 } }
extension Int16: TensorElement { public static var elementType: ElementType { .i16 } }
extension UInt16: TensorElement { public static var elementType: ElementType { .u16 } }
extension Int32: TensorElement { public static var elementType: ElementType { .i32 } }
extension UInt32: TensorElement { public static var elementType: ElementType { .u32 } }
extension Int64: TensorElement { public static var elementType: ElementType { .i64 } }
extension UInt64: TensorElement { public static var elementType: ElementType { .u64 } }
extension Int: TensorElement { public static var elementType: ElementType { .i64 } }
extension Float: TensorElement { public static var elementType: ElementType { .f32 } }
extension Double: TensorElement { public static var elementType: ElementType { .f64 } }
extension Bool: TensorElement { public static var elementType: ElementType { .i1 } }
#if !(os(macOS) && arch(x86_64))
  extension Float16: TensorElement { public static var elementType: ElementType { .f16 } }
#endif
