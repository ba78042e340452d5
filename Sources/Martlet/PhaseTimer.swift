import MartletIR
import MartletPasses
import MartletSupport

/// Sums the time of each pass by its name, in order of first run.
final class PhaseTimer: PassInstrumentation {
  private(set) var phases: [(name: String, seconds: Double)] = []
  private var started: [UInt64] = []

  func willRun(_ site: PassSite, on operation: Operation) { started.append(Stopwatch.now) }

  func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext) { end(site.pass) }
  func didFail(_ site: PassSite, on operation: Operation) { end(site.pass) }

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
