import Glibc
import Martlet
import MartletSupport

// usage: fuzz-martlet TARGET [libFuzzer options] CORPUS...
//        fuzz-martlet seeds FOLDER FILE...
// TARGET is text, bytecode or passes. `seeds` writes the parts of MLIR files to FOLDER/text, FOLDER/bytecode and
// FOLDER/passes.

/// libFuzzer's driver, which calls `body` with one input after another.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

func usage() -> Never {
  ToolStreams.standard().report("usage: fuzz-martlet text|bytecode|passes|seeds ...\n")
  exit(2)
}

guard CommandLine.argc >= 2 else { usage() }
let target = CommandLine.arguments[1]

if target == "seeds" {
  guard CommandLine.argc >= 3 else { usage() }
  writeSeeds(to: CommandLine.arguments[2], from: Array(CommandLine.arguments.dropFirst(3)))
  exit(0)
}

// The driver sees the arguments without the target's name.
var arguments = CommandLine.unsafeArgv
arguments[1] = arguments[0]
arguments += 1
var count = CommandLine.argc - 1

let status: Int32
switch target {
case "text":
  status = runFuzzer(&count, &arguments) { data, size in
    fuzzText(UnsafeBufferPointer(start: data, count: size))
    return 0
  }
case "bytecode":
  status = runFuzzer(&count, &arguments) { data, size in
    fuzzBytecode(UnsafeBufferPointer(start: data, count: size))
    return 0
  }
case "passes":
  status = runFuzzer(&count, &arguments) { data, size in
    fuzzPasses(UnsafeBufferPointer(start: data, count: size))
    return 0
  }
default: usage()
}
exit(status)
