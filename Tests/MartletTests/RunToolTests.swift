import Foundation
import Glibc
import Martlet
import MartletRuntime
import TestSupport
import Testing

extension ToolRun {
  /// Runs `martlet run` in this process, with nothing kept on disk.
  static func run(_ arguments: [String]) -> ToolRun {
    run(RunTool.run, arguments + ["--no-cache", "--quiet"])
  }
}

private let digits = packageFolder + "/Examples/digits"

/// The programs of the demo, in this process.
@Suite struct RunToolTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  private func floats(_ path: String) throws -> [Float] {
    try #require(try NPY.read(path).elements(as: Float.self))
  }

  @Test(arguments: [[], ["--interpret"]]) func readsDigits(_ options: [String]) throws {
    let output = scratch.path + "/logits.npy"
    let run = ToolRun.run(
      [
        digits + "/cnn.onnx", "--input", "images=\(digits)/test_images.npy",
        "--output", "logits=\(output)", "--labels", digits + "/test_labels.npy",
      ] + options)
    try #require(run.status == .success, "\(run.messages)")
    #expect(run.out == "accuracy 100.00 % (360 of 360)\n")
    #expect(run.messages.isEmpty)
    let expected = try floats(digits + "/test_logits.npy")
    let found = try floats(output)
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// What a textual level prints is a program that gives the same answer.
  @Test(arguments: ["linalg", "bufferized", "loops", "llvm-dialect"])
  func levelsAreProgramsToo(_ stage: String) throws {
    let x = scratch.path + "/x.npy"
    try NPY.write(try Tensor((0..<16).map { Float($0) - 7.5 }, shape: [4, 4]), to: x)
    let model = try scratch.write(
      "m.mlir",
      """
      func.func @main(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
        %zero = arith.constant 0.0 : f32
        %empty = tensor.empty() : tensor<4x4xf32>
        %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
        %product = linalg.matmul ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>)
            outs(%zeros : tensor<4x4xf32>) -> tensor<4x4xf32>
        return %product : tensor<4x4xf32>
      }
      """)
    let emitted = ToolRun.run([model, "--input", "x=\(x)", "--emit=\(stage)"])
    try #require(emitted.status == .success, "\(emitted.messages)")
    let level = try scratch.write("level.mlir", emitted.out)
    var results: [[Float]] = []
    for program in [model, level] {
      let output = scratch.path + "/out.npy"
      let run = ToolRun.run([program, "--input", "x=\(x)", "--output", "0=\(output)"])
      try #require(run.status == .success, "\(run.messages)")
      results.append(try floats(output))
    }
    #expect(results[0] == results[1])
    #expect(results[0].contains { $0 != 0 })
  }

  @Test(arguments: ["onnx", "llvm", "asm", "plan"]) func printsLevels(_ stage: String) {
    let run = ToolRun.run([
      digits + "/cnn.onnx", "--input", "images=\(digits)/test_images.npy", "--emit=\(stage)",
    ])
    #expect(run.status == .success, "\(run.messages)")
    #expect(run.out.utf8.count > 200)
  }

  @Test func ranksASparseMatrix() throws {
    // A ring of three and one that nobody needs.
    let matrix = try scratch.write(
      "ring.mtx",
      """
      %%MatrixMarket matrix coordinate real general
      4 4 4
      2 1 1.0
      3 2 1.0
      1 3 1.0
      1 4 1.0

      """)
    let names = try scratch.write("names.txt", "one\ntwo\nthree\nfour\n")
    for options in [[], ["--interpret"]] {
      let run = ToolRun.run(
        [
          packageFolder + "/Examples/pagerank.mlir", "--input", "A=\(matrix)", "--top=4",
          "--names=\(names)",
        ] + options)
      #expect(run.status == .success, "\(run.messages)")
      let order = run.out.split(separator: "\n").compactMap { $0.split(separator: " ").last }
      #expect(order == ["one", "two", "three", "four"])
    }
  }

  /// The text of the program says how wide a matrix's numbers are; the file cannot.
  @Test(
    arguments: ["f32", "f64"],
    ["", ", posWidth = 32, crdWidth = 32", ", posWidth = 64, crdWidth = 64"])
  func readsMatricesAsTheProgramSays(_ type: String, _ widths: String) throws {
    let model = try scratch.write(
      "rows.mlir",
      """
      #CSR = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed)\(widths) }>
      func.func @main(%A: tensor<?x?x\(type), #CSR>) -> tensor<?x\(type)> {
        %zero = arith.constant 0.0 : \(type)
        %axis = arith.constant 0 : index
        %n = tensor.dim %A, %axis : tensor<?x?x\(type), #CSR>
        %empty = tensor.empty(%n) : tensor<?x\(type)>
        %start = linalg.fill ins(%zero : \(type)) outs(%empty : tensor<?x\(type)>) -> tensor<?x\(type)>
        %sums = linalg.generic {
          indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
          iterator_types = ["parallel", "reduction"]
        } ins(%A : tensor<?x?x\(type), #CSR>) outs(%start : tensor<?x\(type)>) {
        ^bb0(%a: \(type), %sum: \(type)):
          %total = arith.addf %sum, %a : \(type)
          linalg.yield %total : \(type)
        } -> tensor<?x\(type)>
        return %sums : tensor<?x\(type)>
      }
      """)
    let matrix = try scratch.write(
      "a.mtx",
      "%%MatrixMarket matrix coordinate real general\n3 4 4\n1 1 1.0\n1 4 2.5\n3 2 4.0\n3 3 0.5\n")
    for options in [[], ["--interpret"]] {
      let run = ToolRun.run([model, "--input", "A=\(matrix)", "--top=3"] + options)
      #expect(run.status == .success, "\(run.messages)")
      #expect(run.out == ToolRun.run([model, "--input", "A=\(matrix)", "--top=3"]).out)
      #expect(run.out.contains("4.5") && run.out.contains("3.5"), "\(run.out)")
    }
  }

  @Test func widthsThatDiffer() throws {
    let model = try scratch.write(
      "widths.mlir",
      """
      #M = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed), posWidth = 32 }>
      func.func @main(%A: tensor<2x2xf64, #M>) -> index {
        %n = sparse_tensor.number_of_entries %A : tensor<2x2xf64, #M>
        return %n : index
      }
      """)
    let matrix = try scratch.write(
      "a.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1.0\n")
    let run = ToolRun.run([model, "--input", "A=\(matrix)"])
    run.expectFailure("positions and coordinates of one width")
  }

  @Test func tellsUsage() {
    for arguments in [
      [], ["a.onnx", "b.onnx"], ["a.onnx", "--input", "x"], ["--emit=none", "a"],
    ] {
      let run = ToolRun.run(RunTool.run, arguments)
      #expect(run.status == .usage)
      #expect(run.messages.contains("--help"))
    }
    #expect(ToolRun.run(RunTool.run, ["--help"]).out.contains("usage: martlet run"))
  }
}

