#!/bin/sh
# Make a Python virtual environment with what the examples, benchmarks and documentation need.
#
#   Scripts/make_venv.sh FOLDER [train]
#
# With "train", what Examples/digits/train.py needs is installed instead (PyTorch among it).
# A folder made from the same requirements is left as it is.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ "${2:-train}" != train ]; then
  echo "usage: make_venv.sh FOLDER [train]" >&2
  exit 2
fi
folder=$1
examples=$(dirname "$0")/../Examples

if [ $# -eq 2 ]; then
  wanted=$(cat "$examples/requirements-train.txt")
else
  docs=$(dirname "$0")/../Docs/requirements.txt
  tools=$(dirname "$0")/../Python/requirements.txt
  tests=$(dirname "$0")/../Tests/requirements.txt
  wanted=$(cat "$examples/requirements.txt" "$examples/requirements-speech.txt" "$docs" "$tools" "$tests")
fi
stamp=$folder/requirements.stamp
if [ -f "$stamp" ] && [ "$wanted" = "$(cat "$stamp")" ]; then
  exit 0
fi

if ! python3 -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "make_venv.sh: Python 3.11 or later with its venv module is needed:" \
    "apt-get install python3-venv" >&2
  exit 1
fi
python3 -m venv --clear "$folder"
pip() {
  "$folder/bin/python3" -m pip --disable-pip-version-check --quiet "$@"
}
if [ $# -eq 2 ]; then
  pip install -r "$examples/requirements-train.txt"
else
  pip install -r "$examples/requirements.txt" -r "$docs" -r "$tools" -r "$tests"
  pip install --no-deps -r "$examples/requirements-speech.txt"
fi
printf '%s\n' "$wanted" >"$stamp"
