"""Hot functions of xdsl-opt, by viztracer."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass
class Hot:
    """Sums of one function."""

    name: str
    calls: int = 0
    own: float = 0.0
    total: float = 0.0


def functions(events: list[dict]) -> list[Hot]:
    """Sums of the spans of a trace by function, the ones that took most themselves first."""
    sums: dict[str, Hot] = {}
    for thread in {event.get("tid") for event in events if event.get("ph") == "X"}:
        spans = [e for e in events if e.get("ph") == "X" and e.get("tid") == thread]
        spans.sort(key=lambda e: (e["ts"], -e["dur"]))
        stack: list[tuple[float, Hot]] = []
        for event in spans:
            start, duration = event["ts"] / 1e6, event["dur"] / 1e6
            while stack and stack[-1][0] <= start + 1e-12:
                stack.pop()
            hot = sums.setdefault(event["name"], Hot(event["name"]))
            hot.calls += 1
            hot.own += duration
            # Of a function inside itself the outermost counts.
            if all(entry[1] is not hot for entry in stack):
                hot.total += duration
            if stack:
                stack[-1][1].own -= duration
            stack.append((start + duration, hot))
    return sorted(sums.values(), key=lambda hot: -hot.own)


def trace(arguments: list[str], min_duration: float, entries: int) -> tuple[list[dict], float]:
    """The trace events of a run of xdsl-opt, and the seconds it took under tracing.

    Only functions of xdsl are traced, none written in C, and calls shorter than `min_duration`
    microseconds are left out: their time counts as that of their callers.
    """
    import time

    import xdsl
    from viztracer import VizTracer
    from xdsl.xdsl_opt_main import xDSLOptMain

    from .phases import Discard

    tracer = VizTracer(
        verbose=0,
        ignore_c_function=True,
        include_files=[os.path.dirname(xdsl.__file__)],
        min_duration=min_duration,
        tracer_entries=entries,
        log_gc=False,
    )
    tool = xDSLOptMain(args=arguments)
    tool.prepare_output = lambda: Discard()  # type: ignore[method-assign,assignment]
    start = time.perf_counter()
    tracer.start()
    try:
        tool.run()
    finally:
        tracer.stop()
    spent = time.perf_counter() - start
    tracer.parse()
    return tracer.data["traceEvents"], spent
