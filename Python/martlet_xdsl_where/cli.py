"""The command martlet-xdsl-where."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import hot, report
from .phases import Phases, measure


def options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="martlet-xdsl-where",
        description="Where xdsl-opt spends its time on a file, beside what martlet opt takes for it.",
    )
    parser.add_argument("file", help="the MLIR text")
    parser.add_argument("-p", "--passes", default="", help="the pipeline, as xdsl-opt takes it")
    parser.add_argument(
        "--martlet", default=shutil.which("martlet"), help="the martlet program (default: as found)"
    )
    parser.add_argument(
        "--martlet-passes", help="the pipeline for martlet opt (default: the same)"
    )
    parser.add_argument("--rows", type=int, default=15, help="rows of each table")
    parser.add_argument(
        "--min-duration",
        type=float,
        default=20.0,
        help="microseconds below which viztracer leaves calls out (default 20)",
    )
    parser.add_argument(
        "--entries", type=int, default=2_000_000, help="the most calls viztracer keeps"
    )
    parser.add_argument(
        "--no-hot", action="store_true", help="leave out the run under viztracer"
    )
    parser.add_argument(
        "--allow-unregistered-dialect", action="store_true", help="as in both programs"
    )
    return parser.parse_args(arguments)


def martlet_seconds(chosen: argparse.Namespace) -> tuple[float, str]:
    """The quickest of five runs of martlet opt as a whole process, and why there is none."""
    if chosen.martlet is None:
        return 0.0, "no 'martlet' on the PATH; name it with --martlet"
    passes = chosen.passes if chosen.martlet_passes is None else chosen.martlet_passes
    command = [chosen.martlet, "opt", chosen.file, "-o", "/dev/null"]
    if passes:
        command += ["-p", passes]
    if chosen.allow_unregistered_dialect:
        command.append("--allow-unregistered-dialect")
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        try:
            finished = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            return 0.0, f"{chosen.martlet}: {error.strerror}"
        best = min(best, time.perf_counter() - start)
        if finished.returncode != 0:
            lines = finished.stderr.strip().splitlines() or ["it failed"]
            return 0.0, f"'{' '.join(command)}': {lines[0]}"
    return best, ""


def comparison(phases: Phases, chosen: argparse.Namespace) -> str:
    seconds, problem = martlet_seconds(chosen)
    if problem:
        return f"martlet opt: not compared: {problem}\n"
    return (
        f"martlet opt takes {seconds * 1e3:.1f} ms for the same file and pipeline, start-up and all; "
        f"xdsl-opt {phases.wall * 1e3:.1f} ms: {phases.wall / seconds:.0f} times as long\n"
    )


def main(arguments: list[str] | None = None) -> int:
    chosen = options(arguments)
    if not Path(chosen.file).is_file():
        print(f"martlet-xdsl-where: {chosen.file}: no such file", file=sys.stderr)
        return 1
    xdsl_arguments = [chosen.file]
    if chosen.passes:
        xdsl_arguments += ["-p", chosen.passes]
    if chosen.allow_unregistered_dialect:
        xdsl_arguments.append("--allow-unregistered-dialect")
    try:
        phases = measure(xdsl_arguments, lambda text: None)
    except Exception as error:  # noqa: BLE001 - whatever xdsl says of the file is the user's answer
        print(f"martlet-xdsl-where: xdsl-opt failed: {error}", file=sys.stderr)
        return 1
    print(f"xdsl-opt {' '.join(xdsl_arguments)}\n")
    print(report.shares(phases))
    print(report.spans(phases, chosen.rows))
    patterns = report.patterns(phases, chosen.rows)
    if patterns:
        print(patterns)
    if not chosen.no_hot:
        events, seconds = hot.trace(xdsl_arguments, chosen.min_duration, chosen.entries)
        found = hot.functions(events)
        print(
            f"hot functions, from a second run under viztracer ({seconds * 1e3:.0f} ms with tracing; "
            f"calls under {chosen.min_duration:g} us count with their callers)"
        )
        print(report.hot_functions(found, seconds, chosen.rows))
    print(comparison(phases, chosen), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
