import Foundation
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

@testable import Martlet

/// `martlet reduce`: what is left is small, verifies and still shows what was looked for.
@Suite struct ReduceToolTests {
  /// Functions with chains, a loop with a condition and blocks; one of them with a division of a loaded value.
  private func program(functions: Int, chain: Int) -> String {
    var text = ""
    var seed: UInt64 = 7
    func random(_ count: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((seed >> 33) % UInt64(count))
    }
    for f in 0..<functions {
      text += """
        func.func @f\(f)(%a: i32, %b: i32, %n: index, %m: memref<8xi32>, %c: i1) -> i32 {
          %z = arith.constant 0 : index
          %o = arith.constant {note = "x"} 1 : index

        """
      var values = ["%a", "%b"]
      for i in 0..<chain {
        let operation = ["addi", "muli", "subi", "xori"][random(4)]
        let (x, y) = (values[random(values.count)], values[random(values.count)])
        text += "  %v\(i) = arith.\(operation) \(x), \(y) : i32\n"
        values.append("%v\(i)")
      }
      text += """
          %r = scf.for %i = %z to %n step %o iter_args(%acc = %a) -> i32 {
            %less = arith.cmpi slt, %acc, %b : i32
            %y = scf.if %less -> i32 {
              %l = memref.load %m[%i] : memref<8xi32>
              %w = arith.addi %l, \(values[random(values.count)]) : i32
              \(f == functions / 2 ? "%d = arith.divsi %w, %l : i32" : "")
              memref.store %w, %m[%i] : memref<8xi32>
              scf.yield %w : i32
            } else {
              scf.yield %b : i32
            }
            scf.yield %y : i32
          }
          cf.cond_br %c, ^left(%r : i32), ^right
        ^left(%p: i32):
          %t = arith.addi %p, \(values[values.count - 1]) : i32
          return %t : i32
        ^right:
          %u = func.call @f\(f)(%a, %b, %n, %m, %c) : (i32, i32, index, memref<8xi32>, i1) -> i32
          return %u : i32
        }

        """
    }
    return text
  }

  private func verified(_ text: String) throws -> MartletIR.Operation {
    // Never freed: the module is handed out without it.
    let context = Unmanaged.passRetained(Registration.makeContext()).takeUnretainedValue()
    let module = try Parser(SourceFile(name: "t", text: text), context: context).parseModule()
    try Verifier().verify(module)
    return module
  }

  private func reduce(
    _ text: String, maximumTests: Int = 5000, _ isInteresting: @escaping (String) -> Bool
  ) throws -> (state: Reducer.State, tests: Int, unverified: Int) {
    var unverified = 0
    var reducer = Reducer(allowsUnregistered: false) { (text) throws(Diagnostic) in
      if (try? verified(text)) == nil { unverified += 1 }
      return isInteresting(text)
    }
    reducer.maximumTests = maximumTests
    let start = try reducer.start(SourceFile(name: "t", text: text))
    let end = try reducer.reduce(start)
    return (end, reducer.tests, unverified)
  }

  @Test func someHundredOperationsBecomeAHandful() throws {
    let text = program(functions: 12, chain: 25)
    let count = Reduction.operationCount(try verified(text))
    #expect(count > 400)
    let (state, tests, unverified) = try reduce(text) {
      $0.contains("arith.divsi") && $0.contains("arith.addi")
    }
    #expect(state.operations <= 6, "\(state.text)")
    #expect(state.text.contains("arith.divsi") && state.text.contains("arith.addi"))
    #expect(tests < 300)
    #expect(unverified == 0)
    _ = try verified(state.text)
  }

