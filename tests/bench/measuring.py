"""Measures a command to its end: wall time, processor time and memory of it and of everything that it starts.

Everything under `tests.bench.bench` imports only the standard library: a process that it starts is never reported as
smaller than itself.
"""

import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["KIB", "MB", "ROOT", "Run", "Spread", "environment", "measure", "say"]

ROOT: Final = Path(__file__).parents[2]
MB: Final = 1_000_000
KIB: Final = 1024

_PR_SET_CHILD_SUBREAPER: Final = 36
_LEFT_BEHIND: Final = 30.0
"""Seconds that processes may stay when the command that has started them is over."""


@dataclass(frozen=True)
class Run:
    """One process with all its descendants: wall and processor seconds, bytes of the largest one, what it printed.

    For a part of what a process does, some of it is not known.
    """

    wall: float
    cpu: float | None
    memory: int | None
    output: str = ""


@dataclass(frozen=True)
class Spread:
    """The same figure of all rounds."""

    median: float
    min: float
    max: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        """Summarize the rounds."""
        kept = [round(value, 6) for value in values]
        return cls(statistics.median(kept), min(kept), max(kept))

    def __format__(self, spec: str) -> str:
        return f"{self.median:{spec}} ({self.min:{spec}}-{self.max:{spec}})"


def environment() -> dict[str, str]:
    """Return what every contestant inherits."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PYTHON"))}
    own = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PROCTOR_BENCH_SUBMISSIONS": str(ROOT / "solutions")}
    return inherited | own


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr)


def measure(command: Sequence[str], variables: Mapping[str, str], accepted: Collection[int] = (0,)) -> Run:
    """Run a command until it and all its descendants are gone. The wall time is that of the command alone.

    Every child of this process is reaped, so nobody else may start any. Raises SystemExit with the output when the
    command ends with another exit status: then nothing can be compared.
    """
    _adopt_orphans()
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=sys.stderr
        )
        books = _Books()
        while not books.has_reaped(process.pid):
            books.reap()
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(books.statuses[process.pid])
        books.reap_orphans(command)
        output.seek(0)
        printed = output.read().decode()
    if process.returncode not in accepted:
        raise SystemExit(f"{printed}\nbench: `{' '.join(command)}` ended with {process.returncode}")
    return Run(wall, books.cpu, books.memory, printed)


def _adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends first.

    bubblewrap is such a parent: it does not wait for the process that has started all stages, and their processor time
    would be nobody's.

    Source: https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
    """
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError("prctl(PR_SET_CHILD_SUBREAPER) failed: processor time would be missing")


class _Books:
    """What the descendants have used that were reaped here. Each brings what it has reaped itself."""

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.cpu, self.memory = 0.0, 0

    def has_reaped(self, pid: int) -> bool:
        """Tell whether a process is gone."""
        return pid in self.statuses

    def reap(self, options: int = 0) -> bool:
        """Reap a process; return whether there was one. Raises ChildProcessError when nobody is left."""
        pid, status, usage = os.wait4(-1, options)
        if pid:
            self.statuses[pid] = status
            self.cpu += usage.ru_utime + usage.ru_stime
            self.memory = max(self.memory, usage.ru_maxrss * (1 if sys.platform == "darwin" else KIB))
        return bool(pid)

    def reap_orphans(self, command: Sequence[str]) -> None:
        """Reap whoever the command has left behind. Raises SystemExit when they do not end."""
        give_up = time.monotonic() + _LEFT_BEHIND
        try:
            while time.monotonic() < give_up:
                if not self.reap(os.WNOHANG):
                    time.sleep(0.01)
        except ChildProcessError:
            return
        raise SystemExit(f"bench: `{' '.join(command)}` left processes behind that do not end")
