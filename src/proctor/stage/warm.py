"""The warm server: everything heavy is imported once; each stage is a fork of it.

Theory of operation
-------------------
Started with a clean environment, and where that is to be had inside a private view. It is single-threaded and stays so,
and it has never held a grader, an expected value or a secret, because a fork inherits all of its parent's memory.

Graders talk to it over control sockets (SOCK_SEQPACKET), of which it is born with one. On that one the packet
``join``, with a descriptor, brings another grader. On the others it says ``{"ready": true}``, or ``{"error": ...}``
where the sandbox does not hold, and takes three requests:

``{"stage": n, "folder": ..., "module": ...}`` with two descriptors, the channel and the pipe for output: forks a stage
and answers ``{"stage": n, "pid": ...}``.

``{"look": n}``: answers ``{"look": n, "over": bool, "cpu": seconds or None}``, whether the stage has ended and the
processor time that it has used so far.

``{"end": n}``: kills the stage with all its processes and answers ``{"end": n, "cpu": seconds, "exit": code or None,
"signal": number or None, "full": bool}``: how the stage ended if it had ended by itself, and whether it was killed for
filling the disk.

When a grader hangs up, its stages are killed; when the first control socket closes, all are, and the server ends.
"""

import gc
import json
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from proctor.isolation import privileges
from proctor.isolation.layers import Layer, Profile
from proctor.isolation.limits import disk_is_full
from proctor.isolation.sandbox import Sandbox
from proctor.isolation.stage_folder import StageFolder
from proctor.stage import loop
from proctor.stage.entry import BROKEN, close_all_but, perform, redirect
from proctor.stage.warm_up import warm_up

__all__ = ["serve"]

PACKET: Final = 1 << 16
WATCH_SECONDS: Final = 0.1
"""Real seconds between two looks at the disk space that stages use. No verdict depends on it."""


@dataclass
class _Stage:
    """A stage that has been forked and not ended yet."""

    pid: int
    folder: StageFolder
    filled_the_disk: bool = False


