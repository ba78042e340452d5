import Glibc
import MartletRuntime
import MartletSupport

/// Whole processes: what a user waits for.
extension BenchSuite {
  static var programs: [Benchmark] {
    var programs: [Benchmark] = [
      program("start.version", "start-up: martlet --version") { _ in
        ProgramWork(arguments: ["--version"])
      },
      program("start.opt", "start-up: martlet opt on an empty module") { inputs in
        ProgramWork(
          arguments: ["opt", try inputs.file(.chain, 0), "-o", "/dev/null"])
      },
    ]
    programs += opt("opt", [], .chain, [1000, 100_000, 1_000_000])
    programs += opt("opt", [], .nested, [1000, 28_000])
    programs += opt("opt", [], .unregistered, [1000, 86_415])
    programs += opt("opt", [], .denseList, [32, 1024])
    programs += opt("opt", [], .denseHex, [32, 1024])
    programs += opt("opt_canonicalize", ["--canonicalize"], .chain, [1000, 100_000, 1_000_000])
    programs += opt("opt_canonicalize", ["--canonicalize"], .nested, [1000, 28_000])
    programs += opt("opt_cse", ["--cse"], .chain, [1000, 100_000, 1_000_000])
    programs += opt("opt_cse", ["--cse"], .nested, [1000, 28_000])
    programs += example("digits") { inputs in
      let folder = "\(inputs.root)/Examples/digits"
      return ["\(folder)/cnn.onnx", "--input", "images=\(folder)/test_images.npy"]
    }
    programs += example("mlp", mlp)
    programs += example("pagerank") { inputs in
      ["\(inputs.root)/Examples/pagerank.mlir", "--input", "A=\(try graph(inputs))"]
    }
    programs += example("speech", isQuick: false) { inputs in
      let folder = "\(inputs.root)/build/demo/speech"
      let model = "\(folder)/silero_vad_16k_sequence.onnx"
      guard access(model, R_OK) == 0 else {
        throw BenchFailure("left out: \(model) is made by 'make demo'")
      }
      return [model]
        + ["input", "h", "c"].flatMap { ["--input", "\($0)=\(folder)/\($0).npy"] }
    }
    return programs
  }

  private static func opt(
    _ name: String, _ passes: [String], _ kind: BenchInputs.Kind, _ sizes: [Int]
  ) -> [Benchmark] {
    let what = (["martlet", "opt"] + passes).joined(separator: " ")
    return programFamily(
      "\(name).\(kind.rawValue)", "process: \(what)", sizes: sizes, item: kind.item
    ) { inputs, size in
      ProgramWork(
        arguments: ["opt", try inputs.file(kind, size), "--allow-unregistered-dialect"] + passes
          + ["-o", "/dev/null"], count: kind.itemCount(size))
    }
  }

  /// An example, with nothing compiled before and with all of it.
  private static func example(
    _ name: String, isQuick: Bool = true,
    _ arguments: @escaping @Sendable (BenchInputs) throws -> [String]
  ) -> [Benchmark] {
    [
      program(
        "run_cold.\(name)", "process: compile and run the example, no compiled code at hand",
        isQuick: isQuick
      ) { inputs in
        let cache = "\(inputs.folder)/cache-cold"
        return ProgramWork(
          arguments: ["run"] + (try arguments(inputs)), emptied: [cache],
          environment: ["MARTLET_CACHE_DIR": cache])
      },
      program(
        "run_warm.\(name)", "process: run the example, its compiled code at hand",
        isQuick: isQuick
      ) { inputs in
        ProgramWork(
          arguments: ["run"] + (try arguments(inputs)),
          environment: ["MARTLET_CACHE_DIR": "\(inputs.folder)/cache-warm"])
      },
    ]
  }
}

// MARK: Inputs of the examples

/// Weights and rows for `Examples/mlp.mlir`.
private func mlp(_ inputs: BenchInputs) throws -> [String] {
  let shapes: [(name: String, shape: [Int])] = [
    ("x", [32, 64]), ("w1", [64, 128]), ("b1", [128]), ("ws", [4, 128, 128]), ("bs", [4, 128]),
    ("w2", [128, 10]), ("b2", [10]),
  ]
  var generator = SplitMix64(seed: 2)
  var arguments = ["\(inputs.root)/Examples/mlp.mlir"]
  for (name, shape) in shapes {
    let scale = name.hasPrefix("w") ? 1 / Double(shape[shape.count - 2]).squareRoot() : 1
    let values = (0..<shape.reduce(1, *)).map { _ in
      Float32((Double(generator.next(in: 0...2_000_000)) / 1_000_000 - 1) * scale)
    }
    let path = "\(inputs.folder)/mlp-\(name).npy"
    try inputs.write(path, try NPY.encode(try Tensor(values, shape: shape)))
    arguments += ["--input", "\(name)=\(path)"]
  }
  return arguments
}

/// A graph of 20,000 vertices for `Examples/pagerank.mlir`: each but a twentieth of them leads to some others,
/// most often to one of the first.
private func graph(_ inputs: BenchInputs) throws -> String {
  let vertices = 20_000
  var generator = SplitMix64(seed: 3)
  var entries: [String] = []
  for from in 1...vertices where from % 20 != 0 {
    var targets: Set<Int> = []
    for _ in 0..<generator.next(in: 1...10) {
      let bound = generator.next(in: 1...vertices)
      targets.insert(generator.next(in: 1...bound))
    }
    let weight = 1 / Double(targets.count)
    for to in targets.sorted() { entries.append("\(to) \(from) \(weight)\n") }
  }
  let path = "\(inputs.folder)/graph.mtx"
  let header =
    "%%MatrixMarket matrix coordinate real general\n\(vertices) \(vertices) \(entries.count)\n"
  try inputs.write(path, Array((header + entries.joined()).utf8))
  return path
}
