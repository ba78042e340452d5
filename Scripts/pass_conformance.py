#!/usr/bin/env python3
"""Run the passes that tests' RUN lines name through mlir-opt and through martlet, and compare the text.

Usage: pass_conformance.py CORPUS [--pass NAME[,NAME]] [--filter TEXT] [--martlet PROGRAM] [--out FOLDER]
       pass_conformance.py CORPUS --show FILE:LINE [--pass NAME]   one chunk after both, and where they differ

For every .mlir file below CORPUS, each RUN line that runs mlir-opt with passes all of which martlet has is
run on each `// -----` chunk of the file, with the flags of that line. Lines with a pass or a flag that
martlet lacks are counted and left out. mlir-opt's answers are kept under FOLDER/cache by the file's content.
The report gives a table per pass and lists the chunks that differ by cause, the most frequent first.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import difflib
import json
import pathlib
import re
import shlex
import subprocess
import sys

import conformance
from conformance import ROOT, Tool, normalised

# Flags of RUN lines that say how a test reads the answer, not what the answer is.
READING = {"split-input-file", "verify-diagnostics", "verify-each", "mlir-disable-threading"}
# Flags that both programs print by.
PRINTING = {
    "allow-unregistered-dialect",
    "mlir-print-op-generic",
    "mlir-print-local-scope",
    "mlir-print-debuginfo",
    "mlir-very-unsafe-disable-verifier-on-parsing",
}


class PassTool(Tool):
    """One of the two programs, which runs passes and prints once."""

    def answers(self, path: str, text: str, flags: list[str]) -> list[dict]:
        chunks = conformance.split(text)
        batch = self.batch(path, chunks, flags)
        return [
            answer or self.single(path, first, chunk, flags)
            for answer, (first, chunk) in zip(batch, chunks)
        ]


class Line:
    """What a RUN line asks for: its flags, and the passes that these name."""

    def __init__(self, flags: list[str], passes: list[str], lacking: list[str]):
        self.flags = flags
        self.passes = passes
        self.lacking = lacking


def run_lines(text: str, passes: set[str]) -> list[Line]:
    """The different RUN lines of a file that run mlir-opt on it with at least one pass."""
    commands, open_line = [], ""
    for line in text.split("\n"):
        match = re.search(r"RUN:\s*(.*?)\s*$", line)
        if not match:
            continue
        open_line += match.group(1)
        if open_line.endswith("\\"):
            open_line = open_line[:-1] + " "
            continue
        commands.append(open_line)
        open_line = ""
    lines: dict[tuple[str, ...], Line] = {}
    for command in commands:
        first = re.split(r"\|(?![^']*'(?:[^']*'[^']*')*[^']*$)", command)[0]
        try:
            words = shlex.split(first)
        except ValueError:
            continue
        while words and (words[0] == "not" or re.fullmatch(r"\w+=.*", words[0])):
            words.pop(0)
        if not words or words[0] != "mlir-opt" or "%s" not in words:
            continue
        line = parse(words[1:], passes)
        if line.passes or line.lacking:
            lines.setdefault(tuple(line.flags), line)
    return list(lines.values())


def parse(words: list[str], passes: set[str]) -> Line:
    """What the `words` after the program's name ask for, where martlet has the `passes`."""
    flags, named, lacking = [], [], []
    words = iter(words)
    for word in words:
        if word in ("%s", "<", "2>&1", "-"):
            continue
        if word in ("-o", "--o", ">"):
            next(words, "")
            continue
        if not word.startswith("-") or "%" in word:
            lacking.append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if name in READING:
            continue
        if name == "pass-pipeline":
            value = value if equals else next(words, "")
            found = pipeline_passes(value)
            named += [p for p in found if p in passes]
            lacking += [p for p in found if p not in passes]
            flags.append(f"--pass-pipeline={value}")
        elif name in passes:
            named.append(name)
            flags.append("--" + word.lstrip("-"))
        elif name in PRINTING:
            flags.append("--" + word.lstrip("-"))
        else:
            lacking.append(name)
    return Line(flags, named, lacking)


def pipeline_passes(text: str) -> list[str]:
    """The passes named in a textual pipeline: what stands neither in braces nor before a parenthesis."""
    depth, plain = 0, ""
    for character in text:
        depth += character == "{"
        if depth == 0:
            plain += character
        depth -= character == "}"
    return [name for name, after in re.findall(r"([\w.-]+)\s*(\(?)", plain) if not after]


