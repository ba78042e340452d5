/// Machine code in the process, however it came there; it stays mapped for the object's life.
public protocol LoadedCode: AnyObject, Sendable {
  /// The address of a global symbol of the code, nil where it defines none of that name.
  func address(of symbol: String) -> UnsafeRawPointer?
}
