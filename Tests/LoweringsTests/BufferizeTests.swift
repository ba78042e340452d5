import MartletDialects
import MartletLowerings
import MartletPasses
import Testing

/// Bufferisation and planning keep what programs compute, by the interpreter.
@Suite struct BufferizeTests {
  @Test(arguments: 0..<8) func randomPrograms(_ block: Int) throws {
    for seed in 0..<40 {
      let text = RandomTensorProgram.make(UInt64(block * 1000 + seed))
      let options: [(String, PassOptionValue)] =
        seed % 2 == 0 ? [] : [("exchange-bytes", .integer(0))]
      try BufferProgram(text).expectSame("seed \(block * 1000 + seed)", options: options)
    }
  }
}

/// What each construct becomes: copies and allocations are counted, results compared.
@Suite struct BufferizeConstructTests {
  /// Bufferizes `text`, expects so many copies and allocations, and the same results as before.
  private func expect(
    _ text: String, copies: Int, allocations: Int, exchange: Int = 4096,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let program = try BufferProgram(text)
    let options: [(String, PassOptionValue)] = [("exchange-bytes", .integer(exchange))]
    try program.run(.bufferize, options: options)
    let note = Comment(rawValue: program.text)
    #expect(program.count(MemRef.copy) == copies, note, sourceLocation: location)
    #expect(program.count(MemRef.alloc) == allocations, note, sourceLocation: location)
    try BufferProgram(text).expectSame(options: options)
  }

  private let double = """
      linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
          iterator_types = ["parallel", "parallel"]}
    """
  private let body = """
      {
      ^bb0(%a: i32, %o: i32):
        %s = arith.addi %a, %a : i32
        linalg.yield %s : i32
      }
    """

  @Test func resultIsMadeInTheOutput() throws {
    try expect(
      """
      func.func @main(%x: tensor<2x4xi32>) -> tensor<8xi32> {
        %e = tensor.empty() : tensor<2x4xi32>
        %y = \(double) ins(%x : tensor<2x4xi32>) outs(%e : tensor<2x4xi32>) \(body) -> tensor<2x4xi32>
        %f = tensor.empty() : tensor<2x4xi32>
        %z = \(double) ins(%y : tensor<2x4xi32>) outs(%f : tensor<2x4xi32>) \(body) -> tensor<2x4xi32>
        %c = tensor.collapse_shape %z [[0, 1]] : tensor<2x4xi32> into tensor<8xi32>
        return %c : tensor<8xi32>
      }
      """, copies: 0, allocations: 0)
  }

  @Test func parametersAndConstantsAreCopiedBeforeTheyAreChanged() throws {
    try expect(
      """
      func.func @main(%x: tensor<4xi32>) -> (tensor<4xi32>, tensor<4xi32>) {
        %k = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
        %c1 = arith.constant 1 : index
        %v = arith.constant 9 : i32
        %a = tensor.insert %v into %x[%c1] : tensor<4xi32>
        %b = tensor.insert %v into %k[%c1] : tensor<4xi32>
        return %a, %b : tensor<4xi32>, tensor<4xi32>
      }
      """, copies: 2, allocations: 0)
  }

  @Test func callsOfPublicFunctionsHandScalarsOverInMemory() throws {
    try expect(
      """
      func.func @sum(%x: i32, %t: tensor<2xi32>) -> (i32, tensor<2xi32>) {
        %c0 = arith.constant 0 : index
        %y = tensor.extract %t[%c0] : tensor<2xi32>
        %s = arith.addi %x, %y : i32
        return %s, %t : i32, tensor<2xi32>
      }
      func.func @twice(%x: i32) -> i32 {
        %s = arith.addi %x, %x : i32
        return %s : i32
      }
      func.func @main(%x: i32, %t: tensor<2xi32>) -> (i32, i32, tensor<2xi32>) {
        %y:2 = call @sum(%x, %t) : (i32, tensor<2xi32>) -> (i32, tensor<2xi32>)
        %z = call @twice(%y#0) : (i32) -> i32
        return %y#0, %z, %y#1 : i32, i32, tensor<2xi32>
      }
      """, copies: 1, allocations: 4)
  }

  @Test func memrefResultsStayResults() throws {
    let program = try BufferProgram(
      """
      func.func @main() -> (memref<2xf32>, memref<2xf32>) {
        %a = memref.alloc() : memref<2xf32>
        %b = memref.alloc() : memref<2xf32>
        return %a, %b : memref<2xf32>, memref<2xf32>
      }
      """)
    let before = program.text
    try program.run(.bufferize)
    #expect(program.text == before)
  }

