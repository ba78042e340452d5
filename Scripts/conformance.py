#!/usr/bin/env python3
"""Run every chunk of every .mlir file below a folder through mlir-opt and through martlet, and compare.

Usage: conformance.py CORPUS [--filter TEXT] [--martlet PROGRAM] [--mlir-opt PROGRAM] [--out FOLDER]
       conformance.py CORPUS --show FILE:LINE       both tools' answers to one chunk, and where they differ

A chunk is what stands between two `// -----` lines. It is parsed, verified and printed in the custom and
in the generic form, with `--allow-unregistered-dialect` where the file's RUN lines have it; no pass is run.
The report gives a table per folder of the corpus ("where the chunk lies") and totals over the chunks
that use no dialect but the core ones, then the causes of all differences, the most frequent first.
mlir-opt's answers are kept under FOLDER/cache by the file's content, so the next run only asks martlet.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import difflib
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORE = (
    "builtin func arith math cf scf index ub complex tensor linalg memref affine vector bufferization "
    "sparse_tensor gpu llvm transform irdl"
).split()
# Dialects that exist for a project's own tests, which not every build of mlir-opt has.
TESTING = {"test", "test_dyn", "test_irdl_to_cpp"}
FOLDERS = {
    "IR": "builtin",
    "Dialect/Builtin": "builtin",
    "Dialect/ControlFlow": "cf",
    "Dialect/LLVMIR": "llvm",
    "Dialect/LLVM": "llvm",
    "Dialect/SparseTensor": "sparse_tensor",
    "Dialect/OpenACC": "acc",
    "Dialect/OpenMP": "omp",
    "Dialect/PDLInterp": "pdl_interp",
    "Dialect/MLProgram": "ml_program",
    "Dialect/ArmNeon": "arm_neon",
    "Dialect/ArmSME": "arm_sme",
    "Dialect/ArmSVE": "arm_sve",
}
SEPARATOR = "// -----"
DIAGNOSTIC = re.compile(r"^(.*?):(\d+):(\d+): (error|warning|remark|note): (.*)$")
UNKNOWN_DIALECT = re.compile(
    r"[Dd]ialect [`'\"]([\w.]+)['\"] (?:not found|is unknown)|unregistered dialect [`'\"]?!?#?(\w+)"
)
FILE_LIMIT, CHUNK_LIMIT = 60, 10  # seconds


def dialect_of(path: pathlib.PurePath) -> str:
    """The row of the table that the file at `path`, relative to the corpus, belongs to."""
    parts = list(path.parts[:-1])
    lowered = [part.lower() for part in parts]
    if "dialects" in lowered:  # xDSL's layout
        after = parts[lowered.index("dialects") + 1 :]
        return after[0] if after else "(dialects)"
    if parts[:1] == ["Integration"]:
        return "(integration)"
    for n in (2, 1):
        name = FOLDERS.get("/".join(parts[:n]))
        if name:
            return name
    if parts[:1] == ["Dialect"] and len(parts) > 1:
        return parts[1].lower()
    return "(" + (parts[0].lower() if parts else "top") + ")"


def split(text: str) -> list[tuple[int, str]]:
    """The chunks of a file, each with the number of its first line."""
    chunks, lines, first = [], [], 1
    for number, line in enumerate(text.split("\n"), 1):
        if line.rstrip() == SEPARATOR:
            chunks.append((first, "\n".join(lines)))
            lines, first = [], number + 1
        else:
            lines.append(line)
    chunks.append((first, "\n".join(lines)))
    return chunks


class Tool:
    """One of the two programs."""

    def __init__(self, command: list[str], version: str):
        self.command = command
        self.version = version

    def run(self, path: str, flags: list[str], limit: int) -> tuple[int | None, str, str]:
        """Exit status (None after a time-out), standard output and standard error."""
        environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
        try:
            done = subprocess.run(
                self.command + flags + [path], capture_output=True, timeout=limit, env=environment
            )
        except subprocess.TimeoutExpired:
            return None, "", ""
        decode = lambda data: data.decode("utf-8", "surrogateescape")
        return done.returncode, decode(done.stdout), decode(done.stderr)

    def answers(self, path: str, text: str, flags: list[str]) -> list[dict]:
        """What the tool says to each chunk: `state` (ok, error, crash, hang), `errors`, `custom`, `generic`."""
        chunks = split(text)
        custom = self.batch(path, chunks, flags)
        generic = self.batch(path, chunks, flags + ["--mlir-print-op-generic"])
        answers = []
        for i, (first, chunk) in enumerate(chunks):
            one = custom[i] or self.single(path, first, chunk, flags)
            if one["state"] == "ok":
                other = generic[i] or self.single(
                    path, first, chunk, flags + ["--mlir-print-op-generic"]
                )
                one["generic"] = other.get("text", "")
                if other["state"] != "ok":
                    one["state"] = other["state"]
            one["custom"] = one.pop("text", "")
            answers.append(one)
        return answers

    def batch(self, path: str, chunks: list, flags: list[str]) -> list[dict | None]:
        """All chunks in one process; None for those that need one of their own."""
        status, output, errors = self.run(path, flags + ["--split-input-file"], FILE_LIMIT)
        nothing: list[dict | None] = [None] * len(chunks)
        if status not in (0, 1):
            return nothing
        texts, current = [], []
        for line in output.split("\n"):
            if line == SEPARATOR:
                texts.append("\n".join(current).strip("\n"))
                current = []
            else:
                current.append(line)
        texts.append("\n".join(current).strip("\n"))
        if len(texts) != len(chunks):
            return nothing
        firsts = [first for first, _ in chunks] + [1 << 60]
        found: list[list] = [[] for _ in chunks]
        for name, line, column, kind, message in diagnostics(errors):
            if kind == "error" and name == path:
                i = next(i for i in range(len(chunks)) if firsts[i + 1] > line)
                found[i].append([line, column, message])
        results: list[dict | None] = []
        for text, errors_here in zip(texts, found):
            if text:
                results.append({"state": "ok", "errors": [], "text": text})
            elif errors_here:
                results.append({"state": "error", "errors": errors_here})
            else:
                results.append(None)
        return results

    def single(self, path: str, first: int, chunk: str, flags: list[str]) -> dict:
        """One chunk in a process of its own."""
        with tempfile.NamedTemporaryFile("wb", suffix=".mlir") as file:
            file.write(("\n" * (first - 1) + chunk).encode("utf-8", "surrogateescape"))
            file.flush()
            status, output, errors = self.run(file.name, flags, CHUNK_LIMIT)
        if status is None:
            return {"state": "hang", "errors": []}
        if status == 0:
            return {"state": "ok", "errors": [], "text": output.strip("\n")}
        if status < 0 or status > 2:
            return {"state": "crash", "errors": []}
        found = [[d[1], d[2], d[4]] for d in diagnostics(errors) if d[3] == "error"]
        if not found:
            found = [[0, 0, (errors.strip().split("\n") or [""])[0]]]
        return {"state": "error", "errors": found}


def reference_tool(given: str) -> Tool | None:
    """mlir-opt: the one `given`, else the machine's; where there is none, that is said."""
    program = given or shutil.which("mlir-opt-22") or shutil.which(
        "mlir-opt", path="/usr/lib/llvm-22/bin:" + os.environ.get("PATH", "")
    )
    if not program:
        print("no mlir-opt: install Debian's mlir-22-tools, or give --mlir-opt", file=sys.stderr)
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return Tool([program, "--mlir-disable-threading"], version)


