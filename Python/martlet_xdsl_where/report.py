"""The tables martlet-xdsl-where prints, laid out as those of martlet profile."""

from __future__ import annotations

from .hot import Hot
from .phases import Phases

GROUPS = [
    ("start", ("start",)),
    ("parse", ("parse",)),
    ("verify", ("verify",)),
    ("rewrite", ("pass", "pattern")),
    ("print", ("print",)),
]


def table(heading: list[str], rows: list[list[str]]) -> str:
    """Columns, all to the right but the last."""
    widths = [max(len(row[i]) for row in [heading, *rows]) for i in range(len(heading))]
    lines = []
    for row in [heading, *rows]:
        cells = [cell.rjust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)]
        lines.append("  " + "  ".join([*cells, row[-1]]).rstrip())
    return "\n".join(lines) + "\n"


def shares(phases: Phases) -> str:
    text = f"  wall {phases.wall * 1e3:.1f} ms\n"
    rest = 1.0
    for name, kinds in GROUPS:
        share = phases.share(*kinds)
        rest -= share
        text += line(name, share, phases.wall)
    return text + line("other", max(0.0, rest), phases.wall)


def line(name: str, share: float, wall: float) -> str:
    bar = "#" * round(30 * share)
    return f"  {name:<9}{share * wall * 1e3:12.3f} ms{share * 100:7.1f} %  {bar}".rstrip() + "\n"


def spans(phases: Phases, rows: int) -> str:
    entries = sorted(
        ((key, e) for key, e in phases.entries.items() if key[0] != "pattern"),
        key=lambda item: -item[1].own,
    )
    cells = [
        [
            f"{e.own * 1e3:.3f}",
            f"{e.seconds * 1e3:.3f}",
            f"{100 * e.own / phases.wall:.1f}",
            str(e.calls),
            f"{kind} {name}",
        ]
        for (kind, name), e in entries[:rows]
    ]
    return table(["self ms", "total ms", "share %", "calls", "span"], cells)


def patterns(phases: Phases, rows: int) -> str:
    entries = sorted(
        ((key[1], e) for key, e in phases.entries.items() if key[0] == "pattern"),
        key=lambda item: -item[1].seconds,
    )
    if not entries:
        return ""
    cells = [
        [
            f"{e.seconds * 1e3:.3f}",
            f"{100 * e.seconds / phases.wall:.1f}",
            str(e.calls),
            str(e.applied),
            f"{e.seconds / max(1, e.calls) * 1e6:.1f} us",
            name,
        ]
        for name, e in entries[:rows]
    ]
    return table(["time ms", "share %", "tried", "applied", "each", "pattern"], cells)


def hot_functions(functions: list[Hot], seconds: float, rows: int) -> str:
    cells = [
        [
            f"{hot.own * 1e3:.1f}",
            f"{hot.total * 1e3:.1f}",
            f"{100 * hot.own / max(seconds, 1e-9):.1f}",
            str(hot.calls),
            short(hot.name),
        ]
        for hot in functions[:rows]
    ]
    return table(["self ms", "total ms", "share %", "calls", "function"], cells)


def short(name: str) -> str:
    """viztracer's `function (path:line)` with the path from the package on."""
    head, _, place = name.partition(" (")
    at = place.rfind("/xdsl/")
    return f"{head} ({place[at + 1:]}" if at >= 0 else name
