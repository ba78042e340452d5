import MartletIR

/// Says what type stands for another during a dialect conversion, one for one, and how a value of the
/// one is made from a value of the other.
///
/// Conversions added later are asked first. Where no materialization applies, a
/// `builtin.unrealized_conversion_cast` bridges the types; pairs of those that cancel are removed.
public final class TypeConverter {
  /// What a conversion says of a type.
  public enum Answer {
    case to(Type)
    /// Not known to this conversion; the one added before it is asked.
    case unknown
    /// The type has no counterpart.
    case illegal
  }
  public typealias Materialization = (Builder, Type, [Value]) -> Value?

  private var conversions: [(Type) -> Answer] = []
  private var sourceMaterializations: [Materialization] = []
  private var targetMaterializations: [Materialization] = []
  private var cache: [Type: Type?] = [:]

  public init() {}

  /// `convert` returns the type that stands for its argument, nil where it does not know it.
  public func addConversion(_ convert: @escaping (Type) -> Type?) {
    addConversion { type in convert(type).map { .to($0) } ?? .unknown }
  }

  public func addConversion(_ convert: @escaping (Type) -> Answer) {
    conversions.append(convert)
    cache.removeAll()
  }

  /// Adds a way to make a value of an original type from a converted one, for users not converted.
  public func addSourceMaterialization(_ make: @escaping Materialization) {
    sourceMaterializations.append(make)
  }

  /// Adds a way to make a value of a converted type from an original one.
  public func addTargetMaterialization(_ make: @escaping Materialization) {
    targetMaterializations.append(make)
  }

  /// The type that stands for `type`; nil where there is none.
  public func convert(_ type: Type) -> Type? {
    if let known = cache[type] { return known }
    var found: Type?
    search: for conversion in conversions.reversed() {
      switch conversion(type) {
      case .to(let result):
        found = result
        break search
      case .illegal: break search
      case .unknown: continue
      }
    }
    cache[type] = .some(found)
    return found
  }

  public func convert(_ types: some Sequence<Type>) -> [Type]? {
    var converted: [Type] = []
    for type in types {
      guard let new = convert(type) else { return nil }
      converted.append(new)
    }
    return converted
  }

  public func isLegal(_ type: Type) -> Bool { convert(type) == type }
  public func isLegal(_ types: some Sequence<Type>) -> Bool { types.allSatisfy { isLegal($0) } }
  /// Whether all operand and result types are legal.
  public func isLegal(_ operation: Operation) -> Bool {
    operation.operands.allSatisfy { isLegal($0.type) }
      && operation.results.allSatisfy { isLegal($0.type) }
  }
  /// Whether the arguments of all blocks of `region` have legal types.
  public func isLegal(_ region: Region) -> Bool {
    region.blocks.allSatisfy { $0.arguments.allSatisfy { isLegal($0.type) } }
  }
  public func isLegalSignature(_ function: Type) -> Bool {
    isLegal(function.inputs) && isLegal(function.results)
  }

  func materialize(source type: Type, from values: [Value], _ builder: Builder) -> Value? {
    for make in sourceMaterializations.reversed() {
      if let value = make(builder, type, values) { return value }
    }
    return nil
  }

  func materialize(target type: Type, from values: [Value], _ builder: Builder) -> Value? {
    for make in targetMaterializations.reversed() {
      if let value = make(builder, type, values) { return value }
    }
    return nil
  }
}
