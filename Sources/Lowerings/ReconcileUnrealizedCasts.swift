import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Removes casts between dialects' types that later conversions have made superfluous.
  ///
  ///     %0 = builtin.unrealized_conversion_cast %a : i64 to index   ->   "use"(%a) : (i64) -> ()
  ///     %1 = builtin.unrealized_conversion_cast %0 : index to i64
  ///     "use"(%1) : (i64) -> ()
  public static let reconcileUnrealizedCasts = Pass(
    "reconcile-unrealized-casts", name: "ReconcileUnrealizedCastsPass",
    "Simplify and eliminate unrealized conversion casts"
  ) { (operation, state) throws(Reported) in
    MartletRewriting.reconcileUnrealizedCasts(in: operation)
  }
}
