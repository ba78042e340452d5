import MartletIR
import MartletLowerings
import MartletPasses
import Testing

@Suite struct LinalgToLoopsTests {
  /// Runs `main` before and after the lowering, and after outlining, with each width of vectors.
  private func check(_ text: String, seed: UInt64 = 7) throws {
    let expected = try LoopModule(text).results(seed: seed)
    for width in [64, 32, 0] {
      let program = try LoopModule(text)
      let options: [(String, PassOptionValue)] =
        width == 0 ? [("vectorize", .bool(false))] : [("vector-width-bytes", .integer(width))]
      try program.run(.linalgToLoops, options: options)
      #expect(program.count("linalg.generic") == 0)
      #expect(try program.results(seed: seed) == expected, "width \(width): \(text)")
      try program.run(.outlineKernels)
      #expect(try program.results(seed: seed) == expected, "outlined, width \(width): \(text)")
    }
  }

  @Test(arguments: 0..<150) func randomOperations(_ seed: Int) throws {
    var random = RandomStructuredOp(seed: UInt64(seed) + 1)
    try check(random.text(), seed: UInt64(seed))
  }

  /// MLIR's three kinds of loops.
  @Test(arguments: 0..<60) func scalarLoops(_ seed: Int) throws {
    var random = RandomStructuredOp(seed: UInt64(seed) + 500)
    let text = random.text()
    let wanted = try LoopModule(text).results(seed: UInt64(seed))
    for pass in [
      Pass.convertLinalgToLoops, .convertLinalgToAffineLoops, .convertLinalgToParallelLoops,
    ] {
      let module = try LoopModule(text)
      try module.run(pass)
      #expect(module.count("linalg.generic") == 0)
      #expect(try module.results(seed: UInt64(seed)) == wanted, "\(pass.argument): \(text)")
    }
  }

  private func matmul(_ m: Int, _ n: Int, _ k: Int, _ type: String = "f32") -> String {
    """
    func.func @main(%a: memref<\(m)x\(k)x\(type)>, %b: memref<\(k)x\(n)x\(type)>,
        %c: memref<\(m)x\(n)x\(type)>) {
      linalg.matmul ins(%a, %b : memref<\(m)x\(k)x\(type)>, memref<\(k)x\(n)x\(type)>)
        outs(%c : memref<\(m)x\(n)x\(type)>)
      return
    }
    """
  }

  /// Tails of all sizes in each dimension.
  @Test(arguments: 1...40) func matmulTails(_ size: Int) throws {
    try check(matmul(size, 10, 9))
    try check(matmul(7, size, 3))
    try check(matmul(3, 18, size))
  }

  @Test(arguments: ["f64", "i32", "i8"]) func matmulTypes(_ type: String) throws {
    try check(matmul(6, 50, 5, type))
  }

  /// The convolutions of the models: strided, dilated.
  @Test(arguments: [1, 2, 3], [1, 2]) func convolutions(_ stride: Int, _ dilation: Int) throws {
    let (n, w, c, f, k) = (3, 4, 5, 18, 3)
    let input = (w - 1) * stride + (k - 1) * dilation + 1
    let attributes =
      "{strides = dense<\(stride)> : tensor<1xi64>, dilations = dense<\(dilation)> : tensor<1xi64>}"
    try check(
      """
      func.func @main(%x: memref<\(n)x\(input)x\(c)xf32>, %k: memref<\(k)x\(c)x\(f)xf32>,
          %y: memref<\(n)x\(w)x\(f)xf32>) {
        linalg.conv_1d_nwc_wcf \(attributes)
          ins(%x, %k : memref<\(n)x\(input)x\(c)xf32>, memref<\(k)x\(c)x\(f)xf32>)
          outs(%y : memref<\(n)x\(w)x\(f)xf32>)
        return
      }
      """)
    let attributes2 =
      "{strides = dense<\(stride)> : tensor<2xi64>, dilations = dense<\(dilation)> : tensor<2xi64>}"
    try check(
      """
      func.func @main(%x: memref<2x\(input)x\(input)x\(c)xf32>, %k: memref<\(k)x\(k)x\(c)x\(f)xf32>,
          %y: memref<2x\(w)x\(w)x\(f)xf32>) {
        linalg.conv_2d_nhwc_hwcf \(attributes2)
          ins(%x, %k : memref<2x\(input)x\(input)x\(c)xf32>, memref<\(k)x\(k)x\(c)x\(f)xf32>)
          outs(%y : memref<2x\(w)x\(w)x\(f)xf32>)
        return
      }
      """)
  }

