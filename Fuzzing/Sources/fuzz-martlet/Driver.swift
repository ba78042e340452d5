import Glibc
import Martlet
import MartletSupport
import Synchronization

// usage: fuzz-martlet TARGET [libFuzzer options] CORPUS...
//        fuzz-martlet seeds FOLDER COUNT FILE...
//        fuzz-martlet dictionary
// TARGET is text, bytecode or passes. `seeds` writes the parts of MLIR files to FOLDER/text, FOLDER/bytecode and
// FOLDER/passes, there with COUNT passes each. `dictionary` prints the names of the passes for libFuzzer.

/// libFuzzer's driver, which calls `body` with one input after another.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private let target = Mutex<FuzzTarget>(.text)

/// Takes the target's name off the command line; writes seeds where that is asked for.
@_cdecl("LLVMFuzzerInitialize")
public func initializeFuzzer(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
  let words = (0..<Int(count.pointee)).map { i in
    arguments.pointee[i].map { String(cString: $0) } ?? ""
  }
  if words.count > 4, words[1] == "seeds", let passes = Int(words[3]) {
    writeSeeds(to: words[2], from: Array(words[4...]), passCount: passes)
    exit(0)
  }
  if words.count == 2, words[1] == "dictionary" {
    for pass in Registration.passes.passes { print("\"\(pass.argument)\"") }
    exit(0)
  }
  guard words.count > 1, let named = FuzzTarget(rawValue: words[1]) else {
    ToolStreams.standard().report(
      "usage: fuzz-martlet text|bytecode|passes|seeds|dictionary ...\n")
    exit(2)
  }
  target.withLock { $0 = named }
  arguments.pointee[1] = arguments.pointee[0]
  arguments.pointee += 1
  count.pointee -= 1
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let input = UnsafeBufferPointer(start: data, count: data == nil ? 0 : size)
  if let problem = target.withLock({ $0 }).problem(input) { fatalError(problem) }
  return 0
}
