import Glibc
import MartletSupport

/// Compiled programs kept on disk by content: a file per entry, named for its key.
///
/// Entries are written to a temporary file and renamed, so that any number of processes may read
/// and write at once. A reader checks length and digest; an entry that is cut off, altered or of
/// another format is removed and counts as absent. The cache is a convenience: where its
/// directory cannot be made or written, nothing is kept and nothing is said.
public final class CompileCache: Sendable {
  /// The directory entries lie in.
  public let directory: String
  /// Bytes all entries together may take; the longest unused go first.
  public let sizeLimit: Int
  private let formatVersion: UInt32

  /// Counts up whenever the layout of entry files changes.
  public static let currentFormatVersion: UInt32 = 1
  private static let magic: UInt64 = 0x6568_6361_7472_616d  // "martcahe"
  static let headerSize = 40
  private static let suffix = ".martlet"

  public init(
    directory: String, sizeLimit: Int = 1 << 30,
    formatVersion: UInt32 = CompileCache.currentFormatVersion
  ) {
    self.directory = directory
    self.sizeLimit = sizeLimit
    self.formatVersion = formatVersion
  }

  /// `$MARTLET_CACHE_DIR`, else `$XDG_CACHE_HOME/martlet`, else `~/.cache/martlet`; nil where none
  /// of them is set.
  public static var defaultDirectory: String? {
    directory { name in getenv(name).map { String(cString: $0) } }
  }

  static func directory(environment: (String) -> String?) -> String? {
    if let own = environment("MARTLET_CACHE_DIR"), !own.isEmpty { return own }
    // The convention is that a relative path is ignored.
    if let shared = environment("XDG_CACHE_HOME"), shared.hasPrefix("/") {
      return shared + "/martlet"
    }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return home + "/.cache/martlet"
  }

  private func path(_ key: ContentDigest) -> String { "\(directory)/\(key)\(Self.suffix)" }

  // MARK: Reading

  /// An entry's content, mapped from its file.
  public final class Entry: Sendable {
    private let file: MappedFile

    fileprivate init(_ file: MappedFile) { self.file = file }

    /// The content, which starts at a multiple of 8 bytes and is valid within `body`.
    public func withUnsafeBytes<Result, Failure>(
      _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      try withExtendedLifetime(file) { () throws(Failure) in
        try body(UnsafeRawBufferPointer(rebasing: file.bytes[CompileCache.headerSize...]))
      }
    }
  }

  /// The entry of `key`, or nil where there is no sound one.
  public func load(_ key: ContentDigest) -> Entry? {
    let path = path(key)
    do throws(Diagnostic) {
      let file = try MappedFile(path: path)
      guard withExtendedLifetime(file, { isSound(file.bytes) }) else {
        unlink(path)
        return nil
      }
      refreshTime(path)
      return Entry(file)
    } catch {
      return nil
    }
  }

  private func isSound(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= Self.headerSize else { return false }
    func word(_ at: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
    guard word(0) == Self.magic, word(8) == UInt64(formatVersion),
      word(16) == UInt64(bytes.count - Self.headerSize)
    else { return false }
    var hasher = ContentHasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize...]))
    let digest = hasher.finalize()
    return word(24) == digest.high && word(32) == digest.low
  }

  /// Marks an entry as used, at most once an hour: the size limit drops the longest unused first.
  private func refreshTime(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, time(nil) - status.st_mtim.tv_sec > 3600 else { return }
    utimensat(AT_FDCWD, path, nil, 0)
  }

  // MARK: Writing

  /// Keeps `bytes` under `key`, in place of what was kept before.
  /// - Returns: whether the entry was kept.
  @discardableResult
  public func store(_ key: ContentDigest, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= sizeLimit - Self.headerSize, makeDirectories() else { return false }
    var hasher = ContentHasher()
    hasher.combine(bytes: bytes)
    let digest = hasher.finalize()
    var content: [UInt8] = []
    content.reserveCapacity(Self.headerSize + bytes.count)
    for word in [
      Self.magic, UInt64(formatVersion), UInt64(bytes.count), digest.high, digest.low,
    ] {
      withUnsafeBytes(of: word.littleEndian) { content.append(contentsOf: $0) }
    }
    content.append(contentsOf: bytes)
    let result = content.withUnsafeBytes { content in
      Result { () throws(Diagnostic) in try writeFileAtomically(path(key), content) }
    }
    guard case .success = result else { return false }
    evict(keeping: path(key))
    return true
  }

  @discardableResult
  public func store(_ key: ContentDigest, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { store(key, $0) }
  }

  /// Makes the directory and those above it.
  private func makeDirectories() -> Bool {
    var status = stat()
    if stat(directory, &status) == 0 { return status.st_mode & S_IFMT == S_IFDIR }
    var made = directory.hasPrefix("/") ? "/" : ""
    for part in directory.split(separator: "/") {
      made += part
      mkdir(made, 0o700)
      made += "/"
    }
    return stat(directory, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  // MARK: Eviction

  private struct Stored {
    var path: String
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  /// Removes the longest unused entries until the rest fit, and temporary files left by writers
  /// that died.
  private func evict(keeping kept: String) {
    var entries = listEntries()
    var total = entries.reduce(0) { $0 &+ $1.size }
    guard total > sizeLimit else { return }
    entries.sort {
      ($0.seconds, $0.nanoseconds, $0.path) < ($1.seconds, $1.nanoseconds, $1.path)
    }
    for entry in entries where total > sizeLimit && entry.path != kept {
      unlink(entry.path)
      total -= entry.size
    }
  }

  private func listEntries() -> [Stored] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var entries: [Stored] = []
    let now = time(nil)
    while let item = readdir(stream) {
      let name = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.contains(Self.suffix) else { continue }
      let path = "\(directory)/\(name)"
      var status = stat()
      guard stat(path, &status) == 0 else { continue }
      if !name.hasSuffix(Self.suffix) {
        if now - status.st_mtim.tv_sec > 3600 { unlink(path) }
        continue
      }
      entries.append(
        Stored(
          path: path, size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
          nanoseconds: status.st_mtim.tv_nsec))
    }
    return entries
  }
}
