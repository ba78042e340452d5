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
    let casts = state.wantsRemarks ? operation.unrealizedCasts : []
    let places = casts.map { ($0, $0.location, $0.enclosingFunction) }
    MartletRewriting.reconcileUnrealizedCasts(in: operation)
    if !state.wantsRemarks { return }
    let left = Set(operation.unrealizedCasts)
    for (cast, location, function) in places {
      if left.contains(cast) {
        state.remark(
          .missed, "Kept",
          "a cast to \(cast.results.types.first.map { "\($0)" } ?? "", as: "Type") is needed: nothing takes it back",
          at: location, function: function)
      } else {
        state.remark(
          .passed, "Removed", "a cast that others take back", at: location, function: function)
      }
    }
  }
}

extension Operation {
  /// The casts between dialects' types inside.
  fileprivate var unrealizedCasts: [Operation] {
    let name = context.operationName("builtin.unrealized_conversion_cast")
    var found: [Operation] = []
    walk { if $0.name == name { found.append($0) } }
    return found
  }
}
