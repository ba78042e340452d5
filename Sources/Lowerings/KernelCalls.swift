import MartletDialects
import MartletIR

/// Puts a call of `begin` before and one of `end` after each call of a kernel in `function`, with its place in
/// `steps`: two C functions that take a 64-bit integer, which the module then declares.
public func surroundKernelCalls(
  of function: FuncOp, steps: [String], begin: String, end: String
) {
  guard let entry = function.entry else { return }
  let context = function.operation.context
  var numbers: [String: Int] = [:]
  for (i, step) in steps.enumerated() { numbers[step] = i }
  let builder = Builder(context)
  var isDeclared = false
  for call in Array(entry.operations) where call.is(Func.call) {
    guard let callee = call.attribute("callee")?.rootReference?.string,
      let number = numbers[callee]
    else { continue }
    builder.setInsertionPoint(before: call)
    let value = builder.create(
      Arith.constant, results: [context.i64],
      attributes: [("value", context.i64Attribute(number))])
    builder.create(
      Func.call, [value.result()], results: [],
      attributes: [("callee", context.symbolRef(begin))])
    builder.insertionPoint = .after(call)
    builder.create(
      Func.call, [value.result()], results: [],
      attributes: [("callee", context.symbolRef(end))])
    isDeclared = true
  }
  if !isDeclared { return }
  for name in [begin, end] {
    builder.insertionPoint = .before(function.operation)
    _ = FuncOp.create(
      builder, name, inputs: [context.i64], results: [], visibility: "private", withBody: false)
  }
}
