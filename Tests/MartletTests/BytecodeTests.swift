import Foundation
import Martlet
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

/// Bytecode written and read again.
@Suite struct BytecodeTests {
  static let cases: [String] = {
    let folder = "\(packageFolder)/Tests/Cases"
    guard let all = FileManager.default.enumerator(atPath: folder) else { return [] }
    return all.compactMap { $0 as? String }.filter { $0.hasSuffix(".mlir") }.sorted()
  }()

  /// Every part of every case that is accepted comes back from bytecode as it was, locations too.
  @Test(arguments: cases) func caseComesBack(_ name: String) throws {
    let text = try String(contentsOfFile: "\(packageFolder)/Tests/Cases/\(name)", encoding: .utf8)
    for (i, part) in text.components(separatedBy: "// -----").enumerated() {
      let context = BytecodeTests.context()
      defer { withExtendedLifetime(context) {} }
      guard let module = BytecodeTests.parse(part, "\(name)#\(i)", context) else { continue }
      let expected = BytecodeTests.text(module)
      // Versions before properties cannot tell those of unregistered operations from attributes.
      for version in 5...Bytecode.newestVersion {
        let bytes = try BytecodeTests.bytes(module, version: version)
        let back = BytecodeTests.read(bytes)
        #expect(back.text == expected, "\(name)#\(i) version \(version): \(back.messages)")
        // What is read is written the same again.
        #expect(try back.bytes(version: version) == bytes)
      }
    }
  }

  @Test(arguments: 0...Bytecode.newestVersion) func everythingComesBack(version: Int) throws {
    var source = BytecodeTests.everything
    if version < 5 {
      // Properties of an unregistered operation were attributes like others.
      source = source.replacingOccurrences(of: "<{x = 1 : i8, y}>", with: "")
    }
    let context = BytecodeTests.context()
    defer { withExtendedLifetime(context) {} }
    let module = try #require(BytecodeTests.parse(source, "all", context))
    let back = BytecodeTests.read(try BytecodeTests.bytes(module, version: version))
    #expect(back.text == BytecodeTests.text(module), "\(back.messages)")
  }

  /// mlir-opt 22.1's bytes of the same text.
  @Test func bytesAreMLIRs() throws {
    let text = """
      module {
        func.func private @g()
        func.func @f() -> i32 {
          %c = arith.constant 5 : i32
          %s = arith.addi %c, %c {x = 1.5 : f32} : i32
          return %s : i32
        }
      }
      """
    let context = BytecodeTests.context()
    defer { withExtendedLifetime(context) {} }
    let module = try #require(BytecodeTests.parse(text, "a.mlir", context))
    var options = BytecodeOptions()
    options.producer = "MLIR"
    let bytes = try BytecodeWriter.bytes(module, options: options)
    let hex = bytes.map { String(format: "%02x", $0) }.joined()
    #expect(hex == BytecodeTests.reference)
  }

  @Test func useOrdersComeBack() throws {
    let text = """
      module {
        func.func @f(%c: i1, %n: index) {
          %a = arith.constant 1 : index
          scf.for %i = %a to %n step %a {
            %x = arith.addi %a, %i : index
            %y = arith.addi %x, %a : index
          }
          cf.br ^late
        ^early:
          "t.use"(%late, %a, %late) : (i32, index, i32) -> ()
          return
        ^late:
          %late = "t.make"() : () -> i32
          "t.use"(%late) : (i32) -> ()
          cf.cond_br %c, ^early, ^late
        }
      }
      """
    let context = BytecodeTests.context()
    defer { withExtendedLifetime(context) {} }
    let module = try #require(BytecodeTests.parse(text, "orders", context))
    let bytes = try BytecodeTests.bytes(module)
    let back = BytecodeTests.read(bytes)
    let orders = BytecodeTests.useOrders(module)
    #expect(orders.contains { $0.count > 2 })
    #expect(back.useOrders == orders)
    #expect(try back.bytes() == bytes)
  }

  @Test func resourcesComeBack() throws {
    let text = """
      module attributes {a = dense_resource<blob> : tensor<3xi32>, b = dense_resource<far> : tensor<2xi8>} {
      }
      {-# dialect_resources: { builtin: { blob: "0x40000000010000000200000003000000" } } #-}
      """
    let context = BytecodeTests.context()
    let module = try #require(BytecodeTests.parse(text, "resources", context))
    let back = BytecodeTests.read(try BytecodeTests.bytes(module))
    #expect(back.text == BytecodeTests.text(module))
    let key = back.context.intern("blob")
    let blob = try #require(back.context.resource(key))
    #expect(back.context.resourceAlignment(key) == 64)
    #expect(Array(blob) == [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])
    var options = BytecodeOptions()
    options.elidesResourceData = true
    let without = BytecodeTests.read(try BytecodeWriter.bytes(module, options: options))
    #expect(without.context.resource(without.context.intern("blob")) == nil)
    #expect(without.text?.contains("dense_resource<blob>") == true)
    withExtendedLifetime(context) {}
  }

