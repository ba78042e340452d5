import MartletIR

/// Makes each constant once per scope, at the start of the scope's entry block and before what was made
/// there earlier (the behaviour of MLIR's OperationFolder asked for a constant). Constants that are
/// there already are not known to it.
public final class ConstantPool {
  private struct Key: Hashable {
    let region: Region
    let dialect: String
    let value: Attribute
    let type: Type
  }
  private var made: [Key: Operation] = [:]
  private let builder: Builder

  public init(_ context: Context) { builder = Builder(context) }

  /// The region in whose entry block constants used in `block` are kept.
  static func scope(of block: Block) -> Region? {
    var found: Region?
    var current: Block? = block
    while let region = current?.region {
      found = region
      let parent = region.parentOperation
      if !parent.isRegistered || parent.has(.isolatedFromAbove) { break }
      if let interface = parent.interface(ConstantScope.self), interface.holdsConstants(region) {
        break
      }
      current = parent.block
    }
    return found
  }

  /// The constant `value` of `type` as `dialect` makes it, for use in `block`; nil where there is none.
  /// - Parameter origin: the place of what the constant stands for, for a context that keeps all.
  public func constant(
    _ value: Attribute, _ type: Type, dialect: String, in block: Block, origin: Location? = nil
  ) -> Value? {
    let found = self.constant(value, type, dialect: dialect, in: block)
    if let origin, origin.context.keepsAllOrigins, let operation = found?.definingOperation {
      operation.location = operation.location.joined(with: origin)
    }
    return found
  }

  private func constant(
    _ value: Attribute, _ type: Type, dialect: String, in block: Block
  ) -> Value? {
    guard let region = Self.scope(of: block), let entry = region.firstBlock else { return nil }
    let key = Key(region: region, dialect: dialect, value: value, type: type)
    if let known = made[key] { return known.result() }
    builder.insertionPoint = .atStart(of: entry)
    builder.location = builder.context.unknownLocation
    guard let operation = builder.materialize(value, type, dialect: dialect) else { return nil }
    let own = operation.name.dialectName
    if own != dialect {
      let ownKey = Key(region: region, dialect: own, value: value, type: type)
      if let known = made[ownKey] {
        operation.erase()
        made[key] = known
        return known.result()
      }
      made[ownKey] = operation
    }
    made[key] = operation
    return operation.result()
  }
}
