import MartletPasses
import MartletRuntime

/// How programs are compiled.
public struct CompileOptions: Sendable {
  /// The function to run; nil for `main`, or the only public one.
  public var entry: String?
  /// Where compiled code is kept between processes; nil for nowhere.
  public var cacheDirectory: String? = CompileCache.defaultDirectory
  /// Bytes of the vectors loops are written with, a power of two from 8 to 256; nil for the widest this
  /// machine has.
  public var vectorBytes: Int?
  /// Whether code tells the recording of its thread when kernels begin and end (`KernelHooks`).
  public var profilesKernels = false
  /// Takes what passes say they did and could not do. Where it is given, nothing is taken from the cache: a
  /// program that is not compiled has nothing to say.
  public var remarkHandler: (@Sendable (Remark) -> Void)?

  public init() {}
}
