"""Odd but legal ways to get to `await note()`. None of them may ever be told that it will not get there.

Each function is one way; its docstring says what makes it hard to follow for whoever keeps the books.
"""

# ruff: noqa: ASYNC110, ASYNC251, S311 - these stand for code of learners, the questionable kind above all

import _thread
import asyncio
import concurrent.futures
import contextvars
import functools
import logging
import queue
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

Note = Callable[[], Coroutine[Any, Any, None]]

HOUR = 3600.0
"""So long that only the grader's clock can make it pass within a test."""


def _nothing() -> None:
    pass


# Hops between the loop and threads


async def executor_hops(note: Note) -> None:
    """At every hop there is a moment in which the loop already sleeps and the worker has not begun."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(3) as pool:
        for _ in range(60):
            await loop.run_in_executor(pool, _nothing)
    await note()


async def anyio_hops(note: Note) -> None:
    """The same, with the worker threads of anyio, which come and go through a queue of their own."""
    for _ in range(60):
        await anyio.to_thread.run_sync(_nothing)
    await note()


async def starlette_hops(note: Note) -> None:
    """What FastAPI does with every function that is not a coroutine, and with every synchronous stream."""

    def numbers() -> Iterator[int]:
        yield from range(5)

    for _ in range(5):
        await run_in_threadpool(_nothing)
    assert [number async for number in iterate_in_threadpool(numbers())] == list(range(5))
    await note()


async def note_from_other_loop(note: Note) -> None:
    """The answer has to find the loop from which the question came."""
    await asyncio.to_thread(lambda: asyncio.run(note()))


async def notes_from_many_loops(note: Note) -> None:
    """Five loops wait for five answers at once."""
    await asyncio.gather(*[asyncio.to_thread(lambda: asyncio.run(note())) for _ in range(5)])


async def note_from_a_thread_without_a_loop(note: Note) -> None:
    """The thread runs the coroutine on the loop that it came from."""
    await anyio.to_thread.run_sync(lambda: anyio.from_thread.run(note))


async def run_coroutine_threadsafe(note: Note) -> None:
    """The thread waits for a future that the loop resolves."""
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(note(), loop).result())


async def blocking_portal(note: Note) -> None:
    """Anyio starts a loop in a thread of its own and hands calls over to it."""

    def work() -> None:
        with anyio.from_thread.start_blocking_portal() as portal:
            portal.call(anyio.sleep, HOUR)
            portal.call(anyio.to_thread.run_sync, _nothing)

    await asyncio.to_thread(work)
    await note()


async def own_loop_in_thread(note: Note) -> None:
    """A second loop has timers and worker threads like the first."""

    async def inner() -> None:
        for _ in range(5):
            await asyncio.sleep(HOUR)
            await asyncio.to_thread(_nothing)

    await asyncio.to_thread(lambda: asyncio.run(inner()))
    await note()


async def own_loops_wake_each_other(note: Note) -> None:
    """Two loops post callbacks to each other while both sleep in turn."""
    ours, done = asyncio.get_running_loop(), asyncio.Event()

    async def inner() -> None:
        for _ in range(30):
            back = asyncio.Event()
            theirs = asyncio.get_running_loop()
            ours.call_soon_threadsafe(theirs.call_soon_threadsafe, back.set)
            await back.wait()
        ours.call_soon_threadsafe(done.set)

    thread = threading.Thread(target=lambda: asyncio.run(inner()))
    thread.start()
    await done.wait()
    await note()


async def loop_made_by_hand(note: Note) -> None:
    """`new_event_loop` and `run_until_complete`, as before Python 3.7."""

    def work() -> None:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(asyncio.sleep(HOUR))
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    await asyncio.to_thread(work)
    await note()


async def loop_of_the_selector_class(note: Note) -> None:
    """A loop that is made from its class and from nothing of ours."""

    async def inner() -> None:
        await asyncio.sleep(0.001)
        await asyncio.to_thread(_nothing)

    def work() -> None:
        loop = asyncio.SelectorEventLoop()
        loop.run_until_complete(inner())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    await asyncio.to_thread(work)
    await note()


async def threadsafe_callback_cancelled(note: Note) -> None:
    """A callback that was posted and then cancelled never runs, and must not be waited for."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def work() -> None:
        for _ in range(20):
            loop.call_soon_threadsafe(_nothing).cancel()
        loop.call_soon_threadsafe(done.set)

    await asyncio.gather(asyncio.to_thread(work), done.wait())
    await note()


# Threads among themselves


