#!/usr/bin/env python3
"""Write the inputs of `mlp.mlir` and what numpy computes from them.

Usage: reference.py FOLDER [--check FILE.npy]

FOLDER gets x.npy, w1.npy, b1.npy, ws.npy, bs.npy, w2.npy and b2.npy, drawn with a fixed seed, and
expected.npy. With --check, the result in FILE.npy is compared with expected.npy, and the exit
status is 1 if any element differs by more than 1e-5.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

SEED = 0
CHECK_TOLERANCE = 1e-5
SHAPES = {
    "x": (32, 64),
    "w1": (64, 128),
    "b1": (128,),
    "ws": (4, 128, 128),
    "bs": (4, 128),
    "w2": (128, 10),
    "b2": (10,),
}

Arrays = dict[str, np.ndarray]


def make_inputs() -> Arrays:
    """Returns the inputs, float32: matrices scaled so that activations keep their size."""
    generator = np.random.default_rng(SEED)
    inputs = {}
    for name, shape in SHAPES.items():
        scale = 1.0 / np.sqrt(shape[-2]) if name.startswith("w") else 1.0
        inputs[name] = (generator.standard_normal(shape) * scale).astype(np.float32)
    return inputs


def classify(inputs: Arrays) -> np.ndarray:
    """Returns the probabilities [32, 10], computed in float64 and rounded to float32."""
    a = {name: array.astype(np.float64) for name, array in inputs.items()}
    h = np.maximum(a["x"] @ a["w1"] + a["b1"], 0)
    for i, (w, b) in enumerate(zip(a["ws"], a["bs"], strict=True)):
        h = h + np.maximum(h @ w + b, 0) / (i + 1)
    logits = h @ a["w2"] + a["b2"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to write the arrays")
    parser.add_argument("--check", type=Path, metavar="FILE.npy", help="a result to compare")
    arguments = parser.parse_args()

    inputs = make_inputs()
    expected = classify(inputs)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, array in {**inputs, "expected": expected}.items():
        np.save(arguments.folder / f"{name}.npy", array)
    if arguments.check is None:
        return 0
    found = np.load(arguments.check)
    if found.shape != expected.shape:
        print(f"{arguments.check}: shape {found.shape}, not {expected.shape}", file=sys.stderr)
        return 1
    difference = np.abs(found - expected).max()
    print(f"largest difference from numpy: {difference:.1e}")
    return 0 if difference <= CHECK_TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
