#!/usr/bin/env python3
"""Run the cases of Tests/Cases with mlir-opt as well, and report where the texts differ.

Usage: compare_with_mlir_opt.py [--martlet PROGRAM] [--mlir-opt PROGRAM] [--write] [CASE...]

Each `// RUN: martlet opt ...` line is run as `mlir-opt ...` too. A line that asks for something mlir-opt
spells differently is marked `// MLIR-OPT: no` behind it. With --write, the CHECK lines of cases that have a line
`// CHECK lines: compare_with_mlir_opt.py` are replaced by what mlir-opt prints: each part's
lines at the end of the part.
"""

from __future__ import annotations

import argparse
import difflib
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

CASES = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Cases"
WRITTEN = "// CHECK lines: compare_with_mlir_opt.py"
SEPARATOR = "// -----"


def run_lines(case: pathlib.Path) -> list[list[str]]:
    """The words of the commands that both tools take."""
    commands = []
    lines = case.read_text().splitlines()
    for i, line in enumerate(lines):
        if "RUN:" not in line or (i + 1 < len(lines) and "MLIR-OPT: no" in lines[i + 1]):
            continue
        command = line.split("RUN:", 1)[1].split("|")[0]
        words = shlex.split(command)
        if "opt" in words:
            commands.append([str(case) if w == "%s" else w for w in words])
    return commands


def run(program: list[str], words: list[str]) -> tuple[int, str]:
    """Exit status and output of `words`, with `martlet opt` replaced by `program`."""
    joins = "2>&1" in words
    arguments = [w for w in words[words.index("opt") + 1 :] if w != "2>&1"]
    done = subprocess.run(
        program + arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if joins else subprocess.PIPE,
        timeout=60,
    )
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")


def lacks_option(mlir_opt: str, words: list[str]) -> bool:
    """Whether mlir-opt refuses a line that is to succeed for want of a pass or option."""
    if "not" in words:
        return False
    _, output = run([mlir_opt], words + ["2>&1"])
    return "does not refer to a registered pass" in output or "Unknown command line" in output


def check_lines(output: str, label: str) -> list[str]:
    """`output` as CHECK lines. What FileCheck would read as an expression is written as one."""
    lines = []
    directive = label
    for line in output.splitlines():
        text = re.sub(r"\[\[+", lambda m: "{{" + r"\[" * len(m.group()) + "}}", line.rstrip())
        text = re.sub(r"(?<!\[)\{\{(?![\\])", r"{{[{][{]}}", text)
        if not text:
            directive = "CHECK"
            continue
        lines.append(f"// {directive}: {text}")
        directive = "CHECK-NEXT"
    return lines


def write(case: pathlib.Path, mlir_opt: str) -> None:
    source = case.read_text()
    if WRITTEN not in source:
        return
    kept = [line for line in source.splitlines() if not re.match(r"// CHECK(-NEXT|-LABEL)?:", line)]
    (words,) = run_lines(case)
    status, output = run([mlir_opt], words)
    if status != 0:
        sys.exit(f"mlir-opt fails on {case}")
    parts = "\n".join(kept).split("\n" + SEPARATOR + "\n")
    printed = output.split(SEPARATOR + "\n")
    if len(parts) != len(printed):
        sys.exit(f"{case}: {len(parts)} parts, {len(printed)} printed")
    texts = []
    for part, text in zip(parts, printed):
        texts.append(part.rstrip("\n") + "\n\n" + "\n".join(check_lines(text, "CHECK")) + "\n")
    case.write_text(("\n" + SEPARATOR + "\n").join(texts))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--martlet", default=".build/debug/martlet")
    parser.add_argument("--mlir-opt", default=shutil.which("mlir-opt-22") or "mlir-opt")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("cases", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    cases = options.cases or sorted(CASES.rglob("*.mlir"))
    equal = different = skipped = 0
    for case in cases:
        if options.write:
            write(case.resolve(), options.mlir_opt)
        for words in run_lines(case.resolve()):
            theirs = run([options.mlir_opt], words)
            if theirs[0] != 0 and lacks_option(options.mlir_opt, words):
                skipped += 1
                continue
            ours = run([options.martlet, "opt"], words)
            fails = "not" in words
            same = theirs[1] == ours[1] or fails
            if same and (theirs[0] != 0) == (ours[0] != 0) == fails:
                equal += 1
                continue
            different += 1
            print(f"{case}: {shlex.join(words[words.index('opt') + 1:-1])}")
            print(f"  exit status: mlir-opt {theirs[0]}, martlet {ours[0]}")
            lines = difflib.unified_diff(
                theirs[1].splitlines(), ours[1].splitlines(), "mlir-opt", "martlet", "", "", 1, ""
            )
            for line in list(lines)[:40]:
                print("  " + line)
    print(f"{equal} equal, {different} different, {skipped} of passes mlir-opt does not have")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
