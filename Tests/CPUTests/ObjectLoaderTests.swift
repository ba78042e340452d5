import Glibc
import MartletSupport
import Testing

@testable import MartletCPU

private func object(_ text: String) throws -> [UInt8] {
  try ObjectCompiler().compile(Array(text.utf8)).bytes
}

private func load(
  _ text: String, symbols: [String: UnsafeRawPointer] = [:]
) throws -> LoadedObject {
  try ObjectLoader.load(try object(text), symbols: symbols)
}

private typealias IntFunction = @convention(c) (Int) -> Int

extension LoadedObject {
  fileprivate func function<Function>(_ name: String, as: Function.Type) throws -> Function {
    unsafeBitCast(try #require(address(of: name)), to: Function.self)
  }
}

/// Code with constants, a jump table, zero-filled, initialised and common data, calls into libm
/// and between its own functions: most relocations LLVM generates.
private let varied = """
  @counter = global i64 5
  @zeroed = internal global [32 x i64] zeroinitializer
  @shared = common global i64 0
  @table = internal constant [4 x ptr] [ptr @one, ptr @two, ptr @one, ptr @two]
  @weights = internal constant [8 x float] [float 1.0, float 2.0, float 3.0, float 4.0, float 5.0, \
  float 6.0, float 7.0, float 8.0]
  declare double @cbrt(double)
  define internal i64 @one(i64 %x) noinline {
    %y = add i64 %x, 1
    ret i64 %y
  }
  define internal i64 @two(i64 %x) noinline {
    %y = mul i64 %x, 2
    ret i64 %y
  }
  define i64 @count(i64 %by) {
    %old = load i64, ptr @counter
    %new = add i64 %old, %by
    store i64 %new, ptr @counter
    store i64 %new, ptr @shared
    %slot = getelementptr i64, ptr @zeroed, i64 %by
    store i64 %new, ptr %slot
    ret i64 %new
  }
  define i64 @read(i64 %at) {
    %slot = getelementptr i64, ptr @zeroed, i64 %at
    %a = load i64, ptr %slot
    %b = load i64, ptr @shared
    %c = add i64 %a, %b
    ret i64 %c
  }
  define i64 @dispatch(i64 %x) {
    %i = and i64 %x, 3
    %p = getelementptr ptr, ptr @table, i64 %i
    %f = load ptr, ptr %p
    %r = call i64 %f(i64 %x)
    ret i64 %r
  }
  define i64 @root(i64 %x) {
    %d = sitofp i64 %x to double
    %r = call double @cbrt(double %d)
    %s = fadd double %r, 0.25
    %t = fmul double %s, 100.0
    %i = fptosi double %t to i64
    ret i64 %i
  }
  define i64 @weight(i64 %x) {
    %p = getelementptr float, ptr @weights, i64 %x
    %f = load float, ptr %p
    %i = fptosi float %f to i64
    ret i64 %i
  }
  define i64 @choose(i64 %x) {
    switch i64 %x, label %z [i64 0, label %a
      i64 1, label %b
      i64 2, label %c
      i64 3, label %d
      i64 4, label %e]
  a:
    %ra = call i64 @dispatch(i64 70)
    ret i64 %ra
  b:
    %rb = call i64 @count(i64 3)
    ret i64 %rb
  c:
    %rc = call i64 @weight(i64 2)
    ret i64 %rc
  d:
    %rd = call i64 @read(i64 1)
    ret i64 %rd
  e:
    %re = call i64 @root(i64 8)
    ret i64 %re
  z:
    ret i64 -1
  }

  """

@Suite struct ObjectLoaderTests {
  @Test func runsCodeWithDataConstantsAndCalls() throws {
    let code = try load(varied)
    let count = try code.function("count", as: IntFunction.self)
    #expect(count(2) == 7)
    #expect(count(2) == 9)
    #expect(try code.function("read", as: IntFunction.self)(2) == 18)
    let dispatch = try code.function("dispatch", as: IntFunction.self)
    #expect(dispatch(4) == 5)
    #expect(dispatch(5) == 10)
    #expect(try code.function("root", as: IntFunction.self)(27) == 325)
    #expect(try code.function("weight", as: IntFunction.self)(6) == 7)
    let choose = try code.function("choose", as: IntFunction.self)
    #expect(choose(0) == 71)
    #expect(choose(2) == 3)
    #expect(choose(4) == 225)
    #expect(choose(9) == -1)
    #expect(code.address(of: "one") == nil)
    #expect(code.address(of: "nothing") == nil)
    #expect(code.address(of: "counter") != nil)
  }

  @Test func unoptimisedCodeLoadsToo() throws {
    var compiler = try ObjectCompiler()
    compiler.pipeline = ""
    compiler.effort = .none
    let code = try ObjectLoader.load(try compiler.compile(Array(varied.utf8)).bytes)
    #expect(try code.function("choose", as: IntFunction.self)(0) == 71)
  }

  @Test func symbolsAreGivenByTheCallerFirst() throws {
    let replacement: @convention(c) (Double) -> Double = { $0 + 1 }
    let address = unsafeBitCast(replacement, to: UnsafeRawPointer.self)
    let code = try load(varied, symbols: ["cbrt": address])
    #expect(try code.function("root", as: IntFunction.self)(27) == 2825)
  }

