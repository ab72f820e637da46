"""The primitives of `threading`, `queue` and `time`, with every sleep on the books (`proctor.stage.accounts`)."""

import _thread
import collections
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any, Final, Self

from proctor.stage.accounts import Sleeper, books

__all__ = ["Lock", "RLock", "SimpleQueue", "sleep"]


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

    def _waiters(self) -> Iterator[Sleeper]:
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


class RLock(Lock):
    """`threading.RLock`: a `Lock` whose owner may come again, with the private methods that Condition asks for."""

    def __init__(self) -> None:
        super().__init__()
        self._owner: int | None = None
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As `threading.RLock.acquire`."""
        me = _thread.get_ident()
        if self._owner == me:
            self._count += 1
            return True
        if not super().acquire(blocking, timeout):
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
            super().release()

    def _is_owned(self) -> bool:
        return self._owner == _thread.get_ident()

    def _release_save(self) -> tuple[int, int | None]:
        saved = (self._count, self._owner)
        self._count, self._owner = 0, None
        super().release()
        return saved

    def _acquire_restore(self, saved: tuple[int, int | None]) -> None:
        super().acquire()
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
