#!/usr/bin/env python3
"""Run every benchmark of this folder.

Usage: run_all.py [--quick] [--json]

The exit status is 1 if one could not be run; the figures themselves never fail it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCHMARKS = ("opt_startup", "opt_chain", "model_latency", "pagerank", "profile_overhead")


def main() -> int:
    failures = []
    for name in BENCHMARKS:
        command = [sys.executable, str(HERE / f"{name}.py"), *sys.argv[1:]]
        if subprocess.run(command, check=False).returncode != 0:
            failures.append(name)
    if failures:
        print(f"could not be run: {', '.join(failures)}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
