"""Ways never to get to `await note()`. Each has to be told so at once; the `hopeless_` ones by their processor time.

Each function is one way; its docstring says who waits for whom.
"""

# ruff: noqa: ASYNC110, ASYNC115, ASYNC251 - these stand for code of learners, the mistaken kind

import _thread
import asyncio
import concurrent.futures
import queue
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread

Note = Callable[[], Coroutine[Any, Any, None]]


# asyncio alone


async def event_nobody_sets(note: Note) -> None:
    """Nothing is left to do."""
    await asyncio.Event().wait()
    await note()


async def returns_early(note: Note) -> None:
    """The coroutine is made and not awaited."""
    note()  # pyright: ignore[reportUnusedCoroutine] - the mistake that this is about


async def raises_early(note: Note) -> None:
    """It raises before it gets there."""
    await asyncio.sleep(1)
    int("on purpose")
    await note()


async def exits_early(note: Note) -> None:
    """`SystemExit` ends this call and not the stage."""
    sys.exit()
    await note()


async def lock_taken_twice(note: Note) -> None:
    """A lock of asyncio has no owner that may come in again."""
    lock = asyncio.Lock()
    await lock.acquire()
    await lock.acquire()
    await note()


async def queue_nobody_fills(note: Note) -> None:
    """Three consumers and no producer."""
    line = asyncio.Queue[int]()
    await asyncio.gather(*[line.get() for _ in range(3)])
    await note()


async def task_waits_for_itself(note: Note) -> None:
    """Two tasks await each other."""
    tasks: list[asyncio.Task[None]] = []

    async def wait_for(other: int) -> None:
        await asyncio.sleep(0)
        await asyncio.shield(tasks[other])

    tasks += [asyncio.create_task(wait_for(1)), asyncio.create_task(wait_for(0))]
    await tasks[0]
    await note()


async def loop_stopped(note: Note) -> None:
    """A loop that was stopped goes on and has nothing to do."""
    asyncio.get_running_loop().stop()
    await asyncio.Event().wait()
    await note()


# The loop is blocked


async def event_on_loop(note: Note) -> None:
    """The loop itself sleeps on a lock."""
    threading.Event().wait()
    await note()


async def future_result(note: Note) -> None:
    """The loop waits for what only the loop could do."""
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), asyncio.get_running_loop()).result()
    await note()


async def lock_on_loop(note: Note) -> None:
    """The loop waits for a lock that it holds."""
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    await note()


async def join_worker(note: Note) -> None:
    """The loop waits for a thread that waits for the loop."""
    loop = asyncio.get_running_loop()
    thread = threading.Thread(target=lambda: asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result())
    thread.start()
    thread.join()
    await note()


