"""The stage's event loop: asyncio's own, which knows when it has nothing to do and goes by the grader's clock."""

import asyncio
import selectors
import sys
import time
import weakref
from collections.abc import Callable
from contextvars import Context
from typing import Any, Final

from proctor.stage.accounts import books
from proctor.stage.clock import clock

__all__ = ["StageLoop", "count_loops", "count_outside", "install"]

SPIN_TURNS: Final = 1_000
SPIN_SECONDS: Final = 0.5
SPIN_SECONDS_WITH_ALARM: Final = 0.25
"""A poll that never sleeps: so many turns and so much CPU time without a message, while nobody else can move.

Less is asked where an alarm is pending, because then the grader only moves the clock.
"""

_loops: Final = weakref.WeakSet["StageLoop"]()


class WatchedSelector(selectors.DefaultSelector):
    """A selector that books its loop out before it waits, and in again when it was not woken by somebody booked."""

    loop: "StageLoop"

    def select(self, timeout: float | None = None) -> Any:
        """As `selectors.BaseSelector.select`; ``timeout`` is in seconds of the grader's clock."""
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            self.loop.turned(idle=not found)
            return found
        loop, alarm = self.loop, None
        with books.lock:
            if not loop.has_posted():
                loop.asleep = True
                if timeout is not None:
                    alarm = books.set_alarm(timeout, loop.rouse)
                books.down()
        found = super().select(None)
        with books.lock:
            if loop.asleep:  # neither a thread nor the clock woke it: a file descriptor did
                loop.asleep = False
                books.up()
            books.drop_alarm(alarm)
        return found


class StageLoop(asyncio.SelectorEventLoop):
    """An event loop whose idleness is on the books and whose time is the grader's."""

    def __init__(self) -> None:
        self.asleep = False
        self.on_spin: Callable[[], None] = lambda: None
        self._posted: set[asyncio.Handle] = set()
        self._turns = 0
        self._spinning_since = 0.0
        selector = WatchedSelector()
        selector.loop = self
        super().__init__(selector)
        self._watched = selector
        _loops.add(self)

    def time(self) -> float:
        """Seconds on the grader's clock."""
        return clock.now

    def rouse(self) -> None:
        """Wake the loop because its time has come; called with the books' lock held."""
        if self.asleep:
            self.asleep = False
            books.up()
            self._write_to_self()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - the wake-up byte of call_soon_threadsafe

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """As asyncio's; the posted callback counts as moving until it runs."""
        with books.lock:
            box: list[asyncio.Handle] = []

            def run() -> None:
                with books.lock:
                    self._posted.discard(box.pop())  # and keep no cycle that would outlive the call
                callback(*args)

            if self.asleep:
                self.asleep = False
                books.up()
            handle = super().call_soon_threadsafe(run, context=context)
            box.append(handle)
            self._posted.add(handle)
            return handle

    def has_posted(self) -> bool:
        """Did another thread post a callback that has not run yet?"""
        self._posted = {handle for handle in self._posted if not handle.cancelled()}
        return bool(self._posted)

    def outside(self) -> int:
        """How many file descriptors this loop watches that somebody outside this process may make ready."""
        watched = self._watched.get_map()
        return len(watched) - 1 if watched else 0  # its own wake-up pipe is not outside

    def turned(self, *, idle: bool) -> None:
        """Count turns in which the loop was busy with itself alone."""
        if not idle:
            self._turns = 0
            return
        self._turns += 1
        if self._turns == 1:
            self._spinning_since = time.process_time()
        elif self._turns % SPIN_TURNS == 0:
            with books.lock:  # so that no message can come in between the look and the report
                enough = SPIN_SECONDS if books.next_alarm() is None else SPIN_SECONDS_WITH_ALARM
                is_alone = books.running == 1 and not self.has_posted()
                if is_alone and time.process_time() - self._spinning_since > enough:
                    self._turns = 0
                    self.on_spin()

    def heard(self) -> None:
        """A message went in or out: whatever the loop does, it is not spinning for nothing."""
        self._turns = 0


def count_outside() -> int:
    """File descriptors of others that any loop of this process watches."""
    return sum(loop.outside() for loop in list(_loops) if not loop.is_closed())


def count_loops() -> int:
    """Event loops of this process, closed ones included."""
    return len(_loops)


def install() -> None:
    """Have loops that the submission makes itself (`asyncio.run` in a thread) counted too."""
    asyncio.new_event_loop = asyncio.events.new_event_loop = StageLoop
    asyncio.SelectorEventLoop = StageLoop
    if sys.version_info < (3, 14):  # there, policies are deprecated and `get_event_loop` makes no loop any more
        asyncio.DefaultEventLoopPolicy._loop_factory = StageLoop  # noqa: SLF001 # pyright: ignore[reportAttributeAccessIssue] - `get_event_loop` takes it from there
