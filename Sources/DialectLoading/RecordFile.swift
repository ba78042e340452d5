import MartletRuntime
import MartletSupport

/// A file of records: a `.td` file, which `llvm-tblgen` reads, or the JSON it prints.
///
/// The compact form of what was read is kept in the compile cache's folder. An entry is found by the file's
/// path, the include folders and the tool, and is good as long as every file that was read for it has the
/// content it had then.
public struct RecordFile: Sendable {
  public let path: String
  public let includes: [String]

  public init(_ path: String, includes: [String] = []) {
    self.path = path
    self.includes = includes
  }

  /// The file's records.
  /// - Parameter cache: where compact forms are kept; nil keeps none.
  /// - Throws: where the file cannot be read or holds no records, or the tool is missing or reports errors.
  public func load(_ cache: CompileCache?) throws(Diagnostic) -> RecordStore {
    let isJSON = path.hasSuffix(".json")
    return isJSON ? try loadJSON(cache) : try loadTableGen(cache)
  }

  /// The cache of the environment; nil where it names no folder.
  public static var defaultCache: CompileCache? {
    CompileCache.defaultDirectory.map { CompileCache(directory: $0) }
  }

  private func loadJSON(_ cache: CompileCache?) throws(Diagnostic) -> RecordStore {
    let file = try MappedFile(path: path)
    return try withExtendedLifetime(file) { () throws(Diagnostic) in
      var hasher = ContentHasher()
      hasher.combine("dialect records of JSON")
      hasher.combine(RecordStore.formatVersion)
      hasher.combine(bytes: file.bytes)
      let key = hasher.finalize()
      if let entry = cache?.load(key), let store = try? stored(entry) { return store }
      let compact = try RecordJSONReader.compact(file.bytes, origin: path)
      cache?.store(key, compact)
      return try RecordStore(compact: compact, origin: path)
    }
  }

  private func stored(_ entry: CompileCache.Entry) throws(Diagnostic) -> RecordStore {
    try RecordStore(compact: entry.withUnsafeBytes { Array($0) }, origin: path)
  }

  private func loadTableGen(_ cache: CompileCache?) throws(Diagnostic) -> RecordStore {
    // A missing file is said before a missing tool.
    _ = try MappedFile(path: path)
    let tool = try TableGenTool.find()
    var hasher = ContentHasher()
    hasher.combine("dialect records of TableGen")
    hasher.combine(RecordStore.formatVersion)
    for text in [path, tool.path] + includes { hasher.combine(text) }
    let key = hasher.finalize()
    if let entry = cache?.load(key), let store = fresh(entry) { return store }
    let (json, files) = try tool.dump(path, includes: includes)
    let compact = try compact(json)
    if let cache, let header = header(files) { cache.store(key, header + compact) }
    return try RecordStore(compact: compact, origin: path)
  }

  private func compact(_ json: [UInt8]) throws(Diagnostic) -> [UInt8] {
    let result = json.withUnsafeBytes { bytes in
      Result { () throws(Diagnostic) in try RecordJSONReader.compact(bytes, origin: path) }
    }
    return try result.get()
  }

  // MARK: Dependencies

  private static func digest(_ path: String) -> ContentDigest? {
    guard let file = try? MappedFile(path: path) else { return nil }
    return withExtendedLifetime(file) {
      var hasher = ContentHasher()
      hasher.combine(bytes: file.bytes)
      return hasher.finalize()
    }
  }

  /// The files read, with what they hold now; nil where one is gone already.
  private func header(_ files: [String]) -> [UInt8]? {
    var writer = CompactWriter()
    writer.number(files.count)
    for file in files {
      guard let digest = Self.digest(file) else { return nil }
      writer.number(file.utf8.count)
      writer.bytes += Array(file.utf8)
      writer.number(Int(bitPattern: UInt(digest.high)))
      writer.number(Int(bitPattern: UInt(digest.low)))
    }
    return writer.bytes
  }

  /// The records of an entry, where all files they came from still hold what they held.
  private func fresh(_ entry: CompileCache.Entry) -> RecordStore? {
    let bytes = entry.withUnsafeBytes { Array($0) }
    var reader = CompactReader(bytes, at: 0)
    let files = reader.list { reader in
      let range = reader.text()
      let (high, low) = (reader.number(), reader.number())
      return (
        path: String(decoding: bytes[range], as: UTF8.self),
        digest: ContentDigest(
          high: UInt64(UInt(bitPattern: high)), low: UInt64(UInt(bitPattern: low)))
      )
    }
    guard !reader.isDamaged, files.allSatisfy({ Self.digest($0.path) == $0.digest }) else {
      return nil
    }
    return try? RecordStore(compact: Array(bytes[reader.position...]), origin: path)
  }
}
