#!/bin/sh
# Make large modules out of real C, for `martlet bench --peers`: Lua, all of it, as Debian's source package has it.
#
#   Benchmarks/c_input.sh [FOLDER]
#
# FOLDER (build/bench unless given) gets
#
#   c-llvm.mlir           the llvm dialect, generic form: clang -O0, llvm-link, mlir-translate, mlir-opt
#   c-unregistered.mlir   the same with each operation, type and attribute of the llvm dialect called one of the
#                         dialect `stranger`, so that no tool knows it
#
# Needs Debian's clang-22, llvm-22 and mlir-22-tools, and a source package of Lua: the package lists have to name
# source packages (deb-src), which this script sees to in lists of its own, without touching the machine's.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-build/bench}
work=$folder/c-input
llvm=/usr/lib/llvm-22/bin
package=lua5.4

for tool in clang-22 "$llvm/llvm-link" "$llvm/mlir-translate" "$llvm/mlir-opt"; do
  if ! command -v "$tool" >/dev/null; then
    echo "c_input.sh: no $tool here: apt-get install clang-22 llvm-22 mlir-22-tools" >&2
    exit 1
  fi
done

mkdir -p "$work"
if ! ls "$work"/$package-*/src/lua.c >/dev/null 2>&1; then
  # Lists of source packages beside the machine's own: the same places, read as deb-src.
  lists=$PWD/$work/apt
  mkdir -p "$lists/parts" "$lists/state/lists/partial" "$lists/cache/archives/partial"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] && sed -n 's/^deb /deb-src /p' "$file"
  done >"$lists/sources.list"
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$lists/parts/$(basename "$file")"
  done
  source_apt() {
    apt-get -qq -o Dir::Etc::SourceList="$lists/sources.list" -o Dir::Etc::SourceParts="$lists/parts" \
      -o Dir::State::Lists="$lists/state/lists" -o Dir::Cache="$lists/cache" "$@"
  }
  source_apt update
  (cd "$work" && source_apt --download-only source $package && dpkg-source --no-check -x $package*.dsc) \
    >/dev/null
fi
source=$(dirname "$(ls "$work"/$package-*/src/lua.c)")

# What Debian's build writes before it compiles: the folder of this architecture's libraries.
mkdir -p "$work/include"
echo '#define DEB_HOST_MULTIARCH "x86_64-linux-gnu"' >"$work/include/lua5.4-deb-multiarch.h"

objects=
for file in "$source"/*.c; do
  # The interpreter's and the compiler's main programs clash.
  [ "$(basename "$file")" = luac.c ] && continue
  object=$work/$(basename "$file" .c).bc
  clang-22 -O0 -w -emit-llvm -DLUA_USE_LINUX -I"$work/include" -c "$file" -o "$object"
  objects="$objects $object"
done
# shellcheck disable=SC2086  # a list of words
"$llvm/llvm-link" $objects -o "$work/whole.bc"
"$llvm/mlir-translate" --import-llvm "$work/whole.bc" -o "$work/whole.mlir"
"$llvm/mlir-opt" --mlir-print-op-generic "$work/whole.mlir" -o "$folder/c-llvm.mlir"
sed -e 's/"llvm\.\([a-z_.]*\)"\([(<]\)/"stranger.\1"\2/' -e 's/\([!#]\)llvm\./\1stranger./g' \
  -e 's/^}) {.*dlti.*/}) : () -> ()/' \
  "$folder/c-llvm.mlir" >"$folder/c-unregistered.mlir"
for file in c-llvm c-unregistered; do
  echo "$folder/$file.mlir: $(wc -c <"$folder/$file.mlir") bytes, $(wc -l <"$folder/$file.mlir") lines"
done
