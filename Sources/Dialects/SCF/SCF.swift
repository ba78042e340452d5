import MartletIR
import MartletSupport
import MartletSyntax

/// Structured control flow: loops and conditionals with regions.
public enum SCF {
  public static let dialect = Dialect(
    "scf", summary: "structured control flow",
    operations: [
      condition, executeRegion, `for`, forall, `if`, inParallel, indexSwitch, parallel, reduce,
      reduceReturn, `while`, yield,
    ])

  static let yieldParents = [
    "scf.execute_region", "scf.for", "scf.if", "scf.index_switch", "scf.while",
  ]

  public static let yield = OpDefinition(
    "scf.yield", "loop yield and termination operation", operands: [.variadic("results", .any)],
    traits: [.pure, .returnLike, .terminator], format: "attr-dict ($results^ `:` type($results))?",
    parents: yieldParents)

  public static let condition = OpDefinition(
    "scf.condition", "loop continuation condition",
    operands: [ValueDefinition("condition", .i1), .variadic("args", .any)],
    traits: [.pure, .terminator], format: "`(` $condition `)` attr-dict ($args^ `:` type($args))?",
    parents: ["scf.while"])

  /// The induction variable runs from the lower bound, by the step, while it is below the upper bound.
  public static let `for` = OpDefinition(
    "scf.for", "for operation",
    operands: [
      ValueDefinition("lowerBound", .signlessIntegerOrIndex),
      ValueDefinition("upperBound", .signlessIntegerOrIndex),
      ValueDefinition("step", .signlessIntegerOrIndex), .variadic("initArgs", .any),
    ], results: [.variadic("results", .any)], attributes: [.optional("unsignedCmp", .unit)],
    regions: [RegionDefinition("region", oneBlock: true)],
    traits: [.allocationScope, .loopLike, .recursiveMemoryEffects, .singleBlock],
    relations: [.same(["lowerBound", "upperBound", "step"])], implicitTerminator: "scf.yield",
    verify: verifyFor, verifyRegions: verifyForRegion,
    interfaces: [forAssembly, forPatterns, forBranch, forSpeculation])

  public static let `while` = OpDefinition(
    "scf.while", "a generic 'while' loop", operands: [.variadic("inits", .any)],
    results: [.variadic("results", .any)],
    regions: [
      RegionDefinition("before", oneBlock: true), RegionDefinition("after", oneBlock: true),
    ], traits: [.loopLike, .recursiveMemoryEffects, .singleBlock], verifyRegions: verifyWhile,
    interfaces: [whileAssembly, whilePatterns, whileBranch])

  public static let `if` = OpDefinition(
    "scf.if", "if-then-else operation", operands: [ValueDefinition("condition", .i1)],
    results: [.variadic("results", .any)],
    regions: [
      RegionDefinition("thenRegion", oneBlock: true),
      RegionDefinition("elseRegion", arity: .one),
    ],
    traits: [
      .recursiveMemoryEffects, .recursivelySpeculatable, .noRegionArguments, .singleBlock,
    ], implicitTerminator: "scf.yield", verify: verifyIf, verifyRegions: verifyIfRegions,
    fold: foldIf, interfaces: [ifAssembly, ifPatterns, ifBranch])

  public static let executeRegion = OpDefinition(
    "scf.execute_region", "operation that executes its region exactly once",
    results: [.variadic("", .any)], attributes: [.optional("no_inline", .unit)],
    regions: [RegionDefinition("region")], traits: [.recursiveMemoryEffects],
    verify: verifyExecuteRegion,
    interfaces: [executeRegionAssembly, executeRegionPatterns, executeRegionBranch])

