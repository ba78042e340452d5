import Glibc
import MartletSupport

/// A process to run to its end.
struct ChildCommand: Sendable {
  /// The program's path, then its arguments.
  var words: [String]
  var environment: [String: String] = [:]
  var output = "/dev/null"
  var messages = "/dev/null"
}

/// How a process ended, and what it took as the kernel accounts it.
struct ChildResult: Sendable {
  var status: Int32
  var cost: Cost
}

/// Runs processes.
enum ChildProcess {
  /// Runs `command` in this process's own name.
  ///
  /// The kernel counts the memory of whoever starts a process to that process's peak, up to the moment the
  /// new program is loaded. `ChildLauncher` is what avoids that.
  static func run(_ command: ChildCommand) throws -> ChildResult {
    let counter = InstructionCounter()
    let count = counter?.value
    let start = CostMeter.now(CLOCK_MONOTONIC)
    let child = try spawn(command)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) < 0 {
      if errno != EINTR { throw BenchFailure("wait4: \(systemMessage(errno))") }
    }
    let end = CostMeter.now(CLOCK_MONOTONIC)
    let countEnd = counter?.value
    func nanoseconds(_ time: timeval) -> Double {
      Double(time.tv_sec) * 1e9 + Double(time.tv_usec) * 1e3
    }
    var cost = Cost(
      wall: Double(end &- start), cpu: nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime))
    cost.peak = Double(usage.ru_maxrss) * 1024
    if let count, let countEnd { cost.instructions = Double(countEnd &- count) }
    // As a shell tells it: the exit status, or 128 and the signal's number.
    let signal = status & 0x7f
    return ChildResult(status: signal == 0 ? status >> 8 & 0xff : 128 + signal, cost: cost)
  }

  private static func spawn(_ command: ChildCommand) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, command.output, flags, 0o666)
    posix_spawn_file_actions_addopen(&actions, 2, command.messages, flags, 0o666)
    var child: pid_t = 0
    let status = withCStrings(command.words) { words in
      withCStrings(environment(adding: command.environment)) { environment in
        posix_spawn(&child, command.words[0], &actions, nil, words, environment)
      }
    }
    if status != 0 { throw BenchFailure("\(command.words[0]): \(systemMessage(status))") }
    return child
  }

  private static func environment(adding added: [String: String]) -> [String] {
    var entries: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if added[String(text.prefix { $0 != "=" })] == nil { entries.append(text) }
      next += 1
    }
    return entries + added.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
  }

  /// Runs `words` and returns what it prints on standard output; nil where it cannot be run or fails.
  static func output(_ words: [String], in folder: String) -> String? {
    guard let program = path(of: words[0]) else { return nil }
    let file = "\(folder)/output-\(getpid())"
    defer { unlink(file) }
    let command = ChildCommand(words: [program] + words.dropFirst(), output: file)
    guard let result = try? run(command), result.status == 0 else { return nil }
    return try? fileText(file)
  }

  /// Where the shell would find `program`.
  static func path(of program: String) -> String? {
    if program.utf8.contains(UInt8(ascii: "/")) {
      return access(program, X_OK) == 0 ? program : nil
    }
    guard let list = getenv("PATH") else { return nil }
    for folder in String(cString: list).split(separator: ":") {
      let candidate = "\(folder)/\(program)"
      if access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
  }
}
