import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Takes the locations of all operations and block arguments away.
  ///
  ///     return loc("a.c":3:1)    ->   return loc(unknown)
  public static let stripDebugInfo = Pass(
    "strip-debuginfo", name: "StripDebugInfo", "Strip debug info from all operations"
  ) { (operation, state) throws(Reported) in
    if state.wantsRemarks {
      var known = 0
      operation.walk { if !$0.location.isUnknown { known += 1 } }
      state.remark(
        .passed, "Stripped", "\(known, as: "Count") operations had a location", at: operation)
    }
    let unknown = operation.context.unknownLocation
    operation.walk { inner in
      inner.location = unknown
      for region in inner.regions {
        for block in region.blocks {
          for argument in block.arguments { argument.argumentLocation = unknown }
        }
      }
    }
  }
}
