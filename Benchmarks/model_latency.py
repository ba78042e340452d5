#!/usr/bin/env python3
"""Models from file to answer, and run again and again, beside ONNX Runtime on one thread.

Usage: model_latency.py [--quick] [--json]

Martlet's "load to first result" is the whole life of a process that reads the model and the inputs,
compiles, runs once and writes the result: once with an empty cache of compiled code, once with a
filled one. ONNX Runtime's is from before `import onnxruntime` to the first answer; Python's own start
and the reading of inputs do not count. "memory" is the process's largest resident set; ONNX
Runtime's holds Python and numpy too, so it is also given without what was there before the import.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import run_report
from measure import MARTLET, ROOT, SCRATCH, Failure, Row, main, run_process

SPEECH = ROOT / "build" / "demo" / "speech"
SILERO = "silero_vad_16k_sequence.onnx"


@dataclass(frozen=True)
class Model:
    name: str
    path: Path
    inputs: dict[str, Path]
    output: str

    @property
    def input_options(self) -> list[str]:
        return [word for name, path in self.inputs.items() for word in ("--input", f"{name}={path}")]


def models() -> list[Model]:
    if not (SPEECH / SILERO).exists():
        run_process([sys.executable, ROOT / "Examples" / "speech" / "make_audio.py", SPEECH])
    digits = ROOT / "Examples" / "digits"
    return [
        Model("digits", digits / "cnn.onnx", {"images": digits / "test_images.npy"}, "logits"),
        Model(
            "silero",
            SPEECH / SILERO,
            {name: SPEECH / f"{name}.npy" for name in ("input", "h", "c")},
            "speech_probs",
        ),
    ]


def measure_martlet(model: Model, runs: int) -> dict[str, float]:
    """One cold process, one warm, and one that runs many times."""
    cache = SCRATCH / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    environment = {"MARTLET_CACHE_DIR": str(cache)}
    base = [MARTLET, "run", model.path, *model.input_options]
    output = ["--output", f"{model.output}={SCRATCH / 'out.npy'}"]
    once = [*base, *output, "--quiet", "--repeat=0"]
    cold, _, _ = run_process(once, environment)
    warm, _, _ = run_process(once, environment)
    many, _, messages = run_process([*base, *output, f"--repeat={runs}"], environment)
    found = run_report.phases(messages)
    if "median run" not in found:
        raise Failure(f"{model.name}: no median run in the report:\n{messages}")
    return {
        "cold_ms": cold.wall_ms,
        "warm_ms": warm.wall_ms,
        "median_ms": found["median run"],
        "cold_mb": cold.peak_mb,
        "warm_mb": warm.peak_mb,
        "many_mb": many.peak_mb,
    }


def measure_peer(model: Model, runs: int) -> dict[str, float | str]:
    _, text, _ = run_process(
        [
            sys.executable,
            ROOT / "Benchmarks" / "peers" / "ort_latency.py",
            model.path,
            *model.input_options,
            "--runs",
            str(runs),
        ],
        {"OMP_NUM_THREADS": "1"},
    )
    return json.loads(text)


def medians(figures: list[dict]) -> dict[str, float]:
    return {
        key: statistics.median(figure[key] for figure in figures)
        for key, value in figures[0].items()
        if isinstance(value, (int, float))
    }


def measure(quick: bool) -> list[Row]:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    rows = []
    rounds, runs = (1, 3) if quick else (7, 100)
    for model in models():
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(measure_martlet(model, runs))
            theirs.append(measure_peer(model, runs))
        peer = str(theirs[0]["peer"])
        a, b = medians(ours), medians(theirs)
        own_mb = b["peak_rss_mb"] - b["baseline_rss_mb"]
        load = b["load_to_first_ms"]
        rows += [
            Row(f"{model.name}: load to first, cold", "ms", a["cold_ms"], load, peer, 300),
            Row(f"{model.name}: load to first, warm", "ms", a["warm_ms"], load, peer, 30),
            Row(
                f"{model.name}: median run",
                "ms",
                a["median_ms"],
                b["median_ms"],
                peer,
                2 * b["median_ms"],
            ),
            Row(f"{model.name}: memory, cold", "MB", a["cold_mb"], b["peak_rss_mb"], peer),
            Row(f"{model.name}: memory, warm", "MB", a["warm_mb"], b["peak_rss_mb"], peer),
            Row(f"{model.name}: memory, less Python", "MB", a["warm_mb"], own_mb, peer),
        ]
    return rows


if __name__ == "__main__":
    sys.exit(main(__doc__, "model_latency", measure))