  @Test func sourceIsMadeInsideThePad() throws {
    try expect(
      """
      func.func @main(%x: tensor<2x4xi32>) -> tensor<4x6xi32> {
        %z = arith.constant 0 : i32
        %e = tensor.empty() : tensor<2x4xi32>
        %y = \(double) ins(%x : tensor<2x4xi32>) outs(%e : tensor<2x4xi32>) \(body) -> tensor<2x4xi32>
        %p = tensor.pad %y low[1, 1] high[1, 1] {
        ^bb0(%i: index, %j: index):
          tensor.yield %z : i32
        } : tensor<2x4xi32> to tensor<4x6xi32>
        return %p : tensor<4x6xi32>
      }
      """, copies: 0, allocations: 0)
  }

  @Test func reducedSourceIsMadeInsideThePad() throws {
    try expect(
      """
      func.func @main(%x: tensor<2x4xi32>, %w: tensor<4x4xi32>) -> tensor<4x6xi32> {
        %z = arith.constant 0 : i32
        %e = tensor.empty() : tensor<2x4xi32>
        %f = linalg.fill ins(%z : i32) outs(%e : tensor<2x4xi32>) -> tensor<2x4xi32>
        %y = linalg.matmul ins(%x, %w : tensor<2x4xi32>, tensor<4x4xi32>)
            outs(%f : tensor<2x4xi32>) -> tensor<2x4xi32>
        %p = tensor.pad %y low[1, 1] high[1, 1] {
        ^bb0(%i: index, %j: index):
          tensor.yield %z : i32
        } : tensor<2x4xi32> to tensor<4x6xi32>
        return %p : tensor<4x6xi32>
      }
      """, copies: 0, allocations: 0)
  }

  @Test func partsAreMadeInTheirConcatenation() throws {
    try expect(
      """
      func.func @main(%x: tensor<2x4xi32>) -> tensor<4x4xi32> {
        %e = tensor.empty() : tensor<2x4xi32>
        %y = \(double) ins(%x : tensor<2x4xi32>) outs(%e : tensor<2x4xi32>) \(body) -> tensor<2x4xi32>
        %z = \(double) ins(%y : tensor<2x4xi32>) outs(%e : tensor<2x4xi32>) \(body) -> tensor<2x4xi32>
        %c = tensor.concat dim(0) %y, %z : (tensor<2x4xi32>, tensor<2x4xi32>) -> tensor<4x4xi32>
        return %c : tensor<4x4xi32>
      }
      """, copies: 0, allocations: 0)
  }

  @Test func valueReadLaterIsKept() throws {
    try expect(
      """
      func.func @main(%x: tensor<2x4xi32>) -> (tensor<2x4xi32>, tensor<2x4xi32>) {
        %e = tensor.empty() : tensor<2x4xi32>
        %v = arith.constant 9 : i32
        %c0 = arith.constant 0 : index
        %y = \(double) ins(%x : tensor<2x4xi32>) outs(%e : tensor<2x4xi32>) \(body) -> tensor<2x4xi32>
        %a = tensor.insert %v into %y[%c0, %c0] : tensor<2x4xi32>
        return %a, %y : tensor<2x4xi32>, tensor<2x4xi32>
      }
      """, copies: 1, allocations: 0)
  }

  /// As an LSTM: a state each step replaces, and a sequence it is put into. The state is made in the sequence
  /// and copied into what is carried, once; the initial state, a parameter, is copied once.
  @Test func recurrentLoop() throws {
    try expect(
      """
      func.func @main(%xs: tensor<4x8xi32>, %h0: tensor<1x8xi32>, %w: tensor<8x8xi32>)
          -> (tensor<4x8xi32>, tensor<1x8xi32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c4 = arith.constant 4 : index
        %seq = tensor.empty() : tensor<4x8xi32>
        %r:2 = scf.for %t = %c0 to %c4 step %c1 iter_args(%q = %seq, %h = %h0)
            -> (tensor<4x8xi32>, tensor<1x8xi32>) {
          %x = tensor.extract_slice %xs[%t, 0] [1, 8] [1, 1] : tensor<4x8xi32> to tensor<1x8xi32>
          %e = tensor.empty() : tensor<1x8xi32>
          %i = \(double) ins(%x : tensor<1x8xi32>) outs(%e : tensor<1x8xi32>) \(body)
              -> tensor<1x8xi32>
          %g = linalg.matmul ins(%h, %w : tensor<1x8xi32>, tensor<8x8xi32>)
              outs(%i : tensor<1x8xi32>) -> tensor<1x8xi32>
          %n = \(double) ins(%g : tensor<1x8xi32>) outs(%e : tensor<1x8xi32>) \(body)
              -> tensor<1x8xi32>
          %put = tensor.insert_slice %n into %q[%t, 0] [1, 8] [1, 1]
              : tensor<1x8xi32> into tensor<4x8xi32>
          scf.yield %put, %n : tensor<4x8xi32>, tensor<1x8xi32>
        }
        return %r#0, %r#1 : tensor<4x8xi32>, tensor<1x8xi32>
      }
      """, copies: 2, allocations: 0)
  }

