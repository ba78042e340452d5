import MartletIR
import MartletInterpreter
import MartletSupport

extension Semantics {
  /// What the operations of `bits` do.
  mutating func addBits() {
    register("bits.rotate") { (instruction, frame) throws(Reported) in
      guard case .integer(let value) = frame.value(instruction, 0) else {
        throw frame.fail(instruction, "rotates an integer")
      }
      let bits = UInt32(truncatingIfNeeded: value)
      let amount = UInt32(Bits.amount(of: instruction.operation))
      let rotated = bits << amount | (bits >> ((32 - amount) & 31))
      frame.set(instruction, 0, .integer(Int64(Int32(bitPattern: amount == 0 ? bits : rotated))))
    }
  }
}
