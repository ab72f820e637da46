"""Puts our primitives and our clock in the place of the standard library's, once per process.

It has to happen before anything is imported that keeps a lock or a clock of its own.
"""

# Replacing names of the standard library is what this file does:
# pyright: reportAttributeAccessIssue=false

import _thread
import functools
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from proctor.stage.accounts import books, start_thread
from proctor.stage.clock import clock
from proctor.stage.primitives import Lock, RLock, SimpleQueue, sleep

__all__ = ["install"]


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
    start = start_thread

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
