import Martlet
import MartletRuntime
import Synchronization

/// The elements of a tensor of floats.
func floats(_ tensor: Tensor?) throws(MartletError) -> [Float] {
  guard let tensor, let elements = tensor.elements(as: Float.self) else {
    throw MartletError("not a tensor of floats")
  }
  return elements
}

/// A number several threads count up.
final class Counter: Sendable {
  private let count = Atomic(0)
  func increment() { count.add(1, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}
