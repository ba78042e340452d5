#!/usr/bin/env python3
"""Exchange MLIR bytecode between martlet and mlir-opt, and report what does not come through.

Usage: bytecode_exchange.py [--martlet PROGRAM] [--mlir-opt PROGRAM] [--every N] [--version N] FOLDER...

Each `// -----` part of each .mlir file below the folders that both programs accept as text is taken both ways:

  written   martlet writes bytecode, mlir-opt reads it: its text must be that of the text itself
  read      mlir-opt writes bytecode, martlet reads it: its text must be that of the text itself
  bytes     the bytecode of both is the same to the byte (reported, not demanded: some
            operations are given other locations)

Texts are compared in generic form. A part with operations whose declarations mlir-opt has and martlet lacks cannot be
read, for only a declaration tells how properties are kept; such parts are counted apart. The exit status is 1 where a part does not come through.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

UNDECLARED = ("which only its declaration can tell", "have no encoding known here")
GENERIC = ["--allow-unregistered-dialect", "--mlir-print-op-generic"]


class Exchange:
    def __init__(self, martlet: str, mlir_opt: str, version: int) -> None:
        self.martlet = [martlet, "opt", *GENERIC]
        self.mlir_opt = [mlir_opt, *GENERIC]
        self.version = [f"--emit-bytecode-version={version}"]
        found = subprocess.run([mlir_opt, "--version"], capture_output=True, text=True).stdout
        number = re.search(r"LLVM version (\S+)", found)
        self.producer = "MLIR" + (number.group(1) if number else "")

    def run(self, command: list[str]) -> tuple[int, bytes, str]:
        try:
            done = subprocess.run(command, capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            return 124, b"", "timed out"
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        wrong = [line for line in lines if "error" in line] or lines[:1]
        return done.returncode, done.stdout, wrong[0] if wrong else ""

    def part(self, text: bytes) -> list[tuple[str, str]]:
        """What became of one part: pairs of a way and the problem, if any."""
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "part.mlir"
            source.write_bytes(text)
            theirs, ours = pathlib.Path(folder) / "a.mlirbc", pathlib.Path(folder) / "b.mlirbc"
            status, our_text, problem = self.run([*self.martlet, str(source)])
            if status != 0:
                return [("skipped", f"exit {status}" if status < 0 else "")]
            status, their_text, _ = self.run([*self.mlir_opt, str(source)])
            if status != 0:
                return [("skipped", "")]
            emit = [*self.version, "--emit-bytecode", str(source), "-o"]
            status, _, problem = self.run([*self.mlir_opt, *emit, str(theirs)])
            if status != 0:
                return [("skipped", "")]
            found = []
            status, text, problem = self.run([*self.martlet, str(theirs)])
            if any(words in problem for words in UNDECLARED):
                return [("undeclared", "")]
            found.append(("read", "" if status == 0 and text == our_text else problem or "differs"))
            status, _, problem = self.run(
                [*self.martlet, f"--emit-bytecode-producer={self.producer}", *emit, str(ours)]
            )
            if status == 0:
                status, text, problem = self.run([*self.mlir_opt, str(ours)])
                if status == 0 and text != their_text:
                    problem = "differs"
                elif status == 0:
                    problem = ""
                same = ours.read_bytes() == theirs.read_bytes()
                found.append(("bytes", "" if same else "differ"))
            found.append(("written", problem))
            return found


def parts(folders: list[pathlib.Path], every: int) -> list[tuple[str, bytes]]:
    found = []
    for folder in folders:
        files = [folder] if folder.is_file() else sorted(folder.rglob("*.mlir"))
        for path in files:
            pieces = re.split(rb"(?m)^// -----.*$", path.read_bytes())
            found += [(f"{path}#{i}", piece) for i, piece in enumerate(pieces) if piece.strip()]
    return found[::every]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--martlet", default=".build/release/martlet")
    parser.add_argument("--mlir-opt", default=shutil.which("mlir-opt-22") or "mlir-opt")
    parser.add_argument("--every", type=int, default=1, help="take each Nth part only")
    parser.add_argument("--version", type=int, default=6, help="the bytecode version")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quiet", action="store_true", help="only the figures")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    exchange = Exchange(options.martlet, options.mlir_opt, options.version)
    work = parts(options.folders, options.every)
    counts: collections.Counter[tuple[str, bool]] = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for (name, _), found in zip(work, pool.map(lambda item: exchange.part(item[1]), work)):
            for way, problem in found:
                counts[way, not problem] += 1
                if problem and way != "bytes" and not options.quiet:
                    print(f"{name}: {way}: {problem}", flush=True)
    for way in ("written", "read", "bytes"):
        good, bad = counts[way, True], counts[way, False]
        print(f"{way}: {good} of {good + bad} equal")
    print(f"with operations or types martlet does not know: {counts['undeclared', True]}")
    print(f"not accepted by both: {counts['skipped', True]}, crashed: {counts['skipped', False]}")
    return 1 if counts["written", False] + counts["read", False] else 0


if __name__ == "__main__":
    sys.exit(main())
