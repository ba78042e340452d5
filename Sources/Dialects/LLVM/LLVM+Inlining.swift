import MartletIR
import MartletRewriting

/// Which functions of llvm may be inlined, and how their returns end then.
extension LLVM {
  /// Attributes of functions that inlining would break.
  private static let binding: Set<String> = [
    "noduplicate", "presplitcoroutine", "returns_twice", "strictfp",
  ]

  /// Arguments passed by value would have to be copied, which is not done here.
  static let inliningControl = InliningControl { op in
    guard op.is(LLVM.func) else { return true }
    if op.hasAttribute("personality") { return false }
    if op.attribute("function_type")?.typeValue?.llvmFunction?.isVariadic ?? false { return false }
    for entry in op.attribute("passthrough")?.elements ?? [] {
      let name = entry.stringValue ?? entry.elements?.first?.stringValue ?? ""
      if binding.contains(name) { return false }
    }
    for dictionary in op.attribute("arg_attrs")?.elements ?? [] {
      for (name, _) in dictionary.entries
      where name.string == "llvm.byval" || name.string == "llvm.inalloca" {
        return false
      }
    }
    return true
  }

  static let inlinedReturn = InlinedTerminator { builder, values, destination in
    builder.create(br, values, successors: [destination])
  }
}