  @Test func vectorMathIsFound() throws {
    let text = """
      declare <4 x float> @_ZGVbN4v_expf(<4 x float>)
      define float @f(float %x) {
        %v = insertelement <4 x float> zeroinitializer, float %x, i32 2
        %e = call <4 x float> @_ZGVbN4v_expf(<4 x float> %v)
        %r = extractelement <4 x float> %e, i32 2
        ret float %r
      }
      """
    let code = try load(text)
    let function = try code.function("f", as: (@convention(c) (Float) -> Float).self)
    #expect(abs(function(1) - 2.7182817) < 1e-5)
  }

  @Test func objectsAreLinkedToEachOther() throws {
    let caller = try object(
      """
      declare i64 @helper(i64)
      @base = external global i64
      define i64 @start(i64 %x) {
        %b = load i64, ptr @base
        %y = call i64 @helper(i64 %x)
        %z = add i64 %y, %b
        ret i64 %z
      }
      define weak i64 @choice(i64 %x) {
        ret i64 1
      }
      """)
    let callee = try object(
      """
      @base = global i64 1000
      define i64 @helper(i64 %x) {
        %y = mul i64 %x, %x
        ret i64 %y
      }
      define i64 @choice(i64 %x) {
        ret i64 2
      }
      """)
    try caller.withUnsafeBytes { first in
      try callee.withUnsafeBytes { second in
        let code = try ObjectLoader.load([
          .init(name: "a.o", bytes: first), .init(name: "b.o", bytes: second),
        ])
        #expect(try code.function("start", as: IntFunction.self)(5) == 1025)
        #expect(try code.function("choice", as: IntFunction.self)(5) == 2)
        let twice = try #require(throws: Diagnostic.self) {
          try ObjectLoader.load([
            .init(name: "b.o", bytes: second), .init(name: "c.o", bytes: second),
          ])
        }
        #expect(twice.message.contains("defined twice"))
        #expect(twice.subject == "c.o")
      }
    }
  }

  private func problem(_ text: String) throws -> String {
    try #require(throws: Diagnostic.self) { try load(text) }.description
  }

  @Test func whatCannotBeLoadedIsNamed() throws {
    let undefined = try problem(
      """
      declare i64 @no_such_function(i64)
      define i64 @f(i64 %x) {
        %y = call i64 @no_such_function(i64 %x)
        ret i64 %y
      }
      """)
    #expect(undefined == "kernels.o: error: undefined symbol 'no_such_function'")
    let startup = try problem(
      """
      @llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] \
      [{ i32, ptr, ptr } { i32 65535, ptr @f, ptr null }]
      declare void @abort()
      define void @f() {
        call void @abort()
        ret void
      }
      """)
    #expect(startup.contains("code to run at start"))
    let local = try problem(
      """
      @t = thread_local global i64 3
      define i64 @f() {
        %x = load i64, ptr @t
        ret i64 %x
      }
      """)
    #expect(local.contains("thread-local"))
  }

  @Test func noPageIsWritableAndExecutable() throws {
    let code = try load(varied)
    let function = Int(bitPattern: code.address(of: "count"))
    let data = Int(bitPattern: code.address(of: "counter"))
    #expect(try rights(of: function) == "r-xp")
    #expect(try rights(of: data) == "rw-p")
  }

  private func rights(of address: Int) throws -> String? {
    let maps = try MappedFile(path: "/proc/self/maps")
    let text = withExtendedLifetime(maps) { String(decoding: maps.bytes, as: UTF8.self) }
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      let range = fields[0].split(separator: "-").compactMap { Int($0, radix: 16) }
      if range.count == 2, address >= range[0], address < range[1] { return String(fields[1]) }
    }
    return nil
  }

  // MARK: Damage

  /// Loads damaged bytes: either succeeds or throws; the code is never run.
  private func survives(_ bytes: [UInt8]) -> Bool {
    do throws(Diagnostic) {
      _ = try ObjectLoader.load(bytes)
      return true
    } catch {
      return !error.message.isEmpty
    }
  }

  @Test func truncatedObjectsAreDiagnosed() throws {
    let whole = try object(varied)
    for length in 0..<whole.count {
      // The section table is last, so that no proper part is a whole object.
      #expect(throws: Diagnostic.self) { try ObjectLoader.load(Array(whole[..<length])) }
    }
  }

  @Test func flippedBitsNeverTrap() throws {
    let whole = try object(varied)
    var generator = SplitMix(state: 42)
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0..<(1 + generator.next() % 4) {
        let at = Int(generator.next() % UInt64(bytes.count))
        bytes[at] ^= 1 << UInt8(generator.next() % 8)
      }
      #expect(survives(bytes))
    }
  }

  @Test func extremeWordsNeverTrap() throws {
    let whole = try object(varied)
    let extremes: [UInt64] = [0, 1, 0x7fff_ffff, 0xffff_ffff, 1 << 63, .max, .max - 7, 1 << 30]
    for at in stride(from: 0, to: whole.count - 8, by: 4) {
      var bytes = whole
      let word = extremes[at / 4 % extremes.count]
      for index in 0..<8 { bytes[at + index] = UInt8(truncatingIfNeeded: word >> (8 * index)) }
      #expect(survives(bytes))
    }
  }
}

/// Steele, Lea and Flood's SplitMix64.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
