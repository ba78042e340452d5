import MartletIR
import MartletSupport

/// Makes a span of each pass in the recording of the thread.
final class PassTracer: PassInstrumentation {
  private let recorder: TraceRecorder
  private var open: [(span: TraceSpan, operations: Int)] = []

  init(_ recorder: TraceRecorder) { self.recorder = recorder }

  func willRun(_ site: PassSite, on operation: Operation) {
    let count = operation.context.operationCount
    open.append((recorder.begin(.pass, site.pass.argument), count))
  }

  func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext) {
    end(operation.context.operationCount, "\(operation.name)", SymbolTable.name(of: operation))
  }

  func didFail(_ site: PassSite, on operation: Operation) {
    end(operation.context.operationCount, "\(operation.name)", nil)
  }

  private func end(_ count: Int, _ name: @autoclosure () -> String, _ symbol: String?) {
    guard let (span, before) = open.popLast() else { return }
    if count != before { recorder.count("ops", count - before) }
    recorder.detail("operation", symbol.map { "\(name()) @\($0)" } ?? name())
    recorder.end(span)
  }
}
