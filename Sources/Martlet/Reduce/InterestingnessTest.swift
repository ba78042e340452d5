import Glibc
import MartletSupport

/// Asks a command of the user whether a module still shows what is looked for.
///
/// The shell runs the command with the path of a file as its last argument; the exit status decides.
struct InterestingnessTest {
  let command: String
  /// The exit status that says so; nil for any but 0, as mlir-reduce takes it. A signal counts as one then.
  var interestingExit: Int32?
  /// Seconds after which a run is ended, and found dull.
  var timeout: Double = 60
  /// Where candidates are put.
  let file: String

  /// Whether the module `text` is interesting.
  /// - Throws: where the command cannot be run or the file not be written.
  func isInteresting(_ text: String) throws(Diagnostic) -> Bool {
    try writeFileAtomically(file, Array(text.utf8))
    guard let status = try run() else { return false }
    guard status & 0x7f == 0 else { return interestingExit == nil }
    let exit = (status >> 8) & 0xff
    if exit == 126 || exit == 127, interestingExit != exit {
      throw Diagnostic(.error, "the test '\(command)' cannot be run (exit status \(exit))")
    }
    return interestingExit.map { $0 == exit } ?? (exit != 0)
  }

  /// The status as `waitpid` gives it; nil where the time was up.
  private func run() throws(Diagnostic) -> Int32? {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that all it starts can be ended.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let words = ["sh", "-c", command + " \"$1\"", "sh", file]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for word in arguments { free(word) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ)
    guard failure == 0 else {
      throw Diagnostic(.error, "cannot run /bin/sh: \(systemMessage(failure))")
    }
    return wait(for: child)
  }

  private func wait(for child: pid_t) -> Int32? {
    let watch = Stopwatch()
    var pause: UInt32 = 100
    while true {
      var status: Int32 = 0
      let done = waitpid(child, &status, WNOHANG)
      if done == child { return status }
      if done < 0, errno != EINTR { return nil }
      if watch.seconds > timeout {
        kill(-child, SIGKILL)
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return nil
      }
      usleep(pause)
      pause = min(pause * 2, 5000)
    }
  }
}