  /// Contractions of every kind become fused multiply-adds on vectors.
  @Test func contractionsAreVectorised() throws {
    let kinds: [(String, [String])] = [
      ("matmul", ["20x30xf32", "30x40xf32", "20x40xf32"]),
      ("batch_matmul", ["3x20x30xf32", "3x30x40xf32", "3x20x40xf32"]),
      ("matvec", ["20x30xf32", "30xf32", "20xf32"]),
      ("vecmat", ["30xf32", "30x40xf32", "40xf32"]),
      ("dot", ["40xf32", "40xf32", "f32"]),
      ("conv_1d_nwc_wcf", ["3x9x5xf32", "3x5x20xf32", "3x7x20xf32"]),
      ("conv_2d_nhwc_hwcf", ["2x9x9x5xf32", "3x3x5x20xf32", "2x7x7x20xf32"]),
      ("depthwise_conv_2d_nhwc_hwc", ["2x9x9x20xf32", "3x3x20xf32", "2x7x7x20xf32"]),
      ("depthwise_conv_1d_nwc_wc", ["2x9x20xf32", "3x20xf32", "2x7x20xf32"]),
    ]
    for (name, shapes) in kinds {
      let t = shapes.map { "memref<\($0)>" }
      let text = """
        func.func @main(%a: \(t[0]), %b: \(t[1]), %c: \(t[2])) {
          linalg.\(name) ins(%a, %b : \(t[0]), \(t[1])) outs(%c : \(t[2]))
          return
        }
        """
      let program = try LoopModule(text)
      try program.run(.linalgToLoops)
      #expect(program.count("vector.fma") > 0, "\(name)")
      #expect(program.count("arith.mulf") == 0, "\(name)")
      try check(text)
    }
  }

  @Test func weightsWithRowsOfInputs() throws {
    let text = """
      func.func @main(%a: memref<9x70xf32>, %b: memref<13x70xf32>, %c: memref<9x13xf32>) {
        linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
            affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>],
            iterator_types = ["parallel", "parallel", "reduction"]}
          ins(%a, %b : memref<9x70xf32>, memref<13x70xf32>) outs(%c : memref<9x13xf32>) {
        ^bb0(%x: f32, %w: f32, %s: f32):
          %p = arith.mulf %x, %w : f32
          %t = arith.addf %s, %p : f32
          linalg.yield %t : f32
        }
        return
      }
      """
    let program = try LoopModule(text)
    try program.run(.linalgToLoops)
    #expect(program.count("vector.reduction") > 0 && program.count("vector.fma") > 0)
    try check(text)
  }

  /// Views with gaps and places known only when the program runs.
  @Test func stridedViews() throws {
    try check(
      """
      func.func @main(%a: memref<9x40xf32>, %b: memref<6x30xf32>) {
        %c1 = arith.constant 1 : index
        %s = memref.subview %a[%c1, 2] [4, 17] [2, 1]
          : memref<9x40xf32> to memref<4x17xf32, strided<[80, 1], offset: ?>>
        %t = memref.subview %b[1, 3] [4, 17] [1, 1]
          : memref<6x30xf32> to memref<4x17xf32, strided<[30, 1], offset: 33>>
        memref.copy %s, %t
          : memref<4x17xf32, strided<[80, 1], offset: ?>> to memref<4x17xf32, strided<[30, 1], offset: 33>>
        linalg.add ins(%s, %t : memref<4x17xf32, strided<[80, 1], offset: ?>>,
            memref<4x17xf32, strided<[30, 1], offset: 33>>)
          outs(%t : memref<4x17xf32, strided<[30, 1], offset: 33>>)
        return
      }
      """)
  }

  /// Sizes that are not known at compile time.
  @Test func dynamicSizes() throws {
    try check(
      """
      func.func @main(%a: memref<9x20xf32>, %b: memref<20x18xf32>, %c: memref<9x18xf32>) {
        %x = memref.cast %a : memref<9x20xf32> to memref<?x?xf32>
        %y = memref.cast %b : memref<20x18xf32> to memref<?x18xf32>
        %z = memref.cast %c : memref<9x18xf32> to memref<?x18xf32>
        linalg.matmul ins(%x, %y : memref<?x?xf32>, memref<?x18xf32>) outs(%z : memref<?x18xf32>)
        return
      }
      """)
  }

