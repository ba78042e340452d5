import MartletIR
import MartletRewriting
import MartletSupport

/// Folders and canonicalisations.
extension GPU {
  // MARK: Folding

  /// What all threads of a workgroup reach is uniform, as the entry block of a launch is.
  static func makeUniform(_ operation: Operation) -> FoldResult {
    guard !operation.hasAttribute("uniform"), let launch = operation.parent, launch.is(Self.launch),
      operation.block == launch.region().firstBlock
    else { return .none }
    operation.setAttribute("uniform", operation.context.unit)
    return .inPlace
  }

  static func foldSubgroupReduce(_ operation: Operation) -> FoldResult {
    if operation.attribute("cluster_size")?.integerValue == 1 {
      return .value(operation.operand(0))
    }
    return makeUniform(operation)
  }

  /// What was broadcast already is the same in all threads.
  static func foldBroadcast(_ operation: Operation) -> FoldResult {
    guard let source = operation.operand(0).definingOperation, source.is(subgroupBroadcast) else {
      return .none
    }
    return .value(source.result())
  }

  static let broadcastSpeculation = Speculation { operation in
    operation.attribute("broadcast_type")?.enumKeyword == "specific_lane"
  }

  // MARK: Patterns

  /// A barrier right behind another has nothing to wait for.
  static let redundantBarriers = CanonicalizationPatterns(
    RewritePattern("redundant-barrier") { operation, rewriter in
      guard let next = operation.next, next.is(barrier) else { return false }
      rewriter.erase(operation)
      return true
    })

  /// Along a dimension of size one the only position is zero.
  static let constantLaunchArguments = CanonicalizationPatterns(
    RewritePattern("constant-launch-arguments") { operation, rewriter in
      guard let launch = LaunchOp(operation), let entry = launch.body.firstBlock,
        entry.argumentCount >= 12, launch.sizes.count >= 6
      else { return false }
      var zero: Value?
      for i in 0..<6 {
        let id = entry.argument(i)
        guard launch.sizes[i].constantInteger == 1, id.hasUses else { continue }
        let value =
          zero
          ?? rewriter.at(.atStart(of: entry)) {
            rewriter.create(
              Arith.constant, results: [rewriter.context.index],
              attributes: [("value", rewriter.context.indexAttribute(0))]
            ).result()
          }
        zero = value
        rewriter.replaceAllUses(of: id, with: value)
      }
      return zero != nil
    })

  /// dim(alloc(%size), i) -> %size
  static let dimOfAlloc = CanonicalizationPatterns(
    RewritePattern("dim-of-device-alloc", root: MemRef.dim) { operation, rewriter in
      let type = operation.operand(0).type
      guard let made = operation.operand(0).definingOperation, made.is(alloc),
        let i = operation.operand(1).constantInteger, i >= 0, i < type.rank,
        type.dimension(i) == Type.dynamic
      else { return false }
      let position = type.shape[..<i].count { $0 == Type.dynamic }
      let sizes = made.operands(named: "dynamicSizes")
      guard position < sizes.count else { return false }
      rewriter.replace(operation, with: sizes[sizes.startIndex + position])
      return true
    })

  /// A copy into memory that nobody reads is not needed.
  static let trivialCopies = CanonicalizationPatterns(
    RewritePattern("trivial-copy") { operation, rewriter in
      let tokens = Array(operation.operandGroup(0))
      guard let target = operation.operand(named: "dst"),
        let made = target.definingOperation, made.definition?.effects == .allocate,
        target.uses.allSatisfy({
          $0.owner == operation || $0.owner.definition?.effects == .free
        }), tokens.count <= 1, tokens.isEmpty == (operation.resultCount == 0)
      else { return false }
      rewriter.replace(operation, with: tokens)
      return true
    })

  static let redundantWaits = CanonicalizationPatterns(
    RewritePattern("wait-for-nothing") { operation, rewriter in
      func isOver(_ value: Value) -> Bool {
        value.definingOperation.map { $0.is(wait) && $0.operandCount == 0 } ?? false
      }
      guard operation.operands.contains(where: isOver) else { return false }
      let left = operation.operands.filter { !isOver($0) }
      rewriter.modifyInPlace(operation) { operation.setOperands(left) }
      return true
    },
    RewritePattern("simplify-wait") { operation, rewriter in
      if operation.operandCount == 0, operation.resultCount == 0 {
        rewriter.erase(operation)
        return true
      }
      if operation.operandCount == 1, operation.resultCount == 1 {
        rewriter.replace(operation, with: operation.operand(0))
        return true
      }
      if operation.resultCount == 1, !operation.result().hasUses {
        rewriter.erase(operation)
        return true
      }
      return false
    })
}