  /// As power iteration: the next vector is compared with the present one. Two buffers change places; what
  /// the last is has to be copied to the output.
  @Test func loopThatExchangesBuffers() throws {
    try expect(
      """
      func.func @main(%x: tensor<8xi32>) -> (tensor<8xi32>, i32) {
        %zero = arith.constant 0 : i32
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c3 = arith.constant 3 : index
        %r:3 = scf.while (%v = %x, %k = %c0, %d = %zero) : (tensor<8xi32>, index, i32)
            -> (tensor<8xi32>, index, i32) {
          %go = arith.cmpi slt, %k, %c3 : index
          scf.condition(%go) %v, %k, %d : tensor<8xi32>, index, i32
        } do {
        ^bb0(%v: tensor<8xi32>, %k: index, %d: i32):
          %e = tensor.empty() : tensor<8xi32>
          %n = linalg.generic {indexing_maps = [affine_map<(i) -> (7 - i)>, affine_map<(i) -> (i)>],
              iterator_types = ["parallel"]} ins(%v : tensor<8xi32>) outs(%e : tensor<8xi32>) \(body)
              -> tensor<8xi32>
          %a = tensor.extract %n[%c0] : tensor<8xi32>
          %b = tensor.extract %v[%c0] : tensor<8xi32>
          %diff = arith.subi %a, %b : i32
          %next = arith.addi %k, %c1 : index
          scf.yield %n, %next, %diff : tensor<8xi32>, index, i32
        }
        return %r#0, %r#2 : tensor<8xi32>, i32
      }
      """, copies: 2, allocations: 2, exchange: 0)
  }

  @Test func callsPassMemory() throws {
    try expect(
      """
      func.func private @twice(%x: tensor<2x4xi32>, %k: i32) -> (tensor<2x4xi32>, i32) {
        %e = tensor.empty() : tensor<2x4xi32>
        %y = \(double) ins(%x : tensor<2x4xi32>) outs(%e : tensor<2x4xi32>) \(body) -> tensor<2x4xi32>
        return %y, %k : tensor<2x4xi32>, i32
      }
      func.func @main(%x: tensor<2x4xi32>) -> (tensor<2x4xi32>, i32) {
        %k = arith.constant 3 : i32
        %y:2 = func.call @twice(%x, %k) : (tensor<2x4xi32>, i32) -> (tensor<2x4xi32>, i32)
        return %y#0, %y#1 : tensor<2x4xi32>, i32
      }
      """, copies: 0, allocations: 0)
  }

  @Test func sourcesOfTensors() throws {
    try expect(
      """
      func.func @main(%x: tensor<4xi32>, %c: i32) -> (tensor<4xi32>, tensor<3xi32>, tensor<2x3xi32>, tensor<2x2xi32>) {
        %zero = arith.constant 0 : i32
        %s = tensor.splat %c : tensor<4xi32>
        %sum = arith.addi %s, %x : tensor<4xi32>
        %f = tensor.from_elements %c, %zero, %c : tensor<3xi32>
        %g = tensor.generate {
        ^bb0(%i: index, %j: index):
          %e = tensor.extract %x[%j] : tensor<4xi32>
          %k = arith.index_cast %i : index to i32
          %v = arith.addi %e, %k : i32
          tensor.yield %v : i32
        } : tensor<2x3xi32>
        %shape = arith.constant dense<2> : tensor<2xindex>
        %r = tensor.reshape %sum(%shape) : (tensor<4xi32>, tensor<2xindex>) -> tensor<2x2xi32>
        return %sum, %f, %g, %r : tensor<4xi32>, tensor<3xi32>, tensor<2x3xi32>, tensor<2x2xi32>
      }
      """, copies: 1, allocations: 0)
  }

  @Test func unknownOperationsAreReported() throws {
    let program = try BufferProgram(
      """
      func.func @main(%x: tensor<4xi32>, %i: tensor<2x1xindex>) -> tensor<2x1xi32> {
        %g = tensor.gather %x[%i] gather_dims([0]) : (tensor<4xi32>, tensor<2x1xindex>) -> tensor<2x1xi32>
        return %g : tensor<2x1xi32>
      }
      """)
    #expect(throws: BufferProgram.Failure.self) { try program.run(.bufferize) }
    #expect(program.messages.contains("cannot be bufferized"))
  }
}
