"""What every way to start a stage has in common: a seat in, an ending out, and how its interpreter is called."""

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, Self

from proctor.isolation.layers import Profile
from proctor.isolation.limits import CPU_SECONDS, DISK_BYTES
from proctor.isolation.stage_folder import StageFolder

__all__ = ["Debugging", "Ending", "Launcher", "Piece", "Seat", "command_of", "environment_in"]

_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # an arena reserves 64 MiB of address space, which the limit counts
    "PATH": "/usr/bin:/bin",
    "TZ": "UTC",
}
"""All that a stage inherits: no token, no home directory of yours, nothing that names the grader."""


def command_of(plan: Mapping[str, Any]) -> list[str]:
    """Return the command that starts the side of the submission with this plan (see `proctor.stage.__main__`)."""
    return [sys.executable, "-I", "-B", "-X", "utf8", "-m", "proctor.stage", json.dumps(plan)]


def environment_in(home: Path) -> dict[str, str]:
    """Return the environment of such a process, which keeps its files in ``home``."""
    return _ENVIRONMENT | {"HOME": os.fspath(home), "TMPDIR": os.fspath(home)}


@dataclass(frozen=True)
class Piece:
    """What a stage performs: ``module`` is loaded from a private copy of ``files`` (name to content), then ``props``.

    Modules of ``preload`` are imported beforehand where stages are forked, which is faster and nothing else.
    """

    files: Mapping[str, bytes]
    module: str
    props: bytes | None = None
    preload: tuple[str, ...] = ()


@dataclass(frozen=True)
class Debugging:
    """A run in which a learner steps through the own code, and what the debugger in its stages is told.

    ``reads`` and ``writes`` are descriptors of the terminal. ``tells`` is that of a socket on which a stage says that
    the code has `STOPPED` or the learner has `LEFT`, and whose other end closes with the run. ``files`` maps the names
    of the learner's files to where they really are. A stage stops at ``line`` of ``main_file``, if there is one, and at
    the first call of the learner's code if ``at_first_call``.
    """

    STOPPED: ClassVar = b"s"
    LEFT: ClassVar = b"q"

    reads: int
    writes: int
    tells: int
    files: Mapping[str, str]
    main_file: str
    line: int | None = None
    at_first_call: bool = False

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What has to be passed on to a stage."""
        return self.reads, self.writes, self.tells

    def to_plan(self) -> dict[str, Any]:
        """Return it as plain data, for another process."""
        return asdict(self)

    @classmethod
    def from_plan(cls, plan: Mapping[str, Any]) -> Self:
        """Read what `to_plan` has made."""
        return cls(**plan)


@dataclass(frozen=True)
class Ending:
    """How a stage ended: ``exit`` or ``signal`` when it ended by itself; ``cpu`` in seconds."""

    cpu: float
    exit: int | None
    signal: int | None
    filled_the_disk: bool = False

    def describe(self) -> str:
        """Say it in words."""
        if self.filled_the_disk:
            return f"it was ended because it keeps more than {DISK_BYTES >> 20} MiB or very many files in its folder"
        if self.signal == signal.SIGXCPU:
            return f"it was ended after {CPU_SECONDS} s of processor time"
        if self.signal is not None:
            return f"it was killed by signal {self.signal}"
        return f"it left with exit status {self.exit}" if self.exit is not None else "it closed its channel"


@dataclass(frozen=True)
class Seat:
    """A started stage: its channel, the pipe with what it prints, and its folder."""

    number: int
    pid: int
    channel: socket.socket
    output: int
    folder: StageFolder
    profile: Profile = Profile.PLAIN


class Launcher(Protocol):
    """Starts stages one after another or side by side."""

    def wait(self) -> None:
        """Wait until stages can be had. Raises StageLost when they cannot."""

    def seat(self, piece: Piece, *, anew: bool = False) -> Seat:
        """Start a stage that has loaded a piece.

        ``anew`` keeps it from being a copy of another stage. Raises StageLost when there is none to be had.
        """
        ...

    def look(self, seat: Seat) -> tuple[bool, float | None]:
        """Tell whether a stage has ended, and how many processor seconds it has used where the system knows."""
        ...

    def end(self, seat: Seat) -> Ending:
        """Kill a stage with all its processes, remove its folder and tell how it had ended."""
        ...

    def close(self) -> None:
        """End every stage."""
