#!/bin/sh
# Everything a change has to pass: `make test`, which installs what this needs. The fast suites come
# last, so that their summary is the last thing to be read.
set -eu
cd "$(dirname "$0")/.."
strict='-Xswiftc -warnings-as-errors'

step() {
  printf '\n== %s\n' "$1"
}

step 'Format'
Scripts/lint.sh

step 'Build (debug, warnings are errors)'
# shellcheck disable=SC2086  # a list of words
swift build --build-tests $strict

step 'Build (release)'
make build

step 'The demo, each result checked against its reference'
Scripts/demo.sh

step 'A package that uses the library'
Scripts/test_embedding.sh

step 'Every benchmark, briefly'
build/venv/bin/python3 Benchmarks/run_all.py --quick
.build/release/martlet bench --quick
.build/release/martlet bench --peers --quick --filter 'empty module|chain|walk'

step 'The site of the benchmarks, of two commits, in Chromium'
Benchmarks/make_venvs.sh
Scripts/test_bench_site.sh

step 'The Python tools'
MARTLET="$PWD/.build/release/martlet" build/venv/bin/python3 -m unittest discover -s Python/tests

step 'Pages of martlet view, in a browser'
build/venv/bin/python3 Scripts/test_view_page.py

step 'What README and Docs show is what the commands print'
build/venv/bin/python3 Scripts/update_docs.py --check

step 'The site of the documentation, every link leading somewhere'
build/venv/bin/python3 Scripts/build_site.py

step 'Tests'
MARTLET_TEST_MODELS="$PWD/build/demo/speech/silero_vad_16k_sequence.onnx"
MARTLET_TEST_BUILD="$PWD/build"
export MARTLET_TEST_MODELS MARTLET_TEST_BUILD
# shellcheck disable=SC2086
exec swift test --skip-build $strict
