"""Coroutines and tasks: what runs when, what is cancelled, what is lost."""

import asyncio
import gc
import inspect
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

Work = Callable[[], Awaitable[None]]


class Counter:
    """Counts how many are at work at the same time."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def work(self) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1


async def in_a_loop(work: Work) -> None:
    for _ in range(4):
        await work()


async def in_a_list(work: Work) -> None:
    _ = [await one for one in [work() for _ in range(4)]]


async def awaited_in_a_group(work: Any) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            await group.create_task(work())


async def gathered(work: Work) -> None:
    await asyncio.gather(*(work() for _ in range(4)))


async def tasks_in_a_list(work: Any) -> None:
    _ = [await task for task in [asyncio.create_task(work()) for _ in range(4)]]


async def in_a_group(work: Any) -> None:
    await in_one_group(*[work] * 4)


async def in_one_group(*works: Any) -> None:
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(work())


@pytest.mark.fact("N15", "coroutine-or-function")
async def test_calling_a_coroutine_function_runs_nothing() -> None:
    """Calling an `async def` function makes a coroutine and runs nothing; a coroutine is awaited once."""
    runs: list[int] = []

    async def function() -> None:
        runs.append(1)

    coroutine = function()
    assert (inspect.iscoroutinefunction(function), inspect.iscoroutine(coroutine), runs) == (True, True, [])
    await coroutine
    assert runs == [1]
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        await coroutine


@pytest.mark.fact("V60", "tiny-scheduler", "coroutine-or-function", "quote-fanout")
async def test_awaiting_what_does_not_wait_lets_nobody_else_run() -> None:
    """`await` gives way to others only where what is awaited really waits."""
    log: list[str] = []

    async def nothing() -> None: ...

    async def busy() -> None:
        for _ in range(3):
            await nothing()
            log.append("busy")

    async def other() -> None:
        log.append("other")

    await asyncio.gather(busy(), other())
    assert log == ["busy", "busy", "busy", "other"]


@pytest.mark.fact("V61", "quote-fanout")
@pytest.mark.parametrize(
    ("way", "at_once"),
    [(in_a_loop, 1), (in_a_list, 1), (awaited_in_a_group, 1), (gathered, 4), (tasks_in_a_list, 4), (in_a_group, 4)],
)
async def test_only_tasks_run_at_the_same_time(way: Callable[[Work], Awaitable[None]], at_once: int) -> None:
    """Coroutines that are awaited one by one run in a row, also from a list and also as tasks awaited when made."""
    counter = Counter()
    await way(counter.work)
    assert counter.most == at_once


@pytest.mark.fact("V62", "quote-fanout", "fire-and-forget")
async def test_a_failure_ends_the_others_of_a_group_and_none_of_gather() -> None:
    """When one fails, `gather` leaves the others running, and a TaskGroup cancels them."""
    log: list[str] = []
    gate = asyncio.Event()

    async def bad() -> None:
        raise ValueError

    async def good() -> None:
        try:
            await gate.wait()
            log.append("done")
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    others = asyncio.create_task(good())
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        await asyncio.gather(bad(), others)
    gate.set()
    await others
    gate.clear()
    with pytest.raises(ExceptionGroup):
        await in_one_group(bad, good)
    assert log == ["done", "cancelled"]


@pytest.mark.fact("V63", "fire-and-forget")
async def test_a_task_without_a_reference_is_collected() -> None:
    """A task that waits for what only its own frame holds is collected unless somebody keeps the task."""
    awaited: list[weakref.ref[asyncio.Future[None]]] = []
    told: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))

    async def work() -> None:
        future = asyncio.get_running_loop().create_future()
        awaited.append(weakref.ref(future))
        await future

    kept = {asyncio.create_task(work())}
    asyncio.create_task(work())  # noqa: RUF006 - that it is lost is the fact
    await asyncio.sleep(0)
    gc.collect()
    assert [reference() is None for reference in awaited] == [False, True]
    assert told == ["Task was destroyed but it is pending!"]
    kept.pop().cancel()


@pytest.mark.fact("V64", "fire-and-forget")
async def test_a_forgotten_exception_is_silent_until_the_task_is_collected() -> None:
    """The exception of a task that nobody awaits is told when the task is collected, and not before."""
    told: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))

    async def bad() -> None:
        raise ValueError

    task = asyncio.create_task(bad())
    await asyncio.sleep(0)
    assert (task.done(), told) == (True, [])
    del task
    gc.collect()
    assert told == ["Task exception was never retrieved"]
