"""Stages that are forked from the warm server: asks it for one, ends it and tells how it ended."""

import itertools
import json
import os
import socket
from pathlib import Path
from typing import Any, Final

from proctor.errors import StageLost
from proctor.isolation.launcher import Ending, Seat
from proctor.isolation.stage_folder import StageFolder

__all__ = ["ForkedStages"]

_PACKET: Final = 1 << 16
_PATIENCE: Final = 60.0
"""Seconds to wait for the warm server itself, which runs no code of a submission. Past it, the fault is ours."""


class ForkedStages:
    """A launcher over one control socket of the warm server; ``stages`` is where the server expects their folders."""

    def __init__(self, control: socket.socket, stages: Path) -> None:
        self._control, self._stages = control, stages
        self._control.settimeout(_PATIENCE)
        self._numbers = itertools.count(1)
        self._folders: dict[int, StageFolder] = {}
        self._ready = False

    def wait(self) -> None:
        """Wait until the server has imported everything. Raises StageLost when it has not come up, or not safely."""
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
        answer = json.loads(data)
        if "error" in answer:
            raise StageLost(f"no stage can be had: {answer['error']}")
        return answer

    def _ask(self, request: dict[str, Any], descriptors: tuple[int, ...] = ()) -> dict[str, Any]:
        self.wait()
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise StageLost(f"the stage server is gone: {error}") from error
        return self._receive()

    def seat(self, files: dict[str, bytes], module: str, props: bytes | None = None) -> Seat:
        """Fork a stage that loads ``module`` from a private copy of ``files`` (name to content).

        Raises StageLost when the server cannot be had.
        """
        self.wait()
        folder = StageFolder.create(self._stages, files, props)
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        output, output_of_stage = os.pipe()
        self._folders[number] = folder
        try:
            request = {"stage": number, "folder": os.fspath(folder.root), "module": module}
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
        self._folders.pop(seat.number).remove()
        return Ending(answer["cpu"], answer["exit"], answer["signal"], answer["full"])

    def close(self) -> None:
        """Hang up, upon which the server ends every stage, and remove their folders."""
        self._control.close()
        for folder in self._folders.values():
            folder.remove()
