"""Takes the coroutine that was put in last."""

from collections import deque
from collections.abc import Coroutine, Generator, Sequence
from types import coroutine
from typing import Any


@coroutine
def pause() -> Generator[None]:
    yield


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    waiting = deque(enumerate(coros))
    results: dict[int, Any] = {}
    while waiting:
        number, coro = waiting.pop()
        try:
            coro.send(None)
        except StopIteration as done:
            results[number] = done.value
        else:
            waiting.appendleft((number, coro))
    return [results[number] for number in range(len(coros))]
