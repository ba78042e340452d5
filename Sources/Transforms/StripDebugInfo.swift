import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Takes the locations of all operations away.
  ///
  ///     return loc("a.c":3:1)    ->   return loc(unknown)
  public static let stripDebugInfo = Pass(
    "strip-debuginfo", name: "StripDebugInfo", "Strip debug info from all operations"
  ) { (operation, state) throws(Reported) in
    let unknown = operation.context.unknownLocation
    operation.walk { $0.location = unknown }
  }
}