  /// Maps that are not linear, and outputs written more than once: the order of the loops is kept.
  @Test func unusualMaps() throws {
    try check(
      """
      func.func @main(%w: memref<12xf32>, %a: memref<6xf32>, %b: memref<3xf32>) {
        linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i floordiv 2)>,
            affine_map<(i) -> (i mod 3)>], iterator_types = ["parallel"]}
          ins(%w, %a : memref<12xf32>, memref<6xf32>) outs(%b : memref<3xf32>) {
        ^bb0(%u: f32, %x: f32, %y: f32):
          %s = arith.subf %u, %x : f32
          %t = arith.mulf %s, %y : f32
          linalg.yield %t : f32
        }
        return
      }
      """)
  }

  @Test func severalOutputsAndScalars() throws {
    try check(
      """
      func.func @main(%v: f32, %a: memref<5x19xf32>, %b: memref<5x19xf32>, %c: memref<19x5xf32>,
          %s: memref<f32>, %z: memref<0x4xf32>) {
        linalg.fill ins(%v : f32) outs(%b : memref<5x19xf32>)
        linalg.fill ins(%v : f32) outs(%z : memref<0x4xf32>)
        linalg.fill ins(%v : f32) outs(%s : memref<f32>)
        linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>,
            affine_map<(i, j) -> (j, i)>], iterator_types = ["parallel", "parallel"]}
          ins(%a : memref<5x19xf32>) outs(%b, %c : memref<5x19xf32>, memref<19x5xf32>) {
        ^bb0(%x: f32, %y: f32, %u: f32):
          %p = arith.addf %x, %v : f32
          %q = arith.mulf %p, %y : f32
          linalg.yield %q, %p : f32, f32
        }
        linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>],
            iterator_types = ["reduction", "reduction"]}
          ins(%a : memref<5x19xf32>) outs(%s : memref<f32>) {
        ^bb0(%x: f32, %y: f32):
          %p = arith.addf %x, %y : f32
          linalg.yield %p : f32
        }
        return
      }
      """)
  }

  @Test func namedOperations() throws {
    try check(
      """
      func.func @main(%a: memref<5x19xf32>, %b: memref<19xf32>, %c: memref<5x19xf32>,
          %p: memref<2x6x6x17xf32>, %w: memref<2x3xf32>, %q: memref<2x3x2x17xf32>,
          %r: memref<2x17x6x6xf32>, %u: memref<2x17x3x2xf32>) {
        linalg.broadcast ins(%b : memref<19xf32>) outs(%c : memref<5x19xf32>) dimensions = [0]
        linalg.map { arith.addf } ins(%a, %c : memref<5x19xf32>, memref<5x19xf32>)
          outs(%c : memref<5x19xf32>)
        linalg.reduce { arith.maximumf } ins(%c : memref<5x19xf32>) outs(%b : memref<19xf32>)
          dimensions = [0]
        linalg.sub ins(%a, %c : memref<5x19xf32>, memref<5x19xf32>) outs(%a : memref<5x19xf32>)
        linalg.pooling_nhwc_max {strides = dense<[2, 3]> : tensor<2xi64>,
            dilations = dense<1> : tensor<2xi64>}
          ins(%p, %w : memref<2x6x6x17xf32>, memref<2x3xf32>) outs(%q : memref<2x3x2x17xf32>)
        linalg.transpose ins(%p : memref<2x6x6x17xf32>) outs(%r : memref<2x17x6x6xf32>)
          permutation = [0, 3, 1, 2]
        linalg.pooling_nchw_sum {strides = dense<[2, 3]> : tensor<2xi64>,
            dilations = dense<1> : tensor<2xi64>}
          ins(%r, %w : memref<2x17x6x6xf32>, memref<2x3xf32>) outs(%u : memref<2x17x3x2xf32>)
        return
      }
      """)
  }

  @Test func tensorsAreDiagnosed() throws {
    let program = try LoopModule(
      """
      func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
        %r = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
        return %r : tensor<4xf32>
      }
      """)
    #expect(throws: LoopModule.Failure.self) { try program.run(.linalgToLoops) }
  }
}
