import MartletIR

/// Watches passes run. All methods do nothing unless implemented.
public protocol PassInstrumentation: AnyObject {
  /// Before the operations inside `operation` are gone through for nested pipelines.
  func willRun(_ nested: NestedPlans, in operation: Operation)
  func didRun(_ nested: NestedPlans, in operation: Operation)
  /// Before the passes of a pipeline run on `operation`.
  func willRun(_ plan: PipelinePlan, on operation: Operation)
  func didRun(_ plan: PipelinePlan, on operation: Operation)
  func willRun(_ site: PassSite, on operation: Operation)
  /// After a pass that succeeded and, where it is to be, was verified.
  func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext)
  func didFail(_ site: PassSite, on operation: Operation)
}

extension PassInstrumentation {
  public func willRun(_ nested: NestedPlans, in operation: Operation) {}
  public func didRun(_ nested: NestedPlans, in operation: Operation) {}
  public func willRun(_ plan: PipelinePlan, on operation: Operation) {}
  public func didRun(_ plan: PipelinePlan, on operation: Operation) {}
  public func willRun(_ site: PassSite, on operation: Operation) {}
  public func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext) {}
  public func didFail(_ site: PassSite, on operation: Operation) {}
}
