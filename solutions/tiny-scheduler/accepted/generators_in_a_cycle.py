"""Each coroutine is driven by a generator that keeps its result, and what pauses is asyncio's own sleep(0)."""

import asyncio
from collections.abc import Coroutine, Generator, Sequence
from typing import Any


async def pause() -> None:
    await asyncio.sleep(0)  # a bare yield, which needs no event loop


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    results: dict[int, Any] = {}

    def turns(number: int, coro: Coroutine[Any, Any, Any]) -> Generator[None]:
        results[number] = yield from coro.__await__()

    drivers = [turns(number, coro) for number, coro in enumerate(coros)]
    over = object()
    while drivers:
        drivers = [driver for driver in drivers if next(driver, over) is not over]
    return [results[number] for number in range(len(coros))]
