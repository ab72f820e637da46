"""Keeps queue and results at the level of the module."""

from collections import deque
from collections.abc import Coroutine, Generator, Sequence
from types import coroutine
from typing import Any


@coroutine
def pause() -> Generator[None]:
    yield


waiting: deque[tuple[int, Coroutine[Any, Any, Any]]] = deque()
results: dict[int, Any] = {}


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    waiting.extend(enumerate(coros))
    while waiting:
        number, coro = waiting.popleft()
        try:
            coro.send(None)
        except StopIteration as done:
            results[number] = done.value
        else:
            waiting.append((number, coro))
    return [results[number] for number in range(len(coros))]
