"""Makes the site of exported results: airspeed velocity's, with all it needs beside it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / "build" / "bench-venv"
# The addresses in asv's pages, and the files they stand for.
VENDORED = {
    r"jquery-3\.3\.1\.min\.js": "jquery-3.3.1.min.js",
    r"jquery\.flot\.min\.js": "jquery.flot-0.8.3.min.js",
    r"jquery\.flot\.time\.min\.js": "jquery.flot-0.8.3.time.min.js",
    r"jquery\.flot\.selection\.min\.js": "jquery.flot-0.8.3.selection.min.js",
    r"jquery\.flot\.categories\.min\.js": "jquery.flot-0.8.3.categories.min.js",
    r"jquery\.flot\.orderBars\.js": "jquery.flot.orderBars.js",
    r"stupidtable\.min\.js": "stupidtable.js",
    r"md5\.min\.js": "md5.js",
    r"bootstrap\.min\.js": "bootstrap-3.1.0.min.js",
    r"bootstrap\.min\.css": "bootstrap-3.1.0.min.css",
}


class Failure(Exception):
    """The site cannot be made."""


def publish(results: str | Path, html: str | Path) -> None:
    """Has asv make the site `html` of what `martlet bench export` wrote to `results`."""
    html = Path(html).resolve()
    finished = subprocess.run(
        [VENV / "bin" / "asv", "publish", "--no-pull", "--html-dir", html], cwd=results,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )
    if finished.returncode != 0:
        raise Failure(f"asv publish: {finished.stdout}")
    for line in finished.stdout.splitlines():
        if "Couldn't find" in line:
            print(f"asv: {line.strip()}")
    contain(html)


def contain(html: Path) -> None:
    """Has the pages take their scripts from the site itself, where those are at hand."""
    vendor = VENV / "asv-vendor"
    if not vendor.exists():
        return
    shutil.copytree(vendor, html / "vendor", dirs_exist_ok=True)
    page = html / "index.html"
    text = page.read_text()
    for pattern, name in VENDORED.items():
        # The whole of the attributes behind the address go: sums of other bytes among them.
        text = re.sub(rf'(src|href)="https://[^"]*/{pattern}"[^>]*>', rf'\1="vendor/{name}"' + r">", text)
    text = text.replace(
        '<link href="vendor', '<link rel="stylesheet" href="vendor'
    )
    page.write_text(text)
    left = re.findall(r'(?:src|href)="https?://[^"]*\.(?:js|css)"', text)
    if left:
        print(f"the pages fetch {', '.join(left)}", file=sys.stderr)
