import MartletIR
import MartletSupport

/// Runs a pipeline: each pass on each operation it is for, verified after each, watched by
/// instrumentations.
public final class PassManager {
  public let context: Context
  public let pipeline: Pipeline
  /// The pipeline as it is run; reports name its parts.
  public let plan: PipelinePlan
  /// Whether the IR is verified after each pass that changed it.
  public var verifiesEachPass = true
  /// Takes what passes say they did and could not do, as it comes; nil where nobody wants to know, and then
  /// no pass looks for what it would say.
  public var remarkHandler: ((Remark) -> Void)?
  public var instrumentations: [any PassInstrumentation] = []
  /// Plans of the pipelines that passes run by themselves, by their text.
  private var dynamicPlans: [String: PipelinePlan] = [:]

  public init(_ context: Context, _ pipeline: Pipeline) {
    self.context = context
    self.pipeline = pipeline
    plan = PipelinePlan(pipeline)
  }

  /// Runs the pipeline on `operation`.
  /// - Throws: where a pass failed or left wrong IR behind; what was wrong is in the context's diagnostics.
  public func run(_ operation: Operation) throws(Reported) {
    if let anchor = pipeline.anchor, operation.name.string != anchor {
      throw operation.emitError("can't run '\(anchor)' pass manager on '\(operation.name)' op")
    }
    for dialect in plan.dependentDialects { context.loadDialect(dialect) }
    let watchers = instrumentations
    if let recorder = TraceRecorder.current { instrumentations.append(PassTracer(recorder)) }
    defer { instrumentations = watchers }
    try runSteps(plan, on: operation)
  }

  /// As a part of a pass that is running.
  func run(_ pipeline: Pipeline, on operation: Operation) throws(Reported) {
    let text = pipeline.text
    let plan = dynamicPlans[text] ?? PipelinePlan(pipeline)
    dynamicPlans[text] = plan
    for dialect in plan.dependentDialects { context.loadDialect(dialect) }
    try runWatched(plan, on: operation)
  }

  private func runWatched(_ plan: PipelinePlan, on operation: Operation) throws(Reported) {
    for watcher in instrumentations { watcher.willRun(plan, on: operation) }
    defer { for watcher in instrumentations.reversed() { watcher.didRun(plan, on: operation) } }
    try runSteps(plan, on: operation)
  }

  private func runSteps(_ plan: PipelinePlan, on operation: Operation) throws(Reported) {
    for step in plan.steps {
      switch step {
      case .pass(let site): try run(site, on: operation)
      case .nested(let nested):
        for watcher in instrumentations { watcher.willRun(nested, in: operation) }
        defer {
          for watcher in instrumentations.reversed() { watcher.didRun(nested, in: operation) }
        }
        try run(nested, in: operation)
      }
    }
  }

  private func run(_ nested: NestedPlans, in parent: Operation) throws(Reported) {
    let anchors = nested.plans.map { $0.anchor.map { context.operationName($0) } }
    /// A failure ends the pipeline, but not before the other operations were gone through.
    var failure: Reported?
    for region in parent.regions {
      for block in region.blocks {
        for operation in block.operations {
          for (plan, anchor) in zip(nested.plans, anchors) {
            if let anchor {
              if operation.name != anchor { continue }
            } else if !operation.has(.isolatedFromAbove) {
              continue
            }
            do throws(Reported) {
              try runWatched(plan, on: operation)
            } catch { failure = error }
            break
          }
        }
      }
    }
    if let failure { throw failure }
  }

  private func run(_ site: PassSite, on operation: Operation) throws(Reported) {
    let pass = site.pass
    if let anchor = pass.anchor, operation.name.string != anchor {
      throw operation.emitOpError(
        "can't run pass '\(pass.argument)', which is for '\(anchor)', on this operation")
    }
    guard operation.isRegistered else {
      throw operation.emitOpError("trying to schedule a pass on an unregistered operation")
    }
    guard operation.has(.isolatedFromAbove) else {
      throw operation.emitOpError(
        "trying to schedule a pass on an operation not marked as 'IsolatedFromAbove'")
    }
    for watcher in instrumentations { watcher.willRun(site, on: operation) }
    let state = PassContext(
      operation, pass, site.options, manager: self, remarks: remarkHandler)
    do {
      try pass.runBody(operation, state)
      if verifiesEachPass, !state.isUnchanged {
        try traced(.verify, "after pass") { () throws(Reported) in
          try Verifier().verify(operation)
        }
      }
    } catch {
      for watcher in instrumentations.reversed() { watcher.didFail(site, on: operation) }
      throw error
    }
    for watcher in instrumentations.reversed() { watcher.didRun(site, on: operation, state) }
  }
}
