"""A terminal window with a program in it: what is typed, and what its screen shows."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

__all__ = ["Window"]

GENEROUS = 60.0
"""Seconds without any news after which a program that should have shown something has hung."""


class Window:
    """A window of 30 lines with 100 columns each, which a program has for itself."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._ours, theirs = pty.openpty()
        self._screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self._screen)
        termios.tcsetwinsize(theirs, (30, 100))
        self.everything = b""
        self.modes = termios.tcgetattr(self._ours)
        inherited = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "COLUMNS", "LINES"}}
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env={**inherited, "TERM": "xterm-256color", **(environment or {})},
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - tests have one thread here
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    @property
    def text(self) -> str:
        """What can be read on the screen now."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def resize(self, lines: int, columns: int) -> None:
        """Pull at a corner of the window."""
        self._screen.resize(lines, columns)
        termios.tcsetwinsize(self._ours, (lines, columns))

    def wait_for(self, *texts: str, without: str = "") -> str:
        """Read until all these texts can be read on the screen, and the other one cannot. Return the screen."""
        wanted = f"{texts}{f' without {without!r}' if without else ''}"
        self._read_until(
            lambda: all(text in self.text for text in texts) and not (without and without in self.text), wanted
        )
        return self.text

    def wait_for_end(self) -> int:
        """Read until the program has ended; return its exit code."""
        self._read_until(lambda: False, "the end", is_end_awaited=True)
        return self.process.wait()

    def _read_until(self, is_there: Callable[[], bool], wanted: str, *, is_end_awaited: bool = False) -> None:
        while not is_there():
            ready, _, _ = select.select([self._ours], [], [], GENEROUS)
            try:
                data = os.read(self._ours, 1 << 16) if ready else b""
            except OSError:  # how Linux tells that nobody has the other end any more
                data = b""
            if not data:
                is_over = is_end_awaited and bool(ready)
                assert is_over, f"waited for {wanted}, and this is on the screen:\n{self.text}"
                return
            self.everything += data
            self._stream.feed(data)

    def interrupt(self) -> None:
        """Have the system tell the program what Ctrl-C tells."""
        os.killpg(self.process.pid, signal.SIGINT)


def _take_terminal() -> None:
    """Make standard input the terminal that Ctrl-C and changes of its size come from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
