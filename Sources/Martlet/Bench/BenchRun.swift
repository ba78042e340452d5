import Glibc
import MartletSupport

/// What one benchmark gave.
struct BenchResult: Sendable {
  let name: String
  let size: Int?
  let item: String
  /// Items one run treats.
  let count: Int?
  let isProgram: Bool
  var published: Double?
  let samples: Samples

  var id: String { size.map { "\(name)/\($0)" } ?? name }
}

/// Measures benchmarks.
final class BenchRun {
  let inputs: BenchInputs
  let sampler: Sampler
  /// The `martlet` whose processes are measured.
  let program: String
  private lazy var runner = ChildRunner()

  init(inputs: BenchInputs, limits: SampleLimits, program: String?) {
    self.inputs = inputs
    sampler = Sampler(limits: limits)
    self.program = program ?? ChildRunner.ownProgram
  }

  var isolatesMemory: Bool { runner.isolatesMemory }

  func measure(_ benchmark: Benchmark) throws -> BenchResult {
    let count: Int?
    let samples: Samples
    switch benchmark.body {
    case .unit(let make):
      let unit = try make(inputs)
      count = unit.count
      samples = try sampler.samples(of: unit)
    case .program(let make):
      let work = try make(inputs)
      count = work.count
      _ = try run(work)
      samples = try sampler.samples { try run(work) }
    }
    return BenchResult(
      name: benchmark.name, size: benchmark.size, item: benchmark.item, count: count,
      isProgram: benchmark.isProgram, published: benchmark.published, samples: samples)
  }

  private func run(_ work: ProgramWork) throws -> Cost {
    for folder in work.emptied { removeTree(folder) }
    var command = ChildCommand(words: [program] + work.arguments, environment: work.environment)
    command.messages = "\(inputs.folder)/messages"
    return try run(command)
  }

  /// Runs a process that should succeed.
  func run(_ command: ChildCommand) throws -> Cost {
    try makeFolders(inputs.folder)
    let result = try runner.run(command)
    if result.status == 0 { return result.cost }
    var message = "ended with status \(result.status)"
    // A Python tells what is wrong in its last line.
    let lines = (try? fileText(command.messages))?.split(separator: "\n") ?? []
    if let line = lines.first?.hasPrefix("Traceback") == true ? lines.last : lines.first {
      message += ": \(line.prefix(300))"
    }
    throw BenchFailure("\(command.words.joined(separator: " ")) \(message)")
  }
}

/// The text in a file.
func fileText(_ path: String) throws(Diagnostic) -> String {
  let file = try MappedFile(path: path)
  return withExtendedLifetime(file) { String(decoding: file.bytes, as: UTF8.self) }
}

/// Makes a folder and those it is in.
func makeFolders(_ path: String) throws {
  var made = ""
  for part in path.split(separator: "/", omittingEmptySubsequences: false) {
    made += made.isEmpty && part.isEmpty ? "/" : "\(part)/"
    if made != "/" { try makeFolder(made) }
  }
}

/// Removes a folder and all in it, if it is there.
func removeTree(_ path: String) {
  if unlink(path) == 0 || errno == ENOENT { return }
  guard let folder = opendir(path) else { return }
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { removeTree("\(path)/\(name)") }
  }
  closedir(folder)
  rmdir(path)
}