  public static let indexSwitch = OpDefinition(
    "scf.index_switch", "switch-case operation on an index argument",
    operands: [ValueDefinition("arg", .index)], results: [.variadic("results", .any)],
    attributes: [AttributeSlot("cases", .denseI64Array)],
    regions: [
      RegionDefinition("defaultRegion", oneBlock: true),
      RegionDefinition("caseRegions", arity: .variadic, oneBlock: true),
    ], traits: [.recursiveMemoryEffects, .singleBlock], implicitTerminator: "scf.yield",
    verify: verifyIndexSwitch, verifyRegions: verifyIndexSwitchRegions,
    interfaces: [indexSwitchAssembly, indexSwitchPatterns, indexSwitchBranch])

  public static let parallel = OpDefinition(
    "scf.parallel", "parallel for operation",
    operands: [
      .variadic("lowerBound", .index), .variadic("upperBound", .index), .variadic("step", .index),
      .variadic("initVals", .any),
    ], results: [.variadic("results", .any)],
    regions: [RegionDefinition("region", oneBlock: true)],
    traits: [
      .allocationScope, .attrSizedOperandSegments, .loopLike, .recursiveMemoryEffects,
      .singleBlock, .parallelRegion, .recursivelySpeculatable,
    ], implicitTerminator: "scf.reduce", verify: verifyParallel,
    verifyRegions: verifyParallelRegion,
    interfaces: [parallelAssembly, parallelPatterns, parallelBranch])

  public static let reduce = OpDefinition(
    "scf.reduce", "reduce operation for scf.parallel", operands: [.variadic("operands", .any)],
    regions: [RegionDefinition("reductions", arity: .variadic, oneBlock: true)],
    traits: [.terminator, .recursiveMemoryEffects],
    format: "(`(` $operands^ `:` type($operands) `)`)? $reductions attr-dict",
    parents: ["scf.parallel"],
    verifyRegions: verifyReduce)

  public static let reduceReturn = OpDefinition(
    "scf.reduce.return", "terminator for reduce operation",
    operands: [ValueDefinition("result", .any)], traits: [.pure, .terminator],
    format: "$result attr-dict `:` type($result)", parents: ["scf.reduce"],
    verify: verifyReduceReturn)

  public static let forall = OpDefinition(
    "scf.forall", "evaluate a block multiple times in parallel",
    operands: [
      .variadic("dynamicLowerBound", .index), .variadic("dynamicUpperBound", .index),
      .variadic("dynamicStep", .index), .variadic("outputs", .rankedTensor),
    ], results: [.variadic("results", .any)],
    attributes: [
      AttributeSlot("staticLowerBound", .denseI64Array),
      AttributeSlot("staticUpperBound", .denseI64Array),
      AttributeSlot("staticStep", .denseI64Array),
      .optional(
        "mapping", AttributeConstraint("Device Mapping array attribute") { $0.kind == .array }),
    ], regions: [RegionDefinition("region", oneBlock: true)],
    traits: [
      .attrSizedOperandSegments, .allocationScope, .loopLike, .recursiveMemoryEffects,
      .singleBlock, .destinationStyle, .parallelRegion,
    ], verify: verifyForall, verifyRegions: verifyForallRegion,
    interfaces: [forallAssembly, forallPatterns, forallBranch])

  public static let inParallel = OpDefinition(
    "scf.forall.in_parallel", "terminates a `forall` block",
    regions: [RegionDefinition("region", oneBlock: true)],
    traits: [.pure, .terminator, .noTerminator, .singleBlock, .graphRegion],
    parents: ["scf.forall"], verifyRegions: verifyInParallel, interfaces: [inParallelAssembly])

  /// `scf.if` of a negated condition is the `if` with its regions exchanged.
  private static func foldIf(_ operation: Operation) -> FoldResult {
    guard !operation.region(1).isEmpty, let xor = operation.operand(0).definingOperation,
      xor.is(Arith.xori), xor.operand(1).constant?.integerValue == -1
    else { return .none }
    let (yes, no) = (operation.region(0), operation.region(1))
    guard let first = yes.firstBlock, let second = no.firstBlock else { return .none }
    yes.append(second)
    no.append(first)
    operation.setOperand(0, xor.operand(0))
    return .inPlace
  }
}
