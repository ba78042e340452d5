import Foundation

/// MLIR's own tools, an independent implementation to compare with.
enum Oracle {
  static let directory: String? = {
    for version in [22, 21, 20] {
      let directory = "/usr/lib/llvm-\(version)/bin"
      if FileManager.default.isExecutableFile(atPath: directory + "/mlir-runner"),
        FileManager.default.isExecutableFile(atPath: directory + "/mlir-opt")
      {
        return directory
      }
    }
    return nil
  }()

  static var isAvailable: Bool { directory != nil }

  private static let lowering = [
    "--one-shot-bufferize=bufferize-function-boundaries", "--convert-linalg-to-loops",
    "--convert-vector-to-scf", "--convert-scf-to-cf", "--expand-strided-metadata",
    "--lower-affine", "--arith-expand", "--convert-math-to-llvm", "--convert-math-to-libm",
    "--convert-vector-to-llvm", "--convert-arith-to-llvm", "--finalize-memref-to-llvm",
    "--convert-func-to-llvm", "--convert-cf-to-llvm", "--reconcile-unrealized-casts",
  ]

  /// What `main`, a function without arguments that returns an i64, returns when it is lowered to LLVM and
  /// compiled by MLIR.
  static func run(_ text: String) throws -> Int64 {
    let directory = directory ?? ""
    let lowered = try execute(directory + "/mlir-opt", lowering, input: text)
    let output = try execute(
      directory + "/mlir-runner",
      [
        "-e", "main", "-entry-point-result=i64",
        "-shared-libs=\(directory)/../lib/libmlir_c_runner_utils.so",
      ], input: lowered)
    let trimmed = output.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let value = Int64(trimmed) else { throw Program.Failure(message: "no number: \(output)") }
    return value
  }

  private static func execute(_ path: String, _ arguments: [String], input: String) throws -> String
  {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "martlet-\(UUID().uuidString).mlir")
    try input.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = [file.path] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Program.Failure(message: "\(path) failed on:\n\(input)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
