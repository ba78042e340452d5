"""Tests of martlet-xdsl-where; python -m unittest in Python/, with xdsl and viztracer installed."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from martlet_xdsl_where import cli, hot  # noqa: E402
from martlet_xdsl_where.phases import measure  # noqa: E402

ADDITIONS = 40


def module() -> str:
    lines = ["func.func @f(%a: i32) -> i32 {", "  %z = arith.constant 0 : i32"]
    last = "%a"
    for i in range(ADDITIONS):
        lines.append(f"  %v{i} = arith.addi {last}, %z : i32")
        last = f"%v{i}"
    return "\n".join([*lines, f"  func.return {last} : i32", "}", ""])


class Where(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = os.path.join(self.folder.name, "chain.mlir")
        Path(self.file).write_text(module(), encoding="utf-8")

    def run_tool(self, *arguments: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = cli.main([self.file, *arguments])
        return status, out.getvalue(), err.getvalue()

    def test_phases_are_those_of_the_run_and_the_result_is_xdsls(self) -> None:
        texts: list[str] = []
        phases = measure([self.file, "-p", "canonicalize,cse"], texts.append)
        self.assertNotIn("arith.addi", "".join(texts))
        self.assertIn("return", "".join(texts))
        self.assertEqual(phases.entries["parse", "lex and parse"].calls, 1)
        # Before the first pass and after each.
        self.assertEqual(phases.entries["verify", "module"].calls, 3)
        for name in ["canonicalize", "cse"]:
            self.assertEqual(phases.entries["pass", name].calls, 1)
        self.assertEqual(phases.entries["print", "print text"].calls, 1)
        patterns = {n: e for (kind, n), e in phases.entries.items() if kind == "pattern"}
        self.assertTrue(patterns)
        self.assertTrue(all(0 <= e.applied <= e.calls for e in patterns.values()))
        self.assertTrue(any(e.applied > 0 for e in patterns.values()))
        own = sum(e.own for e in phases.entries.values())
        self.assertLessEqual(own, phases.wall)

    def test_nothing_stays_wrapped(self) -> None:
        from xdsl.ir import Operation

        before = Operation.verify
        measure([self.file], lambda text: None)
        self.assertIs(Operation.verify, before)

    def test_a_martlet_that_is_not_there_is_told_and_the_tables_stand(self) -> None:
        status, out, err = self.run_tool("-p", "canonicalize", "--martlet", "/nonexistent/martlet")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("not compared: /nonexistent/martlet", out)
        for word in ["wall", "parse", "verify", "rewrite", "print", "pass canonicalize", "hot functions"]:
            self.assertIn(word, out)

    def test_without_martlet_the_rest_is_told(self) -> None:
        chosen = cli.options([self.file, "-p", "canonicalize"])
        chosen.martlet = None
        seconds, problem = cli.martlet_seconds(chosen)
        self.assertEqual(seconds, 0.0)
        self.assertIn("--martlet", problem)

    def test_hot_functions_are_of_xdsl_with_times_that_add_up(self) -> None:
        events, seconds = hot.trace([self.file, "-p", "canonicalize"], 5.0, 100_000)
        found = hot.functions(events)
        self.assertTrue(found)
        self.assertTrue(all("/xdsl/" in f.name for f in found), [f.name for f in found][:5])
        self.assertLessEqual(sum(f.own for f in found), seconds * 1.05)
        self.assertTrue(all(f.own <= f.total + 1e-9 for f in found))

    def test_sums_of_nested_calls(self) -> None:
        def event(name: str, start: float, duration: float) -> dict:
            return {"ph": "X", "tid": 1, "name": name, "ts": start, "dur": duration}

        found = hot.functions([event("a", 0, 100), event("b", 10, 30), event("a", 15, 10)])
        sums = {f.name: (f.calls, round(f.own * 1e6), round(f.total * 1e6)) for f in found}
        self.assertEqual(sums, {"a": (2, 80, 100), "b": (1, 20, 30)})

    def test_a_file_that_is_not_there(self) -> None:
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            status = cli.main([self.file + "x"])
        self.assertEqual(status, 1)
        self.assertIn("no such file", err.getvalue())

    def test_what_xdsl_rejects_is_told(self) -> None:
        Path(self.file).write_text("func.func @f( {", encoding="utf-8")
        status, _, err = self.run_tool()
        self.assertEqual(status, 1)
        self.assertIn("xdsl-opt failed", err)

    @unittest.skipUnless(os.environ.get("MARTLET"), "MARTLET does not name the martlet program")
    def test_beside_martlet(self) -> None:
        status, out, err = self.run_tool(
            "-p", "canonicalize", "--martlet", os.environ["MARTLET"], "--no-hot"
        )
        self.assertEqual(status, 0, err)
        self.assertRegex(out, r"martlet opt takes [0-9.]+ ms .*: \d+ times as long")
        for word in ["parse", "verify", "rewrite", "print", "pass canonicalize", "tried"]:
            self.assertIn(word, out)


if __name__ == "__main__":
    unittest.main()
