import Glibc
import MartletSupport

/// Runs processes from a small process, a second `martlet`, so that their peak memory is their own: the kernel
/// counts the starter's memory to a new process, and one that has measured a million operations is large.
final class ChildLauncher {
  /// What makes `martlet bench` be the small process.
  static let argument = "--serve-launcher"

  private var process: pid_t = 0
  private var requests: Int32 = -1
  private var answers: Int32 = -1

  /// - Parameter program: a `martlet`.
  init?(program: String) {
    var request: [Int32] = [-1, -1]
    var answer: [Int32] = [-1, -1]
    guard pipe(&request) == 0, pipe(&answer) == 0 else { return nil }
    // A pipe that a measured process held open would never end.
    for end in request + answer { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, request[0], 0)
    posix_spawn_file_actions_adddup2(&actions, answer[1], 1)
    let texts = [program, "bench", ChildLauncher.argument]
    let words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    defer { for word in words { free(word) } }
    let status = posix_spawn(
      &process, program, &actions, nil, words + [nil], environ)
    close(request[0])
    close(answer[1])
    requests = request[1]
    answers = answer[0]
    if status != 0 { return nil }
  }

  deinit {
    close(requests)
    close(answers)
    if process > 0 {
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
  }

  /// Runs `command` to its end.
  func run(_ command: ChildCommand) throws -> ChildResult {
    var fields = [command.output, command.messages, String(command.words.count)] + command.words
    for (name, value) in command.environment.sorted(by: { $0.key < $1.key }) {
      fields += [name, value]
    }
    let request = Array(fields.joined(separator: "\0").utf8)
    var length = UInt32(request.count)
    let sent = withUnsafeBytes(of: &length) { write(requests, $0) } && write(requests, request)
    guard sent, let answer = ChildLauncher.receive(answers) else {
      throw BenchFailure("the process that starts others ended")
    }
    let parts = answer.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, let status = Int32(parts[0]), let wall = Double(parts[1]),
      let cpu = Double(parts[2]), let peak = Double(parts[3])
    else { throw BenchFailure(answer) }
    let cost = Cost(wall: wall, cpu: cpu, instructions: Double(parts[4]), peak: peak)
    return ChildResult(status: status, cost: cost)
  }

  private func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { write(descriptor, $0) }
  }

  private func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    ChildLauncher.send(descriptor, bytes)
  }

  // MARK: The small process

  /// Serves requests from standard input until that ends.
  static func serve() {
    // What was used for starting up is no longer needed, and counts to the children.
    resetPeak()
    while let request = receive(0) {
      var answer: String
      do {
        let result = try ChildProcess.run(command(request))
        let cost = result.cost
        answer = "\(result.status)\0\(cost.wall)\0\(cost.cpu)\0\(cost.peak ?? 0)\0"
        answer += cost.instructions.map { "\($0)" } ?? ""
      } catch {
        answer = (error as? BenchFailure)?.message ?? "\(error)"
      }
      let bytes = Array(answer.utf8)
      var length = UInt32(bytes.count)
      let sent =
        withUnsafeBytes(of: &length) { send(1, $0) } && bytes.withUnsafeBytes { send(1, $0) }
      if !sent { return }
      resetPeak()
    }
  }

  private static func command(_ request: String) throws -> ChildCommand {
    let fields = request.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    guard fields.count >= 4, let count = Int(fields[2]), count > 0, fields.count >= 3 + count,
      (fields.count - 3 - count) % 2 == 0
    else { throw BenchFailure("a request that was not understood") }
    var command = ChildCommand(words: Array(fields[3..<3 + count]))
    command.output = fields[0]
    command.messages = fields[1]
    for i in stride(from: 3 + count, to: fields.count, by: 2) {
      command.environment[fields[i]] = fields[i + 1]
    }
    return command
  }

  /// Makes the largest resident set so far the present one.
  private static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    if file < 0 { return }
    _ = Glibc.write(file, "5", 1)
    close(file)
  }

  private static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var offset = 0
    while offset < bytes.count, let base = bytes.baseAddress {
      let written = Glibc.write(descriptor, base + offset, bytes.count - offset)
      if written < 0, errno != EINTR { return false }
      offset += max(written, 0)
    }
    return true
  }

  private static func receive(_ descriptor: Int32) -> String? {
    guard let header = receive(descriptor, 4) else { return nil }
    let length = header.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    guard length < 1 << 24, let bytes = receive(descriptor, Int(length)) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func receive(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var offset = 0
    while offset < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress.map { $0 + offset }, count - offset)
      }
      if got == 0 || got < 0 && errno != EINTR { return nil }
      offset += max(got, 0)
    }
    return bytes
  }
}

/// Runs processes by a launcher where there is one to be had.
final class ChildRunner {
  private var launcher: ChildLauncher?
  /// Whether peak memory is that of the processes alone.
  let isolatesMemory: Bool

  init() {
    // In a program that is not `martlet`, such as one of tests, there is none.
    let own = ChildRunner.ownProgram
    launcher = own.hasSuffix("/martlet") ? ChildLauncher(program: own) : nil
    isolatesMemory = launcher != nil
  }

  /// The path of this program.
  static var ownProgram: String {
    guard let path = Glibc.realpath("/proc/self/exe", nil) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  func run(_ command: ChildCommand) throws -> ChildResult {
    try launcher?.run(command) ?? ChildProcess.run(command)
  }
}
