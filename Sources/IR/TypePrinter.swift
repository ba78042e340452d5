/// How types and attributes are written in messages. The Syntax room sets it on each context it is
/// used with, so that this room need not know the text.
public struct TextHooks {
  public var type: (Type) -> String = { "type#\($0.raw)" }
  public var attribute: (Attribute) -> String = { "attribute#\($0.raw)" }
  /// The generic form of an operation, without a line break at its end; nil where no printer is there.
  public var operation: ((Operation) -> String)?
  public init() {}
}

extension Type: CustomStringConvertible {
  public var description: String { context.text.type(self) }
}

extension Attribute: CustomStringConvertible {
  public var description: String { context.text.attribute(self) }
}
