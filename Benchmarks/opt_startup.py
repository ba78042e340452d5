#!/usr/bin/env python3
"""`martlet opt` on an empty module, whole process, beside mlir-opt.

Usage: opt_startup.py [--quick] [--json]
"""

import sys

import ir_inputs
from measure import MARTLET, SCRATCH, Cost, Row, find_mlir_opt, interleave, main
from measure import run_process, version_of


def measure(quick: bool) -> list[Row]:
    SCRATCH.mkdir(parents=True, exist_ok=True)
    module = ir_inputs.generated("chain", 0)
    mlir_opt = find_mlir_opt()

    def martlet() -> Cost:
        return run_process([MARTLET, "opt", module])[0]

    def peer() -> Cost:
        assert mlir_opt is not None
        return run_process([mlir_opt, module])[0]

    costs = interleave(
        3 if quick else 50, {"martlet": martlet, **({"peer": peer} if mlir_opt else {})}
    )
    ours, theirs = costs["martlet"], costs.get("peer")
    name = version_of(mlir_opt) if mlir_opt else "no mlir-opt"
    return [
        Row("whole process, wall", "ms", ours.wall_ms, theirs and theirs.wall_ms, name, 5),
        Row("whole process, CPU", "ms", ours.cpu_ms, theirs and theirs.cpu_ms, name),
        Row("peak memory", "MB", ours.peak_mb, theirs and theirs.peak_mb, name, 20),
    ]


if __name__ == "__main__":
    sys.exit(main(__doc__, "opt_startup", measure))
