// Loads a model, asks what it takes and gives, and runs it on several threads at once.
//
//     embedding MODEL.onnx INPUT.npy

import Dispatch
import Glibc
import Martlet
import MartletRuntime

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  print("usage: embedding MODEL.onnx INPUT.npy")
  exit(2)
}

do {
  // What every program does: load, ask, run.
  let program = try Program(contentsOf: arguments[1])
  let input = try program.inputs()[0]
  let output = try program.outputs()[0]
  print("\(input.name): \(input.typeText) -> \(output.name): \(output.typeText)")

  // The caller's own memory, which the tensor views: nothing is copied.
  var pixels = try floats(NPY.read(arguments[2]))
  let count = pixels.count / 64
  let whole = try pixels.withUnsafeMutableBytes { memory in
    let images = try Tensor(
      viewing: memory, elementType: .f32, shape: [count, 1, 8, 8], owner: nil)
    return try floats(program.run([input.name: images])[output.name])
  }
  print("\(count) images, \(whole.count) results")

  // Several threads run one program.
  let images = try Tensor(pixels, shape: [count, 1, 8, 8])
  let agreeing = Counter()
  DispatchQueue.concurrentPerform(iterations: 4) { _ in
    let found = try? program.run([input.name: images])[output.name].flatMap(floats)
    if found == whole { agreeing.increment() }
  }
  guard agreeing.value == 4 else { throw MartletError("the threads disagree") }
  print("all threads agree")
} catch {
  print("\(error)")
  exit(1)
}
