"""Stages that are forked from the warm server: asks it for one, ends it and tells how it ended.

Stages of one submission, one after the other, are copies of a process that has loaded it once, where that is safe
(`proctor.stage.understudies`). Nothing else depends on it: a copy that is not to be had is replaced by a new process.
"""

import itertools
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proctor.errors import StageLost
from proctor.isolation.launcher import Ending, Piece, Seat
from proctor.isolation.stage_folder import StageFolder

__all__ = ["ForkedStages"]

_PACKET: Final = 1 << 16
_PATIENCE: Final = 60.0
"""Seconds to wait for the warm server itself, which runs no code of a submission. Past it, the fault is ours."""


@dataclass(frozen=True)
class _Play:
    """A piece, the folder in which it is performed, and whether an understudy was asked for."""

    piece: Piece
    folder: StageFolder
    wants_understudy: bool


class ForkedStages:
    """A launcher over one control socket of the warm server; ``stages`` is where the server expects their folders."""

    def __init__(self, control: socket.socket, stages: Path) -> None:
        self._control, self._stages = control, stages
        self._control.settimeout(_PATIENCE)
        self._numbers = itertools.count(1)
        self._live: dict[int, _Play] = {}
        self._waiting: tuple[int, _Play] | None = None
        self._barren: Piece | None = None
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

    def seat(self, piece: Piece, *, anew: bool = False) -> Seat:
        """Have a process that has loaded a piece: the understudy that waits, or a new one.

        With ``anew`` it is loaded again in any case. Raises StageLost when the server cannot be had.
        """
        self.wait()
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        output, output_of_stage = os.pipe()
        ends = (theirs.fileno(), output_of_stage)
        try:
            pid = None if anew else self._send_on(number, piece, ends)
            if pid is None:
                pid = self._start(number, piece, ends, anew=anew)
        except BaseException:
            ours.close()
            os.close(output)
            raise
        finally:
            theirs.close()
            os.close(output_of_stage)
        return Seat(number, pid, ours, output, self._live[number].folder)

    def _send_on(self, number: int, piece: Piece, ends: tuple[int, int]) -> int | None:
        """Send on the understudy that waits, if it is of this piece. Return its process."""
        if self._waiting is None:
            return None
        after, play = self._waiting
        if play.piece != piece:
            self._dismiss()
            return None
        self._waiting = None
        answer = self._ask({"do": "next", "stage": number, "after": after}, ends)
        if "pid" not in answer:
            play.folder.remove()
            return None
        self._live[number] = play
        return answer["pid"]

    def _start(self, number: int, piece: Piece, ends: tuple[int, int], *, anew: bool) -> int:
        """Have a process forked that loads the piece. Return it."""
        understudy = not anew and not self._live and piece != self._barren
        folder = StageFolder.create(self._stages, piece.files, piece.props)
        self._live[number] = _Play(piece, folder, understudy)
        request = {"do": "stage", "folder": os.fspath(folder.root), "module": piece.module, "preload": piece.preload}
        return self._ask({"stage": number, "understudy": understudy, **request}, ends)["pid"]

    def look(self, seat: Seat) -> tuple[bool, float | None]:
        """Tell whether a stage has ended, and how many processor seconds it has used where the system knows."""
        answer = self._ask({"do": "look", "stage": seat.number})
        return answer["over"], answer["cpu"]

    def end(self, seat: Seat) -> Ending:
        """Kill a stage with all its processes and tell how it had ended; its folder goes with the last of them."""
        answer = self._ask({"do": "end", "stage": seat.number})
        play = self._live.pop(seat.number)
        if answer["understudy"]:
            self._waiting = (seat.number, play)
        else:
            play.folder.remove()
            if play.wants_understudy:
                self._barren = play.piece
        return Ending(answer["cpu"], answer["exit"], answer["signal"], answer["full"])

    def _dismiss(self) -> None:
        """End the understudy that waits."""
        if self._waiting is not None:
            after, play = self._waiting
            self._waiting = None
            self._ask({"do": "dismiss", "stage": after})
            play.folder.remove()

    def close(self) -> None:
        """Hang up, upon which the server ends every stage, and remove their folders."""
        self._control.close()
        waiting = [] if self._waiting is None else [self._waiting[1]]
        for play in (*self._live.values(), *waiting):
            play.folder.remove()
