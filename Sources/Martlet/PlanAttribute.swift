import MartletIR
import MartletRuntime
import MartletSupport

/// The plan of a module of the llvm dialect, kept with it as the attribute `martlet.plan`: the bytes the
/// plan is kept in on disk. A module that has it is a whole program as text.
enum PlanAttribute {
  static let name = "martlet.plan"

  static func set(_ plan: Plan, on module: Operation) {
    let context = module.context
    let bytes = ProgramImage(plan: plan, objects: []).encoded()
    let type = context.tensor([bytes.count], context.i8)
    module.setAttribute(name, bytes.withUnsafeBytes { context.dense(type, bytes: $0) })
  }

  /// The plan of `module`; nil where it has none.
  /// - Throws: where the attribute is not one that `set` made.
  static func plan(of module: Operation) throws(Reported) -> Plan? {
    guard let attribute = module.attribute(name) else { return nil }
    guard let elements = attribute.denseElements, elements.elementSize == 1 else {
      throw module.emitError("attribute '\(name)' does not hold a plan")
    }
    do throws(Diagnostic) {
      return try ProgramImage(elements.bytes).plan
    } catch {
      throw module.emitError("attribute '\(name)': \(error.message)")
    }
  }
}
