import MartletIR
import MartletSupport

/// Runs a pipeline: each pass on each operation it is for, verified after each, watched by
/// instrumentations.
public final class PassManager {
  public let context: Context
  public let pipeline: Pipeline
  /// Whether the IR is verified after each pass that changed it.
  public var verifiesEachPass = true
  /// Whether passes report what they did and could not do.
  public var emitsRemarks = false
  public var instrumentations: [any PassInstrumentation] = []
  private var depth = 0

  public init(_ context: Context, _ pipeline: Pipeline) {
    self.context = context
    self.pipeline = pipeline
  }

  /// Runs the pipeline on `operation`.
  /// - Throws: where a pass failed or left wrong IR behind; what was wrong is in the context's diagnostics.
  public func run(_ operation: Operation) throws(Reported) {
    if let anchor = pipeline.anchor, operation.name.string != anchor {
      throw operation.emitError("can't run '\(anchor)' pass manager on '\(operation.name)' op")
    }
    for dialect in pipeline.dependentDialects { context.loadDialect(dialect) }
    try runGroups(pipeline, on: operation)
  }

  /// As a part of a pass that is running.
  func run(_ pipeline: Pipeline, on operation: Operation) throws(Reported) {
    for dialect in pipeline.dependentDialects { context.loadDialect(dialect) }
    try runWatched(pipeline, on: operation)
  }

  private func runWatched(_ pipeline: Pipeline, on operation: Operation) throws(Reported) {
    for watcher in instrumentations { watcher.willRun(pipeline, on: operation) }
    defer { for watcher in instrumentations.reversed() { watcher.didRun(pipeline, on: operation) } }
    try runGroups(pipeline, on: operation)
  }

  private func runGroups(_ pipeline: Pipeline, on operation: Operation) throws(Reported) {
    for group in pipeline.groups {
      switch group {
      case .pass(let pass, let options): try run(pass, options, on: operation)
      case .nested(let pipelines): try runNested(pipelines, on: operation)
      }
    }
  }

  private func runNested(_ pipelines: [Pipeline], on parent: Operation) throws(Reported) {
    let anchors = pipelines.map { $0.anchor.map { context.operationName($0) } }
    for region in parent.regions {
      for block in region.blocks {
        for operation in block.operations {
          for (pipeline, anchor) in zip(pipelines, anchors) {
            if let anchor {
              if operation.name != anchor { continue }
            } else if !operation.has(.isolatedFromAbove) {
              continue
            }
            try runWatched(pipeline, on: operation)
            break
          }
        }
      }
    }
  }

  private func run(_ pass: Pass, _ options: PassOptions, on operation: Operation) throws(Reported) {
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
    for watcher in instrumentations { watcher.willRun(pass, on: operation) }
    let state = PassContext(context, pass, options, manager: self)
    do {
      try pass.body(operation, state)
      if verifiesEachPass, !state.isUnchanged { try Verifier().verify(operation) }
    } catch {
      for watcher in instrumentations.reversed() { watcher.didFail(pass, on: operation) }
      throw error
    }
    for watcher in instrumentations.reversed() { watcher.didRun(pass, on: operation, state) }
  }
}

extension Pipeline {
  /// Dialects the passes make operations of, in order of first mention.
  var dependentDialects: [String] {
    var found: [String] = []
    for element in elements {
      switch element {
      case .pass(let pass, _): found += pass.dependentDialects
      case .nested(let inner): found += inner.dependentDialects
      }
    }
    return found
  }
}