async def queue_worker(note: Note) -> None:
    """A worker of the learner's own, fed by a queue, answers through futures."""
    loop, jobs = asyncio.get_running_loop(), queue.Queue[asyncio.Future[int] | None]()

    def work() -> None:
        while (future := jobs.get()) is not None:
            loop.call_soon_threadsafe(future.set_result, 1)

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(40):
        future = loop.create_future()
        jobs.put(future)
        await future
    jobs.put(None)
    thread.join()
    await note()


async def ping_pong(note: Note) -> None:
    """Two threads wake each other a hundred times; one of them sleeps at every moment."""
    ping, pong = threading.Semaphore(0), threading.Semaphore(0)
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def one() -> None:
        for _ in range(100):
            ping.acquire()
            pong.release()

    def two() -> None:
        for _ in range(100):
            ping.release()
            pong.acquire()
        loop.call_soon_threadsafe(done.set)

    for work in (one, two):
        threading.Thread(target=work).start()
    await done.wait()
    await note()


async def barrier(note: Note) -> None:
    """The last of four threads wakes the three others."""
    line = threading.Barrier(4)
    await asyncio.gather(*[asyncio.to_thread(line.wait) for _ in range(4)])
    await note()


async def condition(note: Note) -> None:
    """`notify_all` releases several waiting locks in one go."""
    changed, box = threading.Condition(), list[int]()

    def produce() -> None:
        with changed:
            box.append(1)
            changed.notify_all()

    def consume() -> None:
        with changed:
            changed.wait_for(lambda: box)

    await asyncio.gather(asyncio.to_thread(consume), asyncio.to_thread(consume), asyncio.to_thread(produce))
    await note()


async def lock_contention(note: Note) -> None:
    """Six threads want one lock, 200 times each: handed over, never lost, never held twice."""
    await _count_under(threading.Lock())
    await note()


async def rlock_contention(note: Note) -> None:
    """The same with a lock that knows its owner."""
    await _count_under(threading.RLock())
    await note()


async def _count_under(lock: "threading.Lock | threading.RLock") -> None:
    total = 0

    def count() -> None:
        nonlocal total
        for _ in range(200):
            with lock:
                before = total
                total = before + 1

    await asyncio.gather(*[asyncio.to_thread(count) for _ in range(6)])
    assert total == 1200


async def rlock_entered_twice(note: Note) -> None:
    """Its owner may come in again; the other thread gets in after the last exit."""
    lock, order = threading.RLock(), list[str]()
    inside, leave = threading.Event(), threading.Event()

    def own() -> None:
        with lock, lock:
            inside.set()
            leave.wait()
            order.append("owner")

    def want() -> None:
        inside.wait()
        assert not lock.acquire(blocking=False)
        leave.set()
        with lock:
            order.append("other")

    await asyncio.gather(asyncio.to_thread(own), asyncio.to_thread(want))
    assert order == ["owner", "other"]
    await note()


async def condition_in_a_nested_rlock(note: Note) -> None:
    """`wait` has to let go of all levels of the lock, and to take them all again."""
    lock = threading.RLock()
    changed, waits = threading.Condition(lock), threading.Event()

    def wait() -> None:
        with lock, lock:
            waits.set()
            changed.wait()
            assert not lock.acquire(blocking=False) or lock.release() is None

    def wake() -> None:
        waits.wait()
        with changed:
            changed.notify()

    await asyncio.gather(asyncio.to_thread(wait), asyncio.to_thread(wake))
    await note()


async def raw_threads(note: Note) -> None:
    """Threads below `threading` have neither a beginning nor an end that `threading` would notice."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def second() -> None:
        loop.call_soon_threadsafe(done.set)

    _thread.start_new_thread(lambda: _thread.start_new_thread(second, ()), ())
    await done.wait()
    await note()


async def raw_thread_that_fails(note: Note) -> None:
    """An exception and `exit` end a raw thread like any other."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def work(message: str, *, leave: bool) -> None:
        loop.call_soon_threadsafe(done.set)
        if leave:
            _thread.exit()
        raise ValueError(message)

    for leave in (True, False):
        _thread.start_new_thread(work, ("on purpose",), {"leave": leave})
        await done.wait()
        done.clear()
    await note()


async def raw_lock(note: Note) -> None:
    """A lock that nobody can look into: the loop waits for it inside C code."""
    lock = _thread.allocate_lock()
    lock.acquire()
    threading.Thread(target=lock.release).start()
    lock.acquire()
    await note()


async def thread_that_fails(note: Note) -> None:
    """A thread that ends with an exception has ended."""

    def work() -> None:
        raise SystemExit

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    await note()


