"""The processes that a stage has started, where no layer keeps it from starting any: what they use, and their end.

The warm server adopts what its stages abandon (Linux has a call for this), so that a grandchild in a session of its own
is a child again and can be found. Without a warm server such a process escapes, and `docs/threats.md` says so.
"""

import os
import signal
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

__all__ = ["Use", "end_all_but", "end_tree", "use_of"]

_ROUNDS: Final = 1_000
"""Each round ends one generation of adopted processes; somebody who forks faster than that is out of reach here."""


def end_all_but(known: Collection[int]) -> None:
    """End every child of this process that is not known, and what it adopts by that."""
    for _ in range(_ROUNDS):
        strays = set(_children()) - set(known)
        for stray in strays:
            os.kill(stray, signal.SIGKILL)
            os.waitpid(stray, 0)
        if not strays:
            return


def _children() -> list[int]:
    """Return the children of this process, which has one thread (proc(5); not every kernel is built with that file)."""
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()]
    except OSError:
        return [child.pid for child in psutil.Process().children()]


@dataclass(frozen=True)
class Use:
    """What a process and its descendants have used: ``cpu`` seconds, and ``memory`` bytes at this moment."""

    cpu: float = 0.0
    memory: int = 0


def use_of(pid: int) -> Use:
    """Add up what a process and its descendants use."""
    cpu, memory = 0.0, 0
    for one in _tree(pid):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # it has just ended
            times = one.cpu_times()
            cpu += times.user + times.system
            memory += one.memory_info().rss
    return Use(cpu, memory)


def end_tree(pid: int) -> None:
    """Kill a process with its descendants, as far as they can be found. Its parent has to wait for it."""
    for one in _tree(pid):
        _kill(one)


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):  # it has ended by itself
        process.kill()
