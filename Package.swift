// swift-tools-version: 6.2
import PackageDescription

/// One room of the house: a library target whose folder is named for what is in it.
func room(_ name: String, _ folder: String, uses: [String] = [], data: [String] = []) -> Target {
  .target(
    name: name, dependencies: uses.map { .byName(name: $0) }, path: "Sources/\(folder)",
    exclude: data)
}

func tests(_ name: String, of uses: [String], data: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: uses.map { .byName(name: $0) }, path: "Tests/\(name)",
    exclude: data)
}

let ir = ["MartletSupport", "MartletIR"]
let text = ir + ["MartletSyntax"]
let rewriting = text + ["MartletRewriting", "MartletAnalysis", "MartletPasses"]
let dialects = rewriting + ["MartletDialects"]
let everything =
  dialects + [
    "MartletDialectLoading", "MartletTransforms", "MartletLowerings", "MartletONNX",
    "MartletInterpreter", "MartletRuntime",
    "MartletCPU",
  ]

let package = Package(
  name: "martlet",
  products: [
    .library(name: "Martlet", targets: ["Martlet"]),
    .executable(name: "martlet", targets: ["martlet-cli"]),
  ],
  targets: [
    .target(name: "CTrace", path: "Sources/CTrace"),
    room("MartletSupport", "Support", uses: ["CTrace"]),
    room("MartletIR", "IR", uses: ["MartletSupport"]),
    room("MartletSyntax", "Syntax", uses: ir),
    room("MartletRewriting", "Rewriting", uses: ir),
    room("MartletAnalysis", "Analysis", uses: ir),
    room(
      "MartletPasses", "Passes", uses: text + ["MartletRewriting", "MartletAnalysis"]),
    room("MartletDialects", "Dialects", uses: rewriting),
    room("MartletDialectLoading", "DialectLoading", uses: dialects + ["MartletRuntime"]),
    room("MartletTransforms", "Transforms", uses: dialects),
    room("MartletLowerings", "Lowerings", uses: dialects),
    room("MartletONNX", "Frontends/ONNX", uses: dialects),
    room("MartletInterpreter", "Interpreter", uses: dialects),
    room("MartletRuntime", "Runtime", uses: ["MartletSupport"]),
    .target(name: "CLLVM", path: "Sources/CLLVM"),
    room("MartletCPU", "Backends/CPU", uses: dialects + ["MartletRuntime", "CLLVM"]),
    room("Martlet", "Martlet", uses: everything, data: ["View/Page"]),
    .executableTarget(
      name: "martlet-cli", dependencies: ["Martlet"],
      path: "Sources/martlet-cli"),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    tests("SupportTests", of: ["MartletSupport"]),
    tests("IRTests", of: text + ["MartletDialects"]),
    tests("SyntaxTests", of: text + ["MartletDialects"]),
    tests("RewritingTests", of: dialects),
    tests("DialectsTests", of: dialects, data: ["Texts"]),
    tests(
      "DialectLoadingTests", of: dialects + ["MartletDialectLoading", "MartletRuntime"],
      data: ["Files"]),
    tests("TransformsTests", of: everything),
    tests("LoweringsTests", of: everything),
    tests("ONNXTests", of: everything + ["TestSupport"], data: ["cases.txt"]),
    tests("InterpreterTests", of: everything, data: ["floats.txt"]),
    tests("RuntimeTests", of: ["MartletSupport", "MartletRuntime"]),
    tests("CPUTests", of: everything),
    tests("CaseTests", of: everything + ["Martlet"]),
    tests(
      "MartletTests", of: everything + ["Martlet", "TestSupport"], data: ["properties.txt"]),
    tests("DocsTests", of: everything + ["Martlet"]),
  ]
)
