"""The warm server: everything heavy is imported once; each stage is a fork of it.

Theory of operation
-------------------
Started with a clean environment, and where that is to be had inside a private view. It is single-threaded and stays so,
and it has never held a grader, an expected value or a secret, because a fork inherits all of its parent's memory.

Graders talk to it over control sockets (SOCK_SEQPACKET), of which it is born with one. On that one the packet
``join``, with a descriptor, brings another grader. On the others it says ``{"ready": true}``, or ``{"error": ...}``
where the sandbox does not hold, and answers requests, each an object with the key ``do``:

``stage`` (``stage``: a number, ``folder``, ``module``, ``preload``, ``understudy``; with two descriptors, the channel
and the pipe for output) imports what is to be preloaded and forks a stage: ``{"pid": n}``. With ``understudy`` it may
leave one behind (`proctor.stage.understudies`).

``next`` (``stage``: a number, ``after``: the stage whose understudy it is; two descriptors) sends an understudy on:
``{"pid": n}``, or ``{"gone": true}``.

``look`` (``stage``): ``{"over": bool, "cpu": seconds or None}``, whether it has ended and the processor time so far.

``end`` (``stage``) kills the stage with all its processes: ``{"cpu": seconds, "exit": code or None, "signal": number or
None, "full": bool, "understudy": bool}``, how it ended if it had ended by itself, whether it was killed for filling the
disk, and whether an understudy waits now.

``dismiss`` (``stage``) ends the understudy that waits since that stage has ended: ``{}``.

When a grader hangs up, its stages are killed; when the first control socket closes, all are, and the server ends.
"""

import gc
import importlib
import os
import selectors
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from proctor.isolation import privileges
from proctor.isolation.layers import Layer, Profile
from proctor.isolation.sandbox import Sandbox
from proctor.isolation.stage_folder import StageFolder
from proctor.stage import loop, streams
from proctor.stage.entry import BROKEN, close_all_but, perform
from proctor.stage.patron import Patron
from proctor.stage.warm_up import warm_up

__all__ = ["serve"]

WATCH_SECONDS: Final = 0.1
"""Real seconds between two looks at the disk space that stages use. No verdict depends on it."""


class _Server:
    """All graders, and the sandbox that every stage enters."""

    def __init__(self, control: socket.socket, plan: Mapping[str, Any]) -> None:
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._patrons: list[Patron] = []
        self._layers = frozenset(Layer(name) for name in plan["layers"])
        self.problem = ""
        self.has_wings = False
        try:
            if plan["own_user"]:
                privileges.own_user()
            self._sandbox = Sandbox(self._layers, Profile.PLAIN)
            self.problem = self._sandbox.prove()
            self.has_wings = self._sandbox.seals_processes
            privileges.adopt_orphans()
        except OSError as error:
            self.problem = str(error)
        if Layer.PRIVILEGES in self._layers:
            privileges.close_to_inspection()
        self._pid = os.getpid()
        self._is_closing = False
        self.watch(control, self._welcome)

    def watch(self, source: Any, hear: Callable[[], None]) -> None:
        """Call ``hear`` whenever ``source`` is readable."""
        self._selector.register(source, selectors.EVENT_READ, hear)

    def forget(self, source: Any) -> None:
        """Stop that."""
        self._selector.unregister(source)

    def serve(self) -> None:
        """Serve until the first control socket closes."""
        watched_at = time.monotonic()
        while not self._is_closing:
            is_watching = Layer.LIMITS in self._layers and any(patron.has_stages for patron in self._patrons)
            for key, _ in self._selector.select(WATCH_SECONDS if is_watching else None):
                if self._selector.get_map().get(key.fd) is key:  # what was heard before may have closed it
                    key.data()
            if is_watching and time.monotonic() - watched_at > WATCH_SECONDS:
                for patron in self._patrons:
                    patron.watch_disk()
                watched_at = time.monotonic()
        for patron in list(self._patrons):
            self._see_off(patron)

    def _welcome(self) -> None:
        """Let another grader in."""
        data, descriptors, _, _ = socket.recv_fds(self._control, 16, 1)
        if not data:
            self._is_closing = True
            return
        patron = Patron(self, socket.socket(fileno=descriptors[0]), self._see_off)
        self._patrons.append(patron)
        self.watch(patron.control, patron.serve_one)

    def _see_off(self, patron: Patron) -> None:
        self.forget(patron.control)
        self._patrons.remove(patron)
        patron.close()

    def end_strays(self, *, surely: bool = False) -> None:
        """End what stages have left behind. ``surely`` says that the sandbox alone did not keep them from it."""
        if surely or not self._sandbox.seals_processes:
            _end_all_but({pid for patron in self._patrons for pid in patron.known()})

    def preload(self, names: Sequence[str]) -> None:
        """Import what the stages of an exercise need and others do not. What that warns of is no news to a grader."""
        missing = [name for name in names if name not in sys.modules]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in missing:
                importlib.import_module(name)
        if missing:
            _be_ready_to_fork()

    def become_stage(
        self, request: Mapping[str, Any], channel: int, output: int, line: socket.socket | None
    ) -> NoReturn:
        """Become a stage. Runs in the child and never returns to the server's code."""
        try:
            privileges.end_with_parent(self._pid)
            os.setsid()
            close_all_but({channel, output, *([line.fileno()] if line else [])})
            streams.redirect(output)
            perform(
                StageFolder(Path(request["folder"])),
                request["module"],
                socket.socket(fileno=channel),
                self._sandbox,
                line,
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
    _be_ready_to_fork()
    server.serve()


def _be_ready_to_fork() -> None:
    """Move all that is there out of the garbage collector's sight, so that stages share it with their server."""
    if threading.active_count() != 1:
        raise RuntimeError("a process with threads must not fork stages")
    gc.collect()
    gc.freeze()


def _end_all_but(known: Collection[int]) -> None:
    from proctor.isolation import descendants  # noqa: PLC0415 - every stage would carry it, and few can leave any

    descendants.end_all_but(known)
