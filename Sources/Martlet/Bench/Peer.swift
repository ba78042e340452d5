import Glibc
import MartletSupport

/// Another tool that does the same work.
struct Peer: Sendable {
  /// With its version: `mlir-opt 22.1.8`, `xDSL 0.75.0, CPython 3.11.7`.
  let title: String
  let kind: Kind

  enum Kind: Sendable {
    case mlirOpt(String)
    /// A Python that has xDSL.
    case xdsl(String)
  }

  /// What is to be found on this machine, and what is not.
  static func find(root: String, scratch: String) -> (found: [Peer], missing: [String]) {
    var found: [Peer] = []
    var missing: [String] = []
    if let peer = mlirOpt(scratch) { found.append(peer) } else { missing.append("mlir-opt") }
    var seen: Set<String> = []
    for python in pythons(root) {
      let question =
        "import platform, sys, importlib.metadata as m; "
        + "print(sys.implementation.name, platform.python_version(), m.version('xdsl'), sep='|')"
      guard let path = ChildProcess.path(of: python) else { continue }
      let answer = ChildProcess.output([path, "-c", question], in: scratch)
      guard let parts = answer?.split(whereSeparator: { $0 == "|" || $0 == "\n" }),
        parts.count == 3
      else {
        continue
      }
      let name = parts[0] == "pypy" ? "PyPy" : "CPython"
      let title = "xDSL \(parts[2]), \(name) \(parts[1])"
      if seen.insert(title).inserted { found.append(Peer(title: title, kind: .xdsl(path))) }
    }
    if !found.contains(where: { $0.title.contains("CPython") }) {
      missing.append("xDSL (Benchmarks/make_venvs.sh)")
    }
    if !found.contains(where: { $0.title.contains("PyPy") }) { missing.append("xDSL for PyPy") }
    return (found, missing)
  }

  private static func mlirOpt(_ scratch: String) -> Peer? {
    for version in [22, 21, 20, 19] {
      for name in ["/usr/lib/llvm-\(version)/bin/mlir-opt", "mlir-opt-\(version)"] {
        guard let path = ChildProcess.path(of: name),
          let text = ChildProcess.output([path, "--version"], in: scratch)
        else { continue }
        let words = text.split { $0 == " " || $0 == "\n" }
        let number = words.firstIndex(of: "version").map { words[$0 + 1] } ?? "?"
        return Peer(title: "mlir-opt \(number)", kind: .mlirOpt(path))
      }
    }
    return nil
  }

  /// Those of the environments that Benchmarks/make_venvs.sh makes, then those of the path.
  private static func pythons(_ root: String) -> [String] {
    let versions = (11...15).map { "3.\($0)" }
    return ["\(root)/build/bench-venv/bin/python3"]
      + (versions + ["pypy3"]).map { "\(root)/build/bench-venv-\($0)/bin/python3" }
      + ["python3"] + versions.map { "python\($0)" } + ["pypy3"]
  }
}

/// What a tool took for each phase of one input, medians: nanoseconds and bytes.
struct PeerFigures: Sendable {
  /// By the phases' names, in the order of `Phase`; none where the tool did not do it.
  var phases: [Phase: Double] = [:]

  enum Phase: String, Sendable, CaseIterable {
    case parse, verify, canonicalize, cse, print
    case processCPU = "process, CPU"
    case processWall = "process, wall"
    case peak = "peak memory"
  }
}
