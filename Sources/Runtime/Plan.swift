import MartletSupport

/// A compiled program less its code: what it takes and gives, the memory it works in, and the steps
/// its one entry performs.
///
/// The entry is a C function `int32_t entry(void **arguments)`. The arguments are, in order: the
/// arena; the address of each block of constants; for each input its data (a sparse matrix:
/// positions, coordinates, values); for each output its data. It returns 0, or the number, from 1,
/// of one of `failures`.
public struct Plan: Sendable, Equatable {
  /// How an input or output lies in memory.
  public enum Layout: Sendable, Equatable {
    /// Row-major without gaps.
    case dense
    /// A `SparseMatrix` with positions and coordinates of this type.
    case compressedRows(ElementType)
  }

  /// An input or an output.
  public struct Port: Sendable, Equatable {
    public var name: String
    public var elementType: ElementType
    public var shape: [Int]
    public var layout: Layout

    public init(
      name: String, elementType: ElementType, shape: [Int], layout: Layout = .dense
    ) {
      self.name = name
      self.elementType = elementType
      self.shape = shape
      self.layout = layout
    }

    /// `2x3xf32`, with the layout where it is not dense.
    public var typeText: String {
      let text = (shape.map(String.init) + [elementType.name]).joined(separator: "x")
      switch layout {
      case .dense: return text
      case .compressedRows(let index): return "\(text) compressed rows, \(index.name) indices"
      }
    }
  }

  /// A part of the arena that holds one intermediate for a run of steps.
  public struct Slot: Sendable, Equatable {
    public var name: String
    /// Bytes from the arena's start.
    public var offset: Int
    public var byteCount: Int
    /// The first and the last step, by index, at which the content is needed.
    public var firstStep: Int
    public var lastStep: Int

    public init(name: String, offset: Int, byteCount: Int, firstStep: Int, lastStep: Int) {
      self.name = name
      self.offset = offset
      self.byteCount = byteCount
      self.firstStep = firstStep
      self.lastStep = lastStep
    }
  }