def known_dialects(reference: Tool) -> set[str]:
    """The dialects that mlir-opt lists, and the core ones."""
    command = [reference.command[0], "--show-dialects"]
    listed = subprocess.run(command, capture_output=True, text=True).stdout
    return set(re.findall(r"\w+", listed.partition(":")[2])) | set(CORE)


def chosen_paths(corpus: pathlib.Path, texts: str) -> list[pathlib.Path]:
    """The files below `corpus` whose path has one of the `texts`, which stand between bars."""
    wanted = texts.split("|")
    return sorted(
        path
        for path in corpus.rglob("*.mlir")
        if path.is_file() and any(w in str(path.relative_to(corpus)) for w in wanted)
    )


def diagnostics(text: str) -> list[tuple[str, int, int, str, str]]:
    found = []
    for line in text.split("\n"):
        match = DIAGNOSTIC.match(line)
        if match:
            name, number, column, kind, message = match.groups()
            found.append((name, int(number), int(column), kind, message))
    return found


def flags_of(text: str) -> list[str]:
    """The flags of the file's RUN lines that matter to parsing."""
    # A test may name the flag in any of its RUN lines; the ones without it then have no such operation.
    runs = [line for line in text.split("\n") if "RUN:" in line or line.rstrip().endswith("\\")]
    return ["--allow-unregistered-dialect"] if any("allow-unregistered" in r for r in runs) else []