def operations(text: str) -> collections.Counter:
    quoted = re.sub(r'"[^"\n]*"(?!\()', '""', text)
    names = re.findall(r"(?<![\w!#@%.$-])\"?([a-z_]\w*\.[a-z_][\w.]*)", quoted)
    return collections.Counter(names)


def cause_of(expected: str, got: str) -> str:
    """Which operations mlir-opt's text has more of and which ours; else the first line that differs."""
    left, right = operations(expected), operations(got)
    more, fewer = sorted((right - left).items()), sorted((left - right).items())
    if not more and not fewer:
        return "text: " + conformance.difference(expected, got)
    several = lambda pairs: " ".join(f"{name}x{n}" if n > 1 else name for name, n in pairs)
    return f"operations: ours also {several(more) or '-'}; mlir-opt's also {several(fewer) or '-'}"


def judge(expected: dict, got: dict, first: int, chunk: str) -> tuple[list[str], str | None]:
    """The columns a chunk counts in, and the cause of a difference."""
    if expected["state"] in ("crash", "hang"):
        return ["skipped"], None
    columns = [got["state"]] if got["state"] in ("crash", "hang") else []
    if expected["state"] == "ok":
        columns.append("accepted")
        if got["state"] != "ok":
            what = got["state"]
            if got["errors"]:
                line, _, message = got["errors"][0]
                what = conformance.operation_at(line, first, chunk) + normalised(message)
            return columns, "not accepted: " + what
        columns.append("parsed")
        if expected["text"] == got["text"]:
            return columns + ["equal"], None
        return columns, cause_of(expected["text"], got["text"])
    match = conformance.UNKNOWN_DIALECT.search(expected["errors"][0][2])
    if match and (match.group(1) or match.group(2)).split(".")[0] in conformance.TESTING:
        return ["skipped"], None
    columns.append("rejected")
    message = normalised(expected["errors"][0][2])
    if got["state"] == "ok":
        return columns, "not rejected: " + message
    if got["errors"] and got["errors"][0][2] == expected["errors"][0][2]:
        return columns + ["both-reject", "same-text"], None
    return columns + ["both-reject"], None


