import Glibc
import MartletCPU
import MartletRuntime
import MartletSupport
import Testing

/// A program's way from LLVM IR text through the cache to its answer.
@Suite struct CachedProgramTests {
  /// y = x + constants by way of the arena, in two modules; the second holds the kernel.
  private let entryText = """
    declare i32 @kernel(ptr, ptr, ptr, ptr)
    define i32 @main(ptr %arguments) {
      %arena = load ptr, ptr %arguments
      %p1 = getelementptr ptr, ptr %arguments, i64 1
      %constants = load ptr, ptr %p1
      %p2 = getelementptr ptr, ptr %arguments, i64 2
      %x = load ptr, ptr %p2
      %p3 = getelementptr ptr, ptr %arguments, i64 3
      %y = load ptr, ptr %p3
      %status = call i32 @kernel(ptr %arena, ptr %constants, ptr %x, ptr %y)
      ret i32 %status
    }

    """

  private let kernelText = """
    define i32 @kernel(ptr noalias %arena, ptr noalias %c, ptr noalias %x, ptr noalias %y) {
      %v = load <8 x float>, ptr %x, align 4
      store <8 x float> %v, ptr %arena, align 64
      %w = load <8 x float>, ptr %arena, align 64
      %k = load <8 x float>, ptr %c, align 4
      %s = fadd <8 x float> %w, %k
      store <8 x float> %s, ptr %y, align 4
      %first = extractelement <8 x float> %v, i32 0
      %bad = fcmp olt float %first, 0.0
      %status = select i1 %bad, i32 1, i32 0
      ret i32 %status
    }

    """

  private func compile() throws -> ProgramImage {
    let constants: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let plan = Plan(
      entry: "main", inputs: [.init(name: "x", elementType: .f32, shape: [8])],
      outputs: [.init(name: "y", elementType: .f32, shape: [8])],
      constants: [
        .init(name: "c", source: .inline(constants.withUnsafeBytes { Array($0) }), alignment: 4)
      ], arenaByteCount: 32,
      slots: [.init(name: "t", offset: 0, byteCount: 32, firstStep: 0, lastStep: 0)],
      steps: ["kernel"], intermediateByteCount: 32, failures: ["x starts below zero"])
    let outputs = try ObjectCompiler().compile(
      [
        .init(name: "entry.ll", text: Array(entryText.utf8)),
        .init(name: "kernel.ll", text: Array(kernelText.utf8)),
      ], threads: 2)
    return ProgramImage(plan: plan, objects: outputs.map(\.bytes))
  }

  private func load(_ image: ProgramImage) throws -> Executable {
    let code = try ObjectLoader.load(
      objects: image.objects.enumerated().map { ("object \($0)", $1) })
    return try Executable(plan: image.plan, code: code)
  }

  @Test func runsFreshAndFromTheCache() throws {
    var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
    mkdtemp(&template)
    let directory = template.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    let cache = CompileCache(directory: directory)
    var hasher = ContentHasher()
    hasher.combine(entryText + kernelText + HostCPU.identity + LibLLVM.installedIdentity)
    let key = hasher.finalize()
    defer {
      unlink("\(directory)/\(key).martlet")
      rmdir(directory)
    }

    let image = try compile()
    #expect(cache.store(key, image.encoded()))
    let entry = try #require(cache.load(key))
    let cached = try entry.withUnsafeBytes { try ProgramImage($0) }
    #expect(cached == image)
    let input = try Tensor([10, 20, 30, 40, 50, 60, 70, 80] as [Float])
    for image in [image, cached] {
      let executable = try load(image)
      let output = try executable.run(inputs: [.dense(input)])[0]
      #expect(output.elements(as: Float.self) == [11, 22, 33, 44, 55, 66, 77, 88])
      let negative = try Tensor([Float](repeating: -1, count: 8))
      let error = try #require(throws: Diagnostic.self) {
        try executable.run(inputs: [.dense(negative)])
      }
      #expect(error.message == "x starts below zero")
    }
  }
}
