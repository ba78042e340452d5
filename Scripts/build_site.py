#!/usr/bin/env python3
"""Make a site of Docs/, the other pages in Markdown and the reference that `martlet doc` prints.

Usage: build_site.py [--martlet PROGRAM] [--out DIR]

The site lies in build/site; its pages need nothing but themselves. A link to a page that is not
there is an error. The page of a pass is what `martlet doc` says of it and Docs/passes/NAME.md.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import markdown

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r'(<a href=")([^"]+)(")')
IMAGE = re.compile(r'<img [^>]*src="([^":]+)"')
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
FENCE = re.compile(r"^(```\w+) .+$", re.MULTILINE)

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1d21; background: #fff;
  max-width: 56rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
nav { border-bottom: 1px solid #d0d5dc; padding-bottom: .5rem; margin-bottom: 1.5rem; }
nav a { margin-right: 1.2rem; }
a { color: #0b57a4; text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre { font: 14px/1.45 ui-monospace, monospace; background: #f3f5f8; border-radius: 4px; }
code { padding: .1em .3em; }
pre { padding: .8rem 1rem; overflow-x: auto; }
pre code { padding: 0; background: none; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
img { max-width: 100%; }
th, td { border: 1px solid #d0d5dc; padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: #f3f5f8; }
@media (prefers-color-scheme: dark) {
  body { color: #dfe3e8; background: #16181c; }
  a { color: #7ab7f5; }
  code, pre, th { background: #22262c; }
  nav, th, td { border-color: #3a4049; }
}
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<nav><a href="{up}README.html">Martlet</a><a href="{up}Docs/README.html">Documentation</a>\
<a href="{up}reference/index.html">Reference</a></nav>
{body}
</body>
</html>
"""


def reference(program: str) -> dict[Path, str]:
    """The pages of the reference by their places."""
    pages = {}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "doc", f"--all={folder}"], check=True)
        for path in sorted(Path(folder).rglob("*.md")):
            pages[Path("reference") / path.relative_to(folder)] = path.read_text()
    for path, text in pages.items():
        more = ROOT / "Docs" / "passes" / path.name
        if path.parent.name == "passes" and more.exists():
            pages[path] = text + "\n## What it does\n" + TITLE.sub("", more.read_text(), count=1)
    return pages


def repository() -> dict[Path, str]:
    """The pages of the repository by their places."""
    paths = [
        ROOT / "README.md",
        *sorted((ROOT / "Docs").rglob("*.md")),
        ROOT / "Examples" / "README.md",
        ROOT / "Benchmarks" / "README.md",
    ]
    pages = {path.relative_to(ROOT): path.read_text() for path in paths if path.exists()}
    decisions = Path("Docs/decisions")
    rows = [
        f"- [{TITLE.search(text)[1]}]({place.name})"
        for place, text in pages.items()
        if place.parent == decisions
    ]
    pages[decisions / "index.md"] = "# Decisions\n\n" + "\n".join(rows) + "\n"
    return pages


def linked(body: str, place: Path, places: set[Path], wrong: list[str]) -> str:
    """The links of a page changed to those of the site; what lies outside of it is not linked."""

    def change(match: re.Match[str]) -> str:
        target = match[2]
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        name, _, anchor = target.partition("#")
        path = (ROOT / place.parent / name).resolve()
        try:
            inside = path.relative_to(ROOT)
        except ValueError:
            inside = Path(name)
        if inside == Path("Docs/passes"):
            return f'{match[1]}{up(place)}reference/index.html{match[3]}'
        if inside / "index.md" in places:
            inside = inside / "index.md"
        if inside in places:
            to = up(place) + str(inside.with_suffix(".html")) + ("#" + anchor if anchor else "")
            return match[1] + to + match[3]
        if not path.exists():
            wrong.append(f"{place}: no page '{target}'")
        return '<a title="' + html.escape(str(inside)) + '"'

    return LINK.sub(change, body)


def copy_images(body: str, place: Path, out: Path, wrong: list[str]) -> None:
    """Puts the pictures a page shows where it looks for them."""
    for name in IMAGE.findall(body):
        source = ROOT / place.parent / name
        if not source.exists():
            wrong.append(f"{place}: no picture '{name}'")
            continue
        target = out / place.parent / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def up(place: Path) -> str:
    return "../" * (len(place.parts) - 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--martlet", default=str(ROOT / ".build/release/martlet"))
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    arguments = parser.parse_args()
    pages = {**repository(), **reference(arguments.martlet)}
    wrong: list[str] = []
    out = arguments.out
    shutil.rmtree(out, ignore_errors=True)
    for place, text in pages.items():
        # What stands behind a block's language is for update_docs.py.
        body = markdown.markdown(
            FENCE.sub(r"\1", text), extensions=["tables", "fenced_code", "toc", "sane_lists"]
        )
        body = linked(body, place, set(pages), wrong)
        copy_images(body, place, out, wrong)
        title = TITLE.search(text)
        target = out / place.with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        shown = html.escape(title[1].replace("`", "") if title else place.stem)
        target.write_text(PAGE.format(title=shown, style=STYLE, up=up(place), body=body))
    (out / "index.html").write_text(
        '<!DOCTYPE html>\n<meta http-equiv="refresh" content="0; url=README.html">\n'
        '<a href="README.html">Martlet</a>\n'
    )
    for line in wrong:
        print(f"build_site.py: {line}", file=sys.stderr)
    print(f"{len(pages)} pages in {out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
