"""The front door for stages: starts the warm server, asks it for a stage, ends it and tells how it ended."""

import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from proctor.errors import StageLost

__all__ = ["Ending", "Seat", "Theatre"]

_PACKET: Final = 1 << 16
_PATIENCE: Final = 60.0
"""Seconds to wait for the warm server itself, which runs no code of a submission. Past it, the fault is ours."""

_ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
"""All that a stage inherits: no token, no home directory, nothing that names the grader."""


@dataclass(frozen=True)
class Ending:
    """How a stage ended: ``exit`` or ``signal`` when it ended by itself; ``cpu`` in seconds."""

    cpu: float
    exit: int | None
    signal: int | None

    def describe(self) -> str:
        """Say it in words."""
        if self.signal is not None:
            return f"it was killed by signal {self.signal}"
        return f"it left with exit status {self.exit}" if self.exit is not None else "it closed its channel"


@dataclass(frozen=True)
class Seat:
    """A forked stage: its channel, the pipe with what it prints, and the folder with its private copy of the files."""

    number: int
    pid: int
    channel: socket.socket
    output: int
    folder: Path


class Theatre:
    """The warm server. One theatre serves any number of stages, one after another or side by side."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_PATIENCE)
        self._home = Path(tempfile.mkdtemp(prefix="proctor-"))
        environment = _ENVIRONMENT | {"HOME": str(self._home), "TMPDIR": str(self._home)}
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", "-m", "proctor.stage", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=self._home,
            start_new_session=True,  # Ctrl-C is for the grader, which then closes the control socket
        )
        theirs.close()
        self._ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _receive(self) -> dict[str, Any]:
        try:
            data = self._control.recv(_PACKET)
        except TimeoutError:
            raise StageLost(
                f"the stage server did not answer within {_PATIENCE:g} s; is the machine overloaded?"
            ) from None
        except OSError as error:
            raise StageLost(f"the stage server is gone: {error}") from error
        if not data:
            raise StageLost(f"the stage server ended with status {self._process.wait()}; its own message is above")
        return json.loads(data)

    def _ask(self, request: dict[str, Any], descriptors: tuple[int, ...] = ()) -> dict[str, Any]:
        if not self._ready:
            self._receive()  # imports are done: never part of anybody's time
            self._ready = True
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise StageLost(f"the stage server is gone: {error}") from error
        return self._receive()

    def seat(self, files: dict[str, bytes], module: str, props: bytes | None = None) -> Seat:
        """Fork a stage that loads ``module`` from a private copy of ``files`` (name to content).

        Raises StageLost when the server cannot be had.
        """
        folder = Path(tempfile.mkdtemp(prefix="stage-", dir=self._home))
        for name, content in files.items():
            (folder / name).write_bytes(content)
        props_path = None
        if props is not None:
            props_path = folder / "props" / "proctor_props.py"
            props_path.parent.mkdir()
            props_path.write_bytes(props)
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        output, output_of_stage = os.pipe()
        try:
            request = {
                "stage": number,
                "folder": str(folder),
                "module": module,
                "props": props_path and str(props_path),
            }
            pid = self._ask(request, (theirs.fileno(), output_of_stage))["pid"]
        except BaseException:
            ours.close()
            os.close(output)
            raise
        finally:
            theirs.close()
            os.close(output_of_stage)
        return Seat(number, pid, ours, output, folder)

    def end(self, seat: Seat) -> Ending:
        """Kill a stage with all its processes, remove its folder and tell how it had ended."""
        answer = self._ask({"end": seat.number})
        _remove(seat.folder)
        return Ending(answer["cpu"], answer["exit"], answer["signal"])

    def close(self) -> None:
        """End the server and every stage."""
        self._control.close()
        self._process.wait()
        _remove(self._home)


def _remove(folder: Path) -> None:
    """Remove a folder that a submission may have filled; nested too deep for Python, `rm` still gets through."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["/bin/rm", "-rf", "--", str(folder)], check=False)
