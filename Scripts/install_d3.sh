#!/bin/sh
# Put D3, which draws the plots of `martlet view`, where the program looks for it:
# build/share/d3.min.js. It comes out of a wheel that is fetched by pip and checked by its digest;
# so is the file itself, both here and by martlet.
#
#   Scripts/install_d3.sh
set -eu
cd "$(dirname "$0")/.."

file=build/share/d3.min.js
digest=f2094bbf6141b359722c4fe454eb6c4b0f0e42cc10cc7af921fc158fceb86539

is_right() {
  echo "$digest  $1" | sha256sum -c --status 2>/dev/null
}

if is_right "$file"; then exit 0; fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "install_d3.sh: fetching D3 7.9.0" >&2
build/venv/bin/python3 -m pip --disable-pip-version-check --quiet download --no-deps \
  --require-hashes --only-binary :all: --dest "$folder" -r Scripts/requirements-view.txt
build/venv/bin/python3 -m zipfile -e "$folder"/tuna-*.whl "$folder/wheel"
if ! is_right "$folder/wheel/tuna/web/static/d3.min.js"; then
  echo "install_d3.sh: the wheel's d3.min.js is not D3 7.9.0's" >&2
  exit 1
fi
mkdir -p build/share
mv "$folder/wheel/tuna/web/static/d3.min.js" "$file"
