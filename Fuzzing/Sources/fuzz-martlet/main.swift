import Glibc

// The linker takes this `main` or libFuzzer's own; both come to `LLVMFuzzerInitialize` (see Driver.swift).
var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runFuzzer(&count, &arguments, { fuzzOne($0, $1) }))
