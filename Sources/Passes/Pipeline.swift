/// Passes to run, in order, on operations of one kind, and on what those contain.
public struct Pipeline: Sendable {
  /// The name of the operations it runs on; nil for any.
  public var anchor: String?
  public var elements: [Element] = []

  public enum Element: Sendable {
    case pass(Pass, PassOptions)
    case nested(Pipeline)
  }

  public init(anchor: String? = "builtin.module", _ elements: [Element] = []) {
    self.anchor = anchor
    self.elements = elements
  }

  public mutating func add(_ pass: Pass, _ options: [(String, PassOptionValue)] = []) {
    var values = PassOptions(pass.options)
    for (name, value) in options {
      precondition(values.set(name, value), "pass \(pass.argument) has no option '\(name)'")
    }
    elements.append(.pass(pass, values))
  }

  /// Adds passes to be run on each operation called `anchor` directly inside.
  public mutating func nest(_ anchor: String?, _ build: (inout Pipeline) -> Void) {
    var inner = Pipeline(anchor: anchor)
    build(&inner)
    elements.append(.nested(inner))
  }

  /// As it would be written: `builtin.module(func.func(cse),inline{max-iterations=4})`.
  public var text: String {
    "\(anchor ?? "any")(\(elements.map(\.text).joined(separator: ",")))"
  }

  /// As `--dump-pass-pipeline` shows it: each element on a line of its own, indented by `indent` blanks.
  public func lines(indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    let inner = elements.map { element in
      switch element {
      case .pass: margin + "  " + element.text
      case .nested(let pipeline): pipeline.lines(indent: indent + 2)
      }
    }
    return "\(margin)\(anchor ?? "any")(\n\(inner.joined(separator: ",\n"))\n\(margin))"
  }

  /// Elements with neighbouring nested pipelines joined, so that each nested operation is gone through
  /// once for all of them. Those for any operation are not joined with named ones.
  var groups: [Group] {
    var groups: [Group] = []
    for element in elements {
      switch element {
      case .pass(let pass, let options): groups.append(.pass(pass, options))
      case .nested(let pipeline):
        guard case .nested(var list)? = groups.last, canJoin(pipeline, list) else {
          groups.append(.nested([pipeline]))
          continue
        }
        if let i = list.firstIndex(where: { $0.anchor == pipeline.anchor }) {
          list[i].elements += pipeline.elements
        } else {
          list.append(pipeline)
        }
        groups[groups.count - 1] = .nested(list)
      }
    }
    return groups
  }

  enum Group {
    case pass(Pass, PassOptions)
    case nested([Pipeline])
  }

  private func canJoin(_ pipeline: Pipeline, _ list: [Pipeline]) -> Bool {
    pipeline.anchor == nil
      ? list.allSatisfy { $0.anchor == nil } : list.allSatisfy { $0.anchor != nil }
  }
}

extension Pipeline.Element {
  /// As it would be written.
  public var text: String {
    switch self {
    case .pass(let pass, let options): pass.argument + options.text
    case .nested(let pipeline): pipeline.text
    }
  }
}
