#!/usr/bin/env python3
"""What being profiled costs: `martlet profile` beside the same command by itself.

Usage: profile_overhead.py [--quick] [--json]

On: everything recorded, spans kept one by one, allocations counted (`--trace`). The time of a command
under `martlet profile` is the processor time it reports itself, from the command's start to its end:
what the profiler does afterwards is not part of it. The peer is the same figure where nothing is
recorded (`--only other:nothing`).

Off: a command without `martlet profile`, CPU time of the whole process. The peer is the program named
by MARTLET_BASELINE, a build without the recording, where there is one; else the same program once
more, which shows how much two equal measurements differ.
"""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import ir_inputs
from measure import MARTLET, ROOT, SCRATCH, Cost, Row, interleave, main, run_process

DIGITS = ROOT / "Examples" / "digits"
UNITS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}


def profiled(options: list[str], command: list[str | Path]) -> Cost:
    """A command's own processor time, as the profile's first line says."""
    table = SCRATCH / "profile.txt"
    run_process([MARTLET, "profile", "-o", table, *options, *command])
    found = re.search(r"^  wall .*, processor ([0-9.]+) (\w+)$", table.read_text(), re.MULTILINE)
    if not found:
        raise RuntimeError(f"no processor time in {table}")
    time = float(found[1]) * UNITS[found[2]]
    return Cost(time, time, 0.0)


def commands(quick: bool) -> dict[str, list[str | Path]]:
    scale = 100 if quick else 1
    chain = ir_inputs.generated("chain", 100_000 // scale)
    nested = ir_inputs.generated("nested", 28_000 // scale)
    output = ["-o", SCRATCH / "out.mlir"]
    return {
        "opt chain: canonicalize": ["opt", chain, "--canonicalize", *output],
        "opt nested: canonicalize, cse": ["opt", nested, "--canonicalize", "--cse", *output],
        "run digits: compile, 50 runs": [
            "run", DIGITS / "cnn.onnx", "--input", f"images={DIGITS / 'test_images.npy'}",
            "--no-cache", "--quiet", "--repeat=50",
        ],
    }  # fmt: skip


def measure(quick: bool) -> list[Row]:
    rounds = 1 if quick else 15
    on = ["--trace", str(SCRATCH / "profile.json")]
    off = ["--only", "other:nothing", "--allocations=false"]
    baseline = os.environ.get("MARTLET_BASELINE")
    rows = []
    for name, command in commands(quick).items():
        actions: dict[str, Callable[[], Cost]] = {
            "on": lambda: profiled(on, command),
            "off": lambda: profiled(off, command),
            "plain": lambda: run_process([MARTLET, *command])[0],
            "again": lambda: run_process([baseline or MARTLET, *command])[0],
        }
        costs = interleave(rounds, actions)
        rows.append(
            Row(f"{name}: on", "ms", costs["on"].cpu_ms, costs["off"].cpu_ms, "not recorded")
        )
        rows.append(
            Row(
                f"{name}: off", "ms", costs["plain"].cpu_ms, costs["again"].cpu_ms,
                "built without" if baseline else "the same again",
            )
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    sys.exit(main(__doc__, "profile_overhead", measure))