async def started_twice(note: Note) -> None:
    """The second `start` is refused, and whoever waits for the end of the first one still does."""
    go = threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    joining = asyncio.create_task(asyncio.to_thread(thread.join))
    await asyncio.sleep(HOUR)
    with suppress(RuntimeError):
        thread.start()
    go.set()
    await joining
    await note()


async def joining_oneself(note: Note) -> None:
    """A mistake that Python refuses, and that would be a deadlock otherwise."""

    def work() -> None:
        with suppress(RuntimeError):
            threading.current_thread().join()

    await asyncio.to_thread(work)
    await note()


async def daemon_left_behind(note: Note) -> None:
    """A thread that sleeps for ever keeps nobody else from going on."""
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    await note()


async def futures_of_a_pool(note: Note) -> None:
    """All ways in which `concurrent.futures` waits."""

    def work() -> None:
        with ThreadPoolExecutor(3) as pool:
            futures = [pool.submit(time.sleep, HOUR) for _ in range(9)]
            concurrent.futures.wait(futures)
            list(concurrent.futures.as_completed(futures))
            list(pool.map(str, range(20)))

    await asyncio.to_thread(work)
    await note()


async def busy_thread(note: Note) -> None:
    """The loop sleeps while a thread computes inside C code."""
    await asyncio.to_thread(sum, range(2_000_000))
    await note()


async def logging_threads(note: Note) -> None:
    """Every handler of `logging` has a lock."""

    def work() -> None:
        for number in range(50):
            logging.getLogger("legal").warning("%d", number)

    await asyncio.gather(*[asyncio.to_thread(work) for _ in range(4)])
    await note()


async def context_in_threads(note: Note) -> None:
    """`to_thread` copies the context; the books must not."""
    name = contextvars.ContextVar("name", default="nobody")
    name.set("alice")
    assert await asyncio.to_thread(name.get) == "alice"
    await note()


# Sleeps and timed waits: nobody else can move, and yet it goes on


async def sleep_on_loop(note: Note) -> None:
    """It blocks the loop, which is a pity, but it ends."""
    time.sleep(HOUR)
    await note()


async def sleep_in_threads(note: Note) -> None:
    """Sleepers wake in the order of their hours."""
    order: list[int] = []

    def nap(hours: int) -> None:
        time.sleep(hours * HOUR)
        order.append(hours)

    await asyncio.gather(*[asyncio.to_thread(nap, hours) for hours in (3, 1, 2)])
    assert order == [1, 2, 3]
    await note()


async def thread_sleeps_and_wakes_the_loop(note: Note) -> None:
    """The thread is woken by the clock, the loop by the thread."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def work() -> None:
        time.sleep(HOUR)
        loop.call_soon_threadsafe(done.set)

    threading.Thread(target=work).start()
    await done.wait()
    await note()


async def timers(note: Note) -> None:
    """Twenty sleeps one after another below a time limit that is not reached."""
    async with asyncio.timeout(100):
        for _ in range(20):
            await asyncio.sleep(random.random())
    await note()


async def timeout_expires(note: Note) -> None:
    """The clock cancels what waits for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(HOUR):
            await asyncio.Event().wait()
    with anyio.move_on_after(HOUR):
        await anyio.sleep_forever()
    await note()


async def endless_sleep_cancelled(note: Note) -> None:
    """A timer that lies in the infinite is a timer too."""
    task = asyncio.create_task(asyncio.sleep(float("inf")))
    await asyncio.sleep(HOUR)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await note()


