#!/usr/bin/env python3
"""Measure the last commits with `martlet bench` and publish the history as a site, with airspeed velocity.

Usage: bench_site.py [--commits N | --range BASE..HEAD] [--filter REGEX] [--quick] [--rounds N]
               [--machine NAME] [--db FILE] [--publish-only]

Of the last N commits (10 unless given) on the present branch that changed the program, each is built in release in
a work tree of its own, build/bench-site/tree, and kept in build/bench-site/bin. What has results in the
history already, on this machine, is not measured again; a run that is interrupted goes on where it was when it is
called again. Commits that have no `martlet bench` of their own are measured as whole processes by the present
one; those that have are measured by themselves too, unit by unit. With several rounds all commits are
gone through several times, which spreads a machine's slow spells over them.

The site is written to build/bench-site/html. SWIFT names the compiler's command (default swift).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import site_pages
from site_pages import Failure

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "bench-site"
MARTLET = ROOT / ".build" / "release" / "martlet"
def git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def choose(options: argparse.Namespace) -> list[str]:
    """Returns the commits to measure, the oldest first."""
    words = ["log", "--first-parent", "--format=%H"]
    words += [options.range] if options.range else [f"-{options.commits}"]
    found = git(*words, "--", "Sources", "Package.swift").split()
    if not found:
        raise Failure("no commit to measure")
    return found[::-1]


def build(commit: str) -> Path:
    """Returns the program of `commit`, built where it was not before."""
    program = SITE / "bin" / commit / "martlet"
    if program.exists():
        return program
    tree = SITE / "tree"
    if not (tree / ".git").exists():
        shutil.rmtree(tree, ignore_errors=True)
        git("worktree", "prune")
        git("worktree", "add", "--quiet", "--detach", str(tree), commit)
    subprocess.run(
        ["git", "-C", str(tree), "checkout", "--quiet", "--detach", commit], check=True
    )
    print(f"{commit[:10]}: building", flush=True)
    swift = shlex.split(os.environ.get("SWIFT", "swift"))
    command = [*swift, "build", "-c", "release", "--static-swift-stdlib", "--product", "martlet"]
    with (SITE / "build.log").open("w") as log:
        if subprocess.run(command, cwd=tree, stdout=log, stderr=log, check=False).returncode != 0:
            raise Failure(f"{commit[:10]} cannot be built, see {SITE / 'build.log'}")
    program.parent.mkdir(parents=True, exist_ok=True)
    unfinished = program.with_suffix(".new")
    shutil.copy2(tree / ".build" / "release" / "martlet", unfinished)
    unfinished.rename(program)
    return program


def rounds_done(history: Path, commit: str, machine: str, units: bool) -> int:
    """Returns how many runs of the processes, or of the units, of `commit` the history holds."""
    if not history.exists():
        return 0
    question = """SELECT count(DISTINCT run.id) FROM run JOIN result ON result.run = run.id
        WHERE commit_hash = ? AND machine = ? AND dirty = 0 AND result.program = ?"""
    with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
        return database.execute(question, (commit, machine, 0 if units else 1)).fetchone()[0]


def listed(program: Path, *words: str) -> set[str] | None:
    """Returns what `martlet bench --list` names; None where there is no such command."""
    finished = subprocess.run(
        [program, "bench", "--list", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, check=False,
    )
    if finished.returncode != 0:
        return None
    return {line.split()[0] for line in finished.stdout.splitlines()}


def measure(program: Path, commit: str, options: argparse.Namespace, number: int) -> None:
    """Adds what is missing of the round `number` of `commit` to the history."""
    common = ["--record", f"--db={options.db}", f"--commit={commit}", f"--machine={options.machine}"]
    common += [f"--root={ROOT}", f"--folder={SITE / 'work'}"] + ["--quick"] * options.quick
    chosen = [f"--filter={options.filter}"] if options.filter else []
    # Another program's processes are all that can be measured of it, and are what --program leaves.
    processes = listed(MARTLET, f"--program={program}", *chosen) or set()
    tasks = [(False, [str(MARTLET), "bench", f"--program={program}", *common], processes)]
    own = listed(program, *chosen)
    if own is not None:
        own -= listed(program, f"--program={program}", *chosen) or set()
        tasks.append((True, [str(program), "bench", *common], own))
    for units, command, names in tasks:
        if not names or rounds_done(options.db, commit, options.machine, units) >= number:
            continue
        command.append("--filter=^(" + "|".join(re.escape(name) for name in sorted(names)) + ")$")
        print(f"{commit[:10]}: measuring {'units' if units else 'processes'}", flush=True)
        finished = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False
        )
        # One benchmark that a commit cannot do does not spoil the others.
        if finished.returncode not in (0, 1):
            raise Failure(f"{' '.join(command)}: {finished.stderr}")
        for line in finished.stderr.splitlines():
            print(f"  {line}")


def publish(options: argparse.Namespace) -> Path:
    """Exports the history and has asv make the site of it."""
    results = SITE / "asv"
    shutil.rmtree(results, ignore_errors=True)
    subprocess.run(
        [MARTLET, "bench", "export", f"--asv={results}", f"--db={options.db}", f"--root={ROOT}"]
        + [f"--folder={SITE / 'work'}"],
        check=True,
    )
    html = SITE / "html"
    site_pages.publish(results, html)
    return html


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--commits", type=int, default=10, metavar="N")
    parser.add_argument("--range", metavar="BASE..HEAD")
    parser.add_argument("--filter", metavar="REGEX", help="only such benchmarks")
    parser.add_argument("--quick", action="store_true", help="few runs: only to see that it works")
    parser.add_argument("--rounds", type=int, default=1, metavar="N")
    parser.add_argument("--machine", default=os.uname().nodename, metavar="NAME")
    parser.add_argument("--db", type=Path, default=ROOT / "build" / "bench" / "history.sqlite")
    parser.add_argument("--publish-only", action="store_true", help="measure nothing")
    options = parser.parse_args()
    options.db = options.db.resolve()
    options.db.parent.mkdir(parents=True, exist_ok=True)
    SITE.mkdir(parents=True, exist_ok=True)
    try:
        if not MARTLET.exists():
            raise Failure(f"{MARTLET.relative_to(ROOT)} is missing: make build")
        if not options.publish_only:
            commits = choose(options)
            programs = {commit: build(commit) for commit in commits}
            for number in range(1, options.rounds + 1):
                for commit, program in programs.items():
                    measure(program, commit, options, number)
        html = publish(options)
    except (Failure, subprocess.CalledProcessError) as failure:
        print(f"bench_site.py: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench_site.py: interrupted; the next call goes on from here", file=sys.stderr)
        return 130
    index = json.loads((html / "index.json").read_text())
    print(f"{len(index['benchmarks'])} graphs in {html}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
