"""Reads what `martlet run` reports on standard error."""

from __future__ import annotations

import re

LINE = re.compile(r"^ +(?P<name>.+?) +(?P<value>[0-9.]+) ms$")


def phases(messages: str) -> dict[str, float]:
    """Returns the milliseconds of each phase by name, e.g. `median run`."""
    found = {}
    for line in messages.splitlines():
        if match := LINE.match(line):
            found[match["name"]] = float(match["value"])
    return found
