import MartletIR
import MartletSupport

/// An operation's own text, where no declarative format serves.
public struct CustomAssembly: OpInterface {
  /// Reads what follows the operation's name and fills in the operation in the making.
  public let parse: @Sendable (Parser, inout ParsedOperation) throws(Reported) -> Void
  /// Writes what follows the operation's name.
  public let print: @Sendable (Printer, Operation) -> Void

  public init(
    parse: @escaping @Sendable (Parser, inout ParsedOperation) throws(Reported) -> Void,
    print: @escaping @Sendable (Printer, Operation) -> Void
  ) {
    self.parse = parse
    self.print = print
  }
}

/// The text of a dialect's type behind `!dialect.mnemonic`.
public struct TypeAssembly: OpInterface {
  public let parse: @Sendable (Parser) throws(Reported) -> Type
  public let print: @Sendable (Printer, Type) -> Void
  /// Whether the text decides between `!dialect.mnemonic<...>` and `!dialect<mnemonic ...>`, as MLIR has
  /// it; otherwise it is the former.
  public let choosesForm: Bool

  public init(
    choosesForm: Bool = false,
    parse: @escaping @Sendable (Parser) throws(Reported) -> Type,
    print: @escaping @Sendable (Printer, Type) -> Void
  ) {
    self.choosesForm = choosesForm
    self.parse = parse
    self.print = print
  }
}

/// The text of a dialect's attribute behind `#dialect.mnemonic`.
public struct AttributeAssembly: OpInterface {
  /// The type is the one the attribute is expected to have, where known.
  public let parse: @Sendable (Parser, Type?) throws(Reported) -> Attribute
  public let print: @Sendable (Printer, Attribute) -> Void
  /// Base of the alias the attribute is printed through (`sparse` for `#sparse`); nil for none.
  public let alias: String?
  /// Whether the attribute is written `#dialect<mnemonic text>`, as MLIR does where the text behind the
  /// mnemonic does not begin with `<`.
  public let isNested: Bool
  /// As `TypeAssembly.choosesForm`.
  public let choosesForm: Bool

  public init(
    alias: String? = nil, isNested: Bool = false, choosesForm: Bool = false,
    parse: @escaping @Sendable (Parser, Type?) throws(Reported) -> Attribute,
    print: @escaping @Sendable (Printer, Attribute) -> Void
  ) {
    self.alias = alias
    self.isNested = isNested
    self.choosesForm = choosesForm
    self.parse = parse
    self.print = print
  }
}

/// What an attribute asks of a tensor type that has it for its encoding: what is wrong, nil for nothing.
public struct EncodingCheck: OpInterface {
  public let problem: @Sendable (_ encoding: Attribute, _ shape: [Int], _ element: Type) -> String?
  public init(_ problem: @escaping @Sendable (Attribute, [Int], Type) -> String?) {
    self.problem = problem
  }
}

/// Names an operation suggests for its results, as `c0` for a constant; nil leaves a result its number.
public struct AsmResultNames: OpInterface {
  public let names: @Sendable (Operation) -> [String?]
  /// The name of the one result of a constant, which hangs on its one inherent attribute alone.
  let ofConstant: (@Sendable (Attribute?) -> String)?
  /// The name of the first result, where it is always the same.
  let fixed: String?

  public init(_ names: @escaping @Sendable (Operation) -> [String?]) {
    self.names = names
    ofConstant = nil
    fixed = nil
  }
  /// The first result is called `name`.
  public init(_ name: String) {
    names = { _ in [name] }
    ofConstant = nil
    fixed = name
  }
  /// The result of a constant, whose one inherent attribute is its value, is called `name` of that.
  public init(ofConstant name: @escaping @Sendable (Attribute?) -> String) {
    names = { [name($0.inherent(0))] }
    ofConstant = name
    fixed = nil
  }
}

/// Names an operation suggests for the arguments of its regions' entry blocks.
public struct AsmArgumentNames: OpInterface {
  public let names: @Sendable (Operation, Region) -> [String?]
  public init(_ names: @escaping @Sendable (Operation, Region) -> [String?]) { self.names = names }
}

/// The dialect whose operations are written without prefix in the operation's regions.
public struct DefaultDialect: OpInterface {
  public let name: String
  public init(_ name: String) { self.name = name }
}

/// The parts of a declarative format that a `custom<Name>` directive is given.
public struct CustomDirective: Sendable {
  /// Reads the directive's text. The parts give access to what it fills in.
  public let parse: @Sendable (Parser, FormatParts, inout ParsedOperation) throws(Reported) -> Void
  /// Writes the directive's text.
  public let print: @Sendable (Printer, Operation, [FormatArgument]) -> Void

  public init(
    parse:
      @escaping @Sendable (Parser, FormatParts, inout ParsedOperation) throws(Reported) -> Void,
    print: @escaping @Sendable (Printer, Operation, [FormatArgument]) -> Void
  ) {
    self.parse = parse
    self.print = print
  }
}

/// The custom directives an operation's format uses, by name.
public struct CustomDirectives: OpInterface {
  public let table: [String: CustomDirective]
  public init(_ table: [String: CustomDirective]) { self.table = table }
}

/// An operation in the making.
public struct ParsedOperation {
  public var name: OperationName
  public var location: Location
  /// Where the name stands in the text.
  public var nameOffset = 0
  public var operands: [Value] = []
  public var resultTypes: [Type] = []
  public var attributes: [(name: Identifier, value: Attribute)] = []
  /// The value between `<` and `>` of generic text.
  public var properties: Attribute?
  public var successors: [Block] = []
  /// Detached regions, taken over by the operation once it is made.
  public var regions: [Region] = []

  public init(name: OperationName, location: Location) {
    self.name = name
    self.location = location
  }

  public mutating func add(_ name: String, _ value: Attribute) {
    attributes.append((value.context.intern(name), value))
  }

  public func attribute(_ name: String) -> Attribute? {
    attributes.last { $0.name.string == name }?.value
  }
}
