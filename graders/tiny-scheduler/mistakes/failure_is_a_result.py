"""Puts what a coroutine raises among the results."""

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
            coro.send(None)
        except StopIteration as done:
            results[number] = done.value
        except Exception as error:  # noqa: BLE001 - the others are to go on
            results[number] = error
        else:
            waiting.append((number, coro))
    return [results[number] for number in range(len(coros))]
