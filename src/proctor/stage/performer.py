"""Performs one submission: loads it, does what the grader says, reports facts. Knows no exercise and no verdict.

Theory of operation
-------------------
Two threads. The *channel thread* reads the grader's messages and never waits for the submission, so that answers and
questions get through while the event loop is blocked. The *main thread* loads the submission, with no event loop
running, and then runs the event loop on which every command is carried out. An understudy finds it loaded.

What goes out is written under the one lock of the books, by whichever thread has something to say: the order of the
lines is the order of the events, and no queue in between can change it.

Every message of the grader counts as "able to move" until it is handled, and ``idle`` carries ``seen``, the number of
messages that it accounts for. The grader believes an ``idle`` only when it has sent no more than that.
"""

import _thread
import asyncio
import gc
import inspect
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from proctor.stage import commands, wire
from proctor.stage.accounts import books, start_uncounted_thread
from proctor.stage.collaborators import Collaborators
from proctor.stage.driver import Exchange
from proctor.stage.loop import StageLoop, count_outside
from proctor.stage.script import Script
from proctor.stage.values import Values
from proctor.stage.wsgi import WsgiExchange

__all__ = ["Performer"]


class Performer:
    """One submission on its stage: `begin`, `load` where that has not happened yet, and `run`."""

    def __init__(self, channel: socket.socket, script: Script) -> None:
        self._channel, self._script = channel, script
        self._loop: StageLoop | None = None
        self._main_thread = _thread.get_ident()
        self._seen = self._said = 0
        self._told: object = None
        self._collaborators = Collaborators(self.send)
        self._values = Values(self._collaborators.build)
        self._collaborators.pack, self._collaborators.unpack = self._values.pack, self._values.unpack
        self._exchanges: dict[int, Exchange | WsgiExchange] = {}
        self._calls: dict[int, asyncio.Task[None]] = {}
        self._state: dict[str, Any] = {}
        self._values.show(script.files)
        books.on_quiet, books.on_sleep = self._report_idle, self._report_sleep

    def begin(self) -> None:
        """Listen to the grader."""
        start_uncounted_thread(self._listen)
        self.send({"t": "loading"})

    def load(self) -> None:
        """Load the submission, and report where that does not succeed."""
        try:
            self._script.load()
        except BaseException as error:  # noqa: BLE001 - sys.exit() at import is a fact like any other
            self.send({"t": "unreadable", "error": self._values.describe(error)})

    def leave(self) -> None:
        """Let go of the channel: this process is a copy of the one that performs."""
        self._channel.close()

    def run(self) -> NoReturn:
        """Perform until the grader leaves. Does not return."""
        loop = self._loop = StageLoop()  # not before: an understudy must not share what it waits with
        loop.on_spin = lambda: self._report_idle(spinning=True)
        asyncio.set_event_loop(loop)
        if "submission" in self._script.modules:
            self.send({"t": "ready", "names": sorted(vars(self._script.modules["submission"]))[:2000]})
        while True:
            try:
                loop.run_forever()
            except (SystemExit, KeyboardInterrupt):  # raised in a task of the submission: asyncio hands it on to us
                continue

    # Out: any thread, in the order of the calls

    def send(self, message: wire.Message) -> None:
        """Report one fact. Raises ValueError when it is too long for the channel."""
        with books.lock:
            self._write(message)
            self._said += 1
            self._show_life()

    def _show_life(self) -> None:
        if self._loop is not None:
            self._loop.heard()

    def _write(self, message: wire.Message) -> None:
        data = wire.line(message)
        with books.lock:
            try:
                self._channel.sendall(data)
            except OSError:
                os._exit(0)  # the grader has gone

    def _report_idle(self, *, spinning: bool = False) -> None:
        """Nothing can move. Called with the books' lock held, or from the loop itself when it spins."""
        waits = books.waits.get(self._main_thread)
        alarm, outside = books.next_alarm(), count_outside()
        state = (self._seen, alarm, outside, waits, spinning)
        if (*state, self._said) == self._told:
            return
        self.send(
            {
                "t": "idle",
                "seen": self._seen,
                "alarm": alarm,
                "outside": outside,
                "loop": "spinning" if spinning else "blocked" if waits else "idle",
                "waits_for": waits,
                "frames": self._frames_of(self._main_thread) if waits else [],
            }
        )
        self._told = (*state, self._said)

    def _report_sleep(self, seconds: float) -> None:
        on_loop = asyncio._get_running_loop() is not None  # noqa: SLF001 - the only way to ask without an exception
        frames = self._frames_of(_thread.get_ident())
        self.send({"t": "slept", "seconds": float(seconds), "on_loop": on_loop, "frames": frames})

    def _frames_of(self, thread: int) -> list[wire.Message]:
        return self._values.frames(sys._current_frames().get(thread))  # noqa: SLF001 - the only way to another thread's stack

    # In: the channel thread, which never waits for the submission

    def _listen(self) -> None:
        lines = wire.Lines()
        try:
            while data := self._channel.recv(1 << 16):
                for message in lines.feed(data):
                    if message["t"] == "glance":
                        self._report_places()
                        continue
                    books.up()
                    self._seen += 1
                    self._show_life()
                    try:
                        self._dispatch(message)
                    finally:
                        books.down()
        finally:  # the grader left, or reset the channel with facts unread: never outlive it
            os._exit(0)

    def _dispatch(self, message: wire.Message) -> None:
        match message["t"]:
            case "answer":
                value = self._values.unpack(message.get("value"))
                self._collaborators.answer(message["id"], value, message.get("error"))
            case "tick":
                books.tick(message["seconds"])
            case kind:
                if self._loop is None:
                    raise ValueError(f"{kind!r} before the submission is loaded")
                self._loop.call_soon_threadsafe(getattr(self, f"_do_{kind}"), message)

    def _report_places(self) -> None:
        """Answer a glance: processor time, and where the learner's code is in every thread. It moves nothing."""
        here = _thread.get_ident()
        threads = [thread for thread in sys._current_frames() if thread not in {here, self._main_thread}]  # noqa: SLF001 - see _frames_of
        places = [self._frames_of(thread) for thread in (self._main_thread, *threads)]
        self._write({"t": "places", "cpu": time.process_time(), "places": [place for place in places if place]})

    # Commands, on the loop

    def _reply(self, message: wire.Message, work: Callable[[], Any]) -> None:
        try:
            self.send({"t": "result", "re": message["re"], "value": work()})
        except Exception as error:  # noqa: BLE001 - the object at the other end is the submission's
            self.send({"t": "result", "re": message["re"], "error": self._values.describe(error)})

    def _do_ping(self, message: wire.Message) -> None:
        self._reply(message, lambda: "pong")

    def _do_collect(self, message: wire.Message) -> None:
        gc.collect()
        self._reply(message, self._collaborators.alive)

    def _do_call(self, message: wire.Message) -> None:
        self._calls[message["re"]] = asyncio.get_running_loop().create_task(self._call(message))

    async def _call(self, message: wire.Message) -> None:
        number = message["re"]
        try:
            args = [self._values.unpack(value) for value in message["args"]]
            work = commands.VERBS[message["verb"]]
            if message["in_thread"]:
                value = await asyncio.to_thread(_carrying, work, self._target(message["on"]), *args)
            else:
                value = work(self._target(message["on"]), *args)
            if inspect.isawaitable(value) and message["wait"]:
                value = await value
            packed = self._values.keep(value) if message["keep"] else self._values.pack(value)
            self.send({"t": "result", "re": number, "value": packed})
        except BaseException as error:  # noqa: BLE001 - whatever the submission raises is a fact to report
            raised = error.raised if isinstance(error, _Carried) else error
            self.send({"t": "result", "re": number, "error": self._values.describe(raised)})
        finally:
            self._calls.pop(number, None)

    def _target(self, on: str | int) -> Any:
        return self._script.modules[on] if isinstance(on, str) else self._values.get(on)

    def _do_cancel(self, message: wire.Message) -> None:
        if (task := self._calls.get(message["call"])) is not None:
            task.cancel()

    def _do_open(self, message: wire.Message) -> None:
        scope = self._values.unpack(message["scope"])
        if "headers" in scope:  # of a lifespan there are none
            scope["headers"] = [tuple(header) for header in scope["headers"]]
        if scope["type"] == "lifespan":
            self._state = scope["state"] = {}
        else:
            scope["state"] = dict(self._state)
        exchange = Exchange(message["x"], scope, self.send, self._values, gated=message["gated"])
        self._exchanges[message["x"]] = exchange
        exchange.start(self._values.get(message["app"]))

    def _do_open_wsgi(self, message: wire.Message) -> None:
        environ = self._values.unpack(message["environ"])
        exchange = WsgiExchange(message["x"], environ, self.send, self._values, gated=message["gated"])
        self._exchanges[message["x"]] = exchange
        exchange.start(self._values.get(message["app"]))

    def _do_feed(self, message: wire.Message) -> None:
        self._exchanges[message["x"]].feed(self._values.unpack(message["message"]))

    def _do_permit(self, message: wire.Message) -> None:
        self._exchanges[message["x"]].permit(message["count"])

    def _do_abort(self, message: wire.Message) -> None:
        self._exchanges[message["x"]].abort()


class _Carried(Exception):
    """Holds what no future can hold."""

    def __init__(self, raised: StopIteration) -> None:
        super().__init__()
        self.raised = raised


def _carrying(work: Callable[..., Any], *args: Any) -> Any:
    """Do the work in a thread. A StopIteration is carried: the future of the thread would be left undone for ever."""
    try:
        return work(*args)
    except StopIteration as error:
        raise _Carried(error) from None
