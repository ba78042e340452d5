import MartletIR

/// Patterns of one context, found by operation name in constant time and sorted by benefit.
public final class FrozenPatternSet {
  private let context: Context
  private let patterns: [RewritePattern]
  /// Whether the patterns of each operation's own declaration belong to the set.
  private let includesCanonicalization: Bool
  private let accepts: (RewritePattern) -> Bool
  /// By number of the name: -1 not looked up yet, else an index into `lists`.
  private var listOfName: [Int32] = []
  private var lists: [[RewritePattern]] = [[]]

  public init(_ patterns: [RewritePattern], _ context: Context) {
    self.context = context
    self.patterns = patterns
    includesCanonicalization = false
    accepts = { _ in true }
  }

  private init(
    canonicalizing context: Context, adding: [RewritePattern],
    where accepts: @escaping (RewritePattern) -> Bool
  ) {
    self.context = context
    self.accepts = accepts
    includesCanonicalization = true
    var rooted: [RewritePattern] = []
    for dialect in context.loadedDialects.values.sorted(by: { $0.name < $1.name }) {
      for definition in dialect.operations {
        guard let carried = definition.interface(CanonicalizationPatterns.self) else { continue }
        for pattern in carried.patterns {
          // Those of the carrier itself are found through its name.
          if case .carrier = pattern.root { continue }
          rooted.append(pattern)
        }
      }
    }
    patterns = (rooted + adding).filter(accepts)
  }

  /// The canonicalisation patterns of all operations, those of dialects loaded later included, and
  /// `adding`, as far as `accepts` holds.
  public static func canonicalization(
    _ context: Context, adding: [RewritePattern] = [],
    where accepts: @escaping (RewritePattern) -> Bool = { _ in true }
  ) -> FrozenPatternSet {
    FrozenPatternSet(canonicalizing: context, adding: adding, where: accepts)
  }

  /// The list of the patterns for `name`; 0 is the empty list.
  @inline(__always) func listNumber(_ name: OperationName) -> Int {
    let number = Int(name.raw)
    if number < listOfName.count, listOfName[number] >= 0 { return Int(listOfName[number]) }
    return makeList(name)
  }

  @inline(__always) func list(_ number: Int) -> [RewritePattern] { lists[number] }

  /// The patterns to try on operations called `name`, in the order to try them.
  public func patterns(for name: OperationName) -> [RewritePattern] { lists[listNumber(name)] }

  private func makeList(_ name: OperationName) -> Int {
    var found: [RewritePattern] = []
    if includesCanonicalization,
      let own = name.definition?.interface(CanonicalizationPatterns.self)
    {
      for pattern in own.patterns {
        if case .carrier = pattern.root, accepts(pattern) { found.append(pattern) }
      }
    }
    for pattern in patterns where pattern.applies(to: name) { found.append(pattern) }
    // The sort is stable for equal benefits because the position decides.
    let ordered = found.enumerated().sorted {
      ($1.element.benefit, $0.offset) < ($0.element.benefit, $1.offset)
    }
    let number = Int(name.raw)
    while listOfName.count <= number { listOfName.append(-1) }
    if ordered.isEmpty {
      listOfName[number] = 0
      return 0
    }
    lists.append(ordered.map(\.element))
    listOfName[number] = Int32(lists.count - 1)
    return lists.count - 1
  }
}