class _Grader:
    """One grader: its control socket and its stages."""

    def __init__(self, server: "_Server", control: socket.socket) -> None:
        self._server, self.control = server, control
        self.stages: dict[int, _Stage] = {}
        self._answer({"error": server.problem} if server.problem else {"ready": True})

    def serve_one(self) -> bool:
        """Serve one request. Returns whether the grader is still there."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self.control, PACKET, 2)
        except OSError:
            data, descriptors = b"", []
        if not data:
            self.close()
            return False
        request = json.loads(data)
        if "stage" in request:
            self._answer({"stage": request["stage"], **self._start(request, descriptors)})
        elif "look" in request:
            pid = self.stages[request["look"]].pid
            self._answer({"look": request["look"], "over": _is_over(pid), "cpu": _cpu_of(pid)})
        else:
            stage = self.stages.pop(request["end"])
            ending = _end(stage.pid)
            self._server.end_strays()
            self._answer({"end": request["end"], **ending, "full": stage.filled_the_disk})
        return True

    def _start(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        if self._server.problem:
            return {"error": self._server.problem}
        try:
            pid = os.fork()
            if not pid:
                self._server.become_stage(request, *descriptors)
        except OSError as error:
            return {"error": f"the system has no room for another process: {error}"}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self.stages[request["stage"]] = _Stage(pid, StageFolder(Path(request["folder"])))
        return {"pid": pid}

    def _answer(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # it hung up meanwhile, and the next read says so
            self.control.send(json.dumps(message).encode())

    def close(self) -> None:
        """End every stage."""
        for stage in self.stages.values():
            _end(stage.pid)
        self.stages.clear()
        self._server.end_strays()
        self.control.close()


class _Server:
    """All graders, and the sandbox that every stage enters."""

    def __init__(self, control: socket.socket, plan: Mapping[str, Any]) -> None:
        self._control = control
        self._graders: dict[socket.socket, _Grader] = {}
        self._layers = frozenset(Layer(name) for name in plan["layers"])
        self.problem = ""
        self._end_all_but: Callable[[Collection[int]], None] = lambda _known: None
        try:
            if plan["own_user"]:
                privileges.own_user()
            self._sandbox = Sandbox(self._layers, Profile.PLAIN)
            self.problem = self._sandbox.prove()
            if not self._sandbox.seals_processes:
                self._end_all_but = _adopt()
        except OSError as error:
            self.problem = str(error)
        if Layer.PRIVILEGES in self._layers:
            privileges.close_to_inspection()
        self._pid = os.getpid()

    def serve(self) -> None:
        """Serve until the first control socket closes."""
        watched_at = time.monotonic()
        while True:
            is_watching = any(grader.stages for grader in self._graders.values())
            ready, _, _ = select.select([self._control, *self._graders], [], [], WATCH_SECONDS if is_watching else None)
            for each in ready:
                if each is self._control:
                    data, descriptors, _, _ = socket.recv_fds(self._control, PACKET, 1)
                    if not data:
                        for grader in self._graders.values():
                            grader.close()
                        return
                    joined = socket.socket(fileno=descriptors[0])
                    self._graders[joined] = _Grader(self, joined)
                elif not self._graders[each].serve_one():
                    del self._graders[each]
            if is_watching and Layer.LIMITS in self._layers and time.monotonic() - watched_at > WATCH_SECONDS:
                self._watch_disk()
                watched_at = time.monotonic()

    def _watch_disk(self) -> None:
        """End stages that fill the disk; the grader hears of it as of any other end."""
        for grader in self._graders.values():
            for stage in grader.stages.values():
                if not stage.filled_the_disk and disk_is_full(stage.folder.writable):
                    stage.filled_the_disk = True
                    os.kill(stage.pid, signal.SIGKILL)

    def end_strays(self) -> None:
        """End what stages have left behind, unless the sandbox keeps them from leaving anything."""
        self._end_all_but({stage.pid for grader in self._graders.values() for stage in grader.stages.values()})

    def become_stage(self, request: Mapping[str, Any], channel: int, output: int) -> NoReturn:
        """Become a stage. Runs in the child and never returns to the server's code."""
        try:
            privileges.end_with_parent(self._pid)
            os.setsid()
            for control in (self._control, *self._graders):
                control.close()
            close_all_but({channel, output})
            redirect(output)
            perform(
                StageFolder(Path(request["folder"])), request["module"], socket.socket(fileno=channel), self._sandbox
            )
        finally:
            os._exit(BROKEN)


def serve(control: socket.socket, plan: Mapping[str, Any]) -> None:
    """Warm up, and serve until the first control socket closes.

    ``plan`` names the ``layers`` of the sandbox, and whether the server is root and takes an ``own_user``.
    """
    loop.install()
    warm_up()
    server = _Server(control, plan)
    if threading.active_count() != 1:
        raise RuntimeError("a process with threads must not fork stages")
    gc.collect()
    gc.freeze()
    server.serve()


def _adopt() -> Callable[[Collection[int]], None]:
    """Become the parent of what stages abandon; return what ends all children but some."""
    from proctor.isolation import descendants  # noqa: PLC0415 - every stage would carry it, and most cannot leave any

    descendants.adopt()
    return descendants.end_all_but


def _is_over(pid: int) -> bool:
    """Tell whether a stage has ended, without reaping it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _cpu_of(pid: int) -> float | None:
    """Return the processor seconds of a process, as proc(5) has them; None where the system has no such file."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    user, system = after_name[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _end(pid: int) -> dict[str, Any]:
    """Kill a stage with all its processes; tell how it had ended if it had ended before.

    A stage that is about to end has closed its channel already, but its status stands: no signal changes it any more.
    """
    was_over = _is_over(pid)
    with suppress(ProcessLookupError):  # it has not made its group yet; then it is alone
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "exit": code if code >= 0 else None,
        "signal": -code if code < 0 and (was_over or code != -signal.SIGKILL) else None,
    }
