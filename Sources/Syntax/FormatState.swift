import MartletIR
import MartletSupport

/// What has been read of an operation by its declarative format so far. One is kept for each nesting
/// level and used again, so that reading an operation allocates nothing.
final class FormatState {
  struct Group {
    var start = 0
    /// Negative where nothing has been read.
    var count = -1
  }

  var references: [Parser.OperandReference] = []
  var operandGroups: [Group] = []
  var types: [Type] = []
  var operandTypes: [Group] = []
  var resultTypes: [Group] = []
  var inherents: [Attribute?] = []
  var values: [Value] = []
  var finalTypes: [Type] = []
  var segments: [Int] = []
  var parsed: ParsedOperation?

  func reset(_ definition: OpDefinition) {
    references.removeAll(keepingCapacity: true)
    types.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    finalTypes.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
    fill(&operandGroups, definition.operands.count)
    fill(&operandTypes, definition.operands.count)
    fill(&resultTypes, definition.results.count)
    inherents.removeAll(keepingCapacity: true)
    for _ in definition.attributes.indices { inherents.append(nil) }
  }

  private func fill(_ groups: inout [Group], _ count: Int) {
    groups.removeAll(keepingCapacity: true)
    for _ in 0..<count { groups.append(Group()) }
  }
}

struct FormatStacks {
  var states: [FormatState] = []
  var level = 0
}

/// What a custom directive fills in while an operation is read.
public struct FormatParts {
  let state: FormatState
  public let arguments: [FormatArgument]

  public func setOperands(_ argument: FormatArgument, _ references: [Parser.OperandReference]) {
    guard case .operand(let i) = argument else { return }
    state.operandGroups[i] = .init(start: state.references.count, count: references.count)
    state.references += references
  }

  /// The number of operands read for a group, nil where it has not been read.
  public func operandCount(_ argument: FormatArgument) -> Int? {
    guard case .operand(let i) = argument else { return nil }
    return state.operandGroups[i].count < 0 ? nil : state.operandGroups[i].count
  }

  /// The number of operands read for the group whose types `argument` is.
  public func operandCount(ofTypes argument: FormatArgument) -> Int? {
    guard case .typeOfOperand(let i) = argument else { return nil }
    return state.operandGroups[i].count < 0 ? nil : state.operandGroups[i].count
  }

  public func setTypes(_ argument: FormatArgument, _ types: [Type]) {
    let group = FormatState.Group(start: state.types.count, count: types.count)
    switch argument {
    case .typeOfOperand(let i), .operand(let i): state.operandTypes[i] = group
    case .typeOfResult(let i), .result(let i): state.resultTypes[i] = group
    default: return
    }
    state.types += types
  }

  public func types(_ argument: FormatArgument) -> [Type]? {
    let group: FormatState.Group
    switch argument {
    case .typeOfOperand(let i), .operand(let i): group = state.operandTypes[i]
    case .typeOfResult(let i), .result(let i): group = state.resultTypes[i]
    default: return nil
    }
    return group.count < 0 ? nil : Array(state.types[group.start..<(group.start + group.count)])
  }

  public func setAttribute(_ argument: FormatArgument, _ value: Attribute) {
    if case .attribute(let slot) = argument { state.inherents[slot] = value }
  }

  public func attribute(_ argument: FormatArgument) -> Attribute? {
    if case .attribute(let slot) = argument { return state.inherents[slot] }
    return nil
  }
}
