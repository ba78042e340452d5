#!/bin/sh
# Check the format of all Swift sources, the scripts' syntax, and that nothing names what only one
# machine has. Warnings of the compiler are errors in the builds of test.sh.
set -eu
cd "$(dirname "$0")/.."

swift format lint --strict --parallel --recursive Package.swift Sources Tests Examples
for script in .ci/run Scripts/*.sh; do sh -n "$script"; done
python3 - <<'END'
import ast
import pathlib
import subprocess

listed = subprocess.run(["git", "ls-files", "*.py"], capture_output=True, text=True, check=True)
for path in listed.stdout.splitlines():
    ast.parse(pathlib.Path(path).read_text(encoding="utf-8"), path)
END
echo "lint: nothing to complain of"