  /// What is looked for may be spread: an operation in a loop that uses what another loads.
  @Test func keepsWhatBelongsTogether() throws {
    let (state, tests, _) = try reduce(program(functions: 4, chain: 10)) { text in
      guard let module = try? verified(text) else { return false }
      var found = false
      module.walk { operation in
        if operation.name.string == "arith.divsi",
          operation.operand(1).definingOperation?.name.string == "memref.load",
          operation.ancestor(where: { $0.name.string == "scf.for" }) != nil
        {
          found = true
        }
      }
      return found
    }
    #expect(state.operations <= 10, "\(state.text)")
    #expect(state.text.contains("scf.for"))
    #expect(!state.text.contains("scf.if"))
    #expect(tests < 600)
  }

  @Test func keepsBlocksWhereTheyMatter() throws {
    let (state, _, _) = try reduce(program(functions: 3, chain: 5)) { $0.contains("cf.cond_br") }
    #expect(state.text.contains("cf.cond_br"))
    #expect(state.operations <= 5, "\(state.text)")
  }

  @Test func keepsCallsAndTheirFunctions() throws {
    let (state, _, _) = try reduce(program(functions: 5, chain: 5)) { $0.contains("call @f3") }
    #expect(state.operations <= 8, "\(state.text)")
    #expect(!state.text.contains("@f1"))
  }

  @Test func simplifiesAttributes() throws {
    let text = """
      module attributes {llvm.big = [1, 2, 3]} {
        func.func @f() -> tensor<4xi32> {
          %0 = arith.constant {mark} dense<[7, 8, 9, 10]> : tensor<4xi32>
          return %0 : tensor<4xi32>
        }
      }
      """
    let (state, _, _) = try reduce(text) { $0.contains("dense<") }
    #expect(state.text.contains("dense<0> : tensor<4xi32>"))
    #expect(!state.text.contains("big"))
  }

  @Test func endsAtTheLimitOfTests() throws {
    let (state, tests, _) = try reduce(program(functions: 6, chain: 20), maximumTests: 10) {
      $0.contains("arith.divsi")
    }
    #expect(tests == 10)
    #expect(state.text.contains("arith.divsi"))
  }

  // MARK: The command

  private func reduceTool(_ arguments: String...) -> ToolRun {
    ToolRun.run(ReduceTool.run, arguments)
  }

  @Test func runsACommand() throws {
    let scratch = try ScratchFolder()
    let input = try scratch.write("in.mlir", program(functions: 3, chain: 8))
    let output = scratch.path + "/out.mlir"
    // `! grep` fails where the text is there, as a compiler would.
    let run = reduceTool(input, "--test=! grep -q divsi", "-o", output)
    #expect(run.status == .success, "\(run.messages)")
    #expect(run.out.isEmpty)
    let text = try String(contentsOfFile: output, encoding: .utf8)
    #expect(text.contains("arith.divsi"))
    #expect(Reduction.operationCount(try verified(text)) <= 4)
    let same = reduceTool(input, "--test=grep -q divsi", "--interesting-exit=0", "--quiet")
    #expect(same.out == text)
    #expect(same.messages.isEmpty)
    // Nothing but the two files is left behind.
    #expect(try scratch.names == ["in.mlir", "out.mlir"])
  }

  @Test func tellsWhatIsWrong() throws {
    let scratch = try ScratchFolder()
    let input = try scratch.write("in.mlir", "func.func @f() { return }\n")
    reduceTool(input, "--test=true").expectFailure("does not find this module interesting")
    reduceTool(input, "--test=/no/such/program").expectFailure("cannot be run")
    reduceTool(scratch.path + "/missing.mlir", "--test=false").expectFailure("cannot open file")
    let wrong = try scratch.write("wrong.mlir", "func.func @f() { retrun }\n")
    reduceTool(wrong, "--test=false").expectFailure("'retrun' is unknown")
    #expect(reduceTool(input).status == .usage)
    #expect(reduceTool("--test=false").status == .usage)
  }

  @Test func endsATestThatHangs() throws {
    let scratch = try ScratchFolder()
    let input = try scratch.write("in.mlir", "func.func @f() { return }\n")
    let run = reduceTool(input, "--test=sleep 100; true", "--timeout=1")
    run.expectFailure("does not find this module interesting")
  }
}
