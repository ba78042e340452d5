"""MLIR text for the benchmarks of `martlet opt`: the inputs of `martlet bench`, which are the same in every run.

Usage: ir_inputs.py chain|nested|dense SIZE    the text on standard output
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from measure import MARTLET, SCRATCH


def generated(kind: str, size: int) -> Path:
    """Returns the path of an input, e.g. ("chain", 100_000); see `martlet bench inputs`."""
    command = [MARTLET, "bench", "inputs", f"--folder={SCRATCH}", f"{kind}/{size}"]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Path(finished.stdout.strip())


def copied(path: Path, kind: str, size: int) -> Path:
    shutil.copyfile(generated(kind, size), path)
    return path


def chain(path: Path, count: int) -> Path:
    """`count` operations in one function, all of which fold away."""
    return copied(path, "chain", count)


def nested(path: Path, functions: int) -> Path:
    """Functions of 28 operations: loops in loops, conditions, loads and stores, a call."""
    return copied(path, "nested", functions * 28)


def dense(path: Path, size: int) -> Path:
    """A constant of `size` x `size` floats, as a list."""
    return copied(path, "dense_list", size)


if __name__ == "__main__":
    kinds = {"chain": "chain", "nested": "nested", "dense": "dense_list"}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds or not sys.argv[2].isdigit():
        sys.exit("usage: ir_inputs.py chain|nested|dense SIZE")
    size = int(sys.argv[2]) * (28 if sys.argv[1] == "nested" else 1)
    sys.stdout.write(generated(kinds[sys.argv[1]], size).read_text())