async def threading_timer(note: Note) -> None:
    """A thread whose whole life is a timed wait."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    threading.Timer(HOUR, lambda: loop.call_soon_threadsafe(done.set)).start()
    await done.wait()
    await note()


async def waits_expire(note: Note) -> None:
    """Everything in `threading` and `queue` that takes a ``timeout``."""
    held, held_again = threading.Lock(), threading.RLock()
    held.acquire()
    held_again.acquire()

    def wait_for_condition() -> None:
        changed = threading.Condition()
        with changed:
            assert not changed.wait(HOUR)
            assert not changed.wait_for(lambda: False, HOUR)

    def wait_for_items() -> None:
        for line in (queue.Queue[int](), queue.SimpleQueue[int](), queue.PriorityQueue[int]()):
            with suppress(queue.Empty):
                line.get(timeout=HOUR)
                raise AssertionError
        full = queue.Queue[int](1)
        full.put(1)
        with suppress(queue.Full):
            full.put(2, timeout=HOUR)
            raise AssertionError

    def wait_for_locks() -> None:
        assert not held.acquire(timeout=HOUR)
        assert not held_again.acquire(timeout=HOUR)
        assert not threading.Semaphore(0).acquire(timeout=HOUR)
        assert not threading.Event().wait(HOUR)

    def wait_for_others() -> None:
        with suppress(threading.BrokenBarrierError):
            threading.Barrier(2).wait(HOUR)
        with suppress(concurrent.futures.TimeoutError):
            concurrent.futures.Future[int]().result(HOUR)
        sleeper = threading.Thread(target=threading.Event().wait, daemon=True)
        sleeper.start()
        sleeper.join(HOUR)
        assert sleeper.is_alive()

    for work in (wait_for_condition, wait_for_items, wait_for_locks, wait_for_others):
        await asyncio.to_thread(work)
    await note()


async def waits_are_over_in_time(note: Note) -> None:
    """A timed wait that somebody ends must not be woken a second time by the clock."""
    changed, line, lock = threading.Condition(), queue.SimpleQueue[int](), threading.Lock()
    future = concurrent.futures.Future[int]()
    lock.acquire()

    def wait() -> None:
        with changed:
            assert changed.wait(2 * HOUR)
        assert line.get(timeout=2 * HOUR) == 1
        assert future.result(2 * HOUR) == 1
        assert lock.acquire(timeout=2 * HOUR)

    def end() -> None:
        time.sleep(HOUR)
        with changed:
            changed.notify()
        time.sleep(HOUR)
        line.put(1)
        time.sleep(HOUR)
        future.set_result(1)
        time.sleep(HOUR)
        lock.release()

    await asyncio.gather(asyncio.to_thread(wait), asyncio.to_thread(end))
    await asyncio.sleep(HOUR)
    await note()


async def expired_waiters_get_nothing(note: Note) -> None:
    """What arrives after a wait has expired goes to the next one in line."""
    line, lock, got = queue.SimpleQueue[int](), threading.Lock(), list[int]()
    lock.acquire()

    def impatient() -> None:
        with suppress(queue.Empty):
            line.get(timeout=1)
        assert not lock.acquire(timeout=1)

    def patient() -> None:
        got.append(line.get())
        with lock:
            got.append(2)

    def give() -> None:
        time.sleep(HOUR)
        line.put(1)
        lock.release()

    await asyncio.gather(*map(asyncio.to_thread, (impatient, patient, give)))
    assert got == [1, 2]
    await note()


async def waits_of_no_time(note: Note) -> None:
    """A time limit of 0 is a question, not a wait."""
    held = threading.Lock()
    held.acquire()

    def work() -> None:
        assert not held.acquire(timeout=0)
        assert not threading.Event().wait(0)
        assert not threading.Semaphore(0).acquire(timeout=0)
        with suppress(queue.Empty):
            queue.SimpleQueue[int]().get(timeout=0)
        time.sleep(0)

    await asyncio.to_thread(work)
    await note()


async def waits_that_python_refuses(note: Note) -> None:
    """A nonsensical time limit raises what it always raised, and leaves the books as they were."""

    def refused(work: Callable[[], object]) -> bool:
        try:
            work()
        except (ValueError, OverflowError):
            return True
        return False

    for seconds in (-5, float("inf"), float("nan")):
        assert refused(functools.partial(time.sleep, seconds))
        assert refused(functools.partial(threading.Lock().acquire, timeout=seconds)), seconds
        assert refused(functools.partial(queue.SimpleQueue[int]().get, timeout=seconds)), seconds
    await note()


async def wait_for_a_thread(note: Note) -> None:
    """The thread is done before the time is up."""
    await asyncio.wait_for(asyncio.to_thread(time.sleep, HOUR), 2 * HOUR)
    await note()


async def wait_for_gives_up_a_thread(note: Note) -> None:
    """The time is up before the thread is done, and the thread goes on alone."""
    go = threading.Event()
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.to_thread(go.wait), HOUR)
    go.set()
    await note()


# Polls


async def poll_without_sleep(note: Note) -> None:
    """The loop never sleeps at all, but somebody else can move."""
    future = asyncio.get_running_loop().run_in_executor(None, time.sleep, HOUR)
    while not future.done():
        await asyncio.sleep(0)
    await note()


async def poll_with_sleep(note: Note) -> None:
    """A poll moves the clock in small steps."""
    future = asyncio.get_running_loop().run_in_executor(None, time.sleep, 30)
    while not future.done():
        await asyncio.sleep(0.1)
    await note()


async def poll_in_a_thread(note: Note) -> None:
    """A thread looks again and again whether there is something for it."""
    line = queue.SimpleQueue[int]()

    def work() -> int:
        while True:
            with suppress(queue.Empty):
                return line.get(timeout=0.5)

    worker = asyncio.create_task(asyncio.to_thread(work))
    await asyncio.to_thread(time.sleep, 20)
    line.put(1)
    await worker
    await note()


async def poll_by_yielding(note: Note) -> None:
    """`time.sleep(0)` is how a thread lets others go first, as often as it likes."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            time.sleep(0)

    worker = asyncio.create_task(asyncio.to_thread(work))
    await asyncio.to_thread(sum, range(2_000_000))
    done.set()
    await worker
    await note()


