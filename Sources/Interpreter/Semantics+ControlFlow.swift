import MartletIR
import MartletSupport

/// cf: branches.
extension Semantics {
  mutating func addControlFlow() {
    registerBranch("cf.br") { (instruction, _) throws(Reported) in (0, 0..<instruction.operandCount)
    }
    registerBranch("cf.cond_br") { (instruction, frame) throws(Reported) in
      let isTaken = frame.bits(instruction, 0) != 0
      return isTaken ? (0, instruction.segment(1)) : (1, instruction.segment(2))
    }
    registerBranch("cf.switch") { (instruction, frame) throws(Reported) in
      let flag = frame.integer(instruction, 0)
      let cases = instruction.attribute("case_values")?.integers ?? []
      guard let chosen = cases.firstIndex(of: flag) else { return (0, instruction.segment(1)) }
      let sizes = try instruction.integers("case_operand_segments")
      guard sizes.indices.contains(chosen), sizes.allSatisfy({ $0 >= 0 }) else {
        throw frame.fail(instruction, "has no operands for case \(chosen)")
      }
      let start = instruction.segment(2).lowerBound + sizes[..<chosen].reduce(0, +)
      guard start + sizes[chosen] <= instruction.operandCount else {
        throw frame.fail(instruction, "has no operands for case \(chosen)")
      }
      return (chosen + 1, start..<(start + sizes[chosen]))
    }
    registerBranch("ub.unreachable") { (instruction, frame) throws(Reported) in
      throw frame.fail(instruction, "is reached")
    }
    register("cf.assert") { (instruction, frame) throws(Reported) in
      if frame.bits(instruction, 0) == 0 {
        let message = instruction.attribute("msg")?.stringValue ?? ""
        throw frame.fail(instruction, "assertion failed: \(message)")
      }
    }
  }
}
