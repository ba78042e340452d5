import MartletSupport

/// What a visit says about going on.
public enum WalkResult { case advance, skip, interrupt }

extension Operation {
  /// Visits this operation and all nested ones, each after what it contains. The operation being
  /// visited may be erased.
  public func walk(_ visit: (Operation) throws -> Void) rethrows {
    for region in regions {
      for block in region.blocks {
        for operation in block.operations { try operation.walk(visit) }
      }
    }
    try visit(self)
  }

  /// Visits this operation, then what it contains unless the visit says to skip that.
  /// - Returns: `interrupt` where a visit did.
  @discardableResult
  public func walkPreOrder(_ visit: (Operation) throws -> WalkResult) rethrows -> WalkResult {
    switch try visit(self) {
    case .interrupt: return .interrupt
    case .skip: return .advance
    case .advance: break
    }
    for region in regions {
      for block in region.blocks {
        for operation in block.operations {
          if try operation.walkPreOrder(visit) == .interrupt { return .interrupt }
        }
      }
    }
    return .advance
  }

  /// All operations below that `definition` declares, in order of the text.
  public func operations(_ definition: OpDefinition) -> [Operation] {
    var found: [Operation] = []
    walkPreOrder { operation in
      if operation.is(definition) { found.append(operation) }
      return .advance
    }
    return found
  }

  /// The nearest operation around this one, itself included, that `condition` accepts.
  public func ancestor(where condition: (Operation) -> Bool) -> Operation? {
    var current: Operation? = self
    while let operation = current {
      if condition(operation) { return operation }
      current = operation.parent
    }
    return nil
  }

  /// This operation or the one around it that lies directly in `region`.
  public func ancestor(in region: Region) -> Operation? {
    ancestor { $0.block?.region == region }
  }
}