  /// A block of bytes that is the same in every run.
  public struct Constants: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
      /// The bytes themselves.
      case inline([UInt8])
      /// A part of a file, which is mapped.
      case file(path: String, offset: Int, byteCount: Int)
    }

    public var name: String
    public var source: Source
    /// What the code takes the block's address to be a multiple of, a power of two. A part of a file
    /// that is not is copied when the program is loaded.
    public var alignment: Int

    public init(name: String, source: Source, alignment: Int = 1) {
      self.name = name
      self.source = source
      self.alignment = alignment
    }

    public var byteCount: Int {
      switch source {
      case .inline(let bytes): bytes.count
      case .file(_, _, let byteCount): byteCount
      }
    }
  }

  /// What one run of a kernel takes, as counted in its IR; nil where it depends on data.
  public struct Cost: Sendable, Equatable {
    /// Floating-point operations.
    public var flops: Int?
    /// Bytes of the buffers read and written, each once.
    public var bytesRead: Int?
    public var bytesWritten: Int?

    /// Bits of the widest numbers computed with; 0 where there are none.
    public var floatBits = 0

    public init(flops: Int? = nil, bytesRead: Int? = nil, bytesWritten: Int? = nil) {
      self.flops = flops
      self.bytesRead = bytesRead
      self.bytesWritten = bytesWritten
    }

    /// Bytes moved in all.
    public var bytes: Int? {
      guard let bytesRead, let bytesWritten else { return nil }
      let (sum, overflow) = bytesRead.addingReportingOverflow(bytesWritten)
      return overflow ? nil : sum
    }
  }

  /// The C symbol of the entry.
  public var entry: String
  public var inputs: [Port]
  public var outputs: [Port]
  public var constants: [Constants]
  /// Bytes of the memory all slots lie in.
  public var arenaByteCount: Int
  public var slots: [Slot]
  /// The kernels the entry runs, in order.
  public var steps: [String]
  /// What each kernel takes, in the order of `steps`; empty where that was not counted.
  public var costs: [Cost] = []
  /// Bytes all intermediates would take if each had memory of its own, before any was put in the
  /// place of another.
  public var intermediateByteCount: Int
  /// The messages of the checks the code makes while it runs; status `n` is number `n - 1`.
  public var failures: [String]

  public init(
    entry: String, inputs: [Port] = [], outputs: [Port] = [], constants: [Constants] = [],
    arenaByteCount: Int = 0, slots: [Slot] = [], steps: [String] = [],
    intermediateByteCount: Int = 0, failures: [String] = []
  ) {
    self.entry = entry
    self.inputs = inputs
    self.outputs = outputs
    self.constants = constants
    self.arenaByteCount = arenaByteCount
    self.slots = slots
    self.steps = steps
    self.intermediateByteCount = intermediateByteCount
    self.failures = failures
  }

  /// Bytes of the slots in use at the step where they are most: no plan can need fewer.
  public var largestLiveByteCount: Int {
    var changes: [Int: Int] = [:]
    for slot in slots {
      changes[slot.firstStep, default: 0] += slot.byteCount
      changes[slot.lastStep &+ 1, default: 0] -= slot.byteCount
    }
    var live = 0
    var most = 0
    for step in changes.keys.sorted() {
      live += changes[step] ?? 0
      most = max(most, live)
    }
    return most
  }

  /// What is wrong with the plan, nil where it is sound: slots inside the arena and no two that share
  /// bytes at the same step, alignments powers of two, sizes that do not overflow.
  public func problem() -> String? {
    for port in inputs + outputs {
      do throws(Diagnostic) { _ = try Tensor.size(port.elementType, port.shape) } catch {
        return "'\(port.name)': \(error.message)"
      }
      if case .compressedRows(let index) = port.layout {
        guard port.shape.count == 2, index == .i64 || index == .i32 else {
          return "'\(port.name)' cannot be a matrix of compressed rows"
        }
      }
    }
    if let port = outputs.first(where: { $0.layout != .dense }) {
      return "output '\(port.name)' is sparse"
    }
    for block in constants where block.alignment < 1 || !block.alignment.isPowerOfTwo {
      return "constants '\(block.name)' have alignment \(block.alignment)"
    }
    guard costs.isEmpty || costs.count == steps.count else {
      return "\(costs.count) costs for \(steps.count) steps"
    }
    guard arenaByteCount >= 0 else { return "the arena has \(arenaByteCount) bytes" }
    for slot in slots {
      let isInside =
        slot.offset >= 0 && slot.byteCount >= 0 && slot.byteCount <= arenaByteCount
        && slot.offset <= arenaByteCount - slot.byteCount && slot.firstStep >= 0
        && slot.firstStep <= slot.lastStep && slot.lastStep < max(steps.count, 1)
      guard isInside else { return "slot '\(slot.name)' lies outside the arena or the steps" }
    }
    return overlap()
  }

  /// Two slots that share bytes at the same step.
  private func overlap() -> String? {
    let ordered = slots.sorted { ($0.firstStep, $0.offset) < ($1.firstStep, $1.offset) }
    var live: [Slot] = []
    for slot in ordered where slot.byteCount > 0 {
      live.removeAll { $0.lastStep < slot.firstStep }
      let other = live.first {
        $0.offset < slot.offset + slot.byteCount && slot.offset < $0.offset + $0.byteCount
      }
      if let other { return "slots '\(other.name)' and '\(slot.name)' overlap" }
      live.append(slot)
    }
    return nil
  }
}

extension Int {
  fileprivate var isPowerOfTwo: Bool { self > 0 && self & (self - 1) == 0 }
}

extension Plan: CustomStringConvertible {
  /// The plan as text, a line for each thing in it.
  public var description: String {
    var lines = ["plan \(entry)"]
    lines += inputs.map { "  input \($0.name): \($0.typeText)" }
    lines += outputs.map { "  output \($0.name): \($0.typeText)" }
    for block in constants {
      var line = "  constants \(block.name): \(block.byteCount) bytes"
      if case .file(let path, let offset, _) = block.source { line += " of \(path) at \(offset)" }
      lines.append(line)
    }
    lines.append(
      "  memory: \(arenaByteCount) bytes planned, largest live set \(largestLiveByteCount), "
        + "all intermediates \(intermediateByteCount)")
    for slot in slots {
      lines.append(
        "  slot \(slot.name): bytes \(slot.offset)..<\(slot.offset + slot.byteCount), "
          + "steps \(slot.firstStep)...\(slot.lastStep)")
    }
    for (index, step) in steps.enumerated() { lines.append("  step \(index): \(step)") }
    for (index, failure) in failures.enumerated() {
      lines.append("  failure \(index + 1): \(failure)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
