#!/usr/bin/env python3
"""Time scipy on the PageRank example with one thread, and print the figures as one JSON object.

Usage: scipy_pagerank.py packages.mtx [--runs N]

    product_ms      median time of the CSR matrix-vector product alone
    iteration_ms    median time of a whole iteration: product, sums, new ranks and change
    run_ms          median time of a whole run, from 1/n to convergence
    iterations      how many iterations a run takes
    load_ms         time to read the file and build the CSR matrix
    peak_rss_mb     the process's largest resident set, in MB of 10**6 bytes

The iteration is that of `Examples/pagerank/reference.py`, written without temporary arrays, which
is as fast as numpy does it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Before numpy is imported, or it is too late.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import scipy
from scipy.io import mmread
from scipy.sparse import csr_array

DAMPING = 0.85
TOLERANCE = 1e-10
MAX_ITERATIONS = 200


def step(matrix: csr_array, ranks: np.ndarray, scratch: np.ndarray) -> tuple[np.ndarray, float]:
    """Returns the next ranks and the sum of their changes. `scratch` is overwritten."""
    new = matrix @ ranks
    share = (1.0 - DAMPING * new.sum()) / new.size
    new *= DAMPING
    new += share
    np.subtract(new, ranks, out=scratch)
    np.abs(scratch, out=scratch)
    return new, float(scratch.sum())


def run(matrix: csr_array, start: np.ndarray, scratch: np.ndarray) -> int:
    """Iterates until the ranks settle, and returns the number of iterations."""
    ranks = start
    for iteration in range(1, MAX_ITERATIONS + 1):
        ranks, change = step(matrix, ranks, scratch)
        if change <= TOLERANCE:
            return iteration
    return MAX_ITERATIONS


def median_ms(action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("matrix", type=Path)
    parser.add_argument("--runs", type=int, default=200, help="products and iterations to time")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs must be at least 1")

    started = time.perf_counter()
    matrix = csr_array(mmread(arguments.matrix, spmatrix=False))
    load_ms = (time.perf_counter() - started) * 1e3
    count = matrix.shape[0]
    start = np.full(count, 1.0 / count)
    scratch = np.empty(count)
    iterations = run(matrix, start, scratch)
    figures = {
        "peer": f"scipy {scipy.__version__}",
        "matrix": arguments.matrix.name,
        "vertices": count,
        "entries": int(matrix.nnz),
        "load_ms": load_ms,
        "iterations": iterations,
        "product_ms": median_ms(lambda: matrix @ start, arguments.runs),
        "iteration_ms": median_ms(lambda: step(matrix, start, scratch), arguments.runs),
        "run_ms": median_ms(lambda: run(matrix, start, scratch), max(1, arguments.runs // 20)),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
