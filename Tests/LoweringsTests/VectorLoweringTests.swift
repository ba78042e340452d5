import MartletIR
import MartletLowerings
import MartletPasses
import Testing

/// Vectors through loops to llvm, compiled beside interpreted.
@Suite struct VectorLoweringTests {
  private static let transfers = """
    #swap = affine_map<(d0, d1) -> (d1, d0)>
    #column = affine_map<(d0, d1) -> (d0)>
    #repeat = affine_map<(d0, d1) -> (0, d1)>
    func.func @main(%a: memref<5x7xi32>, %b: memref<6x8xi32>, %c: memref<8x4xi32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c3 = arith.constant 3 : index
      %pad = arith.constant 7 : i32
      %v = vector.transfer_read %a[%c1, %c2], %pad : memref<5x7xi32>, vector<4x8xi32>
      %t = vector.transpose %v, [1, 0] : vector<4x8xi32> to vector<8x4xi32>
      vector.transfer_write %t, %c[%c0, %c0] {in_bounds = [true, true]}
        : vector<8x4xi32>, memref<8x4xi32>
      vector.transfer_write %v, %b[%c3, %c1] : vector<4x8xi32>, memref<6x8xi32>
      %w = vector.transfer_read %a[%c0, %c3], %pad {permutation_map = #swap}
        : memref<5x7xi32>, vector<3x2xi32>
      vector.transfer_write %w, %b[%c0, %c0] {permutation_map = #swap, in_bounds = [true, true]}
        : vector<3x2xi32>, memref<6x8xi32>
      %col = vector.transfer_read %c[%c2, %c1], %pad {permutation_map = #column}
        : memref<8x4xi32>, vector<8xi32>
      %r = vector.transfer_read %a[%c3, %c1], %pad {permutation_map = #repeat, in_bounds = [true, true]}
        : memref<5x7xi32>, vector<2x4xi32>
      vector.transfer_write %r, %b[%c2, %c3] : vector<2x4xi32>, memref<6x8xi32>
      %m = vector.create_mask %c2, %c3 : vector<3x4xi1>
      %s = vector.transfer_read %a[%c1, %c1], %pad, %m {in_bounds = [true, true]}
        : memref<5x7xi32>, vector<3x4xi32>
      vector.transfer_write %s, %b[%c3, %c2], %m : vector<3x4xi32>, memref<6x8xi32>
      vector.transfer_write %col, %b[%c1, %c0] {permutation_map = #column}
        : vector<8xi32>, memref<6x8xi32>
      return
    }
    """

  @Test(arguments: [false, true]) func transfersThroughLoops(_ unrolls: Bool) throws {
    try SeparateConversion.check(
      Self.transfers,
      SeparateConversion.steps(.convertVectorToSCF, [("full-unroll", .bool(unrolls))]))
  }

  /// Unrolled, the interpreter can run them too, down to single elements.
  @Test(arguments: [0, 1]) func unrolledTransfersInterpreted(_ rank: Int) throws {
    let text = Self.transfers
    let wanted = try LoopModule(text).results(seed: 3)
    let module = try LoopModule(text)
    try module.run(
      .convertVectorToSCF,
      options: [("full-unroll", .bool(true)), ("target-rank", .integer(rank))])
    #expect(try module.results(seed: 3) == wanted)
  }

