import MartletIR
import MartletRewriting
import Testing

@Suite struct GreedyDriverTests {
  /// Canonicalizes the body of a function and returns the text of its operations, one a line.
  private func canonicalize(
    _ body: String, _ arguments: String = "%a: i32", _ config: GreedyConfig = GreedyConfig(),
    adding patterns: [RewritePattern] = []
  ) throws -> [String] {
    let context = TestDialect.context()
    let module = try TestDialect.parse(
      """
      "test.func"() <{sym_name = "f"}> ({
      ^bb0(\(arguments)):
      \(body)
      }) : () -> ()
      """, context)
    let result = applyPatternsGreedily(
      to: module, .canonicalization(context, adding: patterns), config)
    #expect(result.converged)
    try Verifier().verify(module)
    let lines = TestDialect.text(module).split(separator: "\n").map {
      String($0.drop { $0 == " " })
    }
    // Without the lines of the module, the function and its entry block.
    return lines.filter { !$0.contains("builtin.module") && !$0.contains("test.func") }
      .filter { !$0.hasPrefix("^bb0") && !$0.hasPrefix("})") }
  }

  @Test func foldsChainsToOneConstant() throws {
    let lines = try canonicalize(
      """
        %0 = "test.constant"() <{value = 1 : i32}> : () -> i32
        %1 = "test.constant"() <{value = 2 : i32}> : () -> i32
        %2 = "test.add"(%0, %1) : (i32, i32) -> i32
        %3 = "test.add"(%2, %2) : (i32, i32) -> i32
        "test.yield"(%3) : (i32) -> ()
      """)
    #expect(
      lines == [
        "%0 = \"test.constant\"() <{value = 6 : i32}> : () -> i32",
        "\"test.yield\"(%0) : (i32) -> ()",
      ])
  }

  @Test func movesConstantsToTheRightAndReassociates() throws {
    let lines = try canonicalize(
      """
        %0 = "test.constant"() <{value = 1 : i32}> : () -> i32
        %1 = "test.constant"() <{value = 2 : i32}> : () -> i32
        %2 = "test.add"(%0, %a) : (i32, i32) -> i32
        %3 = "test.add"(%1, %2) : (i32, i32) -> i32
        "test.yield"(%3) : (i32) -> ()
      """)
    #expect(
      lines == [
        "%0 = \"test.constant\"() <{value = 3 : i32}> : () -> i32",
        "%1 = \"test.add\"(%arg0, %0) : (i32, i32) -> i32",
        "\"test.yield\"(%1) : (i32) -> ()",
      ])
  }

  @Test func uniquesConstantsAndHoistsThemOutOfRegions() throws {
    let lines = try canonicalize(
      """
        %0 = "test.constant"() <{value = 1 : i32}> : () -> i32
        "test.use"(%0) : (i32) -> ()
        "test.loop"() ({
          %1 = "test.constant"() <{value = 2 : i32}> : () -> i32
          %2 = "test.constant"() <{value = 1 : i32}> : () -> i32
          "test.use"(%1, %2) : (i32, i32) -> ()
          "test.yield"() : () -> ()
        }) : () -> ()
        "test.yield"() : () -> ()
      """)
    // The constant met later comes to stand before those met earlier.
    #expect(
      lines == [
        "%0 = \"test.constant\"() <{value = 2 : i32}> : () -> i32",
        "%1 = \"test.constant\"() <{value = 1 : i32}> : () -> i32",
        "\"test.use\"(%1) : (i32) -> ()",
        "\"test.loop\"() ({",
        "\"test.use\"(%0, %1) : (i32, i32) -> ()",
        "\"test.yield\"() : () -> ()",
        "\"test.yield\"() : () -> ()",
      ])
  }

  @Test func removesDeadOperationsAndLoops() throws {
    let lines = try canonicalize(
      """
        %0 = "test.negate"(%a) : (i32) -> i32
        %1 = "test.add"(%0, %0) : (i32, i32) -> i32
        %2 = "test.loop"(%1) ({
          %3 = "test.negate"(%1) : (i32) -> i32
          "test.yield"(%3) : (i32) -> ()
        }) : (i32) -> i32
        "test.yield"() : () -> ()
      """)
    #expect(lines == ["\"test.yield\"() : () -> ()"])
  }

  @Test func foldsByTraits() throws {
    let lines = try canonicalize(
      """
        %0 = "test.negate"(%a) : (i32) -> i32
        %1 = "test.negate"(%0) : (i32) -> i32
        %2 = "test.minimum"(%1, %a) : (i32, i32) -> i32
        "test.yield"(%2) : (i32) -> ()
      """)
    #expect(lines == ["\"test.yield\"(%arg0) : (i32) -> ()"])
  }

  @Test func leavesConstantsWhereTheyAreIfTold() throws {
    var config = GreedyConfig()
    config.uniquesConstants = false
    let lines = try canonicalize(
      """
        "test.use"(%a) : (i32) -> ()
        %0 = "test.constant"() <{value = 1 : i32}> : () -> i32
        %1 = "test.constant"() <{value = 1 : i32}> : () -> i32
        "test.yield"(%0, %1) : (i32, i32) -> ()
      """, "%a: i32", config)
    #expect(lines.count == 4)
    #expect(lines[0] == "\"test.use\"(%arg0) : (i32) -> ()")
  }

  @Test func triesPatternsByBenefitThenOrder() throws {
    let rename = { (name: String, benefit: Int, tag: Int) in
      RewritePattern(name, root: TestDialect.use, benefit: benefit) { operation, rewriter in
        if operation.hasAttribute("tag") { return false }
        rewriter.modifyInPlace(operation) {
          operation.setAttribute("tag", operation.context.i64Attribute(tag))
        }
        return true
      }
    }
    let lines = try canonicalize(
      "\"test.use\"() : () -> ()\n\"test.yield\"() : () -> ()",
      adding: [rename("low", 1, 1), rename("high", 2, 2), rename("high too", 2, 3)])
    #expect(lines.first == "\"test.use\"() {tag = 2 : i64} : () -> ()")
  }

  @Test func stopsAtTheIterationLimit() throws {
    let context = TestDialect.context()
    let module = try TestDialect.parse(
      """
      "test.func"() <{sym_name = "f"}> ({
        "test.use"() : () -> ()
        "test.yield"() : () -> ()
      }) : () -> ()
      """, context)
    let forever = RewritePattern("forever", root: TestDialect.use) { operation, rewriter in
      rewriter.replace(operation, with: TestDialect.use, [])
      return true
    }
    var config = GreedyConfig()
    config.maxIterations = 3
    config.maxRewrites = 5
    let result = applyPatternsGreedily(
      to: module, FrozenPatternSet([forever], context), config)
    #expect(!result.converged)
    #expect(result.rewrites == 15)
    try Verifier().verify(module)
  }

  // MARK: Blocks

  @Test func removesUnreachableBlocks() throws {
    let lines = try canonicalize(
      """
        "test.yield"() : () -> ()
      ^bb1(%x: i32):
        %0 = "test.negate"(%x) : (i32) -> i32
        "test.br"(%0)[^bb2] : (i32) -> ()
      ^bb2(%y: i32):
        "test.use"(%0) : (i32) -> ()
        "test.br"(%y)[^bb1] : (i32) -> ()
      """)
    #expect(lines == ["\"test.yield\"() : () -> ()"])
  }

  @Test func removesDeadBlockArgumentsAndTheirCycle() throws {
    let lines = try canonicalize(
      """
        "test.br"(%a, %a)[^bb1] : (i32, i32) -> ()
      ^bb1(%x: i32, %y: i32):
        "test.use"(%y) : (i32) -> ()
        %0 = "test.negate"(%x) : (i32) -> i32
        "test.cond_br"(%c, %0, %y)[^bb1, ^bb2]
          <{operandSegmentSizes = array<i32: 1, 2, 0>}> : (i1, i32, i32) -> ()
      ^bb2:
        "test.yield"() : () -> ()
      """, "%a: i32, %c: i1")
    #expect(
      lines == [
        "\"test.br\"(%arg0)[^bb1] : (i32) -> ()",
        "^bb1(%0: i32):  // 2 preds: ^bb0, ^bb1",
        "\"test.use\"(%0) : (i32) -> ()",
        "\"test.cond_br\"(%arg1, %0)[^bb1, ^bb2] <{operandSegmentSizes = array<i32: 1, 1, 0>}> "
          + ": (i1, i32) -> ()",
        "^bb2:  // pred: ^bb1",
        "\"test.yield\"() : () -> ()",
      ])
  }

  @Test func mergesBlocksThatAreAlikeIfAggressive() throws {
    let body = """
        "test.cond_br"(%c)[^bb1, ^bb2] <{operandSegmentSizes = array<i32: 1, 0, 0>}> : (i1) -> ()
      ^bb1:
        "test.br"(%a)[^bb3] : (i32) -> ()
      ^bb2:
        "test.br"(%b)[^bb3] : (i32) -> ()
      ^bb3(%x: i32):
        "test.yield"(%x) : (i32) -> ()
      """
    let arguments = "%a: i32, %b: i32, %c: i1"
    let normal = try canonicalize(body, arguments)
    #expect(normal.count == 7)
    var config = GreedyConfig()
    config.regionSimplification = .aggressive
    let merged = try canonicalize(body, arguments, config)
    #expect(
      merged.first
        == "\"test.cond_br\"(%arg2, %arg0, %arg1)[^bb1, ^bb1] "
        + "<{operandSegmentSizes = array<i32: 1, 1, 1>}> : (i1, i32, i32) -> ()")
    #expect(merged.count == 5)
  }
}
