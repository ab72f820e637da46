"""Has a pause that is an async function without anything to wait for."""

from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any


async def pause() -> None:
    pass


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    waiting = deque(enumerate(coros))
    results: dict[int, Any] = {}
    while waiting:
        number, coro = waiting.popleft()
        try:
            coro.send(None)
        except StopIteration as done:
            results[number] = done.value
        else:
            waiting.append((number, coro))
    return [results[number] for number in range(len(coros))]