  @Test func masksAndGathers() throws {
    try SeparateConversion.check(
      """
      func.func @main(%a: memref<16xi32>, %b: memref<16xi32>, %n: memref<4xindex>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c4 = arith.constant 4 : index
        %c8 = arith.constant 8 : index
        %k = memref.load %n[%c0] : memref<4xindex>
        %m = vector.create_mask %k : vector<8xi1>
        %z = arith.constant dense<-1> : vector<8xi32>
        %x = vector.maskedload %a[%c4], %m, %z
          : memref<16xi32>, vector<8xi1>, vector<8xi32> into vector<8xi32>
        vector.maskedstore %b[%c1], %m, %x : memref<16xi32>, vector<8xi1>, vector<8xi32>
        %i = arith.constant dense<[7, 0, 3, 3, 1, 6, 2, 5]> : vector<8xi32>
        %g = vector.gather %a[%c8] [%i], %m, %z
          : memref<16xi32>, vector<8xi32>, vector<8xi1>, vector<8xi32> into vector<8xi32>
        %s = arith.constant dense<[0, 1, 2, 4, 3, 5, 7, 6]> : vector<8xi32>
        vector.scatter %b[%c8] [%s], %m, %g
          : memref<16xi32>, vector<8xi32>, vector<8xi1>, vector<8xi32>
        %c = vector.constant_mask [2, 3] : vector<3x4xi1>
        %row = vector.extract %c[1] : vector<4xi1> from vector<3x4xi1>
        %e = vector.extract_strided_slice %x {offsets = [2], sizes = [4], strides = [1]}
          : vector<8xi32> to vector<4xi32>
        vector.maskedstore %b[%c0], %row, %e : memref<16xi32>, vector<4xi1>, vector<4xi32>
        return
      }
      """)
  }

  @Test func movingElements() throws {
    try SeparateConversion.check(
      """
      func.func @main(%a: memref<4x6xi32>, %b: memref<8x6xi32>, %n: memref<2xindex>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c3 = arith.constant 3 : index
        %v = vector.load %a[%c0, %c0] : memref<4x6xi32>, vector<6xi32>
        %w = vector.load %a[%c1, %c0] : memref<4x6xi32>, vector<6xi32>
        %p = memref.load %n[%c0] : memref<2xindex>
        %q = arith.remui %p, %c3 : index
        %x = vector.extract %v[%q] : i32 from vector<6xi32>
        %i = vector.insert %x, %w [%q] : i32 into vector<6xi32>
        vector.store %i, %b[%c0, %c0] : memref<8x6xi32>, vector<6xi32>
        %s = vector.shape_cast %v : vector<6xi32> to vector<2x3xi32>
        %t = vector.transpose %s, [1, 0] : vector<2x3xi32> to vector<3x2xi32>
        %u = vector.shape_cast %t : vector<3x2xi32> to vector<6xi32>
        vector.store %u, %b[%c1, %c0] : memref<8x6xi32>, vector<6xi32>
        %h = vector.shuffle %v, %w [0, 11, 3, 8, 5, 6] : vector<6xi32>, vector<6xi32>
        vector.store %h, %b[%c2, %c0] : memref<8x6xi32>, vector<6xi32>
        %l = vector.extract_strided_slice %h {offsets = [1], sizes = [3], strides = [1]}
          : vector<6xi32> to vector<3xi32>
        %k = vector.insert_strided_slice %l, %w {offsets = [2], strides = [1]}
          : vector<3xi32> into vector<6xi32>
        vector.store %k, %b[%c3, %c0] : memref<8x6xi32>, vector<6xi32>
        %e = vector.extract_strided_slice %k {offsets = [0], sizes = [3], strides = [1]}
          : vector<6xi32> to vector<3xi32>
        %f:3 = vector.to_elements %e : vector<3xi32>
        %g = vector.from_elements %f#2, %f#0, %x, %x, %f#1, %x : vector<2x3xi32>
        %g0 = vector.shape_cast %g : vector<2x3xi32> to vector<6xi32>
        %sum = arith.addi %h, %g0 : vector<6xi32>
        %c4 = arith.constant 4 : index
        vector.store %sum, %b[%c4, %c0] : memref<8x6xi32>, vector<6xi32>
        %r = vector.broadcast %e : vector<3xi32> to vector<2x3xi32>
        %r0 = vector.extract %r[1] : vector<3xi32> from vector<2x3xi32>
        %c5 = arith.constant 5 : index
        vector.store %r0, %b[%c5, %c2] : memref<8x6xi32>, vector<3xi32>
        %row = vector.extract %s[1] : vector<3xi32> from vector<2x3xi32>
        %c6 = arith.constant 6 : index
        vector.store %row, %b[%c6, %c2] : memref<8x6xi32>, vector<3xi32>
        %step = vector.step : vector<6xindex>
        %ids = arith.index_cast %step : vector<6xindex> to vector<6xi32>
        %c7 = arith.constant 7 : index
        vector.store %ids, %b[%c7, %c0] : memref<8x6xi32>, vector<6xi32>
        return
      }
      """)
  }

