"""One grader at its control socket, as the warm server serves it: its stages, and who waits in the wings for it."""

import json
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, Protocol

from proctor.isolation.limits import disk_is_full
from proctor.isolation.stage_folder import StageFolder
from proctor.stage import processes
from proctor.stage.wings import Watch, Wings

__all__ = ["House", "Patron"]

_PACKET: Final = 1 << 16


class House(Watch, Protocol):
    """What the server does for all its patrons."""

    problem: str
    has_wings: bool

    def preload(self, names: Sequence[str]) -> None:
        """Import modules for all stages to come. Raises ImportError."""

    def become_stage(
        self, request: Mapping[str, Any], channel: int, output: int, line: socket.socket | None
    ) -> NoReturn:
        """Become a stage. Runs in the child and never returns to the server's code."""
        ...

    def end_strays(self, *, surely: bool = False) -> None:
        """End what stages have left behind."""


@dataclass
class _Stage:
    """A stage that has not been ended yet."""

    pid: int
    folder: StageFolder
    wings: Wings | None
    filled_the_disk: bool = False


class Patron:
    """Serves the requests of one grader; `proctor.stage.warm` says what they are."""

    def __init__(self, house: House, control: socket.socket, leave: Callable[["Patron"], None]) -> None:
        self._house, self.control, self._leave = house, control, leave
        self._stages: dict[int, _Stage] = {}
        self._waiting: dict[int, Wings] = {}
        self._answer({"error": house.problem} if house.problem else {"ready": True})

    @property
    def has_stages(self) -> bool:
        """Whether anything is under way for it."""
        return bool(self._stages)

    def known(self) -> set[int]:
        """Return its processes: stages, and who waits in the wings."""
        wings = [*self._waiting.values(), *(stage.wings for stage in self._stages.values())]
        understudies = {each.understudy for each in wings if each is not None and each.understudy is not None}
        return understudies | {stage.pid for stage in self._stages.values()}

    def serve_one(self) -> None:
        """Serve one request, or the end of all requests."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self.control, _PACKET, 2)
        except OSError:
            data, descriptors = b"", []
        if not data:
            self._leave(self)
            return
        request = json.loads(data)
        try:
            match request["do"]:
                case "stage":
                    answer = self._start(request, *descriptors)
                case "next":
                    answer = self._send_on(request, *descriptors)
                case "look":
                    pid = self._stages[request["stage"]].pid
                    answer = {"over": processes.is_over(pid), "cpu": processes.cpu_of(pid)}
                case "end":
                    answer = self._end(request["stage"])
                case _:
                    self._dismiss(request["stage"])
                    answer = {}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self._answer(answer)

    def _answer(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # it hung up meanwhile, and the next read says so
            self.control.send(json.dumps(message).encode())

    def _start(self, request: dict[str, Any], channel: int, output: int) -> dict[str, Any]:
        if self._house.problem:
            return {"error": self._house.problem}
        folder = StageFolder(Path(request["folder"]))
        try:
            self._house.preload(request["preload"])
        except ImportError as error:
            return {"error": f"the exercise asks to preload what cannot be imported: {error}"}
        try:
            wings = Wings(self._house, folder) if request["understudy"] and self._house.has_wings else None
        except OSError as error:
            return {"error": f"its folder is not as it should be: {error}"}
        try:
            pid = os.fork()
            if not pid:
                self._house.become_stage(request, channel, output, wings.stage_end if wings else None)
        except OSError as error:
            if wings:
                wings.close()
            return {"error": f"the system has no room for another process: {error}"}
        if wings:
            wings.begin(pid)
        self._stages[request["stage"]] = _Stage(pid, folder, wings)
        return {"pid": pid}

    def _send_on(self, request: dict[str, Any], channel: int, output: int) -> dict[str, Any]:
        wings = self._waiting.pop(request["after"])
        try:
            pid = wings.send_on(channel, output)
        except OSError:
            self._close(wings)
            return {"gone": True}
        self._stages[request["stage"]] = _Stage(pid, wings.folder, wings)
        return {"pid": pid}

    def _end(self, number: int) -> dict[str, Any]:
        stage = self._stages.pop(number)
        if stage.wings:
            stage.wings.hear()  # while the kernel still knows who is whose child
        ending = processes.end(stage.pid, with_group=stage.wings is None)
        self._house.end_strays()
        is_ready = stage.wings is not None and not stage.filled_the_disk and stage.wings.is_ready()
        if stage.wings and is_ready:
            self._waiting[number] = stage.wings
        elif stage.wings:
            self._close(stage.wings)
        return {**ending, "full": stage.filled_the_disk, "understudy": is_ready}

    def _dismiss(self, number: int) -> None:
        self._close(self._waiting.pop(number))

    def _close(self, wings: Wings) -> None:
        if wings.close():
            self._house.end_strays(surely=True)

    def watch_disk(self) -> None:
        """End stages that fill the disk; the grader hears of it as of any other end."""
        for stage in self._stages.values():
            if not stage.filled_the_disk and disk_is_full(stage.folder.writable):
                stage.filled_the_disk = True
                os.kill(stage.pid, signal.SIGKILL)

    def close(self) -> None:
        """End every stage, and who waits in the wings."""
        for number in list(self._stages):
            self._end(number)
        for number in list(self._waiting):
            self._dismiss(number)
        self.control.close()
