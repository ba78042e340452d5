"""MLIR text for the benchmarks of `martlet opt`: the inputs of `martlet bench`, which are the same in every run.

Usage: ir_inputs.py KIND SIZE    the text of an input on standard output
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


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit("usage: ir_inputs.py KIND SIZE: writes the text of an input on standard output")
    with generated(sys.argv[1], int(sys.argv[2])).open("rb") as text:
        shutil.copyfileobj(text, sys.stdout.buffer)
