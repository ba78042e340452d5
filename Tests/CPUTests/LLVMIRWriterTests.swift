import Foundation
import MartletCPU
import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

@Suite struct LLVMIRWriterTests {
  private func module(_ text: String, _ context: Context) throws -> MartletIR.Operation {
    registerAllDialects(context)
    let source = SourceFile(name: "test.mlir", text: text)
    do {
      return try Parser(source, context: context).parseModule()
    } catch {
      Issue.record("\(context.diagnostics.diagnostics.map(\.description))")
      throw error
    }
  }

  private func write(
    _ text: String, _ options: LLVMIRWriter.Options = LLVMIRWriter.Options()
  ) throws -> String {
    let context = Context()
    let module = try module(text, context)
    return String(decoding: try LLVMIRWriter.write(module, options: options), as: UTF8.self)
  }

  private static let sample = """
    llvm.mlir.global internal constant @table(dense<[1.0, 2.5]> : tensor<2xf32>) : !llvm.array<2 x f32>
    llvm.mlir.global external @text("hi\\n\\00") : !llvm.array<4 x i8>
    llvm.func @sqrtf(f32) -> f32
    llvm.func @loop(%p: !llvm.ptr {llvm.noalias, llvm.align = 64 : i64}, %n: i64) -> f32 {
      %zero = llvm.mlir.constant(0 : i64) : i64
      %one = llvm.mlir.constant(1 : i64) : i64
      %f = llvm.mlir.constant(0.1 : f32) : f32
      llvm.br ^head(%zero, %f : i64, f32)
    ^head(%i: i64, %s: f32):
      %more = llvm.icmp "slt" %i, %n : i64
      llvm.cond_br %more, ^body, ^end(%s : f32)
    ^body:
      %a = llvm.getelementptr inbounds %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %x = llvm.load %a {alignment = 4 : i64} : !llvm.ptr -> f32
      %t = llvm.fadd %s, %x {fastmathFlags = #llvm.fastmath<nnan, contract>} : f32
      %j = llvm.add %i, %one overflow<nsw> : i64
      llvm.br ^head(%j, %t : i64, f32) {loop_annotation = {unroll = false, interleave = 1 : i64}}
    ^end(%r: f32):
      llvm.return %r : f32
    }
    llvm.func @many(%x: i32, %c: i1, %v: vector<4xf32>) -> i32 {
      %k = llvm.mlir.constant(2 : i32) : i32
      %w = llvm.mlir.constant(dense<[1, -2, 3, 4]> : vector<4xi32>) : vector<4xi32>
      %z = llvm.mlir.zero : !llvm.ptr
      %e = llvm.extractelement %w[%k : i32] : vector<4xi32>
      %sh = llvm.shufflevector %v, %v [3, 2, 5, 0] : vector<4xf32>
      %m = llvm.intr.smax(%x, %e) : (i32, i32) -> i32
      %fm = llvm.intr.fma(%v, %sh, %v) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      %u = llvm.mlir.undef : !llvm.struct<(i32, array<2 x i32>)>
      %s1 = llvm.insertvalue %m, %u[1, 0] : !llvm.struct<(i32, array<2 x i32>)>
      %s2 = llvm.extractvalue %s1[1, 0] : !llvm.struct<(i32, array<2 x i32>)>
      llvm.cond_br %c, ^both(%m : i32), ^both(%s2 : i32)
    ^both(%b: i32):
      llvm.switch %b : i32, ^last(%b : i32) [
        -1: ^other,
        5: ^last(%k : i32)
      ]
    ^other:
      llvm.unreachable
    ^last(%l: i32):
      llvm.return %l : i32
    }
    """

  @Test func writesWhatLLVMReads() throws {
    var options = LLVMIRWriter.Options()
    options.preferredVectorWidth = 512
    let text = try write(Self.sample, options)
    let compiler = try ObjectCompiler()
    let output = try compiler.compile(Array(text.utf8), name: "sample.ll")
    #expect(output.bytes.count > 0)
    #expect(text.contains("fadd nnan contract float"))
    #expect(text.contains("getelementptr inbounds float, ptr %0, i64 %"))
    #expect(text.contains("ptr noalias align 64 %0") || text.contains("ptr align 64 noalias %0"))
    #expect(text.contains("!\"llvm.loop.unroll.disable\""))
    #expect(text.contains("\"prefer-vector-width\"=\"512\""))
    #expect(text.contains("declare i32 @llvm.smax.i32(i32, i32)"))
  }

