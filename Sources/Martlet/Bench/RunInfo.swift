import Glibc
import MartletCPU
import MartletSupport

/// Where, with what and of what a set of results was measured.
struct RunInfo: Sendable {
  /// What the machine is called: results of different machines are never compared.
  var machine = "unknown"
  var cpu = "unknown"
  var cores = 0
  /// Bytes.
  var memory = 0
  var system = "unknown"
  /// The commit measured, all 40 digits; empty where there is none.
  var commit = ""
  /// When it was made, seconds since 1970.
  var commitDate: Int?
  /// Whether the working tree differed from it.
  var isDirty = false
  var toolchain = "unknown"
  var llvm = "unknown"
  var isQuick = false
  /// When it was measured, seconds since 1970.
  var date = 0

  /// What is to be found out about this machine.
  init(machine name: String?) {
    var names = utsname()
    uname(&names)
    system = "\(text(of: &names.sysname)) \(text(of: &names.release)) \(text(of: &names.machine))"
    machine = name ?? text(of: &names.nodename)
    cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    date = time(nil)
    if let text = try? fileText("/proc/cpuinfo") {
      let lines = text.split(separator: "\n")
      if let line = lines.first(where: { $0.hasPrefix("model name") }),
        let colon = line.firstIndex(of: ":")
      {
        cpu = String(line[line.index(after: colon)...].drop { $0 == " " })
      }
    }
  }

  /// Adds what git, the compiler and libLLVM say: of the commit `revision`, or of the one checked out.
  mutating func identify(revision: String?, in root: String, scratch: String) throws {
    let git = Git(root: root, scratch: scratch)
    if let revision {
      // A commit that is not of this repository is taken at its word.
      guard let full = git.commit(revision) ?? (isCommitHash(revision) ? revision : nil) else {
        throw BenchFailure("'\(revision)' names no commit")
      }
      commit = full
    } else if let head = git.commit("HEAD") {
      commit = head
      isDirty = git.isDirty
    } else {
      throw BenchFailure("results are recorded for a commit: no git repository here, use --commit")
    }
    commitDate = git.date(commit)
    if let text = ChildProcess.output(["swift", "--version"], in: scratch),
      let start = text.utf8Range(of: "Swift version ")
    {
      toolchain = "Swift " + text[start.upperBound...].prefix { $0 != " " && $0 != "\n" }
    }
    if let library = try? LibLLVM.open() { llvm = library.version }
  }
}

/// The string in a fixed array of characters.
private func text<Characters>(of characters: inout Characters) -> String {
  withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

private func isCommitHash(_ text: String) -> Bool {
  text.utf8.count == 40 && text.allSatisfy { $0.isHexDigit && $0.isASCII }
}

extension StringProtocol {
  /// The first place of an ASCII text.
  func utf8Range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].utf8.starts(with: text.utf8) {
        return start..<utf8.index(start, offsetBy: text.utf8.count)
      }
      start = utf8.index(after: start)
    }
    return nil
  }
}

/// Asks git about a checkout.
struct Git {
  let root: String
  /// A folder for passing files.
  let scratch: String

  private func ask(_ words: [String]) -> String? {
    try? makeFolders(scratch)
    guard
      let text = ChildProcess.output(["git", "-C", root] + words, in: scratch)
    else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    return lines.first.map(String.init) ?? ""
  }

  /// The full name of the commit that `revision` names.
  func commit(_ revision: String) -> String? {
    ask(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"])
  }

  var isDirty: Bool { ask(["status", "--porcelain", "--untracked-files=no"]) != "" }

  func date(_ commit: String) -> Int? {
    ask(["show", "-s", "--format=%ct", commit]).flatMap(Int.init)
  }

  /// The branch that is checked out; nil for none.
  var branch: String? { ask(["symbolic-ref", "--short", "--quiet", "HEAD"]) }

  /// The checkout's folder.
  var top: String? { ask(["rev-parse", "--show-toplevel"]) }
}
