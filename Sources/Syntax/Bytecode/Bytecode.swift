import MartletIR
import MartletSupport

/// MLIR's bytecode: the binary form of a module, read by `BytecodeReader` and written by `BytecodeWriter`.
///
/// The format is MLIR's ("MLIR Bytecode Format" in its documentation): a header, then sections of strings, dialects
/// and operation names, attributes and types, operations, resources and properties. Docs/Bytecode.md says
/// what of it is read and written.
public enum Bytecode {
  /// The newest version, written where no other is asked for; versions from 0 to this one are read.
  public static let newestVersion = 6

  static let magic: [UInt8] = [0x4d, 0x4c, 0xef, 0x52]
  /// Fills the gap in front of what is aligned.
  static let padding: UInt8 = 0xcb

  /// Whether `bytes` begin as bytecode does.
  public static func isBytecode(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.starts(with: magic)
  }

  /// What came with which version.
  enum Since {
    static let dialectVersions = 1
    static let regionSections = 2
    static let useListOrders = 3
    static let optionalArgumentLocations = 4
    static let properties = 5
    static let segmentsAsProperties = 6
  }

  enum Section: UInt8, CaseIterable {
    case strings, dialects, attributesAndTypes, attributeAndTypeOffsets, operations, resources
    case resourceOffsets, dialectVersions, properties

    var name: String {
      switch self {
      case .strings: "string"
      case .dialects: "dialect"
      case .attributesAndTypes: "attribute and type"
      case .attributeAndTypeOffsets: "attribute and type offset"
      case .operations: "operation"
      case .resources: "resource"
      case .resourceOffsets: "resource offset"
      case .dialectVersions: "dialect version"
      case .properties: "property"
      }
    }
  }

  /// Which parts of an operation follow.
  struct Parts: OptionSet {
    let rawValue: UInt8
    static let attributes = Parts(rawValue: 1)
    static let results = Parts(rawValue: 2)
    static let operands = Parts(rawValue: 4)
    static let successors = Parts(rawValue: 8)
    static let regions = Parts(rawValue: 16)
    static let useListOrders = Parts(rawValue: 32)
    static let properties = Parts(rawValue: 64)
  }

  enum ResourceKind: UInt8 { case blob, boolean, string }

  /// The encodings of builtin attributes; all others are kept as text.
  enum AttributeCode: UInt64 {
    case array, dictionary, string, typedString, flatSymbolRef, symbolRef, type, unit, integer
    case float, callSite, fileLineColumn, fused, fusedWithMetadata, name, unknownLocation
    case denseResource, denseArray, denseElements, denseStrings, sparseElements, distinct
    case fileRange
  }

  /// The encodings of builtin types; all others are kept as text.
  enum TypeCode: UInt64 {
    case integer, index, function, bf16, f16, f32, f64, f80, f128, complex
    case memRef, memRefWithSpace, none, rankedTensor, rankedTensorWithEncoding, tuple
    case unrankedMemRef, unrankedMemRefWithSpace, unrankedTensor, vector, scalableVector
  }
}

/// How bytecode is written.
public struct BytecodeOptions: Sendable {
  /// The version of the format, 0 to `Bytecode.newestVersion`.
  public var version = Bytecode.newestVersion
  /// The name of the program that writes.
  public var producer = "Martlet"
  /// Whether resources are written as declarations, without their bytes.
  public var elidesResourceData = false

  public init() {}
}