async def shutdown_waits_for_loop(note: Note) -> None:
    """The end of a ``with`` waits for a worker that needs the loop."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result())
    await note()


# Threads


async def thread_event(note: Note) -> None:
    """The loop waits for a thread that nobody wakes."""
    await asyncio.to_thread(threading.Event().wait)
    await note()


async def thread_queue(note: Note) -> None:
    """Nobody puts anything in."""
    await asyncio.to_thread(queue.Queue[int]().get)
    await note()


async def thread_simple_queue(note: Note) -> None:
    """The same, with the queue that is written in C elsewhere."""
    await asyncio.to_thread(queue.SimpleQueue[int]().get)
    await note()


async def thread_lock(note: Note) -> None:
    """The loop holds the lock and waits for a thread that wants it."""
    lock = threading.Lock()
    lock.acquire()
    await asyncio.to_thread(lock.acquire)
    await note()


async def thread_rlock(note: Note) -> None:
    """The same, with the lock that knows its owner."""
    lock = threading.RLock()
    lock.acquire()
    await asyncio.to_thread(lock.acquire)
    await note()


async def crossed_locks(note: Note) -> None:
    """Two threads take two locks in opposite order."""
    await _cross(threading.Lock(), threading.Lock())
    await note()


async def crossed_rlocks(note: Note) -> None:
    """The same, with locks that know their owners."""
    await _cross(threading.RLock(), threading.RLock())
    await note()


async def _cross(one: "threading.Lock | threading.RLock", other: "threading.Lock | threading.RLock") -> None:
    line = threading.Barrier(2)

    def take(first: "threading.Lock | threading.RLock", second: "threading.Lock | threading.RLock") -> None:
        with first:
            line.wait()
            with second:
                pass

    await asyncio.gather(asyncio.to_thread(take, one, other), asyncio.to_thread(take, other, one))


async def condition_not_notified(note: Note) -> None:
    """The change is made and nobody is told."""
    changed, box = threading.Condition(), list[int]()

    def consume() -> None:
        with changed:
            changed.wait_for(lambda: box)

    consumer = asyncio.create_task(asyncio.to_thread(consume))
    await asyncio.sleep(1)
    box.append(1)
    await consumer
    await note()


async def barrier_one_short(note: Note) -> None:
    """Three are expected, two come."""
    line = threading.Barrier(3)
    await asyncio.gather(asyncio.to_thread(line.wait), asyncio.to_thread(line.wait))
    await note()


async def semaphore_not_released(note: Note) -> None:
    """The third wants what the first two keep."""
    places = threading.Semaphore(2)
    await asyncio.gather(*[asyncio.to_thread(places.acquire) for _ in range(3)])
    await note()


async def pool_too_small(note: Note) -> None:
    """The only worker waits for a job behind it in the queue."""
    pool = ThreadPoolExecutor(1)
    await asyncio.wrap_future(pool.submit(lambda: pool.submit(int).result()))
    await note()


async def threads_join_each_other(note: Note) -> None:
    """Each waits for the end of the other."""
    threads: list[threading.Thread] = []
    ready = threading.Barrier(3)

    def work(other: int) -> None:
        ready.wait()
        threads[other].join()

    threads += [threading.Thread(target=work, args=(other,)) for other in (1, 0)]
    for thread in threads:
        thread.start()
    await asyncio.to_thread(ready.wait)
    await asyncio.to_thread(threads[0].join)
    await note()


async def future_nobody_resolves(note: Note) -> None:
    """A thread waits for several futures at once."""
    await asyncio.to_thread(concurrent.futures.wait, [concurrent.futures.Future[int]() for _ in range(3)])
    await note()


async def raw_thread(note: Note) -> None:
    """A thread below `threading` sleeps like any other."""
    done = asyncio.Event()
    _thread.start_new_thread(threading.Event().wait, ())
    await done.wait()
    await note()


async def anyio_limiter(note: Note) -> None:
    """Nobody gives the only token back."""
    limiter = anyio.CapacityLimiter(1)
    await limiter.acquire()
    await anyio.to_thread.run_sync(int, limiter=limiter)
    await note()


async def anyio_from_a_blocked_loop(note: Note) -> None:
    """The thread asks the loop, the loop waits for the thread."""
    done = threading.Event()

    def work() -> None:
        anyio.from_thread.run(anyio.sleep, 0)
        done.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.to_thread.run_sync, work)
        await anyio.sleep(0)
        done.wait()
    await note()


async def own_loop(note: Note) -> None:
    """The second loop has nothing to do either."""
    await asyncio.to_thread(lambda: asyncio.run(_wait_for_ever()))
    await note()


async def _wait_for_ever() -> None:
    await asyncio.Event().wait()


# Time passes, and nothing comes of it


async def poll_without_sleep(note: Note) -> None:
    """A loop that turns for ever, alone."""
    done = False
    while not done:
        await asyncio.sleep(0)
    await note()


async def poll_with_sleep(note: Note) -> None:
    """Every half second for ever."""
    done = False
    while not done:
        await asyncio.sleep(0.5)
    await note()


async def poll_very_often(note: Note) -> None:
    """The clock moves, but hardly."""
    done = False
    while not done:
        await asyncio.sleep(0.000_001)
    await note()


async def poll_while_another_sleeps(note: Note) -> None:
    """A poll that never sleeps, beside a timer that is never due."""
    timer = asyncio.create_task(asyncio.sleep(10**6))
    while not timer.cancelled():
        await asyncio.sleep(0)
    await note()


async def poll_in_a_thread(note: Note) -> None:
    """A thread with a timed wait in a loop."""
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.1):
            pass

    await asyncio.to_thread(work)
    await note()


async def poll_a_queue(note: Note) -> None:
    """The same, with a queue."""
    line = queue.Queue[int]()

    def work() -> None:
        while True:
            with suppress(queue.Empty):
                line.get(timeout=1)
                return

    await asyncio.to_thread(work)
    await note()


async def sleep_in_a_thread(note: Note) -> None:
    """The same, with `time.sleep`."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            time.sleep(0.01)

    await asyncio.to_thread(work)
    await note()


async def sleep_on_loop(note: Note) -> None:
    """The loop sleeps and sleeps, and so whoever could end it never runs."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_soon(done.set)
    while not done.is_set():
        time.sleep(0.1)
    await note()


# Others had a say


async def process_ended(note: Note) -> None:
    """There was another process, and the loop had to wait for it; now there is none, and nothing else has changed."""
    process = await asyncio.create_subprocess_exec("sleep", "0.05")
    await process.wait()
    await asyncio.Event().wait()
    await note()


async def connection_closed(note: Note) -> None:
    """There was a socket, and the loop had to wait for others; now there is none, and it has not."""
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        closed.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.close()
    await closed.wait()
    server.close()
    await asyncio.Event().wait()
    await note()


# Processor time


async def hopeless_loop(note: Note) -> None:
    """The loop computes for ever."""
    done = False
    while not done:
        pass
    await note()


async def hopeless_thread(note: Note) -> None:
    """A thread computes for ever."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            pass

    await asyncio.to_thread(work)
    await note()


async def hopeless_c_code(note: Note) -> None:
    """One call that keeps the interpreter to itself: not even the stage's own thread can be asked."""
    sum(range(10**13))
    await note()


async def sleeps_for_ages(note: Note) -> None:
    """`time.sleep` on the loop, for longer than anybody waits."""
    time.sleep(10**9)
    await note()


async def waits_for_ages(note: Note) -> None:
    """The same, with `asyncio.sleep`."""
    await asyncio.sleep(10**9)
    await note()