  /// The interpreter knows neither these two nor bitcasts to another type.
  @Test func interleavingAndBits() throws {
    let text = """
      func.func @main(%a: memref<2x4xi32>, %b: memref<3x8xi32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %v = vector.load %a[%c0, %c0] : memref<2x4xi32>, vector<4xi32>
        %w = vector.load %a[%c1, %c0] : memref<2x4xi32>, vector<4xi32>
        %i = vector.interleave %v, %w : vector<4xi32> -> vector<8xi32>
        vector.store %i, %b[%c0, %c0] : memref<3x8xi32>, vector<8xi32>
        %e, %o = vector.deinterleave %i : vector<8xi32> -> vector<4xi32>
        vector.store %o, %b[%c1, %c0] : memref<3x8xi32>, vector<4xi32>
        %c4 = arith.constant 4 : index
        vector.store %e, %b[%c1, %c4] : memref<3x8xi32>, vector<4xi32>
        %c2 = arith.constant 2 : index
        %h = vector.bitcast %v : vector<4xi32> to vector<8xi16>
        %u = arith.extui %h : vector<8xi16> to vector<8xi32>
        vector.store %u, %b[%c2, %c0] : memref<3x8xi32>, vector<8xi32>
        return
      }
      """
    func bytes(_ numbers: [UInt8]) -> [UInt8] { numbers.flatMap { [$0, 0, 0, 0] } }
    let found = try SeparateConversion.run(
      text, [bytes([1, 2, 3, 4, 5, 6, 7, 8]), bytes(Array(repeating: 0, count: 24))])
    let interleaved: [UInt8] = [1, 5, 2, 6, 3, 7, 4, 8]
    let halves: [UInt8] = [5, 6, 7, 8, 1, 2, 3, 4]
    let bits: [UInt8] = [1, 0, 2, 0, 3, 0, 4, 0]
    #expect(found[1] == bytes(interleaved + halves + bits))
  }

