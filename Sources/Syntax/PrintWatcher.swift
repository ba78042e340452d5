import MartletIR

/// Watches operations being written, and may give values names of its own.
public protocol PrintWatcher: AnyObject {
  /// Before anything is written. `suggested` is what a value would be called, without `%`.
  func willPrint(_ root: Operation, suggested: (Value) -> String)
  /// Before an operation's results, and after all of it; `offset` counts bytes of the text.
  func willWrite(_ operation: Operation, at offset: Int)
  func didWrite(_ operation: Operation, at offset: Int)
  /// What to call a value, without `%`; nil for what is suggested.
  func name(of value: Value) -> String?
}

extension Printer {
  /// The text of `operation`, as `text(_:options:)` gives it, with `watcher` looking on.
  public static func withText<Result>(
    _ operation: Operation, options: PrintOptions = PrintOptions(), watcher: any PrintWatcher,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let printer = Printer(operation.context, options: options)
    printer.watcher = watcher
    printer.printTop(operation)
    return try body(printer.out.bytes)
  }
}
