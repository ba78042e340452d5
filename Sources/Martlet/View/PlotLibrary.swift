import Glibc
import MartletSupport

/// D3, which draws the page's plots. It is no part of Martlet: Scripts/setup.sh installs the release named here,
/// and only that one is put in pages.
enum PlotLibrary {
  static let version = "7.9.0"
  /// SHA-256 of `d3.min.js` of that release.
  static let digest = "f2094bbf6141b359722c4fe454eb6c4b0f0e42cc10cc7af921fc158fceb86539"

  static let advice = Diagnostic(
    .note,
    "the page shows tables in place of plots; Scripts/setup.sh installs D3 \(version), or set "
      + "MARTLET_D3 to the path of its d3.min.js")

  /// The library's text, or why there is none.
  static func find() -> (text: [UInt8]?, problem: String?) {
    if let path = getenv("MARTLET_D3").map({ String(cString: $0) }), !path.isEmpty {
      return read(path) ?? (nil, "cannot read D3 from '\(path)', which MARTLET_D3 names")
    }
    for path in candidates {
      if let found = read(path) { return found }
    }
    return (nil, "D3 \(version), which draws the plots, was not found")
  }

  static func read(_ path: String) -> (text: [UInt8]?, problem: String?)? {
    guard let file = try? MappedFile(path: path) else { return nil }
    let bytes = Array(file.bytes)
    guard SHA256.hexadecimal(of: bytes) == digest else {
      return (nil, "'\(path)' is not the d3.min.js of D3 \(version)")
    }
    return (bytes, nil)
  }

  /// Where it is installed: beside the program as `share/martlet/d3.min.js`, or in the `build` folder of the
  /// working copy the program was built in.
  private static var candidates: [String] {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { return [] }
    let bytes = buffer[..<length].map { UInt8(bitPattern: $0) }
    var folder = String(decoding: bytes, as: UTF8.self)[...]
    var found: [String] = []
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      found.append("\(folder)/share/martlet/d3.min.js")
      found.append("\(folder)/build/share/d3.min.js")
    }
    // A test runs in a program of the toolchain's.
    return found + ["build/share/d3.min.js"]
  }
}