def cached_answers(tool: Tool, path: pathlib.Path, text: str, flags: list[str], cache: pathlib.Path):
    key = hashlib.sha256(
        json.dumps(["1", tool.version, flags, text], ensure_ascii=True).encode()
    ).hexdigest()
    file = cache / key[:2] / f"{key}.json"
    if file.exists():
        return json.loads(file.read_text())
    answers = tool.answers(str(path), text, flags)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(answers))
    temporary.replace(file)
    return answers


def used_dialects(text: str, known: set[str]) -> set[str]:
    """The registered dialects that `text` names: by operations, types or attributes."""
    names = re.findall(r"(?:^|[\s\"!#(<,\[{=])([a-z][a-z0-9_]*)\.[a-zA-Z_]", text)
    names += re.findall(r"[!#]([a-z][a-z0-9_]*)<", text)
    return {name for name in names if name in known} - {"builtin"}


def normalised(text: str) -> str:
    """`text` with what differs from place to place taken out."""
    text = re.sub(r"%[\w$.#-]+", "%", text)
    text = re.sub(r"@[\w$.]+|@\"[^\"]*\"", "@", text)
    text = re.sub(r"0x[0-9A-Fa-f]+|-?\d+(\.\d+)?(e[+-]?\d+)?", "N", text)
    return text[:160]


def difference(expected: str, got: str) -> str:
    """The first line where two outputs differ, as a cause: its operation and both fragments."""
    left, right = expected.split("\n"), got.split("\n")
    i = 0
    while i < min(len(left), len(right)) and left[i] == right[i]:
        i += 1
    a = left[i] if i < len(left) else "(end)"
    b = right[i] if i < len(right) else "(end)"
    c = 0
    while c < min(len(a), len(b)) and a[c] == b[c]:
        c += 1
    operation = re.search(r"[a-z_]+\.[\w.]+", a)
    start = c
    while start > 0 and c - start < 24 and a[start - 1] not in " ":
        start -= 1
    name = operation.group() if operation else ""
    return f"{name}: `{normalised(a[start:c + 40])}` / `{normalised(b[start:c + 40])}`"


COLUMNS = (
    "chunks skipped both-accept both-reject only-mlir only-martlet generic-eq custom-eq same-line "
    "same-text crash hang"
).split()


class Tally:
    def __init__(self):
        self.count = collections.Counter()

    def row(self, name: str) -> str:
        n = self.count
        accepted = n["both-accept"] + n["only-mlir"]
        rejected = n["both-reject"] + n["only-martlet"]
        share = lambda part, whole: f"{100 * part / whole:6.1f}" if whole else "     -"
        return (
            f"{name:22}{n['chunks']:7}{n['skipped']:6}{n['both-accept']:7}{n['only-mlir']:6}"
            f"{n['both-reject']:7}{n['only-martlet']:6}{n['crash']:4}{n['hang']:4} "
            f"{share(n['generic-eq'], accepted)} {share(n['custom-eq'], accepted)} "
            f"{share(n['same-line'], rejected)} {share(n['same-text'], rejected)}"
        )


