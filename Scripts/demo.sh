#!/bin/sh
# Run the four example programs on real input, and check each result against its reference. Needs
# `make setup build`.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.build/release:$PWD/build/venv/bin:$PATH"
# A cache of compiled code of the demo's own, empty at first: what is shown is a first run.
MARTLET_CACHE_DIR="$PWD/build/demo/cache"
rm -rf "$MARTLET_CACHE_DIR"
export PATH MARTLET_CACHE_DIR

# Shows a command, then runs it.
run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

heading() {
  printf '\n== %s\n' "$1"
}

mkdir -p build/demo
speech=build/demo/speech
silero=$speech/silero_vad_16k_sequence.onnx

heading 'Handwritten digits: a convolutional network from an ONNX file'
run martlet run Examples/digits/cnn.onnx --input images=Examples/digits/test_images.npy \
  --output logits=build/logits.npy --labels Examples/digits/test_labels.npy
run python3 Examples/digits/reference.py --check build/logits.npy

heading 'Where is speech? An LSTM from the package silero-vad'
run python3 Examples/speech/make_audio.py $speech
run martlet run $silero --input input=$speech/input.npy --input h=$speech/h.npy \
  --input c=$speech/c.npy --output speech_probs=build/speech_probs.npy --speech
run python3 Examples/speech/reference.py $silero $speech --check build/speech_probs.npy

heading 'A perceptron written in MLIR'
mlp=build/demo/mlp
run python3 Examples/mlp/reference.py $mlp
run martlet run Examples/mlp.mlir --input x=$mlp/x.npy --input w1=$mlp/w1.npy \
  --input b1=$mlp/b1.npy --input ws=$mlp/ws.npy --input bs=$mlp/bs.npy --input w2=$mlp/w2.npy \
  --input b2=$mlp/b2.npy --output 0=build/probabilities.npy
run python3 Examples/mlp/reference.py $mlp --check build/probabilities.npy

heading 'PageRank in MLIR, over the packages of this machine'
run python3 Examples/pagerank/package_graph.py build
run martlet run Examples/pagerank.mlir --input A=build/packages.mtx --output 0=build/ranks.npy \
  --top=10 --names=build/packages.txt
run python3 Examples/pagerank/reference.py build/packages.mtx --names build/packages.txt \
  --check build/ranks.npy
