#!/usr/bin/env python3
"""Compute PageRank with scipy, step by step as `pagerank.mlir` does, and print the top ten.

Usage: reference.py packages.mtx [--names packages.txt] [--write ranks.npy] [--check FILE.npy]

With --check, the ranks in FILE.npy are compared with scipy's, and the exit status is 1 if any
differs by more than 1e-6 of the largest rank.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy.io import mmread
from scipy.sparse import csr_array

DAMPING = 0.85
TOLERANCE = 1e-10
MAX_ITERATIONS = 200
CHECK_TOLERANCE = 1e-6


def page_rank(matrix: csr_array) -> tuple[np.ndarray, int]:
    """Returns the ranks, which sum to 1, and the number of iterations.

    `matrix` is square, and each of its columns sums to 1 or is empty.
    """
    count = matrix.shape[0]
    ranks = np.full(count, 1.0 / count)
    for iteration in range(1, MAX_ITERATIONS + 1):
        flow = matrix @ ranks
        new = DAMPING * flow + (1.0 - DAMPING * flow.sum()) / count
        change = np.abs(new - ranks).sum()
        ranks = new
        if change <= TOLERANCE:
            return ranks, iteration
    return ranks, MAX_ITERATIONS


def agrees(path: Path, ranks: np.ndarray) -> bool:
    """Prints and tells whether the array in `path` is `ranks`, but for rounding."""
    found = np.load(path)
    if found.shape != ranks.shape:
        print(f"{path}: shape {found.shape}, not {ranks.shape}", file=sys.stderr)
        return False
    difference = np.abs(found - ranks).max() / ranks.max()
    print(f"largest difference from scipy: {difference:.1e} of the largest rank")
    return bool(difference <= CHECK_TOLERANCE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("matrix", type=Path)
    parser.add_argument("--names", type=Path, help="the vertices' names, one a line")
    parser.add_argument("--write", type=Path, metavar="FILE.npy", help="where to write the ranks")
    parser.add_argument("--check", type=Path, metavar="FILE.npy", help="ranks to compare")
    arguments = parser.parse_args()

    ranks, iterations = page_rank(csr_array(mmread(arguments.matrix)))
    names = arguments.names.read_text().splitlines() if arguments.names else None
    print(f"{iterations} iterations")
    for place, vertex in enumerate(np.argsort(-ranks, kind="stable")[:10], start=1):
        print(f"{place:2}  {ranks[vertex]:.6f}  {names[vertex] if names else vertex}")
    if arguments.write:
        np.save(arguments.write, ranks)
    return 0 if arguments.check is None or agrees(arguments.check, ranks) else 1


if __name__ == "__main__":
    sys.exit(main())