  @Test func toolReadsAndWrites() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("a.mlir", "func.func @f(%a: i32) -> i32 { return %a : i32 }\n")
    let target = "\(scratch.path)/a.mlirbc"
    #expect(ToolRun.opt(file, "--emit-bytecode", "-o", target).status == .success)
    #expect(
      try Data(contentsOf: URL(filePath: target)).prefix(4) == Data([0x4d, 0x4c, 0xef, 0x52]))
    let back = ToolRun.opt(target)
    #expect(back.out == ToolRun.opt(file).out, "\(back.messages)")
    #expect(ToolRun.opt(file, "--emit-bytecode", "--emit-bytecode-version=7").status == .usage)
    #expect(ToolRun.opt(target, "--split-input-file").out == back.out)
  }

  @Test func unknownIsDiagnosed() throws {
    let context = BytecodeTests.context()
    defer { withExtendedLifetime(context) {} }
    let module = try #require(
      BytecodeTests.parse("\"t.op\"() <{a = 1 : i32}> : () -> ()", "unknown", context))
    let bytes = try BytecodeTests.bytes(module)
    let strict = Registration.makeContext()
    let refused = BytecodeTests.read(bytes, strict)
    let messages = refused.messages
    #expect(refused.module == nil)
    #expect(messages.contains("dialect 't' is unknown"), "\(messages)")
    #expect(messages.contains("(at byte "), "\(messages)")
    #expect(messages.contains("in bytecode version 6 produced by: Martlet"), "\(messages)")
    let newer = BytecodeTests.read([0x4d, 0x4c, 0xef, 0x52, 0x0f])
    #expect(newer.module == nil)
    #expect(newer.messages.contains("bytecode version 7 is newer than the newest known, 6"))
  }

  // MARK: Help

  /// The bytes of `bytesAreMLIRs`, as mlir-opt 22.1.8 writes them, with "MLIR" as the producer.
  static let reference = [
    "4d4cef520d4d4c4952000121070105090b01030f030507130505171b033b230901210b130b0b0b130b0b130f",
    "13130b1f131305035901090f0f130702ab050f170103030d0305110513170105070d05051517010707110115",
    "170109150303191b05171307100000f00f17010b1517010d0b2361726974682e6f766572666c6f773c6e6f6e",
    "653e00010202050101050103010b0465050150030107045503010903500b0307040301035011050704310305",
    "0d07421507030109471d1709030105010105041f0303060301050100a319050511050f0b130f0f0d0b116275",
    "696c74696e0066756e63006172697468006d6f64756c650072657475726e00636f6e7374616e740061646469",
    "00612e6d6c6972006700707269766174650066007800082d0b0501010d0105010107130d010d01010f010313",
    "0343",
  ].joined()

  /// Each kind of builtin attribute, type and location.
  static let everything = """
    #map = affine_map<(d0, d1)[s0] -> (d0 + s0, d1 * 2)>
    module @m attributes {
      a = [1, 2.5, "s", unit, true, @x, @x::@y::@z, i32, [], {}], b = -1 : i8, c = -1 : i64,
      d = -1 : i128, e = 340282366920938463463374607431768211455 : ui128, f = 1 : index,
      g = 0x7FF0 : f16, h = 1.5 : f80, i = 2.5 : f128, j = 1.0 : f8E4M3FN, k = 1.0 : bf16,
      l = "typed" : i32, m = #map, n = affine_set<(d0) : (d0 - 1 >= 0)>, o = strided<[1, ?], offset: 3>,
      p = dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>, q = dense<7> : vector<4xi8>,
      r = dense<[true, false, true, true, false, true, false, true, true]> : tensor<9xi1>,
      s = dense<true> : tensor<3xi1>, t = dense<(1.0, 2.0)> : tensor<2xcomplex<f32>>,
      u = dense<["a", "b"]> : tensor<2x!t.s>, v = array<i1: true, false>, w = array<f32: 1.5, -2.0>,
      x = array<i64: -1, 9223372036854775807>, y = array<i32>, z = dense<> : tensor<0xi32>,
      aa = sparse<[[0, 1], [1, 0]], [5, 6]> : tensor<2x2xi32>, ab = distinct[0]<"d">,
      ac = #t.opaque<"x">, ad = loc("f":1:2), ae = loc("f":1:2 to 3:4), af = loc("f":1:2 to :4),
      ag = loc(fused<"m">["a", "b"]), ah = loc(callsite("a" at "f":7:8)), ai = loc(unknown),
      aj = 5 : i7, ak = -3 : si5, al = 3 : ui5, am = 0 : i0, an = dense<1.0> : tensor<0xf32>
    } {
      func.func private @types(
        si8, ui16, index, f16, bf16, f32, f64, f80, f128, tf32, f8E5M2, none, complex<f64>,
        tuple<i1, tuple<>>, () -> (), (i32, i32) -> (i32, i32), vector<4x[2]xf32>, vector<i32>,
        tensor<4x?xf32>, tensor<*xi8>, tensor<2xf32, "encoding">, memref<4x?xf32>,
        memref<4x4xf32, strided<[4, 1], offset: ?>, 3>, memref<2x2xf32, affine_map<(d0, d1) -> (d1, d0)>>,
        memref<*xf32>, memref<*xf32, 5>, memref<f32>, !llvm.ptr, !t.other<"x", 3>)
      func.func @f(%a: i32, %b: memref<?xi32>, %n: index) -> i32 {
        %c = arith.constant -5 : i32
        %s = arith.addi %c, %a overflow<nsw> {note = #arith.fastmath<fast>} : i32
        %v = memref.subview %b[%n] [4] [1] : memref<?xi32> to memref<4xi32, strided<[1], offset: ?>>
        %p = llvm.mlir.undef : !llvm.ptr
        %q = llvm.getelementptr inbounds %p[%a, 3] : (!llvm.ptr, i32) -> !llvm.ptr, i32
        %t = llvm.add %a, %a overflow<nsw, nuw> : i32
        "t.op"(%s) <{x = 1 : i8, y}> ({
        ^bb0(%k: i32):
          "t.inner"(%k, %s)[^bb1] : (i32, i32) -> ()
        ^bb1:
          "t.end"() {z = 1.0 : f32} : () -> ()
        }, {}) : (i32) -> () loc("named"("f":3:4))
        return %s : i32
      }
    }
    """

  static func context() -> Context {
    let context = Registration.makeContext()
    context.allowsUnregisteredDialects = true
    return context
  }

  static func parse(_ text: String, _ name: String, _ context: Context) -> MartletIR.Operation? {
    try? Parser(SourceFile(name: name, text: text), context: context).parseModule()
  }

  static func text(_ module: MartletIR.Operation) -> String {
    var options = PrintOptions()
    options.generic = true
    options.debugInfo = true
    return Printer.text(module, options: options)
  }

  static func bytes(_ module: MartletIR.Operation, version: Int = Bytecode.newestVersion) throws
    -> [UInt8]
  {
    var options = BytecodeOptions()
    options.version = version
    return try BytecodeWriter.bytes(module, options: options)
  }

  /// What reading gave; the module lives as long as this.
  struct Read {
    let context: Context
    let module: MartletIR.Operation?
    let messages: String

    var text: String? { withExtendedLifetime(context) { module.map(BytecodeTests.text) } }
    var useOrders: [[String]]? {
      withExtendedLifetime(context) { module.map(BytecodeTests.useOrders) }
    }
    func bytes(version: Int = Bytecode.newestVersion) throws -> [UInt8]? {
      try withExtendedLifetime(context) {
        try module.map { try BytecodeTests.bytes($0, version: version) }
      }
    }
  }

  static func read(_ bytes: [UInt8], _ given: Context? = nil) -> Read {
    let context = given ?? BytecodeTests.context()
    let module = try? BytecodeReader.read(
      SourceFile(name: "test.mlirbc", bytes: bytes), context: context)
    return Read(
      context: context, module: module,
      messages: context.diagnostics.diagnostics.map(\.description).joined(separator: "\n"))
  }

  /// For each value its users' names and operand numbers, in the order of the use-list.
  static func useOrders(_ module: MartletIR.Operation) -> [[String]] {
    var orders: [[String]] = []
    func note(_ values: some Sequence<Value>) {
      for value in values {
        orders.append(
          value.uses.map { "\($0.owner.name).\($0.index)@\($0.owner.location.attribute)" })
      }
    }
    func visit(_ operation: MartletIR.Operation) {
      note(operation.results)
      for region in operation.regions {
        for block in region.blocks {
          note(block.arguments)
          for inner in block.operations { visit(inner) }
        }
      }
    }
    visit(module)
    return orders
  }
}