HEADER = (
    f"{'':22}{'chunks':>7}{'skip':>6}{'both+':>7}{'only':>6}{'both-':>7}{'only':>6}{'cr':>4}{'hg':>4} "
    f"{'gen%':>6} {'cust%':>6} {'line%':>6} {'text%':>6}\n"
    f"{'':22}{'':>7}{'':>6}{'':>7}{'mlir':>6}{'':>7}{'martl':>6}"
)
LEGEND = """\
both+ accepted by both; both- rejected by both; only mlir / only martlet: accepted by that one alone; cr, hg: martlet
crashed or hung. gen%, cust%: of what mlir-opt accepts, generic and custom output equal to the letter. line%, text%: of what
mlir-opt rejects, martlet's first error is in the same line; and has the same text. skip: mlir-opt crashes, or lacks
a test dialect."""


def operation_at(line: int, first: int, chunk: str) -> str:
    """The operation named in a line of a chunk, as a hint at what an error is about."""
    lines = chunk.split("\n")
    text = lines[line - first] if 0 <= line - first < len(lines) else ""
    match = re.search(r"(?<![!#\w.])[a-z_]\w*\.[\w.]+|(?:[!#])[a-z_]\w*[.<]\w*", text)
    return f"[{match.group()}] " if match else ""


def judge(
    expected: dict, got: dict, first: int, chunk: str
) -> tuple[list[str], str | None]:
    """The columns a chunk counts in, and the cause of a difference."""
    if expected["state"] in ("crash", "hang"):
        return ["skipped"], None
    if expected["state"] == "error":
        match = UNKNOWN_DIALECT.search(expected["errors"][0][2])
        if match and (match.group(1) or match.group(2)).split(".")[0] in TESTING:
            return ["skipped"], None
    columns = [got["state"]] if got["state"] in ("crash", "hang") else []
    if expected["state"] == "ok":
        if got["state"] != "ok":
            columns.append("only-mlir")
            what = got["state"]
            if got["errors"]:
                line, _, message = got["errors"][0]
                what = operation_at(line, first, chunk) + normalised(message)
            return columns, "not accepted: " + what
        columns.append("both-accept")
        same_generic = expected["generic"] == got["generic"]
        same_custom = expected["custom"] == got["custom"]
        columns += ["generic-eq"] * same_generic + ["custom-eq"] * same_custom
        if not same_generic:
            return columns, "generic: " + difference(expected["generic"], got["generic"])
        if not same_custom:
            return columns, "custom: " + difference(expected["custom"], got["custom"])
        return columns, None
    line, _, message = expected["errors"][0]
    if got["state"] == "ok":
        what = operation_at(line, first, chunk) + normalised(message)
        return columns + ["only-martlet"], "not rejected: " + what
    columns.append("both-reject")
    if not got["errors"]:
        return columns, got["state"]
    # Where mlir-opt names no place, the message is all there is to compare.
    message = message.removeprefix("<unknown>:0: error: ")
    if got["errors"][0][2] == message:
        columns.append("same-text")
    if got["errors"][0][0] == line or (line == 0 and got["errors"][0][2] == message):
        return columns + ["same-line"], None
    return columns, f"line: {normalised(message)} / {normalised(got['errors'][0][2])}"


