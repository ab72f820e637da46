"""Stages that are fresh interpreters, one for each: where stages cannot be forked, and for exercises about servers.

Slower by the start of an interpreter, and otherwise the same: the same channel, the same judgement. A stage for an
exercise about servers lives in a bubblewrap of its own, with a private network, and may start processes up to a limit;
when it ends, everything in there ends with it.
"""

import itertools
import os
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proctor.errors import StageLost
from proctor.isolation import descendants
from proctor.isolation.launcher import Debugging, Ending, Piece, Seat, command_of, environment_in
from proctor.isolation.layers import Layer, Profile
from proctor.isolation.limits import disk_is_full
from proctor.isolation.protection import Protection
from proctor.isolation.stage_folder import StageFolder, remove_tree

__all__ = ["FreshStages"]

MEMORY_BYTES: Final = 1 << 30
"""What all processes of one stage may occupy together; looked at whenever a stage is silent."""

_SIGNALLED: Final = 128


@dataclass
class _Running:
    """The process of one stage, its folder, and whether it was ended for filling the disk."""

    process: subprocess.Popen[bytes]
    folder: StageFolder
    filled_the_disk: bool = False


class FreshStages:
    """A launcher that starts an interpreter for every stage."""

    def __init__(self, protection: Protection, profile: Profile, debugging: Debugging | None = None) -> None:
        self._profile, self._debugging = profile, debugging
        self._has_limits = Layer.LIMITS in protection.layers
        self._view = protection.view
        self._plan = {**protection.to_plan(), "profile": profile}
        self._home = Path(tempfile.mkdtemp(prefix="proctor-stages-"))
        self._numbers = itertools.count(1)
        self._running: dict[int, _Running] = {}

    def wait(self) -> None:
        """There is nothing to wait for: every stage imports what it needs by itself."""

    def seat(self, piece: Piece, *, anew: bool = True) -> Seat:
        """Start an interpreter that loads a piece: always anew.

        Raises StageLost when the system has no room for another process.
        """
        del anew
        folder = StageFolder.create(self._home, piece.files, piece.props)
        ours, theirs = socket.socketpair()
        try:
            process = self._start(folder, piece.module, theirs)
        except OSError as error:
            ours.close()
            folder.remove()
            raise StageLost(f"the system has no room for another process: {error}") from error
        finally:
            theirs.close()
        if process.stdout is None:
            raise TypeError("a stage without output")
        number = next(self._numbers)
        self._running[number] = _Running(process, folder)
        return Seat(number, process.pid, ours, os.dup(process.stdout.fileno()), folder, self._profile)

    def _start(self, folder: StageFolder, module: str, channel: socket.socket) -> subprocess.Popen[bytes]:
        plan: dict[str, Any] = {**self._plan, "folder": os.fspath(folder.root), "module": module}
        plan |= {"channel": channel.fileno(), "own_user": self._view.needs_own_user}
        environment, passed_on = environment_in(folder.temporary), [channel.fileno()]
        if self._debugging is not None:
            plan["debugging"] = self._debugging.to_plan()
            environment["TERM"] = os.environ.get("TERM", "dumb")
            passed_on += self._debugging.descriptors
        return subprocess.Popen(
            self._view.wrap(command_of(plan), folder.root),
            pass_fds=passed_on,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder.submission,
            start_new_session=True,
        )

    def look(self, seat: Seat) -> tuple[bool, float | None]:
        """Tell whether a stage has ended, and how many processor seconds it and its processes have used."""
        running = self._running[seat.number]
        used = descendants.use_of(running.process.pid)
        if self._has_limits:
            running.filled_the_disk = running.filled_the_disk or disk_is_full(running.folder.writable)
            if running.filled_the_disk or used.memory > MEMORY_BYTES:
                running.process.kill()
        return running.process.poll() is not None, used.cpu

    def end(self, seat: Seat) -> Ending:
        """Kill a stage with all its processes, remove its folder and tell how it had ended."""
        return self._end(self._running.pop(seat.number))

    def _end(self, running: _Running) -> Ending:
        process = running.process
        was_over = process.poll() is not None
        used = descendants.use_of(process.pid)
        descendants.end_tree(process.pid)
        with suppress(ProcessLookupError, PermissionError):  # there is no such group any more
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()  # one that is about to end is not changed by a signal any more
        if process.stdout is not None:
            process.stdout.close()
        running.folder.remove()
        if code > _SIGNALLED and self._view.program:  # as bubblewrap and shells report a signal
            code = _SIGNALLED - code
        is_ours = not was_over and code == -signal.SIGKILL
        return Ending(
            used.cpu,
            exit=code if code >= 0 else None,
            signal=-code if code < 0 and not is_ours else None,
            filled_the_disk=running.filled_the_disk,
        )

    def close(self) -> None:
        """End every stage."""
        while self._running:
            self._end(self._running.popitem()[1])
        remove_tree(self._home)
