"""Who in this process can still move without being told something by the grader?

Theory of operation
-------------------
`Accounts.running` counts every party that can move: an event loop outside ``select``, a thread outside a wait, a
message of the grader that is not handled yet. A party that goes to sleep takes itself off; *whoever wakes it* puts it
back before waking it. So the count never touches zero while anything is on its way, and at zero nothing will ever
happen again unless the grader, the grader's clock or a file descriptor of somebody else says so. That moment is
reported, and it is why no check needs a time limit: "not yet" and "never" are told apart exactly.

There is no sampling and no patched C code. `threading.Condition`, and with it Event, Semaphore, Barrier, `queue.Queue`
and `Future.result`, takes its waiting lock from ``threading._allocate_lock``: `proctor.stage.replacements` puts our
`Lock` there, and likewise replaces Lock, RLock, SimpleQueue, `time.sleep`, and the beginning and end of threads. Timed
waits sleep on the grader's clock (`proctor.stage.clock`).

Whatever is unknown (a wait inside C code, a subprocess, a raw socket) counts as running. The error is on the safe
side: the grader waits longer, it never hears "never" too early. Other processes do not know the grader's clock, so
`subprocess` keeps the real one.
"""

import _thread
import itertools
from collections.abc import Callable
from typing import Final

from proctor.stage.clock import clock

__all__ = ["Accounts", "Sleeper", "books", "start_thread", "start_uncounted_thread", "uncounted"]

uncounted: Final[set[int]] = set()
"""Threads that are no parties."""

start_thread: Final = _thread.start_new_thread
"""The original, which books nobody."""


def start_uncounted_thread(function: Callable[[], object]) -> None:
    """Start the one thread that is no party: it reads the channel."""
    uncounted.add(start_thread(function, ()))


class Accounts:
    """The count of parties that can move, and the sleepers that the clock may wake."""

    def __init__(self) -> None:
        self.lock: Final = _thread.RLock()
        self.running = 1  # the main thread
        self.on_quiet: Callable[[], None] = lambda: None
        self.on_sleep: Callable[[float], None] = lambda _: None
        self.deadlines: dict[int, tuple[float, Callable[[], None]]] = {}
        self.waits: dict[int, str] = {}
        self._numbers = itertools.count(1)

    def reset(self) -> None:
        """Start again with one party, as in a child that has just been forked."""
        self.running = 1
        self.deadlines.clear()
        self.waits.clear()
        clock.now = 0.0

    def up(self) -> None:
        """A party can move again, or a new one appears."""
        with self.lock:
            self.running += 1

    def down(self) -> None:
        """A party stops moving, or disappears."""
        with self.lock:
            self.running -= 1
            if self.running == 0:
                self.on_quiet()

    def set_alarm(self, seconds: float, ring: Callable[[], None]) -> int:
        """Have ``ring`` called (with the lock held) once the clock has moved on by ``seconds``."""
        with self.lock:
            number = next(self._numbers)
            self.deadlines[number] = (clock.now + seconds, ring)
            return number

    def drop_alarm(self, number: int | None) -> None:
        """Forget an alarm; one that has rung is forgotten already."""
        with self.lock:
            self.deadlines.pop(number or 0, None)

    def next_alarm(self) -> float | None:
        """Seconds on the clock until somebody wakes by himself, or None."""
        with self.lock:
            return max(0.0, min(when for when, _ in self.deadlines.values()) - clock.now) if self.deadlines else None

    def tick(self, seconds: float) -> None:
        """Move the clock and wake everybody whose time has come, earliest first."""
        with self.lock:
            clock.advance(seconds)
            due = sorted((when, number) for number, (when, _) in self.deadlines.items() if when <= clock.now)
            for _, number in due:
                _, ring = self.deadlines.pop(number)
                ring()


books: Final = Accounts()


class Sleeper:
    """One sleep of one thread: it takes itself off the books, and whoever wakes it puts it back on."""

    __slots__ = ("_asleep", "_expired", "_gate", "_over", "_reason")

    def __init__(self, reason: str) -> None:
        self._gate = _thread.allocate_lock()
        self._gate.acquire()
        self._asleep = self._over = self._expired = False
        self._reason = reason

    def sleep(self, timeout: float | None = None) -> bool:
        """Sleep until woken (True) or until the clock has moved on by ``timeout`` seconds (False)."""
        me = _thread.get_ident()
        with books.lock:
            if self._over:
                return not self._expired
            alarm = None if timeout is None else books.set_alarm(timeout, self._expire)
            self._asleep = True
            books.waits[me] = self._reason
            books.down()
        self._gate.acquire()
        with books.lock:
            books.waits.pop(me, None)
            books.drop_alarm(alarm)
        return not self._expired

    def wake(self) -> bool:
        """Wake the sleeper, or keep it from falling asleep. False when it is awake already. Call with the lock held."""
        if self._over:
            return False
        self._over = True
        if self._asleep:
            books.up()
        self._gate.release()
        return True

    @property
    def is_over(self) -> bool:
        """Has it been woken, or its time run out?"""
        return self._over

    def _expire(self) -> None:
        self._expired = self.wake()
