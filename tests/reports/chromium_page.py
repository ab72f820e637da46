"""Pages in a real headless Chromium, driven over its own pipe, with no port and no network.

Chromium reads commands from descriptor 3 and writes answers and events to descriptor 4 (``--remote-debugging-pipe``),
as JSON with a zero byte behind each: https://chromedevtools.github.io/devtools-protocol/.
"""

import json
import os
import shutil
import signal
import tempfile
from base64 import b64decode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

__all__ = ["Chromium", "Page", "chromium"]

QUIET: Final = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
ABOVE: Final = 10
"""Descriptors of ours that are not in the way of 3 and 4."""

TROUBLE: Final = frozenset({"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"})


@dataclass
class Chromium:
    """A browser that is told what to do; ``events`` are what it has said beside the answers."""

    write: int
    read: int
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _number: int = 0
    _rest: bytes = b""

    def send(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Do something and return what came of it."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params}
        command |= {"sessionId": session} if session else {}
        _write_all(self.write, json.dumps(command).encode() + b"\0")
        while (said := self.hear()).get("id") != self._number:
            self.events.append(said)
        assert "error" not in said, f"{method}: {said['error']}"
        return said["result"]

    def hear(self) -> dict[str, Any]:
        """Wait for the next thing that it says."""
        while b"\0" not in self._rest:
            piece = os.read(self.read, 1 << 16)
            if not piece:
                pytest.fail("Chromium has ended")
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, path: Path, *, width: int = 1280, dark: bool = False) -> "Page":
        """Open a file in a window of that width; return when it is loaded."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.send(f"{domain}.enable")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        page.send("Emulation.setDeviceMetricsOverride", **size)
        page.dress(scheme="dark" if dark else "light")
        self.events.clear()
        page.send("Page.navigate", url=path.as_uri())
        while not any(said["method"] == "Page.loadEventFired" for said in self.events):
            self.events.append(self.hear())
        return page


@dataclass(frozen=True)
class Page:
    """One open page."""

    browser: Chromium
    session: str

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Do something to this page."""
        return self.browser.send(method, self.session, **params)

    def dress(self, **features: str) -> None:
        """Emulate what media queries ask for: ``scheme`` is that of colours, ``forced`` whether they are forced."""
        names = {"scheme": "prefers-color-scheme", "forced": "forced-colors"}
        asked = [{"name": names[name], "value": value} for name, value in features.items()]
        self.send("Emulation.setEmulatedMedia", features=asked)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def press(self, key: str, text: str = "") -> None:
        """Press and let go of a key, as a user does."""
        code = {"Tab": 9, "Enter": 13}.get(key, ord(key[0].upper()))
        typed = {"text": text} if text else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **typed)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    @property
    def troubles(self) -> list[dict[str, Any]]:
        """Everything that the page has written to the console, or that went wrong in it."""
        return [said["params"] for said in self.browser.events if said["method"] in TROUBLE]

    @property
    def requests(self) -> list[str]:
        """The addresses that were asked for, the page's own among them."""
        said = self.browser.events
        return [one["params"]["request"]["url"] for one in said if one["method"] == "Network.requestWillBeSent"]

    def picture(self) -> bytes:
        """Return a PNG of the whole page."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12_000), "scale": 1}
        return b64decode(self.send("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])

    def print(self) -> bytes:
        """Return the page as PDF."""
        return b64decode(self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])


@contextmanager
def chromium() -> Generator[Chromium]:
    """Start a browser of its own; it, everything that it has started and its profile are gone after the block."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("chromium is not installed, in which the pages are opened: `apt install chromium`")
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # it refuses to be root otherwise
    ends = [*_high(os.pipe()), *_high(os.pipe())]
    its_read, our_write, our_read, its_write = ends
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [executable, *QUIET, *sandbox, f"--user-data-dir={folder}/profile"]
        log = os.open(f"{folder}/chromium.log", os.O_WRONLY | os.O_CREAT)
        actions = [
            (os.POSIX_SPAWN_DUP2, log, 1),
            (os.POSIX_SPAWN_DUP2, log, 2),
            (os.POSIX_SPAWN_DUP2, its_read, 3),
            (os.POSIX_SPAWN_DUP2, its_write, 4),
        ]
        process = os.posix_spawn(executable, command, os.environ, file_actions=actions, setpgroup=0)
        for end in (log, its_read, its_write):
            os.close(end)
        try:
            yield Chromium(our_write, our_read)
        finally:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(our_write)
            os.close(our_read)


def _high(ends: tuple[int, int]) -> tuple[int, int]:
    """Return the same two descriptors with higher numbers, so that none of them is 3 or 4."""
    import fcntl  # noqa: PLC0415 - not on Windows, where the tests that need Chromium do not run

    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, ABOVE) for end in ends)
    for end in ends:
        os.close(end)
    return read, write


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
