/// A value in a field of a TableGen record.
public indirect enum RecordValue: Sendable {
  /// `?`, or a value of a kind that no loader reads.
  case unset
  case integer(Int)
  case text(String)
  /// Another record, by its number in the store.
  case record(Int)
  case list([RecordValue])
  /// `(operator value:$name, ...)`.
  case dag([(value: RecordValue, name: String)])
}

/// One TableGen record: a name, the classes it derives from and the fields the loaders read.
public final class Record: Sendable {
  /// Its number in the store.
  public let number: Int
  public let name: String
  /// Names of all classes it derives from, the most general first.
  public let classes: [String]
  let fields: [(key: String, value: RecordValue)]
  unowned let store: RecordStore

  init(
    number: Int, name: String, classes: [String], fields: [(key: String, value: RecordValue)],
    store: RecordStore
  ) {
    self.number = number
    self.name = name
    self.classes = classes
    self.fields = fields
    self.store = store
  }

  public func isA(_ name: String) -> Bool { classes.contains(name) }

  public subscript(_ key: String) -> RecordValue {
    for field in fields where field.key == key { return field.value }
    return .unset
  }

  /// The text of a field; nil where it is unset or no text.
  public func text(_ key: String) -> String? {
    if case .text(let text) = self[key] { return text }
    return nil
  }

  /// As `text(_:)`, also nil where the text is empty or blank.
  public func filled(_ key: String) -> String? {
    guard let text = text(key), text.utf8.contains(where: { $0 > 32 }) else { return nil }
    return text
  }

  public func integer(_ key: String) -> Int? {
    if case .integer(let value) = self[key] { return value }
    return nil
  }

  public func flag(_ key: String) -> Bool { (integer(key) ?? 0) != 0 }

  public func record(_ key: String) -> Record? {
    if case .record(let number) = self[key] { return store.record(number) }
    return nil
  }

  public func list(_ key: String) -> [RecordValue] {
    if case .list(let values) = self[key] { return values }
    return []
  }

  /// The records of a list.
  public func records(_ key: String) -> [Record] {
    list(key).compactMap {
      if case .record(let number) = $0 { return store.record(number) }
      return nil
    }
  }

  /// The arguments of a dag.
  public func arguments(_ key: String) -> [(value: RecordValue, name: String)] {
    if case .dag(let arguments) = self[key] { return arguments }
    return []
  }
}