  private static let contractions = """
    #mk = affine_map<(m, n, k) -> (m, k)>
    #nk = affine_map<(m, n, k) -> (n, k)>
    #kn = affine_map<(m, n, k) -> (k, n)>
    #mn = affine_map<(m, n, k) -> (m, n)>
    #nm = affine_map<(m, n, k) -> (n, m)>
    #v2 = affine_map<(m, k) -> (m, k)>
    #vk = affine_map<(m, k) -> (k)>
    #vm = affine_map<(m, k) -> (m)>
    #b0 = affine_map<(b, m, n, k) -> (b, m, k)>
    #b1 = affine_map<(b, m, n, k) -> (b, k, n)>
    #b2 = affine_map<(b, m, n, k) -> (b, m, n)>
    func.func @main(%a: memref<3x4xi32>, %b: memref<4x5xi32>, %c: memref<3x5xi32>,
        %d: memref<5x3xi32>, %e: memref<3xi32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %z = arith.constant 0 : i32
      %x = vector.transfer_read %a[%c0, %c0], %z {in_bounds = [true, true]}
        : memref<3x4xi32>, vector<3x4xi32>
      %y = vector.transfer_read %b[%c0, %c0], %z {in_bounds = [true, true]}
        : memref<4x5xi32>, vector<4x5xi32>
      %acc = vector.transfer_read %c[%c0, %c0], %z {in_bounds = [true, true]}
        : memref<3x5xi32>, vector<3x5xi32>
      %r = vector.contract {indexing_maps = [#mk, #kn, #mn],
          iterator_types = ["parallel", "parallel", "reduction"]} %x, %y, %acc
        : vector<3x4xi32>, vector<4x5xi32> into vector<3x5xi32>
      vector.transfer_write %r, %c[%c0, %c0] {in_bounds = [true, true]}
        : vector<3x5xi32>, memref<3x5xi32>
      %yt = vector.transpose %y, [1, 0] : vector<4x5xi32> to vector<5x4xi32>
      %acct = vector.transpose %acc, [1, 0] : vector<3x5xi32> to vector<5x3xi32>
      %s = vector.contract {indexing_maps = [#mk, #nk, #nm],
          iterator_types = ["parallel", "parallel", "reduction"]} %x, %yt, %acct
        : vector<3x4xi32>, vector<5x4xi32> into vector<5x3xi32>
      vector.transfer_write %s, %d[%c0, %c0] {in_bounds = [true, true]}
        : vector<5x3xi32>, memref<5x3xi32>
      %v = vector.extract %yt[2] : vector<4xi32> from vector<5x4xi32>
      %f = vector.transfer_read %e[%c0], %z {in_bounds = [true]} : memref<3xi32>, vector<3xi32>
      %w = vector.contract {indexing_maps = [#v2, #vk, #vm],
          iterator_types = ["parallel", "reduction"]} %x, %v, %f
        : vector<3x4xi32>, vector<4xi32> into vector<3xi32>
      %sq = arith.constant dense<[[1, -2, 3], [40, 5, -6], [7, 8, 9]]> : vector<3x3xi32>
      %xt = vector.shape_cast %x : vector<3x4xi32> to vector<12xi32>
      %o = vector.outerproduct %f, %w, %sq {kind = #vector.kind<maxsi>}
        : vector<3xi32>, vector<3xi32>
      %diagonal = vector.extract %o[1] : vector<3xi32> from vector<3x3xi32>
      %xb = vector.shape_cast %x : vector<3x4xi32> to vector<2x3x2xi32>
      %yb = vector.shape_cast %xt : vector<12xi32> to vector<2x2x3xi32>
      %zb = arith.constant dense<1> : vector<2x3x3xi32>
      %q = vector.contract {indexing_maps = [#b0, #b1, #b2],
          iterator_types = ["parallel", "parallel", "parallel", "reduction"]} %xb, %yb, %zb
        : vector<2x3x2xi32>, vector<2x2x3xi32> into vector<2x3x3xi32>
      %last = vector.extract %q[1, 2] : vector<3xi32> from vector<2x3x3xi32>
      %sum = arith.addi %diagonal, %last : vector<3xi32>
      %total = vector.reduction <add>, %sum : vector<3xi32> into i32
      %most = vector.reduction <maxsi>, %sum, %total : vector<3xi32> into i32
      vector.transfer_write %w, %e[%c0] {in_bounds = [true]} : vector<3xi32>, memref<3xi32>
      memref.store %most, %e[%c1] : memref<3xi32>
      return
    }
    """

  @Test(arguments: ["dot", "outerproduct", "parallelarith"])
  func contractions(_ lowering: String) throws {
    try SeparateConversion.check(
      Self.contractions,
      SeparateConversion.steps(
        .convertVectorToLLVM, [("vector-contract-lowering", .string(lowering))]))
  }

  @Test(arguments: ["eltwise", "shuffle1d", "shuffle16x16"])
  func transposes(_ lowering: String) throws {
    let text = """
      func.func @main(%a: memref<16x16xi32>, %b: memref<16x16xi32>, %c: memref<3x16xi32>) {
        %c0 = arith.constant 0 : index
        %z = arith.constant 0 : i32
        %x = vector.transfer_read %a[%c0, %c0], %z {in_bounds = [true, true]}
          : memref<16x16xi32>, vector<16x16xi32>
        %y = vector.transpose %x, [1, 0] : vector<16x16xi32> to vector<16x16xi32>
        vector.transfer_write %y, %b[%c0, %c0] {in_bounds = [true, true]}
          : vector<16x16xi32>, memref<16x16xi32>
        %s = vector.extract_strided_slice %y {offsets = [0, 0], sizes = [16, 3], strides = [1, 1]}
          : vector<16x16xi32> to vector<16x3xi32>
        %t = vector.transpose %s, [1, 0] : vector<16x3xi32> to vector<3x16xi32>
        vector.transfer_write %t, %c[%c0, %c0] {in_bounds = [true, true]}
          : vector<3x16xi32>, memref<3x16xi32>
        return
      }
      """
    try SeparateConversion.check(
      text, seeds: 1...1,
      SeparateConversion.steps(
        .convertVectorToLLVM, [("vector-transpose-lowering", .string(lowering))]))
  }
}
