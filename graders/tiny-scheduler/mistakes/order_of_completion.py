"""Returns the results in the order in which the coroutines were done."""

from collections import deque
from collections.abc import Coroutine, Generator, Sequence
from types import coroutine
from typing import Any


@coroutine
def pause() -> Generator[None]:
    yield


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    waiting = deque(coros)
    results: list[Any] = []
    while waiting:
        coro = waiting.popleft()
        try:
            coro.send(None)
        except StopIteration as done:
            results.append(done.value)
        else:
            waiting.append(coro)
    return results
