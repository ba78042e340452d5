import MartletSupport
import Testing

@testable import MartletCPU

private let saxpy = """
  define void @saxpy(i64 %n, float %a, ptr noalias %x, ptr noalias %y) "prefer-vector-width"="512" {
  entry:
    br label %loop
  loop:
    %i = phi i64 [0, %entry], [%next, %loop]
    %px = getelementptr float, ptr %x, i64 %i
    %py = getelementptr float, ptr %y, i64 %i
    %vx = load float, ptr %px
    %vy = load float, ptr %py
    %m = fmul contract float %a, %vx
    %s = fadd contract float %m, %vy
    store float %s, ptr %py
    %next = add nuw nsw i64 %i, 1
    %more = icmp ult i64 %next, %n
    br i1 %more, label %loop, label %exit
  exit:
    ret void
  }

  """

@Suite struct ObjectCompilerTests {
  @Test func emitsAnELFObject() throws {
    let output = try ObjectCompiler().compile(Array(saxpy.utf8))
    #expect(output.bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]))
    #expect(output.timing.total > 0)
  }

  @Test func vectorisesForTheHost() throws {
    let compiler = try ObjectCompiler()
    let output = try compiler.compile(Array(saxpy.utf8), to: .optimisedIR)
    let text = String(decoding: output.bytes, as: UTF8.self)
    let lanes = compiler.target.features.contains("+avx512f") ? 16 : 4
    #expect(text.contains("<\(lanes) x float>"))
    let assembly = try compiler.compile(Array(saxpy.utf8), to: .assembly)
    let listing = String(decoding: assembly.bytes, as: UTF8.self)
    #expect(listing.contains("saxpy:"))
    #expect(!compiler.target.features.contains("+avx512f") || listing.contains("%zmm"))
  }

  @Test func theQuickPipelineVectorisesToo() throws {
    var compiler = try ObjectCompiler()
    compiler.pipeline = ObjectCompiler.quickPipeline
    let output = try compiler.compile(Array(saxpy.utf8), to: .optimisedIR)
    let lanes = compiler.target.features.contains("+avx512f") ? 16 : 4
    #expect(String(decoding: output.bytes, as: UTF8.self).contains("<\(lanes) x float>"))
  }

  @Test func anEmptyPipelineLeavesTheTextAlone() throws {
    var compiler = try ObjectCompiler()
    compiler.pipeline = ""
    let output = try compiler.compile(Array(saxpy.utf8), to: .optimisedIR)
    #expect(!String(decoding: output.bytes, as: UTF8.self).contains(" x float>"))
  }

  private func diagnostic(
    _ text: String, _ adjust: (inout ObjectCompiler) -> Void = { _ in }
  ) throws -> Diagnostic {
    var compiler = try ObjectCompiler()
    adjust(&compiler)
    return try #require(throws: Diagnostic.self) {
      try compiler.compile(Array(text.utf8), name: "bad.ll")
    }
  }

  @Test func parseErrorsCarryTheirPlace() throws {
    let error = try diagnostic("define i32 @f() {\n  %x = frob i32 1, 2\n  ret i32 %x\n}\n")
    #expect(error.position?.file == "bad.ll")
    #expect(error.position?.line == 2)
    #expect(error.position?.column == 8)
    #expect(error.position?.lineText == "  %x = frob i32 1, 2")
    #expect(error.message == "LLVM: expected instruction opcode")
  }

  @Test func invalidModulesAreDiagnosed() throws {
    let text = """
      define i32 @f(i1 %c) {
        br i1 %c, label %a, label %b
      a:
        %x = add i32 1, 2
        br label %b
      b:
        ret i32 %x
      }
      """
    let error = try diagnostic(text)
    #expect(error.subject == "bad.ll" || error.position != nil)
    #expect(error.message.contains("does not dominate"))
  }

  @Test func emptyAndBinaryTextsDoNotTrap() throws {
    let error = try diagnostic("\u{1}\u{2}\0\u{3}")
    #expect(error.severity == .error)
    #expect(try ObjectCompiler().compile([UInt8]()).bytes.count > 0)
  }

  @Test func unknownPassesAndTargetsAreDiagnosed() throws {
    let passes = try diagnostic(saxpy) { $0.pipeline = "no-such-pass" }
    #expect(passes.message.contains("no-such-pass"))
    let triple = try diagnostic(saxpy) { $0.target.triple = "pdp11-unknown-unix" }
    #expect(triple.message.contains("pdp11"))
  }

  @Test func codeGenerationErrorsAreDiagnosed() throws {
    // An inline assembly operand that no register class can hold.
    let text = """
      define void @f() {
        call void asm sideeffect "frobnicate $0", "r"(i64 0)
        ret void
      }
      """
    let error = try diagnostic(text)
    #expect(error.severity == .error)
  }

  @Test func modulesCompileOnSeveralThreadsInOrder() throws {
    let modules = (0..<12).map { number in
      ObjectCompiler.Module(
        name: "m\(number).ll",
        text: Array("define i32 @f\(number)() {\n  ret i32 \(number)\n}\n".utf8))
    }
    let outputs = try ObjectCompiler().compile(modules, to: .optimisedIR, threads: 3)
    #expect(outputs.count == 12)
    for (number, output) in outputs.enumerated() {
      #expect(String(decoding: output.bytes, as: UTF8.self).contains("@f\(number)()"))
    }
  }

  @Test func theFirstFailureOfSeveralModulesIsThrown() throws {
    let good = Array("define void @f() {\n  ret void\n}\n".utf8)
    let modules = [
      ObjectCompiler.Module(name: "a.ll", text: good),
      ObjectCompiler.Module(name: "b.ll", text: Array("oops".utf8)),
      ObjectCompiler.Module(name: "c.ll", text: Array("oops".utf8)),
    ]
    let error = try #require(throws: Diagnostic.self) {
      try ObjectCompiler().compile(modules, threads: 2)
    }
    #expect(error.position?.file == "b.ll")
  }

  @Test func aMissingLibraryIsDiagnosed() throws {
    let error = try #require(throws: Diagnostic.self) {
      try LibLLVM.open(override: "/nonexistent/libLLVM.so")
    }
    #expect(error.message.contains("MARTLET_LIBLLVM"))
    #expect(error.subject == "/nonexistent/libLLVM.so")
    let wrong = try #require(throws: Diagnostic.self) {
      try LibLLVM.open(override: "libm.so.6")
    }
    #expect(wrong.message.contains("LLVMGetVersion"))
    let nothing = LibLLVM.notFoundDiagnostic([])
    #expect(nothing.description.contains("apt-get install libllvm22"))
  }

  @Test func theInstalledLibraryHasAnIdentity() throws {
    let library = try LibLLVM.open()
    #expect(!library.version.isEmpty)
    #expect(LibLLVM.installedIdentity.contains("libLLVM"))
  }
}
