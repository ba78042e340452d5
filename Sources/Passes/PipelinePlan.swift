/// Where in a pipeline a pass stands: the pass, its options and what tells it from the same pass at another
/// place.
public final class PassSite {
  public let pass: Pass
  public let options: PassOptions
  /// Anchors of the pipelines around the pass, the outermost first; nil for any operation.
  public let anchors: [String?]

  init(_ pass: Pass, _ options: PassOptions, _ anchors: [String?]) {
    self.pass = pass
    self.options = options
    self.anchors = anchors
  }

  /// The pipeline that runs this pass alone.
  public var pipeline: Pipeline {
    var inner = Pipeline(anchor: anchors.last ?? nil, [.pass(pass, options)])
    for anchor in anchors.dropLast().reversed() {
      inner = Pipeline(anchor: anchor, [.nested(inner)])
    }
    return inner
  }
}

/// A pipeline made ready to be run many times: nested pipelines that follow each other are joined, so that
/// each operation is gone through once for all of them.
public final class PipelinePlan {
  /// The operations it runs on; nil for any.
  public let anchor: String?
  let steps: [Step]
  /// Dialects the passes make operations of, in order of first mention.
  let dependentDialects: [String]

  enum Step {
    case pass(PassSite)
    case nested(NestedPlans)
  }

  convenience init(_ pipeline: Pipeline) { self.init(pipeline, under: []) }

  private init(_ pipeline: Pipeline, under anchors: [String?]) {
    anchor = pipeline.anchor
    let inside = anchors + [pipeline.anchor]
    dependentDialects = pipeline.dependentDialects
    steps = pipeline.groups.map { group in
      switch group {
      case .pass(let pass, let options): .pass(PassSite(pass, options, inside))
      case .nested(let pipelines):
        .nested(NestedPlans(pipelines.map { PipelinePlan($0, under: inside) }))
      }
    }
  }

  /// As in reports.
  public var title: String { "'\(anchor ?? "any")' Pipeline" }
}

/// Pipelines gone through together, each for operations of its own kind.
public final class NestedPlans {
  public let plans: [PipelinePlan]

  init(_ plans: [PipelinePlan]) { self.plans = plans }

  /// As in reports.
  public var title: String {
    "Pipeline Collection : ["
      + plans.map { "'\($0.anchor ?? "any")'" }.joined(separator: ", ") + "]"
  }
}

extension Pipeline {
  fileprivate var dependentDialects: [String] {
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
