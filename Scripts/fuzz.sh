#!/bin/sh
# Coverage-guided fuzzing with libFuzzer and AddressSanitizer.
#
# usage: Scripts/fuzz.sh [SECONDS [TARGET...]]
#
# Each target (text, bytecode, passes; all where none is named) runs for SECONDS (default 20). Inputs that reach new
# code are kept in build/fuzz/TARGET and used again the next time; what fails is left in build/fuzz/finds, and the
# exit status is 1. What was found and mended is kept in Fuzzing/Inputs, which the tests replay. Where the compiler has
# no fuzzer, nothing is done and the exit status is 0.
#
# MARTLET_FUZZ_BUILD_FLAGS='-c release' builds the fuzzers in release (some eight minutes of one core), which runs
# five to ten times as many inputs. MARTLET_FUZZ_PASSES is how many passes each part of a case file goes
# through at first (default 2; 99 for all).
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-20}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- text bytecode passes

probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
echo '@_cdecl("LLVMFuzzerTestOneInput") public func f(_: UnsafePointer<UInt8>, _: Int) -> Int32 { 0 }' \
  > "$probe/p.swift"
if ! swiftc -sanitize=fuzzer,address -parse-as-library "$probe/p.swift" -o "$probe/p" > /dev/null 2>&1; then
  echo "fuzz.sh: this compiler has no libFuzzer or AddressSanitizer; skipped"
  exit 0
fi

scratch=${MARTLET_FUZZ_SCRATCH:-Fuzzing/.build}
swift build --package-path Fuzzing --scratch-path "$scratch" ${MARTLET_FUZZ_BUILD_FLAGS:-} \
  -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
program=$(swift build --package-path Fuzzing --scratch-path "$scratch" ${MARTLET_FUZZ_BUILD_FLAGS:-} \
  -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld --show-bin-path)/fuzz-martlet

mkdir -p build/fuzz/seeds/text build/fuzz/seeds/bytecode build/fuzz/seeds/passes build/fuzz/finds
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:allocator_may_return_null=1}
find Tests/Cases -name '*.mlir' -exec "$program" seeds build/fuzz/seeds "${MARTLET_FUZZ_PASSES:-2}" {} +
{ cat Fuzzing/mlir.dict && "$program" dictionary; } > build/fuzz/mlir.dict

status=0
for target in "$@"; do
  mkdir -p "build/fuzz/$target"
  dictionary=-dict=build/fuzz/mlir.dict
  [ "$target" = bytecode ] && dictionary=-use_value_profile=1
  "$program" "$target" "build/fuzz/$target" "build/fuzz/seeds/$target" "Fuzzing/Inputs/$target" "$dictionary" \
    -max_total_time="$seconds" -timeout=25 -rss_limit_mb=6000 -max_len=8192 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/finds/"$target"- || status=1
done
exit $status
