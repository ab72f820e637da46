"""Takes what send returns for the result of a coroutine."""

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
        number, coro = waiting.popleft()
        try:
            results[number] = coro.send(None)
        except StopIteration:
            pass
        else:
            waiting.append((number, coro))
    return [results.get(number) for number in range(len(coros))]
