#!/usr/bin/env python3
"""Put the page of `martlet view` into the program.

    Scripts/embed_view_page.py [--check]

The page's sources are Sources/Martlet/View/Page/page.html, page.css and page.js. Martlet is one binary without files
beside it, so they are kept as string literals in Sources/Martlet/View/ViewPageTexts.swift, which this writes. With
--check it writes nothing and exits with status 1 where the two differ.
"""

import sys
from pathlib import Path

folder = Path(__file__).resolve().parent.parent / "Sources/Martlet/View"
target = folder / "ViewPageTexts.swift"
parts = [("frame", "page.html"), ("style", "page.css"), ("script", "page.js")]


def literal(text):
    marks = "#"
    while f'"""{marks}' in text or f"\\{marks}" in text:
        marks += "#"
    body = "".join(f"    {line}\n" if line else "\n" for line in text.rstrip("\n").split("\n"))
    return f'{marks}"""\n{body}    """{marks}'


def generated():
    out = "// Made by Scripts/embed_view_page.py of the files in Page/; edit those.\n\n"
    out += "/// The page of `martlet view`: its frame, style and script.\nenum ViewPageTexts {\n"
    for name, file in parts:
        out += f"  static let {name} = {literal((folder / 'Page' / file).read_text())}\n"
    return out + "}\n"


text = generated()
if "--check" in sys.argv[1:]:
    if not target.exists() or target.read_text() != text:
        sys.exit("ViewPageTexts.swift is not what the files in Page/ say: run Scripts/embed_view_page.py")
else:
    target.write_text(text)
