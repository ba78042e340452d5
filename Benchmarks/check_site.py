#!/usr/bin/env python3
"""Open the site of the benchmarks in a headless Chromium and check that it draws what the history holds.

Usage: check_site.py [HTML_FOLDER [HISTORY.sqlite]] [--screenshots DIR]

Every graph is opened. Its series, as the plotting library has them, must hold one point for each commit with
results, whose height is the median of the history's samples; and where each point is, its colour must be on the
canvas. Any error of the pages' scripts fails the check.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import statistics
import sys
from collections import defaultdict
from pathlib import Path

import chromium

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = {"cpu": 1e-9, "wall": 1e-9, "peak": 1.0, "instructions": 1.0}
# What the plotting library was given, and whether the canvas shows a point's colour where it should be.
READ_PLOT = """(() => {
  const plot = $('#main-graph').data('plot');
  if (!plot) return null;
  const canvas = plot.getCanvas();
  const ratio = canvas.width / $(canvas).width();
  const context = canvas.getContext('2d');
  return plot.getData().map(series => ({
    label: series.label || '',
    points: series.data.filter(p => p[1] !== null).map(p => {
      const place = plot.pointOffset({x: p[0], y: p[1]});
      const radius = 6 * ratio;
      const image = context.getImageData(
        place.left * ratio - radius, place.top * ratio - radius, 2 * radius, 2 * radius).data;
      const rgb = /^#/.test(series.color)
        ? [1, 3, 5].map(i => parseInt(series.color.substr(i, 2), 16))
        : series.color.match(/[0-9]+/g).slice(0, 3).map(Number);
      let shown = false;
      for (let i = 0; i < image.length; i += 4)
        shown = shown || image[i + 3] > 0 && rgb.every((c, k) => Math.abs(image[i + k] - c) < 40);
      return {y: p[1], shown};
    })
  }));
})()"""


def expected(history: Path) -> dict[str, list[float]]:
    """Returns for each graph the medians that it should show, over all commits and sizes, sorted."""
    samples: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
        for name, size, commit, machine, *values in database.execute(
            """SELECT result.name, result.size, commit_hash, machine, sample.cpu, wall, peak, instructions
            FROM sample JOIN result ON sample.result = result.id JOIN run ON result.run = run.id
            WHERE dirty = 0"""
        ):
            for metric, value in zip(COLUMNS, values, strict=True):
                if value is not None:
                    key = (f"{metric}.{name}", f"{commit} {machine}", str(size))
                    samples[key].append(value * COLUMNS[metric])
    found: dict[str, list[float]] = defaultdict(list)
    for (graph, _, _), values in samples.items():
        found[graph].append(statistics.median(values))
    return {graph: sorted(values) for graph, values in found.items()}


def check_graph(page: chromium.Page, address: str, name: str, wanted: list[float]) -> str | None:
    """Returns what is wrong with the graph, or None."""
    page.evaluate("$('#main-graph').removeData('plot')")
    page.open(f"{address}/#{name}")
    try:
        page.wait("$('#main-graph').data('plot') && $('#graph-display').is(':visible')")
        count = len(wanted)
        page.wait(
            "$('#main-graph').data('plot').getData().reduce("
            "(n, s) => n + s.data.filter(p => p[1] !== null).length, 0) == " + str(count), 2
        )
    except chromium.BrowserError:
        pass
    series = page.evaluate(READ_PLOT)
    if not series:
        return "no plot"
    points = [point for one in series for point in one["points"]]
    found = sorted(point["y"] for point in points)
    if len(found) != len(wanted):
        return f"{len(found)} points, not {len(wanted)}"
    for value, right in zip(found, wanted, strict=True):
        if not math.isclose(value, right, rel_tol=1e-6):
            return f"a point at {value}, which should be at {right}"
    hidden = sum(not point["shown"] for point in points)
    return f"{hidden} of {len(points)} points are not drawn" if hidden else None


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("html", type=Path, nargs="?", default=ROOT / "build/bench-site/html")
    parser.add_argument("history", type=Path, nargs="?", default=ROOT / "build/bench/history.sqlite")
    parser.add_argument("--screenshots", type=Path, metavar="DIR")
    options = parser.parse_args()
    if chromium.find() is None:
        print("no Chromium here: the site is not checked")
        return 0
    index = json.loads((options.html / "index.json").read_text())
    wanted = expected(options.history)
    if sorted(wanted) != sorted(index["benchmarks"]):
        print("check_site.py: the site's graphs are not those of the history", file=sys.stderr)
        return 1
    wrong = 0
    points = 0
    with chromium.Server(options.html) as address, chromium.Page() as page:
        page.open(f"{address}/")
        page.wait("window.$ && $.asv && $.asv.main_json && $('#summarygrid-display').children().length")
        if options.screenshots:
            options.screenshots.mkdir(parents=True, exist_ok=True)
            page.screenshot(options.screenshots / "bench-site.png")
        for name in sorted(wanted):
            problem = check_graph(page, address, name, wanted[name])
            points += len(wanted[name])
            if problem:
                wrong += 1
                print(f"{name}: {problem}", file=sys.stderr)
            if options.screenshots and name == sorted(wanted)[0]:
                page.screenshot(options.screenshots / "bench-graph.png")
        for error in page.errors:
            wrong += 1
            print(f"script error: {error}", file=sys.stderr)
    print(f"{len(wanted)} graphs with {points} points in Chromium: {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
