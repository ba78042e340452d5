#!/bin/sh
# Make Python environments for `martlet bench`.
#
#   Benchmarks/make_venvs.sh [--all-pythons]
#
# build/bench-venv gets what requirements.txt names: asv, xDSL, matplotlib. With --all-pythons each other Python
# of this machine that xDSL can be installed for (CPython 3.11 or later, PyPy of that age) gets an environment
# build/bench-venv-VERSION with xDSL, and `martlet bench --peers` measures xDSL in each.
set -eu
cd "$(dirname "$0")/.."

if [ $# -gt 1 ] || [ "${1:---all-pythons}" != --all-pythons ]; then
  echo "usage: make_venvs.sh [--all-pythons]" >&2
  exit 2
fi

# Makes the environment FOLDER of PYTHON with the requirements behind, unless it is there as it should be.
make_venv() {
  folder=$1
  python=$2
  shift 2
  if [ -f "$folder/requirements.stamp" ] && [ "$*" = "$(cat "$folder/requirements.stamp")" ]; then
    return 0
  fi
  "$python" -m venv --clear "$folder" &&
    "$folder/bin/python3" -m pip --disable-pip-version-check --quiet install "$@" &&
    printf '%s' "$*" >"$folder/requirements.stamp"
}

# shellcheck disable=SC2046  # a list of words
make_venv build/bench-venv python3 $(grep -v '^#' Benchmarks/requirements.txt)

# The scripts that asv's pages fetch from elsewhere, as an older asv brought them along: with them the site needs
# nothing but itself.
vendor=build/bench-venv/asv-vendor
if [ ! -f "$vendor/jquery-3.3.1.min.js" ]; then
  scratch=$(mktemp -d)
  if build/bench-venv/bin/python3 -m pip --disable-pip-version-check --quiet download --no-deps \
    --no-binary asv -d "$scratch" asv==0.5.1 >/dev/null 2>&1; then
    tar -xzf "$scratch"/asv-0.5.1.tar.gz -C "$scratch"
    rm -rf "$vendor"
    mv "$scratch"/asv-0.5.1/asv/www/vendor "$vendor"
  else
    echo "make_venvs.sh: no scripts for the site: its pages will fetch them" >&2
  fi
  rm -rf "$scratch"
fi

[ "${1:-}" = --all-pythons ] || exit 0
xdsl=$(grep '^xdsl==' Benchmarks/requirements.txt)
for version in 3.11 3.12 3.13 3.14 pypy3; do
  case $version in
  pypy*) python=$version ;;
  *) python=python$version ;;
  esac
  "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
  make_venv "build/bench-venv-$version" "$python" "$xdsl" ||
    echo "make_venvs.sh: no xDSL for $python" >&2
done
