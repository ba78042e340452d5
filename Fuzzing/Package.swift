// swift-tools-version: 6.2
import PackageDescription

/// Coverage-guided fuzzing of Martlet. A package of its own, so that the main one needs no sanitizer: it is built by
/// Scripts/fuzz.sh, which gives the compiler's flags.
let package = Package(
  name: "martlet-fuzzing",
  dependencies: [.package(name: "martlet", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz-martlet", dependencies: [.product(name: "Martlet", package: "martlet")])
  ]
)
