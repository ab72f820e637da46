"""The front door for stages: asks the warm server for one, ends it and tells how it ended."""

import itertools
import json
import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from proctor.errors import StageLost
from proctor.warm_server import WarmServer, remove_tree

__all__ = ["Ending", "Seat", "Theatre"]

_PACKET: Final = 1 << 16
_PATIENCE: Final = 60.0
"""Seconds to wait for the warm server itself, which runs no code of a submission. Past it, the fault is ours."""


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
    """Any number of stages, one after another or side by side, over one control socket of the warm server.

    Without a control socket it starts a server of its own.
    """

    def __init__(self, control: socket.socket | None = None) -> None:
        self._server: WarmServer | None = None
        if control is None:
            self._server = WarmServer()
            control = self._server.join()
        self._control = control
        self._control.settimeout(_PATIENCE)
        self._numbers = itertools.count(1)
        self._home = Path(tempfile.mkdtemp(prefix="proctor-"))
        self._ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait(self) -> None:
        """Wait until the server has imported everything. Raises StageLost when it has not come up."""
        if not self._ready:
            self._receive()
            self._ready = True

    def _receive(self) -> dict[str, Any]:
        try:
            data = self._control.recv(_PACKET)
        except TimeoutError:
            self._control.close()  # a late answer must not be taken for the next one
            raise StageLost(
                f"the stage server did not answer within {_PATIENCE:g} s; is the machine overloaded?"
            ) from None
        except OSError as error:
            raise StageLost(f"the stage server is gone: {error}") from error
        if not data:
            raise StageLost("the stage server has ended; its own message is above")
        return json.loads(data)

    def _ask(self, request: dict[str, Any], descriptors: tuple[int, ...] = ()) -> dict[str, Any]:
        self.wait()
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise StageLost(f"the stage server is gone: {error}") from error
        answer = self._receive()
        if "error" in answer:
            raise StageLost(f"the system has no room for another process: {answer['error']}")
        return answer

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

    def look(self, seat: Seat) -> tuple[bool, float | None]:
        """Tell whether a stage has ended, and how many processor seconds it has used where the system knows."""
        answer = self._ask({"look": seat.number})
        return answer["over"], answer["cpu"]

    def end(self, seat: Seat) -> Ending:
        """Kill a stage with all its processes, remove its folder and tell how it had ended."""
        answer = self._ask({"end": seat.number})
        remove_tree(seat.folder)
        return Ending(answer["cpu"], answer["exit"], answer["signal"])

    def close(self) -> None:
        """End every stage, and the server if it is our own."""
        self._control.close()
        if self._server is not None:
            self._server.close()
        remove_tree(self._home)
