import MartletRuntime
import MartletSupport

/// The page: its frame, style and script with the data of a compilation put in.
struct ViewPage {
  private let compilation: ViewedCompilation
  private let plots: [UInt8]?

  init(_ compilation: ViewedCompilation, _ plots: [UInt8]?) {
    self.compilation = compilation
    self.plots = plots
  }

  var bytes: [UInt8] {
    let parts: [String: () -> [UInt8]] = [
      "TITLE": { Array(ViewPage.escaped(name).utf8) },
      "STYLE": { Array(ViewPageTexts.style.utf8) },
      "SCRIPT": { Array(ViewPageTexts.script.utf8) },
      "PLOTS": { plots ?? [] },
      "DATA": {
        var out: [UInt8] = []
        data.writeCompact(to: &out)
        return out
      },
    ]
    var out: [UInt8] = []
    // The frame has a mark `@@NAME@@` for each part.
    for (i, piece) in ViewPageTexts.frame.split(separator: "@@", omittingEmptySubsequences: false)
      .enumerated()
    {
      if i % 2 == 0 { out += piece.utf8 } else if let part = parts[String(piece)] { out += part() }
    }
    return out
  }

  private var name: String {
    compilation.source.path.split(separator: "/").last.map(String.init) ?? compilation.source.path
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for character in text {
      switch character {
      case "<": out += "&lt;"
      case "&": out += "&amp;"
      case "\"": out += "&quot;"
      default: out.append(character)
      }
    }
    return out
  }

  // MARK: Data

  private var data: JSONValue {
    let recorder = compilation.recorder
    // Their places are numbered before the table of places is written.
    let remarks = remarks
    return .object([
      ("name", .string(name)), ("path", .string(compilation.source.path)),
      ("version", .string(martletVersion)),
      ("pipeline", compilation.options.pipeline.map { .string($0) } ?? .null),
      ("notes", .strings(compilation.notes)),
      ("problems", .array(problems)),
      ("stages", .array(recorder.stages.map(stage))),
      ("leaves", .array(recorder.locations.leaves.map(leaf))),
      ("sets", .array(recorder.locations.sets.map { .integers($0) })),
      ("graph", graph), ("plan", compilation.plan.map(plan) ?? .null),
      ("kernels", .array(kernels)), ("machine", compilation.roofline.map(machine) ?? .null),
      ("remarks", .array(remarks)),
    ])
  }

  private var problems: [JSONValue] {
    compilation.context.diagnostics.diagnostics.filter { $0.severity != .remark }.map {
      .string($0.text(isColored: false))
    }
  }

  private func stage(_ stage: ViewStage) -> JSONValue {
    let added = stage.delta.added
    return .object([
      ("title", .string(stage.title)), ("options", .string(stage.options)),
      ("summary", .string(stage.summary)), ("level", .string(stage.level)),
      ("kind", .string(stage.kind.rawValue)), ("seconds", .optional(stage.seconds)),
      ("count", .optional(stage.operationCount)),
      (
        "histogram",
        .array(stage.histogram.prefix(40).map { .array([.string($0.name), .integer($0.count)]) })
      ),
      ("lines", .integer(stage.lineCount)), ("kept", .integer(stage.keptCount)),
      ("unchanged", .bool(stage.isUnchanged)), ("failed", .bool(stage.hasFailed)),
      ("runs", .integers(stage.delta.runs)),
      ("text", .string(added.map(\.text).joined(separator: "\n"))),
      ("ops", .integers(ViewPage.differences(added.map(\.operation)))),
      ("sets", .integers(added.map(\.location))),
    ])
  }

  /// Each number less the one before, which takes fewer digits.
  private static func differences(_ numbers: [Int]) -> [Int] {
    var last = 0
    return numbers.map { number in
      defer { last = number }
      return number - last
    }
  }

  private func leaf(_ leaf: LocationTable.Leaf) -> JSONValue {
    switch leaf {
    case .name(let name): .array([.string(name)])
    case .place(let file, let line, let column):
      .array([.string(file), .integer(line), .integer(column)])
    }
  }

  private var graph: JSONValue {
    guard let graph = compilation.recorder.graph else { return .null }
    return .object([
      (
        "nodes",
        .array(
          graph.nodes.map { node in
            .array([
              .string(node.kind.rawValue), .string(node.label), .string(node.type),
              .integer(node.location), .integer(node.operation), .integer(node.depth),
            ])
          })
      ), ("edges", .integers(graph.edges.flatMap { [$0.from, $0.to] })),
      ("omitted", .integer(graph.omitted)), ("stage", .integer(compilation.recorder.graphStage)),
      (
        "groups",
        .array(
          compilation.recorder.groups.map { group in
            let leaves = group.weights.keys.sorted()
            return .object([
              ("name", .string(group.name)), ("leaves", .integers(leaves)),
              ("weights", .integers(leaves.map { Int((group.weights[$0] ?? 0) * 60) })),
            ])
          })
      ),
    ])
  }

  private func plan(_ plan: Plan) -> JSONValue {
    .object([
      ("arena", .integer(plan.arenaByteCount)),
      ("intermediates", .integer(plan.intermediateByteCount)),
      ("live", .integer(plan.largestLiveByteCount)), ("steps", .strings(plan.steps)),
      (
        "slots",
        .array(
          plan.slots.map {
            .array([
              .string($0.name), .integer($0.offset), .integer($0.byteCount), .integer($0.firstStep),
              .integer($0.lastStep),
            ])
          })
      ),
      (
        "constants",
        .array(plan.constants.map { .array([.string($0.name), .integer($0.byteCount)]) })
      ),
      (
        "inputs", .array(plan.inputs.map { .array([.string($0.name), .string($0.typeText)]) })
      ),
      (
        "outputs", .array(plan.outputs.map { .array([.string($0.name), .string($0.typeText)]) })
      ),
    ])
  }

  private var kernels: [JSONValue] {
    guard let plan = compilation.plan else { return [] }
    return plan.steps.enumerated().map { i, name in
      let cost = plan.costs.indices.contains(i) ? plan.costs[i] : Plan.Cost()
      return .object([
        ("name", .string(name)), ("flops", .optional(cost.flops)),
        ("bytes", .optional(cost.bytes)), ("bits", .integer(cost.floatBits)),
        ("seconds", .optional(compilation.kernelSeconds[name])),
      ])
    }
  }

  /// FLOP/s by the width of numbers, and bytes a second by how many bytes are gone through.
  private func machine(_ roofline: Roofline) -> JSONValue {
    .object([
      ("peak32", .number(roofline.peak32 * 1e9)), ("peak64", .number(roofline.peak64 * 1e9)),
      (
        "bandwidths",
        .array(
          roofline.bandwidths.map {
            .array([.integer($0.bytes), .number($0.gigabytesPerSecond * 1e9)])
          })
      ),
    ])
  }

  private var remarks: [JSONValue] {
    let locations = compilation.recorder.locations
    return compilation.recorder.remarks.map { remark, stage, count in
      var leaf: Int?
      if let position = remark.position {
        leaf = locations.number(of: LocationTable.leaf(position))
      } else if let subject = remark.subject {
        leaf = locations.number(of: .name(subject))
      }
      return .object([
        ("kind", .string(remark.kind.rawValue.lowercased())), ("pass", .string(remark.pass)),
        ("name", .string(remark.name)), ("text", .string(remark.text)),
        ("function", .string(remark.function)), ("leaf", .integer(leaf ?? -1)),
        ("stage", .integer(stage)), ("times", .integer(count)),
      ])
    }
  }
}
