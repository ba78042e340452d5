import Glibc
import MartletSupport

/// The files beside a model that hold its external data, each mapped once.
struct ONNXExternalFiles {
  /// The model's folder as it was written.
  private let folder: String
  /// The folders a file may really lie in: the model's, and where the model is itself a symbolic
  /// link (as in download caches), the one it points into.
  private let allowedFolders: [String]
  private var mapped: [String: MappedFile] = [:]

  init(besideModelAt path: String) {
    folder = Self.parent(of: path)
    var allowed: [String] = []
    if let real = Self.realPath(folder) { allowed.append(real) }
    if let real = Self.realPath(path) { allowed.append(Self.parent(of: real)) }
    allowedFolders = allowed
  }

  /// The content of the file that the model calls `location`.
  /// - Throws: a message: the location leads out of the model's folder, or cannot be mapped.
  mutating func file(at location: String) throws(ExternalFileError) -> MappedFile {
    if let file = mapped[location] { return file }
    guard !location.isEmpty, !location.contains("\0") else {
      throw ExternalFileError(message: "the location of the external data is not a file's name")
    }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.hasPrefix("/"), !parts.contains("..") else {
      throw ExternalFileError(message: "'\(location)' leads out of the model's folder")
    }
    let path = folder == "/" ? "/\(location)" : "\(folder)/\(location)"
    guard let real = Self.realPath(path) else {
      throw ExternalFileError(message: "cannot open '\(path)': \(systemMessage(errno))")
    }
    guard allowedFolders.contains(where: { real.hasPrefix($0 == "/" ? $0 : $0 + "/") }) else {
      throw ExternalFileError(message: "'\(location)' leads out of the model's folder")
    }
    // A pipe or a device could block or never end.
    var status = stat()
    guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ExternalFileError(message: "'\(path)' is not a regular file")
    }
    do throws(Diagnostic) {
      let file = try MappedFile(path: real)
      mapped[location] = file
      return file
    } catch {
      throw ExternalFileError(message: "'\(path)': \(error.message)")
    }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// Why external data cannot be had.
struct ExternalFileError: Error {
  var message: String
}

extension ONNXDecoder {
  /// The part of an external file that a tensor's `external_data` entries speak of.
  /// - Parameters:
  ///   - byteCount: how many bytes the tensor needs, meant where the entries say no length.
  ///   - offset: where the tensor stands in the model's file.
  mutating func externalBytes(_ entries: [ONNXMetadata], byteCount: Int, offset: Int)
    throws(DecodingError) -> ONNXBytes
  {
    func failure(_ message: String) -> DecodingError {
      DecodingError(offset: offset, message: message)
    }
    func number(_ key: String) throws(DecodingError) -> Int? {
      guard let text = entries.last(where: { $0.key == key })?.value else { return nil }
      guard let value = Int(text), value >= 0 else {
        throw failure("the external data's \(key) '\(text)' is not a number of bytes")
      }
      return value
    }
    guard let location = entries.last(where: { $0.key == "location" })?.value else {
      throw failure("the external data has no location")
    }
    guard externalFiles != nil else {
      throw failure(
        "the external data '\(location)' cannot be found: the model was not read from a file")
    }
    let start = try number("offset") ?? 0
    let length = try number("length") ?? byteCount
    let mapped: MappedFile?
    do throws(ExternalFileError) {
      mapped = try externalFiles?.file(at: location)
    } catch {
      throw failure(error.message)
    }
    guard let mapped, start <= mapped.bytes.count, length <= mapped.bytes.count - start else {
      throw failure(
        "\(length) bytes from byte \(start) on are asked of '\(location)', which has "
          + "\(mapped?.bytes.count ?? 0)")
    }
    let part = UnsafeRawBufferPointer(rebasing: mapped.bytes[start..<start + length])
    return ONNXBytes(part, ownedBy: mapped)
  }
}
