import Glibc
import MartletSupport

/// LLVM's `llvm-tblgen`, which turns `.td` files into records.
public struct TableGenTool: Sendable {
  /// The program's path.
  public let path: String
  /// The folder of MLIR's own `.td` files that belongs to it; nil where none lies beside it.
  public let includeDirectory: String?

  /// Finds the program: `$MARTLET_TBLGEN`, then `llvm-tblgen` and `llvm-tblgen-22` on the path, then
  /// where Debian's llvm-22 has it. The first that has MLIR's files beside it wins, since a tool older
  /// than the files cannot read them.
  /// - Throws: a diagnostic that says what to install, where there is none.
  public static func find() throws(Diagnostic) -> TableGenTool {
    if let named = getenv("MARTLET_TBLGEN").map({ String(cString: $0) }), !named.isEmpty {
      guard access(named, X_OK) == 0 else {
        throw Diagnostic(
          .error, "$MARTLET_TBLGEN names no program: \(systemMessage(errno))", subject: named)
      }
      return TableGenTool(path: named)
    }
    var first: TableGenTool?
    for candidate in candidates() where access(candidate, X_OK) == 0 {
      let tool = TableGenTool(path: candidate)
      if tool.includeDirectory != nil { return tool }
      first = first ?? tool
    }
    if let first { return first }
    throw Diagnostic(
      .error,
      "cannot find llvm-tblgen, which reads .td files: install LLVM's tools (Debian's packages llvm-22 and libmlir-22-dev), or set $MARTLET_TBLGEN to the program, or give the records as JSON (llvm-tblgen --dump-json)"
    )
  }

  private static func candidates() -> [String] {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let directories = path.split(separator: ":").map(String.init)
    var found: [String] = []
    for name in ["llvm-tblgen", "llvm-tblgen-22"] {
      found += directories.map { "\($0)/\(name)" }
    }
    return found + ["/usr/lib/llvm-22/bin/llvm-tblgen"]
  }

  init(path: String) {
    self.path = path
    // A link of `/usr/bin` leads to the folder of the version it belongs to.
    var resolved = path
    if let real = realpath(path, nil) {
      resolved = String(cString: real)
      free(real)
    }
    let parts = resolved.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 2 else {
      includeDirectory = nil
      return
    }
    let include = parts.dropLast(2).joined(separator: "/") + "/include"
    includeDirectory = access("\(include)/mlir/IR/OpBase.td", R_OK) == 0 ? include : nil
  }

  /// The records of `file` as JSON, and the paths of all files read for it.
  /// - Throws: what the tool reports, where it fails.
  func dump(_ file: String, includes: [String]) throws(Diagnostic) -> (
    json: [UInt8], files: [String]
  ) {
    let directory = try temporaryDirectory()
    defer { rmdir(directory) }
    let (output, dependencies) = ("\(directory)/records.json", "\(directory)/records.d")
    let messages = "\(directory)/messages"
    defer {
      for path in [output, dependencies, messages] { unlink(path) }
    }
    var arguments = [path, "--dump-json", file, "-o", output, "-d", dependencies]
    for include in includes + [includeDirectory].compactMap({ $0 }) {
      arguments += ["-I", include]
    }
    let status = try spawn(arguments, errors: messages)
    guard status == 0 else {
      let text = (try? String(decoding: readFile(messages), as: UTF8.self)) ?? ""
      let lines = text.split(separator: "\n").prefix(20)
      throw Diagnostic(
        .error, "llvm-tblgen cannot read the file", subject: file,
        notes: lines.isEmpty
          ? [Diagnostic(.note, "it ended with status \(status)", subject: path)]
          : lines.map { Diagnostic(.note, String($0)) })
    }
    let rule = String(decoding: try readFile(dependencies), as: UTF8.self)
    return (try readFile(output), [file] + TableGenTool.dependencies(rule))
  }

  /// The files of `output: a b c`, as makefiles have them.
  static func dependencies(_ rule: String) -> [String] {
    guard let colon = rule.firstRange(of: ": ") else { return [] }
    return rule[colon.upperBound...].split { $0 == " " || $0 == "\n" || $0 == "\\" }
      .map(String.init)
  }

  private func temporaryDirectory() throws(Diagnostic) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/martlet-records-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Diagnostic(
        .error, "cannot make a temporary folder: \(systemMessage(errno))", subject: base)
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Runs a program to its end, its messages going to a file.
  /// - Returns: its exit status, or 128 and more where a signal ended it.
  private func spawn(_ arguments: [String], errors: String) throws(Diagnostic) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var process: pid_t = 0
    let outcome = posix_spawn(&process, path, &actions, nil, &pointers, environ)
    guard outcome == 0 else {
      throw Diagnostic(.error, "cannot run: \(systemMessage(outcome))", subject: path)
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR {
        throw Diagnostic(.error, "cannot wait for it: \(systemMessage(errno))", subject: path)
      }
    }
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
  }

  private func readFile(_ path: String) throws(Diagnostic) -> [UInt8] {
    let file = try MappedFile(path: path)
    return withExtendedLifetime(file) { Array(file.bytes) }
  }
}
