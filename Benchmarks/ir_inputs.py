"""MLIR text for the benchmarks of `martlet opt`: the inputs of `martlet bench`, which are the same in every run."""

from __future__ import annotations

import subprocess
from pathlib import Path

from measure import MARTLET, SCRATCH


def generated(kind: str, size: int) -> Path:
    """Returns the path of an input, e.g. ("chain", 100_000); see `martlet bench inputs`."""
    command = [MARTLET, "bench", "inputs", f"--folder={SCRATCH}", f"{kind}/{size}"]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Path(finished.stdout.strip())
