#!/usr/bin/env python3
"""Write the dependency graph of this machine's Debian packages as a matrix.

The packages are those that `apt-cache dumpavail` lists: run `apt-get update` first. Two files are
written:

    packages.txt  the packages' names, one a line, sorted
    packages.mtx  MatrixMarket: entry (i, j), counted from 1, is 1 / (number of packages that
                  package j depends on) if j depends on i

So each column sums to 1, or is empty where a package depends on nothing, and a walk over the matrix
goes from a package to what it needs. `pagerank.mlir` handles the empty columns itself.

What counts as "depends on":

- `Depends` and `Pre-Depends`, whatever the version and architecture asked for;
- of alternatives (`a | b`), the first that is a package's name: Debian lists the default first;
- if none is, the first alternative that is a virtual package, standing for the first package in
  name order that provides it;
- nothing, if no package provides it either; nor does a package depend on itself.

The same package lists give the same bytes.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FIELDS = ("Package", "Depends", "Pre-Depends", "Provides")
NAME = re.compile(r"[a-z0-9][a-z0-9+.-]*")

Record = dict[str, str]


def read_records() -> Iterator[Record]:
    """Yields the wanted fields of each package that apt knows."""
    command = ["apt-cache", "dumpavail"]
    dump = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    for paragraph in dump.split("\n\n"):
        record = {}
        for line in paragraph.splitlines():
            field, colon, value = line.partition(":")
            if colon and field in FIELDS:
                record[field] = value.strip()
        if "Package" in record:
            yield record


def clauses(text: str) -> Iterator[list[str]]:
    """Yields, for each comma-separated part of a relation field, the alternatives' bare names."""
    for clause in text.split(","):
        names = [NAME.match(alternative.strip()) for alternative in clause.split("|")]
        found = [name.group() for name in names if name]
        if found:
            yield found


def resolve(
    alternatives: list[str], packages: dict[str, Record], providers: dict[str, str]
) -> str | None:
    """Returns the package that stands for `alternatives`, or None if there is none."""
    for name in alternatives:
        if name in packages:
            return name
    for name in alternatives:
        if name in providers:
            return providers[name]
    return None


def dependencies(packages: dict[str, Record]) -> dict[str, list[str]]:
    """Returns, for each package in name order, the sorted names of what it depends on."""
    providers: dict[str, str] = {}
    for name, record in packages.items():
        for virtual in clauses(record.get("Provides", "")):
            providers.setdefault(virtual[0], name)
    needed: dict[str, list[str]] = {}
    for name, record in packages.items():
        found = {
            resolve(alternatives, packages, providers)
            for field in ("Pre-Depends", "Depends")
            for alternatives in clauses(record.get(field, ""))
        }
        needed[name] = sorted(target for target in found if target not in (None, name))
    return needed


def write_matrix(path: Path, needed: dict[str, list[str]]) -> int:
    """Writes the matrix row by row, and returns the number of entries."""
    index = {name: position for position, name in enumerate(needed, start=1)}
    rows: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for name, targets in needed.items():
        for target in targets:
            rows[index[target]].append((index[name], 1.0 / len(targets)))
    count = sum(len(row) for row in rows.values())
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.write("%%MatrixMarket matrix coordinate real general\n")
        file.write("% Debian package dependencies: entry (i, j) if j depends on i\n")
        file.write(f"{len(index)} {len(index)} {count}\n")
        for row in range(1, len(index) + 1):
            for column, weight in rows.get(row, []):
                file.write(f"{row} {column} {weight!r}\n")
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to write packages.mtx and packages.txt")
    folder: Path = parser.parse_args().folder

    try:
        records = list(read_records())
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"package_graph.py: apt-cache dumpavail failed: {error}", file=sys.stderr)
        return 1
    packages: dict[str, Record] = {}
    for record in sorted(records, key=lambda record: record["Package"]):
        packages.setdefault(record["Package"], record)
    if not packages:
        print("package_graph.py: apt knows no package: run apt-get update", file=sys.stderr)
        return 1

    needed = dependencies(packages)
    folder.mkdir(parents=True, exist_ok=True)
    names = "".join(f"{name}\n" for name in needed)
    (folder / "packages.txt").write_text(names, encoding="ascii", newline="\n")
    count = write_matrix(folder / "packages.mtx", needed)
    print(f"{len(needed)} packages, {count} dependencies in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
