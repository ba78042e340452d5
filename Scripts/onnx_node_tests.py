#!/usr/bin/env python3
"""Run ONNX's own backend node tests, those the installed onnx package carries.

Usage: onnx_node_tests.py [--martlet PROGRAM] [--filter TEXT] [--jobs N] [--verbose]
       onnx_node_tests.py --dump FOLDER [--filter TEXT]

The first form gives each test's model and inputs to `martlet run` and compares what it writes with
the expected outputs. A model that martlet diagnoses as unsupported is counted apart. The exit status is 1
if any test fails.

The second form writes each test as FOLDER/<name>/model.onnx and FOLDER/<name>/data.onnx, a model whose
initializers are the inputs (in.0, in.1, ...) and expected outputs (out.0, ...); the Swift test
`ONNXNodeTests` runs those when MARTLET_ONNX_NODE_TESTS names the folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

UNSUPPORTED = ("not supported", "must be a constant", "is supported from opset", "newer than")


def collect(text: str) -> list:
    """The node tests whose names contain `text`, each with one data set of tensors at least."""
    warnings.simplefilter("ignore")
    from onnx.backend.test.case.node import collect_testcases

    cases = [case for case in collect_testcases(None) if text in case.name and case.data_sets]
    return sorted(cases, key=lambda case: case.name)


def as_tensor(value, name: str) -> onnx.TensorProto | None:
    """`value` as a TensorProto called `name`; None where it is a sequence, a map or an optional."""
    if isinstance(value, onnx.TensorProto):
        tensor = onnx.TensorProto()
        tensor.CopyFrom(value)
        tensor.name = name
        return tensor
    if isinstance(value, (np.ndarray, np.generic)):
        return numpy_helper.from_array(np.asarray(value), name)
    return None


def dump(cases: list, folder: Path) -> int:
    count = 0
    for case in cases:
        inputs, outputs = case.data_sets[0]
        tensors = [as_tensor(value, f"in.{i}") for i, value in enumerate(inputs)]
        tensors += [as_tensor(value, f"out.{i}") for i, value in enumerate(outputs)]
        if any(tensor is None for tensor in tensors):
            continue
        place = folder / case.name
        place.mkdir(parents=True, exist_ok=True)
        onnx.save(case.model, place / "model.onnx")
        graph = onnx.helper.make_graph([], "data", [], [], initializer=tensors)
        data = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)])
        onnx.save(data, place / "data.onnx")
        count += 1
    print(f"{count} tests written to {folder}")
    return 0


def run_case(program: str, case, folder: Path) -> tuple[str, str]:
    """How one test ends (`pass`, `fail` or `unsupported`) and what is to be said about it."""
    inputs, outputs = case.data_sets[0]
    if not all(isinstance(value, (np.ndarray, np.generic)) for value in [*inputs, *outputs]):
        return "unsupported", "its data are not arrays"
    place = folder / case.name
    place.mkdir()
    onnx.save(case.model, place / "model.onnx")
    command = [program, "run", str(place / "model.onnx"), "--quiet", "--no-cache"]
    for i, value in enumerate(inputs):
        np.save(place / f"in{i}.npy", np.ascontiguousarray(value))
        command += ["--input", f"{i}={place / f'in{i}.npy'}"]
    for i in range(len(outputs)):
        command += ["--output", f"{i}={place / f'out{i}.npy'}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return "fail", "no answer within 120 s"
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        first = said[0] if said else f"exit status {done.returncode}"
        if done.returncode == 1 and any(word in first for word in UNSUPPORTED):
            return "unsupported", first
        return "fail", first
    for i, expected in enumerate(outputs):
        actual = np.load(place / f"out{i}.npy")
        expected = np.asarray(expected)
        if actual.shape != expected.shape or actual.dtype != expected.dtype:
            return "fail", f"output {i} is {actual.dtype}{actual.shape}, not {expected.dtype}{expected.shape}"
        if expected.dtype.kind in "fc":
            if not np.allclose(actual, expected, rtol=case.rtol, atol=max(case.atol, 1e-6), equal_nan=True):
                return "fail", f"output {i} differs"
        elif not np.array_equal(actual, expected):
            return "fail", f"output {i} differs"
    return "pass", ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--martlet", default=".build/release/martlet")
    parser.add_argument("--filter", default="")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--dump", type=Path)
    arguments = parser.parse_args()
    cases = collect(arguments.filter)
    if arguments.dump:
        return dump(cases, arguments.dump)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        ends = list(pool.map(lambda case: run_case(arguments.martlet, case, Path(folder)), cases))
    for case, (end, said) in zip(cases, ends):
        if end == "fail" or arguments.verbose:
            print(f"{end}: {case.name}: {said}")
    counts = Counter(end for end, _ in ends)
    print(", ".join(f"{counts[end]} {end}" for end in ("pass", "fail", "unsupported")))
    return 1 if counts["fail"] else 0


if __name__ == "__main__":
    sys.exit(main())
