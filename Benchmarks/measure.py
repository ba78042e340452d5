"""What the benchmarks share: timing of whole processes, medians, ratios, tables and JSON."""

from __future__ import annotations

import argparse
import functools
import json
import shutil
import statistics
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARTLET = ROOT / ".build" / "release" / "martlet"
SCRATCH = ROOT / "build" / "bench"
LLVM_VERSIONS = (22, 21, 20, 19)


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float  # largest resident set, 10**6 bytes


@dataclass(frozen=True)
class Row:
    """One figure of Martlet's beside its peer's; a ratio under 1 says that Martlet takes less."""

    name: str
    unit: str
    martlet: float
    peer: float | None
    peer_name: str
    limit: float | None = None  # what the figure should not exceed

    @property
    def ratio(self) -> float | None:
        return self.martlet / self.peer if self.peer else None


class Failure(Exception):
    """A program under measurement did not do its work."""


class Launcher:
    """`martlet bench`'s small process that starts others.

    The kernel counts the memory of whoever starts a process to that process's peak: a Python of 17 MB would hide
    what a smaller program takes.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [MARTLET, "bench", "--serve-launcher"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(
        self, words: Sequence[str], out: Path, messages: Path, environment: Mapping[str, str]
    ) -> tuple[int, Cost]:
        """Runs a command to its end; returns its exit status and cost."""
        added = [word for pair in environment.items() for word in pair]
        fields = [str(out), str(messages), str(len(words)), *words, *added]
        request = "\0".join(fields).encode()
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(struct.pack("<I", len(request)) + request)
        self._process.stdin.flush()
        header = self._process.stdout.read(4)
        if len(header) < 4:
            raise Failure("the process that starts others ended")
        answer = self._process.stdout.read(*struct.unpack("<I", header)).decode()
        parts = answer.split("\0")
        if len(parts) != 5:
            raise Failure(answer)
        wall, cpu, peak = (float(part) for part in parts[1:4])
        return int(parts[0]), Cost(wall / 1e6, cpu / 1e6, peak / 1e6)


@functools.cache
def launcher() -> Launcher:
    return Launcher()


def run_process(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> tuple[Cost, str, str]:
    """Runs `command` to its end; returns its cost, standard output and standard error.

    Output goes to files, not pipes: reading a pipe would compete with the program measured.
    """
    SCRATCH.mkdir(parents=True, exist_ok=True)
    out_path, error_path = SCRATCH / "stdout", SCRATCH / "stderr"
    words = [str(word) for word in command]
    code, cost = launcher().run(words, out_path, error_path, environment or {})
    text = out_path.read_text(errors="replace")
    messages = error_path.read_text(errors="replace")
    if code != 0:
        raise Failure(f"{' '.join(words)} ended with {code}\n{messages[-2000:]}")
    return cost, text, messages


def interleave(rounds: int, actions: Mapping[str, Callable[[], Cost]]) -> dict[str, Cost]:
    """Runs each action `rounds` times, one after the other in turns, after one round not counted.

    Taking turns spreads the machine's slow spells over all of them. Returns the medians.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in actions}
    for round_number in range(rounds + 1):
        for name, action in actions.items():
            cost = action()
            if round_number > 0:
                costs[name].append(cost)
    return {name: median_cost(found) for name, found in costs.items()}


def median_cost(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.wall_ms for cost in costs),
        statistics.median(cost.cpu_ms for cost in costs),
        statistics.median(cost.peak_mb for cost in costs),
    )


def find_mlir_opt() -> Path | None:
    """Returns mlir-opt of the newest version installed, or None."""
    for version in LLVM_VERSIONS:
        found = shutil.which("mlir-opt", path=f"/usr/lib/llvm-{version}/bin")
        found = found or shutil.which(f"mlir-opt-{version}")
        if found:
            return Path(found)
    return None


def version_of(program: Path) -> str:
    """Returns e.g. "mlir-opt 22.1.8"."""
    text = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True
    ).stdout
    words = text.split()
    number = words[words.index("version") + 1] if "version" in words else "?"
    return f"{program.name} {number}"


def arguments(description: str | None) -> argparse.Namespace:
    """Reads a benchmark's command line."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds: only to see that it runs")
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    return parser.parse_args()


def report(title: str, rows: Sequence[Row], as_json: bool) -> None:
    """Prints the figures."""
    if as_json:
        figures = [{**asdict(row), "ratio": row.ratio} for row in rows]
        print(json.dumps({"benchmark": title, "figures": figures}, indent=2))
        return
    print(title)
    for row in rows:
        line = f"  {row.name:<38} {row.martlet:>10.3f} {row.unit:<4}"
        if row.peer is not None:
            line += f" {row.peer_name:>18} {row.peer:>10.3f}  ratio {row.ratio:6.3f}"
        if row.limit is not None:
            verdict = "within" if row.martlet <= row.limit else "OVER"
            line += f"  ({verdict} {row.limit:g} {row.unit})"
        print(line)


def main(description: str | None, title: str, measure: Callable[[bool], list[Row]]) -> int:
    """The whole of a benchmark program."""
    options = arguments(description)
    if not MARTLET.exists():
        print(f"{MARTLET.relative_to(ROOT)} is missing: make build", file=sys.stderr)
        return 1
    try:
        report(title, measure(options.quick), options.json)
    except Failure as failure:
        print(f"{title}: {failure}", file=sys.stderr)
        return 1
    return 0