def words_of(program: str, flag: str) -> str:
    return subprocess.run([program, "opt", flag], capture_output=True, text=True).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--pass", dest="passes", default="", help="only RUN lines with one of these")
    parser.add_argument("--alone", action="store_true", help="only RUN lines without any other pass")
    parser.add_argument("--filter", default="", help="only files whose path has this text (a|b: either)")
    parser.add_argument("--martlet", default=str(ROOT / ".build/release/martlet"))
    parser.add_argument("--mlir-opt", default="")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/pass-conformance")
    parser.add_argument("--cache", type=pathlib.Path, help="where mlir-opt's answers lie")
    parser.add_argument("--show", metavar="FILE:LINE", help="one chunk, after both")
    options = parser.parse_args()

    found = conformance.reference_tool(options.mlir_opt)
    if not found:
        return 2
    core, dialects = set(conformance.CORE), conformance.known_dialects(found)
    reference = PassTool(found.command, found.version)
    martlet = PassTool([options.martlet, "opt"], "")
    known = set(re.findall(r"^ {2}--([\w.-]+)", words_of(options.martlet, "--list-passes"), re.M))
    wanted = set(filter(None, options.passes.split(",")))
    for name in sorted(wanted - known):
        print(f"martlet has no pass {name}", file=sys.stderr)

    def lines_of(text: str) -> list[Line]:
        return [
            line
            for line in run_lines(text, known)
            if (not wanted or wanted & set(line.passes))
            and not (options.alone and len(set(line.passes)) > 1)
        ]

    if options.show:
        name, _, number = options.show.rpartition(":")
        path = options.corpus / name
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        first, chunk = [c for c in conformance.split(text) if c[0] <= int(number)][-1]
        print(chunk)
        for line in lines_of(text):
            print("===", shlex.join(line.flags), *(["lacking", *line.lacking] if line.lacking else []))
            if line.lacking:
                continue
            answers = [tool.single(str(path), first, chunk, line.flags) for tool in (reference, martlet)]
            for label, answer in zip(("mlir-opt", "martlet"), answers):
                if answer["state"] != "ok":
                    print(f"--- {label}: {answer['state']}")
                    for error in answer["errors"]:
                        print("   %d:%d: %s" % tuple(error))
            texts = [a.get("text", "").split("\n") for a in answers]
            print("\n".join(difflib.unified_diff(*texts, "mlir-opt", "martlet", lineterm="", n=1)))
        return 0

    options.out.mkdir(parents=True, exist_ok=True)
    cache = options.cache or options.out / "cache"
    paths = conformance.chosen_paths(options.corpus, options.filter)
    lacking: collections.Counter = collections.Counter()

    def work(path: pathlib.Path):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        answered = []
        for line in lines_of(text):
            if line.lacking:
                answered.append((line, None, None))
                continue
            expected = conformance.cached_answers(reference, path, text, line.flags, cache)
            answered.append((line, expected, martlet.answers(str(path), text, line.flags)))
        return conformance.split(text), answered

    rows: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    total: collections.Counter = collections.Counter()
    causes: dict[str, list[str]] = collections.defaultdict(list)
    records = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, (chunks, answered) in zip(paths, pool.map(work, paths)):
            name = path.relative_to(options.corpus)
            for line, expected, got in answered:
                if expected is None:
                    lacking.update(set(line.lacking))
                    continue
                distinct = sorted(set(line.passes))
                for (first, chunk), want, have in zip(chunks, expected, got):
                    columns, cause = judge(want, have, first, chunk)
                    if conformance.used_dialects(chunk, dialects) <= core:
                        columns += ["core-" + c for c in columns if c in ("accepted", "equal")]
                    total.update(["chunks"] + columns)
                    for row in distinct:
                        rows[row].update(["chunks"] + columns)
                        if len(distinct) == 1:
                            rows[row].update("alone-" + column for column in columns)
                    place = f"{name}:{first}"
                    if cause:
                        causes[cause].append(place)
                    records.append(
                        {
                            "chunk": place,
                            "flags": line.flags,
                            "passes": distinct,
                            "columns": columns,
                            "cause": cause,
                        }
                    )

    header = (
        f"{'':36}{'chunks':>7}{'skip':>6}{'accept':>7}{'parsed':>7}{'equal':>7}{'%':>7}"
        f"{'core':>12}{'%':>7}{'alone':>12}{'reject':>8}{'also':>6}{'text':>6}{'cr':>4}{'hg':>4}"
    )

    def row_text(name: str, n: collections.Counter) -> str:
        share = lambda part, whole: f"{100 * n[part] / n[whole]:7.1f}" if n[whole] else "      -"
        of = lambda part, whole: f"{n[part]}/{n[whole]}"
        return (
            f"{name:36}{n['chunks']:7}{n['skipped']:6}{n['accepted']:7}{n['parsed']:7}{n['equal']:7}"
            f"{share('equal', 'accepted')}{of('core-equal', 'core-accepted'):>12}"
            f"{share('core-equal', 'core-accepted')}{of('alone-equal', 'alone-accepted'):>12}{n['rejected']:8}{n['both-reject']:6}{n['same-text']:6}"
            f"{n['crash']:4}{n['hang']:4}"
        )

    legend = (
        "accept: accepted by mlir-opt; parsed: of these, by martlet too; equal: of these, the same text;\n"
        "core: equal of accepted among chunks that name no dialect but those declared in Swift;\n"
        "alone: equal of accepted where the RUN line has no other pass; reject: rejected by mlir-opt; also:\n"
        "of these, by martlet; text: with the same first error; cr, hg: martlet crashed or hung.\n"
        "skip: mlir-opt crashes, or lacks a test dialect. A line of several passes counts in each of its rows."
    )
    table = "\n".join(
        [legend, "", header]
        + [row_text(row, rows[row]) for row in sorted(rows)]
        + ["", row_text("all", total)]
    )
    ordered = sorted(causes.items(), key=lambda c: (-len(c[1]), c[0]))
    with open(options.out / "report.txt", "w", errors="surrogateescape") as report:
        report.write(table + "\n\ncauses (chunks; examples)\n")
        for cause, places in ordered:
            report.write(f"{len(places):5}  {cause}\n")
            for place in places[:3]:
                report.write(f"          {place}\n")
        report.write("\nRUN lines left out, by the pass or flag that is lacking\n")
        for name, number in lacking.most_common():
            report.write(f"{number:5}  {name}\n")
    with open(options.out / "report.json", "w") as report:
        json.dump(
            {
                "table": {row: dict(rows[row]) for row in sorted(rows)},
                "causes": [{"cause": c, "count": len(p), "chunks": p} for c, p in ordered],
                "lacking": dict(lacking),
                "chunks": records,
            },
            report,
            indent=1,
        )
    print(table)
    print(f"causes: {options.out / 'report.txt'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
