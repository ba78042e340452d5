import Glibc

/// Writes a text prepared before when a signal is about to end the process. The handler only opens, writes
/// and closes, on memory made beforehand, and has a stack of its own.
enum CrashGuard {
  private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?
  nonisolated(unsafe) private static var bytes: UnsafeMutablePointer<UInt8>?
  nonisolated(unsafe) private static var count = 0
  nonisolated(unsafe) private static var isInstalled = false

  /// From now on a crash writes `text` to the file at `name`.
  static func arm(_ text: String, to name: String) {
    disarm()
    let utf8 = Array(text.utf8)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(utf8.count, 1))
    memory.initialize(from: utf8, count: utf8.count)
    bytes = memory
    count = utf8.count
    path = strdup(name)
    install()
  }

  static func disarm() {
    free(path)
    path = nil
    bytes?.deallocate()
    bytes = nil
    count = 0
  }

  private static func install() {
    if isInstalled { return }
    isInstalled = true
    let size = 64 << 10
    var stack = stack_t()
    stack.ss_sp = malloc(size)
    stack.ss_size = size
    if stack.ss_sp != nil { sigaltstack(&stack, nil) }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in CrashGuard.write(number) }
    // Once only: a second crash, or the one raised anew below, ends the process.
    action.sa_flags = Int32(truncatingIfNeeded: Int(SA_ONSTACK) | Int(SA_RESETHAND))
    for signal in signals { sigaction(signal, &action, nil) }
  }

  private static func write(_ number: Int32) {
    if let path, let bytes {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
      var offset = 0
      while descriptor >= 0, offset < count {
        let written = Glibc.write(descriptor, bytes + offset, count - offset)
        if written <= 0 { break }
        offset += written
      }
      if descriptor >= 0 { close(descriptor) }
      let message: StaticString = "martlet: crashed; reproducer written\n"
      _ = Glibc.write(2, message.utf8Start, message.utf8CodeUnitCount)
    }
    raise(number)
  }
}
