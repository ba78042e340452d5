import Glibc
import MartletSupport
import TestSupport
import Testing

@testable import MartletONNX

/// A folder that goes away with the object.
private final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/martlet-onnx-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
  }

  deinit {
    if let listing = opendir(path) {
      while let entry = readdir(listing) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        unlink("\(path)/\(name)")
      }
      closedir(listing)
    }
    rmdir(path)
  }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try bytes.withUnsafeBytes { try writeFileAtomically("\(path)/\(name)", $0) }
    return "\(path)/\(name)"
  }
}

/// A model of one weight of two floats in an external file.
private func externalModel(_ entries: [(String, String)], shape: [Int] = [2]) -> [UInt8] {
  let weight = tensor("w", shape: shape) { message in
    for (key, value) in entries {
      message.message(
        13,
        Message {
          $0.text(1, key)
          $0.text(2, value)
        })
    }
    message.int(14, 1)
  }
  return model(graph(initializers: [weight])).bytes
}

@Suite struct ONNXExternalDataTests {
  private let folder = TemporaryFolder()

  private func said(_ entries: [(String, String)], shape: [Int] = [2]) throws -> String {
    let path = try folder.write("m.onnx", externalModel(entries, shape: shape))
    do throws(Diagnostic) {
      _ = try ONNXModel(contentsOf: path)
      return "no complaint"
    } catch {
      return error.description
    }
  }

  @Test func mapsTheFileBesideTheModel() throws {
    _ = try folder.write("w.bin", raw([9, 1.5, -2.5] as [Float]))
    let entries = [("location", "w.bin"), ("offset", "4"), ("length", "8")]
    for given in [entries, Array(entries.prefix(2))] {
      let path = try folder.write("m.onnx", externalModel(given))
      let decoded = try ONNXModel(contentsOf: path)
      #expect(content(decoded.graph.initializers[0]) == raw([1.5, -2.5] as [Float]))
    }
  }

  @Test func followsTheModelThroughALink() throws {
    let cache = TemporaryFolder()
    let path = try folder.write("m.onnx", externalModel([("location", "w.bin")]))
    let data = try folder.write("blob", raw([1, 2] as [Float]))
    #expect(symlink(path, "\(cache.path)/m.onnx") == 0)
    #expect(symlink(data, "\(cache.path)/w.bin") == 0)
    let decoded = try ONNXModel(contentsOf: "\(cache.path)/m.onnx")
    #expect(content(decoded.graph.initializers[0]) == raw([1, 2] as [Float]))
  }

  @Test func refusesToLeaveTheFolder() throws {
    let outside = TemporaryFolder()
    let target = try outside.write("w.bin", raw([1, 2] as [Float]))
    let name = outside.path.split(separator: "/").last.map(String.init) ?? ""
    #expect(try said([("location", target)]).contains("leads out of the model's folder"))
    #expect(
      try said([("location", "../\(name)/w.bin")]).contains("leads out of the model's folder"))
    #expect(symlink(target, "\(folder.path)/link.bin") == 0)
    #expect(try said([("location", "link.bin")]).contains("'link.bin' leads out of the model's"))
    #expect(symlink(outside.path, "\(folder.path)/sub") == 0)
    #expect(try said([("location", "sub/w.bin")]).contains("leads out of the model's folder"))
  }

  @Test func refusesWhatIsNotThere() throws {
    _ = try folder.write("w.bin", raw([1, 2] as [Float]))
    #expect(try said([]).contains("tensor 'w': the external data has no location"))
    #expect(try said([("location", "none.bin")]).contains("No such file"))
    #expect(try said([("location", ".")]).contains("error: "))
    #expect(try said([("location", "")]).contains("not a file's name"))
    let location = ("location", "w.bin")
    #expect(
      try said([location, ("offset", "4")]).contains(
        "8 bytes from byte 4 on are asked of 'w.bin', which has 8"))
    #expect(try said([location, ("offset", "9223372036854775807")]).contains("are asked of"))
    #expect(try said([location, ("offset", "-4")]).contains("offset '-4' is not a number"))
    #expect(try said([location, ("length", "x")]).contains("length 'x' is not a number"))
    #expect(
      try said([location, ("length", "4")]).contains("the external data has 4 bytes, but"))
    #expect(try said([location], shape: [1 << 50]).contains("are asked of"))
    #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
    #expect(try said([("location", "pipe")]).contains("not a regular file"))
  }
}

/// The package's folder, with a slash at its end.
let packageFolder =
  #filePath.split(separator: "Tests/ONNXTests").first.map(String.init) ?? ""

/// Models made by real exporters: the example's, and those that `MARTLET_TEST_MODELS` lists.
private let realModels: [String] = {
  let listed = getenv("MARTLET_TEST_MODELS").map { String(cString: $0) } ?? ""
  let paths =
    ["\(packageFolder)Examples/digits/cnn.onnx"] + listed.split(separator: ":").map(String.init)
  return paths.filter { access($0, R_OK) == 0 }
}()

@Suite struct ONNXRealModelTests {
  @Test(arguments: realModels)
  func decodesAndViewsTheFile(path: String) throws {
    let decoded = try ONNXModel(contentsOf: path)
    #expect(!decoded.graph.nodes.isEmpty && !decoded.graph.outputs.isEmpty)
    exercise(decoded)
    for tensor in decoded.graph.initializers {
      guard case .bytes(let bytes) = tensor.content else { continue }
      #expect(bytes.owner is MappedFile, "\(tensor.name) is a copy")
    }
  }

  @Test(.enabled(if: access("\(packageFolder)Examples/digits/cnn.onnx", R_OK) == 0))
  func decodesTheDigitsModel() throws {
    let decoded = try ONNXModel(contentsOf: "\(packageFolder)Examples/digits/cnn.onnx")
    let graph = decoded.graph
    #expect(
      graph.nodes.map(\.operatorName) == [
        "Conv", "Relu", "MaxPool", "Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Relu", "Gemm",
      ])
    #expect(
      graph.inputs.map { "\($0.name): \($0.type?.description ?? "")" }
        == ["images: tensor(float)[batch,1,8,8]"])
    #expect(
      graph.initializers.map(\.shape) == [
        [16, 1, 3, 3], [16], [32, 16, 3, 3], [32], [64, 128], [64], [10, 64], [10],
      ])
    #expect(graph.nodes[0].attribute("pads")?.ints == [1, 1, 1, 1])
    #expect(graph.nodes[7].attribute("transB")?.int == 1)
  }

  @Test(arguments: realModels)
  func refusesTruncation(path: String) throws {
    let file = try MappedFile(path: path)
    let count = file.bytes.count
    let lengths = Array(0..<min(1024, count)) + (1...64).map { count - $0 * (count / 65) }
    for length in lengths {
      #expect(complaint(file.bytes.prefix(length)).contains("error: "), "at \(length)")
    }
  }

  @Test(arguments: realModels)
  func survivesFlippedBits(path: String) throws {
    let file = try MappedFile(path: path)
    var random = Generator(state: 3)
    // The structure of a file is at its start; in the weights any bit may be as it likes.
    for _ in 0..<100 {
      var bytes = Array(file.bytes)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<min(bytes.count, 20_000), using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
      do throws(Diagnostic) { exercise(try decode(bytes)) } catch {
        #expect(error.severity == .error)
      }
    }
  }
}