/// Wrong models, wrong inputs, wrong places: each ends in a diagnostic, with nothing written.
@Suite struct RunToolErrorTests {
  private let scratch: ScratchFolder
  init() throws { scratch = try ScratchFolder() }

  private let identity = """
    func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
      %sum = arith.addf %x, %x : tensor<2x3xf32>
      return %sum : tensor<2x3xf32>
    }
    """

  /// Runs the program above, or `model`, and expects a diagnosed error and no output file.
  private func expectFailure(
    _ message: String, model: String? = nil, _ options: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = try model ?? scratch.write("m.mlir", identity)
    let output = scratch.path + "/out.npy"
    let run = ToolRun.run([file] + options + ["--output", "0=\(output)"])
    run.expectFailure(message, sourceLocation: sourceLocation)
    #expect(
      try scratch.names.allSatisfy { !$0.hasPrefix("out.npy") }, sourceLocation: sourceLocation)
  }

  private func array(_ name: String, _ shape: [Int] = [2, 3]) throws -> String {
    let path = "\(scratch.path)/\(name).npy"
    try NPY.write(try Tensor(zeros: .f32, shape: shape), to: path)
    return path
  }

  /// A `.npy` file with this description of its content.
  private func npy(_ header: String, _ data: Int) throws -> String {
    let length = UInt8(header.utf8.count)
    let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, length, 0]
    return try scratch.write(
      "bad.npy", head + Array(header.utf8) + [UInt8](repeating: 0, count: data))
  }

  // MARK: The model's file

  @Test(arguments: ["missing.onnx", "missing.mlir"]) func missingModel(_ name: String) throws {
    let path = "\(scratch.path)/\(name)"
    try expectFailure("\(path): error: cannot open file", model: path, [])
  }

  @Test func modelIsADirectory() throws {
    try expectFailure("is a directory", model: scratch.path, [])
  }

  @Test func notONNX() throws {
    let text = try scratch.write("text.onnx", "This is not a model, it is a sentence.\n")
    try expectFailure("text.onnx", model: text, [])
    let empty = try scratch.write("empty.onnx", "")
    try expectFailure("empty.onnx", model: empty, [])
  }

  /// Every length up to a kilobyte, and some beyond it.
  @Test func truncatedModels() throws {
    let whole = Array(try Data(contentsOf: URL(filePath: digits + "/cnn.onnx")))
    let images = digits + "/test_images.npy"
    for count in Array(0..<min(1024, whole.count)) + stride(from: 1024, to: whole.count, by: 9973) {
      let file = try scratch.write("cut.onnx", Array(whole[..<count]))
      let run = ToolRun.run([file, "--input", "images=\(images)"])
      #expect(run.status == .failure, "cut to \(count) bytes")
      #expect(run.messages.contains("cut.onnx"), "cut to \(count) bytes: \(run.messages)")
    }
  }

  private func expectRefusal(_ text: String, _ graph: Message) throws {
    let model = try scratch.write("bad.onnx", model(graph).bytes)
    let x = try array("x")
    try expectFailure("bad.onnx", model: model, ["--input", "x=\(x)"])
    try expectFailure(text, model: model, ["--input", "x=\(x)"])
  }

  @Test func weightOfTheWrongSize() throws {
    for count in [0, 4, 23, 25, 4096] {
      let weight = tensor("w", shape: [2, 3]) { $0.data(9, [UInt8](repeating: 0, count: count)) }
      try expectRefusal(
        "'w'",
        graph(
          nodes: [node("add", "Add", ["x", "w"], ["y"])], initializers: [weight],
          inputs: [value("x", [2, 3])], outputs: [value("y", [2, 3])]))
    }
  }

  @Test func cycle() throws {
    let nodes = [
      node("a", "Add", ["x", "r"], ["p"]), node("b", "Relu", ["p"], ["q"]),
      node("c", "Neg", ["q"], ["r"]),
    ]
    try expectRefusal(
      "node 'a' (operator Add, opset 18): the graph has a cycle: 'a' -> 'b' -> 'c' -> 'a'",
      graph(nodes: nodes, inputs: [value("x", [2, 3])], outputs: [value("r", [2, 3])]))
  }

  @Test func unknownOperator() throws {
    let unknown = node("odd", "Frobnicate", ["x"], ["y"])
    try expectRefusal(
      "node 'odd' (operator Frobnicate, opset 18)",
      graph(nodes: [unknown], inputs: [value("x", [2, 3])], outputs: [value("y", [2, 3])]))
    let foreign = node("odd", "Relu", ["x"], ["y"], domain: "com.example")
    try expectRefusal(
      "Relu",
      graph(nodes: [foreign], inputs: [value("x", [2, 3])], outputs: [value("y", [2, 3])]))
  }

  // MARK: Inputs

  @Test func missingInput() throws {
    try expectFailure("input 'x' is missing", [])
    try expectFailure(
      "nothing.npy: error: cannot open file", ["--input", "x=\(scratch.path)/nothing.npy"])
    try expectFailure("is a directory", ["--input", "x=\(scratch.path)"])
  }

  @Test func wrongInputName() throws {
    let x = try array("x")
    try expectFailure("there is no input 'y'", ["--input", "y=\(x)"])
    try expectFailure("there is no input '1'", ["--input", "1=\(x)"])
    try expectFailure("given twice", ["--input", "x=\(x)", "--input", "x=\(x)"])
    try expectFailure("given twice", ["--input", "x=\(x)", "--input", "0=\(x)"])
  }

  @Test func wrongOutputName() throws {
    let x = try array("x")
    let file = try scratch.write("m.mlir", identity)
    let run = ToolRun.run([
      file, "--input", "x=\(x)", "--output", "nosuch=\(scratch.path)/out.npy",
    ])
    run.expectFailure("there is no output 'nosuch'")
    #expect(try scratch.names == ["m.mlir", "x.npy"])
  }

  @Test func wrongRankSizeAndType() throws {
    try expectFailure("2x3xf32", ["--input", "x=\(try array("rank", [6]))"])
    try expectFailure("2x3xf32", ["--input", "x=\(try array("size", [3, 2]))"])
    let path = scratch.path + "/f64.npy"
    try NPY.write(try Tensor(zeros: .f64, shape: [2, 3]), to: path)
    try expectFailure("f64", ["--input", "x=\(path)"])
    let matrix = try scratch.write(
      "a.mtx", "%%MatrixMarket matrix coordinate real general\n2 3 1\n1 1 1.0\n")
    try expectFailure("sparse", ["--input", "x=\(matrix)"])
  }

  @Test func unsuitableArrays() throws {
    let fortran = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n"
    try expectFailure("Fortran", ["--input", "x=\(try npy(fortran, 24))"])
    let bigEndian = "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }\n"
    try expectFailure("big-endian", ["--input", "x=\(try npy(bigEndian, 24))"])
    let plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n"
    for count in [0, 4, 23] {
      try expectFailure("bad.npy: error: ", ["--input", "x=\(try npy(plain, count))"])
    }
  }

  @Test func malformedMatrices() throws {
    let head = "%%MatrixMarket matrix coordinate real general\n"
    let model = packageFolder + "/Examples/pagerank.mlir"
    let wrong: [(text: String, place: String)] = [
      ("1 1 1\n", "bad.mtx:1:1: error: "),
      (head + "2 2 1\n1 x 1.0\n", "bad.mtx:3:3: error: "),
      (head + "2 2 1\n3 1 1.0\n", "bad.mtx:3:1: error: "),
      (head + "2 2 1\n1 1 one\n", "bad.mtx:3:5: error: "),
      (head + "2 2 2\n1 1 1.0\n", "bad.mtx:"),
      (head + "-1 2 0\n", "bad.mtx:2:1: error: "),
      (head + "99999999999999999999 2 0\n", "bad.mtx:2:1: error: "),
    ]
    for (text, place) in wrong {
      let matrix = try scratch.write("bad.mtx", text)
      try expectFailure(place, model: model, ["--input", "A=\(matrix)"])
    }
  }

  // MARK: Programs that cannot be run

  @Test func wrongEntry() throws {
    let x = try array("x")
    try expectFailure("'nosuch'", ["--input", "x=\(x)", "--entry", "nosuch"])
    let none = try scratch.write("none.mlir", "module {}\n")
    try expectFailure("no public function", model: none, [])
    let two = try scratch.write(
      "two.mlir", "func.func @f() {\n  return\n}\nfunc.func @g() {\n  return\n}\n")
    try expectFailure("--entry", model: two, [])
  }

  /// More memory than any machine has is refused, not tried.
  @Test(arguments: ["100000000000000", "9000000000000000000"])
  func hugeTensors(_ size: String) throws {
    let type = "tensor<\(size)xf32>"
    let model = try scratch.write(
      "huge.mlir",
      """
      func.func @main(%x: f32) -> \(type) {
        %empty = tensor.empty() : \(type)
        %filled = linalg.fill ins(%x : f32) outs(%empty : \(type)) -> \(type)
        return %filled : \(type)
      }
      """)
    try expectFailure("memory", model: model, ["--input", "x=\(try array("x", []))"])
  }

  /// In a process of its own, as libLLVM is looked for once in each.
  @Test func noLibLLVM() throws {
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let program = bundle.appending(path: "martlet")
    try #require(FileManager.default.isExecutableFile(atPath: program.path()))
    let process = Process()
    let messages = Pipe()
    process.executableURL = program
    process.environment = ["MARTLET_LIBLLVM": scratch.path + "/no/libLLVM.so"]
    let output = scratch.path + "/out.npy"
    process.arguments = [
      "run", try scratch.write("m.mlir", identity), "--input", "x=\(try array("x"))",
      "--output", "0=\(output)", "--no-cache",
    ]
    process.standardError = messages
    try process.run()
    let text = String(
      decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text.contains("MARTLET_LIBLLVM"))
    #expect(text.contains("libllvm22"), "does not say what to install: \(text)")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func outputThatCannotBeWritten() throws {
    let x = try array("x")
    let file = try scratch.write("m.mlir", identity)
    let before = try scratch.names
    ToolRun.run([file, "--input", "x=\(x)", "--output", "0=\(scratch.path)/no/out.npy"])
      .expectFailure("cannot write file")
    #expect(try scratch.names == before)
  }
}
