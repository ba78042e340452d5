import MartletIR
import MartletLowerings
import MartletPasses
import Testing

@Suite struct VectorizeGathersTests {
  /// Rows of random lengths, empty ones among them, reduced in each of the ways and types.
  private struct RandomRows {
    var random: SmallNumbers

    mutating func text() -> String {
      let type = random.pick(["f32", "f64", "i32", "i64", "i16"])
      let isFloat = type.hasPrefix("f")
      let suffix = isFloat ? "f" : "i"
      let combine = random.pick(
        isFloat
          ? ["addf", "maximumf", "minimumf", "maxnumf", "minnumf"]
          : ["addi", "maxsi", "minsi", "maxui", "minui", "andi", "ori", "xori"])
      let product = random.pick(["add", "mul", "sub"]) + suffix
      let index = random.pick(["i32", "i64", "index"])
      let toIndex =
        index == "index"
        ? "%j = arith.andi %c, %c7 : index"
        : """
        %c7i = arith.constant 7 : \(index)
              %masked = arith.andi %c, %c7i : \(index)
              %j = arith.index_castui %masked : \(index) to index
        """
      let usesPosition = random.below(3) == 0
      let position =
        usesPosition
        ? (isFloat
          ? "%ki = arith.index_cast %k : index to i32 \n %kv = arith.sitofp %ki : i32 to \(type)"
          : "%kv = arith.index_cast %k : index to \(type)")
          + "\n %pp = arith.\(product) %p, %kv : \(type)"
        : "%pp = arith.\(product) %p, %fixed : \(type)"
      return """
        func.func @main(%lengths: memref<13xindex>, %columns: memref<64x\(index)>,
            %values: memref<64x\(type)>, %x: memref<8x\(type)>, %out: memref<13x\(type)>,
            %fixed: \(type)) {
          %c0 = arith.constant 0 : index
          %c1 = arith.constant 1 : index
          %c4 = arith.constant 4 : index
          %c7 = arith.constant 7 : index
          %c13 = arith.constant 13 : index
          scf.for %row = %c0 to %c13 step %c1 {
            %start = memref.load %out[%row] : memref<13x\(type)>
            %length = memref.load %lengths[%row] : memref<13xindex>
            %double = arith.muli %length, %c4 : index
            %lo = arith.muli %row, %c4 : index
            %hi = arith.addi %lo, %double : index
            %bounded = arith.minsi %hi, %c13 : index
            %end = arith.addi %bounded, %length : index
            %r = scf.for %k = %lo to %end step %c1 iter_args(%s = %start) -> (\(type)) {
              %c = memref.load %columns[%k] : memref<64x\(index)>
              \(toIndex)
              %a = memref.load %values[%k] : memref<64x\(type)>
              %e = memref.load %x[%j] : memref<8x\(type)>
              %p = arith.\(product) %a, %e : \(type)
              \(position)
              %t = arith.\(combine) %s, %pp : \(type)
              scf.yield %t : \(type)
            }
            memref.store %r, %out[%row] : memref<13x\(type)>
          }
          return
        }
        """
    }
  }

  @Test(arguments: 0..<60) func randomRows(_ seed: Int) throws {
    var rows = RandomRows(random: SmallNumbers(UInt64(seed) + 11))
    let text = rows.text()
    let expected = try LoopModule(text).results(seed: UInt64(seed))
    for lanes in [0, 2, 4, 8] {
      let program = try LoopModule(text)
      try program.run(.vectorizeGathers, options: [("lanes", .integer(lanes))])
      #expect(program.count("vector.gather") == 2)
      #expect(try program.results(seed: UInt64(seed)) == expected, "\(lanes) lanes: \(text)")
    }
  }
}
