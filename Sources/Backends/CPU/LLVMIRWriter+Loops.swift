import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

extension LLVMIRWriter {
  /// Writes `!llvm.loop` on a branch that carries hints, or that goes back to a block before where there
  /// are hints for all loops.
  func loopMetadata(_ operation: Operation) {
    guard let hints = hints(of: operation) else { return }
    let properties = properties(hints)
    if properties.isEmpty { return }
    let nodes = properties.map { "!\(node($0))" }
    // Each loop's node is its own: it names itself.
    let number = metadata.count
    metadata.append("distinct !{" + (["!\(number)"] + nodes).joined(separator: ", ") + "}")
    out.append(", !llvm.loop !\(number)")
  }

  private func hints(of operation: Operation) -> LoopHints? {
    if let annotation = operation.attribute("loop_annotation")
      ?? operation.attribute("martlet.loop")
    {
      return LoopHints(annotation)
    }
    guard let hints = options.defaultLoop, let from = operation.block,
      let index = blockNumbers[from]
    else { return nil }
    let goesBack = operation.successors.contains { (blockNumbers[$0] ?? .max) <= index }
    return goesBack ? hints : nil
  }

  private func properties(_ hints: LoopHints) -> [String] {
    var list: [String] = []
    func add(_ name: String, _ value: String? = nil) {
      list.append(value.map { "!{!\"llvm.loop.\(name)\", \($0)}" } ?? "!{!\"llvm.loop.\(name)\"}")
    }
    if hints.mustProgress { add("mustprogress") }
    if let vectorize = hints.vectorize {
      add("vectorize.enable", vectorize ? "i1 true" : "i1 false")
    }
    if let width = hints.vectorWidth { add("vectorize.width", "i32 \(width)") }
    if let count = hints.interleaveCount { add("interleave.count", "i32 \(count)") }
    if let unroll = hints.unroll { add(unroll ? "unroll.enable" : "unroll.disable") }
    if hints.isFullUnroll { add("unroll.full") }
    if let count = hints.unrollCount { add("unroll.count", "i32 \(count)") }
    return list
  }
}

extension LLVMIRWriter.LoopHints {
  /// The hints of a dictionary: `{vectorize = true, width = 16, interleave = 1, unroll = false,
  /// unroll_count = 4}`, or of an attribute of the llvm dialect that has such a dictionary's text.
  init(_ attribute: Attribute) {
    self.init()
    func integer(_ name: String) -> Int? { attribute[name]?.integerValue.map { Int($0) } }
    func flag(_ name: String) -> Bool? {
      attribute[name].map { $0.boolValue ?? ($0.integerValue.map { $0 != 0 } ?? $0.isUnit) }
    }
    guard attribute.kind == .dictionary else { return }
    vectorize = flag("vectorize")
    vectorWidth = integer("width")
    interleaveCount = integer("interleave")
    unroll = flag("unroll")
    unrollCount = integer("unroll_count")
    isFullUnroll = flag("unroll_full") ?? false
    mustProgress = flag("mustprogress") ?? false
  }
}
