#!/bin/sh
# Install what is missing: LLVM's runtime library, the speech synthesiser of the demo, and a Python
# environment in build/venv with the models and the references. Does nothing where all is there.
#
#   Scripts/setup.sh [--test]
#
# With --test, MLIR's own tools and records too, which some tests compare with, and a headless Chromium, which
# opens the pages and pictures that are made; those tests are skipped without. The history of `martlet bench`
# needs SQLite's library.
set -eu
cd "$(dirname "$0")/.."

is_installed() {
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

# The newest of the packages named that the package lists have.
first_available() {
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      echo "$package"
      return
    fi
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "setup.sh: to install packages, run it as root or install sudo" >&2
    exit 1
  fi
}

update_lists() {
  [ -n "${updated:-}" ] || as_root apt-get update -qq
  updated=yes
}

install_packages() {
  update_lists
  echo "setup.sh: installing $*" >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" \
    >/dev/null
}

if ! command -v swift >/dev/null; then
  echo "setup.sh: Swift 6.2 or newer is needed, and 'swift' was not found" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null; then
  echo "setup.sh: no apt-get here; install libLLVM (19 to 22), espeak-ng and Python's venv" >&2
else
  missing=
  for package in espeak-ng python3-venv libsqlite3-0; do
    is_installed "$package" || missing="$missing $package"
  done
  found=
  for version in 22 21 20 19; do
    if is_installed "libllvm$version"; then
      found=yes
      break
    fi
  done
  # shellcheck disable=SC2086  # a list of words
  [ -z "$missing" ] || install_packages $missing
  if [ -z "$found" ]; then
    update_lists
    install_packages "$(first_available libllvm22 libllvm21 libllvm20 libllvm19)"
  fi
  if [ "${1:-}" = --test ]; then
    # mlir-opt; llvm-tblgen and the .td files it reads.
    for package in mlir-22-tools llvm-22 libmlir-22-dev; do
      is_installed "$package" || install_packages "$package" ||
        echo "setup.sh: no $package: tests that compare with it will be skipped" >&2
    done
  fi
  if [ "${1:-}" = --test ] && ! command -v chromium-headless-shell >/dev/null &&
    ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    update_lists
    install_packages "$(first_available chromium-headless-shell chromium)" ||
      echo "setup.sh: no Chromium: tests that open pages will be skipped" >&2
  fi
  # The demo's graph is made of the package lists, which a fresh machine does not have.
  if [ "$(apt-cache dumpavail | grep -c '^Package:')" -lt 10000 ]; then update_lists; fi
fi
Scripts/make_venv.sh build/venv
Scripts/install_d3.sh ||
  echo "setup.sh: without D3, pages of martlet view have tables in place of plots" >&2
