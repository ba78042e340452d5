#!/usr/bin/env python3
"""Time ONNX Runtime on a model with one thread, and print the figures as one JSON object.

Usage: ort_latency.py MODEL --input NAME=FILE.npy [--input ...] [--runs N]

    load_to_first_ms  from before `import onnxruntime` to the first answer; the input arrays are
                      loaded before the clock starts
    session_ms        the part of that spent in creating the session
    first_ms          the part of that spent in the first run
    median_ms, min_ms over the N runs that follow
    peak_rss_mb       the process's largest resident set, in MB of 10**6 bytes
    baseline_rss_mb   the same just before onnxruntime is imported: Python, numpy and the inputs
    cpu               the processor's name
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np


def milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1e3


def peak_rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def parse_input(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not (name and equals and path):
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=FILE.npy")
    return name, Path(path)


def measure(model: Path, feeds: dict[str, np.ndarray], runs: int) -> dict[str, float | int | str]:
    """Loads `model` and runs it `runs` + 1 times on one thread."""
    baseline = peak_rss_mb()
    start = time.perf_counter()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    before_session = time.perf_counter()
    session = onnxruntime.InferenceSession(
        str(model), sess_options=options, providers=["CPUExecutionProvider"]
    )
    session_ms = milliseconds_since(before_session)
    before_run = time.perf_counter()
    session.run(None, feeds)
    first_ms = milliseconds_since(before_run)
    load_to_first_ms = milliseconds_since(start)

    times = []
    for _ in range(runs):
        before_run = time.perf_counter()
        session.run(None, feeds)
        times.append(milliseconds_since(before_run))
    return {
        "peer": f"onnxruntime {onnxruntime.__version__}",
        "model": model.name,
        "runs": runs,
        "load_to_first_ms": load_to_first_ms,
        "session_ms": session_ms,
        "first_ms": first_ms,
        "median_ms": statistics.median(times),
        "min_ms": min(times),
        "peak_rss_mb": peak_rss_mb(),
        "baseline_rss_mb": baseline,
        "cpu": cpu_name(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument(
        "--input", action="append", default=[], type=parse_input, metavar="NAME=FILE.npy"
    )
    parser.add_argument("--runs", type=int, default=100)
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs must be at least 1")

    feeds = {name: np.load(path) for name, path in arguments.input}
    print(json.dumps(measure(arguments.model, feeds, arguments.runs), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
