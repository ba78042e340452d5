import MartletRuntime

/// How programs are compiled.
public struct CompileOptions: Sendable {
  /// The function to run; nil for `main`, or the only public one.
  public var entry: String?
  /// Where compiled code is kept between processes; nil for nowhere.
  public var cacheDirectory: String? = CompileCache.defaultDirectory

  public init() {}
}
