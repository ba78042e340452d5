import MartletIR

/// Watches passes run. All methods do nothing unless implemented.
public protocol PassInstrumentation: AnyObject {
  /// Before the passes of a pipeline run on `operation`.
  func willRun(_ pipeline: Pipeline, on operation: Operation)
  func didRun(_ pipeline: Pipeline, on operation: Operation)
  func willRun(_ pass: Pass, on operation: Operation)
  /// After a pass that succeeded and, where it is to be, was verified.
  func didRun(_ pass: Pass, on operation: Operation, _ state: PassContext)
  func didFail(_ pass: Pass, on operation: Operation)
}

extension PassInstrumentation {
  public func willRun(_ pipeline: Pipeline, on operation: Operation) {}
  public func didRun(_ pipeline: Pipeline, on operation: Operation) {}
  public func willRun(_ pass: Pass, on operation: Operation) {}
  public func didRun(_ pass: Pass, on operation: Operation, _ state: PassContext) {}
  public func didFail(_ pass: Pass, on operation: Operation) {}
}
