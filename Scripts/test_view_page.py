#!/usr/bin/env python3
"""Open pages of `martlet view` in headless Chromium and use them as a reader would.

    Scripts/test_view_page.py [--martlet PROGRAM] [--only NAME] [--reuse] [--pictures]

Makes pages of the demo programs, of a program of 100 kernels, of a pipeline on a module and of a module of 100,000
operations; loads each, measures how long that takes, goes through every view, follows an operation down to the assembly,
and fails on any error in the console. Screenshots are left in build/view. With --pictures, those shown in the
documentation are written to Docs/images too.

Chromium is steered by its DevTools protocol, over websocket-client (Tests/requirements.txt).
"""

import argparse
import base64
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import websocket

root = Path(__file__).resolve().parent.parent
folder = root / "build" / "view"
# Seconds from the start of loading to a page that can be used.
load_limit = 1.0


class Browser:
    """A Chromium without a window, and one page in it."""

    names = ["chromium-headless-shell", "chromium", "google-chrome"]

    def __init__(self):
        program = next(filter(None, map(shutil.which, self.names)), None)
        if program is None:
            print("test_view_page.py: skipped, there is no Chromium (Scripts/setup.sh --test installs one)")
            sys.exit(0)
        self.profile = tempfile.mkdtemp(prefix="martlet-view-")
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--remote-debugging-port=0", "--remote-allow-origins=*",
             f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = Path(self.profile) / "DevToolsActivePort"
        for _ in range(200):
            if port_file.exists() and port_file.read_text().count("\n"):
                break
            time.sleep(0.05)
        port = int(port_file.read_text().split("\n")[0])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/json")
        pages = json.loads(connection.getresponse().read())
        page = next(page for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], timeout=60, suppress_origin=True)
        self.next_id = 0
        self.problems = []
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.send(f"{domain}.enable")

    def send(self, method, **parameters):
        self.next_id += 1
        self.socket.send(
            json.dumps({"id": self.next_id, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.next_id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.note(message)

    def note(self, message):
        method = message.get("method")
        parameters = message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            self.problems.append(f"exception: {text}")
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            self.problems.append(f"console: {parameters['args']}")
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(f"log: {parameters['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            address = parameters["request"]["url"]
            if not address.startswith(("file:", "data:", "about:")):
                self.problems.append(f"asked the network for {address}")

    def run(self, script):
        """The value of a script's last expression."""
        result = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def size(self, width, height, dark=False):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.send("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, path, fragment=""):
        """Loads a page; the seconds until it is ready."""
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=f"file://{path}{fragment}")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.run("document.documentElement?.dataset.ready === 'yes'"):
                return self.run(
                    "new Promise(done => requestAnimationFrame(() => "
                    "done(performance.getEntriesByType('navigation')[0].loadEventEnd / 1000)))")
            if self.problems:
                break
            time.sleep(0.02)
        raise RuntimeError(f"{path} did not become ready: {self.problems}")

    def key(self, key):
        text = key if len(key) == 1 else ""
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key)

    def click(self, selector):
        """Presses the mouse in the middle of an element."""
        place = self.run(
            f"(() => {{ const r = document.querySelector({json.dumps(selector)})"
            ".getBoundingClientRect(); return [r.x + Math.min(r.width / 2, 200), r.y + r.height / 2]; })()")
        for kind in ["mousePressed", "mouseReleased"]:
            self.send("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1],
                      button="left", clickCount=1)

    def picture(self, path):
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        data = self.send("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.profile, ignore_errors=True)


# MARK: Programs


def hundred_kernels():
    """A chain of matrix products, with what keeps them apart, that compiles to a hundred kernels."""
    type_ = "tensor<16x16xf32>"
    lines = [f"func.func @main(%x: {type_}, %w: {type_}) -> {type_} {{",
             "  %zero = arith.constant 0.0 : f32", f"  %empty = tensor.empty() : {type_}",
             f"  %init = linalg.fill ins(%zero : f32) outs(%empty : {type_}) -> {type_}"]
    last = "%x"
    for i in range(100):
        lines.append(f"  %p{i} = linalg.matmul ins({last}, %w : {type_}, {type_}) "
                     f"outs(%init : {type_}) -> {type_}")
        last = f"%p{i}"
    return "\n".join(lines + [f"  return {last} : {type_}", "}", ""])


def long_chain(count):
    lines = ["func.func @main(%a: i32, %b: i32) -> i32 {", "  %0 = arith.addi %a, %b : i32"]
    for i in range(1, count):
        other = ["%a", "%b", f"%{max(0, i - 7)}"][i % 3]
        name = ["addi", "muli", "xori"][i % 3]
        lines.append(f"  %{i} = arith.{name} %{i - 1}, {other} : i32")
    return "\n".join(lines + [f"  return %{count - 1} : i32", "}", ""])


def programs():
    """Name, arguments of `martlet view`, and whether it is compiled to machine code."""
    made = folder / "programs"
    made.mkdir(parents=True, exist_ok=True)
    (made / "hundred.mlir").write_text(hundred_kernels())
    (made / "chain.mlir").write_text(long_chain(100_000))
    # Pages name the files; so that pictures of them name no folder of this machine, they are relative.
    examples = Path("Examples")
    made = made.relative_to(root)
    images = examples / "digits" / "test_images.npy"
    return [
        ("digits", [examples / "digits" / "cnn.onnx", "-i", f"images={images}"], True),
        ("mlp", [examples / "mlp.mlir"], True),
        ("pagerank", [examples / "pagerank.mlir"], True),
        ("hundred", [made / "hundred.mlir"], True),
        ("passes", [examples / "mlp.mlir", "-p", "canonicalize,cse"], False),
        ("chain", [made / "chain.mlir", "-p", "canonicalize,cse"], False),
    ]


def make(martlet, name, arguments):
    page = folder / f"{name}.html"
    start = time.monotonic()
    if martlet is None:
        return page, 0.0
    subprocess.run(
        [martlet, "view", "-q", "-o", page, *arguments], check=True, cwd=root)
    return page, time.monotonic() - start


# MARK: Checks


class Check:
    def __init__(self, browser, name):
        self.browser = browser
        self.name = name
        self.failures = []

    def expect(self, condition, what):
        if not condition:
            self.failures.append(f"{self.name}: {what}")

    def picture(self, view, size="1280", theme="light"):
        self.browser.picture(folder / f"{self.name}-{view}-{size}-{theme}.png")


def go_through(browser, name, page, compiled):
    check = Check(browser, name)
    expect = check.expect
    browser.problems.clear()
    browser.size(1280, 800)
    seconds = min(browser.open(page) for _ in range(3))
    expect(seconds < load_limit, f"took {seconds:.2f} s to load")

    # Steps: all are there, and each shows its listing.
    steps = browser.run("document.querySelectorAll('#stepList button').length")
    expect(steps >= 3, f"{steps} steps")
    for i in range(steps):
        browser.run(f"document.querySelectorAll('#stepList button')[{i}].click()")
        shown = browser.run("document.querySelectorAll('#listing .r').length")
        current = browser.run(
            "[...document.querySelectorAll('#stepList button')].findIndex(b => b.ariaCurrent)")
        expect(shown > 0 and current == i, f"step {i + 1} shows {shown} rows")
        expect(browser.run("location.hash").startswith(f"#ir/{i}"), "the address follows")

    # Keys.
    browser.open(page, "#ir/1")
    browser.key("j")
    expect(browser.run("location.hash") == "#ir/2", "j goes to the next step")
    browser.key("k")
    expect(browser.run("location.hash") == "#ir/1", "k goes back")
    browser.key("?")
    expect(browser.run("document.getElementById('help').open"), "? shows the keys")
    browser.key("Escape")
    browser.run("document.getElementById('help').close()")
    browser.key("/")
    expect(browser.run("document.activeElement.id") == "search", "/ goes to the search")
    browser.send("Input.insertText", text="func")
    expect(browser.run("document.querySelectorAll('#listing mark').length") > 0, "search marks")
    browser.key("Escape")

    # Changes of a step that has some.
    changed = browser.run(
        "[...document.querySelectorAll('#stepList button')].findIndex((b, i) => i > 1 && "
        "!b.classList.contains('unchanged'))")
    browser.open(page, f"#ir/{changed if changed > 0 else 2}")
    browser.key("d")
    marks = browser.run("document.querySelectorAll('#listing .plus, #listing .minus').length")
    if compiled:
        expect(marks > 0, "changes are marked")
        check.picture("changes")

    # An operation of the program, followed down.
    browser.open(page, "#ir/1")
    line = browser.run(
        "[...document.querySelectorAll('#listing .r.o')].findIndex(r => "
        "/linalg\\.(matmul|generic)|onnx\\.(Conv|Gemm)|arith\\.(add|mul)i/.test(r.textContent))")
    expect(line >= 0, "an operation to click")
    browser.run(f"document.querySelectorAll('#listing .r.o')[{line}].id = 'wanted'")
    browser.click("#wanted")
    trace = browser.run("document.getElementById('trace').innerText") or ""
    expect("COMES FROM" in trace.upper(), "a click shows where an operation comes from")
    if compiled:
        expect("assembly" in trace and "of assembly" in trace,
               "the operation is followed down to the assembly")
        expect("not known" not in trace, "its place is known")
    check.picture("trace")
    address = browser.run("location.href")
    browser.open(page, address[address.index("#"):])
    expect(browser.run("document.querySelectorAll('#trace .step').length") > 0,
           "the address brings the operation back")
    if compiled:
        browser.run("[...document.querySelectorAll('#stepList button')].pop().click()")
        expect(browser.run("document.querySelectorAll('#listing .related').length") > 0,
               "its lines of assembly are marked")
        check.picture("assembly")
        # And back: an instruction leads to its source.
        browser.key("Escape")
        browser.run("document.querySelector('#listing .r.o').click()")
        expect(browser.run("document.querySelectorAll('#trace .step').length") > 5,
               "an instruction is followed back")

    # The other views.
    for view, wanted in [("graph", "#view-graph .node"), ("memory", "#view-memory .slot"),
                         ("roofline", "#view-roofline circle.kernel"),
                         ("remarks", "#view-remarks .page")]:
        browser.click(f"#tabs a[data-view={view}]")
        found = browser.run(f"document.querySelectorAll({json.dumps(wanted)}).length")
        if compiled or view in ("graph", "remarks"):
            if not (name == "pagerank" and view in ("memory", "roofline")):
                expect(found > 0, f"view {view} shows something")
        expect(browser.run(f"!document.getElementById('view-{view}').hidden"), f"{view} opens")
        check.picture(view)
    browser.click("#tabs a[data-view=graph]")
    browser.run("document.querySelector('#view-graph .node.operation')"
                ".dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    expect(browser.run("location.hash").startswith("#ir/"), "a node leads to its operation")

    # Narrow, and dark: nothing may need scrolling sideways but listings and plots.
    for dark in [False, True]:
        browser.size(400, 800, dark)
        theme = "dark" if dark else "light"
        shown = browser.run("new Promise(done => setTimeout(() => "
                            "done(document.documentElement.dataset.theme), 50))")
        expect(shown == theme, f"{theme} theme")
        for view in ["ir", "graph", "memory", "roofline", "remarks"]:
            browser.click(f"#tabs a[data-view={view}]")
            wide = browser.run("document.documentElement.scrollWidth")
            expect(wide <= 400, f"{view} is {wide} pixels wide at 400")
            check.picture(view, "400", theme)
    browser.size(1280, 800, True)
    for view in ["ir", "graph", "memory", "roofline"]:
        browser.click(f"#tabs a[data-view={view}]")
        check.picture(view, "1280", "dark")
    browser.size(1280, 800)
    for problem in browser.problems:
        check.failures.append(f"{name}: {problem}")
    return seconds, check.failures


def pictures(browser):
    """The pictures of the documentation."""
    images = root / "Docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    page = folder / "mlp.html"
    browser.size(1280, 760)
    browser.open(page, "#ir/10")
    browser.run("[...document.querySelectorAll('#stepList button')].pop().click()")
    browser.open(page, "#ir/2")
    browser.run("[...document.querySelectorAll('#listing .r.o')].find(r => "
                "r.textContent.includes('linalg.matmul')).click()")
    browser.picture(images / "view-trace.png")
    browser.size(1280, 760, True)
    browser.open(folder / "digits.html", "#graph")
    browser.picture(images / "view-graph.png")
    browser.size(1280, 760)
    browser.open(page, "#memory")
    browser.picture(images / "view-memory.png")
    browser.open(folder / "digits.html", "#roofline")
    browser.picture(images / "view-roofline.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--martlet", default=str(root / ".build" / "release" / "martlet"))
    parser.add_argument("--only", help="the page of this name alone")
    parser.add_argument("--reuse", action="store_true", help="take the pages made last time")
    parser.add_argument("--pictures", action="store_true", help="write Docs/images too")
    options = parser.parse_args()
    if options.reuse:
        options.martlet = None
    elif not os.access(options.martlet, os.X_OK):
        sys.exit(f"test_view_page.py: there is no '{options.martlet}'; build it or name it with --martlet")
    folder.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    failures = []
    try:
        for name, arguments, compiled in programs():
            if options.only not in (None, name):
                continue
            page, made = make(options.martlet, name, arguments)
            seconds, found = go_through(browser, name, page, compiled)
            failures += found
            size = page.stat().st_size / 1e6
            print(f"{name}: made in {made:.2f} s, {size:.1f} MB, loads in {seconds:.2f} s, "
                  f"{'well' if not found else f'{len(found)} failures'}", flush=True)
        if options.pictures:
            pictures(browser)
    finally:
        browser.close()
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
