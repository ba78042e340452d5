import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Modules and functions of the device, and their launch.
extension GPU {
  public static let barrier: OpDefinition = OpDefinition(
    "gpu.barrier", "waits for all threads of a workgroup",
    format: "attr-dict",
    interfaces: [redundantBarriers])

  public static let binary: OpDefinition = OpDefinition(
    "gpu.binary", "compiled kernels kept as objects",
    attributes: [
      AttributeSlot("sym_name", .symbolName), .optional("offloadingHandler", offloadingHandler),
      AttributeSlot("objects", objectArray),
    ],
    traits: [.symbol],
    format: "$sym_name custom<OffloadingHandler>($offloadingHandler) attr-dict $objects",
    interfaces: [offloadingDirectives])

  public static let `func`: OpDefinition = OpDefinition(
    "gpu.func", "a function that runs on the device",
    attributes: [
      AttributeSlot("function_type", .functionType), .optional("arg_attrs", .dictionaryArray),
      .optional("res_attrs", .dictionaryArray),
      .optional("workgroup_attrib_attrs", .dictionaryArray),
      .optional("private_attrib_attrs", .dictionaryArray), .optional("known_block_size", sizeHint),
      .optional("known_grid_size", sizeHint), .optional("known_cluster_size", sizeHint),
    ],
    regions: [RegionDefinition("body")],
    traits: [.allocationScope, .isolatedFromAbove, .affineScope, .symbol, .callable],
    parents: ["gpu.module"],
    verify: verifyFunction, interfaces: [functionAssembly])

  public static let module: OpDefinition = OpDefinition(
    "gpu.module", "functions compiled for the device together",
    attributes: [
      AttributeSlot("sym_name", .symbolName), .optional("targets", targetArray),
      .optional("offloadingHandler", offloadingHandler),
    ],
    regions: [RegionDefinition("bodyRegion", oneBlock: true)],
    traits: [
      .isolatedFromAbove, .noRegionArguments, .symbolTable, .symbol, .noTerminator, .singleBlock,
      .graphRegion,
    ],
    format: """
      $sym_name (`<` $offloadingHandler^ `>`)? (custom<Targets>($targets)^)? attr-dict-with-keyword \
      $bodyRegion
      """, interfaces: [targetDirectives])

  public static let launchFunc: OpDefinition = OpDefinition(
    "gpu.launch_func", "runs a function of a device module over a grid",
    operands: [
      .variadic("asyncDependencies", token), ValueDefinition("gridSizeX", launchIndex),
      ValueDefinition("gridSizeY", launchIndex), ValueDefinition("gridSizeZ", launchIndex),
      ValueDefinition("blockSizeX", launchIndex), ValueDefinition("blockSizeY", launchIndex),
      ValueDefinition("blockSizeZ", launchIndex), .optional("clusterSizeX", launchIndex),
      .optional("clusterSizeY", launchIndex), .optional("clusterSizeZ", launchIndex),
      .optional("dynamicSharedMemorySize", .i32), .variadic("kernelOperands", .any),
      .optional("asyncObject", .any),
    ],
    results: [.optional("asyncToken", token)],
    attributes: [AttributeSlot("kernel", .symbolRef)],
    traits: [.attrSizedOperandSegments],
    relations: [
      .same(["gridSizeX", "gridSizeY", "gridSizeZ", "blockSizeX", "blockSizeY", "blockSizeZ"])
    ],
    format: """
      custom<AsyncDependencies>(type($asyncToken), $asyncDependencies) (`<` $asyncObject^ \
      `:` type($asyncObject) `>`)? $kernel ( `clusters` `in` ` ` `(` $clusterSizeX^ `,` \
      $clusterSizeY `,` $clusterSizeZ `)` )? `blocks` `in` ` ` `(` $gridSizeX `,` \
      $gridSizeY `,` $gridSizeZ `)` `threads` `in` ` ` `(` $blockSizeX `,` $blockSizeY `,` \
      $blockSizeZ `)` custom<LaunchDimType>(type($gridSizeX), ref($clusterSizeX), \
      type($clusterSizeX), type($clusterSizeY), type($clusterSizeZ)) \
      (`dynamic_shared_memory_size` $dynamicSharedMemorySize^)? \
      custom<LaunchFuncOperands>($kernelOperands, type($kernelOperands)) attr-dict
      """,
    verify: verifyLaunchFunc, interfaces: [launchDirectives])

  public static let launch: OpDefinition = OpDefinition(
    "gpu.launch", "runs its region over a grid",
    operands: [
      .variadic("asyncDependencies", token), ValueDefinition("gridSizeX", .index),
      ValueDefinition("gridSizeY", .index), ValueDefinition("gridSizeZ", .index),
      ValueDefinition("blockSizeX", .index), ValueDefinition("blockSizeY", .index),
      ValueDefinition("blockSizeZ", .index), .optional("clusterSizeX", .index),
      .optional("clusterSizeY", .index), .optional("clusterSizeZ", .index),
      .optional("dynamicSharedMemorySize", .i32),
    ],
    results: [.optional("asyncToken", token)],
    attributes: [.optional("module", .flatSymbolRef), .optional("function", .flatSymbolRef)],
    regions: [RegionDefinition("body")],
    traits: [.affineScope, .allocationScope, .attrSizedOperandSegments, .recursiveMemoryEffects],
    verify: verifyLaunch, verifyRegions: verifyLaunchRegions,
    interfaces: [launchAssembly, constantLaunchArguments])

  public static let printf: OpDefinition = OpDefinition(
    "gpu.printf", "prints from the device",
    operands: [.variadic("args", printable)],
    attributes: [AttributeSlot("format", .string)],
    effects: .write,
    format: "$format attr-dict (`,` $args^ `:` type($args))?")

  public static let `return`: OpDefinition = OpDefinition(
    "gpu.return", "ends a device function",
    operands: [.variadic("operands", .any)],
    traits: [.pure, .terminator],
    format: "attr-dict ($operands^ `:` type($operands))?",
    parents: ["gpu.func"],
    verify: verifyReturn)

  public static let terminator = OpDefinition(
    "gpu.terminator", "ends the region of a launch",
    traits: [.pure, .terminator],
    format: "attr-dict",
    parents: ["gpu.launch"])

  public static let yield = OpDefinition(
    "gpu.yield", "ends a region with values",
    operands: [.variadic("values", .any)],
    traits: [.pure, .returnLike, .terminator],
    format: "attr-dict ($values^ `:` type($values))?")
}
