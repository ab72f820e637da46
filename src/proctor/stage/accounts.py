"""Who in this process can still move without being told something by the grader?

Theory of operation
-------------------
`Accounts.running` counts every party that can move: an event loop outside ``select``, a thread outside a wait, a
message of the grader that is not handled yet. A party that goes to sleep takes itself off; *whoever wakes it* puts it
back before waking it. So the count never touches zero while anything is on its way, and at zero nothing will ever
happen again unless the grader, the grader's clock or a file descriptor of somebody else says so. That moment is
reported, and it is why no check needs a time limit: "not yet" and "never" are told apart exactly.

There is no sampling and no patched C code. `threading.Condition`, and with it Event, Semaphore, Barrier, `queue.Queue`
and `Future.result`, takes its waiting lock from ``threading._allocate_lock``: `install` replaces that name, and
likewise Lock, RLock, SimpleQueue, `time.sleep`, and the beginning and end of threads. Timed waits sleep on the
grader's clock (`proctor.stage.clock`).

Whatever is unknown (a wait inside C code, a subprocess, a raw socket) counts as running. The error is on the safe
side: the grader waits longer, it never hears "never" too early. Other processes do not know the grader's clock, so
`subprocess` keeps the real one.
"""

# Replacing names of the standard library is what this file does:
# pyright: reportAttributeAccessIssue=false

import _thread
import collections
import functools
import itertools
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final, Self

from proctor.stage.clock import clock

__all__ = ["Accounts", "Lock", "RLock", "SimpleQueue", "Sleeper", "books", "install", "start_uncounted_thread"]

start_uncounted_thread: Final = _thread.start_new_thread
"""For the one thread that is no party: it reads the channel."""


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


class Lock:
    """`threading.Lock`, handed over to the longest waiter, so that no sleeper is woken in vain."""

    def __init__(self) -> None:
        self._held = False
        self._line: collections.deque[Sleeper] = collections.deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As `threading.Lock.acquire`."""
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout != -1:
            _check_seconds(timeout)
        with books.lock:
            if not self._held:
                self._held = True
                return True
            if not blocking or timeout == 0:
                return False
            sleeper = Sleeper("a Lock")
            self._line.append(sleeper)
        if sleeper.sleep(None if timeout == -1 else timeout):
            return True
        with books.lock:
            self._line.remove(sleeper)
        return False

    def release(self) -> None:
        """As `threading.Lock.release`."""
        with books.lock:
            if not self._held:
                raise RuntimeError("release unlocked lock")
            self._held = any(sleeper.wake() for sleeper in self._waiters())

    def _waiters(self) -> Any:
        """Those in line, first come first served; one whose time is up removes itself."""
        for sleeper in list(self._line):
            if not sleeper.is_over:
                self._line.remove(sleeper)
                yield sleeper

    def locked(self) -> bool:
        """As `threading.Lock.locked`."""
        return self._held

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self.__init__()


class RLock:
    """`threading.RLock` on top of `Lock`, with the three private methods that `threading.Condition` asks for."""

    def __init__(self) -> None:
        self._block = Lock()
        self._owner: int | None = None
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As `threading.RLock.acquire`."""
        me = _thread.get_ident()
        if self._owner == me:
            self._count += 1
            return True
        if not self._block.acquire(blocking, timeout):
            return False
        self._owner, self._count = me, 1
        return True

    def release(self) -> None:
        """As `threading.RLock.release`."""
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            self._owner = None
            self._block.release()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self.__init__()

    def _is_owned(self) -> bool:
        return self._owner == _thread.get_ident()

    def _release_save(self) -> tuple[int, int | None]:
        saved = (self._count, self._owner)
        self._count, self._owner = 0, None
        self._block.release()
        return saved

    def _acquire_restore(self, saved: tuple[int, int | None]) -> None:
        self._block.acquire()
        self._count, self._owner = saved


