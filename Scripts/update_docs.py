#!/usr/bin/env python3
"""Fill the blocks of README.md and Docs/ that show what commands print and what files hold.

Usage: update_docs.py [--check]

With --check nothing is written, and the exit status is 1 if a block would change. A block to be
filled is fenced code below one of these lines, or opened in one of these ways:

    <!-- output: COMMAND -->           what the command prints on standard output
    <!-- output 30: COMMAND -->        the first 30 lines of it
    <!-- sample: COMMAND -->           the same (with what it prints on standard error), where it
    <!-- sample 30: COMMAND -->        differs from machine to machine: --check only runs it
    ```swift FILE                      Tests/DocsTests/Follow/FILE
    ```mlir before OPTIONS             kept; the next mlir block is what `martlet opt OPTIONS` makes of it

Commands run in the package's root with the release build's `martlet` and the Python of build/venv.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLLOW = ROOT / "Tests" / "DocsTests" / "Follow"
MARKER = re.compile(r"^<!-- (?P<kind>output|sample)(?: (?P<lines>\d+))?: (?P<command>.+) -->$")
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join(
        [str(ROOT / ".build/release"), str(ROOT / "build/venv/bin"), os.environ["PATH"]]
    ),
}


class Failure(Exception):
    """A page that cannot be filled."""


def run(command: str, text: str | None = None, with_messages: bool = False) -> str:
    finished = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env=ENVIRONMENT,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if with_messages else subprocess.PIPE,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise Failure(f"'{command}' ended with {finished.returncode}: {finished.stderr or ''}")
    return finished.stdout


def cut(text: str, limit: int | None, width: int | None = None) -> list[str]:
    lines = [line.rstrip()[:width] for line in text.strip("\n").splitlines()]
    if limit is not None and len(lines) > limit:
        lines = [*lines[:limit], "..."]
    return lines


def fill(lines: list[str], checking: bool) -> list[str]:
    """Returns a page's lines with its blocks filled."""
    result: list[str] = []
    marker: re.Match[str] | None = None
    before: tuple[list[str], str] | None = None
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        result.append(line)
        marker = MARKER.match(line) or (marker if not line.strip() else None) or (
            marker if line.startswith("```") else None
        )
        if not line.startswith("```"):
            continue
        end = position
        while end < len(lines) and not lines[end].startswith("```"):
            end += 1
        if end == len(lines):
            raise Failure("a code block has no end")
        body = lines[position:end]
        words = line[3:].split()
        if marker:
            is_sample = marker["kind"] == "sample"
            text = run(marker["command"], with_messages=is_sample)
            if not (checking and is_sample):
                limit = int(marker["lines"]) if marker["lines"] else None
                body = cut(text, limit, 160)
            marker = None
        elif words[:1] == ["swift"] and len(words) == 2 and (FOLLOW / words[1]).exists():
            # Tests are shown in part; the Swift tests check that part.
            if not words[1].endswith("Tests.swift"):
                body = (FOLLOW / words[1]).read_text().rstrip("\n").splitlines()
        elif words[:2] == ["mlir", "before"]:
            before = (body, " ".join(words[2:]))
        elif words[:1] == ["mlir"] and before:
            body = cut(run(f"martlet opt {before[1]}", "\n".join(before[0]) + "\n"), None)
        result += [*body, lines[end]]
        position = end + 1
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    wrong = 0
    for page in [ROOT / "README.md", *sorted((ROOT / "Docs").rglob("*.md"))]:
        name = page.relative_to(ROOT)
        old = page.read_text()
        try:
            new = "\n".join(fill(old.splitlines(), checking)) + "\n"
        except Failure as failure:
            print(f"{name}: {failure}", file=sys.stderr)
            wrong += 1
            continue
        if new == old:
            continue
        if checking:
            print(f"{name} does not show what its commands print: make docs", file=sys.stderr)
            wrong += 1
        else:
            page.write_text(new)
            print(f"{name} filled")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
