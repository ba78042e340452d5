#!/usr/bin/env python3
"""Run the digit classifier with ONNX Runtime and print its accuracy.

Usage: reference.py [--write logits.npy] [--check FILE.npy]

With --check, the logits in FILE.npy are compared with ONNX Runtime's, and the exit status is 1 if
any differs by more than 1e-4. The committed test_logits.npy was written with --write.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import onnxruntime

CHECK_TOLERANCE = 1e-4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", type=Path, metavar="FILE.npy", help="where to write the logits")
    parser.add_argument("--check", type=Path, metavar="FILE.npy", help="logits to compare")
    arguments = parser.parse_args()

    here = Path(__file__).parent
    images, labels = np.load(here / "test_images.npy"), np.load(here / "test_labels.npy")
    session = onnxruntime.InferenceSession(
        str(here / "cnn.onnx"), providers=["CPUExecutionProvider"]
    )
    expected = session.run(["logits"], {"images": images})[0]
    print(f"accuracy: {(expected.argmax(axis=1) == labels).mean():.2%} of {labels.size}")
    if arguments.write:
        np.save(arguments.write, expected)
    if arguments.check is None:
        return 0
    found = np.load(arguments.check)
    if found.shape != expected.shape:
        print(f"{arguments.check}: shape {found.shape}, not {expected.shape}", file=sys.stderr)
        return 1
    difference = np.abs(found - expected).max()
    print(f"largest difference from ONNX Runtime: {difference:.1e}")
    return 0 if difference <= CHECK_TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