class SimpleQueue:
    """`queue.SimpleQueue`, handing each item to the longest waiter. An item nobody is free to take moves nothing."""

    def __init__(self) -> None:
        self._items: collections.deque[Any] = collections.deque()
        self._line: collections.deque[tuple[Sleeper, list[Any]]] = collections.deque()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: ARG002 - the standard signature
        """As `queue.SimpleQueue.put`."""
        with books.lock:
            while self._line:
                sleeper, slot = self._line.popleft()
                slot.append(item)
                if sleeper.wake():
                    return
                slot.clear()
            self._items.append(item)

    def put_nowait(self, item: Any) -> None:
        """As `queue.SimpleQueue.put_nowait`."""
        self.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """As `queue.SimpleQueue.get`."""
        if block and timeout is not None:
            _check_seconds(timeout)
        with books.lock:
            if self._items:
                return self._items.popleft()
            if not block or timeout == 0:
                raise queue.Empty
            sleeper, slot = Sleeper("an item in a queue"), list[Any]()
            entry = (sleeper, slot)
            self._line.append(entry)
        if not sleeper.sleep(timeout):
            with books.lock:
                if entry in self._line:
                    self._line.remove(entry)
            raise queue.Empty
        return slot[0]

    def get_nowait(self) -> Any:
        """As `queue.SimpleQueue.get_nowait`."""
        return self.get(block=False)

    def empty(self) -> bool:
        """As `queue.SimpleQueue.empty`."""
        return not self._items

    def qsize(self) -> int:
        """As `queue.SimpleQueue.qsize`."""
        return len(self._items)

    def __class_getitem__(cls, item: object) -> type[Self]:
        """`SimpleQueue[int]`, as in annotations."""
        return cls


def sleep(seconds: float) -> None:
    """`time.sleep` on the grader's clock."""
    _check_seconds(seconds)
    if seconds:
        books.on_sleep(seconds)
        Sleeper(f"time.sleep({seconds:g})").sleep(seconds)
    else:
        _let_others_run(0)


_let_others_run: Final = time.sleep


def _check_seconds(seconds: float) -> None:
    """Refuse what the originals refuse."""
    if not seconds >= 0:  # not a number included
        raise ValueError(f"a time to wait must be non-negative, and this is {seconds}")
    if seconds > threading.TIMEOUT_MAX:
        raise OverflowError("a time to wait is too large")


def install() -> None:
    """Replace the primitives. Before anything that keeps a lock is imported, and once per process."""
    threading._allocate_lock = Lock  # noqa: SLF001 - where Condition takes its waiting lock from
    threading.Lock = Lock
    threading.RLock = RLock
    queue.SimpleQueue = SimpleQueue
    subprocess.time = SimpleNamespace(sleep=time.sleep)  # it polls; its own name of the clock is the real one
    time.sleep = sleep
    clock.install()
    threading._time = queue.time = lambda: clock.now  # noqa: SLF001 - what is left of a timed wait is on the grader's clock too
    _count_threads()
    _count_raw_threads()


def _count_threads() -> None:
    """A thread counts from `start` to its last instruction; `join` waits on the books."""
    start, join = threading.Thread.start, threading.Thread.join
    body: Callable[[threading.Thread], None] = vars(threading.Thread)["_bootstrap_inner"]  # a thread's last Python code

    def counted_start(self: threading.Thread) -> None:
        if not hasattr(self, "_proctor_over"):  # a second start is refused below
            self._proctor_over = threading.Event()
        books.up()
        try:
            start(self)
        except BaseException:
            books.down()
            raise

    def counted_body(self: threading.Thread) -> None:
        try:
            body(self)
        finally:
            over = getattr(self, "_proctor_over", None)
            if over is not None:
                over.set()
                books.down()

    def counted_join(self: threading.Thread, timeout: float | None = None) -> None:
        over = getattr(self, "_proctor_over", None)
        if (
            self is threading.current_thread()
            or over is None
            or over.wait(None if timeout is None else max(timeout, 0))
        ):
            join(self, timeout if over is None else None)

    threading.Thread.start = counted_start
    threading.Thread._bootstrap_inner = counted_body  # noqa: SLF001 - see above
    threading.Thread.join = counted_join


def _count_raw_threads() -> None:
    """Threads that are started below `threading` count from start to end too."""
    start = start_uncounted_thread

    @functools.wraps(start)
    def counted(function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any] | None = None) -> int:
        def body() -> None:
            try:
                function(*args, **(kwargs or {}))
            finally:
                books.down()

        books.up()
        try:
            return start(body, ())
        except BaseException:
            books.down()
            raise

    _thread.start_new_thread = counted
    _thread.start_new = counted
