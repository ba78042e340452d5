import CLLVM
import Glibc
import MartletSupport

/// The machine code is generated for: LLVM's names of it.
public struct CodeTarget: Sendable, Equatable {
  public var triple: String
  public var cpu: String
  /// LLVM's feature string, `+avx512f,-amx-tile,...`.
  public var features: String
}

/// libLLVM, opened with `dlopen` when code is first generated and kept open.
///
/// LLVM 22 is preferred; 21, 20 and 19 serve as well. The environment variable `MARTLET_LIBLLVM`
/// names another file.
public final class LibLLVM: @unchecked Sendable {
  let functions: MartletLLVM
  /// The file or soname that was opened.
  public let path: String
  /// `22.1.8`
  public let version: String
  /// The machine the process runs on.
  public let host: CodeTarget
  /// Seconds that opening the library and registering its target took.
  public let openingSeconds: Double

  /// The oldest and the newest major version whose C interface is known to fit.
  public static let supportedVersions = 19...22

  private init(_ path: String, _ functions: MartletLLVM, _ watch: Stopwatch) {
    self.path = path
    self.functions = functions
    var major: UInt32 = 0
    var minor: UInt32 = 0
    var patch: UInt32 = 0
    functions.GetVersion(&major, &minor, &patch)
    version = "\(major).\(minor).\(patch)"
    functions.InitializeX86TargetInfo()
    functions.InitializeX86Target()
    functions.InitializeX86TargetMC()
    functions.InitializeX86AsmPrinter()
    functions.InitializeX86AsmParser()
    host = CodeTarget(
      triple: takeMessage(functions, functions.GetDefaultTargetTriple()),
      cpu: takeMessage(functions, functions.GetHostCPUName()),
      features: takeMessage(functions, functions.GetHostCPUFeatures()))
    withUnsafePointer(to: functions) { martlet_llvm_install_fatal_error_handler($0) }
    openingSeconds = watch.seconds
    releasePages()
  }

  /// Gives back what of the library's code and constants, and of our own, is in memory. LLVM goes through tens of megabytes
  /// of its own code once in each of its stages; called between them, only one stage's are held at a time.
  /// They stay in the system's page cache: coming back costs a millisecond or two.
  func releasePages() {
    martlet_release_own_pages()
    withUnsafePointer(to: functions) { martlet_llvm_release_pages($0) }
  }

  // MARK: Opening

  private static let shared: Result<LibLLVM, Diagnostic> = Result { () throws(Diagnostic) in
    try open(override: getenv("MARTLET_LIBLLVM").map { String(cString: $0) })
  }

  /// The process's libLLVM, opened on the first call.
  /// - Throws: a diagnostic that says what to install.
  public static func open() throws(Diagnostic) -> LibLLVM { try shared.get() }

  /// Opens libLLVM afresh. `path` names the one file to try; nil tries the usual names.
  /// - Throws: a diagnostic that says what to install, or what is wrong with the file.
  static func open(override path: String?) throws(Diagnostic) -> LibLLVM {
    let watch = Stopwatch()
    if let path, !path.isEmpty {
      switch tryOpening(path) {
      case .opened(let functions): return LibLLVM(path, functions, watch)
      case .notFound(let reason):
        throw Diagnostic(
          .error, "cannot open the libLLVM that MARTLET_LIBLLVM names: \(reason)", subject: path,
          notes: [advice])
      case .functionMissing(let name):
        throw Diagnostic(
          .error, "is not a libLLVM of version 19 to 22: it has no \(name)", subject: path)
      }
    }
    var notes: [Diagnostic] = []
    for name in candidates {
      switch tryOpening(name) {
      case .opened(let functions): return LibLLVM(name, functions, watch)
      case .notFound: continue
      case .functionMissing(let function):
        notes.append(Diagnostic(.note, "passed over: it has no \(function)", subject: name))
      }
    }
    throw notFoundDiagnostic(notes)
  }

  static func notFoundDiagnostic(_ notes: [Diagnostic]) -> Diagnostic {
    Diagnostic(
      .error, "generating machine code needs LLVM's runtime library, which was not found",
      notes: notes + [advice])
  }

  private static let advice = Diagnostic(
    .note,
    "install it with `apt-get install libllvm22` (libllvm21, libllvm20 or libllvm19 serve as well), "
      + "or set MARTLET_LIBLLVM to its path")

  private enum Attempt {
    case opened(MartletLLVM)
    case notFound(String)
    case functionMissing(String)
  }

  private static func tryOpening(_ path: String) -> Attempt {
    // The library's constructors are spread over all its code, and touch half of it.
    martlet_release_own_pages()
    let functions = UnsafeMutablePointer<MartletLLVM>.allocate(capacity: 1)
    defer { functions.deallocate() }
    var problem: UnsafePointer<CChar>?
    let answer = martlet_llvm_open(path, functions, &problem)
    let text = problem.map { String(cString: $0) } ?? ""
    if answer == Int32(MartletLLVMNotFound.rawValue) { return .notFound(text) }
    if answer == Int32(MartletLLVMFunctionMissing.rawValue) { return .functionMissing(text) }
    return .opened(functions.pointee)
  }

  /// The names distributions install the library under, the newest version first.
  static var candidates: [String] {
    supportedVersions.reversed().flatMap { version in
      [
        "libLLVM.so.\(version).1", "libLLVM-\(version).so", "libLLVM-\(version).so.1",
        "libLLVM.so.\(version)", "/usr/lib/llvm-\(version)/lib/libLLVM.so.\(version).1",
        "/usr/lib/llvm-\(version)/lib/libLLVM.so",
      ]
    }
  }

  // MARK: Identity

  /// What tells one installed libLLVM from another without opening it (which would cost more than
  /// the whole of a cached start): the path, size and time of the file that would be opened. Part
  /// of the key of cached code. Empty where no library is found in the usual directories.
  public static var installedIdentity: String {
    let override = getenv("MARTLET_LIBLLVM").map { String(cString: $0) } ?? ""
    let names = override.isEmpty ? candidates : [override]
    for name in names {
      let paths = name.contains("/") ? [name] : libraryDirectories.map { "\($0)/\(name)" }
      for path in paths {
        var status = stat()
        guard stat(path, &status) == 0 else { continue }
        let time = status.st_mtim
        return "\(path) \(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
      }
    }
    return ""
  }

  private static var libraryDirectories: [String] {
    let searched = getenv("LD_LIBRARY_PATH").map { String(cString: $0) } ?? ""
    return searched.split(separator: ":").map(String.init) + [
      "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib",
      "/usr/local/lib",
    ]
  }
}

/// A string of LLVM's, which is freed.
func takeMessage(_ functions: MartletLLVM, _ text: UnsafeMutablePointer<CChar>?) -> String {
  guard let text else { return "" }
  defer { functions.DisposeMessage(text) }
  return String(cString: text)
}
