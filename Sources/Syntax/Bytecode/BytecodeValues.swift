import MartletIR
import MartletSupport

/// The values that operands may refer to while operations are read. Those of the regions around a place lie one
/// behind the other; an isolated region begins anew at 0.
struct BytecodeValues {
  static let undefined = UInt32.max

  /// Numbers of the values of all open regions; a placeholder's where the value is used before it is defined.
  private(set) var numbers: [UInt32] = []
  /// Where number 0 lies.
  private(set) var scope = 0
  /// Placeholders in use.
  private(set) var forward: Set<UInt32> = []
  private var spare: [UInt32] = []

  /// Opens a region of `count` values; returns where they begin.
  mutating func push(_ count: Int) -> Int {
    numbers.append(contentsOf: repeatElement(Self.undefined, count: count))
    return numbers.count - count
  }

  /// Closes the region that begins at `start`; false where a value used in it was never defined.
  mutating func pop(to start: Int) -> Bool {
    var isComplete = true
    if !forward.isEmpty {
      for number in numbers[start...] where number != Self.undefined && forward.contains(number) {
        isComplete = false
      }
    }
    numbers.removeLast(numbers.count - start)
    return isComplete
  }

  /// Begins an isolated scope; returns what `closeScope` takes.
  mutating func openScope() -> Int {
    defer { scope = numbers.count }
    return scope
  }

  mutating func closeScope(_ outer: Int) { scope = outer }

  /// The value `index` refers to; a placeholder where it is not defined so far, nil where there is none.
  @inline(__always) mutating func use(_ index: UInt64, _ context: Context) -> UInt32? {
    guard index < UInt64(numbers.count - scope) else { return nil }
    let place = scope + Int(index)
    let number = numbers[place]
    return number != Self.undefined ? number : placeholder(place, context)
  }

  private mutating func placeholder(_ place: Int, _ context: Context) -> UInt32 {
    let number =
      spare.popLast() ?? context.createBlock().addArgument(context.noneType).raw
    forward.insert(number)
    numbers[place] = number
    return number
  }

  /// Defines the value at `place`; its earlier uses are moved over.
  @inline(__always) mutating func define(_ place: Int, _ value: Value) {
    let known = numbers[place]
    numbers[place] = value.raw
    if known != Self.undefined { replace(known, value) }
  }

  private mutating func replace(_ placeholder: UInt32, _ value: Value) {
    guard forward.remove(placeholder) != nil else { return }
    value.context.value(number: placeholder).moveUses(to: value)
    spare.append(placeholder)
  }
}