  @Test func loopsWithoutHintsGetTheDefault() throws {
    var options = LLVMIRWriter.Options()
    options.defaultLoop = LLVMIRWriter.LoopHints(interleaveCount: 2)
    let text = try write(
      """
      llvm.func @spin(%n: i64) {
        %one = llvm.mlir.constant(1 : i64) : i64
        llvm.br ^head(%n : i64)
      ^head(%i: i64):
        %j = llvm.sub %i, %one : i64
        %more = llvm.icmp "sgt" %j, %one : i64
        llvm.cond_br %more, ^head(%j : i64), ^end
      ^end:
        llvm.return
      }
      """, options)
    #expect(text.contains("!llvm.loop !"))
    #expect(text.contains("!\"llvm.loop.interleave.count\", i32 2"))
  }

  /// Constants in every format keep their bits: LLVM folds `bitcast` of them to the integer.
  @Test(arguments: [
    ("f32", "i32", "0x7FC00001"), ("f32", "i32", "0x00000001"),
    ("f64", "i64", "0x3FB999999999999A"),
    ("f16", "i16", "0x3C01"), ("bf16", "i16", "0x3F81"), ("f32", "i32", "0xFF800000"),
  ])
  func floatsKeepTheirBits(type: String, integer: String, bits: String) throws {
    let text = try write(
      """
      llvm.func @f() -> \(integer) {
        %x = llvm.mlir.constant(\(bits) : \(type)) : \(type)
        %y = llvm.bitcast %x : \(type) to \(integer)
        llvm.return %y : \(integer)
      }
      """)
    let optimised = try ObjectCompiler().compile(Array(text.utf8), to: .optimisedIR)
    let pattern = try #require(UInt64(bits.dropFirst(2), radix: 16))
    let width = Int(integer.dropFirst()) ?? 64
    let value = Int64(bitPattern: pattern << UInt64(64 - width)) >> Int64(64 - width)
    #expect(String(decoding: optimised.bytes, as: UTF8.self).contains("ret \(integer) \(value)"))
  }

  @Test func otherDialectsAreDiagnosed() throws {
    let context = Context()
    let module = try module("func.func @f() { return }", context)
    #expect(throws: Reported.self) { try LLVMIRWriter.write(module) }
    let message = context.diagnostics.diagnostics.last?.message ?? ""
    #expect(message.contains("'func.func' op"))
  }

  /// MLIR's own translation of the sample compiles to the same machine code.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: translator)))
  func agreesWithMLIRTranslate() throws {
    // MLIR does not read hints for loops in this form.
    let hints = " {loop_annotation = {unroll = false, interleave = 1 : i64}}"
    let source = Self.sample.replacingOccurrences(of: hints, with: "")
    let ours = try write(source)
    let theirs = try run(Self.translator, ["--mlir-to-llvmir"], source)
    let (own, other) = (try assembly(ours), try assembly(theirs))
    #expect(own == other, "\(own.joined(separator: "\n"))\n----\n\(other.joined(separator: "\n"))")
  }

  private static let translator = "/usr/lib/llvm-22/bin/mlir-translate"

  /// The assembly LLVM makes of a text, without comments, which name blocks and the source.
  private func assembly(_ text: String) throws -> [Substring] {
    var compiler = try ObjectCompiler()
    compiler.pipeline = "default<O1>"
    let output = try compiler.compile(Array(text.utf8), name: "sample.ll", to: .assembly)
    return String(decoding: output.bytes, as: UTF8.self).split(separator: "\n").map { line in
      var line = line.prefix { $0 != "#" }
      while line.last?.isWhitespace ?? false { line.removeLast() }
      return line
    }.filter { !$0.isEmpty && !$0.contains(".file") }
  }

  private func run(_ path: String, _ arguments: [String], _ input: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "martlet-\(UUID().uuidString).mlir")
    try input.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments + [file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
