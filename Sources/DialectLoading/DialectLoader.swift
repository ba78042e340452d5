import MartletIR
import MartletRuntime
import MartletSupport
import Synchronization

/// Dialects made at run time from TableGen records of MLIR's ODS.
///
/// What comes out is what a dialect declared in Swift is: a `Dialect` with `OpDefinition`s, registered in a
/// context. A dialect's declarations are made when its name is first met in a text.
public final class DialectLoader: Sendable {
  private let library: DialectLibrary
  /// Names of the dialects the files declare operations, types or attributes of, in their order.
  public let dialectNames: [String]
  private let loaded = Mutex<[String: LoadedDialect]>([:])

  /// Reads the records of `files`.
  /// - Parameter cache: where compact forms are kept; nil keeps none.
  /// - Throws: the first file's problem.
  public convenience init(_ files: [RecordFile], cache: CompileCache? = RecordFile.defaultCache)
    throws(Diagnostic)
  {
    var stores: [RecordStore] = []
    for file in files { stores.append(try file.load(cache)) }
    self.init(stores)
  }

  public init(_ stores: [RecordStore]) {
    library = DialectLibrary(stores)
    var names: [String] = []
    for store in stores {
      for record in store.instances(of: "Op") {
        if let name = record.record("opDialect")?.filled("name"), !names.contains(name) {
          names.append(name)
        }
      }
      for record in store.instances(of: "TypeDef") + store.instances(of: "AttrDef") {
        if let name = record.record("dialect")?.filled("name"), !names.contains(name) {
          names.append(name)
        }
      }
    }
    dialectNames = names
  }

  /// Makes the dialects known to `context`. A dialect that the context has already keeps its declarations
  /// and gets those it lacks.
  public func register(in context: Context) {
    for name in dialectNames {
      context.register(name) { known in
        let loaded = self.dialect(name).dialect
        return known.map { DialectLoader.merge($0, loaded) } ?? loaded
      }
    }
  }

  /// What `known` declares, and what only `loaded` does.
  private static func merge(_ known: Dialect, _ loaded: Dialect) -> Dialect {
    let operations = Set(known.operations.map(\.name))
    let types = Set(known.types.map(\.name))
    let attributes = Set(known.attributes.map(\.name))
    return Dialect(
      known.name, summary: known.summary,
      operations: known.operations + loaded.operations.filter { !operations.contains($0.name) },
      types: known.types + loaded.types.filter { !types.contains($0.name) },
      attributes: known.attributes + loaded.attributes.filter { !attributes.contains($0.name) },
      keepsUnknownTypes: known.keepsUnknownTypes
        || (known.types.isEmpty && loaded.keepsUnknownTypes),
      keepsUnknownAttributes: known.keepsUnknownAttributes
        || (known.attributes.isEmpty && loaded.keepsUnknownAttributes),
      materializeConstant: known.materializeConstant)
  }

  /// The dialect called `name`, with what could not be taken from the records.
  public func dialect(_ name: String) -> LoadedDialect {
    if let known = loaded.withLock({ $0[name] }) { return known }
    let made = make(name)
    return loaded.withLock { table in
      if let known = table[name] { return known }
      table[name] = made
      return made
    }
  }

  private func make(_ name: String) -> LoadedDialect {
    var operations: [OpDefinition] = []
    var seen: Set<String> = []
    var loader = OperationLoader(library)
    var definitions = DefinitionLoader(library)
    var types: [TypeDefinition] = []
    var attributes: [AttributeDefinition] = []
    var header: Record?
    for store in library.stores {
      header = header ?? store.instances(of: "Dialect").first { $0.text("name") == name }
      for record in store.instances(of: "Op") where record.record("opDialect")?.text("name") == name
      {
        guard let made = loader.operation(record), seen.insert(made.name).inserted else { continue }
        operations.append(made)
      }
      for record in store.instances(of: "TypeDef") {
        guard record.record("dialect")?.text("name") == name,
          let mnemonic = record.filled("mnemonic"), seen.insert("!" + mnemonic).inserted,
          let found = library.definition(named: "\(name).\(mnemonic)", isType: true)
        else { continue }
        types.append(definitions.type(found))
      }
      for record in store.instances(of: "AttrDef") {
        guard record.record("dialect")?.text("name") == name,
          let mnemonic = record.filled("mnemonic"), seen.insert("#" + mnemonic).inserted,
          let found = library.definition(named: "\(name).\(mnemonic)", isType: false)
        else { continue }
        attributes.append(definitions.attribute(found))
      }
    }
    for type in DialectSupplement.known(name)?.types ?? []
    where !types.contains(where: { $0.name == type.name }) {
      types.append(type)
    }
    let dialect = Dialect(
      name, summary: header?.text("summary") ?? "", operations: operations, types: types,
      attributes: attributes,
      keepsUnknownTypes: types.isEmpty || !(header?.flag("useDefaultTypePrinterParser") ?? true),
      keepsUnknownAttributes: attributes.isEmpty
        || !(header?.flag("useDefaultAttributePrinterParser") ?? true))
    var remarks = definitions.remarks + loader.constraints.remarks
    if loader.uncheckedCount > 0 {
      remarks.append(
        "\(loader.uncheckedCount) operations have further checks written in C++, which are not made"
      )
    }
    return LoadedDialect(
      dialect: dialect, genericOnly: loader.genericOnly, remarks: remarks)
  }
}

/// A dialect made from records, and what of it could not be had.
public struct LoadedDialect: Sendable {
  public let dialect: Dialect
  /// Operations whose text is read and printed by C++: they are written in generic form.
  public let genericOnly: [String]
  /// What is not checked or kept as text, and why.
  public let remarks: [String]
}