async def poll_the_clock(note: Note) -> None:
    """Code that measures its sleeps has to find that they lasted."""
    end, end_ns = time.monotonic() + 10, time.monotonic_ns() + 10**10
    while time.monotonic() < end or time.monotonic_ns() < end_ns:
        await asyncio.sleep(1)
    await note()


async def poll_the_clock_without_sleep(note: Note) -> None:
    """A loop that is busy with itself alone, and yet waits for something."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        await asyncio.sleep(0)
    await note()


# asyncio alone


async def async_generator(note: Note) -> None:
    """A loop that is never without something to do."""

    async def numbers() -> AsyncIterator[int]:
        for number in range(5):
            await asyncio.sleep(0)
            yield number

    async for _ in numbers():
        pass
    await note()


async def asyncio_primitives(note: Note) -> None:
    """Locks and queues of asyncio wake by callbacks, which need no books."""
    lock, changed, line = asyncio.Lock(), asyncio.Condition(), asyncio.Queue[int](1)

    async def produce() -> None:
        for number in range(5):
            await line.put(number)
        async with changed:
            changed.notify_all()

    async def consume() -> None:
        for _ in range(5):
            async with lock:
                await line.get()

    async def wait() -> None:
        async with changed:
            await changed.wait()

    async with asyncio.TaskGroup() as tasks:
        for work in (wait, consume, produce):
            tasks.create_task(work())
    await note()


async def loop_stopped(note: Note) -> None:
    """The loop is ours to run, whatever the learner thinks."""
    asyncio.get_running_loop().stop()
    await asyncio.sleep(0)
    asyncio.get_running_loop().stop()
    await asyncio.sleep(HOUR)
    await note()


async def exit_in_a_task(note: Note) -> None:
    """`SystemExit` and `KeyboardInterrupt` are handed on to whoever runs the loop."""

    async def leave() -> None:
        sys.exit(3)

    async def interrupt() -> None:
        raise KeyboardInterrupt

    tasks = [asyncio.create_task(work()) for work in (leave, interrupt)]
    await asyncio.sleep(HOUR)
    assert all(task.done() and task.exception() for task in tasks)
    await note()


async def exit_in_a_callback(note: Note) -> None:
    """The same, from a callback and from another thread's callback."""
    loop = asyncio.get_running_loop()
    loop.call_soon(sys.exit)
    await asyncio.to_thread(loop.call_soon_threadsafe, sys.exit)
    await asyncio.sleep(HOUR)
    await note()


# Others have a say: processes and sockets


async def subprocess_on_the_loop(note: Note) -> None:
    """The loop waits for a descriptor of another process."""
    process = await asyncio.create_subprocess_exec("sleep", "0.02")
    await process.wait()
    await note()


async def subprocess_with_output(note: Note) -> None:
    """Three descriptors close one after another."""
    process = await asyncio.create_subprocess_exec("echo", "hello", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert await process.communicate() == (b"hello\n", b"")
    await note()


async def subprocess_in_a_thread(note: Note) -> None:
    """The thread waits inside C code."""
    await asyncio.to_thread(subprocess.run, ["sleep", "0.02"], check=True)
    await note()


async def subprocess_with_a_time_limit(note: Note) -> None:
    """The standard library polls here; the other process goes by real time, and so must the poll."""
    await asyncio.to_thread(subprocess.run, ["sleep", "0.2"], check=True, timeout=100)
    await note()


async def real_sockets(note: Note) -> None:
    """Client and server in one process talk through the kernel."""

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.to_thread(time.sleep, 0.01)
        writer.write(b"x")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    assert await reader.read() == b"x"
    writer.close()
    server.close()
    await note()


async def socket_pair(note: Note) -> None:
    """A thread wakes the loop through a descriptor and not through the loop."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    sender = asyncio.create_task(asyncio.to_thread(theirs.send, b"x"))
    assert await asyncio.get_running_loop().sock_recv(ours, 1) == b"x"
    await sender
    ours.close()
    theirs.close()
    await note()


async def name_look_up(note: Note) -> None:
    """A thread waits for the resolver inside C code."""
    await asyncio.get_running_loop().getaddrinfo("localhost", 80)
    await note()
