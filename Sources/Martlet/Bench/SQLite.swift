import Glibc

/// The functions of libsqlite3 that the history is kept with. The library is opened when it is first needed:
/// no header of it is needed to build, and nothing else pays for it.
private struct SQLiteLibrary: Sendable {
  typealias Handle = OpaquePointer

  let open:
    @convention(c) (
      UnsafePointer<CChar>, UnsafeMutablePointer<Handle?>, Int32, UnsafePointer<CChar>?
    ) -> Int32
  let close: @convention(c) (Handle?) -> Int32
  let message: @convention(c) (Handle?) -> UnsafePointer<CChar>?
  let busyTimeout: @convention(c) (Handle?, Int32) -> Int32
  let execute: @convention(c) (Handle?, UnsafePointer<CChar>, Int, Int, Int) -> Int32
  let prepare:
    @convention(c) (Handle?, UnsafePointer<CChar>, Int32, UnsafeMutablePointer<Handle?>, Int) ->
      Int32
  let step: @convention(c) (Handle?) -> Int32
  let finalize: @convention(c) (Handle?) -> Int32
  let lastInsertRowID: @convention(c) (Handle?) -> Int64
  let bindInteger: @convention(c) (Handle?, Int32, Int64) -> Int32
  let bindReal: @convention(c) (Handle?, Int32, Double) -> Int32
  let bindText: @convention(c) (Handle?, Int32, UnsafePointer<CChar>, Int32, Int) -> Int32
  let columnCount: @convention(c) (Handle?) -> Int32
  let columnType: @convention(c) (Handle?, Int32) -> Int32
  let columnInteger: @convention(c) (Handle?, Int32) -> Int64
  let columnReal: @convention(c) (Handle?, Int32) -> Double
  let columnText: @convention(c) (Handle?, Int32) -> UnsafePointer<UInt8>?

  init() throws {
    guard let library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL) else {
      throw BenchFailure(
        "the history needs SQLite's library, which cannot be opened: "
          + (dlerror().map { String(cString: $0) } ?? "") + " (Debian's package libsqlite3-0)")
    }
    // The type to find follows from the property.
    func find<Function>(_ name: String) throws -> Function {
      guard let address = dlsym(library, "sqlite3_" + name) else {
        throw BenchFailure("libsqlite3 has no function sqlite3_\(name)")
      }
      return unsafeBitCast(address, to: Function.self)
    }
    open = try find("open_v2")
    close = try find("close_v2")
    message = try find("errmsg")
    busyTimeout = try find("busy_timeout")
    execute = try find("exec")
    prepare = try find("prepare_v2")
    step = try find("step")
    finalize = try find("finalize")
    lastInsertRowID = try find("last_insert_rowid")
    bindInteger = try find("bind_int64")
    bindReal = try find("bind_double")
    bindText = try find("bind_text")
    columnCount = try find("column_count")
    columnType = try find("column_type")
    columnInteger = try find("column_int64")
    columnReal = try find("column_double")
    columnText = try find("column_text")
  }
}

/// A value of a table.
enum SQLValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)

  static func optional(_ value: Int?) -> SQLValue { value.map { .integer(Int64($0)) } ?? .null }
  static func optional(_ value: Double?) -> SQLValue { value.map { .real($0) } ?? .null }
  static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }

  var integer: Int? {
    if case .integer(let value) = self { return Int(value) }
    return nil
  }
  var real: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }
  var text: String? {
    if case .text(let value) = self { return value }
    return nil
  }
}

/// An SQLite database in a file.
final class Database {
  private let library: SQLiteLibrary
  private var handle: SQLiteLibrary.Handle?
  private let path: String

  /// Opens the database at `path`, making it where it is missing.
  init(path: String) throws {
    self.path = path
    library = try SQLiteLibrary()
    let readWriteCreate: Int32 = 6
    if library.open(path, &handle, readWriteCreate, nil) != 0 { throw failure() }
    // Another run may be writing.
    _ = library.busyTimeout(handle, 60_000)
  }

  deinit { _ = library.close(handle) }

  private func failure() -> BenchFailure {
    BenchFailure("\(path): \(library.message(handle).map { String(cString: $0) } ?? "an error")")
  }

  /// Runs statements without values.
  func execute(_ statements: String) throws {
    if library.execute(handle, statements, 0, 0, 0) != 0 { throw failure() }
  }

  /// Runs a statement with `values` for its question marks.
  /// - Returns: the rows it gives.
  @discardableResult
  func run(_ statement: String, _ values: [SQLValue] = []) throws -> [[SQLValue]] {
    var prepared: SQLiteLibrary.Handle?
    if library.prepare(handle, statement, -1, &prepared, 0) != 0 { throw failure() }
    defer { _ = library.finalize(prepared) }
    for (i, value) in values.enumerated() {
      let place = Int32(i + 1)
      let status: Int32
      switch value {
      // What is not bound is null.
      case .null: status = 0
      case .integer(let number): status = library.bindInteger(prepared, place, number)
      case .real(let number): status = library.bindReal(prepared, place, number)
      case .text(let text):
        let isCopied = -1
        status = library.bindText(prepared, place, text, -1, isCopied)
      }
      if status != 0 { throw failure() }
    }
    var rows: [[SQLValue]] = []
    while true {
      switch library.step(prepared) {
      case 100: rows.append((0..<library.columnCount(prepared)).map { column(prepared, $0) })
      case 101: return rows
      default: throw failure()
      }
    }
  }

  private func column(_ prepared: SQLiteLibrary.Handle?, _ i: Int32) -> SQLValue {
    switch library.columnType(prepared, i) {
    case 1: .integer(library.columnInteger(prepared, i))
    case 2: .real(library.columnReal(prepared, i))
    case 3: library.columnText(prepared, i).map { .text(String(cString: $0)) } ?? .null
    default: .null
    }
  }

  /// Runs an insertion.
  /// - Returns: the number of the new row.
  func insert(_ statement: String, _ values: [SQLValue]) throws -> Int {
    try run(statement, values)
    return Int(library.lastInsertRowID(handle))
  }

  /// Makes all that `body` does or, where it throws, nothing of it.
  func transaction(_ body: () throws -> Void) throws {
    try execute("BEGIN IMMEDIATE")
    do {
      try body()
      try execute("COMMIT")
    } catch {
      try? execute("ROLLBACK")
      throw error
    }
  }
}
