import MartletSupport

/// Where an operation comes from: a place in a source text read by this context, or a location attribute.
public struct Location: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  /// With bit 31 set, a source offset (see `Context.addSource`); else the number of an attribute.
  @usableFromInline let raw: UInt32

  static let sourceFlag: UInt32 = 0x8000_0000

  @usableFromInline init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  public static func == (a: Location, b: Location) -> Bool { a.raw == b.raw }
  public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  public var context: Context { state.pointee.context }

  /// The location as an attribute; a source offset becomes `loc("file":line:column)`.
  public var attribute: Attribute {
    if raw & Location.sourceFlag == 0 { return Attribute(state, raw) }
    guard let place = context.resolve(sourceOffset: raw & ~Location.sourceFlag) else {
      return context.attribute(.unknownLocation, [])
    }
    return context.fileLocation(place.file.name, line: place.line, column: place.column).attribute
  }

  /// Whether it is a place in a source text the context has.
  public var isSource: Bool { raw & Location.sourceFlag != 0 }

  public var isUnknown: Bool {
    raw & Location.sourceFlag == 0 && Attribute(state, raw).kind == .unknownLocation
  }

  /// File, line and column, from the innermost file location; nil where there is none.
  public var position: SourcePosition? {
    if raw & Location.sourceFlag != 0 {
      guard let place = context.resolve(sourceOffset: raw & ~Location.sourceFlag) else {
        return nil
      }
      return SourcePosition(file: place.file.name, line: place.line, column: place.column)
    }
    return Location.position(of: Attribute(state, raw))
  }

  private static func position(of attribute: Attribute) -> SourcePosition? {
    switch attribute.kind {
    case .fileLocation:
      return SourcePosition(
        file: attribute.identifierWord(0).string, line: Int(attribute.words[1]),
        column: Int(attribute.words[2]))
    case .nameLocation: return attribute.attributeWord(1).flatMap(position)
    case .callSiteLocation: return attribute.attributeWord(0).flatMap(position)
    case .fusedLocation:
      for i in 1..<attribute.words.count {
        if let found = attribute.attributeWord(i).flatMap(position) { return found }
      }
      return nil
    default: return nil
    }
  }

  /// The name of a name location, for diagnostics that have no position.
  public var subject: String? {
    guard raw & Location.sourceFlag == 0 else { return nil }
    return Location.subject(of: Attribute(state, raw))
  }

  private static func subject(of attribute: Attribute) -> String? {
    switch attribute.kind {
    case .nameLocation: return attribute.identifierWord(0).string
    case .fusedLocation: return attribute.attributeWord(1).flatMap(subject)
    default: return nil
    }
  }

  /// The most places a location joined of others has.
  private static let largestJoin = 32

  /// The place of what does the work of two operations: this one's places, then those of `other` that are not
  /// among them. It stays as it is where it would have too many.
  public func joined(with other: Location) -> Location {
    if self == other || other.isUnknown { return self }
    if isUnknown { return other }
    var parts = self.parts
    for part in other.parts where !parts.contains(part) { parts.append(part) }
    if parts.count == 1 { return parts[0] }
    return parts.count > Location.largestJoin ? self : context.fusedLocation(parts)
  }

  /// The places a location that was fused without further meaning consists of; of others the location itself.
  private var parts: [Location] {
    if raw & Location.sourceFlag != 0 { return [self] }
    let attribute = Attribute(state, raw)
    guard attribute.kind == .fusedLocation, attribute.words[0] == .max else { return [self] }
    return (1..<attribute.words.count).compactMap { attribute.attributeWord($0)?.asLocation }
  }
}

extension Attribute {
  /// A location attribute as a location.
  public var asLocation: Location { Location(state, raw) }
}

extension Context {
  public var unknownLocation: Location { attribute(.unknownLocation, []).asLocation }

  /// The place `offset` bytes into the source that starts at `base` (see `addSource`).
  @inlinable public func location(sourceBase base: UInt32, offset: Int) -> Location {
    Location(state, (base + UInt32(truncatingIfNeeded: offset)) | 0x8000_0000)
  }

  /// `loc("file":line:column)`; a range where an end is given.
  public func fileLocation(
    _ file: String, line: Int, column: Int, endLine: Int? = nil, endColumn: Int? = nil
  ) -> Location {
    var words = [UInt64(intern(file).raw), UInt64(line), UInt64(column)]
    if endLine != nil || endColumn != nil {
      words += [UInt64(endLine ?? line), UInt64(endColumn ?? column)]
    }
    return attribute(.fileLocation, words).asLocation
  }

  /// `loc("name"(child))`.
  public func nameLocation(_ name: String, child: Location? = nil) -> Location {
    let inner = (child ?? unknownLocation).attribute
    return attribute(.nameLocation, [UInt64(intern(name).raw), UInt64(inner.raw)]).asLocation
  }

  /// `loc(callsite(callee at caller))`.
  public func callSiteLocation(callee: Location, caller: Location) -> Location {
    attribute(
      .callSiteLocation, [UInt64(callee.attribute.raw), UInt64(caller.attribute.raw)]
    ).asLocation
  }

  /// `loc(fused<metadata>[...])`; words are the metadata or none, then the parts.
  public func fusedLocation(_ parts: [Location], metadata: Attribute? = nil) -> Location {
    attribute(
      .fusedLocation,
      [UInt64(metadata?.raw ?? .max)] + parts.map { UInt64($0.attribute.raw) }
    ).asLocation
  }
}
