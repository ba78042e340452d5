#!/usr/bin/env python3
"""PageRank over this machine's packages, time per iteration, beside scipy on one thread.

Usage: pagerank.py [--quick] [--json]

scipy's figure is its CSR matrix-vector product alone; a whole iteration in numpy is given as well.
Martlet's is a whole iteration: product, sums, new ranks and change, in one call for all iterations.
"""

from __future__ import annotations

import json
import statistics
import sys

import run_report
from measure import MARTLET, ROOT, SCRATCH, Failure, Row, main, run_process

MATRIX = ROOT / "build" / "packages.mtx"


def measure_martlet(runs: int) -> float:
    """Returns the median time of a whole run in milliseconds."""
    _, _, messages = run_process(
        [
            MARTLET,
            "run",
            ROOT / "Examples" / "pagerank.mlir",
            "--input",
            f"A={MATRIX}",
            "--output",
            f"0={SCRATCH / 'ranks.npy'}",
            f"--repeat={runs}",
        ],
        {"MARTLET_CACHE_DIR": str(SCRATCH / "cache")},
    )
    found = run_report.phases(messages)
    if "median run" not in found:
        raise Failure(f"no median run in the report:\n{messages}")
    return found["median run"]


def measure(quick: bool) -> list[Row]:
    if not MATRIX.exists():
        script = ROOT / "Examples" / "pagerank" / "package_graph.py"
        run_process([sys.executable, script, MATRIX.parent])
    SCRATCH.mkdir(parents=True, exist_ok=True)
    rounds, runs = (1, 2) if quick else (5, 20)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(measure_martlet(runs))
        peer = ROOT / "Benchmarks" / "peers" / "scipy_pagerank.py"
        command = [sys.executable, peer, MATRIX, "--runs", str(10 * runs)]
        theirs.append(json.loads(run_process(command)[1]))
    iterations = theirs[0]["iterations"]
    name = theirs[0]["peer"]
    iteration = statistics.median(ours) / iterations
    product = statistics.median(figure["product_ms"] for figure in theirs)
    whole = statistics.median(figure["iteration_ms"] for figure in theirs)
    return [
        Row("an iteration, beside the product", "ms", iteration, product, name, product),
        Row("an iteration, beside an iteration", "ms", iteration, whole, name),
    ]


if __name__ == "__main__":
    sys.exit(main(__doc__, "pagerank", measure))
