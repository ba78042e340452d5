import Glibc

/// A file's content, mapped read-only: pages are read when they are first touched.
public final class MappedFile: @unchecked Sendable {
  public let path: String
  /// The content, valid for the object's life.
  public let bytes: UnsafeRawBufferPointer
  private let release: Release
  /// Whether the bytes are the file itself, rather than a copy of what was read from it.
  public var isMapped: Bool { release == .unmap }

  private enum Release { case unmap, free, nothing }

  /// Maps the file at `path`.
  /// - Throws: a diagnostic that names the path: no such file, a directory, not readable.
  public init(path: String) throws(Diagnostic) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Diagnostic(.error, "cannot open file: \(systemMessage(errno))", subject: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw Diagnostic(.error, "cannot read file: \(systemMessage(errno))", subject: path)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw Diagnostic(.error, "is a directory, not a file", subject: path)
    case S_IFREG where status.st_size > 0:
      guard
        let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0),
        start != MAP_FAILED
      else {
        throw Diagnostic(.error, "cannot map file: \(systemMessage(errno))", subject: path)
      }
      bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
      release = .unmap
    default:
      bytes = try readAll(descriptor, path)
      release = .free
    }
  }

  private init(path: String, owning bytes: UnsafeRawBufferPointer) {
    self.path = path
    self.bytes = bytes
    release = .free
  }

  /// Everything on standard input.
  public static func standardInput() throws(Diagnostic) -> MappedFile {
    MappedFile(path: "<stdin>", owning: try readAll(0, "<stdin>"))
  }

  deinit {
    switch release {
    case .unmap: munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    case .free: bytes.baseAddress?.deallocate()
    case .nothing: break
    }
  }
}

/// Reads a pipe, a device or an empty file to its end.
private func readAll(_ descriptor: Int32, _ path: String) throws(Diagnostic)
  -> UnsafeRawBufferPointer
{
  var capacity = 1 << 16
  var memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
  var count = 0
  while true {
    if count == capacity {
      let bigger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 64)
      bigger.copyMemory(from: memory, byteCount: count)
      memory.deallocate()
      memory = bigger
      capacity *= 2
    }
    let got = read(descriptor, memory + count, capacity - count)
    if got == 0 { break }
    if got < 0 {
      if errno == EINTR { continue }
      memory.deallocate()
      throw Diagnostic(.error, "cannot read: \(systemMessage(errno))", subject: path)
    }
    count += got
  }
  return UnsafeRawBufferPointer(start: memory, count: count)
}

/// The system's text for an error number.
public func systemMessage(_ number: Int32) -> String {
  guard let text = strerror(number) else { return "error \(number)" }
  return String(cString: text)
}

/// Writes `bytes` to `path` by way of a temporary file beside it, so that a reader or a crash sees the
/// old content or the new, never a part. `-` writes to standard output.
/// - Throws: a diagnostic that names the path; nothing is left behind.
public func writeFileAtomically(_ path: String, _ bytes: UnsafeRawBufferPointer)
  throws(Diagnostic)
{
  if path == "-" {
    try writeAll(1, bytes, path)
    return
  }
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
    try writeInPlace(path, bytes)
    return
  }
  var template = Array((path + ".XXXXXX").utf8CString)
  let descriptor = mkstemp(&template)
  guard descriptor >= 0 else {
    throw Diagnostic(.error, "cannot write file: \(systemMessage(errno))", subject: path)
  }
  do throws(Diagnostic) {
    try writeAll(descriptor, bytes, path)
    let mask = umask(0)
    umask(mask)
    guard fchmod(descriptor, 0o666 & ~mask) == 0, rename(template, path) == 0 else {
      throw Diagnostic(.error, "cannot write file: \(systemMessage(errno))", subject: path)
    }
    close(descriptor)
  } catch {
    close(descriptor)
    unlink(template)
    throw error
  }
}

/// Writes to a device or pipe, which must not be replaced by a file.
private func writeInPlace(_ path: String, _ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
  let descriptor = open(path, O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw Diagnostic(.error, "cannot write file: \(systemMessage(errno))", subject: path)
  }
  defer { close(descriptor) }
  try writeAll(descriptor, bytes, path)
}

/// Makes a folder where there is none; the one it is in must be there.
public func makeFolder(_ path: String) throws(Diagnostic) {
  if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
  throw Diagnostic(.error, "cannot make folder: \(systemMessage(errno))", subject: path)
}

/// As above, for bytes in an array.
public func writeFileAtomically(_ path: String, _ bytes: [UInt8]) throws(Diagnostic) {
  let failure: Diagnostic? = bytes.withUnsafeBytes {
    do throws(Diagnostic) {
      try writeFileAtomically(path, $0)
      return nil
    } catch {
      return error
    }
  }
  if let failure { throw failure }
}

private func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ path: String)
  throws(Diagnostic)
{
  var offset = 0
  while offset < bytes.count {
    guard let base = bytes.baseAddress else { return }
    let written = write(descriptor, base + offset, bytes.count - offset)
    if written < 0 {
      if errno == EINTR { continue }
      throw Diagnostic(.error, "cannot write file: \(systemMessage(errno))", subject: path)
    }
    offset += written
  }
}
