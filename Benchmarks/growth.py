#!/usr/bin/env python3
"""Plot how the time of each phase grows with the size of the module: build/bench/growth.svg.

Usage: growth.py [--quick] [-o FILE.svg]

Runs `martlet bench` on the constant chain of 1,000 to 1,000,000 operations. Beside the plot the exponent of each
phase's growth is printed: the slope of the line through the medians, both axes logarithmic. 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from measure import MARTLET, SCRATCH

PHASES = ("lex", "parse", "verify", "print", "canonicalize", "cse", "bytecode_write", "bytecode_read")


def measure(quick: bool) -> dict[str, list[tuple[int, float]]]:
    """Returns for each phase the sizes with seconds of processor time."""
    phases = "|".join(PHASES)
    sizes = "(1000|10000)$" if quick else "[1-9][0-9]+$"
    command = [MARTLET, "bench", "--json", f"--filter=^({phases})[.]chain/{sizes}"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for benchmark in json.loads(output)["benchmarks"]:
        phase = benchmark["name"].partition(".")[0]
        found[phase].append((benchmark["size"], benchmark["cpu"]["median"] * 1e-9))
    return found


def exponent(points: list[tuple[int, float]]) -> float:
    """Returns the slope of the line of least squares through the logarithms."""
    xs = [math.log(size) for size, _ in points]
    ys = [math.log(seconds) for _, seconds in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def plot(found: dict[str, list[tuple[int, float]]], path: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    # Text as text, and the same file for the same figures.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "martlet"})
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 5))
    for phase, points in found.items():
        label = f"{phase} (n^{exponent(points):.2f})"
        axes.loglog(*zip(*points), marker="o", markersize=4, linewidth=1.2, label=label)
    sizes = sorted({size for points in found.values() for size, _ in points})
    bottom = min(seconds for points in found.values() for _, seconds in points)
    axes.loglog(
        sizes, [bottom / 2 * size / sizes[0] for size in sizes], "k:", linewidth=0.8, label="linear"
    )
    axes.set_xlabel("operations")
    axes.set_ylabel("CPU seconds")
    axes.grid(True, which="major", linewidth=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes: only to see that it runs")
    parser.add_argument("-o", dest="output", type=Path, default=SCRATCH / "growth.svg")
    options = parser.parse_args()
    if not MARTLET.exists():
        print("no .build/release/martlet: make build", file=sys.stderr)
        return 1
    found = measure(options.quick)
    for phase, points in found.items():
        first, last = points[0], points[-1]
        each = [f"{seconds / size * 1e9:.0f} ns at {size:,}" for size, seconds in (first, last)]
        print(f"{phase:<16} n^{exponent(points):.2f}   per operation {each[0]}, {each[1]}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    plot(found, options.output)
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
