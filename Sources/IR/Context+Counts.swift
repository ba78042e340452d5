extension Context {
  /// How many operations there are, in blocks or not.
  public var operationCount: Int {
    state.pointee.operations.count - state.pointee.freeOperations.count
  }
}
