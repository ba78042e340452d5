import MartletSupport

/// A named collection of operations, types and attributes.
public final class Dialect: @unchecked Sendable {
  public let name: String
  public let summary: String
  public let operations: [OpDefinition]
  public let types: [TypeDefinition]
  public let attributes: [AttributeDefinition]
  /// Whether types that no definition names are kept as text: those of a dialect loaded at run time whose
  /// types are read by C++.
  public let keepsUnknownTypes: Bool
  /// As `keepsUnknownTypes`, of attributes.
  public let keepsUnknownAttributes: Bool
  /// Makes the operation that stands for a constant of this dialect's folds, at a builder's place;
  /// nil where the attribute and type have none.
  public let materializeConstant:
    (@Sendable (Builder, _ value: Attribute, _ type: Type) -> Operation?)?

  public init(
    _ name: String, summary: String = "", operations: [OpDefinition] = [],
    types: [TypeDefinition] = [], attributes: [AttributeDefinition] = [],
    keepsUnknownTypes: Bool = false, keepsUnknownAttributes: Bool = false,
    materializeConstant: (@Sendable (Builder, Attribute, Type) -> Operation?)? = nil
  ) {
    self.name = name
    self.summary = summary
    self.operations = operations
    self.types = types
    self.attributes = attributes
    self.keepsUnknownTypes = keepsUnknownTypes
    self.keepsUnknownAttributes = keepsUnknownAttributes
    self.materializeConstant = materializeConstant
  }
}

/// The declaration of a dialect's type. What an instance's words mean is the dialect's affair; how it
/// is written is an interface of the Syntax room.
public final class TypeDefinition: @unchecked Sendable {
  /// Dialect and mnemonic, `llvm.ptr`.
  public let name: String
  public let summary: String
  private let interfaces: InterfaceTable

  public init(_ name: String, _ summary: String = "", interfaces: [any OpInterface] = []) {
    self.name = name
    self.summary = summary
    self.interfaces = InterfaceTable(interfaces)
  }

  public var dialectName: String { String(name.prefix { $0 != "." }) }
  public var mnemonic: String { String(name.drop { $0 != "." }.dropFirst()) }
  public func interface<I: OpInterface>(_ type: I.Type) -> I? {
    interfaces.interface(type)
  }
}

/// The declaration of a dialect's attribute, as `TypeDefinition` is of its types.
public final class AttributeDefinition: @unchecked Sendable {
  /// Dialect and mnemonic, `arith.fastmath`.
  public let name: String
  public let summary: String
  private let interfaces: InterfaceTable

  public init(_ name: String, _ summary: String = "", interfaces: [any OpInterface] = []) {
    self.name = name
    self.summary = summary
    self.interfaces = InterfaceTable(interfaces)
  }

  public var dialectName: String { String(name.prefix { $0 != "." }) }
  public var mnemonic: String { String(name.drop { $0 != "." }.dropFirst()) }
  public func interface<I: OpInterface>(_ type: I.Type) -> I? {
    interfaces.interface(type)
  }
}
