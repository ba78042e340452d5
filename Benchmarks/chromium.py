"""Drives a headless Chromium over its debugging pipe, with nothing but the standard library."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")


class BrowserError(Exception):
    """The browser did not do what was asked."""


def find() -> str | None:
    """Returns the path of a Chromium, or None."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Page:
    """One page of a browser of its own; used in a `with` statement."""

    def __init__(self, width: int = 1280, height: int = 900, seconds: float = 60) -> None:
        program = find()
        if program is None:
            raise BrowserError("no chromium here: apt-get install chromium-headless-shell")
        self._profile = tempfile.mkdtemp(prefix="martlet-chromium-")
        # The browser reads commands from its descriptor 3 and writes answers to 4, each ended by a zero byte.
        command_read, self._write = os.pipe()
        self._read, answer_write = os.pipe()
        shell = 'exec 3<&"$0" 4>&"$1"; shift; exec "$@"'
        self._process = subprocess.Popen(
            ["sh", "-c", shell, str(command_read), str(answer_write), program, "--headless"]
            + ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
            + [f"--window-size={width},{height}", f"--user-data-dir={self._profile}"]
            + ["--remote-debugging-pipe", "about:blank"],
            pass_fds=(command_read, answer_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(answer_write)
        self._rest = b""
        self._number = 0
        self._seconds = seconds
        self._session: str | None = None
        self.errors: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Calls a method of the DevTools protocol and returns its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        timer = threading.Timer(self._seconds, self._process.kill)
        timer.start()
        try:
            while True:
                answer = self._receive(method)
                if answer.get("id") == self._number:
                    break
                if answer.get("method") == "Runtime.exceptionThrown":
                    details = answer["params"]["exceptionDetails"]
                    text = details.get("exception", {}).get("description", details["text"])
                    self.errors.append(text)
        finally:
            timer.cancel()
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def _receive(self, method: str) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._read, 1 << 16)
            if not part:
                raise BrowserError(f"{method}: the browser ended or did not answer")
            self._rest += part
        text, _, self._rest = self._rest.partition(b"\0")
        return json.loads(text)

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        """Returns the value of a JavaScript expression."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait(self, expression: str, seconds: float = 20) -> Any:
        """Returns the value of the expression as soon as it is one that counts as true."""
        end = time.monotonic() + seconds
        while True:
            try:
                value = self.evaluate(expression)
            except BrowserError:
                # The page may not have come far enough to evaluate it.
                value = None
            if value:
                return value
            if time.monotonic() > end:
                raise BrowserError(f"never became true: {expression}")
            time.sleep(0.05)

    def screenshot(self, path: Path) -> None:
        import base64

        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))


class Server:
    """Serves a folder on this machine alone, for as long as a `with` statement lasts."""

    def __init__(self, folder: Path) -> None:
        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Handler, directory=str(folder))
        )

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
