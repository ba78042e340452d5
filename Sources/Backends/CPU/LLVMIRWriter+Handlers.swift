extension LLVMIRWriter {
  /// How an operation is written.
  enum Handler {
    enum Constant { case value, zero, undef, poison, none, address }
    /// Which attributes of a two-operand instruction become keywords.
    enum Flags { case none, overflow, exact, fastMath, disjoint }
    /// How `llvm.intr.*` is called.
    struct Intrinsic {
      var name: String
      var overloads: [Overload]
      /// Attributes passed as constant arguments behind the operands: name and width.
      var immediates: [(name: String, width: Int)]
      var hasFastMath: Bool
    }
    /// A type that is part of an intrinsic's name.
    enum Overload { case result, operand(Int) }

    case constant(Constant)
    case binary(StaticString, Flags)
    case cast(StaticString)
    case icmp, fcmp, fneg, select, freeze
    case gep, load, store, alloca
    case call, callIntrinsic
    case intrinsic(Intrinsic)
    case maskedLoad, maskedStore, gather, scatter
    case extractValue, insertValue, extractElement, insertElement, shuffle
    case br, condBr, switchTo, ret, unreachable
    case fence, atomicRMW, cmpxchg

    init?(_ name: String) {
      guard name.hasPrefix("llvm.") else { return nil }
      if let simple = Self.simple[name] {
        self = simple
      } else if name.hasPrefix("llvm.intr."), let found = Self.intrinsic(String(name.dropFirst(10)))
      {
        self = .intrinsic(found)
      } else {
        return nil
      }
    }

    private static let simple: [String: Handler] = [
      "llvm.mlir.constant": .constant(.value), "llvm.mlir.zero": .constant(.zero),
      "llvm.mlir.undef": .constant(.undef), "llvm.mlir.poison": .constant(.poison),
      "llvm.mlir.none": .constant(.none), "llvm.mlir.addressof": .constant(.address),
      "llvm.add": .binary("add", .overflow), "llvm.sub": .binary("sub", .overflow),
      "llvm.mul": .binary("mul", .overflow), "llvm.shl": .binary("shl", .overflow),
      "llvm.udiv": .binary("udiv", .exact), "llvm.sdiv": .binary("sdiv", .exact),
      "llvm.lshr": .binary("lshr", .exact), "llvm.ashr": .binary("ashr", .exact),
      "llvm.urem": .binary("urem", .none), "llvm.srem": .binary("srem", .none),
      "llvm.and": .binary("and", .none), "llvm.or": .binary("or", .disjoint),
      "llvm.xor": .binary("xor", .none), "llvm.fadd": .binary("fadd", .fastMath),
      "llvm.fsub": .binary("fsub", .fastMath), "llvm.fmul": .binary("fmul", .fastMath),
      "llvm.fdiv": .binary("fdiv", .fastMath), "llvm.frem": .binary("frem", .fastMath),
      "llvm.trunc": .cast("trunc"), "llvm.zext": .cast("zext"), "llvm.sext": .cast("sext"),
      "llvm.fptrunc": .cast("fptrunc"), "llvm.fpext": .cast("fpext"),
      "llvm.fptoui": .cast("fptoui"), "llvm.fptosi": .cast("fptosi"),
      "llvm.uitofp": .cast("uitofp"), "llvm.sitofp": .cast("sitofp"),
      "llvm.ptrtoint": .cast("ptrtoint"), "llvm.inttoptr": .cast("inttoptr"),
      "llvm.bitcast": .cast("bitcast"), "llvm.addrspacecast": .cast("addrspacecast"),
      "llvm.icmp": .icmp, "llvm.fcmp": .fcmp, "llvm.fneg": .fneg, "llvm.select": .select,
      "llvm.freeze": .freeze, "llvm.getelementptr": .gep, "llvm.load": .load,
      "llvm.store": .store, "llvm.alloca": .alloca, "llvm.call": .call,
      "llvm.call_intrinsic": .callIntrinsic, "llvm.extractvalue": .extractValue,
      "llvm.insertvalue": .insertValue, "llvm.extractelement": .extractElement,
      "llvm.insertelement": .insertElement, "llvm.shufflevector": .shuffle, "llvm.br": .br,
      "llvm.cond_br": .condBr, "llvm.switch": .switchTo, "llvm.return": .ret,
      "llvm.unreachable": .unreachable, "llvm.fence": .fence, "llvm.atomicrmw": .atomicRMW,
      "llvm.cmpxchg": .cmpxchg, "llvm.intr.masked.load": .maskedLoad,
      "llvm.intr.masked.store": .maskedStore, "llvm.intr.masked.gather": .gather,
      "llvm.intr.masked.scatter": .scatter,
    ]

    /// Intrinsics of floats whose only overload is their result.
    private static let floatFunctions: Set<String> = [
      "acos", "asin", "atan", "atan2", "ceil", "copysign", "cos", "cosh", "exp", "exp10", "exp2",
      "fabs", "floor", "fma", "fmuladd", "log", "log10", "log2", "maximum", "maxnum", "minimum",
      "minnum", "nearbyint", "pow", "rint", "round", "roundeven", "sin", "sinh", "sqrt", "tan",
      "tanh", "trunc",
    ]
    private static let integerFunctions: Set<String> = [
      "bitreverse", "bswap", "ctpop", "expect", "fshl", "fshr", "sadd.sat", "smax", "smin",
      "sshl.sat", "ssub.sat", "stepvector", "uadd.sat", "umax", "umin", "ushl.sat", "usub.sat",
      "vscale",
    ]
    private static let plain: Set<String> = [
      "debugtrap", "trap", "assume", "experimental.noalias.scope.decl",
    ]

    private static func intrinsic(_ name: String) -> Intrinsic? {
      func make(
        _ overloads: [Overload], _ immediates: [(String, Int)] = [], fastMath: Bool = false
      ) -> Intrinsic {
        Intrinsic(
          name: "llvm." + name, overloads: overloads,
          immediates: immediates.map { (name: $0.0, width: $0.1) }, hasFastMath: fastMath)
      }
      if floatFunctions.contains(name) { return make([.result], fastMath: true) }
      if integerFunctions.contains(name) { return make([.result]) }
      if plain.contains(name) { return make([]) }
      if name.hasSuffix(".with.overflow") { return make([.operand(0)]) }
      if name.hasPrefix("vector.reduce.") {
        let isOrdered = name.hasSuffix(".fadd") || name.hasSuffix(".fmul")
        return make([.operand(isOrdered ? 1 : 0)], fastMath: name.hasPrefix("vector.reduce.f"))
      }
      switch name {
      case "abs": return make([.result], [("is_int_min_poison", 1)])
      case "ctlz", "cttz": return make([.result], [("is_zero_poison", 1)])
      case "is.fpclass": return make([.operand(0)], [("bit", 32)])
      case "powi", "ldexp": return make([.result, .operand(1)], fastMath: true)
      case "frexp": return nil
      case "lrint", "llrint", "lround", "llround", "scmp", "ucmp":
        return make([.result, .operand(0)])
      case "get.active.lane.mask": return make([.result, .operand(0)])
      case "memcpy", "memmove":
        return make([.operand(0), .operand(1), .operand(2)], [("isVolatile", 1)])
      case "memset": return make([.operand(0), .operand(2)], [("isVolatile", 1)])
      case "prefetch": return make([.operand(0)], [("rw", 32), ("hint", 32), ("cache", 32)])
      case "stacksave": return make([.result])
      case "stackrestore": return make([.operand(0)])
      case "vector.insert": return make([.operand(0), .operand(1)], [("pos", 64)])
      case "vector.extract": return make([.result, .operand(0)], [("pos", 64)])
      case "vector.interleave2": return make([.result])
      case "vector.deinterleave2": return make([.operand(0)])
      case "masked.expandload": return make([.result])
      case "masked.compressstore": return make([.operand(0)])
      case "ptrmask": return make([.result, .operand(1)])
      case "threadlocal.address": return make([.result])
      case "launder.invariant.group", "strip.invariant.group": return make([.result])
      case "is.constant": return make([.operand(0)])
      default: return nil
      }
    }
  }
}
