import MartletIR
import MartletPasses
import MartletSupport

/// Sums the time of each pass by its name, in order of first run.
final class PhaseTimer: PassInstrumentation {
  private(set) var phases: [(name: String, seconds: Double)] = []
  private var started: [UInt64] = []

  func willRun(_ pass: Pass, on operation: Operation) { started.append(Stopwatch.now) }

  func didRun(_ pass: Pass, on operation: Operation, _ state: PassContext) { end(pass) }
  func didFail(_ pass: Pass, on operation: Operation) { end(pass) }

  private func end(_ pass: Pass) {
    guard let start = started.popLast() else { return }
    let seconds = Double(Stopwatch.now &- start) * 1e-9
    if let i = phases.firstIndex(where: { $0.name == pass.argument }) {
      phases[i].seconds += seconds
    } else {
      phases.append((pass.argument, seconds))
    }
  }
}
