"""The warm server: everything heavy is imported once; each stage is a fork of it.

Theory of operation
-------------------
Started with a clean environment as ``python -I -B -m proctor.stage FD``. It is single-threaded and stays so, and it
has never held a grader, an expected value or a secret, because a fork inherits all of its parent's memory.

Graders talk to it over control sockets (SOCK_SEQPACKET), of which it is born with one. On that one the packet
``join``, with a descriptor, brings another grader. On the others it says ``{"ready": true}`` and takes three requests:

``{"stage": n, "folder": ..., "module": ..., "props": ...}`` with two descriptors, the channel and the pipe for output:
forks a stage and answers ``{"stage": n, "pid": ...}``.

``{"look": n}``: answers ``{"look": n, "over": bool, "cpu": seconds or None}``, whether the stage has ended and the
processor time that it has used so far.

``{"end": n}``: kills the stage's process group and answers ``{"end": n, "cpu": seconds, "exit": code or None,
"signal": number or None}``, where exit and signal tell how the stage ended if it had ended by itself.

When a grader hangs up, its stages are killed; when the first control socket closes, all are, and the server ends.
"""

import asyncio
import gc
import json
import os
import random
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

from proctor.stage import limits, loop
from proctor.stage.accounts import books
from proctor.stage.performer import Performer

__all__ = ["serve"]

PACKET: Final = 1 << 16
BROKEN: Final = 70
"""Exit status of a stage that broke before it could perform (EX_SOFTWARE of sysexits.h)."""


class _Grader:
    """One grader: its control socket and its stages."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self._stages: dict[int, int] = {}
        self._answer({"ready": True})

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
            pid = self._stages[request["look"]]
            self._answer({"look": request["look"], "over": _is_over(pid), "cpu": _cpu_of(pid)})
        else:
            self._answer({"end": request["end"], **_end(self._stages.pop(request["end"]))})
        return True

    def _start(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        try:
            pid = os.fork()
            if not pid:
                _perform(request, *descriptors)
        except OSError as error:
            return {"error": str(error)}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self._stages[request["stage"]] = pid
        return {"pid": pid}

    def _answer(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # it hung up meanwhile, and the next read says so
            self.control.send(json.dumps(message).encode())

    def close(self) -> None:
        """End every stage."""
        for pid in self._stages.values():
            _end(pid)
        self.control.close()


_open: Final[set[socket.socket]] = set()
"""Every control socket, so that a stage can close them."""


def serve(control: socket.socket) -> None:
    """Serve until the first control socket closes."""
    loop.install()
    _warm_up()
    if threading.active_count() != 1:
        raise RuntimeError("a process with threads must not fork stages")
    gc.collect()
    gc.freeze()
    _open.add(control)
    graders: dict[socket.socket, _Grader] = {}
    while True:
        ready, _, _ = select.select(list(_open), [], [])
        for each in ready:
            if each is control:
                data, descriptors, _, _ = socket.recv_fds(control, PACKET, 1)
                if not data:
                    for grader in graders.values():
                        grader.close()
                    return
                joined = socket.socket(fileno=descriptors[0])
                _open.add(joined)
                graders[joined] = _Grader(joined)
            elif not graders[each].serve_one():
                _open.discard(each)
                del graders[each]


def _perform(request: dict[str, Any], channel: int, output: int) -> NoReturn:
    """Become the stage. Runs in the child and never returns to the server's code."""
    try:
        os.setsid()
        for control in _open:
            control.close()
        books.reset()
        random.seed()
        _redirect(output)
        limits.apply()
        Performer(socket.socket(fileno=channel), Path(request["folder"]), request["module"], request["props"]).run()
    finally:
        os._exit(BROKEN)


def _redirect(output: int) -> None:
    """Give the stage an empty input, and one pipe for what it prints."""
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(null)
    os.close(output)
    sys.stdin = sys.__stdin__ = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)


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


def _warm_up() -> None:
    """Serve one good and one bad request, so that a stage finds imported and built what every submission needs."""
    from fastapi import BackgroundTasks, Depends, FastAPI, Request  # noqa: PLC0415 - only the warm server pays for it
    from fastapi.middleware.cors import CORSMiddleware  # noqa: PLC0415 - same
    from pydantic import BaseModel  # noqa: PLC0415 - same

    class Item(BaseModel):
        name: str
        size: int = 1

    async def session(request: Request) -> str:
        return request.url.path

    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["https://warm.example"])

    @app.middleware("http")
    async def pass_on(request: Request, call_next: Any) -> Any:  # pyright: ignore[reportUnusedFunction] - registered by the decorator
        return await call_next(request)

    @app.post("/items/{number}")
    async def create(number: int, item: Item, tasks: BackgroundTasks, path: Annotated[str, Depends(session)]) -> Item:  # pyright: ignore[reportUnusedFunction] - registered by the decorator
        del number, tasks, path
        return item

    async def request(body: bytes) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "path": "/items/1",
            "raw_path": b"/items/1",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(b"content-type", b"application/json"), (b"origin", b"https://warm.example")],
            "client": ("127.0.0.1", 1),
            "server": ("warm.example", 80),
        }
        inbox = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return inbox.pop() if inbox else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            del message

        await app(scope, receive, send)

    async def both() -> None:
        await request(b'{"name": "a"}')
        await request(b"{}")

    asyncio.run(both())
