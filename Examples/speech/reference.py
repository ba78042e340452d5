#!/usr/bin/env python3
"""Run the speech detector with ONNX Runtime and print where speech is.

Usage: reference.py MODEL FOLDER [--write speech_probs.npy] [--check FILE.npy]

MODEL is silero_vad_16k_sequence.onnx, FOLDER what make_audio.py wrote. Prints one line, "speech
0.42-1.73 s, ...". With --check, the probabilities in FILE.npy are compared with ONNX Runtime's, and
the exit status is 1 if any differs by more than 1e-4.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np
import onnxruntime

SAMPLE_RATE = 16000
WINDOW = 512
THRESHOLD = 0.5
NEGATIVE_THRESHOLD = 0.35
MIN_SPEECH = SAMPLE_RATE * 250 // 1000
MIN_SILENCE = SAMPLE_RATE * 100 // 1000
PADDING = SAMPLE_RATE * 30 // 1000
CHECK_TOLERANCE = 1e-4


def probabilities(model: Path, folder: Path) -> np.ndarray:
    """Returns the probability of speech in each window."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(model), sess_options=options, providers=["CPUExecutionProvider"]
    )
    feeds = {name: np.load(folder / f"{name}.npy") for name in ("input", "h", "c")}
    return session.run(["speech_probs"], feeds)[0]


def segments(probs: np.ndarray) -> list[tuple[int, int]]:
    """Returns the [start, end) samples of each stretch of speech: the rules are in README.md."""
    length = probs.size * WINDOW
    found: list[list[int]] = []
    start: int | None = None
    quiet: int | None = None  # where the silence began that may end this stretch
    for window, probability in enumerate(probs):
        here = window * WINDOW
        if probability >= THRESHOLD:
            quiet = None
            if start is None:
                start = here
        elif probability < NEGATIVE_THRESHOLD and start is not None:
            if quiet is None:
                quiet = here
            if here - quiet >= MIN_SILENCE:
                if quiet - start > MIN_SPEECH:
                    found.append([start, quiet])
                start = quiet = None
    if start is not None and length - start > MIN_SPEECH:
        found.append([start, length])
    return [(begin, end) for begin, end in pad(found, length)]


def pad(found: list[list[int]], length: int) -> list[list[int]]:
    """Widens each stretch by `PADDING` on both sides, or by half of the gap where that is less."""
    if found:
        found[0][0] = max(0, found[0][0] - PADDING)
        found[-1][1] = min(length, found[-1][1] + PADDING)
    for before, after in itertools.pairwise(found):
        gap = after[0] - before[1]
        share = gap // 2 if gap < 2 * PADDING else PADDING
        before[1] += share
        after[0] -= share
    return found


def line(found: list[tuple[int, int]]) -> str:
    """Returns the segments as text, in seconds with two digits."""
    if not found:
        return "no speech"
    spans = (f"{start / SAMPLE_RATE:.2f}-{end / SAMPLE_RATE:.2f} s" for start, end in found)
    return "speech " + ", ".join(spans)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path, help="the folder that make_audio.py wrote")
    parser.add_argument("--write", type=Path, metavar="FILE.npy", help="where to write the result")
    parser.add_argument("--check", type=Path, metavar="FILE.npy", help="probabilities to compare")
    arguments = parser.parse_args()

    expected = probabilities(arguments.model, arguments.folder)
    print(line(segments(expected)))
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
