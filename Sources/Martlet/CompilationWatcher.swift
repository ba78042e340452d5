import MartletIR
import MartletPasses
import MartletSupport

/// Looks on while a program is compiled, step by step.
protocol CompilationWatcher: AnyObject {
  /// A step that is no pass is done.
  func didFinish(_ step: String, level: String, _ module: Operation, seconds: Double)
  /// Runs passes, in place of the compiler.
  func run(_ pipeline: Pipeline, level: String, on module: Operation) throws(Reported)
}

extension Pipeline {
  /// Its passes one by one, each as the pipeline that runs it alone on the same operations. Run one after the
  /// other they do what the whole does, and between them the module is in a state that can be shown.
  var singlePasses: [(pass: Pass, options: PassOptions, pipeline: Pipeline)] {
    elements.flatMap { element in
      switch element {
      case .pass(let pass, let options):
        return [(pass, options, Pipeline(anchor: anchor, [element]))]
      case .nested(let inner):
        return inner.singlePasses.map {
          ($0.pass, $0.options, Pipeline(anchor: anchor, [.nested($0.pipeline)]))
        }
      }
    }
  }
}
