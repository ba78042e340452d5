#!/bin/sh
# Build Examples/embedding, a package that depends on this one, and check what its program prints.
set -eu
cd "$(dirname "$0")/.."

swift build --package-path Examples/embedding
program=$(swift build --package-path Examples/embedding --show-bin-path)/embedding
found=$("$program" Examples/digits/cnn.onnx Examples/digits/test_images.npy)
printf '%s\n' "$found"
case $found in
  *'all threads agree'*) ;;
  *)
    echo 'test_embedding.sh: the program did not say that all threads agree' >&2
    exit 1
    ;;
esac