def show(corpus: pathlib.Path, place: str, tools: tuple[Tool, Tool]) -> None:
    name, _, line = place.rpartition(":")
    path = corpus / name
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    first, chunk = [c for c in split(text) if c[0] <= int(line)][-1]
    print(chunk)
    answers = [tool.single(str(path), first, chunk, flags_of(text)) for tool in tools]
    generic = [
        tool.single(str(path), first, chunk, flags_of(text) + ["--mlir-print-op-generic"])
        for tool in tools
    ]
    for label, pair in (("custom", answers), ("generic", generic)):
        for tool, answer in zip(("mlir-opt", "martlet"), pair):
            if answer["state"] != "ok":
                print(f"--- {tool}: {answer['state']}")
                for error in answer["errors"]:
                    print("   %d:%d: %s" % tuple(error))
        texts = [a.get("text", "").split("\n") for a in pair]
        print(f"=== {label}")
        print("\n".join(difflib.unified_diff(*texts, "mlir-opt", "martlet", lineterm="", n=1)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--filter", default="", help="only files whose path has this text (a|b: either)")
    parser.add_argument("--martlet", default=str(ROOT / ".build/release/martlet"))
    parser.add_argument("--mlir-opt", default="")
    parser.add_argument("--martlet-flag", action="append", default=[], help="handed to martlet opt")
    parser.add_argument("--core", default=" ".join(CORE), help="the dialects of the totals")
    parser.add_argument(
        "--core-only", action="store_true", help="only files with a chunk of core dialects"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/conformance")
    parser.add_argument("--cache", type=pathlib.Path, help="where mlir-opt's answers lie")
    parser.add_argument("--show", metavar="FILE:LINE", help="one chunk, with both answers")
    options = parser.parse_args()

    reference = reference_tool(options.mlir_opt)
    if not reference:
        return 2
    known = known_dialects(reference)
    martlet = Tool([options.martlet, "opt"] + options.martlet_flag, "")
    if options.show:
        show(options.corpus, options.show, (reference, martlet))
        return 0

    paths = chosen_paths(options.corpus, options.filter)
    cache = options.cache or options.out / "cache"
    options.out.mkdir(parents=True, exist_ok=True)

    core, everything = set(options.core.split()), "all"

    def work(path: pathlib.Path):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        flags = flags_of(text)
        expected = cached_answers(reference, path, text, flags, cache)
        chunks = split(text)
        if options.core_only and not any(
            used_dialects(want.get("generic") or chunk, known) <= core
            for (_, chunk), want in zip(chunks, expected)
        ):
            return [], [], []
        return chunks, expected, martlet.answers(str(path), text, flags)

    tallies: dict[str, Tally] = collections.defaultdict(Tally)
    causes: dict[str, list[str]] = collections.defaultdict(list)
    core_causes: collections.Counter = collections.Counter()
    records = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, (chunks, expected, got) in zip(paths, pool.map(work, paths)):
            name = path.relative_to(options.corpus)
            for (first, chunk), want, have in zip(chunks, expected, got):
                used = used_dialects(want.get("generic") or chunk, known)
                columns, cause = judge(want, have, first, chunk)
                rows = [dialect_of(name), everything]
                is_core = used <= core
                if options.core_only and not is_core:
                    continue
                if is_core:
                    rows.append("core")
                for row in rows:
                    tallies[row].count.update(["chunks"] + columns)
                place = f"{name}:{first}"
                if cause:
                    causes[cause].append(place)
                    core_causes[cause] += is_core
                records.append(
                    {
                        "chunk": place,
                        "row": rows[0],
                        "dialects": sorted(used),
                        "core": is_core,
                        "columns": columns,
                        "cause": cause,
                    }
                )

    lines = [LEGEND, "", HEADER]
    named = [r for r in sorted(tallies) if r not in (everything, "core")]
    lines += [tallies[row].row(row) for row in named]
    lines += ["", tallies["core"].row("core dialects only"), tallies[everything].row("all")]
    table = "\n".join(lines)
    ordered = sorted(causes.items(), key=lambda c: (-core_causes[c[0]], -len(c[1]), c[0]))
    with open(options.out / "report.txt", "w", errors="surrogateescape") as report:
        report.write(table + "\n\ncauses (in core chunks, in all; examples)\n")
        for cause, places in ordered:
            report.write(f"{core_causes[cause]:5} {len(places):5}  {cause}\n")
            for place in places[:3]:
                report.write(f"               {place}\n")
    with open(options.out / "report.json", "w") as report:
        json.dump(
            {
                "table": {row: dict(tallies[row].count) for row in sorted(tallies)},
                "causes": [
                    {"cause": c, "core": core_causes[c], "count": len(p), "chunks": p}
                    for c, p in ordered
                ],
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
