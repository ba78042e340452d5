import Foundation
import Martlet
import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// What passes say of their work.
@Suite struct RemarkTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  // MARK: Every pass

  /// For each pass a module on which it has something to say, with the kinds of remark it makes there.
  private struct Sample {
    var passes: String
    var text: String
    var kinds: Set<Remark.Kind>
    init(_ passes: String? = nil, _ kinds: Set<Remark.Kind> = [.passed], _ text: String) {
      self.passes = passes ?? ""
      self.kinds = kinds
      self.text = text
    }
  }

  private static let additions = """
    func.func @f(%a: i32) -> i32 {
      %c = arith.constant 1 : i32
      %0 = arith.addi %a, %c : i32
      %1 = arith.addi %a, %c : i32
      %2 = arith.addi %0, %1 : i32
      return %2 : i32
    }
    """
  private static let loop = """
    func.func @f(%m: memref<8xf32>, %a: f32, %n: index) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %i = %c0 to %n step %c1 {
        %x = arith.mulf %a, %a : f32
        %y = memref.load %m[%c0] : memref<8xf32>
        %z = arith.addf %x, %y : f32
        memref.store %z, %m[%i] : memref<8xf32>
      }
      return
    }
    """
  private static let buffers = """
    func.func @main(%x: memref<8xf32>, %y: memref<8xf32>, %n: index) {
      %b = memref.alloc() : memref<8xf32>
      %d = memref.alloc(%n) : memref<?xf32>
      linalg.exp ins(%x : memref<8xf32>) outs(%b : memref<8xf32>)
      linalg.exp ins(%b : memref<8xf32>) outs(%y : memref<8xf32>)
      %v = arith.constant 1.0 : f32
      memref.store %v, %d[%n] : memref<?xf32>
      return
    }
    """
  private static let tensors = """
    func.func @main(%x: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
      %e = tensor.empty() : tensor<8x4xf32>
      %0 = linalg.exp ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
      %1 = linalg.abs ins(%0 : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
      %2 = linalg.exp ins(%1 : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
      %3 = linalg.abs ins(%1 : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
      return %2, %3 : tensor<8x4xf32>, tensor<8x4xf32>
    }
    """

  private static let affineLoops = """
    func.func @f(%m: memref<64x64xf32>, %n: index) -> f32 {
      %c = arith.constant 1.0 : f32
      affine.for %i = 2 to 64 step 2 {
        affine.for %j = 0 to 64 {
          %k = arith.addf %c, %c : f32
          affine.store %k, %m[%i, %j] : memref<64x64xf32>
          %0 = affine.load %m[%i, %j] : memref<64x64xf32>
          %1 = affine.apply affine_map<(d0) -> (d0 + 0)>(%j)
          affine.if affine_set<(d0) : (1 >= 0)>(%j) {
            affine.store %0, %m[%i, %1] : memref<64x64xf32>
          }
        }
      }
      return %c : f32
    }
    """
  private static let matmul = """
    func.func @f(%a: memref<4x8xf32>, %b: memref<8x4xf32>, %c: memref<4x4xf32>) {
      linalg.matmul ins(%a, %b : memref<4x8xf32>, memref<8x4xf32>) outs(%c : memref<4x4xf32>)
      return
    }
    """

  private static let samples: [String: Sample] = [
    "affine-loop-normalize": Sample(nil, [.passed], affineLoops),
    "affine-loop-tile": Sample(
      nil, [.passed],
      """
      func.func @f(%m: memref<64x64xf32>, %c: f32) {
        affine.for %i = 0 to 64 {
          affine.for %j = 0 to 64 {
            affine.store %c, %m[%i, %j] : memref<64x64xf32>
          }
        }
        return
      }
      """),
    "affine-simplify-structures": Sample(nil, [.passed], affineLoops),
    "convert-complex-to-llvm": Sample(
      nil, [.passed],
      """
      func.func @f(%a: complex<f32>, %b: complex<f32>) -> complex<f32> {
        %0 = complex.add %a, %b : complex<f32>
        return %0 : complex<f32>
      }
      """),
    "convert-complex-to-standard": Sample(
      nil, [.passed],
      """
      func.func @f(%a: complex<f32>) -> f32 {
        %0 = complex.abs %a : complex<f32>
        return %0 : f32
      }
      """),
    "convert-linalg-to-affine-loops": Sample(nil, [.passed], matmul),
    "convert-linalg-to-loops": Sample(nil, [.passed], matmul),
    "convert-linalg-to-parallel-loops": Sample(nil, [.passed], matmul),
    "convert-vector-to-llvm": Sample(
      nil, [.passed],
      """
      func.func @f(%a: vector<4xf32>, %b: f32) -> vector<4xf32> {
        %0 = vector.broadcast %b : f32 to vector<4xf32>
        %1 = vector.fma %a, %0, %0 : vector<4xf32>
        return %1 : vector<4xf32>
      }
      """),
    "convert-vector-to-scf": Sample(
      nil, [.passed],
      """
      func.func @f(%m: memref<?x?xf32>, %i: index, %p: f32) -> vector<4x8xf32> {
        %0 = vector.transfer_read %m[%i, %i], %p : memref<?x?xf32>, vector<4x8xf32>
        return %0 : vector<4x8xf32>
      }
      """),
    "expand-strided-metadata": Sample(
      nil, [.passed],
      """
      func.func @f(%m: memref<8x8xf32>, %i: index) -> memref<4x4xf32, strided<[8, 1], offset: ?>> {
        %0 = memref.subview %m[%i, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf32, strided<[8, 1], offset: ?>>
        return %0 : memref<4x4xf32, strided<[8, 1], offset: ?>>
      }
      """),
    "llvm-request-c-wrappers": Sample(nil, [.passed], matmul),
    "bufferize": Sample(
      nil, [.analysis, .missed],
      """
      func.func @main(%x: tensor<8xf32>, %i: index, %v: f32) -> (tensor<8xf32>, tensor<8xf32>) {
        %0 = tensor.insert %v into %x[%i] : tensor<8xf32>
        return %0, %x : tensor<8xf32>, tensor<8xf32>
      }
      """),
    "canonicalize": Sample(
      nil, [.passed],
      """
      func.func @f(%a: i32) -> i32 {
        %c = arith.constant 1 : i32
        %0 = arith.addi %a, %c : i32
        %1 = arith.addi %0, %c : i32
        %z = arith.constant 0 : i32
        %2 = arith.addi %1, %z : i32
        return %2 : i32
      }
      """),
    "control-flow-sink": Sample(
      nil, [.passed],
      """
      func.func @f(%a: i32, %c: i1) {
        %0 = arith.muli %a, %a : i32
        scf.if %c {
          "test.use"(%0) : (i32) -> ()
        }
        return
      }
      """),
    "convert-arith-to-llvm": Sample(nil, [.passed], additions),
    "convert-cf-to-llvm": Sample(
      nil, [.passed],
      """
      func.func @f(%a: i64) {
        cf.br ^next(%a : i64)
      ^next(%b: i64):
        return
      }
      """),
    "convert-func-to-llvm": Sample(nil, [.passed], additions),
    "convert-index-to-llvm": Sample(
      nil, [.passed],
      """
      func.func @f(%a: index) -> index {
        %0 = index.add %a, %a
        return %0 : index
      }
      """),
    "convert-math-to-llvm": Sample(
      nil, [.passed],
      """
      func.func @f(%a: f32) -> f32 {
        %0 = math.exp %a : f32
        return %0 : f32
      }
      """),
    "convert-scf-to-cf": Sample(nil, [.passed], loop),
    "convert-to-llvm": Sample(nil, [.passed], additions),
    "convert-ub-to-llvm": Sample(
      nil, [.passed],
      """
      func.func @f() -> i32 {
        %0 = ub.poison : i32
        return %0 : i32
      }
      """),
    "cse": Sample(
      nil, [.passed, .missed],
      """
      func.func @f(%a: i32, %m: memref<1xi32>, %i: index) -> i32 {
        %0 = arith.addi %a, %a : i32
        %1 = arith.addi %a, %a : i32
        %2 = memref.load %m[%i] : memref<1xi32>
        memref.store %a, %m[%i] : memref<1xi32>
        %3 = memref.load %m[%i] : memref<1xi32>
        %4 = arith.addi %0, %1 : i32
        %5 = arith.addi %2, %3 : i32
        %6 = arith.addi %4, %5 : i32
        return %6 : i32
      }
      """),
    "expose-buffers": Sample(
      nil, [.passed],
      """
      memref.global "private" constant @c : memref<2xf32> = dense<[1.0, 2.0]>
      func.func @main(%y: memref<2xf32>) {
        %0 = memref.get_global @c : memref<2xf32>
        memref.copy %0, %y : memref<2xf32> to memref<2xf32>
        return
      }
      """),
    "finalize-memref-to-llvm": Sample(
      nil, [.passed],
      """
      func.func @f(%m: memref<4xf32>, %i: index) -> f32 {
        %0 = memref.load %m[%i] : memref<4xf32>
        return %0 : f32
      }
      """),
    "inline": Sample(
      nil, [.passed, .missed],
      """
      func.func private @leaf(%a: i32) -> i32 {
        return %a : i32
      }
      func.func private @loop(%a: i32) -> i32 {
        %0 = func.call @loop(%a) : (i32) -> i32
        return %0 : i32
      }
      func.func @f(%a: i32) -> i32 {
        %0 = func.call @leaf(%a) : (i32) -> i32
        %1 = func.call @loop(%0) : (i32) -> i32
        return %1 : i32
      }
      """),
    "linalg-fuse-elementwise-ops": Sample(nil, [.passed, .missed], tensors),
    "linalg-generalize-named-ops": Sample(nil, [.passed], tensors),
    "linalg-to-loops": Sample(
      nil, [.passed, .missed],
      """
      func.func @main(%x: memref<32xf32>, %y: memref<32xf32>, %z: memref<1xf32>, %t: memref<1xf32>) {
        linalg.exp ins(%x : memref<32xf32>) outs(%y : memref<32xf32>)
        linalg.exp ins(%z : memref<1xf32>) outs(%t : memref<1xf32>)
        return
      }
      """),
    "loop-invariant-code-motion": Sample(nil, [.passed, .missed], loop),
    "loop-invariant-subset-hoisting": Sample(
      nil, [.passed, .missed],
      """
      func.func @f(%a: tensor<8xf32>, %n: index) -> (tensor<8xf32>, tensor<8xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %r = scf.for %i = %c0 to %n step %c1 iter_args(%t = %a) -> (tensor<8xf32>) {
          %s = tensor.extract_slice %t[0] [4] [1] : tensor<8xf32> to tensor<4xf32>
          %u = "test.change"(%s) : (tensor<4xf32>) -> tensor<4xf32>
          %w = tensor.insert_slice %u into %t[0] [4] [1] : tensor<4xf32> into tensor<8xf32>
          scf.yield %w : tensor<8xf32>
        }
        %q = scf.for %i = %c0 to %n step %c1 iter_args(%t = %a) -> (tensor<8xf32>) {
          %s = tensor.extract_slice %t[%i] [4] [1] : tensor<8xf32> to tensor<4xf32>
          %u = "test.change"(%s) : (tensor<4xf32>) -> tensor<4xf32>
          %w = tensor.insert_slice %u into %t[%i] [4] [1] : tensor<4xf32> into tensor<8xf32>
          scf.yield %w : tensor<8xf32>
        }
        return %r, %q : tensor<8xf32>, tensor<8xf32>
      }
      """),
    "lower-affine": Sample(
      nil, [.passed],
      """
      func.func @f(%m: memref<8xf32>) -> f32 {
        %0 = affine.load %m[3] : memref<8xf32>
        return %0 : f32
      }
      """),
    "math-expand": Sample(
      nil, [.passed, .missed],
      """
      func.func @f(%a: f32, %b: f64) -> (f32, f64) {
        %0 = math.exp %a : f32
        %1 = math.exp %b : f64
        return %0, %1 : f32, f64
      }
      """),
    "mem2reg": Sample(
      nil, [.passed, .missed],
      """
      func.func @f(%a: i32) -> i32 {
        %m = memref.alloca() : memref<i32>
        memref.store %a, %m[] : memref<i32>
        %0 = memref.load %m[] : memref<i32>
        %k = memref.alloca() : memref<i32>
        "test.use"(%k) : (memref<i32>) -> ()
        return %0 : i32
      }
      """),
    "outline-kernels": Sample(nil, [.passed], loop),
    "plan-memory": Sample(nil, [.passed, .missed, .analysis], buffers),
    "propagate-transposes": Sample(
      nil, [.passed],
      """
      func.func @f(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
        %e = tensor.empty() : tensor<3x2xf32>
        %0 = linalg.transpose ins(%x : tensor<2x3xf32>) outs(%e : tensor<3x2xf32>) permutation = [1, 0]
        %1 = linalg.exp ins(%0 : tensor<3x2xf32>) outs(%e : tensor<3x2xf32>) -> tensor<3x2xf32>
        return %1 : tensor<3x2xf32>
      }
      """),
    "reconcile-unrealized-casts": Sample(
      nil, [.passed, .missed],
      """
      func.func @f(%a: i64, %b: i64) -> (i64, index) {
        %0 = builtin.unrealized_conversion_cast %a : i64 to index
        %1 = builtin.unrealized_conversion_cast %0 : index to i64
        %2 = builtin.unrealized_conversion_cast %b : i64 to index
        return %1, %2 : i64, index
      }
      """),
    "remove-dead-values": Sample(
      nil, [.passed],
      """
      func.func private @g(%a: i32, %b: i32) -> (i32, i32) {
        return %a, %b : i32, i32
      }
      func.func @f(%a: i32) -> i32 {
        %0:2 = func.call @g(%a, %a) : (i32, i32) -> (i32, i32)
        return %0#0 : i32
      }
      """),
    "sccp": Sample(
      nil, [.passed],
      """
      func.func @f() -> i32 {
        %c = arith.constant 1 : i32
        cf.br ^next(%c : i32)
      ^next(%b: i32):
        return %b : i32
      }
      """),
    "sparsify": Sample(
      "func.func(sparsify)", [.passed],
      """
      #CSR = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed) }>
      func.func @main(%A: tensor<9x9xf64, #CSR>, %x: tensor<9xf64>, %y: tensor<9xf64>) -> tensor<9xf64> {
        %0 = linalg.matvec ins(%A, %x : tensor<9x9xf64, #CSR>, tensor<9xf64>)
            outs(%y : tensor<9xf64>) -> tensor<9xf64>
        return %0 : tensor<9xf64>
      }
      """),
    "specialize-shapes": Sample(
      "func.func(specialize-shapes{shapes=8})", [.passed],
      """
      func.func @main(%x: tensor<?xf32>) -> tensor<?xf32> {
        return %x : tensor<?xf32>
      }
      """),
    "sroa": Sample(
      nil, [.passed, .missed],
      """
      func.func @f(%a: i32) -> i32 {
        %c0 = arith.constant 0 : index
        %m = memref.alloca() : memref<2xi32>
        memref.store %a, %m[%c0] : memref<2xi32>
        %0 = memref.load %m[%c0] : memref<2xi32>
        %k = memref.alloca() : memref<2xi32>
        "test.use"(%k) : (memref<2xi32>) -> ()
        return %0 : i32
      }
      """),
    "strip-debuginfo": Sample(nil, [.passed], additions),
    "symbol-dce": Sample(
      nil, [.passed],
      """
      func.func private @unused()
      """),
    "topological-sort": Sample(
      nil, [.passed],
      """
      module {
        "test.b"(%0) : (i32) -> ()
        %0 = "test.a"() : () -> i32
      }
      """),
    "vectorize-gathers": Sample(
      nil, [.passed],
      """
      func.func @f(%j: memref<8xindex>, %v: memref<8xf32>, %x: memref<9xf32>, %a: index, %b: index) -> f32 {
        %c1 = arith.constant 1 : index
        %zero = arith.constant 0.0 : f32
        %r = scf.for %p = %a to %b step %c1 iter_args(%s = %zero) -> (f32) {
          %k = memref.load %j[%p] : memref<8xindex>
          %y = memref.load %x[%k] : memref<9xf32>
          %w = memref.load %v[%p] : memref<8xf32>
          %m = arith.mulf %w, %y : f32
          %t = arith.addf %s, %m : f32
          scf.yield %t : f32
        }
        return %r : f32
      }
      """),
    "wrap-scalar-ports": Sample(
      "func.func(wrap-scalar-ports)", [.passed],
      """
      func.func @main(%n: i64) -> f32 {
        %0 = arith.sitofp %n : i64 to f32
        return %0 : f32
      }
      """),
  ]

  /// Passes that have nothing to say, with the reason.
  private static let silent: [String: String] = [
    "affine-loop-coalescing": "its remarks are not written yet",
    "affine-loop-invariant-code-motion": "its remarks are not written yet",
    "affine-loop-unroll": "its remarks are not written yet",
    "affine-scalrep": "its remarks are not written yet",
    "one-shot-bufferize": "its remarks are not written yet",
  ]

  @Test func everyPassIsCovered() {
    let known = Set(Registration.passes.passes.map(\.argument))
    let covered = Set(Self.samples.keys).union(Self.silent.keys)
    #expect(known.subtracting(covered).sorted() == [], "passes without a sample of their remarks")
    #expect(covered.subtracting(known).sorted() == [], "samples of passes there are not")
    #expect(Set(Self.samples.keys).isDisjoint(with: Self.silent.keys))
  }

  @Test(arguments: samples.keys.sorted()) func passTellsOfItsWork(_ argument: String) throws {
    let sample = try #require(Self.samples[argument])
    let engine = DiagnosticEngine()
    let context = Registration.makeContext(engine)
    context.allowsUnregisteredDialects = true
    let source = SourceFile(name: "sample.mlir", text: sample.text)
    let module = try Parser(source, context: context).parseModule()
    try Verifier().verify(module)
    let pass = try #require(Registration.passes[argument])
    let anchored = pass.anchor == "func.func" ? "func.func(\(argument))" : argument
    let pipeline = try PipelineParser.parse(
      sample.passes.isEmpty ? anchored : sample.passes, Registration.passes)
    let manager = PassManager(context, pipeline)
    var remarks: [Remark] = []
    manager.remarkHandler = { remarks.append($0) }
    do { try manager.run(module) } catch { Issue.record("\(engine.diagnostics)") }
    let own = remarks.filter { $0.pass == argument }
    #expect(!own.isEmpty)
    #expect(Set(own.map(\.kind)).isSuperset(of: sample.kinds), "\(own.map(\.diagnostic.message))")
    for remark in own {
      #expect(!remark.text.isEmpty && !remark.name.isEmpty && !remark.function.isEmpty)
      #expect(remark.name.allSatisfy { $0.isLetter || $0.isNumber }, "\(remark.name)")
      #expect(remark.position?.file == "sample.mlir", "no place: \(remark.diagnostic.message)")
    }
    // Without anyone to listen the result is the same.
    let again = Registration.makeContext(DiagnosticEngine())
    again.allowsUnregisteredDialects = true
    let other = try Parser(source, context: again).parseModule()
    try PassManager(again, pipeline).run(other)
    #expect(Printer.text(other) == Printer.text(module))
  }

  // MARK: Tools

  private static let inlining = """
    func.func private @f(%a: i32) -> i32 {
      return %a : i32
    }
    func.func @g(%a: i32) -> i32 {
      %0 = func.call @f(%a) : (i32) -> i32
      return %0 : i32
    }

    """

  @Test func optPrintsThoseAskedFor() throws {
    let file = try scratch.write("a.mlir", Self.inlining)
    let all = ToolRun.opt("-p", "inline,cse", file, "--remarks")
    #expect(all.status == .success)
    #expect(
      all.messages.contains(
        "\(file):5:8: remark: 'f' inlined into 'g' [inline, passed: Inlined]\n"), "\(all.messages)")
    let none = ToolRun.opt("-p", "inline,cse", file, "--remarks=^cse$")
    #expect(none.messages.isEmpty, "\(none.messages)")
    #expect(ToolRun.opt("-p", "inline,cse", file).messages.isEmpty)
    #expect(none.out == all.out)
    let wrong = ToolRun.opt("-p", "inline", file, "--remarks=(")
    #expect(wrong.status == .usage)
    #expect(wrong.messages.contains("--remarks"))
  }

  @Test func expectedRemarksAreChecked() throws {
    let file = try scratch.write(
      "a.mlir",
      Self.inlining.replacingOccurrences(
        of: "  %0 =", with: "  // expected-remark@+1 {{inlined into 'g'}}\n  %0 ="))
    let run = ToolRun.opt(
      "-p", "inline{default-pipeline=}", file, "--remarks", "--verify-diagnostics=only-expected")
    #expect(run.status == .success, "\(run.messages)")
  }

  @Test func runTellsOfItsPasses() throws {
    let model = try scratch.write(
      "m.mlir",
      """
      func.func @main() -> tensor<2xf32> {
        %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
        %e = tensor.empty() : tensor<2xf32>
        %0 = linalg.exp ins(%c : tensor<2xf32>) outs(%e : tensor<2xf32>) -> tensor<2xf32>
        return %0 : tensor<2xf32>
      }
      """)
    let output = scratch.path + "/r.yaml"
    let run = ToolRun.run([model, "--remarks=linalg-to-loops", "--remarks-output", output])
    #expect(run.status == .success, "\(run.messages)")
    #expect(run.messages.contains("[linalg-to-loops, passed: Vectorized]"), "\(run.messages)")
    let yaml = try String(contentsOfFile: output, encoding: .utf8)
    for pass in ["bufferize", "linalg-to-loops", "outline-kernels", "convert-to-llvm"] {
      #expect(yaml.contains("Pass:            \(pass)\n"), "no remark of \(pass)")
    }
  }

  // MARK: YAML

  @Test func yamlIsLLVMs() throws {
    let remark = Remark(
      .missed, pass: "inline", name: "TooCostly",
      at: SourcePosition(file: "a b's.mlir", line: 3, column: 9), function: "f",
      "'\("g", as: "Callee")' has \(12, as: "Ops") operations:\n\"many\"")
    #expect(
      remark.yaml == """
        --- !Missed
        Pass:            inline
        Name:            TooCostly
        DebugLoc:        { File: 'a b''s.mlir', Line: 3, Column: 9 }
        Function:        f
        Args:
          - String:          ''''
          - Callee:          g
          - String:          ''' has '
          - Ops:             12
          - String:          " operations:\\n\\"many\\""
        ...

        """)
    #expect(remark.text == "'g' has 12 operations:\n\"many\"")
  }

  /// LLVM's own reader takes the file and counts as many remarks as were made.
  @Test func llvmReadsTheFile() throws {
    let tool =
      ["/usr/lib/llvm-22/bin/llvm-remarkutil", "/usr/bin/llvm-remarkutil"].first {
        FileManager.default.isExecutableFile(atPath: $0)
      } ?? Self.skipped("no llvm-remarkutil on this machine")
    if tool.isEmpty { return }
    let file = try scratch.write(
      "a.mlir", Self.additions.replacingOccurrences(of: "@f", with: "@h") + "\n" + Self.inlining)
    let output = scratch.path + "/r.yaml"
    let run = ToolRun.opt("-p", "inline,canonicalize,cse", file, "--remarks-output", output)
    #expect(run.status == .success, "\(run.messages)")
    let yaml = try String(contentsOfFile: output, encoding: .utf8)
    let made = yaml.components(separatedBy: "\n--- !").count
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = ["count", "--parser=yaml", "--group-by=total", output]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let answer = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(answer)")
    #expect(answer.contains("\(made)"), "\(made) remarks, LLVM counts: \(answer)")
  }

  /// Says why a test does nothing.
  private static func skipped(_ reason: String) -> String {
    print("skipped: \(reason)")
    return ""
  }
}
