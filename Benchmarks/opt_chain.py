#!/usr/bin/env python3
"""`martlet opt` parsing, verifying and printing large modules, and rewriting them, beside mlir-opt.

Usage: opt_chain.py [--quick] [--json]

CPU time of the whole process, both on one thread (mlir-opt --mlir-disable-threading).
"""

import sys
from collections.abc import Callable
from pathlib import Path

import ir_inputs
from measure import MARTLET, SCRATCH, Cost, Row, find_mlir_opt, interleave, main
from measure import run_process, version_of

PIPELINES = {
    "parse, verify, print": [],
    "and canonicalize": ["--canonicalize"],
    "and cse": ["--cse"],
}


def inputs(quick: bool) -> dict[str, Path]:
    scale = 100 if quick else 1
    return {
        "chain": ir_inputs.generated("chain", 100_000 // scale),
        "nested": ir_inputs.generated("nested", 28_000 // scale),
        "dense list": ir_inputs.generated("dense_list", 10 if quick else 1024),
    }


def measure(quick: bool) -> list[Row]:
    mlir_opt = find_mlir_opt()
    name = version_of(mlir_opt) if mlir_opt else "no mlir-opt"
    rows = []
    for input_name, path in inputs(quick).items():
        for pipeline_name, flags in PIPELINES.items():
            actions: dict[str, Callable[[], Cost]] = {
                "martlet": lambda: run_process(
                    [MARTLET, "opt", path, *flags, "-o", SCRATCH / "out.mlir"]
                )[0]
            }
            if mlir_opt:
                actions["peer"] = lambda: run_process(
                    [mlir_opt, path, *flags, "--mlir-disable-threading", "-o", SCRATCH / "out.mlir"]
                )[0]
            costs = interleave(1 if quick else 9, actions)
            ours, theirs = costs["martlet"], costs.get("peer")
            title = f"{input_name}: {pipeline_name}"
            rows.append(Row(title, "ms", ours.cpu_ms, theirs and theirs.cpu_ms, name))
            if not flags:
                memory = f"{input_name}: peak memory"
                rows.append(Row(memory, "MB", ours.peak_mb, theirs and theirs.peak_mb, name))
    return rows


if __name__ == "__main__":
    sys.exit(main(__doc__, "opt_chain", measure))
